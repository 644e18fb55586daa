"""Every example runs, prints what it promises, and uses public names only."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import gametheory as gt

from .conftest import ROOT

#: Example -> what it must print.
PROMISED = {
    "equilibrium.py": [
        "'cut prices': Fraction(1, 1)",
        "[exact] the profile is a Nash equilibrium",
        "[refuted]",
        "at noon",
    ],
    "claims_that_fail.py": [
        "not stable: (east, south)",
        "roof 3: -3/4, roof 2: -5/12, battery 2: -5/4, battery 1: -7/12",
        "the core is empty: False - the Shapley value is in it: False",
        "[refuted] the allocation is in the core: (roof 3, battery 2, battery 1) gains 5/12",
        "the nearest split that nobody leaves",
    ],
    "market_power.py": [
        "all 7 claims behind 6 rows and the optimum hold",
        "with 6 of 8 homes the aggregator gains 1.81 USD",
        "under a cap next to the price of price takers it gains 0.02",
    ],
    "own_data.py": ["alone", "optimum", "claims checked again from the file, refuted: 0"],
    "sharing_live.py": [],
    "stable_split.py": ["equal parts", "not stable", "by the prices that support the optimum", "\nstable"],
}
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_every_example_is_listed() -> None:
    assert [path.name for path in EXAMPLES] == sorted(PROMISED)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_uses_public_names_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("gametheory"), "import gametheory as gt, nothing from inside it"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "gt":
            assert node.attr in gt.__all__
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")


@pytest.mark.parametrize("name", [name for name, promised in PROMISED.items() if promised])
def test_an_example_runs_in_an_empty_folder(name: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / name)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    for words in PROMISED[name]:
        assert words in run.stdout, run.stdout
    assert list(tmp_path.iterdir()) == [], "an example leaves nothing behind"
