"""The members of a community from a table: wide (one column a member) or long (one row a member and step)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.domain.prosumer import Prosumer
from gametheory.domain.series import Series
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError
from gametheory.io.sections import Section
from gametheory.io.tables import Table
from gametheory.io.time_axis import read_axis, read_zone

__all__ = ["MemberData", "MemberTable", "read_members"]

#: Unit -> (kWh for each unit, whether it is a power and so must be multiplied by the hours of a step).
UNITS: dict[str, tuple[Fraction, bool]] = {
    "W": (Fraction(1, 1000), True),
    "kW": (Fraction(1), True),
    "Wh": (Fraction(1, 1000), False),
    "kWh": (Fraction(1), False),
}
_SLOT = "{member}"


@dataclass(frozen=True, slots=True)
class MemberData:
    """What the table holds about one member."""

    name: str
    load: Series
    pv: Series | None

    def prosumer(self, assets: Mapping[str, Any]) -> Prosumer:
        """Return the member with its assets."""
        return Prosumer(self.name, self.load, self.pv, **assets)


@dataclass(frozen=True, slots=True)
class MemberTable:
    """All members, the labels of the steps, the table, and the rows that hold one member's steps in it."""

    members: tuple[MemberData, ...]
    time: tuple[str, ...] | None
    table: Table
    #: Rows of each member; None where every row of the table is a step.
    rows: Mapping[str, Sequence[int]] | None


def read_members(data: Section, table: Table | None, step_hours: Fraction, *, step_given: bool) -> MemberTable | None:
    """Return the members, or None if none can be read; what is wrong is added to the problems of `data`."""
    scales = _scales(data, step_hours, step_given)
    layout = data.take("layout", "text", default="wide", choices=["wide", "long"])
    time = data.take("time", "text")
    zone_name = data.take("zone", "text")
    chosen = data.texts("members")
    without_pv = data.texts("without_pv") or []
    load = data.take("load", required=_LOAD[layout])
    pv = data.take("pv")
    member = data.take("member", "text", required=_MEMBER if layout == "long" else "")
    data.finish()
    problems = data.problems
    if layout == "wide" and member is not None:
        problems.append('[data] member is for layout = "long"; leave it out, or set layout = "long"')
    if chosen is not None:
        problems.extend(
            f"[data] members names {name!r} twice; name each member once"
            for name in dict.fromkeys(name for name in chosen if chosen.count(name) > 1)
        )
    zone = None
    if zone_name is not None:
        try:
            zone = read_zone(zone_name)
        except InputError as error:
            problems.extend(f"[data] {problem}" for problem in error.problems)
    if table is None or load is None or (layout == "long" and member is None):
        return None
    if time is not None and time not in table.columns:
        problems.append(table.missing(time, purpose="[data] time"))
        time = None

    def axis(rows: Sequence[int]) -> tuple[str, ...]:
        cells = table.texts(str(time))
        return read_axis(
            [cells[row] for row in rows],
            lambda k: table.place(rows[k], str(time)),
            step_hours=step_hours,
            zone=zone,
        )

    reader = _Reader(table, problems, scales, chosen, without_pv)
    if layout == "wide":
        members = reader.wide(load, pv)
        labels = _try(problems, lambda: axis(range(len(table)))) if time is not None else None
        return None if members is None else MemberTable(members, labels, table, None)
    rows_of = reader.rows_of(member)
    if rows_of is None:
        return None
    members = reader.long(load, pv, rows_of)
    labels = _common_axis(rows_of, axis, problems) if time is not None else None
    return None if members is None else MemberTable(members, labels, table, rows_of)


_LOAD = {
    "wide": 'give a pattern such as load = "load_{member}", or a table of member = "column"',
    "long": 'give the column with the load, such as load = "load"',
}
_MEMBER = 'give the column with the name of the member, such as member = "home"'


def _try(problems: list[str], read: Any) -> Any:
    try:
        return read()
    except InputError as error:
        problems.extend(error.problems)
        return None


def _scales(data: Section, step_hours: Fraction, step_given: bool) -> dict[str, Fraction]:
    """How many kWh a step one unit of load and one unit of pv is, exactly."""
    unit = data.take("unit", "text", choices=UNITS)
    scales = {}
    for what in ("load", "pv"):
        own = data.take(f"{what}_unit", "text", choices=UNITS, default=unit)
        if own is None and "unit" not in data.data and f"{what}_unit" not in data.data and (what in data.data):
            data.problems.append(
                f"[data] has no key 'unit'; give unit = \"kWh\", or W, kW, Wh ({what}_unit for {what} only)"
            )
        factor, power = UNITS[own or "kWh"]
        if power and not step_given:
            data.problems.append(
                f"[data] {what} is in {own}, a power, and step_hours is not given; give step_hours, such as 0.25"
            )
        scales[what] = factor * step_hours if power else factor
    return scales


