"""F.5: the worst loss within a budget of deviations equals the least of its dual bounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy

from gametheory.models import robust_aggregator as model

from .steps import Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

Z, PART, WEIGHT, CHOICE = sympy.symbols("z f w u", real=True)
_LARGEST = 4


def _falling(slots: int) -> tuple[list[Any], list[Any]]:
    weights = list(sympy.symbols(f"w0:{slots}", real=True))
    order = [a >= b for a, b in pairwise(weights)]
    return weights, [*order, weights[-1] >= 0]


def _proof() -> Iterator[Step]:
    # Deviations are u_t in [0, 1] with sum at most Gamma; each slot loses w_t u_t.
    yield Unsat(
        "no choice of deviations loses more than a dual bound: w u <= z u + (w - z)^+ for each slot, added up",
        [Z >= 0, CHOICE >= 0, CHOICE <= 1],
        Z * CHOICE + model.dual_loss([WEIGHT], 0, Z) >= WEIGHT * CHOICE,
    )
    for slots in range(1, _LARGEST + 1):
        weights, order = _falling(slots)
        for whole in range(slots):
            lost = model.worst_loss(weights, whole, PART)
            choice = [1] * whole + [PART] + [0] * (slots - whole - 1)
            yield Unsat(
                f"{slots} slot(s), {whole} whole: the stated loss is that of a choice and a dual bound",
                [*order, PART >= 0, PART < 1],
                sympy.And(
                    sympy.Eq(lost, sum(w * u for w, u in zip(weights, choice, strict=True))),
                    sympy.Eq(lost, model.dual_loss(weights, whole + PART, weights[whole])),
                ),
            )
        everything = model.worst_loss(weights, slots, sympy.Integer(0))
        yield Unsat(
            f"{slots} slot(s), all may deviate: the loss is everything, the bound at price 0",
            order,
            sympy.And(
                sympy.Eq(everything, sum(weights)),
                sympy.Eq(everything, model.dual_loss(weights, slots, sympy.Integer(0))),
            ),
        )


def _mutant() -> Step:
    weights, order = _falling(2)
    return Unsat("the mean", order, sympy.Eq(model.worst_loss(weights, 1, sympy.Integer(0)), sum(weights) / 2))


THEOREMS = (
    Theorem(
        id="F-P7",
        statement="The worst loss within a budget Gamma is the sum of the floor(Gamma) largest weights and a part of "
        "the next, and equals min_{z >= 0} Gamma z + sum (w_t - z)^+",
        domain=f"weights >= 0, Gamma >= 0, 1 to {_LARGEST} slots in symbols",
        source="Wang, Ge, Yang et al. 2020, structure; Bertsimas and Sim 2004",
        proof=_proof,
        mutant=Mutant(
            "The worst case subtracts Gamma times the mean of all weights",
            _mutant,
            dict(zip(sympy.symbols("w0:2", real=True), (2, 0), strict=True)),
        ),
        models=("RobustAggregator",),
    ),
)
