"""Structure 4: all pool their positions, and the cost of the grand coalition is split in several ways."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gametheory.certificates import certify
from gametheory.concepts import characteristic_function, coalitional_game, nucleolus, shapley_value
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.comparison import Outcome, Structure
from gametheory.errors import NotApplicable
from gametheory.markets import bill_sharing, mid_market_rate, supply_demand_ratio
from gametheory.models.pooled_community import PooledCommunity
from gametheory.result import Concept, Solution
from gametheory.solvers.pooled.tabulate import Tabulate
from gametheory.study.economy import Amounts, Economy, difference, settled_outcome
from gametheory.study.optimum import Optimal

__all__ = ["TABLE_LIMIT", "play_coalition", "tabulated"]

#: With more members than this, the cost of every coalition is not tabulated.
TABLE_LIMIT = 16

#: Up to here every cost is exact. Each has a denominator of its own; twelve members' Shapley values would have 10,000
#: digits, so beyond this they are rounded to multiples of the grain (money).
_EXACT_LIMIT = 10
_GRAIN = Fraction(1, 2**100)

#: Rules that settle the positions which the grand coalition chooses; each member adds its own discomfort.
_RULES: dict[str, Callable[..., Settlement]] = {
    "mid_market_rate": mid_market_rate,
    "supply_demand_ratio": supply_demand_ratio,
    "bill_sharing": bill_sharing,
}
_VALUES: dict[str, Callable[[Any], Any]] = {"shapley_value": shapley_value, "nucleolus": nucleolus}


def tabulated(economy: Economy) -> Any | None:
    """Return the game of what every coalition pays, certified coalition by coalition; None beyond the limit.

    With many members the costs are rounded, far below a cent, and the claim says by how much.
    """
    size = len(economy.names)
    if size > TABLE_LIMIT:
        return None
    solver = Tabulate(grain=None if size <= _EXACT_LIMIT else _GRAIN)
    table = characteristic_function(PooledCommunity(economy.community, elasticity=economy.elasticity), solver=solver)
    economy.claim("coalition/costs", table)
    return coalitional_game(table)


def play_coalition(economy: Economy, game: Any | None, best: Optimal, alone: Amounts) -> Structure:
    """Return the structure with one outcome a split; `best` is the certified optimum ``C(N)``."""
    outcomes: list[Outcome] = []
    skipped: dict[str, str] = {}
    for name, value in _VALUES.items():
        if game is None:
            skipped[name] = f"it needs the cost of every coalition, tabulated up to {TABLE_LIMIT} members"
            continue
        allocation = value(game)
        outcomes.append(_split(name, allocation.exact, best, alone, economy.claim(f"coalition/{name}", allocation)))
    supported = Solution(
        game=best.game,
        concept=Concept.CORE,
        profile=best.shares,
        method="dual prices",
        witness={"prices": best.prices},
        certificate=certify(best.game, best.shares, concept=Concept.CORE, witness={"prices": best.prices}),
    )
    key = economy.claim("coalition/price_supported", supported)
    outcomes.append(_split("price_supported", best.shares, best, alone, key))
    for name, rule in _RULES.items():
        try:
            settlement = rule(
                best.positions,
                retail_price=economy.community.exact_retail_price,
                feed_in=economy.community.exact_feed_in,
                members=economy.names,
            )
        except NotApplicable as error:
            skipped[name] = str(error)
            continue
        outcomes.append(settled_outcome(economy, name, settlement, best.pains, alone, follows=best.key))
    notes = ["Every split hands out the same total, C(N); prices shown are those that support it."]
    if game is not None and len(economy.names) > _EXACT_LIMIT:
        notes.append("Costs of coalitions are rounded to multiples of 2^-100; the claim coalition/costs says so.")
    return Structure(
        name="coalition",
        outcomes=tuple(outcomes),
        skipped=skipped,
        prices={"price": best.prices},
        grid_energy=best.grid_energy,
        notes=tuple(notes),
        checks={"social_cost": best.key, "prices": best.key, "grid_energy": best.key},
    )


def _split(name: str, costs: Amounts, best: Optimal, alone: Amounts, key: str) -> Outcome:
    return Outcome(
        name=name,
        bills=difference(costs, best.pains),
        discomforts=best.pains,
        savings=difference(alone, costs),
        checks={"bills": key, "discomforts": best.key, "net_costs": key},
    )
