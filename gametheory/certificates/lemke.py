"""The checkers' own complementary pivoting: ``w = M z + q``, ``w, z >= 0``, ``w'z = 0`` in rationals.

Source: C. E. Lemke, "Bimatrix equilibrium points and mathematical programming", Management Science 11 (1965), 681-689,
with the covering vector of ones and lexicographic ratio tests, so that it ends on every problem. What it hands back is
verified by the caller against the definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gametheory.arithmetic import rational

__all__ = ["complementary"]


def complementary(matrix: Sequence[Sequence[Any]], vector: Sequence[Any]) -> tuple[bool, list[Any]]:
    """Return ``(True, z)``, or ``(False, direction of z)`` where the path ends in a ray.

    >>> complementary([[2, 0], [0, 2]], [-4, 2])
    (True, [2, 0])
    """
    size = len(vector)
    zero, one = rational(0), rational(1)
    # Columns: w, z, the artificial one, the right side. The rows say w - M z - 1 z0 = q.
    table = []
    for i, (row, right) in enumerate(zip(matrix, vector, strict=True)):
        unit = [zero] * size
        unit[i] = one
        table.append([*unit, *(-rational(v) for v in row), -one, rational(right)])
    basis = list(range(size))
    if all(row[-1] >= 0 for row in table):
        return True, [zero] * size
    entering, leaving = 2 * size, min(range(size), key=lambda i: _lexical(table[i], one, size))
    while True:
        _pivot(table, leaving, entering)
        entering, basis[leaving] = _partner(basis[leaving], size), entering
        if entering == 2 * size:  # the artificial variable left: its partner is nobody
            values = [zero] * size
            for i, label in enumerate(basis):
                if size <= label < 2 * size:
                    values[label - size] = table[i][-1]
            return True, values
        candidates = [i for i in range(size) if table[i][entering] > 0]
        if not candidates:
            direction = [zero] * size
            if entering >= size:
                direction[entering - size] = one
            for i, label in enumerate(basis):
                if size <= label < 2 * size:
                    direction[label - size] = -table[i][entering]
            return False, direction
        leaving = min(candidates, key=lambda i: _lexical(table[i], table[i][entering], size))


def _partner(label: int, size: int) -> int:
    return 2 * size if label == 2 * size else label + size if label < size else label - size


def _lexical(row: Sequence[Any], divisor: Any, size: int) -> tuple[Any, ...]:
    return (row[-1] / divisor, *(v / divisor for v in row[:size]))


def _pivot(table: list[list[Any]], at: int, column: int) -> None:
    divisor = table[at][column]
    pivot = [(k, v / divisor) for k, v in enumerate(table[at]) if v != 0]
    table[at] = [rational(0)] * len(table[at])
    for k, v in pivot:
        table[at][k] = v
    for i, row in enumerate(table):
        factor = row[column]
        if i != at and factor != 0:
            for k, v in pivot:
                row[k] -= factor * v
