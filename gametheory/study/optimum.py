"""Structure 5: the least cost of all together, and the split that its prices support."""

from __future__ import annotations

from typing import Any

from gametheory.concepts import social_optimum
from gametheory.efficiency.comparison import Outcome, Structure
from gametheory.models.pooled_community import PooledCommunity
from gametheory.study.economy import Amounts, Economy, difference

__all__ = ["play_optimum", "solve_optimum"]


def solve_optimum(economy: Economy) -> Any:
    """Return the certified social optimum."""
    best = social_optimum(PooledCommunity(economy.community, elasticity=economy.elasticity))
    economy.claim("optimum", best)
    return best


def play_optimum(economy: Economy, best: Any, alone: Amounts) -> Structure:
    """Return the structure: every member pays the grid's price at the margin, ``sum_t phi_it(lam*_t)``."""
    follows = f"{economy.label}optimum"
    discomforts = best.details["discomforts"]
    split = best.details["price_supported"]
    outcome = Outcome(
        name="optimum",
        bills=difference(split, discomforts),
        discomforts=discomforts,
        savings=difference(alone, split),
        checks={"bills": follows, "discomforts": follows, "net_costs": follows},
    )
    return Structure(
        name="optimum",
        outcomes=(outcome,),
        prices={"price": best.details["prices"]},
        grid_energy=best.details["grid_energy"],
        notes=("Bills are those of the price-supported split; other splits stand under the coalition.",),
        checks={"social_cost": follows, "prices": follows, "grid_energy": follows},
    )
