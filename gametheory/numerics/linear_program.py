"""Linear programmes with exact answers: HiGHS finds a basis in floats, rationals decide it, a simplex in rationals
takes over where the basis does not stand.

``maximise c x  subject to  A x <= b  (or = b in the rows named),  x >= 0``. The answer carries exact multipliers, so
that weak duality proves it: ``A' y >= c``, ``y >= 0`` on the inequalities, ``b y = c x``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, exact, rational, to_float
from gametheory.numerics.highs import silent_highs

__all__ = ["LinearAnswer", "maximise"]

#: Programmes with fewer entries than this go to the rational simplex at once: HiGHS costs more to start.
_SMALL = 120


@dataclass(frozen=True, slots=True)
class LinearAnswer:
    """What became of a programme.

    Attributes
    ----------
    status
        ``"optimal"``, ``"infeasible"`` or ``"unbounded"``.
    x, y, value
        Optimal point, multipliers of the rows, and objective, where it is optimal. Where it is infeasible, `y` is a
        proof: ``A' y >= 0``, ``y >= 0`` on the inequalities and ``b y < 0``.
    """

    status: str
    x: tuple[Fraction, ...] = ()
    y: tuple[Fraction, ...] = ()
    value: Fraction = Fraction(0)


def maximise(
    c: Sequence[Number], a: Sequence[Sequence[Number]], b: Sequence[Number], *, equal: Collection[int] = ()
) -> LinearAnswer:
    """Solve the programme exactly; `equal` names the rows that hold with equality.

    Examples
    --------
    >>> answer = maximise([1, 1], [[1, 2], [3, 1]], [4, 6])
    >>> str(answer.value), [str(x) for x in answer.x], [str(y) for y in answer.y]
    ('14/5', ['8/5', '6/5'], ['2/5', '1/5'])
    """
    objective = [rational(x) for x in c]
    matrix = [[rational(x) for x in row] for row in a]
    right = [rational(x) for x in b]
    if len(matrix) * len(objective) >= _SMALL:
        answer = _from_floats(objective, matrix, right, equal)
        if answer is not None:
            return answer
    return _simplex(objective, matrix, right, equal)


# ------------------------------------------------------------------------------------------ a basis found in floats


def _from_floats(c: list[Any], a: list[list[Any]], b: list[Any], equal: Collection[int]) -> LinearAnswer | None:
    """Return the exact answer at the basis where HiGHS ends, or None if it is not optimal in rationals."""
    basis = _highs_basis(c, a, b, equal)
    if basis is None:
        return None
    columns, rows = basis
    if len(columns) != len(rows):
        return None
    zero = flint.fmpq(0)
    x, y = [zero] * len(c), [zero] * len(b)
    if columns:
        block = flint.fmpq_mat([[a[i][j] for j in columns] for i in rows])
        try:
            primal = block.solve(flint.fmpq_mat([[b[i]] for i in rows]))
            dual = block.transpose().solve(flint.fmpq_mat([[c[j]] for j in columns]))
        except ZeroDivisionError:
            return None
        for k, j in enumerate(columns):
            x[j] = primal[k, 0]
        for k, i in enumerate(rows):
            y[i] = dual[k, 0]
    if not _optimal(c, a, b, equal, x, y):
        return None
    value = sum((u * v for u, v in zip(c, x, strict=True)), zero)
    return LinearAnswer("optimal", tuple(map(exact, x)), tuple(map(exact, y)), exact(value))


def _highs_basis(
    c: list[Any], a: list[list[Any]], b: list[Any], equal: Collection[int]
) -> tuple[list[int], list[int]] | None:
    """Return the basic columns and the tight rows of HiGHS's final basis."""
    import highspy
    import numpy as np

    try:
        dense = np.array([[to_float(x) for x in row] for row in a], dtype=float)
        cost, upper = np.array([to_float(x) for x in c]), np.array([to_float(x) for x in b])
    except OverflowError:
        return None
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(c), len(b)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = cost
    lp.col_lower_, lp.col_upper_ = np.zeros(len(c)), np.full(len(c), highspy.kHighsInf)
    lp.row_lower_ = np.array([upper[i] if i in equal else -highspy.kHighsInf for i in range(len(b))])
    lp.row_upper_ = upper
    where = dense != 0
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(where.sum(axis=1))])
    lp.a_matrix_.index_ = np.nonzero(where)[1]
    lp.a_matrix_.value_ = dense[where]
    solver = silent_highs()
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    basis = solver.getBasis()
    basic = highspy.HighsBasisStatus.kBasic
    return (
        [j for j, status in enumerate(basis.col_status) if status == basic],
        [i for i, status in enumerate(basis.row_status) if status != basic],
    )


