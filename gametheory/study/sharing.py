"""Structure 2: members bid for energy from each other (A.1) and settle the rest with the grid."""

from __future__ import annotations

from gametheory.arithmetic import exact
from gametheory.concepts import nash_equilibrium
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.comparison import Structure
from gametheory.errors import NotApplicable
from gametheory.models.economy import grid_bill
from gametheory.models.energy_sharing import EnergySharing, clearing_price, received
from gametheory.study.economy import Amounts, Economy, discomforts, settled_outcome, total

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
    a = model.game.sensitivity
    bids, adjustments = equilibrium.profile["bids"], equilibrium.profile["adjustments"]
    prices = tuple(exact(clearing_price(column, a)) for column in zip(*bids, strict=True))
    bought = [[received(b, lam, a) for b, lam in zip(row, prices, strict=True)] for row in bids]
    # What a member neither avoids nor gets from the others it settles with the grid.
    imported = [
        [need - cut - q for need, cut, q in zip(*rows, strict=True)]
        for rows in zip(community.exact_net_load, adjustments, bought, strict=True)
    ]
    retail, feed_in = community.exact_retail_price, community.exact_feed_in
    from_grid = [[grid_bill(m, *tariff) for m, *tariff in zip(row, retail, feed_in, strict=True)] for row in imported]
    settlement = Settlement(
        economy.names,
        prices=prices,
        energy=[[q + m for q, m in zip(own, rest, strict=True)] for own, rest in zip(bought, imported, strict=True)],
        bills=[
            total(lam * q for lam, q in zip(prices, own, strict=True)) + total(bill)
            for own, bill in zip(bought, from_grid, strict=True)
        ],
        grid_energy=[total(column) for column in zip(*imported, strict=True)],
        outside_money=total(total(bill) for bill in from_grid),
    )
    pains = discomforts(model.game.steps, adjustments)
    outcome = settled_outcome(economy, "sharing", settlement, pains, alone, follows=follows)
    return Structure(
        name="sharing",
        outcomes=(outcome,),
        prices={"price": settlement.prices},
        grid_energy=settlement.grid_energy,
        notes=(f"Only equilibrium: {equilibrium.unique} ({equilibrium.unique_reason}).",),
        checks={"social_cost": follows, "prices": follows, "grid_energy": follows},
    )
