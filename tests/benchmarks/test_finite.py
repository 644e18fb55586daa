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

from gametheory import NormalFormGame, certify, nash_equilibria, regret
from gametheory.solvers.normal_form.batch import batch_equilibria
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
from gametheory.solvers.normal_form.race import Race
from gametheory.solvers.normal_form.subdivision import SupportSubdivision

pytestmark = [pytest.mark.benchmark, pytest.mark.peers]

Rows = list[tuple[str, int, float, float, float, str]]


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return call(), time.perf_counter() - start


def random_game(seed: int, shape: tuple[int, ...]) -> NormalFormGame:
    rng = np.random.default_rng(seed)
    return NormalFormGame(*(rng.integers(0, 1000, shape) for _ in shape))


def median(values: list[float]) -> float:
    return float(np.median(values))


def table(capsys: pytest.CaptureFixture[str], title: str, rows: Rows, folder: Path) -> None:
    """Print the rows and keep them as CSV (in $BENCHMARK_DIR where it is set)."""
    head = ("task", "games", "ours [s]", "peer [s]", "peer / ours", "note")
    target = Path(os.environ.get("BENCHMARK_DIR", folder)) / f"finite_{title.replace(' ', '_')}.csv"
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


def test_all_equilibria_of_two_players(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if shutil.which("lrsnash") is None:
        pytest.skip("lrsnash (Debian: lrslib) is not installed")
    rows: Rows = []
    for n, count in ((8, 9), (10, 7), (12, 7), (14, 3)):
        pairs, equal = [], 0
        for seed in range(count):
            game = random_game(seed, (n, n))
            path = tmp_path / "game"
            text = "\n\n".join("\n".join(" ".join(map(str, r)) for r in t.integers()) for t in game.payoffs)
            path.write_text(f"{n} {n}\n\n{text}\n")
            run, peer = timed(
                lambda p=path: subprocess.run(["lrsnash", str(p)], capture_output=True, text=True, check=True)
            )
            (path.parent / "none").write_text("1 1\n\n1\n\n1\n")
            _, start = timed(
                lambda p=path.parent / "none": subprocess.run(["lrsnash", str(p)], capture_output=True, check=True)
            )
            answer, ours = timed(lambda g=game: ExtremeEquilibria().solve(g))
            theirs = next(int(line.split(":")[1]) for line in run.stdout.splitlines() if "Number of eq" in line)
            equal += theirs == len(answer.profile)
            pairs.append((ours, peer - start))
        rows.append(_row(f"all equilibria {n}x{n}, lrsnash", pairs, f"same number in {equal} of {count}"))
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
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    rows: Rows = []
    theory.lemke_howson(theory.NormalFormGame((theory.Player(np.eye(2)), theory.Player(np.eye(2)))))
    for n, count in ((10, 15), (30, 15), (60, 11), (120, 7), (240, 5)):
        pairs, exact, given_up = [], [], 0
        for seed in range(count):
            game = random_game(seed, (n, n))
            a, b = (t.floats() for t in game.payoffs)
            peer_game = theory.NormalFormGame((theory.Player(a), theory.Player(np.ascontiguousarray(b.T))))
            (_, result), peer = timed(lambda g=peer_game: theory.lemke_howson(g, full_output=True, max_iter=20_000))
            answer, ours = timed(lambda g=game: Race().solve(g))
            verdict, check = timed(lambda g=game, p=answer.profile: certify(g, p))
            assert verdict.bound == 0
            given_up += not result.converged
            pairs.append((ours, peer))
            exact.append(ours + check)
        note = f"peer gave up on {given_up}; ours certified {median(exact):.4f} s"
        rows.append(_row(f"one equilibrium {n}x{n}, quantecon", pairs, note))
    pairs = []
    for seed in range(3):
        game = random_game(seed, (20, 20))
        theirs = gambit.StrategicGame.from_arrays(*(np.array(t.integers(), dtype=int) for t in game.payoffs))
        _, peer = timed(lambda g=theirs: gambit.nash.lcp_solve(g, rational=True, stop_after=1))
        _, ours = timed(lambda g=game: Race().solve(g))
        pairs.append((ours, peer))
    rows.append(_row("one equilibrium 20x20, gambit lcp", pairs, "rational, stop_after=1"))
    table(capsys, "one equilibrium", rows, tmp_path)


def test_a_batch_of_small_games(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 1000, (100_000, 3, 3)) for _ in "ab")
    _, ours = timed(lambda: batch_equilibria(a, b))
    some = 4000

    def build(k: int) -> Any:
        return theory.NormalFormGame((theory.Player(a[k].astype(float)), theory.Player(b[k].T.astype(float))))

    games = [build(k) for k in range(some)]
    theory.lemke_howson(games[0])
    _, built = timed(lambda: [theory.lemke_howson(build(k)) for k in range(some)])
    _, bare = timed(lambda: [theory.lemke_howson(g) for g in games])
    scale = len(a) / some
    rows: Rows = [
        ("100,000 games 3x3, loop + building", 1, ours, built * scale, built * scale / ours, f"peer from {some} games"),
        ("100,000 games 3x3, loop alone", 1, ours, bare * scale, bare * scale / ours, "their games built before"),
    ]
    table(capsys, "batch", rows, tmp_path)


def test_games_of_three_players(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    rows: Rows = []
    for shape, count in (((2, 2, 2), 15), ((3, 3, 3), 9)):
        pairs, complete, more, fewer = [], 0, 0, 0
        for seed in range(count):
            game = random_game(seed, shape)
            theirs = gambit.StrategicGame.from_arrays(*(t.floats() for t in game.payoffs))
            found, peer = timed(lambda g=theirs: gambit.nash.enumpoly_solve(g).equilibria)
            answer, ours = timed(lambda g=game: SupportSubdivision().solve(g))
            complete += answer.extra["complete"]
            more += len(answer.profile) > len(found)
            fewer += len(answer.profile) < len(found)
            pairs.append((ours, peer))
        size = "x".join(map(str, shape))
        note = f"complete {complete} of {count}; peer lists fewer in {more}, more in {fewer}"
        rows.append(_row(f"all equilibria {size}, enumpoly", pairs, note))
        assert complete == count
    table(capsys, "three players", rows, tmp_path)
