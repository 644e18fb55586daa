"""Who would rather leave: every outcome held against what each coalition could do on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gametheory.concepts.coalitions import core_check
from gametheory.efficiency.comparison import Blocking, Outcome, Structure
from gametheory.result import Certificate, Concept, Solution
from gametheory.study.economy import Amounts, Economy, total

__all__ = ["would_leave"]


def would_leave(
    economy: Economy, structures: Sequence[Structure], game: Any | None, alone: Amounts, best: Any
) -> list[Structure]:
    """Return the structures with the coalitions that each outcome drives away.

    With the cost of every coalition at hand that is one exact claim an outcome. Without it (too many members), single
    members and all together are compared with their certified costs, and the coalitions between stay unknown.
    """
    return [
        replace(structure, outcomes=tuple(_judged(economy, s, game, alone, best) for s in structure.outcomes))
        for structure in structures
    ]


def _judged(economy: Economy, outcome: Outcome, game: Any | None, alone: Amounts, best: Any) -> Outcome:
    costs = outcome.net_costs
    if game is None:
        follows = f"{economy.label}alone/*"
        rows = zip(economy.names, costs, alone, strict=True)
        singles = tuple(Blocking(coalition=(name,), gain=x - a) for name, x, a in rows)
        return replace(
            outcome,
            singles=singles,
            grand=Blocking(coalition=economy.names, gain=total(costs) - best.value),
            checks={**outcome.checks, "singles": follows, "grand": f"{economy.label}optimum"},
        )
    certificate: Certificate = core_check(game, costs)
    key = economy.claim(
        f"leaving/{outcome.name}",
        Solution(game=game, concept=Concept.CORE_CHECK, profile=costs, method="enumeration", certificate=certificate),
    )
    seen = certificate.witness
    return replace(
        outcome,
        singles=tuple(Blocking(coalition=(name,), gain=gain) for name, gain in seen["singles"]),
        blocking=tuple(Blocking(coalition=tuple(names), gain=gain) for names, gain in seen["coalitions"]),
        grand=Blocking(coalition=economy.names, gain=seen["grand"]),
        checks={**outcome.checks, "singles": key, "blocking": key, "grand": key},
    )
