"""Best replies, one after the other (Gauss-Seidel) or all at once (Jacobi), damped, with inertia.

Source: J. B. Rosen's game played by Cournot's tatonnement; inertia: B. T. Polyak, "Some methods of speeding up the
convergence of iteration methods", USSR Computational Mathematics and Mathematical Physics 4(5) (1964), 1-17.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.errors import InputError
from gametheory.games.smooth import as_smooth
from gametheory.result import Answer, Concept
from gametheory.solvers.smooth.answers import FINE, WAVY, finished, read_start
from gametheory.solvers.smooth.field import Field
from gametheory.solvers.smooth.replies import problems

__all__ = ["BestReplies"]


@dataclass(frozen=True, slots=True)
class BestReplies:
    """Let players reply until nobody moves: ``x_i <- (1 - w) x_i + w reply_i(x) + v (x_i - x_i')``, kept feasible.

    Replies are searched over the whole strategy set, from several starts where the own cost is not convex. Sequential
    replies converge where there is a strictly convex potential, simultaneous ones where replies contract; damping
    helps where they swing, inertia ``v`` where they creep.

    Parameters
    ----------
    order
        ``"sequential"`` (Gauss-Seidel) or ``"simultaneous"`` (Jacobi).
    damping
        ``w`` in (0, 1].
    inertia
        ``v`` in [0, 1).
    start, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.
    sweeps
        At most so many rounds.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> BestReplies().solve(catalogue("cournot_duopoly").game).profile
    ((Fraction(4, 1),), (Fraction(4, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("AggregativeGame", "QuadraticGame", "SmoothGame")
    concept: ClassVar[Concept] = Concept.NASH
    order: str = "sequential"
    damping: float = 1.0
    inertia: float = 0.0
    start: tuple[Any, ...] | None = None
    sweeps: int = 500
    accuracy: float = 1e-8

    def solve(self, game: Any) -> Answer:
        """Return the point where replies come to rest."""
        if self.order not in ("sequential", "simultaneous"):
            raise InputError(f"order={self.order!r}: give 'sequential' or 'simultaneous'")
        if not 0 < self.damping <= 1 or not 0 <= self.inertia < 1:
            raise InputError(f"damping={self.damping} must lie in (0, 1], inertia={self.inertia} in [0, 1)")
        inner = as_smooth(game)
        field = Field.of(inner)
        players = problems(inner.costs, inner.strategies, inner.blocks)
        x = read_start(field, self.start)
        for own in players:
            own.look(x)
        drift = np.zeros(len(x))
        most = min(self.sweeps, WAVY) if any(own.wavy for own in players) else self.sweeps
        move, count = np.inf, 0
        seen: set[bytes] = set()
        for count in range(1, most + 1):  # noqa: B007
            before = x.copy()
            for own, block in zip(players, inner.blocks, strict=True):
                inside = slice(block.start, block.stop)
                best = own.reply(before if self.order == "simultaneous" else x)
                x[inside] = (1 - self.damping) * x[inside] + self.damping * best + self.inertia * drift[inside]
            if self.inertia:
                x = field.project(x)
            drift = x - before
            move = float(np.abs(drift).max())
            scale = max(1.0, float(np.abs(x).max()))
            trace = np.round(x, 10).tobytes()
            if move <= FINE / 100 * scale or not np.isfinite(move) or (not self.inertia and trace in seen):
                break
            seen.add(trace)
        scale = max(1.0, float(np.abs(x).max()))
        return finished(
            game,
            x,
            iterations=count,
            converged=move <= FINE * scale,
            accuracy=self.accuracy,
            details={"last_move": move, "natural_residual": field.residual(x)},
        )
