"""All vertices of ``{z >= 0 : C z <= 1}`` with integers ``C``, also where more constraints meet than there must.

The right side is moved to ``1 + d_i`` for small random ``d_i >= 0``, which makes the polytope simple; its vertices are
found in floats and proved complete (:mod:`.simple_polytope`). Then the right side is moved back: *if every basis of the
moved polytope is still feasible at 1*, these bases are exactly the feasible ones for every smaller move too. For a
basis that is feasible at both ends is strictly feasible in between, each of its edges leads to the same neighbour as at
the moved end, and the graph of vertices and edges is connected (Balinski). As the move tends to 0, every vertex of the
polytope is the limit of vertices of the moved ones, so every vertex has one of these bases.

At 1 the values of a basis are whole multiples of ``1 / |det|``, so a value is shown to be 0 by being smaller than that;
Hadamard bounds the determinant. What floats cannot decide in this way is decided in integers.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

from gametheory.numerics.simple_polytope import batches, enclosed_values, simple_vertices

__all__ = ["basis_point", "tied_vertices"]

#: How far the right side is moved, as powers of two, one try after the other.
_MOVES = (-20, -26, -15)


def tied_vertices(matrix: Any) -> tuple[Any, Any, Any] | None:
    """Return every vertex by its tight constraints, or None where floats cannot prove it.

    Parameters
    ----------
    matrix
        ``C``, of positive integers as int64; rows and columns are at most 63 together.

    Returns
    -------
    tuple
        The bitmask of all tight constraints of each vertex as uint64 (bit ``j < d`` says ``z_j = 0``, bit ``d + i``
        that row ``i`` is tight), the bases of all, each the bitmask of ``d`` tight constraints, and the vertex of each.

    Examples
    --------
    >>> tight, bases, owner = tied_vertices(np.array([[1, 1], [1, 1]]))
    >>> [bin(mask) for mask in tight.tolist()], len(bases)
    (['0b11', '0b1101', '0b1110'], 3)
    """
    rows, columns = matrix.shape
    room = 52 - int(matrix.max()).bit_length()
    if rows + columns > 63:
        return None
    shares = np.random.default_rng(0).random(rows)
    for move in _MOVES:
        if room + move < 10:
            continue
        # C_i z <= 1 / (1 - s_i), written with whole numbers that are exact in floats.
        steps = 1 + np.floor(shares * 2.0 ** (room + move)).astype(np.int64)
        bases = simple_vertices((matrix * ((1 << room) - steps)[:, None]).astype(float))
        zeros = None if bases is None else _zeros(matrix, bases)
        if zeros is not None:
            tight, owner = np.unique(bases | zeros, return_inverse=True)
            return tight, bases, owner
    return None


def _zeros(matrix: Any, bases: Any) -> Any:
    """Return for each basis the bits of its basic columns that are 0 at the right side 1; None if one is negative."""
    rows, columns = matrix.shape
    floats = matrix.astype(float)
    zeros = np.zeros(len(bases), dtype=np.uint64)
    bits = np.uint64(1) << np.arange(rows + columns, dtype=np.uint64)
    for part, tight, loose, chosen in batches(matrix.shape, ~bases):
        if chosen.shape[1] == 0:
            continue  # the origin: no row is tight there
        sure, value, error = enclosed_values(floats, tight, loose, chosen)
        labels = np.hstack([chosen, columns + loose])
        square = floats[tight[:, :, None], chosen[:, None, :]]
        logs = (np.log2((square**2).sum(axis=axis)).sum(axis=1) / 2 for axis in (1, 2))
        least = 2.0 ** -(np.minimum(*logs) + 0.01)
        positive = value > error
        nothing = np.abs(value) + error < least[:, None]
        zeros[part] = np.where(nothing, bits[labels], np.uint64(0)).sum(axis=1, dtype=np.uint64)
        for i in np.flatnonzero(~(sure & (positive ^ nothing).all(axis=1))).tolist():
            exact = _exact_values(matrix, tight[i], loose[i], chosen[i])
            if exact is None or min(exact) < 0:
                return None
            zeros[part[i]] = sum(
                int(bits[label]) for label, number in zip(labels[i], exact, strict=True) if number == 0
            )
    return zeros


def _exact_values(matrix: Any, tight: Any, loose: Any, chosen: Any) -> list[int] | None:
    """Return the values of a basis times a common denominator."""
    solved = _solve(matrix, tight, chosen)
    if solved is None:
        return None
    point, divisor = solved
    slack = flint.fmpz_mat(matrix[loose[:, None], chosen].tolist()) * point if len(loose) else flint.fmpz_mat(0, 1)
    return [int(x) for x in point.entries()] + [divisor - int(x) for x in slack.entries()]


def _solve(matrix: Any, tight: Any, chosen: Any) -> tuple[Any, int] | None:
    ones = flint.fmpz_mat(len(tight), 1, [1] * len(tight))
    try:
        ratios: Any = flint.fmpz_mat(matrix[tight[:, None], chosen].tolist()).solve(ones)
    except ZeroDivisionError:
        return None
    point, divisor = ratios.numer_denom()
    return point, int(divisor)


def basis_point(matrix: Any, basis: int) -> tuple[int, ...]:
    """Return whole numbers that are proportional to ``z`` at a basis (not the origin), exactly.

    >>> basis_point(np.array([[1, 2], [3, 1]]), 0b1100)
    (1, 2)
    """
    rows, columns = matrix.shape
    chosen = np.array([j for j in range(columns) if not basis >> j & 1])
    tight = np.array([i for i in range(rows) if basis >> columns + i & 1])
    solved = _solve(matrix, tight, chosen)
    if solved is None:
        raise ArithmeticError("a basis that was proved regular is singular")
    point = [0] * columns
    for j, number in zip(chosen.tolist(), solved[0].entries(), strict=True):
        point[j] = int(number)
    return tuple(point)
