"""The pure profile of greatest total payoff; no mixture does better."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Answer, Concept

__all__ = ["BestCell", "totals"]


@dataclass(frozen=True, slots=True)
class BestCell:
    """The first cell, the last player's strategy fastest, in which the sum of payoffs is greatest.

    Examples
    --------
    >>> str(BestCell().solve(NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])).extra["value"])
    '6'
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.OPTIMUM

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the cell as one strategy index a player."""
        sums = totals(game)
        value = max(sums)
        cell = next(c for c, s in zip(game.profiles(), sums, strict=True) if s == value)
        point = {p: names[k] for p, names, k in zip(game.players, game.strategies, cell, strict=True)}
        return Answer(profile=cell, extra={"value": value, "point": point})


def totals(game: NormalFormGame) -> list[Fraction]:
    """Return the sum of payoffs in each cell, in the order of ``game.profiles()``."""
    tables = [table.fractions().ravel().tolist() for table in game.payoffs]
    return [sum(cell, Fraction(0)) for cell in zip(*tables, strict=True)]
