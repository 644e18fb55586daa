"""F.2: how the tolerated error falls with the profit that is required."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import information_gap as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

R, MORE, PRICE, FORECAST, COST, ALPHA, POWER = sympy.symbols("r_c r_d lam Pf C alpha P", real=True)
_NUMBERS = (PRICE, FORECAST, COST)
_DOMAIN = [PRICE > 0, FORECAST > 0]
_NOMINAL = PRICE * FORECAST - COST


def _range(low: Any) -> Any:
    tolerated = model.robustness(R, *_NUMBERS)
    return sympy.Equivalent(sympy.And(tolerated >= 0, tolerated <= 1), sympy.And(low <= R, R <= _NOMINAL))


def _proof() -> Iterator[Step]:
    inside = [*_DOMAIN, ALPHA >= 0, POWER >= (1 - ALPHA) * FORECAST, POWER <= (1 + ALPHA) * FORECAST]
    yield Unsat(
        "within the envelope profit lies between the stated worst and best, which its ends attain",
        inside,
        sympy.And(
            model.worst_profit(ALPHA, *_NUMBERS) <= PRICE * POWER - COST,
            model.best_profit(ALPHA, *_NUMBERS) >= PRICE * POWER - COST,
        ),
    )
    tolerated = model.robustness(R, *_NUMBERS)
    yield Unsat(
        "the worst profit is at least r_c exactly for errors up to the stated one",
        [*_DOMAIN, ALPHA >= 0],
        sympy.Equivalent(model.worst_profit(ALPHA, *_NUMBERS) >= R, tolerated >= ALPHA),
    )
    yield Unsat(
        "the best profit is at least r_c exactly for errors from the stated one on",
        [*_DOMAIN, ALPHA >= 0],
        sympy.Equivalent(model.best_profit(ALPHA, *_NUMBERS) >= R, model.opportuneness(R, *_NUMBERS) <= ALPHA),
    )
    yield Unsat("it falls strictly in r_c", [*_DOMAIN, MORE > R], model.robustness(MORE, *_NUMBERS) < tolerated)
    yield Identity("it is 0 at the nominal profit", [tolerated.subs(R, _NOMINAL)], _DOMAIN)
    yield Unsat("it lies in [0, 1] exactly for -C <= r_c <= lam Pf - C", _DOMAIN, _range(-COST))


THEOREMS = (
    Theorem(
        id="F-P1",
        statement="The tolerated error is decreasing in r_c, 0 at r_c = lam Pf - C, in [0, 1] iff -C <= r_c <= "
        "lam Pf - C",
        domain="lam, Pf > 0, any C",
        source="Gazijahani and Salehi 2019, structure; closed form derived",
        proof=_proof,
        mutant=Mutant(
            "In [0, 1] iff 0 <= r_c <= lam Pf - C (C > 0)",
            lambda: Unsat("from 0", [*_DOMAIN, COST > 0], _range(sympy.Integer(0))),
            {PRICE: 1, FORECAST: 1, COST: 1, R: -sympy.Rational(1, 2)},
        ),
        models=("InformationGap",),
    ),
)
