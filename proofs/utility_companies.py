"""B.1: the market-clearing prices of several companies, and why no company raises its price above clearing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import utility_companies as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

K, P, B, Z, H = sympy.symbols("K P B Z H", real=True)
PRICE, REST, CAPACITY = sympy.symbols("p R_o P_k", real=True)
_BELOW = K > Z * H


def _balance(price: Any, capacity: Any, companies: Any, prices: Any) -> Any:
    """Demand at the interior formula, times ``K p``, less what the capacity would need: 0 where the market clears."""
    demand = model.interior_demand(B, Z, price, prices, companies)
    return (demand - capacity) * companies * price


def _clears() -> Iterator[Step]:
    c1, c2, z1, z2, prices = sympy.symbols("C1 C2 zeta1 zeta2 S", real=True)
    yield Identity(
        "the demand of two users together has the form of one with their sums",
        [
            model.interior_demand(c1, z1, PRICE, prices, K)
            + model.interior_demand(c2, z2, PRICE, prices, K)
            - model.interior_demand(c1 + c2, z1 + z2, PRICE, prices, K)
        ],
        [PRICE > 0, K >= 1],
    )
    price = model.equilibrium_price(P, K, B, Z, H)
    level = price * (P + Z)
    yield Identity(
        "any number of companies: p_k (P_k + Z) is one number c, with c (K - Z H) = B",
        [sympy.diff(level, P), level * (K - Z * H) - B],
        [P > 0, Z > 0, _BELOW],
    )
    # Hence sum p = c H and sum p_k P_k = c K - Z c H = B; K p_k (P_k + Z) = K c = B + Z c H = B + Z sum p.
    yield Identity(
        "so the market of each company clears, and what it earns is c - Z p_k, which sums to c (K - Z H) = B",
        [_balance(price, P, K, level * H), price * P - (level - Z * price)],
        [P > 0, Z > 0, _BELOW, K >= 1, B > 0],
    )
    yield Identity("K - Z H sums P/(P + Z)", [1 - Z / (P + Z) - P / (P + Z)], [P > 0, Z > 0])
    yield Unsat(
        "which is positive, and with it every price",
        [P > 0, Z > 0, B > 0, _BELOW],
        sympy.And(P / (P + Z) > 0, price > 0),
    )
    for companies in (1, 2, 3):
        powers = sympy.symbols(f"P1:{companies + 1}", real=True)
        domain = [*(power > 0 for power in powers), Z > 0, B > 0]
        crowd = model.crowding(powers, Z)
        prices = [model.equilibrium_price(power, companies, B, Z, crowd) for power in powers]
        yield Identity(
            f"{companies} companies, written out: all markets clear and all budgets are spent",
            [
                *(_balance(price, power, companies, sum(prices)) for price, power in zip(prices, powers, strict=True)),
                sum(price * power for price, power in zip(prices, powers, strict=True)) - B,
            ],
            domain,
        )


def _clears_mutant() -> Step:
    powers = sympy.symbols("P1:3", real=True)
    crowd = sum(1 / power for power in powers)
    prices = [model.equilibrium_price(power, 2, B, Z, crowd) for power in powers]
    return Identity("with H = sum 1/P", [_balance(prices[0], powers[0], 2, sum(prices))])


def _own_revenue(companies: Any) -> Any:
    demand = model.interior_demand(B, Z, PRICE, PRICE + REST, companies)
    return PRICE * demand


def _falls() -> Iterator[Step]:
    demand = sympy.Symbol("d", real=True)
    yield Unsat(
        "with capacity left a company earns price times demand",
        [demand <= CAPACITY],
        sympy.Eq(model.revenue(PRICE, demand, CAPACITY), PRICE * demand),
    )
    yield Identity(
        "its derivative in the own price is -Z (K - 1)/K",
        [sympy.diff(_own_revenue(K), PRICE) + Z * (K - 1) / K],
        [K >= 2, PRICE > 0],
    )
    yield Unsat("which is negative for two or more companies", [K >= 2, Z > 0], -Z * (K - 1) / K < 0)


def _falls_mutant() -> Step:
    slope = sympy.simplify(sympy.diff(_own_revenue(K), PRICE))
    return Unsat("for one company too", [K >= 1, Z > 0], slope < 0)


_SOURCE = "Maharjan, Zhu, Zhang, Gjessing and Basar 2013, structure; closed forms derived"
_MODELS = ("UtilityCompanies",)

THEOREMS = (
    Theorem(
        id="B-P1",
        statement="The closed form solves K p_k (P_k + Z) = B + Z sum p for every company, is positive, and all "
        "budgets are spent: sum p_k P_k = B",
        domain="P_k, B, Z > 0, any number of companies by sums, 1 to 3 written out",
        source=_SOURCE,
        proof=_clears,
        mutant=Mutant(
            "The same with H = sum 1/P_h",
            _clears_mutant,
            {**dict.fromkeys(sympy.symbols("P1:3", real=True), 4), Z: 1, B: 1},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="B-P2",
        statement="While its capacity is slack and users buy everywhere, a company's revenue falls in its own price, "
        "with the derivative -Z (K - 1)/K",
        domain="K >= 2 companies, Z > 0, prices > 0",
        source=_SOURCE,
        proof=_falls,
        mutant=Mutant("The same for K = 1", _falls_mutant, {K: 1, Z: 1}),
        models=_MODELS,
    ),
)
