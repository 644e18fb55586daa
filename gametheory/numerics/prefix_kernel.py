"""Positive parts of running sums over an arrival order: compiled where numba is there, the same to the last bit where
it is not.

Row ``k`` of the answer adds ``max(0, s_t)`` over the columns ``t``, with ``s`` the sum of the first ``k`` rows in the
order. Columns are added in 64 lanes, and the lanes by halves, in both ways of doing it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray

__all__ = ["LANES", "padded", "running_positive"]

LANES = 64


def padded(amounts: FloatArray) -> FloatArray:
    """Return the rows with columns of zeros up to a multiple of the lanes.

    >>> padded(np.ones((2, 3))).shape
    (2, 64)
    """
    rows, columns = amounts.shape
    wide = np.zeros((rows, max(1, -(-columns // LANES)) * LANES))
    wide[:, :columns] = amounts
    return wide


def running_positive(amounts: FloatArray, order: Any, *, compiled: bool = True) -> FloatArray:
    """Return ``(rows + 1)`` sums of positive parts of the running sum of `amounts` (padded) in this order.

    >>> running_positive(padded(np.array([[1.0, -2.0], [-3.0, 1.0]])), np.array([0, 1])).tolist()
    [0.0, 1.0, 0.0]
    """
    found = np.zeros(len(order) + 1)
    kernel = _compiled() if compiled else None
    if kernel is not None:
        kernel(amounts, np.ascontiguousarray(order, dtype=np.int64), found)
        return found
    total, paid = np.zeros(amounts.shape[1]), np.empty(amounts.shape[1])
    lanes = paid.reshape(-1, LANES)
    for k, i in enumerate(order.tolist(), start=1):
        np.add(total, amounts[i], out=total)
        np.maximum(total, 0.0, out=paid)
        found[k] = _folded(np.add.reduce(lanes, axis=0))  # row after row, as numpy adds over the first axis
    return found


def _folded(sums: FloatArray) -> float:
    while len(sums) > 1:
        half = len(sums) // 2
        sums = sums[:half] + sums[half:]
    return float(sums[0])


@cache
def _compiled() -> Callable[..., None] | None:
    try:
        from gametheory.numerics.prefix_loop import walk
    except ImportError:
        return None
    return walk
