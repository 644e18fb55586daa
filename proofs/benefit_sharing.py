"""D.5: side payments that leave nobody worse off exist if and only if together costs no more than alone."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models import benefit_sharing as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

ALONE, SUM, TOGETHER, N = sympy.symbols("C_i C_sum C_N n", real=True)


def _proof() -> Iterator[Step]:
    for members in (2, 3, 4):
        alone = sympy.symbols(f"C1:{members + 1}", real=True)
        final = sympy.symbols(f"f1:{members + 1}", real=True)
        yield Unsat(
            f"{members} members: final costs that sum to C_N and please everybody need C_N <= sum C",
            [*(f <= c for f, c in zip(final, alone, strict=True)), sympy.Eq(sum(final), TOGETHER)],
            sum(alone) >= TOGETHER,
        )
        shares = [model.equal_saving(c, sum(alone), TOGETHER, members) for c in alone]
        yield Identity(f"{members} members: equal saving shares the joint cost", [sum(shares) - TOGETHER])
    yield Unsat(
        "any number of members: equal saving pleases everybody as soon as C_N <= sum C",
        [N >= 1, TOGETHER <= SUM],
        model.equal_saving(ALONE, SUM, TOGETHER, N) <= ALONE,
    )
    bills, final = sympy.symbols("m1:4", real=True), sympy.symbols("f1:4", real=True)
    paid = model.side_payments(final, bills)
    yield Identity(
        "bill plus side payment is the final cost", [m + y - f for m, y, f in zip(bills, paid, final, strict=True)]
    )
    yield Unsat(
        "the relative rule pleases everybody where no cost is negative",
        [ALONE >= 0, SUM > 0, TOGETHER <= SUM],
        model.equal_relative(ALONE, SUM, TOGETHER) <= ALONE,
    )


def _mutant() -> Step:
    return Unsat(
        "the relative rule, net earners too",
        [SUM > 0, TOGETHER <= SUM],
        model.equal_relative(ALONE, SUM, TOGETHER) <= ALONE,
    )


THEOREMS = (
    Theorem(
        id="D-P6",
        statement="Side payments that leave nobody worse off exist iff C_N <= sum C_i; equal saving is one, and the "
        "relative rule is where no C_i is negative",
        domain="all reals; necessity for 2 to 4 members, sufficiency for any number",
        source="Cornelusse, Savelli, Paoletti, Giannitrapani and Vicino 2019, structure; rules derived",
        proof=_proof,
        mutant=Mutant(
            "The equal relative rule is individually rational whenever they exist",
            _mutant,
            {ALONE: -2, SUM: 8, TOGETHER: 4},
        ),
        models=("BenefitSharing",),
    ),
)