def _optimal(
    c: list[Any], a: list[list[Any]], b: list[Any], equal: Collection[int], x: list[Any], y: list[Any]
) -> bool:
    """Whether ``x`` and ``y`` are feasible; at one basis their objectives are then equal."""
    if any(v < 0 for v in x) or any(v < 0 for i, v in enumerate(y) if i not in equal):
        return False
    played = [j for j, v in enumerate(x) if v != 0]
    for i, row in enumerate(a):
        slack = b[i] - sum((row[j] * x[j] for j in played), flint.fmpq(0))
        if slack < 0 or (i in equal and slack != 0):
            return False
    tight = [i for i, v in enumerate(y) if v != 0]
    return all(sum((a[i][j] * y[i] for i in tight), flint.fmpq(0)) >= c[j] for j in range(len(c)))


# ------------------------------------------------------------------------------------------ a simplex in rationals


def _simplex(c: list[Any], a: list[list[Any]], b: list[Any], equal: Collection[int]) -> LinearAnswer:
    """Two phases with Bland's rule (Mathematics of Operations Research 2 (1977) 103-107), which cannot cycle.

    Column ``j < n`` is ``x_j``, column ``n + i`` the slack of row ``i``, column ``n + r + i`` its artificial variable;
    rows are turned so that the right side is not negative. The artificial columns keep the inverse of the basis.
    """
    n, r = len(c), len(b)
    zero, one = flint.fmpq(0), flint.fmpq(1)
    turn = [-one if b[i] < 0 else one for i in range(r)]
    table = []
    for i in range(r):
        slack = [turn[i] if k == i and i not in equal else zero for k in range(r)]
        table.append(
            [*(turn[i] * v for v in a[i]), *slack, *(one if k == i else zero for k in range(r)), turn[i] * b[i]]
        )
    basis = [n + r + i for i in range(r)]
    first = [zero] * (n + r) + [-one] * r
    _pivot_to_optimum(table, basis, first, n + r)
    if any(table[i][-1] != 0 for i in range(r) if basis[i] >= n + r):
        y = _multipliers(table, basis, first, n + r, turn)
        return LinearAnswer("infeasible", y=tuple(exact(v) for v in y))
    for i in range(
        r
    ):  # an artificial variable that is still basic is 0; put a real one in its place where there is one
        if basis[i] >= n + r:
            column = next((j for j in range(n + r) if table[i][j] != 0), None)
            if column is not None:
                _pivot(table, basis, i, column)
    second = [*c, *([zero] * (2 * r))]
    if not _pivot_to_optimum(table, basis, second, n + r):
        return LinearAnswer("unbounded")
    x = [zero] * (n + 2 * r)
    for i, j in enumerate(basis):
        x[j] = table[i][-1]
    y = _multipliers(table, basis, second, n + r, turn)
    value = sum((u * v for u, v in zip(c, x[:n], strict=True)), zero)
    return LinearAnswer("optimal", tuple(map(exact, x[:n])), tuple(map(exact, y)), exact(value))


def _multipliers(table: list[list[Any]], basis: list[int], cost: list[Any], start: int, turn: list[Any]) -> list[Any]:
    """Return the multipliers of the rows as they were given."""
    zero = flint.fmpq(0)
    found = []
    for k in range(len(table)):
        column = start + k
        price = sum((cost[j] * row[column] for j, row in zip(basis, table, strict=True) if cost[j] != 0), zero)
        # In phase one the artificial columns cost -1 themselves: the multiplier is the price, not the reduced cost.
        found.append(price * turn[k])
    return found


def _pivot_to_optimum(table: list[list[Any]], basis: list[int], cost: list[Any], columns: int) -> bool:
    """Pivot by Bland's rule on the first `columns` columns; False if the objective is unbounded."""
    zero = flint.fmpq(0)
    reduced = list(cost)
    for j, line in zip(basis, table, strict=True):
        if cost[j] != 0:
            factor = cost[j]
            reduced = [u - factor * v for u, v in zip(reduced, line, strict=False)]
    while True:
        entering = next((j for j in range(columns) if reduced[j] > zero), None)
        if entering is None:
            return True
        ratios = [(line[-1] / line[entering], basis[i], i) for i, line in enumerate(table) if line[entering] > zero]
        if not ratios:
            return False
        row = min(ratios)[2]
        _pivot(table, basis, row, entering)
        factor = reduced[entering]
        reduced = [u - factor * v for u, v in zip(reduced, table[row], strict=False)]


def _pivot(table: list[list[Any]], basis: list[int], row: int, column: int) -> None:
    scale = table[row][column]
    table[row] = [v / scale for v in table[row]]
    for i, line in enumerate(table):
        if i != row and line[column] != 0:
            factor = line[column]
            table[i] = [u - factor * v if v != 0 else u for u, v in zip(line, table[row], strict=True)]
    basis[row] = column
