"""What the checkers of coalitional games share: allocations, and the exact excess of every coalition.

The excess of a coalition is what it would gain by leaving: ``v(T) - x(T)`` for values, ``x(T) - C(T)`` for costs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import exact
from gametheory.errors import InputError, SizeLimit
from gametheory.games.coalition_table import subset_sums
from gametheory.games.coalitional import CoalitionalGame

__all__ = ["ENUMERATION_LIMIT", "Excesses", "read_allocation", "sign_of", "worst_coalitions"]

#: Full enumeration of coalitions is done up to this number of players.
ENUMERATION_LIMIT = 25

_INT64 = 2**62


def read_allocation(players: Sequence[str], profile: Any) -> tuple[Fraction, ...]:
    """Return an allocation, given as a sequence in player order or by name, in Fractions.

    Raises
    ------
    InputError
        A wrong length, a name that is no player, a number that is not finite.
    """
    if isinstance(profile, Mapping):
        missing = [name for name in players if name not in profile]
        if missing or len(profile) != len(players):
            raise InputError(f"the allocation names {list(profile)}, the players are {list(players)}")
        profile = [profile[name] for name in players]
    if not isinstance(profile, Sequence | np.ndarray) or isinstance(profile, str):
        raise InputError(f"allocation {profile!r}: give one number for each of the {len(players)} players")
    if len(profile) != len(players):
        raise InputError(f"the allocation has {len(profile)} numbers for {len(players)} players; give one each")
    return tuple(exact(share, what=f"share of {name!r}") for name, share in zip(players, profile, strict=True))


def sign_of(game: CoalitionalGame) -> int:
    """Return 1 for values, -1 for costs: what turns the game into one of values."""
    return 1 if game.kind == "value" else -1


@dataclass(frozen=True, slots=True)
class Excesses:
    """The excess of every coalition, exactly: ``numerators[mask] / scale``; 64-bit integers only where they fit.

    `keys` order the coalitions: the numerators themselves, or of long integers the nearest floats, which keep the order
    but may tie (rounding to the nearest never swaps two numbers). Ties are decided by the numerators.
    """

    numerators: npt.NDArray[Any]
    scale: int
    keys: npt.NDArray[Any]

    @classmethod
    def made(cls, numerators: npt.NDArray[Any], scale: int) -> Excesses:
        """Return the excesses with their keys."""
        if numerators.dtype != object:
            return cls(numerators, scale, numerators)
        length = max(int(numerators.max()).bit_length(), int(numerators.min()).bit_length())
        # Beyond the range of floats the lowest bits are cut off first (a shift rounds down and keeps the order, too).
        short = numerators if length < 1000 else numerators >> (length - 1000)
        return cls(numerators, scale, short.astype(np.float64))

    @classmethod
    def of(cls, game: CoalitionalGame, allocation: Sequence[Fraction]) -> Excesses:
        """Return the excesses at an allocation."""
        if len(game.players) > ENUMERATION_LIMIT:
            raise SizeLimit(
                f"{len(game.players)} players have 2**{len(game.players)} coalitions; enumeration stops at "
                f"{ENUMERATION_LIMIT} players; as a pooled or linear-programming game it is checked without enumeration"
            )
        table, sign = game.values, sign_of(game)
        common = math.lcm(table.denominator, *(share.denominator for share in allocation))
        shares = [int(share * common) for share in allocation]
        factor = common // table.denominator
        largest = table.largest * factor + sum(map(abs, shares))
        values = table.numerators if largest < _INT64 else table.numerators.astype(object)
        paid = subset_sums(shares)
        if values.dtype == object:
            paid = paid.astype(object)
        return cls.made(np.asarray(sign * (values * factor - paid)), common)

    def __getitem__(self, mask: int) -> Fraction:
        return Fraction(int(self.numerators[mask]), self.scale)

    def per_capita(self) -> Excesses:
        """Return the excess of each coalition divided by its size, over a common scale."""
        n = len(self.numerators).bit_length() - 1
        common = math.lcm(*range(1, n + 1))
        sizes = subset_sums([1] * n)
        sizes[0] = 1
        largest = max(abs(int(self.numerators.max())), abs(int(self.numerators.min())))
        numerators = self.numerators if largest * common < _INT64 else self.numerators.astype(object)
        return Excesses.made(numerators * (common // sizes), self.scale * common)

    def top(self, masks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return those of the coalitions that have the largest excess."""
        keys = self.keys[masks]
        near = masks[keys == keys.max()]
        numbers = self.numerators[near]
        return np.asarray(near[numbers == numbers.max()])

    def largest(self) -> tuple[int, Fraction]:
        """Return the proper coalition with the largest excess, and its excess (of equals, the first)."""
        if len(self.numerators) == 2:
            return 0, Fraction(0)
        mask = int(self.top(np.arange(1, len(self.numerators) - 1))[0])
        return mask, self[mask]


def worst_coalitions(excesses: Excesses, count: int = 10) -> list[int]:
    """Return the proper coalitions with the largest excess, largest first; of equals small coalitions come first."""
    keys = excesses.keys[1:-1]
    masks = np.arange(1, len(keys) + 1)
    if len(keys) > count:
        limit = np.partition(keys, len(keys) - count)[len(keys) - count]
        masks = masks[keys >= limit]
    numbers = excesses.numerators[masks]
    sizes: Any = sum(masks >> i & 1 for i in range(len(excesses.numerators).bit_length()))
    if numbers.dtype != object:
        order = np.lexsort((masks, sizes, -numbers))
        return [int(mask) for mask in masks[order][:count]]
    ranked = sorted(zip((-numbers).tolist(), np.asarray(sizes).tolist(), masks.tolist(), strict=True))
    return [mask for _, _, mask in ranked[:count]]
