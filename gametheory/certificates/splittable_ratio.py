"""Prices of anarchy and stability of splittable games, enclosed.

There is one equilibrium ``x*``, the minimiser of a potential that bends by at least ``alpha_t`` in each slot's total. A
split whose potential is at most ``G`` above the minimum therefore has totals with ``sum_t alpha_t (s_t - s*_t)^2 <= 2
G``, and by Cauchy and Schwarz its total cost is within ``sqrt(2 G) |g| + 2 G`` of that of the equilibrium, with ``g``
the slopes of the total cost over ``sqrt(alpha_t)``. The least total lies between that of the optimum handed over and
its shortfall (:mod:`gametheory.certificates.splittable`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, to_float
from gametheory.certificates.splittable import Read, read, regrets, shortfall
from gametheory.errors import InputError
from gametheory.games.splittable import SplittableGame
from gametheory.result import Certificate, Strength

__all__ = ["check_price_of_anarchy", "check_price_of_stability", "enclose"]

_ROUNDOFF = Fraction(1, 2**53)
#: More than the root of the smallest normal double.
_TINY = 2.0**-500

Interval = tuple[Fraction, Fraction]


def enclose(game: SplittableGame, given: Read, levels: Any, *, equilibrium: bool) -> Interval:
    """Return an interval that holds the total of the equilibrium, or the least total."""
    total, slopes, hidden = Fraction(0), Fraction(0), Fraction(0)
    twice = 2 if game.background is not None else 1
    for t, (a, b, s) in enumerate(zip(game.slope, game.prices_at_rest, given.demand, strict=True)):
        steep, rest, demand = Fraction(float(a)), Fraction(float(b)), Fraction(float(s))
        # With a background the total is alpha (s + d)^2; the game rounds alpha d, this does not.
        load = Fraction(0) if game.background is None else Fraction(float(game.background[t]))
        rest = rest if game.background is None else steep * load
        total += steep * (demand + load) * (demand + load) if twice == 2 else demand * (steep * demand + rest)
        slope = 2 * steep * demand + twice * rest
        off = Fraction(given.all_missed) + 4 * len(given.split) * _ROUNDOFF * demand
        hidden += (abs(slope) + steep * off) * off
        slopes += slope * slope / steep
    if not equilibrium:
        below = Fraction(shortfall(game, given, levels)) + hidden
        return total - below, total + hidden
    gap = 2 * math.fsum(regrets(game, given, levels).tolist()) * (1 + 1e-9)
    root = math.sqrt(2 * Fraction(gap) * slopes) * (1 + 1e-9) + _TINY  # of a float that may have underflowed
    away = Fraction((root + 2 * gap) * (1 + 1e-9)) + hidden
    return total - away, total + away


def check_price_of_anarchy(
    game: SplittableGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether the interval in the witness holds the price of anarchy.

    `profile` holds the splits ``"equilibrium"`` and ``"optimum"``; the witness ``"interval"``, and perhaps
    ``"equilibrium_levels"`` and ``"optimum_levels"``.
    """
    return _check(game, profile, witness or {}, exact(epsilon, what="epsilon"), "anarchy")


def check_price_of_stability(
    game: SplittableGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same of the best equilibrium: there is only one."""
    return _check(game, profile, witness or {}, exact(epsilon, what="epsilon"), "stability")


def _check(game: SplittableGame, profile: Any, witness: Mapping[str, Any], claimed: Fraction, word: str) -> Certificate:
    if not isinstance(profile, Mapping) or set(profile) != {"equilibrium", "optimum"}:
        raise InputError("profile: give {'equilibrium': ..., 'optimum': ...}")
    parts = {name: read(game, profile[name]) for name in ("equilibrium", "optimum")}
    for name, part in parts.items():
        if part.violated:
            return Certificate(
                strength=Strength.REFUTED,
                claim=f"the price of {word} compares two splits: the {name} is none, {part.violated}",
                bound=Fraction(part.excess),
                witness={"part": name, "violated": part.violated},
                epsilon=claimed,
            )
    ends = {
        name: enclose(game, part, witness.get(f"{name}_levels"), equilibrium=name == "equilibrium")
        for name, part in parts.items()
    }
    (least, most), (cheapest, cheap) = ends["equilibrium"], ends["optimum"]
    evidence: dict[str, Any] = {"equilibrium_total": ends["equilibrium"], "optimum_total": ends["optimum"]}
    if cheapest <= 0:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"the price of {word} is a number: no, it may divide by {to_float(cheapest):.6g}",
            bound=1 - cheapest,
            witness=evidence,
            epsilon=claimed,
        )
    low, high = max(Fraction(1), least / cheap), max(Fraction(1), most / cheapest)
    evidence["interval"] = (low, high)
    told = witness.get("interval", (low, high))
    true = exact(told[0]) <= low and exact(told[1]) >= high
    note = "" if true else f": not shown, what is shown is {to_float(low):.9g} to {to_float(high):.9g}"
    return Certificate(
        strength=Strength.BOUNDED if true else Strength.REFUTED,
        claim=f"the price of {word} ({game.social_cost}) is between {to_float(told[0]):.9g} and "
        f"{to_float(told[1]):.9g}{note}",
        bound=Fraction(0) if true else Fraction(1),
        witness=evidence,
        epsilon=claimed,
    )
