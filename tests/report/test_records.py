"""Frames and CSV files hold what the study holds."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest

from gametheory.efficiency.comparison import Study
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.io.files import check_folder, check_writable, write_files
from gametheory.report.frames import solution_frame
from gametheory.report.records import CSV_FILES, csv_texts
from gametheory.result import Allocation, Certificate, Concept, Equilibria, Optimum
from tests.report.studies import claim, sample_study, small_study

_SURE = Certificate(strength="exact", claim="by hand", bound=Fraction(0))


@pytest.mark.parametrize("study", [small_study(), sample_study()], ids=["small", "sample"])
def test_csv_files_read_back_with_every_member_price_and_claim(study: Study) -> None:
    texts = csv_texts(study)
    tables = {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}
    assert set(tables) == set(CSV_FILES)
    for name, (_, columns) in CSV_FILES.items():
        assert texts[name].splitlines()[0] == ",".join(columns)
    outcomes = [o for s in study.structures for o in s.outcomes]
    rows = tables["members.csv"]
    assert len(rows) == len(outcomes) * len(study.names)
    for k, row in enumerate(rows):
        outcome, i = outcomes[k // len(study.names)], k % len(study.names)
        assert float(row["net_cost"]) == float(outcome.net_costs[i])
        assert float(row["bill"]) == float(outcome.bills[i])
    assert [row["claim"] for row in tables["certificates.csv"]] == list(study.checks)
    assert len(tables["energy.csv"]) == len(study.names) * study.steps


def test_a_study_frame_has_a_row_for_each_outcome_and_member() -> None:
    frame = sample_study().to_frame()
    assert len(frame) == 10 * 8
    assert frame.groupby("outcome")["net_cost"].sum()["alone"] == pytest.approx(
        float(sample_study()["alone"].social_cost or 0)
    )


def test_frames_of_solutions() -> None:
    finite = solution_frame(claim())
    assert list(finite["player"]) == ["row", "row", "column", "column"]
    assert list(finite["probability"]) == [0.0, 1.0, 0.0, 1.0]
    shapley = Allocation(
        game=None,
        concept=Concept.SHAPLEY,
        profile=(Fraction(1, 3), Fraction(2, 3)),
        method="ByHand",
        certificate=_SURE,
        players=("a", "b"),
        exact=(Fraction(1, 3), Fraction(2, 3)),
    )
    assert list(shapley.to_frame()["exact"]) == ["1/3", "2/3"]
    game = NormalFormGame([[1]], [[1]])
    every = Equilibria(game=game, concept=Concept.NASH_SET, profile=((0, 0),), method="ByHand", certificate=_SURE)
    assert list(every.to_frame()["equilibrium"]) == [0, 0]
    plain = Optimum(game=None, concept=Concept.OPTIMUM, profile={"x": ((1, 2), (3, 4))}, method="", certificate=_SURE)
    frame = plain.to_frame()
    assert list(frame["index"]) == ["0,0", "0,1", "1,0", "1,1"]
    assert list(frame["value"]) == [1.0, 2.0, 3.0, 4.0]


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    write_files({folder / "a.txt": "a", folder / "b.txt": "b"}, folders=[folder])
    assert sorted(p.name for p in folder.iterdir()) == ["a.txt", "b.txt"]
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        write_files({tmp_path / "c.txt": "c", tmp_path / "taken": "no"}, folders=[tmp_path / "gone"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "taken"]
    write_files({folder / "a.txt": "again"})
    assert (folder / "a.txt").read_text() == "again"
    with pytest.raises(UnicodeEncodeError):
        write_files({folder / "a.txt": "broken", folder / "b.txt": "\ud800"})
    assert (folder / "a.txt").read_text() == "again"
    assert len(list(folder.iterdir())) == 2


def test_a_link_is_kept_and_a_device_refused(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    write_files({link: "new"})
    assert link.is_symlink()
    assert target.read_text() == "new"
    if Path("/dev/null").exists():
        with pytest.raises(InputError, match="no plain file"):
            write_files({Path("/dev/null"): "gone"})


def test_paths_are_refused_before_any_work(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for check, path, reason in (
        (check_writable, tmp_path, "this is a folder"),
        (check_writable, tmp_path / "no" / "x.html", "there is no folder"),
        (check_folder, file, "this is a file"),
        (check_folder, tmp_path / "no" / "x", "there is no folder"),
    ):
        with pytest.raises(InputError, match=reason):
            check(path)
