"""B.3: the operator's prices against dense grids, the closed forms and every edge case of the specification."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import rational, to_float
from gametheory.certificates.log_pricing import check_log_prices, consumption_regret
from gametheory.domain import Community, Prosumer, Tariff
from gametheory.errors import InputError, NotApplicable
from gametheory.games.log_pricing import LogPricingGame
from gametheory.io.solutions import loads
from gametheory.models import microgrid_operator as b3
from gametheory.models.microgrid_operator import MicrogridOperator
from gametheory.result import LeaderFollower
from gametheory.solvers.pricing import log_price_sweep
from gametheory.solvers.pricing.log_price_sweep import LogPriceSweep

weights = st.fractions(Fraction(1, 4), 4, max_denominator=4)
energies = st.one_of(st.just(Fraction(0)), st.fractions(0, 5, max_denominator=2))


@st.composite
def models(draw: st.DrawFn, players: int = 5) -> MicrogridOperator:
    """Small numbers, so that equal members, roles that change at a price of the grid and ``ls = lb`` are common."""
    size = draw(st.integers(1, players))
    low, high = sorted(draw(st.fractions(Fraction(1, 8), 2, max_denominator=8)) for _ in range(2))
    return MicrogridOperator.from_parameters(
        k=[draw(weights) for _ in range(size)],
        energy=[draw(energies) for _ in range(size)],
        feed_in=low,
        retail_price=high,
    )


def solve(**numbers: Any) -> LeaderFollower:
    return gt.stackelberg_equilibrium(MicrogridOperator.from_parameters(**numbers))


def grid_profits(game: LogPricingGame, count: int) -> Any:
    """Profits in floats on a grid of pairs of prices, from the model's own formulas; -inf where p_s > p_b."""
    step = game.steps[0]
    low, high = float(step.sell_price), float(step.buy_price)
    buy = np.linspace(low, high, count)[:, None]
    sell = np.linspace(low, high, count)[None, :]
    bought, sold = np.zeros((count, count)), np.zeros((count, count))
    for k, energy in zip(step.weights, step.energies, strict=True):
        traded = b3.consumption(float(k), float(energy), buy, sell) - float(energy)
        bought += np.maximum(traded, 0)
        sold += np.maximum(-traded, 0)
    profit = b3.operator_profit(bought, sold, buy, sell, high, low)
    return np.where(sell <= buy, profit, -np.inf)


@settings(max_examples=60)
@given(models())
def test_no_prices_of_a_dense_grid_earn_more(model: MicrogridOperator) -> None:
    solution = gt.stackelberg_equilibrium(model)
    assert solution.certificate.strength == "bounded"
    assert solution.certificate.bound <= solution.epsilon
    # The bound is relative to the profit, too: nothing is hidden in the money at stake.
    assert solution.certificate.bound <= max(solution.value, Fraction(1, 10**9)) / 10**25
    assert solution.value <= solution.bound
    step = model.steps[0]
    buy, sell = solution.leader["buy_prices"][0], solution.leader["sell_prices"][0]
    assert step.sell_price <= sell <= buy <= step.buy_price
    for i, row in enumerate(solution.follower["consumptions"]):
        assert row[0] == b3.consumption(step.weights[i], step.energies[i], buy, sell)
    assert grid_profits(model.to_game(), 60).max() <= float(solution.value) + 1e-9


@pytest.mark.slow
@settings(max_examples=20)
@given(models())
def test_a_very_dense_grid_gets_there(model: MicrogridOperator) -> None:
    assume(model.steps[0].sell_price < model.steps[0].buy_price)
    best = float(gt.stackelberg_equilibrium(model).value)
    found = grid_profits(model.to_game(), 1500).max()
    assert found <= best + 1e-9
    assert found >= best - 0.02 * max(best, 0.1)


