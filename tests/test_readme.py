"""What the README says is run: its Python blocks here, its two shell lines by .ci/run."""

from __future__ import annotations

import re

import pytest

import gametheory as gt

from .conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.M | re.S)
SHELL = [text.strip() for language, text in BLOCKS if language in {"sh", "bash", "shell"}]
PYTHON = [text for language, text in BLOCKS if language == "python"]


def test_the_first_two_shell_blocks_are_one_line_each() -> None:
    study, tests = SHELL[:2]
    for line in (study, tests):
        assert "\n" not in line
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install --quiet ")
    assert study.endswith(" . && .venv/bin/gametheory study")
    assert tests.endswith(" '.[test]' && .venv/bin/python -m pytest")
    assert README.index(study) < README.index(tests) < README.index("## What it is")


def test_ci_runs_these_two_lines_and_the_job_alone() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for use in ('bash -euo pipefail -c "$(readme_block 1)"', 'bash -euo pipefail -c "$(readme_block 2)"'):
        assert use in script
    # The main job in the wheel's environment is what follows the last && of the first line.
    assert "job=${job##*&& }" in script
    assert SHELL[0].rsplit("&& ", 1)[1] == ".venv/bin/gametheory study"


def test_there_is_a_python_block() -> None:
    assert PYTHON


@pytest.mark.parametrize("code", PYTHON, ids=lambda code: code.splitlines()[0])
def test_a_python_block_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert "[exact]" in capsys.readouterr().out


def test_links_and_pictures_are_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r'src="([^"]+)"', README)
    assert targets
    assert [t for t in targets if not t.startswith("https://") and not (ROOT / t).exists()] == []


def test_the_floor_plan_is_true() -> None:
    plan = next(text for language, text in BLOCKS if language == "text")
    named = set(re.findall(r"[a-z_]+", plan))
    package = {path.stem for path in (ROOT / "gametheory").iterdir() if path.suffix in {"", ".py"}}
    rooms = package - {"__init__", "__pycache__", "_version"} | {"proofs", "tests", "examples"}
    assert rooms - named == set(), "every room of the house stands in the plan"
    folders = set(re.findall(r"([a-z_]+)/", plan)) - {"gametheory", "proofs", "tests", "examples", "conformance"}
    assert folders - package == set(), "the plan names no room that is not there"


def test_the_version_to_cite_is_this_one() -> None:
    assert f"version {gt.__version__}" in README
