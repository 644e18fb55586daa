"""B.6: prices and multipliers on a network with line limits, judged from the definition.

Followers: at its own shifted prices every prosumer's regret is that of B.3, exact at the best reply.

Lines: every flow is a sum of rationals. The multipliers fit where no line is beyond its limit and every multiplier only
presses on a full line: ``mu+ (F - f) + mu- (F + f)`` (money) is what is left open, and counts as regret.

Leader: at these multipliers ``(p_b - lam) E_b + (lam - p_s) E_s`` bounds every profit as in
:mod:`gametheory.certificates.regimes`. Between two prices where a role changes each term is concave in its price, for
``sum k (lam + s)/(p + s)^2`` falls where all shifted prices are positive; so its tangent at any price bounds it. Floats
choose the price and the ``lam``, rationals say what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.certificates.log_pricing import consumption_regret
from gametheory.certificates.pricing import read_prices, read_table
from gametheory.certificates.regimes import Leaf, upper_bound_of_profit
from gametheory.errors import InputError
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.log_pricing import LogPricingStep
from gametheory.result import Certificate, Strength

__all__ = ["check_congested_prices"]

_HALVINGS = 60


def check_congested_prices(
    game: CongestedPricingGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound the regret of prices and consumptions at given multipliers, and say whether the lines hold.

    A line beyond its limit refutes, whatever `epsilon`; so do better prices or a better consumption that certainly gain
    more. The bound adds what the multipliers leave open to the leader's regret, and is not below any follower's.
    """
    buy, sell = read_prices(game, profile)
    table = read_table(game, profile, "consumptions")
    claimed = exact(epsilon, what="epsilon")
    given = profile.get("multipliers")
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != len(game.steps):
        raise InputError(f"multipliers: give a row of one a line for each of {len(game.steps)} steps")
    worst = certain = regret = found = loose = value = Fraction(0)
    over: dict[str, Any] = {}
    better: dict[str, Any] = {}
    for t, step in enumerate(game.steps):
        mu = exact_series(given[t], what=f"multipliers[{t}]")
        if len(mu) != len(game.capacities):
            raise InputError(f"multipliers[{t}] has {len(mu)} numbers for {len(game.capacities)} lines")
        shifts = tuple(map(exact, game.shifts(mu)))
        if any(sell[t] + s <= 0 or step.sell_price + s <= 0 for s in shifts):
            raise InputError(f"step {t}: a shifted price is not positive; log utility has no reply there")
        for i, s in enumerate(shifts):
            low, high = consumption_regret(step, i, table[i][t], buy[t] + s, sell[t] + s, f"step {t}, player {i}")
            worst, certain = max(worst, high), max(certain, low)
        for n, flow in enumerate(game.flows(step, [row[t] for row in table])):
            room = game.capacities[n] - abs(flow)
            if -room > over.get("excess", 0):
                over = {"step": t, "line": n, "flow": flow, "excess": -room}
            toward = game.capacities[n] - flow if mu[n] > 0 else game.capacities[n] + flow
            loose += abs(mu[n]) * max(toward, Fraction(0))
        earned, bound, leaf = _judge(step, shifts, buy[t], sell[t])
        value += earned
        regret += bound - earned
        if leaf is not None:
            gain = exact(leaf.profit) - earned
            found += gain
            if gain > better.get("gain", 0):
                better = {"step": t, "buy_price": leaf.buy_price, "sell_price": leaf.sell_price, "gain": gain}
    evidence: dict[str, Any] = {
        "leader_regret": regret, "follower_regret": worst, "profit": value, "open_multipliers": loose,
    }  # fmt: skip
    if better:
        evidence["better_prices"] = better
    if over:
        evidence["violated"] = over
    refuted = bool(over) or max(found, certain, loose) > claimed
    claim = (
        "every prosumer answers optimally, lines hold, multipliers press on full lines and no other prices earn more"
    )
    if over:
        claim += f": no, line {over['line']} is beyond its limit in step {over['step']}"
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.BOUNDED,
        claim=claim,
        bound=max(regret + loose, worst),
        witness=evidence,
        epsilon=claimed,
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """An interval of one price: who moves as ``(k, s)``, and the constant ``C``; `side` is 1 for buyers, -1 else."""

    side: int
    left: Fraction
    right: Fraction
    movers: tuple[tuple[Fraction, Fraction], ...]
    constant: Fraction

    def amount(self, price: Fraction) -> Fraction:
        """Return what is bought, or sold."""
        return self.side * (sum((k / (price + s) for k, s in self.movers), Fraction(0)) - self.constant)

    def slope(self, price: Any, lam: Any) -> Any:
        """Return the slope of ``(p - lam)(sum k/(p + s) - C)``."""
        return sum(k * (lam + s) / (price + s) ** 2 for k, s in self.movers) - self.constant

    def top(self, lam: Fraction) -> Fraction:
        """Return about where that is greatest, found in floats."""
        movers = [(float(k), float(s)) for k, s in self.movers]
        low, high, level, constant = float(self.left), float(self.right), float(lam), float(self.constant)

        def rising(price: float) -> bool:
            return sum(k * (level + s) / (price + s) ** 2 for k, s in movers) > constant

        if not rising(low):
            return self.left
        if rising(high):
            return self.right
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if rising(middle) else (low, middle)
        return min(max(Fraction(low), self.left), self.right)

    def bound(self, lam: Fraction) -> Fraction:
        """Return what it is nowhere above: the tangent at :meth:`top`, at the better end."""
        at = self.top(lam)
        slope = self.slope(at, lam)
        height = (at - lam) * self.side * self.amount(at)
        rise: Fraction = max(slope * (self.right - at), slope * (self.left - at), Fraction(0))
        return height + rise


