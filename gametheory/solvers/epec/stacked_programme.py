"""Linear programmes over a stacked system with some splits decided: floats look, rationals decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.numerics.highs import silent_highs
from gametheory.solvers.bilevel.exact_bound import Verdict, decide_exactly, dual_bound
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import Limits
from gametheory.solvers.epec.stacked_system import StackedSystem

__all__ = ["StackedProgramme"]


class StackedProgramme:
    """One HiGHS model of the rows, with bounds and costs that change."""

    def __init__(self, system: StackedSystem) -> None:
        import highspy

        self.system = system
        self.infinity = highspy.kHighsInf
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = system.size, len(system.rows)
        lp.col_cost_ = np.zeros(system.size)
        lp.col_lower_, lp.col_upper_ = self._bounds(system.limits.lower, system.limits.upper)
        lp.row_lower_, lp.row_upper_ = self._bounds(system.limits.row_lower, system.limits.row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *map(len, system.rows)])
        lp.a_matrix_.index_ = np.array([k for row in system.rows for k, _ in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([to_float(a) for row in system.rows for _, a in row])
        self.solver = silent_highs()
        self.solver.setOptionValue("presolve", "off")
        self.solver.passModel(lp)
        self.columns = np.arange(system.size, dtype=np.int32)
        self.rows = np.arange(len(system.rows), dtype=np.int32)
        self._relaxed: StackedProgramme | None = None
        status = highspy.HighsModelStatus
        self.words = {
            status.kOptimal: "optimal",
            status.kInfeasible: "infeasible",
            status.kUnbounded: "unbounded",
        }

    def _bounds(self, lower: Sequence[Any], upper: Sequence[Any]) -> tuple[FloatArray, FloatArray]:
        low = np.array([-self.infinity if v is None else to_float(v) for v in lower], dtype=np.float64)
        return low, np.array([self.infinity if v is None else to_float(v) for v in upper], dtype=np.float64)

    def look(self, limits: Limits, cost: Mapping[int, float]) -> Outcome:
        """Return what floats say of the least value of a cost, given by column."""
        if limits.crossed or any(
            low is not None and high is not None and low > high
            for low, high in zip(limits.row_lower, limits.row_upper, strict=True)
        ):
            return Outcome("infeasible")
        weights = np.zeros(self.system.size)
        for k, v in cost.items():
            weights[k] = v
        self.solver.changeColsCost(len(weights), self.columns, weights)
        self.solver.changeColsBounds(len(weights), self.columns, *self._bounds(limits.lower, limits.upper))
        self.solver.changeRowsBounds(len(self.rows), self.rows, *self._bounds(limits.row_lower, limits.row_upper))
        self.solver.run()
        word = self.words.get(self.solver.getModelStatus(), "unknown")
        if word != "optimal":
            return Outcome(word, basis=self.solver.getBasis())
        value = self.solver.getInfo().objective_function_value
        return Outcome(word, value, np.array(self.solver.getSolution().col_value), self.solver.getBasis())

    def _elastic(self, limits: Limits) -> Verdict | None:
        """Return a proof that nothing is feasible from the least sum by which rows must be missed, None without one."""
        if limits.crossed:
            return Verdict("infeasible")
        if self._relaxed is None:
            self._relaxed = _with_slacks(self.system)
        size, rows = self.system.size, len(self.system.rows)
        zero: list[Fraction | None] = [Fraction(0)] * (2 * rows)
        wide = Limits(
            [*limits.lower, *zero], [*limits.upper, *([None] * (2 * rows))], limits.row_lower, limits.row_upper
        )
        weights = dict.fromkeys(range(size, size + 2 * rows), 1.0)
        outcome = self._relaxed.look(wide, weights)
        cost = [Fraction(int(k >= size)) for k in range(size + 2 * rows)]
        verdict = decide_exactly(cost, self._relaxed.system.rows, wide, outcome, None, patient=False)
        if verdict.status != "bounded" or verdict.value <= 0:
            return None
        # The slacks have cost 1 and can only add to the bound, so without them the rows prove no less.
        bound = dual_bound([Fraction(0)] * size, self.system.rows, limits, dict(verdict.multipliers))
        return Verdict("infeasible", multipliers=verdict.multipliers) if bound is not None and bound > 0 else None

    def decide(
        self, limits: Limits, slopes: Mapping[int, Fraction] | None = None, outcome: Outcome | None = None
    ) -> Verdict:
        """Return what is true of the least of a form of the columns (of nothing: whether a point is feasible)."""
        if any(
            low is not None and high is not None and low > high
            for low, high in zip(limits.row_lower, limits.row_upper, strict=True)
        ):
            return Verdict("infeasible")
        cost = [Fraction(0)] * self.system.size
        for k, slope in (slopes or {}).items():
            cost[k] = slope
        if outcome is None:
            outcome = self.look(limits, {k: to_float(v) for k, v in (slopes or {}).items()})
        if outcome.status == "infeasible":
            verdict = decide_exactly(cost, self.system.rows, limits, outcome, None, patient=False)
            if verdict.status == "infeasible":
                return verdict
            proved = self._elastic(limits)
            if proved is not None:
                return proved
        return decide_exactly(cost, self.system.rows, limits, outcome, None)


def _with_slacks(system: StackedSystem) -> StackedProgramme:
    """Return the rows with a column each that adds and one that takes away."""
    size, count = system.size, len(system.rows)
    rows = tuple(
        (*row, (size + 2 * i, Fraction(1)), (size + 2 * i + 1, Fraction(-1))) for i, row in enumerate(system.rows)
    )
    free: list[Fraction | None] = [None] * (2 * count)
    limits = Limits(
        [*system.limits.lower, *free], [*system.limits.upper, *free], system.limits.row_lower, system.limits.row_upper
    )
    return StackedProgramme(StackedSystem(system.decided, rows, limits, ()))
