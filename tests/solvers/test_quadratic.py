"""Quadratic games: solvers against each other and against the checker, and how they refuse."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import Infeasible, InputError, NotApplicable, SizeLimit, Unbounded, UnsupportedGame
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.io.solutions import loads
from gametheory.numerics.complementarity import lemke
from gametheory.solvers.quadratic.all_equilibria import KKTPatterns
from gametheory.solvers.quadratic.best_response import best_response
from gametheory.solvers.quadratic.iterated import IteratedReplies
from gametheory.solvers.quadratic.lemke import Lemke
from gametheory.solvers.quadratic.nikaido_isoda import NikaidoIsoda
from gametheory.solvers.quadratic.potential import PotentialProgramme

from .quadratic_cases import games

QUICK = settings(deadline=None, max_examples=40)


def pursuit() -> QuadraticGame:
    entry = gt.catalogue("pursuit_evasion")
    assert entry.facts["equilibria"] == 0
    return entry.game  # type: ignore[no-any-return]  # a QuadraticGame


def cournot(n: int) -> QuadraticGame:
    forms = [[[-(1 + (r == c)) * ((r == i) or (c == i)) for c in range(n)] for r in range(n)] for i in range(n)]
    linear = [[12 * (k == i) for k in range(n)] for i in range(n)]
    return QuadraticGame.from_matrices(forms, linear, lower=[[0]] * n, sense="payoff")


@QUICK
@given(games(potential=True))
def test_the_potential_and_the_path_agree(game: QuadraticGame) -> None:
    first = gt.nash_equilibrium(game, solver=PotentialProgramme())
    second = gt.nash_equilibrium(game, solver=Lemke())
    assert first.unique == "proved"
    assert first.certificate.holds()
    assert second.certificate.holds()
    assert first.profile == second.profile


@QUICK
@given(games())
def test_monotone_games_are_solved_exactly(game: QuadraticGame) -> None:
    equilibrium = gt.nash_equilibrium(game)
    assert equilibrium.certificate.strength == "exact"
    assert equilibrium.certificate.bound == 0
    assert set(equilibrium.certificate.witness["methods"].values()) == {"the multipliers handed over"}


@QUICK
@given(games(boxed=True), st.data())
def test_metamorphic(game: QuadraticGame, data: st.DataObject) -> None:
    equilibrium = gt.nash_equilibrium(game).profile
    factor = data.draw(st.fractions(Fraction(1, 3), 5, max_denominator=7))
    constant = data.draw(st.integers(-5, 5))
    dearer = replace(
        game,
        objectives=tuple(replace(o.scaled(factor), constant=Fraction(constant)) for o in game.objectives),
    )
    assert gt.nash_equilibrium(dearer).profile == equilibrium
    other = replace(game, objectives=tuple(o.scaled(-1) for o in game.objectives), sense="payoff")
    assert gt.nash_equilibrium(other).profile == equilibrium
    wide = tuple(
        replace(s, inequalities=(*s.inequalities, (tuple((k, Fraction(1)) for k in range(s.size)), Fraction(100))))
        for s in game.strategies
    )
    assert gt.nash_equilibrium(replace(game, strategies=wide)).profile == equilibrium


@QUICK
@given(games(monotone=False, boxed=True))
def test_all_equilibria_are_found(game: QuadraticGame) -> None:
    every = gt.nash_equilibria(game)
    assert every.certificate.strength == "exact"
    # A grid of half units: whatever is an equilibrium there must be listed if the list is complete.
    sizes = [s.size for s in game.strategies]
    if not every.complete or sum(sizes) > 3:
        return
    for numbers in product([Fraction(k, 2) for k in range(5)], repeat=sum(sizes)):
        supply = iter(numbers)
        profile = tuple(tuple(next(supply) for _ in range(size)) for size in sizes)
        certificate = gt.certify(game, profile)
        if certificate.holds():
            assert profile in every.profile


@QUICK
@given(games(monotone=False, boxed=True), st.data())
def test_a_dropped_equilibrium_is_missed(game: QuadraticGame, data: st.DataObject) -> None:
    every = gt.nash_equilibria(game)
    assert gt.certify(loads(every.to_json())) == every.certificate
    assert every.complete == every.certificate.witness["complete"]
    if not every.complete:
        # A continuum is stated as such, and no list of single points passes for all of it.
        assert "set of points" in every.reason or "not decided" in every.reason
        verdict = gt.certify(game, every.profile, concept="nash_equilibria")
        assert verdict.strength == "refuted" or not verdict.witness["complete"]
        return
    assert "none is missing" in every.certificate.claim
    if every.profile:
        gone = data.draw(st.integers(0, len(every) - 1))
        less = every.profile[:gone] + every.profile[gone + 1 :]
        verdict = gt.certify(replace(every, profile=less, components=()))
        assert verdict.strength == "refuted"
        assert verdict.witness["missing"] == every.profile[gone]
        twice = gt.certify(game, (*every.profile, every.profile[gone]), concept="nash_equilibria")
        assert twice.strength == "refuted"
        assert gt.certify(replace(every, complete=False)).strength == "refuted"


def test_a_continuum_is_no_list_of_points() -> None:
    # Both pay (x + y - 1)^2: every (a, 1 - a) is an equilibrium.
    shared = [[2, 2], [2, 2]]
    game = QuadraticGame.from_matrices(
        [shared, shared], [[-2, -2], [-2, -2]], lower=[[0], [0]], upper=[[1], [1]], constants=[1, 1]
    )
    every = gt.nash_equilibria(game)
    assert not every.complete
    assert "whole set of points" in every.reason
    verdict = gt.certify(game, every.profile, concept="nash_equilibria")
    assert "continuum" in verdict.claim
    assert not verdict.witness["complete"]


@QUICK
@given(games(monotone=False, boxed=True))
def test_a_best_response_gains_what_the_regret_says(game: QuadraticGame) -> None:
    try:
        profile = gt.nash_equilibria(game).profile[0]
    except IndexError:
        profile = tuple((Fraction(0),) * s.size for s in game.strategies)
    certificate = gt.certify(game, profile)
    if "violated" in certificate.witness:
        return
    for name, gain in zip(game.players, certificate.witness["regrets"], strict=True):
        reply = gt.best_response(game, profile, name)
        assert reply.gain == gain


@QUICK
@given(games(monotone=False, boxed=True))
def test_the_optimum_is_never_above_an_equilibrium(game: QuadraticGame) -> None:
    best = gt.social_optimum(game)
    assert best.certificate.holds()
    for profile in gt.nash_equilibria(game):
        assert sum(game.values(profile)) >= best.value


@pytest.mark.parametrize("n", range(1, 7))
def test_cournot(n: int) -> None:
    game = cournot(n)
    equilibrium = gt.nash_equilibrium(game)
    assert equilibrium.profile == ((Fraction(12, n + 1),),) * n
    assert equilibrium.unique == "proved"
    assert gt.price_of_anarchy(game).value == Fraction((n + 1) ** 2, 4 * n)
    assert gt.price_of_anarchy(game).certificate.strength == "exact"


def test_pursuit_and_evasion_ends_without_a_certificate() -> None:
    answer = gt.nash_equilibrium(pursuit())
    assert answer.status == "no equilibrium found"
    assert answer.certificate.strength == "refuted"
    assert answer.certificate.witness["deviation"]["gain"] > 0
    with pytest.raises(NotApplicable, match="no equilibrium"):
        gt.price_of_anarchy(pursuit())


def test_several_equilibria_give_an_interval() -> None:
    # Both pay a cost that falls towards the corners (0, 0) and (2, 2).
    shared = [[2, -4], [-4, 2]]
    game = QuadraticGame.from_matrices(
        [shared, shared], [[2, 2], [2, 2]], lower=[[0], [0]], upper=[[2], [2]], constants=[5, 5]
    )
    every = gt.nash_equilibria(game)
    assert every.complete
    assert ((Fraction(0),), (Fraction(0),)) in every.profile
    anarchy, stability = gt.price_of_anarchy(game), gt.price_of_stability(game)
    totals = [sum(game.values(p)) for p in every]
    # The checker finds all three again, so both ends are known.
    assert anarchy.value == max(totals) / anarchy.optimum_total
    assert stability.value == min(totals) / stability.optimum_total
    assert anarchy.certificate.strength == stability.certificate.strength == "exact"
    again = gt.certify(game, dict(anarchy.profile), concept="price_of_anarchy", witness={"interval": (1, 1)})
    assert again.strength == "refuted"
    assert gt.certify(loads(anarchy.to_json())) == anarchy.certificate


def test_a_solution_is_checked_again_from_its_file() -> None:
    answer = gt.nash_equilibrium(cournot(3))
    program = (
        "import sys; from gametheory.io.solutions import loads; from gametheory.certificates import certify;"
        "print(certify(loads(sys.stdin.read())));"
        "assert not [m for m in sys.modules if 'solvers' in m or m in ('scipy', 'piqp', 'sympy')]"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=answer.to_json(), capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[exact] the profile is a Nash equilibrium (bound 0)"


def test_a_ray_is_said_to_be_one() -> None:
    game = QuadraticGame.from_matrices([[[1, 1], [1, 0]], [[0, 2], [2, 1]]], [[1, 0], [0, 0]], lower=[[0], [0]])
    assert gt.nash_equilibrium(game, solver=Lemke()).certificate.holds()
    ray = QuadraticGame.from_matrices([[[1, -1], [-1, 0]], [[0, -2], [-2, 1]]], [[-1, 0], [0, 0]], lower=[[0], [0]])
    with pytest.raises(UnsupportedGame, match="ray after"):
        gt.nash_equilibrium(ray, solver=Lemke())
    assert gt.nash_equilibria(ray).complete
    assert len(gt.nash_equilibria(ray)) == 0


def test_refusals() -> None:
    nothing = QuadraticGame.from_matrices([[[2]]], [[0]], lower=[[0]], inequalities={0: [([1], -1)]})
    for solver in (PotentialProgramme(), Lemke()):
        with pytest.raises(Infeasible):
            gt.nash_equilibrium(nothing, solver=solver)
    endless = QuadraticGame.from_matrices([[[0]]], [[-1]], lower=[[0]])
    with pytest.raises(Unbounded):
        gt.nash_equilibrium(endless, solver=PotentialProgramme())
    with pytest.raises(Unbounded):
        gt.social_optimum(endless)
    with pytest.raises(Unbounded):
        best_response(endless, ((0,),), 0)
    with pytest.raises(UnsupportedGame, match="no exact potential"):
        gt.nash_equilibrium(pursuit(), solver=PotentialProgramme())
    saddle = QuadraticGame.from_matrices([[[1, 5], [5, 1]]] * 2, [[0, 0]] * 2)
    with pytest.raises(UnsupportedGame, match="not convex"):
        gt.nash_equilibrium(saddle, solver=PotentialProgramme())
    with pytest.raises(SizeLimit, match="patterns"):
        gt.nash_equilibria(cournot(4), solver=KKTPatterns(most=3))
    with pytest.raises(SizeLimit, match="largest"):
        gt.nash_equilibrium(cournot(4), solver=Lemke(largest=3))


@QUICK
@given(st.integers(1, 4), st.data())
def test_lemke_solves_what_brute_force_solves(size: int, data: st.DataObject) -> None:
    number = st.integers(-4, 4)
    half = [[data.draw(number) for _ in range(size)] for _ in range(size)]
    matrix = [[Fraction(sum(r[i] * r[j] for r in half)) for j in range(size)] for i in range(size)]
    vector = [Fraction(data.draw(number)) for _ in range(size)]
    path = lemke(matrix, vector)
    if path.solution is not None:
        z = path.solution
        w = [sum(a * b for a, b in zip(row, z, strict=True)) + q for row, q in zip(matrix, vector, strict=True)]
        assert all(v >= 0 for v in (*z, *w))
        assert all(a * b == 0 for a, b in zip(z, w, strict=True))
    else:  # positive semidefinite: the ray is a proof that there is no solution
        assert path.ray is not None
        d = path.ray
        along = [sum(a * b for a, b in zip(row, d, strict=True)) for row in matrix]
        assert any(d)
        assert all(v >= 0 for v in d)
        assert sum(a * b for a, b in zip(d, along, strict=True)) == 0
        assert sum(a * b for a, b in zip(d, vector, strict=True)) < 0


def test_a_larger_potential_game_is_polished() -> None:
    rng = np.random.default_rng(5)
    count, slots = 12, 6
    objectives, sets = [], []
    prices = [Fraction(int(v), 100) for v in rng.integers(5, 40, slots)]
    for i in range(count):
        entries = []
        for t in range(slots):
            own = i * slots + t
            entries += [(own, j * slots + t, Fraction(2 if j == i else 1, 10)) for j in range(count)]
        objectives.append(QuadraticForm(tuple(entries), tuple((i * slots + t, p) for t, p in enumerate(prices))))
        sets.append(
            Polyhedron(
                tuple(f"t{t}" for t in range(slots)),
                (Fraction(0),) * slots,
                (Fraction(int(rng.integers(2, 5))),) * slots,
                equalities=((tuple((t, Fraction(1)) for t in range(slots)), Fraction(int(rng.integers(2, 9)))),),
            )
        )
    game = QuadraticGame(tuple(f"car {i}" for i in range(count)), tuple(sets), tuple(objectives))
    answer = gt.nash_equilibrium(game)
    assert answer.method == "PotentialProgramme"
    assert answer.details["method"] == "interior point, polished"
    assert answer.certificate.strength == "exact"
    assert answer.unique == "proved"


@QUICK
@given(games(potential=True, boxed=True))
def test_iterations_end_where_the_potential_does(game: QuadraticGame) -> None:
    exact = gt.nash_equilibrium(game)
    for solver in (IteratedReplies(), NikaidoIsoda()):
        answer = gt.nash_equilibrium(game, solver=solver)
        assert answer.status == "solved"
        assert answer.certificate.bound == 0
        assert answer.profile == exact.profile


def test_steps_and_orders_of_the_quantity_game() -> None:
    for n in (2, 3, 4, 6):
        below, above = 0.9 * 4 / (n + 1), 1.1 * 4 / (n + 1)
        assert gt.nash_equilibrium(cournot(n), solver=NikaidoIsoda(step=min(below, 1.0))).certificate.holds()
        if above <= 1:
            answer = gt.nash_equilibrium(cournot(n), solver=NikaidoIsoda(step=above, iterations=300))
            assert answer.status == "not converged"
            assert answer.certificate.strength == "refuted"
        assert gt.nash_equilibrium(cournot(n), solver=NikaidoIsoda()).certificate.holds()
        together = IteratedReplies(order="simultaneous", sweeps=200)
        assert (gt.nash_equilibrium(cournot(n), solver=together).status == "solved") == (n == 2)
        damped = IteratedReplies(order="simultaneous", damping=below / 1.2)
        assert gt.nash_equilibrium(cournot(n), solver=damped).certificate.holds()


@pytest.mark.parametrize(
    ("solver", "word"),
    [
        (IteratedReplies(order="random"), "order"),
        (IteratedReplies(damping=0), "damping"),
        (NikaidoIsoda(step=2.0), "step"),
    ],
)
def test_bad_settings(solver: object, word: str) -> None:
    with pytest.raises(InputError, match=word):
        gt.nash_equilibrium(cournot(2), solver=solver)


def test_iterations_refuse_what_they_cannot_do() -> None:
    nothing = QuadraticGame.from_matrices([[[2]]], [[0]], lower=[[0]], inequalities={0: [([1], -1)]})
    endless = QuadraticGame.from_matrices([[[0]]], [[-1]], lower=[[0]])
    for solver in (IteratedReplies(), NikaidoIsoda()):
        with pytest.raises(Infeasible):
            gt.nash_equilibrium(nothing, solver=solver)
        with pytest.raises(Unbounded):
            gt.nash_equilibrium(endless, solver=solver)
        with pytest.raises(UnsupportedGame, match="not convex"):
            gt.nash_equilibrium(pursuit(), solver=solver)
