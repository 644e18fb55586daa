"""Structure 1: every member stays alone with the grid. By the calibration, measured behaviour is optimal."""

from __future__ import annotations

from fractions import Fraction

from gametheory.concepts import social_optimum
from gametheory.efficiency.comparison import Outcome, Structure
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.models.pooled_community import PooledCommunity
from gametheory.study.economy import Amounts, Economy, total

__all__ = ["play_alone"]


def play_alone(economy: Economy) -> tuple[Structure, Amounts]:
    """Return the structure, and what each member pays in net: the baseline of all savings.

    Each member's problem is the pooled problem of a community of one; its optimum is certified by a primal-dual pair.
    """
    pooled: PooledGame = PooledCommunity(economy.community, elasticity=economy.elasticity).to_game()
    bills, discomforts, keys = [], [], []
    for i, name in enumerate(economy.names):
        own = PooledGame((name,), tuple(TradingStep((s.traders[i],), s.buy_price, s.sell_price) for s in pooled.steps))
        best = social_optimum(own)
        keys.append(economy.claim(f"alone/{name}", best))
        (discomfort,) = best.details["discomforts"]
        bills.append(best.value - discomfort)
        discomforts.append(discomfort)
    costs = tuple(b + d for b, d in zip(bills, discomforts, strict=True))
    zero = (Fraction(0),) * len(costs)
    follows = f"{economy.label}alone/*"
    outcome = Outcome(
        name="alone",
        bills=tuple(bills),
        discomforts=tuple(discomforts),
        savings=zero,
        checks={"bills": follows, "discomforts": follows, "net_costs": follows},
    )
    load = economy.community.exact_net_load
    structure = Structure(
        name="alone",
        outcomes=(outcome,),
        grid_energy=tuple(total(row[t] for row in load) for t in range(economy.community.steps)),
        prices={"buy_price": economy.community.exact_retail_price, "sell_price": economy.community.exact_feed_in},
        notes=("Nobody cuts its load: preferences are calibrated so that what was measured is optimal.",),
        checks={"social_cost": follows},
    )
    return structure, costs
