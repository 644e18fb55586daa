"""Times of finite games with the peers in the same run: medians, ratios and what each found. No time is asserted."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gametheory import NormalFormGame, nash_equilibria, nash_equilibrium, regret
from gametheory.solvers.normal_form.batch import batch_equilibria
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
from gametheory.solvers.normal_form.race import Race

pytestmark = [pytest.mark.benchmark, pytest.mark.peers]

Rows = list[tuple[str, int, float, float, float, str]]


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return call(), time.perf_counter() - start


def interleaved(repeats: int, *calls: Callable[[], Any], row: int = 1) -> list[tuple[Any, float]]:
    """Return what each call gives last, and its median time; the calls take turns, so that load falls on all alike.

    With `row` every turn is so many calls in a row: what another package leaves in the processor's caches costs the
    first of them several times its own time where that is less than a millisecond.
    """
    times: list[list[float]] = [[] for _ in calls]
    values: list[Any] = [None] * len(calls)
    for _ in range(repeats):
        for k, call in enumerate(calls):
            for _ in range(row):
                values[k], spent = timed(call)
                times[k].append(spent)
    return [(value, median(own)) for value, own in zip(values, times, strict=True)]


def random_game(seed: int, shape: tuple[int, ...]) -> NormalFormGame:
    rng = np.random.default_rng(seed)
    return NormalFormGame(*(rng.integers(0, 1000, shape) for _ in shape))


def median(values: list[float]) -> float:
    return float(np.median(values))


def table(capsys: pytest.CaptureFixture[str], title: str, rows: Rows, folder: Path) -> None:
    """Print the rows and keep them as CSV (in $BENCHMARK_DIR where it is set)."""
    head = ("task", "games", "ours [s]", "peer [s]", "peer / ours", "note")
    target = Path(os.environ.get("BENCHMARK_DIR", folder)) / f"finite_{title.replace(' ', '_')}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    with capsys.disabled():
        print(f"\n{title}  ({target})\n{head[0]:34}{head[1]:>6}{head[2]:>12}{head[3]:>12}{head[4]:>13}  {head[5]}")
        for task, games, ours, peer, ratio, note in rows:
            print(f"{task:34}{games:6}{ours:12.6f}{peer:12.6f}{ratio:13.2f}  {note}")


def _row(task: str, pairs: list[tuple[float, float]], note: str) -> tuple[str, int, float, float, float, str]:
    return (
        task,
        len(pairs),
        median([a for a, _ in pairs]),
        median([b for _, b in pairs]),
        median([b / a for a, b in pairs]),
        note,
    )


def _listed_by_lrsnash(path: Path) -> int:
    run = subprocess.run(["lrsnash", str(path)], capture_output=True, text=True, check=True)
    return next(int(line.split(":")[1]) for line in run.stdout.splitlines() if "Number of eq" in line)


def test_all_equilibria_of_two_players(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Random games have payoffs 0..999; tied ones 0..3, so that many vertices are degenerate."""
    if shutil.which("lrsnash") is None:
        pytest.skip("lrsnash (Debian: lrslib) is not installed")
    rows: Rows = []
    (tmp_path / "none").write_text("1 1\n\n1\n\n1\n")
    for n, largest, count in (
        *((n, 999, count) for n, count in ((8, 9), (10, 9), (12, 7), (14, 5))),
        *((n, 3, count) for n, count in ((8, 9), (10, 9), (12, 7))),
    ):
        pairs, equal = [], 0
        for seed in range(count):
            rng = np.random.default_rng(seed)
            game = NormalFormGame(*(rng.integers(0, largest + 1, (n, n)) for _ in "ab"))
            text = "\n\n".join("\n".join(" ".join(map(str, r)) for r in t.integers()) for t in game.payoffs)
            (tmp_path / "game").write_text(f"{n} {n}\n\n{text}\n")
            (answer, ours), (theirs, peer), (_, start) = interleaved(
                1 if n >= 14 else 3,
                lambda g=game: ExtremeEquilibria().solve(g),
                lambda: _listed_by_lrsnash(tmp_path / "game"),
                lambda: _listed_by_lrsnash(tmp_path / "none"),
            )
            equal += theirs == len(answer.profile)
            pairs.append((ours, peer - start))
        kind = "" if largest > 3 else ", tied"
        rows.append(_row(f"all {n}x{n}{kind}, lrsnash", pairs, f"same number in {equal} of {count}"))
        assert equal == count
    table(capsys, "all equilibria", rows, tmp_path)


def test_lists_of_float_packages_are_short(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    nashpy = pytest.importorskip("nashpy")
    quantecon = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    rows: Rows = []
    for n, count in ((4, 20), (6, 8)):
        pairs, missed, spurious = [], 0, 0
        for seed in range(count):
            rng = random.Random(seed)
            game = NormalFormGame(*([[rng.randint(0, 3) for _ in range(n)] for _ in range(n)] for _ in "ab"))
            floats = [t.floats() for t in game.payoffs]
            found, ours = timed(lambda g=game: nash_equilibria(g))
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs, peer = timed(lambda f=floats: list(nashpy.Game(*f).support_enumeration()))
            points = np.array([[float(p) for s in q for p in s] for q in found])
            close = [
                np.abs(points - np.concatenate(q)).max(axis=1) for q in theirs if np.isfinite(np.concatenate(q)).all()
            ]
            missed += len(points) - len({int(d.argmin()) for d in close if d.min() < 1e-6})
            spurious += sum(float(regret(game, q)) > 1e-6 for q in theirs if np.isfinite(np.concatenate(q)).all())
            pairs.append((ours, peer))
        rows.append(_row(f"nashpy supports {n}x{n}, 0..3", pairs, f"{missed} extreme missed, {spurious} with regret"))
    assert quantecon is not None
    table(capsys, "float packages", rows, tmp_path)


def test_one_equilibrium(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Floats against floats, then the exact answer and the exact answer with its certificate beside both floats.

    Games are built before for both. The peer stops after 20,000 pivots, which is in its favour where it gives up.
    """
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    rows: Rows = []
    theory.lemke_howson(theory.NormalFormGame((theory.Player(np.eye(2)), theory.Player(np.eye(2)))))
    for n, count, repeats in ((10, 31, 9), (30, 31, 9), (60, 31, 9), (120, 21, 5), (240, 11, 1)):
        times: list[list[float]] = []
        given_up = pure = 0
        for seed in range(count):
            game = random_game(seed, (n, n))
            a, b = (t.floats() for t in game.payoffs)
            theirs = theory.NormalFormGame((theory.Player(a), theory.Player(np.ascontiguousarray(b.T))))
            results = interleaved(
                repeats,
                lambda g=theirs: theory.lemke_howson(g, full_output=True, max_iter=20_000),
                lambda g=game: Race().approximate(g),
                lambda g=game: Race().solve(g),
                lambda g=game: nash_equilibrium(g, solver=Race()),
                lambda g=game: nash_equilibrium(g),
                row=1 if n >= 120 else 3,
            )
            (_, result), proposed, _, equilibrium, default = (value for value, _ in results)
            assert equilibrium.certificate.bound == 0
            assert equilibrium.profile == default.profile
            for floats, exact in zip(proposed, equilibrium.profile, strict=True):
                assert np.abs(floats - np.array([float(p) for p in exact])).max() < 1e-6
            given_up += not result.converged
            pure += all(max(strategy) == 1 for strategy in equilibrium.profile)
            times.append([spent for _, spent in results])
        note = f"{pure} of {count} games have a pure one; the peer gave up on {given_up}"
        peer, floats, solved, certified, front = zip(*times, strict=True)
        rows.append(_row(f"float {n}x{n}, quantecon float", _pairs(floats, peer), note))
        rows.append(_row(f"exact {n}x{n}, quantecon float", _pairs(solved, peer), "exact rationals, not certified"))
        rows.append(_row(f"certified {n}x{n}, quantecon float", _pairs(certified, peer), "nash_equilibrium(solver=)"))
        rows.append(_row(f"default {n}x{n}, quantecon float", _pairs(front, peer), "nash_equilibrium(game)"))
        rows.append(_row(f"exact {n}x{n}, own float", _pairs(solved, floats), "1/3 is within three times"))
        rows.append(_row(f"certified {n}x{n}, own float", _pairs(certified, floats), "1/3 is within three times"))
    table(capsys, "one equilibrium", rows, tmp_path)


def _pairs(ours: Any, theirs: Any) -> list[tuple[float, float]]:
    return list(zip(ours, theirs, strict=True))


def test_one_equilibrium_beside_rational_pivoting(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    rows: Rows = []
    for n, count in ((20, 9), (30, 9)):
        pairs = []
        for seed in range(count):
            game = random_game(seed, (n, n))
            theirs = gambit.StrategicGame.from_arrays(*(np.array(t.integers(), dtype=int) for t in game.payoffs))
            (equilibrium, ours), (_, peer) = interleaved(
                3,
                lambda g=game: nash_equilibrium(g),
                lambda g=theirs: gambit.nash.lcp_solve(g, rational=True, stop_after=1),
                row=5,
            )
            assert equilibrium.certificate.bound == 0
            pairs.append((ours, peer))
        rows.append(_row(f"certified {n}x{n}, gambit lcp", pairs, "rational, stop_after=1"))
    table(capsys, "one equilibrium exactly", rows, tmp_path)


def test_a_batch_of_small_games(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 1000, (100_000, 3, 3)) for _ in "ab")
    some = 4000

    def build(k: int) -> Any:
        return theory.NormalFormGame((theory.Player(a[k].astype(float)), theory.Player(b[k].T.astype(float))))

    games = [build(k) for k in range(some)]
    theory.lemke_howson(games[0])
    (found, ours), (_, built), (_, bare) = interleaved(
        5,
        lambda: batch_equilibria(a, b),
        lambda: [theory.lemke_howson(build(k)) for k in range(some)],
        lambda: [theory.lemke_howson(g) for g in games],
    )
    # No regret, in whole numbers: what is played pays as much as the best reply.
    x, y = found.first, found.second
    for replies, own in (((a @ y[:, :, None])[:, :, 0], x), ((x[:, None, :] @ b)[:, 0], y)):
        assert ((own * replies).sum(axis=1) == own.sum(axis=1) * replies.max(axis=1)).all()
    scale = len(a) / some
    rows: Rows = [
        ("100,000 games 3x3, loop + building", 1, ours, built * scale, built * scale / ours, f"peer from {some} games"),
        ("100,000 games 3x3, loop alone", 1, ours, bare * scale, bare * scale / ours, "their games built before"),
    ]
    table(capsys, "batch", rows, tmp_path)
