"""B.8: the price is consistent with the demand it induces, or says that it was clipped."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.arithmetic import to_float
from gametheory.errors import Infeasible, InputError
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
