"""The relaxation of Nikaido and Isoda's function under shared constraints: a retail market with line limits (A.4).

Source: S. Uryas'ev, R. Y. Rubinstein, "On relaxation algorithms in computation of noncooperative equilibria", IEEE
Transactions on Automatic Control 39(6), 1994, 1263-1267; J. B. Krawczyk, S. Uryasev, "Relaxation algorithms to find
Nash equilibria with economic applications", Environmental Modeling and Assessment 5 (2000) 63-73 (shared constraints,
the optimised step).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import Infeasible, InputError, Unbounded, UnsupportedGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.numerics.quadratic_program import FloatSolution, interior_point
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.generalised.shared_multipliers import SharedMultipliers
from gametheory.solvers.quadratic.system import Point, System, is_convex

__all__ = ["SharedNikaidoIsoda"]

#: Steps among which the optimised one is chosen.
_STEPS = (1.0, 0.75, 0.5, 0.35, 0.2, 0.1, 0.05)


@dataclass(frozen=True, slots=True)
class SharedNikaidoIsoda:
    """Go part of the way to the joint optimum response ``Z(x) = argmax_{y in X} Psi(x, y)``.

    ``X`` holds the shared rows, so one convex programme answers for all players; its rest point is the normalised
    equilibrium, at which all see the same multipliers. Stops when ``max_y Psi(x, y)`` is at most `tolerance`; the rows
    that hold the last response give the exact point.

    Parameters
    ----------
    step
        ``alpha`` in (0, 1], or None: the step that makes the next ``max_y Psi`` smallest.
    tolerance, iterations
        When to stop; after `iterations` the status is ``not converged``.

    Raises
    ------
    UnsupportedGame
        A player's own cost is not convex.
    Infeasible, Unbounded
        Nothing satisfies all constraints, or there is no optimum response.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> SharedNikaidoIsoda().solve(catalogue("shared_budget").game).profile
    ((Fraction(3, 4),), (Fraction(1, 4),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("GeneralisedGame",)
    concept: ClassVar[Concept] = Concept.VARIATIONAL
    step: float | None = None
    tolerance: float = 1e-12
    iterations: int = 500

    def __post_init__(self) -> None:
        if self.step is not None and not 0 < self.step <= 1:
            raise InputError(f"step={self.step} must lie in (0, 1], or be None to be optimised")

    def solve(self, game: GeneralisedGame) -> Answer:
        """Return the normalised equilibrium at which the relaxation comes to rest."""
        inner = game.game
        for name, cost, block in zip(inner.players, inner.costs, inner.blocks, strict=True):
            if not is_convex(len(block), cost.block(block, block)):
                raise UnsupportedGame(f"{name!r}: its own cost is not convex, so the optimum response jumps")
        plain = System.of_game(inner)
        system = System(plain.matrix, plain.vector, game.joint_strategies())
        response = _Response(game, system)
        joint = response.to(np.zeros(inner.size))[0].point
        count, merit, found = 0, np.inf, None
        for count in range(self.iterations + 1):  # noqa: B007
            found, merit = response.to(joint)
            if not np.isfinite(merit) or merit <= self.tolerance * max(1.0, float(np.abs(joint).max()) ** 2):
                break
            way = found.point - joint
            alpha = self.step or min(_STEPS, key=lambda a: response.to(joint + a * way)[1])
            joint = joint + alpha * way
        rest = bool(merit <= self.tolerance * max(1.0, float(np.abs(joint).max()) ** 2))
        point = system.polished(found.tight) if rest and found is not None else None
        answers, ones = SharedMultipliers(), (Fraction(1),) * len(game.players)
        if point is not None:
            return answers._answer(game, point, ones, count, "relaxation, polished")
        floats = tuple(Fraction(float(v)) for v in np.nan_to_num(joint, posinf=1e300, neginf=-1e300))
        rough = Point(floats, (Fraction(0),) * sum(1 for _ in system.polyhedron.rows()))
        answer = answers._answer(game, rough, ones, count, "relaxation")
        return Answer(profile=answer.profile, status=Status.NOT_CONVERGED, iterations=count, extra=answer.extra)


class _Response:
    """The joint optimum response, and what it gains."""

    def __init__(self, game: GeneralisedGame, system: System) -> None:
        inner = game.game
        self.matrix, self.own = np.zeros((inner.size, inner.size)), np.zeros((inner.size, inner.size))
        for r, c, v in system.matrix:
            self.matrix[r, c] += float(v)
        for block in inner.blocks:
            part = slice(block.start, block.stop)
            self.own[part, part] = self.matrix[part, part]
        self.entries = [(r, c, self.own[r, c]) for r, c in zip(*np.nonzero(self.own), strict=True)]
        self.vector = np.array([float(v) for v in system.vector])
        self.rows: list[Any] = [(row, bound, equal) for row, bound, equal, _ in system.polyhedron.rows()]
        self.system = system

    def to(self, joint: FloatArray) -> tuple[FloatSolution, float]:
        """Return ``Z(x)`` and ``max_y Psi(x, y)``."""
        slopes = self.matrix @ joint + self.vector - self.own @ joint
        found = interior_point(self.entries, slopes.tolist(), self.rows)
        if not found.solved:
            if not self.system.has_strategies():
                raise Infeasible("no joint strategy satisfies all constraints; loosen a bound or a shared row")
            raise Unbounded(f"no optimum response was found ({found.word}); bound the strategies")

        def value(x: FloatArray) -> float:
            return float(slopes @ x + x @ self.own @ x / 2)

        return found, value(joint) - value(found.point)
