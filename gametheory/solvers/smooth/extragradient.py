"""The extragradient method with a step that adapts itself.

Source: G. M. Korpelevich, "The extragradient method for finding saddle points and other problems", Matekon 13 (1977),
35-49; the step: E. N. Khobotov, "Modification of the extra-gradient method for solving variational inequalities and
certain optimization problems", USSR Computational Mathematics and Mathematical Physics 27(5) (1987), 120-127.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.result import Answer, Concept
from gametheory.solvers.smooth.answers import FINE, followed
from gametheory.solvers.smooth.field import Field

__all__ = ["Extragradient", "extragradient"]


@dataclass(frozen=True, slots=True)
class Extragradient:
    """Look one step ahead, then step with the marginal costs found there.

    1. ``y = P(x - t F(x))``; while ``t |F(x) - F(y)| > 0.9 |x - y|`` shrink ``t``.
    2. ``x <- P(x - t F(y))``; let ``t`` grow by a fifth.

    Converges where the marginal costs are monotone. The end is polished to rationals.

    Parameters
    ----------
    start
        A profile to start from; left out, the middle of the bounds.
    restarts
        How often to start again from the players' best replies, where they would leave the point that was found.
    iterations
        At most so many; then the status is ``not converged``.
    accuracy
        The regret that the answer claims where it is not exact.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> Extragradient().solve(catalogue("bilinear_saddle").game).profile
    ((Fraction(0, 1),), (Fraction(0, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("AggregativeGame", "PopulationGame", "QuadraticGame", "SmoothGame")
    concept: ClassVar[Concept] = Concept.NASH
    start: tuple[Any, ...] | None = None
    restarts: int = 3
    iterations: int = 5000
    accuracy: float = 1e-8

    def solve(self, game: Any) -> Answer:
        """Return the point where marginal costs allow no move."""
        return followed(game, extragradient, self)


def extragradient(
    field: Field, x: FloatArray, iterations: int, tolerance: float = FINE
) -> tuple[FloatArray, int, float]:
    """Return the last point, the number of iterations and the natural residual."""
    step, count = 1.0, 0
    slopes = field.map(x)
    residual = field.residual(x, slopes)
    for count in range(1, iterations + 1):  # noqa: B007
        if residual <= tolerance or not np.isfinite(slopes).all():
            break
        for _ in range(60):
            y = field.project(x - step * slopes)
            ahead = field.map(y)
            apart = float(np.linalg.norm(x - y))
            if np.isfinite(ahead).all() and step * float(np.linalg.norm(slopes - ahead)) <= 0.9 * apart:
                break
            step /= 2
        x = field.project(x - step * ahead)
        step *= 1.2
        slopes = field.map(x)
        residual = field.residual(x, slopes)
    return x, count, residual
