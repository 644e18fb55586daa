"""Does it matter how followers break ties? Decided exactly over their sets of optimal replies.

The optimal replies of a convex quadratic problem with optimum ``y`` are the feasible ``u`` with ``Q u = Q y`` and
``g' u = g' y``, where ``g`` is the slope at ``y``: a polyhedron. Followers that do not see each other choose from the
product of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.games.polyhedron import Coefficients
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.exact_bound import decide_exactly
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import Limits

__all__ = ["answers_others", "dearest_reply", "indifference", "optimal_replies"]


def indifference(game: StackelbergGame, joint: Sequence[Fraction]) -> str:
    """Return why ties matter at a decision with optimal replies, or an empty text if they do not.

    They do not where every optimal reply costs the leader the same (and meets its constraints): in particular where
    replies are unique.
    """
    stranger = answers_others(game)
    if stranger:
        return f"{stranger!r} answers other followers too, and not all of their equilibria are known"
    replies = _Replies.of(game, joint)
    first = game.blocks[1].start
    loose = [k for k in range(len(game.names) - first) if not replies.fixed(k)]
    lead = game.costs[0]
    if any({r - first, c - first} & set(loose) and min(r, c) >= first for r, c, _ in lead.quadratic):
        return "replies tie and the leader's cost is quadratic in them"
    weights = list(lead.gradient(joint, range(first, len(joint))))
    if replies.most(weights) != sum((w * v for w, v in zip(weights, joint[first:], strict=True)), Fraction(0)):
        return "at the optimistic optimum another optimal reply is worse for the leader"
    return replies.breaks(loose)


def dearest_reply(game: StackelbergGame, joint: Sequence[Fraction]) -> Fraction | None:
    """Return the leader's largest cost over all optimal replies to a decision of which one is given.

    None where there is none, or where one breaks a constraint of the leader; its cost must be linear in replies.
    """
    replies = _Replies.of(game, joint)
    first = game.blocks[1].start
    weights = list(game.costs[0].gradient(joint, range(first, len(joint))))
    top = replies.most(weights)
    loose = [k for k in range(len(game.names) - first) if not replies.fixed(k)]
    if top is None or replies.breaks(loose):
        return None
    here = sum((w * v for w, v in zip(weights, joint[first:], strict=True)), Fraction(0))
    dearest: Fraction = game.costs[0].value(joint) + top - here
    return dearest


def optimal_replies(game: StackelbergGame, joint: Sequence[Fraction]) -> tuple[list[Coefficients], Limits]:
    """Return all optimal replies to a decision, of which `joint` holds one, as rows over the replies' columns."""
    replies = _Replies.of(game, joint)
    return replies.rows, replies.limits


def answers_others(game: StackelbergGame) -> str:
    """Return the name of a follower that sees another one's reply, or an empty text."""
    first = game.blocks[1].start
    for name, block, own, cost in zip(
        game.players[1:], game.blocks[1:], game.constraints[1:], game.costs[1:], strict=True
    ):
        seen = {k for coefficients, _, _, _ in own.rows() for k, _ in coefficients}
        seen |= {m for k in block for _, m, _ in cost.block(range(k, k + 1), range(len(game.names)))}
        if any(k >= first and k not in block for k in seen):
            return name
    return ""


@dataclass(frozen=True, slots=True)
class _Replies:
    """All optimal replies to a decision, as rows over the replies' columns."""

    game: StackelbergGame
    joint: Sequence[Fraction]
    rows: list[Coefficients]
    limits: Limits

    @classmethod
    def of(cls, game: StackelbergGame, joint: Sequence[Fraction]) -> _Replies:
        first = game.blocks[1].start
        rows: list[Coefficients] = []
        limits = Limits([], [], [], [])
        for block, own, cost in zip(game.blocks[1:], game.constraints[1:], game.costs[1:], strict=True):
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
        return cls(game, joint, rows, limits)

    def most(self, weights: Sequence[Fraction]) -> Fraction | None:
        """Return the largest value of a linear form, None where it has none."""
        verdict = decide_exactly([-w for w in weights], self.rows, self.limits, Outcome("unknown"), None)
        return -verdict.value if verdict.status == "bounded" else None

    def fixed(self, k: int) -> bool:
        """Whether all optimal replies agree in variable `k`."""
        first = self.game.blocks[1].start
        unit = [Fraction(int(m == k)) for m in range(len(self.game.names) - first)]
        return self.most(unit) == self.joint[first + k] and self.most([-u for u in unit]) == -self.joint[first + k]

    def breaks(self, loose: Sequence[int]) -> str:
        """Return that another optimal reply breaks a constraint of the leader, if one does."""
        first = self.game.blocks[1].start
        own = self.game.constraints[0]
        for coefficients, bound in (*own.inequalities, *own.equalities):
            weights = [dict(coefficients).get(first + k, Fraction(0)) for k in range(len(self.game.names) - first)]
            fixed = sum((a * self.joint[k] for k, a in coefficients if k < first), Fraction(0))
            top = self.most(weights)
            if top is None or top + fixed > bound:
                return "another optimal reply breaks a constraint of the leader"
        for coefficients, _ in own.equalities:
            if any(k - first in loose for k, _ in coefficients):
                return "another optimal reply may break a constraint of the leader"
        return ""
