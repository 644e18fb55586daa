"""The checker of leaders and followers: nothing that is not best passes, and no tree that proves less than it says."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.certificates import certify
from gametheory.certificates.complementarity import Relaxation, read_tree, with_cuts
from gametheory.errors import Infeasible, InputError, NoChecker, Unbounded
from gametheory.games.stackelberg import StackelbergGame

from ..catalogue.test_bilevel import ENTRIES, SOLVED
from ..solvers.bilevel.patterns import best_of_all_patterns, random_game

CONCEPT = "stackelberg_equilibrium"


def _profile(decision: tuple[Any, ...], *replies: tuple[Any, ...], **words: Any) -> dict[str, Any]:
    return {"decision": decision, "replies": replies, **words}


@pytest.mark.parametrize("name", SOLVED)
@pytest.mark.parametrize("factor", [Fraction(99, 100), Fraction(101, 100)])
@pytest.mark.parametrize("keep", [True, False], ids=["with the tree", "without"])
def test_a_decision_that_is_off_by_one_percent_is_refused(name: str, factor: Fraction, keep: bool) -> None:
    solution = gt.stackelberg_equilibrium(ENTRIES[name].game)
    decision = tuple(x * factor if x else Fraction(1, 100) for x in solution.profile["decision"])
    moved = {**solution.profile, "decision": decision}
    certificate = certify(solution.game, moved, concept=CONCEPT, witness=solution.witness if keep else {})
    assert certificate.strength == "refuted", str(certificate)
    assert certificate.bound > 0
    assert not certificate.holds()


@pytest.mark.parametrize(
    ("name", "profile", "better", "value"),
    [
        ("bard_1988_example_1", _profile((5,), (2,)), (1,), 17),
        ("dual_bound_of_fifty", _profile((1,), (0,)), (2,), 102),
        ("leader_constraint_on_replies", _profile((0,), (2,)), (6,), -20),
        ("price_takes_all", _profile((4,), (3,)), (6,), 12),
    ],
)
def test_a_stationary_point_is_refuted_by_a_better_decision(
    name: str, profile: dict[str, Any], better: tuple[int, ...], value: int
) -> None:
    certificate = certify(ENTRIES[name].game, profile, concept=CONCEPT)
    assert certificate.strength == "refuted"
    assert certificate.witness["better_decision"]["decision"] == better
    assert certificate.witness["better_decision"]["value"] == value
    assert certificate.bound == certificate.witness["leader_regret"] > 0


def test_a_reply_that_is_not_optimal_is_refuted_by_a_better_one() -> None:
    certificate = certify(ENTRIES["bard_1988_example_1"].game, _profile((5,), ("2.0",)), concept=CONCEPT)
    assert certificate.witness["follower_regret"] == 0
    game = ENTRIES["follower_bound_ignored"].game
    certificate = certify(game, _profile((2,), (1,)), concept=CONCEPT)
    assert certificate.strength == "refuted"
    assert certificate.witness["better_reply"] == {
        "follower": "follower",
        "reply": (Fraction(3, 2),),
        "gain": Fraction(1, 4),
    }


def test_a_decision_that_breaks_a_constraint_is_refuted() -> None:
    certificate = certify(ENTRIES["decisions_without_reply"].game, _profile((5,), (1,)), concept=CONCEPT)
    assert certificate.strength == "refuted"
    assert certificate.witness["violated"] == "x + y <= 3"


def test_ties_against_the_leader_refute_an_optimistic_reply() -> None:
    game = ENTRIES["price_takes_all"].game
    assert certify(game, _profile((6,), (3,)), concept=CONCEPT).strength == "exact"
    certificate = certify(game, _profile((6,), (3,), tie_breaking="pessimistic"), concept=CONCEPT)
    assert certificate.strength == "refuted"
    assert certificate.witness["problem"] == "another optimal reply costs the leader more"


def test_a_follower_that_is_not_convex_is_never_certified_by_its_first_order_conditions() -> None:
    game = StackelbergGame.from_terms(
        ("leader", {"x": (0, 1)}, {"y": 1, "x": 1}), [("follower", {"y": (-1, 2)}, {("y", "y"): -1})]
    )
    stationary = certify(game, _profile((0,), (0,)), concept=CONCEPT)
    assert stationary.strength == "refuted"
    # y = 2 is the only reply, but the relaxation knows y = -1 and 0 as well: no claim, and no refutation either.
    best = certify(game, _profile((0,), (2,)), concept=CONCEPT)
    assert best.strength == "bounded"
    assert best.witness["interval"] == (-1, 2)
    assert "better_decision" not in best.witness


def test_an_unbounded_leader_is_refuted_at_every_decision() -> None:
    certificate = certify(ENTRIES["leader_without_bound"].game, _profile((2,), (1,)), concept=CONCEPT)
    assert certificate.strength == "refuted"
    assert certificate.witness["endless"]
    assert certificate.witness["better_decision"]["value"] < -1


@pytest.mark.parametrize(
    "profile",
    [
        None,
        {"decision": (1,)},
        _profile((1,)),
        _profile((1, 2), (0,)),
        _profile((1,), (0, 0)),
        _profile(("one",), (0,)),
        _profile((1,), (0,), tie_breaking="fair"),
    ],
)
def test_a_profile_that_is_none_is_refused(profile: Any) -> None:
    with pytest.raises(InputError):
        certify(ENTRIES["bard_1988_example_1"].game, profile, concept=CONCEPT)


@pytest.mark.parametrize("seed", range(25))
def test_what_is_certified_is_the_best_of_all_patterns_and_nothing_else(seed: int) -> None:
    dice = random.Random(seed)
    game = random_game(seed, quadratic_leader=bool(seed % 2), quadratic_follower=bool(seed % 3))
    known = best_of_all_patterns(game)
    if known in (None, "unbounded"):
        with pytest.raises((Infeasible, Unbounded)):
            gt.stackelberg_equilibrium(game)
        return
    profile = gt.stackelberg_equilibrium(game).profile
    for _ in range(12):
        decision = tuple(x + Fraction(dice.randint(-2, 2), 2) for x in profile["decision"])
        replies = tuple(tuple(y + Fraction(dice.randint(-1, 1), 2) for y in own) for own in profile["replies"])
        certificate = certify(game, _profile(decision, *replies), concept=CONCEPT)
        joint = (*decision, *(y for own in replies for y in own))
        if certificate.strength == "exact":
            assert game.costs[0].value(joint) == known
        else:
            assert certificate.strength == "refuted"
            assert certificate.bound > 0


# ---------------------------------------------------------------------------------------------------- the tree


def _tree(name: str) -> tuple[Relaxation, list[Any], Fraction]:
    solution = gt.stackelberg_equilibrium(ENTRIES[name].game)
    relaxation = Relaxation.of_game(solution.game, solution.witness["strong_duality"])
    return (
        relaxation,
        list(solution.witness["tree"]),
        solution.game.costs[0].value(
            (*solution.profile["decision"], *(y for own in solution.profile["replies"] for y in own))
        ),
    )


@pytest.mark.parametrize("name", SOLVED)
def test_the_tree_proves_the_value_exactly(name: str) -> None:
    relaxation, tree, cost = _tree(name)
    assert read_tree(relaxation, tree) == cost


@pytest.mark.parametrize("name", ["bard_1988_example_1", "candler_townsley_1982", "dual_bound_of_fifty"])
def test_a_tree_that_was_tampered_with_never_proves_more(name: str) -> None:
    relaxation, tree, cost = _tree(name)
    dice = random.Random(name)
    for at, entry in enumerate(tree):
        changed: list[Any] = [(0, (), ()), (1, (), ((0, Fraction(1)),)), (1, (), ((0, Fraction(-10)),)), 0, -1, 99, "x"]
        if not isinstance(entry, int):
            scale, tangent, multipliers = entry
            for k, (row, y) in enumerate(multipliers):
                other = (row, y * Fraction(dice.randint(-9, 9), 5))
                changed.append((scale, tangent, (*multipliers[:k], other, *multipliers[k + 1 :])))
            changed.append((1 - scale, tangent, multipliers))
        for other in changed:
            try:
                proved = read_tree(relaxation, [*tree[:at], other, *tree[at + 1 :]])
            except InputError:
                continue
            assert proved is not None
            assert proved <= cost
    for broken in (tree[:-1], [*tree, tree[-1]], [], None, "tree"):
        with pytest.raises(InputError):
            read_tree(relaxation, broken)


def _many_followers(count: int) -> StackelbergGame:
    many = range(count)
    return StackelbergGame.from_terms(
        ("leader", {"x": (0, 3)}, {"x": 2, **{f"y{k}": -Fraction(1, k + 1) for k in many}}),
        [
            (f"follower {k}", {f"y{k}": (0, 2)}, {(f"y{k}", f"y{k}"): 1, ("x", f"y{k}"): -1 - Fraction(k, 7)})
            for k in many
        ],
    )


def test_a_large_game_is_certified_by_its_tree_alone() -> None:
    many, game = range(25), _many_followers(25)
    solution = gt.stackelberg_equilibrium(game)
    assert solution.certificate.strength == "exact"
    # Without it the answer is bounded: an interval that holds the value, and is not a point.
    alone = certify(game, solution.profile, concept=CONCEPT)
    assert alone.strength == "bounded"
    low, high = alone.witness["interval"]
    assert low < solution.value == high
    assert alone.bound == high - low
    # Another decision with its own optimal replies: the tree bounds what it loses, and no more is claimed.
    x = Fraction(3, 2) if solution.profile["decision"] != (Fraction(3, 2),) else Fraction(1)
    replies = tuple((min(Fraction(2), (1 + Fraction(k, 7)) * x / 2),) for k in many)
    other = certify(game, _profile((x,), *replies), concept=CONCEPT, witness=solution.witness)
    assert other.strength == "bounded"
    assert other.bound == game.costs[0].value((x, *(y for (y,) in replies))) - solution.value > 0


def test_the_bounds_of_all_variables_bound_a_leader_whose_cost_cannot_be_made_convex() -> None:
    game = StackelbergGame.from_terms(
        ("leader", {"x": (-1, 2)}, {("x", "x"): -1, ("x", "y"): 3, "y": -1}),
        [("follower", {"y": (-2, 1)}, {("y", "y"): 1, ("x", "y"): 1})],
    )
    # -x^2 >= -4, 3 x y >= 3 (2)(-2) = -12, -y >= -1.
    certificate = certify(game, _profile((1,), (Fraction(-1, 2),)), concept=CONCEPT)
    assert certificate.strength == "bounded"
    assert certificate.witness["interval"] == (-17, Fraction(-2))
    endless = StackelbergGame.from_terms(
        ("leader", {"x": (None, 2)}, {("x", "x"): -1, "y": -1}), [("follower", {"y": (-2, 1)}, {("y", "y"): 1})]
    )
    with pytest.raises(NoChecker, match="not convex"):
        certify(endless, _profile((1,), (0,)), concept=CONCEPT)


def test_a_cut_is_used_only_where_its_bounds_are_proved() -> None:
    solution = gt.stackelberg_equilibrium(_many_followers(10))
    relaxation = Relaxation.of_game(solution.game, solution.witness["strong_duality"])
    cuts, tree = solution.witness["cuts"], solution.witness["tree"]
    assert cuts, "no cut: then this test looks at nothing"
    least = read_tree(with_cuts(relaxation, cuts), tree)
    assert least == solution.value
    with pytest.raises(InputError):  # the tree stands on the cuts
        read_tree(relaxation, tree)
    for at, (number, force, slack, first, second) in enumerate(cuts):
        lowered = [(number, force, slack, (), second), (number, force, slack, first, ())]
        if force:
            lowered.append((number, force / 2, slack, first, second))
        if slack:
            lowered.append((number, force, slack / 2, first, second))
        lowered += [(number, None, None, (), ()), (number, -1, slack, first, second), (99, force, slack, first, second)]
        for other in lowered:
            changed = (*cuts[:at], other, *cuts[at + 1 :])
            if (other[1], other[3]) == (force, first) and slack is None:
                continue  # the proof that was taken away was not there
            if (other[2], other[4]) == (slack, second) and force is None and other[0] == number and other[3] == ():
                continue
            with pytest.raises(InputError):
                with_cuts(relaxation, changed)


def test_a_figure_changed_beside_a_right_profile_is_found() -> None:
    game = StackelbergGame.from_terms(
        ("l", {"x": (0, 1)}, {"x": 1, "y": -1}), [("f", {"y": (0, 2)}, {"y": 1, ("x", "y"): -3})]
    )
    found = gt.stackelberg_equilibrium(game)
    assert gt.certify(found).strength == "exact"
    for name, bent in (
        ("leader", replace(found, leader={"x": found.leader["x"] + 1})),
        ("follower", replace(found, follower={"f": {"y": 1}})),
        ("value", replace(found, value=found.value + 1, bound=found.bound + 1)),
        ("objectives", replace(found, details={**found.details, "objectives": {"l": found.value, "f": 5}})),
        ("tie_breaking", replace(found, details={**found.details, "tie_breaking": "pessimistic"})),
    ):
        judged = gt.certify(bent)
        assert judged.strength == "refuted"
        assert judged.witness["stated"] == (name,)
