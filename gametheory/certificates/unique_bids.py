"""Whether a demand-bidding equilibrium is the only one, from the definition and the equilibrium itself.

Purchases ``q`` are the same in all equilibria: they minimise ``sum F_i(D_i - q_i) + kappa q_i^2/2`` on ``sum q = 0``,
which is strictly convex. A price ``lam`` clears a step if ``mu_i = lam + kappa q_i`` is a subgradient of ``F_i`` at
``D_i - q_i`` for all ``i``. As these sets are intervals, ``lam`` is the only one iff some trader's ends at ``mu_i`` on
the left, and some trader's on the right. Bids then are unique, and adjustments unless a trader with a flat cost may
cover its need by itself or outside at the same price.
"""

from __future__ import annotations

from typing import Any

from gametheory.arithmetic import rational
from gametheory.games.aggregative import DemandBiddingGame, read_bids
from gametheory.games.trading import Trader, TradingStep

__all__ = ["one_equilibrium"]


def one_equilibrium(game: DemandBiddingGame, profile: Any) -> bool:
    """Return whether a profile, known to be an equilibrium, is the only one."""
    bids, own = read_bids(game, profile)
    a, kappa, size = rational(game.sensitivity), rational(game.kappa), len(game.players)
    for t, step in enumerate(game.steps):
        price = sum((row[t] for row in bids), rational(0)) / (a * size)
        left = right = True
        for i, trader in enumerate(step.traders):
            received = bids[i][t] - a * price
            value, covered = price + kappa * received, rational(trader.position) - received
            if _another_split(trader, step, value, own[i][t], covered - own[i][t]):
                return False
            left = left and _extends(trader, step, value, covered, -1)
            right = right and _extends(trader, step, value, covered, 1)
        if left or right:
            return False
    return True


def _extends(trader: Trader, step: TradingStep, value: Any, covered: Any, side: int) -> bool:
    """Whether values just beyond `value` on a side are subgradients too: the reply stays, nothing is left outside."""
    end = step.sell_price if side < 0 else step.buy_price
    if end is not None and (value - rational(end)) * side >= 0:
        return False
    outer, inner = (trader.lower, trader.upper) if side < 0 else (trader.upper, trader.lower)

    def pressure(bound: Any) -> Any:
        """By how much the value is beyond the slope at a bound, where that bound holds the reply."""
        return (value - rational(trader.curvature * bound + trader.slope)) * side

    if outer is not None and covered == rational(outer) and pressure(outer) >= 0:
        return True
    at_inner = inner is not None and covered == rational(inner)
    return bool(at_inner and (outer == inner or pressure(inner) < 0))


def _another_split(trader: Trader, step: TradingStep, value: Any, adjustment: Any, rest: Any) -> bool:
    """Whether another adjustment costs the same: a flat cost whose slope is the price outside, with room to move."""
    if trader.curvature or trader.lower == trader.upper or step.buy_price is None or step.sell_price is None:
        return False
    if value != rational(trader.slope):
        return False
    lower, upper = rational(trader.lower), rational(trader.upper)
    buys, sells = value == rational(step.buy_price), value == rational(step.sell_price)
    # Where it buys outside, it may cut less and buy more, or cut more and buy less, as long as it still buys.
    down = adjustment > lower and (buys or (sells and rest < 0))
    up = adjustment < upper and (sells or (buys and rest > 0))
    return bool(down or up)
