"""Exact linear programmes: the duals prove every answer; degenerate, infeasible and unbounded ones included."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.numerics import linear_program
from gametheory.numerics.linear_program import maximise

number = st.integers(-4, 4)


@st.composite
def programmes(draw: st.DrawFn) -> tuple:
    n, r = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(number, min_size=n, max_size=n), min_size=r, max_size=r))
    cost = draw(st.lists(number, min_size=n, max_size=n))
    right = draw(st.lists(number, min_size=r, max_size=r))
    return cost, rows, right, draw(st.sets(st.integers(0, r - 1), max_size=2))


@pytest.mark.parametrize("small", [0, 10**9])
@settings(max_examples=200, deadline=None)
@given(programme=programmes())
def test_duality_proves_the_answer(programme: tuple, small: int) -> None:
    cost, rows, right, equal = programme
    before = linear_program._SMALL
    linear_program._SMALL = small  # 0: by way of HiGHS, large: the rational simplex
    try:
        answer = maximise(cost, rows, right, equal=equal)
    finally:
        linear_program._SMALL = before
    y = answer.y
    if answer.status != "unbounded":
        assert all(v >= 0 for i, v in enumerate(y) if i not in equal)
        covered = [sum((row[j] * v for row, v in zip(rows, y, strict=True)), Fraction(0)) for j in range(len(cost))]
        price = sum((u * v for u, v in zip(right, y, strict=True)), Fraction(0))
    if answer.status == "optimal":
        assert all(v >= 0 for v in answer.x)
        for i, row in enumerate(rows):
            left = sum((u * v for u, v in zip(row, answer.x, strict=True)), Fraction(0))
            assert left == right[i] if i in equal else left <= right[i]
        assert all(u >= c for u, c in zip(covered, cost, strict=True))
        assert price == answer.value == sum((u * v for u, v in zip(cost, answer.x, strict=True)), Fraction(0))
    elif answer.status == "infeasible":
        assert all(u >= 0 for u in covered)
        assert price < 0
    else:  # feasible, and adding a cut at any height leaves it feasible
        for height in (10, 1000):
            cut = maximise([0] * len(cost), [*rows, [-c for c in cost]], [*right, -height], equal=equal)
            assert cut.status == "optimal"


def test_beales_cycling_example_ends() -> None:
    rows = [["1/4", -60, "-1/25", 9], ["1/2", -90, "-1/50", 3], [0, 0, 1, 0]]
    assert maximise(["3/4", -150, "1/50", -6], rows, [0, 0, 1]).value == Fraction(1, 20)
