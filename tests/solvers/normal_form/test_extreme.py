"""All equilibria of two players: against the definition, against lrsnash, under relabelling and scaling."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory import NormalFormGame, certify, nash_equilibria, nash_equilibrium, regret
from gametheory.catalogue import catalogue
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
from gametheory.solvers.normal_form.nash_subsets import components, maximal_subsets

from .games import bimatrix, lrs, needs_lrs


@settings(max_examples=150, deadline=None)
@given(bimatrix())
def test_every_answer_is_complete_and_its_indices_sum_to_one(game: NormalFormGame) -> None:
    found = nash_equilibria(game)
    assert found.complete
    assert found.certificate.holds()
    assert "no extreme equilibrium is missing" in found.certificate.claim
    assert sum(index or 0 for index in found.indices) == 1


@settings(max_examples=60, deadline=None)
@given(bimatrix(), st.data())
def test_mixtures_within_a_subset_are_equilibria(game: NormalFormGame, data: st.DataObject) -> None:
    found = nash_equilibria(game)
    subset = data.draw(st.sampled_from([subset for component in found.components for subset in component]))
    profile = []
    for corners in subset:
        weights = data.draw(st.lists(st.integers(1, 5), min_size=len(corners), max_size=len(corners)))
        mass = sum(weights)
        profile.append(
            tuple(
                sum((Fraction(w, mass) * c[k] for w, c in zip(weights, corners, strict=True)), Fraction(0))
                for k in range(len(corners[0]))
            )
        )
    assert regret(game, profile) == 0


@settings(max_examples=60, deadline=None)
@given(bimatrix(), st.randoms(use_true_random=False), st.integers(1, 9), st.integers(-20, 20))
def test_relabelling_scaling_and_swapping_carry_the_answer_along(
    game: NormalFormGame, rng: random.Random, scale: int, shift: int
) -> None:
    rows, columns = (rng.sample(range(m), m) for m in game.shape)
    a, b = (table.fractions() for table in game.payoffs)
    moved = NormalFormGame((a[rows][:, columns] * scale + shift), b[rows][:, columns] + shift)
    expected = {(tuple(x[k] for k in rows), tuple(y[k] for k in columns)) for x, y in nash_equilibria(game)}
    assert set(nash_equilibria(moved)) == expected
    swapped = NormalFormGame(b.T, a.T)
    assert {(y, x) for x, y in nash_equilibria(swapped)} == set(nash_equilibria(game))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 7), st.sampled_from([3, 30, 10**6]))
def test_proved_floats_and_integers_agree(seed: int, rows: int, columns: int, largest: int) -> None:
    rng = random.Random(seed)
    game = NormalFormGame(*([[rng.randint(0, largest) for _ in range(columns)] for _ in range(rows)] for _ in "ab"))
    quick, whole = ExtremeEquilibria().solve(game), ExtremeEquilibria(exact=True).solve(game)
    assert quick.profile == whole.profile
    assert quick.extra["indices"] == whole.extra["indices"]
    assert quick.extra["components"] == whole.extra["components"]


def test_the_float_proof_runs_where_nothing_ties() -> None:
    rng = random.Random(11)
    game = NormalFormGame(*([[rng.randint(0, 10**6) for _ in range(9)] for _ in range(9)] for _ in "ab"))
    assert "every sign proved" in ExtremeEquilibria().solve(game).extra["reason"]
    tied = NormalFormGame([[1, 1], [0, 0]], [[1, 1], [0, 0]])
    assert "every sign proved" not in ExtremeEquilibria().solve(tied).extra["reason"]


@settings(max_examples=60, deadline=None)
@given(bimatrix(), st.integers(0, 7))
def test_lemke_howson_ends_in_a_listed_component_from_every_label(game: NormalFormGame, label: int) -> None:
    one = nash_equilibrium(game, solver=LemkeHowson(initial_label=label % sum(game.shape)))
    assert one.certificate.holds()
    assert one.profile in set(nash_equilibria(game))


@pytest.mark.peers
@needs_lrs
@pytest.mark.parametrize("largest", [1, 2, 9, 1000])
def test_lrsnash_lists_the_same_equilibria(largest: int) -> None:
    rng = random.Random(largest)
    for _ in range(40):
        shape = rng.randint(1, 6), rng.randint(1, 6)
        game = NormalFormGame(
            *([[rng.randint(0, largest) for _ in range(shape[1])] for _ in range(shape[0])] for _ in "ab")
        )
        assert set(nash_equilibria(game)) == lrs(game), game.payoffs


def test_the_kohlberg_mertens_component_is_a_circle() -> None:
    (component,) = nash_equilibria(catalogue("kohlberg_mertens_1986").game).components
    assert sorted(tuple(map(len, subset)) for subset in component) == [(1, 2)] * 3 + [(2, 1)] * 3
    meetings = [sum(len(set(a[0]) & set(b[0])) * len(set(a[1]) & set(b[1])) for b in component) for a in component]
    assert meetings == [4] * 6  # its own two ends, and one end of each of two neighbours


def test_subsets_and_components_of_a_path() -> None:
    path = [(0, 0), (0, 1), (1, 1), (1, 2), (5, 7)]
    assert components(path) == [path[:4], path[4:]]
    assert maximal_subsets(path) == [((0,), (0, 1)), ((0, 1), (1,)), ((1,), (1, 2)), ((5,), (7,))]


class TestCertificate:
    battle = NormalFormGame([[3, 0], [0, 2]], [[2, 0], [0, 3]])

    def test_a_missing_equilibrium_is_named(self) -> None:
        found = nash_equilibria(self.battle)
        verdict = certify(self.battle, found.profile[1:], concept="nash_equilibria")
        assert verdict.strength == "refuted"
        assert verdict.witness["missing"] == found.profile[0]

    def test_a_list_that_does_not_claim_to_be_complete_may_be_short(self) -> None:
        found = nash_equilibria(self.battle)
        verdict = certify(self.battle, found.profile[1:], concept="nash_equilibria", witness={"complete": False})
        assert verdict.holds()

    def test_a_spurious_profile_is_refuted_with_its_regret(self) -> None:
        verdict = certify(self.battle, [(0, 1)], concept="nash_equilibria")
        assert verdict.strength == "refuted"
        assert verdict.bound == 2

    def test_a_repeated_profile_is_refuted(self) -> None:
        verdict = certify(self.battle, [(0, 0), (0, 0)], concept="nash_equilibria")
        assert "twice" in verdict.claim
        assert not verdict.holds()

    def test_an_equilibrium_that_is_not_extreme_is_refuted(self) -> None:
        flat = NormalFormGame([[0, 0]], [[0, 0]])
        half = Fraction(1, 2)
        verdict = certify(flat, [((1,), (half, half))], concept="nash_equilibria")
        assert verdict.strength == "refuted"
        assert "extreme" in verdict.claim

    def test_components_that_hold_a_stranger_are_refuted(self) -> None:
        found = nash_equilibria(self.battle)
        (x0, y0), _, (x2, y2) = found.profile
        wrong = ((((x0, x2), (y0, y2)),),)
        verdict = certify(
            self.battle, found.profile, concept="nash_equilibria", witness={"complete": True, "components": wrong}
        )
        assert verdict.strength == "refuted"


def test_the_solution_survives_json() -> None:
    from gametheory.io.solutions import loads

    found = nash_equilibria(catalogue("winkels_1979").game)
    again = loads(found.to_json())
    assert again.profile == found.profile
    assert again.components == found.components
    assert certify(again).claim == found.certificate.claim
