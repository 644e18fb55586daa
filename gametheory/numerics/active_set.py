"""From an interior-point answer to the vertex-like one it means: guess what is active, solve, correct the guess.

Source: the primal-dual active-set method of M. Hintermueller, K. Ito, K. Kunisch, "The primal-dual active set strategy
as a semismooth Newton method", SIAM J. Optim. 13 (2003) 865-888: (1) a constraint is active if its multiplier exceeds
its slack; (2) solve the equality-constrained programme; (3) repeat until the active set stays. An interior point is
only as near as the root of its gap where a constraint holds with equality and without force; this removes that error.
"""

from __future__ import annotations

import numpy as np

from gametheory.arithmetic import FloatArray

__all__ = ["refine"]


def refine(
    hessian: FloatArray,
    linear: FloatArray,
    equal: tuple[FloatArray, FloatArray],
    above: tuple[FloatArray, FloatArray],
    start: tuple[FloatArray, FloatArray],
    *,
    rounds: int = 20,
) -> tuple[FloatArray, FloatArray] | None:
    """Return the minimiser of ``x'Hx/2 + g'x`` with ``A x = b``, ``C x >= h``, and the multipliers of ``A x = b``.

    Parameters
    ----------
    hessian, linear
        ``H`` (positive semidefinite) and ``g``.
    equal, above
        ``(A, b)`` and ``(C, h)``.
    start
        A point and the multipliers of ``C x >= h``, near the answer.
    rounds
        After so many without an end, None: keep the start.

    Examples
    --------
    >>> row = np.ones((1, 2))
    >>> x, y = refine(np.eye(2), np.zeros(2), (row, np.ones(1)), (np.eye(2)[:1], np.array([0.7])),
    ...               (np.array([0.70001, 0.29999]), np.array([0.39])))
    >>> x.round(12), y.round(12)
    (array([0.7, 0.3]), array([-0.3]))
    """
    (a, b), (c, h) = equal, above
    point, force = start
    size, rows = len(linear), len(b)
    scale = 1.0 + max(np.abs(h).max(initial=0.0), np.abs(point).max())
    active = force > c @ point - h
    for _ in range(rounds):
        tight = c[active]
        top = np.hstack([hessian, a.T, -tight.T])
        zero = np.zeros((rows + len(tight), rows + len(tight)))
        matrix = np.vstack([top, np.hstack([np.vstack([a, tight]), zero])])
        answer = _solve(matrix, np.concatenate([-linear, b, h[active]]))
        point = answer[:size]
        slack = c @ point - h
        force = np.zeros(len(h))
        force[active] = answer[size + rows :]
        tolerance = 1e-11 * scale
        wrong = (active & (force < -tolerance)) | (~active & (slack < -tolerance))
        if not wrong.any():
            fits = np.abs(matrix @ answer - np.concatenate([-linear, b, h[active]])).max() <= 1e-9 * scale
            return (point, answer[size : size + rows]) if fits else None
        active = active ^ wrong
    return None


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Return a solution; where several exist (a constraint stands twice, a flat direction) the shortest."""
    try:
        answer: FloatArray = np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
        size = np.abs(matrix).max() * np.abs(answer).max() + np.abs(right).max()
        if np.abs(matrix @ answer - right).max() <= 1e-12 * size < np.inf and np.abs(answer).max() < 1e9:
            return answer
    except np.linalg.LinAlgError:
        pass
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0], dtype=np.float64)
