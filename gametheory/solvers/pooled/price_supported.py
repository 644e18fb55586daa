"""A core point of a pooled game for any number of players: everybody pays its share at the dual prices."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.result import Answer, Concept
from gametheory.solvers.pooled.dual_price import DualPrice

__all__ = ["PriceSupported"]


@dataclass(frozen=True, slots=True)
class PriceSupported:
    """The split ``sum_t phi_it(lam_t)``: no coalition costs less than the shares of its members, and they add up.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> [str(x) for x in PriceSupported().solve(catalogue("mid_market_trio").game).profile]
    ['-1/5', '-1/5', '1/5']
    """

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame", "PooledLoads")
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: PooledGame | PooledLoads) -> Answer:
        """Return the split with its prices; of arrays in floats, up to what they round."""
        if isinstance(game, PooledLoads):
            return _of_arrays(game)
        details = DualPrice().solve(game).extra["details"]
        split = details["price_supported"]
        return Answer(profile=split, witness={"prices": details["prices"]}, extra={"empty": False, "point": split})


def _of_arrays(game: PooledLoads) -> Answer:
    load = game.net_load.sum(axis=0)
    middle = game.sell_price + (game.buy_price - game.sell_price) / 2
    prices = np.where(load > 0, game.buy_price, np.where(load < 0, game.sell_price, middle))
    split = tuple(map(Fraction, (game.net_load @ prices).tolist()))
    size = float((np.abs(game.net_load) @ np.abs(prices)).sum())
    return Answer(
        profile=split,
        epsilon=Fraction(size) * Fraction(16 * sum(game.net_load.shape), 2**53),
        witness={"prices": tuple(prices.tolist())},
        extra={"empty": False, "point": split},
    )
