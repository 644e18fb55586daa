"""Followers that break ties against the leader: the value against the definition, limits, and refuted answers."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.catalogue import bilevel
from gametheory.certificates import certify
from gametheory.errors import Infeasible, InputError, UnsupportedGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.io.solutions import dumps, loads

from .patterns import worst_cost

CONCEPT = "stackelberg_equilibrium"
ENTRIES = {entry.name: entry for entry in bilevel.entries()}


def _tied(seed: int) -> StackelbergGame:
    """Return a small game in which follower costs vanish and cancel often."""
    dice = random.Random(seed)
    ys = [f"y{k}" for k in range(dice.randint(1, 2))]
    xs = [f"x{k}" for k in range(dice.randint(1, 2))]
    bent = dice.random() < 0.3
    follow: dict[Any, int] = {y: dice.choice([0, 0, 1, -1]) for y in ys}
    for y in ys:
        if dice.random() < 0.6:
            follow[dice.choice(xs), y] = dice.choice([-1, 1, 2])
    if bent:
        follow[ys[0], ys[0]] = 1
    lead: dict[Any, int] = {n: dice.randint(-3, 3) for n in xs + ys}
    count = dice.randint(0, 1)
    rows = [({n: dice.randint(-1, 2) for n in xs + ys}, "<=", dice.randint(1, 4)) for _ in range(count)]
    rules = [({n: dice.randint(-1, 1) for n in xs + ys}, "<=", dice.randint(0, 2))] if dice.random() < 0.3 else []
    low = dice.choice([0, -1])
    return StackelbergGame.from_terms(
        ("leader", dict.fromkeys(xs, (low, 2)), lead),
        [("follower", {y: (dice.choice([0, -1]), 2) for y in ys}, follow)],
        constraints={"follower": rows, "leader": rules},
    )


def _against_the_definition(seeds: range) -> Counter[str]:
    seen: Counter[str] = Counter()
    for seed in seeds:
        game, dice = _tied(seed), random.Random(seed)
        lead, low = len(game.variables[0]), int(game.constraints[0].lower[0] or 0)
        trials = [tuple(Fraction(dice.randint(low * 12, 24), 12) for _ in range(lead)) for _ in range(12)]
        trials += [tuple(Fraction(dice.randint(low, 2)) for _ in range(lead)) for _ in range(6)]
        costs = [cost for cost in (worst_cost(game, x) for x in trials) if cost is not None]
        try:
            solution = gt.stackelberg_equilibrium(game, tie_breaking="pessimistic")
        except Infeasible:
            assert not costs, f"seed {seed}"
            seen["none"] += 1
            continue
        except UnsupportedGame:
            seen["refused"] += 1
            continue
        assert (solution.certificate.strength, solution.certificate.bound) == ("exact", 0), f"seed {seed}"
        assert all(cost >= solution.value for cost in costs), f"seed {seed}"
        optimist = gt.stackelberg_equilibrium(game)
        assert optimist.value <= solution.value
        decision = tuple(solution.profile["decision"])
        here = worst_cost(game, decision)
        if solution.attained:
            assert here == solution.value, f"seed {seed}"
        else:
            assert here is None or here > solution.value
            step = Fraction(1, 10**6)
            toward = solution.profile["toward"]["decision"]
            near = worst_cost(game, tuple(a + step * (b - a) for a, b in zip(decision, toward, strict=True)))
            assert near is not None
            assert 0 <= near - solution.value <= Fraction(1, 10**4), f"seed {seed}"
        seen[
            ("attained" if solution.attained else "limit") + (" worse" if optimist.value < solution.value else "")
        ] += 1
    return seen


def test_the_value_is_that_of_the_definition() -> None:
    seen = _against_the_definition(range(3, 33))
    assert seen["attained worse"]
    assert seen["limit"]


@pytest.mark.slow
def test_the_value_is_that_of_the_definition_in_many_games() -> None:
    assert len(_against_the_definition(range(500, 560))) >= 4


def test_a_limit_goes_through_a_file_and_stays_one() -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES["two_pressing_sides"].game, tie_breaking="pessimistic")
    again = loads(dumps(solution))
    assert (again.value, again.attained) == (-1, False)
    assert certify(again).strength == "exact"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"attained": True}, "another optimal reply costs the leader more"),
        ({"toward": {"decision": (Fraction(2),), "replies": ((Fraction(1),),)}}, "presses"),
        ({"toward": {"decision": (Fraction(0),), "replies": ((Fraction(1),),)}}, "not optimal"),
        ({"toward": {"decision": (Fraction(3),), "replies": ((Fraction(0),),)}}, "not feasible"),
        ({"decision": (Fraction(99, 100),)}, "attained at"),
    ],
)
def test_a_limit_that_is_none_is_refuted(changes: dict[str, Any], word: str) -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES["two_pressing_sides"].game, tie_breaking="pessimistic")
    verdict = certify(solution.game, {**solution.profile, **changes}, concept=CONCEPT, witness=solution.witness)
    assert verdict.strength == "refuted"
    assert word in verdict.witness["problem"]


def test_a_worst_decision_moved_by_one_per_cent_is_refuted_with_a_better_one() -> None:
    game = ENTRIES["indifference_costs_the_leader"].game
    moved = {"decision": (Fraction(1, 100),), "replies": ((Fraction(0),),), "tie_breaking": "pessimistic"}
    verdict = certify(game, moved, concept=CONCEPT)
    assert (verdict.strength, verdict.bound) == ("refuted", Fraction(1, 100))
    assert verdict.witness["better_decision"]["decision"] == (0,)
    assert verdict.witness["better_decision"]["value"] == 0


def test_a_tree_of_worst_replies_that_proves_nothing_is_not_believed() -> None:
    game = ENTRIES["indifference_costs_the_leader"].game
    solution = gt.stackelberg_equilibrium(game, tie_breaking="pessimistic")
    wrong = {"decision": (Fraction(1, 2),), "replies": ((Fraction(0),),), "tie_breaking": "pessimistic"}
    for tree in ((("empty",),), (0, ("empty",)), (("worst", (), ()),), ((0, (), ()),), solution.witness["worst_tree"]):
        verdict = certify(game, wrong, concept=CONCEPT, witness={"worst_tree": tree})
        assert verdict.strength == "refuted"


def test_followers_that_answer_each_other_are_refused() -> None:
    game = StackelbergGame.from_terms(
        ("leader", {"x": (0, 1)}, {"a": -1, "x": 1}),
        [("one", {"a": (0, 1)}, {("a", "b"): 1, ("x", "a"): 1}), ("two", {"b": (0, 1)}, {"b": 1})],
    )
    with pytest.raises(UnsupportedGame, match="answers other followers"):
        gt.stackelberg_equilibrium(game, tie_breaking="pessimistic")


def test_a_limit_needs_to_say_from_where() -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES["two_pressing_sides"].game, tie_breaking="pessimistic")
    bare = {key: value for key, value in solution.profile.items() if key != "toward"}
    with pytest.raises(InputError, match="toward"):
        certify(solution.game, bare, concept=CONCEPT)
