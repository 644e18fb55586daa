"""Sparse linear programmes with bounds, solved exactly: HiGHS names a basis in floats, rationals decide it.

``minimise c z  subject to  A z = b,  l <= z <= u``. The basis is solved by elimination on sparse rows, pivots chosen
where row and column are shortest (H. M. Markowitz, Management Science 3 (1957) 255-269): storage programmes are nearly
triangular, so almost nothing fills in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flint

from gametheory.arithmetic import rational, to_float
from gametheory.errors import GameTheoryError, Infeasible, Unbounded
from gametheory.numerics.highs import silent_highs

__all__ = ["SparseAnswer", "minimise", "solve_sparse"]

Entries = Sequence[tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class SparseAnswer:
    """An optimal point ``z`` and the multipliers ``y`` of the rows, as ``fmpq``; both were checked exactly."""

    z: list[Any]
    y: list[Any]


def minimise(
    c: Sequence[Any], rows: Sequence[Entries], b: Sequence[Any], lower: Sequence[Any], upper: Sequence[Any]
) -> SparseAnswer:
    """Solve the programme exactly; bounds are None where there is none.

    Raises
    ------
    Infeasible, Unbounded
        As HiGHS finds.
    GameTheoryError
        The basis of the float solution is not optimal in exact arithmetic.
    """
    columns: list[list[tuple[int, Any]]] = [[] for _ in c]
    for i, row in enumerate(rows):
        for j, a in row:
            columns[j].append((i, rational(a)))
    cost, right = [rational(x) for x in c], [rational(x) for x in b]
    if not cost:  # HiGHS knows no answer to a programme without a variable
        if any(right):
            k = next(i for i, amount in enumerate(right) if amount)
            raise Infeasible(f"row {k} asks for {right[k]} and there is no variable; give one that can supply it")
        return SparseAnswer([], [flint.fmpq(0)] * len(right))
    low = [None if x is None else rational(x) for x in lower]
    high = [None if x is None else rational(x) for x in upper]
    status, row_basic = _highs_basis(cost, columns, right, low, high)
    zero = flint.fmpq(0)
    z: list[Any] = [zero] * len(cost)
    basic: list[int] = []
    for j, word in enumerate(status):
        if word == "basic":
            basic.append(j)
        elif word == "upper":
            z[j] = high[j]
        elif word == "lower":
            z[j] = low[j]
    # A row that is basic has a slack of value zero in the basis: a unit column.
    place = {j: k for k, j in enumerate(basic)}
    size = len(right)
    system: list[dict[int, Any]] = [{} for _ in range(size)]
    rest = list(right)
    for j, column in enumerate(columns):
        for i, a in column:
            if j in place:
                system[i][place[j]] = a
            elif z[j] != 0:
                rest[i] -= a * z[j]
    for k, i in enumerate(row_basic):
        system[i][len(basic) + k] = flint.fmpq(1)
    if len(basic) + len(row_basic) != size:
        raise GameTheoryError("the basis of the float solution is not square; scale the data and solve again")
    found = solve_sparse(system, rest)
    for j, k in place.items():
        z[j] = found[k]
    transposed: list[dict[int, Any]] = [{} for _ in range(size)]
    for i, line in enumerate(system):
        for k, a in line.items():
            transposed[k][i] = a
    y = solve_sparse(transposed, [cost[j] for j in basic] + [zero] * len(row_basic))
    _refuse(found[len(basic) :], z, y, cost, columns, low, high)
    return SparseAnswer(z, y)


def _refuse(
    slacks: list[Any], z: list[Any], y: list[Any], cost: list[Any], columns: Any, low: list[Any], high: list[Any]
) -> None:
    """Raise unless the point is feasible and every reduced cost has the sign of the bound that its variable is at."""
    good = not any(slacks)
    for j, column in enumerate(columns):
        reduced = cost[j] - sum((a * y[i] for i, a in column), flint.fmpq(0))
        good = good and (low[j] is None or z[j] >= low[j]) and (high[j] is None or z[j] <= high[j])
        good = good and (reduced <= 0 or z[j] == low[j]) and (reduced >= 0 or z[j] == high[j])
    if not good:
        raise GameTheoryError("the basis of the float solution is not optimal in exact arithmetic; scale the data")


def solve_sparse(rows: Sequence[dict[int, Any]], right: Sequence[Any]) -> list[Any]:
    """Return the solution of a square system, exactly.

    >>> [str(x) for x in solve_sparse([{0: flint.fmpq(2), 1: flint.fmpq(1)}, {1: flint.fmpq(4)}], [flint.fmpq(1)] * 2)]
    ['3/8', '1/4']
    """
    lines = [dict(row) for row in rows]
    values = list(right)
    holders: list[set[int]] = [set() for _ in rows]
    for i, line in enumerate(lines):
        for k in line:
            holders[k].add(i)
    left = set(range(len(lines)))
    order: list[tuple[int, int]] = []
    buckets = sorted(left, key=lambda i: len(lines[i]))
    while left:
        i = min(buckets[:8], key=lambda r: len(lines[r])) if buckets else min(left)
        if len(order) % 32 == 0 or len(lines[i]) > 2:
            buckets = sorted(left, key=lambda r: len(lines[r]))
            i = buckets[0]
        if not lines[i]:
            raise GameTheoryError("the basis of the float solution is singular in exact arithmetic; scale the data")
        k = min(lines[i], key=lambda column: len(holders[column]))
        order.append((i, k))
        left.discard(i)
        if i in buckets:
            buckets.remove(i)
        pivot = lines[i][k]
        for column in lines[i]:
            holders[column].discard(i)
        for r in list(holders[k]):
            factor = lines[r][k] / pivot
            for column, a in lines[i].items():
                entry = lines[r].get(column, flint.fmpq(0)) - factor * a
                if column == k or entry == 0:
                    lines[r].pop(column, None)
                    holders[column].discard(r)
                else:
                    lines[r][column] = entry
                    holders[column].add(r)
            values[r] -= factor * values[i]
    solution = [flint.fmpq(0)] * len(lines)
    for i, k in reversed(order):
        rest = sum((a * solution[c] for c, a in lines[i].items() if c != k), flint.fmpq(0))
        solution[k] = (values[i] - rest) / lines[i][k]
    return solution


def _highs_basis(
    cost: list[Any], columns: list[list[tuple[int, Any]]], right: list[Any], low: list[Any], high: list[Any]
) -> tuple[list[str], list[int]]:
    """Return where HiGHS leaves each variable, and the rows whose slack is basic."""
    import highspy
    import numpy as np

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(right)
    lp.col_cost_ = np.array([to_float(x) for x in cost])
    lp.col_lower_ = np.array([-highspy.kHighsInf if x is None else to_float(x) for x in low])
    lp.col_upper_ = np.array([highspy.kHighsInf if x is None else to_float(x) for x in high])
    lp.row_lower_ = lp.row_upper_ = np.array([to_float(x) for x in right])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, columns)])
    lp.a_matrix_.index_ = np.array([i for column in columns for i, _ in column], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([to_float(a) for column in columns for _, a in column])
    solver = silent_highs()
    solver.passModel(lp)
    solver.run()
    model, words = solver.getModelStatus(), highspy.HighsModelStatus
    if model in (words.kInfeasible, words.kUnboundedOrInfeasible):
        raise Infeasible("the linear programme has no feasible point; loosen a bound or a demand")
    if model == words.kUnbounded:
        raise Unbounded("the linear programme has no bound; give bounds to what earns money")
    if model != words.kOptimal:
        raise GameTheoryError(f"HiGHS ended with {model}; scale the data and solve again")
    basis, place = solver.getBasis(), highspy.HighsBasisStatus
    names = {place.kBasic: "basic", place.kUpper: "upper", place.kLower: "lower"}
    status = [names.get(word, "zero") for word in basis.col_status]
    return status, [i for i, word in enumerate(basis.row_status) if word == place.kBasic]
