"""Lemke's complementary pivoting in integers: ``w = M z + q``, ``w, z >= 0``, ``w' z = 0``.

Source: C. E. Lemke, "Bimatrix equilibrium points and mathematical programming", Management Science 11 (1965), 681-689;
R. W. Cottle, J.-S. Pang, R. E. Stone, "The Linear Complementarity Problem" (1992), algorithm 4.4.5, with the covering
vector of ones after each row is made integer, lexicographic ratio tests (so it ends) and Edmonds' integer pivoting (so
nothing is rounded and no fraction is reduced).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["Path", "lemke"]


@dataclass(frozen=True, slots=True)
class Path:
    """Where the path ended.

    Attributes
    ----------
    solution
        ``z``, or None where the path ended in a ray.
    ray
        The direction of ``z`` along that ray, or None. If ``M`` is copositive plus (a positive semidefinite symmetric
        part is enough), a ray shows that the problem has no solution; otherwise it shows nothing.
    pivots
        How many.
    """

    solution: tuple[Fraction, ...] | None
    ray: tuple[Fraction, ...] | None
    pivots: int


def lemke(matrix: Sequence[Sequence[Fraction]], vector: Sequence[Fraction]) -> Path:
    """Follow the path from the artificial start.

    >>> lemke([[2, 1], [1, 2]], [-5, -6]).solution
    (Fraction(4, 3), Fraction(7, 3))
    >>> lemke([[-1]], [-1])
    Path(solution=None, ray=(Fraction(1, 1),), pivots=1)
    """
    size = len(vector)
    artificial = 2 * size
    table: Any = np.zeros((size, 2 * size + 2), dtype=object)
    for i, (row, right) in enumerate(zip(matrix, vector, strict=True)):
        numbers = [Fraction(v) for v in (*row, right)]
        scale = math.lcm(*(v.denominator for v in numbers))
        whole = [v.numerator * (scale // v.denominator) for v in numbers]
        # A scaled row only changes the unit of w_i.
        table[i, i] = 1
        table[i, size:artificial] = [-v for v in whole[:-1]]
        table[i, artificial] = -1
        table[i, -1] = whole[-1]
    basis = list(range(size))
    if all(value >= 0 for value in table[:, -1]):
        return Path((Fraction(0),) * size, None, 0)
    divisor = 1
    order = [artificial + 1, *range(size)]
    entering, pivots = artificial, 0
    leaving = min(range(size), key=lambda i: [table[i, k] for k in order])
    while True:
        divisor = _pivot(table, leaving, entering, divisor)
        pivots += 1
        left, basis[leaving] = basis[leaving], entering
        if left == artificial:
            return Path(_values(table[:, -1], basis, divisor, size), None, pivots)
        entering = left + size if left < size else left - size
        rows = [i for i in range(size) if table[i, entering] > 0]
        if not rows:
            ray = _values(-table[:, entering], basis, divisor, size)
            if entering >= size:
                k = entering - size
                ray = (*ray[:k], Fraction(1), *ray[k + 1 :])
            return Path(None, ray, pivots)
        leaving = _least_ratio(table, rows, entering, order)


def _least_ratio(table: Any, rows: list[int], column: int, order: list[int]) -> int:
    """Return the row of the lexicographically smallest ``row / entry``, comparing by cross products."""
    for k in order:
        if len(rows) == 1:
            break
        kept = [rows[0]]
        for i in rows[1:]:
            gap = table[i, k] * table[kept[0], column] - table[kept[0], k] * table[i, column]
            if gap < 0:
                kept = [i]
            elif gap == 0:
                kept.append(i)
        rows = kept
    return rows[0]


def _pivot(table: Any, row: int, column: int, divisor: int) -> int:
    pivot = table[row, column]
    if pivot < 0:  # only the first pivot: the artificial column is negative
        table[row] = -table[row]
        pivot = -pivot
    own = table[row].copy()
    for i in range(len(table)):
        if i != row:
            table[i] = (table[i] * pivot - own * table[i, column]) // divisor
    return int(pivot)


def _values(column: Any, basis: list[int], divisor: int, size: int) -> tuple[Fraction, ...]:
    values = [Fraction(0)] * size
    for number, label in zip(column, basis, strict=True):
        if size <= label < 2 * size:
            values[label - size] = Fraction(int(number), divisor)
    return tuple(values)
