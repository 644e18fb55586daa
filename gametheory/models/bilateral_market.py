"""D.1 and D.2 Bilateral trading: one charge on every trade, preferences for partners, consensus among traders.

Source: T. Baroche, P. Pinson, R. Le Goff Latimier, H. Ben Ahmed, "Exogenous cost allocation in peer-to-peer electricity
markets", IEEE Transactions on Power Systems 34(4), 2019, 2553-2564; fidelity: paper (the unique charge; the charges by
distance and by zone are not part of this file). Preferences: E. Sorin, L. Bobo, P. Pinson, "Consensus-based approach to
peer-to-peer electricity markets with product differentiation", IEEE Transactions on Power Systems 34(2), 2019,
994-1004; fidelity: paper (abstract) + derived.

Agent ``n`` with cost ``a_n p^2/2 + b_n p`` of its net power ``p`` (> 0 sells) trades ``p_nm = -p_mn`` with partners of
the other side. Both ends of a trade pay half of the charge ``u``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from gametheory.arithmetic import Number, absolute, clip, exact, exact_series
from gametheory.errors import InputError
from gametheory.models.dual_clearing import free_answer

__all__ = [
    "BilateralMarket",
    "ChargedMarket",
    "agent_cost",
    "charge_revenue",
    "consensus_multiplier",
    "consensus_target",
    "perceived_price",
    "preference_cost",
    "pro_rata_trade",
    "trade_condition",
]


def agent_cost(net: Number, slope: Number, base: Number) -> Number:
    """Return ``a p^2/2 + b p`` (money/h)."""
    return slope * net * net / 2 + base * net


def perceived_price(price: Number, charge: Number, side: Number) -> Number:
    """Return ``lam - side u/2``: what an agent sees, `side` being 1 for a producer and -1 for a consumer."""
    return price - side * charge / 2


def charge_revenue(charge: Number, volume: Number) -> Number:
    """Return ``u V`` (money/h): both halves of the charge on all that is traded."""
    return charge * volume


def pro_rata_trade(net: Number, partner: Number, volume: Number) -> Number:
    """Return ``p_nm = p_n |p_m| / V`` for a partner of the other side: one of many splits with the same net powers."""
    return net * absolute(partner) / volume


def preference_cost(weight: Number, trade: Number) -> Number:
    """Return ``c_nm |p_nm|`` (money/h): what a consumer minds about a partner."""
    return weight * absolute(trade)


def consensus_target(own: Number, partner: Number) -> Number:
    """Return ``z_nm = (p_nm - p_mn)/2``: the trade on which both ends could agree."""
    return (own - partner) / 2


def consensus_multiplier(multiplier: Number, own: Number, partner: Number, penalty: Number) -> Number:
    """Return ``lam_nm - rho (p_nm + p_mn)/2``: the multiplier after a step; it moves until both ends agree."""
    return multiplier - penalty * (own + partner) / 2


def trade_condition(
    marginal: Number, charge: Number, multiplier: Number, target: Number, trade: Number, penalty: Number
) -> Number:
    """Return ``f'(p_n) + gamma_nm - lam_nm - rho (z_nm - p_nm)``: 0 at the trade that a step chooses."""
    return marginal + charge - multiplier - penalty * (target - trade)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedMarket:
    """The market at one charge.

    Attributes
    ----------
    price
        ``lam`` between the two perceived prices (money/MWh), the middle where several clear; None without trade.
    net
        Net power of each agent (MW).
    volume, revenue
        What is traded (MW), and what the charge brings (money/h).
    """

    price: Fraction | None
    net: tuple[Fraction, ...]
    volume: Fraction
    revenue: Fraction


