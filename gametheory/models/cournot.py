"""A.4 Competition in quantities: the benchmark of the Nikaido-Isoda relaxation for retail markets.

Source: W. Su, A. Q. Huang, "A game theoretic framework for a next-generation retail electricity market with high
penetration of distributed residential electricity suppliers", Applied Energy 119, 2014, 341-350, for the method;
fidelity: derived. The linear market below is the package's own choice of payoff functions; its equilibrium and the
contraction of the relaxation have closed forms, so the method can be tested on it.

Firms choose quantities ``q_i`` at unit cost ``c_i``, within capacities; all sell at the price ``A - B Q`` of the
total ``Q``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, absolute, exact, exact_series, maximum, total
from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame

__all__ = [
    "Cournot",
    "best_reply",
    "contraction",
    "equilibrium_quantity",
    "largest_step",
    "nikaido_isoda",
    "profit",
    "relaxed",
]


def profit(quantity: Number, others: Number, intercept: Number, slope: Number, cost: Number) -> Number:
    """Return ``q (A - B (q + others)) - c q``."""
    return quantity * (intercept - slope * (quantity + others)) - cost * quantity


def best_reply(others: Number, intercept: Number, slope: Number, cost: Number) -> Number:
    """Return ``(A - c - B others)/(2 B)``: the best quantity if no bound is in the way."""
    return (intercept - cost - slope * others) / (2 * slope)


def equilibrium_quantity(firms: Number, intercept: Number, slope: Number, cost: Number) -> Number:
    """Return ``(A - c)/(B (n + 1))``: each quantity of `firms` identical firms, without capacities."""
    return (intercept - cost) / (slope * (firms + 1))


def nikaido_isoda(
    current: Sequence[Number], trial: Sequence[Number], intercept: Number, slope: Number, costs: Sequence[Number]
) -> Number:
    """Return ``Psi(x, y) = sum_i [profit_i(y_i, x_-i) - profit_i(x)]``: what all gain by their own moves to ``y``.

    It is 0 at ``y = x``; ``x`` is an equilibrium if and only if no ``y`` makes it positive.
    """
    everything = total(current)
    return total(
        [
            profit(y, everything - x, intercept, slope, c) - profit(x, everything - x, intercept, slope, c)
            for x, y, c in zip(current, trial, costs, strict=True)
        ]
    )


def relaxed(quantity: Number, others: Number, step: Number, intercept: Number, slope: Number, cost: Number) -> Number:
    """Return ``(1 - alpha) q + alpha Z(q)``: one step of the relaxation, seen by one firm."""
    return (1 - step) * quantity + step * best_reply(others, intercept, slope, cost)


def contraction(firms: Number, step: Number) -> Number:
    """Return the spectral radius ``max(|1 - alpha (n+1)/2|, |1 - alpha/2|)`` of the relaxation, for `firms` >= 2."""
    return maximum(absolute(1 - step * (firms + 1) / 2), absolute(1 - step / 2))


def largest_step(firms: Number) -> Number:
    """Return ``4/(n + 1)``: the relaxation of `firms` >= 2 firms converges for constant steps strictly below."""
    return 4 / (firms + 1)


@dataclass(frozen=True, slots=True)
class Cournot:
    """Firms that choose quantities.

    Source: Su and Huang 2014 for the method; fidelity: derived (the payoff functions are the package's own). Theorems:
    A-P7.

    Parameters
    ----------
    costs
        Unit cost of each firm (money/kWh).
    intercept, slope
        Price ``intercept - slope * total`` (money/kWh, kWh), ``slope > 0``. It may become negative.
    capacities
        Largest quantity of each firm (kWh), None for no limit; left out, there is no limit.
    firms
        Names; default ``"firm 1"``, ``"firm 2"``, ...

    Raises
    ------
    InputError
        No firm, ``slope <= 0``, a negative capacity, lists of different lengths.

    Examples
    --------
    >>> market = Cournot(costs=(0, 0, 0), intercept=12, slope=1)
    >>> market.quantity, market.contraction("0.5"), market.contraction(1)
    (Fraction(3, 1), Fraction(3, 4), Fraction(1, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("A-P7",)
    fidelity: ClassVar[str] = "derived"

    costs: tuple[Fraction, ...]
    intercept: Fraction
    slope: Fraction
    capacities: tuple[Fraction | None, ...] = ()
    firms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "costs", exact_series(self.costs, what="costs"))
        count = len(self.costs)
        for name in ("intercept", "slope"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        limits = tuple(self.capacities) or (None,) * count
        object.__setattr__(
            self,
            "capacities",
            tuple(None if v is None else exact(v, what=f"capacities[{k}]") for k, v in enumerate(limits)),
        )
        object.__setattr__(self, "firms", tuple(self.firms) or tuple(f"firm {k + 1}" for k in range(count)))
        problems = []
        if not count:
            problems.append("no firm: give at least one unit cost")
        if self.slope <= 0:
            problems.append(f"slope {self.slope} must be > 0: the price falls with the total quantity")
        if not len(self.capacities) == len(self.firms) == count:
            problems.append(
                f"{count} costs, {len(self.capacities)} capacities, {len(self.firms)} names; give one for each firm"
            )
        problems.extend(
            f"capacities[{k}] is {limit}, which is negative; give >= 0 or None"
            for k, limit in enumerate(self.capacities)
            if limit is not None and limit < 0
        )
        InputError.raise_all(problems)

    def to_game(self) -> QuadraticGame:
        """Return the game as matrices: player ``i`` maximises ``q_i (A - c_i) - B q_i sum_j q_j``."""
        count = len(self.costs)
        objectives = []
        for i, cost in enumerate(self.costs):
            entries = [(i, j, -self.slope * (2 if i == j else 1)) for j in range(count)]
            objectives.append(QuadraticForm(tuple(entries), ((i, self.intercept - cost),)))
        sets = tuple(Polyhedron(("quantity",), (Fraction(0),), (limit,)) for limit in self.capacities)
        return QuadraticGame(self.firms, sets, tuple(objectives), "payoff")

    @property
    def quantity(self) -> Fraction:
        """The closed form for identical firms without capacities: each quantity (kWh), 0 where ``A <= c``.

        Raises
        ------
        InputError
            The firms differ, or a capacity is below the closed form.
        """
        if len(set(self.costs)) > 1:
            raise InputError("the costs differ, so there is no closed form; use nash_equilibrium(model)")
        amount = max(
            exact(equilibrium_quantity(len(self.costs), self.intercept, self.slope, self.costs[0])), Fraction(0)
        )
        if any(limit is not None and limit < amount for limit in self.capacities):
            raise InputError(f"a capacity is below the closed form {amount}; use nash_equilibrium(model)")
        return amount

    def contraction(self, step: Number) -> Fraction:
        """Return the spectral radius of the relaxation with this step, away from bounds: below 1 it converges."""
        alpha = exact(step, what="step")
        if not 0 < alpha <= 1:
            raise InputError(f"step {alpha} must lie in (0, 1]")
        if len(self.costs) == 1:
            return 1 - alpha
        return exact(contraction(len(self.costs), alpha))
