"""How the solvers of this folder hand up an equilibrium: bids, and all that follows from them, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, exact, rational
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Answer, Status

__all__ = ["StepAnswer", "cost", "grid_bill", "local_cost", "own_adjustment", "tree_sum", "user_answer"]

Rational = Any  # flint.fmpq


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """The equilibrium of one step, in flint rationals.

    Attributes
    ----------
    price
        ``lam``.
    received, adjustments
        ``q_i`` and ``p_i`` in player order; ``q`` sums to zero.
    low, high
        The interval of equilibrium prices; None is no end on that side.
    """

    price: Rational
    received: tuple[Rational, ...]
    adjustments: tuple[Rational, ...]
    low: Rational | None
    high: Rational | None


def tree_sum(values: Sequence[Rational]) -> Rational:
    """Return the sum, added pairwise: denominators stay short for as long as they can."""
    level = list(values)
    while len(level) > 1:
        level = [level[k] + level[k + 1] if k + 1 < len(level) else level[k] for k in range(0, len(level), 2)]
    return level[0] if level else flint.fmpq(0)


def local_cost(trader: Trader, adjustment: Rational) -> Rational:
    """Return ``c p^2/2 + d p``."""
    return adjustment * (rational(trader.curvature) * adjustment / 2 + rational(trader.slope))


def grid_bill(step: TradingStep, rest: Rational) -> Rational:
    """Return ``max(buy m, sell m)``; without outside prices there is nothing to settle."""
    if step.buy_price is None or step.sell_price is None or rest == 0:
        return flint.fmpq(0)
    return rest * rational(step.buy_price if rest > 0 else step.sell_price)


def cost(trader: Trader, step: TradingStep, price: Rational, received: Rational, adjustment: Rational) -> Rational:
    """Return what a trader bears in a step."""
    rest = rational(trader.position) - adjustment - received
    return local_cost(trader, adjustment) + grid_bill(step, rest) + price * received


def own_adjustment(trader: Trader, step: TradingStep, value: Rational, covered: Rational) -> Rational:
    """Return the adjustment of a trader with marginal value `value` that must cover ``covered = D - q``.

    Between the outside prices it covers all of it; at one of them what it would do at that price, where a tie
    (curvature 0) goes to the end that leaves the rest on the right side.
    """
    if step.buy_price is None or step.sell_price is None:
        return covered
    if value >= rational(step.buy_price):
        return _reply(trader, value, largest=False)
    if value <= rational(step.sell_price):
        return _reply(trader, value, largest=True)
    return covered


def _reply(trader: Trader, value: Rational, *, largest: bool) -> Rational:
    """Return the minimiser of ``f(p) - value p`` within the bounds."""
    c, d = rational(trader.curvature), rational(trader.slope)
    if c == 0:
        return rational(trader.upper if value > d or (value == d and largest) else trader.lower)
    wanted = (value - d) / c
    if trader.lower is not None and wanted < rational(trader.lower):
        return rational(trader.lower)
    if trader.upper is not None and wanted > rational(trader.upper):
        return rational(trader.upper)
    return wanted


def user_answer(
    game: DemandBiddingGame,
    steps: Sequence[StepAnswer],
    *,
    rule: str,
    unique: tuple[str, str] = ("unknown", ""),
    epsilon: Number = 0,
    iterations: int = 0,
    status: Status = Status.SOLVED,
    bids: Sequence[Sequence[Rational]] | None = None,
) -> Answer:
    """Return the answer with prices, energies and money by name; `bids` (steps x players) follow if left out."""
    a = rational(game.sensitivity)
    if bids is None:
        bids = [[q + a * step.price for q in step.received] for step in steps]
    players = range(len(game.players))

    def by_player(value: Callable[[int, int], Rational]) -> tuple[tuple[Fraction, ...], ...]:
        return tuple(tuple(exact(value(i, t)) for t in range(len(steps))) for i in players)

    def per_player(value: Callable[[int, int], Rational]) -> tuple[Rational, ...]:
        return tuple(tree_sum([value(i, t) for t in range(len(steps))]) for i in players)

    def rest(i: int, t: int) -> Rational:
        return rational(game.steps[t].traders[i].position) - steps[t].adjustments[i] - steps[t].received[i]

    bills = per_player(lambda i, t: steps[t].price * steps[t].received[i] + grid_bill(game.steps[t], rest(i, t)))
    discomforts = per_player(lambda i, t: local_cost(game.steps[t].traders[i], steps[t].adjustments[i]))
    offers = by_player(lambda i, t: bids[t][i])
    adjustments = by_player(lambda i, t: steps[t].adjustments[i])
    details = {
        "rule": rule,
        "kappa": game.kappa,
        "prices": tuple(exact(step.price) for step in steps),
        "received": by_player(lambda i, t: steps[t].received[i]),
        "adjustments": adjustments,
        "grid_energy": by_player(rest),
        "bills": tuple(exact(bill) for bill in bills),
        "discomforts": tuple(exact(each) for each in discomforts),
    }
    extra = {
        "point": dict(zip(game.players, offers, strict=True)),
        "payoffs": tuple(exact(bill + each) for bill, each in zip(bills, discomforts, strict=True)),
        "unique": unique[0],
        "unique_reason": unique[1],
        "details": details,
    }
    return Answer(
        profile={"bids": offers, "adjustments": adjustments},
        status=status,
        epsilon=epsilon,
        iterations=iterations,
        extra=extra,
    )
