"""Solvers of the sharing game: exact ones have no regret, rounded ones claim theirs, all find one allocation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

import gametheory as gt
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import TradingStep
from gametheory.solvers.aggregative import BestResponse, ClosedForm, ScalarPrice
from tests.sharing_games import bidding_games, plain_game, random_game


def one(
    position: list[float], curvature: list[float], slope: list[float], *more: object, **prices: object
) -> DemandBiddingGame:
    step = TradingStep.from_numbers(position, curvature, slope, *more, **prices)  # type: ignore[arg-type]
    return DemandBiddingGame(tuple("abcdef"[: len(position)]), (step,), 1)


@settings(max_examples=150, deadline=None)
@given(bidding_games)
def test_the_scalar_price_is_an_equilibrium_with_ties_flat_pieces_and_bounds(game: DemandBiddingGame) -> None:
    solution = gt.nash_equilibrium(game)
    assert solution.certificate.strength == "exact"
    assert solution.certificate.bound == 0
    details = solution.details
    for t, step in enumerate(game.steps):
        assert sum(row[t] for row in details["received"]) == 0
        if not step.islanded:
            assert step.sell_price <= details["prices"][t] <= step.buy_price
    assert tuple(b + f for b, f in zip(details["bills"], details["discomforts"], strict=True)) == solution.payoffs


@pytest.mark.parametrize("seed", range(20))
def test_the_closed_form_is_the_scalar_price(seed: int) -> None:
    game = plain_game(seed)
    closed, scalar = gt.nash_equilibrium(game, solver=ClosedForm()), gt.nash_equilibrium(game)
    assert closed.profile == scalar.profile
    assert closed.payoffs == scalar.payoffs
    assert closed.unique == scalar.unique == "proved"


def test_everybody_at_a_bound_leaves_a_half_line_of_prices() -> None:
    # Both must give all they have; every price from 4 upwards keeps them there. The rule takes the nearest to f' = 2.
    game = one([1, 3], [1, 1], [0, 0], [0, 0], [2, 2])
    solution = gt.nash_equilibrium(game)
    assert solution.certificate.holds(0)
    assert solution.unique == "disproved"
    assert solution.details["received"] == ((-1,), (1,))
    assert solution.details["prices"] == (3,)
    for price in (Fraction(3), Fraction(7)):
        assert gt.regret(game, {"bids": [[-1 + price], [1 + price]]}) == 0
    assert gt.regret(game, {"bids": [[-1 + Fraction(299, 100)], [1 + Fraction(299, 100)]]}) > 0


def test_inelastic_players_clear_at_any_price_and_the_rule_picks_the_mean_slope() -> None:
    game = one([1, -1], [0, 0], [2, 4], [0, 0], [0, 0])
    solution = gt.nash_equilibrium(game)
    assert solution.details["prices"] == (3,)
    assert solution.unique == "disproved"
    assert "purchases are unique" in solution.unique_reason


def test_one_grid_price_for_both_directions_fixes_the_price() -> None:
    game = one([2, -1, 5], [1, 0, 2], [0, 2, 1], [-1, 0, 0], [1, 3, 0], buy_price=2, sell_price=2)
    solution = gt.nash_equilibrium(game)
    assert solution.details["prices"] == (2,)
    assert set(solution.details["received"]) == {(0,)}
    assert solution.unique == "disproved"  # b may adjust or trade outside alike
    assert gt.certify(solution).holds(0)


@settings(max_examples=60, deadline=None)
@given(bidding_games)
def test_taking_turns_ends_at_the_same_allocation_with_an_honest_epsilon(game: DemandBiddingGame) -> None:
    exact, turns = gt.nash_equilibrium(game), gt.nash_equilibrium(game, solver=BestResponse())
    assert turns.status == "solved"
    assert turns.certificate.strength == "exact"
    assert turns.certificate.bound == turns.epsilon < Fraction(1, 10**9)
    for mine, theirs in zip(turns.details["received"], exact.details["received"], strict=True):
        assert all(abs(q - r) <= 1e-9 * max(1, abs(r)) for q, r in zip(mine, theirs, strict=True))


def test_rounding_does_not_turn_a_seller_with_a_flat_cost_into_a_buyer() -> None:
    # Member c's own cost is the sell price itself: a rounding error decides on which side of it floats see the others.
    game = random_game(53865)
    for solver in (BestResponse(), ScalarPrice(rounded=True)):
        solution = gt.nash_equilibrium(game, solver=solver)
        assert solution.certificate.bound < Fraction(1, 10**9)


def test_simultaneous_replies_diverge_where_the_theorem_says_so_and_say_so() -> None:
    game = one([1, -1, 2, 0, 0, 1], [0.01] * 6, [0] * 6)
    wild = gt.nash_equilibrium(game, solver=BestResponse(simultaneous=True, max_iterations=200))
    assert wild.status == "not converged"
    assert wild.epsilon == wild.certificate.bound > 0
    calm = gt.nash_equilibrium(game, solver=BestResponse(simultaneous=True, damping=0.4))
    assert calm.status == "solved"


@pytest.mark.parametrize("options", [{"damping": 0}, {"damping": 1.5}, {"max_iterations": 0}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InputError):
        BestResponse(**options)  # type: ignore[arg-type]


def test_the_closed_form_refuses_bounds_and_prices() -> None:
    for game in (one([1, 2], [1, 1], [0, 0], [-9, -9]), one([1, 2], [1, 1], [0, 0], buy_price=1, sell_price=0)):
        with pytest.raises(UnsupportedGame, match="ScalarPrice"):
            ClosedForm().solve(game)
        assert ScalarPrice().solve(game).extra["details"]["kappa"] == 1
