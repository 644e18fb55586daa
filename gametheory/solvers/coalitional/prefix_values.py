"""The value of every prefix of many arrival orders at once, from the table or from the family's structure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray, to_float
from gametheory.games.coalition_families import Airport, Bankruptcy, Glove, WeightedMajority
from gametheory.games.coalitional import CoalitionalGame

__all__ = ["GamePrefixes", "Orders", "marginal_ranges", "prefix_values"]

Orders = npt.NDArray[np.int64]

_INT64 = 2**62


@dataclass(frozen=True, slots=True)
class GamePrefixes:
    """A table or a family as what sampling asks of a game: values of prefixes, ranges of marginals, their rounding."""

    game: CoalitionalGame
    rounding: ClassVar[float] = 0.0

    @property
    def members(self) -> int:
        """The number of players."""
        return len(self.game.players)

    @property
    def ranges(self) -> FloatArray:
        """The range of each player's marginal contributions."""
        return marginal_ranges(self.game)

    def values(self, orders: Orders) -> FloatArray:
        """Return the value of every prefix of every order."""
        return prefix_values(self.game)(orders)


def prefix_values(game: CoalitionalGame) -> Callable[[Orders], FloatArray]:
    """Return a function from orders (m, n) to values (m, n + 1): entry k is of the first k players."""
    structure = game.structure
    if isinstance(structure, WeightedMajority):
        quota, weights = _units(structure.quota, structure.weights)
        return lambda orders: np.asarray(_running(weights[orders]) >= quota, dtype=np.float64)
    if isinstance(structure, Airport):
        costs = _floats(structure.costs)
        return lambda orders: np.maximum.accumulate(_grounded(costs[orders]), axis=1)
    if isinstance(structure, Bankruptcy):
        estate, claims = to_float(structure.estate), _floats(structure.claims)
        lacking = float(claims.sum()) - estate
        return lambda orders: np.maximum(0.0, _running(claims[orders]) - lacking)
    if isinstance(structure, Glove):
        left = (np.arange(structure.size) < structure.left).astype(np.int64)
        return lambda orders: np.minimum(_running(left[orders]), _running(1 - left[orders])).astype(np.float64)
    table, bits = game.values.floats(), 1 << np.arange(len(game.players), dtype=np.int64)
    return lambda orders: table[_running(bits[orders])]


def marginal_ranges(game: CoalitionalGame) -> FloatArray:
    """Return for each player the largest less the smallest marginal contribution, rounded up."""
    structure = game.structure
    if isinstance(structure, WeightedMajority | Glove):
        return np.ones(structure.size)
    if isinstance(structure, Airport):
        return _floats(structure.costs)
    if isinstance(structure, Bankruptcy):
        return np.minimum(_floats(structure.claims), to_float(structure.estate))
    table = game.values.floats()
    ranges = np.zeros(len(game.players))
    for i in range(len(game.players)):
        pairs = table.reshape(-1, 2, 1 << i)
        added = pairs[:, 1] - pairs[:, 0]
        ranges[i] = added.max() - added.min()
    return ranges + 8 * np.finfo(float).eps * float(np.abs(table).max())


def _floats(numbers: Sequence[Fraction]) -> FloatArray:
    return np.array([to_float(number) for number in numbers], dtype=np.float64)


def _units(quota: Fraction, weights: Sequence[Fraction]) -> tuple[int, npt.NDArray[Any]]:
    scale = math.lcm(quota.denominator, *(w.denominator for w in weights))
    whole = [int(w * scale) for w in weights]
    return int(quota * scale), np.array(whole, dtype=np.int64 if sum(whole) < _INT64 else object)


def _grounded(steps: Any) -> Any:
    return np.concatenate([np.zeros((len(steps), 1), dtype=steps.dtype), steps], axis=1)


def _running(steps: Any) -> Any:
    return np.cumsum(_grounded(steps), axis=1)
