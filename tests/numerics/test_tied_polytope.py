"""Vertices of tied polytopes found by moving the right side are those of exact pivoting; a move too far is noticed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.numerics import tied_polytope
from gametheory.numerics.simple_polytope import simple_vertices
from gametheory.numerics.tied_polytope import basis_point, tied_vertices
from gametheory.numerics.vertices import vertices


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 2, 3, 9, 1000]))
def test_the_vertices_are_those_of_exact_pivoting(seed: int, rows: int, columns: int, largest: int) -> None:
    matrix = np.random.default_rng(seed).integers(1, largest + 1, (rows, columns))
    found = tied_vertices(matrix)
    assert found is not None
    tight, bases, owner = found
    listed = {v.tight: v for v in vertices(matrix.tolist())}
    assert sorted(tight.tolist()) == sorted(listed)
    origin = (1 << columns) - 1
    for basis, place in zip(bases.tolist(), owner.tolist(), strict=True):
        mask = int(tight[place])
        assert basis & mask == basis
        if basis != origin:
            point, vertex = basis_point(matrix, basis), listed[mask]
            assert [Fraction(n, sum(point)) for n in point] == [
                Fraction(n, sum(vertex.numerators)) for n in vertex.numerators
            ]


def test_it_is_needed() -> None:
    """Where all rows are equal the plain proof refuses, and every vertex has many tight constraints."""
    matrix = np.ones((4, 3), dtype=np.int64)
    assert simple_vertices(matrix.astype(float)) is None
    found = tied_vertices(matrix)
    assert found is not None
    assert sorted(int(mask).bit_count() for mask in found[0]) == [3, 6, 6, 6]


def test_a_basis_that_is_lost_on_the_way_back_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows 1 and 1.001 times (1, 1): moved by a half, their order may turn round, and the wrong one seems tight."""
    matrix = np.array([[1000, 1000], [1001, 1001]])
    assert tied_vertices(matrix) is not None
    turned = 0
    for seed in range(8):
        shares = np.random.default_rng(seed).random(2)
        generator = type("G", (), {"random": lambda self, _, kept=shares: kept})
        monkeypatch.setattr(np.random, "default_rng", lambda _, made=generator: made())
        monkeypatch.setattr(tied_polytope, "_MOVES", (-1,))
        found = tied_vertices(matrix)
        monkeypatch.undo()
        if shares[0] < shares[1]:  # the second is moved out of the way of the first, which is not tight
            turned += 1
            assert found is None
        else:
            assert found is not None
    assert turned > 1


def test_larger_numbers_than_floats_can_prove_are_left_to_integers() -> None:
    assert tied_vertices(np.array([[2**50, 1], [1, 2**50]])) is None
    assert tied_vertices(np.ones((40, 40), dtype=np.int64)) is None


def test_values_below_what_floats_can_tell_from_zero_are_decided_in_integers() -> None:
    # The slack of the last row at (0, 1/p) is 1/p for a large p: not 0, though Hadamard's bound cannot say so quickly.
    p = 2**31 - 1
    matrix = np.array([[1, p], [1, p - 1]])
    found = tied_vertices(matrix)
    assert found is None or sorted(found[0].tolist()) == sorted(v.tight for v in vertices(matrix.tolist()))
