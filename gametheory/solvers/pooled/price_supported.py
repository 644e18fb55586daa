"""A core point of a pooled game for any number of players: everybody pays its share at the dual prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.games.pooled import PooledGame
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

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame",)
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: PooledGame) -> Answer:
        """Return the split with its prices."""
        details = DualPrice().solve(game).extra["details"]
        split = details["price_supported"]
        return Answer(profile=split, witness={"prices": details["prices"]}, extra={"empty": False, "point": split})
