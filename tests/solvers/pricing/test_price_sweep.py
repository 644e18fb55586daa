"""The operator's prices against brute force, a global search in floats, relabelling, scaling and the known cases."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.models.economy import member_cost
from gametheory.models.operator_pricing import OperatorPricing, best_adjustment
from gametheory.solvers.pricing.curves import reply
from gametheory.solvers.pricing.price_sweep import PriceSweep

from .strategies import best_reply, games, profit, small, traders


@settings(max_examples=60)
@given(games())
def test_no_prices_of_a_grid_earn_more_and_the_certificate_is_exact(game: PricingGame) -> None:
    solution = gt.stackelberg_equilibrium(game)
    assert solution.certificate.strength == "exact"
    assert solution.certificate.bound == 0
    assert solution.bound == solution.value == sum(solution.details["profits"])
    for t, step in enumerate(game.steps):
        low, high = step.sell_price, step.buy_price
        assert low is not None
        assert high is not None
        buy, sell = solution.leader["buy_prices"][t], solution.leader["sell_prices"][t]
        assert low <= sell <= buy <= high
        for i, trader in enumerate(step.traders):
            assert solution.follower["adjustments"][i][t] == best_reply(trader, buy, sell)
        earned = solution.details["profits"][t]
        assert earned == profit(step, buy, sell)
        prices = [low + (high - low) * Fraction(k, 9) for k in range(10)]
        assert all(profit(step, b, s) <= earned for b in prices for s in prices if s <= b)


@given(traders(), small, small)
def test_the_models_reply_is_the_solvers(trader: Trader, first: Fraction, second: Fraction) -> None:
    assume(trader.curvature > 0)
    sell, buy = sorted((first, second))
    # A bound that is not there is one beyond every wish.
    lower, upper = (far if b is None else b for b, far in ((trader.lower, -(10**6)), (trader.upper, 10**6)))
    formula = best_adjustment(trader.position, trader.curvature, trader.slope, lower, upper, buy, sell)
    assert formula == exact(reply(trader, buy, sell)) == best_reply(trader, buy, sell)


@pytest.mark.slow
@settings(max_examples=25)
@given(games())
def test_a_global_search_in_floats_finds_nothing_better(game: PricingGame) -> None:
    from scipy.optimize import differential_evolution

    solution = gt.stackelberg_equilibrium(game)
    for t, step in enumerate(game.steps):
        low, high = float(step.sell_price or 0), float(step.buy_price or 0)
        if low == high:
            continue

        def loss(x: Any, step: TradingStep = step) -> float:
            # Two free numbers become an ordered pair of prices.
            sell, buy = sorted(Fraction(float(v)) for v in x)
            return -float(profit(step, buy, sell))

        found = differential_evolution(loss, [(low, high)] * 2, seed=0, maxiter=30, popsize=8, tol=1e-10)
        best = float(solution.details["profits"][t])
        assert -found.fun <= best + 1e-9
        # It is a peer and not only a bound: it gets there.
        assert -found.fun >= best - max(1e-2, 0.05 * best)


@settings(max_examples=30)
@given(games(), st.randoms(use_true_random=False))
def test_relabelling_members_relabels_the_answer(game: PricingGame, generator: random.Random) -> None:
    order = list(range(len(game.players)))
    generator.shuffle(order)
    other = PricingGame(
        tuple(game.players[i] for i in order),
        tuple(TradingStep(tuple(s.traders[i] for i in order), s.buy_price, s.sell_price) for s in game.steps),
    )
    first, second = gt.stackelberg_equilibrium(game), gt.stackelberg_equilibrium(other)
    assert second.leader == first.leader
    assert second.value == first.value
    assert second.details["costs"] == tuple(first.details["costs"][i] for i in order)


def scaled(game: PricingGame, money: Fraction, energy: Fraction, shift: Fraction) -> PricingGame:
    """Other units of money and energy, and every price moved: energy that everybody owes at a flat price."""

    def bound(value: Fraction | None) -> Fraction | None:
        return None if value is None else value * energy

    steps = []
    for step in game.steps:
        own = tuple(
            Trader(
                r.position * energy,
                r.curvature * money / energy,
                r.slope * money + shift,
                bound(r.lower),
                bound(r.upper),
            )
            for r in step.traders
        )
        assert step.buy_price is not None
        assert step.sell_price is not None
        steps.append(TradingStep(own, step.buy_price * money + shift, step.sell_price * money + shift))
    return PricingGame(game.players, tuple(steps))


@settings(max_examples=30)
@given(games(), st.sampled_from([Fraction(1, 3), Fraction(10)]), st.sampled_from([Fraction(2), Fraction(1, 7)]), small)
def test_units_and_a_shift_of_all_prices(game: PricingGame, money: Fraction, energy: Fraction, shift: Fraction) -> None:
    # Moving every price (and marginal discomfort) by a constant changes no decision and no profit: negative prices
    # are as good as positive ones.
    first = gt.stackelberg_equilibrium(game)
    second = gt.stackelberg_equilibrium(scaled(game, money, energy, shift))
    assert second.value == first.value * money * energy
    for name, prices in first.leader.items():
        assert second.leader[name] == tuple(p * money + shift for p in prices)


def test_the_sample_matches_the_study() -> None:
    solution = gt.stackelberg_equilibrium(OperatorPricing(gt.Community.sample()))
    assert round(float(solution.value), 2) == 5.57
    costs = sum(solution.details["costs"])
    assert round(float(costs - solution.value), 2) == 82.93
    assert 0.02 < 88.53 - float(costs) < 0.04
    # At the grid's own prices a member pays what it pays alone, so nobody is worse off than with its own grid bill.
    game = solution.game
    for i in range(len(game.players)):
        positions = [s.traders[i].position for s in game.steps]
        alone = sum(
            member_cost(Fraction(0), d, Fraction(0), Fraction(0), s.buy_price, s.sell_price)
            for d, s in zip(positions, game.steps, strict=True)
        )
        assert solution.details["costs"][i] <= alone


def test_elasticity_0_leaves_the_spread_on_the_matched_energy() -> None:
    community = gt.Community.sample()
    solution = gt.stackelberg_equilibrium(OperatorPricing(community, elasticity=0))
    earned = Fraction(0)
    for t in range(community.steps):
        loads = [row[t] for row in community.exact_net_load]
        matched = min(sum(x for x in loads if x > 0), -sum(x for x in loads if x < 0))
        earned += (community.exact_retail_price[t] - community.exact_feed_in[t]) * matched
    assert solution.value == earned


def one(positions: list[int], **prices: int) -> Any:
    size = len(positions)
    return gt.stackelberg_equilibrium(
        OperatorPricing.from_parameters(
            net_load=positions, curvature=[1] * size, slope=[2] * size, lower=[-9] * size, upper=[9] * size, **prices
        )
    )


def test_no_sellers_no_buyers_one_member_equal_prices_are_flagged() -> None:
    alone = one([5], retail_price=4, feed_in=0)
    assert (alone.value, alone.details["regimes"]) == (0, ("deficit",))
    assert alone.details["flags"] == (
        "steps 0: nobody sells at any allowed price; profit 0, any sell price is optimal",
    )
    surplus = one([-5, -7], retail_price=4, feed_in=0)
    assert (surplus.value, surplus.details["regimes"]) == (0, ("surplus",))
    assert "nobody buys" in surplus.details["flags"][0]
    equal = one([5, -5], retail_price=3, feed_in=3)
    assert equal.value == 0
    assert "both grid prices are equal" in equal.details["flags"][0]
    nothing = gt.stackelberg_equilibrium(
        OperatorPricing.from_parameters(
            net_load=[0], curvature=[0], slope=[0], lower=[0], upper=[0], retail_price=1, feed_in=-1
        )
    )
    assert (nothing.value, nothing.details["regimes"]) == (0, ("no trade",))
    assert all("nobody trades" in flag for flag in nothing.details["flags"])


def test_negative_prices_are_taken() -> None:
    # Everything at prices below zero: the same game as with prices 10 and 0, moved by -20.
    model = OperatorPricing.from_parameters(
        net_load=[2, -2], curvature=[1, 1], slope=[-14, -16], retail_price=-10, feed_in=-20
    )
    solution = gt.stackelberg_equilibrium(model)
    assert solution.value == Fraction(9, 2)
    assert solution.leader["buy_prices"] == (Fraction(-27, 2),)


def test_the_model_is_what_it_was_given() -> None:
    model = OperatorPricing(gt.Community.sample(), elasticity={"home_01": 0})
    assert model.provenance["elasticity"]["home_01"] == "0"
    assert model.steps[0].traders[0].lower == model.steps[0].traders[0].upper == 0
    with pytest.raises(InputError, match="no member"):
        OperatorPricing(gt.Community.sample(), elasticity={"nobody": 0})
    with pytest.raises(InputError, match="optimistic"):
        gt.stackelberg_equilibrium(model, tie_breaking="either")
    with pytest.raises(InputError, match="above buy_price"):
        one([1], retail_price=0, feed_in=1)


@pytest.mark.benchmark
def test_speed(capsys: pytest.CaptureFixture[str]) -> None:
    import statistics
    import time

    generator = random.Random(1)
    for members in (8, 100):
        steps = []
        for _ in range(48):
            own = []
            for _ in range(members):
                load = Fraction(generator.randint(1, 20000), 10000)
                position = load - Fraction(generator.randint(0, 30000), 10000) * generator.randint(0, 1)
                slope = Fraction(generator.choice([8, 30]), 100)
                curvature = Fraction(generator.randint(10000, 60000), generator.randint(9000, 11000))
                own.append(Trader(position, curvature, slope, -load, load))
            steps.append(TradingStep(tuple(own), Fraction(3, 10), Fraction(8, 100)))
        game = PricingGame(tuple(f"m{k}" for k in range(members)), tuple(steps))
        solve, check = [], []
        for _ in range(3):
            start = time.perf_counter()
            answer = PriceSweep().solve(game)
            solve.append(time.perf_counter() - start)
            start = time.perf_counter()
            certificate = gt.certify(game, answer.profile, concept="stackelberg_equilibrium")
            check.append(time.perf_counter() - start)
            assert certificate.holds()
        with capsys.disabled():
            print(
                f"\n{members} members x 48 steps: sweep {statistics.median(solve):.3f} s, "
                f"certificate {statistics.median(check):.3f} s"
            )
