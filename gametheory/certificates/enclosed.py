"""A box of probabilities that holds exactly one equilibrium: decided in ball arithmetic, from the definition.

Where a profile is irrational it is listed by enclosures. The strategies that are played must pay the same, which is a
square system of multilinear equations; Krawczyk's test on a box that holds the listed one shows one and only one
solution there, and refining it shows that the solution lies in the listed enclosures. No listed enclosure reaches down
to 0, so that no equilibrium of a smaller support lies in the box. It is an equilibrium with these supports when every
played probability is positive and every other strategy pays strictly less, both over the whole box.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame

__all__ = ["holds_one_equilibrium", "is_enclosed", "rational_middle", "read_box"]

_PRECISION = 300
_FINE = flint.arb("1e-60")
_WIDER = ("1e-10", "1e-18", "1e-30")

Entry = Fraction | Enclosure


def is_enclosed(profile: Any) -> bool:
    """Whether some probability of a profile is an enclosure."""
    if not isinstance(profile, Sequence):
        return False
    return any(issubclass(kind, Enclosure) for s in profile if isinstance(s, Sequence) for kind in set(map(type, s)))


def rational_middle(profile: Sequence[Sequence[Entry]]) -> tuple[tuple[Fraction, ...], ...]:
    """Return the midpoints, divided by their sum."""
    rows = [[p.middle if isinstance(p, Enclosure) else exact(p) for p in s] for s in profile]
    return tuple(tuple(p / sum(row, Fraction(0)) for p in row) for row in rows)


def read_box(game: NormalFormGame, profile: Any) -> None:
    """Refuse what is not one sequence a player, of one number or enclosure a strategy."""
    listed = profile if isinstance(profile, Sequence) and not isinstance(profile, str) else (None,)
    sizes = [len(s) if isinstance(s, Sequence | np.ndarray) and not isinstance(s, str) else None for s in listed]
    if tuple(sizes) != game.shape:
        raise InputError(
            f"profile {profile!r}: give one sequence a player, of one number or enclosure a strategy; the game has "
            f"shape {game.shape}"
        )


def holds_one_equilibrium(game: NormalFormGame, profile: Sequence[Sequence[Entry]]) -> str:
    """Return why the box is not shown to hold exactly one equilibrium, or nothing if it is."""
    read_box(game, profile)
    supports = [[k for k, p in enumerate(s) if isinstance(p, Enclosure) or exact(p) != 0] for s in profile]
    if not all(supports):
        raise InputError("a player plays nothing; give each a probability that is not 0")
    with flint.ctx.workprec(_PRECISION):
        middles = [[_ball(p).mid() for p in s] for s in profile]
        if any(_low(s[k]) <= 0 for s, own in zip(profile, supports, strict=True) for k in own):
            return "every listed probability is positive"
        start = [m[k] for m, own in zip(middles, supports, strict=True) for k in own[1:]]
        listed_radii = [2 * _ball(s[k]).rad() for s, own in zip(profile, supports, strict=True) for k in own[1:]]
        for radius in _WIDER if start else ():
            wider = [max(flint.arb(radius), r) for r in listed_radii]
            image = _krawczyk(game, supports, start, [flint.arb(x, r) for x, r in zip(start, wider, strict=True)])
            if image is not None:
                break
        else:
            if start:
                return "one and only one solution lies in the box"
            image = []
        strategies = _spread(game, supports, image)
        for name, s, listed, own in zip(game.players, strategies, profile, supports, strict=True):
            for k, p in enumerate(listed):
                if isinstance(p, Enclosure) and not _within(s[k], p):
                    return f"the solution lies in the listed enclosure {k} of {name!r}"
                if not isinstance(p, Enclosure) and exact(p) != (len(own) == 1 and k == own[0]):
                    return f"{name!r} plays strategy {k} with probability {p} exactly"
        for i, own in enumerate(supports):
            if any(not strategies[i][k] > 0 for k in own):
                return f"the strategies of {game.players[i]!r} in the support have positive probability"
            values = [_payoff(game, i, k, strategies) for k in range(game.shape[i])]
            if any(not values[k] < values[own[0]] for k in range(len(values)) if k not in own):
                return f"{game.players[i]!r} earns strictly less outside the support"
    return ""


def _ball(value: Entry) -> Any:
    if isinstance(value, Enclosure):
        low, high = (flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in (value.low, value.high))
        return low.union(high)
    number = exact(value)
    return flint.arb(flint.fmpq(number.numerator, number.denominator))


def _low(value: Entry) -> Fraction:
    return value.low if isinstance(value, Enclosure) else exact(value)


def _within(ball: Any, enclosure: Enclosure) -> bool:
    low, high = (flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in (enclosure.low, enclosure.high))
    return bool(ball >= low) and bool(ball <= high)


def _spread(game: NormalFormGame, supports: list[list[int]], free: list[Any]) -> list[list[Any]]:
    """Return whole strategies; the first of each support takes what the others leave."""
    strategies, place = [], 0
    for own, size in zip(supports, game.shape, strict=True):
        part = free[place : place + len(own) - 1]
        place += len(own) - 1
        row = [flint.arb(0)] * size
        row[own[0]] = flint.arb(1) - sum(part, flint.arb(0))
        for k, p in zip(own[1:], part, strict=True):
            row[k] = p
        strategies.append(row)
    return strategies


def _payoff(game: NormalFormGame, player: int, strategy: int, strategies: list[list[Any]]) -> Any:
    """Return the expected payoff of a pure strategy, in numerators; the others' weights need not sum to one."""
    flat = game.payoffs[player].numerators
    steps = [math.prod(game.shape[j + 1 :]) for j in range(len(game.shape))]

    def contracted(axis: int, offset: int) -> Any:
        if axis == len(steps):
            return flat[offset]
        if axis == player:
            return contracted(axis + 1, offset + strategy * steps[axis])
        total = flint.arb(0)
        for k, p in enumerate(strategies[axis]):
            if not p.is_zero():
                total += contracted(axis + 1, offset + k * steps[axis]) * p
        return total

    return contracted(0, 0)


