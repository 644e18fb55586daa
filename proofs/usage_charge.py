"""B.8: the equation of the consistent price has exactly one positive root."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import usage_charge as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

Y, LEVEL, SLOPE, N, S, K, TAU, OTHER = sympy.symbols("y l0 beta N S k tau_c y2", real=True)
_NUMBERS = (LEVEL, SLOPE, N, S, K, TAU)
_DOMAIN = [SLOPE > 0, N >= 1, K > 0, S >= 0]


def _equation(paid: Any) -> Any:
    return model.price_equation(paid, *_NUMBERS)


def _proof() -> Iterator[Step]:
    bought = model.consumer_demand(Y, N, K)
    yield Unsat(
        "where something is bought, the equation is y times what the price misses to be consistent",
        [*_DOMAIN, Y > 0, Y < K],
        sympy.Eq(_equation(Y), Y * (Y - TAU - model.gap_price(bought, S, LEVEL, SLOPE))),
    )
    root = model.paid_price(*_NUMBERS)
    yield Unsat("the stated price is positive and a root", _DOMAIN, sympy.And(root > 0, sympy.Eq(_equation(root), 0)))
    yield Identity(
        "two different roots have the product -beta N k (their difference is divided out)",
        [OTHER * _equation(Y) - Y * _equation(OTHER) - (Y - OTHER) * (Y * OTHER + SLOPE * N * K)],
    )
    yield Unsat(
        "so no two different positive numbers are roots",
        [*_DOMAIN, Y > 0, OTHER > 0, sympy.Eq(_equation(Y), 0), sympy.Eq(_equation(OTHER), 0)],
        sympy.Eq(Y, OTHER),
    )


def _mutant() -> Step:
    return Unsat(
        "at least l0",
        [*_DOMAIN, sympy.Eq(TAU, 0), Y > 0, sympy.Eq(_equation(Y), 0)],
        Y >= LEVEL,
    )


THEOREMS = (
    Theorem(
        id="B-P11",
        statement="The equation of the consistent price has exactly one positive root, the stated one",
        domain="beta, k > 0, N >= 1, S >= 0, any l0 and tau_c",
        source="Jin, Choi and Won 2020, structure; closed form derived",
        proof=_proof,
        mutant=Mutant(
            "That root is at least l0 (tau_c = 0)",
            _mutant,
            {Y: sympy.Rational(1, 2), LEVEL: 1, SLOPE: 1, N: 1, S: 1, K: sympy.Rational(3, 4), TAU: 0},
        ),
        models=("UsageCharge",),
    ),
)
