"""The parts of a community file besides its members: prices, assets, grid, options of the study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gametheory.domain.assets import HVAC, PV, Battery, ElectricVehicle, FlexibleLoad
from gametheory.domain.checks import number, parameter
from gametheory.domain.network import Line, Network
from gametheory.domain.suggestions import did_you_mean
from gametheory.domain.tariff import Price
from gametheory.errors import InputError
from gametheory.io.members import MemberTable
from gametheory.io.sections import Section
from gametheory.io.tables import Table, read_table

__all__ = ["STRUCTURES", "read_assets", "read_network", "read_price", "read_study_options"]

#: The structures that a study compares.
STRUCTURES = ("alone", "sharing", "operator", "coalition", "optimum")

_ADVICE = "give a price in money/kWh"


# ------------------------------------------------------------------------------------------------------------- prices


def read_price(
    tariff: Section, name: str, folder: Path, members: MemberTable | None, *, repair: str
) -> tuple[Price | None, bool]:
    """Return a price (None if it cannot be read) and whether it is marked as assumed."""
    given = tariff.take(name, required=repair)
    if given is None:
        return None, False
    what = f"[tariff] {name}"
    try:
        if not isinstance(given, dict):
            return Price(base=number(given, what=what, advice=_ADVICE)), False
        section = Section(f"tariff.{name}", given, tariff.problems)
        assumed = bool(section.take("assumed", "true or false", default=False))
        price = _price(section, what, folder, members)
        section.finish()
    except InputError as error:
        tariff.problems.extend(error.problems)
        return None, False
    return price, assumed


def _price(section: Section, what: str, folder: Path, members: MemberTable | None) -> Price | None:
    kinds = [kind for kind in ("price", "base", "column") if kind in section.data]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        raise InputError(f"{what} needs one of price, base (with windows) or column, and has {found}; give one of them")
    if kinds == ["column"]:
        return _price_column(section, what, folder, members)
    if kinds == ["price"]:
        return Price(base=number(section.take("price"), what=what, advice=_ADVICE))
    windows = {}
    for k, entry in enumerate(section.take("windows", "a list", default=[])):
        if not isinstance(entry, dict):
            section.problems.append(f"{what} window {k + 1} is {entry!r}; give {{from = 16, to = 21, price = 0.54}}")
            continue
        window = Section(f"{section.name}.windows", entry, section.problems)
        ends = tuple(window.take(end, required="give an hour of the day, such as 16") for end in ("from", "to"))
        value = window.take("price", required=_ADVICE)
        window.finish()
        if value is not None and None not in ends:
            if ends in windows:
                section.problems.append(f"{what} has two windows from {ends[0]} to {ends[1]}; give one of them")
            windows[ends] = value
    return Price.by_hour(section.take("base"), windows, what=what)


def _price_column(section: Section, what: str, folder: Path, members: MemberTable | None) -> Price | None:
    column = section.take("column", "text")
    file = section.take("file", "text")
    separator = section.take("separator", "text", default=",")
    if column is None:
        return None
    if file is not None:
        table: Table = read_table(folder / file, separator=separator)
        rows = None
    elif members is None:
        return None  # the table itself has a problem, which is reported
    else:
        table = members.table
        rows = None if members.rows is None else next(iter(members.rows.values()), [])
    if column not in table.columns:
        raise InputError(table.missing(column, purpose=what))
    price = table.series(column, rows=rows)
    if rows is not None and members is not None and members.rows is not None:
        _same_for_all(table, column, members.rows, section.problems)
    return Price(series=price)


def _same_for_all(table: Table, column: str, rows: Any, problems: list[str]) -> None:
    """In a long table the price stands once for each member: refuse a price that differs."""
    (first, lead), *others = rows.items()
    cells = table.texts(column)
    for name, own in others:
        for mine, yours in zip(lead, own, strict=False):
            if cells[mine] != cells[yours]:
                problems.append(
                    f"{table.place(yours, column)}: the price for {name!r} is {cells[yours]}, for {first!r} it is "
                    f"{cells[mine]}; one tariff holds for all members"
                )
                return


# ------------------------------------------------------------------------------------------------------------- assets

_MADE_FROM: dict[str, tuple[type, tuple[str, ...], tuple[str, ...]]] = {
    "battery": (Battery, ("capacity", "power"), ("charge_efficiency", "discharge_efficiency", "initial")),
    "pv_system": (PV, ("power",), ()),
    "electric_vehicle": (
        ElectricVehicle,
        ("energy", "power", "arrival", "departure"),
        ("efficiency", "discharge_power"),
    ),
    "flexible_load": (FlexibleLoad, ("energy", "power", "start", "stop"), ("shifting_cost",)),
    "hvac": (HVAC, ("power", "performance", "resistance", "capacity", "lowest", "highest"), ()),
}


def read_assets(defaults: Section, members: Section, names: Sequence[str] | None) -> Callable[[str], dict[str, Any]]:
    """Return a function that gives the assets of a member: its own, else the defaults."""
    common = _assets(defaults)
    own: dict[str, dict[str, Any]] = {}
    for name in members.data:
        section = members.section(name)
        if names is not None and name not in names:
            members.problems.append(f"[members.{name}] is not a member{did_you_mean(name, names)}")
        own[name] = _assets(section)
    return lambda name: {**common, **own.get(name, {})}


def _assets(section: Section) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for asset, (cls, required, optional) in _MADE_FROM.items():
        if asset not in section.data:
            section.take(asset)
            continue
        if section.data[asset] is False:  # `battery = false`: this member has none, whatever the defaults say
            section.take(asset)
            made[asset] = None
            continue
        own = section.section(asset)
        values = {key: own.take(key, required="give it as a number") for key in required}
        values.update({key: own.take(key) for key in optional if key in own.data or own.take(key) is not None})
        own.finish()
        if None in values.values() or not own.data:
            continue
        try:
            made[asset] = cls(**values)
        except InputError as error:
            section.problems.extend(f"{own.where} {problem}" for problem in error.problems)
    section.finish()
    return made


# --------------------------------------------------------------------------------------------------------------- grid


def read_network(section: Section) -> Network | None:
    """Return the grid, or None if it cannot be read."""
    buses = section.texts("buses")
    entries = section.take("lines", "a list", default=[])
    bus_of = section.take("bus_of", "a table", default={})
    slack = section.take("slack", "text")
    section.finish()
    if buses is None:
        section.problems.append('[network] has no list of buses; give buses = ["a", "b"]')
        return None
    lines, problems = [], []
    for k, entry in enumerate(entries):
        if not isinstance(entry, dict):
            problems.append(f'[network] line {k + 1} is {entry!r}; give {{from = "a", to = "b", capacity = 5}}')
            continue
        line = Section(f"network.lines {k + 1}", entry, problems)
        ends = [line.take(end, "text", required="give the name of a bus") for end in ("from", "to")]
        limits = {"capacity": line.take("capacity"), "reactance": line.take("reactance", default=1)}
        line.finish()
        if None not in ends:
            try:
                lines.append(Line(*ends, **limits))
            except InputError as error:
                problems.extend(error.problems)
    section.problems.extend(problems)
    try:
        return Network(buses, lines, bus_of, slack=slack) if not problems else None
    except InputError as error:
        section.problems.extend(f"[network] {problem}" for problem in error.problems)
        return None


# -------------------------------------------------------------------------------------------------------------- study


def read_study_options(section: Section, names: Sequence[str] | None) -> dict[str, Any]:
    """Return the study's options: `elasticity` (a Fraction, or one for each member), `sensitivity`, `structures`."""
    options: dict[str, Any] = {}
    problems = section.problems
    elasticity = section.take("elasticity")
    if isinstance(elasticity, dict):
        problems.extend(
            f"[study.elasticity] names {name!r}, who is not a member{did_you_mean(name, names)}"
            for name in elasticity
            if names is not None and name not in names
        )
        options["elasticity"] = {
            name: parameter(problems, f"[study.elasticity] {name}", value, low=0) for name, value in elasticity.items()
        }
    elif elasticity is not None:
        options["elasticity"] = parameter(problems, "[study] elasticity", elasticity, low=0)
    sensitivity = section.take("sensitivity")
    if sensitivity is not None:
        options["sensitivity"] = parameter(problems, "[study] sensitivity", sensitivity, above=0)
    structures = section.texts("structures")
    if structures is not None:
        problems.extend(
            f"[study] structure {name!r} is unknown{did_you_mean(name, STRUCTURES)}"
            for name in structures
            if name not in STRUCTURES
        )
        if not structures:
            problems.append(f"[study] structures is empty; name some of {', '.join(STRUCTURES)}, or leave it out")
        options["structures"] = tuple(structures)
    section.finish()
    return options
