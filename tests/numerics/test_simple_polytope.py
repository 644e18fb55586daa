"""Vertices proved in floats are those of the integers, and a list with a hole is not accepted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.numerics import simple_polytope
from gametheory.numerics.simple_polytope import basis_signs, simple_vertices
from gametheory.numerics.vertices import bases, vertices


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 6), st.sampled_from([2, 9, 10**6]))
def test_the_vertices_are_those_of_exact_pivoting(seed: int, rows: int, columns: int, largest: int) -> None:
    matrix = np.random.default_rng(seed).integers(1, largest + 1, (rows, columns))
    found = simple_vertices(matrix.astype(float))
    if found is None:  # a tie, perhaps of a cut that a later row removes
        assert largest < 10**6
        return
    assert set(found.tolist()) == {v.tight for v in vertices(matrix.tolist())} == set(bases(matrix.tolist()))


@pytest.mark.parametrize("change", ["lose", "twice", "move"])
def test_a_list_with_a_hole_is_not_accepted(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = np.random.default_rng(3).integers(1, 1000, (5, 5)).astype(float)
    whole = simple_polytope._candidates(matrix)
    spoiled = {"lose": whole[:-1], "twice": np.append(whole, whole[-1]), "move": whole.copy()}[change]
    if change == "move":
        spoiled[-1] = spoiled[-1] ^ np.uint64(3)
    monkeypatch.setattr(simple_polytope, "_candidates", lambda _: spoiled)
    assert simple_vertices(matrix) is None


def test_a_sign_at_zero_is_not_decided() -> None:
    matrix = np.array([[1.0, 1.0], [1.0, 1.0]])
    positive, negative = basis_signs(matrix, np.array([0b0110, 0b0011], dtype=np.uint64))
    assert not positive.any()  # z_1 = 1 leaves row 0 without slack; both variables basic: a singular matrix
    assert not negative.any()
