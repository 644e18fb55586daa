"""F.4 with a network: lines solved by hand, and every price that can be best, by scipy's linear programmes."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import gametheory as gt
from gametheory.domain.network import Line, Network
from gametheory.errors import Infeasible, InputError
from gametheory.models.bilevel_pricing import BilevelPricing
from gametheory.models.distribution_operator import (
    DistributionOperator,
    FlexibleBuyer,
    MicrogridOwner,
    operator_income,
)


def _solve(model: DistributionOperator) -> Any:
    found = gt.stackelberg_equilibrium(model)
    assert found.certificate.strength == "exact", str(found.certificate)
    assert found.certificate.holds()
    return found


def _village(capacity: Any = 4, load: Any = 0, *, owner: bool = False) -> DistributionOperator:
    network = Network(["grid", "village"], [Line("grid", "village", capacity=capacity)], {}, slack="grid")
    buyer = FlexibleBuyer("aggregator", "village", worth=(6,), most=(10,))
    owners = (MicrogridOwner("owner", "village", cost=(2,), most=(5,), load=(load,)),) if owner else ()
    return DistributionOperator(network, (buyer,), owners, wholesale=(1,), price_cap=8)


def test_a_line_limits_what_is_sold_and_local_generation_relieves_it() -> None:
    alone = _solve(_village())
    assert alone.value == (6 - 1) * 4
    helped = _solve(_village(owner=True))
    assert helped.value == 6 * 9 - 2 * 5 - 1 * 4, "5 kWh are made behind the line, paid at what they cost"
    assert _village().flows(helped.leader) == {"grid-village": (4,)}
    assert helped.value == operator_income([6], [9], [2], [5], 4)
    wide = _solve(_village(100, owner=True))
    assert wide.value == BilevelPricing((6,), (10,), 1, 8).best_profit, (
        "without the limit nobody pays 2 for what costs 1"
    )


def test_a_wider_line_never_costs_and_a_load_behind_a_line_that_is_too_thin_is_infeasible() -> None:
    values = [_solve(_village(capacity, owner=True)).value for capacity in (1, 4, 9, 20)]
    assert values == sorted(values)
    with pytest.raises(Infeasible):
        gt.stackelberg_equilibrium(_village(1, 7, owner=True))


def random_model(seed: int, steps: int = 1) -> DistributionOperator:
    """Return a meshed network of three buses with limits that bind."""
    dice = random.Random(seed)
    names = ["root", "left", "right"]
    pairs = [("root", "left"), ("root", "right"), ("left", "right")]
    lines = [Line(a, b, capacity=dice.randint(1, 5), reactance=dice.randint(1, 3)) for a, b in pairs]

    def series(low: int, high: int) -> list[int]:
        return [dice.randint(low, high) for _ in range(steps)]

    buyers = [FlexibleBuyer(f"A{k}", dice.choice(names), series(2, 9), series(1, 6)) for k in range(3)]
    owners = [MicrogridOwner("M", dice.choice(names[1:]), series(1, 5), series(1, 6), series(0, 1))]
    network = Network(names, lines, {}, slack="root")
    wholesale = series(2, 5)
    return DistributionOperator(network, buyers, owners, wholesale, 10, export_price=[1] * steps)


def best_of_all_prices(model: DistributionOperator) -> float:
    """Return the operator's best income: every price at a worth, a cost or an end, each a programme over the ties."""
    cap = float(model.price_cap)
    charged = sorted({m.bus for m in (*model.buyers, *(o for o in model.owners if o.load[0]))})
    paying = sorted({o.bus for o in model.owners})
    costs = {bus: sorted({float(o.cost[0]) for o in model.owners if o.bus == bus}) for bus in paying}
    worths = {
        bus: sorted({cap} | {float(b.worth[0]) for b in model.buyers if b.bus == bus} | set(costs.get(bus, [])))
        for bus in charged
    }
    buses = model.network.buses
    angles = [bus for bus in buses if bus != model.network.slack]
    count = len(model.buyers) + len(model.owners)
    size = count + len(angles) + 2
    equal, limits, right = np.zeros((len(buses), size)), [], []
    load = np.zeros(len(buses))
    for k, buyer in enumerate(model.buyers):
        equal[buses.index(buyer.bus), k] -= 1
    for k, owner in enumerate(model.owners, len(model.buyers)):
        equal[buses.index(owner.bus), k] += 1
        load[buses.index(owner.bus)] += float(owner.load[0])
    for line in model.network.lines:
        row = np.zeros(size)
        for bus, sign in ((line.start, 1.0), (line.end, -1.0)):
            if bus in angles:
                row[count + angles.index(bus)] += sign / float(line.reactance)
        equal[buses.index(line.start)] -= row
        equal[buses.index(line.end)] += row
        limits += [row, -row]
        right += [float(line.capacity or 0)] * 2
    root = buses.index(model.network.slack)
    equal[root, -2], equal[root, -1] = 1, -1
    best = -np.inf
    for chosen in product(*(worths[bus] for bus in charged), *([0.0, *costs[bus], cap] for bus in paying)):
        price = dict(zip(charged, chosen, strict=False))
        pay = dict(zip(paying, chosen[len(charged) :], strict=True))
        if any(bus in price and pay[bus] > price[bus] for bus in paying):
            continue
        gain, bounds = [], []
        for buyer in model.buyers:
            most, worth, asked = float(buyer.most[0]), float(buyer.worth[0]), price[buyer.bus]
            gain.append(asked)
            bounds.append((most if worth > asked else 0, 0 if worth < asked else most))
        for owner in model.owners:
            most, cost, paid = float(owner.most[0]), float(owner.cost[0]), pay[owner.bus]
            gain.append(-paid)
            bounds.append((most if paid > cost else 0, 0 if paid < cost else most))
        extra = sum(price[o.bus] * float(o.load[0]) for o in model.owners if o.load[0])
        gain += [0.0] * len(angles) + [-float(model.wholesale[0]), float(model.export_price[0])]
        bounds += [(None, None)] * len(angles) + [(0, None)] * 2  # type: ignore[list-item]  # no bound
        found = linprog([-g for g in gain], np.array(limits), right, equal, load, bounds)
        if found.status == 0:
            best = max(best, extra - found.fun)
    return float(best)