@dataclass(frozen=True, slots=True)
class BilateralMarket:
    """Producers and consumers that trade with each other under a unique charge, all numbers exact.

    Source: Baroche, Pinson, Le Goff Latimier and Ben Ahmed 2019; fidelity: paper (the unique charge). Theorems: D-P1,
    D-P2, D-P3, D-P7, D-P10. The equilibrium is the welfare optimum of price takers: there is no ``to_game``.

    Parameters
    ----------
    slope, base
        ``a_n > 0`` (money/MW^2h) and ``b_n`` (money/MWh) of each agent.
    low, high
        Bounds on net power (MW): ``high = 0 > low`` for a consumer, ``low = 0 < high`` for a producer.

    Raises
    ------
    InputError
        ``a_n <= 0``, an agent that is neither, no agent of one side.

    Examples
    --------
    >>> market = BilateralMarket(slope=(1, 1), base=(0, 10), low=(0, -20), high=(20, 0))
    >>> free, charged = market.clear(0), market.clear(6)
    >>> free.price, free.volume, charged.volume, market.vanishing_charge
    (Fraction(5, 1), Fraction(5, 1), Fraction(2, 1), Fraction(10, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("D-P1", "D-P2", "D-P3", "D-P7", "D-P10")
    fidelity: ClassVar[str] = "paper"

    slope: tuple[Fraction, ...]
    base: tuple[Fraction, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        for name in ("slope", "base", "low", "high"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        count = len(self.slope)
        if not count == len(self.base) == len(self.low) == len(self.high):
            raise InputError(
                f"{count} slopes, {len(self.base)} bases, {len(self.low)} and {len(self.high)} bounds; make them agree"
            )
        problems = [f"slope[{k}] is {a}; it must be > 0" for k, a in enumerate(self.slope) if a <= 0]
        problems += [
            f"agent {k} has bounds {low} and {high}: give low < high with one of them 0"
            for k, (low, high) in enumerate(zip(self.low, self.high, strict=True))
            if not (low < 0 == high or low == 0 < high)
        ]
        sides = {high > 0 for high in self.high}
        if not problems and sides != {True, False}:
            problems.append("all agents are on one side; give at least one producer and one consumer")
        InputError.raise_all(problems)

    def _side(self, producers: bool) -> list[int]:
        return [k for k, high in enumerate(self.high) if (high > 0) == producers]

    def _answer(self, k: int, price: Fraction) -> Fraction:
        return exact(clip(free_answer(price, self.slope[k], self.base[k]), self.low[k], self.high[k]))

    def supply(self, price: Number) -> Fraction:
        """Return what producers sell at the price they perceive (MW)."""
        seen = exact(price, what="price")
        return sum((self._answer(k, seen) for k in self._side(True)), Fraction(0))

    def demand(self, price: Number) -> Fraction:
        """Return what consumers buy at the price they perceive (MW)."""
        seen = exact(price, what="price")
        return -sum((self._answer(k, seen) for k in self._side(False)), Fraction(0))

    def _kinks(self, producers: bool) -> list[Fraction]:
        """Return the perceived prices at which an agent of a side reaches a bound, in rising order."""
        members = self._side(producers)
        return sorted({self.base[k] + self.slope[k] * bound for k in members for bound in (self.low[k], self.high[k])})

    def trades(self, charge: Number) -> tuple[tuple[Fraction, ...], ...]:
        """Return one split of the net powers into trades (MW), in proportion; no split is better than another."""
        market = self.clear(charge)
        return tuple(
            tuple(exact(pro_rata_trade(p, q, market.volume)) if p * q < 0 else Fraction(0) for q in market.net)
            for p in market.net
        )

    @property
    def vanishing_charge(self) -> Fraction:
        """The charge from which on nothing is traded: ``max b`` of consumers less ``min b`` of producers."""
        most = max(self.base[k] for k in self._side(False))
        least = min(self.base[k] for k in self._side(True))
        return max(most - least, Fraction(0))

    def clear(self, charge: Number) -> ChargedMarket:
        """Return prices and powers under a charge ``u >= 0`` (money/MWh)."""
        u = exact(charge, what="charge")
        if u < 0:
            raise InputError(f"charge {u} is negative; give >= 0")

        def surplus(price: Fraction) -> Fraction:
            return self.supply(perceived_price(price, u, 1)) - self.demand(perceived_price(price, u, -1))

        half = u / 2
        kinks = sorted({k + half for k in self._kinks(True)} | {k - half for k in self._kinks(False)})
        values = [surplus(k) for k in kinks]
        zero = [k for k, value in zip(kinks, values, strict=True) if value == 0]
        if zero:
            price = (zero[0] + zero[-1]) / 2
        else:  # the first kinks leave demand unmet, the last ones supply unsold
            j = next(j for j, value in enumerate(values) if value > 0)
            price = kinks[j - 1] - values[j - 1] * (kinks[j] - kinks[j - 1]) / (values[j] - values[j - 1])
        net = tuple(
            self._answer(k, exact(perceived_price(price, u, 1 if high > 0 else -1))) for k, high in enumerate(self.high)
        )
        volume = sum((p for p in net if p > 0), Fraction(0))
        return ChargedMarket(
            price=price if volume else None, net=net, volume=volume, revenue=exact(charge_revenue(u, volume))
        )

    def charges(self) -> list[Fraction]:
        """Return the charges, from 0 to the one that ends trade, between which volume is affine in the charge."""
        found = {Fraction(0), self.vanishing_charge}
        for seen, volume in ((k, self.demand(k)) for k in self._kinks(False)):
            found |= {seen - price for price in self._prices_of(volume, producers=True)}
        for seen, volume in ((k, self.supply(k)) for k in self._kinks(True)):
            found |= {price - seen for price in self._prices_of(volume, producers=False)}
        return sorted(u for u in found if 0 <= u <= self.vanishing_charge)

    def _prices_of(self, volume: Fraction, *, producers: bool) -> Iterator[Fraction]:
        """Yield the ends of the perceived prices at which a side trades exactly `volume`."""
        kinks = self._kinks(producers)
        amount = self.supply if producers else self.demand
        values = [amount(k) for k in kinks]
        for (left, first), (right, second) in pairwise(zip(kinks, values, strict=True)):
            if first == volume:
                yield left
            if second == volume:
                yield right
            if first != second and min(first, second) < volume < max(first, second):
                yield left + (volume - first) * (right - left) / (second - first)

    @property
    def best_charge(self) -> tuple[Fraction, Fraction]:
        """The smallest charge of greatest revenue, and that revenue: the best over the pieces of affine volume."""
        ends = self.charges()
        candidates = set(ends)
        for left, right in pairwise(ends):
            first, second = self.clear(left).volume, self.clear(right).volume
            fall = (first - second) / (right - left)
            if fall > 0:  # u (first - fall (u - left)) is largest at
                candidates.add(min(max((first / fall + left) / 2, left), right))
        best = max(self.clear(u).revenue for u in candidates)
        return min(u for u in candidates if self.clear(u).revenue == best), best
