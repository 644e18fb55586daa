"""A core point of a linear-programming game for any number of players, from one programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.games.linear import LinearGame
from gametheory.result import Answer, Concept
from gametheory.solvers.linear.exact_basis import ExactBasis

__all__ = ["DualPoint"]


@dataclass(frozen=True, slots=True)
class DualPoint:
    """Owen's point: multipliers of the grand coalition's programme times each player's right sides.

    Source: G. Owen, "On the core of linear production games", Mathematical Programming 9 (1975) 358-370.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> [str(x) for x in DualPoint().solve(catalogue("storage_pair").game).profile]
    ['4', '3']
    """

    accepts: ClassVar[tuple[str, ...]] = ("LinearGame",)
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: LinearGame) -> Answer:
        """Return the point, with the optimum and the multipliers that prove it."""
        best = ExactBasis().solve(game)
        shares = best.extra["details"]["shares"]
        return Answer(profile=shares, witness=best.profile, extra={"empty": False, "point": shares})
