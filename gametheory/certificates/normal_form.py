"""Nash equilibrium of a finite game, judged from the definition.

A mixed profile is an equilibrium when no player gains by any pure deviation: the regret of player ``i`` is
``max_k u_i(k, s_-i) - u_i(s)``, and the bound of the certificate is the largest regret. All of it is integer
arithmetic over one denominator; nothing is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact, ratio
from gametheory.certificates.enclosed import holds_one_equilibrium, is_enclosed, rational_middle
from gametheory.games.mixed_profile import Mixed, read_profile
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibrium", "deviation_payoffs", "read_profile", "regrets"]


#: Products of machine integers and their sums stay below 2**63 where these many bits are left for a part of a weight.
_BITS = 62


def _contracted(cells: Any, weights: Sequence[int]) -> Any:
    """Return the sums over the last axis of cells times weights, exactly; no weight is negative.

    Machine integers are multiplied by the weights in parts of as many bits as cannot overflow.
    """
    if cells.dtype == object or not cells.size:
        array = np.empty(len(weights), dtype=object)
        array[:] = weights
        return np.dot(cells, array)
    largest = max(int(cells.max()), -int(cells.min()), 1) * len(weights)
    part = _BITS - largest.bit_length()
    total = max(weights).bit_length()
    if part < 8:
        return _contracted(cells.astype(object), weights)
    if total <= part:
        return np.dot(cells, np.array(weights, dtype=np.int64))
    result: Any = 0
    for shift in range(0, total, part):
        digits = np.array([weight >> shift & (1 << part) - 1 for weight in weights], dtype=np.int64)
        result = result + (np.dot(cells, digits).astype(object) << shift)
    return result


def _whole(strategy: Sequence[Fraction]) -> tuple[list[int], list[int], int]:
    """Return which strategies are played, with whole weights, and what these sum to."""
    support = [k for k, p in enumerate(strategy) if p.numerator]
    common = math.lcm(*{strategy[k].denominator for k in support})
    return support, [strategy[k].numerator * (common // strategy[k].denominator) for k in support], common


def _deviations(
    game: NormalFormGame, mixed: Sequence[tuple[list[int], list[int], int]], player: int
) -> tuple[list[int], int]:
    """Return what `player` expects from each pure strategy, times a scale, and the scale."""
    table = game.payoffs[player]
    machine = table.machine_integers()
    cells: Any = table.integers() if machine is None else machine
    scale = table.denominator
    for axis in reversed(range(len(game.shape))):
        if axis == player:
            continue
        support, weights, common = mixed[axis]
        # What is left are the axes up to this one, and the player's own behind it if that comes later.
        last = cells if axis > player else cells.swapaxes(-1, -2)
        cells = last[..., support[0]] if weights == [1] else _contracted(last[..., support], weights)
        scale *= common
    return cells.tolist(), scale


def deviation_payoffs(game: NormalFormGame, profile: Mixed, player: int) -> tuple[Fraction, ...]:
    """Return what `player` expects from each pure strategy while the others keep to the profile."""
    values, scale = _deviations(game, [_whole(strategy) for strategy in profile], player)
    return tuple(ratio(value, scale) for value in values)


def regrets(game: NormalFormGame, profile: Mixed) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...], tuple[int, ...]]:
    """Return for each player the regret, the expected payoff and the best pure reply."""
    gains, payoffs, replies = [], [], []
    mixed = [_whole(strategy) for strategy in profile]
    for i, (support, weights, common) in enumerate(mixed):
        values, scale = _deviations(game, mixed, i)
        best = max(values)
        payoff = sum(weight * values[k] for k, weight in zip(support, weights, strict=True))
        gains.append(ratio(best * common - payoff, scale * common))
        payoffs.append(ratio(payoff, scale * common))
        replies.append(values.index(best))
    return tuple(gains), tuple(payoffs), tuple(replies)


def _check_box(game: NormalFormGame, profile: Any, claimed: Fraction) -> Certificate:
    doubt = holds_one_equilibrium(game, profile)
    gains, payoffs, _ = regrets(game, rational_middle(profile))
    return Certificate(
        strength=Strength.REFUTED if doubt else Strength.BOUNDED,
        claim=f"the box holds exactly one Nash equilibrium{': not shown that ' + doubt if doubt else ''}",
        bound=max(gains),
        witness={"regrets": gains, "payoffs": payoffs},
        epsilon=claimed,
    )


def check_nash_equilibrium(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no player can gain more than `epsilon` by deviating alone.

    The witness holds the regret of each player, the payoffs, and where there is a gain the deviation that earns it. A
    profile of enclosures claims that exactly one equilibrium lies in its box; the bound is the regret of its middle.
    """
    if isinstance(profile, Sequence) and is_enclosed(profile):
        return _check_box(game, profile, exact(epsilon, what="epsilon"))
    mixed, divided = read_profile(game, profile)
    gains, payoffs, replies = regrets(game, mixed)
    bound = max(gains)
    claimed = exact(epsilon, what="epsilon")
    evidence: dict[str, Any] = {"regrets": gains, "payoffs": payoffs}
    if bound > 0:
        worst = gains.index(bound)
        evidence["deviation"] = {
            "player": game.players[worst],
            "strategy": game.strategies[worst][replies[worst]],
            "gain": bound,
        }
    note = " (each strategy divided by its exact sum)" if divided else ""
    size = "is a Nash equilibrium" if claimed == 0 else f"is a Nash equilibrium up to a regret of {brief(claimed)}"
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=f"the profile{note} {size}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )
