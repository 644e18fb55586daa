"""B.3: the prices of an operator whose prosumers have log utility, with a rigorous bound on the leader's regret.

Followers: utility is strictly concave in the consumption, so the one point where the left slope is not negative and the
right slope not positive is the only maximiser; with rational prices it is rational. Where a consumption differs from
it, the regret is enclosed by balls.

Leader: the price axis is cut where any prosumer changes its role, and every pair of intervals is closed by the bound of
:mod:`gametheory.certificates.regimes`. On an interval both terms of the bound are
``K + lam C - C p - lam K/p``, concave with the top ``K + lam C - 2 sqrt(lam K C)``; whether the top lies inside is
decided in rationals, and the root is rounded downwards in integers, so the bound errs upwards only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

import flint

from gametheory.arithmetic import Number, exact, rational, upper_bound
from gametheory.certificates.pricing import read_prices, read_table
from gametheory.certificates.regimes import Leaf, upper_bound_of_profit
from gametheory.errors import InputError
from gametheory.games.log_pricing import LogPricingGame, LogPricingStep
from gametheory.result import Certificate, Strength

__all__ = ["check_log_prices", "consumption_regret"]

#: Correct bits of roots and balls. The bound on the regret is then about 2^-128 of the money at stake.
_BITS = 160


def check_log_prices(
    game: LogPricingGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound the regret of the operator's prices and of every prosumer's consumption.

    The bound of the certificate is the larger of two rigorous upper bounds: what the best prices could earn more,
    summed over the steps, and what any prosumer could gain. Only better prices or a better consumption refute a claim;
    as optimal prices are irrational in general, a claim of regret 0 is mostly refuted, by a gain in the last digits.
    """
    buy, sell = read_prices(game, profile)
    consumptions = read_table(game, profile, "consumptions")
    claimed = exact(epsilon, what="epsilon")
    worst, certain, who = Fraction(0), Fraction(0), None
    for i, name in enumerate(game.players):
        regrets = [
            consumption_regret(step, i, consumptions[i][t], buy[t], sell[t], f"step {t}, player {name!r}")
            for t, step in enumerate(game.steps)
        ]
        if sum(high for _, high in regrets) > worst:
            worst, who = sum((high for _, high in regrets), Fraction(0)), name
        certain = max(certain, sum((low for low, _ in regrets), Fraction(0)))
    value = greatest = found = Fraction(0)
    multipliers = []
    better: dict[str, Any] = {}
    for t, step in enumerate(game.steps):
        earned, bound, leaf, used = _judge_step(step, rational(buy[t]), rational(sell[t]))
        value += earned
        greatest += bound
        multipliers.append(used)
        if leaf is not None:
            gain = exact(leaf.profit) - earned
            found += gain
            if gain > better.get("gain", 0):
                prices = {"buy_price": exact(leaf.buy_price), "sell_price": exact(leaf.sell_price)}
                better = {"step": t, **prices, "gain": gain}
    regret = max(greatest - value, worst)
    refuted = max(found, certain) > claimed
    evidence: dict[str, Any] = {
        "leader_regret": greatest - value,
        "follower_regret": worst,
        "profit": value,
        "greatest_profit": greatest,
        "multipliers": tuple(multipliers),
    }
    if who is not None:
        evidence["follower"] = who
    if better:
        evidence["better_prices"] = better
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.BOUNDED,
        claim="every prosumer answers optimally and no other prices earn the operator more, up to the bound",
        bound=regret,
        witness=evidence,
        epsilon=claimed,
    )


# -------------------------------------------------------------------------------------------------------- followers


def consumption_regret(
    step: LogPricingStep, i: int, consumed: Fraction, buy_price: Fraction, sell_price: Fraction, where: str = "profile"
) -> tuple[Fraction, Fraction]:
    """Return a lower and an upper bound on what player `i` could gain by another consumption; both 0 at the best."""
    if consumed < 0:
        raise InputError(f"{where}: consumption {consumed} is negative; give >= 0 kWh")
    weight, energy = step.weights[i], step.energies[i]
    best = _best_consumption(weight, energy, buy_price, sell_price)
    if consumed == best:
        return Fraction(0), Fraction(0)
    # Utility of the best less utility of this one, as a ball; strict concavity makes it positive.
    precision = flint.ctx.prec
    flint.ctx.prec = _BITS
    try:
        ratio = flint.arb(rational((1 + best) / (1 + consumed)))
        money = _bill(consumed - energy, buy_price, sell_price) - _bill(best - energy, buy_price, sell_price)
        gain = flint.arb(rational(weight)) * ratio.log() + flint.arb(rational(money))
        return max(Fraction(0), -upper_bound(-gain)), max(Fraction(0), upper_bound(gain))
    finally:
        flint.ctx.prec = precision


