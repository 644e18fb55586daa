"""Bounds on multipliers and slacks that are proved, never assumed, and the cuts that follow from them.

Where a pair's inequality is tight its multiplier is at most ``U``, and where its multiplier is zero its slack is at
most ``S``: two linear programmes say so, and their multipliers prove it in rationals. As one of both is zero,

    S lam + U slack <= U S

holds at every point in question and cuts off most of the relaxation. A side that has no bound gives no cut; an empty
side decides the pair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.games.polyhedron import Coefficients
from gametheory.solvers.bilevel.exact_bound import Verdict, decide_exactly
from gametheory.solvers.bilevel.float_programme import FloatProgramme
from gametheory.solvers.bilevel.kkt_system import KKTSystem, Limits, Pair

__all__ = ["ROUNDS", "multiplier_bounds", "strengthened"]

#: A second round uses the cuts of the first.
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class _Side:
    """How large something can be where a pair is decided one way, and what proves it."""

    most: Fraction
    proof: tuple[Any, ...]


def strengthened(system: KKTSystem) -> tuple[KKTSystem, tuple[Any, ...]]:
    """Return the system with the cuts as further rows, and the cuts.

    A cut is ``(pair, U, S, proof of U, proof of S)``; a proof is a leaf ``(scale, (), multipliers)`` as in the tree.
    A number that was not needed is None, with an empty proof.
    """
    cuts: list[Any] = []
    for _ in range(ROUNDS):
        linear = FloatProgramme(system)
        found: list[tuple[Coefficients, Fraction]] = []
        for number, pair in enumerate(system.pairs):
            force = [(pair.multiplier, Fraction(-1))]
            most = _side(system, linear, {number: True}, force, Fraction(0))
            if most is not None and most.most == 0:
                cuts.append((number, most.most, None, most.proof, ()))
                found.append((((pair.multiplier, Fraction(1)),), Fraction(0)))
                continue
            slack = _side(system, linear, {number: False}, list(pair.coefficients), pair.bound)
            if slack is not None and (slack.most == 0 or most is not None):
                force_bound = None if most is None or slack.most == 0 else most.most
                proof = () if force_bound is None or most is None else most.proof
                cuts.append((number, force_bound, slack.most, proof, slack.proof))
                found.append(_cut(pair, force_bound, slack.most))
        if not found:
            break
        limits = system.limits
        system = replace(
            system,
            rows=(*system.rows, *(row for row, _ in found)),
            limits=Limits(
                limits.lower,
                limits.upper,
                limits.row_lower + [None] * len(found),
                limits.row_upper + [bound for _, bound in found],
            ),
        )
    return system, tuple(cuts)


def multiplier_bounds(system: KKTSystem) -> dict[int, Fraction]:
    """Return column -> proved upper bound of the multipliers that have one where their inequality is tight.

    Where it is not tight the multiplier is 0, so the bound holds at every point in question.
    """
    linear = FloatProgramme(system)
    found = {}
    for number, pair in enumerate(system.pairs):
        most = _side(system, linear, {number: True}, [(pair.multiplier, Fraction(-1))], Fraction(0))
        if most is not None:
            found[pair.multiplier] = most.most
    return found


def _cut(pair: Pair, force: Fraction | None, slack: Fraction) -> tuple[Coefficients, Fraction]:
    """Return ``S lam + U (b - a z) <= U S`` as a row, or ``slack <= 0``."""
    if force is None:
        return tuple((k, -a) for k, a in pair.coefficients), -pair.bound
    row = [(k, -force * a) for k, a in pair.coefficients]
    return (*row, (pair.multiplier, slack)), force * slack - force * pair.bound


def _side(
    system: KKTSystem,
    linear: FloatProgramme,
    decisions: dict[int, bool],
    cost: Sequence[tuple[int, Fraction]],
    offset: Fraction,
) -> _Side | None:
    """Return the largest ``offset - cost z``, rounded up a little, with its proof; None where none is found."""
    dense = [Fraction(0)] * system.size
    for k, a in cost:
        dense[k] = a
    linear.set_cost(np.array([float(v) for v in dense]))
    outcome = linear.solve(decisions)
    if outcome.status not in ("optimal", "infeasible"):
        return None
    most = Fraction(0)
    if outcome.status == "optimal":
        most = _rounded_up(float(offset) - outcome.value)
    verdict = decide_exactly(dense, system.rows, system.decide(decisions), outcome, offset - most, patient=False)
    if verdict.status == "infeasible":
        return _Side(Fraction(0), _proof(verdict))
    if verdict.status == "bounded" and offset - verdict.value <= most:
        return _Side(most, _proof(verdict))
    return None


def _proof(verdict: Verdict) -> tuple[Any, ...]:
    return (0 if verdict.status == "infeasible" else 1, (), verdict.multipliers)


def _rounded_up(value: float) -> Fraction:
    """Return a short number not much above a value of 0 or more."""
    if value <= 1e-8:
        return Fraction(0)
    unit = Fraction(2) ** (math.frexp(value)[1] - 20)
    return math.ceil(Fraction(value * (1 + 1e-9)) / unit) * unit
