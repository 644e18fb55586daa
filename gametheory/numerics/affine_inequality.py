"""Monotone affine variational inequalities over boxes and rows, by a primal-dual interior-point method.

Find ``x`` in ``{l <= x <= u, A x <= b}`` with ``(M x + q)' (y - x) >= 0`` for all ``y`` in it; ``M`` need not be
symmetric. With multipliers: ``M x + q + A' p - z + w = 0``, ``p, z, w >= 0`` complementary to their constraints.

Source: the predictor-corrector steps of S. Mehrotra, *SIAM J. Optim.* 2 (1992) 575-601, for monotone complementarity
problems as in S. J. Wright, *Primal-Dual Interior-Point Methods* (SIAM 1997), ch. 8: (1) the affine step; (2) aim at
the cube of what it would leave; (3) the corrected step, with the same factors; (4) go 0.995 of the way to the boundary.
The point stays strictly inside the box, and ends strictly inside the rows: rounding then cannot make it infeasible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray

__all__ = ["AffineSolution", "solve_affine"]


@dataclass(frozen=True, slots=True, eq=False)
class AffineSolution:
    """Where the method ended.

    Attributes
    ----------
    point, prices
        ``x``, and ``p`` of the rows.
    gap
        All products of multipliers and slacks together.
    residual
        The largest error of the stationarity and of the rows.
    rounds
        Steps taken.
    """

    point: FloatArray
    prices: FloatArray
    gap: float
    residual: float
    rounds: int


def solve_affine(
    matrix: FloatArray,
    vector: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    rows: FloatArray,
    bounds: FloatArray,
    *,
    tolerance: float,
    rounds: int = 100,
) -> AffineSolution:
    """Return a point whose gap is at most `tolerance`, or the last one.

    Examples
    --------
    >>> found = solve_affine(np.array([[2.0, 1.0], [-1.0, 2.0]]), np.array([-4.0, -3.0]), np.zeros(2),
    ...                      np.full(2, np.inf), np.ones((1, 2)), np.array([2.0]), tolerance=1e-10)
    >>> found.point.round(6), found.prices.round(6)
    (array([0.75, 1.25]), array([1.25]))
    """
    m, n = rows.shape
    sides = [_Side(lower, 1.0), _Side(upper, -1.0)]
    x = _inside(lower, upper)
    slack = np.maximum(bounds - rows @ x, 1.0)
    size = 1.0 + float(np.abs(matrix @ x + vector).max(initial=0.0))
    prices = np.full(m, size)
    for side in sides:
        side.force = np.full(side.places.size, size)
        side.room = side.sign * (x[side.places] - side.bounds)
    count = m + sum(side.places.size for side in sides)
    symmetric = bool(np.array_equal(matrix, matrix.T))
    thin = _thin(rows)
    done = 0
    while True:
        rest = matrix @ x + vector + thin.T @ prices
        for side in sides:
            rest[side.places] -= side.sign * side.force
        short = thin @ x + slack - bounds
        rooms = [side.room for side in sides]
        gap = float(prices @ slack) + sum(float(s.force @ room) for s, room in zip(sides, rooms, strict=True))
        residual = max(float(np.abs(rest).max(initial=0.0)), float(np.abs(short).max(initial=0.0)))
        if (gap <= tolerance / 2 and residual <= tolerance) or done == rounds or not np.isfinite(gap):
            break
        done += 1
        ratio = prices / slack
        system = matrix + _weighted(thin, ratio)
        diagonal = np.zeros(n)
        for side, room in zip(sides, rooms, strict=True):
            diagonal[side.places] += side.force / room
        system.flat[:: n + 1] += diagonal
        solve = _factored(system, symmetric)

        def step(
            targets: list[FloatArray], share: float
        ) -> tuple[FloatArray, FloatArray, FloatArray, list[FloatArray]]:
            """Return the steps of ``x``, slacks, prices and forces; targets are what the products should become."""
            right = -share * rest - thin.T @ (targets[0] / slack - prices + ratio * share * short)  # noqa: B023
            for side, room, target in zip(sides, rooms, targets[1:], strict=True):  # noqa: B023
                right[side.places] += side.sign * (target / room - side.force)
            dx = solve(right)  # noqa: B023
            # What the sum lost that was factored, one refinement gives back: its parts differ by ten orders of size.
            dx += solve(right - matrix @ dx - thin.T @ (ratio * (thin @ dx)) - diagonal * dx)  # noqa: B023
            ds = -share * short - thin @ dx  # noqa: B023
            dp = targets[0] / slack - prices - ratio * ds  # noqa: B023
            df = [
                target / room - side.force - side.force / room * side.sign * dx[side.places]
                for side, room, target in zip(sides, rooms, targets[1:], strict=True)  # noqa: B023
            ]
            return dx, ds, dp, df

        zeros = [np.zeros(m), *(np.zeros(side.places.size) for side in sides)]
        if count:
            dx, ds, dp, df = step(zeros, 1.0)
            length = _furthest(slack, ds, prices, dp, sides, rooms, dx, df)
            left = float((prices + length * dp) @ (slack + length * ds))
            for side, room, f in zip(sides, rooms, df, strict=True):
                moved = side.sign * dx[side.places]
                left += float((side.force + length * f) @ (room + length * moved))
            share = (max(left, 0.0) / gap) ** 3 if gap > 0 else 0.0
            aim = max(share * gap, tolerance / 4) / count  # no nearer to the boundary than need be
            second = [aim - ds * dp]
            second += [aim - side.sign * dx[side.places] * f for side, f in zip(sides, df, strict=True)]
        else:
            second = zeros
        dx, ds, dp, df = step(second, 1.0)
        length = min(1.0, 0.995 * _furthest(slack, ds, prices, dp, sides, rooms, dx, df))
        x = x + length * dx
        slack, prices = slack + length * ds, prices + length * dp
        for side, f in zip(sides, df, strict=True):
            side.force = side.force + length * f
            # Kept apart from ``x``: the difference of a point and its bound would round to nothing.
            side.room = side.room + length * side.sign * dx[side.places]
    return AffineSolution(np.clip(x, lower, upper), prices, gap, residual, done)


class _Side:
    """The variables that have a bound on one side, and its multipliers."""

    def __init__(self, bounds: FloatArray, sign: float) -> None:
        self.places = np.flatnonzero(np.isfinite(bounds))
        self.bounds = bounds[self.places]
        self.sign = sign
        self.force = self.room = np.zeros(0)


def _inside(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return a point strictly inside the box."""
    both = np.isfinite(lower) & np.isfinite(upper)
    low, high = np.where(np.isfinite(lower), lower, 0.0), np.where(np.isfinite(upper), upper, 0.0)
    x = np.where(both, (low + high) / 2, 0.0)
    x = np.where(np.isfinite(lower) & ~both, low + 1.0, x)
    found: FloatArray = np.where(np.isfinite(upper) & ~both, high - 1.0, x)
    return found


