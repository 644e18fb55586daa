"""Three players of at most three strategies: elimination against subdivision, and what it may not drop."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from gametheory import NormalFormGame
from gametheory.solvers.normal_form import subdivision
from gametheory.solvers.normal_form.elimination import by_elimination
from gametheory.solvers.normal_form.subdivision import SupportSubdivision
from gametheory.solvers.normal_form.support_zeros import STRICT, zero_near


def random_game(seed: int, shape: tuple[int, ...], largest: int) -> NormalFormGame:
    rng = random.Random(seed)
    return NormalFormGame(
        *(np.array([rng.randint(0, largest) for _ in range(np.prod(shape))]).reshape(shape) for _ in shape)
    )


@pytest.mark.parametrize("shape", [(3, 3, 3), (3, 2, 3), (2, 2, 3), (2, 2, 2)])
def test_elimination_and_subdivision_find_the_same(shape: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    games = [random_game(seed, shape, largest) for seed, largest in ((0, 1000), (1, 10**25), (2, 9), (3, 1000))]
    quick = [SupportSubdivision().solve(game) for game in games]
    assert all(answer.iterations == 0 for answer in quick[:2])  # nothing was left to subdivide
    monkeypatch.setattr(subdivision, "takes", lambda game: False)
    for game, answer in zip(games, quick, strict=True):
        slow = SupportSubdivision().solve(game)
        assert answer.extra["complete"] == slow.extra["complete"]
        assert [_digits(p) for p in answer.profile] == [_digits(p) for p in slow.profile]
        assert answer.extra["indices"] == slow.extra["indices"]


def _digits(profile: tuple) -> list[list[str]]:
    return [[f"{float(p):.12f}" for p in strategy] for strategy in profile]


def test_elimination_leaves_few_supports_open_and_finds_regular_zeros() -> None:
    left = 0
    for seed in range(30):
        found, undecided = by_elimination(random_game(seed, (3, 3, 3), 10**4))
        left += len(undecided)
        assert all(sign in (1, -1) for _, sign in found)
    assert left <= 5


def test_without_compiling_the_answer_is_the_same() -> None:
    code = (
        "import random; from tests.solvers.normal_form.test_elimination import random_game, by_elimination;"
        "print([by_elimination(random_game(seed, (3, 3, 3), 1000)) for seed in range(3)])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str([by_elimination(random_game(seed, (3, 3, 3), 1000)) for seed in range(3)])


def test_two_who_mix_are_solved_whatever_the_denominators() -> None:
    big = 10**30
    game = NormalFormGame([[big, 0], [7, 1]], [[0, 3], [big + 1, 0]])
    found = zero_near(game, ((0, 1), (0, 1)), ())
    x = Fraction(big + 1, big + 4)
    assert found.verdict == STRICT
    assert found.profile == ((x, 1 - x), (Fraction(1, big - 6), 1 - Fraction(1, big - 6)))
    assert found.index == 1
