"""Games of three players and more: closed supports, certified enclosures, and peers."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gametheory import NormalFormGame, certify, nash_equilibria, nash_equilibrium, regret
from gametheory.catalogue import catalogue
from gametheory.catalogue.notation import from_cells
from gametheory.errors import InputError, SizeLimit
from gametheory.games.enclosure import Enclosure
from gametheory.io.solutions import loads
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
from gametheory.solvers.normal_form.subdivision import SupportSubdivision
from gametheory.solvers.normal_form.support_zeros import middle

from .games import bimatrix

SHAPES = [(2, 2, 2), (2, 3, 2), (3, 1, 3), (2, 2, 2, 2)]


def random_game(seed: int, shape: tuple[int, ...], largest: int) -> NormalFormGame:
    rng = random.Random(seed)
    return NormalFormGame(
        *(np.array([rng.randint(0, largest) for _ in range(np.prod(shape))]).reshape(shape) for _ in shape)
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(SHAPES), st.sampled_from([3, 10**6]))
def test_what_is_listed_is_certified_and_complete_lists_have_index_one(seed: int, shape: tuple, largest: int) -> None:
    found = nash_equilibria(random_game(seed, shape, largest))
    assert found.certificate.strength != "refuted"
    if largest == 10**6:  # ties have probability near 0
        assert found.complete
    if found.complete and None not in found.indices:
        assert sum(found.indices) == 1


@settings(max_examples=25, deadline=None)
@example(112817, (2, 3))  # the ball around the solution was finer than the ball around the rational
@given(st.integers(0, 10**6), st.sampled_from([(2, 2), (2, 3), (3, 3)]))
def test_two_players_by_subdivision_are_those_by_vertices(seed: int, shape: tuple) -> None:
    game = random_game(seed, shape, 1000)
    other = ExtremeEquilibria().solve(game)
    if len(other.extra["components"]) == len(other.profile):
        assert set(nash_equilibria(game, solver=SupportSubdivision())) == set(other.profile)


@settings(max_examples=40, deadline=None)
@given(bimatrix(3))
def test_degenerate_games_never_lose_an_equilibrium_and_say_so(game: NormalFormGame) -> None:
    found = nash_equilibria(game, solver=SupportSubdivision())
    assert found.certificate.strength != "refuted"
    wanted = set(nash_equilibria(game))
    if found.complete:
        pure = {p for p in wanted if all(1 in s for s in p)}
        assert pure <= set(found)
        assert len(found.components) == len(nash_equilibria(game).components)


def test_segments_are_components_and_a_curve_leaves_the_list_open() -> None:
    for name in ("minority_3", "majority_3", "selten_horse"):
        found = nash_equilibria(catalogue(name).game)
        assert found.complete
        assert any(len(own) > 1 for component in found.components for subset in component for own in subset)
    curve = nash_equilibria(catalogue("nau_continuum").game)
    assert not curve.complete
    assert "1 of 27 support profiles were not closed" in curve.reason
    assert len(curve) == 5
    (region,) = curve.unresolved
    assert region["supports"] == (("0", "1"),) * 3
    for step in range(1, 10):  # the curve of completely mixed equilibria: z = 1/4 and x (3 - y) = 3 (1 - y)
        y = Fraction(step, 10)
        x, z = 3 * (1 - y) / (3 - y), Fraction(1, 4)
        assert regret(catalogue("nau_continuum").game, [(p, 1 - p) for p in (x, y, z)]) == 0
        for (low, high), p in zip((own[0] for own in region["box"]), (x, y, z), strict=True):
            assert low <= p <= high


def test_products_of_polytopes_in_which_two_of_three_mix() -> None:
    """The first two play a degenerate game, the third is better off with its strategy 0 whatever they do, or not."""
    a, b = np.array([[1, 1, 0], [1, 1, 2]]), np.array([[2, 2, 2], [2, 2, 1]])
    third = np.array([[0, 0, 3], [0, 0, 3]])
    game = NormalFormGame(*(np.stack([t, t], axis=2) for t in (a, b)), np.stack([third * 0 + 2, third], axis=2))
    found = nash_equilibria(game)
    two = nash_equilibria(NormalFormGame(a, b))
    assert found.complete
    assert "none is missing" in found.certificate.claim
    assert any(sum(len(own) > 1 for own in subset) == 2 for c in found.components for subset in c)
    kept = {p[:2] for p in found if p[2] == (1, 0)}
    assert kept == {p for p in two if 3 * p[1][2] <= 2} | {p for p in kept if 3 * p[1][2] == 2}
    assert any(3 * p[1][2] == 2 for p in kept) == any(3 * p[1][2] > 2 for p in two)
    # A corner that is moved, or a component that is left out, is refused.
    wide = next(k for k, c in enumerate(found.components) for s in c if sum(len(own) > 1 for own in s) == 2)
    rest = (*found.components[:wide], *found.components[wide + 1 :])
    profiles = tuple(p for p in found if p not in {q for s in found.components[wide] for q in product(*s)})
    witness = {"complete": True, "components": rest}
    assert certify(game, profiles, concept="nash_equilibria", witness=witness).strength == "refuted"


def test_two_players_by_subdivision_also_where_they_tie() -> None:
    for seed in range(40):
        game = random_game(seed, (2 + seed % 2, 3), 1 + seed % 3)
        found, other = nash_equilibria(game, solver=SupportSubdivision()), nash_equilibria(game)
        assert found.complete
        assert set(found) == set(other)
        assert _sets(found.components) == _sets(other.components)


def _sets(components: tuple) -> set:
    return {frozenset(tuple(map(frozenset, subset)) for subset in component) for component in components}


def test_a_game_whose_equilibria_are_a_segment_inside() -> None:
    """Nau, Gomez Canovas and Hansen 2004, section 6: nothing is isolated, so nothing is listed, and that is said."""
    text = "2,0,0 1,0,2 1,0,1 2,0,1 0,1,1 0,2,1 0,1,2 0,2,0 0,2,1 0,1,1 0,2,0 0,1,2 1,0,2 2,0,0 2,0,1 1,0,1"
    game = from_cells((2, 2, 4), text)
    found = nash_equilibria(game)
    assert len(found) == 0
    assert not found.complete
    assert found.status == "not converged"
    one = nash_equilibrium(game)
    assert one.certificate.strength == "exact"
    assert one.certificate.bound < Fraction(1, 10**4)
    # What the homotopy comes near to lies in one of the boxes that were left open.
    assert any(
        all(
            low - Fraction(1, 100) <= p <= high + Fraction(1, 100)
            for own, ends, names, chosen in zip(
                one.profile, region["box"], game.strategies, region["supports"], strict=True
            )
            for p, (low, high) in zip((own[names.index(name)] for name in chosen), ends, strict=True)
        )
        for region in found.unresolved
    )


def test_the_irrational_equilibrium_solves_its_polynomial() -> None:
    (profile,) = nash_equilibria(catalogue("nau_irrational").game)
    y = profile[1][0]
    assert isinstance(y, Enclosure)
    assert y.width < Fraction(1, 10**40)

    def quadratic(t: Fraction) -> Fraction:
        return 12 * t * t + 13 * t - 9

    assert quadratic(y.low) < 0 < quadratic(y.high)


class TestCompleteness:
    """The checker decides it again: a list that misses one, or whose claim is not true, is refused."""

    @pytest.mark.parametrize(
        "name", ["mckelvey_mclennan_2x2x2", "volunteers_dilemma_3", "volunteers_dilemma_4", "minority_3"]
    )
    def test_every_equilibrium_that_is_dropped_is_missed(self, name: str) -> None:
        game = catalogue(name).game
        found = nash_equilibria(game)
        assert found.complete
        assert "none is missing" in found.certificate.claim
        for k, component in enumerate(found.components):
            corners = {corner for subset in component for corner in product(*subset)}
            rest = tuple(profile for profile in found if profile not in corners)
            others = (*found.components[:k], *found.components[k + 1 :])
            file = replace(found, profile=rest, components=others, witness={"complete": True, "components": others})
            verdict = certify(loads(file.to_json()))
            assert verdict.strength == "refuted"

    def test_the_missing_one_is_shown(self) -> None:
        game = catalogue("nau_irrational").game
        wrong = [p for p in nash_equilibria(catalogue("volunteers_dilemma_3").game) if 1 in p[0]]
        verdict = certify(catalogue("volunteers_dilemma_3").game, wrong, concept="nash_equilibria")
        assert verdict.strength == "refuted"
        (profile,) = nash_equilibria(game)
        verdict = certify(game, [profile], concept="nash_equilibria")
        assert verdict.strength == "bounded"
        nine = list(nash_equilibria(catalogue("mckelvey_mclennan_2x2x2").game))
        mixed = next(p for p in nine if all(0 < float(x) < 1 for s in p for x in s))
        nine.remove(mixed)
        verdict = certify(catalogue("mckelvey_mclennan_2x2x2").game, nine, concept="nash_equilibria")
        assert verdict.strength == "refuted"
        shown = verdict.witness["missing"]
        assert all(
            abs(float(x) - float(y)) < 1e-9
            for s, t in zip(shown, mixed, strict=True)
            for x, y in zip(s, t, strict=True)
        )

    def test_a_continuum_may_not_be_called_complete(self) -> None:
        game = catalogue("nau_continuum").game
        found = nash_equilibria(game)
        verdict = certify(game, found.profile, concept="nash_equilibria", witness={"complete": True})
        assert verdict.strength == "refuted"

    def test_an_end_of_a_segment_is_missed(self) -> None:
        game = catalogue("minority_3").game
        found = nash_equilibria(game)
        end = found.components[1][0][0][0], *(own[0] for own in found.components[1][0][1:])
        verdict = certify(game, [p for p in found if p != end], concept="nash_equilibria")
        assert verdict.strength == "refuted"
        assert verdict.witness["missing"] == end


class TestEnclosures:
    game = catalogue("nau_irrational").game

    def test_a_moved_box_is_refuted(self) -> None:
        found = nash_equilibria(self.game)
        slip = Fraction(1, 10**20)
        moved = tuple(tuple(Enclosure(p.low + slip, p.high + slip) for p in s) for s in found[0])
        verdict = certify(self.game, [moved], concept="nash_equilibria")
        assert verdict.strength == "refuted"

    def test_a_box_with_a_pure_player_is_refuted(self) -> None:
        profile = nash_equilibria(self.game)[0]
        verdict = certify(self.game, [((1, 0), *profile[1:])], concept="nash_equilibria")
        assert verdict.strength == "refuted"

    def test_two_boxes_that_meet_are_refuted(self) -> None:
        profile = nash_equilibria(self.game)[0]
        assert certify(self.game, [profile, profile], concept="nash_equilibria").strength == "refuted"

    def test_they_survive_json(self) -> None:
        found = nash_equilibria(self.game)
        again = loads(found.to_json())
        assert again.profile == found.profile
        assert certify(again).strength == "bounded"

    def test_an_empty_one_is_refused(self) -> None:
        with pytest.raises(InputError, match="empty"):
            Enclosure(Fraction(1), Fraction(0))

    def test_one_box_can_be_certified_alone(self) -> None:
        profile = nash_equilibria(self.game)[0]
        assert certify(self.game, profile).strength == "bounded"
        assert certify(self.game, profile).bound < Fraction(1, 10**30)
        slip = Fraction(1, 10**20)
        moved = tuple(tuple(Enclosure(p.low + slip, p.high + slip) for p in s) for s in profile)
        assert certify(self.game, moved).strength == "refuted"

    def test_a_mixing_player_may_not_be_listed_by_exact_numbers(self) -> None:
        profile = nash_equilibria(self.game)[0]
        exact = tuple(p.middle for p in profile[0])
        verdict = certify(self.game, (exact, *profile[1:]))
        assert verdict.strength == "refuted"
        assert "exactly" in verdict.claim

    def test_the_middle_has_a_tiny_regret(self) -> None:
        assert 0 < regret(self.game, middle(nash_equilibria(self.game)[0])) < Fraction(1, 10**30)


def test_one_equilibrium_states_its_regret() -> None:
    one = nash_equilibrium(catalogue("nau_irrational").game)
    assert one.certificate.strength == "exact"
    assert 0 < one.certificate.bound == one.epsilon < Fraction(1, 10**30)
    assert "first equilibrium" in one.details["rule"]


def test_too_many_supports_are_refused_with_advice() -> None:
    with pytest.raises(SizeLimit, match="support profiles"):
        nash_equilibria(NormalFormGame(*(np.zeros((9, 9, 9), dtype=int) for _ in range(3))))


@pytest.mark.peers
@pytest.mark.slow
@pytest.mark.parametrize(("shape", "count"), [((2, 2, 2), 1500), ((2, 2, 3), 700), ((3, 3, 3), 25), ((2, 2, 2, 2), 12)])
def test_gambit_finds_no_equilibrium_that_is_not_listed(shape: tuple, count: int) -> None:
    """A disagreement is settled by regret; small payoffs tie often, so that continua are met as well."""
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    counts: Counter[str] = Counter()
    for seed in range(count):
        game = random_game(seed, shape, (1000, 1000, 20)[seed % 3])
        ours = SupportSubdivision().solve(game)
        theirs = gambit.nash.enumpoly_solve(gambit.StrategicGame.from_arrays(*(t.floats() for t in game.payoffs)))
        points = np.array([[float(p) for s in profile for p in s] for profile in ours.profile])
        isolated = ours.extra["complete"] and len(ours.extra["components"]) == len(ours.profile)
        if seed % 10 == 0:
            verdict = certify(game, ours.profile, concept="nash_equilibria", epsilon=ours.epsilon, witness=ours.witness)
            assert verdict.strength != "refuted", seed
        counts["isolated"] += isolated
        for candidate in theirs.equilibria:
            numbers = np.array([float(p) for strategy in candidate for _, p in strategy])
            if isolated and np.abs(points - numbers).max(axis=1).min() > 1e-4:
                cuts = np.split(numbers, np.cumsum(shape)[:-1])
                assert regret(game, [own / own.sum() for own in cuts]) > Fraction(1, 10**4), (seed, numbers)
                counts["wrong"] += 1
        counts["missed"] += isolated and len(theirs.equilibria) < len(ours.profile)
    assert counts["isolated"] > count // 2
    print(f"{shape}: of {count} games {dict(counts)} (what pygambit's enumpoly lists wrongly, or misses)")