@settings(max_examples=40)
@given(models(), st.fractions(0, 1, max_denominator=9), st.fractions(0, 1, max_denominator=9))
def test_any_prices_are_judged_right(model: MicrogridOperator, first: Fraction, second: Fraction) -> None:
    game = model.to_game()
    step = game.steps[0]
    sell, buy = sorted(step.sell_price + (step.buy_price - step.sell_price) * x for x in (first, second))
    profile = {
        "buy_prices": (buy,),
        "sell_prices": (sell,),
        "consumptions": tuple(
            (b3.consumption(k, e, buy, sell),) for k, e in zip(step.weights, step.energies, strict=True)
        ),
    }
    best = gt.stackelberg_equilibrium(game)
    earned = b3.outcome(game, profile)["value"]
    certificate = check_log_prices(game, profile)
    assert certificate.witness["profit"] == earned
    assert abs(certificate.bound - (best.value - earned)) <= best.epsilon
    if best.value - earned > best.epsilon:
        assert certificate.strength == "refuted"
        better = certificate.witness["better_prices"]
        assert 0 < better["gain"] <= certificate.bound


@given(models(), st.data())
def test_a_consumption_that_is_not_best_is_measured(model: MicrogridOperator, data: st.DataObject) -> None:
    step = model.steps[0]
    sell, buy = step.sell_price, step.buy_price
    i = data.draw(st.integers(0, len(model.players) - 1))
    k, energy = step.weights[i], step.energies[i]
    best = b3.consumption(k, energy, buy, sell)
    assert consumption_regret(step, i, best, buy, sell) == (0, 0)
    other = data.draw(st.fractions(0, 8, max_denominator=8))
    assume(other != best)
    low, high = consumption_regret(step, i, other, buy, sell)
    gain = b3.utility(*map(float, (best, k, energy, buy, sell))) - b3.utility(
        *map(float, (other, k, energy, buy, sell))
    )
    assert 0 < low <= high
    assert abs(float(high) - gain) < 1e-9


@given(models(), st.randoms(use_true_random=False))
def test_relabelling_and_scaling(model: MicrogridOperator, generator: random.Random) -> None:
    step = model.steps[0]
    first = gt.stackelberg_equilibrium(model)
    order = list(range(len(model.players)))
    generator.shuffle(order)
    second = solve(
        k=[step.weights[i] for i in order],
        energy=[step.energies[i] for i in order],
        feed_in=step.sell_price,
        retail_price=step.buy_price,
    )
    assert second.leader == first.leader
    assert second.follower["consumptions"] == tuple(first.follower["consumptions"][i] for i in order)
    money = Fraction(4, 9)
    third = solve(
        k=[money * k for k in step.weights],
        energy=list(step.energies),
        feed_in=money * step.sell_price,
        retail_price=money * step.buy_price,
    )
    assert abs(third.value - money * first.value) <= 2 * first.epsilon


def test_the_kink_with_both_prices_inside_is_exact() -> None:
    # K_b = 4, C_b = 1, K_s = 1, C_s = 4: E = (4*2 - 1*2)/(2 + 2) = 3/2, p_b = 4/(5/2), p_s = 1/(5/2).
    solution = solve(k=[4, 1], energy=[0, 3], feed_in=Fraction(1, 4), retail_price=2)
    assert solution.leader == {"buy_prices": (Fraction(8, 5),), "sell_prices": (Fraction(2, 5),)}
    assert (solution.value, solution.details["regimes"]) == (Fraction(9, 5), ("balanced",))
    assert solution.details["bought"] == solution.details["sold"] == (Fraction(3, 2),)
    assert b3.balanced_energy(4.0, 1.0, 1.0, 4.0) == 1.5


def test_surplus_and_deficit_follow_the_closed_forms() -> None:
    # One buyer (K/C = 4/1) and plenty of energy: p_b = sqrt(ls K/C) = 1, p_s = ls.
    surplus = solve(k=[4, 1], energy=[0, 99], feed_in=Fraction(1, 4), retail_price=2)
    assert surplus.leader == {"buy_prices": (Fraction(1),), "sell_prices": (Fraction(1, 4),)}
    assert surplus.details["regimes"] == ("surplus",)
    assert surplus.value == Fraction(9, 4)
    assert b3.surplus_buy_price(4.0, 1.0, 0.25, 2.0) == 1
    # One seller (K/C = 1/4, energy 3) among hungry buyers: p_s = sqrt(lb K/C) = 1/2, p_b = lb.
    deficit = solve(k=[400, 1], energy=[0, 3], feed_in=Fraction(1, 3), retail_price=1)
    assert deficit.leader == {"buy_prices": (Fraction(1),), "sell_prices": (Fraction(1, 2),)}
    assert deficit.details["regimes"] == ("deficit",)
    assert deficit.value == Fraction(1, 2) * 2
    assert b3.deficit_sell_price(1.0, 4.0, 1 / 3, 1.0) == 0.5


