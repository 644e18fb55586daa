"""B.1 Demand response with several utility companies: companies post prices, users spend their budgets.

Source: S. Maharjan, Q. Zhu, Y. Zhang, S. Gjessing, T. Basar, "Dependable demand response management in the smart grid:
a Stackelberg game approach", IEEE Transactions on Smart Grid 4(1), 2013, 120-132; fidelity: paper (abstract) + derived.
The closed forms and the water-filling reply are the package's own, in the structure of the paper.

Company ``k`` (a leader) posts ``p_k`` for power ``P_k``; user ``n`` (a follower) buys ``d_nk >= 0`` to maximise
``gamma_n sum_k ln(zeta_n + d_nk)`` within the budget ``sum_k p_k d_nk <= C_n``. There is no game form for many leaders
and many followers yet, so the model stays with its formulas and their checks and has no ``to_game``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series, maximum, minimum, total
from gametheory.errors import InputError
from gametheory.result import Status

__all__ = [
    "Adjustment",
    "UtilityCompanies",
    "crowding",
    "equilibrium_price",
    "excess_update",
    "interior_demand",
    "interior_margin",
    "revenue",
    "water_filling",
]


def interior_demand(budget: Number, zeta: Number, price: Number, prices: Number, companies: Number) -> Number:
    """Return ``(C + zeta sum_h p_h)/(K p_k) - zeta``: what a user buys at price ``p_k`` if it buys everywhere.

    `prices` is the sum of all prices. The demand of all users together has the same form, with their sums.
    """
    return (budget + zeta * prices) / (companies * price) - zeta


def interior_margin(budget: Number, zeta: Number, prices: Sequence[Number]) -> Number:
    """Return ``C - zeta (K max p - sum p)``: at least 0 if and only if the interior formula is the reply."""
    return budget - zeta * (len(prices) * maximum(*prices) - total(prices))


def water_filling(budget: Number, zeta: Number, prices: Sequence[Number]) -> list[Number]:
    """Return the reply ``d_k = (t/p_k - zeta)^+`` with the level ``t`` at which the budget is spent.

    With prices in rising order, ``t = (C + zeta sum_{k<=m} p_k)/m`` for the largest ``m`` with ``t >= zeta p_m``.
    """
    spent = budget * 0
    level = spent
    for m, price in enumerate(sorted(prices), 1):
        spent = spent + zeta * price
        candidate = (budget + spent) / m
        if candidate < zeta * price:
            break
        level = candidate
    return [maximum(level / price - zeta, 0) for price in prices]


def revenue(price: Number, demand: Number, capacity: Number) -> Number:
    """Return ``p min(demand, P)``: what a company earns."""
    return price * minimum(demand, capacity)


def crowding(capacities: Sequence[Number], zeta: Number) -> Number:
    """Return ``H = sum_h 1/(P_h + Z)``, ``Z`` the sum of all ``zeta``."""
    return total([1 / (capacity + zeta) for capacity in capacities])


def equilibrium_price(capacity: Number, companies: Number, budget: Number, zeta: Number, crowd: Number) -> Number:
    """Return ``p_k = B / [(P_k + Z)(K - Z H)]``: the market-clearing price, if all users buy everywhere."""
    return budget / ((capacity + zeta) * (companies - zeta * crowd))


def excess_update(price: Number, demand: Number, capacity: Number, inertia: Number) -> Number:
    """Return ``p_k + (sum_n d_nk - P_k)/delta_k``: a company raises its price while more is asked than it has."""
    return price + (demand - capacity) / inertia


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Where the excess-demand update ended.

    Attributes
    ----------
    prices, demand
        Of each company; floats.
    residual
        The largest absolute excess demand.
    iterations, status
        How many updates, and how it ended.
    """

    prices: tuple[float, ...]
    demand: tuple[float, ...]
    residual: float
    iterations: int
    status: Status


