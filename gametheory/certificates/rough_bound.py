"""A rigorous lower bound of a leader's cost where a search in rationals is too long: quick, and rarely tight.

The best of what can be had: (1) the relaxation without complementarity, solved in rationals where it is small enough;
(2) the cost over the bounds of all variables, each term at its least (a product at one of its corners). Whatever the
followers answer, their replies keep within their bounds; so neither needs to know how they answer.
"""

from __future__ import annotations

from fractions import Fraction

from gametheory.certificates.complementarity_search import convex_relaxation, polyhedron_of, some_point
from gametheory.certificates.quadratic_program import Program
from gametheory.errors import NoChecker
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["rough_bound"]

#: Larger relaxations are not solved in rationals.
_MOST_LINES = 220


def rough_bound(game: StackelbergGame) -> Fraction | None:
    """Return a number that the leader's cost is never below, None where none was found."""
    found = [bound for bound in (_relaxed(game), _boxed(game)) if bound is not None]
    return max(found, default=None)


def _relaxed(game: StackelbergGame) -> Fraction | None:
    try:
        relaxation = convex_relaxation(game)
    except NoChecker:
        return None
    if len(relaxation.lines) > _MOST_LINES:
        return None
    everything = range(relaxation.size)
    lines = relaxation.decided({})
    start = some_point(relaxation.size, lines)
    if start is None:
        return None
    hessian = tuple(relaxation.cost.block(everything, everything))
    gradient = relaxation.cost.gradient([Fraction(0)] * relaxation.size, everything)
    least = Program(hessian, gradient, polyhedron_of(relaxation.size, lines)).least(start)
    if least.direction:
        return None
    value: Fraction = relaxation.cost.value(least.point)
    return value


def _boxed(game: StackelbergGame) -> Fraction | None:
    """Return the least of every term within the bounds of its variables, added up."""
    low: list[Fraction | None] = [None] * len(game.names)
    high: list[Fraction | None] = [None] * len(game.names)
    for own, block in zip(game.constraints, game.blocks, strict=True):
        low[block.start : block.stop] = own.lower[block.start : block.stop]
        high[block.start : block.stop] = own.upper[block.start : block.stop]
    cost = game.costs[0]
    total = cost.constant
    for k, v in cost.linear:
        side = low[k] if v > 0 else high[k]
        if side is None:
            return None
        total += v * side
    for r, c, v in cost.quadratic:
        sides = [end for k in (r, c) for end in (low[k], high[k])]
        if r == c and v > 0 and None in sides:  # a square is never negative
            continue
        if None in sides:
            return None
        corners = [a * b for a in sides[:2] for b in sides[2:] if a is not None and b is not None]
        if r == c:  # the ends squared, and 0 between ends of both signs
            squares = [corners[0], corners[3], *([Fraction(0)] if corners[1] <= 0 else [])]
            total += min(v * square / 2 for square in squares)
        else:
            total += min(v * corner for corner in corners)
    return total
