"""What the search asks of a game: shares that bound every coalition's cost, in floats to search, exactly to prove."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gametheory.errors import UnsupportedGame

__all__ = ["Floats", "Proved", "Shares", "SharesOf", "members_of", "near_rational", "over_one_scale", "shares_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares ``s`` with ``C(T) >= s(T)`` for all coalitions, and the multipliers that they come from.

    Attributes
    ----------
    values
        One a player (money).
    multipliers
        Of the common rows (of the steps), and of the members' own rows one after the other; floats.
    """

    values: Floats
    multipliers: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Proved:
    """The cost of one coalition, exactly: a plan that has it, and multipliers whose shares add up to it."""

    cost: Fraction
    plan: Mapping[str, Any]
    multipliers: Mapping[str, Any]


class SharesOf(Protocol):
    """A game as the search sees it."""

    players: tuple[str, ...]

    def at(self, weights: Floats) -> Shares:
        """Return shares that are tight for a coalition, or for a fractional one: each player to a degree in [0, 1]."""

    def against(self, amounts: Floats, low: Floats | None = None, high: Floats | None = None) -> Sequence[Shares]:
        """Return shares that are good for all coalitions at once, between `low` and `high` if given; perhaps none."""

    def tight_along(self, centre: Floats, direction: Floats) -> Sequence[int]:
        """Return coalitions that are likely tight at the dual point and have much of a direction; perhaps none."""

    def stated(self, shares: Shares) -> Mapping[str, Any]:
        """Return the multipliers as whole numbers over one scale: what a checker reads."""

    def supported(self) -> Sequence[Fraction]:
        """Return the dual point: what everybody pays at the multipliers of all together, exactly."""

    def proved(self, mask: int) -> Proved:
        """Return the exact cost of a coalition."""


def shares_of(game: Any) -> SharesOf:
    """Return the game as the search sees it."""
    form = type(game).__name__
    if form == "LinearGame":
        from gametheory.solvers.separation.linear_shares import LinearShares

        return LinearShares(game)
    if form == "PooledGame":
        from gametheory.solvers.separation.pooled_shares import PooledShares

        return PooledShares(game)
    raise UnsupportedGame(f"separation does not take a {form}; it takes LinearGame, PooledGame")


def members_of(mask: int) -> list[int]:
    """Return the places of the bits, rising.

    >>> members_of(0b1011)
    [0, 1, 3]
    """
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def near_rational(numbers: Floats, *, within: float = 1e-13) -> list[Fraction]:
    """Return floats as rationals: short fractions where these are as near as rounding explains.

    Multipliers at a vertex are short rationals (prices, times efficiencies); taken as such they are exact and bounds
    that should meet do meet. Others are cut to 40 binary places.
    """
    memory: dict[float, Fraction] = {}
    for number in set(numbers.tolist()):
        short = Fraction(number).limit_denominator(20_000)
        if abs(float(short) - number) > within * max(1.0, abs(number)):
            short = Fraction(round(number * 2**40), 2**40)
        memory[number] = short
    return [memory[number] for number in numbers.tolist()]


def over_one_scale(numbers: Iterable[Fraction]) -> tuple[int, tuple[int, ...]]:
    """Return rationals as whole numbers over their least common denominator.

    >>> over_one_scale([Fraction(1, 2), Fraction(1, 3)])
    (6, (3, 2))
    """
    kept = tuple(numbers)
    scale = math.lcm(*{number.denominator for number in kept})
    return scale, tuple(number.numerator * (scale // number.denominator) for number in kept)
