"""Zero-sum values, correlated equilibria and dominance: certified, and against other ways to the same answer."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory import NormalFormGame, certify, nash_equilibria, nash_equilibrium
from gametheory.errors import InputError, UnsupportedGame
from gametheory.solvers.normal_form.zero_sum import ZeroSumProgram

from .games import bimatrix, tables


@st.composite
def small_games(draw: st.DrawFn) -> NormalFormGame:
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    numbers = st.integers(-3, 3)
    return NormalFormGame(*(draw(tables(shape, numbers)) for _ in shape))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_value_is_that_of_every_equilibrium(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    game = NormalFormGame.zero_sum(data.draw(tables(shape, st.integers(-5, 5))))
    one = nash_equilibrium(game)
    assert one.method == "ZeroSumProgram"
    assert one.certificate.holds()
    assert {game.expected_payoffs(p)[0] for p in nash_equilibria(game)} == {one.details["value"]}


def test_a_large_zero_sum_game_goes_by_way_of_floats_and_is_exact() -> None:
    rng = random.Random(5)
    game = NormalFormGame.zero_sum([[rng.randint(-99, 99) for _ in range(30)] for _ in range(25)])
    assert nash_equilibrium(game).certificate.bound == 0


def test_other_sums_are_refused() -> None:
    with pytest.raises(UnsupportedGame, match="do not sum to a constant"):
        nash_equilibrium(NormalFormGame([[1, 0]], [[0, 0]]), solver=ZeroSumProgram())


@settings(max_examples=80, deadline=None)
@given(small_games())
def test_correlated_equilibria_are_certified_and_ordered(game: NormalFormGame) -> None:
    best = gt.correlated_equilibrium(game)
    coarse = gt.coarse_correlated_equilibrium(game)
    assert best.certificate.holds()
    assert coarse.certificate.holds()
    assert "none has a larger objective" in best.certificate.claim
    assert best.details["objective"] == sum(best.payoffs)
    assert coarse.details["objective"] >= best.details["objective"]
    if len(game.shape) == 2:  # every Nash equilibrium is a correlated one
        for profile in nash_equilibria(game):
            cells = [x * y for x in profile[0] for y in profile[1]]
            assert certify(game, cells, concept="correlated_equilibrium").holds()
            assert sum(game.expected_payoffs(profile)) <= best.details["objective"]


@settings(max_examples=40, deadline=None)
@given(bimatrix(3), st.data())
def test_any_linear_objective(game: NormalFormGame, data: st.DataObject) -> None:
    table = data.draw(tables(game.shape, st.integers(-3, 3)))
    best = gt.correlated_equilibrium(game, objective=table)
    worst = gt.correlated_equilibrium(game, objective=[[-x for x in row] for row in table])
    assert best.certificate.holds()
    assert best.details["objective"] >= -worst.details["objective"]


class TestCorrelatedCertificate:
    chicken = NormalFormGame([[6, 2], [7, 0]], [[6, 7], [2, 0]])

    def test_the_classic_third_each(self) -> None:
        third = Fraction(1, 3)
        assert certify(self.chicken, [third, third, third, 0], concept="correlated_equilibrium").holds()

    def test_a_profitable_answer_is_named(self) -> None:
        verdict = certify(self.chicken, [1, 0, 0, 0], concept="correlated_equilibrium")
        assert verdict.strength == "refuted"
        assert verdict.bound == 1
        assert verdict.witness["deviation"]["strategy"] == "1"

    def test_a_second_best_with_wrong_multipliers_is_refuted(self) -> None:
        third = Fraction(1, 3)
        verdict = certify(
            self.chicken,
            [third, third, third, 0],
            concept="correlated_equilibrium",
            witness={"objective": (12, 9, 9, 0), "multipliers": ()},
        )
        assert verdict.strength == "refuted"

    @pytest.mark.parametrize("bad", [[1, 0, 0], [1, 1, 0, 0], [2, -1, 0, 0], "half", [0.5, 0.5, 0, float("nan")]])
    def test_no_distribution(self, bad: object) -> None:
        with pytest.raises(InputError):
            certify(self.chicken, bad, concept="correlated_equilibrium")


@settings(max_examples=60, deadline=None)
@given(small_games(), st.booleans(), st.booleans(), st.booleans())
def test_elimination_is_certified(game: NormalFormGame, weak: bool, mixed: bool, iterated: bool) -> None:
    found = gt.dominance(game, weak=weak, mixed=mixed, iterated=iterated)
    assert found.certificate.holds(), found.certificate
    if iterated and not weak:
        inner = game.restricted(found.profile)
        assert gt.dominance(inner, mixed=mixed).eliminated == ()


@settings(max_examples=60, deadline=None)
@given(bimatrix())
def test_strict_elimination_keeps_all_equilibria_and_weak_keeps_some(game: NormalFormGame) -> None:
    strict = gt.dominance(game)
    for profile in nash_equilibria(game):
        for strategy, own in zip(profile, strict.profile, strict=True):
            assert {k for k, p in enumerate(strategy) if p} <= set(own)
    weak = gt.dominance(game, weak=True)
    inner = nash_equilibrium(game.restricted(weak.profile)).profile
    grown = []
    for strategy, own, size in zip(inner, weak.profile, game.shape, strict=True):
        by_place = dict(zip(own, strategy, strict=True))
        grown.append([by_place.get(k, 0) for k in range(size)])
    assert certify(game, grown).holds()


def test_a_forged_elimination_is_refuted() -> None:
    game = NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    forged = {"steps": ((0, 0, 1, (1, 0)),), "beliefs": ()}
    verdict = certify(game, ((0,), (0, 1)), concept="dominance", witness=forged)
    assert verdict.strength == "refuted"
    unproved = certify(game, ((0, 1), (0, 1)), concept="dominance", witness={})
    assert unproved.strength == "refuted"


def test_a_case_in_which_a_peer_removes_a_best_reply() -> None:
    """Gambit 17.0.0b2 removes strategy 0 as strictly dominated, which is the best reply to column 1."""
    game = NormalFormGame([[0, 3], [0, 1], [4, 2], [1, 0]], [[4, 4], [3, 0], [4, 0], [2, 1]])
    assert gt.dominance(game, mixed=False).profile == ((0, 2), (0, 1))
    assert gt.best_response(game, (1, 1), 0).strategies == ("0",)
