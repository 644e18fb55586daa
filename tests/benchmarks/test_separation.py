"""Coalitions of a 48-step storage community by separation, with certificates; a plain HiGHS model as the peer.

The community: ResStock homes (load), photovoltaics for three in five (simulated from irradiance), batteries for two in
five, a tariff of three prices. Times include the solver and the check of its proof.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pyarrow.parquet as pq
import pytest

import gametheory as gt
from gametheory.domain.assets.battery import Battery
from gametheory.games.linear import LinearGame
from gametheory.models import StorageCoalition
from gametheory.numerics.highs import silent_highs

pytestmark = pytest.mark.benchmark

_HOMES = Path(__file__).resolve().parents[3] / "shared/data/resstock_tx100/resstock_tx100_hourly.parquet"
_STEPS = 48


def _community(size: int, *, start: int = 4000, seed: int = 0) -> LinearGame:
    if not _HOMES.exists():
        pytest.skip(f"the ResStock homes are not at {_HOMES}")
    table, rng = pq.read_table(_HOMES), np.random.default_rng(seed)
    sun = sum(np.array(table[c]) for c in table.column_names if "diff" in c.lower() or "direct" in c.lower())
    names = [c for c in table.column_names if c.startswith("load_")]
    net, batteries = [], []
    for i in range(size):
        first = start + (i // len(names)) * _STEPS  # more homes than there are: the same ones on other days
        load = np.array(table[names[i % len(names)]])[first : first + _STEPS]
        power = rng.uniform(3, 8) if rng.random() < 0.6 else 0.0
        net.append(
            [Fraction(round(1000 * float(x)), 1000) for x in load - power * sun[start : start + _STEPS] * 0.00085]
        )
        battery = Battery(int(rng.integers(4, 14)), 5, charge_efficiency="0.9")
        batteries.append(battery if rng.random() < 0.4 else None)
    hours = np.arange(start, start + _STEPS) % 24
    bought = [Fraction(35, 100) if 16 <= h < 21 else Fraction(14, 100) if h < 7 else Fraction(22, 100) for h in hours]
    return StorageCoalition.from_parameters(
        net_load=net, batteries=batteries, import_price=bought, export_price=[Fraction(8, 100)] * _STEPS
    ).to_game()


def _splits(game: LinearGame) -> dict[str, list[Fraction]]:
    point = gt.core(game).point
    total, size = sum(point), len(point)
    load = [max(sum(m.demand), Fraction(1, 10)) for m in game.members]
    whole = sum(load)
    return {"equal": [total / size] * size, "proportional": [total * x / whole for x in load], "Owen": list(point)}


def _plain_highs(game: LinearGame, amounts: list[Fraction]) -> float:
    """Return the largest gain by one mixed-integer programme, as its tolerances have it; nothing is proved."""
    n, columns, rows = len(game.players), [], []
    cost = [-float(x) for x in amounts] + [float(c) for c in game.costs]
    shared: list[list[tuple[int, float]]] = [[(n + k, float(a)) for k, a in pairs] for pairs in game.common]
    first = n + len(game.costs)
    for i, member in enumerate(game.members):
        for t, need in enumerate(member.demand):
            shared[t].append((i, -float(need)))
            shared[t] += [(first + k, float(a)) for k, a in member.coupling[t]]
        for pairs, right in member.rows:
            rows.append(([(first + k, float(a)) for k, a in pairs] + [(i, -float(right))], 0.0))
        for k, high in enumerate(member.upper):
            columns.append(([(first + k, 1.0), (i, -float(high))], -highspy.kHighsInf))
        cost += [float(c) for c in member.costs]
        first += len(member.costs)
    lines = [(entries, 0.0) for entries in shared] + rows + columns
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = first, len(lines)
    lp.col_cost_, lp.col_lower_ = np.array(cost), np.zeros(first)
    lp.col_upper_ = np.concatenate([np.ones(n), np.full(first - n, highspy.kHighsInf)])
    lp.row_lower_, lp.row_upper_ = np.array([low for _, low in lines]), np.zeros(len(lines))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(entries) for entries, _ in lines)])
    lp.a_matrix_.index_ = np.array([k for entries, _ in lines for k, _ in entries], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([a for entries, _ in lines for _, a in entries])
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * n + [kinds.kContinuous] * (first - n)
    solver = silent_highs()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(lp)
    solver.run()
    return -float(solver.getInfo().objective_function_value)


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = call()
    return time.perf_counter() - start, found


@pytest.mark.parametrize("size", [100, 1000])
def test_core_check(size: int) -> None:
    """Wanted: 20 s at 100 members, 10 min at 1,000."""
    game = _community(size)
    for name, amounts in _splits(game).items():
        ours, found = _timed(lambda amounts=amounts: gt.core_check(game, amounts))
        line = (
            f"core check, {size} members, {name} split: {ours:.1f} s, {found.strength}, gain {float(found.bound):.6g}"
        )
        if size == 100:
            peer, value = _timed(lambda amounts=amounts: _plain_highs(game, amounts))
            line += f"; plain HiGHS, worst coalition alone and unproved: {peer:.1f} s, ratio {ours / peer:.1f}"
            assert float(found.bound) == pytest.approx(max(value, 0), abs=1e-5)
        print(line)
        assert found.strength == "exact"


@pytest.mark.parametrize("start", [4000, 2000])
def test_least_core(start: int) -> None:
    """Wanted: 1 min at 100 members."""
    seconds, found = _timed(lambda: gt.least_core(_community(100, start=start)))
    excess = float(found.certificate.witness["largest_excess"])
    strength = found.certificate.strength
    print(f"least core, 100 members, from hour {start}: {seconds:.1f} s, {strength}, excess {excess:.3g}")
    assert found.certificate.holds(Fraction(1, 10**6))


@pytest.mark.parametrize(
    ("size", "start", "seed"), [(20, 2500, 0), (20, 4000, 0), (20, 2000, 1), (50, 2500, 0), (50, 4000, 0)]
)
def test_nucleolus(size: int, start: int, seed: int) -> None:
    """Wanted: 20 s at 20 members, 5 min at 50."""
    seconds, found = _timed(lambda: gt.nucleolus(_community(size, start=start, seed=seed)))
    depth = len(found.certificate.witness["levels"])
    print(
        f"nucleolus, {size} members, from hour {start}: {seconds:.1f} s, {found.certificate.strength}, {depth} levels"
    )
    assert found.certificate.holds(Fraction(1, 10**6))
