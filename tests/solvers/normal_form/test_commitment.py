"""Commitment in finite games: known answers, theory, a peer in floats, and wrong claims that are refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.commitment import check_commitment
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.io.solutions import loads
from gametheory.solvers.normal_form.commitment import MixedCommitment, PureCommitment

HALF = Fraction(1, 2)
#: The first strategy is dominant, yet the leader gains by committing to play it half of the time only.
LEADING = NormalFormGame([[2, 4], [1, 3]], [[1, 0], [0, 1]])


@st.composite
def games(draw: st.DrawFn) -> NormalFormGame:
    """Small payoffs: ties, replies that are never best and replies that pay the same are common."""
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    high = draw(st.sampled_from([1, 2, 9]))
    row = st.lists(st.integers(0, high), min_size=shape[1], max_size=shape[1])
    table = st.lists(row, min_size=shape[0], max_size=shape[0])
    return NormalFormGame(draw(table), draw(table))


def solve(game: NormalFormGame, **options: Any) -> Any:
    return gt.stackelberg_equilibrium(game, solver=MixedCommitment(**options))


def solve_pure(game: NormalFormGame, **options: Any) -> Any:
    return gt.stackelberg_equilibrium(game, solver=PureCommitment(**options))


def test_committing_beats_a_dominant_strategy() -> None:
    mixed = gt.stackelberg_equilibrium(LEADING)
    assert (mixed.value, mixed.bound, mixed.attained) == (Fraction(7, 2), Fraction(7, 2), True)
    assert mixed.leader == {"player 0": {"0": HALF, "1": HALF}}
    assert mixed.follower == {"player 1": "1"}
    assert mixed.details["payoffs"] == (Fraction(7, 2), HALF)
    pure = solve_pure(LEADING)
    assert (pure.value, pure.follower) == (3, {"player 1": "1"})
    # Against the leader the tie at 1/2 breaks to the left: 7/2 is approached and not reached.
    against = gt.stackelberg_equilibrium(LEADING, tie_breaking="pessimistic")
    assert (against.value, against.attained) == (Fraction(7, 2), False)
    assert against.details["tie_breaking"] == "pessimistic"
    assert "none guarantees it" in against.certificate.claim
    assert loads(against.to_json()) == against
    assert gt.certify(against) == against.certificate


@settings(max_examples=60)
@given(games(), st.sampled_from([0, 1]))
def test_the_order_of_the_values(game: NormalFormGame, leader: int) -> None:
    found = {
        (kind, ties): kind(game, leader=leader, tie_breaking=ties)
        for kind in (solve, solve_pure)
        for ties in ("optimistic", "pessimistic")
    }
    for solution in found.values():
        assert solution.certificate.strength == "exact"
        assert solution.certificate.holds()
    values = {key: solution.value for key, solution in found.items()}
    for kind in (solve, solve_pure):
        assert values[kind, "optimistic"] >= values[kind, "pessimistic"]
    for ties in ("optimistic", "pessimistic"):
        assert values[solve, ties] >= values[solve_pure, ties]
    # Committing is worth at least every equilibrium of the simultaneous game (von Stengel and Zamir).
    best = max(game.expected_payoffs(profile)[leader] for profile in gt.nash_equilibria(game))
    assert values[solve, "optimistic"] >= best


@settings(max_examples=40)
@given(games())
def test_no_commitment_of_a_grid_is_better(game: NormalFormGame) -> None:
    own, theirs = (np.array(table.fractions().tolist(), dtype=float) for table in game.payoffs)
    solutions = {ties: solve(game, tie_breaking=ties) for ties in ("optimistic", "pessimistic")}
    rows, parts = game.shape[0], 12
    near = {"optimistic": -np.inf, "pessimistic": -np.inf}
    for counts in product(range(parts + 1), repeat=rows - 1):
        if sum(counts) > parts:
            continue
        x = np.array([*counts, parts - sum(counts)]) / parts
        replies = np.flatnonzero(x @ theirs >= (x @ theirs).max() - 1e-9)
        earned = (x @ own)[replies]
        near["optimistic"] = max(near["optimistic"], earned.max())
        near["pessimistic"] = max(near["pessimistic"], earned.min())
    for ties, solution in solutions.items():
        assert near[ties] <= float(solution.value) + 1e-9
    chosen = solutions["pessimistic"]
    if chosen.attained:
        columns = [
            [sum(p * v for p, v in zip(chosen.profile["commitment"], column, strict=True)) for column in table]
            for table in (payoffs.fractions().T.tolist() for payoffs in game.payoffs)
        ]
        best = max(columns[1])
        assert min(u for u, v in zip(*columns, strict=True) if v == best) == chosen.value


@settings(max_examples=30)
@given(games())
def test_multiple_linear_programmes_in_floats_agree(game: NormalFormGame) -> None:
    from scipy.optimize import linprog

    own, theirs = (np.array(table.fractions().tolist(), dtype=float) for table in game.payoffs)
    best = -np.inf
    for j in range(game.shape[1]):
        answer = linprog(
            -own[:, j],
            A_ub=(theirs - theirs[:, [j]]).T,
            b_ub=np.zeros(game.shape[1]),
            A_eq=np.ones((1, game.shape[0])),
            b_eq=[1],
        )
        best = max(best, -answer.fun) if answer.status == 0 else best
    assert float(solve(game).value) == pytest.approx(best, abs=1e-8)


@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=2, max_size=3))
def test_committing_is_worth_nothing_in_a_game_of_zero_sum(table: list[list[int]]) -> None:
    game = NormalFormGame.zero_sum(table)
    value = game.expected_payoffs(gt.nash_equilibrium(game).profile)[0]
    assert solve(game).value == solve(game, tie_breaking="pessimistic").value == value


@given(games(), st.integers(1, 5), st.integers(-5, 5))
def test_names_and_units(game: NormalFormGame, factor: int, shift: int) -> None:
    own, theirs = (table.fractions() for table in game.payoffs)
    other = NormalFormGame((own * factor + shift).tolist(), (theirs * 3).tolist())
    swapped = NormalFormGame(theirs.T.tolist(), own.T.tolist())
    for ties in ("optimistic", "pessimistic"):
        solution = solve(game, tie_breaking=ties)
        assert solve(other, tie_breaking=ties).value == solution.value * factor + shift
        mirrored = solve(swapped, leader=1, tie_breaking=ties)
        assert (mirrored.value, mirrored.attained) == (solution.value, solution.attained)
        assert mirrored.profile["commitment"] == solution.profile["commitment"]
    assert solve(game, leader="player 0").value == solve(game).value


def profile(**changes: Any) -> dict[str, Any]:
    return {"leader": "player 0", "commitment": (HALF, HALF), "reply": 1, **changes}


@pytest.mark.parametrize(
    ("changes", "key", "value"),
    [
        ({"commitment": (0, 1)}, "leader_regret", HALF),
        ({"commitment": (Fraction(51, 100), Fraction(49, 100))}, "follower_regret", Fraction(1, 50)),
        ({"commitment": (Fraction(49, 100), Fraction(51, 100))}, "leader_regret", Fraction(1, 100)),
        ({"reply": 0}, "leader_regret", 2),
        ({"pure": True, "commitment": (1, 0), "reply": 0}, "leader_regret", 1),
        ({"tie_breaking": "pessimistic"}, "problem", "another best reply is worse for the leader"),
        ({"tie_breaking": "pessimistic", "attained": False, "commitment": (0, 1)}, "leader_regret", HALF),
    ],
)
def test_what_is_not_best_is_refuted(changes: dict[str, Any], key: str, value: Any) -> None:
    certificate = check_commitment(LEADING, profile(**changes))
    assert certificate.strength == "refuted"
    assert certificate.witness[key] == value
    assert check_commitment(LEADING, profile()).holds()


def test_a_value_that_is_attained_may_not_be_called_a_supremum() -> None:
    game = NormalFormGame([[2, 0], [1, 1]], [[1, 0], [1, 0]])
    assert solve(game, tie_breaking="pessimistic").attained
    claim = profile(commitment=(1, 0), reply=0, tie_breaking="pessimistic", attained=False)
    certificate = check_commitment(game, claim)
    assert certificate.strength == "refuted"
    assert "attained" in certificate.witness["problem"]
    # A reply that no commitment can force is no limit either.
    tied = NormalFormGame([[2, 0], [1, 1]], [[1, 1], [1, 0]])
    claim = profile(commitment=(1, 0), reply=1, tie_breaking="pessimistic", attained=False)
    assert "leaves the follower only" in check_commitment(tied, claim).witness["problem"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"leader": "nobody"}, "leader"),
        ({"reply": 2}, "reply"),
        ({"reply": "left"}, "reply"),
        ({"commitment": (1, 1)}, "sum to"),
        ({"pure": True}, "mixed"),
        ({"tie_breaking": "either"}, "tie_breaking"),
        ({"attained": False}, "attained=True"),
    ],
)
def test_profiles_that_are_none_are_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        check_commitment(LEADING, profile(**changes))


def test_what_the_solvers_refuse() -> None:
    three = gt.catalogue("nau_irrational").game
    with pytest.raises(InputError, match="3 players"):
        gt.stackelberg_equilibrium(three)
    with pytest.raises(UnsupportedGame, match="3 players"):
        check_commitment(three, profile())
    for solver in (MixedCommitment, PureCommitment):
        with pytest.raises(InputError, match="tie_breaking"):
            solver(tie_breaking="either")
        with pytest.raises(InputError):
            gt.stackelberg_equilibrium(LEADING, solver=solver(leader="nobody"))


def test_it_can_be_shown() -> None:
    pytest.importorskip("pandas")
    frame = gt.stackelberg_equilibrium(LEADING).to_frame()
    shown = dict(zip(zip(frame["name"], frame["index"], strict=True), frame["value"], strict=True))
    assert shown["leader", ""] == "player 0"
    assert [shown["commitment", k] for k in ("0", "1")] == [0.5, 0.5]
    assert shown["reply", ""] == 1
    assert "Leader: player 0" in gt.stackelberg_equilibrium(LEADING).explain()
