"""B.3 over several steps: the certified optimum against a grid of prices, what batteries change, and bad input."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

import gametheory as gt
from gametheory.certificates import certify
from gametheory.errors import InputError
from gametheory.models.storage_operator import StorageOperator, stored
from gametheory.numerics.linear_program import maximise

PARK: dict[str, Any] = {
    "net_load": ((-3, 2), (1, 2)), "capacity": (2, 1), "power": (1, 1), "initial": (0, 0), "retail_price": (3, 5),
    "feed_in": (1, 1), "efficiency": "9/10", "wear": "1/4",
}  # fmt: skip


NONE = (Fraction(0), Fraction(0))


def _least_bill(model: StorageOperator, i: int, buy: Any, sell: Any) -> Fraction:
    """Return a prosumer's least cost from its own linear programme, written again by hand (b, s, c, d of each step)."""
    steps = range(len(buy))
    cost: list[Fraction] = []
    for t in steps:
        cost += [buy[t], -sell[t], Fraction(0), model.wear]
    rows: list[list[Fraction]] = []
    right: list[Fraction] = []
    equal: list[int] = []
    size = 4 * len(steps)
    for t in steps:
        balance = [Fraction(0)] * size
        balance[4 * t : 4 * t + 4] = [Fraction(1), Fraction(-1), Fraction(-1), Fraction(1)]
        equal.append(len(rows))
        rows.append(balance)
        right.append(model.net_load[i][t])
        level = [Fraction(0)] * size
        for r in range(t + 1):
            level[4 * r + 2], level[4 * r + 3] = model.efficiency, Fraction(-1)
        rows += [level, [-v for v in level]]
        right += [model.capacity[i] - model.initial[i], Fraction(0) if t == steps[-1] else model.initial[i]]
        for k in (2, 3):
            rows.append([Fraction(int(m == 4 * t + k)) for m in range(size)])
            right.append(model.power[i])
    found = maximise([-v for v in cost], rows, right, equal=equal)
    assert found.status == "optimal"
    return sum((c * v for c, v in zip(cost, found.x, strict=True)), Fraction(0))


def test_no_prices_on_a_grid_earn_more_and_every_bill_is_the_least() -> None:
    model = StorageOperator(**PARK)
    solution = gt.stackelberg_equilibrium(model)
    assert (solution.certificate.strength, solution.certificate.bound) == ("exact", 0)
    found = model.outcome(solution.profile)
    assert found["value"] == solution.value == 4
    wear = [model.wear * sum(reply[k] for k in range(3, len(reply), 4)) for reply in solution.profile["replies"]]
    for i, (bill, worn) in enumerate(zip(found["bills"], wear, strict=True)):
        assert bill + worn == _least_bill(model, i, found["buy_prices"], found["sell_prices"])
    # What prosumers pay and the operator earns is what the grid gets, so a profit is at most what their bills fall
    # short of the grid's; on a grid of posted prices, followers' least bills, none is larger.
    for levels in product((Fraction(0), Fraction(1, 2), Fraction(1)), repeat=4):
        bands = zip(levels, 2 * model.feed_in, 2 * model.retail_price, strict=True)
        spread = [low + (high - low) * u for u, low, high in bands]
        buy, sell = spread[:2], spread[2:]
        if any(s > b for b, s in zip(buy, sell, strict=True)):
            continue
        fixed = _with_prices(model, buy, sell)
        assert fixed <= solution.value


def _with_prices(model: StorageOperator, buy: Any, sell: Any) -> Fraction:
    """Return the profit at posted prices, prosumers answering as is best for the operator."""
    game = model.to_game()
    own = game.constraints[0]
    lower, upper = list(own.lower), list(own.upper)
    for name, price in [*((f"p_b {t}", v) for t, v in enumerate(buy)), *((f"p_s {t}", v) for t, v in enumerate(sell))]:
        k = game.names.index(name)
        lower[k] = upper[k] = price
    fixed = type(own)(own.variables, tuple(lower), tuple(upper), own.inequalities, own.equalities)
    value: Fraction = gt.stackelberg_equilibrium(
        type(game)(game.players, game.variables, game.objectives, (fixed, *game.constraints[1:]), game.sense)
    ).value
    return value


def test_without_batteries_the_steps_fall_apart() -> None:
    model = StorageOperator(**{**PARK, "capacity": (0, 0)})
    whole = gt.stackelberg_equilibrium(model).value
    parts = sum(
        gt.stackelberg_equilibrium(
            StorageOperator(
                tuple((row[t],) for row in model.net_load),
                *(NONE, NONE, NONE),
                (model.retail_price[t],),
                (model.feed_in[t],),
            )
        ).value
        for t in range(2)
    )  # fmt: skip
    assert whole == parts == 2  # one kWh passed on in the first step at 3 and paid 1


def test_other_money_and_a_wider_band() -> None:
    for seed in range(4):
        dice = random.Random(seed)
        park = {**PARK, "net_load": tuple(tuple(dice.randint(-3, 3) for _ in range(2)) for _ in range(2)), "wear": 0}
        model = StorageOperator(**park)
        value = gt.stackelberg_equilibrium(model).value
        cents = StorageOperator(**{**park, "retail_price": (300_000, 500_000), "feed_in": (100_000, 100_000)})
        assert gt.stackelberg_equilibrium(cents).value == 100_000 * value
        assert value >= 0, "posting the grid's own prices earns nothing"


def test_prices_moved_by_one_per_cent_are_refuted() -> None:
    model = StorageOperator(**PARK)
    solution = gt.stackelberg_equilibrium(model)
    game, profile = solution.game, dict(solution.profile)
    decision = list(profile["decision"])
    k = game.names.index("p_b 1")
    decision[k] *= Fraction(99, 100)
    verdict = certify(game, {**profile, "decision": tuple(decision)}, concept="stackelberg_equilibrium")
    assert verdict.strength == "refuted"


def test_a_battery_is_followed_step_by_step() -> None:
    assert stored(1, Fraction(1, 2), (2, 0), (0, 1)) == [2, 1]


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"efficiency": 0}, "efficiency"), ({"wear": -1}, "wear"), ({"initial": (3, 0)}, "initial.0."),
     ({"power": (-1, 1)}, "power.0."), ({"feed_in": (4, 1)}, "above"), ({"feed_in": (1,)}, "one a step"),
     ({"capacity": (1,)}, "for each"), ({"net_load": ()}, "at least one")],
)  # fmt: skip
def test_bad_input_is_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        StorageOperator(**{**PARK, **changes})
