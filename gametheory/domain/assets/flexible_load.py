"""A flexible load: a fixed amount of energy within a window, at a price for moving it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number, exact
from gametheory.domain.checks import parameter
from gametheory.errors import InputError

__all__ = ["FlexibleLoad"]


@dataclass(frozen=True, slots=True)
class FlexibleLoad:
    """A load of `energy` kWh that may run in any steps from `start` up to, not including, `stop`.

    Parameters
    ----------
    energy
        kWh in all, at least 0.
    power
        kW, most at any time, at least 0.
    start, stop
        Steps counted from 0; ``stop > start``.
    shifting_cost
        Money a kWh moved away from `start`, at least 0.

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> FlexibleLoad(energy="1.2", power=2, start=8, stop=16).reachable(step_hours=1)
    True
    """

    energy: Fraction
    power: Fraction
    start: int
    stop: int
    shifting_cost: Fraction = Fraction(0)

    def __init__(self, energy: Number, power: Number, *, start: int, stop: int, shifting_cost: Number = 0) -> None:
        problems: list[str] = []
        fields = {
            "energy": parameter(problems, "flexible_load energy", energy, low=0, unit="kWh"),
            "power": parameter(problems, "flexible_load power", power, low=0, unit="kW"),
            "shifting_cost": parameter(problems, "flexible_load shifting_cost", shifting_cost, low=0),
        }
        for what, step in (("start", start), ("stop", stop)):
            if not isinstance(step, int) or isinstance(step, bool) or step < 0:
                problems.append(f"flexible_load {what} is {step!r}, not a step; give a whole number from 0")
        if not problems and stop <= start:
            problems.append(f"flexible_load stop is step {stop}, not after start at step {start}; give a later step")
        InputError.raise_all(problems)
        for name, value in {**fields, "start": start, "stop": stop}.items():
            object.__setattr__(self, name, value)

    def reachable(self, *, step_hours: Number) -> bool:
        """Whether full power within the window delivers the energy."""
        return self.power * exact(step_hours, what="step_hours") * (self.stop - self.start) >= self.energy
