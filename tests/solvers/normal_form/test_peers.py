"""Against lrsnash, nashpy and quantecon on many random and degenerate games; exact regret settles a disagreement."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest

from gametheory import NormalFormGame, nash_equilibria, nash_equilibrium, regret
from gametheory.catalogue import catalogue
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria

from .games import lrs, needs_lrs

pytestmark = pytest.mark.peers


def _games(count: int, most: int, seed: int) -> list[NormalFormGame]:
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        shape, largest = (rng.randint(1, most), rng.randint(1, most)), rng.choice([1, 2, 3, 10, 1000])
        tables = ([[rng.randint(0, largest) for _ in range(shape[1])] for _ in range(shape[0])] for _ in "ab")
        found.append(NormalFormGame(*tables))
    return found


@needs_lrs
@pytest.mark.slow
def test_lrsnash_agrees_on_two_thousand_games() -> None:
    for game in _games(2000, 6, 1):
        answer = ExtremeEquilibria().solve(game)
        assert set(answer.profile) == lrs(game), [t.integers().tolist() for t in game.payoffs]
        assert sum(answer.extra["indices"]) == 1


@pytest.mark.slow
def test_what_nashpy_finds_and_is_one_is_listed() -> None:
    nashpy = pytest.importorskip("nashpy", reason="nashpy is not installed")
    short = 0
    for game in _games(150, 4, 2):
        found = nash_equilibria(game)
        points = np.array([[float(p) for s in q for p in s] for q in found])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = list(nashpy.Game(*(t.floats() for t in game.payoffs)).support_enumeration())
        hits = set()
        for q in theirs:
            flat = np.concatenate(q)
            if not np.isfinite(flat).all() or regret(game, q) > 1e-9:
                continue
            distance = np.abs(points - flat).max(axis=1)
            hits.add(int(distance.argmin()))
            # With every component a point, what they find must be one of ours.
            if len(found.components) == len(found):
                assert distance.min() < 1e-6
        short += len(hits) < len(found)
    print(f"nashpy support enumeration listed fewer extreme equilibria in {short} of 150 games")


def test_one_equilibrium_of_quantecon_lies_in_a_component() -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    for game in _games(120, 5, 3):
        a, b = (t.floats() for t in game.payoffs)
        theirs = theory.lemke_howson(
            theory.NormalFormGame((theory.Player(a), theory.Player(np.ascontiguousarray(b.T)))), init_pivot=0
        )
        theirs = tuple(np.maximum(s, 0) for s in theirs)  # it returns probabilities of -8e-17
        if regret(game, theirs) < 1e-9:
            points = np.array([[float(p) for s in q for p in s] for q in nash_equilibria(game)])
            assert np.abs(points - np.concatenate(theirs)).max(axis=1).min() < 1e-6
        assert nash_equilibrium(game).certificate.bound == 0


def test_equilibria_that_support_enumerations_miss() -> None:
    """On degenerate games supports of unequal size matter; the lists of the float packages are short."""
    nashpy = pytest.importorskip("nashpy", reason="nashpy is not installed")
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    missed = {}
    for name in ("von_stengel_2002_degenerate", "winkels_1979", "kohlberg_mertens_1986", "all_payoffs_equal"):
        game = catalogue(name).game
        a, b = (t.floats() for t in game.payoffs)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first = list(nashpy.Game(a, b).support_enumeration())
            second = theory.support_enumeration(
                theory.NormalFormGame((theory.Player(a), theory.Player(np.ascontiguousarray(b.T))))
            )
        missed[name] = len(nash_equilibria(game)), len(first), len(second)
    print("extreme equilibria, listed by nashpy, by quantecon:", missed)
    assert any(ours > max(other) for ours, *other in missed.values())