def _furthest(
    slack: FloatArray,
    ds: FloatArray,
    prices: FloatArray,
    dp: FloatArray,
    sides: list[_Side],
    rooms: list[FloatArray],
    dx: FloatArray,
    df: list[FloatArray],
) -> float:
    """Return how far one may go until the first product is zero, at most 1 over nothing in the way."""
    pairs = [(slack, ds), (prices, dp)]
    for side, room, f in zip(sides, rooms, df, strict=True):
        pairs += [(room, side.sign * dx[side.places]), (side.force, f)]
    worst = max((float((-change / value).max(initial=0.0)) for value, change in pairs), default=0.0)
    return 1.0 / max(worst, 1.0)


def _thin(rows: FloatArray) -> Any:
    """Return the rows as a sparse matrix where most of them is zero."""
    if np.count_nonzero(rows) > 0.1 * rows.size:
        return rows
    from scipy import sparse

    return sparse.csr_matrix(rows)


def _weighted(rows: Any, weights: FloatArray) -> Any:
    """Return ``A' diag(w) A``."""
    if isinstance(rows, np.ndarray):
        scaled = rows * np.sqrt(weights)[:, None]
        return scaled.T @ scaled
    from scipy import sparse

    return (rows.T @ sparse.diags(weights) @ rows).toarray()


def _factored(system: FloatArray, symmetric: bool) -> Any:
    """Return a function that solves the system, by Cholesky's factors where it is symmetric."""
    from scipy import linalg

    if symmetric:
        try:
            factor = linalg.cho_factor(system, lower=True, check_finite=False)
            return lambda right: linalg.cho_solve(factor, right, check_finite=False)
        except linalg.LinAlgError:
            pass
    parts = linalg.lu_factor(system, check_finite=False)
    return lambda right: linalg.lu_solve(parts, right, check_finite=False)
