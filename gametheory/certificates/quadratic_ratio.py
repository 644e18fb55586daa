"""Prices of anarchy and stability of quadratic games: an equilibrium, an optimum, and the ratio of their totals."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.certificates.quadratic import (
    check_nash_equilibrium,
    check_social_optimum,
    read_profile,
    uniqueness,
)
from gametheory.certificates.quadratic_set import every_equilibrium
from gametheory.errors import InputError
from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Certificate, Strength

__all__ = ["check_price_of_anarchy", "check_price_of_stability"]


def check_price_of_anarchy(
    game: QuadraticGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether the ratio of the equilibrium in `profile` to the optimum in it is what the witness says.

    `profile` holds ``"equilibrium"`` and ``"optimum"``; the witness the ``"interval"`` and the multipliers of both. The
    upper end of the interval is granted only where the equilibrium is proved to be the only one, or the checker's own
    search finds all equilibria (:mod:`gametheory.certificates.quadratic_set`).
    """
    return _check(game, profile, witness or {}, exact(epsilon, what="epsilon"), "anarchy")


def check_price_of_stability(
    game: QuadraticGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same of the best equilibrium: a lower end above 1 asks for uniqueness, or for all equilibria."""
    return _check(game, profile, witness or {}, exact(epsilon, what="epsilon"), "stability")


def _check(game: QuadraticGame, profile: Any, witness: Mapping[str, Any], claimed: Fraction, word: str) -> Certificate:
    if not isinstance(profile, Mapping) or set(profile) != {"equilibrium", "optimum"}:
        raise InputError("profile: give {'equilibrium': ..., 'optimum': ...}")
    parts = {
        "equilibrium": check_nash_equilibrium(
            game, profile["equilibrium"], witness={"multipliers": witness.get("equilibrium_multipliers")}
        ),
        "optimum": check_social_optimum(
            game, profile["optimum"], witness={"multipliers": witness.get("optimum_multipliers")}
        ),
    }
    for name, part in parts.items():
        if part.strength is Strength.REFUTED:
            return Certificate(
                strength=Strength.REFUTED,
                claim=f"the price of {word} compares an equilibrium with an optimum: the {name} is none",
                bound=part.bound,
                witness={"part": name, **part.witness},
                epsilon=claimed,
            )
    reached, best = (sum(game.values(read_profile(game, profile[name])), Fraction(0)) for name in parts)
    above, below = (reached, best) if game.sense == "cost" else (best, reached)
    evidence = {"equilibrium_total": reached, "optimum_total": best}
    if below <= 0:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"the price of {word} is a number: no, it would divide by {below}",
            bound=1 - below,
            witness=evidence,
            epsilon=claimed,
        )
    ratio = above / below
    only, why = uniqueness(game)
    low: Fraction | None = ratio
    high: Fraction | None = ratio
    if only != "proved":
        every, doubt = every_equilibrium(game)
        totals = [game.total().value(x) for x in every]
        ratios = [total / best if game.sense == "cost" else best / total for total in totals if total > 0]
        endless = len(ratios) < len(totals)  # a payoff that is not positive: the ratio has no bound
        if word == "anarchy":
            high = None if doubt or endless else max([ratio, *ratios])
        else:
            low = Fraction(1) if doubt else min([ratio, *ratios])
        why = doubt or f"all {len(every)} equilibria were found again and compared"
    evidence.update({"interval": (low, high), "unique": why})
    told = witness.get("interval", (low, high))
    true = _inside(told, low, high)
    shown = f"exactly {ratio}" if low == high else f"at least {low}" if high is None else f"between {low} and {high}"
    return Certificate(
        strength=Strength.EXACT if true else Strength.REFUTED,
        claim=f"the price of {word} is {shown}" + ("" if true else f", not in {told}"),
        bound=Fraction(0) if true else Fraction(1),
        witness=evidence,
        epsilon=claimed,
    )


def _inside(told: Any, low: Fraction | None, high: Fraction | None) -> bool:
    """Whether the interval told claims no more than what is known."""
    lower, upper = told
    below = lower is None or (low is not None and exact(lower) <= low)
    above = upper is None or (high is not None and exact(upper) >= high)
    return below and above
