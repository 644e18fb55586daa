"""Properties against their definitions, partitions that neither merge nor split, newcomers."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError, SizeLimit
from gametheory.games.coalitional import CoalitionalGame
from gametheory.io.solutions import dumps, loads

from .test_values_and_cores import games

small = st.integers(1, 4).flatmap(lambda n: st.lists(st.integers(0, 3), min_size=2**n - 1, max_size=2**n - 1))


@settings(max_examples=80, deadline=None)
@given(small, st.sampled_from(["value", "cost"]))
def test_properties_are_their_definitions(cells: list[int], kind: str) -> None:
    game = CoalitionalGame.from_table([0, *cells], kind=kind)
    n, v = len(game.players), game.values
    sign = 1 if kind == "value" else -1
    found = gt.coalition_properties(game)
    masks = range(2**n)
    drops = [v[m] - v[m | 1 << i] for m in masks for i in range(n) if not m >> i & 1]
    assert found.monotone.bound == max(0, *drops)
    apart = [sign * (v[s] + v[t] - v[s | t]) for s in masks for t in masks if not s & t]
    assert found.superadditive.bound == max(0, *apart)
    crossed = [sign * (v[s] + v[t] - v[s | t] - v[s & t]) for s in masks for t in masks]
    assert (found.convex.bound > 0) == (max(crossed) > 0)
    assert (found.balanced.bound > 0) == gt.core(game).empty
    assert found.null_players == tuple(
        name for i, name in enumerate(game.players) if all(v[m | 1 << i] == v[m & ~(1 << i)] for m in masks)
    )
    together = {frozenset(pair) for group in found.symmetric_players for pair in combinations(group, 2)}
    for i, j in combinations(range(n), 2):
        same = all(v[m | 1 << i] == v[m | 1 << j] for m in masks if not m >> i & 1 and not m >> j & 1)
        assert same == (frozenset((game.players[i], game.players[j])) in together)


def test_a_failing_property_shows_where() -> None:
    game = CoalitionalGame.from_dict(
        {"a": 2, "b": 2, "c": 0, ("a", "b"): 3, ("a", "c"): 1, ("b", "c"): 2, ("a", "b", "c"): 3}
    )
    found = gt.coalition_properties(game)
    assert found.monotone.witness == {"coalition": ("a",), "player": "c"}
    assert set(found.superadditive.witness["coalitions"]) == {("a",), ("b",)}
    assert found.superadditive.bound == 1
    assert found.convex.strength == "exact"
    assert "not balanced" in str(found)
    costs = gt.coalition_properties(gt.catalogue("airport_1_2_4").game)
    assert costs.convex.claim == "concave"
    assert costs.superadditive.claim == "subadditive"


def test_convex_games_have_core_points_in_every_order() -> None:
    found = gt.coalition_properties(gt.catalogue("squares_of_four").game)
    assert found.convex.bound == found.balanced.bound == 0
    assert found.symmetric_players == (("a", "b", "c", "d"),)


@settings(max_examples=40, deadline=None)
@given(games(1, 4), st.fractions(min_value=0, max_value=3, max_denominator=4))
def test_merging_and_splitting_ends_where_nothing_gains(game: CoalitionalGame, link: Fraction) -> None:
    solution = gt.stable_partition(game, transfer_cost=link)
    assert solution.certificate.strength == "exact"
    assert loads(dumps(solution)) == solution
    sign = 1 if game.kind == "value" else -1
    worth = sum(sign * game.value(block) - link * (len(block) - 1) for block in solution.partition)
    assert solution.worth == sign * worth


def test_an_unstable_partition_is_refuted_with_the_move() -> None:
    game = CoalitionalGame.glove(1, 1, ["a", "b"])
    merging = gt.certify(game, {"partition": [("a",), ("b",)]}, concept="stable_partition")
    assert merging.strength == "refuted"
    assert merging.witness["to"] == (("a", "b"),)
    splitting = gt.certify(game, {"partition": [("a", "b")], "transfer_cost": 2}, concept="stable_partition")
    assert splitting.claim.endswith("splitting gains 1")
    with pytest.raises(InputError, match="in no block"):
        gt.certify(game, {"partition": [("a",)]}, concept="stable_partition")
    with pytest.raises(InputError, match="shares a player"):
        gt.certify(game, {"partition": [("a",), ("a", "b")]}, concept="stable_partition")
    with pytest.raises(SizeLimit, match="subgame"):
        gt.stable_partition(CoalitionalGame.glove(8, 8))


@settings(max_examples=30, deadline=None)
@given(games(2, 4))
def test_blocks_share_their_own_number(game: CoalitionalGame) -> None:
    first, *rest = game.players
    solution = gt.aumann_dreze_value(game, partition=[(first,), rest])
    assert solution.certificate.strength == "exact"
    assert solution[first] == game.value((first,))
    assert sum(solution[name] for name in rest) == game.value(rest)
    assert gt.aumann_dreze_value(game).exact == gt.shapley_value(game).exact
    wrong = {**solution.profile, "values": [x + 1 for x in solution.exact]}
    assert gt.certify(game, wrong, concept="aumann_dreze_value").strength == "refuted"
    with pytest.raises(InputError, match="once"):
        gt.aumann_dreze_value(game, partition=[(first,)])


def test_a_newcomer_is_good_for_the_other_side_of_the_market() -> None:
    game = gt.catalogue("gloves_1_2").game
    effect = gt.joining_effect(game, "right 2")
    assert effect == {"left": Fraction(1, 6), "right 1": Fraction(-1, 3), "right 2": Fraction(1, 6)}
    assert sum(effect.values()) == 0
    assert gt.joining_effect(game, "right 2", value=gt.nucleolus)["left"] == Fraction(1, 2)
    with pytest.raises(InputError, match="joins nobody"):
        gt.joining_effect(game, "z")


def test_numbers_at_the_edge_of_64_bits_do_not_wrap_round() -> None:
    big = 2**62 - 1
    game = CoalitionalGame.from_table([0, big, big, -big])
    found = gt.coalition_properties(game)
    assert found.superadditive.bound == 3 * big
    assert found.convex.bound == 3 * big
    assert found.monotone.bound == 2 * big
    assert gt.prenucleolus(game).certificate.strength == "exact"
    assert gt.coalition_properties(CoalitionalGame.from_table([0, -big, -big, big])).convex.bound == 0
