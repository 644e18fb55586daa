"""Coalitional games against coopgame-py, shapiq and the textbook sequence in rationals; pooled communities by size.

Every time of ours is of the whole call, the exact certificate included, unless the column says "solve".
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.games.pooled_loads import PooledLoads
from gametheory.models import PooledCommunity
from gametheory.solvers.coalitional.sampling import SampledShapley
from gametheory.solvers.pooled.large_population import LargePopulation

from .rational_sequence import prenucleolus
from .test_pooled import made_up

pytestmark = pytest.mark.benchmark


def _median(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    times, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def _interleaved(theirs: Callable[[], Any], ours: Callable[[], Any], repeats: int) -> Any:
    """Return median time and result of each, called in turn."""
    times: list[list[float]] = [[], []]
    results: list[Any] = [None, None]
    for _ in range(repeats):
        for k, call in enumerate((theirs, ours)):
            start = time.perf_counter()
            results[k] = call()
            times[k].append(time.perf_counter() - start)
    return tuple((statistics.median(row), result) for row, result in zip(times, results, strict=True))


def _pooled_table(players: int) -> Any:
    positions = np.random.default_rng(3).normal(size=(players, 24))
    sums = np.zeros((2**players, 24))
    for i in range(players):
        sums[1 << i : 2 << i] = sums[: 1 << i] + positions[i]
    return np.minimum(0.1 * sums, 0.3 * sums).sum(axis=1)


def _table(players: int, seed: int = 1) -> Any:
    values = np.random.default_rng(seed).integers(0, 1000, 2**players)
    values *= np.array([mask.bit_count() for mask in range(2**players)])
    return values


def test_shapley_of_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    coopgame = pytest.importorskip("coopgame", reason="peer of the extra [peers]")
    shapiq = pytest.importorskip("shapiq", reason="peer of the extra [peers]")
    rows = []
    for players in (16, 18, 20):
        values = _table(players)
        powers = 1 << np.arange(players)
        game = gt.CoalitionalGame.from_table(values)
        other = coopgame.Game(values[1:].astype(float))

        def peer(values: Any = values, powers: Any = powers, players: int = players) -> Any:
            exact = shapiq.ExactComputer(lambda rows: values[rows.astype(np.int64) @ powers].astype(float), players)
            return exact("SV", order=1).get_n_order_values(1)

        gt.shapley_value(game)
        (theirs, floats), (ours, solution) = _interleaved(
            lambda other=other: coopgame.shapley(other), lambda game=game: gt.shapley_value(game), 9
        )
        slow, also = _median(peer, 1) if players < 20 else (float("nan"), solution.values)
        assert np.allclose(floats, solution.values, rtol=1e-8, atol=1e-8)
        assert np.allclose(also, solution.values, rtol=1e-8, atol=1e-8)
        assert solution.certificate.strength == "exact"
        rows.append((players, theirs, slow, solution.wall_time, ours, theirs / ours, slow / ours))
    with capsys.disabled():
        print("\nplayers  coopgame s  shapiq s   solve s  with exact check s  coopgame/ours  shapiq/ours")
        for row in rows:
            print("{:7d} {:11.4f} {:9.2f} {:9.4f} {:19.4f} {:14.1f} {:12.0f}".format(*row))


def test_nucleolus_against_coopgame(capsys: pytest.CaptureFixture[str]) -> None:
    coopgame = pytest.importorskip("coopgame", reason="peer of the extra [peers]")
    rows = []
    for players in (16, 18, 20):
        for kind, values in (("pooled", _pooled_table(players)), ("random", _table(players))):
            game = gt.CoalitionalGame.from_table(values)
            other = coopgame.Game(values[1:].astype(float))
            gt.prenucleolus(game)
            (theirs, floats), (ours, solution) = _interleaved(
                lambda other=other: coopgame.prenucleolus(other), lambda game=game: gt.prenucleolus(game), 3
            )
            assert solution.certificate.strength == "exact"
            assert np.allclose(floats["allocation"], solution.values, rtol=1e-6, atol=1e-6)
            rows.append((players, kind, theirs, solution.wall_time, ours, theirs / ours))
    with capsys.disabled():
        print("\nplayers  values  coopgame s  solve s  certified s  coopgame/ours")
        for row in rows:
            print("{:7d}  {:6s} {:11.3f} {:8.3f} {:12.3f} {:14.2f}".format(*row))


def test_shapley_of_thirty_members(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for members in (20, 24, 30, 34):
        game = PooledCommunity(made_up(members), elasticity=0).to_game()
        start = time.perf_counter()
        solution = gt.shapley_value(game)
        spent = time.perf_counter() - start
        assert solution.certificate.strength == "exact"
        assert sum(solution.exact) == gt.social_optimum(game).value
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        rows.append((members, solution.wall_time, spent, memory))
    with capsys.disabled():
        print("\nmembers (48 steps, rationals)  solve s  certified s  peak GB of the process")
        for row in rows:
            print("{:29d} {:8.2f} {:12.2f} {:22.2f}".format(*row))


def _year(members: int, hours: int) -> PooledLoads:
    """Return prosumers of many sizes, half of them with sun, under a tariff by the time of use."""
    rng = np.random.default_rng(0)
    hour = np.arange(hours)
    sun = np.maximum(0, np.cos((hour % 24 - 12.5) / 24 * 2.2 * np.pi)) * (0.65 - 0.35 * np.cos(hour / 8760 * 2 * np.pi))
    cloud = rng.gamma(2, 0.35, hours // 24 + 1).clip(0, 1).repeat(24)[:hours]
    evening = 0.25 + 0.2 * np.sin((hour % 24 - 9) / 24 * 2 * np.pi) ** 2
    load = rng.lognormal(0, 0.5, members)[:, None] * evening * rng.gamma(2, 0.5, (members, hours))
    size = np.where(rng.random(members) < 0.5, rng.uniform(1, 6, members), 0)
    load -= size[:, None] * (sun * cloud) * rng.uniform(0.8, 1.2, (members, hours)) * 0.6
    retail = np.where((hour % 24 >= 16) & (hour % 24 < 21), 0.54, 0.22)
    return PooledLoads([f"m{i}" for i in range(members)], load, retail, np.full(hours, 0.08))


def _alone(game: PooledLoads) -> Any:
    return np.maximum(game.buy_price * game.net_load, game.sell_price * game.net_load).sum(axis=1)


def test_sampling_a_thousand_prosumers_over_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    game = _year(1000, 8760)
    alone = _alone(game)
    total = game.net_load.sum(axis=0)
    mean = (alone.sum() - np.maximum(game.buy_price * total, game.sell_price * total).sum()) / 1000
    solver = SampledShapley(
        units=2**15, half_width=0.02 * mean, method="antithetic", interval="student", seed=1, workers=2
    )
    start = time.perf_counter()
    solution = gt.shapley_value(game, solver=solver)
    spent = time.perf_counter() - start
    assert solution.certificate.strength == "statistical"
    width = np.array([(high - low) / 2 for low, high in solution.interval])
    own = float(np.median(width / np.abs(alone - solution.values)))
    formula = gt.shapley_value(game, solver=LargePopulation())
    off = np.abs(formula.values - solution.values)
    with capsys.disabled():
        print(f"\n1,000 x 8,760: {solution.wall_time:.0f} s, checked {spent:.0f} s, {solution.iterations} orders")
        print(f"half-width (simultaneous 95 %): largest {width.max() / mean:.2%} of the mean saving, ", end="")
        print(f"median {own:.2%} of the own saving; converged: {solution.status}")
        print(
            f"large-population formula: {formula.wall_time:.2f} s, largest distance {off.max() / mean:.3%} of the ",
            end="",
        )
        print(f"mean saving, {np.mean(off <= width):.1%} of its shares within the intervals")


def test_a_hundred_thousand_prosumers(capsys: pytest.CaptureFixture[str]) -> None:
    game = _year(100_000, 48)
    start = time.perf_counter()
    solution = gt.shapley_value(game, solver=LargePopulation())
    spent = time.perf_counter() - start
    assert solution.certificate.strength == "bounded"
    apart = solution.certificate.witness["distance_from_draws"]
    with capsys.disabled():
        print(f"\n100,000 x 48: {solution.wall_time:.2f} s, checked {spent:.2f} s; adds up to ", end="")
        print(f"{float(solution.certificate.bound):.1e} of {solution.values.sum():.0f}")
        print("from the checker's draws (standard error): ", end="")
        print(", ".join(f"{d:+.1e} ({e:.0e})" for d, e in apart.values()))


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
        game = gt.CoalitionalGame.from_table(_pooled_table(players))
        spent, solution = _median(lambda game=game: gt.nucleolus(game), 1)
        assert solution.certificate.strength == "exact"
        rows.append((players, solution.iterations, solution.wall_time, spent))
    with capsys.disabled():
        print("\nplayers  pivots  solve s  certified s")
        for row in rows:
            print("{:7d} {:7d} {:8.2f} {:12.2f}".format(*row))
