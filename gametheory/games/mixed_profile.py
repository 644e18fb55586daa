"""Mixed profiles of finite games, read from what users and solvers give."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import exact, is_rational
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame

__all__ = ["Mixed", "read_profile"]

#: One probability for each strategy of each player.
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
    if type(given) is tuple and len(given) == size and set(map(type, given)) == {Fraction}:
        numbers = given
    else:
        if isinstance(given, int | np.integer) and not isinstance(given, bool):
            if not 0 <= given < size:
                raise InputError(f"{player!r}: pure strategy {given} is not one of 0..{size - 1}")
            return tuple(Fraction(int(k == given)) for k in range(size)), False
        if not isinstance(given, Sequence | np.ndarray) or isinstance(given, str) or len(given) != size:
            raise InputError(f"{player!r}: {given!r} does not give {size} probabilities; give one for each strategy")
        numbers = tuple(exact(p, what=f"{player!r} probability {k}") for k, p in enumerate(given))
    wholes = [number.numerator for number in numbers]
    if min(wholes) < 0:
        k = next(k for k, number in enumerate(wholes) if number < 0)
        raise InputError(f"{player!r}: probability {k} is {given[k]}, which is negative; give >= 0")
    played = [number for number, numerator in zip(numbers, wholes, strict=True) if numerator]
    common = math.lcm(*{number.denominator for number in played})
    total = sum(number.numerator * (common // number.denominator) for number in played)
    if total == common:
        return numbers, False
    mass = Fraction(total, common)
    if all(is_rational(p) for p in given) or abs(mass - 1) > _SLIP:
        raise InputError(f"{player!r}: the probabilities sum to {mass}, not 1")
    return tuple(number / mass for number in numbers), True
