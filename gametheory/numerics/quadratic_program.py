"""Convex quadratic programmes in floats, by the interior-point method of PIQP.

Source: R. Schwan, Y. Jiang, D. Kuhn, C. N. Jones, "PIQP: a proximal interior-point quadratic programming solver",
IEEE CDC (2023).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray

__all__ = ["FloatSolution", "interior_point"]


@dataclass(frozen=True, slots=True)
class FloatSolution:
    """An approximate minimiser.

    Attributes
    ----------
    point
        The variables.
    tight
        For each row of the constraints whether its multiplier is larger than its slack; equalities are tight.
    iterations, solved, word
        Steps taken, whether the method says it converged, and its own word for how it ended.
    """

    point: FloatArray
    tight: tuple[bool, ...]
    iterations: int
    solved: bool
    word: str


def interior_point(
    hessian: Iterable[tuple[int, int, Any]],
    gradient: Sequence[Any],
    constraints: Iterable[tuple[Any, Any, bool]],
    *,
    tolerance: float = 1e-10,
) -> FloatSolution:
    """Minimise ``x' H x / 2 + g' x`` under linear constraints.

    Parameters
    ----------
    hessian
        Entries ``(row, column, value)`` of both triangles; it must be positive semidefinite.
    gradient
        ``g``.
    constraints
        Rows ``(coefficients, bound, is it an equality)``, the coefficients as pairs ``(index, number)``.
    tolerance
        Of PIQP's own stopping rule, absolute and relative.
    """
    import piqp
    from scipy import sparse

    size = len(gradient)
    kinds = {False: ([], [], [], []), True: ([], [], [], [])}  # type: dict[bool, tuple[list[Any], ...]]
    places: list[tuple[bool, int]] = []
    for coefficients, bound, equal in constraints:
        rows, columns, values, right = kinds[equal]
        number = len(right)
        places.append((equal, number))
        for k, a in coefficients:
            rows.append(number)
            columns.append(k)
            values.append(float(a))
        right.append(float(bound))
    entries = list(hessian)
    P = sparse.csc_matrix(
        ([float(v) for _, _, v in entries], ([r for r, _, _ in entries], [c for _, c, _ in entries])), (size, size)
    )
    solver = piqp.SparseSolver()
    solver.settings.eps_abs = tolerance
    solver.settings.eps_rel = tolerance
    matrices = []
    for equal in (True, False):
        rows, columns, values, right = kinds[equal]
        matrices.append(
            (sparse.csc_matrix((values, (rows, columns)), (len(right), size)), np.array(right))
            if right
            else (None, None)
        )
    (A, b), (G, h) = matrices
    solver.setup(P, np.array([float(v) for v in gradient]), A, b, G, None, h)
    status = solver.solve()
    result = solver.result
    x = np.array(result.x)
    slack = h - G @ x if G is not None else np.zeros(0)
    tight = [equal or bool(result.z_u[number] > slack[number]) for equal, number in places]
    return FloatSolution(x, tuple(tight), int(result.info.iter), status == piqp.PIQP_SOLVED, str(status))
