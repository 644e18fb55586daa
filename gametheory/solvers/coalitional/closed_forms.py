"""Families whose values have a formula: airport games and glove markets, for any number of players."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import UnsupportedGame
from gametheory.games.coalition_families import Airport, Glove
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer

__all__ = ["AirportNucleolus", "AirportShapley", "GloveShapley"]


def _family(game: CoalitionalGame, family: type) -> Any:
    if not isinstance(game.structure, family):
        raise UnsupportedGame(f"{game!r} is not one of {family.__name__}; leave solver= out for a game of another kind")
    return game.structure


@dataclass(frozen=True, slots=True)
class AirportShapley:
    """Each piece of runway is shared equally by those who need it (Littlechild and Owen 1973)."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.SHAPLEY

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        costs = _family(game, Airport).costs
        order = sorted(range(len(costs)), key=costs.__getitem__)
        shares = [Fraction(0)] * len(costs)
        paid, reached = Fraction(0), Fraction(0)
        for k, i in enumerate(order):
            paid += (costs[i] - reached) / (len(costs) - k)
            reached = costs[i]
            shares[i] = paid
        return allocation_answer(game, shares)


@dataclass(frozen=True, slots=True)
class AirportNucleolus:
    """The nucleolus of an airport game by taking out the tightest group again and again (Littlechild 1974).

    With ``left_k`` the cost of the k-th smallest need less what is already paid, the next group is the one with the
    least ``left_k / (members + 1)``; its members pay that, and the last player pays what remains.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.NUCLEOLUS

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact nucleolus."""
        costs = _family(game, Airport).costs
        n = len(costs)
        order = sorted(range(n), key=costs.__getitem__)
        shares = [Fraction(0)] * n
        settled, paid = 0, Fraction(0)
        while settled < n - 1:
            share, last = min(((costs[order[k]] - paid) / (k - settled + 2), -k) for k in range(settled, n - 1))
            for k in range(settled, 1 - last):
                shares[order[k]] = share
                paid += share
            settled = 1 - last
        shares[order[-1]] = costs[order[-1]] - paid
        return allocation_answer(game, shares)


@dataclass(frozen=True, slots=True)
class GloveShapley:
    """The closed form of the unit market (Shapley and Shubik 1969): with ``m <= n`` hands on the two sides,

    ``phi_short = 1/2 + (n - m)/(2m) sum_{k=1..m} m! n! / ((m-k)! (n+k)!)`` and the long side shares the rest.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.SHAPLEY

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        hands = _family(game, Glove)
        short, long = sorted((hands.left, hands.right))
        if short == 0:
            return allocation_answer(game, [Fraction(0)] * hands.size)
        tail, term = Fraction(0), Fraction(1)
        for k in range(1, short + 1):
            term = term * (short - k + 1) / (long + k)
            tail += term
        scarce = Fraction(1, 2) + Fraction(long - short, 2 * short) * tail
        common = (short - short * scarce) / long
        left, right = (scarce, common) if hands.left == short else (common, scarce)
        return allocation_answer(game, [left] * hands.left + [right] * hands.right)
