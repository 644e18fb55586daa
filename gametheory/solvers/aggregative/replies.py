"""A player's best reply when the others' bids sum to ``B``, in floats for all steps at once and exactly for one.

Covering everything oneself or from the others (``m = 0``) asks for ``p`` at the clipped vertex of a parabola, and the
next unit is then worth ``mu = kappa (2 q + B)``. If that is above the outside buy price, buying outside is cheaper: the
player buys until ``mu`` equals it; likewise it sells where ``mu`` is below the sell price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, exact, rational, to_float
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.solvers.aggregative.answers import StepAnswer, cost, tree_sum

__all__ = ["FloatGame", "exact_reply", "exact_steps", "largest_gain"]

Rational = Any  # flint.fmpq


@dataclass(frozen=True, slots=True)
class FloatGame:
    """The nearest floats of a game; arrays are players x steps, prices one a step.

    Without outside prices `buy` is infinite and `sell` minus infinite: nothing is ever settled outside.
    """

    position: FloatArray
    curvature: FloatArray
    slope: FloatArray
    lower: FloatArray
    upper: FloatArray
    buy: FloatArray
    sell: FloatArray
    sensitivity: float
    kappa: float

    @classmethod
    def of(cls, game: DemandBiddingGame) -> FloatGame:
        """Return the floats of a game."""

        def table(name: str, missing: float = 0.0) -> FloatArray:
            rows = [[getattr(trader, name) for trader in step.traders] for step in game.steps]
            floats = [[missing if v is None else to_float(v) for v in row] for row in rows]
            return np.ascontiguousarray(np.array(floats, dtype=np.float64).T)

        return cls(
            table("position"),
            table("curvature"),
            table("slope"),
            table("lower", -np.inf),
            table("upper", np.inf),
            np.array([np.inf if s.buy_price is None else to_float(s.buy_price) for s in game.steps]),
            np.array([-np.inf if s.sell_price is None else to_float(s.sell_price) for s in game.steps]),
            to_float(game.sensitivity),
            to_float(game.kappa),
        )

    def in_own_units(self, t: int) -> tuple[FloatGame, float, float]:
        """Return step `t` alone in units that make its numbers about 1, and the units of energy and of price."""
        one = slice(t, t + 1)
        bounds = [b[np.isfinite(b)] for b in (self.lower[:, one], self.upper[:, one], self.position[:, one])]
        energy = _power_of_two(max(np.abs(b).max(initial=0.0) for b in bounds))
        prices = [self.slope[:, one], self.buy[one], self.sell[one]]
        finite = [np.abs(p[np.isfinite(p)]).max(initial=0.0) for p in prices]
        price = _power_of_two(max(*finite, energy * float(np.median(self.curvature[:, one] + self.kappa))))
        steep = energy / price
        step = FloatGame(
            self.position[:, one] / energy,
            self.curvature[:, one] * steep,
            self.slope[:, one] / price,
            self.lower[:, one] / energy,
            self.upper[:, one] / energy,
            self.buy[one] / price,
            self.sell[one] / price,
            self.sensitivity / steep,
            self.kappa * steep,
        )
        return step, energy, price

    def replies(self, others: FloatArray, i: Any = slice(None)) -> tuple[FloatArray, FloatArray]:
        """Return purchases and adjustments that answer the sums of the others' bids (of player `i`, or of all)."""
        return self._choice(2 * self.kappa, self.kappa * others, i)

    def demand(self, price: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what all receive and adjust at equilibrium with these prices, whether they clear or not."""
        return self._choice(self.kappa, price, slice(None))

    def _choice(self, impact: float, price: FloatArray, i: Any) -> tuple[FloatArray, FloatArray]:
        """Return the ``(q, p)`` where a unit more is worth ``price + impact q`` to the player."""
        c, d, position = self.curvature[i], self.slope[i], self.position[i]
        lower, upper = self.lower[i], self.upper[i]
        p = np.clip((impact * position + price - d) / (c + impact), lower, upper)
        q = position - p
        value = price + impact * q
        kept = np.clip(value, self.sell, self.buy)
        outside = kept != value
        if outside.any():
            steep = np.where(c > 0, c, 1.0)
            flat = np.where(kept > d, upper, lower)
            bought = (kept - price) / impact
            own = np.where(c > 0, np.clip((kept - d) / steep, lower, upper), flat)
            # At the sell price something is left to sell, at the buy price something to buy: rounding must not
            # make a trader with a flat cost near that price jump to the other side.
            covered = np.clip(position - bought, lower, upper)
            sided = np.where(value < self.sell, np.maximum(own, covered), np.minimum(own, covered))
            own = np.where(self.sell < self.buy, sided, own)
            p, q = np.where(outside, own, p), np.where(outside, bought, q)
        return q, p

    def bids(self, received: FloatArray, others: FloatArray) -> FloatArray:
        """Return the bids that receive these purchases while the others' bids stay."""
        size = len(self.position)
        return (size * received + others) / (size - 1)


def _power_of_two(size: float) -> float:
    """Return the power of two near `size`, so that a change of units rounds nothing; 1 for 0."""
    return float(2.0 ** np.round(np.log2(size))) if size > 0 else 1.0


def exact_reply(trader: Trader, step: TradingStep, kappa: Rational, others: Rational) -> tuple[Rational, Rational]:
    """Return the best purchase and adjustment of a trader, exactly."""
    c, d, position = rational(trader.curvature), rational(trader.slope), rational(trader.position)
    p = _within(trader, (kappa * (2 * position + others) - d) / (c + 2 * kappa))
    q = position - p
    value = kappa * (2 * q + others)
    if step.buy_price is None or step.sell_price is None:
        return q, p
    kept = min(max(value, rational(step.sell_price)), rational(step.buy_price))
    if kept == value:
        return q, p
    tied = c == 0
    own = rational(trader.upper if kept > d else trader.lower) if tied else _within(trader, (kept - d) / c)
    return (kept / kappa - others) / 2, own


def _within(trader: Trader, adjustment: Rational) -> Rational:
    if trader.lower is not None and adjustment < rational(trader.lower):
        return rational(trader.lower)
    if trader.upper is not None and adjustment > rational(trader.upper):
        return rational(trader.upper)
    return adjustment


def exact_steps(
    game: DemandBiddingGame, received: FloatArray, adjustments: FloatArray, prices: FloatArray
) -> list[StepAnswer]:
    """Return the profile that floats mean, made exactly feasible: within bounds, purchases sum to zero.

    What rounding leaves over goes to the trader with the most room.
    """
    answers = []
    for t, step in enumerate(game.steps):
        own = [_within(trader, rational(exact(float(adjustments[i, t])))) for i, trader in enumerate(step.traders)]
        if step.islanded:
            own = _balanced(step, own)
            bought = [rational(trader.position) - p for trader, p in zip(step.traders, own, strict=True)]
        else:
            bought = [rational(exact(float(q))) for q in received[:, t]]
            slip = tree_sum(bought) / len(bought)
            bought = [q - slip for q in bought]
        price = rational(exact(float(prices[t])))
        answers.append(StepAnswer(price, tuple(bought), tuple(own), price, price))
    return answers


def _balanced(step: TradingStep, own: list[Rational]) -> list[Rational]:
    """Return adjustments within their bounds that sum to the positions, near the given ones."""
    left = tree_sum([rational(trader.position) for trader in step.traders]) - tree_sum(own)
    moved = list(own)
    by_room = sorted(range(len(own)), key=lambda i: -_room(step.traders[i], own[i], left))
    for i in by_room:
        if left == 0:
            break
        reached = _within(step.traders[i], moved[i] + left)
        left -= reached - moved[i]
        moved[i] = reached
    return moved


def _room(trader: Trader, adjustment: Rational, direction: Rational) -> float:
    bound = trader.upper if direction > 0 else trader.lower
    return np.inf if bound is None else abs(to_float(rational(bound) - adjustment))


def largest_gain(game: DemandBiddingGame, steps: Sequence[StepAnswer]) -> Rational:
    """Return the largest gain of one player by its best reply, exactly: the regret that a rounded answer claims."""
    a, kappa = rational(game.sensitivity), rational(game.kappa)
    size = len(game.players)
    gains = [[] for _ in game.players]  # type: list[list[Rational]]
    for step, answer in zip(game.steps, steps, strict=True):
        everyone = a * size * answer.price
        for i, trader in enumerate(step.traders):
            others = everyone - answer.received[i] - a * answer.price
            q, p = exact_reply(trader, step, kappa, others)
            now = cost(trader, step, answer.price, answer.received[i], answer.adjustments[i])
            gains[i].append(now - cost(trader, step, kappa * (q + others), q, p))
    return max(tree_sum(row) for row in gains)
