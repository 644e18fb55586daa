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

from gametheory.arithmetic import Number, exact, is_rational
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibrium", "deviation_payoffs", "read_profile", "regrets"]

Mixed = tuple[tuple[Fraction, ...], ...]

#: Floats that are meant as probabilities may miss 1 by this much; they are then divided by their exact sum.
_SLIP = Fraction(1, 10**6)


def read_profile(game: NormalFormGame, profile: Any) -> tuple[Mixed, bool]:
    """Return the profile in Fractions, and whether a strategy had to be divided by its sum.

    A strategy is a sequence of probabilities, or the index of a pure strategy. Floats are the dyadic rationals they
    are; as these seldom sum to one, they are divided by their exact sum.
    """
    if isinstance(profile, Mapping):
        missing = [name for name in game.players if name not in profile]
        if missing or len(profile) != len(game.players):
            raise InputError(f"the profile names {list(profile)}, the players are {list(game.players)}")
        profile = [profile[name] for name in game.players]
    if not isinstance(profile, Sequence | np.ndarray) or len(profile) != len(game.players):
        raise InputError(f"profile {profile!r}: give one strategy for each of the {len(game.players)} players")
    strategies = []
    divided = False
    for i, given in enumerate(profile):
        strategy, slipped = _read_strategy(given, game.players[i], game.shape[i])
        strategies.append(strategy)
        divided = divided or slipped
    return tuple(strategies), divided


def _read_strategy(given: Any, player: str, size: int) -> tuple[tuple[Fraction, ...], bool]:
    if isinstance(given, int | np.integer) and not isinstance(given, bool):
        if not 0 <= given < size:
            raise InputError(f"{player!r}: pure strategy {given} is not one of 0..{size - 1}")
        return tuple(Fraction(int(k == given)) for k in range(size)), False
    if not isinstance(given, Sequence | np.ndarray) or isinstance(given, str) or len(given) != size:
        raise InputError(f"{player!r}: {given!r} does not give {size} probabilities; give one for each strategy")
    numbers = tuple(exact(p, what=f"{player!r} probability {k}") for k, p in enumerate(given))
    for k, number in enumerate(numbers):
        if number < 0:
            raise InputError(f"{player!r}: probability {k} is {given[k]}, which is negative; give >= 0")
    mass = sum(numbers, Fraction(0))
    if mass == 1:
        return numbers, False
    if all(is_rational(p) for p in given) or abs(mass - 1) > _SLIP:
        raise InputError(f"{player!r}: the probabilities sum to {mass}, not 1")
    return tuple(number / mass for number in numbers), True


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


def check_nash_equilibrium(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no player can gain more than `epsilon` by deviating alone.

    The witness holds the regret of each player, the payoffs, and where there is a gain the deviation that earns it.
    """
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
    size = "is a Nash equilibrium" if claimed == 0 else f"is a Nash equilibrium up to a regret of {claimed}"
    return Certificate(
        strength=Strength.EXACT if bound <= claimed else Strength.REFUTED,
        claim=f"the profile{note} {size}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )
