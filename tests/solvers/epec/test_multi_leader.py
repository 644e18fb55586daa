"""Several leaders: closed forms, all equilibria against one found in turn, and certificates that refuse."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy

import gametheory as gt
from gametheory.catalogue.multi_leader import forward_market, generator_bids, stackelberg_cournot
from gametheory.errors import Infeasible, InputError, SizeLimit, Unbounded, UnsupportedGame
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.io.solutions import dumps, loads
from gametheory.models.cournot import Cournot
from gametheory.result import Status
from gametheory.solvers.epec.diagonalisation import Diagonalisation
from gametheory.solvers.epec.pattern_enumeration import PatternEnumeration

FEW = range(12)


def random_game(seed: int, leaders: int = 2) -> MultiLeaderGame:
    """Return a small game of leaders with convex costs over followers who answer each other; kinks are common."""
    dice = random.Random(seed)
    xs, ys = [f"x{i}" for i in range(leaders)], [f"y{j}" for j in range(dice.randint(1, 2))]
    leading, following = [], []
    for x in xs:
        cost: dict[Any, Any] = {(x, x): dice.randint(0, 2), x: dice.randint(-4, 3)}
        for y in ys:
            cost[y] = dice.randint(-3, 3)
            cost[y, y] = dice.randint(0, 1)
        for other in xs:
            if other != x:
                cost[x, other] = dice.randint(-2, 2)
        leading.append((f"leader {x}", {x: (0, dice.choice([2, 3]))}, cost))
    for y in ys:
        reply: dict[Any, Any] = {(y, y): dice.randint(1, 2), y: dice.randint(-4, 2)}
        for x in xs:
            reply[x, y] = dice.randint(-2, 2)
        for other in ys:
            if other != y:
                reply[y, other] = dice.randint(-1, 1)
        following.append((f"follower {y}", {y: dice.choice([(0, None), (0, 3)])}, reply))
    return MultiLeaderGame.from_terms(leading, following)


def _within(joint: Any, box: Any) -> bool:
    return all(
        (low is None or low <= v) and (high is None or v <= high) for v, (low, high) in zip(joint, box, strict=True)
    )


def _joint(profile: Any) -> list[Fraction]:
    return [v for own in (*profile["decisions"], *profile["replies"]) for v in own]


def _compare(seeds: range) -> None:
    seen = {"none": 0, "one": 0, "several": 0}
    for seed in seeds:
        game = random_game(seed)
        every = gt.stackelberg_equilibria(game)
        assert every.certificate.strength == "exact", f"seed {seed}: {every.certificate}"
        for start in (((0,), (0,)), ((2,), (1,))):
            one = gt.stackelberg_equilibrium(game, solver=Diagonalisation(start=start))
            if one.status is Status.SOLVED:
                assert one.certificate.strength == "exact", f"seed {seed}"
                joint = _joint(one.profile)
                listed = one.profile in list(every)
                assert listed or any(_within(joint, u["box"]) for u in every.unresolved), f"seed {seed}: not listed"
            else:
                assert one.certificate.strength == "refuted", f"seed {seed}"
        if every.complete:
            seen["none" if not len(every) else "one" if len(every) == 1 else "several"] += 1
    assert seen["one"], seen
    assert seen["none"] + seen["several"], seen


def test_what_is_found_in_turn_is_among_all_equilibria() -> None:
    _compare(FEW)


@pytest.mark.slow
def test_what_is_found_in_turn_is_among_all_equilibria_of_many_games() -> None:
    _compare(range(100, 150))


def test_one_leader_alone_is_a_stackelberg_game() -> None:
    for seed in FEW:
        game = random_game(seed, leaders=1)
        alone = StackelbergGame(game.players, game.variables, game.objectives, game.constraints, game.sense)
        assert game.seen_by(0, ((),)) == alone
        value = gt.stackelberg_equilibrium(alone).value
        every = gt.stackelberg_equilibria(game)
        assert len(every) >= 1
        assert {game.values(_joint(profile))[0] for profile in every} == {value}, f"seed {seed}"


def _sherali(dice: random.Random) -> tuple[MultiLeaderGame, int, int, Fraction]:
    m, n = dice.randint(1, 3), dice.randint(1, 2)
    cost, margin, slope = dice.randint(0, 4), dice.randint(1, 9), Fraction(dice.randint(1, 4), 2)
    return stackelberg_cournot([cost] * m, [cost] * n, intercept=cost + margin, slope=slope), m, n, margin / slope


def test_identical_firms_are_sheralis_closed_form_and_it_is_the_only_equilibrium() -> None:
    dice = random.Random(7)
    for _ in range(6):
        game, m, n, width = _sherali(dice)
        lead, follow = width / (m + 1), width / ((m + 1) * (n + 1))
        expected = {"decisions": ((lead,),) * m, "replies": ((follow,),) * n, "tie_breaking": "optimistic"}
        one = gt.stackelberg_equilibrium(game)
        assert one.profile == expected
        assert one.certificate.strength == "exact"
        assert one.certificate.holds()
        every = gt.stackelberg_equilibria(game)
        assert list(every) == [expected]
        assert every.complete


def test_leaders_sell_more_than_in_the_simultaneous_game_and_a_single_leader_earns_more() -> None:
    dice = random.Random(8)
    for _ in range(5):
        game, m, n, width = _sherali(dice)
        found = gt.stackelberg_equilibrium(game)
        firms = Cournot(costs=(0,) * (m + n), intercept=width, slope=1).quantity
        assert sum(_joint(found.profile)) > firms * (m + n)
        if m == 1:
            slope = -game.objectives[0].quadratic[0][2] / 2
            assert found.value[0] > slope * firms**2


def test_forward_sales_are_allaz_and_vilas_closed_form() -> None:
    for firms, margin in ((2, 5), (2, 12), (3, 20)):
        game = forward_market([1] * firms, intercept=1 + margin)
        found = gt.stackelberg_equilibrium(game)
        cover, sold = Fraction(margin * (firms - 1), firms**2 + 1), Fraction(margin * firms, firms**2 + 1)
        assert found.profile["decisions"] == ((cover,),) * firms
        assert found.profile["replies"] == ((sold,),) * firms
        assert found.certificate.holds()


@pytest.mark.parametrize("factor", [10**5, Fraction(1, 10**5)])
def test_another_unit_of_money_changes_no_decision(factor: Any) -> None:
    for seed in range(6):
        game = random_game(seed)
        scaled = replace(game, objectives=tuple(form.scaled(factor) for form in game.objectives))
        first, second = gt.stackelberg_equilibria(game), gt.stackelberg_equilibria(scaled)
        assert first.complete == second.complete
        if first.complete:
            assert sorted(map(str, first)) == sorted(map(str, second)), f"seed {seed}"


def test_payoffs_are_costs_with_another_sign() -> None:
    for seed in range(4):
        game = random_game(seed)
        turned = replace(game, objectives=tuple(form.scaled(-1) for form in game.objectives), sense="payoff")
        assert sorted(map(str, gt.stackelberg_equilibria(game))) == sorted(map(str, gt.stackelberg_equilibria(turned)))


@pytest.mark.parametrize("name", ["sherali_two_leaders_two_followers", "allaz_vila_duopoly"])
def test_a_decision_that_is_moved_by_a_percent_is_refuted_with_the_better_one(name: str) -> None:
    entry = gt.catalogue(name)
    (known,) = entry.answers["stackelberg_equilibria"]
    (first,), *rest = known["decisions"]
    moved = ((first * Fraction(101, 100),), *rest)
    # The followers answer the moved decision: only the leader's own regret is wrong.
    game = entry.game.seen_by(0, moved)
    replies = gt.stackelberg_equilibrium(
        replace(
            game,
            constraints=(
                replace(game.constraints[0], lower=(moved[0][0], *game.constraints[0].lower[1:]),
                        upper=(moved[0][0], *game.constraints[0].upper[1:])),
                *game.constraints[1:],
            ),
        )
    ).profile["replies"]  # fmt: skip
    certificate = gt.certify(entry.game, {"decisions": moved, "replies": replies})
    assert certificate.strength == "refuted"
    assert certificate.witness["leader"] == entry.game.players[0]
    assert "better_decision" in certificate.witness


def test_all_of_it_is_judged_again_from_the_file_and_what_is_changed_there_is_found() -> None:
    every = gt.stackelberg_equilibria(gt.catalogue("leaders_with_two_equilibria").game)
    again = loads(dumps(every))
    assert gt.certify(again) == every.certificate
    fewer = replace(again, profile=again.profile[:1], witness={**again.witness, "equilibria": ()})
    assert gt.certify(fewer).strength == "refuted", "a list with one equilibrium left out is not complete"
    cut = replace(again, witness={**again.witness, "tree": again.witness["tree"][:-1]})
    assert gt.certify(cut).strength == "refuted"
    assert not gt.certify(again.game, again.profile, concept="stackelberg_equilibria").witness["complete"]
    one = gt.stackelberg_equilibrium(again.game)
    assert gt.certify(loads(dumps(one))) == one.certificate
    assert gt.certify(replace(one, value=(one.value[0] + 1, *one.value[1:]))).strength == "refuted"


def test_every_leaf_is_needed_and_no_leaf_can_be_swapped() -> None:
    """Of the tree that proves that there is no equilibrium every leaf is replaced by every other one."""
    none = gt.stackelberg_equilibria(gt.catalogue("pang_fukushima_2005").game)
    tree = none.witness["tree"]
    leaves = [k for k, entry in enumerate(tree) if not isinstance(entry, int)]
    points = {k for k in leaves if tree[k][0] == "point"}
    assert len(points) == 2
    for k in points:
        other = next(iter(points - {k}))
        for wrong in (("empty", ()), tree[other], ("open", ())):
            changed = (*tree[:k], wrong, *tree[k + 1 :])
            found = gt.certify(
                none.game, (), concept="stackelberg_equilibria", witness={**none.witness, "tree": changed}
            )
            assert not found.witness["complete"], f"leaf {k} as {wrong[0]}"
    joint, word, leader, _ = none.witness["points"][0]
    worse = (joint, word, leader, tuple(joint[k] for k in (leader, 2)))
    found = gt.certify(
        none.game, (), concept="stackelberg_equilibria",
        witness={**none.witness, "points": (worse, *none.witness["points"][1:])},
    )  # fmt: skip
    assert not found.witness["complete"]


def test_a_cycle_is_called_a_cycle_and_a_segment_is_not_called_complete() -> None:
    cycle = gt.stackelberg_equilibrium(gt.catalogue("pang_fukushima_2005").game)
    assert cycle.status is Status.CYCLE
    assert len(cycle.details["cycle"]) == 2
    assert cycle.certificate.strength == "refuted"
    segment = gt.stackelberg_equilibria(gt.catalogue("leaders_at_a_followers_exit").game)
    assert not segment.complete
    ((low, high), *_) = segment.unresolved[0]["box"]
    assert (low, high) == (3, Fraction(7, 2))
    assert all(gt.certify(segment.game, profile).holds() for profile in segment)


def test_whole_sets_are_closed_by_one_better_decision_and_that_proof_cannot_be_bent() -> None:
    """With bids above all worth a generator is out of the market: sets of stationary points, none an equilibrium."""
    every = gt.stackelberg_equilibria(generator_bids(highest_bid=20))
    assert every.complete
    (only,) = every
    assert only["decisions"] == ((Fraction(18, 5),), (Fraction(18, 5),))
    tree = every.witness["tree"]
    assert gt.certify(loads(dumps(every))) == every.certificate
    sets = [k for k, entry in enumerate(tree) if not isinstance(entry, int) and entry[0] == "beaten"]
    assert len(sets) > 10, "no set was closed: then this test looks at nothing"
    for k in sets[:1]:
        _, leader, decision, fixed, replies, forces, proofs, at, gap = tree[k]
        (constant, terms), *rest = replies
        worse = tuple(v + 9 for v in decision)
        moved = ((constant + 1, terms), *rest)
        negative = tuple((-c, t) for c, t in forces)
        for bent in (
            ("beaten", 1 - leader, decision, fixed, replies, forces, proofs, at, gap),
            ("beaten", leader, worse, fixed, replies, forces, proofs, at, gap),
            ("beaten", leader, decision, fixed, moved, forces, proofs, at, gap),
            ("beaten", leader, decision, fixed, replies, negative, proofs, at, gap),
            ("beaten", leader, decision, fixed, replies, forces, proofs[1:], at, gap),
            ("beaten", leader, decision),
        ):
            changed = {**every.witness, "tree": (*tree[:k], bent, *tree[k + 1 :])}
            found = gt.certify(every.game, every.profile, concept="stackelberg_equilibria", witness=changed)
            assert not found.witness["complete"], f"leaf {k}: {bent[1:3]}"


def test_sympy_writes_the_same_game() -> None:
    a, b, y = sympy.symbols("a b y")
    total = a + b + y
    written = gt.StackelbergGame.from_sympy(
        leaders={"A": (a, a * (9 - total)), "B": (b, b * (9 - total))},
        followers={"F": (y, y * (9 - total))},
        bounds={a: (0, None), b: (0, None), y: (0, None)},
        sense="payoff",
    )
    assert isinstance(written, MultiLeaderGame)
    assert gt.stackelberg_equilibrium(written).leader == {"A": {"a": Fraction(3)}, "B": {"b": Fraction(3)}}


def test_what_is_no_such_game_is_refused() -> None:
    game = random_game(0)
    lead = ("L", {"x": (0, 1)}, {"x": 1})
    with pytest.raises(InputError, match="0 followers"):
        MultiLeaderGame.from_terms([lead], [])
    with pytest.raises(InputError, match="nobody follows"):
        replace(game, leaders=len(game.players))
    with pytest.raises(InputError, match="at least one leader"):
        replace(game, leaders=0)
    with pytest.raises(UnsupportedGame, match="pessimistic"):
        gt.stackelberg_equilibrium(game, tie_breaking="pessimistic")
    with pytest.raises(SizeLimit, match="most_nodes"):
        PatternEnumeration(most_nodes=2).solve(game)
    with pytest.raises(InputError, match="start"):
        gt.stackelberg_equilibrium(game, solver=Diagonalisation(start=((1,),)))
    with pytest.raises(InputError, match="decisions"):
        gt.certify(game, {"replies": ()}, concept="stackelberg_equilibrium")
    bent = MultiLeaderGame.from_terms([lead], [("F", {"y": (0, 1)}, {("y", "y"): -1})])
    with pytest.raises(UnsupportedGame, match="not convex"):
        gt.stackelberg_equilibria(bent)
    endless = MultiLeaderGame.from_terms([("L", {"x": (0, None)}, {"x": -1})], [("F", {"y": (0, 1)}, {"y": 1})])
    with pytest.raises(Unbounded):
        gt.stackelberg_equilibrium(endless)
    assert len(gt.stackelberg_equilibria(endless)) == 0
    empty = MultiLeaderGame.from_terms(
        [lead, ("M", {"z": (0, 1)}, {"z": 1})],
        [("F", {"y": (0, 1)}, {"y": 1})],
        constraints={"L": [({"x": 1, "z": 1}, ">=", 3)]},
    )
    with pytest.raises(Infeasible, match="while the other leaders"):
        gt.stackelberg_equilibrium(empty)
    none = gt.stackelberg_equilibria(empty)
    assert (len(none), none.complete) == (0, True)
