"""A.2 Charging games of electric vehicles and their price of anarchy.

Source: L. Deori, K. Margellos, M. Prandini, "Price of anarchy in electric vehicle charging control games: when Nash
equilibria achieve social welfare", Automatica 96, 2018, 150-158; fidelity: paper (abstract) + derived. The bounds, the
two conventions of social cost and all closed forms are the package's own, in the structure of the paper.

Vehicle ``i`` spreads its energy ``E_i`` over the slots in which it is plugged in, at rates within its limit. The price
of a slot is affine in what all charge, ``alpha_t sigma_t + beta_t``; every vehicle minimises its own bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series, total
from gametheory.errors import Infeasible, InputError, NotApplicable
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.games.splittable import SplittableGame

__all__ = [
    "EVCharging",
    "HomogeneousFleet",
    "bill",
    "equilibrium_demand",
    "optimal_demand",
    "optimal_demand_with_load",
    "potential",
    "price_of_anarchy",
    "price_of_anarchy_with_load",
    "slot_cost",
    "slot_cost_with_load",
    "variation",
]


def bill(own: Sequence[Number], everybody: Sequence[Number], slope: Sequence[Number], base: Sequence[Number]) -> Number:
    """Return ``J_i = sum_t (alpha_t sigma_t + beta_t) x_it``: what a vehicle pays (money)."""
    return total([(a * s + b) * x for x, s, a, b in zip(own, everybody, slope, base, strict=True)])


def potential(rows: Sequence[Sequence[Number]], slope: Sequence[Number], base: Sequence[Number]) -> Number:
    """Return ``sum_t [(alpha_t/2)(sigma_t^2 + sum_i x_it^2) + beta_t sigma_t]``; `rows` holds one vehicle each."""
    parts = []
    for t, (a, b) in enumerate(zip(slope, base, strict=True)):
        column = [row[t] for row in rows]
        everybody = total(column)
        parts.append(a / 2 * (everybody * everybody + total([x * x for x in column])) + b * everybody)
    return total(parts)


def slot_cost(demand: Number, slope: Number, base: Number) -> Number:
    """Return ``alpha sigma^2 + beta sigma``: the bills of all vehicles in a slot (the default social cost)."""
    return slope * demand * demand + base * demand


def slot_cost_with_load(demand: Number, slope: Number, load: Number) -> Number:
    """Return ``alpha (sigma + d)^2``: the bills of all vehicles and of the inflexible load ``d`` in a slot."""
    return slope * (demand + load) * (demand + load)


def optimal_demand(mean: Number, slope: Number, base: Number, average: Number) -> Number:
    """Return ``mu + (betabar - beta_t)/(2 alpha)``: the charging (kWh) of least total bill, if no bound is active."""
    return mean + (average - base) / (2 * slope)


def optimal_demand_with_load(mean: Number, slope: Number, base: Number, average: Number) -> Number:
    """Return ``mu + (betabar - beta_t)/alpha``: charging plus load is flat, if no bound is active."""
    return mean + (average - base) / slope


def equilibrium_demand(vehicles: Number, mean: Number, slope: Number, base: Number, average: Number) -> Number:
    """Return ``mu + (N/(N+1)) (betabar - beta_t)/alpha``: the charging at equilibrium, if no bound is active."""
    return mean + vehicles / (vehicles + 1) * (average - base) / slope


def variation(base: Sequence[Number], average: Number, slope: Number) -> Number:
    """Return ``V = sum_t (betabar - beta_t)^2 / alpha``."""
    return total([(average - b) * (average - b) for b in base]) / slope


def price_of_anarchy(
    vehicles: Number, slots: Number, mean: Number, slope: Number, average: Number, spread: Number
) -> Number:
    """Return the default price of anarchy of ``N`` identical vehicles, bounds inactive.

    ``[alpha T mu^2 + betabar T mu - N/(N+1)^2 V] / [alpha T mu^2 + betabar T mu - V/4]``.
    """
    flat = slope * slots * mean * mean + average * slots * mean
    return (flat - vehicles / ((vehicles + 1) * (vehicles + 1)) * spread) / (flat - spread / 4)


def price_of_anarchy_with_load(
    vehicles: Number, slots: Number, mean: Number, average_load: Number, squares: Number
) -> Number:
    """Return ``1 + sum_t (d_t - dbar)^2 / ((N+1)^2 T (mu + dbar)^2)``, `squares` the sum: with the load's bill."""
    level = mean + average_load
    return 1 + squares / ((vehicles + 1) * (vehicles + 1) * slots * level * level)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomogeneousFleet:
    """The closed form of identical vehicles.

    Attributes
    ----------
    equilibrium, optimum
        Charging of all vehicles together in each slot (kWh), at equilibrium and at the optimum.
    price_of_anarchy
        Their social costs in proportion; None where the optimum costs nothing or less.
    valid
        Whether no bound is active at either: otherwise the closed form does not apply.
    """

    equilibrium: tuple[Fraction, ...]
    optimum: tuple[Fraction, ...]
    price_of_anarchy: Fraction | None
    valid: bool


