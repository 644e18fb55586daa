"""Generalised equilibria by all players' KKT conditions at once, each player with multipliers of its own.

Source: A. Dreves, F. Facchinei, C. Kanzow, S. Sagratella, "On the solution of the KKT conditions of generalized Nash
equilibrium problems", SIAM Journal on Optimization 21(3) (2011), 1082-1108 (the system with Fischer and Burmeister's
function); the step is Levenberg and Marquardt's with a line search.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.games.derivatives import jacobian
from gametheory.games.smooth_generalised import SmoothGeneralisedGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.smooth.answers import read_start
from gametheory.solvers.smooth.field import Field, Floats
from gametheory.solvers.smooth.own_rows import generalised_answer

__all__ = ["OwnMultipliers"]


@dataclass(frozen=True, slots=True)
class OwnMultipliers:
    """Solve ``F_i(x) + A_i' m_i = 0`` with ``m_i >= 0`` complementary to the slacks of its rows, for all ``i``.

    A row that several players keep has a multiplier for each of them, so solutions need not be isolated; the step is
    regularised. First-order conditions only: own costs that are not convex are looked at once more by the certificate.

    Parameters
    ----------
    start, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.
    iterations
        At most so many steps from each of some starts.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> answer = OwnMultipliers().solve(catalogue("facchinei_kanzow_3").game)
    >>> [round(float(x), 3) for x in answer.profile[0]]
    [-0.38, -0.123, -0.993]
    """

    accepts: ClassVar[tuple[str, ...]] = ("SmoothGeneralisedGame",)
    concept: ClassVar[Concept] = Concept.NASH
    start: tuple[Any, ...] | None = None
    iterations: int = 200
    accuracy: float = 1e-8

    def solve(self, game: SmoothGeneralisedGame) -> Answer:
        """Return a generalised equilibrium."""
        system = _System(game)
        first = read_start(Field.of(game), self.start)
        starts = [first, np.zeros_like(first), *(first + d for d in _directions(len(first)))]
        best, least, count = None, np.inf, 0
        for x in starts:
            left, found, steps = system.solved(x, self.iterations)
            count += steps
            if best is not None and left >= 1e-7 and left >= least:
                continue
            answer = generalised_answer(
                game,
                found,
                iterations=count,
                converged=left < 1e-7,
                accuracy=self.accuracy,
                details={"kkt_residual": left},
            )
            if answer.status is Status.SOLVED:
                return answer
            if best is None or left < least:
                best, least = answer, left
        assert best is not None  # there is a first start
        return best


def _directions(size: int) -> list[FloatArray]:
    random = np.random.default_rng(11)
    return [random.normal(size=size) for _ in range(4)]


class _System:
    """The conditions as one equation ``H(x, m) = 0``; rows are ``A x <= b``, equalities have free multipliers."""

    def __init__(self, game: SmoothGeneralisedGame) -> None:
        inner = game.game
        self.size = inner.size
        tape = inner.marginal_costs()
        self._map, self._bends = Floats(tape), Floats(jacobian(tape, range(inner.size)))
        rows: list[tuple[Any, Fraction, bool, range]] = []
        for own, block in zip(inner.strategies, inner.blocks, strict=True):
            for coefficients, bound, equal, _ in own.rows():
                rows.append((tuple((block.start + k, a) for k, a in coefficients), bound, equal, block))
        shared = [(row, False, free) for row, free in zip(game.inequalities, game.exempt, strict=True)]
        shared += [(row, True, ()) for row in game.equalities]
        for (coefficients, bound), equal, free in shared:
            for i, block in enumerate(inner.blocks):
                if i not in free and any(k in block for k, _ in coefficients):
                    rows.append((coefficients, bound, equal, block))
        count = len(rows)
        self._scale = 1.0
        self._matrix, self._felt = np.zeros((count, self.size)), np.zeros((count, self.size))
        self._bound = np.array([float(bound) for _, bound, _, _ in rows])
        self._equal = np.array([equal for _, _, equal, _ in rows], dtype=bool)
        for n, (coefficients, _, _, block) in enumerate(rows):
            for k, a in coefficients:
                self._matrix[n, k] = float(a)
                if k in block:
                    self._felt[n, k] = float(a)

    def _values(self, z: FloatArray) -> FloatArray:
        x, m = z[: self.size], z[self.size :]
        slack = self._bound - self._matrix @ x
        merit = slack + m - np.hypot(slack, m)  # Fischer and Burmeister: 0 where both are >= 0 and one is 0
        return np.concatenate(
            [self._map(x.tolist()) / self._scale + self._felt.T @ m, np.where(self._equal, slack, merit)]
        )

    def _slopes(self, z: FloatArray) -> FloatArray:
        x, m = z[: self.size], z[self.size :]
        slack = self._bound - self._matrix @ x
        norm = np.maximum(np.hypot(slack, m), 1e-300)
        by_slack = np.where(self._equal, 1.0, 1 - np.where(norm > 1e-12, slack / norm, 0.7071))
        by_price = np.where(self._equal, 0.0, 1 - np.where(norm > 1e-12, m / norm, 0.7071))
        top = np.hstack([self._bends(x.tolist()).reshape(self.size, self.size) / self._scale, self._felt.T])
        return np.vstack([top, np.hstack([-by_slack[:, None] * self._matrix, np.diag(by_price)])])

    def solved(self, x: FloatArray, iterations: int) -> tuple[float, FloatArray, int]:
        """Return the largest violation, the point, and the number of steps."""
        # Multipliers are counted in units of the slopes, so that slopes and slacks weigh alike in the norm.
        bends = self._bends(x.tolist())
        self._scale = max(1.0, float(np.median(np.abs(bends[bends != 0]))) if np.isfinite(bends).all() else 1.0)
        z = np.concatenate([x, np.where(self._equal, 0.0, 1.0)])
        values = self._values(z)
        size, count = float(np.linalg.norm(values)), 0
        for count in range(1, iterations + 1):  # noqa: B007
            if not np.isfinite(size) or size < 1e-13:
                break
            table = self._slopes(z)
            if not np.isfinite(table).all():
                break
            weight = min(1e-2, size * size) + 1e-14
            step = np.linalg.solve(table.T @ table + weight * np.eye(len(z)), -table.T @ values)
            length = 1.0
            while length > 1e-10:
                there = self._values(z + length * step)
                norm = float(np.linalg.norm(there))
                if np.isfinite(norm) and norm <= (1 - 1e-4 * length) * size:
                    break
                length /= 2
            else:
                break
            z, values, size = z + length * step, there, norm
        return float(np.abs(values).max()), z[: self.size], count
