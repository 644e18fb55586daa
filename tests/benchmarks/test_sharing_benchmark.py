"""Times of the sharing game: a million members in arrays against plain sums, and exact rationals at 100 members."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.certificates.bid_arrays import bound_regret
from gametheory.domain import Prosumer, Tariff
from gametheory.io.solutions import loads
from gametheory.models.energy_sharing import EnergySharing
from gametheory.solvers.aggregative import solve_islanded

_HOMES = Path(__file__).resolve().parents[3] / "shared/data/resstock_tx100/resstock_tx100_hourly.parquet"


def _median_seconds(work: Callable[[], object], repeats: int = 7) -> float:
    work()  # fresh memory is handed out once; the median is of later runs
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
        del result
    return median(times)


@pytest.mark.benchmark
def test_a_million_members(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    members, steps = 1_000_000, 24
    c = rng.uniform(0.5, 2, (members, steps))
    d, demand = rng.uniform(-1, 1, (members, steps)), rng.uniform(-2, 2, (members, steps))
    sums = _median_seconds(lambda: (c.sum(), d.sum(), demand.sum()))
    solve = _median_seconds(lambda: solve_islanded(c=c, d=d, demand=demand, sensitivity=1000.0))
    fill = _median_seconds(lambda: np.empty_like(demand).fill(0.0))
    found = solve_islanded(c=c, d=d, demand=demand, sensitivity=1000.0)
    start = time.perf_counter()
    certificate = bound_regret(c=c, d=d, demand=demand, sensitivity=1000.0, price=found.price, received=found.received)
    bounded = time.perf_counter() - start
    with capsys.disabled():
        print(f"\n{members:,} members x {steps} steps, medians of 7 (numpy {np.__version__})")
        print(f"sum c, d, D once each   {sums:8.4f} s")
        print(f"fill one answer array   {fill:8.4f} s  {fill / sums:6.2f} x the sums")
        print(f"solve, answer included  {solve:8.4f} s  {solve / sums:6.2f} x the sums (target 12)")
        print(f"bound all regrets       {bounded:8.4f} s  {certificate}")
    assert abs(found.received.sum(axis=0)).max() < 1e-6
    assert certificate.bound < 1e-12


def _bits(*numbers: Any) -> int:
    return max(max(x.numerator.bit_length(), x.denominator.bit_length()) for x in numbers)


@pytest.mark.benchmark
def test_a_hundred_members_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    if not _HOMES.exists():
        pytest.skip(f"no {_HOMES.name} in ../shared/data")
    import pandas as pd

    frame = pd.read_parquet(_HOMES)
    homes = [name for name in frame.columns if name.startswith("load_")]
    hours = slice(4000, 4048)
    sun = frame.filter(regex="(?i)dif|dir").sum(axis=1).to_numpy()[hours]  # W/m2; PV is simulated: 4 m2 of it
    with capsys.disabled():
        print("\n members steps  solve s  check s price bits cost bits     MB  read s")
    for size in (8, 16, 50, 100):
        members = [
            Prosumer(
                name,
                load=[str(round(float(v), 3)) for v in frame[name].to_numpy()[hours]],
                pv=[str(round(float(v) * 0.004, 3)) if k % 2 else "0" for v in sun],
            )
            for k, name in enumerate(homes[:size])
        ]
        community = gt.Community(prosumers=members, tariff=Tariff.flat("0.30", feed_in="0.08"), step_hours=1.0)
        start = time.perf_counter()
        solution = gt.nash_equilibrium(EnergySharing(community))
        total = time.perf_counter() - start
        text = solution.to_json()
        start = time.perf_counter()
        back = loads(text)
        read = time.perf_counter() - start
        assert back.payoffs == solution.payoffs
        assert solution.certificate.strength == "exact"
        assert solution.certificate.bound == 0
        with capsys.disabled():
            print(
                f"{size:8}{48:6}{solution.wall_time:9.2f}{total - solution.wall_time:9.2f}"
                f"{_bits(*solution.details['prices']):11}{_bits(*solution.payoffs):10}{len(text) / 1e6:7.1f}{read:8.2f}"
            )
