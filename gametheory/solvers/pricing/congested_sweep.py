"""B.6: the operator's prices of B.3 on a network, and multipliers that keep its lines within their limits.

Source: derived, for the structure of H. Liu, J. F. Li, S. Y. Ge et al., IEEE Access 8, 2020, 66961-66976: (1) with all
multipliers at 0 solve B.3; where no line is full beyond its limit this is the answer. (2) Otherwise every line's
multiplier moves by its excess over what its flow gains a unit of multiplier (Newton's step, projected so that a line
with room has multiplier 0), and (3) the operator answers with its best prices to the shifted replies. (2) and (3) until
limits hold. The operator's prices may jump with the multipliers: then no multipliers need exist, and the answer says
"not converged".

The operator's best prices at fixed multipliers: between two prices where a role changes, both sides' share of
``(p_b - lam) E_b + (lam - p_s) E_s`` is concave in its price (as long as every shifted price is positive), with the
slope ``sum k (lam + s)/(p + s)^2 - C``; its zero is found by halving, for all intervals at once. The ``lam`` of a pair
of intervals is the one at which both balance, found by halving too.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.errors import Infeasible, InputError
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.log_pricing import LogPricingGame, LogPricingStep
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.pricing.log_price_sweep import LogPriceSweep

__all__ = ["CongestedPriceSweep"]

_HALVINGS = 48
#: Limits are aimed at a little inside, so that they hold without rounding.
_INSIDE = 1e-7


@dataclass(frozen=True, slots=True)
class CongestedPriceSweep:
    """The operator's best prices at multipliers that keep all lines within their limits.

    Parameters
    ----------
    most_rounds
        Updates of the multipliers in a step; after them the answer is ``not_converged``.

    Examples
    --------
    Without a limit more than 1 kWh would go over the line; at 5/9 a kWh it does not pay to move more:

    >>> from gametheory.games.log_pricing import LogPricingStep
    >>> from gametheory.games.log_pricing import LogPricingStep
    >>> step = LogPricingStep((4, 1), (0, 3), Fraction(2), Fraction(3, 5))
    >>> game = CongestedPricingGame(("buyer", "seller"), (step,), ((0, 1),), (1,))
    >>> answer = CongestedPriceSweep().solve(game)
    >>> answer.status.value, [round(float(mu), 3) for mu in answer.profile["multipliers"][0]]
    ('solved', [0.556])
    """

    accepts: ClassVar[tuple[str, ...]] = ("CongestedPricingGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG
    most_rounds: int = 60

    def __post_init__(self) -> None:
        if self.most_rounds < 1:
            raise InputError(f"most_rounds={self.most_rounds}: give at least 1")

    def solve(self, game: CongestedPricingGame) -> Answer:
        """Return prices, multipliers and every prosumer's best reply to its own shifted prices, in rationals."""
        found = [_step(game, step, self.most_rounds) for step in game.steps]
        profile = {
            "buy_prices": tuple(buy for buy, _, _, _, _ in found),
            "sell_prices": tuple(sell for _, sell, _, _, _ in found),
            "multipliers": tuple(mu for _, _, mu, _, _ in found),
            "consumptions": tuple(tuple(row[3][i] for row in found) for i in range(len(game.players))),
        }
        stake = sum(sum(step.weights) + step.buy_price * sum(step.energies) for step in game.steps)
        flows = tuple(
            game.flows(step, [row[t] for row in profile["consumptions"]]) for t, step in enumerate(game.steps)
        )
        return Answer(
            profile=profile,
            status=Status.SOLVED if all(done for *_, done in found) else Status.NOT_CONVERGED,
            epsilon=stake / 10**6,
            extra={"details": {"flows": flows}},
        )


