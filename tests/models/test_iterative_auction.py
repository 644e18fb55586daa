"""D.8: both forms reach the welfare optimum, and payments are rational."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.iterative_auction import IterativeAuction, cost, utility

positive = st.fractions(Fraction(1, 2), 6, max_denominator=3)


@settings(deadline=None, max_examples=20)
@given(
    st.lists(positive, min_size=1, max_size=3),
    st.lists(st.tuples(positive, st.fractions(0, 1, max_denominator=3)), min_size=1, max_size=3),
    st.sampled_from(["linear", "quadratic"]),
)
def test_both_forms_reach_the_optimum(
    worth: list[Fraction], sellers: list[tuple[Fraction, Fraction]], form: str
) -> None:
    bend, slope = zip(*sellers, strict=True)
    auction = IterativeAuction(tuple(worth), bend, slope)
    run = auction.run(form=form, tolerance=1e-6, iterations=50_000)
    assert run.status == "solved"  # a trade that is just not worth it falls slowly, like one over the rounds
    price = auction.optimal_price
    wanted = np.maximum(np.array([float(w) for w in worth]) / price - 1, 0)
    offered = np.maximum((price - np.array([float(v) for v in slope])) / (2 * np.array([float(v) for v in bend])), 0)
    assert np.allclose(run.trades.sum(axis=1), wanted, atol=1e-2)
    assert np.allclose(run.trades.sum(axis=0), offered, atol=1e-2)
    paid, received = auction.payments(run.trades)
    assert paid.sum() == pytest.approx(received.sum(), abs=1e-3)
    for pay, energy, w in zip(paid, run.trades.sum(axis=1), worth, strict=True):
        assert pay <= utility(float(energy), float(w), 1.0) + 1e-6
    for pay, energy, v, s in zip(received, run.trades.sum(axis=0), bend, slope, strict=True):
        assert pay >= cost(float(energy), float(v), float(s)) - 1e-6


def test_it_says_when_it_stops_early() -> None:
    assert IterativeAuction((9,), (1,), (0,)).run(iterations=2).status == "not converged"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"worth": ()}, "at least one"),
        ({"slope": (1, 1)}, "as many"),
        ({"worth": (0,)}, r"worth\[0\]"),
        ({"bend": (0,)}, r"bend\[0\]"),
        ({"slope": (-1,)}, r"slope\[0\]"),
        ({"efficiency": 0}, "efficiency"),
    ],
)
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {"worth": (1,), "bend": (1,), "slope": (0,)}
    with pytest.raises(InputError, match=word):
        IterativeAuction(**(good | change))


@pytest.mark.parametrize(
    ("options", "word"), [({"form": "cubic"}, "form"), ({"start": 0.0}, "start"), ({"damping": 2.0}, "damping")]
)
def test_bad_settings(options: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        IterativeAuction((1,), (1,), (0,)).run(**options)  # type: ignore[arg-type]
