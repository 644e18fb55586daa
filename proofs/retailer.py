"""B.2: the prices that weigh profit against surplus, and the front they trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import retailer as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

ETA, W, CS, T = sympy.symbols("eta W CS t", real=True)
_LARGEST = 3
_DOMAIN = [ETA >= 0, ETA <= 1]


def _market(hours: int) -> tuple[list[Any], list[Any], list[list[Any]]]:
    """Return wholesale prices, choke prices and a symmetric response matrix in symbols."""
    wholesale = list(sympy.symbols(f"lam0:{hours}", real=True))
    choke = list(sympy.symbols(f"y0:{hours}", real=True))
    cells = {(r, c): sympy.Symbol(f"g{r}{c}", real=True) for r in range(hours) for c in range(r, hours)}
    return wholesale, choke, [[cells[min(r, c), max(r, c)] for c in range(hours)] for r in range(hours)]


def _objective(prices: list[Any], market: tuple[list[Any], list[Any], list[list[Any]]]) -> Any:
    wholesale, choke, response = market
    profit = model.retail_profit(prices, wholesale, choke, response)
    return profit + ETA * model.consumer_surplus(prices, choke, response)


def _maximiser() -> Iterator[Step]:
    for hours in range(1, _LARGEST + 1):
        wholesale, choke, response = market = _market(hours)
        away = list(sympy.symbols(f"u0:{hours}", real=True))
        best = [model.best_price(ETA, w, y) for w, y in zip(wholesale, choke, strict=True)]
        moved = [p + u for p, u in zip(best, away, strict=True)]
        yield Identity(
            f"{hours} hour(s): a move by u from the stated prices loses (1 - eta/2) u' G u",
            [
                _objective(moved, market)
                - _objective(best, market)
                + (1 - ETA / 2) * model.quadratic_form(away, response)
            ],
            _DOMAIN,
        )
        gap = [y - w for y, w in zip(choke, wholesale, strict=True)]
        worth = model.quadratic_form(gap, response)
        share = model.markup_share(ETA)
        yield Identity(
            f"{hours} hour(s): profit is t (1 - t) W and surplus (1 - t)^2 W/2",
            [
                model.retail_profit(best, wholesale, choke, response) - share * (1 - share) * worth,
                model.consumer_surplus(best, choke, response) - (1 - share) ** 2 * worth / 2,
            ],
            _DOMAIN,
        )


def _front() -> Iterator[Step]:
    yield from _maximiser()
    yield Unsat("the factor 1 - eta/2 is positive and t lies in [0, 1/2]", _DOMAIN, sympy.And(
        1 - ETA / 2 > 0, model.markup_share(ETA) >= 0, model.markup_share(ETA) <= sympy.Rational(1, 2)
    ))  # fmt: skip
    yield Unsat(
        "on the front profit is sqrt(2 W CS) - 2 CS",
        [W >= 0, T >= 0, sympy.Rational(1, 2) >= T, sympy.Eq(CS, (1 - T) ** 2 * W / 2)],
        sympy.Eq(model.front_profit(CS, W), T * (1 - T) * W),
    )


def _monopoly(part: Any) -> Step:
    wholesale, choke, response = _market(1)
    welfare = []
    for weight in (0, 1):
        price = [model.best_price(sympy.Integer(weight), wholesale[0], choke[0])]
        welfare.append(
            model.retail_profit(price, wholesale, choke, response) + model.consumer_surplus(price, choke, response)
        )
    return Identity("welfare of the monopoly against the optimum", [welfare[0] - part * welfare[1]])


def _whole() -> Iterator[Step]:
    yield from _front()
    yield _monopoly(sympy.Rational(3, 4))


_ONE = _market(1)

THEOREMS = (
    Theorem(
        id="B-P3",
        statement="The stated prices are the unique maximiser of profit plus eta times surplus; there RP = sqrt(2 W "
        "CS) - 2 CS, and the monopoly keeps 3/4 of the optimal welfare",
        domain=f"eta in [0, 1], G symmetric positive definite, 1 to {_LARGEST} hours in symbols",
        source="Jia and Tong 2016, structure; closed forms derived",
        proof=_whole,
        mutant=Mutant(
            "The monopoly keeps 2/3 of the optimal welfare",
            lambda: _monopoly(sympy.Rational(2, 3)),
            {_ONE[0][0]: 0, _ONE[1][0]: 1, _ONE[2][0][0]: 1},
        ),
        models=("Retailer",),
        uses="u' G u > 0 for u != 0 is what positive definite means",
    ),
)
