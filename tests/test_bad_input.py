"""Bad input: exit 2, a message with value, reason and repair, no traceback, and no file left behind."""

from __future__ import annotations

import json
import re
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
_KWH = 'unit = "kWh"'


def _community(name: str, old: str, new: str, value: str, reason: str, repair: str) -> None:
    _case(f"toml: {name}", _toml(old, new), value=value, reason=reason, repair=repair)


_community("not TOML", 'currency = "USD"', "currency = USD", "line 8", "not TOML", "gametheory init")
_community("key unknown", "currency =", "curency =", "'curency'", "is unknown", "did you mean 'currency'")
_community("currency a number", '"USD"', "5", "currency = 5", "is not text", "give currency as text")
_community("unit unknown", _KWH, 'unit = "MWh"', '"MWh"', "is unknown", "give one of W, kW, Wh, kWh")
_community("no unit", _KWH, "", "'unit'", "has no key", 'give unit = "kWh"')
_community("no data", "[data]", "[dta]", "'data'", "has no key", "give a table [data]")
_community("no tariff", "[tariff]", "[tarif]", "'tariff'", "has no key", "give a table [tariff]")
_community("table missing", '"homes.csv"', '"house.csv"', "house.csv", "no such file", "did you mean 'homes.csv'")
_community("table of a kind", '"homes.csv"', '"homes.xlsx"', "'.xlsx'", "is not a table", "give .csv or .parquet")
_community("no pattern", "load_{member}", "load", "load = 'load'", "is not a pattern", 'write "{member}" once')
_community("layout", _KWH, f'{_KWH}\nlayout = "tall"', '"tall"', "is unknown", "give one of wide, long")
_community("member unknown", "\n[members.home_01]", "\n[members.home_1]", "home_1", "not a member", "mean 'home_01'")
_community("member twice", "# members = [", 'members = ["home_01", ', "'home_01'", "twice", "name each member once")
_community("price no number", _RETAIL, 'retail = "dear"', "'dear'", "is not a number", "give a price in money/kWh")
_community("price infinite", _RETAIL, "retail = inf", "Infinity", "is not a finite number", "give a price")
_community("no price", _RETAIL, "", "'retail'", "has no key", "give a price such as 0.30")
_community("feed-in above retail", "price = 0.08", "price = 0.3", "0.3 at step 0", "above the retail", "<= retail")
_community("hour of the day", "to = 20", "to = 25", "from 15 to 25", "not within a day", "give hours such as")
_community("windows overlap", "0.40}]", "0.40}, {from = 18, to = 22, price = 0.5}]", "18 and 20", "overlap", "apart")
_community("step length", "step_hours = 1 ", "step_hours = 0 ", "0 h", "not above 0", "give the length of a step")
_community(
    "zone unknown", '# zone = "Europe/Madrid"', 'zone = "Europe/Madird"', "'Europe/Madird'", "unknown", "Madrid'?"
)
_community("battery", "capacity = 6.4", "capacity = -1", "-1 kWh", "below 0", "give at least 0 kWh")
_community("elasticity", "elasticity = 0.1", "elasticity = -0.1", "-0.1", "below 0", "give at least 0")
_community("sensitivity", "# sensitivity = 40", "sensitivity = 0 #", "is 0", "not above 0", "give more than 0")
_community("structure", "# structures = [", 'structures = ["aloen", ', "'aloen'", "is unknown", "did you mean 'alone'")
_case(
    "toml: no file",
    lambda folder: ["study", str(folder / "none.toml"), "--csv", str(folder / "out")],
    value="none.toml",
    reason="there is no such file",
    repair="give the path of a community",
)
_case(
    "toml: a folder",
    lambda folder: ["study", str(folder)],
    value="test_bad_input",
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


def _table(name: str, made: Case, value: str, reason: str, repair: str) -> None:
    _case(f"csv: {name}", made, value=value, reason=reason, repair=repair)


_table("a gap", _cell(""), "line 4, column 'load_home_01'", "missing", "give")
_table("a word", _cell("much"), "'much'", "is not a number at step 2", "give a number of kWh")
_table("nan", _cell("nan"), "'nan'", "is not a finite number", "give a number of kWh")
_table("infinite", _cell("inf"), "'inf'", "is not a finite number", "give a number of kWh")
_table("negative load", _cell("-1"), "-1 kWh", "below 0", "give the use before PV")
_table("decimal comma", _cell('"1,5"'), "'1,5'", "is not a number", "give a number of kWh")
_table("steps out of order", _cell("1", column=0), "position 1", "stands before", "sort the rows by time")
_table("a step missing", _csv(lambda rows: [*rows[:5], *rows[6:]]), "125 is missing", "follows a gap", "add its row")
_table("few cells", _csv(lambda r: [*r[:3], "1,2", *r[4:]]), "line 4", "has 2 cells", "give one cell a column")
_table("no rows", _csv(lambda rows: rows[:1]), "homes.csv", "there are no rows", "give one row a step")
_table("empty", _csv(lambda _: []), "homes.csv", "the file is empty", "give a header")
_table(
    "column twice",
    _csv(lambda rows: [rows[0].replace("pv_home_01", "load_home_01"), *rows[1:]]),
    "'load_home_01'",
    "stands 2 times",
    "name each column once",
)
_table(
    "no pv",
    _csv(lambda rows: [rows[0].replace("pv_home_01", "pv_home_1"), *rows[1:]]),
    "'home_01'",
    "has no pv column",
    "without_pv",
)
_table(
    "separator",
    _csv(lambda rows: [row.replace(",", ";") for row in rows]),
    "';'",
    "the header is one column",
    "separator = ';'",
)
_table("open quote", _csv(lambda rows: [*rows[:-1], '"open']), "line 25", "not CSV", "close every quote")


def _parquet(folder: Path) -> list[str]:
    path = write_template(folder / "park")
    path.write_text(path.read_text(encoding="utf-8").replace("homes.csv", "homes.parquet"), encoding="utf-8")
    (path.parent / "homes.parquet").write_text("no table")
    return ["study", str(path)]


_case("parquet: no Parquet", _parquet, value="homes.parquet", reason="not Parquet", repair="give a file written as")

# ----------------------------------------------------------------------------------------------------------- bills


def _bills(name: str, text: str | None, value: str, reason: str, repair: str) -> None:
    def made(folder: Path) -> list[str]:
        path = write_template(folder / "park")
        if text is not None:
            (folder / "bills.csv").write_text(text)
        return ["core", str(path), "--bills", str(folder / "bills.csv")]

    _case(f"bills: {name}", made, value=value, reason=reason, repair=repair)


_HEAD = "member,bill\n"
_TWO = "home_02,1\nhome_03,1\n"
_bills("no file", None, "bills.csv", "there is no such file", "give the path of a table")
_bills("no column", f"member,cost\nhome_01,1\n{_TWO}", "'bill'", "there is no column", "name two columns")
_bills("unknown member", f"{_HEAD}home_1,1\n{_TWO}", "'home_1'", "is unknown", "did you mean 'home_01'")
_bills("member twice", f"{_HEAD}home_01,1\nhome_02,1\n{_TWO}", "'home_02'", "has two bills", "give one for each")
_bills("member missing", f"{_HEAD}{_TWO}", "'home_01'", "has no bill", "add a row for it")
_bills("no number", f"{_HEAD}home_01,free\n{_TWO}", "'free'", "is not a number", "give an amount of money")

# --------------------------------------------------------------------------------------------------------- options


def _option(name: str, words: str, value: str, reason: str, repair: str) -> None:
    """Options of `study` on the sample; `DIR` stands for a folder with a file `taken` in it."""

    def made(folder: Path) -> list[str]:
        (folder / "taken").write_text("kept")
        return ["study", *words.replace("DIR", str(folder)).split(" ")]

    _case(f"option: {name}", made, value=value, reason=reason, repair=repair)


_option("structure", "--structures alone,sharin", "'sharin'", "is not a structure", "did you mean 'sharing'")
_option("no structure", "--structures ,", "','", "names none", "name some of")
_option("structure twice", "--structures alone,alone", "'alone'", "twice", "name each once")
_option("elasticity", "--elasticity -1", "-1", "is negative", "give 0 (does not react) or more")
_option("elasticity a word", "--elasticity much", "'much'", "is not a number", "such as 0.1")
_option("elasticity over 0", "--elasticity 1/0", "'1/0'", "is not a number", "such as 0.1")
_option("elasticity of whom", "--elasticity home_1=0.2", "'home_1'", "no member", "did you mean")
_option("elasticity twice", "--elasticity home_01=0,home_01=1", "'home_01'", "twice", "one number for each")
_option("elasticity half", "--elasticity home_01=0.1,0.2", "'0.2'", "is not NAME=NUMBER", "home_01=0.2")
_option("sensitivity", "--sensitivity 0", "0", "is not above 0", "give one above 0")
_option("sensitivity nan", "--sensitivity nan", "'nan'", "is not a number", "such as 40")
_option("report a folder", "-o DIR", "test_bad_input", "this is a folder", "give the name of a file")
_option("report nowhere", "-o DIR/none/report.html", "none", "there is no folder", "make it first")
_option("report under a file", "-o DIR/taken/report.html", "taken", "there is no folder", "make it first")
_option("report of a kind", "-o DIR/report.pdf", "'.pdf'", "is not what it writes", "ends in .html")
_option("study of a kind", "--save DIR/study.xml", "'.xml'", "is not what it writes", "ends in .json")
_option("csv a file", "--csv DIR/taken", "taken", "this is a file", "give the name of a folder")
_option("csv nowhere", "--csv DIR/none/csv", "none", "there is no folder", "make it first")
_option("unknown", "--structure alone", "--structure", "No such option", "--help")
_case("command unknown", lambda _: ["studdy"], value="studdy", reason="No such command", repair="--help")
_case("command incomplete", lambda _: ["core", "sample"], value="--bills", reason="Missing option", repair="--help")
_case(
    "init: a file",
    _file("park", b"kept", "init", "FILE"),
    value="park",
    reason="this is a file",
    repair="give the name of a folder",
)


def _again(folder: Path) -> list[str]:
    write_template(folder / "park")
    return ["init", str(folder / "park")]


_case("init: again", _again, value="community.toml", reason="is there already", repair="give another folder")

# ------------------------------------------------------------------------------------------------------------ files


def _json(name: str, content: object, value: str, reason: str, repair: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    made = _file("study.json", text.encode(), "certify", "FILE")
    _case(f"json: {name}", made, value=value, reason=reason, repair=repair)


def _changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(small_study().to_json())
    change(data["solution"])
    return data


_whole = claim().to_json()
_json("cut short", _whole[: len(_whole) // 2], "study.json", "not JSON", "give a file written by")
_json("a word", "hello", "study.json", "not JSON", "give a file written by")
_json("something else", {"a": 1}, "study.json", "no solution in it", "give a file written by")
_json("a list", [1, 2], "study.json", "no solution in it", "give a file written by")
_json("newer", {"schema": 99, "solution": {}}, "99", "is newer", "this version reads")
_json("unknown form", {"schema": 1, "solution": {"$form": "Oracle"}}, "'Oracle'", "does not know", "known:")
_json("no solution", {"schema": 1, "solution": {"x": 1}}, "mappingproxy|dict", "holds a", "give a file of")
_json("field unknown", _changed(lambda s: s.update(colour="red")), "'colour'", "has no field", "its fields are")
_json("field missing", _changed(lambda s: s.pop("names")), "Study", "is incomplete", "names")
_json("no claims", _changed(lambda s: s.update(checks={})), "study.json", "holds no claim", "make it again")
_json("claims no claims", _changed(lambda s: s.update(checks={"a": 1})), "'a'", "is no solution", "make it again")
_json("price a word", _changed(lambda s: s.update(sensitivity={"$q": "x"})), "'x'", "is not a finite number", "give")
_case(
    "json: no file",
    lambda folder: ["certify", str(folder / "no.json")],
    value="no.json",
    reason="cannot be read",
    repair="give a file written by",
)
_case(
    "json: a folder",
    lambda folder: ["certify", str(folder)],
    value="test_bad_input",
    reason="cannot be read",
    repair="give a file written by",
)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, texts = CASES[name]
    command = made(tmp_path)
    before = _files(tmp_path)
    code = run(command)
    out, err = capsys.readouterr()
    assert code == 2, err
    assert out == ""
    assert "Traceback" not in err
    for text in texts:
        assert re.search(text if "|" in text else re.escape(text), err), f"{text!r} is not in {err}"
    assert _files(tmp_path) == before


def test_there_are_at_least_forty_kinds() -> None:
    assert len(CASES) >= 40
    assert all(all(texts) for _, texts in CASES.values())


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}