def _best_consumption(weight: Fraction, energy: Fraction, buy_price: Fraction, sell_price: Fraction) -> Fraction:
    """Return the only point of ``x >= 0`` whose left slope is >= 0 (or x = 0) and whose right slope is <= 0.

    The slope of utility is ``k/(1+x)`` less the sell price below the own energy, less the buy price above it.
    """
    for x in (energy, weight / buy_price - 1, weight / sell_price - 1, Fraction(0)):
        if x < 0:
            continue
        marginal = weight / (1 + x)
        right = marginal - (buy_price if x >= energy else sell_price)
        left = marginal - (buy_price if x > energy else sell_price)
        if right <= 0 and (left >= 0 or x == 0):
            return x
    raise AssertionError("a concave function on a closed half-line with a negative slope at infinity has a maximiser")


def _bill(imported: Fraction, buy_price: Fraction, sell_price: Fraction) -> Fraction:
    return imported * (buy_price if imported >= 0 else sell_price)


# ----------------------------------------------------------------------------------------------------------- leader


@dataclass(frozen=True, slots=True)
class _Axis:
    """One price axis: cut points, and on each interval the sums ``K`` and ``C`` of those who trade.

    Buyers take ``K/p - C``, sellers give ``C - K/p``.
    """

    cuts: tuple[Any, ...]
    weights: tuple[Any, ...]
    constants: tuple[Any, ...]

    def piece_of(self, price: Any) -> int:
        """Return an interval that holds the price."""
        return next(j for j in range(len(self.weights)) if price <= self.cuts[j + 1])

    def amount(self, j: int, price: Any) -> Any:
        """Return ``K/p - C`` on interval j: what is bought, or minus what is sold."""
        return self.weights[j] / price - self.constants[j]

    def bound(self, j: int, lam: Any) -> Any:
        """Return a rational not below the greatest ``K + lam C - C p - lam K/p`` of interval j."""
        weight, constant = self.weights[j], self.constants[j]
        left, right = self.cuts[j], self.cuts[j + 1]
        # The derivative is lam K/p^2 - C: the top is at the left end, at the right end, or inside.
        if constant * left * left >= lam * weight:
            return weight + lam * constant - constant * left - lam * weight / left
        if constant * right * right <= lam * weight:
            return weight + lam * constant - constant * right - lam * weight / right
        return weight + lam * constant - 2 * _root_below(lam * weight * constant)

    def bounds(self, lam: Any) -> list[Any]:
        """Return :meth:`bound` of every interval."""
        return [self.bound(j, lam) for j in range(len(self.weights))]

    def top(self, j: int, lam: Any) -> Any:
        """Return about where the bound is attained, inside the interval."""
        weight, constant = self.weights[j], self.constants[j]
        left, right = self.cuts[j], self.cuts[j + 1]
        if constant * left * left >= lam * weight:
            return left
        if constant * right * right <= lam * weight:
            return right
        return min(max(_root_below(lam * weight / constant), left), right)

    def kinks(self, j: int) -> list[Any]:
        """Return the ``lam`` at which :meth:`top` starts and stops to move."""
        if self.weights[j] == 0:
            return []
        share = self.constants[j] / self.weights[j]
        return [share * self.cuts[j] * self.cuts[j], share * self.cuts[j + 1] * self.cuts[j + 1]]


def _axes(step: LogPricingStep) -> tuple[_Axis, _Axis]:
    """Return the axes of the buy and of the sell price, from each prosumer's reply in the middle of its intervals."""
    low, high = rational(step.sell_price), rational(step.buy_price)
    cuts = {low, high}
    rows = []
    for weight, energy in zip(map(rational, step.weights), map(rational, step.energies), strict=True):
        own = {weight / (1 + energy), weight}
        points = [low, *sorted(p for p in own if low < p < high), high]
        cuts.update(points)
        for left, right in pairwise(points):
            middle = (left + right) / 2
            wish = weight / middle - 1
            if wish > energy:
                rows.append((left, right, 0, weight, 1 + energy))
            elif wish < energy:
                rows.append((left, right, 2, weight, 1 + energy) if wish > 0 else (left, right, 2, 0, energy))
    grid = sorted(cuts)
    place = {cut: k for k, cut in enumerate(grid)}
    size = len(grid) - 1
    sums = [[rational(0)] * (size + 1) for _ in range(4)]
    for left, right, column, weight, constant in rows:
        for row, value in ((column, weight), (column + 1, constant)):
            sums[row][place[left]] += value
            sums[row][place[right]] -= value
    for series in sums:
        for k in range(1, size):
            series[k] += series[k - 1]
    return (
        _Axis(tuple(grid), tuple(sums[0][:size]), tuple(sums[1][:size])),
        _Axis(tuple(grid), tuple(sums[2][:size]), tuple(sums[3][:size])),
    )


