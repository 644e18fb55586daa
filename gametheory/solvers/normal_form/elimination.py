"""Three players of at most three strategies each: the supports that elimination closes, and what they hold."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np

from gametheory.games.normal_form import NormalFormGame
from gametheory.solvers.normal_form.pure import numbers
from gametheory.solvers.normal_form.support_zeros import NONE, OPEN, Found, Profile, Supports, zero_near

__all__ = ["by_elimination", "takes"]

_MEMBERS = [tuple(k for k in range(3) if mask >> k & 1) for mask in range(8)]
#: How far beyond a triangle its zero may lie: less than the kernel's 1e-6, by far more than the radius of a zero.
_BEYOND = 0.9e-6


def takes(game: NormalFormGame) -> bool:
    """Whether there are three players with at most three strategies each."""
    return len(game.shape) == 3 and max(game.shape) <= 3


def by_elimination(game: NormalFormGame) -> tuple[list[tuple[Profile, int | None]], list[Supports]]:
    """Return the isolated equilibria in which two players or more mix, and the supports that are not closed."""
    from gametheory.numerics.three_simplices import close_supports

    candidates, left = close_supports(_forms(game), np.array(game.shape))
    rows: dict[Supports, list[Any]] = defaultdict(list)
    for row in candidates.tolist():
        rows[_supports(row[:3])].append(row)
    undecided = [_supports(masks) for masks in left.tolist()]
    found: list[tuple[Profile, int | None]] = []
    for supports in [own for own in rows if own not in undecided]:
        zeros: list[Found] = []
        for row in rows[supports]:
            start = [[row[3 + 3 * i + k] for k in own] for i, own in enumerate(supports)]
            zero = zero_near(game, supports, start)
            if zero.verdict == OPEN or not _inside(row, zero):
                undecided.append(supports)
                break
            if not any(zero.same(other) for other in zeros):
                zeros.append(zero)
        else:
            found += [(zero.profile, zero.index) for zero in zeros if zero.verdict != NONE]
    return found, undecided


def _supports(masks: Any) -> Supports:
    return tuple(_MEMBERS[int(mask)] for mask in masks)


def _forms(game: NormalFormGame) -> Any:
    """Return what each strategy earns beyond each other one, scaled to at most 1, with exact signs."""
    forms = np.zeros((3,) * 5)
    for i, table in enumerate(game.payoffs):
        cells = np.moveaxis(numbers(table), i, 0)
        size = max(int(cells.max()) - int(cells.min()), 1)
        whole = tuple(slice(n) for n in (cells.shape[0], *cells.shape))
        if cells.dtype != object and size < 2**53:
            forms[i][whole] = (cells[:, None] - cells[None, :]) / float(size)
        else:
            exact = cells.astype(object)
            forms[i][whole] = np.vectorize(lambda d, s=size: d / s, otypes=[float])(exact[:, None] - exact[None, :])
    return forms


def _inside(row: list[float], zero: Found) -> bool:
    """Whether a zero lies in the region in which the kernel allows one at most: exactly, in whole numbers."""
    hidden = int(row[12])
    if hidden < 0 or not zero.weights:
        return True
    one, own = zero.one, zero.weights[hidden]
    if len(own) == 2:
        low, high = (_over(one, end) for end in row[13:15])
        return low < own[1] - zero.radius and own[1] + zero.radius < high
    a, b, c = ((_over(one, row[13 + 2 * k]), _over(one, row[14 + 2 * k])) for k in range(3))
    point = own[1], own[2]
    whole = _area(a, b, c)
    parts = (_area(point, b, c), _area(a, point, c), _area(a, b, point))
    least = -int(math.ldexp(_BEYOND, 60)) * abs(whole)
    return whole != 0 and all((part if whole > 0 else -part) << 60 >= least for part in parts)


def _over(one: int, value: float) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator * one // denominator


def _area(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