def _common_axis(rows_of: Mapping[str, Sequence[int]], axis: Any, problems: list[str]) -> tuple[str, ...] | None:
    """The axis of the first member, which all others must share."""
    axes: dict[str, tuple[str, ...]] = {}
    for name, rows in rows_of.items():
        labels = _try(problems, lambda rows=rows: axis(rows))
        if labels is not None:
            axes[name] = labels
    if len(axes) < len(rows_of):
        return None
    first, labels = next(iter(axes.items()))
    for name, other in axes.items():
        if other != labels:
            lacks, extra = [t for t in labels if t not in set(other)], [t for t in other if t not in set(labels)]
            what = f"has no row at {lacks[0]}" if lacks else f"has a row at {extra[0]}, which {first!r} lacks"
            problems.append(f"member {name!r} {what}; give all members the same time steps")
    return labels


@dataclass(frozen=True, slots=True)
class _Reader:
    table: Table
    problems: list[str]
    scales: Mapping[str, Fraction]
    chosen: list[str] | None
    without_pv: list[str]

    # ------------------------------------------------------------------------------------------------------ wide

    def wide(self, load: Any, pv: Any) -> tuple[MemberData, ...] | None:
        loads = self._columns("load", load)
        if loads is None:
            return None
        yields = {} if pv is None else self._columns("pv", pv)
        if yields is None:
            return None
        names = self._names(list(loads))
        if pv is not None:
            lacking = [name for name in names if name not in yields and name not in self.without_pv]
            self.problems.extend(
                f"member {name!r} has no pv column in {self.table.path.name}; add it, or list the member in "
                f'[data] without_pv = ["{name}"]'
                for name in lacking
            )
            both = [name for name in self.without_pv if name in yields]
            self.problems.extend(
                f"[data] without_pv names {name!r}, who has the pv column {yields[name]!r}; take the name out"
                for name in both
            )
            self.problems.extend(
                f"[data] without_pv names {name!r}, who is not a member{did_you_mean(name, names)}"
                for name in self.without_pv
                if name not in loads
            )
            if self.chosen is None:
                self.problems.extend(
                    f"column {column!r} is the pv of {name!r}, who has no load column{did_you_mean(name, loads)}"
                    for name, column in yields.items()
                    if name not in loads
                )
        return tuple(
            MemberData(
                name,
                self.table.series(loads[name], scale=self.scales["load"]),
                self.table.series(yields[name], scale=self.scales["pv"]) if name in yields else None,
            )
            for name in names
        )

    def _columns(self, what: str, mapping: Any) -> dict[str, str] | None:
        """Member -> column, from a pattern or from a table in the file."""
        columns = self.table.columns
        if isinstance(mapping, dict):
            wrong = [str(column) for column in mapping.values() if column not in columns]
            self.problems.extend(self.table.missing(column, purpose=f"[data.{what}]") for column in wrong)
            return {str(k): str(v) for k, v in mapping.items()} if mapping and not wrong else None
        if not isinstance(mapping, str) or mapping.count(_SLOT) != 1:
            self.problems.append(
                f'[data] {what} = {mapping!r} is not a pattern; write "{{member}}" once where the name of the member '
                f'stands, such as "{what}_{{member}}"'
            )
            return None
        before, after = map(re.escape, mapping.split(_SLOT))
        pattern = re.compile(f"{before}(.+){after}")
        found = {match[1]: column for column in columns if (match := pattern.fullmatch(column))}
        if not found:
            near = did_you_mean(mapping, columns)
            self.problems.append(f"no column of {self.table.path.name} is like {what} = {mapping!r}{near}")
            return None
        return found

    def _names(self, present: list[str]) -> list[str]:
        if self.chosen is None:
            return present
        self.problems.extend(
            f"[data] members names {name!r}, who has no load in {self.table.path.name}{did_you_mean(name, present)}"
            for name in self.chosen
            if name not in present
        )
        return [name for name in dict.fromkeys(self.chosen) if name in present]

    # ------------------------------------------------------------------------------------------------------ long

    def rows_of(self, column: str) -> dict[str, list[int]] | None:
        """The rows of each member, in the order of the file."""
        if column not in self.table.columns:
            self.problems.append(self.table.missing(column, purpose="[data] member"))
            return None
        found: dict[str, list[int]] = {}
        for row, name in enumerate(self.table.texts(column)):
            found.setdefault(name.strip(), []).append(row)
        if "" in found:
            self.problems.append(
                f"{self.table.place(found.pop('')[0], column)}: the name of the member is missing; give every row one"
            )
        return {name: found[name] for name in self._names(list(found))}

    def long(self, load: Any, pv: Any, rows_of: Mapping[str, Sequence[int]]) -> tuple[MemberData, ...] | None:
        wrong = False
        for what, column in (("load", load), ("pv", pv)):
            if column is None:
                continue
            if not isinstance(column, str) or column not in self.table.columns:
                self.problems.append(self.table.missing(str(column), purpose=f"[data] {what}"))
                wrong = True
        self.problems.extend(
            f'[data] without_pv names {name!r}: it is for layout = "wide"; give 0 in the pv column'
            for name in self.without_pv
        )
        if wrong:
            return None
        loads = self._split(load, "load", rows_of)
        yields = {} if pv is None else self._split(pv, "pv", rows_of)
        return tuple(MemberData(name, loads[name], yields.get(name)) for name in rows_of)

    def _split(self, column: str, what: str, rows_of: Mapping[str, Sequence[int]]) -> dict[str, Series]:
        return {name: self.table.series(column, scale=self.scales[what], rows=rows) for name, rows in rows_of.items()}
