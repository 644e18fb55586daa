"""F.6: prices against all redemptions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.energy_tokens import EnergyTokens

value = st.fractions(0, 5, max_denominator=6)
part = st.fractions(0, 1, max_denominator=6)


@given(st.lists(value, min_size=1, max_size=6), part, part)
def test_prices(values: list[Fraction], first: Fraction, second: Fraction) -> None:
    tokens = EnergyTokens(tuple(values), first)
    for s, price in enumerate(tokens.prices):
        assert price == max((1 - first) ** (t - s) * v for t, v in enumerate(values) if t >= s)
        t = tokens.redeem(s)
        assert price == (1 - first) ** (t - s) * values[t]
    other = EnergyTokens(tuple(values), second).prices
    if first <= second:
        assert all(a >= b for a, b in zip(tokens.prices, other, strict=True))


def test_the_ends_of_demurrage() -> None:
    assert EnergyTokens((1, 3, 2), 0).prices == (3, 3, 2)  # type: ignore[arg-type]
    assert EnergyTokens((1, 3, 2), 1).prices == (1, 3, 2)  # type: ignore[arg-type]
    assert EnergyTokens((1, 3, 2), "1/2").shifts(1, 0, 1)  # type: ignore[arg-type]
    assert not EnergyTokens((1, 3, 2), "1/2").shifts(1, 0, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "word"), [(((), 0), "no slot"), (((-1,), 0), r"values\[0\]"), (((1,), 2), "demurrage")]
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        EnergyTokens(*numbers)


def test_unknown_slots() -> None:
    tokens = EnergyTokens((1,), 0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="slot 1"):
        tokens.redeem(1)
    with pytest.raises(InputError, match="slot 2"):
        tokens.shifts(0, 2, 0)
