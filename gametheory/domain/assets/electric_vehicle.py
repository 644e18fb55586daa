"""An electric vehicle: a battery that comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number, exact
from gametheory.domain.checks import parameter
from gametheory.errors import InputError

__all__ = ["ElectricVehicle"]


@dataclass(frozen=True, slots=True)
class ElectricVehicle:
    """A vehicle that is plugged in from step `arrival` up to, not including, step `departure`.

    Parameters
    ----------
    energy
        kWh to be charged before it leaves, at least 0.
    power
        kW, limit of charging at the terminals, at least 0.
    arrival, departure
        Steps counted from 0; ``departure > arrival``.
    efficiency
        Share of the charged energy that is stored, in (0, 1].
    discharge_power
        kW that it may give back, at least 0 (0: it only charges).

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> car = ElectricVehicle(energy=9, power="3.6", arrival=18, departure=24, efficiency="0.9")
    >>> car.reachable(step_hours=1), car.reachable(step_hours="0.25")
    (True, False)
    """

    energy: Fraction
    power: Fraction
    arrival: int
    departure: int
    efficiency: Fraction = Fraction(1)
    discharge_power: Fraction = Fraction(0)

    def __init__(
        self,
        energy: Number,
        power: Number,
        *,
        arrival: int,
        departure: int,
        efficiency: Number = 1,
        discharge_power: Number = 0,
    ) -> None:
        problems: list[str] = []
        fields = {
            "energy": parameter(problems, "electric_vehicle energy", energy, low=0, unit="kWh"),
            "power": parameter(problems, "electric_vehicle power", power, low=0, unit="kW"),
            "efficiency": parameter(
                problems, "electric_vehicle efficiency", efficiency, above=0, high=1, advice="give a share such as 0.9"
            ),
            "discharge_power": parameter(
                problems, "electric_vehicle discharge_power", discharge_power, low=0, unit="kW"
            ),
        }
        for what, step in (("arrival", arrival), ("departure", departure)):
            if not isinstance(step, int) or isinstance(step, bool) or step < 0:
                problems.append(f"electric_vehicle {what} is {step!r}, not a step; give a whole number from 0")
        if not problems and departure <= arrival:
            problems.append(
                f"electric_vehicle departure is step {departure}, not after arrival at {arrival}; give a later step"
            )
        InputError.raise_all(problems)
        for name, value in {**fields, "arrival": arrival, "departure": departure}.items():
            object.__setattr__(self, name, value)

    def reachable(self, *, step_hours: Number) -> bool:
        """Whether full power while it is plugged in delivers the energy: ``power h steps efficiency >= energy``."""
        hours = exact(step_hours, what="step_hours") * (self.departure - self.arrival)
        return self.power * hours * self.efficiency >= self.energy
