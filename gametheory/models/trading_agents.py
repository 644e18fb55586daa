"""G.3 Trading agents of zero intelligence in a continuous double auction.

Source: J. G. Monroe, P. Hansen, M. Sorell et al., "Agent-based model of a blockchain enabled peer-to-peer energy
market: application for a neighborhood trial in Perth, Australia", Smart Cities 3(3), 2020, 1072-1099; fidelity:
derived. The agents are those of D. K. Gode and S. Sunder, Journal of Political Economy 101 (1993) 119-137; agents that
learn are not part of this file.

Each buyer wants one unit, each seller has one. Who quotes next is drawn at random; the best bid and ask stand until
they cross, the trade is made at the earlier of the two, and both leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.errors import InputError

__all__ = ["AgentTrade", "AgentTrades", "TradingAgents", "ask_quote", "bid_quote", "buyer_surplus", "seller_surplus"]


def bid_quote(draw: Number, low: Number, most: Number) -> Number:
    """Return ``p_min + u (most - p_min)``, ``u`` in [0, 1]: `most` is the value of a buyer that keeps to its budget."""
    return low + draw * (most - low)


def ask_quote(draw: Number, least: Number, high: Number) -> Number:
    """Return ``least + u (p_max - least)``, ``u`` in [0, 1]: `least` is a seller's cost if it keeps to its budget."""
    return least + draw * (high - least)


def buyer_surplus(value: Number, price: Number) -> Number:
    """Return ``v - p``."""
    return value - price


def seller_surplus(price: Number, cost: Number) -> Number:
    """Return ``p - c``."""
    return price - cost


@dataclass(frozen=True, slots=True)
class AgentTrade:
    """One trade: who buys, who sells, at which price (money/kWh)."""

    buyer: int
    seller: int
    price: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTrades:
    """What came of one run.

    Attributes
    ----------
    trades
        In the order they were made.
    surplus, greatest_surplus
        What buyers and sellers gained together, and the most they could have.
    """

    trades: tuple[AgentTrade, ...]
    surplus: Fraction
    greatest_surplus: Fraction

    @property
    def efficiency(self) -> Fraction | None:
        """Surplus over the greatest one; None where no pair could gain."""
        return self.surplus / self.greatest_surplus if self.greatest_surplus > 0 else None

    @property
    def volatility(self) -> float | None:
        """Standard deviation of prices over their mean; None without trade or with a mean of 0."""
        prices = np.array([float(trade.price) for trade in self.trades])
        return float(prices.std() / prices.mean()) if len(prices) and prices.mean() else None


@dataclass(frozen=True, slots=True)
class TradingAgents:
    """Buyers and sellers of one unit who quote at random.

    Source: Monroe, Hansen, Sorell et al. 2020; fidelity: derived (agents of Gode and Sunder 1993). Theorems: G-P5.
    Agents follow a rule and do not optimise: there is no ``to_game``.

    Parameters
    ----------
    values, costs
        Of each buyer and of each seller (money/kWh).
    low, high
        ``p_min <= p_max``: the range of quotes.
    constrained
        Whether agents keep to their budget: buyers quote at most their value, sellers at least their cost. A buyer with
        a value below `low`, or a seller with a cost above `high`, then abstains.

    Examples
    --------
    >>> run = TradingAgents(values=(10, 8, 3), costs=(1, 4, 9), low=0, high=12).run(seed=1)
    >>> all(trade.price >= 0 for trade in run.trades), run.efficiency <= 1
    (True, True)
    """

    theorems: ClassVar[tuple[str, ...]] = ("G-P5",)
    fidelity: ClassVar[str] = "derived"

    values: tuple[Fraction, ...]
    costs: tuple[Fraction, ...]
    low: Fraction
    high: Fraction
    constrained: bool = True

    def __post_init__(self) -> None:
        for name in ("values", "costs"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("low", "high"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = []
        if not self.values or not self.costs:
            problems.append(f"{len(self.values)} buyers, {len(self.costs)} sellers: give at least one of each")
        if self.low > self.high:
            problems.append(f"low {self.low} is above high {self.high}; swap them")
        InputError.raise_all(problems)

    @property
    def greatest_surplus(self) -> Fraction:
        """The surplus of the best pairs: highest values with lowest costs, as long as a pair gains."""
        pairs = zip(sorted(self.values, reverse=True), sorted(self.costs), strict=False)
        return sum((v - c for v, c in pairs if v > c), Fraction(0))

    def run(self, *, seed: int | np.random.Generator, rounds: int | None = None) -> AgentTrades:
        """Let agents quote until nobody can trade or `rounds` quotes are made (default 200 for each agent)."""
        rng = np.random.default_rng(seed)
        buyers = [j for j, v in enumerate(self.values) if not self.constrained or v >= self.low]
        sellers = [i for i, c in enumerate(self.costs) if not self.constrained or c <= self.high]
        quotes = 200 * (len(self.values) + len(self.costs)) if rounds is None else rounds
        if quotes < 0:
            raise InputError(f"rounds {rounds} is negative")
        bid: tuple[Fraction, int] | None = None
        ask: tuple[Fraction, int] | None = None
        trades: list[AgentTrade] = []
        for _ in range(quotes):
            if not buyers or not sellers:
                break
            draw = exact(float(rng.random()))
            place = int(rng.integers(len(buyers) + len(sellers)))
            if place < len(buyers):
                buyer = buyers[place]
                quote = exact(bid_quote(draw, self.low, self.values[buyer] if self.constrained else self.high))
                if bid is None or quote > bid[0]:
                    bid = (quote, buyer)
                price = ask[0] if ask is not None else None
            else:
                seller = sellers[place - len(buyers)]
                quote = exact(ask_quote(draw, self.costs[seller] if self.constrained else self.low, self.high))
                if ask is None or quote < ask[0]:
                    ask = (quote, seller)
                price = bid[0] if bid is not None else None
            if bid is not None and ask is not None and price is not None and bid[0] >= ask[0]:
                trades.append(AgentTrade(bid[1], ask[1], price))
                buyers.remove(bid[1])
                sellers.remove(ask[1])
                bid = ask = None
        gained = [
            exact(buyer_surplus(self.values[t.buyer], t.price)) + exact(seller_surplus(t.price, self.costs[t.seller]))
            for t in trades
        ]
        return AgentTrades(
            trades=tuple(trades), surplus=sum(gained, Fraction(0)), greatest_surplus=self.greatest_surplus
        )
