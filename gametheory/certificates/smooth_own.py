"""What one player of a smooth game could still gain: a rigorous upper bound, and a deviation that proves a lower one.

Convex own cost ``f`` (shown over the whole strategy set): ``f(y) >= f(x) + g (y - x)`` for every subgradient ``g`` at
``x``, so no ``y`` gains more than ``max_y g (x - y)``, a linear programme over the polyhedron, decided in rationals.
Where ``f`` also bends by at least ``m`` on a box of radius ``r`` around ``x``, and the linear programme over that part
of the polyhedron has the value ``G <= m r^2 / 2``, then ``f >= f(x)`` on the border of the box, hence by convexity
outside it, and nothing gains more than ``G``: so strategy sets without bounds are judged too. Other own costs of few
bounded variables are searched by intervals (:mod:`gametheory.certificates.smooth_search`); of more, none is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import centre, exact, lower_bound, rational, upper_bound
from gametheory.certificates.curvature import is_convex, least_curvature
from gametheory.certificates.interval import Interval, Undefined
from gametheory.certificates.quadratic_program import Program
from gametheory.certificates.smooth_search import MOST_VARIABLES, lowest, search
from gametheory.errors import InputError, NoChecker, NotRational
from gametheory.games.derivatives import Tape, gradient, jacobian
from gametheory.games.expression import Expression, run
from gametheory.games.polyhedron import Polyhedron

__all__ = ["BITS", "Gain", "gain_of", "own_cost", "value_at"]

#: Correct bits of balls.
BITS = 256
_RADII = (Fraction(1), Fraction(1, 8), Fraction(1, 128), Fraction(1, 4096))
_WIDE = (Fraction(1), Fraction(100), Fraction(10_000))
#: Fineness of the rationals that stand for irrational slopes.
_GRID = 1 << 200

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """How much one player could gain: at most `high` (None: not known), at least `low`, by playing `reply`."""

    high: Fraction | None
    low: Fraction
    reply: Vector
    method: str
    is_exact: bool


def own_cost(cost: Expression, block: range, joint: Sequence[Fraction]) -> Expression:
    """Return a player's cost as a formula of its own variables, numbered from 0, the others' being as they are."""
    places: dict[int, Any] = {k: Expression.variable(k - block.start) for k in block}
    places |= {k: joint[k] for k in cost.variables if k not in block}
    return cost.at(places)


def value_at(expression: Expression, x: Sequence[Fraction]) -> Any:
    """Return the value at a rational point: rational where the formula is, else a ball.

    Raises
    ------
    InputError
        The formula has no value there.
    """
    try:
        return run(expression.steps, x)[-1]
    except NotRational:
        pass
    except (ZeroDivisionError, ValueError):
        raise InputError(f"{expression} has no value at {[str(v) for v in x]}: a division by 0") from None
    value = _balls(expression.steps, x)[-1]
    if not value.is_finite():
        raise InputError(f"{expression} has no value at {[str(v) for v in x]}; bound the strategies away from there")
    return value


def _balls(steps: Sequence[Any], x: Sequence[Fraction]) -> list[Any]:
    with flint.ctx.workprec(BITS):
        return run(steps, [flint.arb(rational(v)) for v in x], lambda q: flint.arb(rational(q)))


def _slopes(tape: Tape, x: Vector) -> tuple[list[Fraction], list[Fraction], bool] | None:
    """Return rational slopes at `x`, how far they may be off, and whether they are exact; None where there are none."""
    try:
        return [exact(v) for v in tape.values(x)], [Fraction(0)] * len(x), True
    except NotRational:
        pass
    except (ZeroDivisionError, ValueError):
        return None
    found = _balls(tape.steps, x)
    middles, radii = [], []
    for k in tape.outputs:
        ball = found[k]
        if isinstance(ball, Fraction):
            middles.append(ball)
            radii.append(Fraction(0))
            continue
        if not ball.is_finite():
            return None
        try:
            middle, radius = centre(ball), centre(ball.rad())
        except NotRational:
            return None
        near = Fraction(round(middle * _GRID), _GRID)
        middles.append(near)
        radii.append(radius + abs(middle - near))
    return middles, radii, False


def gain_of(expression: Expression, own: Polyhedron, x: Vector, claimed: Fraction = Fraction(0)) -> Gain:
    """Judge one player.

    Parameters
    ----------
    expression
        Its cost as a formula of its own variables.
    own
        Its strategies.
    x
        What it plays, feasible.
    claimed
        Where a bound below this is found, no better one is sought.

    Raises
    ------
    InputError
        The cost has no value at `x`.
    NoChecker
        A value is too large, or too near to 0, to be written as a rational.
    """
    try:
        return _gain_of(expression, own, x, claimed)
    except NotRational as error:
        raise NoChecker(f"{error}; give the game in other units, or bound the strategies more closely") from None


def _gain_of(expression: Expression, own: Polyhedron, x: Vector, claimed: Fraction) -> Gain:
    now = value_at(expression, x)
    box = _box(own)
    slopes = _slopes(gradient(expression, range(own.size)), x)
    how = is_convex(expression, box)
    replies: list[Vector] = []
    high: Fraction | None = None
    decided = False
    if slopes is not None:
        steps, radii, decided = slopes
        if all(side.determined for side in box):
            high, reply = _linear(own, steps, radii, x, box, None)
            replies.append(reply)
        else:
            replies += [_linear(own, steps, radii, x, box, radius)[1] for radius in _WIDE]
        if how and (high is None or high > min(claimed, Fraction(1, 10**30))):
            for radius in _RADII:
                near = [_clipped(side, v, radius) for side, v in zip(box, x, strict=True)]
                size, reply = _linear(own, steps, radii, x, box, radius)
                bend = Fraction(least_curvature(expression, near))
                if size <= bend * radius * radius / 2 and (high is None or size < high):
                    high = size
                    replies.append(reply)
    if how and high is not None and high > claimed and slopes is not None:
        better = _descended(expression, own, x, box)
        there = _slopes(gradient(expression, range(own.size)), better)
        if better != x and there is not None and all(side.determined for side in box):
            # No y is better than f(better) less what its own slopes leave.
            replies.append(better)
            left, _ = _linear(own, *there[:2], better, box, None)
            high = min(high, max(-_surely(value_at(expression, better), now), Fraction(0)) + left)
            decided = decided and isinstance(now, Fraction)
    if not how:
        high, decided = None, False
        if own.size <= MOST_VARIABLES and all(side.determined for side in box):
            high, reply = _searched(expression, own, x, now, box, claimed)
            replies.append(reply)
            how = "branch and bound in intervals"
    low, best = _best(expression, own, x, now, replies)
    if high is not None and high < low:
        raise AssertionError("a proved gain above a proved bound on gains")
    return Gain(high, low, best, how or "the own cost is not shown to be convex", decided)


# ------------------------------------------------------------------------------------------------------------- box


def _box(own: Polyhedron) -> list[Interval]:
    """Return intervals around the strategies: their bounds, drawn in by what single rows leave."""
    low, high = list(own.lower), list(own.upper)
    rows = [*own.inequalities, *own.equalities]
    rows += [(tuple((k, -a) for k, a in coefficients), -bound) for coefficients, bound in own.equalities]
    for _ in range(2):
        for coefficients, bound in rows:
            for k, a in coefficients:
                rest = Fraction(0)
                for j, b in coefficients:
                    if j != k:
                        end = low[j] if b > 0 else high[j]
                        if end is None:
                            break
                        rest += b * end
                else:
                    limit = (bound - rest) / a
                    if a > 0 and (high[k] is None or limit < high[k]):  # type: ignore[operator]  # None is caught
                        high[k] = limit
                    elif a < 0 and (low[k] is None or limit > low[k]):  # type: ignore[operator]  # None is caught
                        low[k] = limit
    return [Interval.spanning(a, b) for a, b in zip(low, high, strict=True)]


def _clipped(side: Interval, centre: Fraction, radius: Fraction) -> Interval:
    around = Interval.around(centre - radius, centre + radius)
    return Interval(max(side.low, around.low), min(side.high, around.high))


# ---------------------------------------------------------------------------------------------------------- bounds


def _linear(
    own: Polyhedron, slopes: Sequence[Fraction], radii: Sequence[Fraction], x: Vector, box: Sequence[Interval],
    radius: Fraction | None,
) -> tuple[Fraction, Vector]:  # fmt: skip
    """Return a bound on ``g (x - y)`` over the strategies (within `radius` of `x`), and a `y` that comes near it."""
    lower, upper = [], []
    for k, side in enumerate(box):
        a, b = own.lower[k], own.upper[k]
        if a is None and side.low > float("-inf"):
            a = Fraction(side.low)
        if b is None and side.high < float("inf"):
            b = Fraction(side.high)
        if radius is not None:
            a = x[k] - radius if a is None else max(a, x[k] - radius)
            b = x[k] + radius if b is None else min(b, x[k] + radius)
        lower.append(a)
        upper.append(b)
    inside = replace(own, lower=tuple(lower), upper=tuple(upper))
    if own.inequalities or own.equalities:
        target = Program((), tuple(slopes), inside).least(x).point
    else:
        target = tuple(
            v if g == 0 else low if g > 0 else high  # type: ignore[misc]  # a side without an end has slope 0
            for g, v, low, high in zip(slopes, x, inside.lower, inside.upper, strict=True)
        )
    gain = sum((g * (v - y) for g, v, y in zip(slopes, x, target, strict=True)), Fraction(0))
    for r, v, low, high in zip(radii, x, inside.lower, inside.upper, strict=True):
        if r:
            gain += r * max(high - v, v - low)  # type: ignore[operator]  # the box has ends here
    return max(gain, Fraction(0)), target


def _descended(expression: Expression, own: Polyhedron, x: Vector, box: Sequence[Interval]) -> Vector:
    """Return a feasible point that is better than `x`, near the least value where there are bounds only."""
    if own.inequalities or own.equalities or not all(side.determined for side in box):
        return x
    slopes = gradient(expression, range(own.size))
    start = tuple(min(max(float(v), side.low), side.high) for v, side in zip(x, box, strict=True))
    try:
        near = lowest(slopes, jacobian(slopes, range(own.size)), box, start)
    except Undefined:
        return x
    raised = [Fraction(v) if low is None else max(Fraction(v), low) for v, low in zip(near, own.lower, strict=True)]
    return tuple(v if high is None else min(v, high) for v, high in zip(raised, own.upper, strict=True))


def _searched(
    expression: Expression, own: Polyhedron, x: Vector, now: Any, box: Sequence[Interval], claimed: Fraction
) -> tuple[Fraction | None, Vector]:
    start = tuple(min(max(float(v), side.low), side.high) for v, side in zip(x, box, strict=True))
    try:
        found = search(expression, box, lambda y: own.violation(y)[0] == 0, start, max(float(claimed) / 2, 1e-12))
    except Undefined:
        return None, x
    if found.low is None:
        return None, found.best
    return max(upper_bound(now) - found.low, Fraction(0)), found.best


def _best(
    expression: Expression, own: Polyhedron, x: Vector, now: Any, replies: Sequence[Vector]
) -> tuple[Fraction, Vector]:
    """Return the greatest gain that is proved by playing something on the way to one of the replies."""
    best, what = Fraction(0), x
    for reply in replies:
        if reply == x or own.violation(reply)[0] > 0:
            continue
        for k in range(0, 60, 2):
            part = Fraction(1, 2**k)
            y = tuple(v + part * (w - v) for v, w in zip(x, reply, strict=True))
            try:
                gain = _surely(now, value_at(expression, y))
            except InputError:
                continue
            if gain > best:
                best, what = gain, y
            elif best > 0:
                break
    return best, what


def _surely(now: Any, then: Any) -> Fraction:
    """Return a rational not above ``now - then``."""
    if isinstance(now, Fraction) and isinstance(then, Fraction):
        return now - then
    with flint.ctx.workprec(BITS):
        balls = [v if isinstance(v, flint.arb) else flint.arb(rational(v)) for v in (now, then)]
        return exact(lower_bound(balls[0] - balls[1]))


def least_known(gains: Sequence[Gain], names: Sequence[str]) -> None:
    """Refuse to judge where some player's gain has no bound.

    Raises
    ------
    NoChecker
        Naming the player.
    """
    for name, gain in zip(names, gains, strict=True):
        if gain.high is None:
            raise NoChecker(
                f"{name!r}: {gain.method}, and it has more than {MOST_VARIABLES} variables, no bounds, or too many "
                "parts to search; bound its strategies, or write the payoff so that its curvature is seen"
            )
