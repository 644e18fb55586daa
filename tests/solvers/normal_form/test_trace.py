"""Steps for teaching: exact, and the same algorithm as without them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings

import gametheory as gt
from gametheory import NormalFormGame, nash_equilibria, nash_equilibrium
from gametheory.catalogue import catalogue
from gametheory.io.solutions import loads
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
from gametheory.solvers.normal_form.steps import Trace
from gametheory.solvers.normal_form.support_enumeration import SupportEnumeration

from .games import bimatrix


def test_the_steps_of_lemke_howson_are_its_pivots() -> None:
    game = catalogue("von_stengel_2002").game
    plain = nash_equilibrium(game, solver=LemkeHowson(initial_label=1))
    told = nash_equilibrium(game, solver=LemkeHowson(initial_label=1, trace=True))
    steps = told.details["trace"]
    assert told.profile == plain.profile
    assert len(steps) == told.iterations
    assert steps[-1].text.endswith("the path ends")
    assert all(isinstance(x, Fraction) for step in steps for row in step.rows for x in row[1:])
    assert steps.to_latex().count("\\begin{array}") == len(steps)
    assert loads(told.to_json()).details["trace"] == steps


@settings(max_examples=60, deadline=None)
@given(bimatrix())
def test_support_enumeration_lists_equilibria_and_never_claims_to_be_whole(game: NormalFormGame) -> None:
    found = nash_equilibria(game, solver=SupportEnumeration(trace=True))
    assert found.certificate.strength == "exact"
    assert not found.complete
    assert set(found) <= set(nash_equilibria(game))
    assert sum("an equilibrium" in step.text for step in found.trace) == len(found)


def test_a_degenerate_game_has_more_than_supports_of_equal_size_show() -> None:
    game = catalogue("von_stengel_2002_degenerate").game
    assert len(nash_equilibria(game, solver=SupportEnumeration())) < len(nash_equilibria(game))


def _exact(trace: Trace) -> bool:
    """Whether every cell of every table is a Fraction, beside names and empty cells."""
    return len(trace) > 0 and all(isinstance(x, str | Fraction) for step in trace for row in step.rows for x in row)


def test_each_removal_shows_the_payoffs_that_prove_it() -> None:
    game = NormalFormGame(
        [[3, 0], [0, 3], [1, 1]], [[1, 0], [0, 1], [2, 2]], strategies=[("a_1", "b", "c"), ("x", "y")]
    )
    found = gt.dominance(game, trace=True)
    assert found.certificate.strength == "exact"
    assert [step.text for step in found.trace] == [
        "round 1: 'c' of 'player 0' is strictly dominated by 1/2 a_1 + 1/2 b",
    ]
    low, high, gain = (row[1:] for row in found.trace[0].rows)
    assert all(b - a == d > 0 for a, b, d in zip(low, high, gain, strict=True))
    assert r"\text{1/2 a\_1 + 1/2 b}" in found.trace.to_latex()
    assert loads(found.to_json()).trace == found.trace
    assert len(gt.dominance(game).trace) == 0


def test_support_enumeration_is_told_by_the_front_door() -> None:
    game = catalogue("von_stengel_2002").game
    found = nash_equilibria(game, trace=True)
    assert sum("an equilibrium" in step.text for step in found.trace) == len(found)
    assert _exact(found.trace)


def test_what_is_told_of_fictitious_play_is_its_rule() -> None:
    game = catalogue("shapley_1964").game
    run = gt.fictitious_play(game, 40, trace=True)
    assert _exact(run.trace)
    assert run.plays == gt.fictitious_play(game, 40).plays
    for step, following in zip(run.trace, run.plays[1:], strict=False):
        for i in range(2):
            values = step.rows[2 * i + 1][1:]
            assert values.index(max(values)) == following[i]
    lone = gt.fictitious_play(catalogue("public_goods_4").game, 3, trace=True)
    assert lone.trace[-1].rows[0][1:] == (Fraction(1, 3), Fraction(2, 3))


def test_what_is_told_of_best_replies_is_the_path() -> None:
    game = catalogue("jordan_1993").game
    run = gt.best_response_dynamics(game, trace=True)
    assert _exact(run.trace)
    assert sum("moves" in step.text for step in run.trace) == len(run.movers)


def test_the_replicator_equation_is_exact_where_it_is_told() -> None:
    game = catalogue("matching_pennies").game
    path = gt.replicator(game, [[0.8, 0.2], [0.5, 0.5]], [0, 1], trace=True)
    assert _exact(path.trace)
    share, _, grows = (row[1:] for row in path.trace[0].rows[:3])
    assert share == (Fraction(4, 5), Fraction(1, 5))
    assert sum(grows) == 0
    assert "\\frac{4}{5}" in path.trace.to_latex()
