"""Forward-backward steps with an adaptive step: the golden ratio algorithm, which asks for the map once a step.

Source: Y. Malitsky, "Golden ratio algorithms for variational inequalities", Mathematical Programming 184 (2020),
383-410, algorithm 1 (the adaptive one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.result import Answer, Concept
from gametheory.solvers.smooth.answers import FINE, followed
from gametheory.solvers.smooth.field import Field

__all__ = ["ForwardBackward", "golden_ratio"]

_GOLDEN = 1.5


@dataclass(frozen=True, slots=True)
class ForwardBackward:
    """Step forward along the marginal costs, back onto the strategies, from a running mean of the points.

    1. ``step = min(rho step', phi theta'/(4 step') |x - x'|^2/|F(x) - F(x')|^2)``.
    2. ``mean = ((phi - 1) x + mean')/phi``.
    3. ``x <- P(mean - step F(x))``; ``theta = phi step/step'``.

    Converges where the marginal costs are monotone, without a Lipschitz constant. The end is polished to rationals.

    Parameters
    ----------
    start, restarts, iterations, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> ForwardBackward().solve(catalogue("cournot_duopoly").game).profile
    ((Fraction(4, 1),), (Fraction(4, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("AggregativeGame", "PopulationGame", "QuadraticGame", "SmoothGame")
    concept: ClassVar[Concept] = Concept.NASH
    start: tuple[Any, ...] | None = None
    restarts: int = 3
    iterations: int = 10_000
    accuracy: float = 1e-8

    def solve(self, game: Any) -> Answer:
        """Return the point where marginal costs allow no move."""
        return followed(game, golden_ratio, self)


def golden_ratio(
    field: Field, x: FloatArray, iterations: int, tolerance: float = FINE
) -> tuple[FloatArray, int, float]:
    """Return the last point, the number of iterations and the natural residual."""
    slopes = field.map(x)
    residual = field.residual(x, slopes)
    if residual <= tolerance or not np.isfinite(slopes).all():
        return x, 0, residual
    growth = 1 / _GOLDEN + 1 / _GOLDEN**2
    mean = x.copy()
    step = 1.0  # the first one: from two points that are a little apart
    for _ in range(60):
        ahead = field.project(x - step * slopes)
        there = field.map(ahead)
        if np.isfinite(there).all() and step * np.linalg.norm(slopes - there) <= 0.4 * np.linalg.norm(x - ahead):
            break
        step /= 2
    last, before = step, (x, slopes)
    theta, count = 1.0, 0
    x = field.project(mean - step * slopes)
    for count in range(1, iterations + 1):  # noqa: B007
        slopes = field.map(x)
        if not np.isfinite(slopes).all():
            x = (x + before[0]) / 2
            continue
        residual = field.residual(x, slopes)
        if residual <= tolerance:
            break
        apart = float(np.sum((x - before[0]) ** 2))
        bent = float(np.sum((slopes - before[1]) ** 2))
        step = growth * last
        if bent > 0:
            step = min(step, _GOLDEN * theta / (4 * last) * apart / bent)
        step = min(max(step, 1e-14), 1e8)
        theta = _GOLDEN * step / last
        mean = ((_GOLDEN - 1) * x + mean) / _GOLDEN
        before, last = (x, slopes), step
        x = field.project(mean - step * slopes)
    return x, count, residual
