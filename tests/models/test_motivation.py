"""A.5: each predicate says exactly what its definition says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.markets import mid_market_rate
from gametheory.models.motivation import Motivation

from ..strategies import numbers

FULL: dict[str, Any] = {
    "payoffs": [(3, 2), (4, 2)],
    "alone": [(1, 1), (1, 1)],
    "prices": [1, 1],
    "quantities": [(1, -1), (1, -1)],
    "preferences": [1, "1/2"],
    "thresholds": [1, "1/2"],
}


def test_all_of_it_can_hold() -> None:
    told = Motivation(**FULL)
    assert told.rational_economic
    assert told.information
    assert told.positive_reinforcement
    assert told.attitude
    assert told.share == 1
    assert told.elaboration_likelihood


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"alone": [(1, 1), (1, 3)]}, "rational_economic"),
        ({"prices": [1, None]}, "information"),
        ({"quantities": [(1, -1), (1, None)]}, "information"),
        ({"quantities": ()}, "information"),
        ({"payoffs": [(4, 2), (3, 2)]}, "positive_reinforcement"),
        ({"payoffs": [(3, 1), (4, 1)]}, "positive_reinforcement"),
        ({"thresholds": [1, 1]}, "attitude"),
    ],
)
def test_each_predicate_can_fail(change: dict[str, Any], broken: str) -> None:
    told = Motivation(**(FULL | change))
    assert not getattr(told, broken)
    assert told.share < 1
    assert not told.elaboration_likelihood


def test_a_tolerance_forgives_a_shortfall_but_not_a_missing_benefit() -> None:
    short = FULL | {"payoffs": [("0.9", 2), (4, 2)]}
    assert not Motivation(**short).rational_economic
    forgiven = Motivation(**short, tolerance="0.1")
    assert forgiven.rational_economic
    assert not forgiven.positive_reinforcement


def test_one_repetition_only_asks_for_a_benefit() -> None:
    assert Motivation(payoffs=[(2,)], alone=[(1,)]).positive_reinforcement
    assert not Motivation(payoffs=[(1,)], alone=[(1,)]).positive_reinforcement


@given(st.lists(st.tuples(numbers(), numbers(), numbers()), min_size=1, max_size=4), numbers())
def test_only_benefits_count(rows: list[tuple[Fraction, ...]], shift: Fraction) -> None:
    zeros = [(0,) * 3] * len(rows)
    one = Motivation(payoffs=rows, alone=zeros)
    other = Motivation(payoffs=[[u + shift for u in row] for row in rows], alone=[(shift,) * 3] * len(rows))
    assert (one.rational, one.reinforced) == (other.rational, other.reinforced)
    assert all(not strong or weak for strong, weak in zip(one.reinforced, one.rational, strict=True))


def test_settlements_are_repetitions() -> None:
    deals = [mid_market_rate([-1, 2], retail_price="0.3", feed_in="0.1") for _ in range(2)]
    told = Motivation.of(deals, [("0.1", "-0.6")] * 2)
    assert told.members == ("1", "2")
    assert told.rational_economic
    assert told.information
    assert told.positive_reinforcement
    with pytest.raises(InputError, match="no repetition"):
        Motivation.of([], [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"payoffs": []}, "no repetition"),
        ({"alone": []}, "alone are missing"),
        ({"alone": [(1, 1)]}, "rows for 2 repetitions"),
        ({"alone": [(1,), (1,)]}, "values for 2 prosumers"),
        ({"prices": [1]}, "prices for 2 repetitions"),
        ({"thresholds": []}, "thresholds"),
        ({"level": 2}, "outside"),
        ({"tolerance": -1}, "negative"),
        ({"members": ("a", "a")}, "distinct"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Motivation(**(FULL | change))
