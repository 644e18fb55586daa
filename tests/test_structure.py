"""The house keeps its shape: floors, size of modules, what `import gametheory` loads, public names, top level."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gametheory as gt

from .conftest import ROOT

#: Folders of source, and the longest a module may be.
SOURCES = ("gametheory", "proofs", "tests", "examples")
LONGEST = 500

#: The top level: what the house has, and beside it only what tools need.
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "examples",
    "gametheory",
    "proofs",
    "pyproject.toml",
    "setup.cfg",
    "tests",
}


def modules(folder: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / folder).rglob("*.py")) if "__pycache__" not in path.parts)


def names_used(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return used | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def tracked() -> list[str]:
    """Return the files of the project: those of git, or all where this is no checkout."""
    if shutil.which("git") and (ROOT / ".git").exists():
        run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return [name for name in run.stdout.split("\0") if name and (ROOT / name).exists()]
    dropped = {"__pycache__", ".venv", "build", "dist", ".hypothesis", ".git", "PKG-INFO"}
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [
        path.as_posix()
        for path in files
        if not any(part in dropped or part.endswith(("_cache", ".egg-info")) for part in path.parts)
    ]


def test_the_import_contracts_are_kept() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    assert "0 broken" in run.stdout


def test_no_model_asks_for_a_type() -> None:
    offenders = [path.name for path in modules("gametheory/models") if names_used(path) & {"isinstance", "issubclass"}]
    assert offenders == []


def test_nothing_that_reads_files_evaluates_them() -> None:
    dangerous = {"eval", "exec", "sympify", "parse_expr", "pickle", "literal_eval", "compile_restricted"}
    assert [path.name for path in modules("gametheory/io") if names_used(path) & dangerous] == []


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in SOURCES
        for path in modules(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_nothing_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "misc", "common"}
    assert [path for folder in SOURCES for path in modules(folder) if path.stem in vague] == []


def test_importing_the_package_is_light(capsys: pytest.CaptureFixture[str]) -> None:
    program = (
        "import sys, time; start = time.perf_counter(); import gametheory; spent = time.perf_counter() - start\n"
        "print(spent, sorted({'matplotlib', 'sympy', 'pandas', 'numba', 'scipy'} & set(sys.modules)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ).stdout.split(maxsplit=1)
        for _ in range(3)
    ]
    with capsys.disabled():
        print(f"\nimport gametheory: {min(float(seconds) for seconds, _ in runs):.3f} s (best of three)")
    assert {loaded.strip() for _, loaded in runs} == {"[]"}


@pytest.mark.parametrize("name", gt.__all__)
def test_every_public_name_can_be_imported_and_is_documented(name: str) -> None:
    value = getattr(gt, name)
    assert name in dir(gt)
    if name != "__version__":
        assert (value.__doc__ or "").strip(), f"gametheory.{name} has no docstring"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nash_equilibriums'"):
        _ = gt.nash_equilibriums


def test_every_module_has_a_docstring_and_exports_what_it_says() -> None:
    problems = []
    for info in pkgutil.walk_packages(gt.__path__, "gametheory."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        if len((module.__doc__ or "").strip()) < 10:
            problems.append(f"{info.name} has no docstring")
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name, None)
            if value is None:
                problems.append(f"{info.name}.{name} is exported and does not exist")
            elif (inspect.isclass(value) or inspect.isfunction(value)) and not (value.__doc__ or "").strip():
                problems.append(f"{info.name}.{name} has no docstring")
    assert problems == []


def test_the_top_level_holds_nothing_else() -> None:
    assert {name.split("/")[0] for name in tracked()} - TOP_LEVEL == set()
    assert [name for name in sorted(TOP_LEVEL) if not (ROOT / name).exists()] == []


def test_no_file_names_a_place_of_one_machine() -> None:
    # The checkout, the home folder, an address of a file, a package index of one's own.
    here = "|".join(re.escape(f"{folder}/") for folder in (ROOT, ROOT.parent, Path.home()) if folder != Path("/"))
    place = re.compile(rf"{here}|file://|(?:index-url|extra-index-url|find-links)\s*=", re.I)
    found = []
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".png", ".parquet", ".ico"} or name == "tests/test_structure.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if place.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert found == []
