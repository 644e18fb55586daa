"""F.3: the bid against every other bid, the tail against its programme."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError, NotApplicable
from gametheory.models.day_ahead_bid import DayAheadBid, tail_objective

number = st.fractions(0, 8, max_denominator=3)


@st.composite
def bids(draw: st.DrawFn) -> DayAheadBid:
    weights = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    delivered = tuple(draw(number) for _ in weights)
    prices = sorted(draw(st.lists(number, min_size=3, max_size=3)))
    chances = tuple(Fraction(w, sum(weights)) for w in weights)
    level = draw(st.fractions(0, Fraction(7, 8), max_denominator=8))
    return DayAheadBid(delivered, chances, prices[1], prices[0], prices[2], level, draw(number))


@given(bids(), number)
def test_no_other_bid_is_better(bid: DayAheadBid, other: Fraction) -> None:
    assert bid.expected_profit(other) <= bid.expected_profit(bid.quantity)
    assert bid.objective(other) <= bid.objective(bid.weighted_quantity)
    if bid.expected_profit(other) == bid.expected_profit(bid.quantity) and other in bid.delivered:
        assert bid.quantity <= other


@given(bids(), number, st.data())
def test_the_tail_is_the_least_of_its_programme(bid: DayAheadBid, threshold: Fraction, data: st.DataObject) -> None:
    losses, more = ([data.draw(number) for _ in bid.chances] for _ in range(2))
    tail = bid.tail(losses)
    assert tail == min(tail_objective(z, losses, bid.chances, bid.level) for z in losses)
    assert tail <= tail_objective(threshold, losses, bid.chances, bid.level)
    assert bid.tail([a + b for a, b in zip(losses, more, strict=True)]) <= tail + bid.tail(more)
    if bid.level == 0:
        assert tail == sum(p * loss for p, loss in zip(bid.chances, losses, strict=True))


def test_edges() -> None:
    flat = DayAheadBid((3, 1), ("1/2", "1/2"), 2, 2, 2)  # type: ignore[arg-type]  # exact() reads them
    assert flat.indifferent
    assert flat.quantity == 1
    assert DayAheadBid((3, 1), ("1/2", "1/2"), 4, 2, 4).quantity == 3  # type: ignore[arg-type]
    assert DayAheadBid((3, 1), ("1/2", "1/2"), 2, 2, 4).quantity == 1  # type: ignore[arg-type]
    with pytest.raises(NotApplicable, match="negative"):
        _ = DayAheadBid((1,), (1,), 0, -1, 1, "1/2", 1).weighted_quantity  # type: ignore[arg-type]
    with pytest.raises(InputError, match="one each"):
        flat.tail((1,))


@pytest.mark.parametrize(
    ("change", "word"),
    [({"delivered": ()}, "one of each"), ({"chances": ("1/2", "1/3")}, "sum to"), ({"chances": (2, -1)},
    r"chances\[1\]"),
     ({"surplus": 9}, "surplus <= day-ahead"), ({"level": 1}, "level"), ({"weight": -1}, "weight")],
)  # fmt: skip
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {
        "delivered": (1, 2), "chances": ("1/2", "1/2"), "day_ahead": 2, "surplus": 1, "shortfall": 3,
    }  # fmt: skip
    with pytest.raises(InputError, match=word):
        DayAheadBid(**(good | change))
