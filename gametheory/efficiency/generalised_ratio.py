"""The price of anarchy of a game with shared constraints: its variational equilibrium against the social optimum."""

from __future__ import annotations

import time
from typing import Any

from gametheory.certificates import certify
from gametheory.concepts._engine import provenance
from gametheory.concepts.generalised import variational_equilibrium
from gametheory.concepts.optimum import social_optimum
from gametheory.errors import NotApplicable
from gametheory.games.generalised import GeneralisedGame
from gametheory.result import Concept, PriceOfAnarchy

__all__ = ["generalised_ratio"]


def generalised_ratio(subject: Any, game: GeneralisedGame, concept: Concept) -> PriceOfAnarchy:
    """Return the ratio of variational equilibria; generalised ones often form a continuum and are not compared.

    Raises
    ------
    NotApplicable
        The ratio would divide by zero or a negative total, or equilibrium or optimum could not be certified.
    """
    start = time.perf_counter()
    first, best = variational_equilibrium(game), social_optimum(game)
    profile = {"equilibrium": first.profile, "optimum": best.profile}
    witness = {
        "equilibrium_multipliers": first.witness.get("multipliers"),
        "optimum_multipliers": best.witness.get("multipliers"),
    }
    shown = certify(game, profile, concept=concept, witness=witness)
    if "interval" not in shown.witness:
        raise NotApplicable(f"{concept}: {shown.claim}; compare the totals instead")
    witness = {**witness, "interval": shown.witness["interval"]}
    return PriceOfAnarchy(
        game=game,
        concept=concept,
        profile=profile,
        method=f"{first.method}, {best.method}",
        certificate=certify(game, profile, concept=concept, witness=witness),
        wall_time=time.perf_counter() - start,
        witness=witness,
        provenance=provenance(subject, game),
        interval=shown.witness["interval"],
        equilibrium_total=shown.witness["equilibrium_total"],
        optimum_total=shown.witness["optimum_total"],
        reason=f"variational equilibria are compared: {first.unique_reason}",
    )
