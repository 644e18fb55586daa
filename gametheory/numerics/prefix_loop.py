"""The loop of :mod:`gametheory.numerics.prefix_kernel` for numba; imported only where numba is installed."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["walk"]

_LANES = 64


@numba.njit(cache=True, nogil=True)
def walk(amounts: Any, order: Any, found: Any) -> None:
    """Fill `found[1:]` with the sums of positive parts of the running sum."""
    columns = amounts.shape[1]
    total = np.zeros(columns)
    lanes = np.empty(_LANES)
    for k in range(order.shape[0]):
        row = amounts[order[k]]
        for j in range(_LANES):
            lanes[j] = 0.0
        for start in range(0, columns, _LANES):
            for j in range(_LANES):
                load = total[start + j] + row[start + j]
                total[start + j] = load
                lanes[j] += max(load, 0.0)
        half = _LANES // 2
        while half:
            for j in range(half):
                lanes[j] = lanes[j] + lanes[half + j]
            half //= 2
        found[k + 1] = lanes[0]
