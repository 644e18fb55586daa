"""E.3: the wedge between buyer and seller price on an active trade with quadratic losses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import trading_losses as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

P, WORTH, V, A, B, BETA, FEE, SENT = sympy.symbols("p w v a b beta gamma_d s", real=True)
_NUMBERS = (WORTH, V, A, B, BETA, FEE)
_WELFARE = model.pair_welfare(P, *_NUMBERS)
_BUYER = WORTH - V * P
_SELLER = A * model.injected(P, BETA) + B


def _slope(gap: Any) -> Any:
    """The slope of welfare less (buyer price - seller price - gap): zero if and only if `gap` is the wedge."""
    return sympy.diff(_WELFARE, P) - (_BUYER - _SELLER - gap)


def _proof() -> Iterator[Step]:
    yield Identity(
        "the prices are marginal utility and marginal cost",
        [
            sympy.diff(WORTH * P - V * P**2 / 2, P) - _BUYER,
            sympy.diff(A * SENT**2 / 2 + B * SENT, SENT).subs(SENT, model.injected(P, BETA)) - _SELLER,
        ],
    )
    yield Identity(
        "the slope of welfare is buyer price less seller price less the wedge: on an active trade they balance",
        [_slope(model.wedge(P, _SELLER, BETA, FEE))],
    )
    yield Unsat(
        "welfare is strictly concave, so there is one best trade",
        [P >= 0, V >= 0, A >= 0, V + A > 0, B >= 0, BETA >= 0],
        sympy.diff(_WELFARE, P, 2) < 0,
    )


THEOREMS = (
    Theorem(
        id="E-P8",
        statement="On an active trade with quadratic loss the wedge is gamma d + 2 beta p lam",
        domain="v, a, beta >= 0, v + a > 0, b >= 0, quadratic utility and cost",
        source="Paudel, Sampath, Yang et al. 2020, structure; closed form derived",
        proof=_proof,
        mutant=Mutant(
            "The wedge is gamma d + beta p lam",
            lambda: Identity("average loss", [_slope(FEE + BETA * P * _SELLER)]),
            {P: 1, WORTH: 1, V: 0, A: 1, B: 0, BETA: 1, FEE: 0},
        ),
        models=("LossyTrade",),
    ),
)
