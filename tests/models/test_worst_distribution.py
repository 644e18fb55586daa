"""F.1: no distribution in the ball is worse, and some come near."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.worst_distribution import WorstDistribution, piecewise_loss

number = st.fractions(-5, 5, max_denominator=4)


@given(
    st.lists(number, min_size=1, max_size=4),
    st.lists(st.tuples(number, number), min_size=1, max_size=3),
    st.fractions(0, 3, max_denominator=4),
    st.data(),
)
def test_no_move_within_the_ball_is_worse(
    samples: list[Fraction], pieces: list[tuple[Fraction, Fraction]], radius: Fraction, data: st.DataObject
) -> None:
    slopes, levels = zip(*pieces, strict=True)
    worst = WorstDistribution(tuple(samples), slopes, levels, radius)
    moves = [data.draw(number) for _ in samples]
    spent = sum(abs(m) for m in moves) / len(samples)
    scale = min(Fraction(1), radius / spent) if spent else Fraction(0)
    moved = [x + scale * m for x, m in zip(samples, moves, strict=True)]
    assert sum(piecewise_loss(x, slopes, levels) for x in moved) / len(samples) <= worst.value
    far = len(samples) * radius + 10**6
    near = worst.approached_by(far)
    assert near <= worst.value
    # What is missing is the loss at the sample less the steepest piece there: both at most 5 * 5 + 5 in size.
    assert worst.value - near <= radius * Fraction(60, 10**6)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((), (1,), (0,), 0), "no sample"), (((1,), (), (), 0), "for a piece"), (((1,), (1,), (0, 1), 0), "for a piece"),
     (((1,), (1,), (0,), -1), "radius")],
)  # fmt: skip
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        WorstDistribution(*numbers)


def test_a_move_outside_the_ball_is_refused() -> None:
    with pytest.raises(InputError, match="at least n"):
        WorstDistribution((1, 2), (1,), (0,), 1).approached_by(1)  # type: ignore[arg-type]
