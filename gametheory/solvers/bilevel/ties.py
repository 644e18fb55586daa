"""Does it matter how followers break ties? Decided exactly over their sets of optimal replies.

The optimal replies of a convex quadratic problem with optimum ``y`` are the feasible ``u`` with ``Q u = Q y`` and
``g' u = g' y``, where ``g`` is the slope at ``y``: a polyhedron. Followers that do not see each other choose from the
product of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gametheory.games.polyhedron import Coefficients
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.exact_bound import decide_exactly
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import Limits

__all__ = ["indifference"]


def indifference(game: StackelbergGame, joint: Sequence[Fraction]) -> str:
    """Return why ties matter at a decision with optimal replies, or an empty text if they do not.

    They do not where every optimal reply costs the leader the same (and meets its constraints): in particular where
    replies are unique.
    """
    first = game.blocks[1].start
    size = len(game.names) - first
    rows: list[Coefficients] = []
    limits = Limits([], [], [], [])
    for name, block, own, cost in zip(
        game.players[1:], game.blocks[1:], game.constraints[1:], game.costs[1:], strict=True
    ):
        others = set(range(first, len(joint))) - set(block)
        seen = {k for coefficients, _, _, _ in own.rows() for k, _ in coefficients}
        seen |= {m for k in block for _, m, _ in cost.block(range(k, k + 1), range(len(joint)))}
        if seen & others:
            return f"{name!r} answers other followers too, and not all of their equilibria are known"
        limits.lower += own.lower[block.start : block.stop]
        limits.upper += own.upper[block.start : block.stop]
        for kind in ("inequalities", "equalities"):
            for coefficients, bound in getattr(own, kind):
                fixed = sum((a * joint[k] for k, a in coefficients if k not in block), Fraction(0))
                rows.append(tuple((k - first, a) for k, a in coefficients if k in block))
                limits.row_lower.append(bound - fixed if kind == "equalities" else None)
                limits.row_upper.append(bound - fixed)
        slope = cost.gradient(joint, block)
        bent: dict[int, dict[int, Fraction]] = {}
        for r, c, v in cost.block(block, block):
            bent.setdefault(r, {})[block.start + c] = v
        for row in [dict(zip(block, slope, strict=True)), *bent.values()]:
            rows.append(tuple((k - first, a) for k, a in sorted(row.items()) if a))
            level = sum((a * joint[k] for k, a in row.items()), Fraction(0))
            limits.row_lower.append(level)
            limits.row_upper.append(level)
    unknown = Outcome("unknown")

    def most(weights: Sequence[Fraction]) -> Fraction | None:
        verdict = decide_exactly([-w for w in weights], rows, limits, unknown, None)
        return -verdict.value if verdict.status == "bounded" else None

    def fixed_at(k: int) -> bool:
        unit = [Fraction(int(m == k)) for m in range(size)]
        return most(unit) == joint[first + k] and most([-u for u in unit]) == -joint[first + k]

    lead = game.costs[0]
    loose = [k for k in range(size) if not fixed_at(k)]
    if any({r - first, c - first} & set(loose) and min(r, c) >= first for r, c, _ in lead.quadratic):
        return "replies tie and the leader's cost is quadratic in them"
    weights = list(lead.gradient(joint, range(first, len(joint))))
    if most(weights) != sum((w * v for w, v in zip(weights, joint[first:], strict=True)), Fraction(0)):
        return "at the optimistic optimum another optimal reply is worse for the leader"
    for coefficients, bound in (*game.constraints[0].inequalities, *game.constraints[0].equalities):
        weights = [dict(coefficients).get(first + k, Fraction(0)) for k in range(size)]
        fixed = sum((a * joint[k] for k, a in coefficients if k < first), Fraction(0))
        top = most(weights)
        if top is None or top + fixed > bound:
            return "another optimal reply breaks a constraint of the leader"
    for coefficients, _ in game.constraints[0].equalities:
        if any(k - first in loose for k, _ in coefficients):
            return "another optimal reply may break a constraint of the leader"
    return ""
