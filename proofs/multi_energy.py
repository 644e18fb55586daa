"""B.4: the supplies of competing stations satisfy every first-order condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import multi_energy as model

from .steps import Identity, Step
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

M = sympy.Symbol("M", real=True)


def _market(carriers: int) -> tuple[list[Any], list[Any], list[list[Any]], list[Any]]:
    """Return costs, choke prices, the inverse response and ``beta - Gam c``.

    With ``B`` the inverse of ``Gam``, ``beta - Gam c = z`` means ``y = c + B z``: choke prices follow from ``z``.
    """
    excess = list(sympy.symbols(f"z0:{carriers}", real=True))
    cost = list(sympy.symbols(f"c0:{carriers}", real=True))
    cells = {(r, k): sympy.Symbol(f"g{r}{k}", real=True) for r in range(carriers) for k in range(r, carriers)}
    inverse = [[cells[min(r, k), max(r, k)] for k in range(carriers)] for r in range(carriers)]
    choke = [c + sum(g * z for g, z in zip(row, excess, strict=True)) for c, row in zip(cost, inverse, strict=True)]
    return cost, choke, inverse, excess


def _conditions(carriers: int, each: Any) -> list[Any]:
    """Return the own derivatives of a station's profit where all ``M`` supply ``each(z)``."""
    cost, choke, inverse, excess = _market(carriers)
    own = list(sympy.symbols(f"x0:{carriers}", real=True))
    others = list(sympy.symbols(f"o0:{carriers}", real=True))
    profit = model.station_profit(own, others, choke, cost, inverse)
    supply = [each(z) for z in excess]
    there = dict(zip(own, supply, strict=True)) | {o: (M - 1) * x for o, x in zip(others, supply, strict=True)}
    return [sympy.diff(profit, x).subs(there, simultaneous=True) for x in own]


def _proof() -> Iterator[Step]:
    for carriers in (1, 2, 3):
        yield Identity(
            f"{carriers} carrier(s), any number of stations: all first-order conditions hold",
            _conditions(carriers, lambda z: model.equilibrium_supply(z, M)),
            [M >= 1],
        )
        cost, choke, inverse, excess = _market(carriers)
        total = [M * model.equilibrium_supply(z, M) for z in excess]
        prices = model.market_price(total, choke, inverse)
        yield Identity(
            f"{carriers} carrier(s): the market price is the stated one",
            [p - model.equilibrium_price(y, c, M) for p, y, c in zip(prices, choke, cost, strict=True)],
            [M >= 1],
        )
    choke, cost = sympy.symbols("y c", real=True)
    single = model.equilibrium_price(choke, cost, sympy.Integer(1))
    yield Identity("one station is the single leader: (y + c)/2", [single - (choke + cost) / 2])


THEOREMS = (
    Theorem(
        id="B-P7",
        statement="With M stations each supplying (beta - Gam c)/(M + 1) every first-order condition holds, at the "
        "price c + (Gam^{-1} beta - c)/(M + 1)",
        domain="any real M >= 1, symmetric Gam with an inverse, 1 to 3 carriers in symbols",
        source="Wei, Jing, Wu et al. 2017, structure; closed form derived",
        proof=_proof,
        mutant=Mutant(
            "Each supplies (beta - Gam c)/M",
            lambda: Identity("over M", _conditions(1, lambda z: z / M)),
            {M: 1, **{sympy.Symbol(n, real=True): 1 for n in ("z0", "c0", "g00")}},
        ),
        models=("MultiEnergy",),
        uses="profit is concave in the own supply for positive definite Gam, so first-order conditions suffice",
    ),
)
