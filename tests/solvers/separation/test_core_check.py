"""Core membership without a table: it agrees with the full table, and nobody can bend its proof."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.certificates import certify
from gametheory.certificates.coalition_costs import costs_of
from gametheory.concepts.coalitions import core_check
from gametheory.errors import Infeasible, InputError
from gametheory.games.linear import LinearGame, LinearMember
from gametheory.games.pooled import PooledGame
from gametheory.io.solutions import dumps, loads
from gametheory.result import Concept
from gametheory.solvers.separation.core_check import worst_coalitions

from .games import linear_game, pooled_game, tabulated

_GAMES = [*((linear_game, seed) for seed in range(6)), *((pooled_game, seed) for seed in range(6))]


def _allocations(game: Any, seed: int) -> list[list[Fraction]]:
    """A core point, one mixed with equal shares, equal shares, and one that is not efficient."""
    point = list(gt.core(game).point)
    size, total = len(point), sum(point)
    equal = [total / size] * size
    rng = np.random.default_rng(seed)
    odd = [x + int(k) for x, k in zip(point, rng.integers(-1, 2, size), strict=True)]
    return [point, [(7 * x + y) / 8 for x, y in zip(point, equal, strict=True)], equal, odd]


@pytest.mark.parametrize(("make", "seed"), _GAMES)
def test_agrees_with_the_table(make: Any, seed: int) -> None:
    game = make(3 + seed % 4, seed)
    table = tabulated(game)
    for amounts in _allocations(game, seed):
        found, told = core_check(game, amounts), core_check(table, amounts)
        assert found.strength == told.strength == "exact"
        assert max(found.bound, 0) == max(told.bound, 0)
        assert found.witness["grand"] == told.witness["grand"]
        blocking = [gain for _, gain in told.witness["coalitions"] if gain > 0]
        assert [gain for _, gain in found.witness["coalitions"] if gain > 0] == blocking
        for names, gain in found.witness["coalitions"]:
            assert gain == sum(amounts[game.players.index(name)] for name in names) - table.value(names)


@pytest.mark.parametrize("make", [linear_game, pooled_game])
def test_contains_searches_where_the_dual_point_does_not_decide(make: Any) -> None:
    game = make(6, 3)
    core, table = gt.core(game), tabulated(game)
    for amounts in _allocations(game, 3):
        found, told = core.contains(amounts), gt.core(table).contains(amounts)
        assert found.inside == told.inside
        if told.excess > 0:
            assert found.excess == told.excess


def _proof() -> tuple[PooledGame, list[Fraction], dict[str, Any]]:
    game = pooled_game(6, 1)
    amounts = _allocations(game, 1)[1]
    return game, amounts, worst_coalitions(game, amounts)


def test_the_proof_survives_a_file_and_a_changed_one_proves_less() -> None:
    game = linear_game(6, 2)
    amounts = _allocations(game, 2)[2]
    proof = worst_coalitions(game, amounts)
    told = certify(game, amounts, concept=Concept.CORE_CHECK, witness=proof)
    again = certify(game, amounts, concept=Concept.CORE_CHECK, witness=loads(dumps(proof)))
    assert again == told
    # Another allocation is judged by the same shares: the tree bounds it too, though not as well.
    other = [x + Fraction(1, 3) for x in amounts]
    moved = certify(game, other, concept=Concept.CORE_CHECK, witness=proof)
    assert moved.bound >= core_check(tabulated(game), other).bound


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda p: p | {"tree": p["tree"] * 2}, "goes on"),
        (lambda p: p | {"tree": (0, *p["tree"])}, "ends before|twice"),
        (lambda p: p | {"tree": (((0, 5),),)}, "add up to 1"),
        (lambda p: p | {"tree": (((0, 2 ** p["weight_bits"] + 1), (1, -1)),)}, "not negative"),
        (lambda p: p | {"coalitions": p["coalitions"][1:]}, "all players"),
        (lambda p: {k: v for k, v in p.items() if k != "shares"}, "no proof"),
        (lambda p: p | {"shares": ({"scale": 1, "prices": (99,) * 3}, *p["shares"][1:])}, "outside prices"),
    ],
)
def test_a_damaged_proof_is_refused(damage: Any, message: str) -> None:
    game, amounts, proof = _proof()
    with pytest.raises(InputError, match=message):
        certify(game, amounts, concept=Concept.CORE_CHECK, witness=damage(proof))


def test_a_plan_that_cannot_be_carried_out_is_refused() -> None:
    game = linear_game(5, 1)
    proof = worst_coalitions(game, [Fraction(1)] * 5)
    first = proof["coalitions"][0]
    cheaper = first | {"plan": first["plan"] | {"common": ()}}
    with pytest.raises(InputError, match="not met"):
        certify(game, [1] * 5, concept=Concept.CORE_CHECK, witness=proof | {"coalitions": (cheaper,)})
    bent = proof["shares"][0] | {"prices": tuple(-k - 1 for k in proof["shares"][0]["prices"])}
    with pytest.raises(InputError, match="bound nothing"):
        certify(game, [1] * 5, concept=Concept.CORE_CHECK, witness=proof | {"shares": (bent, *proof["shares"][1:])})


def test_a_leaf_cannot_hide_a_coalition() -> None:
    """One leaf in the tree's place is still sound: it bounds the blocking coalition that it does not name."""
    game, amounts, proof = _proof()
    grand = proof["coalitions"][0]
    whole = ((0, 2 ** proof["weight_bits"]),)
    told = certify(
        game, amounts, concept=Concept.CORE_CHECK, witness=proof | {"coalitions": (grand,), "tree": (whole,)}
    )
    assert told.bound >= core_check(tabulated(game), amounts).bound


