"""B.8: the price is consistent with the demand it induces, or says that it was clipped."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import to_float
from gametheory.errors import Infeasible, InputError
from gametheory.io.solutions import loads
from gametheory.models.usage_charge import UsageCharge, consumer_demand, gap_price

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)
number = st.fractions(0, 8, max_denominator=4)


@given(number, positive, st.integers(1, 5), positive, number, st.fractions(0, 1, max_denominator=4))
def test_the_price_is_consistent(
    level: Fraction, slope: Fraction, consumers: int, worth: Fraction, supply: Fraction, charge: Fraction
) -> None:
    rule = UsageCharge(level, slope, consumers, worth, supply, Fraction(1, 10), Fraction(10), charge)
    found = rule.price
    price, demand = to_float(found.price), to_float(found.demand)
    paid = price + float(charge)
    assert demand == pytest.approx(consumer_demand(paid, consumers, float(worth)), abs=1e-9)
    asked = gap_price(demand, float(supply), float(level), float(slope))
    low, high = 0.1 + float(charge), 10 - float(charge)
    assert low - 1e-12 <= price <= high + 1e-12
    if not found.clipped:
        assert price == pytest.approx(asked, abs=1e-9)
    else:
        assert price == pytest.approx(low if price < 5 else high)


def test_nothing_is_bought_above_the_worth() -> None:
    rule = UsageCharge(5, 1, 2, 1, 1, 0, 9)  # type: ignore[arg-type]  # exact() reads integers
    assert (rule.price.price, rule.price.demand, rule.price.clipped) == (4, 0, False)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"slope": 0}, "slope"), ({"worth": -1}, "worth"), ({"supply": -1}, "supply"), ({"consumers": 0}, "consumers"),
     ({"feed_in": 3}, "feed_in"), ({"charge": -1}, "charge"), ({"retail_price": 0, "feed_in": 0}, "retail_price")],
)  # fmt: skip
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {
        "level": 1, "slope": 1, "consumers": 1, "worth": 1, "supply": 1, "feed_in": 0, "retail_price": 2,
    }  # fmt: skip
    with pytest.raises(InputError, match=word):
        UsageCharge(**(good | change))


def test_charges_above_the_spread_are_infeasible() -> None:
    with pytest.raises(Infeasible, match="no price serves"):
        UsageCharge(1, 1, 1, 1, 1, 1, 2, 1, 1)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=20)
@given(number, positive, st.integers(1, 50), positive, number, st.sampled_from([-1, 0, 1]), number)
def test_the_equilibrium_is_the_consistent_price(
    level: Fraction, slope: Fraction, consumers: int, worth: Fraction, supply: Fraction, feed_in: int, spread: Fraction
) -> None:
    rule = UsageCharge(level, slope, consumers, worth, supply, Fraction(feed_in), spread + 2, Fraction(1, 4))
    found = gt.nash_equilibrium(rule)
    assert found.certificate.holds(Fraction(1, 10**20))
    (price,), (bought,) = found.profile
    assert float(price) == pytest.approx(to_float(rule.price.price), abs=1e-9)
    assert float(consumers * bought) == pytest.approx(to_float(rule.price.demand), rel=1e-9, abs=1e-9)


def test_no_end_of_the_set_cuts_the_demand_off() -> None:
    rule = UsageCharge(0, 1, 1, 1, 1000, -1, 2)  # type: ignore[arg-type]  # exact() reads integers
    found = gt.nash_equilibrium(rule)
    price, bought = (value for (value,) in found.profile)
    assert abs((price + 1000) - bought) < Fraction(1, 10**20)
    assert abs((1 + bought) * price - 1) < Fraction(1, 10**15)
    assert found.certificate.holds(Fraction(1, 10**20))


def test_a_price_or_a_demand_moved_by_a_hundredth_is_refuted_and_files_are_judged_again() -> None:
    rule = UsageCharge("0.2", "0.001", 100, 1, 150, "0.1", "0.4", "0.02")  # type: ignore[arg-type]  # exact() reads them
    found = gt.nash_equilibrium(rule)
    game = rule.to_game()
    for player in range(2):
        moved = list(found.profile)
        moved[player] = (moved[player][0] * Fraction(101, 100),)
        verdict = gt.certify(rule, tuple(moved), epsilon=found.epsilon)
        assert verdict.strength == "refuted"
        better = verdict.witness["deviation"]
        instead = list(moved)
        k = game.players.index(better["player"])
        instead[k] = better["strategy"]
        after, before = (game.values([tuple(map(float, own)) for own in point])[k] for point in (instead, moved))
        assert after > before
    again = loads(found.to_json())
    assert again.profile == found.profile
    assert gt.certify(again).holds(Fraction(1, 10**20))
