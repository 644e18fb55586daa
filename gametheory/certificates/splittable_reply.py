"""Better replies that refute claims about splittable games: one player's in rationals, all players' along one line."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.games.splittable import SplittableGame

__all__ = ["gain_of", "line_gain"]

_ROUNDOFF = Fraction(1, 2**53)

Vector = tuple[Fraction, ...]


def gain_of(
    game: SplittableGame, split: FloatArray, demand: FloatArray, all_missed: float, player: int
) -> tuple[Fraction, Vector]:
    """Return a lower bound on what a player gains by its best reply, and the reply.

    The row is first corrected to its exact sum; the bound leaves out all that the others' rounding can hide.
    """
    row = [Fraction(float(v)) for v in split[player]]
    first, last = (int(v) for v in game.windows[player])
    limit, amount = Fraction(float(game.limits[player])), Fraction(float(game.amounts[player]))
    slots = range(first, last + 1)
    missing = amount - sum(row)
    for t in slots:
        room = limit - row[t] if missing > 0 else row[t]
        step = min(room, abs(missing)) * (1 if missing > 0 else -1)
        row[t] += step
        missing -= step
    steep = [Fraction(float(v)) for v in game.slope]
    others = [
        a * (Fraction(float(s)) - Fraction(float(x))) + Fraction(float(b))
        for a, s, x, b in zip(steep, demand, split[player], game.prices_at_rest, strict=True)
    ]
    reply = [Fraction(0)] * len(row)
    for t, y in _reply(slots, [steep[t] for t in slots], [others[t] for t in slots], limit, amount).items():
        reply[t] = y

    def cost(x: list[Fraction]) -> Fraction:
        return sum((a * v * v + p * v for a, p, v in zip(steep, others, x, strict=True)), Fraction(0))

    hidden = sum(
        a * (Fraction(all_missed) + 4 * len(split) * _ROUNDOFF * Fraction(float(s))) * abs(x - y)
        for a, s, x, y in zip(steep, demand, row, reply, strict=True)
    )
    return cost(row) - cost(reply) - hidden, tuple(reply)


def _reply(
    slots: range, steep: list[Fraction], others: list[Fraction], limit: Fraction, amount: Fraction
) -> dict[int, Fraction]:
    """Minimise ``sum a y^2 + p y`` over ``0 <= y <= limit`` with the given sum: one level at which slopes meet."""

    def at(level: Fraction) -> list[Fraction]:
        return [min(max((level - p) / (2 * a), Fraction(0)), limit) for a, p in zip(steep, others, strict=True)]

    kinks = sorted({v for a, p in zip(steep, others, strict=True) for v in (p, p + 2 * a * limit)})
    low = kinks[0]
    for high in kinks:
        below, here = sum(at(low), Fraction(0)), sum(at(high), Fraction(0))
        if here >= amount:
            level = high if here == below else low + (high - low) * (amount - below) / (here - below)
            return dict(zip(slots, at(level), strict=True))
        low = high
    return dict(zip(slots, at(low), strict=True))


def line_gain(game: SplittableGame, split: FloatArray, demand: FloatArray, all_missed: float) -> float:
    """Return a lower bound on what the total gains on the way to the split that present slopes favour.

    Every player fills the slots of least slope; along the line there, the total is a parabola in one number.
    """
    rest = game.prices_at_rest if game.background is None else 2 * game.prices_at_rest
    slopes = 2 * game.slope * demand + rest
    order = np.argsort(slopes, kind="stable")
    goal, left = np.zeros_like(demand), game.amounts.copy()
    first, last = game.windows[:, 0], game.windows[:, 1]
    for t in order:
        taken = np.minimum(left, np.where((first <= t) & (t <= last), game.limits, 0.0))
        left -= taken
        goal[t] = taken.sum()
    away = goal - demand
    fall, bend = -float(slopes @ away), float(game.slope @ (away * away))
    length = 1.0 if bend <= 0 or fall >= 2 * bend else max(0.0, fall / (2 * bend))
    hidden = 8 * len(split) * float(_ROUNDOFF) * (demand + goal) + all_missed
    margin = float(((np.abs(slopes) + 2 * game.slope * np.abs(away)) * hidden).sum()) + 1e-12 * abs(fall)
    return length * (fall - length * bend) - 2 * margin