@dataclass(frozen=True, slots=True)
class EVCharging:
    """Vehicles that choose when to charge.

    Source: Deori, Margellos and Prandini 2018; fidelity: paper (abstract) + derived (bounds, conventions and closed
    forms are the package's own, in the structure of the paper). Theorems: A-P5, A-P6.

    Parameters
    ----------
    energy
        Energy each vehicle must charge (kWh).
    slope
        ``alpha_t > 0`` of each slot (money/kWh^2).
    base
        ``beta_t`` of each slot (money/kWh).
    limit
        Most a vehicle charges in a slot it is plugged in (kWh), one number a vehicle.
    windows
        For each vehicle ``(first, last)`` slot in which it is plugged in, from 0, both included; left out, always.
    load
        Inflexible load ``d_t`` (kWh) whose effect on the price is ``alpha_t d_t``: give it *instead of* `base`. Its
        bill then counts in the social cost, under the name ``"bills_with_load"``; without it the social cost is
        ``"bills"``, of the vehicles alone. The two conventions give different prices of anarchy.
    vehicles
        Names.

    Raises
    ------
    InputError
        ``alpha_t <= 0``, base and load together or neither, negative energy or limit, a window outside the horizon.
    Infeasible
        A vehicle cannot charge its energy within its window and limit.

    Examples
    --------
    >>> fleet = EVCharging(energy=(4, 4), slope=(1, 1), base=(3, 1), limit=(4, 4))
    >>> fleet.closed_form.equilibrium, fleet.closed_form.price_of_anarchy
    ((Fraction(10, 3), Fraction(14, 3)), Fraction(856, 855))

    See Also
    --------
    EVCharging.to_arrays : the same game for hundreds of thousands of vehicles.
    """

    theorems: ClassVar[tuple[str, ...]] = ("A-P5", "A-P6")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    energy: tuple[Fraction, ...]
    slope: tuple[Fraction, ...]
    base: tuple[Fraction, ...] | None = None
    limit: tuple[Fraction, ...] = ()
    windows: tuple[tuple[int, int], ...] = ()
    load: tuple[Fraction, ...] | None = None
    vehicles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("energy", "slope", "limit"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        count, slots = len(self.energy), len(self.slope)
        if (self.base is None) == (self.load is None):
            raise InputError("give base (a price) or load (whose effect on the price is slope * load), one of the two")
        for name in ("base", "load"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        if self.base is None:
            bought = tuple(a * d for a, d in zip(self.slope, self.load or (), strict=False))
            object.__setattr__(self, "base", bought)
        windows = tuple((int(a), int(b)) for a, b in self.windows) or ((0, slots - 1),) * count
        object.__setattr__(self, "windows", windows)
        object.__setattr__(self, "vehicles", tuple(self.vehicles) or tuple(f"car {k + 1}" for k in range(count)))
        InputError.raise_all(self._problems(count, slots))
        for name, energy, limit, (first, last) in zip(self.vehicles, self.energy, self.limit, windows, strict=True):
            if energy > limit * (last - first + 1):
                raise Infeasible(
                    f"{name!r}: {energy} kWh do not fit into slots {first}..{last} at {limit} kWh each; raise its "
                    "limit or widen its window"
                )

    def _problems(self, count: int, slots: int) -> list[str]:
        problems = []
        if not count or not slots:
            problems.append(f"{count} vehicles and {slots} slots: give at least one of each")
        if not len(self.limit) == len(self.windows) == len(self.vehicles) == count:
            problems.append(
                f"{count} energies, {len(self.limit)} limits, {len(self.windows)} windows, {len(self.vehicles)} names; "
                "give one for each vehicle"
            )
        if len(self.base or ()) != slots:
            problems.append(f"{slots} slopes, but base or load has {len(self.base or ())} slots; give one for each")
        problems += [f"slope[{t}] is {a}; it must be > 0" for t, a in enumerate(self.slope) if a <= 0]
        problems += [f"energy[{k}] is {e}, which is negative" for k, e in enumerate(self.energy) if e < 0]
        problems += [f"limit[{k}] is {v}, which is negative" for k, v in enumerate(self.limit) if v < 0]
        problems += [
            f"windows[{k}] is ({a}, {b}); give 0 <= first <= last <= {slots - 1}"
            for k, (a, b) in enumerate(self.windows)
            if not 0 <= a <= b < slots
        ]
        return problems

    @property
    def social_cost(self) -> str:
        """The convention in force: ``"bills"`` of the vehicles, or ``"bills_with_load"``."""
        return "bills" if self.load is None else "bills_with_load"

    @property
    def provenance(self) -> dict[str, str]:
        """What results say about this model beside its game."""
        return {"social_cost": self.social_cost}

    def _base(self) -> tuple[Fraction, ...]:
        return self.base or ()

    def to_game(self) -> QuadraticGame:
        """Return the game as matrices; an inflexible load is a player with one strategy, so totals count its bill."""
        slots, count = len(self.slope), len(self.energy)
        players = list(self.vehicles)
        sets, objectives = [], []
        names = tuple(f"slot {t}" for t in range(slots))
        everybody = range(count) if self.load is None else range(count + 1)
        prices = self._base() if self.load is None else (Fraction(0),) * slots
        for i in range(count):
            first, last = self.windows[i]
            most = tuple(self.limit[i] if first <= t <= last else Fraction(0) for t in range(slots))
            row = (tuple((t, Fraction(1)) for t in range(slots)), self.energy[i])
            sets.append(Polyhedron(names, (Fraction(0),) * slots, most, (), (row,)))
        if self.load is not None:
            players.append("inflexible load")
            sets.append(Polyhedron(names, self.load, self.load))
        for i in everybody:
            entries = [
                (i * slots + t, j * slots + t, a * (2 if i == j else 1))
                for t, a in enumerate(self.slope)
                for j in everybody
            ]
            objectives.append(
                QuadraticForm(tuple(entries), tuple((i * slots + t, price) for t, price in enumerate(prices)))
            )
        return QuadraticGame(tuple(players), tuple(sets), tuple(objectives))

    def to_arrays(self) -> SplittableGame:
        """Return the same game in float arrays: memory is linear in vehicles x slots, answers are bounded, not exact.

        :meth:`to_game` grows with the square of the vehicles; beyond some dozens take this form. A fleet that is in
        arrays already needs no model: it is a :class:`~gametheory.games.splittable.SplittableGame`.
        """
        series = {"base": self.base} if self.load is None else {"background": self.load}
        return SplittableGame(
            amounts=np.array([float(v) for v in self.energy]),
            limits=np.array([float(v) for v in self.limit]),
            slope=np.array([float(v) for v in self.slope]),
            windows=np.array(self.windows),
            names=self.vehicles,
            **{name: np.array([float(v) for v in values or ()]) for name, values in series.items()},
        )

    @property
    def closed_form(self) -> HomogeneousFleet:
        """The closed form of identical vehicles that are always plugged in, at one slope.

        Raises
        ------
        NotApplicable
            The vehicles or the slopes differ, or a window is shorter than the horizon.
        """
        slots, count = len(self.slope), len(self.energy)
        alike = len(set(self.energy)) == len(set(self.limit)) == len(set(self.slope)) == 1
        if not alike or set(self.windows) != {(0, slots - 1)}:
            raise NotApplicable(
                "the closed form needs equal energies, limits and slopes and vehicles that are always plugged in; use "
                "nash_equilibrium(model) and price_of_anarchy(model)"
            )
        slope, base = self.slope[0], self._base()
        mean, average = Fraction(count) * self.energy[0] / slots, sum(base, Fraction(0)) / slots
        best = optimal_demand if self.load is None else optimal_demand_with_load
        reached = tuple(exact(equilibrium_demand(Fraction(count), mean, slope, b, average)) for b in base)
        wanted = tuple(exact(best(mean, slope, b, average)) for b in base)
        most = count * self.limit[0]
        return HomogeneousFleet(
            equilibrium=reached,
            optimum=wanted,
            price_of_anarchy=self._closed_ratio(wanted, mean, average),
            valid=all(0 <= s <= most for s in (*reached, *wanted)),
        )

    def _closed_ratio(self, wanted: Sequence[Fraction], mean: Fraction, average: Fraction) -> Fraction | None:
        """Return the price of anarchy in the convention in force, None where the optimum costs nothing or less."""
        count, slots, slope = Fraction(len(self.energy)), len(self.slope), self.slope[0]
        if self.load is None:
            base = self._base()
            if sum(slot_cost(s, slope, b) for s, b in zip(wanted, base, strict=True)) <= 0:
                return None
            return exact(price_of_anarchy(count, slots, mean, slope, average, variation(base, average, slope)))
        if sum(slot_cost_with_load(s, slope, d) for s, d in zip(wanted, self.load, strict=True)) <= 0:
            return None
        middle = sum(self.load, Fraction(0)) / slots
        squares = sum((d - middle) * (d - middle) for d in self.load)
        return exact(price_of_anarchy_with_load(count, slots, mean, middle, squares))
