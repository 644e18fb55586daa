"""The social optimum of a quadratic game: the least total cost (or greatest total payoff) over all strategies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Answer, Concept
from gametheory.solvers.quadratic.answers import optimum_answer
from gametheory.solvers.quadratic.best_response import least_own
from gametheory.solvers.quadratic.potential import minimise
from gametheory.solvers.quadratic.system import Point, System, is_convex

__all__ = ["TotalProgramme"]


@dataclass(frozen=True, slots=True)
class TotalProgramme:
    """Minimise the total: by interior point and polishing where it is convex, else over all patterns of a small game.

    Raises
    ------
    Infeasible, Unbounded
        There is no feasible point, or no least total.
    UnsupportedGame, SizeLimit
        The total is not convex and a variable has no bound, or there are too many patterns.

    Examples
    --------
    >>> game = QuadraticGame.from_matrices([[[3, 1], [1, 0]], [[0, 1], [1, 3]]], [[-4, 0], [0, -8]])
    >>> TotalProgramme().solve(game).extra["value"]
    Fraction(-56, 5)
    """

    accepts: ClassVar[tuple[str, ...]] = ("QuadraticGame", "GeneralisedGame")
    concept: ClassVar[Concept] = Concept.OPTIMUM
    tolerance: float = 1e-10
    largest_pivoting: int = 300

    def solve(self, game: QuadraticGame | GeneralisedGame) -> Answer:
        """Return an exact optimum, under the shared constraints where there are some."""
        if isinstance(game, GeneralisedGame):
            system = replace(System.of_total(game.game), polyhedron=game.joint_strategies())
            game = game.game
        else:
            system = System.of_total(game)
        if is_convex(game.size, system.matrix):
            point, iterations, method = minimise(system, self.tolerance, self.largest_pivoting)
            return optimum_answer(game, point, iterations=iterations, method=method)
        x = least_own(system)
        rows = sum(1 for _ in system.polyhedron.rows())
        return optimum_answer(game, Point(x, (x[0] * 0,) * rows), method="all patterns")
