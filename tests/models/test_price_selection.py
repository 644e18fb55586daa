"""A.6: the closed form is a rest point, and both dynamics go there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.price_selection import PriceSelection

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)


@given(st.lists(positive, min_size=1, max_size=4), st.integers(1, 6), positive, positive)
def test_the_closed_form_rests(energy: list[Fraction], buyers: int, satiation: Fraction, curvature: Fraction) -> None:
    market = PriceSelection(tuple(energy), buyers, satiation, curvature)
    rest = market.rest_point
    assert sum(rest.shares) == 1
    assume(rest.unique)
    prices, shares = market.rates(rest.prices, rest.shares)
    assert set(prices) == set(shares) == {0}


def test_both_dynamics_end_there() -> None:
    market = PriceSelection((1, 3), 2, 5, 1)  # type: ignore[arg-type]  # exact() reads integers
    end = market.run((1, 4), (0.7, 0.3))
    assert end.status == "solved"
    assert np.allclose(end.prices, [float(p) for p in market.rest_point.prices], atol=1e-7)
    assert np.allclose(end.shares, [float(r) for r in market.rest_point.shares], atol=1e-7)
    assert market.run((1, 4), (0.7, 0.3), iterations=3).status == "not converged"


def test_excess_supply_is_flagged() -> None:
    rest = PriceSelection((9, 9), 1, 1, 1).rest_point  # type: ignore[arg-type]
    assert not rest.unique
    assert rest.prices == (0, 0)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((), 1, 1, 1), "no seller"), (((0,), 1, 1, 1), r"energy\[0\]"), (((1,), 0, 1, 1), "buyers"),
     (((1,), 1, 0, 1), "satiation"), (((1,), 1, 1, -1), "curvature"), (((1,), 1, 1, 1, 0), "buyer_speed"),
     (((1,), 1, 1, 1, 1, 0), "seller_speed")],
)  # fmt: skip
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        PriceSelection(*numbers)


def test_bad_starts() -> None:
    market = PriceSelection((1, 3), 2, 5, 1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="interior"):
        market.run((1, 1), (1, 0))
    with pytest.raises(InputError, match="one each"):
        market.run((1,), (1,))
