"""Members who pool their net loads behind one meter, as arrays: thousands of members over a year of hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError
from gametheory.games.base import places_of
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep

__all__ = ["PooledLoads"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PooledLoads:
    """The cost game ``C(T) = sum_t max(buy_price_t m_t(T), sell_price_t m_t(T))`` with ``m_t(T) = sum_{i in T} m_it``.

    The same game as a :class:`~gametheory.games.pooled.PooledGame` in which nobody reacts, with one float for each
    member and step in place of a record of rationals; floats are the dyadic rationals they are.

    Attributes
    ----------
    players
        Names.
    net_load
        ``(members, steps)``, kWh, ``> 0`` import; read-only float64.
    buy_price, sell_price
        One a step (money/kWh), ``sell_price <= buy_price``.

    Raises
    ------
    InputError
        An array of another shape, a number that is not finite, names that repeat, a sale above the purchase price.

    Examples
    --------
    >>> game = PooledLoads(("a", "b"), [[1.0, 2.0], [-1.0, 1.0]], buy_price=[0.5, 0.5], sell_price=[0.25, 0.25])
    >>> game.cost(("a", "b")), game.cost(("b",))
    (Fraction(3, 2), Fraction(1, 4))
    """

    sense: ClassVar[str] = "cost"
    players: tuple[str, ...]
    net_load: FloatArray
    buy_price: FloatArray
    sell_price: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(str(name) for name in self.players))
        for name, dimensions in (("net_load", 2), ("buy_price", 1), ("sell_price", 1)):
            object.__setattr__(self, name, _read(getattr(self, name), dimensions, name))
        members, steps = self.net_load.shape
        problems = []
        if not members or not steps:
            problems.append(f"net_load has shape {self.net_load.shape}; give at least one member and one step")
        if len(self.players) != members:
            problems.append(f"{len(self.players)} names for {members} rows of net_load; give one a member")
        if len(set(self.players)) != len(self.players):
            problems.append("names repeat; give each member its own name")
        for name in ("buy_price", "sell_price"):
            if len(getattr(self, name)) != steps:
                problems.append(f"{name} has {len(getattr(self, name))} numbers for {steps} steps; give one a step")
        InputError.raise_all(problems)
        above = np.flatnonzero(self.sell_price > self.buy_price)
        if len(above):
            t = int(above[0])
            raise InputError(
                f"step {t}: sell_price {self.sell_price[t]} is above buy_price {self.buy_price[t]}; buying and selling "
                "back would earn without limit; give sell_price <= buy_price"
            )

    def cost(self, coalition: Iterable[str]) -> Fraction:
        """Return ``C(T)`` of the named members, exactly (money)."""
        rows = places_of(self.players, coalition)
        total = Fraction(0)
        for t, column in enumerate(self.net_load[rows].T.tolist()):
            load = sum(map(Fraction, column), Fraction(0))
            price = self.buy_price[t] if load > 0 else self.sell_price[t]
            total += Fraction(float(price)) * load
        return total

    def subgame(self, coalition: Iterable[str]) -> PooledLoads:
        """Return the game among the named members only, in member order."""
        rows = places_of(self.players, coalition)
        return PooledLoads(tuple(self.players[i] for i in rows), self.net_load[rows], self.buy_price, self.sell_price)

    def pooled(self) -> PooledGame:
        """Return the same game as exact records, for a number of members that these fit."""
        zero = Fraction(0)
        steps = (
            TradingStep(tuple(Trader(Fraction(m), zero, zero, zero, zero) for m in column), buy, sell)
            for column, buy, sell in zip(
                self.net_load.T.tolist(), self.buy_price.tolist(), self.sell_price.tolist(), strict=True
            )
        )
        return PooledGame(self.players, tuple(steps))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PooledLoads):
            return NotImplemented
        names = ("net_load", "buy_price", "sell_price")
        return self.players == other.players and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in names
        )

    def __hash__(self) -> int:
        return hash((self.players, self.net_load.shape, self.net_load[0].tobytes()))

    def __repr__(self) -> str:
        members, steps = self.net_load.shape
        return f"PooledLoads({members} members, {steps} steps)"


def _read(values: Any, dimensions: int, what: str) -> FloatArray:
    """Return a read-only float64 array (the same, where it is one), or refuse."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{what} is no array of numbers; give {dimensions} dimension(s) of floats") from None
    if array.ndim != dimensions:
        raise InputError(f"{what} has {array.ndim} dimensions; give {dimensions}")
    if not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{what}{list(place)} = {array[place]} is not finite; give finite numbers")
    if array.flags.writeable:
        array = array.copy() if array is values else array
        array.flags.writeable = False
    return array