def _step(game: CongestedPricingGame, step: LogPricingStep, most_rounds: int) -> Any:
    """Return buy price, sell price, multipliers, consumptions and whether all limits hold."""
    free = LogPriceSweep().solve(LogPricingGame(game.players, (step,))).profile
    zero = (Fraction(0),) * len(game.capacities)
    consumed = [row[0] for row in free["consumptions"]]
    if all(abs(f) <= limit for f, limit in zip(game.flows(step, consumed), game.capacities, strict=True)):
        return free["buy_prices"][0], free["sell_prices"][0], zero, consumed, True
    market = _Market.of(game, step)
    limits = np.array([to_float(f) for f in game.capacities])
    lines = np.array([[to_float(a) for a in row] for row in game.sensitivities])
    multipliers = np.zeros(len(limits))
    buy, sell, done = market.low, market.low, False
    damping = 1.0
    before = multipliers, np.zeros(len(limits))
    for turn in range(most_rounds):
        shift = -lines.T @ multipliers
        buy, sell = market.best(shift)
        x, moves = market.replies(buy, sell, shift)
        flow = lines @ (market.energy - x)
        full = limits * (1 - _INSIDE)
        beyond = flow - np.clip(flow, -full, full)
        over = np.where(multipliers > 0, flow - full, np.where(multipliers < 0, flow + full, beyond))
        left_open = float((np.abs(multipliers) * (limits - np.sign(multipliers) * flow)).sum())
        if (np.abs(flow) <= limits * (1 - 4e-15)).all() and left_open <= 2 * _INSIDE * market.stake:
            done = True
            break
        if float(market.low + shift.min()) < 1e-6 * market.low:
            raise Infeasible(
                f"line limits {', '.join(map(str, game.capacities))} kWh: no shift of prices that leaves all of them "
                "positive holds them; raise a capacity"
            )
        gain = np.maximum((lines * lines) @ moves, 1e-9)
        # What the last update did to each line, if it did something: the operator moves its prices against it.
        with np.errstate(divide="ignore", invalid="ignore"):
            seen = (before[1] - over) / (multipliers - before[0])
        gain = np.where(np.isfinite(seen) & (seen > 0), np.clip(seen, gain / 100, 2 * gain), gain)
        before = multipliers, over
        moved = multipliers + damping * over / gain
        # Through zero only by stopping there, and no shifted price falls through zero: at most half the way to it.
        moved = np.where(multipliers * moved < 0, 0.0, moved)
        room, fall = market.low + shift, lines.T @ (moved - multipliers)
        reach = float(np.max(fall / room, initial=0.0))
        multipliers = multipliers + (moved - multipliers) * min(1.0, 0.5 / reach if reach > 0 else 1.0)
        damping = 1.0 if turn < 20 else 20.0 / turn
    if not done:
        buy, sell = market.best(-lines.T @ multipliers)
    mu = tuple(Fraction(float(v)) for v in multipliers)
    p_b, p_s = Fraction(buy), Fraction(sell)
    shifts = game.shifts(mu)
    rows = zip(step.weights, step.energies, shifts, strict=True)
    replies = [max(k / (p_b + s) - 1, min(e, max(k / (p_s + s) - 1, Fraction(0)))) for k, e, s in rows]
    held = all(abs(f) <= limit for f, limit in zip(game.flows(step, replies), game.capacities, strict=True))
    return p_b, p_s, mu, replies, done and held


