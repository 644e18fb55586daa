"""Pooled and storage communities as tables of coalitions: every concept of coalition games takes them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import gametheory as gt
from gametheory.errors import Infeasible, SizeLimit
from gametheory.games.linear import LinearGame, LinearMember
from gametheory.games.pooled_loads import PooledLoads

TRIO = gt.models.PooledCommunity.from_positions([2, 2, -2], feed_in="0.1", retail_price="0.3")


def _market(demands: list[int], *, supply: int | None = None) -> LinearGame:
    """Energy is bought at 3 and sold at 1; `supply` is what the first member can make for nothing."""
    members = [LinearMember((d,)) for d in demands]
    if supply is not None:
        members[0] = LinearMember((demands[0],), (0,), (((0, 1),),), (), (0,), (supply,))
    return LinearGame(tuple("abcd"[: len(demands)]), (3, -1), (((0, 1), (1, -1)),), tuple(members))


def test_a_pooled_game_is_solved_as_its_table() -> None:
    table = gt.coalitional_game(TRIO)
    assert table.kind == "cost"
    for concept in (gt.nucleolus, gt.tau_value, gt.least_core, gt.nearest_core_point, gt.prekernel_point):
        found = concept(TRIO)
        assert found.certificate.strength == "exact"
        assert found.exact == concept(table).exact
    assert gt.coalition_properties(TRIO).superadditive.claim == "subadditive"
    loads = PooledLoads(("1", "2", "3"), [[-2.0], [-2.0], [2.0]], [0.5], [0.25])
    assert gt.coalitional_game(loads).value(("1", "3")) == 0


def test_a_linear_game_is_solved_as_its_table() -> None:
    game = _market([2, -1, 1], supply=1)
    table = gt.coalitional_game(game)
    assert [table.value(names) for names in (("a",), ("b",), ("a", "b"), ("a", "b", "c"))] == [3, -1, 0, 3]
    assert gt.coalitional_game(game, workers=2).values == table.values
    assert gt.shapley_value(game).exact == gt.shapley_value(table).exact
    assert gt.shapley_value(game).certificate.strength == "exact"


def test_an_infeasible_coalition_is_named() -> None:
    short = LinearGame(("a", "b"), (), ((),), (LinearMember((1,)), LinearMember((-1,), (1,), (((0, 1),),))))
    with pytest.raises(Infeasible, match=r"coalition \(a\)"):
        gt.coalitional_game(short)


def test_too_many_for_a_table() -> None:
    with pytest.raises(SizeLimit, match="12 players"):
        gt.coalitional_game(LinearGame(tuple(map(str, range(13))), (3,), (((0, 1),),), (LinearMember((1,)),) * 13))
    many = PooledLoads(tuple(map(str, range(17))), [[1.0]] * 17, [1.0], [0.0])
    with pytest.raises(SizeLimit, match="sample"):
        gt.nucleolus(many)


def test_who_gains_and_who_loses_when_a_member_joins() -> None:
    effect = gt.joining_effect(TRIO, "3")
    alone = {"1": Fraction(-1, 5), "2": Fraction(-1, 5), "3": Fraction(3, 5)}
    after = gt.shapley_value(TRIO)
    assert effect == {name: after[name] - alone[name] for name in alone}
    assert all(change < 0 for change in effect.values())
    crowded = gt.joining_effect(TRIO, "2")
    assert crowded["1"] > 0 > crowded["3"]
