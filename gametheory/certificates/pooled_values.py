"""Shapley and Banzhaf values of a pooled game, judged in integers without a table of coalitions.

Where the members' shares ``phi_it(lam)`` are straight between bends, each step's cost is additive but for positive
parts of sums over members, as the maximum of a concave function of the price is its value at the lowest price and its
rises. Both values are the same in the dual game, in which a coalition is charged what all together pay less what the
others pay. So the checker adds ``(a(N) - a(T))^+`` by size over the ``T`` without each member, for every other member
as one half and the rest as the other, and takes the value from the potential of Hart and Mas-Colell (1989).

Curved discomfort is judged from a table of all costs, up to 12 members. Sampled intervals are held against exact values
where there are any, and against draws of the checker's own where there are none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact, rational
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.pooled import smallest_share
from gametheory.certificates.pooled_draws import check_approximation
from gametheory.certificates.sampled import check_sampled_shapley
from gametheory.certificates.values import check_banzhaf as check_table_banzhaf
from gametheory.certificates.values import check_shapley as check_table_shapley
from gametheory.certificates.values import of_sums_without
from gametheory.errors import SizeLimit
from gametheory.games.coalition_table import common_denominator, subset_sums
from gametheory.games.coalitional import CoalitionalGame
from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.games.trading import TradingStep
from gametheory.result import Certificate, Strength

__all__ = ["check_banzhaf", "check_shapley", "exact_values", "straight_parts"]

_CURVED_LIMIT, _STRAIGHT_LIMIT = 12, 40
_INT64 = 2**62

Parts = tuple[list[Fraction], list[list[Fraction]]]


def check_shapley(
    game: PooledGame | PooledLoads, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "these are the Shapley values" of the pooled cost game: exact values, intervals, or an approximation."""
    if isinstance(profile, Mapping) and "intervals" in profile:
        return check_sampled_shapley(game, profile)
    if isinstance(profile, Mapping) and "approximation" in profile:
        return check_approximation(game, profile)
    return _check(game, profile, "Shapley", epsilon)


