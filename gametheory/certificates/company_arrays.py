"""B.1 for arrays: a rigorous bound on what any of 1,000 companies could gain by another price, before 100,000 users.

Users: ``sum_k ln(zeta + d_k)`` within ``sum_k p_k d_k <= C`` is strictly concave; Karush, Kuhn and Tucker's conditions
give ``d_k = (t/p_k - zeta)^+`` with the one level ``t`` that spends the budget. So user ``n`` spends
``s_k = (t_n - zeta_n p_k)^+``, and buys from the ``m`` cheapest companies where ``m p_m - sum_{k<=m} p_k <= C/zeta``
holds for ``m`` and not for ``m + 1``.

Companies: where ``p_k`` rises and the user buys from ``m`` companies, ``t`` rises by ``zeta/m`` and ``s_k`` by
``zeta/m - zeta <= 0``; where it does not buy from ``k``, ``s_k`` stays 0. So the sales ``S_k = sum_n s_k`` do not rise
with ``p_k``. The revenue is ``min(S_k, p_k P_k)``: below the posted price it is at most ``p_k P_k``, above it at most
``S_k``, and never more than all budgets. The regret of company ``k`` is therefore at most

    min(max(S_k, p_k P_k), sum C) - min(S_k, p_k P_k).

Rounding: ``u = 2^-53``, sums run in ``longdouble`` of roundoff ``v``. Levels are made of ``K`` summed prices and five
operations, ``S_k`` of at most ``N`` levels; a user on the wrong side of its own threshold shifts ``s_k`` by the
rounding of its level, because there ``s_k`` is 0. In all ``(32 u + 4 (N + K) v)(sum t_n + p_k sum zeta_n)`` covers it.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray, Number, exact
from gametheory.errors import InputError
from gametheory.result import Certificate, Strength

__all__ = ["bound_company_prices"]

_ROUNDOFF = 2.0**-53
#: Only where a claim is about to be refuted.
_HALVINGS = 20


def bound_company_prices(
    *,
    capacities: npt.ArrayLike,
    budgets: npt.ArrayLike,
    zeta: npt.ArrayLike,
    prices: npt.ArrayLike,
    epsilon: Number | None = None,
) -> Certificate:
    """Return a certificate that no company earns more by another price, up to `.bound` (money), users answering best.

    Parameters
    ----------
    capacities, budgets, zeta
        The market, as :func:`gametheory.solvers.pricing.company_arrays.clear_companies` takes it.
    prices
        The answer: ``p_k > 0``, one a company.
    epsilon
        The regret claimed; left out, what is found is claimed. A company that certainly gains more refutes it.

    Raises
    ------
    InputError
        Shapes that do not fit, numbers that are not positive and finite.

    Examples
    --------
    >>> market = dict(capacities=[2.0, 4.0], budgets=[3.0, 3.0], zeta=[0.5, 0.5])
    >>> bound_company_prices(**market, prices=[15 / 11, 9 / 11]).bound < 1e-12
    True
    >>> bound_company_prices(**market, prices=[1.5, 9 / 11], epsilon=0).strength.value
    'refuted'
    """
    power, budget, own, posted = (
        _positive(values, name)
        for values, name in ((capacities, "capacities"), (budgets, "budgets"), (zeta, "zeta"), (prices, "prices"))
    )
    if budget.shape != own.shape or power.shape != posted.shape:
        raise InputError(
            f"{len(budget)} budgets, {len(own)} zeta, {len(power)} capacities, {len(posted)} prices; "
            "give a zeta for each budget and a price for each capacity"
        )
    sales, slip = _sales(budget, own, posted)
    revenue = posted * power
    everything = float(budget.sum()) * (1 + len(budget) * 2 * _ROUNDOFF)
    high = np.minimum(np.maximum(sales + slip, revenue * (1 + 2 * _ROUNDOFF)), everything)
    low = np.minimum(sales - slip, revenue * (1 - 2 * _ROUNDOFF))
    regrets = np.maximum(high - low, 0.0) * (1 + 4 * _ROUNDOFF)
    worst = int(np.argmax(regrets))
    bound = Fraction(float(regrets[worst]))
    claimed = bound if epsilon is None else exact(epsilon, what="epsilon")
    gain, price = 0.0, float(posted[worst])
    if bound > claimed:
        gain, price = _certain(budget, own, posted, power, worst, float(sales[worst]), float(slip[worst]))
    refuted = Fraction(gain) > claimed
    witness = {"company": worst, "leader_regret": bound, "sales": float(sales[worst]), "revenue": float(revenue[worst])}
    if gain > 0:
        witness["better_price"] = {"price": price, "gain": Fraction(gain)}
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.BOUNDED,
        claim="users spend their budgets optimally and no company earns more by another price, up to the bound",
        bound=bound,
        witness=witness,
        epsilon=claimed,
    )


def _sales(budget: FloatArray, zeta: FloatArray, prices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what users spend with each company, and how far each figure may be off."""
    order = np.argsort(prices)
    rising = prices[order]
    running = np.cumsum(rising.astype(np.longdouble)).astype(np.float64)
    steps = np.maximum.accumulate(np.arange(1, len(prices) + 1) * rising - running)
    most = np.maximum(np.searchsorted(steps, budget / zeta, side="right"), 1)
    level = (budget + zeta * running[most - 1]) / most
    # Users in the order of how many companies they buy from: those of the m-th cheapest are a tail.
    rank = np.argsort(most.astype(np.int32), kind="stable")
    starts = np.searchsorted(most[rank], np.arange(1, len(prices) + 1))
    tails = []
    for column in (level, zeta):
        summed = np.concatenate(([0.0], np.cumsum(column[rank][::-1].astype(np.longdouble))))
        tails.append(summed[len(budget) - starts].astype(np.float64))
    fine = float(np.finfo(np.longdouble).eps) / 2
    share = 32 * _ROUNDOFF + 4 * (len(budget) + len(prices)) * fine
    sales, slip = np.empty_like(prices), np.empty_like(prices)
    sales[order] = np.maximum(tails[0] - rising * tails[1], 0.0)
    slip[order] = share * (float(level.sum()) + rising * float(zeta.sum()))
    return sales, slip


def _certain(
    budget: FloatArray, zeta: FloatArray, prices: FloatArray, power: FloatArray, k: int, sales: float, slip: float
) -> tuple[float, float]:
    """Return what company `k` certainly gains at its own clearing price, found by halving, and that price."""
    price, best = float(prices[k]), (0.0, float(prices[k]))
    here = min(sales + slip, price * float(power[k]) * (1 + 2 * _ROUNDOFF))
    left, right = sorted((price, sales / float(power[k])))
    for _ in range(_HALVINGS):
        other = (left + right) / 2
        if not 0 < other < 1e120:
            break
        moved = prices.copy()
        moved[k] = other
        there, slack = _sales(budget, zeta, moved)
        full = other * float(power[k])
        best = max(best, (min(float(there[k]) - float(slack[k]), full * (1 - 2 * _ROUNDOFF)) - here, other))
        left, right = (other, right) if float(there[k]) > full else (left, other)
    return best


def _positive(values: npt.ArrayLike, name: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size:
        raise InputError(f"{name} has shape {array.shape}; give one number each")
    wrong = np.flatnonzero(~((array > 1e-120) & (array < 1e120)))  # below, products underflow and no bound holds
    if wrong.size:
        raise InputError(
            f"{name}[{wrong[0]}] is {array[wrong[0]]}; it must be > 0 and finite (from 1e-120 to 1e120), "
            "use other units"
        )
    return array
