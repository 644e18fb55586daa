"""Your own data, from a meter's CSV file to a report: everything happens in a temporary folder."""

import tempfile
from pathlib import Path

import gametheory as gt

METERS = """\
time,load_anna,load_ben,load_carla,pv_anna
2024-06-21T10:00,0.42,0.61,0.38,2.10
2024-06-21T11:00,0.40,0.75,1.20,2.45
2024-06-21T12:00,0.55,1.30,0.90,2.52
2024-06-21T13:00,0.47,0.52,0.44,2.38
"""

COMMUNITY = """\
currency = "EUR"
step_hours = 1

[data]
file = "meters.csv"
unit = "kWh"
load = "load_{member}"
pv = "pv_{member}"
without_pv = ["ben", "carla"]
time = "time"
zone = "Europe/Madrid"

[tariff]
retail = {base = 0.18, windows = [{from = 12, to = 14, price = 0.31}]}
feed_in = 0.06
"""

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "meters.csv").write_text(METERS)
    (folder / "community.toml").write_text(COMMUNITY)

    park = gt.Community.read(folder / "community.toml")
    study = gt.study(park)
    study.to_html(folder / "report.html")
    study.to_json(folder / "study.json")

    again = gt.Study.read(folder / "study.json")
    for structure in again.structures:
        print(f"{structure.name:10} {float(structure.social_cost):.4f} {again.currency}")
    verdicts = [gt.certify(claim).strength for claim in again.checks.values()]
    print(f"{len(verdicts)} claims checked again from the file, refuted: {verdicts.count('refuted')}")
