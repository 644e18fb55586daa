"""Exact potential games: the potential, or a cycle of four moves that gains.

A finite game has an exact potential exactly when every cycle of two players' deviations gains nothing in sum
(D. Monderer and L. Shapley, Potential games, Games and Economic Behavior 14 (1996) 124-143, theorem 2.8).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from gametheory.games.normal_form import NormalFormGame
from gametheory.games.payoff_table import PayoffTable

__all__ = ["PotentialVerdict", "exact_potential"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PotentialVerdict:
    """Whether a game has an exact potential, with what shows it.

    Attributes
    ----------
    potential
        A table in which every unilateral deviation changes the entry by the deviator's gain; 0 in the first cell.
    cycle
        Where there is none: four cells, each one deviation from the one before, with gains that do not sum to 0.
    """

    potential: PayoffTable | None = None
    cycle: tuple[tuple[int, ...], ...] = ()

    @property
    def exists(self) -> bool:
        """Whether the game is an exact potential game."""
        return self.potential is not None

    def __str__(self) -> str:
        return "exact potential game" if self.exists else f"no exact potential: the cycle {self.cycle} gains"


def exact_potential(game: NormalFormGame) -> PotentialVerdict:
    """Return the exact potential of a finite game, or a cycle that shows there is none.

    Examples
    --------
    >>> found = exact_potential(NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    >>> [[str(x) for x in row] for row in found.potential.fractions()]
    [['0', '2'], ['2', '3']]
    >>> print(exact_potential(NormalFormGame.zero_sum([[1, -1], [-1, 1]])))
    no exact potential: the cycle ((0, 0), (1, 0), (1, 1), (0, 1)) gains
    """
    common = math.lcm(*(table.denominator for table in game.payoffs))
    tables = [table.integers() * (common // table.denominator) for table in game.payoffs]
    for i, j in combinations(range(len(tables)), 2):
        cycle = _cycle(tables, i, j)
        if cycle:
            return PotentialVerdict(cycle=cycle)
    # Every cycle of two players closes: any path from the first cell gives the potential; here player after player.
    potential: Any = np.zeros(game.shape, dtype=object)
    for i, table in enumerate(tables):
        # Players before i stand at their strategy already, the later ones still at their first.
        moved = table[(slice(None),) * (i + 1) + (0,) * (len(tables) - i - 1)]
        gain = moved - np.take(moved, [0], axis=i)
        potential = potential + gain.reshape(*gain.shape, *([1] * (len(tables) - i - 1)))
    return PotentialVerdict(potential=PayoffTable(game.shape, tuple(potential.ravel().tolist()), common))


def _cycle(tables: list[Any], i: int, j: int) -> tuple[tuple[int, ...], ...]:
    """Return a cycle of deviations of `i` and `j` that does not close, or nothing."""
    difference = tables[i] - tables[j]
    # u_i - u_j summed with alternating signs around the square with corners at strategy 0 of both.
    first = difference - np.take(difference, [0], axis=i)
    around = first - np.take(first, [0], axis=j)
    places = np.argwhere(around != 0)
    if not len(places):
        return ()
    corner = [int(k) for k in places[0]]
    start, left, right = list(corner), list(corner), list(corner)
    start[i] = start[j] = 0
    left[j], right[i] = 0, 0
    return tuple(start), tuple(left), tuple(corner), tuple(right)
