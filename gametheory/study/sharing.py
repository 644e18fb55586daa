"""Structure 2: members bid for energy from each other (A.1) and settle the rest with the grid."""

from __future__ import annotations

from gametheory.concepts import nash_equilibrium
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.comparison import Structure
from gametheory.errors import NotApplicable
from gametheory.models.economy import grid_bill
from gametheory.models.energy_sharing import EnergySharing
from gametheory.study.economy import Amounts, Economy, settled_outcome, total

__all__ = ["play_sharing"]


def play_sharing(economy: Economy, alone: Amounts) -> Structure:
    """Return the structure at its Nash equilibrium.

    Raises
    ------
    NotApplicable
        One member only, or no price sensitivity.
    """
    community = economy.community
    if len(economy.names) < 2:
        raise NotApplicable("sharing needs at least two members")
    if economy.sensitivity is None:
        raise NotApplicable(
            "the default sensitivity needs a positive load and mean retail price; give sensitivity= (kWh per unit)"
        )
    model = EnergySharing(community, sensitivity=economy.sensitivity, elasticity=economy.elasticity)
    equilibrium = nash_equilibrium(model)
    follows = economy.claim("sharing/equilibrium", equilibrium)
    details = equilibrium.details
    received, imported = details["received"], details["grid_energy"]
    retail, feed_in = community.exact_retail_price, community.exact_feed_in
    steps = range(community.steps)
    settlement = Settlement(
        economy.names,
        prices=details["prices"],
        energy=[[q + m for q, m in zip(own, rest, strict=True)] for own, rest in zip(received, imported, strict=True)],
        bills=details["bills"],
        grid_energy=[total(row[t] for row in imported) for t in steps],
        outside_money=total(grid_bill(row[t], retail[t], feed_in[t]) for row in imported for t in steps),
    )
    outcome = settled_outcome(economy, "sharing", settlement, details["discomforts"], alone, follows=follows)
    return Structure(
        name="sharing",
        outcomes=(outcome,),
        prices={"price": settlement.prices},
        grid_energy=settlement.grid_energy,
        notes=(f"The equilibrium's energies are unique: {equilibrium.unique}. {equilibrium.unique_reason}".strip(),),
        checks={"social_cost": follows, "prices": follows, "grid_energy": follows},
    )
