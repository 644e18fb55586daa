"""Pure equilibria of price competition: the two prices that can be one, and where neither is, the least regret found.

Source: J. Bertrand, Journal des Savants (1883) 499-508; F. Y. Edgeworth, "La teoria pura del monopolio", Giornale
degli Economisti 40 (1897) 13-31; D. M. Kreps, J. A. Scheinkman, "Quantity precommitment and Bertrand competition yield
Cournot outcomes", Bell Journal of Economics 14 (1983), 326-337 (the ranges of capacities); X. Vives, Oligopoly Pricing
(1999), chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import maximum
from gametheory.games.price_competition import PriceCompetition, sales
from gametheory.result import Answer, Concept, Status

__all__ = ["PurePrices"]


@dataclass(frozen=True, slots=True)
class PurePrices:
    """Try the price that sells all capacities and the unit cost; no other common price can be an equilibrium.

    - Small capacities: all sell everything at ``(a - K)/b``, if nobody earns more by a higher price on what is left.
    - Large ones: if any firm could leave the market and the others still cover the demand at cost, price is cost.
    - Between: no pure equilibrium. The answer is then the common price of least regret on a grid between the two, with
      status ``no equilibrium found``, or with ``epsilon`` a claim of that regret.

    Parameters
    ----------
    grid
        Common prices that are tried where there is no equilibrium.
    near
        If True, claim that least regret as the epsilon of an epsilon-equilibrium.

    Examples
    --------
    >>> PurePrices().solve(PriceCompetition(("a", "b"), (3, 3), 12, 1)).profile
    (Fraction(6, 1), Fraction(6, 1))
    >>> PurePrices().solve(PriceCompetition(("a", "b"), (6, 6), 12, 1)).status.value
    'no equilibrium found'
    """

    accepts: ClassVar[tuple[str, ...]] = ("PriceCompetition",)
    concept: ClassVar[Concept] = Concept.NASH
    grid: int = 64
    near: bool = False

    def solve(self, game: PriceCompetition) -> Answer:
        """Return a pure equilibrium, or the common price of least regret."""
        count = len(game.players)
        clearing = max((game.intercept - sum(game.capacities, Fraction(0))) / game.slope, game.cost)
        candidates = [clearing, game.cost]
        for number, price in enumerate(candidates):
            if _regret(game, price) == 0:
                return _answer(game, (price,) * count, number + 1, Status.SOLVED, Fraction(0))
        monopoly = (game.highest + game.cost) / 2
        span = maximum(monopoly, clearing) - game.cost
        prices = [game.cost + span * Fraction(k, self.grid) for k in range(self.grid + 1)]
        best = min(prices, key=lambda p: _regret(game, p))
        left = _regret(game, best)
        status = Status.SOLVED if self.near else Status.NO_EQUILIBRIUM_FOUND
        epsilon = left if self.near else Fraction(0)
        return _answer(game, (best,) * count, len(prices) + 2, status, epsilon)


def _regret(game: PriceCompetition, price: Fraction) -> Any:
    """Return what a firm can gain at most where all ask the same price: by undercutting, or by asking more."""
    everybody = sum(game.capacities, Fraction(0))
    gains = []
    for own in game.capacities:
        now = (price - game.cost) * sales(game.demand(price), Fraction(0), everybody, own)
        below = [price, (game.intercept - own) / game.slope, (game.highest + game.cost) / 2]
        lower = [p for p in below if p <= price]
        above = everybody - own
        top = ((game.intercept - above) / game.slope + game.cost) / 2
        higher = [p for p in (price, top, (game.intercept - everybody) / game.slope) if price <= p <= game.highest]
        best = [(p - game.cost) * sales(game.demand(p), Fraction(0), own, own) for p in lower]
        best += [(p - game.cost) * sales(game.demand(p), above, own, own) for p in higher]
        gains.append(max(best) - now)
    return max(gains)


def _answer(game: PriceCompetition, prices: Any, tried: int, status: Status, epsilon: Fraction) -> Answer:
    return Answer(
        profile=prices,
        status=status,
        iterations=tried,
        epsilon=epsilon,
        extra={"point": dict(zip(game.players, prices, strict=True)), "payoffs": game.values(prices), "details": {}},
    )
