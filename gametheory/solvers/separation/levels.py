"""The levels of excess of a family of coalitions: a sequence of small programmes over those found so far.

The nucleolus of the family comes first; the search then looks for a coalition outside it that does worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from gametheory.errors import GameTheoryError
from gametheory.numerics.highs import silent_highs
from gametheory.solvers.separation.shares import Floats

__all__ = ["Levels", "levels_of", "minimum", "orthogonal"]

#: Weights and images of coalitions below this are zero: the former are about 1/n, the latter about 1.
_ZERO = 1e-7


@dataclass(frozen=True, slots=True)
class Levels:
    """An allocation and its levels.

    Attributes
    ----------
    amounts
        The allocation.
    excesses
        The level's excess, largest first.
    settled
        For each level the rows (of the family) whose weights are positive: they are tight at every optimum.
    spaces
        For each level what is orthogonal to all that was settled before it, a row a vector.
    """

    amounts: Floats
    excesses: tuple[float, ...]
    settled: tuple[tuple[int, ...], ...]
    spaces: tuple[Floats, ...]


def levels_of(rows: Floats, costs: Floats, total: float, sizes: Floats, *, deepest: int) -> Levels:
    """Return the levels of the coalitions in `rows` (zeros and ones), down to `deepest` of them.

    1. ``min e`` with ``x(T) - e f(T) <= C(T)`` for the open coalitions, and what is settled kept (Kopelowitz 1967).
    2. Settle those with a positive multiplier, and with them all that depend on them linearly.
    3. Repeat until the settled ones determine the allocation.
    """
    size = rows.shape[1]
    kept, amounts = [np.ones(size)], [total]
    space = orthogonal(np.array(kept))
    found: list[tuple[float, tuple[int, ...], Floats]] = []
    x = np.zeros(size)
    while len(space) and len(found) < deepest:
        open_ = np.flatnonzero((abs(rows @ space.T) > _ZERO).any(axis=1))
        x, excess, weights = _least(rows[open_], costs[open_], sizes[open_], np.array(kept), np.array(amounts))
        chosen = open_[weights > _ZERO]
        chosen = chosen[_minimal(rows[chosen] @ space.T)]
        found.append((excess, tuple(map(int, chosen)), space))
        for k in chosen:
            if len(space) and (abs(space @ rows[k]) > _ZERO).any():
                kept.append(rows[k])
                amounts.append(float(costs[k] + excess * sizes[k]))
                space = _without(space, rows[k])
        if not len(chosen):
            raise GameTheoryError("floats do not decide a level of the excesses; scale the amounts of money")
    return Levels(
        x, tuple(e for e, _, _ in found), tuple(c for _, c, _ in found), tuple(space for _, _, space in found)
    )


def _minimal(images: Floats) -> Any:
    """Return which coalitions to keep, so that those kept are balanced and no fewer of them are.

    The weights of a vertex may leave out what is settled, and then are not the only ones: exactly they would be others.
    """
    count, size = images.shape
    if np.linalg.matrix_rank(images, tol=_ZERO) >= count - 1:
        return np.arange(count)
    right = np.append(np.zeros(size), 1.0)
    matrix = np.concatenate([np.where(abs(images.T) < 1e-12, 0.0, images.T), np.ones((1, count))])
    _, weights, _ = minimum(matrix, right, right, np.zeros(count), np.zeros(count), np.full(count, highspy.kHighsInf))
    kept = np.flatnonzero(weights > _ZERO)
    return kept if len(kept) else np.arange(count)


def _without(space: Floats, row: Floats) -> Floats:
    """Return an orthonormal basis of what in `space` is orthogonal to `row`: Householder's reflection, one row off."""
    image = space @ row
    image[0] += np.copysign(np.linalg.norm(image), image[0])
    return np.asarray((space - np.outer(2 * image / (image @ image), image @ space))[1:])


def orthogonal(rows: Floats) -> Floats:
    """Return an orthonormal basis of what is orthogonal to the rows, a row a vector."""
    _, singular, right = np.linalg.svd(rows, full_matrices=True)
    rank = int((singular > 1e-9 * max(1.0, singular[0])).sum())
    return np.asarray(right[rank:])


def _least(rows: Floats, costs: Floats, sizes: Floats, kept: Floats, amounts: Floats) -> tuple[Floats, float, Floats]:
    """Return the allocation, the least largest excess, and the coalitions' weights."""
    open_, size = rows.shape
    matrix = np.concatenate([np.hstack([rows, -sizes[:, None]]), np.hstack([kept, np.zeros((len(kept), 1))])])
    low, high = np.concatenate([np.full(open_, -highspy.kHighsInf), amounts]), np.concatenate([costs, amounts])
    free = np.full(size + 1, highspy.kHighsInf)
    status, values, multipliers = minimum(matrix, low, high, np.append(np.zeros(size), 1.0), -free, free)
    if status != highspy.HighsModelStatus.kOptimal:
        raise GameTheoryError(f"HiGHS ended with {status} at a level of excesses; scale the money")
    return values[:-1], float(values[-1]), -multipliers[:open_]


def minimum(
    matrix: Floats, low: Floats, high: Floats, costs: Floats, least: Floats, most: Floats, *, inner: bool = False
) -> tuple[Any, Floats, Floats]:
    """Return how HiGHS ended on ``min costs v`` with ``low <= matrix v <= high``, the variables and multipliers.

    Many optima: a vertex, or with `inner` a point amid them (the interior point method without its crossover).
    """
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, least, most
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    places = np.nonzero(matrix)
    lp.a_matrix_.start_ = np.searchsorted(places[0], np.arange(len(matrix) + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = places[1].astype(np.int32), matrix[places]
    solver: Any = silent_highs()
    if inner:
        solver.setOptionValue("solver", "ipm")
        solver.setOptionValue("run_crossover", "off")
    else:
        solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
        solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    solver.passModel(lp)
    solver.run()
    solution = solver.getSolution()
    return solver.getModelStatus(), np.array(solution.col_value), np.array(solution.row_dual)