def check_banzhaf(
    game: PooledGame | PooledLoads, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "these are the Banzhaf values" of the pooled cost game."""
    return _check(game, profile, "Banzhaf", epsilon)


def _check(game: PooledGame | PooledLoads, profile: Any, name: str, epsilon: Number) -> Certificate:
    if isinstance(game, PooledLoads):
        game = game.pooled()
    claimed = exact(epsilon, what="epsilon")
    allocation = read_allocation(game.players, profile)
    parts = straight_parts(game)
    if parts is None:
        judge = check_table_shapley if name == "Shapley" else check_table_banzhaf
        return judge(_table(game), allocation, epsilon=claimed)
    right = exact_values(parts, name)
    errors = [abs(a - b) for a, b in zip(allocation, right, strict=True)]
    bound = max(errors)
    worst = errors.index(bound)
    claim = f"the allocation holds the {name} values" + (f" up to {brief(claimed)}" if claimed else "")
    evidence: dict[str, Any] = {"by": "the dual game by halves"}
    if bound > 0:
        evidence |= {"player": game.players[worst], "value": right[worst], "claimed": allocation[worst]}
    if bound > claimed:
        claim += f": {game.players[worst]!r} has {brief(right[worst])}"
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=claim,
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def _table(game: PooledGame) -> CoalitionalGame:
    from gametheory.certificates.pooled_table import coalition_costs

    if len(game.players) > _CURVED_LIMIT:
        raise SizeLimit(
            f"{len(game.players)} members with curved discomfort: exact values are judged up to {_CURVED_LIMIT} members"
        )
    costs = common_denominator([exact(cost) for cost in coalition_costs(game)])
    return CoalitionalGame(game.players, "cost", costs)


def straight_parts(game: PooledGame) -> Parts | None:
    """Return ``C(T) = sum_i b_i + sum_k (sum_i a_ki)^+`` as ``b`` and the rows ``a_k``, or None where it is curved."""
    additive = [rational(0)] * len(game.players)
    rows: list[list[Fraction]] = []
    for step in game.steps:
        knots = _knots(step)
        shares = [[smallest_share(trader, price) for trader in step.traders] for price in knots]
        for (left, right), (low, high) in zip(pairwise(knots), pairwise(shares), strict=True):
            middle = (left + right) / 2
            for trader, a, b in zip(step.traders, low, high, strict=True):
                if 2 * smallest_share(trader, middle) != a + b:  # a concave function with a straight middle is straight
                    return None
            rows.append([exact(b - a) for a, b in zip(low, high, strict=True)])
        additive = [total + share for total, share in zip(additive, shares[0], strict=True)]
    return [exact(total) for total in additive], rows


def _knots(step: TradingStep) -> list[Any]:
    """Return the outside prices and the prices between them at which a trader reaches a bound."""
    low, high = rational(step.sell_price), rational(step.buy_price)
    bends = {
        rational(trader.slope) + rational(trader.curvature) * rational(bound)
        for trader in step.traders
        for bound in (trader.lower, trader.upper)
        if bound is not None
    }
    return sorted({low, high} | {bend for bend in bends if low < bend < high})


def exact_values(parts: Parts, name: str) -> list[Fraction]:
    """Return the values of a game of straight parts from the sums of its dual by size, without each member."""
    additive, rows = parts
    n = len(additive)
    if n > _STRAIGHT_LIMIT:
        raise SizeLimit(f"{n} members: exact values are judged up to {_STRAIGHT_LIMIT} members; sample")
    scale = math.lcm(1, *(a.denominator for row in rows for a in row))
    whole = [[int(a * scale) for a in row] for row in rows]
    everyone, without = [0] * (n + 1), [[0] * (n + 1) for _ in range(n)]
    small = sum(sum(map(abs, row)) for row in whole) << n < _INT64
    even, odd = range(0, n, 2), range(1, n, 2)
    grids: list[Any] = [0, 0]
    for row in whole:
        if min(row) >= 0 or max(row) <= 0:  # additive or nothing: the value is the number itself, or 0
            additive = [b + Fraction(max(a, 0), scale) for b, a in zip(additive, row, strict=True)]
            continue
        first, second = [row[i] for i in even], [row[i] for i in odd]
        grids[0] = grids[0] + _left_over(first, second, small)
        grids[1] = grids[1] + _left_over(second, first, small)
    for members, grid in zip((even, odd), grids, strict=True):
        if isinstance(grid, int):
            continue
        masks = np.arange(len(grid))
        sizes = sum((masks >> k & 1 for k in range(len(members))), np.zeros(len(grid), dtype=np.int64))
        for size in range(len(members) + 1):
            here = sizes == size
            for k in range(-1, len(members)):
                if k < 0 and members is odd:
                    continue
                target = everyone if k < 0 else without[members[k]]
                for more, amount in enumerate(grid[here if k < 0 else here & (masks >> k & 1 == 0)].sum(axis=0)):
                    target[size + more] += int(amount)
    found = of_sums_without(everyone, without, scale, name)
    return [b + value for b, value in zip(additive, found, strict=True)]


def _left_over(own: list[int], other: list[int], small: bool) -> Any:
    """Return the dual numbers ``a(N)^+ - (a(N) - own(T) - other(S))^+`` added over the ``S`` of each size (columns)."""
    kind: Any = np.int64 if small else object
    whole = sum(own) + sum(other)
    left = whole - subset_sums(own).astype(kind)
    theirs, sizes = subset_sums(other), subset_sums([1] * len(other))
    result: Any = np.zeros((len(left), len(other) + 1), dtype=kind)
    for size in range(len(other) + 1):
        group = np.sort(theirs[sizes == size])
        below: Any = np.concatenate([np.zeros(1, dtype=kind), np.cumsum(group.astype(kind))])
        # Those of the others whose sum stays below what is left leave something.
        places = np.searchsorted(group, left, side="left")
        result[:, size] = len(group) * max(whole, 0) - (places * left - below[places])
    return result
