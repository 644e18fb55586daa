"""Nash equilibrium of a demand-bidding game, judged from the definition.

While the others keep their bids (sum ``B``), a player that receives ``q`` sets the price ``kappa (q + B)``. It picks
``q`` and its own adjustment ``p`` to minimise, in each step,

    ``f(p) + G(D - p - q) + kappa (q + B) q``,   ``p`` within its bounds.

This is convex. Islanded, ``p = D - q`` and the minimum of a parabola on an interval is its clipped vertex. With outside
prices a lower bound is the dual value at any price ``mu`` between them,

    ``mu D + min_p [f(p) - mu p] + min_q [kappa (q + B) q - mu q]``,

and a feasible point that costs no more than it is a global minimum. The regret is the cost of the profile minus the
lower bound, so it is never stated too small, whatever point the search for the pair ends at. All of it is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, exact, rational
from gametheory.games.aggregative import DemandBiddingGame, read_bids
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibrium"]

Rational = Any  # flint.fmpq
Table = list[list[Rational]]

#: Cost, purchase and adjustment of a reply, and a bound below which no reply costs less.
Reply = tuple[Rational, Rational, Rational, Rational]

_ZERO = flint.fmpq(0)


def _sum(values: Sequence[Rational]) -> Rational:
    if len(values) <= 2:
        return sum(values, _ZERO)
    half = len(values) // 2
    return _sum(values[:half]) + _sum(values[half:])


def _local(trader: Trader, p: Rational) -> Rational:
    return rational(trader.curvature) * p * p / 2 + rational(trader.slope) * p


def _outside(step: TradingStep, rest: Rational) -> Rational:
    return max(rational(step.buy_price) * rest, rational(step.sell_price) * rest)


def _clipped(value: Rational, low: Rational | None, high: Rational | None) -> Rational:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def _bounds(trader: Trader) -> tuple[Rational | None, Rational | None]:
    low = None if trader.lower is None else rational(trader.lower)
    return low, None if trader.upper is None else rational(trader.upper)


def _islanded_reply(trader: Trader, kappa: Rational, others: Rational) -> Reply:
    """Return the minimum over ``p``: a parabola of curvature ``c + 2 kappa > 0`` on an interval."""
    c, d, position = rational(trader.curvature), rational(trader.slope), rational(trader.position)
    # derivative in p of f(p) + kappa (q + B) q at q = D - p: (c + 2 kappa) p + d - 2 kappa D - kappa B
    vertex = (2 * kappa * position + kappa * others - d) / (c + 2 * kappa)
    p = _clipped(vertex, *_bounds(trader))
    q = position - p
    value = _local(trader, p) + kappa * (q + others) * q
    return value, q, p, value


def _local_minimiser(trader: Trader, mu: Rational) -> Rational:
    """Return a minimiser of ``f(p) - mu p`` within the bounds."""
    c, d = rational(trader.curvature), rational(trader.slope)
    if c == 0:
        return rational(trader.upper) if mu > d else rational(trader.lower)
    return _clipped((mu - d) / c, *_bounds(trader))


def _lower_bound(trader: Trader, kappa: Rational, others: Rational, mu: Rational) -> Rational:
    """Return the dual value at `mu`: by ``G(m) >= mu m``, no reply costs less."""
    p = _local_minimiser(trader, mu)
    q = (mu / kappa - others) / 2
    own = _local(trader, p) - mu * p
    return mu * rational(trader.position) + own + kappa * (q + others) * q - mu * q


def _reply(trader: Trader, step: TradingStep, kappa: Rational, others: Rational) -> Reply:
    """Return the best reply of a trader, and a lower bound on the cost of every reply (equal if the pair is right)."""
    if step.islanded:
        return _islanded_reply(trader, kappa, others)
    position = rational(trader.position)
    buy, sell = rational(step.buy_price), rational(step.sell_price)
    balanced = _islanded_reply(trader, kappa, others)
    best, q, p, _ = balanced
    slope = _clipped(kappa * (2 * q + others), sell, buy)
    floor = _lower_bound(trader, kappa, others, slope)
    for price in (buy, sell):
        if floor == best:
            break
        received = (price / kappa - others) / 2
        own = _local_minimiser(trader, price)
        value = _local(trader, own) + _outside(step, position - own - received) + kappa * (received + others) * received
        if value < best:
            best, q, p = value, received, own
        floor = max(floor, _lower_bound(trader, kappa, others, price))
    return best, q, p, floor


def check_nash_equilibrium(
    game: DemandBiddingGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no player can lower its cost by more than `epsilon` by deviating alone.

    The witness holds the regret of each player, and where there is a gain the deviation that earns it: the bids and
    adjustments of all steps.
    """
    bids, own = read_bids(game, profile)
    claimed = exact(epsilon, what="epsilon")
    a, kappa, size = rational(game.sensitivity), rational(game.kappa), len(game.players)
    gains: Table = [[] for _ in game.players]
    gaps: Table = [[] for _ in game.players]
    replies: list[list[tuple[Rational, Rational]]] = [[] for _ in game.players]
    for t, step in enumerate(game.steps):
        price = _sum([row[t] for row in bids]) / (a * size)
        everyone = price * a * size
        for i, trader in enumerate(step.traders):
            received = bids[i][t] - a * price
            others = everyone - bids[i][t]
            now = _local(trader, own[i][t]) + price * received
            if not step.islanded:
                now += _outside(step, rational(trader.position) - own[i][t] - received)
            best, q, p, floor = _reply(trader, step, kappa, others)
            gains[i].append(now - best)
            gaps[i].append(best - floor)
            replies[i].append(((q * size + others) / (size - 1), p))
    found = tuple(exact(_sum(row)) for row in gains)
    regrets = tuple(exact(_sum([gain, *row])) for gain, row in zip(map(rational, found), gaps, strict=True))
    bound, worst = max(regrets), max(found)
    evidence: dict[str, Any] = {"regrets": regrets}
    if worst > 0:
        evidence["deviation"] = _deviation(game, found.index(worst), replies, worst)
    strength = Strength.EXACT if found == regrets else Strength.BOUNDED
    up_to = "" if claimed == 0 else f" up to a regret of {float(claimed):.3g}"
    return Certificate(
        strength=Strength.REFUTED if worst > claimed else strength,
        claim=f"the profile is a Nash equilibrium{up_to}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def _deviation(
    game: DemandBiddingGame, player: int, replies: Sequence[Sequence[tuple[Rational, Rational]]], gain: Fraction
) -> dict[str, Any]:
    return {
        "player": game.players[player],
        "bids": tuple(exact(bid) for bid, _ in replies[player]),
        "adjustments": tuple(exact(p) for _, p in replies[player]),
        "gain": gain,
    }
