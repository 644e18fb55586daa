"""Whether it matters how followers break ties at a decision, decided over their sets of optimal replies.

Where ``y`` minimises a convex quadratic with Hessian ``Q`` and slope ``g`` at ``y`` over a polyhedron, the minimisers
are the feasible ``u`` with ``Q u = Q y`` and ``g' u = g' y``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gametheory.certificates.linear_algebra import is_positive
from gametheory.certificates.quadratic_program import Program
from gametheory.errors import NoChecker
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["ties_matter"]


def ties_matter(game: StackelbergGame, joint: Sequence[Fraction]) -> str:
    """Return how another optimal reply hurts the leader where all replies are optimal; an empty text if none does.

    Raises
    ------
    NoChecker
        It is not decided here: followers that answer each other, or a leader's cost that is quadratic in a reply that
        ties.
    """
    choice = _optimal_replies(game, joint)
    first, last = game.blocks[1].start, len(joint)
    here = tuple(joint[first:])

    def most(weights: Sequence[Fraction]) -> Fraction | None:
        """Return the largest value over all optimal replies, None where there is none."""
        program = Program((), tuple(-w for w in weights), choice)
        least = program.least(here)
        return None if least.direction else -program.value(least.point)

    def fixed(k: int) -> bool:
        unit = [Fraction(int(m == k)) for m in range(last - first)]
        return most(unit) == here[k] and most([-u for u in unit]) == -here[k]

    moving = {k for k in range(last - first) if not fixed(k)}
    if not moving:
        return ""
    lead = game.costs[0]
    if any(r >= first and c >= first and {r - first, c - first} & moving for r, c, _ in lead.quadratic):
        raise NoChecker("a reply ties and the leader's cost bends with it: the worst reply is not decided here")
    weights = lead.gradient(joint, range(first, last))
    if most(weights) != sum((w * v for w, v in zip(weights, here, strict=True)), Fraction(0)):
        return "another optimal reply costs the leader more"
    for coefficients, bound, equal, text in game.constraints[0].rows():
        terms = dict(coefficients)
        row = [terms.get(first + k, Fraction(0)) for k in range(last - first)]
        rest = bound - sum((a * joint[k] for k, a in coefficients if k < first), Fraction(0))
        for sign in (1, -1) if equal else (1,):
            top = most([sign * a for a in row])
            if top is None or top > sign * rest:
                return f"another optimal reply breaks {text}"
    return ""


def _optimal_replies(game: StackelbergGame, joint: Sequence[Fraction]) -> Polyhedron:
    """Return all optimal replies together."""
    first = game.blocks[1].start
    below: list[Any] = []
    equal: list[Any] = []
    lower: list[Fraction | None] = []
    upper: list[Fraction | None] = []
    for i in range(1, len(game.players)):
        block, own, cost = game.blocks[i], game.constraints[i], game.costs[i]
        name = game.players[i]
        hessian = cost.block(block, block)
        if not is_positive(len(block), hessian, definite=False):
            raise NoChecker(f"{name!r} is not convex: its optimal replies are not known")
        met = {m for k in block for _, m, _ in cost.block(range(k, k + 1), range(len(joint)))}
        met |= {k for coefficients, _, _, _ in own.rows() for k, _ in coefficients}
        if any(k >= first and k not in block for k in met):
            raise NoChecker(f"{name!r} answers other followers too: their equilibria are not all known")
        lower += own.lower[block.start : block.stop]
        upper += own.upper[block.start : block.stop]
        for rows, target in ((own.inequalities, below), (own.equalities, equal)):
            for coefficients, bound in rows:
                fixed = sum((a * joint[k] for k, a in coefficients if k not in block), Fraction(0))
                target.append((tuple((k - first, a) for k, a in coefficients if k in block), bound - fixed))
        slope = cost.gradient(joint, block)
        levels = [tuple((block.start - first + k, g) for k, g in enumerate(slope) if g)]
        for r in range(len(block)):
            levels.append(tuple((block.start - first + c, v) for rr, c, v in hessian if rr == r))
        for row in levels:
            equal.append((row, sum((a * joint[first + k] for k, a in row), Fraction(0))))
    return Polyhedron(game.names[first:], tuple(lower), tuple(upper), tuple(below), tuple(equal))
