"""The general solver of leaders and followers against all patterns of tight constraints, in rationals."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.errors import Infeasible, InputError, SizeLimit, Unbounded, UnsupportedGame
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm
from gametheory.games.stackelberg import StackelbergGame
from gametheory.io.solutions import dumps, loads
from gametheory.solvers.bilevel.branch_and_bound import ComplementarityBranchAndBound

from ...benchmarks.bilevel_games import bilevel_game
from .patterns import best_of_all_patterns, random_game

KINDS = [(False, False), (False, True), (True, False), (True, True)]
FEW = range(30)


def _value(game: StackelbergGame, **options: Any) -> Any:
    """The certified value, None where nothing is feasible, or "unbounded"."""
    try:
        solution = gt.stackelberg_equilibrium(game, **options)
    except Infeasible:
        return None
    except Unbounded:
        return "unbounded"
    assert solution.certificate.strength == "exact", str(solution.certificate)
    assert solution.certificate.bound == 0
    assert solution.bound == solution.value
    return solution.value


@pytest.mark.parametrize(("leader", "follower"), KINDS)
def test_the_value_is_the_best_of_all_patterns(leader: bool, follower: bool) -> None:
    _compare(FEW, leader, follower)


@pytest.mark.slow
@pytest.mark.parametrize(("leader", "follower"), KINDS)
def test_the_value_is_the_best_of_all_patterns_in_many_games(leader: bool, follower: bool) -> None:
    _compare(range(1000, 1065), leader, follower)


def _compare(seeds: range, leader: bool, follower: bool) -> None:
    seen: Counter[str] = Counter()
    for seed in seeds:
        game = random_game(seed, quadratic_leader=leader, quadratic_follower=follower)
        value, known = _value(game), best_of_all_patterns(game)
        assert value == known, f"seed {seed}"
        seen["none" if value is None else "unbounded" if value == "unbounded" else "value"] += 1
    assert seen["value"] > len(seeds) / 3
    assert seen["none"], "nothing was infeasible: then that was not looked at"


@pytest.mark.parametrize(("leader", "follower"), KINDS)
def test_proved_bounds_change_no_value(leader: bool, follower: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    cuts = 0
    for seed in FEW:
        game = random_game(seed, quadratic_leader=leader, quadratic_follower=follower)
        value = _value(game)
        with monkeypatch.context() as patch:
            patch.setattr("gametheory.solvers.bilevel.branch_and_bound._PATIENCE", 0)
            assert _value(game) == value, f"seed {seed}"
            if value not in (None, "unbounded"):
                cuts += len(gt.stackelberg_equilibrium(game).witness["cuts"])
    assert cuts, "no cut was made: then this test looks at nothing"


def _moved(game: StackelbergGame, order: list[int]) -> StackelbergGame:
    """The same game with the variables of each block in another order (`order` says which old place comes when)."""
    place = {old: new for new, old in enumerate(order)}
    names = [game.names[k] for k in order]
    forms = [
        QuadraticForm(
            tuple((place[r], place[c], v) for r, c, v in form.quadratic),
            tuple((place[k], v) for k, v in form.linear),
            form.constant,
        )
        for form in game.objectives
    ]
    sets = [
        Polyhedron(
            tuple(names),
            tuple(own.lower[k] for k in order),
            tuple(own.upper[k] for k in order),
            tuple((tuple((place[k], a) for k, a in row), b) for row, b in reversed(own.inequalities)),
            tuple((tuple((place[k], a) for k, a in row), b) for row, b in own.equalities),
        )
        for own in game.constraints
    ]
    variables = tuple(tuple(names[k] for k in block) for block in game.blocks)
    return StackelbergGame(game.players, variables, tuple(forms), tuple(sets), game.sense)


@pytest.mark.parametrize(("leader", "follower"), KINDS)
def test_names_and_orders_do_not_matter(leader: bool, follower: bool) -> None:
    for seed in FEW:
        game = random_game(seed, quadratic_leader=leader, quadratic_follower=follower)
        order = [k for block in game.blocks for k in reversed(block)]
        assert _value(_moved(game, order)) == _value(game), f"seed {seed}"


def _scaled(game: StackelbergGame, factors: list[Any], sense: str) -> StackelbergGame:
    forms = tuple(form.scaled(f) for form, f in zip(game.objectives, factors, strict=True))
    return StackelbergGame(game.players, game.variables, forms, game.constraints, sense)


@pytest.mark.parametrize(("leader", "follower"), KINDS)
@pytest.mark.parametrize("factor", [10**5, Fraction(1, 10**5)])
def test_another_unit_of_money_scales_the_value(leader: bool, follower: bool, factor: Any) -> None:
    for seed in FEW:
        game = random_game(seed, quadratic_leader=leader, quadratic_follower=follower)
        value, scaled = _value(game), _value(_scaled(game, [factor] * len(game.players), "cost"))
        assert scaled == (value if value in (None, "unbounded") else factor * value), f"seed {seed}"
        alone = _value(_scaled(game, [1] + [factor] * (len(game.players) - 1), "cost"))
        assert alone == value, f"seed {seed}: a follower's own unit changed the leader's value"


@pytest.mark.parametrize(("leader", "follower"), KINDS)
def test_payoffs_are_costs_with_another_sign(leader: bool, follower: bool) -> None:
    for seed in FEW:
        game = random_game(seed, quadratic_leader=leader, quadratic_follower=follower)
        value, payoff = _value(game), _value(_scaled(game, [-1] * len(game.players), "payoff"))
        assert payoff == (value if value in (None, "unbounded") else -value), f"seed {seed}"


@pytest.mark.parametrize(("leader", "follower"), KINDS)
def test_relaxing_the_leaders_set_never_hurts(leader: bool, follower: bool) -> None:
    rank = {None: 2, "unbounded": 0}
    for seed in FEW:
        game = random_game(seed, quadratic_leader=leader, quadratic_follower=follower)
        own = game.constraints[0]
        upper = tuple(None if b is None else b + 1 for b in own.upper)
        wider = Polyhedron(own.variables, own.lower, upper, own.inequalities[1:], own.equalities)
        relaxed = StackelbergGame(
            game.players, game.variables, game.objectives, (wider, *game.constraints[1:]), game.sense
        )
        before, after = _value(game), _value(relaxed)
        if rank.get(before, 1) == 1 == rank.get(after, 1):
            assert after <= before, f"seed {seed}"
        else:
            assert rank.get(after, 1) <= rank.get(before, 1), f"seed {seed}"


def test_a_search_that_stops_says_how_far_it_may_be_from_the_best() -> None:
    game = gt.catalogue("candler_townsley_1982").game
    full = ComplementarityBranchAndBound().solve(game)
    seen = 0
    for most in range(2, full.iterations):
        try:
            solution = gt.stackelberg_equilibrium(game, solver=ComplementarityBranchAndBound(most_nodes=most))
        except (SizeLimit, UnsupportedGame):
            continue
        seen += 1
        assert solution.bound <= full.extra["value"] <= solution.value
        assert solution.certificate.holds(solution.epsilon), str(solution.certificate)
        assert solution.value - solution.bound <= solution.epsilon
        if solution.value > solution.bound:
            assert solution.status == "not converged"
            assert gt.certify(loads(dumps(solution))).strength == "exact", "a bound of costs lies below, in a file too"
    assert seen, "no limit left an answer: then this test looks at nothing"


def test_a_quadratic_leader_over_twenty_pairs_is_closed_without_pivoting_from_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the active set of the floats was not good enough")

    monkeypatch.setattr("gametheory.solvers.quadratic.system.System.pivoted", refuse)
    monkeypatch.setattr("gametheory.solvers.bilevel.exact_bound._simplex", refuse)
    for seed in range(3):
        game = bilevel_game(seed, 20, quadratic=bool(seed % 2))
        squares = tuple((k, k, 1 + k % 2) for k in range(0, len(game.names), 2))
        lead = game.objectives[0].plus(QuadraticForm(squares))
        forms = (lead, *game.objectives[1:])
        _value(StackelbergGame(game.players, game.variables, forms, game.constraints))


def test_a_solution_survives_a_file_and_is_certified_from_it() -> None:
    solution = gt.stackelberg_equilibrium(gt.catalogue("bard_1988_example_1").game)
    again = loads(dumps(solution))
    assert again.profile == solution.profile
    assert gt.certify(again).strength == "exact"


@pytest.mark.parametrize("words", [{"tie_breaking": "fair"}, {"most_nodes": 0}])
def test_unknown_settings_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        ComplementarityBranchAndBound(**words)


def test_what_cannot_be_bounded_is_refused_with_the_reason() -> None:
    saddle = StackelbergGame.from_terms(
        ("leader", {"x": (0, 1)}, {("x", "x"): -1}), [("follower", {"y": (0, 1)}, {"y": 1})]
    )
    with pytest.raises(UnsupportedGame, match="not convex, and strong duality"):
        gt.stackelberg_equilibrium(saddle)
    bent = StackelbergGame.from_terms(
        ("leader", {"x": (0, 1)}, {"x": 1}), [("follower", {"y": (0, 1)}, {("y", "y"): -1})]
    )
    with pytest.raises(UnsupportedGame, match="its own problem is not convex"):
        gt.stackelberg_equilibrium(bent)


def test_the_leader_pays_no_more_than_in_the_simultaneous_game() -> None:
    dice = random.Random(5)
    seen, strict = 0, 0
    for _ in range(40):
        lead: dict[Any, Any] = {("x", "x"): 1, "x": dice.randint(-4, 4), "y": dice.randint(-4, 4)}
        follow: dict[Any, Any] = {("y", "y"): 1, "y": dice.randint(-4, 4), ("x", "y"): dice.randint(-2, 2)}
        game = StackelbergGame.from_terms(("leader", {"x": (0, 3)}, lead), [("follower", {"y": (0, 3)}, follow)])
        boxes = (Polyhedron(("x",), (0,), (3,)), Polyhedron(("y",), (0,), (3,)))
        together = gt.nash_equilibria(gt.QuadraticGame(game.players, boxes, game.objectives))
        value = _value(game)
        for profile in together:
            seen += 1
            joint = (*profile[0], *profile[1])
            assert value <= game.objectives[0].value(joint)
            strict += value < game.objectives[0].value(joint)
    assert seen > 20
    assert strict, "leading was never worth anything: then this test looks at nothing"
