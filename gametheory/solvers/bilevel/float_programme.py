"""The linear programme of a node in floats: one HiGHS model with changing bounds, started from a parent's basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.numerics.highs import silent_highs
from gametheory.solvers.bilevel.kkt_system import KKTSystem

__all__ = ["FloatProgramme", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a programme ended in floats.

    Attributes
    ----------
    status
        ``"optimal"``, ``"infeasible"``, ``"unbounded"`` or ``"unknown"``.
    value, point
        Where it is optimal.
    basis
        HiGHS's own final basis.
    tight
        Of a convex programme: for each constraint of its polyhedron whether it presses.
    """

    status: str
    value: float = np.inf
    point: FloatArray | None = None
    basis: Any = None
    tight: tuple[bool, ...] = ()

    @property
    def places(self) -> tuple[list[str], list[str]]:
        """Where each column and each row ended: ``"basic"``, ``"lower"``, ``"upper"`` or ``"zero"``."""
        import highspy

        kind = highspy.HighsBasisStatus
        words = {kind.kBasic: "basic", kind.kLower: "lower", kind.kUpper: "upper"}
        return (
            [words.get(status, "zero") for status in self.basis.col_status],
            [words.get(status, "zero") for status in self.basis.row_status],
        )


class FloatProgramme:
    """The rows of a system, held by HiGHS, with costs and bounds to be changed."""

    def __init__(self, system: KKTSystem) -> None:
        import highspy

        self.infinity = highspy.kHighsInf
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = system.size, len(system.rows)
        lp.col_cost_ = np.zeros(system.size)
        self._lower, self._upper = self._bounds(system.limits.lower, system.limits.upper)
        self._row_lower, self._row_upper = self._bounds(system.limits.row_lower, system.limits.row_upper)
        #: Each pair, and the value that its row or its column takes where it is tight.
        self._pairs = [
            (pair, to_float(pair.bound if pair.row >= 0 else pair.bound / pair.coefficients[0][1]))
            for pair in system.pairs
        ]
        lp.col_lower_, lp.col_upper_ = self._lower, self._upper
        lp.row_lower_, lp.row_upper_ = self._row_lower, self._row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *map(len, system.rows)])
        lp.a_matrix_.index_ = np.array([k for row in system.rows for k, _ in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([to_float(a) for row in system.rows for _, a in row])
        self.solver = silent_highs()
        self.solver.setOptionValue("presolve", "off")
        self.solver.passModel(lp)
        self.columns = np.arange(system.size, dtype=np.int32)
        self.rows = np.arange(len(system.rows), dtype=np.int32)
        status = highspy.HighsModelStatus
        self.words = {
            status.kOptimal: "optimal",
            status.kInfeasible: "infeasible",
            status.kUnbounded: "unbounded",
        }
        self.scale = 1.0

    def _bounds(self, lower: Sequence[Any], upper: Sequence[Any]) -> tuple[FloatArray, FloatArray]:
        low = np.array([-self.infinity if v is None else to_float(v) for v in lower], dtype=np.float64)
        return low, np.array([self.infinity if v is None else to_float(v) for v in upper], dtype=np.float64)

    def set_cost(self, cost: Any) -> None:
        """Minimise this from now on; it is scaled, so that money in cents or in millions makes no difference."""
        given = np.array(cost, dtype=np.float64)
        self.scale = float(np.abs(given).max(initial=0.0)) or 1.0
        self.solver.changeColsCost(len(given), self.columns, given / self.scale)

    def solve(self, decisions: Mapping[int, bool], basis: Any = None) -> Outcome:
        """Solve with these pairs decided, from a basis if one is given."""
        low, high, row_low = self._lower, self._upper.copy(), self._row_lower
        if decisions:
            low, row_low = low.copy(), row_low.copy()
        for number, tight in decisions.items():
            pair, bound = self._pairs[number]
            if not tight:
                high[pair.multiplier] = 0.0
                continue
            if pair.other >= 0:
                high[pair.other] = 0.0
            if pair.row >= 0:
                row_low[pair.row] = bound
            else:
                ((k, a),) = pair.coefficients
                (high if a < 0 else low)[k] = bound
        if (low > high).any():
            return Outcome("infeasible")
        self.solver.changeColsBounds(len(self.columns), self.columns, low, high)
        if len(self.rows):
            self.solver.changeRowsBounds(len(self.rows), self.rows, row_low, self._row_upper)
        if basis is not None:
            self.solver.setBasis(basis)
        self.solver.run()
        status = self.words.get(self.solver.getModelStatus(), "unknown")
        if status != "optimal":
            return Outcome(status, basis=self.solver.getBasis())
        value = self.solver.getInfo().objective_function_value * self.scale
        point = np.array(self.solver.getSolution().col_value)
        return Outcome(status, value, point, self.solver.getBasis())
