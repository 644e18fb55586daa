"""Heating and cooling of a room: one resistance, one capacity, a band of comfort."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number, exact
from gametheory.domain.checks import parameter
from gametheory.errors import InputError

__all__ = ["HVAC"]


@dataclass(frozen=True, slots=True)
class HVAC:
    """A heat pump in a room of one thermal resistance and one thermal capacity.

    The indoor temperature follows ``C dT/dt = (outdoor - T)/R +- performance * power``.

    Parameters
    ----------
    power
        kW electric, at least 0.
    performance
        Heat moved for each unit of electricity (COP), above 0.
    resistance
        K/kW, above 0.
    capacity
        kWh/K, above 0.
    lowest, highest
        Band of comfort in degrees Celsius, ``lowest <= highest``.

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> HVAC(power=2, performance=3, resistance=5, capacity=4, lowest=20, highest=23).time_constant
    Fraction(20, 1)
    """

    power: Fraction
    performance: Fraction
    resistance: Fraction
    capacity: Fraction
    lowest: Fraction
    highest: Fraction

    def __init__(
        self,
        power: Number,
        *,
        performance: Number,
        resistance: Number,
        capacity: Number,
        lowest: Number,
        highest: Number,
    ) -> None:
        problems: list[str] = []
        fields = {
            "power": parameter(problems, "hvac power", power, low=0, unit="kW"),
            "performance": parameter(problems, "hvac performance", performance, above=0),
            "resistance": parameter(problems, "hvac resistance", resistance, above=0, unit="K/kW"),
            "capacity": parameter(problems, "hvac capacity", capacity, above=0, unit="kWh/K"),
            "lowest": parameter(problems, "hvac lowest", lowest, low=exact("-273.15"), unit="degrees"),
            "highest": parameter(problems, "hvac highest", highest, low=exact("-273.15"), unit="degrees"),
        }
        if not problems and fields["lowest"] > fields["highest"]:
            problems.append(f"hvac lowest is {lowest} degrees, above highest ({highest}); give lowest <= highest")
        InputError.raise_all(problems)
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def time_constant(self) -> Fraction:
        """Hours in which a temperature difference falls to 1/e with the pump off: resistance times capacity."""
        return self.resistance * self.capacity
