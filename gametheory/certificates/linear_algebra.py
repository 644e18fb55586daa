"""Exact symmetric matrices for checkers: is one positive (semi)definite, which rows are independent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import rational

__all__ = ["independent_rows", "is_positive"]


def is_positive(size: int, entries: Iterable[tuple[int, int, Fraction]], *, definite: bool) -> bool:
    """Return whether the symmetric matrix of these entries (both triangles) is positive definite, or semidefinite.

    By ``L D L'`` in rationals: a pivot below 0 decides against, a pivot 0 asks for a zero row.

    >>> is_positive(2, [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)], definite=False)
    True
    >>> is_positive(2, [(0, 0, 1), (0, 1, 2), (1, 0, 2), (1, 1, 1)], definite=False)
    False
    """
    rows: list[dict[int, Any]] = [{} for _ in range(size)]
    for r, c, value in entries:
        rows[r][c] = rows[r].get(c, rational(0)) + rational(value)
    if _dominant(rows):
        return True
    for k in range(size):
        row = {c: v for c, v in rows[k].items() if c >= k and v != 0}
        pivot = row.pop(k, 0)
        if pivot < 0 or (pivot == 0 and (row or definite)):
            return False
        for c, v in row.items():
            factor = v / pivot
            target = rows[c]
            for d, w in row.items():
                target[d] = target.get(d, 0) - factor * w
            target.pop(k, None)
    return True


def _dominant(rows: Sequence[dict[int, Any]]) -> bool:
    """Whether each diagonal entry is above the absolute sum of its row: positive definite without elimination."""
    return all(row.get(k, 0) > sum(abs(v) for c, v in row.items() if c != k) for k, row in enumerate(rows))


def independent_rows(size: int, rows: Sequence[Sequence[tuple[int, Fraction]]]) -> list[int]:
    """Return the numbers of rows of which none is a combination of those before it.

    >>> independent_rows(2, [[(0, 1)], [(0, 2)], [(1, 3)]])
    [0, 2]
    """
    reduced: dict[int, dict[int, Any]] = {}
    kept = []
    for number, coefficients in enumerate(rows):
        row = {k: rational(a) for k, a in coefficients if a}
        while row:
            lead = min(row)
            if lead not in reduced:
                reduced[lead] = row
                kept.append(number)
                break
            factor = row[lead] / reduced[lead][lead]
            for k, a in reduced[lead].items():
                left = row.get(k, 0) - factor * a
                if left == 0:
                    row.pop(k, None)
                else:
                    row[k] = left
        if len(kept) == size:
            break
    return kept
