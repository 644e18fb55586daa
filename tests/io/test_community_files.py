"""Communities from files: every layout, unit and format gives the same exact numbers; what is wrong is named."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gametheory import Community
from gametheory.errors import InputError

from ..strategies import communities

TARIFF = '[tariff]\nretail = 0.3\nfeed_in = "0.1"\n'
WIDE = 'load = "load_{member}"\npv = "pv_{member}"\n'
LONG = 'layout = "long"\nmember = "home"\nload = "load"\npv = "pv"\n'


def write(folder: Path, data: str, table: str, *, rest: str = TARIFF, head: str = "step_hours = 1\n") -> Path:
    (folder / "homes.csv").write_text(table, encoding="utf-8")
    path = folder / "community.toml"
    path.write_text(f'{head}[data]\nfile = "homes.csv"\nunit = "kWh"\n{data}{rest}', encoding="utf-8")
    return path


def problems(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Community.read(path)
    assert all(problem.startswith(str(path.parent)) for problem in caught.value.problems)
    assert len(set(caught.value.problems)) == len(caught.value.problems)
    return "\n".join(caught.value.problems)


def decimal(value: Fraction) -> str:
    return f"{float(value):.2f}"


# ---------------------------------------------------------------------------------------------------- round trips


def columns_of(community: Community, layout: str) -> dict[str, list[Any]]:
    """The exact table of a community, wide or long (rows by step, members interleaved)."""
    columns: dict[str, list[Any]] = {}
    retail, feed_in = community.exact_retail_price, community.exact_feed_in
    if layout == "wide":
        for name, load, pv in zip(community.names, community.exact_load, community.exact_pv, strict=True):
            columns[f"load_{name}"], columns[f"pv_{name}"] = list(load), list(pv)
        return {**columns, "retail": list(retail), "feed_in": list(feed_in)}
    cells = [(t, i) for t in range(community.steps) for i in range(len(community))]
    return {
        "home": [community.names[i] for _, i in cells],
        "load": [community.exact_load[i][t] for t, i in cells],
        "pv": [community.exact_pv[i][t] for t, i in cells],
        "retail": [retail[t] for t, _ in cells],
        "feed_in": [feed_in[t] for t, _ in cells],
    }


def csv_text(columns: dict[str, list[Any]], separator: str = ",", comma: bool = False) -> str:
    def cell(value: Any) -> str:
        text = decimal(value) if isinstance(value, Fraction) else str(value)
        return text.replace(".", ",") if comma and isinstance(value, Fraction) else text

    rows = [separator.join(columns), *(separator.join(map(cell, row)) for row in zip(*columns.values(), strict=True))]
    return "\n".join(rows) + "\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(communities(), st.sampled_from(["wide", "long"]))
def test_every_layout_and_format_gives_the_same_exact_community(
    tmp_path: Path, community: Community, layout: str
) -> None:
    data = WIDE if layout == "wide" else LONG
    tariff = '[tariff]\nretail = {column = "retail"}\nfeed_in = {column = "feed_in"}\n'
    columns = columns_of(community, layout)
    path = write(tmp_path, data, csv_text(columns), rest=tariff)
    assert Community.read(path) == community
    path = write(tmp_path, data + 'separator = ";"\ndecimal = ","\n', csv_text(columns, ";", comma=True), rest=tariff)
    assert Community.read(path).exact_net_load == community.exact_net_load
    # Parquet holds decimals as decimals.
    arrays = {
        name: pa.array([decimal(v) for v in cells]).cast(pa.decimal128(12, 2)) if name != "home" else pa.array(cells)
        for name, cells in columns.items()
    }
    pq.write_table(pa.table(arrays), tmp_path / "homes.parquet")
    path.write_text(f'[data]\nfile = "homes.parquet"\nunit = "kWh"\n{data}{tariff}', encoding="utf-8")
    assert Community.read(path).input_hash == community.input_hash


@pytest.mark.parametrize(
    ("unit", "hours", "factor"),
    [
        ("kWh", "0.25", Fraction(1)),
        ("Wh", "0.25", Fraction(1, 1000)),
        ("kW", "0.25", Fraction(1, 4)),
        ("W", "0.25", Fraction(1, 4000)),
        ("kW", "1", Fraction(1)),
        ("W", '"1/3"', None),
    ],
)
def test_units_are_converted_exactly(tmp_path: Path, unit: str, hours: str, factor: Fraction | None) -> None:
    path = write(
        tmp_path,
        f'load = "load_{{member}}"\nload_unit = "{unit}"\n',
        "load_a\n0.7\n300\n",
        head=f"step_hours = {hours}\n",
    )
    if factor is None:
        assert "step_hours: '1/3' is not a number" in problems(path)
        return
    community = Community.read(path)
    assert community.exact_load == ((Fraction(7, 10) * factor, 300 * factor),)
    assert community.load.tolist() == [[float(Fraction(7, 10) * factor), float(300 * factor)]]


def test_load_and_pv_may_have_units_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, WIDE + 'pv_unit = "W"\n', "load_a,pv_a\n1,500\n", head="step_hours = 0.5\n")
    assert Community.read(path).exact_net_load == ((Fraction(3, 4),),)


def test_a_power_needs_the_length_of_a_step(tmp_path: Path) -> None:
    path = write(tmp_path, 'load = "load_{member}"\nload_unit = "kW"\n', "load_a\n1\n", head="")
    assert "step_hours is not given; give step_hours, such as 0.25" in problems(path)


def test_floats_of_parquet_are_the_floats_they_are(tmp_path: Path) -> None:
    pq.write_table(pa.table({"load_a": [0.1, 0.2], "load_b": pa.array([1, 2], pa.int32())}), tmp_path / "x.parquet")
    path = tmp_path / "c.toml"
    path.write_text(f'[data]\nfile = "x.parquet"\nunit = "kWh"\nload = "load_{{member}}"\n{TARIFF}', encoding="utf-8")
    assert Community.read(path).exact_load == ((Fraction(0.1), Fraction(0.2)), (1, 2))


def test_columns_may_be_named_one_by_one(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'members = ["b", "a"]\nwithout_pv = ["b"]\nload = {a = "x", b = "y"}\npv = {a = "z"}\n',
        "x,y,z\n1,2,3\n",
    )
    community = Community.read(path)
    assert community.names == ("b", "a")
    assert community.exact_net_load == ((2,), (-2,))


def test_assets_come_from_defaults_and_members(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'load = "load_{member}"\n',
        "load_a,load_b\n1,2\n",
        rest=TARIFF
        + "[defaults]\nbattery = {capacity = 6.4, power = 5}\n[members.a]\nbattery = false\npv_system = {power = 4}\n"
        + '[network]\nbuses = ["x", "y"]\nlines = [{from = "x", to = "y", capacity = 5}]\nbus_of = {a = "x", b = "y"}\n'
        + '[study]\nelasticity = {a = 0.2}\nsensitivity = 40\nstructures = ["alone", "optimum"]\n',
    )
    community = Community.read(path)
    assert community["a"].battery is None
    assert community["a"].pv_system is not None
    assert community["b"].battery is not None
    assert community["b"].battery.capacity == Fraction(32, 5)
    assert community.network is not None
    assert community.network.lines[0].capacity == 5
    assert dict(community.study_options) == {
        "elasticity": {"a": Fraction(1, 5)},
        "sensitivity": Fraction(40),
        "structures": ("alone", "optimum"),
    }


def test_prices_may_come_from_a_file_of_their_own_or_the_clock(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("p;q\n0.5;0.1\n0.6;-0.1\n", encoding="utf-8")
    rest = (
        '[tariff]\nretail = {column = "p", file = "prices.csv", separator = ";"}\n'
        "feed_in = {base = 0.05, windows = [{from = 23, to = 1, price = 0.01}], assumed = true}\n"
    )
    path = write(tmp_path, 'load = "load_{member}"\n', "load_a\n1\n2\n", rest=rest, head="start_hour = 22\n")
    community = Community.read(path)
    assert community.exact_retail_price == (Fraction(1, 2), Fraction(3, 5))
    assert community.exact_feed_in == (Fraction(1, 20), Fraction(1, 100))
    assert "assumed" in community.assumptions["feed_in"]


# --------------------------------------------------------------------------------------------------------- the clock


def hourly(*stamps: str) -> str:
    return "time,load_a\n" + "".join(f"{stamp},{k}\n" for k, stamp in enumerate(stamps, start=1))


def clock(folder: Path, stamps: Sequence[str], *, zone: str = "", step: str = "1") -> Path:
    line = f'zone = "{zone}"\n' if zone else ""
    return write(
        folder, f'load = "load_{{member}}"\ntime = "time"\n{line}', hourly(*stamps), head=f"step_hours = {step}\n"
    )


def test_the_hour_that_autumn_repeats_is_read_twice(tmp_path: Path) -> None:
    local = [f"2024-10-27T{h:02d}:00" for h in (0, 1, 2, 2, 3)]
    assert Community.read(clock(tmp_path, local, zone="Europe/Madrid")).time == (
        "2024-10-27T00:00:00+02:00",
        "2024-10-27T01:00:00+02:00",
        "2024-10-27T02:00:00+02:00",
        "2024-10-27T02:00:00+01:00",
        "2024-10-27T03:00:00+01:00",
    )


def test_quarter_hours_through_autumn(tmp_path: Path) -> None:
    local = [f"2024-10-27 02:{m:02d}" for m in (0, 15, 30, 45)] * 2
    times = Community.read(clock(tmp_path, local, zone="Europe/Berlin", step="0.25")).time
    assert times is not None
    assert [stamp[-6:] for stamp in times] == ["+02:00"] * 4 + ["+01:00"] * 4


def test_offsets_and_utc_are_understood_and_shown_in_the_zone(tmp_path: Path) -> None:
    utc = ["2024-10-27T00:00:00Z", "2024-10-27T01:00:00+00:00", "2024-10-27T04:00:00+02:00"]
    assert Community.read(clock(tmp_path, utc, zone="Europe/Madrid")).time == (
        "2024-10-27T02:00:00+02:00",
        "2024-10-27T02:00:00+01:00",
        "2024-10-27T03:00:00+01:00",
    )
    assert Community.read(clock(tmp_path, utc[:2])).time == ("2024-10-27T00:00:00+00:00", "2024-10-27T01:00:00+00:00")


@pytest.mark.parametrize(
    ("stamps", "zone", "words"),
    [
        (["2024-03-31T01:00", "2024-03-31T02:00"], "Europe/Madrid", "does not exist in Europe/Madrid"),
        (["2024-03-31T01:00", "2024-03-31T04:00"], "Europe/Madrid", "follows a gap"),
        (["2024-07-01T00:00", "2024-07-01T01:00"], "", "has no zone"),
        (["2024-07-01T00:00Z", "2024-07-01T00:00Z"], "", "appears twice"),
        (["2024-07-01T01:00Z", "2024-07-01T00:00Z"], "", "stands before the one above it"),
        (["2024-07-01T00:00Z", "2024-07-01T00:15Z"], "", "is due"),
        (["2024-07-01T00:00Z", "2024-07-01T02:00Z"], "", "2024-07-01T01:00:00+00:00 is missing"),
        (["2024-07-01T00:00Z", "noon"], "", "'noon' is not a time stamp"),
        (["2024-07-01T00:00Z", ""], "", "the time is missing"),
        (["1", "2", "4"], "", "position 4 follows a gap"),
        (["1", "1"], "", "appears twice"),
        (["2", "1"], "", "stands before"),
        (["2024-07-01T00:00", "2024-07-01T01:00"], "Europe/Madird", "did you mean 'Europe/Madrid'?"),
        (["2024-07-01T00:00", "2024-07-01T01:00"], "Moon", "give a name such as"),
    ],
)
def test_bad_time_axes(tmp_path: Path, stamps: list[str], zone: str, words: str) -> None:
    text = problems(clock(tmp_path, stamps, zone=zone))
    assert words in text
    if "Europe/Madird" not in text and "Moon" not in text:
        assert "homes.csv, line " in text


def test_a_gap_from_spring_is_no_gap(tmp_path: Path) -> None:
    local = ["2024-03-31T01:00", "2024-03-31T03:00"]
    assert Community.read(clock(tmp_path, local, zone="Europe/Madrid")).steps == 2


def test_positions_need_no_zone_and_may_start_anywhere(tmp_path: Path) -> None:
    assert Community.read(clock(tmp_path, ["121", "122"])).time == ("121", "122")


# ------------------------------------------------------------------------------------------------------- what is wrong


def test_missing_values_are_named_with_row_and_column(tmp_path: Path) -> None:
    path = write(tmp_path, WIDE, "load_a,pv_a,load_b,pv_b\n1,0,1,0\n,0,1,nan\n1,0,1,\n")
    text = problems(path)
    assert "prosumer 'a': load: '' is missing at step 1 (homes.csv, line 3, column 'load_a')" in text
    assert (
        "prosumer 'b': pv: 'nan' is not a finite number at step 1 (homes.csv, line 3, column 'pv_b') (and at 1 more)"
        in text
    )
    pq.write_table(pa.table({"load_a": pa.array([1.0, None])}), tmp_path / "x.parquet")
    path.write_text(f'[data]\nfile = "x.parquet"\nunit = "kWh"\nload = "load_{{member}}"\n{TARIFF}', encoding="utf-8")
    assert "None is missing at step 1 (x.parquet, row 2, column 'load_a')" in problems(path)


def test_one_broken_part_does_not_hide_the_others(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'load = "laod_{member}"\nmembrs = ["a"]\n',
        "load_a\n1\n",
        rest="[tariff]\nretial = 0.3\nfeed_in = nan\n[defaults]\nbatery = {capacity = 1, power = 1}\n"
        "[study]\nelasticity = -1\nstructures = ['alon']\n[assumption]\nx = 'y'\n",
        head='step_hours = 0\ncurency = "EUR"\n',
    )
    text = problems(path)
    for words in (
        "key 'curency' is unknown; did you mean 'currency'?",
        "step_hours is 0 h, not above 0",
        "key 'membrs' is unknown; did you mean 'members'?",
        "no column of homes.csv is like load = 'laod_{member}'",
        "[tariff] has no key 'retail'",
        "key 'retial' is unknown; did you mean 'retail'?",
        "[tariff] feed_in: NaN is not a finite number",
        "key 'batery' is unknown; did you mean 'battery'?",
        "[study] elasticity is -1, below 0",
        "structure 'alon' is unknown; did you mean 'alone'?",
        "key 'assumption' is unknown; did you mean 'assumptions'?",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("data", "table", "rest", "words"),
    [
        (WIDE, "load_a,pv_a,load_b\n1,1,1\n", TARIFF, 'without_pv = ["b"]'),
        (WIDE, "load_a,pv_a,pv_b\n1,1,1\n", TARIFF, "column 'pv_b' is the pv of 'b', who has no load column"),
        (WIDE + 'without_pv = ["a"]\n', "load_a,pv_a\n1,1\n", TARIFF, "take the name out"),
        (WIDE + 'without_pv = ["z"]\n', "load_a,pv_a\n1,1\n", TARIFF, "'z', who is not a member"),
        (WIDE + 'members = ["a", "a"]\n', "load_a,pv_a\n1,1\n", TARIFF, "names 'a' twice"),
        (WIDE + 'members = ["aa"]\n', "load_a,pv_a\n1,1\n", TARIFF, "did you mean 'a'?"),
        (WIDE + "members = [1]\n", "load_a,pv_a\n1,1\n", TARIFF, "write it in quotes"),
        (WIDE + 'member = "home"\n', "load_a,pv_a\n1,1\n", TARIFF, 'member is for layout = "long"'),
        ('load = "load"\n', "load\n1\n", TARIFF, 'write "{member}" once'),
        ('load = {a = "lod"}\n', "load\n1\n", TARIFF, "did you mean 'load'?"),
        ("", "load_a\n1\n", TARIFF, "[data] has no key 'load'"),
        (WIDE + 'time = "tiem"\n', "time,load_a,pv_a\n1,1,1\n", TARIFF, "did you mean 'time'?"),
        (
            WIDE + 'layout = "tall"\n',
            "load_a,pv_a\n1,1\n",
            TARIFF,
            'layout = "tall" is unknown; give one of wide, long',
        ),
        (WIDE + 'load_unit = "MWh"\n', "load_a,pv_a\n1,1\n", TARIFF, "give one of W, kW, Wh, kWh"),
        (LONG, "home,load,pv\na,1,0\n,2,0\n", TARIFF, "line 3, column 'home': the name of the member is missing"),
        (LONG, "home,load,pv\na,1,0\na,2,0\nb,1,0\n", TARIFF, "prosumer 'b': load has 1 steps"),
        (
            LONG + 'time = "t"\n',
            "home,t,load,pv\na,1,1,0\na,2,2,0\nb,1,1,0\nb,3,1,0\n",
            TARIFF,
            "position 3 follows a gap",
        ),
        (LONG + 'time = "t"\n', "home,t,load,pv\na,1,1,0\na,2,2,0\nb,2,1,0\nb,3,1,0\n", TARIFF, "'b' has no row at 1"),
        (LONG, "hoem,load,pv\na,1,0\n", TARIFF, "did you mean 'hoem'?"),
        (LONG, "home,laod,pv\na,1,0\n", TARIFF, "did you mean 'laod'?"),
        (LONG + 'without_pv = ["a"]\n', "home,load,pv\na,1,0\n", TARIFF, "give 0 in the pv column"),
        (
            LONG,
            "home,load,pv,p\na,1,0,1\nb,1,0,2\n",
            '[tariff]\nretail = {column = "p"}\nfeed_in = 0\n',
            "one tariff holds",
        ),
        (WIDE, "load_a,pv_a\n1,1\n", "[tariff]\nretail = {}\nfeed_in = 0\n", "has none of them"),
        (WIDE, "load_a,pv_a\n1,1\n", "[tariff]\nretail = {price = 1, base = 2}\nfeed_in = 0\n", "has price and base"),
        (WIDE, "load_a,pv_a\n1,1\n", '[tariff]\nretail = {column = "lod_a"}\nfeed_in = 0\n', "did you mean 'load_a'?"),
        (
            WIDE,
            "load_a,pv_a\n1,1\n",
            '[tariff]\nretail = {column = "p", file = "no.csv"}\nfeed_in = 0\n',
            "no such file",
        ),
        (WIDE, "load_a,pv_a\n1,1\n", "[tariff]\nretail = 0.1\nfeed_in = 0.2\n", "above the retail price"),
        (WIDE, "load_a,pv_a\n1,1\n", "[tariff]\nretail = true\nfeed_in = 0\n", "True is not a number"),
        (WIDE, "load_a,pv_a\n1,1\n", "", "give a table [tariff]"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[members.b]\n", "[members.b] is not a member"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[members.a]\nbattery = {capacity = 5}\n", "has no key 'power'"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[members.a]\nbattery = {capacity = -5, power = 1}\n", "capacity is -5"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[network]\nlines = []\n", "no list of buses"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + '[network]\nbuses = ["x"]\nlines = [{from = "x"}]\n', "no key 'to'"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[study]\nelasticity = {b = 1}\n", "'b', who is not a member"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[study]\nstructures = []\n", "structures is empty"),
        (WIDE, "load_a,pv_a\n1,1\n", TARIFF + "[study]\nsensitivity = 0\n", "sensitivity is 0, not above 0"),
        (WIDE, "", TARIFF, "the file is empty"),
        (WIDE, "load_a,pv_a\n", TARIFF, "no rows below the header"),
        (WIDE, "load_a,load_a\n1,1\n", TARIFF, "stands 2 times in the header"),
        (WIDE, "load_a,pv_a\n1\n1,2,3\n\n1,1\n", TARIFF, "line 4 is empty"),
        (WIDE, "load_a;pv_a\n1;1\n", TARIFF, "the separator seems to be ';'"),
        (WIDE, 'load_a,pv_a\n"1,1\n', TARIFF, "close every quote"),
        (WIDE + 'separator = ","\ndecimal = ","\n', "load_a,pv_a\n1,1\n", TARIFF, "separator and decimal are both ','"),
        (WIDE + 'separator = "ab"\n', "load_a,pv_a\n1,1\n", TARIFF, "is not one character"),
        (WIDE, "load_a,pv_a\n1,=1+1\n", TARIFF, "'=1+1' is not a number"),
        (WIDE, "load_a,pv_a\n1,__import__('os')\n", TARIFF, "is not a number"),
    ],
)
def test_bad_files(tmp_path: Path, data: str, table: str, rest: str, words: str) -> None:
    assert words in problems(write(tmp_path, data, table, rest=rest))


def test_bad_paths(tmp_path: Path) -> None:
    path = write(tmp_path, WIDE, "load_a,pv_a\n1,1\n")
    with pytest.raises(InputError, match="this is a folder"):
        Community.read(tmp_path)
    with pytest.raises(InputError, match=r"did you mean 'community.toml'\?"):
        Community.read(tmp_path / "comunity.toml")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="byte 0 is not UTF-8"):
        Community.read(path)
    path.write_text("[data\n", encoding="utf-8")
    with pytest.raises(InputError, match="not TOML"):
        Community.read(path)
    path.write_text(f'[data]\nfile = "homes.xls"\nunit = "kWh"\n{WIDE}{TARIFF}', encoding="utf-8")
    with pytest.raises(InputError, match="not a table; give"):
        Community.read(path)
    (tmp_path / "x.parquet").write_text("load_a\n1\n", encoding="utf-8")
    path.write_text(f'[data]\nfile = "x.parquet"\nunit = "kWh"\n{WIDE}{TARIFF}', encoding="utf-8")
    with pytest.raises(InputError, match="not Parquet"):
        Community.read(path)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, WIDE, "")
    (tmp_path / "homes.csv").write_bytes(b"\xef\xbb\xbfload_a,pv_a\r\n1,0.5\r\n\r\n")
    assert Community.read(path).exact_net_load == ((Fraction(1, 2),),)
