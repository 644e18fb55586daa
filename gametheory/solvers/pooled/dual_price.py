"""The pooled optimum from one price a step: maximise the dual, a concave function with a piecewise affine slope.

The dual of a step is ``max over lam in [sell_price, buy_price] of sum_i phi_i(lam)``; its slope is the pooled position
``M(lam) = sum_i (D_i - p_i(lam))``, which never rises. Source: the dual in D. P. Bertsekas, Nonlinear Programming (3rd
ed. 2016), section 6.1, for one coupling constraint; breakpoint search as in P. Brucker, Operations Research Letters 3
(1984) 163-166.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gametheory.arithmetic import exact, rational
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.result import Answer, Concept

__all__ = ["DualPrice"]

_ZERO = rational(0)


@dataclass(frozen=True, slots=True)
class DualPrice:
    """Solve every step exactly by its dual price, for any number of players.

    The prices that support a step form an interval; the answer takes its midpoint, so buyers and sellers are treated
    alike (with nobody reacting and a balanced step it is the mid-market rate). Players with a flat cost that are
    indifferent at the price all go the same share of their way, as far as balances the step best.

    Examples
    --------
    >>> step = TradingStep.from_numbers(
    ...     [1, -2], [1, 1], ["0.3", "0.1"], [-1, -2], [1, 2], buy_price="0.3", sell_price="0.1"
    ... )
    >>> answer = DualPrice().solve(PooledGame(("a", "b"), (step,)))
    >>> answer.extra["value"], answer.extra["details"]["prices"]
    (Fraction(-3, 25), (Fraction(1, 10),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame",)
    concept: ClassVar[Concept] = Concept.OPTIMUM

    def solve(self, game: PooledGame) -> Answer:
        """Return adjustments and dual prices of all players together."""
        prices, energy = [], []
        columns = []
        size = len(game.players)
        pains, shares = [_ZERO] * size, [_ZERO] * size
        value = _ZERO
        for step in game.steps:
            members = [_Member(trader) for trader in step.traders]
            price = _price(members, step)
            cuts, position = _adjustments(members, price)
            for i, (member, cut) in enumerate(zip(members, cuts, strict=True)):
                pain = cut * (member.curvature * cut / 2 + member.slope)
                pains[i] += pain
                shares[i] += pain + price * (member.position - cut)
                value += pain
            buy, sell = rational(step.buy_price), rational(step.sell_price)
            value += max(buy * position, sell * position)
            prices.append(exact(price))
            energy.append(exact(position))
            columns.append([exact(cut) for cut in cuts])
        adjustments = tuple(tuple(column[i] for column in columns) for i in range(size))
        total = exact(value)
        return Answer(
            profile={"value": total, "prices": tuple(prices), "adjustments": adjustments},
            extra={
                "value": total,
                "point": dict(zip(game.players, adjustments, strict=True)),
                "details": {
                    "prices": tuple(prices),
                    "grid_energy": tuple(energy),
                    "adjustments": adjustments,
                    "discomforts": tuple(map(exact, pains)),
                    "price_supported": tuple(map(exact, shares)),
                },
            },
        )


class _Member:
    """One trader's numbers as fast rationals, and the prices at which its answer bends or jumps."""

    __slots__ = ("bends", "curvature", "lower", "position", "slope", "upper")

    def __init__(self, trader: Any) -> None:
        self.position, self.curvature, self.slope = map(rational, (trader.position, trader.curvature, trader.slope))
        self.lower = None if trader.lower is None else rational(trader.lower)
        self.upper = None if trader.upper is None else rational(trader.upper)
        self.bends = [self.slope + self.curvature * b for b in (self.lower, self.upper) if b is not None]

    def cut(self, price: Any, side: int) -> Any:
        """Return the adjustment at a price; where it jumps there, the one just below (-1) or just above (1) it."""
        if self.curvature == 0:
            return self.upper if price > self.slope or (price == self.slope and side > 0) else self.lower
        cut = (price - self.slope) / self.curvature
        if self.lower is not None and cut < self.lower:
            return self.lower
        return self.upper if self.upper is not None and cut > self.upper else cut


def _pooled(members: list[_Member], price: Any, side: int) -> Any:
    return sum((member.position - member.cut(price, side) for member in members), _ZERO)


def _price(members: list[_Member], step: TradingStep) -> Any:
    """Return the midpoint of the prices that maximise the dual."""
    low, high = rational(step.sell_price), rational(step.buy_price)
    if low == high:
        return low
    inside = {(b.p, b.q): b for member in members for b in member.bends if low < b < high}
    knots = [low, *sorted(inside.values()), high]
    return (_first(members, knots) + _last(members, knots)) / 2


def _first(members: list[_Member], knots: list[Any]) -> Any:
    """Return the lowest maximiser: where the slope first is not above zero."""
    if _pooled(members, knots[0], 1) <= 0:
        return knots[0]
    if _pooled(members, knots[-1], -1) > 0:
        return knots[-1]
    low, high = 0, len(knots) - 1
    while high - low > 1:  # not above zero just below `high`; above zero just below `low`, or `low` is the first knot
        middle = (low + high) // 2
        if _pooled(members, knots[middle], -1) <= 0:
            high = middle
        else:
            low = middle
    left, right = _pooled(members, knots[low], 1), _pooled(members, knots[high], -1)
    return knots[low] if left <= 0 else _zero(knots[low], knots[high], left, right)


def _last(members: list[_Member], knots: list[Any]) -> Any:
    """Return the highest maximiser: where the slope last is not below zero."""
    if _pooled(members, knots[-1], -1) >= 0:
        return knots[-1]
    if _pooled(members, knots[0], 1) < 0:
        return knots[0]
    low, high = 0, len(knots) - 1
    while high - low > 1:  # not below zero just above `low`; below zero just above `high`, or `high` is the last knot
        middle = (low + high) // 2
        if _pooled(members, knots[middle], 1) >= 0:
            low = middle
        else:
            high = middle
    left, right = _pooled(members, knots[low], 1), _pooled(members, knots[high], -1)
    return knots[high] if right >= 0 else _zero(knots[low], knots[high], left, right)


def _zero(start: Any, stop: Any, left: Any, right: Any) -> Any:
    """Return where an affine slope that falls from `left` to `right` is zero."""
    return start + (stop - start) * left / (left - right)


def _adjustments(members: list[_Member], price: Any) -> tuple[list[Any], Any]:
    """Return the adjustments at the price, and the pooled position that they leave."""
    cuts = [member.cut(price, -1) for member in members]
    most = sum((member.position - cut for member, cut in zip(members, cuts, strict=True)), _ZERO)
    least = _pooled(members, price, 1)
    if most == least:
        return cuts, most
    position = min(max(_ZERO, least), most)
    way = (most - position) / (most - least)
    ends = [member.cut(price, 1) for member in members]
    return [cut + way * (end - cut) for cut, end in zip(cuts, ends, strict=True)], position
