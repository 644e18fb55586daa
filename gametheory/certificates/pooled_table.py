"""Every coalition's pooled cost, proved by an exact primal-dual pair for each coalition and step.

For each pair the checker picks a price ``lam``, takes every member's best adjustment to it from the definition, and
accepts only if the pooled position ``m`` satisfies ``G_t(m) = lam m``: then adjustments and price prove each other.
All coalitions go side by side, in integers; which price is tried is a matter of search, what is concluded is not.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import Number, brief, exact, exact_series, rational
from gametheory.certificates.pooled import best_cuts, smallest_share
from gametheory.errors import InputError, SizeLimit
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.result import Certificate, Strength

__all__ = [
    "LARGEST",
    "check_characteristic",
    "check_core_by_enumeration",
    "coalition_costs",
    "gains_by_leaving",
    "members_of",
    "named_gains",
]

#: More players than this are not enumerated.
LARGEST = 16


def coalition_costs(game: PooledGame) -> list[Any]:
    """Return ``C(T)`` of every coalition as ``fmpq``, by bitmask, each proved by a primal-dual pair a step.

    Raises
    ------
    SizeLimit
        More than 16 players.
    """
    size = len(game.players)
    if size > LARGEST:
        raise SizeLimit(
            f"{size} players have 2^{size} coalitions, at most {LARGEST} players are enumerated; "
            'prices certify the core for any number: give witness={"prices": ...}'
        )
    totals = [flint.fmpq(0)] * 2**size
    for step in game.steps:
        for mask, cost in enumerate(_step_costs(step, size)):
            totals[mask] += cost
    return totals


def _step_costs(step: TradingStep, size: int) -> list[Any]:
    """Return ``C_t(T)`` of every coalition as ``fmpq``."""
    assert step.buy_price is not None
    assert step.sell_price is not None  # the form refuses islanded steps
    knots = _knots(step)
    costs: list[Any] = [None] * 2**size
    open_ = np.ones(2**size, dtype=bool)
    before: Any = None
    for _k, price in enumerate(knots):
        cuts = [best_cuts(trader, flint.fmpq(price.numerator, price.denominator)) for trader in step.traders]
        positions = [trader.position for trader in step.traders]
        scale = math.lcm(
            *(p.denominator for p in positions), *(exact(cut).denominator for pair in cuts for cut in pair)
        )
        high = _sums([_whole(p - exact(least), scale) for p, (least, _) in zip(positions, cuts, strict=True)])
        low = _sums([_whole(p - exact(most), scale) for p, (_, most) in zip(positions, cuts, strict=True)])
        if before is not None:
            # The position fell from above zero to below zero between two knots: it is zero somewhere inside.
            crossed = open_ & (high < 0)
            _between(step, np.flatnonzero(crossed), before, (price, high, scale), costs)
            open_ &= ~crossed
        balanced = (low <= 0) & (high >= 0)
        if price == step.buy_price:
            balanced |= high >= 0
        if price == step.sell_price:
            balanced |= low <= 0
        here = np.flatnonzero(open_ & balanced)
        if len(here):
            shares = [smallest_share(t, flint.fmpq(price.numerator, price.denominator)) for t in step.traders]
            common = math.lcm(*(int(share.q) for share in shares))
            sums = _sums([int(share.p) * (common // int(share.q)) for share in shares])
            for mask in here.tolist():
                costs[mask] = flint.fmpq(int(sums[mask]), common)
            open_[here] = False
        before = (price, low, scale)
    if open_.any():  # a position that never rises meets zero or an end; not an `assert`, which `python -O` drops
        raise ArithmeticError("a coalition's position meets neither zero nor an end of the prices")
    return costs


def _knots(step: TradingStep) -> list[Fraction]:
    assert step.buy_price is not None
    assert step.sell_price is not None
    found = {step.sell_price, step.buy_price}
    for trader in step.traders:
        for bound in (trader.lower, trader.upper):
            if bound is not None:
                bend = trader.slope + trader.curvature * bound
                if step.sell_price < bend < step.buy_price:
                    found.add(bend)
    return sorted(found)


def _between(step: TradingStep, masks: Any, left: Any, right: Any, costs: list[Any]) -> None:
    """Cost the coalitions whose position is zero between two knots, at the price where it is.

    The price ``a/b`` is a guess by interpolation; every member's best adjustment to it is computed anew, and the
    positions must add up to exactly zero.
    """
    if not len(masks):
        return
    (start, above, above_scale), (stop, below, below_scale) = left, right
    m0 = above[masks].astype(object) * below_scale
    m1 = below[masks].astype(object) * above_scale
    grain = math.lcm(start.denominator, stop.denominator)
    a = _whole(stop, grain) * m0 - _whole(start, grain) * m1
    b = grain * (m0 - m1)
    common = np.gcd(a, b)
    a, b = a // common, b // common

    unit = math.lcm(
        *(x.denominator for t in step.traders for x in (t.position, t.slope, t.lower, t.upper) if x is not None)
    )
    fine = math.lcm(*((1 / t.curvature).denominator for t in step.traders if t.curvature))
    bend = math.lcm(*(t.curvature.denominator for t in step.traders))
    position = np.zeros(len(masks), dtype=object)
    pain = np.zeros(len(masks), dtype=object)
    for i, trader in enumerate(step.traders):
        rows = np.flatnonzero(masks >> i & 1)
        if not len(rows):
            continue
        scale = b[rows]
        cut = _cuts(trader, a[rows], scale, unit, fine)  # in units of 1/(b unit fine)
        position[rows] += _whole(trader.position, unit) * fine * scale - cut
        slope = _whole(trader.slope, unit)
        # curvature cut^2/2 + slope cut, in units of 1/(2 bend (b unit fine)^2)
        pain[rows] += cut * (_whole(trader.curvature, bend) * cut + 2 * bend * fine * slope * scale)
    if position.any():  # the proof: not an `assert`, which `python -O` drops
        raise ArithmeticError("the best answers to the price do not balance a coalition")
    whole = 2 * bend * (unit * fine) ** 2
    for mask, numerator, scale in zip(masks.tolist(), pain.tolist(), b.tolist(), strict=True):
        costs[mask] = flint.fmpq(numerator, whole * scale**2)


def _cuts(trader: Trader, a: Any, b: Any, unit: int, fine: int) -> Any:
    """Return the best adjustment to the prices ``a/b``, in units of ``1/(b unit fine)``."""
    excess = a * unit - _whole(trader.slope, unit) * b  # (price - slope) in units of 1/(b unit)
    if trader.curvature == 0:
        assert trader.lower is not None
        assert trader.upper is not None  # the form refuses a flat cost without both bounds
        ends = _whole(trader.lower, unit) * fine * b, _whole(trader.upper, unit) * fine * b
        return np.where(excess > 0, ends[1], ends[0])
    cut = excess * _whole(1 / trader.curvature, fine)
    if trader.lower is not None:
        cut = np.maximum(cut, _whole(trader.lower, unit) * fine * b)
    if trader.upper is not None:
        cut = np.minimum(cut, _whole(trader.upper, unit) * fine * b)
    return cut


def _whole(number: Fraction, scale: int) -> int:
    return number.numerator * (scale // number.denominator)


def _sums(numbers: Sequence[int]) -> Any:
    """Return the sum over the members of every coalition, in Python's integers."""
    sums = np.zeros(1, dtype=object)
    for number in numbers:
        sums = np.concatenate([sums, sums + number])
    return sums


