"""A dictionary of ``C z + w = 1`` in floats: fast pivots whose answers are proposals, to be solved again exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["FloatDictionary"]

#: Entries below this share of the largest of a column do not count as positive.
_SMALL = 1e-11


class FloatDictionary:
    """The condensed tableau of one polytope at one basis: a row a basic label, a column a label at 0.

    Examples
    --------
    >>> dictionary = FloatDictionary(np.array([[2.0, 1.0], [1.0, 3.0]]), [0, 1], [2, 3])
    >>> dictionary.enter(2), dictionary.basis
    (0, [2, 1])
    """

    def __init__(self, matrix: Any, slack_labels: Sequence[int], labels: Sequence[int]) -> None:
        self.basis = list(slack_labels)
        self._free = {label: k for k, label in enumerate(labels)}
        # Entries of the columns, then the right side.
        self._table = np.hstack([matrix, np.ones((len(matrix), 1))])

    def enter(self, label: int) -> int:
        """Let `label` enter the basis; return the label that leaves, or -1 where no row limits it (rounding)."""
        table, column = self._table, self._free.pop(label)
        entries = table[:, column]
        limit = _SMALL * max(entries.max(), 0.0)
        rows = np.flatnonzero(entries > limit)
        if limit <= 0 or not len(rows):
            return -1
        row = int(rows[(table[rows, -1] / entries[rows]).argmin()])
        pivot = entries[row]
        pivot_row = table[row] / pivot
        pivot_row[column] = 1 / pivot
        factors = entries.copy()
        factors[row] = 0
        table[:, column] = 0
        table -= np.multiply.outer(factors, pivot_row)
        table[row] = pivot_row
        leaving = self.basis[row]
        self.basis[row] = label
        self._free[leaving] = column
        return leaving
