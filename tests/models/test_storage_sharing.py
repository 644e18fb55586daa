"""Energy sharing with batteries: against its convex programme, and against sharing without them."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from scipy.optimize import LinearConstraint, minimize

import gametheory as gt
from gametheory.errors import InputError
from gametheory.io.solutions import dumps, loads
from gametheory.models.energy_sharing import EnergySharing, price_impact
from gametheory.models.storage_sharing import StorageSharing


def _park(seed: int, *, members: int, steps: int, grid: bool, batteries: bool = True) -> dict[str, Any]:
    draw = random.Random(seed)

    def tenths(low: int, high: int) -> Fraction:
        return Fraction(draw.randint(10 * low, 10 * high), 10)

    capacity = [tenths(0, 3) if batteries else Fraction(0) for _ in range(members)]
    outside = {
        "retail_price": [tenths(2, 3) for _ in range(steps)],
        "feed_in": [tenths(0, 1) for _ in range(steps)],
    }
    return {
        "demand": [[tenths(-3, 3) for _ in range(steps)] for _ in range(members)],
        "curvature": [tenths(1, 3) for _ in range(members)],
        "slope": [tenths(0, 1) for _ in range(members)],
        "sensitivity": tenths(1, 4),
        "capacity": capacity,
        "power": [tenths(0, 2) for _ in range(members)],
        "initial": [c / 2 for c in capacity],
        "efficiency": Fraction(9, 10),
        "wear": Fraction(1, 50),
        **(outside if grid else {}),
    }


@pytest.mark.parametrize("grid", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_without_batteries_it_is_the_game_of_single_steps(seed: int, grid: bool) -> None:
    park = _park(seed, members=3, steps=2, grid=grid, batteries=False)
    model = StorageSharing(**park)
    solution = gt.nash_equilibrium(model)
    assert solution.certificate.strength == "exact"
    assert solution.certificate.bound == 0
    outside = {name: park[name] for name in ("retail_price", "feed_in") if name in park}
    known = EnergySharing.from_parameters(
        c=park["curvature"], d=park["slope"], demand=park["demand"], sensitivity=park["sensitivity"], **outside
    )
    single = gt.nash_equilibrium(known)
    assert model.outcome(solution.profile)["received"] == single.details["received"]


@pytest.mark.parametrize("grid", [False, True])
def test_the_equilibrium_solves_the_convex_programme(grid: bool) -> None:
    for seed in range(3):
        park = _park(seed, members=3, steps=3, grid=grid)
        model = StorageSharing(**park)
        solution = gt.nash_equilibrium(model)
        assert solution.certificate.strength == "exact"
        assert solution.certificate.bound == 0
        outcome = model.outcome(solution.profile)
        assert outcome["costs"] == model.to_game().values(solution.profile), "lowered is not the formula"
        assert all(sum(row[t] for row in outcome["received"]) == 0 for t in range(3))
        assert all(0 <= s <= c for row, c in zip(outcome["stored"], park["capacity"], strict=True) for s in row)
        kappa = price_impact(park["sensitivity"], 3)
        bought = [q * q for row in outcome["received"] for q in row]
        ours = float(sum(outcome["costs"]) + kappa / 2 * sum(bought))
        assert ours == pytest.approx(_least(park, float(kappa)), abs=2e-5)


def _least(park: dict[str, Any], kappa: float) -> float:
    """The value of the convex programme, by SciPy: variables q, c, d, m, x of every member and step."""
    members, steps = len(park["demand"]), len(park["demand"][0])
    size = members * steps
    grid = "retail_price" in park

    def cost(z: Any) -> float:
        q, c, d, m, x = z.reshape(5, members, steps)
        value = 0.0
        for i in range(members):
            for t in range(steps):
                p = float(park["demand"][i][t]) + c[i, t] - d[i, t] - q[i, t] - m[i, t] + x[i, t]
                value += float(park["curvature"][i]) * p * p / 2 + float(park["slope"][i]) * p
                value += float(park["wear"]) * d[i, t] + kappa / 2 * q[i, t] ** 2
                if grid:
                    value += float(park["retail_price"][t]) * m[i, t] - float(park["feed_in"][t]) * x[i, t]
        return value

    power = [float(v) if c > 0 else 0.0 for v, c in zip(park["power"], park["capacity"], strict=True)]
    flow = [(0.0, v) for v in power for _ in range(steps)]
    outside = [(0.0, None if grid else 0.0)] * size
    bounds = [(None, None)] * size + flow + flow + outside + outside
    balance, level, low, high = [], [], [], []
    for t in range(steps):
        row = [0.0] * (5 * size)
        for i in range(members):
            row[i * steps + t] = 1.0
        balance.append(row)
    for i in range(members):
        for t in range(steps):
            row = [0.0] * (5 * size)
            for r in range(t + 1):
                row[size + i * steps + r] = float(park["efficiency"])
                row[2 * size + i * steps + r] = -1.0
            level.append(row)
            start = float(park["initial"][i])
            low.append(0.0 if t == steps - 1 else -start)
            high.append(float(park["capacity"][i]) - start)
    rules = [LinearConstraint(balance, 0.0, 0.0)]
    kept = [k for k in range(len(level)) if park["capacity"][k // steps] > 0]
    rules.append(LinearConstraint([level[k] for k in kept], [low[k] for k in kept], [high[k] for k in kept]))
    found = minimize(
        cost, [0.1] * (5 * size), method="SLSQP", bounds=bounds, constraints=rules,
        options={"maxiter": 1000, "ftol": 1e-12},
    )  # fmt: skip
    assert found.success, found.message
    return float(found.fun)


def test_a_file_certifies_again_and_a_moved_battery_is_refuted() -> None:
    model = StorageSharing(
        demand=((-2, 2), (0, 0)), curvature=(1, 1), slope=(0, 0), sensitivity=1, capacity=(0, 1), power=(0, 1),
        initial=(0, 0),
    )  # fmt: skip
    solution = gt.nash_equilibrium(model)
    assert gt.certify(loads(dumps(solution))).strength == "exact"
    first, second = solution.profile
    moved = (first, (*second[:2], second[2] * Fraction(99, 100), *second[3:5], second[5] * Fraction(99, 100)))
    assert gt.certify(model, moved, concept="nash_equilibrium").strength == "refuted"


@pytest.mark.parametrize(
    "change",
    [
        {"demand": ((1, 2), (1,))},
        {"demand": ((1, 2),)},
        {"curvature": (1, 0)},
        {"sensitivity": 0},
        {"initial": (0, 2)},
        {"efficiency": 0},
        {"wear": -1},
        {"power": (0, -1)},
        {"retail_price": (1, 1)},
        {"retail_price": (1, 1), "feed_in": (2, 0)},
    ],
)
def test_bad_input_is_refused(change: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "demand": ((-2, 2), (0, 0)), "curvature": (1, 1), "slope": (0, 0), "sensitivity": 1, "capacity": (0, 1),
        "power": (0, 1), "initial": (0, 0),
    }  # fmt: skip
    with pytest.raises(InputError):
        StorageSharing(**{**good, **change})
