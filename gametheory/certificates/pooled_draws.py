"""What is judged of sampled and of approximate Shapley values of pooled games, without the sampler's ways.

Draws are of sets, not of orders: a size, then a set of the others of that size, and what the member adds to its cost.
An approximation claims that its shares add up to the cost of all together; that is decided with a rigorous bound. How
far its shares lie from draws of the checker's own is reported beside it, and claims nothing.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import brief, exact, rational, to_float
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.pooled import best_prices, dual_shares
from gametheory.errors import InputError
from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.result import Certificate, Strength

__all__ = ["check_approximation", "grand_cost", "known_values", "marginal_costs"]

#: Exact values are made for so many members and members times steps.
_EXACT_MEMBERS, _EXACT_CELLS = 20, 2000
#: Cells of drawn sets times steps that are held at once.
_CELLS = 4_000_000
_COMPARED, _DRAWS = 8, 400
#: Draws of games of records, whose costs are exact and slow.
_FEW_DRAWS = 40
_HALF_ULP = 2.0**-53


def known_values(game: PooledGame | PooledLoads) -> tuple[list[Fraction], str] | None:
    """Return exact values where members and steps are few and the shares straight, else None."""
    from gametheory.certificates.pooled_values import exact_values, straight_parts

    steps = game.net_load.shape[1] if isinstance(game, PooledLoads) else len(game.steps)
    if len(game.players) > _EXACT_MEMBERS or len(game.players) * steps > _EXACT_CELLS:
        return None
    parts = straight_parts(game.pooled() if isinstance(game, PooledLoads) else game)
    return None if parts is None else (exact_values(parts, "Shapley"), "the dual game by halves")


def marginal_costs(
    game: PooledGame | PooledLoads, players: Sequence[int], generator: random.Random
) -> list[list[float]]:
    """Return, for each of some members, what it adds to the costs of random sets of the others.

    A chance is drawn, then each member is in with that chance: sets of all sizes are equally likely, and so are those
    of a size, as in the Shapley value (Owen 1972).
    """
    n = len(game.players)
    source = np.random.default_rng(generator.getrandbits(64))
    if isinstance(game, PooledLoads):
        return _of_loads(game, players, source)
    found: list[list[float]] = [[] for _ in players]
    for _ in range(_FEW_DRAWS):
        present = source.random(n) < source.random()
        for row, player in zip(found, players, strict=True):
            before = [k for k in range(n) if present[k] and k != player]
            row.append(to_float(_cost(game, [*before, player]) - _cost(game, before)))
    return found


def _of_loads(game: PooledLoads, players: Sequence[int], source: np.random.Generator) -> list[list[float]]:
    """Return ``sum_t G_t(m + own) - G_t(m)`` with ``G_t(m) = max(buy m, sell m)``, some draws and steps at a time."""
    members, steps = game.net_load.shape
    found: list[list[float]] = [[] for _ in players]
    rows = max(1, min(_DRAWS, _CELLS // members))
    width = max(1, _CELLS // max(rows, members))
    for start in range(0, _DRAWS, rows):
        count = min(rows, _DRAWS - start)
        present = source.random((count, members)) < source.random((count, 1))
        added = np.zeros((len(players), count))
        for t in range(0, steps, width):
            part = slice(t, t + width)
            buy, sell, loads = game.buy_price[part], game.sell_price[part], game.net_load[:, part]
            everyone = present.astype(np.float64) @ loads
            for k, player in enumerate(players):
                before = everyone - present[:, player, None] * loads[player]
                after = before + loads[player]
                added[k] += (np.maximum(buy * after, sell * after) - np.maximum(buy * before, sell * before)).sum(
                    axis=1
                )
        for row, drawn in zip(found, added.tolist(), strict=True):
            row.extend(drawn)
    return found


def _cost(game: PooledGame, members: list[int]) -> Any:
    """Return the cost of a coalition, exactly: the largest dual value over the prices at which somebody bends."""
    if not members:
        return rational(0)
    part = PooledGame(
        tuple(game.players[k] for k in members),
        tuple(
            type(step)(tuple(step.traders[k] for k in members), step.buy_price, step.sell_price) for step in game.steps
        ),
    )
    return sum((sum(row, rational(0)) for row in dual_shares(part, best_prices(part))), rational(0))


def check_approximation(game: PooledGame | PooledLoads, profile: Mapping[str, Any]) -> Certificate:
    """Judge ``{"values", "approximation", "tolerance"}``: the shares add up to ``C(N)`` up to the tolerance.

    No share is claimed to be the Shapley value. The witness holds the gap, and for some members by how much their share
    lies off the mean of the checker's own draws, with the standard error of that mean.
    """
    missing = [key for key in ("values", "tolerance") if key not in profile]
    if missing:
        raise InputError(f"an approximate allocation needs {missing[0]!r}; give values, approximation and tolerance")
    values = read_allocation(game.players, profile["values"])
    tolerance = exact(profile["tolerance"], what="tolerance")
    low, high = grand_cost(game)
    paid = sum(map(rational, values), rational(0))
    bound = exact(max(abs(paid - rational(low)), abs(paid - rational(high))))
    generator = random.Random(1953)
    apart = {}
    chosen = sorted(generator.sample(range(len(values)), min(_COMPARED, len(values))))
    for i, drawn in zip(chosen, marginal_costs(game, chosen, generator), strict=True):
        mean = math.fsum(drawn) / len(drawn)
        error = math.sqrt(math.fsum((x - mean) ** 2 for x in drawn) / (len(drawn) - 1) / len(drawn))
        apart[game.players[i]] = (float(values[i]) - mean, error)
    claim = f"an approximation ({profile['approximation']}): the shares add up to C(N) up to {brief(tolerance)}"
    holds = bound <= tolerance
    return Certificate(
        strength=Strength.BOUNDED if holds else Strength.REFUTED,
        claim=f"{claim}; no single share is claimed" if holds else f"{claim}: they miss it by {brief(bound)}",
        bound=bound,
        witness={"cost": (low, high), "distance_from_draws": apart},
        epsilon=tolerance,
    )


def grand_cost(game: PooledGame | PooledLoads) -> tuple[Fraction, Fraction]:
    """Return an enclosure of ``C(N)``: exact of records; of arrays with the error of the sum over the steps."""
    if isinstance(game, PooledGame):
        cost = exact(_cost(game, list(range(len(game.players)))))
        return cost, cost
    # fsum rounds once: half a unit in the last place of each step's load, then two products' worth of the bill.
    low = high = Fraction(0)
    for t in range(len(game.buy_price)):
        load = math.fsum(game.net_load[:, t])
        slack = Fraction(abs(load)) * Fraction(_HALF_ULP) * 2
        ends = (Fraction(load) - slack, Fraction(load) + slack)
        buy, sell = Fraction(float(game.buy_price[t])), Fraction(float(game.sell_price[t]))
        bills = [max(buy * m, sell * m) for m in ends]
        # The bill is convex in the load: its largest value is at an end, its smallest at an end or where it turns.
        high += max(bills)
        low += min(bills) if not ends[0] < 0 < ends[1] else min([*bills, Fraction(0)])
    return low, high
