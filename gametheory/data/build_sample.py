"""Build the embedded sample from the wheel ``CityLearn==2.1.2``, the last one with the data inside.

::

    pip download --no-deps CityLearn==2.1.2
    python -m gametheory.data.build_sample CityLearn-2.1.2-py3-none-any.whl

Reads the wheel with `zipfile`; nothing of CityLearn is imported. Load is the measured electricity use of a home (kWh in
an hour); PV is the measured generation per kW times the size of the system; the price is the time-of-use rate.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

__all__ = ["HOMES", "build", "main", "sample_files", "template_files"]

#: Buildings of the data set; the sample calls them "home_01" and so on.
HOMES = (1, 2, 3, 4, 5, 6, 7, 10)
#: Rows of the data set, counted from 0: two full days of August, one of them a Sunday.
STEPS = range(121, 169)
#: The template holds the first three homes on the first day.
TEMPLATE_HOMES = HOMES[:3]
TEMPLATE_STEPS = STEPS[:24]

_FOLDER = "citylearn/data/citylearn_challenge_2022_phase_all"
_LOAD, _PV, _PRICE = "Equipment Electric Power [kWh]", "Solar Generation [W/kW]", "Electricity Pricing [$/kWh]"
#: Four decimals: a tenth of a watt hour, finer than the meters.
_GRAIN = Decimal("0.0001")


def _column(wheel: zipfile.ZipFile, name: str, column: str) -> list[Decimal]:
    with wheel.open(f"{_FOLDER}/{name}") as stream:
        rows = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        return [Decimal(row[column]) for row in rows]


def _rounded(value: Decimal) -> str:
    return str(value.quantize(_GRAIN, rounding=ROUND_HALF_EVEN))


def _table(wheel: zipfile.ZipFile, schema: dict[str, object], homes: Sequence[int], steps: range) -> str:
    """Return the CSV text: position, load and PV of each home, price."""
    columns: dict[str, list[str]] = {"step": [str(step) for step in steps]}
    for home in homes:
        building = schema["buildings"][f"Building_{home}"]  # type: ignore[index]  # JSON
        power = Decimal(str(building["pv"]["attributes"]["nominal_power"]))
        load = _column(wheel, building["energy_simulation"], _LOAD)
        sun = _column(wheel, building["energy_simulation"], _PV)
        columns[f"load_home_{home:02d}"] = [_rounded(load[step]) for step in steps]
        columns[f"pv_home_{home:02d}"] = [_rounded(sun[step] * power / 1000) for step in steps]
    price = _column(wheel, "pricing.csv", _PRICE)
    columns["retail_price"] = [str(price[step].normalize()) for step in steps]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def _settings(schema: dict[str, object]) -> str:
    """Return the TOML text, with the PV and battery of each home as the data set gives them."""
    lines = [_HEADER]
    for home in HOMES:
        building = schema["buildings"][f"Building_{home}"]  # type: ignore[index]  # JSON
        battery, pv = building["electrical_storage"]["attributes"], building["pv"]["attributes"]
        lines.append(
            f"[members.home_{home:02d}]\n"
            f"pv_system = {{power = {pv['nominal_power']}}}\n"
            f"battery = {{capacity = {battery['capacity']}, power = {battery['nominal_power']}, "
            f"charge_efficiency = {battery['efficiency']}}}\n"
        )
    return "\n".join(lines)


_HEADER = """\
# The embedded sample: eight measured homes in Fontana, California, for 48 hours of August.
#
# Origin: CityLearn Challenge 2022 data, in the PyPI wheel CityLearn 2.1.2 (citylearn_challenge_2022_phase_all),
# buildings 1 to 7 and 10, rows 121 to 168. Licence: MIT, see LICENSE.CityLearn beside this file.
# Built by `python -m gametheory.data.build_sample`; energies are rounded to 0.0001 kWh.
# Measured: load, PV, the time-of-use price. Assumed: the feed-in price, for the data set has none.

source = "embedded sample (CityLearn Challenge 2022 data, MIT licence)"
currency = "USD"
step_hours = 1

[data]
file = "homes.csv"
unit = "kWh"
load = "load_{member}"
pv = "pv_{member}"
time = "step"

[tariff]
retail = {column = "retail_price"}
feed_in = {price = 0.08, assumed = true}

# The data set gives the efficiency of the round trip; all losses are booked on charging.
"""


def sample_files(wheel: str | Path) -> dict[str, str]:
    """Return name -> text of the sample's files."""
    with zipfile.ZipFile(wheel) as archive:
        schema = json.loads(archive.read(f"{_FOLDER}/schema.json"))
        licence = next(name for name in archive.namelist() if name.endswith(".dist-info/LICENSE"))
        return {
            "community.toml": _settings(schema),
            "homes.csv": _table(archive, schema, HOMES, STEPS),
            "LICENSE.CityLearn": archive.read(licence).decode("utf-8").replace("\r\n", "\n"),
        }


def template_files(wheel: str | Path) -> dict[str, str]:
    """Return name -> text of the data that ``gametheory init`` copies."""
    with zipfile.ZipFile(wheel) as archive:
        schema = json.loads(archive.read(f"{_FOLDER}/schema.json"))
        return {"homes.csv": _table(archive, schema, TEMPLATE_HOMES, TEMPLATE_STEPS)}


def build(wheel: str | Path, folder: Path) -> None:
    """Write ``sample/`` and ``template/homes.csv`` below a folder."""
    for name, files in (("sample", sample_files(wheel)), ("template", template_files(wheel))):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / name / file).write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line with the path of the wheel."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1 or not Path(given[0]).is_file():
        print("usage: python -m gametheory.data.build_sample CityLearn-2.1.2-py3-none-any.whl", file=sys.stderr)
        return 2
    build(given[0], Path(__file__).parent)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
