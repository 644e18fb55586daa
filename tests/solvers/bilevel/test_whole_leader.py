"""Leaders in whole numbers: against every whole decision one by one, and refuted answers."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

import pytest

import gametheory as gt
from gametheory.certificates import certify
from gametheory.errors import Infeasible, InputError, UnsupportedGame
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame
from gametheory.io.solutions import dumps, loads

CONCEPT = "stackelberg_equilibrium"


def _game(seed: int) -> StackelbergGame:
    dice = random.Random(seed)
    xs, ys = [f"x{k}" for k in range(dice.randint(1, 3))], [f"y{k}" for k in range(dice.randint(1, 2))]
    rows = [({n: dice.randint(-2, 3) for n in xs + ys}, "<=", dice.randint(1, 7)) for _ in range(2)]
    rules = [({n: dice.randint(-2, 3) for n in xs}, "<=", dice.randint(1, 7))]
    follow: dict[Any, int] = {y: dice.randint(-4, 3) for y in ys} | {(xs[0], ys[0]): dice.randint(-2, 2)}
    if dice.random() < 0.5:
        follow |= {(y, y): dice.randint(1, 2) for y in ys}
    return StackelbergGame.from_terms(
        ("leader", {x: (Fraction(-1, 2), Fraction(7, 2)) for x in xs}, {n: dice.randint(-5, 5) for n in xs + ys}),
        [("follower", dict.fromkeys(ys, (0, 5)), follow)],
        constraints={"leader": rules, "follower": rows},
        integers=xs[: dice.randint(1, 2)],
    )


def _one_by_one(game: StackelbergGame) -> Fraction | None:
    """Return the least cost over all whole decisions, each a game of its own."""
    own = game.constraints[0]
    places = [game.names.index(name) for name in game.integers]
    best: Fraction | None = None
    for values in product(*(range(ceil(own.lower[k] or 0), floor(own.upper[k] or 0) + 1) for k in places)):
        lower, upper = list(own.lower), list(own.upper)
        for k, v in zip(places, values, strict=True):
            lower[k] = upper[k] = Fraction(v)
        fixed = Polyhedron(own.variables, tuple(lower), tuple(upper), own.inequalities, own.equalities)
        one = StackelbergGame(game.players, game.variables, game.objectives, (fixed, *game.constraints[1:]))
        try:
            value = gt.stackelberg_equilibrium(one).value
        except Infeasible:
            continue
        best = value if best is None or value < best else best
    return best


def test_the_value_is_the_best_of_all_whole_decisions() -> None:
    divided = empty = 0
    for seed in range(24):
        game = _game(seed)
        best = _one_by_one(game)
        try:
            solution = gt.stackelberg_equilibrium(game)
        except Infeasible:
            assert best is None, f"seed {seed}"
            empty += 1
            continue
        assert solution.value == solution.bound == best, f"seed {seed}"
        assert (solution.certificate.strength, solution.certificate.bound) == ("exact", 0)
        free = StackelbergGame(game.players, game.variables, game.objectives, game.constraints)
        relaxed = gt.stackelberg_equilibrium(free).value
        assert relaxed <= solution.value
        divided += relaxed < solution.value
        # The checker's own search comes to the same.
        assert certify(game, solution.profile, concept=CONCEPT).strength == "exact"
    assert divided > 3, "whole numbers never mattered: then this test looks at nothing"


KNAPSACK = StackelbergGame.from_terms(
    # Whole batteries at 3 each; the follower fills them up to 5/2 units.
    ("leader", {"n": (0, 4)}, {"n": 3, "y": -2}),
    [("follower", {"y": (0, None)}, {"y": -1})],
    constraints={"follower": [({"y": 1, "n": -2}, "<=", 0), ({"y": 1}, "<=", 5)]},
    integers=("n",),
)


def test_a_broken_decision_and_a_worse_whole_one_are_refuted() -> None:
    solution = gt.stackelberg_equilibrium(KNAPSACK)
    assert (solution.leader, solution.value) == ({"n": 2}, -2)
    broken = certify(KNAPSACK, {"decision": (Fraction(5, 2),), "replies": ((Fraction(5),),)}, concept=CONCEPT)
    assert (broken.strength, broken.witness["violated"]) == ("refuted", "n must be a whole number")
    worse = certify(KNAPSACK, {"decision": (Fraction(1),), "replies": ((Fraction(2),),)}, concept=CONCEPT)
    assert worse.strength == "refuted"
    assert worse.witness["better_decision"]["value"] == -2
    for tree in (
        (),
        (("split", 0, Fraction(1)),),
        (("split", 1, 0),),
        (("split", 0, Fraction(1, 2)),),
        (("leaf", (), ()),),
    ):
        judged = certify(
            KNAPSACK, {"decision": (Fraction(1),), "replies": ((Fraction(2),),)}, concept=CONCEPT,
            witness={"whole_tree": tree},
        )  # fmt: skip
        assert judged.strength == "refuted"


def test_an_answer_goes_through_a_file() -> None:
    again = loads(dumps(gt.stackelberg_equilibrium(KNAPSACK)))
    assert again.game.integers == ("n",)
    assert certify(again).strength == "exact"


@pytest.mark.parametrize(("names", "word"), [(("y",), "not the leader's"), (("m",), "no lower or no upper bound")])
def test_what_cannot_be_whole_is_refused(names: tuple[str, ...], word: str) -> None:
    with pytest.raises(InputError, match=word):
        StackelbergGame.from_terms(
            ("leader", {"n": (0, 4), "m": (0, None)}, {"n": 1}),
            [("follower", {"y": (0, 1)}, {"y": 1})],
            integers=names,
        )


def test_ties_against_a_leader_in_whole_numbers_are_refused_where_they_matter() -> None:
    game = StackelbergGame.from_terms(
        ("leader", {"n": (0, 1)}, {"y": -1}), [("follower", {"y": (0, 1)}, {("n", "y"): 1})], integers=("n",)
    )
    with pytest.raises(UnsupportedGame, match="whole numbers"):
        gt.stackelberg_equilibrium(game, tie_breaking="pessimistic")


def test_a_pleasing_reply_refutes_no_worst_case() -> None:
    """The follower is indifferent everywhere: the best worst cost is 1, and replies that please would cost -1."""
    game = StackelbergGame.from_terms(
        ("leader", {"x": (0, 1)}, {"x": 1, "y": 1}), [("follower", {"y": (-1, 1)}, {"y": 0})], integers=["x"]
    )
    right = {"decision": (0,), "replies": ((1,),), "tie_breaking": "pessimistic"}
    judged = certify(game, right, concept=CONCEPT)
    assert judged.strength == "bounded"
    assert judged.witness["interval"] == (-1, 1)
    assert certify(game, right | {"decision": (1,)}, concept=CONCEPT).strength != "exact"
