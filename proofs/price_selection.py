"""A.6: equal prices and shares in proportion to energy are a rest point of sellers' and buyers' dynamics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import price_selection as model
from gametheory.models.replicator import average_payoff, growth

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

E, WHOLE, N, TOP, BEND, SPEED = sympy.symbols("E S N Lambda theta eta", real=True)
_DOMAIN = [E > 0, WHOLE >= E, N >= 1, TOP > 0, BEND > 0, BEND * WHOLE <= N * TOP]
_SHARE = E / WHOLE


def _seller(price: Any) -> tuple[Any, Any]:
    """Return what a buyer wants and gets at one seller."""
    desired = model.desired_purchase(price, TOP, BEND)
    return desired, model.rationed(E, N, _SHARE, desired)


def _proof() -> Iterator[Step]:
    price = model.rest_price(WHOLE, N, TOP, BEND)
    desired, got = _seller(price)
    yield Unsat("the price is not negative", _DOMAIN, price >= 0)
    yield Unsat(
        "at every seller a buyer wants and gets the same, S/N, whatever its energy",
        _DOMAIN,
        sympy.And(sympy.Eq(desired, WHOLE / N), sympy.Eq(got, WHOLE / N)),
    )
    yield Unsat(
        "so no seller moves its price",
        _DOMAIN,
        sympy.Eq(model.price_growth(_SHARE, desired, E, N, SPEED), 0),
    )
    same = model.buyer_payoff(WHOLE / N, price, TOP, BEND)
    for sellers in (2, 3, 4):
        free = sympy.symbols(f"rho1:{sellers}", real=True)
        shares = [*free, 1 - sum(free)]
        average = average_payoff(shares, [same] * sellers)
        yield Identity(
            f"{sellers} sellers: all leave a buyer with the same, the average, so no share moves",
            [growth(share, same, average, SPEED) for share in shares],
            [N >= 1],
        )


def _mutant() -> Step:
    price = TOP - BEND * WHOLE
    desired, _ = _seller(price)
    return Unsat(
        "without N", [*_DOMAIN, price >= 0, SPEED > 0], sympy.Eq(model.price_growth(_SHARE, desired, E, N, SPEED), 0)
    )


THEOREMS = (
    Theorem(
        id="A-P8",
        statement="Equal prices p* = Lambda - theta (sum E)/N and shares E_i/sum E are a rest point of both dynamics",
        domain="E_i > 0, theta sum E <= N Lambda, N >= 1; any number of sellers for prices, 2 to 4 for shares",
        source="Paudel, Chaudhari, Long and Gooi 2019, structure; closed form derived",
        proof=_proof,
        mutant=Mutant(
            "The same with p* = Lambda - theta sum E", _mutant, {E: 1, WHOLE: 2, N: 2, TOP: 4, BEND: 1, SPEED: 1}
        ),
        models=("PriceSelection",),
    ),
)
