"""Times of the large continuous games against their peers, interleaved, at equal certified gaps.

Run ``python -m pytest -m benchmark -s tests/benchmarks/test_continuous.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.certificates.splittable import read, regrets
from gametheory.games.splittable import SplittableGame
from gametheory.solvers.splittable.slot_prices import SlotPrices, TotalBySlots


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def fleet(cars: int, slots: int = 24, seed: int = 0) -> SplittableGame:
    """Cars with own windows, limits and energies; the price level does not depend on their number."""
    rng = np.random.default_rng(seed)
    limits = rng.uniform(2, 8, cars)
    first = rng.integers(0, slots // 2, cars)
    last = np.minimum(first + rng.integers(slots // 3, slots // 2, cars), slots - 1)
    return SplittableGame(
        amounts=limits * (last - first + 1) * rng.uniform(0.1, 0.9, cars),
        limits=limits,
        slope=np.full(slots, 0.25 / cars),
        base=rng.uniform(0.05, 0.4, slots),
        windows=np.stack([first, last], axis=1),
    )


class PotentialByPIQP:
    """The potential programme as PIQP likes it best: cells inside windows only, slot totals as variables."""

    def __init__(self, game: SplittableGame) -> None:
        from scipy import sparse

        room = game.room
        self.slots, self.cars = np.nonzero(room)
        cells, slots, cars = len(self.slots), len(game.slope), len(game.amounts)
        self.shape, self.game = room.shape, game
        self.hessian = sparse.diags(np.concatenate([game.slope[self.slots], game.slope])).tocsc()
        self.linear = np.concatenate([np.zeros(cells), game.prices_at_rest])
        rows = np.concatenate([self.cars, cars + self.slots, cars + np.arange(slots)])
        columns = np.concatenate([np.arange(cells), np.arange(cells), cells + np.arange(slots)])
        values = np.concatenate([np.ones(2 * cells), -np.ones(slots)])
        self.rows = sparse.csc_matrix((values, (rows, columns)), (cars + slots, cells + slots))
        self.right = np.concatenate([game.amounts, np.zeros(slots)])
        self.lower = np.concatenate([np.zeros(cells), np.full(slots, -np.inf)])
        self.upper = np.concatenate([room[self.slots, self.cars], np.full(slots, np.inf)])

    def solve(self, tolerance: float) -> Any:
        import piqp

        solver = piqp.SparseSolver()
        for name in ("eps_abs", "eps_rel", "eps_duality_gap_abs", "eps_duality_gap_rel"):
            setattr(solver.settings, name, tolerance)
        solver.setup(self.hessian, self.linear, self.rows, self.right, None, None, None, self.lower, self.upper)
        assert solver.solve() == piqp.PIQP_SOLVED
        return solver.result

    def split(self, result: Any) -> Any:
        table = np.zeros(self.shape)
        table[self.slots, self.cars] = np.array(result.x)[: len(self.slots)]
        return np.clip(table, 0, self.game.room).T


def _certified_gap(game: SplittableGame, split: Any, levels: Any) -> float:
    return 2 * float(regrets(game, read(game, split), levels).sum())


@pytest.mark.benchmark
def test_a_thousand_cars_against_piqp(capsys: pytest.CaptureFixture[str]) -> None:
    game = fleet(1000)
    peer = PotentialByPIQP(game)
    # The loosest settings of either side with a certified gap of the potential of at most 1e-6.
    ours = next(
        solver
        for solver in map(SlotPrices, (4e-6, 2e-6, 1e-6, 5e-7, 1e-7))
        if _certified_gap(game, (found := solver.solve(game)).profile["split"], found.witness["levels"]) <= 1e-6
    )
    for theirs in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9):
        result = peer.solve(theirs)
        split = peer.split(result)
        parts = read(game, split)
        gap = np.inf if parts.violated else _certified_gap(game, split, -np.array(result.y)[: len(game.amounts)])
        if gap <= 1e-6:
            break
    times: dict[str, list[float]] = {"ours": [], "PIQP": [], "check": []}
    for _ in range(9):
        spent, answer = _timed(lambda: ours.solve(game))
        times["ours"].append(spent)
        times["PIQP"].append(_timed(lambda: peer.solve(theirs))[0])
        spent, certificate = _timed(
            lambda: gt.certify(game, answer.profile, epsilon=answer.epsilon, witness=answer.witness)  # noqa: B023
        )
        times["check"].append(spent)
    best = _timed(lambda: TotalBySlots().solve(game))
    middle = {name: median(spent) for name, spent in times.items()}
    gap = certificate.witness["potential_gap"]
    with capsys.disabled():
        print("\n1,000 cars x 24 slots, medians of 9 interleaved, certified gap of the potential at most 1e-6")
        print(f"slot prices   {1e3 * middle['ours']:7.2f} ms  {answer.iterations} steps, gap {gap:.1e}")
        print(
            f"PIQP          {1e3 * middle['PIQP']:7.2f} ms  {result.info.iter} steps at {theirs:.0e}  "
            f"x{middle['PIQP'] / middle['ours']:.2f} (target 3)"
        )
        print(f"certificate   {1e3 * middle['check']:7.2f} ms  {certificate}")
        print(f"optimum       {1e3 * best[0]:7.2f} ms  {best[1].iterations} steps")
    assert gap <= 1e-6
    assert certificate.strength == "bounded"


@pytest.mark.benchmark
def test_a_hundred_thousand_cars(capsys: pytest.CaptureFixture[str]) -> None:
    import tracemalloc

    lines, per_cell = [], []
    for cars in (1_000, 10_000, 100_000):
        game = fleet(cars)
        repeats = 5 if cars < 50_000 else 2
        spent = median(_timed(lambda: SlotPrices().solve(game))[0] for _ in range(repeats))  # noqa: B023
        tracemalloc.start()
        answer = SlotPrices().solve(game)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        check, certificate = _timed(
            lambda: gt.certify(game, answer.profile, epsilon=answer.epsilon, witness=answer.witness)  # noqa: B023
        )
        per_cell.append(spent / (24 * cars))
        lines.append(
            f"{cars:8,} cars  {spent:7.3f} s  {1e9 * per_cell[-1]:6.0f} ns a cell (x{per_cell[-1] / per_cell[0]:.2f}) "
            f" {peak / 8 / 24 / cars:5.1f} arrays at the peak  {answer.iterations} steps  check {check:.3f} s  "
            f"bound {float(certificate.bound):.1e}, gap {certificate.witness['potential_gap']:.1e}"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert certificate.strength == "bounded"
