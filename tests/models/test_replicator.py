"""G.4: the simplex is kept, the potential rises, and the discrete step follows the rates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.replicator import Replicator

coefficient = st.floats(-3, 3)


@given(st.lists(st.tuples(coefficient, coefficient), min_size=2, max_size=4), st.data())
def test_the_potential_rises(parts: list[tuple[float, float]], data: st.DataObject) -> None:
    slope, level = np.array([p[0] for p in parts]), np.array([p[1] for p in parts])
    weights = np.array([data.draw(st.floats(0.1, 1)) for _ in parts])
    path = Replicator(lambda shares: slope * shares + level).run(weights / weights.sum(), step=0.01, steps=50)
    assert np.allclose(path.sum(axis=1), 1)
    assert (path > 0).all()
    potential = (slope * path**2 / 2 + level * path).sum(axis=1)
    assert (np.diff(potential) >= -1e-9).all()


def test_a_small_step_follows_the_rates() -> None:
    dynamics = Replicator(lambda shares: np.array([1.0, 2.0, 0.5]) - shares, speed=2)
    start = [0.2, 0.3, 0.5]
    (_, after) = dynamics.run(start, step=1e-6, steps=1)
    assert np.allclose((after - start) / 1e-6, dynamics.rates(start), atol=1e-5)
    assert sum(dynamics.rates(start)) == pytest.approx(0)


def test_a_share_of_zero_stays() -> None:
    path = Replicator(lambda shares: np.array([0.0, 1.0])).run((1, 0), step=0.5, steps=10)
    assert (path == [1.0, 0.0]).all()


@pytest.mark.parametrize(
    ("speed", "start", "step", "word"),
    [(0, (0.5, 0.5), 0.1, "speed"), (1, (0.5, 0.6), 0.1, "simplex"), (1, (1.5, -0.5), 0.1, "simplex"),
     (1, (0.5, 0.5), 0, "step")],
)  # fmt: skip
def test_bad_input(speed: Any, start: Any, step: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Replicator(lambda shares: shares, speed=speed).run(start, step=step, steps=1)
