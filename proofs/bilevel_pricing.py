"""F.4: the leader takes the follower's whole worth, and no other price earns as much."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models.bilevel_pricing import profit, surplus

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

PRICE, COST, WORTH, CAP, MOST, X = sympy.symbols("pi c v pi_max X x", real=True)
DOMAIN = [COST >= 0, WORTH > COST, CAP >= WORTH, MOST > 0, PRICE >= 0, PRICE <= CAP]
#: x is an optimal reply: a payoff that is linear in x is largest at an end of [0, X].
OPTIMAL = [
    X >= 0,
    X <= MOST,
    surplus(WORTH, PRICE, X) >= surplus(WORTH, PRICE, MOST),
    surplus(WORTH, PRICE, X) >= surplus(WORTH, PRICE, 0),
]


def _proof() -> Iterator[Step]:
    share = sympy.Symbol("s", real=True)
    yield Identity(
        "the follower's payoff is linear, so no quantity beats both ends",
        [
            surplus(WORTH, PRICE, share * MOST)
            - share * surplus(WORTH, PRICE, MOST)
            - (1 - share) * surplus(WORTH, PRICE, 0)
        ],
    )
    yield Unsat(
        "at the price v the whole X is an optimal reply",
        DOMAIN,
        sympy.And(surplus(WORTH, WORTH, MOST) >= surplus(WORTH, WORTH, X), surplus(WORTH, WORTH, MOST) >= 0 * MOST),
    )
    yield Identity("there the leader is paid (v - c) X", [profit(WORTH, COST, [MOST]) - (WORTH - COST) * MOST])
    best = profit(WORTH, COST, [MOST])
    yield Unsat("no price and optimal reply pay more", [*DOMAIN, *OPTIMAL], profit(PRICE, COST, [X]) <= best)
    yield Unsat(
        "as much is paid only at the price v with the whole X",
        [*DOMAIN, *OPTIMAL, profit(PRICE, COST, [X]) >= best],
        sympy.And(PRICE <= WORTH, PRICE >= WORTH, X >= MOST),
    )


def _mutant() -> Step:
    half = (WORTH + COST) / 2
    return Unsat(
        "the price (v + c)/2, where X is the only reply, earns as much",
        [COST >= 0, WORTH > COST, MOST > 0],
        profit(half, COST, [MOST]) >= profit(WORTH, COST, [MOST]),
    )


THEOREMS = (
    Theorem(
        id="F-P6",
        statement="The optimistic optimum is uniquely pi = v with x = X and the profit (v - c) X",
        domain="0 <= c < v <= pi_max, X > 0; one follower",
        source="derived; the structure of Haghifam et al. 2020",
        proof=_proof,
        mutant=Mutant("The optimum is pi = (v + c)/2", _mutant, {COST: 1, WORTH: 2, MOST: 1}),
        models=("BilevelPricing", "DistributionOperator"),
    ),
)
