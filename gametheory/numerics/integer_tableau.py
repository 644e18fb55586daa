"""A simplex tableau in integers (Edmonds' integer pivoting) with lexicographic ratio tests.

``C z + w = 1`` with ``z, w >= 0``. The right side is perturbed by ``(e, e^2, ...)`` for an infinitely small ``e``, so
no two ratios tie and no basis repeats. All entries stay integers: the true tableau is the stored one divided by the
last pivot, and every entry is a minor of the start, which bounds its length (Hadamard).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["IntegerTableau"]


class IntegerTableau:
    """The dictionary of one polytope ``{z >= 0 : C z <= 1}`` at one basis.

    Parameters
    ----------
    matrix
        ``C``, of integers.
    slack_labels, labels
        One label for each row's slack and for each column.

    Examples
    --------
    >>> tableau = IntegerTableau([[2, 1], [1, 3]], [0, 1], [2, 3])
    >>> tableau.enter(2), tableau.values(), tableau.divisor
    (0, {2: 1, 1: 1}, 2)
    """

    def __init__(self, matrix: Sequence[Sequence[int]], slack_labels: Sequence[int], labels: Sequence[int]) -> None:
        rows, columns = len(matrix), len(labels)
        self.divisor: int = 1
        self.basis: list[int] = list(slack_labels)
        self._column = {label: k for k, label in enumerate([*slack_labels, *labels])}
        # Columns: the slacks, the variables, the right side.
        self._table: Any = np.zeros((rows, rows + columns + 1), dtype=object)
        self._table[:, :rows] = np.eye(rows, dtype=int).astype(object)
        self._table[:, rows : rows + columns] = matrix
        self._table[:, -1] = 1
        # The right side first, then the slacks: rows of a feasible basis are lexicographically positive in this order.
        self._order = [rows + columns, *range(rows)]

    def enter(self, label: int) -> int:
        """Let the variable of `label` enter the basis; return the label that leaves.

        Raises
        ------
        ArithmeticError
            No row limits the variable: the polytope is not bounded.
        """
        column = self._column[label]
        entries = self._table[:, column]
        rows = [i for i in range(len(self.basis)) if entries[i] > 0]
        if not rows:
            raise ArithmeticError("the polytope is not bounded in this direction")
        row = self._least_ratio(rows, entries)
        leaving = self.basis[row]
        self._pivot(row, column)
        self.basis[row] = label
        return leaving

    def _least_ratio(self, rows: list[int], entries: Any) -> int:
        for k in self._order:
            numbers = self._table[:, k]
            best = rows[:1]
            for i in rows[1:]:
                difference = numbers[i] * entries[best[0]] - numbers[best[0]] * entries[i]
                if difference < 0:
                    best = [i]
                elif difference == 0:
                    best.append(i)
            rows = best
            if len(rows) == 1:
                break
        return rows[0]

    def _pivot(self, row: int, column: int) -> None:
        table, pivot = self._table, self._table[row, column]
        pivot_row = table[row].copy()
        factors = table[:, column].copy()
        table *= pivot
        table -= np.multiply.outer(factors, pivot_row)
        table //= self.divisor
        table[row] = pivot_row
        self.divisor = pivot

    def dictionary(self) -> tuple[list[int], list[tuple[int, list[Fraction]]]]:
        """Return the labels at 0, and for each basic label its true row: the columns of those, then its value."""
        free = [label for label in self._column if label not in self.basis]
        columns = [self._column[label] for label in free]
        rows = [
            (label, [Fraction(int(self._table[i, k]), int(self.divisor)) for k in (*columns, -1)])
            for i, label in enumerate(self.basis)
        ]
        return free, rows

    def values(self) -> dict[int, int]:
        """Return the value of each basic variable times `divisor`, by label."""
        return {label: int(self._table[i, -1]) for i, label in enumerate(self.basis)}