def members_of(game: PooledGame, mask: int) -> tuple[str, ...]:
    """Return the names of a coalition."""
    return tuple(name for i, name in enumerate(game.players) if mask >> i & 1)


def check_characteristic(
    game: PooledGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether a table holds the exact cost of every coalition (entry ``k``: the bits of ``k``)."""
    claimed = exact(epsilon, what="epsilon")
    if not hasattr(profile, "__len__") or len(profile) != 2 ** len(game.players):
        raise InputError(f"the table needs {2 ** len(game.players)} entries, one a coalition, the empty one included")
    given = exact_series(profile, what="table")
    costs = coalition_costs(game)
    errors = [abs(rational(x) - cost) for x, cost in zip(given, costs, strict=True)]
    worst = max(range(len(errors)), key=errors.__getitem__)
    bound = exact(errors[worst])
    evidence: dict[str, Any] = {"coalitions": len(costs), "steps": len(game.steps)}
    if bound:
        evidence |= {"coalition": members_of(game, worst), "cost": exact(costs[worst]), "claimed": given[worst]}
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=f"the table holds the least cost of all {len(costs)} coalitions"
        + ("" if claimed == 0 else f" up to {brief(claimed)}"),
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def check_core_by_enumeration(game: PooledGame, amounts: Sequence[Fraction], *, epsilon: Fraction) -> Certificate:
    """Decide whether an allocation adds up to ``C(N)`` and no coalition pays more than its cost, over all of them."""
    costs = coalition_costs(game)
    gains = gains_by_leaving(costs, amounts)
    worst = max(range(1, len(gains)), key=gains.__getitem__)
    gain = exact(gains[worst])
    evidence: dict[str, Any] = {
        "optimum": exact(costs[-1]),
        "collected": sum(amounts, Fraction(0)),
        "coalitions": named_gains(game, gains),
    }
    if gain > 0:
        evidence |= {"coalition": members_of(game, worst), "gain": gain}
    bound = max(gain, abs(exact(gains[-1])))
    return Certificate(
        strength=Strength.EXACT if bound <= epsilon else Strength.REFUTED,
        claim="the allocation adds up to the optimum and no coalition pays less on its own"
        + ("" if epsilon == 0 else f" up to {brief(epsilon)}"),
        bound=bound,
        witness=evidence,
        epsilon=epsilon,
    )


def named_gains(
    game: PooledGame, gains: Sequence[Any], count: int = 10
) -> tuple[tuple[tuple[str, ...], Fraction], ...]:
    """Return the proper coalitions that gain most by leaving, with their gains, largest first."""
    worst = heapq.nsmallest(count, range(1, len(gains) - 1), key=lambda mask: (-gains[mask], mask))
    return tuple((members_of(game, mask), exact(gains[mask])) for mask in worst)


def gains_by_leaving(costs: Sequence[Any], amounts: Sequence[Fraction]) -> list[Any]:
    """Return ``x(T) - C(T)`` of every coalition as ``fmpq``: what it pays now less what it would pay on its own.

    Each is a fraction of its own: one denominator for all of them would have as many digits as all together.
    """
    paid = [flint.fmpq(0)]
    for amount in amounts:
        paid += [x + rational(amount) for x in paid]
    return [x - cost for x, cost in zip(paid, costs, strict=True)]
