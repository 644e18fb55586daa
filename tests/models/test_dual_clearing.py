"""D.3: the clearing price clears, and the iteration goes there exactly for the stated steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gametheory.errors import Infeasible, InputError
from gametheory.models.dual_clearing import DualClearing

positive = st.fractions(Fraction(1, 2), 6, max_denominator=3)
number = st.fractions(-6, 6, max_denominator=3)


@st.composite
def markets(draw: st.DrawFn) -> DualClearing:
    count = draw(st.integers(1, 4))
    pairs = [sorted((draw(number), draw(number))) for _ in range(count)]
    assume(sum(low for low, _ in pairs) <= 0 <= sum(high for _, high in pairs))
    slope, base = (tuple(draw(kind) for _ in range(count)) for kind in (positive, number))
    return DualClearing(slope, base, tuple(p[0] for p in pairs), tuple(p[1] for p in pairs))


@given(markets(), st.floats(0.1, 0.9))
def test_it_clears_and_the_iteration_agrees(market: DualClearing, part: float) -> None:
    supplies = market.supplies(market.clearing_price)
    assert sum(supplies) == 0
    run = market.run(part * float(market.largest_step))
    assert run.status == "solved"
    for found, exact in zip(run.supplies, supplies, strict=True):
        assert found == pytest.approx(float(exact), abs=1e-6)


def test_steps_beyond_the_range_do_not_converge() -> None:
    market = DualClearing((1, 1), (2, 8), (-99, -99), (99, 99))  # type: ignore[arg-type]  # exact() reads integers
    assert market.largest_step == 1
    assert market.run(0.99).status == "solved"
    assert market.run(1.01, iterations=500).status == "not converged"
    assert market.run(1.5, iterations=500).status == "not converged"


def test_an_interval_of_prices_gives_its_middle() -> None:
    market = DualClearing((1, 1), (0, 9), (0, -2), (2, 0))  # type: ignore[arg-type]
    assert market.clearing_price == Fraction(9, 2)
    assert market.supplies(2) == market.supplies(7) == (2, -2)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((), (), (), ()), "for an agent"), (((0,), (1,), (0,), (1,)), r"slope\[0\]"),
     (((1,), (1,), (1,), (0,)), "reversed"), (((1,), (1, 2), (0,), (0,)), "for an agent")],
)  # fmt: skip
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        DualClearing(*numbers)


def test_what_never_clears() -> None:
    with pytest.raises(Infeasible, match="never to 0"):
        DualClearing((1,), (1,), (1,), (2,))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="step"):
        DualClearing((1,), (1,), (0,), (2,)).run(0)  # type: ignore[arg-type]
