"""A photovoltaic system: its size. What it yields each step is the prosumer's series `pv`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number
from gametheory.domain.checks import parameter
from gametheory.errors import InputError

__all__ = ["PV"]


@dataclass(frozen=True, slots=True)
class PV:
    """A photovoltaic system of `power` kW peak.

    Raises
    ------
    InputError
        The power is not a finite number or is negative.

    Examples
    --------
    >>> PV(power="4.5").power
    Fraction(9, 2)
    """

    power: Fraction

    def __init__(self, power: Number) -> None:
        problems: list[str] = []
        value = parameter(problems, "pv power", power, low=0, unit="kW")
        InputError.raise_all(problems)
        object.__setattr__(self, "power", value)
