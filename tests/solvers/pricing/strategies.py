"""Pricing games of every kind, and what their definition says about replies and profits, by comparing candidates."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from gametheory.games.pricing import PricingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.models.economy import internal_bill, operator_profit

__all__ = ["best_reply", "games", "profit", "small", "traders"]

small = st.fractions(min_value=-4, max_value=4, max_denominator=4)
curvatures = st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2), Fraction(7, 3)])


@st.composite
def traders(draw: st.DrawFn) -> Trader:
    """Traders of every kind: elastic with and without bounds, at a bound, inelastic with and without curvature."""
    kind = draw(st.sampled_from(["free", "bounded", "half", "fixed", "flat"]))
    position, slope = draw(small), draw(small)
    if kind == "free":
        return Trader(position, draw(curvatures), slope)
    low, high = sorted((draw(small), draw(small)))
    if kind == "bounded":
        return Trader(position, draw(curvatures), slope, low, high)
    if kind == "half":
        return Trader(position, draw(curvatures), slope, low, None)
    return Trader(position, draw(curvatures) if kind == "fixed" else Fraction(0), slope, low, low)


@st.composite
def games(draw: st.DrawFn, players: int = 4) -> PricingGame:
    size = draw(st.integers(1, players))
    steps = []
    for _ in range(draw(st.integers(1, 2))):
        low, high = sorted((draw(small), draw(small)))
        steps.append(TradingStep(tuple(draw(traders()) for _ in range(size)), high, low))
    return PricingGame(tuple(f"m{k}" for k in range(size)), tuple(steps))


def best_reply(trader: Trader, buy: Fraction, sell: Fraction) -> Fraction:
    """The reply by comparing every candidate's cost: bounds, the position, both stationary points."""
    points = [trader.position, trader.lower, trader.upper]
    if trader.curvature:
        points += [(price - trader.slope) / trader.curvature for price in (buy, sell)]

    def allowed(p: Fraction | None) -> bool:
        if p is None:
            return False
        return (trader.lower is None or p >= trader.lower) and (trader.upper is None or p <= trader.upper)

    def cost(p: Fraction) -> Fraction:
        bill: Fraction = internal_bill(trader.position - p, buy, sell)
        return trader.curvature * p * p / 2 + trader.slope * p + bill

    return min((p for p in points if p is not None and allowed(p)), key=cost)


def profit(step: TradingStep, buy: Fraction, sell: Fraction) -> Fraction:
    imports = [trader.position - best_reply(trader, buy, sell) for trader in step.traders]
    bought = sum((m for m in imports if m > 0), Fraction(0))
    sold = sum((-m for m in imports if m < 0), Fraction(0))
    return Fraction(operator_profit(bought, sold, buy, sell, step.buy_price, step.sell_price))
