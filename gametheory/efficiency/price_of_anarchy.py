"""Price of anarchy and price of stability: the worst and the best equilibrium against the social optimum.

For costs the ratio is equilibrium over optimum, for payoffs optimum over equilibrium, so that 1 is efficient. Which
players' money counts is the game's own total; a model with another convention says so by name.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gametheory.certificates import certify
from gametheory.concepts._engine import provenance
from gametheory.concepts.equilibria import nash_equilibria, nash_equilibrium
from gametheory.concepts.optimum import social_optimum
from gametheory.efficiency.finite_ratio import finite_ratio
from gametheory.efficiency.generalised_ratio import generalised_ratio
from gametheory.efficiency.splittable_ratio import splittable_ratio
from gametheory.errors import NotApplicable, SizeLimit, UnsupportedGame
from gametheory.games.base import lower
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.splittable import SplittableGame
from gametheory.result import Concept, PriceOfAnarchy, Strength

__all__ = ["price_of_anarchy", "price_of_stability"]

#: Form -> the total of all players at a profile. A form also needs a checker for both concepts.
_TOTAL: dict[str, Callable[[Any, Any], Any]] = {
    "QuadraticGame": lambda game, profile: sum(game.values(profile), Fraction(0)),
}


def price_of_anarchy(game: Any) -> PriceOfAnarchy:
    """Return how much worse than the optimum the worst Nash equilibrium is.

    Raises
    ------
    UnsupportedGame
        Not available for this form.
    NotApplicable
        There is no equilibrium among those found, or the ratio would divide by zero or a negative total.

    Examples
    --------
    >>> from gametheory.games.quadratic import QuadraticGame
    >>> duopoly = QuadraticGame.from_matrices(
    ...     [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    ... )
    >>> price_of_anarchy(duopoly).value
    Fraction(9, 8)
    """
    return _ratio(game, Concept.PRICE_OF_ANARCHY)


def price_of_stability(game: Any) -> PriceOfAnarchy:
    """Return how much worse than the optimum the best Nash equilibrium is; see :func:`price_of_anarchy`."""
    return _ratio(game, Concept.PRICE_OF_STABILITY)


def _ratio(subject: Any, concept: Concept) -> PriceOfAnarchy:
    start = time.perf_counter()
    game = lower(subject)
    form = type(game).__name__
    if isinstance(game, GeneralisedGame):
        return generalised_ratio(subject, game, concept)
    if isinstance(game, NormalFormGame):
        return finite_ratio(subject, game, concept)
    if isinstance(game, SplittableGame):
        return splittable_ratio(subject, game, concept)
    if form not in _TOTAL:
        known = ", ".join(sorted([*_TOTAL, "GeneralisedGame", "NormalFormGame", "SplittableGame"]))
        raise UnsupportedGame(f"{concept}: not available for a {form}; it is for: {known}")
    total = _TOTAL[form]
    first = nash_equilibrium(game)
    profiles, reason, multipliers = [first.profile], first.unique_reason, first.witness.get("multipliers")
    if first.certificate.strength is Strength.REFUTED:
        raise NotApplicable(f"{concept}: no equilibrium was found ({first.status}); there is nothing to compare")
    if first.unique != "proved":
        try:
            every = nash_equilibria(game)
            profiles, multipliers = [first.profile, *every], None
            word = "all" if every.complete else "not surely all"
            reason = f"{len(every)} equilibria were compared, {word}: {every.reason}"
        except SizeLimit as error:
            reason = f"one equilibrium was compared; there may be others ({error})"
    best = social_optimum(game)
    if best.certificate.strength is Strength.REFUTED:
        raise NotApplicable(f"{concept}: the social optimum could not be certified ({best.certificate.claim})")
    costly = game.sense == "cost"
    worst = (max if costly == (concept is Concept.PRICE_OF_ANARCHY) else min)(profiles, key=lambda p: total(game, p))
    reached, optimal = total(game, worst), best.value
    below = optimal if costly else reached
    if below <= 0:
        raise NotApplicable(f"{concept}: the ratio would divide by {below}; compare the totals instead")
    profile = {"equilibrium": worst, "optimum": best.profile}
    witness = {"equilibrium_multipliers": multipliers, "optimum_multipliers": best.witness.get("multipliers")}
    # The checker says how wide the interval is: what it cannot find again it does not grant.
    certificate = certify(game, profile, concept=concept, witness=witness)
    interval = certificate.witness["interval"]
    witness = {**witness, "interval": interval}
    return PriceOfAnarchy(
        game=game,
        concept=concept,
        profile=profile,
        method=f"{first.method}, {best.method}",
        certificate=certificate,
        wall_time=time.perf_counter() - start,
        witness=witness,
        provenance=provenance(subject, game),
        interval=interval,
        equilibrium_total=reached,
        optimum_total=optimal,
        reason=reason,
    )