def _judge_step(
    step: LogPricingStep, buy: Any, sell: Any
) -> tuple[Fraction, Fraction, Leaf | None, tuple[Fraction, ...]]:
    """Return what the prices earn, a bound on what any earn, better prices if there are, and the multipliers."""
    low, high = rational(step.sell_price), rational(step.buy_price)
    if low == high:
        # p_b = p_s = feed_in = retail: whatever is traded is passed on at the same price.
        return Fraction(0), Fraction(0), None, (step.sell_price,)
    buyers, sellers = _axes(step)

    def profit(j: int, k: int, p_b: Any, p_s: Any) -> Any:
        bought, sold = buyers.amount(j, p_b), -sellers.amount(k, p_s)
        rest = bought - sold
        return p_b * bought - p_s * sold - max(high * rest, low * rest)

    def solve_pair(j: int, k: int) -> Leaf:
        lam = _balancing(buyers, j, sellers, k, low, high)
        p_b, p_s = buyers.top(j, lam), sellers.top(k, lam)
        # Prices in the wrong order are no strategy, and earn nothing.
        return Leaf(lam, p_b, p_s, profit(j, k, p_b, p_s) if p_s <= p_b else rational(0))

    j, k = buyers.piece_of(buy), sellers.piece_of(sell)
    earned = profit(j, k, buy, sell)
    floor = max(earned, rational(0))
    first = _balancing(buyers, j, sellers, k, low, high)
    slack = (sum(map(rational, step.weights)) + high * sum(map(rational, step.energies))) / 2**128
    bound, leaf, used = upper_bound_of_profit(floor, first, buyers.bounds, sellers.bounds, solve_pair, slack=slack)
    if leaf is None and earned < 0:
        leaf = Leaf(first, high, low, rational(0))
    return exact(earned), exact(bound), leaf, tuple(exact(lam) for lam in used)


def _balancing(buyers: _Axis, j: int, sellers: _Axis, k: int, low: Any, high: Any) -> Any:
    """Return about the ``lam`` of ``[low, high]`` that bounds the pair (j, k) most tightly.

    The bound is convex in ``lam`` with slope supply minus demand at its best prices. Between kinks this is
    ``A - B/sqrt(lam)``, ``B`` the sum of ``sqrt(K C)`` over the sides whose best price moves. An error of the root
    enters the bound in second order only, for the slope is 0 there.
    """

    def gap(lam: Any) -> Any:
        return -sellers.amount(k, sellers.top(k, lam)) - buyers.amount(j, buyers.top(j, lam))

    if gap(low) >= 0:
        return low
    if gap(high) <= 0:
        return high
    points = [low, *sorted({lam for lam in buyers.kinks(j) + sellers.kinks(k) if low < lam < high}), high]
    left = low
    for right in points[1:]:
        if gap(right) >= 0:
            break
        left = right
    middle = (left + right) / 2
    fixed, moving = rational(0), rational(0)
    for axis, i in ((buyers, j), (sellers, k)):
        weight, constant = axis.weights[i], axis.constants[i]
        price = axis.top(i, middle)
        if axis.cuts[i] < price < axis.cuts[i + 1]:
            fixed += constant
            moving += _root_below(weight * constant)
        else:
            fixed -= axis.amount(i, price)
    if moving == 0 or fixed <= 0:
        return right
    share = moving / fixed
    return min(max(share * share, left), right)


def _root_below(value: Any) -> Any:
    """Return a rational that is at most the square root of `value`, within a relative ``2^-bits``."""
    above, below = int(value.p), int(value.q)
    shift = _BITS + max(0, (below.bit_length() - above.bit_length()) // 2 + 1)
    return rational(Fraction(isqrt((above << 2 * shift) // below), 1 << shift))
