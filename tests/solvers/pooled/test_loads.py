"""Pooled games as arrays: the same game as records, sampled without a table, and split at once when it is large."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

import gametheory as gt
from gametheory.errors import InputError
from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.games.trading import TradingStep
from gametheory.io.solutions import dumps, loads
from gametheory.numerics.prefix_kernel import padded, running_positive
from gametheory.solvers.coalitional.sampling import SampledShapley
from gametheory.solvers.pooled.halves import PooledShapley
from gametheory.solvers.pooled.large_population import LargePopulation
from gametheory.solvers.pooled.prefixes import pooled_prefixes
from gametheory.solvers.pooled.tabulate import Tabulate


def made(members: int, steps: int = 6, *, seed: int = 0) -> PooledLoads:
    rng = np.random.default_rng(seed)
    load = np.round(rng.normal(rng.normal(0, 0.5, steps), 1, (members, steps)) * 64) / 64
    load[:, -1] = np.abs(load[:, -1])
    return PooledLoads([f"m{i}" for i in range(members)], load, [0.5] * steps, [0.25] * steps)


def reacting(members: int) -> PooledGame:
    rng = np.random.default_rng(members)
    steps = []
    for _ in range(3):
        position = rng.integers(-9, 10, members).tolist()
        bound = rng.integers(0, 4, members).tolist()
        slope = rng.integers(1, 4, members).tolist()
        curvature = [int(b > 1) for b in bound]
        low = [-b for b in bound]
        steps.append(TradingStep.from_numbers(position, curvature, slope, low, bound, buy_price=3, sell_price=1))
    return PooledGame(tuple(f"m{i}" for i in range(members)), tuple(steps))


@pytest.mark.parametrize("game", [made(5), made(5).pooled(), reacting(5)], ids=["arrays", "records", "reacting"])
def test_prefixes_cost_what_the_table_says(game: Any) -> None:
    plain = game.pooled() if isinstance(game, PooledLoads) else game
    table = Tabulate().solve(plain).profile
    rng = np.random.default_rng(1)
    orders = rng.permuted(np.tile(np.arange(5), (20, 1)), axis=1)
    source = pooled_prefixes(game)
    for order, row in zip(orders, source.values(orders), strict=True):
        masks = [sum(1 << int(i) for i in order[:k]) for k in range(6)]
        assert all(abs(Fraction(v) - table[m]) <= source.rounding for v, m in zip(row, masks, strict=True))
    for i in range(5):
        added = [table[m | 1 << i] - table[m] for m in range(32) if not m >> i & 1]
        assert max(added) - min(added) <= source.ranges[i]


def test_the_compiled_walk_is_the_same_to_the_last_bit() -> None:
    rng = np.random.default_rng(9)
    for columns in (1, 64, 1000):
        amounts = padded(rng.normal(size=(30, columns)))
        order = rng.permutation(30)
        assert np.array_equal(running_positive(amounts, order), running_positive(amounts, order, compiled=False))


def test_arrays_are_the_game_of_records() -> None:
    game = made(7)
    exact = gt.shapley_value(game.pooled()).exact
    assert gt.shapley_value(game, solver=PooledShapley()).exact == exact
    assert game.cost(game.players) == sum(exact)
    assert loads(dumps(gt.shapley_value(game, solver=PooledShapley()))).game == game


@pytest.mark.parametrize("method", ["permutation", "antithetic", "stratified"])
@pytest.mark.parametrize("interval", ["bernstein", "student"])
def test_sampled_pooled_values(method: str, interval: str) -> None:
    game = made(9)
    solver = SampledShapley(units=512, method=method, interval=interval, seed=4, strata=3, confidence=0.99)
    found = gt.shapley_value(game, solver=solver)
    assert found.certificate.strength == "statistical"
    assert found.certificate.witness["covered"]
    assert abs(sum(found.values) - float(game.cost(game.players))) < 1e-9
    moved = {**found.profile, "values": [v + 1 for v in found.profile["values"]]}
    moved["intervals"] = [(low + 1, high + 1) for low, high in found.profile["intervals"]]
    assert gt.certify(game, moved, concept="shapley_value").strength == "refuted"


@pytest.mark.parametrize("game", [made(60, 40), reacting(8)], ids=["arrays", "reacting"])
def test_large_pooled_games_are_checked_by_other_draws(game: Any) -> None:
    found = gt.shapley_value(game, solver=SampledShapley(units=512, interval="student", method="antithetic"))
    assert found.certificate.witness["by"] == "independent draws"
    far = 4 * max(float(np.ptp(found.values)), 1.0)
    moved = {**found.profile, "values": [v + far for v in found.profile["values"]]}
    moved["intervals"] = [(low + far, high + far) for low, high in found.profile["intervals"]]
    assert gt.certify(game, moved, concept="shapley_value").strength == "refuted"


@pytest.mark.slow
def test_intervals_of_pooled_games_cover_as_often_as_they_say() -> None:
    missed = 0
    for seed in range(200):
        solver = SampledShapley(units=128, interval="student", method="antithetic", confidence=0.9, seed=seed)
        missed += gt.shapley_value(made(6, 4, seed=seed), solver=solver).certificate.strength == "refuted"
    assert missed <= 20 + 3 * (200 * 0.9 * 0.1) ** 0.5


def test_the_price_of_a_large_population_adds_up_and_nears_the_value() -> None:
    errors = []
    for members in (8, 28):
        game = made(members, 12, seed=2)
        exact = gt.shapley_value(game, solver=PooledShapley())
        found = gt.shapley_value(game, solver=LargePopulation())
        assert found.certificate.strength == "bounded"
        assert found.certificate.claim.endswith("no single share is claimed")
        assert found.exact is None
        errors.append(np.abs(found.values - exact.values).mean() / np.abs(exact.values).mean())
        wrong = {**found.profile, "values": [found.profile["values"][0] + 0.01, *found.profile["values"][1:]]}
        assert gt.certify(game, wrong, concept="shapley_value").strength == "refuted"
    assert errors[1] < errors[0] / 2 < 0.01


def test_reacting_members_of_a_large_population() -> None:
    game = reacting(10)
    exact = gt.shapley_value(game)
    found = gt.shapley_value(game, solver=LargePopulation())
    assert found.certificate.holds(0.01)
    assert np.abs(found.values - exact.values).max() < 0.1 * np.abs(exact.values).mean()


@pytest.mark.parametrize("total", [-3.0, -0.4, 0.0, 0.4, 3.0])
def test_the_closed_form_is_the_integral(total: float) -> None:
    own = np.array([0.3, -0.2, total - 0.1])
    game = PooledLoads(("a", "b", "c"), own[:, None], [1.0], [0.0])
    root = math.sqrt(float((own**2).sum()))

    def first(t: float) -> float:
        return float(ndtr(t * total / (root * math.sqrt(t * (1 - t)))))

    def second(t: float) -> float:
        spread = math.sqrt(t * (1 - t))
        return math.exp(-((t * total / (root * spread)) ** 2) / 2) * (0.5 - t) / spread / math.sqrt(2 * math.pi)

    price, size = (quad(f, 0, 1, limit=200)[0] for f in (first, second))
    expected = own * price + own**2 * size / root
    if not (own >= 0).all():
        assert LargePopulation().solve(game).profile["values"] == pytest.approx(expected.tolist(), abs=1e-7)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"net_load": [[1.0, math.nan], [0.0, 1.0]]}, "not finite"),
        ({"net_load": [1.0, 2.0]}, "1 dimensions"),
        ({"players": ("a",)}, "1 names for 2"),
        ({"players": ("a", "a")}, "repeat"),
        ({"buy_price": [0.5]}, "1 numbers for 2"),
        ({"sell_price": [0.6, 0.1]}, "step 0: sell_price 0.6 is above"),
        ({"net_load": [["x", 1.0], [0.0, 1.0]]}, "no array"),
    ],
)
def test_arrays_that_are_refused(change: dict[str, Any], word: str) -> None:
    good = {"players": ("a", "b"), "net_load": [[1.0, 2.0], [0.0, 1.0]], "buy_price": [0.5, 0.5], "sell_price": [0, 0]}
    with pytest.raises(InputError, match=word):
        PooledLoads(**(good | change))


def test_a_stable_split_of_thousands() -> None:
    game = made(3000, 24)
    found = gt.core(game)
    assert found.certificate.strength == "bounded"
    assert found.certificate.bound < 1e-8
    assert loads(dumps(found)).point == found.point
    assert gt.certify(loads(dumps(found))).strength == "bounded"
    shifted = list(found.point or ())
    shifted[0], shifted[1] = shifted[0] + 1, shifted[1] - 1
    refuted = gt.certify(game, shifted, concept="core", epsilon=found.epsilon, witness=found.witness)
    assert refuted.strength == "refuted"
    assert refuted.witness["coalitions"][0][1] > Fraction(1, 2)
    more = [*shifted[:1], *(found.point or ())[1:]]
    assert "miss C(N)" in gt.certify(game, more, concept="core", epsilon=found.epsilon).claim
    with pytest.raises(InputError, match="outside"):
        gt.certify(game, found.point, concept="core", witness={"prices": [9.0] * 24})


def test_the_split_of_arrays_is_stable_by_enumeration() -> None:
    for seed in range(5):
        game = made(6, 5, seed=seed)
        found = gt.core(game)
        table = gt.coalitional_game(game)
        assert gt.certify(table, found.point, concept="core_check").bound <= found.epsilon


def test_what_is_given_is_not_changed() -> None:
    load = np.ones((2, 1))
    game = PooledLoads(("a", "b"), load, np.ones(1), np.zeros(1))
    load[0, 0] = 5
    assert game.net_load[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        game.net_load[0, 0] = 2
    with pytest.raises(InputError, match="no player"):
        game.cost(("z",))
