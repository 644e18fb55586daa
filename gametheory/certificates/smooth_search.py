"""The least value of a formula over a box, by branch and bound in intervals: for own costs that are not convex.

A part of the box is bounded below by the formula's own interval, by the mean-value form, and, where its Hessian is
positive semidefinite over the part, by the tangent at a point near the part's minimum. Where a derivative keeps its
sign over a part, only the lower end counts. Rows other than bounds are left out, which can only lower the bound.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.certificates.curvature import Box, halves, is_semidefinite, is_smooth
from gametheory.certificates.interval import Interval, Undefined
from gametheory.games.derivatives import Tape, gradient, jacobian
from gametheory.games.expression import Expression, run

__all__ = ["MOST_VARIABLES", "Search", "lowest", "search"]

#: Own strategies of more variables than this are not cut into parts.
MOST_VARIABLES = 3
_PARTS = 20_000

Point = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A number below every value of the formula (None where the search was given up), and the best point met."""

    low: Fraction | None
    best: tuple[Fraction, ...]
    parts: int


def search(
    expression: Expression, box: Box, feasible: Callable[[tuple[Fraction, ...]], bool], start: Point, slack: float
) -> Search:
    """Bound the formula from below over the box, to within `slack` of the value at `start` where that is the least.

    Parameters
    ----------
    feasible
        Whether a point may be played.
    start
        A point that may.
    slack
        Parts whose values are at least the best known one less this are not cut any further.
    """
    size = len(box)
    slopes = gradient(expression, range(size))
    bends = jacobian(slopes, range(size))
    rough = any(step[0] in ("max", "min") for step in expression.steps)

    def value(x: Point) -> Interval:
        return run(expression.steps, [Interval(c, c) for c in x], Interval.around)[-1]  # type: ignore[no-any-return]

    best = tuple(start)
    level = value(best).low
    floor = float("inf")
    heap: list[tuple[float, int, Box]] = [(float("-inf"), 0, list(box))]
    count = 0
    while heap:
        low, _, part = heapq.heappop(heap)
        if low >= level - slack:
            floor = min(floor, low)
            continue
        count += 1
        if count > _PARTS:
            return Search(None, tuple(map(Fraction, best)), count)
        try:
            low, near = _bound(expression, slopes, None if rough else bends, part)
        except Undefined:
            low, near = float("-inf"), tuple(_middle(side) for side in part)
        if feasible(tuple(map(Fraction, near))):
            try:
                found = value(near)
                if found.high < level:
                    best, level = near, found.low
            except Undefined:
                pass
        if low >= level - slack:
            floor = min(floor, low)
            continue
        two = halves(part)
        if two is None:
            return Search(None, tuple(map(Fraction, best)), count)
        for half in two:
            heapq.heappush(heap, (low, count * 2 + (half is two[1]), half))
    least = Fraction(floor) if math.isfinite(floor) else None  # beyond the doubles nothing is known
    return Search(least, tuple(map(Fraction, best)), count)


def _middle(side: Interval) -> float:
    return min(max(side.low + (side.high - side.low) / 2, side.low), side.high)


def _bound(expression: Expression, slopes: Tape, bends: Tape | None, part: Box) -> tuple[float, Point]:
    """Return a lower bound over a part and a point of it that is worth trying."""
    steep = slopes.values(part, Interval.around)
    part = [
        Interval(side.low, side.low) if slope.low > 0 else Interval(side.high, side.high) if slope.high < 0 else side
        for side, slope in zip(part, steep, strict=True)
    ]
    middle = tuple(_middle(side) for side in part)
    low = run(expression.steps, part, Interval.around)[-1].low
    low = max(low, _tangent(expression, slopes.values(part, Interval.around), middle, part))
    if bends is not None:
        try:
            smooth = is_smooth(expression, part)
            if smooth and is_semidefinite(bends.values(part, Interval.around), len(part)):
                middle = lowest(slopes, bends, part, middle)
                there = slopes.values([Interval(c, c) for c in middle], Interval.around)
                low = max(low, _tangent(expression, there, middle, part))
        except Undefined:
            pass
    return low, middle


def _tangent(expression: Expression, steep: Sequence[Interval], point: Point, part: Box) -> float:
    """Return the least of ``f(c) + slope (y - c)`` over the part, for all slopes of the intervals."""
    total = run(expression.steps, [Interval(c, c) for c in point], Interval.around)[-1]
    for slope, side, c in zip(steep, part, point, strict=True):
        total = total + slope * (side - Interval(c, c))
    return total.low  # type: ignore[no-any-return]  # of intervals


def lowest(slopes: Tape, bends: Tape, part: Box, point: Point) -> Point:
    """Return a point near the minimum of a convex part: sweeps of Newton's step in one variable after the other."""
    size = len(part)
    x = list(point)
    for _ in range(12):
        for k, side in enumerate(part):
            if side.low == side.high:
                continue
            here = [Interval(c, c) for c in x]
            slope = _middle(slopes.values(here, Interval.around)[k])
            bend = _middle(bends.values(here, Interval.around)[k * size + k])
            if bend > 0:
                x[k] = min(max(x[k] - slope / bend, side.low), side.high)
            else:
                x[k] = side.low if slope > 0 else side.high
    return tuple(x)
