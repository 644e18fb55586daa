"""How long the exact, proved cost of every coalition takes, against a convex solver called coalition by coalition."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.certificates.pooled_table import check_characteristic
from gametheory.domain import Prosumer, Tariff
from gametheory.domain.community import Community
from gametheory.games.pooled import PooledGame
from gametheory.models import PooledCommunity, StorageCoalition
from gametheory.solvers.linear.exact_basis import ExactBasis
from gametheory.solvers.pooled.dual_price import DualPrice
from gametheory.solvers.pooled.tabulate import Tabulate


def made_up(members: int, *, steps: int = 48) -> Community:
    """Return a community whose surplus and deficit change sign, loads and PV with three decimals."""
    rng = random.Random(members)
    homes = []
    for i in range(members):
        load = [f"{0.2 + rng.random() * (1 + i % 3):.3f}" for _ in range(steps)]
        sun = [max(0.0, 1 - ((t % 24) - 12) ** 2 / 36) for t in range(steps)]
        homes.append(Prosumer(f"home {i}", load, [f"{s * rng.random() * (i % 4) * 2:.3f}" for s in sun]))
    return Community(prosumers=homes, tariff=Tariff.time_of_use("0.22", {(16, 21): "0.54"}, feed_in="0.08"))


def seconds(call: Callable[[], Any], *, repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def by_piqp(game: PooledGame) -> float:
    """Return the largest cost over all coalitions: a dense quadratic programme for each coalition and step."""
    import piqp

    largest = 0.0
    for mask in range(1, 2 ** len(game.players)):
        cost = 0.0
        for step in game.steps:
            traders = [t for i, t in enumerate(step.traders) if mask >> i & 1]
            P = np.diag([float(t.curvature) for t in traders] + [0.0, 0.0])
            c = np.array([float(t.slope) for t in traders] + [float(step.buy_price or 0), -float(step.sell_price or 0)])
            low = np.array([float(t.lower or 0) for t in traders] + [0.0, 0.0])
            high = np.array([float(t.upper or 0) for t in traders] + [1e30, 1e30])
            A = np.array([[1.0] * len(traders) + [1.0, -1.0]])
            b = np.array([sum(float(t.position) for t in traders)])
            solver = piqp.DenseSolver()
            solver.setup(P, c, A, b, None, None, None, low, high)
            solver.solve()
            x = solver.result.x
            cost += float(x @ P @ x / 2 + c @ x)
        largest = max(largest, cost)
    return largest


@pytest.mark.benchmark
def test_coalition_costs(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for members in (8, 12, 16):
        game = PooledCommunity(made_up(members)).to_game()
        repeats = 3 if members < 16 else 1
        table = Tabulate().solve(game).profile
        assert check_characteristic(game, table).holds()
        rows.append(
            (
                members,
                seconds(lambda game=game: DualPrice().solve(game), repeats=repeats),  # type: ignore[misc]  # bound now
                seconds(lambda game=game: Tabulate().solve(game), repeats=repeats),  # type: ignore[misc]
                seconds(lambda game=game, table=table: check_characteristic(game, table), repeats=repeats),  # type: ignore[misc]
                max(x.denominator.bit_length() for x in table),
            )
        )
    small = PooledCommunity(made_up(8)).to_game()
    peer = seconds(lambda: by_piqp(small), repeats=1)
    assert by_piqp(small) == pytest.approx(float(max(Tabulate().solve(small).profile)), rel=1e-5)
    storage = StorageCoalition(gt.Community.sample()).to_game()
    with capsys.disabled():
        print("\nmembers  optimum s  table s  check s  bits of a denominator (48 steps)")
        for members, optimum, made, checked, bits in rows:
            print(f"{members:7d}  {optimum:9.4f}  {made:7.3f}  {checked:7.3f}  {bits}")
        print(
            f"PIQP, 8 members, one call a coalition and step: {peer:.2f} s, {peer / rows[0][2]:.0f} x the exact table"
        )
        print(f"storage coalition, 8 members, exact optimum: {seconds(lambda: ExactBasis().solve(storage)):.3f} s")
