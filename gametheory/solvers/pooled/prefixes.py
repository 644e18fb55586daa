"""What the first members of many arrival orders pay together, step by step, in floats: the work behind sampling.

With straight shares a step adds a positive part of a running sum (see :mod:`gametheory.solvers.pooled.halves`). With
curved discomfort it is the largest of concave parabolas, one a piece between two bends, cut to that piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.numerics.prefix_kernel import padded, running_positive
from gametheory.solvers.pooled.tabulate import Sweep

__all__ = ["CurvedPrefixes", "StraightPrefixes", "pooled_prefixes", "straight_arrays"]

_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True)
class StraightPrefixes:
    """``C(T) = sum_i b_i + sum_k (sum_i a_ki)^+``.

    Attributes
    ----------
    additive
        ``b``, one a member.
    amounts
        ``a``: ``(members, parts)``, only parts of both signs, and zeros up to a multiple of the kernel's lanes.
    """

    additive: FloatArray
    amounts: FloatArray
    size: float

    @property
    def members(self) -> int:
        """The number of members."""
        return len(self.additive)

    @property
    def ranges(self) -> FloatArray:
        """The largest less the smallest marginal cost of each member, rounded up."""
        return np.asarray(np.abs(self.amounts).sum(axis=1) * (1 + 1e-9))

    @property
    def rounding(self) -> float:
        """What a marginal cost may miss by: sums of ``members + parts`` floats whose sizes add up to ``size``."""
        return 8 * _EPS * float(sum(self.amounts.shape) + 64) * self.size

    def values(self, orders: Any) -> FloatArray:
        """Return costs (m, n + 1) of the first 0, 1, ..., n members of each order."""
        found = np.array([running_positive(self.amounts, order) for order in orders])
        found[:, 1:] += np.cumsum(self.additive[orders], axis=1)
        return found


@dataclass(frozen=True, slots=True)
class CurvedPrefixes:
    """Pieces of the members' shares ``a + A lam - B lam^2 / 2``: each of shape (pieces, members), a tuple a step."""

    steps: tuple[tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray], ...]
    ranges: FloatArray
    size: float

    @property
    def members(self) -> int:
        """The number of members."""
        return len(self.ranges)

    @property
    def rounding(self) -> float:
        """What a marginal cost may miss by."""
        return 64 * _EPS * (len(self.ranges) + len(self.steps)) * self.size

    def values(self, orders: Any) -> FloatArray:
        """Return costs (m, n + 1) of the first 0, 1, ..., n members of each order."""
        n = len(self.ranges)
        found = np.zeros((len(orders), n + 1))
        for row, order in zip(found, orders, strict=True):
            for left, right, *pieces in self.steps:
                constant, linear, bend = (np.cumsum(piece[:, order], axis=1) for piece in pieces)
                with np.errstate(divide="ignore", invalid="ignore"):
                    turn = np.where(bend > 0, linear / bend, np.where(linear > 0, np.inf, -np.inf))
                price = np.clip(turn, left[:, None], right[:, None])
                row[1:] += (constant + price * (linear - bend * price / 2)).max(axis=0)
        return found


def pooled_prefixes(game: PooledGame | PooledLoads) -> StraightPrefixes | CurvedPrefixes:
    """Return the costs of prefixes of a pooled game."""
    if isinstance(game, PooledLoads):
        return _of_parts(*straight_arrays(game))
    sweeps = [Sweep(step) for step in game.steps]
    if not any(bend for sweep in sweeps for piece in sweep.pieces for _, _, bend in piece):
        shares = [np.array([[to_float(x) for x in row] for row in sweep.shares]) for sweep in sweeps]
        parts = np.concatenate([np.diff(rows, axis=0) for rows in shares]).T
        return _of_parts(sum(rows[0] for rows in shares), parts)
    steps, ranges, size = [], np.zeros(len(game.players)), 0.0
    for sweep in sweeps:
        knots = np.array([to_float(knot) for knot in sweep.knots])
        left, right = (knots[:-1], knots[1:]) if len(knots) > 1 else (knots, knots)
        cells = np.array([[[to_float(x) for x in cell] for cell in piece] for piece in sweep.pieces])
        if not len(cells):  # one price: the shares there
            cells = np.array([[[to_float(share), 0.0, 0.0] for share in sweep.shares[0]]])
        constant, linear, bend = cells.transpose(2, 0, 1)
        ends = np.array([[to_float(x) for x in row] for row in sweep.shares])
        with np.errstate(divide="ignore", invalid="ignore"):
            turn = np.where(bend > 0, linear / bend, left[:, None])
        price = np.clip(turn, left[:, None], right[:, None])
        highest = np.maximum((constant + price * (linear - bend * price / 2)).max(axis=0), ends.max(axis=0))
        ranges += highest - ends.min(axis=0)
        reach = np.maximum(np.abs(left), np.abs(right))[:, None]
        size += float((np.abs(constant) + reach * (np.abs(linear) + bend * reach)).max(axis=0).sum())
        steps.append((left, right, constant, linear, bend))
    return CurvedPrefixes(tuple(steps), ranges * (1 + 1e-9) + 64 * _EPS * size, size)


def straight_arrays(game: PooledLoads) -> tuple[FloatArray, FloatArray]:
    """Return ``b`` (members) and ``a`` (members, steps) of ``C(T) = sum b_i + sum_t (sum a_it)^+``."""
    return game.net_load @ game.sell_price, game.net_load * (game.buy_price - game.sell_price)


def _of_parts(additive: FloatArray, parts: FloatArray) -> StraightPrefixes:
    """Keep the parts of both signs; the others are additive or nothing."""
    size = float(np.abs(additive).sum() + np.abs(parts).sum())
    positive = parts.min(axis=0) >= 0
    mixed = ~positive & (parts.max(axis=0) > 0)
    return StraightPrefixes(additive + parts[:, positive].sum(axis=1), padded(parts[:, mixed]), size)
