"""A prosumer: one member of a community, who uses energy and may make some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from gametheory.arithmetic import Number
from gametheory.domain.assets import HVAC, PV, Battery, ElectricVehicle, FlexibleLoad
from gametheory.domain.series import Series
from gametheory.errors import InputError

__all__ = ["Prosumer"]


@dataclass(frozen=True, slots=True)
class Prosumer:
    """A member with a measured load, the yield of its PV, and what else it owns.

    Parameters
    ----------
    name
        Unique within a community.
    load
        kWh a step, not negative.
    pv
        kWh a step, not negative; None for a home without PV.
    pv_system, battery, electric_vehicle, flexible_load, hvac
        Assets, or None.

    Notes
    -----
    A prosumer is a description. The community it joins checks the numbers, together with those of all the others, so
    that every problem of an input is reported at once.

    Raises
    ------
    InputError
        A series is none, or an asset is of the wrong kind.

    Examples
    --------
    >>> home = Prosumer("home", load=["0.4", "0.3"], pv=[0, "1.1"])
    >>> home.load.exact
    (Fraction(2, 5), Fraction(3, 10))
    """

    name: str
    load: Series
    pv: Series
    pv_system: PV | None = None
    battery: Battery | None = None
    electric_vehicle: ElectricVehicle | None = None
    flexible_load: FlexibleLoad | None = None
    hvac: HVAC | None = None

    def __init__(
        self,
        name: str,
        load: Series | Iterable[Number],
        pv: Series | Iterable[Number] | None = None,
        *,
        pv_system: PV | None = None,
        battery: Battery | None = None,
        electric_vehicle: ElectricVehicle | None = None,
        flexible_load: FlexibleLoad | None = None,
        hvac: HVAC | None = None,
    ) -> None:
        problems: list[str] = []
        used = _series(f"prosumer {name!r}: load", load, problems)
        made = Series.constant(0, len(used)) if pv is None else _series(f"prosumer {name!r}: pv", pv, problems)
        assets: dict[str, Any] = {
            "pv_system": pv_system,
            "battery": battery,
            "electric_vehicle": electric_vehicle,
            "flexible_load": flexible_load,
            "hvac": hvac,
        }
        for asset, value in assets.items():
            kind = _KINDS[asset]
            if value is not None and not isinstance(value, kind):
                problems.append(f"prosumer {name!r}: {asset} is {value!r}, not a {kind.__name__}; give one or None")
        InputError.raise_all(problems)
        for field, value in {"name": name, "load": used, "pv": made, **assets}.items():
            object.__setattr__(self, field, value)

    @property
    def assets(self) -> dict[str, Any]:
        """The assets it has, by the name of their field."""
        return {
            f.name: value for f in fields(self) if f.name in _KINDS and (value := getattr(self, f.name)) is not None
        }

    def select(self, steps: slice) -> Prosumer:
        """Return the prosumer on some steps only; its assets stay."""
        return Prosumer(self.name, self.load.select(steps), self.pv.select(steps), **self.assets)


_KINDS: dict[str, type] = {
    "pv_system": PV,
    "battery": Battery,
    "electric_vehicle": ElectricVehicle,
    "flexible_load": FlexibleLoad,
    "hvac": HVAC,
}


def _series(what: str, values: Any, problems: list[str]) -> Series:
    if isinstance(values, Series):
        return values
    try:
        return Series(values)
    except InputError as error:
        problems.extend(f"{what}: {problem}" for problem in error.problems)
        return Series([])
