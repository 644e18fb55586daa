"""An aggregator's markup: share over elasticities, less with forward sales; and its gain is somebody's loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models.economy import discomfort, grid_bill
from gametheory.models.strategic_aggregator import lerner_index, lerner_of_share, market_payoff, sold, withheld

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

PRICE, UNIT, FORWARD = sympy.symbols("lam m F", real=True)
#: Buyers' demand A - beta lam, the other sellers' supply sigma + gamma lam.
A, BETA, SIGMA, GAMMA = sympy.symbols("A beta sigma gamma", real=True)
#: Residual demand a - b lam, own cost c s^2/2 + d s.
LEVEL, SLOPE, CURVATURE, SALE = sympy.symbols("a b c s", real=True)


def _payoff(price: Any, sale: Any, cost: Any) -> Any:
    """What the aggregator is paid without trade at the grid, less its cost."""
    return market_payoff(price, sale, FORWARD, 0, 0, 0, 0) - cost


# ------------------------------------------------------------------------------------------------ the Lerner index


def _index_at_optimum(against: Any) -> Any:
    demand, fringe = A - BETA * PRICE, SIGMA + GAMMA * PRICE
    residual = demand - fringe
    # The first-order condition gives the marginal cost at which this price is optimal.
    unit = PRICE - residual / (BETA + GAMMA)
    share = residual / demand
    return lerner_index(PRICE, unit) - against(share, BETA * PRICE / demand, GAMMA * PRICE / fringe)


_SELLS = [PRICE > 0, BETA > 0, GAMMA > 0, SIGMA + GAMMA * PRICE > 0, A - BETA * PRICE > SIGMA + GAMMA * PRICE]


def _lerner() -> Iterator[Step]:
    residual = A - BETA * PRICE - SIGMA - GAMMA * PRICE
    payoff = _payoff(PRICE, residual, UNIT * residual).subs(FORWARD, 0)
    first = sympy.diff(payoff, PRICE)
    yield Identity(
        "the optimal price satisfies (lam - m) (beta + gamma) = R, and the payoff is concave",
        [first - (residual - (PRICE - UNIT) * (BETA + GAMMA)), sympy.diff(first, PRICE) + 2 * (BETA + GAMMA)],
    )
    yield Identity(
        "there the index is share / (eps_D + (1 - share) eps_F)", [_index_at_optimum(lerner_of_share)], _SELLS
    )
    share = sympy.Symbol("share", real=True)
    here, there = sympy.symbols("eps_D eps_F", real=True)
    yield Unsat(
        "it rises with the share",
        [share > 0, share < 1, here > 0, there >= 0],
        sympy.diff(lerner_of_share(share, here, there), share) > 0,
    )


def _lerner_mutant() -> Step:
    return Identity(
        "the index is share / eps_D, whatever the others sell",
        [_index_at_optimum(lambda share, demand, fringe: share / demand)],
        _SELLS,
    )


# --------------------------------------------------------------------------------------------------- forward sales

_COSTS = [SLOPE > 0, CURVATURE >= 0]


def _withholding() -> Iterator[Step]:
    cost = CURVATURE * SALE**2 / 2 + UNIT * SALE
    payoff = _payoff((LEVEL - SALE) / SLOPE, SALE, cost)
    first = sympy.diff(payoff, SALE)
    best = sold(LEVEL, SLOPE, CURVATURE, UNIT, FORWARD)
    yield Identity("the sale satisfies the first-order condition", [first.subs(SALE, best)], _COSTS)
    yield Unsat("the payoff is strictly concave", _COSTS, sympy.diff(first, SALE) < 0)
    taker = sympy.Symbol("s_c", real=True)
    price_taker = sympy.solve((LEVEL - taker) / SLOPE - UNIT - CURVATURE * taker, taker)[0]
    kept = withheld(LEVEL, SLOPE, CURVATURE, UNIT, FORWARD)
    yield Identity("what a price taker sells beyond it is (s_c - F)/(2 + b c)", [price_taker - best - kept], _COSTS)
    yield Unsat("it falls with every kWh sold forward", _COSTS, sympy.diff(kept, FORWARD) < 0)
    yield Identity("and is zero where all is sold forward", [kept.subs(FORWARD, price_taker)], _COSTS)


def _withholding_mutant() -> Step:
    taker = (LEVEL - SLOPE * UNIT) / (1 + SLOPE * CURVATURE)
    return Identity(
        "half the competitive sale sold forward leaves nothing withheld",
        [withheld(LEVEL, SLOPE, CURVATURE, UNIT, taker / 2)],
        _COSTS,
    )


# -------------------------------------------------------------------------------------------------- money adds up

NEED, CUT, REST, OTHER_CUT = sympy.symbols("D p D_o p_o", real=True)
EXPORTED, IMPORTED, RETAIL, FEED_IN = sympy.symbols("g h lb ls", real=True)
OWN_CURVE, OWN_SLOPE, OTHER_CURVE, OTHER_SLOPE = sympy.symbols("c_i d_i c_o d_o", real=True)
_LOCAL = CUT - NEED - EXPORTED + IMPORTED
_LEFT = REST - OTHER_CUT - _LOCAL
_GRID = [RETAIL >= FEED_IN, EXPORTED >= 0, IMPORTED >= 0]


def _difference(price: Any) -> Any:
    """Payoffs of the aggregator, of the others and of the holders of its forward sales, plus the cost of all."""
    own, others = discomfort(CUT, OWN_CURVE, OWN_SLOPE), discomfort(OTHER_CUT, OTHER_CURVE, OTHER_SLOPE)
    aggregator = market_payoff(price, _LOCAL, FORWARD, EXPORTED, IMPORTED, FEED_IN, RETAIL) - own
    rest = -price * (REST - OTHER_CUT) - others
    holders = price * FORWARD
    cost = own + others + RETAIL * IMPORTED - FEED_IN * EXPORTED + grid_bill(_LEFT, RETAIL, FEED_IN)
    return aggregator + rest + holders + cost


def _money() -> Iterator[Step]:
    yield Unsat(
        "a market that is short pays the retail price: payoffs and cost add up to zero",
        [*_GRID, _LEFT >= 0],
        sympy.And(_difference(RETAIL) <= 0, _difference(RETAIL) >= 0),
    )
    yield Unsat(
        "so does a market with a surplus at the feed-in price",
        [*_GRID, _LEFT <= 0],
        sympy.And(_difference(FEED_IN) <= 0, _difference(FEED_IN) >= 0),
    )
    balanced = _difference(PRICE).subs(CUT, REST - OTHER_CUT + NEED + EXPORTED - IMPORTED)
    yield Unsat(
        "and one in balance at any price",
        _GRID,
        sympy.And(balanced <= 0, balanced >= 0),
    )


def _money_mutant() -> Step:
    return Unsat(
        "the same under any price cap, also where the market is short at it",
        [*_GRID, _LEFT >= 0, PRICE <= RETAIL, PRICE >= FEED_IN],
        _difference(PRICE) <= 0,
    )


THEOREMS = (
    Theorem(
        id="M-P1",
        statement="At the optimal price of a dominant seller (lam - MC)/lam = share / (eps_D + (1 - share) eps_F), "
        "which rises with the share",
        domain="linear demand and linear supply of the others, constant marginal cost, no grid price in the way",
        source="W. M. Landes and R. A. Posner, Market power in antitrust cases, Harvard Law Review 94 (1981) 937-996",
        proof=_lerner,
        mutant=Mutant(
            "share / eps_D",
            _lerner_mutant,
            {A: 10, BETA: 1, SIGMA: 0, GAMMA: 1, PRICE: 3},
        ),
        models=("StrategicAggregator",),
    ),
    Theorem(
        id="M-P2",
        statement="With F sold forward a dominant seller withholds (s_c - F)/(2 + b c): less with every kWh, nothing "
        "at full cover",
        domain="linear residual demand (b > 0), quadratic cost (c >= 0), no grid price in the way",
        source="one firm of Allaz and Vila 1993",
        proof=_withholding,
        mutant=Mutant(
            "Nothing is withheld at half the cover",
            _withholding_mutant,
            {LEVEL: 10, SLOPE: 1, CURVATURE: 0, UNIT: 0},
        ),
        models=("StrategicAggregator",),
    ),
    Theorem(
        id="M-P3",
        statement="What the aggregator, the others and the holders of forward sales have adds up to minus the cost of "
        "all",
        domain="the price is the retail price where the market is short and the feed-in price where it has a surplus",
        source="derived",
        proof=_money,
        mutant=Mutant("Also under a cap where the market is short", _money_mutant),
        models=("StrategicAggregator",),
    ),
)
