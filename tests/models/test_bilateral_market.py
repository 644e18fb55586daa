"""D.1: markets clear under every charge, revenue is greatest where stated, and the New England case is reproduced."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.bilateral_market import BilateralMarket, agent_cost

positive = st.fractions(Fraction(1, 4), 4, max_denominator=4)
number = st.fractions(0, 9, max_denominator=2)


@st.composite
def markets(draw: st.DrawFn) -> BilateralMarket:
    rows = []
    for side in (1, -1):
        for _ in range(draw(st.integers(1, 3))):
            most = draw(positive)
            rows.append((draw(positive), draw(number), min(side * most, 0), max(side * most, 0)))
    return BilateralMarket(*(tuple(column) for column in zip(*rows, strict=True)))


@given(markets(), number, st.data())
def test_it_clears_and_no_trade_is_better(market: BilateralMarket, charge: Fraction, data: st.DataObject) -> None:
    found = market.clear(charge)
    assert sum(found.net) == 0
    assert (found.volume == 0) == (charge >= market.vanishing_charge)
    assert (found.price is None) == (found.volume == 0)
    trades = market.trades(charge)
    for row, net in zip(trades, found.net, strict=True):
        assert sum(row) == net
    for n, row in enumerate(trades):
        assert all(row[m] == -trades[m][n] for m in range(len(row)))

    def cost(net: Any) -> Fraction:
        whole = sum(agent_cost(p, a, b) for p, a, b in zip(net, market.slope, market.base, strict=True))
        return whole + charge * sum(p for p in net if p > 0)  # type: ignore[no-any-return]

    # Moving one more unit from some producer to some consumer, or back, is no better.
    step = data.draw(st.fractions(-1, 1, max_denominator=8))
    seller, buyer = (data.draw(st.sampled_from(market._side(producers))) for producers in (True, False))
    moved = list(found.net)
    moved[seller] += step
    moved[buyer] -= step
    inside = all(low <= p <= high for p, low, high in zip(moved, market.low, market.high, strict=True))
    if inside:
        assert cost(moved) >= cost(found.net)


@settings(max_examples=40)
@given(markets(), number, number)
def test_volume_falls_and_revenue_is_greatest_where_stated(
    market: BilateralMarket, charge: Fraction, more: Fraction
) -> None:
    assert market.clear(charge + more).volume <= market.clear(charge).volume
    best, revenue = market.best_charge
    assert market.clear(best).revenue == revenue >= market.clear(charge).revenue
    if market.vanishing_charge > 0:
        assert 0 < best < market.vanishing_charge


def test_the_new_england_case(shared_data: Callable[[str], Path]) -> None:
    rows = list(csv.DictReader(shared_data("baroche39/agents.csv").read_text().splitlines()))
    names = ("a_eur_per_MW2", "b_eur_per_MW", "pmin_MW", "pmax_MW")
    market = BilateralMarket(*(tuple(row[name] for row in rows) for name in names))  # type: ignore[arg-type]
    free = market.clear(0)
    assert free.price is not None
    assert round(float(free.price), 1) == 57.2
    assert market.vanishing_charge == 66
    assert market.clear(66).volume == 0 < market.clear("65.9").volume


@pytest.mark.parametrize(
    ("change", "word"),
    [({"slope": (0, 1)}, r"slope\[0\]"), ({"base": (1,)}, "agree"), ({"low": (-1, -1)}, "agent 0"),
     ({"high": (0, 0)}, "agent 0"), ({"low": (0, 0), "high": (1, 1)}, "one side")],
)  # fmt: skip
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {"slope": (1, 1), "base": (1, 2), "low": (0, -1), "high": (1, 0)}
    with pytest.raises(InputError, match=word):
        BilateralMarket(**(good | change))


def test_a_negative_charge_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        BilateralMarket((1, 1), (1, 2), (0, -1), (1, 0)).clear(-1)  # type: ignore[arg-type]
