"""Prices of anarchy and stability of finite games: exact where all equilibria are known, an interval otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from gametheory.arithmetic import exact
from gametheory.certificates import certify
from gametheory.concepts._engine import provenance
from gametheory.concepts.equilibria import nash_equilibria, nash_equilibrium
from gametheory.concepts.optimum import social_optimum
from gametheory.errors import NotApplicable, SizeLimit
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Concept, PriceOfAnarchy
from gametheory.solvers.normal_form.smoothness import smoothness

__all__ = ["finite_ratio"]

Pair = tuple[Fraction, Fraction]


def finite_ratio(subject: Any, game: NormalFormGame, concept: Concept) -> PriceOfAnarchy:
    """Return optimum over worst (or best) equilibrium, of totals of payoffs.

    The other end of the interval, where equilibria may be missing, is a smoothness bound for anarchy and 1 for
    stability.
    """
    start = time.perf_counter()
    best = social_optimum(game)
    anarchy = concept is Concept.PRICE_OF_ANARCHY
    try:
        found = nash_equilibria(game)
        profiles, complete, reason, method = list(found), found.complete, found.reason, found.method
    except SizeLimit as error:
        one = nash_equilibrium(game)
        profiles, complete, method = [one.profile], False, one.method
        reason = f"one equilibrium was compared; there may be others ({error})"
    if not profiles:
        raise NotApplicable(f"{concept}: no equilibrium was found; {reason}")
    reached = [_total(game, profile) for profile in profiles]
    k = (
        min(range(len(reached)), key=lambda i: reached[i][0])
        if anarchy
        else max(range(len(reached)), key=lambda i: reached[i][1])
    )
    if reached[k][0] <= 0 or best.value <= 0:
        raise NotApplicable(f"{concept}: the ratio would divide by {reached[k][0]}; compare the totals instead")
    robust = smoothness(game, best.profile)
    interval: tuple[Any, Any] = (best.value / reached[k][1], best.value / reached[k][0])
    if not complete and anarchy:
        interval = (interval[0], 1 / robust[1] if robust else None)
    elif not complete:
        interval = (Fraction(1), interval[1])
    profile = {"equilibrium": profiles[k], "optimum": best.profile}
    witness = {"interval": interval, "smoothness": robust, "equilibria": tuple(profiles) if complete else ()}
    certificate = certify(game, profile, concept=concept, witness=witness)
    return PriceOfAnarchy(
        game=game,
        concept=concept,
        profile=profile,
        method=f"{method}, {best.method}",
        certificate=certificate,
        wall_time=time.perf_counter() - start,
        witness=witness,
        provenance=provenance(subject, game),
        interval=interval,
        equilibrium_total=reached[k][0] if reached[k][0] == reached[k][1] else Enclosure(*reached[k]),
        optimum_total=best.value,
        reason=reason,
        robust=1 / robust[1] if robust else None,
    )


def _total(game: NormalFormGame, profile: Sequence[Sequence[Any]]) -> Pair:
    """Return bounds on the total of payoffs at a profile; they meet where it is exact."""
    supports: Iterable[Any] = ([(k, _ends(p)) for k, p in enumerate(s) if _ends(p)[1] > 0] for s in profile)
    low = high = Fraction(0)
    for choice in product(*supports):
        total = sum(game.payoff([k for k, _ in choice]), Fraction(0))
        least = greatest = Fraction(1)
        for _, (down, up) in choice:
            least, greatest = least * max(down, Fraction(0)), greatest * up
        low += min(total * least, total * greatest)
        high += max(total * least, total * greatest)
    return low, high


def _ends(value: Any) -> Pair:
    return (value.low, value.high) if isinstance(value, Enclosure) else (exact(value), exact(value))
