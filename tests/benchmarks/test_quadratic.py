"""What exactness costs: PIQP alone, PIQP with polishing into a rational point, and the exact certificate."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.games.quadratic import QuadraticGame
from gametheory.numerics.quadratic_program import interior_point
from gametheory.solvers.quadratic.iterated import IteratedReplies
from gametheory.solvers.quadratic.lemke import Lemke
from gametheory.solvers.quadratic.nikaido_isoda import NikaidoIsoda
from gametheory.solvers.quadratic.potential import PotentialProgramme
from gametheory.solvers.quadratic.system import System


def seconds(call: Callable[[], Any], *, repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def fleet(cars: int, slots: int) -> QuadraticGame:
    rng = random.Random(cars * slots)
    limit = [Fraction(rng.randint(2, 8), 2) for _ in range(cars)]
    windows = []
    for _ in range(cars):
        first = rng.randrange(slots // 2)
        windows.append((first, rng.randrange(first + slots // 3, slots)))
    energy = [
        v * (last - first + 1) * Fraction(rng.randint(1, 5), 6) for v, (first, last) in zip(limit, windows, strict=True)
    ]
    return gt.models.EVCharging(
        energy=tuple(energy),
        slope=(Fraction(1, 50),) * slots,
        base=tuple(Fraction(rng.randint(5, 40), 100) for _ in range(slots)),
        limit=tuple(limit),
        windows=tuple(windows),
    ).to_game()


@pytest.mark.benchmark
@pytest.mark.parametrize(("cars", "slots"), [(5, 12), (10, 24), (20, 24)])
def test_a_fleet(cars: int, slots: int, capsys: pytest.CaptureFixture[str]) -> None:
    game = fleet(cars, slots)
    system = System.of_game(game)
    rows = [(coefficients, bound, equal) for coefficients, bound, equal, _ in system.polyhedron.rows()]
    answer = PotentialProgramme().solve(game)
    certificate = gt.certify(game, answer.profile, witness=answer.witness)
    assert certificate.strength == "exact"
    assert certificate.bound == 0
    floats = seconds(lambda: interior_point(system.matrix, system.vector, rows))
    exact = seconds(lambda: PotentialProgramme().solve(game))
    check = seconds(lambda: gt.certify(game, answer.profile, witness=answer.witness))
    bare = seconds(lambda: gt.certify(game, answer.profile))
    with capsys.disabled():
        print(
            f"\n{cars} cars x {slots} slots: PIQP {floats:.4f} s, exact {exact:.3f} s (x{exact / floats:.0f}), check "
            f"{check:.3f} s with multipliers, {bare:.3f} s without; {answer.iterations} iterations"
        )


@pytest.mark.benchmark
def test_methods_on_one_game(capsys: pytest.CaptureFixture[str]) -> None:
    game = fleet(4, 6)
    lines = []
    for solver in (PotentialProgramme(), Lemke(), IteratedReplies(), NikaidoIsoda()):
        answer = gt.nash_equilibrium(game, solver=solver)
        assert answer.certificate.bound == 0
        spent = seconds(lambda solver=solver: solver.solve(game))  # type: ignore[misc]  # bound now
        lines.append(f"{type(solver).__name__:20} {spent:8.4f} s  {answer.iterations:5} iterations")
    with capsys.disabled():
        print("\n4 cars x 6 slots, all exact\n" + "\n".join(lines))
