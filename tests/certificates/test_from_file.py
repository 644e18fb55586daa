"""A solution's file is enough: it is certified where no model, solver, kernel or scipy can be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import gametheory as gt
from gametheory.models.energy_sharing import EnergySharing
from gametheory.solvers.aggregative import ConvexProgramme

_ROOT = Path(__file__).resolve().parents[2]

_PROGRAM = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        inside = ("gametheory.models", "gametheory.solvers", "gametheory.numerics")
        if name.startswith((*inside, "scipy", "piqp", "sympy")):
            raise ImportError(f"{name} may not be imported here")

sys.meta_path.insert(0, Refuse())
from gametheory.certificates import certify
from gametheory.io.solutions import read_solution

for path in sys.argv[1:]:
    certificate = certify(read_solution(path))
    print(certificate.strength.value, certificate.bound == 0)
"""


def test_a_file_is_certified_without_models_solvers_kernels_or_scipy(tmp_path: Path) -> None:
    sharing = EnergySharing(gt.Community.sample())
    exact, rounded = gt.nash_equilibrium(sharing), gt.nash_equilibrium(sharing, solver=ConvexProgramme())
    exact.to_json(tmp_path / "exact.json")
    rounded.to_json(tmp_path / "rounded.json")
    text = (tmp_path / "exact.json").read_text()
    bid = exact.profile["bids"][0][0]
    spoilt = text.replace(f"{bid.numerator}/{bid.denominator}", f"{bid.numerator + 1}/{bid.denominator}", 1)
    assert spoilt != text
    (tmp_path / "spoilt.json").write_text(spoilt)
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *(str(tmp_path / f"{name}.json") for name in ("exact", "rounded", "spoilt"))],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["exact", "True", "exact", "False", "refuted", "False"]


def test_a_solution_comes_back_unchanged() -> None:
    from gametheory.io.solutions import dumps, loads

    solution = gt.nash_equilibrium(EnergySharing(gt.Community.sample()))
    back = loads(dumps(solution))
    assert back.profile == solution.profile
    assert back.details == solution.details
    assert back.game == solution.game
