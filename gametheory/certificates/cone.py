"""Whether a vector lies in the cone of given integer vectors: decided exactly, with a witness either way.

This is the checkers' own linear programme (phase 1 of the simplex method in whole numbers); it shares nothing with the
solvers. By Farkas' lemma exactly one holds: ``b = sum w_k a_k`` with ``w >= 0``, or some ``y`` has ``y a_k >= 0`` for
all ``k`` and ``y b < 0``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["Cone", "cone_weights"]

_INT64 = 2**62


@dataclass(frozen=True, slots=True)
class Cone:
    """The verdict: `weights` by position of the vector, or the separating `direction` (whole numbers)."""

    weights: dict[int, Fraction] | None
    direction: tuple[int, ...] | None


def cone_weights(vectors: Any, target: Sequence[int]) -> Cone:
    """Decide whether `target` is a non-negative combination of the rows of `vectors`.

    Parameters
    ----------
    vectors
        Integer array of shape (m, d).
    target
        d integers.

    Examples
    --------
    >>> cone_weights(np.array([[1, 0], [1, 1]]), [3, 1]).weights
    {0: Fraction(2, 1), 1: Fraction(1, 1)}
    >>> cone_weights(np.array([[1, 0], [1, 1]]), [0, 1]).direction
    (1, -1)
    """
    d = len(target)
    # Rows: the right side, then the inverse of the basis, all times the divisor. Artificial variables start as basis;
    # rows with a negative right side are negated, so `sign` carries the vectors into these coordinates.
    sign = [1 if b >= 0 else -1 for b in target]
    table: Any = np.zeros((d, 1 + d), dtype=object)
    table[:, 0] = [abs(int(b)) for b in target]
    for i in range(d):
        table[i, 1 + i] = 1
    divisor = 1
    basis: list[int] = [-1] * d
    while True:
        artificial = [i for i in range(d) if basis[i] < 0]
        shortfall = [int(k) for k in table[artificial].sum(axis=0)] if artificial else [0] * (d + 1)
        if shortfall[0] == 0:
            weights = {k: Fraction(int(table[i, 0]), divisor) for i, k in enumerate(basis) if k >= 0 and table[i, 0]}
            return Cone(weights, None)
        prices = [p * s for p, s in zip(shortfall[1:], sign, strict=True)]
        entering = _largest(vectors, prices)
        if entering < 0:
            return Cone(None, tuple(-p for p in prices))
        column = np.array([int(a) * s for a, s in zip(vectors[entering], sign, strict=True)], dtype=object)
        direction = table[:, 1:] @ column
        row = _leaving(table, direction)
        pivot, pivot_row = direction[row], table[row].copy()
        table *= pivot
        table -= np.multiply.outer(direction, pivot_row)
        table //= divisor
        table[row] = pivot_row
        divisor = int(pivot)
        basis[row] = entering


def _largest(vectors: Any, prices: list[int]) -> int:
    """Return the vector with the largest positive product with `prices`, or -1."""
    if not len(vectors):
        return -1
    size = int(abs(vectors).max()) * sum(map(abs, prices))
    if size < _INT64 and vectors.dtype != object:
        products = vectors @ np.array(prices, dtype=np.int64)
    else:
        products = vectors.astype(object) @ np.array(prices, dtype=object)
    best = int(np.argmax(products))
    return best if products[best] > 0 else -1


def _leaving(table: Any, direction: Any) -> int:
    """Return the row of the lexicographically least ratio: no basis comes back (Dantzig, Orden and Wolfe 1955)."""
    rows = [i for i in range(len(table)) if direction[i] > 0]
    for k in range(table.shape[1]):
        best = rows[:1]
        for i in rows[1:]:
            difference = table[i, k] * direction[best[0]] - table[best[0], k] * direction[i]
            if difference < 0:
                best = [i]
            elif difference == 0:
                best.append(i)
        rows = best
        if len(rows) == 1:
            break
    return rows[0]
