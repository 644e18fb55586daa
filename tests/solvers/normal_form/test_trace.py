"""Steps for teaching: exact, and the same algorithm as without them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings

from gametheory import NormalFormGame, nash_equilibria, nash_equilibrium
from gametheory.catalogue import catalogue
from gametheory.io.solutions import loads
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
from gametheory.solvers.normal_form.steps import latex
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
    assert latex(steps).count("\\begin{array}") == len(steps)
    assert loads(told.to_json()).details["trace"] == steps


@settings(max_examples=60, deadline=None)
@given(bimatrix())
def test_support_enumeration_lists_equilibria_and_never_claims_to_be_whole(game: NormalFormGame) -> None:
    found = nash_equilibria(game, solver=SupportEnumeration(trace=True))
    assert found.certificate.strength == "exact"
    assert not found.complete
    assert set(found) <= set(nash_equilibria(game))
    assert sum("an equilibrium" in step.text for step in found.witness["trace"]) == len(found)


def test_a_degenerate_game_has_more_than_supports_of_equal_size_show() -> None:
    game = catalogue("von_stengel_2002_degenerate").game
    assert len(nash_equilibria(game, solver=SupportEnumeration())) < len(nash_equilibria(game))
