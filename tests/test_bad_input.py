"""Bad input: exit 2, a message with value, reason and repair, no traceback, and no file left behind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gametheory.cli import run
from gametheory.io.template import write_template
from tests.report.studies import claim, small_study

Case = Callable[[Path], list[str]]
CASES: dict[str, tuple[Case, tuple[str, str, str]]] = {}


def _case(name: str, made: Case, *, value: str, reason: str, repair: str) -> None:
    assert name not in CASES
    CASES[name] = (made, (value, reason, repair))


# ---------------------------------------------------------------------------------------------------- a community file


def _toml(old: str, new: str) -> Case:
    """The template with one line of its TOML changed."""

    def made(folder: Path) -> list[str]:
        path = write_template(folder / "park")
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return ["study", str(path), "-o", str(folder / "report.html")]

    return made


def _csv(change: Callable[[list[str]], list[str]]) -> Case:
    """The template with the lines of its table changed."""

    def made(folder: Path) -> list[str]:
        path = write_template(folder / "park")
        table = path.parent / "homes.csv"
        lines = table.read_text(encoding="utf-8").splitlines()
        table.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
        return ["study", str(path), "--csv", str(folder / "out")]

    return made


def _cell(text: str, *, row: int = 3, column: int = 1) -> Case:
    def change(lines: list[str]) -> list[str]:
        cells = lines[row].split(",")
        cells[column] = text
        return [*lines[:row], ",".join(cells), *lines[row + 1 :]]

    return _csv(change)


def _file(name: str, content: bytes, *command: str) -> Case:
    """One file with some content; `FILE` in the command stands for its path."""

    def made(folder: Path) -> list[str]:
        (folder / name).write_bytes(content)
        return [str(folder / name) if word == "FILE" else word for word in command]

    return made


_RETAIL = "retail = {base = 0.22, windows = [{from = 15, to = 20, price = 0.40}]}"
_FEED = "feed_in = {price = 0.08, assumed = true}"

_case("toml: not TOML", _toml('currency = "USD"', "currency = USD"), value="line", reason="not TOML", repair="init")
_case(
    "toml: unknown key",
    _toml("currency =", "curency ="),
    value="'curency'",
    reason="is unknown",
    repair="did you mean 'currency'",
)
_case(
    "toml: currency is a number",
    _toml('"USD"', "5"),
    value="currency = 5",
    reason="is not text",
    repair="give currency as text",
)
_case(
    "toml: unit unknown",
    _toml('unit = "kWh"', 'unit = "MWh"'),
    value='"MWh"',
    reason="is unknown",
    repair="did you mean 'Wh'",
)
_case("toml: no unit", _toml('unit = "kWh"', ""), value="'unit'", reason="no key", repair='give unit = "kWh"')
_case("toml: no table", _toml("[data]", "[dta]"), value="'data'", reason="no key", repair="give a table [data]")
_case(
    "toml: no tariff", _toml("[tariff]", "[tarif]"), value="'tariff'", reason="no key", repair="give a table [tariff]"
)
_case(
    "toml: table is missing",
    _toml('"homes.csv"', '"house.csv"'),
    value="house.csv",
    reason="no such file",
    repair="did you mean 'homes.csv'",
)
_case(
    "toml: table of another kind",
    _toml('"homes.csv"', '"homes.xlsx"'),
    value="'.xlsx'",
    reason="is not a table",
    repair="give .csv or .parquet",
)
_case(
    "toml: no pattern",
    _toml("load_{member}", "load"),
    value="load = 'load'",
    reason="is not a pattern",
    repair='write "{member}" once',
)
_case(
    "toml: layout unknown",
    _toml('unit = "kWh"', 'unit = "kWh"\nlayout = "tall"'),
    value='"tall"',
    reason="is unknown",
    repair="known: wide, long",
)
_case(
    "toml: member unknown",
    _toml("[members.home_01]", "[members.home_1]"),
    value="home_1",
    reason="is not a member",
    repair="did you mean 'home_01'",
)
_case(
    "toml: members twice",
    _toml('# members = ["home_01"]', 'members = ["home_01", "home_01"]'),
    value="'home_01'",
    reason="twice",
    repair="name each member once",
)
_case(
    "toml: price is no number",
    _toml(_RETAIL, 'retail = "dear"'),
    value="'dear'",
    reason="is not",
    repair="give a price",
)
_case(
    "toml: price is infinite", _toml(_RETAIL, "retail = inf"), value="Infinity", reason="is not", repair="give a price"
)
_case("toml: no price", _toml(_RETAIL, ""), value="'retail'", reason="no key", repair="give a price")
_case("toml: feed-in above retail", _toml("price = 0.08", "price = 0.3"), value="0.3", reason="above", repair="feed_in")
_case("toml: hour of day", _toml("to = 20", "to = 25"), value="25", reason="", repair="")
_case(
    "toml: windows overlap",
    _toml("price = 0.40}]", "price = 0.40}, {from = 18, to = 22, price = 0.5}]"),
    value="",
    reason="",
    repair="",
)
_case(
    "toml: no step length",
    _toml("step_hours = 1 ", "step_hours = 0 "),
    value="step_hours",
    reason="0",
    repair="give the length of a step",
)
_case(
    "toml: zone unknown",
    _toml('# zone = "Europe/Madrid"', 'zone = "Europe/Madird"'),
    value="Madird",
    reason="",
    repair="",
)
_case("toml: battery", _toml("capacity = 6.4", "capacity = -1"), value="-1", reason="", repair="")
_case("toml: power without step", _toml("step_hours = 1 ", "# "), value="", reason="", repair="")
_case("toml: elasticity", _toml("elasticity = 0.1", "elasticity = -0.1"), value="-0.1", reason="", repair="")
_case("toml: sensitivity", _toml("# sensitivity = 40", "sensitivity = 0"), value="sensitivity", reason="", repair="")
_case(
    "toml: structure",
    _toml('# structures = ["alone"', 'structures = ["aloen"'),
    value="'aloen'",
    reason="is unknown",
    repair="did you mean 'alone'",
)
_case(
    "toml: no file",
    lambda folder: ["study", str(folder / "none.toml")],
    value="none.toml",
    reason="no such file",
    repair="give the path of a community",
)
_case(
    "toml: a folder",
    lambda folder: ["study", str(folder)],
    value="folder",
    reason="this is a folder",
    repair="give the TOML file in it",
)
_case(
    "toml: not text",
    _file("park.toml", b"\xff\xfe\x00", "study", "FILE"),
    value="byte 0",
    reason="is not UTF-8",
    repair="save the file as UTF-8",
)

# ------------------------------------------------------------------------------------------------------------ its table

_case("csv: a gap", _cell(""), value="line 4", reason="", repair="")
_case("csv: a word", _cell("much"), value="'much'", reason="", repair="")
_case("csv: nan", _cell("nan"), value="nan", reason="", repair="")
_case("csv: infinite", _cell("inf"), value="inf", reason="", repair="")
_case("csv: negative load", _cell("-1"), value="-1", reason="", repair="")
_case("csv: decimal comma", _cell('"1,5"'), value="1,5", reason="", repair="")
_case("csv: a step twice", _cell("1", column=0), value="", reason="", repair="")
_case(
    "csv: too few cells",
    _csv(lambda rows: [*rows[:3], "1,2", *rows[4:]]),
    value="line 4",
    reason="has 2 cells",
    repair="give one cell a column",
)
_case("csv: no rows", _csv(lambda rows: rows[:1]), value="homes.csv", reason="no rows", repair="give one row a step")
_case("csv: empty", _csv(lambda _: []), value="homes.csv", reason="the file is empty", repair="give a header")
_case(
    "csv: column twice",
    _csv(lambda rows: [rows[0].replace("pv_home_01", "load_home_01"), *rows[1:]]),
    value="'load_home_01'",
    reason="stands 2 times",
    repair="name each column once",
)
_case(
    "csv: no pv column",
    _csv(lambda rows: [rows[0].replace("pv_home_01", "pv_home_1"), *rows[1:]]),
    value="'home_01'",
    reason="has no pv column",
    repair="without_pv",
)
_case(
    "csv: separator",
    _csv(lambda rows: [row.replace(",", ";") for row in rows]),
    value="';'",
    reason="the header is one column",
    repair="separator = ';'",
)
_case(
    "csv: quote left open",
    _csv(lambda rows: [*rows[:-1], '"open']),
    value="line",
    reason="not CSV",
    repair="close every quote",
)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, texts = CASES[name]
    command = made(tmp_path)
    before = _files(tmp_path)
    code = run(command)
    out, err = capsys.readouterr()
    print(name, "::", err)
    assert code == 2


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}
