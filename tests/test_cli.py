"""The command line: what is printed where, exit codes, files whole or not there."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gametheory
from gametheory.cli import run
from gametheory.domain.community import Community
from gametheory.efficiency.comparison import Study
from gametheory.io.solutions import read_solution
from gametheory.io.template import write_template
from tests.report.studies import claim

ROOT = Path(__file__).parents[1]


def _shell(*words: str, cwd: Path = ROOT, **more: Any) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "gametheory", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **more,
    )


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community of three for six hours."""
    path = write_template(tmp_path_factory.mktemp("cli") / "park")
    table = path.parent / "homes.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([rows[0], *rows[9:15]]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def saved(park: Path) -> Path:
    """Its study, as a file."""
    path = park.parent / "study.json"
    assert run(["study", str(park), "--save", str(path), "--quiet"]) == 0
    return path


def test_the_version_is_quick_and_imports_little() -> None:
    start = time.perf_counter()
    done = _shell("--version")
    assert done.stdout == f"gametheory {gametheory.__version__}\n"
    assert done.returncode == 0
    assert time.perf_counter() - start < 10  # a hang, not a measurement
    code = (
        "import sys, gametheory.cli as c; c.run(['--version'])\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'sympy', 'matplotlib', 'rich', 'flint'} & set(sys.modules)\n"
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_importing_the_package_imports_no_typer() -> None:
    code = "import sys, gametheory; print('typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("command", [[], ["study"], ["core"], ["init"], ["certify"], ["prove"], ["teach"]])
def test_help_has_examples(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Usage: gametheory" in out
    assert "gametheory " + command[0] in out.split("Example")[1] if command else "Exit codes" in out


def test_a_study_in_a_pipe_is_plain_text_without_progress(park: Path) -> None:
    done = _shell("study", str(park))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "exact about these numbers and these assumed preferences" in done.stdout.lower()
    assert "home_01" in done.stdout


def test_a_terminal_without_lines_gets_plain_signs(park: Path) -> None:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "gametheory", "study", str(park), "--structures", "alone"],
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"+----" in done.stdout
    assert b"?" not in done.stdout


def test_json_is_the_whole_study_and_nothing_else(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", str(park), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    data = json.loads(out)
    checks = data["solution"]["checks"]
    assert checks
    for solution in checks.values():
        assert {"strength", "claim", "bound", "witness"} <= set(solution["certificate"])
    assert [s["name"] for s in data["solution"]["structures"]] == [
        *("alone", "sharing", "operator", "coalition", "optimum")
    ]


def test_every_output_in_one_run(park: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, study, folder = tmp_path / "r.html", tmp_path / "s.json", tmp_path / "csv"
    command = ["study", str(park), "-o", str(page), "--save", str(study), "--csv", str(folder), "--structures"]
    assert run([*command, "alone,sharing", "--elasticity", "home_01=0.3", "--sensitivity", "12.5"]) == 0
    assert "written:" in capsys.readouterr().out
    found = Study.read(study)
    assert [s.name for s in found.structures] == ["alone", "sharing"]
    assert [str(e) for e in found.elasticity] == ["3/10", "1/10", "1/10"]
    assert str(found.sensitivity) == "25/2"
    assert page.read_text(encoding="utf-8") == found.to_html()
    with (folder / "structures.csv").open(encoding="utf-8") as stream:
        assert [row["structure"] for row in csv.DictReader(stream)] == ["alone", "sharing"]
    assert len(list(folder.iterdir())) == 7
    assert run([*command, "alone", "--quiet"]) == 0  # again, over its own files
    assert capsys.readouterr().out == ""
    assert [s.name for s in Study.read(study).structures] == ["alone"]


def test_the_options_in_the_file_hold_unless_others_are_typed(park: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    path = write_template(own)
    text = path.read_text(encoding="utf-8").replace("elasticity = 0.1", 'elasticity = 0.4\nstructures = ["alone"]')
    path.write_text(text, encoding="utf-8")
    assert run(["study", str(path), "--save", str(tmp_path / "a.json"), "--quiet"]) == 0
    assert run(["study", str(path), "--save", str(tmp_path / "b.json"), "--quiet", "--elasticity", "0"]) == 0
    first, second = Study.read(tmp_path / "a.json"), Study.read(tmp_path / "b.json")
    assert [s.name for s in first.structures] == ["alone"]
    assert (str(first.elasticity[0]), str(second.elasticity[0])) == ("2/5", "0")


def test_certify_a_study_and_a_solution(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["certify", str(saved)]) == 0
    assert "0 fail" in capsys.readouterr().out
    path = tmp_path / "solution.json"
    claim().to_json(path)
    assert run(["certify", str(path), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["holds"] is True
    assert data["claims"][0]["found"]["strength"] == "exact"


def _first(data: Any, name: str) -> Any:
    return next(s for s in data["solution"]["structures"] if s["name"] == name)


TAMPERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a bound": lambda d: d["solution"]["checks"]["optimum"]["certificate"].update(bound=1),
    "a strength": lambda d: d["solution"]["checks"]["optimum"]["certificate"].update(strength="bounded"),
    "a claim": lambda d: d["solution"]["checks"]["optimum"]["certificate"].update(claim="all is well"),
    "a price": lambda d: _first(d, "sharing")["prices"]["price"].__setitem__(0, 5),
    "a price of the claim": lambda d: d["solution"]["checks"]["sharing/equilibrium"]["details"]["prices"].__setitem__(
        0, 5
    ),
    "a bid": lambda d: d["solution"]["checks"]["sharing/equilibrium"]["profile"]["bids"][0].__setitem__(0, 5),
    "a bill": lambda d: _first(d, "coalition")["outcomes"][0]["bills"].__setitem__(0, 0),
    "a total": lambda d: _first(d, "operator").update(social_cost=1),
    "no loss": lambda d: _first(d, "sharing").update(loss=None),
    "nobody looked at together": lambda d: _first(d, "sharing")["outcomes"][0].update(grand=None),
    "no coalition": lambda d: _first(d, "alone")["outcomes"][0].update(blocking=[]),
    "a gain": lambda d: _first(d, "alone")["outcomes"][0]["blocking"][0].update(gain=0),
    "a load": lambda d: d["solution"]["load"][0].__setitem__(0, 3),
    "a retail price": lambda d: d["solution"]["retail_price"].__setitem__(0, 3),
    "an elasticity": lambda d: d["solution"]["elasticity"].__setitem__(0, 3),
    "the sensitivity": lambda d: d["solution"].update(sensitivity=3),
    "a total of another assumption": lambda d: d["solution"]["sensitivities"][0]["social_costs"].update(optimum=1),
    "no claim for an amount": lambda d: d["solution"]["checks"].pop("sharing/equilibrium"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_study_fails(name: str, saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(saved.read_text(encoding="utf-8"))
    TAMPERED[name](data)
    path = tmp_path / "tampered.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert run(["certify", str(path), "--json"]) == 1
    out = json.loads(capsys.readouterr().out)
    assert out["holds"] is False
    assert any(row["reason"] for row in out["claims"])


def test_a_refuted_solution_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "false.json"
    claim("refuted").to_json(path)
    assert run(["certify", str(path)]) == 1
    assert "FAILS" in capsys.readouterr().out


def test_certify_imports_no_solver_and_no_floating_point_library(saved: Path) -> None:
    code = (
        "import sys, gametheory.cli as c\n"
        f"code = c.run(['certify', {str(saved)!r}, '--json'])\n"
        "print()\n"
        "print(code, [m for m in sys.modules if m.startswith('gametheory.solvers.') or m == 'scipy'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_solution_is_certified_without_models_solvers_or_kernels(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "sharing.json"
    Study.read(saved).checks["sharing/equilibrium"].to_json(path)
    code = (
        "import sys\n"
        "class Closed:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith(('gametheory.models', 'gametheory.solvers', 'gametheory.numerics', 'scipy')):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Closed())\n"
        "import gametheory.cli\n"
        f"sys.exit(gametheory.cli.run(['certify', {str(path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 hold, 0 fail" in done.stdout


def test_core_says_who_would_leave(tmp_path: Path, park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bills = tmp_path / "bills.csv"
    bills.write_text("member,bill\nhome_03,0\nhome_01,9\nhome_02,0\n")
    assert run(["core", str(park), "--bills", str(bills)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("not stable")
    assert "home_01" in out
    assert "subsidy" in out
    assert run(["core", str(park), "--bills", str(bills), "--elasticity", "home_01=0.2", "--json"]) == 0
    path = tmp_path / "core.json"
    path.write_text(capsys.readouterr().out)
    assert run(["certify", str(path)]) == 0


def test_init_then_study_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "new")]) == 0
    assert "gametheory study" in capsys.readouterr().out
    assert len(Community.read(tmp_path / "new" / "community.toml")) == 3


def test_prove_one_theorem_of_a_checkout() -> None:
    if not (ROOT / "proofs").is_dir():
        pytest.skip("no proofs beside the package")
    pytest.importorskip("z3", reason="the proofs need z3")
    done = _shell("prove", "S-P1")
    assert done.returncode == 0, done.stderr
    assert "1 proved" in done.stdout
    assert _shell("prove", "no-such-theorem").returncode == 2


def test_prove_without_sources_says_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gametheory.cli.__file__", str(tmp_path / "site" / "gametheory" / "cli.py"))
    assert run(["prove"]) == 2
    assert "proofs/ of the sources" in capsys.readouterr().err


def test_interrupted_work_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, park: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gametheory.report.page.study_page", stop)
    assert run(["study", str(park), "-o", str(tmp_path / "r.html"), "--save", str(tmp_path / "s.json")]) == 130
    assert list(tmp_path.iterdir()) == []
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_in_a_process_ends_with_130(tmp_path: Path) -> None:
    code = (
        "import importlib, os, signal, gametheory.cli as c\n"
        "s = importlib.import_module('gametheory.study')\n"
        "s.study = lambda *a, **k: os.kill(os.getpid(), signal.SIGINT)\n"
        f"c.sys.exit(c.run(['study', '--save', {str(tmp_path / 's.json')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error(park: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "gametheory", "study", str(park), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_bad_input_in_a_process(tmp_path: Path) -> None:
    done = _shell("study", "nowhere.toml", "-o", "report.html", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "nowhere.toml: there is no such file" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_solutions_read_back_from_json_unchanged(saved: Path) -> None:
    found = read_solution(saved)
    assert found.to_json() == saved.read_text(encoding="utf-8")
