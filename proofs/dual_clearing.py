"""D.3: the dual iteration multiplies the error by one factor, which is below 1 in size for small steps only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import dual_clearing as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

LAM, CLEAR, ETA, TOTAL = sympy.symbols("lam lam0 eta A", real=True)


def _converges(slopes: list[Any], limit: Any) -> Any:
    return sympy.Equivalent(sympy.Abs(model.error_factor(slopes, ETA)) < 1, sympy.And(ETA > 0, limit > ETA))


def _agents(count: int) -> tuple[list[Any], list[Any], list[Any]]:
    slopes = list(sympy.symbols(f"a1:{count + 1}", real=True))
    bases = list(sympy.symbols(f"b1:{count + 1}", real=True))
    return slopes, bases, [a > 0 for a in slopes]


def _proof() -> Iterator[Step]:
    for count in (1, 2, 3, 4):
        slopes, bases, domain = _agents(count)

        def supplies(price: Any, slopes: list[Any] = slopes, bases: list[Any] = bases) -> list[Any]:
            return [model.free_answer(price, a, b) for a, b in zip(slopes, bases, strict=True)]

        after = model.next_price(LAM, supplies(LAM), ETA)
        rest = model.next_price(CLEAR, supplies(CLEAR), ETA)
        yield Identity(
            f"{count} agent(s): two prices come as much closer as the factor says, one of them the clearing price",
            [after - rest - model.error_factor(slopes, ETA) * (LAM - CLEAR)],
            domain,
        )
        if count <= 2:
            yield Unsat(
                f"{count} agent(s): the factor is below 1 in size exactly for steps between 0 and the stated one",
                domain,
                _converges(slopes, model.largest_step(slopes)),
            )
    # Any number of agents: the factor depends on the sum A of 1/a alone, as for one agent with slope 1/A.
    yield Unsat(
        "any number of agents, through the sum of 1/a",
        [TOTAL > 0],
        _converges([1 / TOTAL], model.largest_step([1 / TOTAL])),
    )


def _mutant() -> Step:
    slopes, _, domain = _agents(2)
    return Unsat("2/max(1/a)", domain, _converges(slopes, 2 / sympy.Max(*[1 / a for a in slopes])))


THEOREMS = (
    Theorem(
        id="D-P4",
        statement="The dual iteration with quadratic costs converges from every start iff 0 < eta < 2/sum (1/a_n)",
        domain="a_n > 0, no active bound; 1 to 4 agents written out, any number through the sum",
        source="Wu, Ai, Hu et al. 2020, method; range derived",
        proof=_proof,
        mutant=Mutant(
            "Iff 0 < eta < 2/max (1/a_n)",
            _mutant,
            {**dict.fromkeys(sympy.symbols("a1:3", real=True), 1), ETA: sympy.Rational(3, 2)},
        ),
        models=("DualClearing",),
        uses="powers of a number tend to 0 if and only if it is below 1 in size",
    ),
)
