"""Every theorem there is, by name of its module, and every proposition that is still open."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from gametheory.errors import InputError

from .theorem import Theorem
from .unproved import OPEN

__all__ = ["MODULES", "OPEN", "theorems"]

#: A theorem module stands here or it is not run; each holds a tuple ``THEOREMS``.
MODULES: tuple[str, ...] = (
    "theory.zero_regret",
    "theory.weak_duality",
    "theory.strong_monotonicity",
    "theory.bondareva_shapley",
    "theory.kohlberg",
    "theory.shapley_axioms",
    "study_economy",
    "energy_sharing",
    "cournot",
    "ev_charging",
    "sharing_with_grid",
    "operator_pricing",
    "microgrid_operator",
    "utility_companies",
    "retailer",
    "replicator",
    "price_selection",
    "multi_energy",
    "proportional_allocation",
    "loans",
    "usage_charge",
    "energy_tokens",
    "robust_aggregator",
    "reverse_auction",
    "auctions",
    "benefit_sharing",
    "information_gap",
    "day_ahead_bid",
    "worst_distribution",
    "trading_losses",
    "dual_clearing",
    "bilateral_market",
    "kelly",
    "contract_network",
    "iterative_auction",
    "trading_agents",
    "direct_trading",
    "repeated_demand_response",
    "pooled_community",
    "pricing_rules",
    "storage_coalition",
    "bilevel_pricing",
    "multi_microgrid",
    "strategic_aggregator",
)


def theorems(ids: Sequence[str] = ()) -> tuple[Theorem, ...]:
    """Return the theorems asked for (all of them without `ids`), in the order of the list.

    Raises
    ------
    InputError
        An id is no theorem, is open, or two theorems share one.
    """
    found: dict[str, Theorem] = {}
    for name in MODULES:
        for theorem in importlib.import_module(f".{name}", __package__).THEOREMS:
            if theorem.id in found:
                raise InputError(
                    f"two theorems are called {theorem.id}; rename one in proofs/{name.replace('.', '/')}.py"
                )
            found[theorem.id] = theorem
    waiting = {entry.id: entry for entry in OPEN}
    problems = []
    for each in ids:
        if each in waiting:
            problems.append(f"{each} is open: it waits for {waiting[each].waits_for}")
        elif each not in found:
            problems.append(f"there is no theorem {each!r}; the ids are {', '.join(found)}")
    InputError.raise_all(problems)
    return tuple(found[each] for each in ids) if ids else tuple(found.values())
