"""The relaxation of Nikaido and Isoda's function, with a constant or an optimised step.

Source: S. Uryas'ev, R. Y. Rubinstein, "On relaxation algorithms in computation of noncooperative equilibria", IEEE
Transactions on Automatic Control 39(6), 1994, 1263-1267; J. B. Krawczyk, S. Uryasev, "Relaxation algorithms to find
Nash equilibria with economic applications", Environmental Modeling and Assessment 5 (2000) 63-73 (the optimised step).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gametheory.errors import InputError
from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Answer, Concept
from gametheory.solvers.quadratic.replies import Replies

__all__ = ["NikaidoIsoda"]

#: Steps among which the optimised one is searched first, before the interval around the best is halved.
_STEPS = (1.0, 0.75, 0.5, 0.35, 0.2, 0.1, 0.05)
_HALVINGS = 6


@dataclass(frozen=True, slots=True)
class NikaidoIsoda:
    """Go part of the way to the optimum response ``Z(x)``: ``x <- (1 - alpha) x + alpha Z(x)``.

    Stops when ``max_y Psi(x, y)``, what all players together could gain by their own replies, is at most `tolerance`;
    the tight constraints of the last response give the exact point.

    Parameters
    ----------
    step
        ``alpha`` in (0, 1], or None: the step that makes the next ``max_y Psi`` smallest, searched each time.
    tolerance, iterations
        When to stop; after `iterations` the status is ``not converged``.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> NikaidoIsoda().solve(catalogue("cournot_duopoly").game).profile
    ((Fraction(4, 1),), (Fraction(4, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("QuadraticGame",)
    concept: ClassVar[Concept] = Concept.NASH
    step: float | None = None
    tolerance: float = 1e-12
    iterations: int = 2000

    def solve(self, game: QuadraticGame) -> Answer:
        """Return the normalised equilibrium at which the relaxation comes to rest."""
        if self.step is not None and not 0 < self.step <= 1:
            raise InputError(f"step={self.step} must lie in (0, 1], or be None to be optimised")
        replies = Replies(game)
        joint, _ = replies.all(replies.start())
        merit, count = np.inf, 0
        tight: list[tuple[bool, ...]] = []
        for count in range(self.iterations + 1):  # noqa: B007
            response, tight = replies.all(joint)
            merit = replies.gains(joint, response)
            scale = max(1.0, float(np.abs(joint).max()) ** 2)
            if not np.isfinite(merit) or merit <= self.tolerance * scale:
                break
            alpha = self.step if self.step is not None else _optimised(replies, joint, response)
            joint = (1 - alpha) * joint + alpha * response
        converged = bool(np.isfinite(merit)) and merit <= self.tolerance * max(1.0, float(np.abs(joint).max()) ** 2)
        joint = np.nan_to_num(joint, posinf=1e300, neginf=-1e300)
        return replies.answer(joint, tight, iterations=count, converged=converged, details={"merit": merit})


def _optimised(replies: Replies, joint: np.ndarray, response: np.ndarray) -> float:
    """Return a step with a small next merit: the best of a few, then the interval around it halved."""

    def merit(alpha: float) -> float:
        there = (1 - alpha) * joint + alpha * response
        return replies.gains(there, replies.all(there)[0])

    best = min(_STEPS, key=merit)
    value, width = merit(best), best / 2
    for _ in range(_HALVINGS):
        for trial in (best - width, best + width):
            if 0 < trial <= 1:
                found = merit(trial)
                if found < value:
                    best, value = trial, found
        width /= 2
    return best
