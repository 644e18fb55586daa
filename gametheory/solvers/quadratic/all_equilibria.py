"""All Nash equilibria of a small quadratic game: every pattern of tight constraints, then every player's regret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Answer, Concept
from gametheory.solvers.quadratic.best_response import is_equilibrium
from gametheory.solvers.quadratic.patterns import all_points
from gametheory.solvers.quadratic.system import System

__all__ = ["KKTPatterns"]


@dataclass(frozen=True, slots=True)
class KKTPatterns:
    """Enumerate the KKT patterns of all players together.

    Constraints are linear, so at an equilibrium every player's KKT conditions hold, for some set of tight constraints;
    each set leaves one linear system. Of the solutions those are kept that no player would leave.

    Parameters
    ----------
    most
        Most patterns that are tried.
    """

    accepts: ClassVar[tuple[str, ...]] = ("QuadraticGame",)
    concept: ClassVar[Concept] = Concept.NASH_SET
    most: int = 60_000

    def solve(self, game: QuadraticGame) -> Answer:
        """Return the equilibria, and whether the list is complete."""
        found = all_points(System.of_game(game), most=self.most)
        profiles = []
        for point in (*found.points, *found.continua):
            profile = tuple(point.x[block.start : block.stop] for block in game.blocks)
            if profile not in profiles and is_equilibrium(game, profile):
                profiles.append(profile)
        complete = not found.continua
        reason = "every pattern of tight constraints was solved exactly"
        if not complete:
            reason = "some patterns hold for a whole set of points, of which one each was tried and listed if it passed"
        return Answer(
            profile=tuple(profiles),
            witness={"complete": complete},
            extra={
                "complete": complete,
                "reason": reason,
                "components": tuple(((tuple((x,) for x in p),),) for p in profiles) if complete else (),
            },
        )
