"""The potential programme: where all own marginal costs are the gradient of one convex function, minimise that.

Source: D. Monderer, L. S. Shapley, "Potential games", Games and Economic Behavior 14 (1996), 124-143. PIQP gives the
minimiser in floats; the constraints it holds to be tight are then solved in rationals (active-set polishing), so the
answer is an exact KKT point or the pivoting of Lemke takes over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.errors import Infeasible, SizeLimit, Unbounded, UnsupportedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.numerics.quadratic_program import interior_point
from gametheory.result import Answer, Concept
from gametheory.solvers.quadratic.answers import equilibrium_answer
from gametheory.solvers.quadratic.system import Point, System, is_convex

__all__ = ["PotentialProgramme", "minimise"]


@dataclass(frozen=True, slots=True)
class PotentialProgramme:
    """Minimise the exact potential; its minimisers are Nash equilibria where it is convex.

    Parameters
    ----------
    tolerance
        Of the interior-point method; the polishing makes the answer exact.
    largest_pivoting
        Most rows of the complementarity problem that Lemke's method may take over when polishing fails.

    Raises
    ------
    UnsupportedGame
        The game has no exact potential, or it is not convex.
    Infeasible, Unbounded
        A strategy set is empty, or the potential has no minimum.

    Examples
    --------
    >>> game = QuadraticGame.from_matrices(
    ...     [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    ... )
    >>> PotentialProgramme().solve(game).profile
    ((Fraction(4, 1),), (Fraction(4, 1),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("QuadraticGame",)
    concept: ClassVar[Concept] = Concept.NASH
    tolerance: float = 1e-10
    largest_pivoting: int = 300

    def solve(self, game: QuadraticGame) -> Answer:
        """Return an exact equilibrium."""
        system = System.of_game(game)
        if not system.symmetric:
            raise UnsupportedGame(
                "this game has no exact potential: the effect of a player on another's marginal cost is not mutual; "
                "use Lemke()"
            )
        if not is_convex(game.size, system.matrix):
            raise UnsupportedGame("the potential of this game is not convex; use Lemke() or KKTPatterns()")
        point, iterations, method = minimise(system, self.tolerance, self.largest_pivoting)
        return equilibrium_answer(game, point, iterations=iterations, details={"method": method})


def minimise(system: System, tolerance: float, largest_pivoting: int) -> tuple[Point, int, str]:
    """Return an exact minimiser of the convex function whose gradient is the system's map, and how it was found."""
    rows = [(coefficients, bound, equal) for coefficients, bound, equal, _ in system.polyhedron.rows()]
    found = interior_point(system.matrix, system.vector, rows, tolerance=tolerance)
    if found.solved:
        point = system.polished(found.tight)
        if point is not None:
            return point, found.iterations, "interior point, polished"
    size = system.polyhedron.size + sum(1 + equal for _, _, equal in rows)
    if size > largest_pivoting:
        raise SizeLimit(
            f"the interior point ({found.word}) could not be polished into an exact one, and {size} rows are more than "
            f"largest_pivoting={largest_pivoting}; raise it, or make the problem strictly convex"
        )
    point, path = system.pivoted()
    if point is None:
        # Positive semidefinite: a ray means that there is no point at all, or no end of falling.
        if not system.has_strategies():
            raise Infeasible("no strategies satisfy all constraints; loosen a bound or a row")
        raise Unbounded("the total falls without end along a direction that nothing stops; add a bound")
    return point, found.iterations + path.pivots, "complementary pivoting"
