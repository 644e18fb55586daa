"""F.6: token prices fall with demurrage and bound what waiting is worth; by induction over the slots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import energy_tokens as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

V, NEXT, LESS, D, MORE = sympy.symbols("v P Q delta delta2", real=True)
_RANGE = [D >= 0, D <= 1]


def _explicit(values: tuple[Any, ...], start: int) -> Any:
    """Return ``max_{t >= s} (1 - delta)^(t - s) v_t``."""
    return sympy.Max(*[(1 - D) ** (t - start) * values[t] for t in range(start, len(values))])


def _proof() -> Iterator[Step]:
    price = model.token_price(V, NEXT, D)
    yield Unsat(
        "a price is at least the value and at least what keeping is worth, and not negative",
        [*_RANGE, V >= 0, NEXT >= 0],
        sympy.And(price >= V, price >= (1 - D) * NEXT, price >= 0),
    )
    yield Unsat(
        "induction step: at more demurrage and a next price that is no larger, the price is no larger",
        [*_RANGE, MORE >= D, MORE <= 1, V >= 0, LESS >= 0, LESS <= NEXT],
        model.token_price(V, LESS, MORE) <= price,
    )
    last = sympy.Symbol("v0", real=True)
    yield Identity(
        "base: in the last slot the price is the value, whatever delta", [model.token_prices([last], D)[0] - last]
    )
    for slots in (2, 3, 4):
        values = sympy.symbols(f"v0:{slots}", real=True)
        prices = model.token_prices(values, D)
        yield Unsat(
            f"{slots} slots: the recursion is the largest of all redemptions",
            [*_RANGE, *(v >= 0 for v in values)],
            sympy.And(*[sympy.Eq(p, _explicit(values, s)) for s, p in enumerate(prices)]),
        )


def _mutant() -> Step:
    values = sympy.symbols("v0:2", real=True)
    first, second = model.token_prices(values, D)
    return Unsat("falling in the slot", [*_RANGE, *(v >= 0 for v in values)], first >= second)


THEOREMS = (
    Theorem(
        id="F-P5",
        statement="Token prices are non-increasing in the demurrage, at least v_s and at least (1 - delta) P_{s+1}",
        domain="0 <= delta <= 1, v >= 0; any number of slots by induction",
        source="Devine and Cuffe 2019, structure; price derived",
        proof=_proof,
        mutant=Mutant(
            "P_s is non-increasing in s",
            _mutant,
            {D: sympy.Rational(1, 10), **dict(zip(sympy.symbols("v0:2", real=True), (1, 2), strict=True))},
        ),
        models=("EnergyTokens",),
        uses="induction over the slots, from the last to the first",
    ),
)