def _pieces(step: LogPricingStep, shifts: Sequence[Fraction], side: int) -> list[_Piece]:
    """Return the intervals of the buy price (side 1) or of the sell price, from the replies in their middle."""
    cuts = {step.sell_price, step.buy_price}
    for k, e, s in zip(step.weights, step.energies, shifts, strict=True):
        cuts |= {p for p in (k / (1 + e) - s, k - s) if step.sell_price < p < step.buy_price}
    grid = sorted(cuts)
    pieces = []
    for left, right in pairwise(grid) if len(grid) > 1 else [(grid[0], grid[0])]:
        movers, constant = [], Fraction(0)
        for k, e, s in zip(step.weights, step.energies, shifts, strict=True):
            wish = k / ((left + right) / 2 + s) - 1
            if (wish > e) if side > 0 else (0 < wish < e):
                movers.append((k, s))
                constant += 1 + e
            elif side < 0 and wish <= 0:
                constant += e
        pieces.append(_Piece(side, left, right, tuple(movers), constant))
    return pieces


def _judge(
    step: LogPricingStep, shifts: Sequence[Fraction], buy: Fraction, sell: Fraction
) -> tuple[Fraction, Fraction, Leaf | None]:
    """Return what the prices earn, a bound of what any earn, and better prices if there are."""
    low, high = step.sell_price, step.buy_price
    if low == high:
        return Fraction(0), Fraction(0), None
    buyers, sellers = _pieces(step, shifts, 1), _pieces(step, shifts, -1)

    def profit(j: int, k: int, p_b: Fraction, p_s: Fraction) -> Fraction:
        bought, sold = buyers[j].amount(p_b), sellers[k].amount(p_s)
        rest = bought - sold
        return p_b * bought - p_s * sold - max(high * rest, low * rest)

    def balancing(j: int, k: int) -> Fraction:
        first, last = float(low), float(high)
        for _ in range(_HALVINGS):
            lam = Fraction((first + last) / 2)
            gap = sellers[k].amount(sellers[k].top(lam)) - buyers[j].amount(buyers[j].top(lam))
            first, last = (float(lam), last) if gap < 0 else (first, float(lam))
        ends = [low, high, min(max(Fraction(first), low), high)]  # the ends as doubles may lie outside
        return min(ends, key=lambda lam: buyers[j].bound(lam) + sellers[k].bound(lam))

    def solve_pair(j: int, k: int) -> Leaf:
        lam = balancing(j, k)
        p_b, p_s = buyers[j].top(lam), sellers[k].top(lam)
        return Leaf(lam, p_b, p_s, profit(j, k, p_b, p_s) if p_s <= p_b else Fraction(0))

    j = next(n for n, piece in enumerate(buyers) if buy <= piece.right)
    k = next(n for n, piece in enumerate(sellers) if sell <= piece.right)
    earned = profit(j, k, buy, sell)
    stake = sum(step.weights) + high * sum(step.energies)
    bound, leaf, _ = upper_bound_of_profit(
        max(earned, Fraction(0)),
        balancing(j, k),
        lambda lam: [piece.bound(lam) for piece in buyers],
        lambda lam: [piece.bound(lam) for piece in sellers],
        solve_pair,
        slack=stake / 2**30,
    )
    if leaf is None and earned < 0:
        leaf = Leaf(low, high, low, Fraction(0))
    return earned, bound, leaf
