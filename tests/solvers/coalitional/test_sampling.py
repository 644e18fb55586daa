"""Sampled Shapley values: intervals cover as often as they say, seeds decide, workers do not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import gametheory as gt
from gametheory.errors import InputError
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Status
from gametheory.solvers.coalitional.prefix_values import marginal_ranges, prefix_values
from gametheory.solvers.coalitional.sampling import SampledShapley
from gametheory.solvers.coalitional.size_values import TableShapley

FAMILIES = (
    CoalitionalGame.weighted_majority("7/2", [2, 1, "3/2", 1]),
    CoalitionalGame.airport([1, 4, 2, 2]),
    CoalitionalGame.bankruptcy(5, [1, 4, 2, 2]),
    CoalitionalGame.glove(2, 2),
    CoalitionalGame.assignment([[1, 2], [3, 1]]),
)


@pytest.mark.parametrize("game", FAMILIES, ids=lambda game: type(game.structure).__name__)
def test_prefixes_have_the_values_of_the_table(game: CoalitionalGame) -> None:
    rng = np.random.default_rng(1)
    orders = rng.permuted(np.tile(np.arange(4), (20, 1)), axis=1)
    values, ranges = prefix_values(game)(orders), marginal_ranges(game)
    for order, row in zip(orders, values, strict=True):
        masks = [sum(1 << int(i) for i in order[:k]) for k in range(5)]
        assert [Fraction(v) for v in row] == [game.values[m] for m in masks]
    for i in range(4):
        added = [game.values[m | 1 << i] - game.values[m] for m in range(16) if not m >> i & 1]
        assert max(added) - min(added) <= ranges[i]


@pytest.mark.parametrize("method", ["permutation", "antithetic", "stratified"])
@pytest.mark.parametrize("interval", ["bernstein", "student"])
def test_every_method_estimates_the_value(method: str, interval: str) -> None:
    game = gt.catalogue("shared_storage").game
    solution = gt.shapley_value(game, solver=SampledShapley(method=method, interval=interval, seed=3))
    exact = TableShapley().solve(game).profile
    assert solution.exact is None
    assert solution.certificate.strength == "statistical"
    assert solution.certificate.holds(solution.epsilon)
    assert all(low <= x <= high for x, (low, high) in zip(exact, solution.interval, strict=True))
    assert abs(sum(solution.values) - 3) < 1e-9


def test_stratifying_narrows_the_intervals() -> None:
    game = gt.catalogue("talmud_200").game
    widths = [
        gt.shapley_value(game, solver=SampledShapley(method=method)).epsilon
        for method in ("permutation", "antithetic", "stratified")
    ]
    assert widths == sorted(widths, reverse=True)


def test_the_same_seed_gives_the_same_answer_for_any_number_of_workers() -> None:
    game = CoalitionalGame.airport(range(1, 40))
    one, two = (SampledShapley(units=1500, seed=7, workers=workers).solve(game) for workers in (1, 2))
    assert one.profile == two.profile
    assert SampledShapley(units=1500, seed=8).solve(game).profile != one.profile


def test_sampling_stops_at_the_wanted_width_or_says_that_it_did_not() -> None:
    game = CoalitionalGame.glove(3, 4)
    enough = gt.shapley_value(game, solver=SampledShapley(units=10**5, half_width=0.05, interval="student"))
    assert enough.status is Status.SOLVED
    assert enough.epsilon <= 0.0501
    short = gt.shapley_value(game, solver=SampledShapley(units=100, half_width=0.001))
    assert short.status is Status.NOT_CONVERGED
    assert short.certificate.strength == "statistical"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("interval", "method"), [("student", "permutation"), ("student", "antithetic"), ("bernstein", "permutation")]
)
def test_intervals_cover_as_often_as_they_say(interval: str, method: str) -> None:
    rng = np.random.default_rng(11)
    missed = 0
    for seed in range(200):
        game = CoalitionalGame.from_table([0, *rng.integers(-20, 20, 31).tolist()])
        solver = SampledShapley(units=256, interval=interval, method=method, confidence=0.9, seed=seed)
        missed += gt.shapley_value(game, solver=solver).certificate.strength == "refuted"
    # At most 20 misses are expected; three standard deviations more are allowed.
    assert missed <= 20 + 3 * (200 * 0.9 * 0.1) ** 0.5


def test_a_large_game_is_checked_by_other_draws() -> None:
    game = CoalitionalGame.bankruptcy(400, [10 + k for k in range(40)])
    solution = gt.shapley_value(game, solver=SampledShapley(units=2000, interval="student"))
    assert solution.certificate.strength == "statistical"
    assert solution.certificate.witness["by"] == "independent draws"
    shifted = {
        **solution.profile,
        "values": [v + 60 for v in solution.profile["values"]],
        "intervals": [(low + 60, high + 60) for low, high in solution.profile["intervals"]],
    }
    assert gt.certify(game, shifted, concept="shapley_value").strength == "refuted"


def test_an_estimate_outside_of_its_own_interval_is_refuted() -> None:
    game = gt.catalogue("gloves_1_2").game
    claim = {"values": [1, 0, 0], "intervals": [(0, 1), (0, 1), ("0.1", 1)], "confidence": "0.95"}
    assert gt.certify(game, claim, concept="shapley_value").strength == "refuted"


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"units": 1}, "at least 2"),
        ({"method": "random"}, "permutation"),
        ({"interval": "normal"}, "bernstein"),
        ({"confidence": 1.0}, "between 0 and 1"),
        ({"half_width": 0.0}, "> 0"),
    ],
)
def test_bad_settings(settings: dict[str, object], word: str) -> None:
    with pytest.raises(InputError, match=word):
        SampledShapley(**settings)  # type: ignore[arg-type]  # wrong input is what is tested


@pytest.mark.parametrize(
    ("profile", "word"),
    [
        ({"intervals": []}, "'values'"),
        ({"values": [1, 0, 0], "intervals": [(0, 1)], "confidence": 0.9}, "1 intervals for 3"),
        ({"values": [1, 0, 0], "intervals": [(0, 1)] * 3, "confidence": 2}, "confidence"),
    ],
)
def test_ill_formed_claims(profile: dict[str, object], word: str) -> None:
    with pytest.raises(InputError, match=word):
        gt.certify(gt.catalogue("gloves_1_2").game, profile, concept="shapley_value")
