"""C.5 Trigger and punishment in repeated demand response.

Source: K. Ma, G. Hu, C. J. Spanos, "A cooperative demand response scheme using punishment mechanism and application to
industrial refrigerated warehouses", IEEE Transactions on Industrial Informatics 11(6), 2015, 1520-1531; fidelity: paper
(abstract) + derived. The cost functions and closed forms are the package's own, in the structure of the paper.

Each of `N` identical consumers pays a price ``a L + b`` that rises with the total load ``L``, and suffers when its load
leaves what it desires. Less load would be better for all; a single consumer gains by using more. Repetition sustains
the cooperative load if the future counts enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError

__all__ = [
    "RepeatedDemandResponse",
    "cooperative_load",
    "deviation_load",
    "discount_threshold",
    "equilibrium_load",
    "punishment_bound",
    "stage_cost",
    "sustained_value",
    "symmetric_cost",
]


def stage_cost(
    load: Number, others: Number, slope: Number, base: Number, discomfort: Number, desired: Number
) -> Number:
    """Return ``(a L + b) l + th (l - d)^2 / 2`` (money a stage), ``L`` the load of all (kWh)."""
    return (slope * (load + others) + base) * load + discomfort * (load - desired) * (load - desired) / 2


def symmetric_cost(
    players: Number, load: Number, slope: Number, base: Number, discomfort: Number, desired: Number
) -> Number:
    """Return the stage cost of one consumer if all `players` use the same `load`."""
    return stage_cost(load, (players - 1) * load, slope, base, discomfort, desired)


def equilibrium_load(players: Number, slope: Number, base: Number, discomfort: Number, desired: Number) -> Number:
    """Return ``x / (th + a (N + 1))``, ``x = th d - b``: each load of the one-shot Nash equilibrium (kWh)."""
    return (discomfort * desired - base) / (discomfort + slope * (players + 1))


def cooperative_load(players: Number, slope: Number, base: Number, discomfort: Number, desired: Number) -> Number:
    """Return ``x / (th + 2 a N)``: the symmetric load of least total cost (kWh)."""
    return (discomfort * desired - base) / (discomfort + 2 * slope * players)


def deviation_load(players: Number, slope: Number, base: Number, discomfort: Number, desired: Number) -> Number:
    """Return ``(x - a (N - 1) l_PO) / (2 a + th)``: the best reply (kWh) to others who cooperate."""
    cooperative = cooperative_load(players, slope, base, discomfort, desired)
    return (discomfort * desired - base - slope * (players - 1) * cooperative) / (2 * slope + discomfort)


def discount_threshold(players: Number, slope: Number, discomfort: Number) -> Number:
    """Return ``delta* = A^2 / (a^2 (N^2 + 6N + 1) + 4 a th (N + 1) + 2 th^2)``, ``A = a (N + 1) + th``, for `N >= 2`.

    The grim trigger sustains cooperation if and only if the discount factor is at least this.
    """
    strength = slope * (players + 1) + discomfort
    return (
        strength
        * strength
        / (
            slope * slope * (players * players + 6 * players + 1)
            + 4 * slope * discomfort * (players + 1)
            + 2 * discomfort * discomfort
        )
    )


def punishment_bound(players: Number, slope: Number, discomfort: Number) -> Number:
    """Return ``A^2 / ((2a + th)(2aN + th))``: more stages of punishment than this sustain, for some factor below 1."""
    strength = slope * (players + 1) + discomfort
    return strength * strength / ((2 * slope + discomfort) * (2 * slope * players + discomfort))


def sustained_value(gain: Number, loss: Number, discount: Number, stages: int) -> Number:
    """Return ``gain + loss sum_{s=1..T} delta^s``: what a deviator loses on balance; cooperation holds if it is >= 0.

    `gain` is ``J_D - J_PO`` (negative: the deviation pays at once), `loss` is ``J_NE - J_PO`` of each stage of
    punishment.
    """
    value, weight = gain, discount
    for _ in range(stages):
        value, weight = value + loss * weight, weight * discount
    return value


@dataclass(frozen=True, slots=True)
class RepeatedDemandResponse:
    """Demand response repeated for ever, with cooperation held up by punishment.

    Source: Ma, Hu and Spanos 2015; fidelity: paper (abstract) + derived (the cost functions are the package's own, in
    the structure of the paper). Theorems: C-P9, C-P10, C-P11.

    Parameters
    ----------
    consumers
        How many, at least 1; they are identical.
    slope, base
        Price of energy ``slope * total load + base`` (money/kWh), ``slope > 0``.
    discomfort, desired
        Cost ``discomfort (l - desired)^2 / 2`` of a load ``l`` (money; kWh), ``discomfort >= 0``.

    Raises
    ------
    InputError
        ``slope <= 0``, ``discomfort < 0`` or ``discomfort * desired <= base`` (nobody would use energy).

    Examples
    --------
    >>> model = RepeatedDemandResponse(consumers=2, slope=1, base=-1, discomfort=0, desired=0)
    >>> model.discount_threshold, model.sustains("0.6"), model.sustains("0.99", punishment=1)
    (Fraction(9, 17), True, False)
    """

    theorems: ClassVar[tuple[str, ...]] = ("C-P9", "C-P10", "C-P11")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    consumers: int
    slope: Fraction
    base: Fraction
    discomfort: Fraction
    desired: Fraction

    def __post_init__(self) -> None:
        for name in ("slope", "base", "discomfort", "desired"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = []
        if self.consumers < 1:
            problems.append(f"{self.consumers} consumers: give at least 1")
        if self.slope <= 0:
            problems.append(f"slope {self.slope} must be > 0: the price rises with the load (money/kWh^2)")
        if self.discomfort < 0:
            problems.append(f"discomfort {self.discomfort} must be >= 0")
        if self.discomfort * self.desired <= self.base:
            problems.append(
                f"discomfort * desired = {self.discomfort * self.desired} is not above base = {self.base}: "
                "no load would be worth its price; raise desired or lower base"
            )
        InputError.raise_all(problems)

    @property
    def _numbers(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        return self.slope, self.base, self.discomfort, self.desired

    @property
    def equilibrium_load(self) -> Fraction:
        """Load of each consumer in the one-shot equilibrium (kWh)."""
        return exact(equilibrium_load(self.consumers, *self._numbers))

    @property
    def cooperative_load(self) -> Fraction:
        """Load of each consumer that minimises the total cost (kWh)."""
        return exact(cooperative_load(self.consumers, *self._numbers))

    @property
    def deviation_load(self) -> Fraction:
        """Best load of one consumer while the others cooperate (kWh)."""
        return exact(deviation_load(self.consumers, *self._numbers))

    @property
    def equilibrium_cost(self) -> Fraction:
        """Stage cost in the one-shot equilibrium (money)."""
        return exact(symmetric_cost(self.consumers, self.equilibrium_load, *self._numbers))

    @property
    def cooperative_cost(self) -> Fraction:
        """Stage cost under cooperation (money)."""
        return exact(symmetric_cost(self.consumers, self.cooperative_load, *self._numbers))

    @property
    def deviation_cost(self) -> Fraction:
        """Stage cost of the one who deviates from cooperation (money)."""
        others = (self.consumers - 1) * self.cooperative_load
        return exact(stage_cost(self.deviation_load, others, *self._numbers))

    @property
    def discount_threshold(self) -> Fraction:
        """Smallest discount factor at which the grim trigger sustains cooperation; 0 for a single consumer."""
        if self.consumers == 1:
            return Fraction(0)
        return exact(discount_threshold(self.consumers, self.slope, self.discomfort))

    @property
    def least_punishment(self) -> int:
        """Fewest stages of punishment that sustain cooperation for some discount factor below 1."""
        if self.consumers == 1:
            return 1
        bound = exact(punishment_bound(self.consumers, self.slope, self.discomfort))
        return bound.numerator // bound.denominator + 1

    def sustains(self, discount: Number, *, punishment: int | None = None) -> bool:
        """Return whether cooperation is sustained, decided in rational arithmetic.

        Parameters
        ----------
        discount
            Discount factor in ``(0, 1)``.
        punishment
            Stages of punishment before the return to cooperation; None punishes for ever (grim trigger).
        """
        delta = exact(discount, what="discount")
        if not 0 < delta < 1:
            raise InputError(f"discount {delta} must lie strictly between 0 and 1")
        if punishment is None:
            return delta >= self.discount_threshold
        if punishment < 1:
            raise InputError(f"punishment {punishment} must be at least one stage; None punishes for ever")
        return self._balance(delta, punishment) >= 0

    def least_discount(self, punishment: int, *, digits: int = 12) -> tuple[Fraction, Fraction] | None:
        """Return an enclosure of the smallest sustaining factor, or None if no factor below 1 sustains.

        The upper end sustains and the lower end does not (bisection in rationals: the balance rises with the factor),
        and they are at most ``10**-digits`` apart.
        """
        if punishment < 1:
            raise InputError(f"punishment {punishment} must be at least one stage")
        if self.consumers == 1:
            return Fraction(0), Fraction(0)
        low, high = Fraction(0), Fraction(1)
        if self._balance(high, punishment) <= 0:
            return None
        while high - low > Fraction(1, 10**digits):
            middle = (low + high) / 2
            low, high = (low, middle) if self._balance(middle, punishment) >= 0 else (middle, high)
        return low, high

    def _balance(self, discount: Fraction, stages: int) -> Fraction:
        gain = self.deviation_cost - self.cooperative_cost
        loss = self.equilibrium_cost - self.cooperative_cost
        return exact(sustained_value(gain, loss, discount, stages))
