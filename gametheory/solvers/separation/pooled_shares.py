"""Shares of a pooled game: what everybody would pay at given prices, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import to_float
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.solvers.pooled.dual_price import DualPrice
from gametheory.solvers.separation.shares import Floats, Proved, Shares, members_of, near_rational, over_one_scale

__all__ = ["PooledShares"]

#: Halvings of the interval of prices: as many as a float has binary places.
_HALVINGS = 60


class PooledShares:
    """The traders as arrays, a row a player and a column a step."""

    def __init__(self, game: PooledGame) -> None:
        self.game, self.players = game, game.players
        names = ("position", "curvature", "slope", "lower", "upper")
        data = {
            name: np.array(
                [
                    [_number(getattr(step.traders[i], name), name) for step in game.steps]
                    for i in range(len(game.players))
                ]
            )
            for name in names
        }
        self._position, self._curvature, self._slope = data["position"], data["curvature"], data["slope"]
        self._lower, self._upper = data["lower"], data["upper"]
        self._sell = np.array([to_float(step.sell_price) for step in game.steps])
        self._buy = np.array([to_float(step.buy_price) for step in game.steps])

    def _cuts(self, prices: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            bent = np.clip((prices - self._slope) / self._curvature, self._lower, self._upper)
        flat = np.where(prices > self._slope, self._upper, self._lower)
        return np.where(self._curvature > 0, bent, flat)

    def at(self, weights: Floats) -> Shares:
        """Return the shares at the prices that halving finds: the pooled position never rises with the price."""
        low, high = self._sell.copy(), self._buy.copy()
        low_open = weights @ (self._position - self._cuts(low)) > 0
        high_open = weights @ (self._position - self._cuts(high)) < 0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            rising = weights @ (self._position - self._cuts(middle)) > 0
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        prices = np.where(~low_open, self._sell, np.where(~high_open, self._buy, (low + high) / 2))
        return self._shares(prices)

    def _shares(self, prices: Floats) -> Shares:
        cuts = self._cuts(prices)
        pay = cuts * (self._curvature * cuts / 2 + self._slope) + prices * (self._position - cuts)
        return Shares(pay.sum(axis=1), (prices, np.zeros(0)))

    def against(self, amounts: Floats, low: Floats | None = None, high: Floats | None = None) -> Sequence[Shares]:
        """Return nothing: prices are found coalition by coalition, which costs little here."""
        return ()

    def tight_along(self, centre: Floats, direction: Floats) -> Sequence[int]:
        """Return nothing: the cutting planes find them as fast."""
        return ()

    def stated(self, shares: Shares) -> Mapping[str, Any]:
        """Return the prices as whole numbers over one scale, none outside the outside prices."""
        kept = [
            min(max(price, step.sell_price), step.buy_price)  # type: ignore[type-var]  # the form asks for both
            for price, step in zip(near_rational(shares.multipliers[0]), self.game.steps, strict=True)
        ]
        return _stated(kept)

    def supported(self) -> Sequence[Fraction]:
        """Return what everybody pays at the prices that support the optimum."""
        shares: Sequence[Fraction] = DualPrice().solve(self.game).extra["details"]["price_supported"]
        return shares

    def proved(self, mask: int) -> Proved:
        """Return the exact cost of a coalition by its dual prices."""
        inside = members_of(mask)
        steps = tuple(
            TradingStep(tuple(step.traders[i] for i in inside), step.buy_price, step.sell_price)
            for step in self.game.steps
        )
        best = DualPrice().solve(PooledGame(tuple(self.players[i] for i in inside), steps)).profile
        return Proved(
            cost=best["value"],
            plan={"adjustments": best["adjustments"]},
            multipliers=_stated(best["prices"]),
        )


def _number(value: Any, name: str) -> float:
    if value is None:
        return -np.inf if name == "lower" else np.inf
    return to_float(value)


def _stated(prices: Sequence[Any]) -> Mapping[str, Any]:
    scale, numbers = over_one_scale(prices)
    return {"scale": scale, "prices": numbers}
