"""B.1 for arrays: market-clearing prices of 1,000 companies before 100,000 users, without their table of purchases.

Source: the closed form and the water filling of :mod:`gametheory.models.utility_companies`. A user spends
``(t_n - zeta_n p_k)^+`` with company ``k``; with prices in rising order it buys from the ``m`` cheapest, the most for
which ``m p_m - sum_{k<=m} p_k <= C_n/zeta_n``, and ``t_n = (C_n + zeta_n sum_{k<=m} p_k)/m``. So sums of ``t_n`` and
``zeta_n`` by ``m`` give what every company sells.

1. The closed form, which is the answer where every user buys everywhere.
2. Otherwise Newton's method on ``S_k(p) = p_k P_k``. Sales are piecewise linear: ``dS_k/dp_j`` is the sum of
   ``zeta_n/m_n`` over the users of the dearer of both, less the sum of ``zeta_n`` on the diagonal. Minus the Jacobian
   is strictly diagonally dominant (by ``P_k``), so every step exists. A step that leaves more excess than before gives
   way to the excess-demand update with each company's own slope, ``p_k <- (sum t_n)/(P_k + sum zeta_n)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray
from gametheory.errors import InputError

__all__ = ["CompanyPrices", "clear_companies"]

_ROUNDS = 200


@dataclass(frozen=True, slots=True, eq=False)
class CompanyPrices:
    """Prices and what they mean.

    Attributes
    ----------
    prices
        ``p_k`` (money/kWh), one a company.
    levels
        ``t_n`` (money): user ``n`` buys ``(t_n/p_k - zeta_n)^+`` from company ``k``.
    demand
        What all users together buy from each company (kWh).
    interior
        Whether every user buys from every company, so that the closed form holds.
    iterations
        0 for the closed form, else how many updates.
    residual
        The largest excess demand, as a part of the company's power.
    """

    prices: FloatArray
    levels: FloatArray
    demand: FloatArray
    interior: bool
    iterations: int
    residual: float

    def purchases(self, user: int, zeta: float) -> FloatArray:
        """Return what one user buys from each company (kWh); the whole table may be too large to hold."""
        bought: FloatArray = np.maximum(self.levels[user] / self.prices - zeta, 0.0)
        return bought


def clear_companies(
    *, capacities: npt.ArrayLike, budgets: npt.ArrayLike, zeta: npt.ArrayLike, tolerance: float = 1e-12
) -> CompanyPrices:
    """Return prices at which every company sells just its power; how sure that is, the certificate says.

    Parameters
    ----------
    capacities
        ``P_k > 0`` (kWh), one a company.
    budgets, zeta
        ``C_n > 0`` (money) and ``zeta_n > 0`` (kWh), one a user.
    tolerance
        Largest excess demand left, as a part of the company's power.

    Raises
    ------
    InputError
        Shapes that do not fit, numbers that are not positive and finite.

    See Also
    --------
    gametheory.certificates.company_arrays.bound_company_prices : a rigorous bound on every company's regret.

    Examples
    --------
    >>> found = clear_companies(capacities=[2.0, 4.0], budgets=[3.0, 3.0], zeta=[0.5, 0.5])
    >>> found.prices.round(6), found.demand.round(6), found.interior
    (array([1.363636, 0.818182]), array([2., 4.]), True)
    """
    capacity, budget, own = (
        _positive(values, name) for values, name in ((capacities, "capacities"), (budgets, "budgets"), (zeta, "zeta"))
    )
    if budget.shape != own.shape:
        raise InputError(f"{len(own)} zeta for {len(budget)} budgets; give one for each user")
    total, room, count = float(budget.sum()), float(own.sum()), len(capacity)
    # K - Z H = sum P/(P + Z), without the cancellation.
    prices = total / ((capacity + room) * float((capacity / (capacity + room)).sum()))
    if count == 1:
        prices = total / capacity
    best: CompanyPrices | None = None
    for iterations in range(_ROUNDS + 1):
        at = _Sales.of(prices, budget, own)
        demand = at.sales / prices
        residual = float(np.abs(demand / capacity - 1).max())
        better = best is None or residual < best.residual
        if better:
            best = CompanyPrices(prices, at.levels, demand, at.interior, iterations, residual)
        if residual <= tolerance or count == 1:
            break
        prices = at.newton(capacity) if better else at.update(capacity)
    assert best is not None
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Sales:
    """What companies sell at prices: `room` is the ``zeta`` of each one's users, `shared` their ``zeta_n/m_n``."""

    prices: FloatArray
    levels: FloatArray
    sales: FloatArray
    room: FloatArray
    shared: FloatArray
    interior: bool

    @classmethod
    def of(cls, prices: FloatArray, budget: FloatArray, zeta: FloatArray) -> _Sales:
        order = np.argsort(prices)
        rising = prices[order]
        running = np.cumsum(rising)
        steps = np.arange(1, len(prices) + 1) * rising - running
        most = np.maximum(np.searchsorted(np.maximum.accumulate(steps), budget / zeta, side="right"), 1)
        levels = (budget + zeta * running[most - 1]) / most
        # Summed by m; the m-th cheapest company sees all who buy from at least m.
        columns = []
        for values in (levels, zeta, zeta / most):
            summed = np.cumsum(np.bincount(most, weights=values, minlength=len(prices) + 1)[::-1])[::-1][1:]
            placed = np.empty_like(prices)
            placed[order] = summed
            columns.append(placed)
        seen, room, shared = columns
        sales = np.maximum(seen - prices * room, 0.0)
        return cls(prices, levels, sales, room, shared, bool(most.min() == len(prices)))

    def newton(self, capacity: FloatArray) -> FloatArray:
        """Return the prices at which the tangent clears; none falls below half of what it was."""
        jacobian = np.minimum.outer(self.shared, self.shared)  # the dearer company has the fewer users
        jacobian[np.diag_indices_from(jacobian)] -= self.room + capacity
        step = np.linalg.solve(jacobian, self.prices * capacity - self.sales)
        return np.maximum(self.prices + step, self.prices / 2)

    def update(self, capacity: FloatArray) -> FloatArray:
        """Return each company's own clearing price for the levels and users it has."""
        return (self.sales + self.prices * self.room) / (capacity + self.room)


def _positive(values: npt.ArrayLike, name: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size:
        raise InputError(f"{name} has shape {array.shape}; give one number each")
    wrong = np.flatnonzero(~((array > 0) & (array < 1e120)))
    if wrong.size:
        raise InputError(f"{name}[{wrong[0]}] is {array[wrong[0]]}; it must be > 0 and finite (below 1e120)")
    return array
