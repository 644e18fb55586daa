"""Structure 3: an operator posts a buy and a sell price, members answer, the operator keeps the difference."""

from __future__ import annotations

from collections import Counter

from gametheory.concepts import stackelberg_equilibrium
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.comparison import Structure
from gametheory.models.economy import grid_bill
from gametheory.models.operator_pricing import OperatorPricing
from gametheory.study.economy import Amounts, Economy, settled_outcome, total

__all__ = ["play_operator"]


def play_operator(economy: Economy, alone: Amounts) -> Structure:
    """Return the structure at its Stackelberg equilibrium; the profit is a transfer."""
    community = economy.community
    equilibrium = stackelberg_equilibrium(OperatorPricing(community, elasticity=economy.elasticity))
    follows = economy.claim("operator/equilibrium", equilibrium)
    details = equilibrium.details
    adjustments = equilibrium.follower["adjustments"]
    energy = [
        [need - cut for need, cut in zip(net, own, strict=True)]
        for net, own in zip(community.exact_net_load, adjustments, strict=True)
    ]
    steps = range(community.steps)
    retail, feed_in = community.exact_retail_price, community.exact_feed_in
    imported = tuple(total(row[t] for row in energy) for t in steps)
    settlement = Settlement(
        economy.names,
        prices=equilibrium.leader["buy_prices"],
        energy=energy,
        bills=details["bills"],
        grid_energy=imported,
        outside_money=equilibrium.value + total(grid_bill(imported[t], retail[t], feed_in[t]) for t in steps),
    )
    outcome = settled_outcome(
        economy, "operator", settlement, details["discomforts"], alone, follows=follows, transfer=equilibrium.value
    )
    regimes = ", ".join(f"{name} {count}" for name, count in sorted(Counter(details["regimes"]).items()))
    return Structure(
        name="operator",
        outcomes=(outcome,),
        prices={"buy_price": equilibrium.leader["buy_prices"], "sell_price": equilibrium.leader["sell_prices"]},
        grid_energy=imported,
        notes=(
            f"Regimes, in steps: {regimes}.",
            "The operator's profit is a transfer and counts as no cost; what is lost is the efficiency loss of the "
            "operator.",
        ),
        checks={"social_cost": follows, "prices": follows, "grid_energy": follows},
    )
