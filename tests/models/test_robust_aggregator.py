"""F.5: the worst revenue against every choice of deviations, and against its dual bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.robust_aggregator import RobustAggregator, dual_loss

number = st.fractions(0, 5, max_denominator=4)
part = st.fractions(0, 1, max_denominator=4)


@given(st.lists(st.tuples(number, number, number, part), min_size=1, max_size=5), number, number)
def test_no_deviation_is_worse(
    rows: list[tuple[Fraction, Fraction, Fraction, Fraction]], budget: Fraction, price: Fraction
) -> None:
    prices, forecast, deviation, choice = zip(*rows, strict=True)
    aggregator = RobustAggregator(prices, forecast, deviation, budget)
    scale = min(Fraction(1), budget / sum(choice)) if sum(choice) else Fraction(1)
    chosen = [u * scale for u in choice]
    revenue = sum(p * (f - d * u) for p, f, d, u in zip(prices, forecast, deviation, chosen, strict=True))
    assert revenue >= aggregator.worst_revenue
    weights = [p * d for p, d in zip(prices, deviation, strict=True)]
    lost = aggregator.nominal_revenue - aggregator.worst_revenue
    assert dual_loss(weights, budget, price) >= lost
    assert dual_loss(weights, min(budget, Fraction(len(rows))), aggregator.deviation_price) == lost


def test_the_ends_of_the_budget() -> None:
    numbers: Any = ((1, 2), (5, 5), (2, 2))
    assert RobustAggregator(*numbers, 0).worst_revenue == RobustAggregator(*numbers, 0).nominal_revenue == 15
    assert RobustAggregator(*numbers, 9).worst_revenue == 9


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((), (), (), 0), "no slot"), (((1,), (1, 2), (1,), 0), "for a slot"), (((-1,), (1,), (1,), 0), r"price\[0\]"),
     (((1,), (1,), (-1,), 0), r"deviation\[0\]"), (((1,), (1,), (1,), -1), "budget")],
)  # fmt: skip
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        RobustAggregator(*numbers)
