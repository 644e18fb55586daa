"""Structure 3: an operator posts a buy and a sell price, members answer, the operator keeps the difference."""

from __future__ import annotations

from collections import Counter

from gametheory.concepts import stackelberg_equilibrium
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.comparison import Structure
from gametheory.models.economy import grid_bill, internal_bill
from gametheory.models.operator_pricing import OperatorPricing
from gametheory.study.economy import Amounts, Economy, difference, discomforts, settled_outcome, total

__all__ = ["play_operator"]


def play_operator(economy: Economy, alone: Amounts) -> Structure:
    """Return the structure at its Stackelberg equilibrium; the profit is a transfer."""
    community = economy.community
    model = OperatorPricing(community, elasticity=economy.elasticity)
    equilibrium = stackelberg_equilibrium(model)
    follows = economy.claim("operator/equilibrium", equilibrium)
    buy, sell = equilibrium.profile["buy_prices"], equilibrium.profile["sell_prices"]
    adjustments = equilibrium.profile["adjustments"]
    energy = [difference(net, own) for net, own in zip(community.exact_net_load, adjustments, strict=True)]
    imported = tuple(total(column) for column in zip(*energy, strict=True))
    retail, feed_in = community.exact_retail_price, community.exact_feed_in
    bills = [total(internal_bill(m, *posted) for m, *posted in zip(own, buy, sell, strict=True)) for own in energy]
    to_grid = total(grid_bill(m, *tariff) for m, *tariff in zip(imported, retail, feed_in, strict=True))
    profit = total(bills) - to_grid
    settlement = Settlement(
        economy.names,
        prices=buy,
        sell_prices=sell,
        energy=energy,
        bills=bills,
        grid_energy=imported,
        outside_money=equilibrium.value + to_grid,
        priced=True,
    )
    pains = discomforts(model.to_game().steps, adjustments)
    outcome = settled_outcome(economy, "operator", settlement, pains, alone, follows=follows, transfer=profit)
    regimes = ", ".join(f"{name} {count}" for name, count in sorted(Counter(equilibrium.details["regimes"]).items()))
    return Structure(
        name="operator",
        outcomes=(outcome,),
        prices={"buy_price": buy, "sell_price": sell},
        grid_energy=imported,
        notes=(
            f"Regimes, in steps: {regimes}.",
            "The operator's profit is a transfer and counts as no cost; what is lost is the efficiency loss of the "
            "operator.",
        ),
        checks={"social_cost": follows, "prices": follows, "grid_energy": follows},
    )