def _equations(game: NormalFormGame, supports: list[list[int]], free: list[Any]) -> list[Any]:
    strategies = _spread(game, supports, free)
    values = []
    for i, own in enumerate(supports):
        first = _payoff(game, i, own[0], strategies)
        values += [_payoff(game, i, k, strategies) - first for k in own[1:]]
    return values


def _derivative(game: NormalFormGame, supports: list[list[int]], free: list[Any]) -> list[list[Any]]:
    """Differentiate by columns: each equation is affine in a player's strategy, so a unit step is the derivative."""
    strategies = _spread(game, supports, free)
    columns = []
    for j, own in enumerate(supports):
        for k in own[1:]:
            step = [flint.arb(0)] * game.shape[j]
            step[k], step[own[0]] = flint.arb(1), flint.arb(-1)
            moved = [*strategies[:j], step, *strategies[j + 1 :]]
            column = []
            for i, mine in enumerate(supports):
                if i == j:
                    column += [flint.arb(0)] * (len(mine) - 1)
                    continue
                first = _payoff(game, i, mine[0], moved)
                column += [_payoff(game, i, l, moved) - first for l in mine[1:]]
            columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)]


def _krawczyk(game: NormalFormGame, supports: list[list[int]], centre: list[Any], box: list[Any]) -> list[Any] | None:
    """Return a fine enclosure of the only zero in the box, or None where the test does not decide."""
    n = len(centre)
    current = box
    for turn in range(6):
        middle = [x.mid() for x in current]
        try:
            inverse = flint.arb_mat(_derivative(game, supports, middle)).inv().mid()
        except ZeroDivisionError:
            return None
        values = inverse * flint.arb_mat([[v] for v in _equations(game, supports, middle)])
        spread = inverse * flint.arb_mat(_derivative(game, supports, current))
        image = []
        for i in range(n):
            rest = sum(
                ((flint.arb(int(i == k)) - spread[i, k]) * (current[k] - middle[k]) for k in range(n)), flint.arb(0)
            )
            image.append(middle[i] - values[i, 0] + rest)
        if turn == 0 and not all(b.contains_interior(x) for b, x in zip(box, image, strict=True)):
            return None
        current = image
        if all(x.rad() < _FINE for x in image):
            break
    return current
