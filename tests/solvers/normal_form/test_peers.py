"""Against lrsnash, nashpy, quantecon and pygambit on thousands of random and degenerate games.

Exact regret settles a disagreement: what a peer returns and is no equilibrium is counted as its own error, and what it
leaves out as missed. Nothing that a peer finds and is an equilibrium may be missing from our list.
"""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gametheory import NormalFormGame, nash_equilibria, nash_equilibrium, regret
from gametheory.catalogue import catalogue
from gametheory.result import Answer
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria

from .games import lrs, needs_lrs

pytestmark = pytest.mark.peers


def _games(count: int, least: int, most: int, seed: int) -> list[NormalFormGame]:
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        shape = rng.randint(least, most), rng.randint(least, most)
        largest = rng.choice([1, 2, 3, 10, 1000])
        tables = ([[rng.randint(0, largest) for _ in range(shape[1])] for _ in range(shape[0])] for _ in "ab")
        found.append(NormalFormGame(*tables))
    return found


def _compare(game: NormalFormGame, answer: Answer, theirs: Iterable[Any]) -> Counter[str]:
    """Judge what a float package lists for a game; the counts say what it missed and what of it was wrong."""
    points = np.array([[float(p) for s in q for p in s] for q in answer.profile])
    isolated = all(len(us) * len(vs) == 1 for component in answer.extra["components"] for us, vs in component)
    hits, counts = set(), Counter(games=1, extreme=len(points))
    for q in theirs:
        flat = np.maximum(np.concatenate(q), 0)  # they return probabilities of -8e-17
        if not np.isfinite(flat).all() or abs(flat.sum() - 2) > 1e-6:
            counts["no profile"] += 1
            continue
        if _float_regret(game, flat) > 1e-6:
            counts["no equilibrium"] += 1
            continue
        distance = np.abs(points - flat).max(axis=1)
        if isolated:
            assert distance.min() < 1e-5, (game.payoffs, q)
        if distance.min() < 1e-5:
            hits.add(int(distance.argmin()))
    counts["missed"] = len(points) - len(hits)
    return counts


def _float_regret(game: NormalFormGame, flat: Any) -> float:
    x, y = flat[: game.shape[0]], flat[game.shape[0] :]
    a, b = (t.floats() for t in game.payoffs)
    return float(max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y)) / max(1.0, a.max(), b.max())


def _tell(name: str, counts: Counter[str]) -> None:
    print(f"{name}: {dict(counts)}")


def _quantecon(theory: Any, game: NormalFormGame) -> Any:
    a, b = (t.floats() for t in game.payoffs)
    return theory.NormalFormGame((theory.Player(a), theory.Player(np.ascontiguousarray(b.T))))


@needs_lrs
@pytest.mark.slow
def test_lrsnash_agrees_on_two_thousand_games() -> None:
    for game in _games(2000, 1, 6, 1):
        answer = ExtremeEquilibria().solve(game)
        assert set(answer.profile) == lrs(game), [t.integers().tolist() for t in game.payoffs]
        assert sum(answer.extra["indices"]) == 1


@pytest.mark.slow
def test_nothing_that_nashpy_finds_is_missing_in_a_thousand_games() -> None:
    nashpy = pytest.importorskip("nashpy", reason="nashpy is not installed")
    counts: Counter[str] = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for game in _games(1000, 2, 3, 2) + _games(40, 4, 5, 2):
            theirs = nashpy.Game(*(t.floats() for t in game.payoffs)).support_enumeration()
            counts += _compare(game, ExtremeEquilibria().solve(game), theirs)
    assert counts["games"] == 1040
    _tell("nashpy support enumeration", counts)


@pytest.mark.slow
def test_nothing_that_quantecon_finds_is_missing_in_two_thousand_games() -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    counts: Counter[str] = Counter()
    for game in _games(1800, 2, 4, 3) + _games(200, 5, 5, 3):
        theirs, answer = _quantecon(theory, game), ExtremeEquilibria().solve(game)
        counts += _compare(game, answer, theory.support_enumeration(theirs))
        one = _compare(game, answer, [theory.lemke_howson(theirs)])
        counts["paths that end at no equilibrium"] += one["no equilibrium"] + one["no profile"]
    assert counts["games"] == 2000
    _tell("quantecon support enumeration", counts)


@pytest.mark.slow
def test_pygambit_lists_the_same_extreme_equilibria_of_a_thousand_games() -> None:
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    for game in _games(1000, 2, 3, 4) + _games(60, 4, 5, 4):
        theirs = gambit.StrategicGame.from_arrays(*(np.array(t.integers(), dtype=int) for t in game.payoffs))
        found = gambit.nash.enummixed_solve(theirs, rational=True).equilibria
        listed = {tuple(tuple(Fraction(str(p)) for _, p in strategy) for strategy in q) for q in found}
        assert set(ExtremeEquilibria().solve(game).profile) == listed, game.payoffs


def test_one_equilibrium_of_quantecon_lies_in_a_component() -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    for game in _games(120, 1, 5, 3):
        theirs = tuple(np.maximum(s, 0) for s in theory.lemke_howson(_quantecon(theory, game), init_pivot=0))
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
            second = theory.support_enumeration(_quantecon(theory, game))
        missed[name] = len(nash_equilibria(game)), len(first), len(second)
    print("extreme equilibria, listed by nashpy, by quantecon:", missed)
    assert any(ours > max(other) for ours, *other in missed.values())
