"""A battery: what it can hold, how fast, and what it loses."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number
from gametheory.domain.checks import parameter
from gametheory.errors import InputError

__all__ = ["Battery"]


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery whose state follows ``s' = s + charge_efficiency * charge - discharge / discharge_efficiency``.

    Parameters
    ----------
    capacity
        kWh, at least 0.
    power
        kW, limit of charging and of discharging, at the terminals, at least 0.
    charge_efficiency, discharge_efficiency
        In (0, 1]. Where only the efficiency of the round trip is known, give it as `charge_efficiency`: that books all
        losses on charging, and every number stays rational.
    initial
        kWh held at the start, in [0, capacity].

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> Battery(capacity="6.4", power=5, charge_efficiency="0.9").round_trip_efficiency
    Fraction(9, 10)
    """

    capacity: Fraction
    power: Fraction
    charge_efficiency: Fraction = Fraction(1)
    discharge_efficiency: Fraction = Fraction(1)
    initial: Fraction = Fraction(0)

    def __init__(
        self,
        capacity: Number,
        power: Number,
        *,
        charge_efficiency: Number = 1,
        discharge_efficiency: Number = 1,
        initial: Number = 0,
    ) -> None:
        problems: list[str] = []
        held = parameter(problems, "battery capacity", capacity, low=0, unit="kWh")
        fields = {
            "capacity": held,
            "power": parameter(problems, "battery power", power, low=0, unit="kW"),
            "charge_efficiency": parameter(
                problems, "battery charge_efficiency", charge_efficiency, above=0, high=1, advice=_SHARE
            ),
            "discharge_efficiency": parameter(
                problems, "battery discharge_efficiency", discharge_efficiency, above=0, high=1, advice=_SHARE
            ),
            "initial": parameter(problems, "battery initial", initial, low=0, unit="kWh"),
        }
        if not problems and fields["initial"] > held:
            problems.append(
                f"battery initial is {initial} kWh, above its capacity of {capacity} kWh; give at most that"
            )
        InputError.raise_all(problems)
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def round_trip_efficiency(self) -> Fraction:
        """The share of the energy charged that comes back."""
        return self.charge_efficiency * self.discharge_efficiency


_SHARE = "give a share above 0 and at most 1, such as 0.9"
