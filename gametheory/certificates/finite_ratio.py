"""Optimum and price of anarchy of finite games, from the definition.

The optimum is compared with every cell. One end of the interval needs an equilibrium, whose regret is exact; the other
needs a bound on all of them: a smoothness inequality, checked in every cell, or the complete list, which is found again
where the size allows, and said to be taken on trust where not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact, whole_numbers
from gametheory.certificates.enclosed import holds_one_equilibrium, is_enclosed, read_box
from gametheory.certificates.normal_form import regrets
from gametheory.certificates.normal_form_set import extreme_equilibria
from gametheory.errors import InputError
from gametheory.games.enclosure import Enclosure
from gametheory.games.mixed_profile import read_profile
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_price_of_anarchy", "check_price_of_stability", "check_social_optimum"]


def check_social_optimum(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no cell has a total more than `epsilon` above that of the cell `profile` (an index a player)."""
    cell = _cell(game, profile)
    claimed = exact(epsilon, what="epsilon")
    value = _total(game, cell)
    better = max(game.profiles(), key=lambda other: _total(game, other))
    gap = _total(game, better) - value
    return Certificate(
        strength=Strength.EXACT if gap <= claimed else Strength.REFUTED,
        claim=f"no profile has a total above {value}" + ("" if claimed == 0 else f" by more than {brief(claimed)}"),
        bound=gap,
        witness={"better": better} if gap > 0 else {},
        epsilon=claimed,
    )


