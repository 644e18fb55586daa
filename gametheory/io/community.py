"""A community from a TOML file that points at a CSV or Parquet table.

The keys, all of them (``gametheory init DIR`` writes a commented file)::

    currency = "USD"                   # a label of the money
    step_hours = 1                     # length of a step
    start_hour = 0                     # time of the day of the first step, where there are no time stamps
    source = "..."                     # where the data come from; the path of the file where left out

    [data]
    file = "homes.csv"                 # beside this file; .csv or .parquet
    unit = "kWh"                       # W, kW, Wh or kWh; load_unit and pv_unit where they differ
    layout = "wide"                    # or "long"
    load = "load_{member}"             # wide: a pattern, or a table {member = "column"}; long: a column
    pv = "pv_{member}"                 # may be left out
    member = "home"                    # long: the column with the name of the member
    members = ["01", "02"]             # choose and order; all where left out
    without_pv = ["03"]                # wide: members that have no pv column
    time = "time"                      # column of time stamps or positions
    zone = "Europe/Madrid"             # for time stamps without an offset
    separator = ";"                    # and decimal = ",", for CSV files from such places

    [tariff]
    retail = 0.30                      # or {column = "price"}, {column = "price", file = "prices.csv"},
                                       # or {base = 0.22, windows = [{from = 16, to = 21, price = 0.54}]}
    feed_in = {price = 0.08, assumed = true}   # the same shapes

    [defaults]                         # assets of every member; [members.NAME] changes them for one
    battery = {capacity = 6.4, power = 5, charge_efficiency = 0.9}

    [assumptions]                      # name = "sentence"
    [study]                            # elasticity, sensitivity, structures
    [network]                          # buses, lines = [{from, to, capacity, reactance}], bus_of = {member = "bus"}
"""

from __future__ import annotations

from fractions import Fraction
from os import PathLike
from pathlib import Path

from gametheory.domain.checks import parameter
from gametheory.domain.community import Community
from gametheory.domain.tariff import Price, Tariff
from gametheory.errors import InputError
from gametheory.io.members import MemberTable, read_members
from gametheory.io.sections import Section, read_toml
from gametheory.io.settings import read_assets, read_network, read_price, read_study_options
from gametheory.io.tables import Table, read_table

__all__ = ["read_community", "read_sample"]


def read_community(path: str | PathLike[str]) -> Community:
    """Read a community; see the module for the keys.

    Raises
    ------
    InputError
        With all the problems found, each with the path, the value, the reason and the repair.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from gametheory.io.template import write_template
    >>> folder = pathlib.Path(tempfile.mkdtemp()) / "park"
    >>> len(read_community(write_template(folder)))
    3
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; give the TOML file in it, such as {path / 'community.toml'}")
    problems: list[str] = []
    try:
        community = _read(path, problems)
    except InputError as error:
        problems.extend(error.problems)
        community = None
    if problems or community is None:
        # A problem may show in two places (a column missing for each of two reasons): say it once.
        named = [p if p.startswith(str(path)) else f"{path}: {p}" for p in dict.fromkeys(problems)]
        raise InputError(*named)
    return community


def read_sample() -> Community:
    """Return the embedded sample; see :meth:`gametheory.domain.community.Community.sample`."""
    from importlib import resources

    with resources.as_file(resources.files("gametheory.data").joinpath("sample")) as folder:
        return read_community(folder / "community.toml")


def _read(path: Path, problems: list[str]) -> Community | None:
    """Read all parts, adding what is wrong to `problems`; one broken part does not hide the others."""
    root = Section("", read_toml(path), problems)
    currency = root.take("currency", "text", default="")
    source = root.take("source", "text", default=str(path))
    start_hour = root.take("start_hour", "a number", default=0)
    step = root.take("step_hours", "a number", default=1)
    # Where the step length is wrong, the rest is read with one hour, so that its own problems show too.
    step_hours = parameter(problems, "step_hours", step, above=0, unit="h", advice=_STEP) or Fraction(1)
    members = _members(root, path.parent, step_hours)
    assumptions = {str(name): str(text) for name, text in root.section("assumptions").data.items()}
    tariff = _tariff(root, path.parent, members, currency, assumptions)
    names = None if members is None else [member.name for member in members.members]
    assets = read_assets(root.section("defaults"), root.section("members"), names)
    study_options = read_study_options(root.section("study"), names)
    network = read_network(root.section("network")) if "network" in root.data else root.take("network")
    root.finish()
    if members is None or tariff is None:
        return None
    return Community(
        prosumers=[member.prosumer(assets(member.name)) for member in members.members],
        tariff=tariff,
        step_hours=step_hours,
        currency=currency,
        assumptions=assumptions,
        network=network,
        time=members.time,
        start_hour=start_hour,
        source=source,
        study_options=study_options,
    )


_STEP = "give the length of a step in hours, such as 1"


def _members(root: Section, folder: Path, step_hours: Fraction) -> MemberTable | None:
    if "data" not in root.data:
        root.take("data", required="give a table [data] with file, unit and load, as `gametheory init DIR` shows")
        return None
    data = root.section("data")
    file = data.take("file", "text", required='give file = "homes.csv", a path beside this file')
    separator = data.take("separator", "text", default=",")
    decimal = data.take("decimal", "text", default=".", choices=[".", ","])
    if len(separator) != 1 or separator in '"\r\n':
        root.problems.append(f"[data] separator = {separator!r} is not one character; give ',' or ';'")
        separator = ","
    elif separator == decimal:
        root.problems.append(f"[data] separator and decimal are both {separator!r}; give separator = ';'")
    table: Table | None = None
    if file is not None:
        try:
            table = read_table(folder / file, separator=separator, decimal=decimal)
        except InputError as error:
            root.problems.extend(error.problems)
    return read_members(data, table, step_hours, step_given="step_hours" in root.data)


def _tariff(
    root: Section, folder: Path, members: MemberTable | None, currency: str, assumptions: dict[str, str]
) -> Tariff | None:
    if "tariff" not in root.data:
        root.take("tariff", required="give a table [tariff] with retail and feed_in in money/kWh")
        return None
    section = root.section("tariff")
    prices: list[Price] = []
    for name, repair in _PRICES.items():
        price, assumed = read_price(section, name, folder, members, repair=repair)
        if price is not None:
            prices.append(price)
            if assumed:
                flat = price.base if not price.windows else None
                amount = "" if flat is None else f" of {float(flat):g} {currency or 'money'}/kWh"
                assumptions.setdefault(name, f"the {name} price{amount} is assumed, not measured")
    section.finish()
    return Tariff(*prices) if len(prices) == len(_PRICES) else None


_PRICES = {
    "retail": 'give a price such as 0.30, or {column = "price"}',
    "feed_in": "give a price such as 0.08, or 0 where the grid pays nothing",
}
