"""B.5: no buyer and no seller has a better move at what the model returns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.proportional_allocation import (
    ProportionalAllocation,
    best_bid,
    buyer_payoff,
    seller_amount,
    seller_payoff,
)

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)


@settings(deadline=None)
@given(st.lists(positive, min_size=2, max_size=5), st.floats(0.2, 3))
def test_no_buyer_gains(worth: list[Fraction], factor: float) -> None:
    bids = [float(b.mid()) for b in ProportionalAllocation(tuple(worth), (1,), (1,)).bids]  # type: ignore[arg-type]
    for k, bid in enumerate(bids):
        others = sum(bids) - bid
        assert best_bid(others, float(worth[k])) == pytest.approx(bid, rel=1e-9)
        here = buyer_payoff(bid, others, float(worth[k]), 1.0)
        assert buyer_payoff(bid * factor, others, float(worth[k]), 1.0) <= here + 1e-12


@given(st.integers(2, 6), positive)
def test_equal_buyers(count: int, worth: Fraction) -> None:
    market = ProportionalAllocation((worth,) * count, (1,), (1,))  # type: ignore[arg-type]
    assert all(b.overlaps(b * 0 + int(market.symmetric_bid.numerator) / b.__class__(market.symmetric_bid.denominator))
               for b in market.bids)  # fmt: skip
    low, high = market.total_bids
    assert low <= count * market.symmetric_bid <= high


@given(positive, positive, st.fractions(Fraction(1, 9), Fraction(8, 9), max_denominator=9), st.floats(0, 1))
def test_no_seller_gains(energy: Fraction, price: Fraction, weight: Fraction, part: float) -> None:
    e, p, t = float(energy), float(price), float(weight)
    best = seller_amount(e, p, t)
    assert 0 <= best <= e
    assert seller_payoff(part * e, e, p, t) <= seller_payoff(best, e, p, t) + 1e-12


def test_amounts_follow_the_price() -> None:
    market = ProportionalAllocation((3, 3), (4, 4, 4), (0, "1/2", 1))  # type: ignore[arg-type]
    assert [round(float(x), 9) for x in market.amounts] == [0, 2, 4]


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((1,), (1,), (1,)), "at least 2"), (((1, 0), (1,), (1,)), r"worth\[1\]"), (((1, 1), (), ()), "for a seller"),
     (((1, 1), (1,), (1, 1)), "for a seller"), (((1, 1), (-1,), (1,)), r"energy\[0\]"),
     (((1, 1), (1,), (2,)), r"weight\[0\]")],
)  # fmt: skip
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        ProportionalAllocation(*numbers)


def test_no_closed_form_for_different_buyers() -> None:
    with pytest.raises(InputError, match="differ"):
        _ = ProportionalAllocation((1, 2), (1,), (1,)).symmetric_bid  # type: ignore[arg-type]


def test_all_that_is_for_sale_is_handed_out_and_nothing_leaves_bids_open() -> None:
    market = ProportionalAllocation((3, 5), (4, 2), ("1/2", "1/3"))  # type: ignore[arg-type]  # exact() reads them
    assert not market.bids_undetermined
    handed = sum(float(amount.mid()) for amount in market.allocation)
    assert handed == pytest.approx(sum(float(amount.mid()) for amount in market.amounts), rel=1e-9)
    idle = ProportionalAllocation((3, 5), (4,), (0,))  # type: ignore[arg-type]
    assert idle.bids_undetermined
    assert all(amount == 0 for amount in idle.allocation)
