"""The variational equilibrium of a monotone quadratic game in arrays, by an interior-point method.

Source: F. Facchinei, C. Kanzow, "Generalized Nash equilibrium problems", 4OR 5 (2007), 173-210, section 3.2 (one
variational inequality with one multiplier for each shared row); the algorithm is that of
:mod:`gametheory.numerics.affine_inequality`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.errors import InputError
from gametheory.games.affine import AffineGame
from gametheory.numerics.affine_inequality import solve_affine
from gametheory.result import Answer, Concept, Status

__all__ = ["AffineInteriorPoint"]


@dataclass(frozen=True, slots=True)
class AffineInteriorPoint:
    """Solve the joint conditions in floats; without shared rows the answer is a Nash equilibrium.

    Parameters
    ----------
    tolerance
        The regret and the gap of the variational inequality that are claimed (money).
    rounds
        Most steps.
    weights
        Rosen's weights ``r_i > 0``, one a player; None: all 1. A player of weight ``r_i`` sees the multipliers over
        ``r_i``.

    Examples
    --------
    >>> game = AffineGame(sizes=(1, 1), matrix=[[2, 0], [0, 2]], vector=[-2, -1], lower=[0, 0], upper=[9, 9],
    ...                   rows=[[1, 1]], bounds=[1])
    >>> answer = AffineInteriorPoint().solve(game)
    >>> answer.profile["joint"].round(5), answer.witness["multipliers"].round(5)
    (array([0.75, 0.25]), array([0.5]))
    """

    accepts: ClassVar[tuple[str, ...]] = ("AffineGame",)
    concept: ClassVar[Concept] = Concept.VARIATIONAL
    tolerance: float = 1e-6
    rounds: int = 100
    weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < np.inf:
            raise InputError(f"tolerance={self.tolerance} must be > 0 and finite (money)")
        if self.rounds < 1:
            raise InputError(f"rounds={self.rounds} must be at least 1")

    def solve(self, game: AffineGame) -> Answer:
        """Return a strictly feasible point with its multipliers."""
        game = game if self.weights is None else game.weighted(self.weights)
        rows = np.zeros((0, len(game.vector))) if game.rows is None else game.rows
        bounds = np.zeros(0) if game.bounds is None else game.bounds
        fixed = game.lower == game.upper
        free = ~fixed
        # A variable with one value has no inside: it is put into the constants.
        settled = np.where(fixed, game.lower, 0.0)
        found = solve_affine(
            game.matrix[np.ix_(free, free)] if fixed.any() else game.matrix,
            (game.vector + game.matrix @ settled)[free],
            game.lower[free],
            game.upper[free],
            rows[:, free] if fixed.any() else rows,
            bounds - rows @ settled,
            tolerance=self.tolerance / 4,
            rounds=self.rounds,
        )
        joint = settled.copy()
        joint[free] = found.point
        prices = np.maximum(found.prices, 0.0)
        return Answer(
            profile={"joint": joint},
            epsilon=Fraction(self.tolerance),
            iterations=found.rounds,
            status=Status.SOLVED if found.gap <= self.tolerance / 8 else Status.NOT_CONVERGED,
            witness={"multipliers": prices} | ({} if self.weights is None else {"weights": self.weights}),
            extra={"details": {"shared_multipliers": tuple(prices.tolist())}},
        )
