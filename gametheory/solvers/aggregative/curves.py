"""What one trader wants to receive at each price: a falling, piecewise-linear curve.

At equilibrium ``lam + kappa q`` is a marginal value of trader ``i``: a subgradient of
``F(z) = min_p f(p) + G(z - p)`` at ``z = D - q``. Along the trader's marginal value ``mu`` both ``q = D - z(mu)`` and
``lam = mu - kappa q`` are explicit, so the curve is known by its knots:

* own adjustment: ``P(mu)`` minimises ``f(p) - mu p`` within the bounds;
* outside: nothing for ``sell < mu < buy``; any purchase at ``mu = buy``, any sale at ``mu = sell``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import flint

from gametheory.arithmetic import rational
from gametheory.games.trading import Trader, TradingStep

__all__ = ["DemandCurve", "demand_curve"]

Rational = Any  # flint.fmpq
Knot = tuple[Rational, Rational]

_ZERO = flint.fmpq(0)


@dataclass(frozen=True, slots=True)
class DemandCurve:
    """The purchase ``q`` of one trader as a function of the price.

    Attributes
    ----------
    prices, purchases
        Knots; prices rise strictly and purchases do not rise.
    left, right
        Slopes before the first and after the last knot, ``<= 0``.
    """

    prices: tuple[Rational, ...]
    purchases: tuple[Rational, ...]
    left: Rational
    right: Rational

    def __call__(self, price: Rational) -> Rational:
        """Return the purchase at a price."""
        k = bisect_right(self.prices, price)
        if k == 0:
            return self.purchases[0] + self.left * (price - self.prices[0])
        if k == len(self.prices):
            return self.purchases[-1] + self.right * (price - self.prices[-1])
        here = self.purchases[k - 1]
        if self.purchases[k] == here:
            return here
        return here + self.slope(k) * (price - self.prices[k - 1])

    def slope(self, k: int) -> Rational:
        """Return the slope of piece `k`: between knots ``k - 1`` and ``k``, or of a ray."""
        if k == 0:
            return self.left
        if k == len(self.prices):
            return self.right
        return (self.purchases[k] - self.purchases[k - 1]) / (self.prices[k] - self.prices[k - 1])


def demand_curve(trader: Trader, step: TradingStep, kappa: Rational) -> DemandCurve:
    """Return the curve of a trader in a step."""
    position, c, d = rational(trader.position), rational(trader.curvature), rational(trader.slope)
    points, before, after = _adjustments(trader, c, d, position)
    steep = -1 / kappa
    left, right = -before / (1 + kappa * before), -after / (1 + kappa * after)
    if step.buy_price is not None and step.sell_price is not None:
        buy, sell = rational(step.buy_price), rational(step.sell_price)
        left = right = steep
        points = [(sell, position)] if buy == sell else _within(points, before, after, sell, buy)
    knots: list[Knot] = []
    for mu, adjustment in points:
        purchase = position - adjustment
        knot = (mu - kappa * purchase, purchase)
        if not knots or knot[0] > knots[-1][0]:
            knots.append(knot)
    return DemandCurve(tuple(k[0] for k in knots), tuple(k[1] for k in knots), left, right)


def _adjustments(trader: Trader, c: Rational, d: Rational, position: Rational) -> tuple[list[Knot], Rational, Rational]:
    """Return knots ``(mu, P(mu))`` of the own adjustment and the slopes of the rays before and after them."""
    bounds = [rational(b) for b in (trader.lower, trader.upper) if b is not None]
    points = [(d + c * b, b) for b in bounds]
    if not points:  # a straight line: any point will do
        points = [(d + c * position, position)]
    free = 1 / c if c != 0 else _ZERO
    return points, free if trader.lower is None else _ZERO, free if trader.upper is None else _ZERO


def _within(points: list[Knot], before: Rational, after: Rational, sell: Rational, buy: Rational) -> list[Knot]:
    """Return the knots for ``sell <= mu <= buy``: the largest adjustment at `sell`, the smallest at `buy`."""

    def at(mu: Rational, *, largest: bool) -> Rational:
        lower, upper = points[0], points[-1]
        if mu < lower[0] or (mu == lower[0] and not largest):
            return lower[1] - before * (lower[0] - mu)
        if mu > upper[0] or (mu == upper[0] and largest):
            return upper[1] + after * (mu - upper[0])
        if upper[0] == lower[0]:  # curvature 0, and mu is the slope itself
            return upper[1] if largest else lower[1]
        return lower[1] + (upper[1] - lower[1]) / (upper[0] - lower[0]) * (mu - lower[0])

    inside = [point for point in points if sell < point[0] < buy]
    return [(sell, at(sell, largest=True)), *inside, (buy, at(buy, largest=False))]