def test_several_local_maxima_need_all_role_sets() -> None:
    # Few who pay much and many who pay little: two humps in the buy price; one pass over role sets stops at one.
    def hump(many: int) -> LeaderFollower:
        weights = [5] + [Fraction(3, 10)] * many + [1]
        energies = [0] * (many + 1) + [1000]
        return solve(k=weights, energy=energies, feed_in=Fraction(1, 10), retail_price=5)

    few, many = hump(20), hump(40)
    assert few.leader["buy_prices"][0] > Fraction(3, 10) > many.leader["buy_prices"][0]
    assert few.certificate.holds(few.epsilon)
    assert many.certificate.holds(many.epsilon)


def test_the_edges() -> None:
    nobody_sells = solve(k=[2, 3], energy=[0, 0], feed_in=Fraction(1, 2), retail_price=1)
    assert (nobody_sells.value, nobody_sells.certificate.bound) == (0, 0)
    assert "nobody sells" in nobody_sells.details["flags"][0]
    nobody_buys = solve(k=[1, 1], energy=[3, 9], feed_in=Fraction(1, 2), retail_price=1)
    assert (nobody_buys.value, nobody_buys.certificate.bound) == (0, 0)
    assert "nobody buys" in nobody_buys.details["flags"][0]
    equal = solve(k=[2, 1], energy=[0, 3], feed_in=1, retail_price=1)
    assert (equal.value, equal.certificate.bound) == (0, 0)
    assert "both grid prices are equal" in equal.details["flags"][0]
    # theta at both prices: nobody trades; and a prosumer without energy that wants nothing.
    idle = solve(k=[Fraction(3, 4)], energy=[0], feed_in=Fraction(3, 4), retail_price=1)
    assert idle.details["regimes"] == ("no trade",)
    assert "nobody trades" in idle.details["flags"][0]
    alone = solve(k=[2], energy=[1], feed_in=Fraction(1, 2), retail_price=2)
    assert alone.value == 0


def test_sellers_that_consume_nothing_sell_all() -> None:
    # p_s >= k: the seller's own use is 0, its supply flat; the smallest such price is taken.
    solution = solve(k=[100, Fraction(1, 2)], energy=[0, 1], feed_in=Fraction(1, 2), retail_price=9)
    assert solution.follower["consumptions"][1] == (0,)
    assert solution.leader["sell_prices"] == (Fraction(1, 2),)
    assert solution.details["sold"] == (1,)


def test_a_community_is_calibrated_to_its_measured_load() -> None:
    community = gt.Community.sample()
    model = MicrogridOperator.from_community(community)
    step = model.steps[12]
    loads_ = [row[12] for row in community.exact_load]
    for k, energy, load in zip(step.weights, step.energies, loads_, strict=True):
        assert b3.consumption(k, energy, step.buy_price, step.sell_price) == load
    solution = gt.stackelberg_equilibrium(model)
    assert solution.certificate.holds(solution.epsilon)
    assert {"surplus", "deficit", "balanced"} <= set(solution.details["regimes"])
    assert loads(solution.to_json()) == solution
    assert solution.provenance["input_hash"] == community.input_hash
    for low, high in solution.details["utilities"]:
        assert 0 <= high - low < Fraction(1, 10**9)


def test_bad_input_and_steps_without_a_positive_price() -> None:
    numbers: dict[str, Any] = {"k": [1, 2], "energy": [0, 3], "feed_in": Fraction(1, 10), "retail_price": 1}
    for change, word in (
        ({"k": [0, 2]}, "must be > 0"),
        ({"energy": [-1, 3]}, "negative"),
        ({"feed_in": 2}, "above buy_price"),
        ({"k": [1]}, "energies for"),
        ({"k": [], "energy": []}, "at least one"),
        ({"players": ["a", "a"]}, "twice"),
        ({"k": [float("nan"), 2]}, "finite"),
    ):
        with pytest.raises(InputError, match=word):
            MicrogridOperator.from_parameters(**{**numbers, **change})
    for price in (0, -1):
        with pytest.raises(NotApplicable, match="step 0"):
            MicrogridOperator.from_parameters(**{**numbers, "feed_in": price})
    free = Community(
        prosumers=[Prosumer("a", load=[1, 1]), Prosumer("b", load=[1, 1], pv=[3, 3])],
        tariff=Tariff.series([1, 1], feed_in=["0.1", 0]),
    )
    with pytest.raises(NotApplicable, match="step 1"):
        MicrogridOperator.from_community(free)
    with pytest.raises(InputError, match="bits"):
        LogPriceSweep(bits=10)
    solution = solve(**numbers)
    for change, word in (
        ({"consumptions": ((-1,), (0,))}, "negative"),
        ({"consumptions": ((1,),)}, "one row"),
        ({"buy_prices": (2,)}, "must satisfy"),
    ):
        with pytest.raises(InputError, match=word):
            check_log_prices(solution.game, {**solution.profile, **change})


