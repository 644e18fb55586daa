"""The operator's certificate refuses what is not optimal, and does not depend on the solver's candidates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.pricing import check_operator_prices, reply_regret
from gametheory.errors import InputError
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.io.solutions import loads
from gametheory.solvers.pricing import price_sweep
from gametheory.solvers.pricing.curves import reply

from ..solvers.pricing.strategies import best_reply, games, profit, small, traders

BALANCED = PricingGame(
    ("buyer", "seller"),
    (TradingStep.from_numbers([2, -2], [1, 1], [6, 4], [-4, -4], [4, 4], buy_price=10, sell_price=0),),
)


def profile(game: PricingGame, buy: Any, sell: Any) -> dict[str, Any]:
    """Any prices with the exact replies to them."""
    return {
        "buy_prices": (buy,),
        "sell_prices": (sell,),
        "adjustments": tuple((best_reply(trader, buy, sell),) for trader in game.steps[0].traders),
    }


@settings(max_examples=80)
@given(games(), st.fractions(0, 1, max_denominator=12), st.fractions(0, 1, max_denominator=12))
def test_any_prices_are_judged_right(game: PricingGame, first: Fraction, second: Fraction) -> None:
    step = game.steps[0]
    game = PricingGame(game.players, (step,))
    assert step.sell_price is not None
    assert step.buy_price is not None
    sell, buy = sorted(step.sell_price + (step.buy_price - step.sell_price) * x for x in (first, second))
    best = gt.stackelberg_equilibrium(game).value
    certificate = check_operator_prices(game, profile(game, buy, sell))
    assert certificate.witness["greatest_profit"] == best
    assert certificate.bound == best - profit(step, buy, sell)
    assert (certificate.strength == "exact") == (certificate.bound == 0)
    if certificate.bound > 0:
        better = certificate.witness["better_prices"]
        assert profit(step, better["buy_price"], better["sell_price"]) == best
        assert better["gain"] == certificate.bound
        assert check_operator_prices(game, profile(game, buy, sell), epsilon=certificate.bound).holds(certificate.bound)


@given(traders(), small, small, small)
def test_the_regret_of_a_reply(trader: Trader, first: Fraction, second: Fraction, other: Fraction) -> None:
    sell, buy = sorted((first, second))
    best = Fraction(int(reply(trader, buy, sell).p), int(reply(trader, buy, sell).q))
    assert best == best_reply(trader, buy, sell)
    assert reply_regret(trader, best, buy, sell) == 0
    assume(trader.lower is None or other >= trader.lower)
    assume(trader.upper is None or other <= trader.upper)
    # The least cost is attained once only, so it does not matter who breaks ties.
    assert (reply_regret(trader, other, buy, sell) == 0) == (other == best)


@pytest.mark.parametrize("missing", ["_surplus", "_balanced"])
def test_a_solver_that_misses_candidates_is_refuted(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    def none(*_: Any) -> Iterator[Any]:
        return iter(())

    surplus = PricingGame(
        ("buyer", "seller"),
        (TradingStep.from_numbers([2, -9], [1, 0], [6, 0], [-4, 0], [4, 0], buy_price=10, sell_price=0),),
    )
    game = surplus if missing == "_surplus" else BALANCED
    assert gt.stackelberg_equilibrium(game).certificate.holds()
    monkeypatch.setattr(price_sweep, missing, none)
    solution = gt.stackelberg_equilibrium(game)
    assert solution.certificate.strength == "refuted"
    assert solution.status == "not converged"
    better = solution.certificate.witness["better_prices"]
    assert profit(game.steps[0], better["buy_price"], better["sell_price"]) > solution.value
    assert solution.bound > solution.value


@pytest.mark.parametrize("move", [Fraction(1, 100), Fraction(-1, 100)])
def test_prices_moved_by_one_per_cent_are_refuted(move: Fraction) -> None:
    solution = gt.stackelberg_equilibrium(BALANCED)
    buy, sell = solution.leader["buy_prices"][0], solution.leader["sell_prices"][0]
    for changed in ((buy * (1 + move), sell), (buy, sell * (1 + move))):
        assert check_operator_prices(BALANCED, profile(BALANCED, *changed)).strength == "refuted"
    wrong = {**solution.profile, "adjustments": ((Fraction(1, 2) + move,), (Fraction(-1, 2),))}
    certificate = check_operator_prices(BALANCED, wrong)
    assert certificate.strength == "refuted"
    assert certificate.witness["follower"] == "buyer"
    assert certificate.bound == certificate.witness["follower_regret"] == move * move / 2


def test_prices_that_lose_money_are_measured_against_the_best() -> None:
    # Equal prices below the middle: much is bought, little sold, the operator pays the grid.
    certificate = check_operator_prices(BALANCED, profile(BALANCED, Fraction(0), Fraction(0)))
    assert certificate.witness["profit"] < 0
    assert certificate.witness["greatest_profit"] == Fraction(9, 2)


def test_it_is_certified_again_from_its_file() -> None:
    solution = gt.stackelberg_equilibrium(BALANCED)
    again = loads(solution.to_json())
    assert again == solution
    assert gt.certify(again) == solution.certificate


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"buy_prices": (11,)}, "must satisfy"),
        ({"sell_prices": (7,)}, "must satisfy"),
        ({"sell_prices": (Fraction(-1, 9),)}, "must satisfy"),
        ({"buy_prices": (6, 6)}, "one price for each"),
        ({"buy_prices": "6"}, "one price for each"),
        ({"buy_prices": (float("nan"),)}, "finite"),
        ({"adjustments": ((0,),)}, "one row for each"),
        ({"adjustments": ((0,), (0, 0))}, "one number for each"),
        ({"adjustments": ((5,), (0,))}, "outside"),
        ({"adjustments": None}, "one row for each"),
    ],
)
def test_profiles_that_are_none_are_refused(change: dict[str, Any], word: str) -> None:
    given_ = {**gt.stackelberg_equilibrium(BALANCED).profile, **change}
    with pytest.raises(InputError, match=word):
        check_operator_prices(BALANCED, given_)
    with pytest.raises(InputError, match="mapping"):
        check_operator_prices(BALANCED, (1, 2))