def test_an_infeasible_coalition_is_named_with_its_constraint() -> None:
    """Two members share a source of 3; "b" needs 5 alone, and "a" brings 2."""
    need = {"rows": (), "upper": (3,), "costs": (1,), "coupling": (((0, 1),),)}
    game = LinearGame(("a", "b"), (), ((),), (LinearMember((1,), **need), LinearMember((5,), **need)))
    with pytest.raises(Infeasible, match=r"\(b\) cannot meet common row 0 \(short by 2"):
        core_check(game, [1, 5])


def test_the_allocation_must_fit() -> None:
    game = linear_game(4, 0)
    with pytest.raises(InputError):
        core_check(game, [1, 2])


def test_a_plan_that_is_not_the_best_one_hides_no_excess_of_all_together() -> None:
    """All pay what a worse plan of all together costs: nobody may call that the core, and the true point stays in."""
    game = pooled_game(4, 0)
    table = tabulated(game)
    right = list(gt.nucleolus(table).exact)
    proof = worst_coalitions(game, right)
    place = next(k for k, c in enumerate(proof["coalitions"]) if len(c["members"]) == 4)
    rows = [[Fraction(a) for a in row] for row in proof["coalitions"][place]["plan"]["adjustments"]]
    costs, full = costs_of(game), table.value(table.players)
    for i, t, step in product(range(4), range(3), (Fraction(1, 10), Fraction(-1, 10))):
        moved = tuple(tuple(a + step * ((k, s) == (i, t)) for s, a in enumerate(row)) for k, row in enumerate(rows))
        plan = {"adjustments": moved}
        try:
            dearer = costs.cost(proof["coalitions"][place]["members"], plan) - full
        except InputError:
            continue
        if dearer > 0:
            break
    changed = [c | {"plan": plan} if k == place else c for k, c in enumerate(proof["coalitions"])]
    bad = proof | {"coalitions": tuple(changed)}
    wrong = [right[0] + dearer, *right[1:]]
    assert gt.core_check(table, right).bound + dearer < 0
    for concept in (Concept.CORE, Concept.CORE_CHECK):
        assert certify(game, wrong, concept=concept, witness=bad).strength == "bounded"
        assert certify(game, right, concept=concept, witness=bad).strength != "refuted"
        assert certify(game, right, concept=concept, witness=proof).strength == "exact"
    assert certify(game, wrong, concept=Concept.CORE, witness=bad).bound == dearer
