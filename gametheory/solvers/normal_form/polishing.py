"""From the supports that floats propose to the equilibrium on them, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import ratio
from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.solvers.normal_form.pure import numbers

__all__ = ["on_bases"]

_ZERO = Fraction(0)
_UNIT = 2.0**-53


def on_bases(game: NormalFormGame, own: list[int], other: list[int]) -> tuple[Mixed, tuple[Fraction, Fraction]] | None:
    """Return the equilibrium at a basis and its payoffs, or None where there is none.

    With payoffs made positive the strategies solve ``A_IJ y = 1`` and ``B_IJ' x = 1``, divided by their sums, for the
    rows ``I`` and columns ``J`` that are given. They may have zeros, where the game is degenerate. The system is solved
    in rationals; that no other row pays more is proved in floats where the gap is above their rounding, and in integers
    where it is not.
    """
    if len(own) != len(other) or not own:
        return None
    a, b = (numbers(table) for table in game.payoffs)
    second = _side(a, own, other)
    first = None if second is None else _side(b.T, other, own)
    if first is None or second is None:
        return None
    payoffs = [
        ratio(value, mass * table.denominator)
        for (_, value, mass), table in zip((second, first), game.payoffs, strict=True)
    ]
    profile = tuple(
        _spread(weights, mass, places, size)
        for (weights, _, mass), places, size in zip((first, second), (own, other), a.shape, strict=True)
    )
    return profile, (payoffs[0], payoffs[1])


def _side(table: Any, rows: list[int], columns: list[int]) -> tuple[list[int], int, int] | None:
    """Return whole weights of the columns that make the rows best, what these pay times their sum, and the sum."""
    low = int(table.min())
    block = table[np.array(rows)[:, None], columns] - (low - 1)
    k = len(rows)
    try:
        ratios: Any = flint.fmpz_mat(block.tolist()).solve(flint.fmpz_mat(k, 1, [1] * k))
    except ZeroDivisionError:
        return None
    solved, divisor = ratios.numer_denom()
    weights = [int(weight) for weight in solved.entries()]
    mass = sum(weights)
    if min(weights) < 0 or mass == 0:
        return None
    value = int(divisor)
    if not _is_best(table, low, weights, mass, columns, value, rows):
        return None
    return weights, value + (low - 1) * mass, mass


def _is_best(
    table: Any, low: int, weights: list[int], mass: int, columns: list[int], value: int, rows: list[int]
) -> bool:
    """Whether no other row pays more than ``value / mass``, with `low` - 1 taken from all payoffs.

    All terms are positive, so a row of ``k`` floats is right up to a factor of ``1 + (k + 3) u``.
    """
    near: Any = range(len(table))
    if table.dtype != object:
        shares = np.array([weight / mass for weight in weights])
        paid = (table[:, columns] - (low - 1)).astype(np.float64) @ shares
        near = np.flatnonzero(paid >= value / mass * (1 - 8 * (len(columns) + 4) * _UNIT)).tolist()
    for i in near:
        if i not in rows:
            exactly = sum((int(table[i, j]) - low + 1) * w for j, w in zip(columns, weights, strict=True))
            if exactly > value:
                return False
    return True


def _spread(weights: list[int], mass: int, places: list[int], size: int) -> tuple[Fraction, ...]:
    strategy = [_ZERO] * size
    for place, weight in zip(places, weights, strict=True):
        strategy[place] = ratio(weight, mass)
    return tuple(strategy)
