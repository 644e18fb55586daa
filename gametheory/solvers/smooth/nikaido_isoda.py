"""The relaxation of Nikaido and Isoda's function for formulas, with a constant or an optimised step.

Source: S. Uryas'ev, R. Y. Rubinstein, "On relaxation algorithms in computation of noncooperative equilibria", IEEE
Transactions on Automatic Control 39(6), 1994, 1263-1267; J. B. Krawczyk, S. Uryasev, "Relaxation algorithms to find
Nash equilibria with economic applications", Environmental Modeling and Assessment 5 (2000) 63-73 (the optimised step).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError
from gametheory.games.smooth import as_smooth
from gametheory.result import Answer, Concept
from gametheory.solvers.smooth.answers import FINE, WAVY, finished, read_start
from gametheory.solvers.smooth.field import Field
from gametheory.solvers.smooth.replies import OwnProblem, problems

__all__ = ["Relaxation"]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Go part of the way to everybody's best replies ``Z(x)``: ``x <- (1 - alpha) x + alpha Z(x)``.

    Parameters
    ----------
    step
        ``alpha`` in (0, 1], or None: the step that makes the next ``max_y Psi`` smallest, by golden section.
    start, iterations, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> Relaxation().solve(catalogue("cournot_duopoly").game).profile
    ((Fraction(4, 1),), (Fraction(4, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("AggregativeGame", "QuadraticGame", "SmoothGame")
    concept: ClassVar[Concept] = Concept.NASH
    step: float | None = None
    start: tuple[Any, ...] | None = None
    iterations: int = 200
    accuracy: float = 1e-8

    def solve(self, game: Any) -> Answer:
        """Return the equilibrium at which the relaxation comes to rest."""
        if self.step is not None and not 0 < self.step <= 1:
            raise InputError(f"step={self.step} must lie in (0, 1], or be None to be optimised")
        inner = as_smooth(game)
        field = Field.of(inner)
        players = problems(inner.costs, inner.strategies, inner.blocks)
        x = read_start(field, self.start)
        for own in players:
            own.look(x)
        most = min(self.iterations, WAVY) if any(own.wavy for own in players) else self.iterations
        merit, move, count = np.inf, np.inf, 0
        for count in range(1, most + 1):  # noqa: B007
            response = _all(players, x)
            merit = _gains(players, inner.blocks, x, response)
            move = float(np.abs(response - x).max())
            scale = max(1.0, float(np.abs(x).max()))
            if move <= FINE / 10 * scale or not np.isfinite(merit):
                break
            alpha = self.step if self.step is not None else _optimised(players, inner.blocks, x, response)
            x = (1 - alpha) * x + alpha * response
        return finished(
            game,
            x,
            iterations=count,
            converged=move <= FINE * max(1.0, float(np.abs(x).max())),
            accuracy=self.accuracy,
            details={"merit": merit, "natural_residual": field.residual(x)},
        )


def _all(players: Sequence[OwnProblem], x: FloatArray) -> FloatArray:
    return np.concatenate([own.reply(x) for own in players])


def _gains(players: Sequence[OwnProblem], blocks: Sequence[range], x: FloatArray, response: FloatArray) -> float:
    """Return the largest value of Nikaido and Isoda's function: what all gain by their own replies."""
    return sum(own.gain(x, response[b.start : b.stop]) for own, b in zip(players, blocks, strict=True))


def _optimised(players: Sequence[OwnProblem], blocks: Sequence[range], x: FloatArray, response: FloatArray) -> float:
    """Return a step with a small next merit: a coarse look, then the interval around the best halved."""

    def merit(alpha: float) -> float:
        there = (1 - alpha) * x + alpha * response
        return _gains(players, blocks, there, _all(players, there))

    best = min((1.0, 0.6, 0.35, 0.2, 0.1), key=merit)
    value, width = merit(best), best / 2
    for _ in range(3):
        for trial in (best - width, best + width):
            if 0 < trial <= 1:
                found = merit(trial)
                if found < value:
                    best, value = trial, found
        width /= 2
    return best
