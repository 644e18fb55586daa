"""Core and least core from the first excess programme."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer
from gametheory.solvers.coalitional.nucleolus import as_values

__all__ = ["ExcessCore", "ExcessLeastCore"]


@dataclass(frozen=True, slots=True)
class ExcessCore:
    """A core point, or a balanced collection that shows that there is none (Bondareva 1963, Shapley 1967).

    The least largest excess ``t`` over proper coalitions decides: at ``t <= 0`` the optimal allocation is in the core;
    at ``t > 0`` the dual weights, divided by the weight of the grand coalition, balance and are worth more than it.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return an allocation as profile, or the balanced weights by coalition."""
        sign = 1 if game.kind == "value" else -1
        if len(game.players) == 1:
            point: tuple[Fraction, ...] = (game.values[1],)
            return Answer(profile=point, extra={"empty": False, "point": point})
        programme = as_values(game)
        optimum = programme.solve()
        if optimum.t <= 0:
            point = tuple(sign * share for share in optimum.x)
            return Answer(profile=point, iterations=programme.pivots, extra={"empty": False, "point": point})
        whole = -optimum.settled_weights[2 ** len(game.players) - 1]
        weights = {game.coalition(mask): weight / whole for mask, weight in sorted(optimum.weights.items())}
        return Answer(
            profile=weights,
            iterations=programme.pivots,
            extra={"empty": True, "balanced_weights": weights},
        )


@dataclass(frozen=True, slots=True)
class ExcessLeastCore:
    """An efficient allocation whose largest excess over proper coalitions is least (Maschler, Peleg, Shapley 1979)."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.LEAST_CORE

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return a point of the least core."""
        sign = 1 if game.kind == "value" else -1
        if len(game.players) == 1:
            return allocation_answer(game, [game.values[1]])
        programme = as_values(game)
        optimum = programme.solve()
        return allocation_answer(game, [sign * share for share in optimum.x], iterations=programme.pivots)
