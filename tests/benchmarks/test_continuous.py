"""Times of the large continuous games against their peers, interleaved, at equal certified gaps.

Run ``python -m pytest -m benchmark -s tests/benchmarks/test_continuous.py``.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.certificates.splittable import read, regrets
from gametheory.games.affine import AffineGame
from gametheory.games.splittable import SplittableGame
from gametheory.solvers.affine.interior_point import AffineInteriorPoint
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


def shared_game(players: int, size: int, rows: int, *, symmetric: bool, density: float = 1.0) -> AffineGame:
    """A strongly monotone game in boxes with random shared rows; about a third of them binds."""
    rng = np.random.default_rng(7)
    n = players * size
    root, turn = rng.normal(size=(2, n, n)) / np.sqrt(n)
    matrix = root @ root.T + 0.2 * np.eye(n)
    matrix = (matrix + matrix.T) / 2
    if not symmetric:
        turn = turn - turn.T
        for i in range(players):
            own = slice(i * size, (i + 1) * size)
            turn[own, own] = 0
        matrix = matrix + turn
    table = rng.normal(size=(rows, n)) * (rng.random((rows, n)) < density)
    return AffineGame(
        sizes=(size,) * players,
        matrix=matrix,
        vector=2 * rng.normal(size=n),
        lower=np.full(n, -1.0),
        upper=np.full(n, 1.0),
        rows=table,
        bounds=rng.uniform(0.1, 1.0, rows) * np.sqrt(n * density) / 2,
    )


def _residual(game: AffineGame, joint: Any, prices: Any) -> float:
    """The natural residual: how far a projected step of length 1 moves the point and the prices."""
    assert game.rows is not None
    assert game.bounds is not None
    slopes = game.slopes(joint) + game.rows.T @ prices
    moved = np.abs(joint - np.clip(joint - slopes, game.lower, game.upper)).max()
    return float(max(moved, np.abs(np.minimum(prices, game.bounds - game.rows @ joint)).max()))


def _certified(game: AffineGame, answer: Any) -> gt.Certificate:
    return gt.certify(
        game, answer.profile, concept="variational_equilibrium", epsilon=answer.epsilon, witness=answer.witness
    )


def _piqp_dense(game: AffineGame, tolerance: float) -> Any:
    import piqp

    solver = piqp.DenseSolver()
    for name in ("eps_abs", "eps_rel", "eps_duality_gap_abs", "eps_duality_gap_rel"):
        setattr(solver.settings, name, tolerance)
    solver.setup(game.matrix, game.vector, None, None, game.rows, None, game.bounds, game.lower, game.upper)
    assert solver.solve() == piqp.PIQP_SOLVED
    return solver.result


@pytest.mark.benchmark
@pytest.mark.parametrize("density", [1.0, 0.02])
def test_a_symmetric_shared_game_against_piqp(density: float, capsys: pytest.CaptureFixture[str]) -> None:
    game = shared_game(200, 5, 500, symmetric=True, density=density)
    ours, theirs, checks = [], [], []
    for _ in range(3):
        spent, answer = _timed(lambda: AffineInteriorPoint().solve(game))
        ours.append(spent)
        spent, result = _timed(lambda: _piqp_dense(game, 1e-8))
        theirs.append(spent)
        spent, certificate = _timed(lambda answer=answer: _certified(game, answer))  # type: ignore[misc]  # bound now
        checks.append(spent)
    residuals = [
        _residual(game, answer.profile["joint"], answer.witness["multipliers"]),
        _residual(game, np.array(result.x), np.array(result.z_u)),
    ]
    with capsys.disabled():
        print(f"\n200 players x 5 variables, 500 shared rows of density {density}, potential; medians of 3 interleaved")
        print(f"ours         {median(ours):7.3f} s  {answer.iterations} steps  natural residual {residuals[0]:.1e}")
        print(
            f"PIQP dense   {median(theirs):7.3f} s  {result.info.iter} steps  natural residual {residuals[1]:.1e}  "
            f"x{median(theirs) / median(ours):.2f}"
        )
        print(f"certificate  {median(checks):7.3f} s  {certificate}")
    assert certificate.strength == "bounded"
    assert np.abs(np.array(result.x) - answer.profile["joint"]).max() < 1e-2


@pytest.mark.benchmark
@pytest.mark.parametrize(("players", "rows"), [(20, 50), (60, 150), pytest.param(200, 500, id="200-500")])
def test_a_shared_game_against_nashopt(players: int, rows: int, capsys: pytest.CaptureFixture[str]) -> None:
    nashopt = pytest.importorskip("nashopt", reason="NashOpt is in the extra [peers]")
    game = shared_game(players, 5, rows, symmetric=False)
    n = 5 * players
    spent, answer = _timed(lambda: AffineInteriorPoint().solve(game))
    check, certificate = _timed(lambda: _certified(game, answer))
    lines = [
        f"ours            {spent:8.3f} s  {answer.iterations} steps  natural residual "
        f"{_residual(game, answer.profile['joint'], answer.witness['multipliers']):.1e}",
        f"certificate     {check:8.3f} s  {certificate}",
    ]
    # NashOpt wants a matrix over all variables from every player: 200 of 1,000 x 1,000 are 1.6 GB, twice.
    costs = []
    for block in game.blocks:
        cost = np.zeros((n, n))
        cost[block] = game.matrix[block]
        cost[:, block] = game.matrix[block].T
        costs.append(cost)
    slopes = [game.vector.copy() for _ in costs]
    for method in ("qp_gnep", "log_ipm", "prox_admm", "dr_daqp", "extragradient"):
        build, peer = _timed(
            lambda method=method: nashopt.GNEP_LQ(  # type: ignore[misc]  # bound now
                [5] * players, costs, slopes, lb=game.lower, ub=game.upper, A=game.rows, b=game.bounds,
                variational=True, solver=method,
            )
        )  # fmt: skip
        try:
            spent, found = _timed(lambda peer=peer: peer.solve())  # type: ignore[misc]  # bound now
        except Exception as error:  # a peer that fails is a result
            lines.append(f"{method:15} failed: {type(error).__name__} {str(error)[:60]}")
            continue
        joint = np.asarray(found.x, dtype=float).ravel()
        away = np.abs(joint - answer.profile["joint"]).max()
        lines.append(f"NashOpt {method:13} {spent:8.3f} s (and {build:.2f} s to build)  {away:.1e} from ours")
        del peer
    with capsys.disabled():
        print(f"\n{players} players x 5 variables, {rows} shared rows\n" + "\n".join(lines))
    assert certificate.strength == "bounded"


_COLD = """
import sys, time
import numpy as np
from gametheory.solvers.aggregative import islanded_price, solve_islanded
rng, members, steps = np.random.default_rng(0), 1_000_000, 48
c, d, demand = (np.empty((members, steps)) for _ in range(3))
for table, low, high in ((c, 0.5, 2), (d, -1, 1), (demand, -2, 2)):
    for k in range(0, members, 10_000):
        table[k : k + 10_000] = rng.uniform(low, high, (10_000, steps))
