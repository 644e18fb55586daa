"""The grid between the members: buses, lines with a limit, and who is connected where. Thin on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from gametheory.arithmetic import Number
from gametheory.domain.checks import name_problem, parameter
from gametheory.errors import InputError

__all__ = ["Line", "Network"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two buses.

    Parameters
    ----------
    start, end
        Names of its buses.
    capacity
        kW it carries in either direction, at least 0; None for no limit.
    reactance
        Per unit, above 0.
    """

    start: str
    end: str
    capacity: Fraction | None = None
    reactance: Fraction = Fraction(1)

    def __init__(self, start: str, end: str, *, capacity: Number | None = None, reactance: Number = 1) -> None:
        problems: list[str] = []
        what = f"line {start}-{end}"
        limit = None if capacity is None else parameter(problems, f"{what}: capacity", capacity, low=0, unit="kW")
        value = parameter(problems, f"{what}: reactance", reactance, above=0)
        if start == end:
            problems.append(f"{what}: both ends are bus {start!r}; give two buses")
        InputError.raise_all(problems)
        for field, item in {"start": start, "end": end, "capacity": limit, "reactance": value}.items():
            object.__setattr__(self, field, item)


@dataclass(frozen=True, slots=True)
class Network:
    """Buses, lines, and the bus of each member.

    Raises
    ------
    InputError
        With all the problems found: a bus named twice, a line or a member at an unknown bus, a grid that falls apart.

    Examples
    --------
    >>> Network(["a", "b"], [Line("a", "b", capacity=5)], {"home": "b"}, slack="a").bus_of["home"]
    'b'
    """

    buses: tuple[str, ...]
    lines: tuple[Line, ...]
    bus_of: Mapping[str, str]
    slack: str

    def __init__(
        self, buses: Iterable[str], lines: Iterable[Line], bus_of: Mapping[str, str], *, slack: str | None = None
    ) -> None:
        names = tuple(buses)
        edges = tuple(lines)
        problems = [p for name in names if (p := name_problem("bus", name))]
        if not names:
            problems.append("a network has no bus; give at least one")
        problems.extend(f"bus {name!r} is named twice; name each bus once" for name in _repeated(names))
        known = ", ".join(map(str, names))
        for line in edges:
            problems.extend(
                f"line {line.start}-{line.end}: bus {end!r} is unknown; the buses are {known}"
                for end in (line.start, line.end)
                if end not in names
            )
        problems.extend(
            f"member {member!r} is at bus {bus!r}, which is unknown; the buses are {known}"
            for member, bus in bus_of.items()
            if bus not in names
        )
        if slack is not None and slack not in names:
            problems.append(f"slack bus {slack!r} is unknown; the buses are {known}")
        if not problems and (cut := _unreached(names, edges)):
            problems.append(f"bus {cut[0]!r} is not connected to bus {names[0]!r}; give a line that leads there")
        InputError.raise_all(problems)
        values = {
            "buses": names,
            "lines": edges,
            "bus_of": MappingProxyType(dict(bus_of)),
            "slack": slack if slack is not None else names[0],
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy does not pickle
        return _rebuild, (self.buses, self.lines, dict(self.bus_of), self.slack)

    def subset(self, members: Iterable[str]) -> Network:
        """Return the same grid with some of the members only."""
        keep = set(members)
        return Network(self.buses, self.lines, {m: b for m, b in self.bus_of.items() if m in keep}, slack=self.slack)


def _rebuild(buses: tuple[str, ...], lines: tuple[Line, ...], bus_of: dict[str, str], slack: str) -> Network:
    return Network(buses, lines, bus_of, slack=slack)


def _repeated(names: tuple[str, ...]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _unreached(buses: tuple[str, ...], lines: tuple[Line, ...]) -> list[str]:
    reached, frontier = {buses[0]}, [buses[0]]
    while frontier:
        bus = frontier.pop()
        for line in lines:
            for here, there in ((line.start, line.end), (line.end, line.start)):
                if here == bus and there not in reached:
                    reached.add(there)
                    frontier.append(there)
    return [bus for bus in buses if bus not in reached]
