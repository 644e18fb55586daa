"""B.7: the bank's profit while all nodes borrow, and that it has several local maxima over all prices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from gametheory.models import loans as model

from .steps import Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

R, C, A, N, LEAST, OWN, LOAN = sympy.symbols("r c A n a_min a l", real=True)
_DOMAIN = [R > 0, C > 0, A > 0, N >= 1]


def _proof() -> Iterator[Step]:
    slope = sympy.diff(model.borrower_payoff(LOAN, OWN, R), LOAN)
    best = model.loan(OWN, R)
    yield Unsat(
        "the stated loan is best: the payoff is concave and rises in no direction that keeps the loan >= 0",
        [OWN > 0, R > 0, LOAN >= 0, sympy.Eq(LOAN, best), sympy.Symbol("m", real=True) >= 0],
        slope * (sympy.Symbol("m", real=True) - LOAN) <= 0,
    )
    yield Unsat(
        "while r is at most a node's worth it borrows a/r - 1", [OWN > 0, R > 0, R <= OWN], sympy.Eq(best, OWN / R - 1)
    )
    parts = sympy.symbols("a1:4", real=True)
    yield Unsat(
        "three nodes that all borrow: the profit is the stated function of the sum",
        [R > 0, *(part >= R for part in parts)],
        sympy.Eq(model.bank_profit(R, C, parts), model.active_profit(R, C, sum(parts), 3)),
    )
    profit = model.active_profit(R, C, A, N)
    yield Identity("its derivative is c A/r^2 - n", [sympy.diff(profit, R) - C * A / R**2 + N], _DOMAIN)
    top = model.stationary_price(C, A, N)
    yield Unsat(
        "which is positive below sqrt(c A/n), zero there and negative above: one stationary point, a strict maximum",
        _DOMAIN,
        sympy.And(
            sympy.Equivalent(C * A / R**2 - N > 0, top > R),
            sympy.Equivalent(sympy.Eq(C * A / R**2 - N, 0), sympy.Eq(R, top)),
        ),
    )
    yield Unsat(
        "if it is not below the least worth, the profit rises up to that worth",
        [*_DOMAIN, LEAST > C, top >= LEAST, R < LEAST],
        C * A / R**2 - N > 0,
    )


def _unimodal() -> Iterator[tuple[str, bool]]:
    worth = [Fraction(5), *[Fraction(3, 10)] * 40]
    low, middle, high = (model.bank_profit(Fraction(r, 10), Fraction(1, 10), worth) for r in (2, 3, 7))
    yield "prices 0.2, 0.3 and 0.7 of one node at 5 and forty at 0.3, cost 0.1: no dip between", not low > middle < high


THEOREMS = (
    Theorem(
        id="B-P10",
        statement="While all borrow the profit (r - c)(A/r - n) has the unique stationary point sqrt(c A/n), a strict "
        "maximum; if that is not below the least worth, the profit rises up to it",
        domain="r, c, a_i > 0, n >= 1, c < min a for the last part",
        source="Li, Kang, Yu et al. 2018, structure; closed form derived",
        proof=_proof,
        mutant=Mutant("The bank's profit is unimodal for all data", lambda: Finite("three prices", _unimodal)),
        models=("Loans",),
        uses="a concave function is largest where it rises in no feasible direction",
    ),
)
