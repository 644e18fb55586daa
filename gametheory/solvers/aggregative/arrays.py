"""The closed form of the islanded game for arrays: a million members in a few passes over memory.

Source: as :mod:`~gametheory.solvers.aggregative.closed_form`; the formulas are those of
:mod:`gametheory.models.energy_sharing`, and a property test shows that the arrays hold what they give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError, NotApplicable
from gametheory.numerics.price_kernel import weighted_price

__all__ = ["ArrayEquilibrium", "islanded_price", "solve_islanded"]


@dataclass(frozen=True, slots=True, eq=False)
class ArrayEquilibrium:
    """An equilibrium in floats; arrays are members x steps.

    Attributes
    ----------
    price
        ``lam`` (money/kWh), one a step.
    received
        ``q`` (kWh; > 0 bought).
    demand
        ``D`` (kWh) as it was given; None where the answer was written over it.
    sensitivity
        ``a`` (kWh per unit of price).
    """

    price: FloatArray
    received: FloatArray
    demand: FloatArray | None
    sensitivity: float

    @property
    def adjustments(self) -> FloatArray:
        """``p = D - q`` (kWh), a new array.

        Raises
        ------
        NotApplicable
            The answer was written over the demand.
        """
        if self.demand is None:
            raise NotApplicable("the answer was written over the demand (out=demand); keep a copy, or give another out")
        return self.demand - self.received

    @property
    def bids(self) -> FloatArray:
        """``b = q + a lam`` (kWh), a new array."""
        return self.received + self.sensitivity * self.price


def solve_islanded(
    *, c: npt.ArrayLike, d: npt.ArrayLike, demand: npt.ArrayLike, sensitivity: float, out: FloatArray | None = None
) -> ArrayEquilibrium:
    """Return the unique equilibrium of the islanded quadratic game without bounds, in floats.

    How sure it is, :func:`gametheory.certificates.bid_arrays.bound_regret` says rigorously.

    Memory that a process touches for the first time costs more than all arithmetic here: a new answer of 10^6 x 48
    takes four times as long as one that is written to memory in use. Hand that over as `out`, or take
    :func:`islanded_price` and let each member's purchase follow when it is asked for.

    Parameters
    ----------
    c, d
        Disutility ``c p^2/2 + d p``, ``c > 0``: one number, one a member, or members x steps.
    demand
        ``D`` (kWh), one a member or members x steps.
    sensitivity
        ``a > 0`` (kWh per unit of price).
    out
        Where to write ``q``: float64, members x steps, contiguous. It may be the array given as `demand`, which is then
        used up: the answer has no :attr:`~ArrayEquilibrium.adjustments`.

    Raises
    ------
    InputError
        Fewer than two members, ``c <= 0``, ``sensitivity <= 0``, numbers that are not finite or overflow.

    Examples
    --------
    >>> found = solve_islanded(c=1.0, d=0.0, demand=[2.0, 0.0], sensitivity=1.0)
    >>> found.price, found.received.ravel(), found.adjustments.ravel()
    (array([1.]), array([ 0.5, -0.5]), array([1.5, 0.5]))
    """
    position, curvature, slope, a = _read(c, d, demand, sensitivity)
    _check_out(out, position, curvature, slope)
    used_up = out is not None and np.may_share_memory(out, position)
    kappa = 1.0 / (a * (len(position) - 1))
    with np.errstate(all="ignore"):
        price, received, smallest = weighted_price(curvature, slope, position, kappa, out=out)
    _check_price(price, smallest)
    return ArrayEquilibrium(price, received, None if used_up else position, a)  # type: ignore[arg-type]  # not price_only


def islanded_price(*, c: npt.ArrayLike, d: npt.ArrayLike, demand: npt.ArrayLike, sensitivity: float) -> FloatArray:
    """Return the prices of that equilibrium alone, one a step: one reading of the arrays, and nothing written.

    A member then receives ``q = (c D + d - lam)/(c + kappa)``
    (:func:`gametheory.models.energy_sharing.equilibrium_received`), with ``kappa = 1/(a (I - 1))``.

    Examples
    --------
    >>> islanded_price(c=1.0, d=0.0, demand=[2.0, 0.0], sensitivity=1.0)
    array([1.])
    """
    position, curvature, slope, a = _read(c, d, demand, sensitivity)
    with np.errstate(all="ignore"):
        price, _, smallest = weighted_price(
            curvature, slope, position, 1.0 / (a * (len(position) - 1)), price_only=True
        )
    _check_price(price, smallest)
    return price


def _read(
    c: npt.ArrayLike, d: npt.ArrayLike, demand: npt.ArrayLike, sensitivity: float
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    position = _columns(demand, "demand")
    rows, steps = position.shape
    if rows < 2:
        raise InputError(f"{rows} member(s): sharing needs at least 2")
    a = float(sensitivity)
    if not 0 < a < np.inf:
        raise InputError(f"sensitivity {sensitivity} must be > 0 and finite (kWh per unit of price)")
    curvature, slope = (_spread(values, name, rows, steps) for values, name in ((c, "c"), (d, "d")))
    return position, curvature, slope, a


def _check_price(price: FloatArray, smallest: float) -> None:
    if not smallest > 0:
        raise InputError(f"c is {smallest} somewhere: disutility must be strictly convex; give c > 0")
    wrong = np.flatnonzero(~np.isfinite(price))
    if wrong.size:
        raise InputError(
            f"step {wrong[0]}: c, d or demand holds a number that is not finite, or one so large that the price "
            "overflows; give finite numbers, or other units"
        )


def _check_out(out: FloatArray | None, position: FloatArray, curvature: FloatArray, slope: FloatArray) -> None:
    """Refuse an array that the answer cannot be written to without spoiling what is still to be read."""
    if out is None:
        return
    fits = isinstance(out, np.ndarray) and out.shape == position.shape and out.dtype == np.float64
    if not fits or not out.flags.c_contiguous or not out.flags.writeable:
        raise InputError(f"out: give a writeable contiguous float64 array of shape {position.shape}")
    same = out.__array_interface__["data"] == position.__array_interface__["data"]
    if np.may_share_memory(out, curvature) or np.may_share_memory(out, slope):
        raise InputError("out shares memory with c or d, which are read again; give another array")
    if np.may_share_memory(out, position) and not same:
        raise InputError("out shares a part of the memory of demand; give demand itself, or another array")


def _columns(values: npt.ArrayLike, name: str) -> FloatArray:
    array = np.ascontiguousarray(values, dtype=np.float64)
    if np.ndim(values) not in (1, 2) or 0 in array.shape:
        raise InputError(f"{name} has shape {np.shape(values)}; give one number a member, or members x steps")
    return array.reshape(len(array), -1)


def _spread(values: npt.ArrayLike, name: str, rows: int, steps: int) -> FloatArray:
    """Return the values with one row a member; one column may stand for all steps."""
    if np.ndim(values) == 0:
        return np.full((rows, 1), values, dtype=np.float64)
    array = _columns(values, name)
    if array.shape not in {(rows, 1), (rows, steps)}:
        raise InputError(f"{name} has shape {np.shape(values)}; give {rows} numbers, or {rows} x {steps}")
    return array
