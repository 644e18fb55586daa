"""Structure 1: every member stays alone with the grid. By the calibration, measured behaviour is optimal."""

from __future__ import annotations

from fractions import Fraction

from gametheory.efficiency.comparison import Outcome, Structure
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.models.pooled_community import PooledCommunity
from gametheory.study.economy import Amounts, Economy, total
from gametheory.study.optimum import optimise

__all__ = ["play_alone"]


def play_alone(economy: Economy) -> tuple[Structure, Amounts]:
    """Return the structure, and what each member pays in net: the baseline of all savings.

    Each member's problem is the pooled problem of a community of one; its optimum is certified by a primal-dual pair.
    """
    pooled: PooledGame = PooledCommunity(economy.community, elasticity=economy.elasticity).to_game()
    bills, pains = [], []
    for i, (name, load) in enumerate(zip(economy.names, economy.community.exact_net_load, strict=True)):
        own = tuple(TradingStep((step.traders[i],), step.buy_price, step.sell_price) for step in pooled.steps)
        best = optimise(economy, PooledGame((name,), own), [load], f"alone/{name}")
        pains.append(best.pains[0])
        bills.append(best.value - best.pains[0])
    costs = tuple(b + d for b, d in zip(bills, pains, strict=True))
    zero = (Fraction(0),) * len(costs)
    follows = f"{economy.label}alone/*"
    outcome = Outcome(
        name="alone",
        bills=tuple(bills),
        discomforts=tuple(pains),
        savings=zero,
        checks={"bills": follows, "discomforts": follows, "net_costs": follows},
    )
    structure = Structure(
        name="alone",
        outcomes=(outcome,),
        grid_energy=tuple(total(column) for column in zip(*economy.community.exact_net_load, strict=True)),
        prices={"buy_price": economy.community.exact_retail_price, "sell_price": economy.community.exact_feed_in},
        notes=("Nobody cuts its load: preferences are calibrated so that what was measured is optimal.",),
        checks={"social_cost": follows},
    )
    return structure, costs