def check_price_of_anarchy(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether the price of anarchy lies in ``witness["interval"]``.

    `profile` holds an ``"equilibrium"``, which shows the lower end, and an ``"optimum"`` (a cell). The upper end stands
    on ``witness["smoothness"] = (alpha, beta)`` or on ``witness["equilibria"]``, the complete list.
    """
    return _check(game, profile, witness or {}, anarchy=True)


def check_price_of_stability(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same of the best equilibrium, which shows the upper end; the lower stands on the list, or is 1."""
    return _check(game, profile, witness or {}, anarchy=False)


def _check(game: NormalFormGame, profile: Any, witness: Mapping[str, Any], *, anarchy: bool) -> Certificate:
    if not isinstance(profile, Mapping) or set(profile) != {"equilibrium", "optimum"}:
        raise InputError("profile: give {'equilibrium': ..., 'optimum': ...}")
    word = "anarchy" if anarchy else "stability"
    best = check_social_optimum(game, profile["optimum"])
    if best.strength is Strength.REFUTED:
        return _refuted(f"the price of {word} compares with an optimum: {best.claim}", best.bound)
    optimum = _total(game, _cell(game, profile["optimum"]))
    boxed = is_enclosed(profile["equilibrium"])
    if boxed:
        doubt = holds_one_equilibrium(game, profile["equilibrium"])
        if doubt:
            return _refuted(f"the price of {word} compares an equilibrium: {doubt}", Fraction(1))
    else:
        gain = max(regrets(game, read_profile(game, profile["equilibrium"])[0])[0])
        if gain > 0:
            return _refuted(f"the price of {word} compares an equilibrium: the profile is none", gain)
    smooth = _pair(witness.get("smoothness"), "smoothness")
    robust = None if not smooth else _smooth(game, optimum, profile["optimum"], smooth)
    if smooth and robust is None:
        return _refuted("the smoothness inequality holds in every profile", Fraction(1))
    reached = _bounds(game, profile["equilibrium"])
    if reached[0] <= 0:
        return _refuted(f"the price of {word} is a number: it would divide by {reached[0]}", 1 - reached[0])
    shown = optimum / reached[1], optimum / reached[0]
    low, high = _pair(witness.get("interval"), "interval") or shown
    near, far = (low, high) if anarchy else (high, low)
    # The equilibrium shows that anarchy is no lower, or stability no higher, than its own ratio.
    if near is None or (exact(near) > shown[0] if anarchy else exact(near) < shown[1]):
        return _refuted(f"the price of {word} is between {low} and {high}; the equilibrium shows {shown}", Fraction(1))
    trust = ""
    # An end of 0 or less bounds nothing: the ratio of an equilibrium to an optimum that is no worse is at least 1.
    if anarchy and far is not None and exact(far) < 1:
        return _refuted(f"the price of {word} is between {low} and {high}; no price is below 1", 1 - exact(far))
    if far is not None and not (not anarchy and exact(far) <= 1):
        held = anarchy and robust is not None and robust <= exact(far)
        if not held:
            verdict = _by_list(game, witness.get("equilibria", ()), optimum / exact(far), anarchy=anarchy)
            if verdict is None:
                return _refuted(f"the price of {word} is between {low} and {high}", Fraction(1))
            trust = verdict
    size = f"is {low}" if low == high else f"is between {low} and {high}" if high is not None else f"is at least {low}"
    return Certificate(
        strength=Strength.BOUNDED if boxed else Strength.EXACT,
        claim=f"the price of {word} {size}{trust}",
        bound=Fraction(0),
        witness={
            "equilibrium_total": reached[0] if reached[0] == reached[1] else Enclosure(*reached),
            "optimum_total": optimum,
            "robust": robust,
        },
    )


def _refuted(claim: str, bound: Fraction) -> Certificate:
    return Certificate(strength=Strength.REFUTED, claim=claim, bound=bound)


def _pair(given: Any, what: str) -> tuple[Any, Any] | None:
    if not given and isinstance(given, Sequence | None):
        return None
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != 2:
        raise InputError(f"{what} {given!r}: give two numbers")
    return given[0], given[1]


def _smooth(game: NormalFormGame, optimum: Fraction, cell: Any, pair: Any) -> Fraction | None:
    """Return the bound ``1/beta`` on the price of every coarse correlated equilibrium, None if the inequality fails."""
    alpha, beta = (exact(x, what="smoothness") for x in pair)
    if alpha < 0 or beta <= 0:
        return None
    best = _cell(game, cell)
    for s in game.profiles():
        moved = sum((table[(*s[:i], best[i], *s[i + 1 :])] for i, table in enumerate(game.payoffs)), Fraction(0))
        if beta * optimum > alpha * moved + (1 - alpha) * _total(game, s):
            return None
    return 1 / beta


def _by_list(game: NormalFormGame, listed: Any, limit: Fraction, *, anarchy: bool) -> str | None:
    """Return what the bound on all equilibria rests on, or None where it does not hold of the list.

    `limit` is the total that every equilibrium must reach (anarchy) or not exceed (stability).
    """
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise InputError(f"equilibria {listed!r}: give a sequence of profiles")
    if not listed:
        return None
    every: Any = extreme_equilibria(game) if len(game.shape) == 2 else None
    trust = "" if every is not None else ", if the equilibria listed are all there are (not decided here)"
    for profile in every if every is not None else listed:
        if is_enclosed(profile):
            read_box(game, profile)
        elif max(regrets(game, read_profile(game, profile)[0])[0]) > 0:
            return None
        low, high = _bounds(game, profile)
        if (low < limit) if anarchy else (high > limit):
            return None
    return trust


def _cell(game: NormalFormGame, profile: Any) -> tuple[int, ...]:
    if not isinstance(profile, Sequence | np.ndarray) or isinstance(profile, str):
        raise InputError(f"optimum {profile!r} is no cell: give one index a player")
    cell = whole_numbers(profile, what="cell")
    if len(cell) != len(game.shape) or any(not 0 <= k < size for k, size in zip(cell, game.shape, strict=True)):
        raise InputError(f"optimum {profile!r} is no cell of a game of shape {game.shape}; give one index a player")
    return cell


def _total(game: NormalFormGame, cell: tuple[int, ...]) -> Fraction:
    return sum(game.payoff(cell), Fraction(0))


def _bounds(game: NormalFormGame, profile: Any) -> tuple[Fraction, Fraction]:
    """Return bounds on the total at a profile of numbers and enclosures."""
    low = high = Fraction(0)
    ends = [
        [(p.low, p.high) if isinstance(p, Enclosure) else (exact(p), exact(p)) for p in strategy]
        if not isinstance(strategy, int)
        else [(Fraction(int(k == strategy)),) * 2 for k in range(size)]
        for strategy, size in zip(profile, game.shape, strict=True)
    ]
    for cell in product(*([k for k, end in enumerate(own) if end[1] > 0] for own in ends)):
        total, least, greatest = _total(game, cell), Fraction(1), Fraction(1)
        for own, k in zip(ends, cell, strict=True):
            least, greatest = least * max(own[k][0], Fraction(0)), greatest * own[k][1]
        low += min(total * least, total * greatest)
        high += max(total * least, total * greatest)
    return low, high
