"""The price of anarchy of a splittable game in arrays: one equilibrium, one least total, and how sure both are."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from gametheory.certificates import certify
from gametheory.concepts._engine import provenance
from gametheory.errors import NotApplicable
from gametheory.games.splittable import SplittableGame
from gametheory.result import Concept, PriceOfAnarchy
from gametheory.solvers.splittable.slot_prices import SlotPrices, TotalBySlots

__all__ = ["splittable_ratio"]

#: Share of the bills down to which the potential is minimised: the interval is as wide as the root of it.
_SHARE = 1e-13


def splittable_ratio(subject: Any, game: SplittableGame, concept: Concept) -> PriceOfAnarchy:
    """Return the price of anarchy or stability as an interval that surely holds it.

    Raises
    ------
    NotApplicable
        The least total may be zero or negative.
    """
    start = time.perf_counter()
    even = float(game.amounts.sum()) / len(game.slope)
    bills = even * float(np.abs(game.slope * even + game.prices_at_rest).sum()) or 1.0
    first = SlotPrices(tolerance=_SHARE * bills).solve(game)
    best = TotalBySlots(tolerance=1e-12).solve(game)
    profile = {"equilibrium": first.profile, "optimum": best.profile}
    witness = {"equilibrium_levels": first.witness["levels"], "optimum_levels": best.witness["levels"]}
    shown = certify(game, profile, concept=concept, witness=witness)
    if "interval" not in shown.witness:
        raise NotApplicable(f"{concept}: {shown.claim}; compare the totals instead")
    witness = {**witness, "interval": shown.witness["interval"]}
    return PriceOfAnarchy(
        game=game,
        concept=concept,
        profile=profile,
        method="SlotPrices, TotalBySlots",
        certificate=shown,
        wall_time=time.perf_counter() - start,
        witness=witness,
        provenance=provenance(subject, game),
        interval=shown.witness["interval"],
        equilibrium_total=first.extra["details"]["total_cost"],
        optimum_total=best.extra["value"],
        reason="there is one equilibrium; both totals are enclosed",
    )
