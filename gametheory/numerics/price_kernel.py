"""A weighted mean down the columns of large arrays, and how far each row is from it, in few passes over memory.

For arrays ``c, d, D`` (rows x columns) and ``kappa > 0``:

    ``price = sum_i (c_i D_i + d_i) w_i / sum_i w_i``,  ``w_i = 1/(c_i + kappa)``,
    ``received_i = (c_i D_i + d_i - price) w_i``.

The price needs every row before the first row of the answer is known, so two visits are the least. Rows are visited in
tiles that stay in the cache: the first visit reads ``c, d, D`` and leaves ``(c D + d) w`` in the answer itself, the
second reads ``c`` again and subtracts ``price w``.
"""

from __future__ import annotations

import numpy as np

from gametheory.arithmetic import FloatArray

__all__ = ["weighted_price"]

#: Bytes of one array's tile. A tile of each of three inputs, the answer and the weights is in use at a time.
TILE_BYTES = 512 * 1024

#: Rows that are added side by side: NumPy adds wide rows faster than narrow ones.
FOLD = 8


def weighted_price(
    curvature: FloatArray,
    slope: FloatArray,
    demand: FloatArray,
    kappa: float,
    *,
    out: FloatArray | None = None,
    price_only: bool = False,
) -> tuple[FloatArray, FloatArray | None, float]:
    """Return ``price`` (columns), ``received`` (rows x columns) and the smallest ``c``.

    `curvature` and `slope` may have one column that stands for all. `received` is written to `out` (which may be
    `demand` itself: each tile is read before it is written), left out to a new array; with `price_only` it is None, and
    no memory of its size is touched.
    """
    rows, columns = demand.shape
    received = out if out is not None or price_only else np.empty_like(demand, order="C")
    height = max(FOLD, TILE_BYTES // (8 * columns) // FOLD * FOLD)
    weights = np.empty((min(height, rows), columns))
    spare = np.empty_like(weights) if received is None else weights[:0]
    sums = np.zeros((2, -(-rows // height), columns))
    smallest = np.inf
    for k, start in enumerate(range(0, rows, height)):
        stop = min(start + height, rows)
        w, c = weights[: stop - start], curvature[start:stop]
        x = spare[: stop - start] if received is None else received[start:stop]
        smallest = min(smallest, float(c.min()))
        np.add(c, kappa, out=w)
        np.divide(1.0, w, out=w)
        np.multiply(c, demand[start:stop], out=x)
        x += slope[start:stop]
        x *= w
        sums[0, k], sums[1, k] = _column_sums(x), _column_sums(w)
    price = sums[0].sum(axis=0) / sums[1].sum(axis=0)
    if received is None:
        return price, None, smallest
    for start in range(0, rows, height):
        stop = min(start + height, rows)
        w = weights[: stop - start]
        np.add(curvature[start:stop], kappa, out=w)
        np.divide(price, w, out=w)
        received[start:stop] -= w
    return price, received, smallest


def _column_sums(tile: FloatArray) -> FloatArray:
    rows, columns = tile.shape
    whole = rows - rows % FOLD
    folded = tile[:whole].reshape(-1, FOLD * columns).sum(axis=0).reshape(FOLD, columns).sum(axis=0)
    result: FloatArray = folded + tile[whole:].sum(axis=0)
    return result
