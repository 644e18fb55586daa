"""Least core and nucleolus without a table: exactly those of the table, with a proof that stands on its own."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.certificates import certify
from gametheory.errors import GameTheoryError, InputError
from gametheory.io.solutions import dumps, loads
from gametheory.models import StorageCoalition
from gametheory.solvers.separation.levels import levels_of, orthogonal
from gametheory.solvers.separation.pool import Pool, indicator
from gametheory.solvers.separation.shares import shares_of
from gametheory.solvers.separation.zero_levels import tight_coalitions

from .games import linear_game, pooled_game, tabulated

_GAMES = [*((linear_game, seed) for seed in range(5)), *((pooled_game, seed) for seed in range(5))]


@pytest.mark.parametrize(("make", "seed"), _GAMES)
def test_agrees_with_the_table(make: Any, seed: int) -> None:
    game = make(3 + seed % 4, seed)
    table = tabulated(game)
    for concept in (gt.nucleolus, gt.per_capita_nucleolus):
        found = concept(game)
        assert found.certificate.strength == "exact"
        assert found.certificate.bound == 0
        assert found.exact == concept(table).exact
    assert gt.prenucleolus(game).exact == gt.prenucleolus(table).exact
    assert gt.per_capita_prenucleolus(game).exact == gt.per_capita_prenucleolus(table).exact


@pytest.mark.parametrize(("make", "seed"), _GAMES)
def test_least_core_has_the_least_excess_of_the_table(make: Any, seed: int) -> None:
    game = make(3 + seed % 4, seed)
    found, told = gt.least_core(game), gt.least_core(tabulated(game))
    assert found.certificate.strength == "exact"
    assert found.certificate.witness["largest_excess"] == told.certificate.witness["largest_excess"]
    assert gt.core_check(tabulated(game), found.exact).bound == found.certificate.witness["largest_excess"]


def test_scaling_money_and_renaming_change_nothing_else() -> None:
    game = linear_game(5, 3)
    found = gt.nucleolus(game).exact
    order = [3, 0, 4, 1, 2]
    moved = type(game)(
        tuple(game.players[i] for i in order),
        [7 * c for c in game.costs],
        game.common,
        [game.members[i] for i in order],
    )
    assert gt.nucleolus(moved).exact == tuple(7 * found[i] for i in order)


def test_one_player_pays_its_cost() -> None:
    game = linear_game(1, 0)
    assert gt.nucleolus(game).exact == gt.least_core(game).exact == gt.core(game).point


def test_the_answer_survives_a_file() -> None:
    found = gt.nucleolus(linear_game(5, 1))
    again = loads(dumps(found))
    assert again == found
    assert certify(again) == found.certificate


@pytest.mark.parametrize("concept", [gt.nucleolus, gt.least_core, gt.per_capita_nucleolus])
def test_a_perturbed_answer_is_refused(concept: Any) -> None:
    found = concept(pooled_game(6, 4))
    shares = list(found.exact)
    shares[0], shares[1] = shares[0] + 1, shares[1] - 1
    with pytest.raises(InputError, match="leaves a level open"):
        certify(found.game, shares, concept=found.concept, witness=found.witness)
    shares[0] += 1
    told = certify(found.game, shares, concept=found.concept, witness=found.witness)
    assert told.strength == "refuted"
    assert told.bound == 1


def _changed(witness: Any, level: dict[str, Any]) -> dict[str, Any]:
    return {**witness, "levels": ({**witness["levels"][0], **level}, *witness["levels"][1:])}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda w: {**w, "levels": w["levels"][:-1], "trees": w["trees"][:-1]}, "determine"),
        (lambda w: {**w, "levels": (*w["levels"], w["levels"][0]), "trees": (*w["trees"], w["trees"][0])}, "goes on"),
        (lambda w: {**w, "trees": w["trees"][:-1]}, "one each"),
        (lambda w: {**w, "trees": ((0,), *w["trees"][1:])}, "ends before"),
        (lambda w: _changed(w, {"weights": tuple(-x for x in w["levels"][0]["weights"])}), "not positive"),
        (lambda w: _changed(w, {"weights": tuple(x + k for k, x in enumerate(w["levels"][0]["weights"]))}), "balance"),
        (lambda w: _changed(w, {"coalitions": (0,), "weights": (1,)}), "settled already"),
    ],
)
def test_a_damaged_proof_is_refused(damage: Any, message: str) -> None:
    found = gt.nucleolus(linear_game(6, 5))
    assert len(found.witness["levels"]) > 1
    with pytest.raises(GameTheoryError, match=message):
        certify(found.game, found.exact, concept=found.concept, witness=damage(found.witness))


@pytest.mark.parametrize(("make", "seed"), _GAMES)
def test_nearest_points_are_those_of_the_table(make: Any, seed: int) -> None:
    game = make(3 + seed % 3, seed)
    table = tabulated(game)
    reference = [k % 3 for k in range(len(game.players))]
    for asked in ({"reference": None}, {"reference": reference}, {"reference": reference, "least": True}):
        found = gt.nearest_core_point(game, **asked)
        assert found.certificate.strength == "exact"
        assert found.exact == gt.nearest_core_point(table, **asked).exact


def test_a_nearest_point_that_is_none_is_refused() -> None:
    found = gt.nearest_core_point(linear_game(5, 3))
    moved = {**found.profile, "reference": tuple(r + k for k, r in enumerate(found.profile["reference"]))}
    with pytest.raises(InputError, match="make up the way"):
        certify(found.game, moved, concept=found.concept, witness=found.witness)
    with pytest.raises(InputError, match="one each"):
        certify(found.game, {**found.profile, "excess": 1}, concept=found.concept, witness=found.witness)


def test_what_the_nearest_point_misses_within_epsilon_is_in_its_bound() -> None:
    game = pooled_game(4, 0)
    found = gt.nearest_core_point(game, gt.nucleolus(game).exact)
    moved = {**found.profile, "values": tuple(x - Fraction(1, 100) for x in found.profile["values"])}
    judged = certify(game, moved, concept=found.concept, epsilon=Fraction(1, 2), witness=found.witness)
    assert judged.bound == Fraction(1, 25)
    point = gt.nucleolus(game)
    shifted = [point.exact[0] + Fraction(1, 100), point.exact[1] - Fraction(1, 100), *point.exact[2:]]
    near = certify(game, shifted, concept=point.concept, epsilon=1, witness=point.witness)
    assert near.bound > 0
    assert "up to" in near.claim


def test_a_flat_core_is_shown_by_two_coalitions() -> None:
    game = StorageCoalition.from_parameters(
        net_load=[[2, 0], [-2, 0], [0, 3], [0, -3]], import_price=[3, 3], export_price=[1, 1], batteries=[None] * 4
    ).to_game()
    pool = Pool(shares_of(game))
    pool.cost(0b1111)
    everyone = orthogonal(np.ones((1, 4)))
    tight = tight_coalitions(pool, pool.matrix[0].copy(), everyone)
    table = tabulated(game)
    assert {0b0011, 0b1100} <= set(tight)
    assert all(
        pool.matrix[0] @ indicator(mask, 4) == pytest.approx(float(table.value(table.coalition(mask))))
        for mask in tight
    )
    found = gt.least_core(game)
    assert found.certificate.strength == "exact"
    assert found.certificate.witness["largest_excess"] == 0
    assert len(found.witness["levels"][0]["coalitions"]) == 2
    assert gt.nucleolus(game).exact == gt.nucleolus(table).exact


@pytest.mark.parametrize("seed", range(4))
def test_tight_coalitions_are_tight_and_show_the_level_where_it_is_zero(seed: int) -> None:
    game = linear_game(5, seed)
    table = tabulated(game)
    pool = Pool(shares_of(game))
    pool.cost(31)
    tight = tight_coalitions(pool, pool.matrix[0].copy(), orthogonal(np.ones((1, 5))))
    assert all(
        pool.matrix[0] @ indicator(mask, 5) == pytest.approx(float(table.value(table.coalition(mask))))
        for mask in tight
    )
    if gt.least_core(table).certificate.witness["largest_excess"] == 0:
        rows = np.array([indicator(mask, 5) for mask in tight])
        levels = levels_of(rows, rows @ pool.matrix[0], pool.cost(31), np.ones(len(rows)), deepest=1)
        assert levels.excesses[0] == pytest.approx(0, abs=1e-9)
