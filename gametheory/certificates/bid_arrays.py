"""A rigorous bound on every member's regret, for large float answers of the islanded game without bounds.

The answer ``q, lam`` means the bids ``b_i = q_i - s + a lam`` with ``s = sum q / I``, so that purchases sum to zero.
While the others keep theirs, member ``i``'s cost is a parabola in what it receives, of curvature ``c_i + 2 kappa``. Its
slope at the answer is ``-r_i`` with ``r_i = c_i (D_i - q_i) + d_i - lam - kappa q_i + (c_i + kappa) s``, so its regret
is exactly ``r_i^2 / (2 (c_i + 2 kappa))``, and regrets of steps add up.

Rounding: with unit roundoff ``u = 2^-53``, each float operation on finite numbers is off by at most ``u`` times its
result (or ``2^-1074`` near zero), and a sum of ``n`` terms by at most ``n u / (1 - n u)`` times the sum of their sizes,
in any order (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., sections 2.2, 3.1 and 4.2). ``r_i`` is
made of eleven operations; the code allows 16 ``u`` times the sum of the sizes of its terms and doubles that.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError
from gametheory.result import Certificate, Strength

__all__ = ["bound_regret"]

_ROUNDOFF = 2.0**-53
#: Added wherever a number may have fallen below the normal floats.
_TINY = 2.0**-1000
#: Rows in one block.
_BLOCK = 4096
_LARGEST = 1e120


def bound_regret(
    *,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    demand: npt.ArrayLike,
    sensitivity: float,
    price: npt.ArrayLike,
    received: npt.ArrayLike,
    epsilon: float | None = None,
) -> Certificate:
    """Return a certificate that no member can gain more than `.bound` (money, all steps together).

    Parameters
    ----------
    c, d, demand, sensitivity
        The game, as :func:`gametheory.solvers.aggregative.arrays.solve_islanded` takes it.
    price, received
        The answer: ``lam`` (steps) and ``q`` (members x steps).
    epsilon
        The regret claimed; left out, what is found is claimed.

    Raises
    ------
    InputError
        Shapes that do not fit, numbers that are not finite or beyond ``1e120``, ``c <= 0``.

    Examples
    --------
    >>> certificate = bound_regret(c=[[1.0], [1.0]], d=0.0, demand=[[2.0], [0.0]], sensitivity=1.0,
    ...                            price=[1.0], received=[[0.5], [-0.5]])
    >>> certificate.strength.value, certificate.bound < 1e-25
    ('bounded', True)
    """
    q = np.asarray(received, dtype=np.float64)
    if q.ndim != 2 or len(q) < 2:
        raise InputError(f"received has shape {q.shape}; give members x steps, at least two members")
    rows, steps = q.shape
    lam = np.asarray(price, dtype=np.float64)
    a = float(sensitivity)
    if lam.shape != (steps,) or not _TINY < a < _LARGEST:
        raise InputError(f"price has shape {lam.shape} and sensitivity is {sensitivity}; give {steps} prices, a > 0")
    curvature, slope, position = (_table(v, n, q.shape) for v, n in ((c, "c"), (d, "d"), (demand, "demand")))
    # kappa = 1/(a (I - 1)): two rounded operations, widened below.
    kappa = 1.0 / (a * (rows - 1))
    total, size, peak = _sums(q)
    # The mean purchase, and twice the bound on the rounding of a sum of `rows` terms and of the sum of sizes itself.
    slip = total / rows
    missed = (4 * rows * _ROUNDOFF * size + rows * _TINY) / rows + 4 * _ROUNDOFF * np.abs(slip)
    worst: Any = 0.0
    smallest: Any = np.inf
    # np.maximum and np.minimum keep a NaN, so that the tests below see it.
    largest: Any = np.maximum(peak, np.abs(lam).max())
    for start in range(0, rows, _BLOCK):
        part = slice(start, min(start + _BLOCK, rows))
        x, y = q[part], position[part]
        e, f = curvature[part], slope[part]
        smallest = np.minimum(smallest, e.min())
        largest = reduce(np.maximum, (np.abs(array).max() for array in (e, f, y)), largest)
        if not (largest < _LARGEST and smallest > 0):
            break  # refused below
        steep = e + kappa
        residual = np.abs(e * (y - x) + f - lam - kappa * x + steep * slip)
        sizes = e * (np.abs(y) + np.abs(x)) + np.abs(f) + np.abs(lam) + kappa * np.abs(x) + steep * np.abs(slip)
        residual += 32 * _ROUNDOFF * sizes + steep * missed * (1 + 8 * _ROUNDOFF) + _TINY
        # The quotient first: where it falls below the normal floats, the product is far below `_TINY`.
        regret = (residual * (residual / (2 * (e + 2 * kappa))) + _TINY).sum(axis=1)
        worst = np.maximum(worst, regret.max())
    if not largest < _LARGEST:
        raise InputError("a number is not finite or beyond 1e120; give finite numbers, or other units")
    if not smallest > 0:
        raise InputError(f"c is {smallest} somewhere: disutility must be strictly convex; give c > 0")
    bound = float(worst) * (1 + (steps + 64) * 4 * _ROUNDOFF)
    if not np.isfinite(bound):
        raise InputError("the regret is beyond the range of floats; give other units, or certify in rationals")
    claimed = bound if epsilon is None else float(epsilon)
    if bound > claimed:
        raise InputError(
            f"a regret of at most {claimed:.3g} cannot be shown in floats: the bound is {bound:.3g}; "
            "claim that, or certify the game in rationals"
        )
    return Certificate(
        strength=Strength.BOUNDED,
        claim=f"no member gains more than {claimed:.3g} by deviating alone",
        bound=Fraction(bound),
        epsilon=Fraction(claimed),
    )


def _table(values: npt.ArrayLike, name: str, shape: tuple[int, int]) -> FloatArray:
    array: Any = np.asarray(values, dtype=np.float64)
    if array.shape == shape[:1]:
        array = array[:, None]
    try:
        result: FloatArray = np.broadcast_to(array, shape)
    except ValueError:
        raise InputError(f"{name} has shape {array.shape}; give one number, {shape[0]}, or {shape}") from None
    return result


def _sums(q: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Return the column sums, the column sums of sizes and the largest size."""
    total, size, largest = np.zeros(q.shape[1]), np.zeros(q.shape[1]), 0.0
    for start in range(0, len(q), _BLOCK):
        block = q[start : start + _BLOCK]
        sizes = np.abs(block)
        total += block.sum(axis=0)
        size += sizes.sum(axis=0)
        largest = float(np.maximum(largest, sizes.max()))
        if not largest < _LARGEST:
            break
    return total, size, largest
