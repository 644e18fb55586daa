"""Coalitional games: values against shapiq, the nucleolus against the textbook sequence in rationals, one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gametheory as gt

from .rational_sequence import prenucleolus

pytestmark = pytest.mark.benchmark


def _median(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    times, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def _table(players: int, seed: int = 1) -> Any:
    values = np.random.default_rng(seed).integers(0, 1000, 2**players)
    values *= np.array([mask.bit_count() for mask in range(2**players)])
    return values


def test_shapley_against_shapiq(capsys: pytest.CaptureFixture[str]) -> None:
    shapiq = pytest.importorskip("shapiq", reason="peer of the extra [peers]")
    rows = []
    for players in (14, 16, 18):
        values = _table(players)
        powers = 1 << np.arange(players)
        game = gt.CoalitionalGame.from_table(values)

        def peer(values: Any = values, powers: Any = powers, players: int = players) -> Any:
            exact = shapiq.ExactComputer(lambda rows: values[rows.astype(np.int64) @ powers].astype(float), players)
            return exact("SV", order=1).get_n_order_values(1)

        theirs, floats = _median(peer, 1)
        ours, solution = _median(lambda game=game: gt.shapley_value(game), 3)
        assert np.allclose(floats, solution.values, rtol=1e-8, atol=1e-8)
        assert solution.certificate.strength == "exact"
        rows.append((players, theirs, solution.wall_time, theirs / solution.wall_time, ours, theirs / ours))
    with capsys.disabled():
        print("\nplayers  shapiq s   solve s   ratio   with exact check s   ratio")
        for row in rows:
            print("{:7d} {:9.3f} {:9.4f} {:7.0f} {:20.4f} {:7.0f}".format(*row))


def test_nucleolus_against_the_textbook(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for players in (6, 10):
        values = _table(players)
        game = gt.CoalitionalGame.from_table(values)
        theirs, shares = _median(lambda values=values: prenucleolus(values.tolist()), 1)
        ours, solution = _median(lambda game=game: gt.prenucleolus(game), 3)
        assert list(solution.exact) == shares
        assert solution.certificate.strength == "exact"
        rows.append((players, theirs, ours, theirs / ours))
    with capsys.disabled():
        print("\nplayers  textbook in Fractions s   certified here s   ratio")
        for row in rows:
            print("{:7d} {:25.3f} {:18.4f} {:7.0f}".format(*row))


def test_nucleolus_of_larger_tables(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for players in (16, 18, 20):
        positions = np.random.default_rng(3).normal(size=(players, 24))
        sums = np.zeros((2**players, 24))
        for i in range(players):
            sums[1 << i : 2 << i] = sums[: 1 << i] + positions[i]
        game = gt.CoalitionalGame.from_table(np.minimum(0.1 * sums, 0.3 * sums).sum(axis=1))
        spent, solution = _median(lambda game=game: gt.nucleolus(game), 1)
        assert solution.certificate.strength == "exact"
        rows.append((players, solution.iterations, solution.wall_time, spent))
    with capsys.disabled():
        print("\nplayers  pivots  solve s  certified s")
        for row in rows:
            print("{:7d} {:7d} {:8.2f} {:12.2f}".format(*row))
