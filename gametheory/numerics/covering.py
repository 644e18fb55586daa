"""The least total that covers what every coalition demands, in exact rationals.

``min sum_i r_i  s.t.  sum_{i in T} r_i >= e_T for all T in a family,  r >= 0``. The dual packs weights,
``max sum_T y_T e_T  s.t.  sum_{T with i} y_T <= 1,  y >= 0``, and has one row a player: it is solved by the revised
simplex method with columns priced out over all coalitions, and lexicographic ratios so that it ends (G. B. Dantzig,
A. Orden, P. Wolfe, Pacific J. Math. 5 (1955) 183-195).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import exact

__all__ = ["least_cover"]

#: A column that looks this good in floats is looked at exactly; the last scan is exact for all.
_PROMISING = 1e-9


def least_cover(demands: Sequence[Any], size: int) -> tuple[tuple[Fraction, ...], dict[int, Fraction]]:
    """Return the payments ``r`` and the weights ``y`` by bitmask that prove them least.

    Parameters
    ----------
    demands
        ``e_T`` as ``fmpq`` by bitmask; None where the coalition makes no demand.
    size
        The number of players.

    Examples
    --------
    >>> least_cover([None, flint.fmpq(0), flint.fmpq(1), flint.fmpq(3)], 2)
    ((Fraction(0, 1), Fraction(3, 1)), {3: Fraction(1, 1)})
    """
    zero, one = flint.fmpq(0), flint.fmpq(1)
    inverse = [[one if i == j else zero for j in range(size)] for i in range(size)]
    amount = [one] * size
    basis: list[int | None] = [None] * size  # None: the slack of that row, worth nothing
    worth = [zero] * size
    floats = np.array([-np.inf if e is None else float(exact(e)) for e in demands])
    while True:
        prices = [sum((w * row[j] for w, row in zip(worth, inverse, strict=True)), zero) for j in range(size)]
        column = _entering(demands, floats, prices)
        if column is None:
            weights = {mask: exact(x) for mask, x in zip(basis, amount, strict=True) if mask is not None and mask > 0}
            return tuple(map(exact, prices)), weights
        _pivot(inverse, amount, basis, worth, column, demands, size)


def _entering(demands: Sequence[Any], floats: Any, prices: list[Any]) -> int | None:
    """Return a column that gains: a coalition's mask, or ``-1 - i`` for the slack of row ``i``; None at the optimum."""
    for i, price in enumerate(prices):
        if price < 0:
            return -1 - i
    sums = np.zeros(1)
    for price in prices:
        sums = np.concatenate([sums, sums + float(exact(price))])
    gains = floats - sums
    best = int(np.argmax(gains))
    if gains[best] > _PROMISING and demands[best] > _priced(prices, best):
        return best
    paid = [flint.fmpq(0)]
    for price in prices:
        paid += [x + price for x in paid]
    chosen, most = None, flint.fmpq(0)
    for mask, (demand, x) in enumerate(zip(demands, paid, strict=True)):
        if demand is not None and demand - x > most:
            chosen, most = mask, demand - x
    return chosen


def _priced(prices: list[Any], mask: int) -> Any:
    return sum((price for i, price in enumerate(prices) if mask >> i & 1), flint.fmpq(0))


def _pivot(
    inverse: list[list[Any]],
    amount: list[Any],
    basis: list[int | None],
    worth: list[Any],
    column: int,
    demands: Sequence[Any],
    size: int,
) -> None:
    """Let a column enter; the row with the lexicographically smallest ratio leaves."""
    members = [-1 - column] if column < 0 else [i for i in range(size) if column >> i & 1]
    direction = [sum((row[j] for j in members), flint.fmpq(0)) for row in inverse]
    rows = [k for k in range(size) if direction[k] > 0]  # never empty: weights are bounded by one
    leaving = min(rows, key=lambda k: [amount[k] / direction[k], *(x / direction[k] for x in inverse[k])])
    pivot = direction[leaving]
    inverse[leaving] = [x / pivot for x in inverse[leaving]]
    amount[leaving] = amount[leaving] / pivot
    for k in range(size):
        if k != leaving and direction[k] != 0:
            factor = direction[k]
            inverse[k] = [x - factor * y for x, y in zip(inverse[k], inverse[leaving], strict=True)]
            amount[k] = amount[k] - factor * amount[leaving]
    basis[leaving] = None if column < 0 else column
    worth[leaving] = flint.fmpq(0) if column < 0 else demands[column]
