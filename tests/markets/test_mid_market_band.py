"""The band condition of the mid-market rate and the core test by enumeration agree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory import core_check
from gametheory.errors import InputError, SizeLimit
from gametheory.markets import mid_market_band, mid_market_blocker, mid_market_rate
from gametheory.models.pooled_community import PooledCommunity, band_margin, grid_value

energy = st.integers(-6, 6) | st.fractions(-6, 6, max_denominator=4)
prices = st.tuples(st.fractions(-1, 3, max_denominator=4), st.fractions(-1, 3, max_denominator=4)).map(sorted)


@given(st.lists(energy, min_size=1, max_size=6), prices)
@settings(deadline=None, max_examples=150)
def test_the_condition_and_the_core_test_agree(net: list[Fraction], price: list[Fraction]) -> None:
    low, high = price
    found = mid_market_blocker(net, retail_price=high, feed_in=low)
    bills = mid_market_rate(net, retail_price=high, feed_in=low).bills
    model = PooledCommunity.from_positions([-x for x in net], feed_in=low, retail_price=high)
    check = core_check(model, bills)
    assert check.grand == 0
    assert (found is None) is check.stable
    if found is not None:
        names, gain = found
        surplus = sum(-net[int(name) - 1] for name in names)
        paid = sum(bills[int(name) - 1] for name in names)
        assert gain == paid + grid_value(surplus, low, high) > 0
        sold = sum(max(-x, 0) for x in net)
        bought = sum(max(x, 0) for x in net)
        own_sold = sum(max(-net[int(name) - 1], 0) for name in names)
        own_bought = sum(max(net[int(name) - 1], 0) for name in names)
        long, short = (own_sold, own_bought) if sold >= bought else (own_bought, own_sold)
        matched = Fraction(min(sold, bought)) / max(sold, bought)
        assert gain == -band_margin(long, short, matched, (high - low) / 2)


def test_many_members_in_whole_units() -> None:
    rng = np.random.default_rng(5)
    net = [int(x) for x in rng.integers(-300, 300, 150)]
    names, gain = mid_market_blocker(net, retail_price="0.3", feed_in="0.1") or ((), Fraction(0))
    assert names
    assert gain > 0
    balanced = [*net, -sum(net)]
    assert mid_market_blocker(balanced, retail_price="0.3", feed_in="0.1") is None


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="one step"):
        mid_market_blocker([[1, 2]], retail_price=1, feed_in=0)
    monkeypatch.setattr(mid_market_band, "_MOST", 3)
    with pytest.raises(SizeLimit, match="different sums"):
        mid_market_blocker([-1, -2, -4, 3], retail_price=1, feed_in=0)
