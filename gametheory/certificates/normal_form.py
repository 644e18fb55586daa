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

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.enclosed import holds_one_equilibrium, is_enclosed, rational_middle
from gametheory.games.mixed_profile import Mixed, read_profile
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibrium", "deviation_payoffs", "read_profile", "regrets"]


def deviation_payoffs(game: NormalFormGame, profile: Mixed, player: int) -> tuple[Fraction, ...]:
    """Return what `player` expects from each pure strategy while the others keep to the profile."""
    table = game.payoffs[player]
    cells: Any = table.integers()
    scale = table.denominator
    for axis in reversed(range(len(game.shape))):
        if axis == player:
            continue
        support = [k for k, p in enumerate(profile[axis]) if p]
        common = math.lcm(*(profile[axis][k].denominator for k in support))
        weights = np.empty(len(support), dtype=object)
        weights[:] = [profile[axis][k].numerator * (common // profile[axis][k].denominator) for k in support]
        cells = np.dot(np.moveaxis(cells, axis, -1)[..., support], weights)
        scale *= common
    return tuple(Fraction(int(cell), scale) for cell in cells)


def regrets(game: NormalFormGame, profile: Mixed) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...], tuple[int, ...]]:
    """Return for each player the regret, the expected payoff and the best pure reply."""
    gains, payoffs, replies = [], [], []
    for i, strategy in enumerate(profile):
        values = deviation_payoffs(game, profile, i)
        payoff = sum((p * values[k] for k, p in enumerate(strategy) if p), Fraction(0))
        best = max(range(len(values)), key=values.__getitem__)
        gains.append(values[best] - payoff)
        payoffs.append(payoff)
        replies.append(best)
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
