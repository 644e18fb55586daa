"""The relaxation of a node, linear or convex quadratic: solved in floats to search, in rationals to prove.

A convex cost ``F`` lies above its tangent at any point ``w``: ``F(z) >= F(w) + F'(w) (z - w)``. So a linear programme
with the slopes at ``w`` bounds it, exactly at an optimum; one kind of proof serves both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.games.polyhedron import Polyhedron
from gametheory.numerics.quadratic_program import interior_point
from gametheory.solvers.bilevel.exact_bound import Verdict, decide_exactly, dual_bound
from gametheory.solvers.bilevel.float_programme import FloatProgramme, Outcome
from gametheory.solvers.bilevel.kkt_system import KKTSystem, Limits
from gametheory.solvers.bilevel.stationary import stationary_point
from gametheory.solvers.quadratic.system import System

__all__ = ["NodeProgramme", "Proof"]


@dataclass(frozen=True, slots=True)
class Proof:
    """A verdict and the point at which the cost was replaced by its tangent (empty where the cost is linear)."""

    verdict: Verdict
    tangent: tuple[Fraction, ...] = ()


@dataclass(slots=True)
class NodeProgramme:
    """The relaxations of one system."""

    system: KKTSystem
    linear: FloatProgramme = field(init=False)
    _terms: Any = field(init=False)

    def __post_init__(self) -> None:
        self.linear = FloatProgramme(self.system)
        items = list(self.system.products.items())
        self._terms = (
            np.array([k for (k, _), _ in items], dtype=int),
            np.array([m for (_, m), _ in items], dtype=int),
            np.array([to_float(v) for _, v in items], dtype=float),
            np.array([to_float(v) for v in self.system.slopes]),
            to_float(self.system.constant),
        )
        if self.is_linear:
            self.linear.set_cost(self._terms[3])

    @property
    def is_linear(self) -> bool:
        """Whether the leader's cost is linear."""
        return not self.system.products

    def _value(self, point: FloatArray) -> float:
        first, second, values, slopes, constant = self._terms
        return float(values @ (point[first] * point[second]) + slopes @ point + constant)

    def _slopes(self, point: FloatArray) -> FloatArray:
        first, second, values, slopes, _ = self._terms
        found: FloatArray = slopes.copy()
        np.add.at(found, first, values * point[second])
        np.add.at(found, second, values * point[first])
        return found

    # -------------------------------------------------------------------------------------------------- in floats

    def evaluate(self, decisions: Mapping[int, bool], parent: Outcome | None, enough: float) -> Outcome:
        """Solve a relaxation; a bound of `enough` will do."""
        basis = parent.basis if parent is not None else None
        if self.is_linear:
            outcome = self.linear.solve(decisions, basis)
            return replace(outcome, value=outcome.value + self._terms[4])
        start = parent.point if parent is not None and parent.point is not None else np.zeros(self.system.size)
        tangent = self._slopes(start)
        self.linear.set_cost(tangent)
        outcome = self.linear.solve(decisions, basis)
        if outcome.status == "infeasible":
            return outcome
        if outcome.status == "optimal":
            bound = outcome.value + self._value(start) - float(tangent @ start)
            if bound >= enough:
                return replace(outcome, value=bound, point=start)
        rows = [
            (coefficients, bound, equal)
            for coefficients, bound, equal, _ in self._polyhedron(self.system.decide(decisions)).rows()
        ]
        found = interior_point(self.system.hessian, self.system.slopes, rows)
        if not found.solved:
            word = "unbounded" if "DUAL" in found.word.upper() else "unknown"
            return replace(outcome, status=word, point=None)
        return replace(outcome, status="optimal", value=self._value(found.point), point=found.point, tight=found.tight)

    def _polyhedron(self, limits: Limits) -> Polyhedron:
        below, equal = [], []
        for row, low, high in zip(self.system.rows, limits.row_lower, limits.row_upper, strict=True):
            if low is not None and low == high:
                equal.append((row, high))
            elif high is not None:
                below.append((row, high))
        names = tuple(str(k) for k in range(self.system.size))
        return Polyhedron(names, tuple(limits.lower), tuple(limits.upper), tuple(below), tuple(equal))

    # ----------------------------------------------------------------------------------------------- in rationals

    def prove(self, decisions: Mapping[int, bool], outcome: Outcome, enough: Fraction | None) -> Proof:
        """Return what is true of a relaxation; a bound of `enough` will do."""
        limits = self.system.decide(decisions)
        if self.is_linear:
            target = None if enough is None else enough - self.system.constant
            verdict = decide_exactly(self.system.slopes, self.system.rows, limits, outcome, target)
            return Proof(replace(verdict, value=verdict.value + self.system.constant))
        if limits.crossed:
            return Proof(Verdict("infeasible"))
        if outcome.status != "infeasible" and not outcome.tight and enough is not None and outcome.point is not None:
            # A parent's tangent closed this node in floats.
            proof = self._by_tangent(decisions, [Fraction(float(v)) for v in outcome.point], outcome)
            if proof is not None and proof.verdict.value >= enough:
                return proof
        if outcome.status != "infeasible" and not outcome.tight:
            outcome = self.evaluate(decisions, outcome, np.inf)
        if outcome.status == "infeasible":
            verdict = self._feasibility(limits, outcome)
            if verdict.status == "infeasible":
                return Proof(verdict)
        polyhedron = self._polyhedron(limits)
        if outcome.tight and outcome.point is not None:
            at = stationary_point(self.system.hessian, self.system.slopes, polyhedron, outcome.tight, outcome.point)
            proof = None if at is None else self._by_tangent(decisions, at, outcome)
            if at is not None and proof is not None:
                if enough is not None and proof.verdict.value >= enough:
                    return proof
                if proof.verdict.value == self.system.value(at) and polyhedron.violation(at)[0] == 0:
                    return replace(proof, verdict=replace(proof.verdict, point=at))
        found, _ = System(self.system.hessian, self.system.slopes, polyhedron).pivoted()
        if found is None:
            verdict = self._feasibility(limits, Outcome("unknown"))
            return Proof(verdict if verdict.status == "infeasible" else Verdict("unbounded"))
        value = self.system.value(found.x)
        return Proof(self._from_multipliers(limits, found.x, found.multipliers, value), found.x)

    def _feasibility(self, limits: Limits, outcome: Outcome) -> Verdict:
        """Return whether anything is feasible, decided in rationals."""
        return decide_exactly([Fraction(0)] * self.system.size, self.system.rows, limits, outcome, None)

    def _linear(self, decisions: Mapping[int, bool], cost: Sequence[Fraction], basis: Any = None) -> Outcome:
        self.linear.set_cost([to_float(v) for v in cost])
        return self.linear.solve(decisions, basis)

    def _by_tangent(self, decisions: Mapping[int, bool], at: Sequence[Fraction], outcome: Outcome) -> Proof | None:
        """Return what the linear programme with the slopes at a point proves, None where it has no bound."""
        slopes = self.system.gradient(at)
        offset = self.system.value(at) - sum((g * v for g, v in zip(slopes, at, strict=True)), Fraction(0))
        linear = self._linear(decisions, slopes, outcome.basis)
        if linear.status != "optimal":
            return None
        limits = self.system.decide(decisions)
        verdict = decide_exactly(slopes, self.system.rows, limits, linear, None, patient=False)
        if verdict.status != "bounded":
            return None
        return Proof(replace(verdict, value=verdict.value + offset, point=()), tuple(at))

    def _from_multipliers(
        self, limits: Limits, at: Sequence[Fraction], multipliers: Sequence[Fraction], value: Fraction
    ) -> Verdict:
        """Return the bound of the multipliers of a KKT point: its value."""
        bounds = sum(v is not None for v in (*limits.lower, *limits.upper))
        equal: list[int] = []
        below: list[int] = []
        for i, (low, high) in enumerate(zip(limits.row_lower, limits.row_upper, strict=True)):
            (equal if low is not None and low == high else below).append(i)
        kept = {i: -m for i, m in zip(below + equal, multipliers[bounds:], strict=True) if m}
        slopes = self.system.gradient(at)
        offset = self.system.value(at) - sum((g * v for g, v in zip(slopes, at, strict=True)), Fraction(0))
        bound = dual_bound(slopes, self.system.rows, limits, kept)
        assert bound is not None, "a KKT point's multipliers bound its value"
        assert bound + offset == value, "a KKT point's multipliers prove its value"
        return Verdict("bounded", value, tuple(sorted(kept.items())), tuple(at))
