"""Lemke's complementary pivoting for the KKT conditions of all players together, in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.errors import Infeasible, SizeLimit, UnsupportedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.quadratic.answers import equilibrium_answer
from gametheory.solvers.quadratic.best_response import is_equilibrium
from gametheory.solvers.quadratic.system import System

__all__ = ["Lemke"]


@dataclass(frozen=True, slots=True)
class Lemke:
    """Find a point where all players' first-order conditions hold; where the own parts are convex, an equilibrium.

    With a monotone map (positive semidefinite symmetric part) the path ends at an equilibrium whenever one exists; with
    another map it may end in a ray, which then proves nothing and is said to be one. Where a player's own problem is
    not convex the point is only a candidate: if a player can leave it with a gain the status is ``no equilibrium
    found``. Algorithm: :mod:`gametheory.numerics.complementarity`.

    Parameters
    ----------
    largest
        Most variables of the complementarity problem.

    Examples
    --------
    >>> game = QuadraticGame.from_matrices(
    ...     [[[2, 1], [1, 0]], [[0, -1], [-1, 2]]], [[-1, 0], [0, -1]], lower=[[0], [0]], upper=[[5], [5]]
    ... )
    >>> Lemke().solve(game).profile
    ((Fraction(1, 5),), (Fraction(3, 5),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("QuadraticGame",)
    concept: ClassVar[Concept] = Concept.NASH
    largest: int = 400

    def solve(self, game: QuadraticGame) -> Answer:
        """Return the end of the path."""
        system = System.of_game(game)
        rows = list(system.polyhedron.rows())
        size = game.size + sum(1 + equal for _, _, equal, _ in rows)
        if size > self.largest:
            raise SizeLimit(
                f"{size} complementary pairs are more than largest={self.largest}; use PotentialProgramme() if the "
                "game has a potential, or raise it"
            )
        point, path = system.pivoted()
        if point is None:
            if not system.has_strategies():
                raise Infeasible("no strategies satisfy all constraints; loosen a bound or a row")
            raise UnsupportedGame(
                f"Lemke's path ended in a ray after {path.pivots} pivots: for a monotone game this means that no "
                "equilibrium exists, for this one it may mean nothing; use KKTPatterns() on a small game"
            )
        passed = is_equilibrium(game, tuple(point.x[block.start : block.stop] for block in game.blocks))
        status = Status.SOLVED if passed else Status.NO_EQUILIBRIUM_FOUND
        return equilibrium_answer(game, point, iterations=path.pivots, status=status, details={"method": "Lemke"})
