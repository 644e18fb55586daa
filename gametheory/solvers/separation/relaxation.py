"""The relaxed search for the worst coalition: one small programme, whose dual mixes the shares that are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import highspy
import numpy as np

from gametheory.numerics.highs import silent_highs
from gametheory.solvers.separation.pool import Pool
from gametheory.solvers.separation.shares import Floats

__all__ = ["Relaxation", "nearly_best"]


class Relaxation:
    """``max e`` with ``e <= sum_i (x_i - s_i) t_i`` for all shares ``s`` of the pool, ``0 <= t <= 1``.

    The multipliers of its rows are weights that add up to 1: the mixed shares prove the bound, as any mixture of
    multipliers is again one.
    """

    def __init__(self, pool: Pool, amounts: Floats) -> None:
        self._pool, self._amounts = pool, amounts
        self._rows = 0
        size = pool.size
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = size + 1, 0
        lp.col_cost_ = np.concatenate([np.zeros(size), [-1.0]])
        lp.col_lower_ = np.concatenate([np.zeros(size), [-highspy.kHighsInf]])
        lp.col_upper_ = np.concatenate([np.ones(size), [highspy.kHighsInf]])
        lp.row_lower_ = lp.row_upper_ = np.zeros(0)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.zeros(size + 2, dtype=np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = np.zeros(0, dtype=np.int32), np.zeros(0)
        self._solver: Any = silent_highs()
        self._solver.passModel(lp)
        self._places = np.arange(size, dtype=np.int32)

    def gains(self) -> Floats:
        """Return ``x - s`` for all shares of the pool, a row each."""
        return np.asarray(self._amounts - self._pool.matrix)

    def solve(self, low: Floats, high: Floats) -> tuple[float, Floats, Floats]:
        """Return the bound, the degrees ``t`` and the weights of the shares, with degrees between `low` and `high`."""
        self._append()
        self._solver.changeColsBounds(len(low), self._places, low, high)
        self._solver.run()
        solution = self._solver.getSolution()
        values = np.array(solution.col_value)
        weights = np.maximum(-np.array(solution.row_dual), 0.0)
        weights[weights < 1e-9] = 0.0
        return float(values[-1]), values[:-1], weights / weights.sum()

    def _append(self) -> None:
        new = self.gains()[self._rows :]
        if not len(new):
            return
        count, size = new.shape
        entries = np.concatenate([-new, np.ones((count, 1))], axis=1)
        self._solver.addRows(
            count,
            np.full(count, -highspy.kHighsInf),
            np.zeros(count),
            entries.size,
            np.arange(0, entries.size, size + 1, dtype=np.int32),
            np.tile(np.arange(size + 1, dtype=np.int32), count),
            entries.ravel(),
        )
        self._rows += count


def nearly_best(gains: Floats, free: Floats, inside: int, threshold: float, limit: int) -> Iterator[int] | None:
    """Return the coalitions whose gains add up to more than `threshold`, or None where there are more than `limit`.

    `free` are the places that may be in or out, `inside` the bits of those that must be in. The best coalition takes
    every free player with a gain; each change costs what that player gains or loses.
    """
    best = inside
    value = 0.0
    rest = inside
    while rest:
        low = rest & -rest
        value += gains[low.bit_length() - 1]
        rest ^= low
    for i in free:
        if gains[i] > 0:
            best |= 1 << int(i)
            value += gains[i]
    budget = value - threshold
    if budget <= 0:
        return iter(())
    order = free[np.argsort(abs(gains[free]))]
    price = abs(gains[order])
    found = [best]
    stack = [(0, budget, best)]
    while stack:
        start, left, mask = stack.pop()
        for k in range(start, len(order)):
            if price[k] >= left:
                break
            other = mask ^ (1 << int(order[k]))
            found.append(other)
            if len(found) > limit:
                return None
            stack.append((k + 1, left - price[k], other))
    return iter(found)