@dataclass(frozen=True, slots=True, eq=False)
class _Market:
    """One step in floats."""

    weight: FloatArray
    energy: FloatArray
    low: float
    high: float

    @property
    def stake(self) -> float:
        """Money that is moved at most, about."""
        return float(self.weight.sum() + self.high * self.energy.sum())

    @classmethod
    def of(cls, game: CongestedPricingGame, step: LogPricingStep) -> _Market:
        weight, energy = (np.array([to_float(v) for v in values]) for values in (step.weights, step.energies))
        return cls(weight, energy, to_float(step.sell_price), to_float(step.buy_price))

    def replies(self, buy: float, sell: float, shift: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what everybody consumes, and how fast it falls with its price."""
        bought, sold = self.weight / (buy + shift) - 1, np.maximum(self.weight / (sell + shift) - 1, 0.0)
        x = np.maximum(bought, np.minimum(self.energy, sold))
        paid = np.where(x > self.energy, buy, sell) + shift
        moves = np.where((x == self.energy) | (x <= 0), 0.0, self.weight / paid**2)
        return x, moves

    def profit(self, buy: float, sell: float, shift: FloatArray) -> float:
        """Return what the operator earns."""
        m = self.replies(buy, sell, shift)[0] - self.energy
        bought, sold = float(np.maximum(m, 0).sum()), float(np.maximum(-m, 0).sum())
        rest = bought - sold
        return buy * bought - sell * sold - max(self.high * rest, self.low * rest)

    def best(self, shift: FloatArray) -> tuple[float, float]:
        """Return the best prices at these shifts."""
        buyers = _Side.of(1.0, self, shift)
        sellers = _Side.of(-1.0, self, shift)
        chosen, value = (self.high, self.low), self.profit(self.high, self.low, shift)
        lam = _balanced(buyers, sellers, self.low, self.high)
        for trial in (self.low, self.high, lam):
            buy, sell = _top(buyers, trial), _top(sellers, trial)
            if sell <= buy and self.profit(buy, sell, shift) > value:
                chosen, value = (buy, sell), self.profit(buy, sell, shift)
        # Pairs that this lam leaves open get one of their own.
        heights, depths = buyers.tops(lam)[1], sellers.tops(lam)[1]
        order = sorted(((h + d, j, k) for j, h in enumerate(heights) for k, d in enumerate(depths)), reverse=True)
        for total, j, k in order:
            if total <= value * (1 + 1e-12):
                break
            one, two = buyers.only(j), sellers.only(k)
            own = _balanced(one, two, self.low, self.high)
            buy, sell = float(one.tops(own)[0][0]), float(two.tops(own)[0][0])
            if sell <= buy and self.profit(buy, sell, shift) > value:
                chosen, value = (buy, sell), self.profit(buy, sell, shift)
        return chosen


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Intervals of one price: who moves there (`weights`, intervals x players) and the constant ``C``."""

    sign: float
    left: FloatArray
    right: FloatArray
    weights: FloatArray
    shift: FloatArray
    constants: FloatArray

    @classmethod
    def of(cls, sign: float, market: _Market, shift: FloatArray) -> _Side:
        theta = market.weight / (1 + market.energy)
        points = theta - shift if sign > 0 else np.concatenate((theta - shift, market.weight - shift))
        inside = points[(points > market.low) & (points < market.high)]
        cuts = np.unique(np.concatenate(([market.low, market.high], inside)))
        if len(cuts) < 2:
            cuts = np.array([market.low, market.high])
        price = (cuts[:-1] + cuts[1:])[:, None] / 2 + shift
        if sign > 0:
            trades = price < theta
            moves = trades
        else:
            trades = (price > theta) & (market.energy > 0)
            moves = trades & (price < market.weight)
        constants = np.where(moves, 1 + market.energy, np.where(trades, market.energy, 0.0)).sum(axis=1)
        return cls(sign, cuts[:-1], cuts[1:], np.where(moves, market.weight, 0.0), shift, constants)

    def only(self, j: int) -> _Side:
        """Return one interval."""
        part = slice(j, j + 1)
        return _Side(self.sign, self.left[part], self.right[part], self.weights[part], self.shift, self.constants[part])

    def tops(self, lam: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return of every interval the best price, its ``(p - lam)(sum k/(p+s) - C)``, and the amount traded."""
        low, high = self.left.copy(), self.right.copy()
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            at = middle[:, None] + self.shift
            rising = (self.weights * (lam + self.shift) / at**2).sum(axis=1) > self.constants
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        price = (low + high) / 2
        price = np.where(price - self.left < 1e-13 * price, self.left, price)
        price = np.where(self.right - price < 1e-13 * price, self.right, price)
        amount = (self.weights / (price[:, None] + self.shift)).sum(axis=1) - self.constants
        return price, (price - lam) * amount, self.sign * amount


def _top(side: _Side, lam: float) -> float:
    prices, values, _ = side.tops(lam)
    return float(prices[int(np.argmax(values))])


def _balanced(buyers: _Side, sellers: _Side, low: float, high: float) -> float:
    """Return the ``lam`` at which the best intervals supply what they demand."""
    for _ in range(_HALVINGS):
        lam = (low + high) / 2
        gap = 0.0
        for side, sign in ((sellers, 1.0), (buyers, -1.0)):
            _, values, amounts = side.tops(lam)
            gap += sign * float(amounts[int(np.argmax(values))])
        low, high = (lam, high) if gap < 0 else (low, lam)
    return (low + high) / 2