@pytest.mark.parametrize("missing", ["points", "_energies"])
def test_a_solver_that_misses_candidates_is_refuted(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    energy = 99 if missing == "points" else 3
    model = MicrogridOperator.from_parameters(k=[4, 1], energy=[0, energy], feed_in=Fraction(1, 4), retail_price=2)
    owner = log_price_sweep._Side if missing == "points" else LogPriceSweep

    def none(*_: Any) -> Iterator[Any]:
        return iter(())

    monkeypatch.setattr(owner, missing, none)
    solution = gt.stackelberg_equilibrium(model)
    assert solution.certificate.strength == "refuted"
    assert solution.certificate.witness["better_prices"]["gain"] > 0


def test_prices_moved_by_one_per_cent_are_refuted() -> None:
    solution = solve(k=[4, 1], energy=[0, 3], feed_in=Fraction(1, 4), retail_price=2)
    game, step = solution.game, solution.game.steps[0]
    for name in ("buy_prices", "sell_prices"):
        prices = {**solution.leader, name: (solution.leader[name][0] * Fraction(101, 100),)}
        replies = tuple(
            (b3.consumption(k, e, prices["buy_prices"][0], prices["sell_prices"][0]),)
            for k, e in zip(step.weights, step.energies, strict=True)
        )
        certificate = check_log_prices(game, {**prices, "consumptions": replies}, epsilon=solution.epsilon)
        assert certificate.strength == "refuted"
    wrong = {**solution.profile, "consumptions": ((Fraction(3, 2),), (Fraction(8, 5),))}
    certificate = check_log_prices(game, wrong, epsilon=solution.epsilon)
    assert certificate.strength == "refuted"
    assert certificate.witness["follower"] == "2"


def test_one_formula_in_four_arithmetics() -> None:
    numbers = (Fraction(7, 2), Fraction(1), Fraction(3, 2), Fraction(1, 2))
    exact = b3.consumption(*numbers)
    assert exact == Fraction(4, 3)
    assert b3.consumption(*map(float, numbers)) == pytest.approx(4 / 3)
    assert b3.consumption(*(flint.arb(rational(x)) for x in numbers)).contains(rational(exact))
    assert b3.consumption(*(sympy.Rational(x.numerator, x.denominator) for x in numbers)) == sympy.Rational(4, 3)
    ball = b3.utility(*(flint.arb(rational(x)) for x in (exact, *numbers)))
    assert to_float(ball) == pytest.approx(b3.utility(*map(float, (exact, *numbers))))


@pytest.mark.benchmark
def test_speed(capsys: pytest.CaptureFixture[str]) -> None:
    import time

    generator = random.Random(1)
    for members in (8, 100):
        steps = []
        for _ in range(48):
            step = MicrogridOperator.from_parameters(
                k=[Fraction(generator.randint(10, 200), 100) for _ in range(members)],
                energy=[Fraction(generator.randint(0, 600) * generator.randint(0, 1), 100) for _ in range(members)],
                feed_in=Fraction(8, 100),
                retail_price=Fraction(3, 10),
            ).steps[0]
            steps.append(step)
        game = LogPricingGame(tuple(f"m{k}" for k in range(members)), tuple(steps))
        start = time.perf_counter()
        answer = LogPriceSweep().solve(game)
        middle = time.perf_counter()
        certificate = check_log_prices(game, answer.profile, epsilon=answer.epsilon)
        end = time.perf_counter()
        assert certificate.holds(answer.epsilon)
        with capsys.disabled():
            print(f"\n{members} x 48: sweep {middle - start:.3f} s, certificate {end - middle:.3f} s")