game = {"c": c, "d": d, "demand": demand, "sensitivity": 1000.0}
kept = demand.copy() if sys.argv[1] == "reused" else None
def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
sums = [timed(lambda: (c.sum(), d.sum(), demand.sum())) for _ in range(3)]
ways = {
    "new": lambda: solve_islanded(**game),
    "reused": lambda: solve_islanded(**game, out=kept),
    "in place": lambda: solve_islanded(**game, out=demand),
    "price only": lambda: islanded_price(**game),
}
first = timed(ways[sys.argv[1]])
later = min(timed(ways[sys.argv[1]]) for _ in range(2)) if sys.argv[1] != "in place" else float("nan")
sums += [timed(lambda: (c.sum(), d.sum(), demand.sum())) for _ in range(2)]
sums = sorted(sums)[2]
print(f"{sys.argv[1]:11} first {first:6.3f} s  {first / sums:6.2f} x the sums   warm {later / sums:6.2f} x")
"""


@pytest.mark.benchmark
def test_a_million_members_by_48_steps_in_a_new_process(capsys: pytest.CaptureFixture[str]) -> None:
    """A first solve pays for memory touched for the first time: each way to avoid that, in a process of its own."""
    lines = []
    for way in ("new", "reused", "in place", "price only"):
        run = subprocess.run([sys.executable, "-c", _COLD, way], capture_output=True, text=True, check=True)
        lines.append(run.stdout.strip())
    with capsys.disabled():
        print("\n1,000,000 members x 48 steps (target 12 x the sums)\n" + "\n".join(lines))
    assert len(lines) == 4