@dataclass(frozen=True, slots=True)
class UtilityCompanies:
    """Companies that lead with prices, users that follow with purchases.

    Source: Maharjan, Zhu, Zhang, Gjessing and Basar 2013; fidelity: paper (abstract) + derived (closed forms are the
    package's own, in the structure of the paper). Theorems: B-P1, B-P2.

    Parameters
    ----------
    capacities
        ``P_k > 0`` of each company (kWh).
    budgets
        ``C_n > 0`` of each user (money).
    zeta
        ``zeta_n > 0`` of each user (kWh): how little it minds buying nothing from a company. ``gamma_n`` plays no part.
    reserve
        Power shared by the companies in an emergency, added to each ``P_k`` (kWh, one a company), default none.

    Raises
    ------
    InputError
        A number that must be positive is not, or lists of different lengths.

    See Also
    --------
    gametheory.solvers.pricing.clear_companies : 1,000 companies before 100,000 users, in arrays.

    Examples
    --------
    >>> market = UtilityCompanies(capacities=(2, 4), budgets=(3, 3), zeta=("1/2", "1/2"))
    >>> market.prices, market.interior, market.demand(market.prices)
    ((Fraction(15, 11), Fraction(9, 11)), True, (Fraction(2, 1), Fraction(4, 1)))
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P1", "B-P2")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    capacities: tuple[Fraction, ...]
    budgets: tuple[Fraction, ...]
    zeta: tuple[Fraction, ...]
    reserve: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        for name in ("capacities", "budgets", "zeta", "reserve"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        object.__setattr__(self, "reserve", self.reserve or (Fraction(0),) * len(self.capacities))
        problems = []
        if not self.capacities or not self.budgets:
            problems.append(f"{len(self.capacities)} companies, {len(self.budgets)} users: give at least one of each")
        if len(self.zeta) != len(self.budgets):
            problems.append(f"{len(self.zeta)} zeta for {len(self.budgets)} budgets; give one for each user")
        if len(self.reserve) != len(self.capacities):
            problems.append(f"{len(self.reserve)} reserves for {len(self.capacities)} companies; give one for each")
        for name in ("capacities", "budgets", "zeta"):
            problems += [f"{name}[{k}] is {v}; it must be > 0" for k, v in enumerate(getattr(self, name)) if v <= 0]
        problems += [f"reserve[{k}] is {v}, which is negative" for k, v in enumerate(self.reserve) if v < 0]
        InputError.raise_all(problems)

    @property
    def available(self) -> tuple[Fraction, ...]:
        """Power of each company with its reserve (kWh)."""
        return tuple(p + r for p, r in zip(self.capacities, self.reserve, strict=True))

    @property
    def prices(self) -> tuple[Fraction, ...]:
        """The closed form (money/kWh), the equilibrium if :attr:`interior`; for one company ``B/P`` by convention.

        With one company every price from ``B/P`` on earns ``B``: there the price is not unique.
        """
        zeta, budget = sum(self.zeta, Fraction(0)), sum(self.budgets, Fraction(0))
        crowd = crowding(self.available, zeta)
        count = len(self.capacities)
        return tuple(exact(equilibrium_price(p, count, budget, zeta, crowd)) for p in self.available)

    @property
    def interior(self) -> bool:
        """Whether every user buys from every company at the closed form, so that it holds."""
        prices = self.prices
        return all(interior_margin(c, z, prices) >= 0 for c, z in zip(self.budgets, self.zeta, strict=True))

    def replies(self, prices: Sequence[Number]) -> tuple[tuple[Fraction, ...], ...]:
        """Return what each user buys from each company at these prices (kWh), exactly."""
        posted = exact_series(prices, what="prices")
        problems = [f"prices[{k}] is {p}; it must be > 0" for k, p in enumerate(posted) if p <= 0]
        if len(posted) != len(self.capacities):
            problems.append(f"{len(posted)} prices for {len(self.capacities)} companies; give one for each")
        InputError.raise_all(problems)
        rows = (water_filling(c, z, posted) for c, z in zip(self.budgets, self.zeta, strict=True))
        return tuple(tuple(exact(v) for v in row) for row in rows)

    def demand(self, prices: Sequence[Number]) -> tuple[Fraction, ...]:
        """Return what all users together buy from each company (kWh)."""
        return tuple(sum(column, Fraction(0)) for column in zip(*self.replies(prices), strict=True))

    def revenues(self, prices: Sequence[Number]) -> tuple[Fraction, ...]:
        """Return what each company earns (money)."""
        posted = exact_series(prices, what="prices")
        rows = zip(posted, self.demand(posted), self.available, strict=True)
        return tuple(exact(revenue(p, d, capacity)) for p, d, capacity in rows)

    def adjust(
        self,
        start: Sequence[Number] | None = None,
        *,
        inertia: Sequence[Number] | None = None,
        tolerance: float = 1e-10,
        iterations: int = 20_000,
        noise: Sequence[Number] | None = None,
    ) -> Adjustment:
        """Run the excess-demand update ``p_k <- p_k + (demand_k - P_k)/delta`` in floats.

        It finds market-clearing prices where the closed form does not hold too, because each company's revenue does not
        rise with its own price beyond clearing.

        Parameters
        ----------
        start
            First prices; the closed form if left out.
        inertia
            ``delta_k > 0`` of each company; left out, ``2 (P_k + Z)/p_k`` at the first prices, which follows the slope
            of demand.
        tolerance, iterations
            Stop when no excess demand is larger than this, or after so many updates.
        noise
            What is added to each price before users see it: a corrupted message.
        """
        prices = np.array([float(p) for p in exact_series(self.prices if start is None else start, what="start")])
        if len(prices) != len(self.capacities) or (prices <= 0).any():
            raise InputError(
                f"start {list(prices)}: give one positive price for each of {len(self.capacities)} companies"
            )
        error = np.zeros(len(prices)) if noise is None else np.array([float(v) for v in noise])
        capacity = np.array([float(p) for p in self.available])
        budgets, zeta = (np.array([float(v) for v in values]) for values in (self.budgets, self.zeta))
        delta = 2 * (capacity + zeta.sum()) / prices if inertia is None else np.array([float(v) for v in inertia])
        if len(delta) != len(prices) or (delta <= 0).any():
            raise InputError(f"inertia {list(delta)}: give one positive number for each of {len(prices)} companies")
        demand = capacity
        for count in range(iterations + 1):
            seen = np.maximum(prices + error, 1e-12)
            rows = [water_filling(c, z, list(seen)) for c, z in zip(budgets, zeta, strict=True)]
            demand = np.array(rows).sum(axis=0)
            residual = float(np.abs(demand - capacity).max())
            if residual <= tolerance or count == iterations:
                break
            # A step may not carry a price through zero: it at most halves it.
            prices = np.maximum(excess_update(prices, demand, capacity, delta), prices / 2)
        return Adjustment(
            prices=tuple(prices.tolist()),
            demand=tuple(float(v) for v in demand),
            residual=residual,
            iterations=count,
            status=Status.SOLVED if residual <= tolerance else Status.NOT_CONVERGED,
        )
