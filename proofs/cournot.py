"""A.4: when the relaxation of the linear quantity game contracts, and what its fixed point is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import cournot as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

N, STEP, A, B, C = sympy.symbols("n alpha A B c", real=True)
OWN, OTHERS, ANY = sympy.symbols("q others v", real=True)
_MARKET = (A, B, C)
_AFTER = model.relaxed(OWN, OTHERS, STEP, *_MARKET)


def _contracts(limit: Any) -> Any:
    """The spectral radius is below 1 if and only if the step lies strictly between 0 and `limit`."""
    return sympy.Equivalent(model.contraction(N, STEP) < 1, sympy.And(STEP > 0, limit > STEP))


def _proof() -> Iterator[Step]:
    marginal = sympy.diff(model.profit(OWN, OTHERS, *_MARKET), OWN)
    fixed = model.equilibrium_quantity(N, *_MARKET)
    yield Identity(
        "the best reply satisfies its first-order condition, and the profit is concave (second derivative -2 B)",
        [
            marginal.subs(OWN, model.best_reply(OTHERS, *_MARKET)),
            sympy.diff(marginal, OWN) + 2 * B,
        ],
        [B > 0],
    )
    yield Identity(
        "the equilibrium quantity is a fixed point of the relaxation",
        [_AFTER.subs({OWN: fixed, OTHERS: (N - 1) * fixed}) - fixed],
        [B > 0, N >= 1],
    )
    shift = _AFTER.subs({OWN: OWN + ANY, OTHERS: OTHERS + (N - 1) * ANY}, simultaneous=True)
    yield Identity(
        "if all quantities move by v, they move by (1 - alpha (n+1)/2) v in the next step",
        [shift - _AFTER - (1 - STEP * (N + 1) / 2) * ANY],
        [B > 0],
    )
    change = _AFTER.subs({OWN: OWN + ANY, OTHERS: OTHERS - ANY}, simultaneous=True)
    yield Identity(
        "if they move without changing the total, each moves by (1 - alpha/2) of that in the next step",
        [change - _AFTER - (1 - STEP / 2) * ANY],
        [B > 0],
    )
    yield Identity(
        "the spectral radius is the larger of the two factors",
        [model.contraction(N, STEP) - sympy.Max(sympy.Abs(1 - STEP * (N + 1) / 2), sympy.Abs(1 - STEP / 2))],
    )
    yield Unsat("it is below 1 exactly for steps between 0 and 4/(n + 1)", [N >= 2], _contracts(model.largest_step(N)))


def _mutant() -> Step:
    return Unsat("below 1 exactly for steps between 0 and 4/n", [N >= 2], _contracts(4 / N))


THEOREMS = (
    Theorem(
        id="A-P7",
        statement="The relaxation x <- (1 - alpha) x + alpha Z(x) of the linear quantity game has the spectral radius "
        "max(|1 - alpha (n+1)/2|, |1 - alpha/2|), which is below 1 iff 0 < alpha < 4/(n+1)",
        domain="n >= 2, B > 0, real alpha; away from bounds",
        source="Su and Huang 2014 for the method; benchmark derived",
        proof=_proof,
        mutant=Mutant("The same with 4/n", _mutant, {N: 4, STEP: sympy.Rational(9, 10)}),
        models=("Cournot",),
        uses="moves of all alike and moves that keep the total span all moves of n firms",
    ),
)
