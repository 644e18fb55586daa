"""One equilibrium of large games, and of many games at once."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from gametheory import NormalFormGame, nash_equilibria, nash_equilibrium, regret
from gametheory.errors import InputError, SizeLimit
from gametheory.solvers.normal_form.batch import batch_equilibria
from gametheory.solvers.normal_form.race import Race

from .games import bimatrix


@settings(max_examples=80, deadline=None)
@given(bimatrix(5))
def test_the_race_ends_at_an_equilibrium(game: NormalFormGame) -> None:
    one = nash_equilibrium(game, solver=Race(pivots=2))
    assert one.certificate.bound == 0
    assert one.profile in set(nash_equilibria(game))


def test_the_exact_path_takes_over_when_the_race_is_stopped() -> None:
    game = NormalFormGame([[1, -1], [-1, 1]], [[-1, 2], [1, -1]])
    one = nash_equilibrium(game, solver=Race(limit=0))
    assert one.certificate.bound == 0
    assert "the end of the Lemke-Howson path" in one.details["rule"]


@pytest.mark.parametrize("seed", range(3))
def test_a_large_game_is_solved_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.integers(0, 1000, (70, 60)), rng.integers(0, 1000, (70, 60)))
    one = nash_equilibrium(game)
    assert one.method == "Race"
    assert one.certificate.strength == "exact"
    assert one.certificate.bound == 0


@pytest.mark.slow
def test_an_answer_where_single_paths_give_up() -> None:
    rng = np.random.default_rng(2)
    game = NormalFormGame(rng.integers(0, 1000, (240, 240)), rng.integers(0, 1000, (240, 240)))
    assert nash_equilibrium(game).certificate.bound == 0


@pytest.mark.parametrize(
    ("shape", "largest"), [((3, 3), 2), ((3, 3), 1000), ((2, 4), 3), ((1, 5), 9), ((4, 3), 100_000)]
)
def test_a_batch_is_exact_game_by_game(shape: tuple[int, int], largest: int) -> None:
    rng = np.random.default_rng(7)
    a, b = (rng.integers(-largest, largest + 1, (150, *shape)) for _ in "ab")
    found = batch_equilibria(a, b)
    for g in range(150):
        x, y = (tuple(Fraction(int(w), int(row[g].sum())) for w in row[g]) for row in (found.first, found.second))
        assert regret(NormalFormGame(a[g], b[g]), (x, y)) == 0
    assert np.allclose(found.probabilities[0].sum(axis=1), 1)


def test_a_batch_refuses_what_it_cannot_do() -> None:
    good = np.zeros((2, 3, 3), dtype=int)
    with pytest.raises(InputError, match="whole numbers"):
        batch_equilibria(good.astype(float), good)
    with pytest.raises(InputError, match="make them equal"):
        batch_equilibria(good, good[:1])
    with pytest.raises(InputError, match="whole numbers"):
        batch_equilibria(good[0], good[0])
    with pytest.raises(SizeLimit, match="over 3"):
        batch_equilibria(np.zeros((1, 4, 4), dtype=int), np.zeros((1, 4, 4), dtype=int))
    with pytest.raises(SizeLimit, match="100000"):
        batch_equilibria(good + 100_001, good)


def test_an_empty_batch_is_empty() -> None:
    nothing = np.zeros((0, 3, 3), dtype=int)
    assert batch_equilibria(nothing, nothing).first.shape == (0, 3)


def test_the_answer_does_not_depend_on_chance() -> None:
    rng = random.Random(1)
    game = NormalFormGame(*([[rng.randint(0, 999) for _ in range(20)] for _ in range(20)] for _ in "ab"))
    assert Race().solve(game).profile == Race().solve(game).profile
