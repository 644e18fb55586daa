"""What all traders together buy or sell at a posted price: piecewise affine curves, exact."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gametheory.arithmetic import rational
from gametheory.games.trading import Trader, TradingStep

__all__ = ["Curve", "Piece", "demand", "reply", "supply"]

#: What is used of a trader's reply to one price: (least amount, greatest amount or None, price at amount 0, curvature).
_Ramp = tuple[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """An affine piece: from `(left, at_left)` to `(right, at_right)`."""

    left: Any
    right: Any
    at_left: Any
    at_right: Any

    @property
    def slope(self) -> Any:
        """Change of the amount per unit of price."""
        return (self.at_right - self.at_left) / (self.right - self.left)

    def amount(self, price: Any) -> Any:
        """Return the amount at a price of this piece."""
        return self.at_left + self.slope * (price - self.left)


@dataclass(frozen=True, slots=True)
class Curve:
    """Breakpoints of a monotone piecewise affine function of the price, from the lowest to the highest price."""

    prices: tuple[Any, ...]
    amounts: tuple[Any, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces in order of the price."""
        for k in range(len(self.prices) - 1):
            yield self.piece(k)

    def piece(self, k: int) -> Piece:
        """Return the piece between breakpoints `k` and `k + 1`."""
        return Piece(self.prices[k], self.prices[k + 1], self.amounts[k], self.amounts[k + 1])

    def place(self, amount: Any) -> int:
        """Return the first breakpoint (of a rising curve) whose amount is at least `amount`."""
        return bisect_left(self.amounts, amount)

    def first_price(self, amount: Any) -> Any:
        """Return the lowest price at which a rising curve reaches `amount`, which must be one of its values."""
        k = self.place(amount)
        if self.amounts[k] == amount:
            return self.prices[k]
        piece = self.piece(k - 1)
        return piece.left + (amount - piece.at_left) / piece.slope

    def mirrored(self) -> Curve:
        """Return the curve of ``-price``: a falling curve becomes a rising one."""
        return Curve(tuple(-p for p in reversed(self.prices)), tuple(reversed(self.amounts)))


def demand(step: TradingStep) -> Curve:
    """Return ``E_b(p) = sum_i max(D_i - a_i(p), 0)``, ``a_i`` the best adjustment at a single price ``p``."""
    low, high = rational(step.sell_price), rational(step.buy_price)
    # A buyer sees the mirror image of a seller: less is bought at a higher price.
    ramps = []
    for trader in step.traders:
        position, curvature, slope, lower, upper = _numbers(trader)
        least = rational(0) if upper is None else max(rational(0), position - upper)
        most = None if lower is None else max(rational(0), position - lower)
        ramps.append((least, most, -(slope + curvature * position), curvature))
    return _sum(ramps, -high, -low).mirrored()


def supply(step: TradingStep) -> Curve:
    """Return ``E_s(p) = sum_i max(a_i(p) - D_i, 0)``."""
    ramps = []
    for trader in step.traders:
        position, curvature, slope, lower, upper = _numbers(trader)
        least = rational(0) if lower is None else max(rational(0), lower - position)
        most = None if upper is None else max(rational(0), upper - position)
        ramps.append((least, most, slope + curvature * position, curvature))
    return _sum(ramps, rational(step.sell_price), rational(step.buy_price))


def reply(trader: Trader, buy_price: Any, sell_price: Any) -> Any:
    """Return the only best adjustment of a trader at the two prices: buy, sell, or stay at zero import.

    It is unique: the cost is strictly convex, or there is no choice.
    """
    position, curvature, slope, lower, upper = _numbers(trader)

    def at(price: Any) -> Any:
        if curvature == 0:
            return lower
        wish = (rational(price) - slope) / curvature
        wish = wish if lower is None else max(wish, lower)
        return wish if upper is None else min(wish, upper)

    return max(min(position, at(buy_price)), at(sell_price))


def _numbers(trader: Trader) -> tuple[Any, Any, Any, Any, Any]:
    lower = None if trader.lower is None else rational(trader.lower)
    upper = None if trader.upper is None else rational(trader.upper)
    return rational(trader.position), rational(trader.curvature), rational(trader.slope), lower, upper


def _sum(ramps: list[_Ramp], low: Any, high: Any) -> Curve:
    """Add ``clip((p - start)/curvature, least, most)`` over the traders on ``[low, high]``; the sum rises."""
    amount = slope = rational(0)
    bends: dict[Any, Any] = {}
    for least, most, start, curvature in ramps:
        if curvature == 0 or least == most:
            amount += least
            continue
        begin = start + curvature * least
        end = None if most is None else start + curvature * most
        steepness = 1 / curvature
        if low <= begin:
            amount += least
        elif end is not None and low >= end:
            amount += most
        else:
            amount += (low - start) * steepness
            slope += steepness
        if low <= begin < high:
            bends[begin] = bends.get(begin, 0) + steepness
        if end is not None and low < end < high:
            bends[end] = bends.get(end, 0) - steepness
    slope += bends.pop(low, 0)
    prices, amounts = [low], [amount]
    for price in sorted(bends):
        amount += slope * (price - prices[-1])
        prices.append(price)
        amounts.append(amount)
        slope += bends[price]
    if high > low:
        amounts.append(amount + slope * (high - prices[-1]))
        prices.append(high)
    return Curve(tuple(prices), tuple(amounts))