def test_no_price_is_better_by_scipys_programmes() -> None:
    for seed in range(5):
        model = random_model(seed)
        assert float(_solve(model).value) == pytest.approx(best_of_all_prices(model), abs=1e-7), f"seed {seed}"


def test_steps_without_common_bounds_add_up_and_a_common_bound_never_helps() -> None:
    two = random_model(11, steps=2)
    parts = []
    for t in range(2):
        parts.append(
            DistributionOperator(
                two.network,
                [replace(b, worth=b.worth[t : t + 1], most=b.most[t : t + 1]) for b in two.buyers],
                [
                    replace(o, cost=o.cost[t : t + 1], most=o.most[t : t + 1], load=o.load[t : t + 1])
                    for o in two.owners
                ],
                two.wholesale[t : t + 1],
                two.price_cap,
                two.export_price[t : t + 1],
            )
        )
    value = _solve(two).value
    assert value == sum(_solve(part).value for part in parts)
    few = replace(two, buyers=tuple(replace(b, most_total=2) for b in two.buyers))
    assert _solve(few).value <= value


def test_what_a_line_carries_stays_within_it_and_the_money_is_the_formula() -> None:
    model = random_model(3)
    found = _solve(model)
    for line, flow in zip(model.network.lines, model.flows(found.leader).values(), strict=True):
        assert abs(flow[0]) <= line.capacity
    lead = found.leader
    taken = [found.follower[b.name][f"{b.name}, 0"] for b in model.buyers]
    made = [found.follower[o.name][f"{o.name}, 0"] for o in model.owners]
    loads = [o.load[0] for o in model.owners if o.load[0]]
    prices = [lead[f"price at {b.bus}, 0"] for b in model.buyers]
    prices += [lead[f"price at {o.bus}, 0"] for o in model.owners if o.load[0]]
    pays = [lead[f"pay at {o.bus}, 0"] for o in model.owners]
    upstream = model.wholesale[0] * lead["bought, 0"] - model.export_price[0] * lead["sold, 0"]
    assert operator_income(prices, taken + loads, pays, made, upstream) == found.value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"wholesale": ()}, "wholesale is empty"),
        ({"wholesale": (1, 2)}, "steps"),
        ({"buyers": ()}, "nobody follows"),
        ({"buyers": (FlexibleBuyer("x", "moon", (1,), (1,)),)}, "unknown"),
        ({"buyers": (FlexibleBuyer("operator", "grid", (1,), (1,)),)}, "repeat"),
        ({"export_price": (2,)}, "without limit"),
        ({"export_price": (0, 0)}, "export_price has 2"),
        ({"step_hours": 0}, "step_hours"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(_village(), **change)


def test_a_follower_with_impossible_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="steps"):
        FlexibleBuyer("x", "grid", (1, 2), (1,))
    with pytest.raises(InputError, match="negative"):
        FlexibleBuyer("x", "grid", (1,), (-1,))
    with pytest.raises(InputError, match="least_total"):
        FlexibleBuyer("x", "grid", (1,), (1,), least_total=2)
    with pytest.raises(InputError, match="negative"):
        MicrogridOwner("x", "grid", (1,), (1,), (Fraction(-1),))
