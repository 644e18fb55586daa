"""The embedded sample is what its script builds from the published wheel; larger sets are read quickly."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest

from gametheory import Community
from gametheory.data import build_sample
from gametheory.errors import InputError
from gametheory.io.template import TEMPLATE_FILES, write_template

DATA = resources.files("gametheory.data")


def test_the_sample_has_both_sides_and_says_what_is_assumed() -> None:
    sample = Community.sample()
    assert (len(sample), sample.steps, sample.step_hours, sample.currency) == (8, 48, 1, "USD")
    surplus, deficit = (sample.net_load < 0).any(axis=0), (sample.net_load > 0).any(axis=0)
    assert (surplus & deficit).sum() == 23
    assert set(sample.exact_feed_in) == {Fraction(2, 25)}
    assert "assumed" in sample.assumptions["feed_in"]
    assert sample.source
    battery = sample["home_01"].battery
    assert battery is not None
    assert (battery.capacity, battery.power, battery.round_trip_efficiency) == (Fraction(32, 5), 5, Fraction(9, 10))


def test_the_licence_travels_with_the_sample() -> None:
    assert "MIT License" in DATA.joinpath("sample/LICENSE.CityLearn").read_text(encoding="utf-8")
    assert "LICENSE.CityLearn" in TEMPLATE_FILES


def test_the_sample_is_the_published_measurement(shared_data: Callable[[str], Path]) -> None:
    with shared_data("fontana/fontana8_48h.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    sample = Community.sample()
    assert sample.time == tuple(row["t"] for row in rows)
    for name, load, pv in zip(sample.names, sample.exact_load, sample.exact_pv, strict=True):
        home = name.removeprefix("home_")
        for series, what in ((load, "load"), (pv, "pv")):
            published = [Fraction(row[f"{what}_{home}"]) for row in rows]
            # Both are rounded to four decimals from the same measurement; ties may have gone either way.
            assert max(abs(a - b) for a, b in zip(series, published, strict=True)) <= Fraction(1, 10**4), (name, what)
    assert sample.exact_retail_price == tuple(Fraction(row["grid_buy_usd_per_kwh"]) for row in rows)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("citylearn")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(folder)]
    run = subprocess.run(
        [*command, "CityLearn==2.1.2"], capture_output=True, text=True, timeout=240, check=False, cwd=folder
    )
    found = list(folder.glob("*.whl"))
    if run.returncode != 0 or not found:
        pytest.skip(f"the wheel CityLearn==2.1.2 cannot be had here: {run.stderr.strip()[-200:]}")
    return found[0]


@pytest.mark.slow
def test_the_sample_is_what_the_script_builds_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    build_sample.build(wheel, tmp_path)
    built = {p.relative_to(tmp_path).as_posix(): p.read_text(encoding="utf-8") for p in tmp_path.rglob("*.*")}
    assert set(built) == {"sample/community.toml", "sample/homes.csv", "sample/LICENSE.CityLearn", "template/homes.csv"}
    for name, text in built.items():
        assert DATA.joinpath(name).read_text(encoding="utf-8") == text, name


def test_the_script_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert build_sample.main([]) == 2
    assert "usage" in capsys.readouterr().err


# ----------------------------------------------------------------------------------------------------------- template


def test_the_template_runs_and_is_never_overwritten(tmp_path: Path) -> None:
    path = write_template(tmp_path / "park")
    assert len(Community.read(path)) == 3
    assert sorted(p.name for p in path.parent.iterdir()) == sorted(TEMPLATE_FILES)
    with pytest.raises(InputError) as caught:
        write_template(tmp_path / "park")
    assert len(caught.value.problems) == len(TEMPLATE_FILES)
    with pytest.raises(InputError, match="this is a file"):
        write_template(path)


def test_a_template_that_cannot_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fail_at_the_second(self: Path, target: Path) -> Path:
        if target.name == "homes.csv":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        write_template(tmp_path / "park")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        write_template(tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


# --------------------------------------------------------------------------------------------------------- large data


def _year(folder: Path, file: Path, data: str, tariff: str) -> Community:
    path = folder / "community.toml"
    path.write_text(f'[data]\nfile = "{file.as_posix()}"\nunit = "kWh"\n{data}[tariff]\n{tariff}', encoding="utf-8")
    start = time.perf_counter()
    community = Community.read(path)
    digest = community.input_hash
    print(f"\n{community!r}: read and hashed in {time.perf_counter() - start:.2f} s ({digest[:8]})")
    return community


def test_a_measured_year_is_read(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    community = _year(
        tmp_path,
        shared_data("fontana/fontana17_hourly.parquet"),
        'load = "load_{member}"\npv = "pv_{member}"\n',
        'retail = {column = "grid_buy_usd_per_kwh"}\nfeed_in = 0.08\n',
    )
    assert community.load.shape == (17, 8760)
    # The same 48 hours as in the sample, where the homes are called home_01 and so on.
    sample = Community.sample()
    homes = [name.removeprefix("home_") for name in sample.names]
    hours = community.subset(homes).select(slice(121, 169))
    assert abs(hours.load - sample.load).max() < 2e-4
    assert abs(hours.pv - sample.pv).max() < 2e-4


@pytest.mark.slow
def test_a_year_of_a_hundred_homes_is_read(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    community = _year(
        tmp_path,
        shared_data("resstock_tx100/resstock_tx100_hourly.parquet"),
        'load = "load_{member}"\n',
        "retail = {base = 0.12, windows = [{from = 14, to = 20, price = 0.3}]}\nfeed_in = 0.03\n",
    )
    assert community.load.shape == (100, 8760)
    assert community.exact_retail_price[14] == Fraction(3, 10)
    assert community["001"].load.at(0) == Fraction(float(community.load[0, 0]))
