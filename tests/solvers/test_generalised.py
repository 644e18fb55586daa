"""Games with shared constraints: the variational equilibrium, other generalised ones, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import Infeasible, InputError, SizeLimit, UnsupportedGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.io.solutions import loads
from gametheory.solvers.generalised.nikaido_isoda import SharedNikaidoIsoda
from gametheory.solvers.generalised.shared_multipliers import SharedMultipliers

from .quadratic_cases import games

QUICK = settings(deadline=None, max_examples=30)
BUDGET = gt.catalogue("shared_budget").game


@QUICK
@given(games(boxed=True), st.data())
def test_monotone_games_are_solved_exactly(game: QuadraticGame, data: st.DataObject) -> None:
    row = [data.draw(st.integers(0, 2)) for _ in range(game.size)]
    shared = GeneralisedGame(game, inequalities=((tuple(row), data.draw(st.integers(1, 6))),))  # type: ignore[arg-type]
    try:
        answer = gt.variational_equilibrium(shared)
    except Infeasible:
        return
    assert answer.certificate.strength == "exact"
    assert answer.certificate.bound == 0
    assert answer.unique == "proved"
    assert gt.certify(shared, answer.profile, concept="nash_equilibrium").holds()
    # With the price of the shared row as a tax, the plain game has the same equilibrium.
    (tax,) = answer.details["shared_multipliers"]["inequalities"]
    taxed = tuple(
        replace(form, linear=(*form.linear, *((k, tax * row[k]) for k in block)))
        for form, block in zip(game.objectives, game.blocks, strict=True)
    )
    assert gt.certify(replace(game, objectives=taxed), answer.profile).holds()


@QUICK
@given(games(boxed=True))
def test_a_slack_row_changes_nothing(game: QuadraticGame) -> None:
    plain = gt.nash_equilibrium(game)
    shared = GeneralisedGame(game, inequalities=(((1,) * game.size, 1000),))  # type: ignore[arg-type]
    answer = gt.variational_equilibrium(shared)
    assert answer.profile == plain.profile
    assert answer.details["shared_multipliers"]["inequalities"] == (0,)


@given(st.fractions(0, 1, max_denominator=12))
def test_which_points_are_equilibria(first: Fraction) -> None:
    profile = ((first,), (1 - first,))
    assert gt.certify(BUDGET, profile).holds() == (first >= Fraction(1, 2))
    variational = gt.certify(BUDGET, profile, concept="variational_equilibrium")
    assert variational.holds() == (first == Fraction(3, 4))


@given(st.fractions(Fraction(1, 5), 5, max_denominator=5))
def test_weights_pick_another_equilibrium(weight: Fraction) -> None:
    answer = gt.variational_equilibrium(BUDGET, weights=(1, weight))
    assert answer.certificate.holds()
    (first,), (second,) = answer.profile
    # r_1 (x - 1) = r_2 (y - 1/2): the second player carries less the more it weighs.
    assert 1 * (first - 1) == weight * (second - Fraction(1, 2))
    assert gt.certify(BUDGET, answer.profile).holds()
    equal = gt.certify(BUDGET, answer.profile, concept="variational_equilibrium")
    assert equal.holds() == (weight == 1)


def test_the_river_basin() -> None:
    entry = gt.catalogue("river_basin_pollution")
    answer = gt.variational_equilibrium(entry.game)
    assert answer.certificate.strength == "exact"
    for (found,), known in zip(answer.profile, entry.facts["variational_equilibrium to 2 digits"], strict=True):
        assert math.isclose(float(found), known, abs_tol=0.01)
    prices = answer.details["shared_multipliers"]["inequalities"]
    assert math.isclose(float(prices[0]), entry.facts["multiplier of station 1"], abs_tol=0.001)
    assert prices[1] == 0
    assert gt.certify(loads(answer.to_json())) == answer.certificate
    # What the file states beside the profile is made again: another price for the river is refused.
    other = replace(
        answer, details={**answer.details, "shared_multipliers": {"inequalities": (1, 0), "equalities": ()}}
    )
    assert gt.certify(other).witness["stated"] == ("shared_multipliers",)
    assert gt.certify(replace(answer, payoffs=(1, 2, 3))).witness["stated"] == ("payoffs",)


@given(st.fractions(-1, 1, max_denominator=7))
def test_a_perturbed_answer_is_refused(change: Fraction) -> None:
    assume(change)
    entry = gt.catalogue("river_basin_pollution")
    answer = gt.variational_equilibrium(entry.game)
    moved = ((answer.profile[0][0] + change,), *answer.profile[1:])
    certificate = gt.certify(entry.game, moved, concept="variational_equilibrium", witness=answer.witness)
    assert certificate.strength == "refuted"


def test_a_shared_equality_is_told() -> None:
    game = GeneralisedGame(BUDGET.game, equalities=(((1, 1), 1),))  # type: ignore[arg-type]
    certificate = gt.certify(game, ((0,), (1,)))
    assert certificate.holds()
    assert "every feasible point" in certificate.witness["note"]
    assert gt.certify(game, ((0,), (1,)), concept="variational_equilibrium").strength == "refuted"
    assert gt.variational_equilibrium(game).profile == ((Fraction(3, 4),), (Fraction(1, 4),))


def test_a_retail_market_with_a_line_limit() -> None:
    # Two of three Cournot firms stand behind a line of capacity 4: at equal multipliers both give way alike.
    market = gt.models.Cournot((0, 0, 0), 12, 1).to_game()  # type: ignore[arg-type]  # exact() reads integers
    limited = GeneralisedGame(market, inequalities=(((1, 1, 0), 4),))  # type: ignore[arg-type]
    answer = gt.variational_equilibrium(limited)
    assert answer.profile == ((2,), (2,), (4,))
    assert answer.details["shared_multipliers"]["inequalities"] == (2,)
    # The relaxation of Nikaido and Isoda's function comes to rest at the same point.
    relaxed = gt.variational_equilibrium(limited, solver=SharedNikaidoIsoda())
    assert relaxed.profile == answer.profile
    assert relaxed.certificate.strength == "exact"
    assert relaxed.details["shared_multipliers"] == answer.details["shared_multipliers"]
    short = gt.variational_equilibrium(limited, solver=SharedNikaidoIsoda(step=0.1, iterations=3))
    assert short.status == "not converged"
    assert short.certificate.strength == "refuted"
    with pytest.raises(InputError, match="step=2"):
        SharedNikaidoIsoda(step=2)


def test_the_price_of_anarchy_compares_the_variational_equilibrium() -> None:
    # Two firms (price 12 - Q, the second pays 2 a unit) behind a line: the optimum lets the cheaper one use it alone.
    market = gt.models.Cournot((0, 2), 12, 1).to_game()  # type: ignore[arg-type]  # exact() reads integers
    for capacity in (4, 100):
        limited = GeneralisedGame(market, inequalities=(((1, 1), capacity),))  # type: ignore[arg-type]
        best = gt.social_optimum(limited)
        assert best.certificate.strength == "exact"
        assert sum(v for (v,) in best.profile) <= capacity
        anarchy, stability = gt.price_of_anarchy(limited), gt.price_of_stability(limited)
        equilibrium = gt.variational_equilibrium(limited)
        assert anarchy.value == stability.value == best.value / sum(equilibrium.payoffs) >= 1
        assert anarchy.certificate.strength == "exact"
        assert gt.certify(loads(anarchy.to_json())) == anarchy.certificate
        wrong = replace(anarchy, interval=(1, 1), witness={**anarchy.witness, "interval": (1, 1)})
        assert anarchy.value == 1 or gt.certify(wrong).strength == "refuted"
    # Without a binding line it is the price of anarchy of the plain game.
    assert anarchy.value == gt.price_of_anarchy(market).value
    moved = tuple((v + 1,) for (v,) in best.profile)
    assert gt.certify(limited, moved, concept="social_optimum").strength == "refuted"
    assert gt.certify(limited, ((60,), (60,)), concept="social_optimum").witness["violated"]


def test_refusals() -> None:
    with pytest.raises(InputError, match="no shared constraint"):
        GeneralisedGame(BUDGET.game)
    with pytest.raises(InputError, match="one coefficient"):
        GeneralisedGame(BUDGET.game, inequalities=(((1, 1, 1), 1),))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="not both"):
        gt.variational_equilibrium(BUDGET, weights=(1, 1), solver=SharedMultipliers())
    for weights in ((1,), (1, 0)):
        with pytest.raises(InputError, match="one positive number"):
            gt.variational_equilibrium(BUDGET, weights=weights)
    lopsided = QuadraticGame.from_matrices([[[2, 1], [1, 0]], [[0, -1], [-1, 2]]], [[-2, 0], [0, -1]])
    narrow = GeneralisedGame(lopsided, inequalities=(((1, 1), 1),))  # type: ignore[arg-type]
    with pytest.raises(SizeLimit, match="largest"):
        gt.variational_equilibrium(narrow, solver=SharedMultipliers(largest=1))
    assert gt.variational_equilibrium(narrow).certificate.holds()
    bounded = QuadraticGame.from_matrices([[[2, 0], [0, 0]], [[0, 0], [0, 2]]], [[0, 0], [0, 0]], lower=[[0], [0]])
    with pytest.raises(Infeasible):
        gt.variational_equilibrium(GeneralisedGame(bounded, inequalities=(((1, 1), -1),)))  # type: ignore[arg-type]
    hollow = QuadraticGame.from_matrices([[[-2, 0], [0, 0]], [[0, 0], [0, 2]]], [[0, 0], [0, 0]], lower=[[0], [0]])
    with pytest.raises(UnsupportedGame, match="not convex"):
        gt.variational_equilibrium(GeneralisedGame(hollow, inequalities=(((1, 1), 1),)))  # type: ignore[arg-type]
    certificate = gt.certify(BUDGET, ((1,), (1,)))
    assert certificate.strength == "refuted"
    assert certificate.witness["violated"].endswith("<= 1")
    with pytest.raises(UnsupportedGame):
        gt.variational_equilibrium(BUDGET.game)
    wrong: Any = {"weights": (1, -1)}
    with pytest.raises(InputError, match="> 0"):
        gt.certify(BUDGET, ((1,), (0,)), concept="variational_equilibrium", witness=wrong)
