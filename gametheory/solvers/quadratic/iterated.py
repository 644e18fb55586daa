"""Iterated best replies: one after the other (Gauss-Seidel), all at once (Jacobi), damped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gametheory.errors import InputError
from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Answer, Concept
from gametheory.solvers.quadratic.replies import Replies

__all__ = ["IteratedReplies"]


@dataclass(frozen=True, slots=True)
class IteratedReplies:
    """Let players reply until nobody moves; the last tight constraints give the exact point.

    One after the other converges where there is a strictly convex potential; all at once only where replies contract
    (three Cournot firms cycle, four diverge), so damp it.

    Parameters
    ----------
    order
        ``"sequential"`` or ``"simultaneous"``.
    damping
        ``w`` in (0, 1]: a player goes this part of the way to its reply.
    tolerance
        Stop when no variable moves by more.
    sweeps
        At most so many rounds; then the status is ``not converged``.

    Examples
    --------
    >>> game = QuadraticGame.from_matrices(
    ...     [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    ... )
    >>> IteratedReplies().solve(game).profile
    ((Fraction(4, 1),), (Fraction(4, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("QuadraticGame",)
    concept: ClassVar[Concept] = Concept.NASH
    order: str = "sequential"
    damping: float = 1.0
    tolerance: float = 1e-10
    sweeps: int = 2000

    def solve(self, game: QuadraticGame) -> Answer:
        """Return the point where replies come to rest."""
        if self.order not in ("sequential", "simultaneous"):
            raise InputError(f"order={self.order!r}: give 'sequential' or 'simultaneous'")
        if not 0 < self.damping <= 1:
            raise InputError(f"damping={self.damping} must lie in (0, 1]")
        replies = Replies(game)
        joint = replies.start()
        tight: list[tuple[bool, ...]] = [()] * len(game.players)
        move, sweep = np.inf, 0
        for sweep in range(1, self.sweeps + 1):  # noqa: B007
            before = joint.copy()
            seen = before if self.order == "simultaneous" else joint
            for i, block in enumerate(game.blocks):
                inside = slice(block.start, block.stop)
                best, tight[i] = replies.reply(i, seen)
                joint[inside] = (1 - self.damping) * joint[inside] + self.damping * best
            move = float(np.abs(joint - before).max())
            if not np.isfinite(move) or move <= self.tolerance * max(1.0, float(np.abs(joint).max())):
                break
        converged = bool(np.isfinite(move)) and move <= self.tolerance * max(1.0, float(np.abs(joint).max()))
        joint = np.nan_to_num(joint, posinf=1e300, neginf=-1e300)
        return replies.answer(joint, tight, iterations=sweep, converged=converged, details={"last_move": move})
