"""G.3: agents that keep to their budget never trade at a loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import trading_agents as model

from .steps import Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

V, C, LOW, HIGH, FIRST, SECOND = sympy.symbols("v c p_min p_max u1 u2", real=True)
_DRAWS = [FIRST >= 0, FIRST <= 1, SECOND >= 0, SECOND <= 1, LOW <= HIGH]


def _no_loss(bid: Any, ask: Any, price: Any, domain: list[Any]) -> Step:
    return Unsat(
        "where the quotes cross, both sides gain at the earlier quote",
        [*_DRAWS, *domain, bid >= ask],
        sympy.And(model.buyer_surplus(V, price) >= 0, model.seller_surplus(price, C) >= 0),
    )


def _proof() -> Iterator[Step]:
    bid, ask = model.bid_quote(FIRST, LOW, V), model.ask_quote(SECOND, C, HIGH)
    budget = [V >= LOW, C <= HIGH]
    yield Unsat(
        "a quote keeps to the budget and to the range",
        [*_DRAWS, *budget],
        sympy.And(bid <= V, bid >= LOW, ask >= C, ask <= HIGH),
    )
    for price in (bid, ask):
        yield _no_loss(bid, ask, price, budget)


def _mutant() -> Step:
    bid, ask = model.bid_quote(FIRST, LOW, HIGH), model.ask_quote(SECOND, LOW, HIGH)
    return _no_loss(bid, ask, bid, [])


THEOREMS = (
    Theorem(
        id="G-P5",
        statement="With budget-constrained quotes every trade gives both sides a non-negative surplus",
        domain="p_min <= p_max, v >= p_min, c <= p_max, any draws in [0, 1], either quote the earlier one",
        source="Monroe, Hansen, Sorell et al. 2020, structure; Gode and Sunder 1993",
        proof=_proof,
        mutant=Mutant("The same for unconstrained quotes", _mutant, {V: 1, C: 0, LOW: 0, HIGH: 2, FIRST: 1, SECOND: 0}),
        models=("TradingAgents",),
    ),
)
