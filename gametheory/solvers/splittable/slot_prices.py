"""The equilibrium and the optimum of a splittable game, by one price a slot.

The game has the exact potential ``sum_t [(alpha_t/2)(s_t^2 + sum_i x_it^2) + beta_t s_t]`` (proved as A-P6), whose only
minimiser is the equilibrium. Nobody gains more by another split than the potential can still fall, so the gap of the
minimisation bounds all regrets. The total is a programme of the same kind without the squares of single cells; there
the totals of the slots are unique and the split is not.

Source: D. Orda, R. Rom, N. Shimkin, "Competitive routing in multiuser communication networks", IEEE/ACM Transactions on
Networking 1 (1993), 510-521 (parallel links); the algorithm is that of :mod:`gametheory.numerics.slot_prices`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError
from gametheory.games.splittable import SplittableGame
from gametheory.numerics.slot_prices import SlotSolution, minimise_by_slots
from gametheory.result import Answer, Concept, Status

__all__ = ["SlotPrices", "TotalBySlots"]


@dataclass(frozen=True, slots=True)
class SlotPrices:
    """Minimise the potential by an interior-point method that sees one price a slot.

    Parameters
    ----------
    tolerance
        How far the potential may still fall (money): no player gains more by another split.
    rounds
        Most Newton steps.

    Examples
    --------
    >>> game = SplittableGame(amounts=[4, 4], limits=[4, 4], slope=[1, 1], base=[3, 1])
    >>> SlotPrices().solve(game).profile["split"].round(6)
    array([[1.666667, 2.333333],
           [1.666667, 2.333333]])
    """

    accepts: ClassVar[tuple[str, ...]] = ("SplittableGame",)
    concept: ClassVar[Concept] = Concept.NASH
    tolerance: float = 1e-7
    rounds: int = 200

    def __post_init__(self) -> None:
        _check(self.tolerance, self.rounds)

    def solve(self, game: SplittableGame) -> Answer:
        """Return the equilibrium, in floats."""
        found = minimise_by_slots(
            game.amounts,
            game.room,
            game.slope,
            game.prices_at_rest,
            game.slope,
            tolerance=self.tolerance / 4,
            rounds=self.rounds,
        )
        split = found.point.T
        return Answer(
            profile={"split": split},
            epsilon=Fraction(self.tolerance),
            iterations=found.rounds,
            status=_status(found, self.tolerance),
            witness={"levels": found.levels},
            extra={
                "unique": "proved",
                "unique_reason": "it is the minimiser of a potential that slopes > 0 make strictly convex",
                "details": _slots(game, found),
            },
        )


@dataclass(frozen=True, slots=True)
class TotalBySlots:
    """Minimise the total cost in the game's own convention, by the same method.

    Parameters
    ----------
    tolerance
        How far the total may still fall, in proportion to what all would pay at the marginal prices of an even split.
    rounds
        Most Newton steps.

    Examples
    --------
    >>> game = SplittableGame(amounts=[4, 4], limits=[4, 4], slope=[1, 1], base=[3, 1])
    >>> round(float(TotalBySlots().solve(game).extra["value"]), 6)
    47.5
    """

    accepts: ClassVar[tuple[str, ...]] = ("SplittableGame",)
    concept: ClassVar[Concept] = Concept.OPTIMUM
    tolerance: float = 1e-9
    rounds: int = 200

    def __post_init__(self) -> None:
        _check(self.tolerance, self.rounds)

    def solve(self, game: SplittableGame) -> Answer:
        """Return a split of least total cost, in floats."""
        height = game.prices_at_rest if game.background is None else 2 * game.prices_at_rest
        even = float(game.amounts.sum()) / len(game.slope)
        scale = even * float(np.abs(2 * game.slope * even + height).sum()) or 1.0
        allowed = self.tolerance * scale
        found = minimise_by_slots(
            game.amounts, game.room, 2 * game.slope, height, tolerance=allowed / 4, rounds=self.rounds
        )
        demand = found.point.sum(axis=1)
        return Answer(
            profile={"split": found.point.T},
            epsilon=Fraction(allowed),
            iterations=found.rounds,
            status=_status(found, allowed),
            witness={"levels": found.levels},
            extra={
                "value": game.total(demand),
                "details": {"totals": tuple(demand.tolist()), "social_cost": game.social_cost},
            },
        )


def _slots(game: SplittableGame, found: SlotSolution) -> dict[str, Any]:
    demand: FloatArray = found.point.sum(axis=1)
    return {
        "prices": tuple((game.slope * demand + game.prices_at_rest).tolist()),
        "totals": tuple(demand.tolist()),
        "social_cost": game.social_cost,
        "total_cost": game.total(demand),
    }


def _status(found: SlotSolution, tolerance: float) -> Status:
    return Status.SOLVED if found.gap <= tolerance / 4 else Status.NOT_CONVERGED


def _check(tolerance: float, rounds: int) -> None:
    if not 0 < tolerance < np.inf:
        raise InputError(f"tolerance={tolerance} must be > 0 and finite (money)")
    if rounds < 1:
        raise InputError(f"rounds={rounds} must be at least 1")
