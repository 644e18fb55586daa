"""Families by their structure give what their tables give, and games without a table are solved and certified."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.families import family_banzhaf, family_shapley
from gametheory.errors import SizeLimit, UnsupportedGame
from gametheory.games.coalitional import CoalitionalGame
from gametheory.solvers.coalitional.closed_forms import AirportShapley
from gametheory.solvers.coalitional.nucleolus import SequentialNucleolus
from gametheory.solvers.coalitional.size_values import TableBanzhaf, TableShapley
from gametheory.solvers.coalitional.weighted_majority import CountingShapley

positive = st.fractions(min_value=0, max_value=12, max_denominator=4)


@settings(max_examples=60, deadline=None)
@given(st.fractions(min_value="1/4", max_value=30, max_denominator=4), st.lists(positive, min_size=1, max_size=6))
def test_votes_are_counted_as_in_the_table(quota: Fraction, weights: list[Fraction]) -> None:
    game = CoalitionalGame.weighted_majority(quota, weights)
    shapley, banzhaf = TableShapley().solve(game).profile, TableBanzhaf().solve(game).profile
    assert gt.shapley_value(game).exact == shapley
    assert gt.banzhaf_value(game).exact == banzhaf
    # The checkers' own formulas, which take over above 12 players.
    known = (family_shapley(game), family_banzhaf(game))
    assert [tuple(found[0]) for found in known if found] == [shapley, banzhaf]


@settings(max_examples=60, deadline=None)
@given(st.lists(positive, min_size=1, max_size=6))
def test_a_runway_is_split_as_in_the_table(costs: list[Fraction]) -> None:
    game = CoalitionalGame.airport(costs)
    shapley = TableShapley().solve(game).profile
    assert gt.shapley_value(game).exact == shapley
    found = family_shapley(game)
    assert found is not None
    assert tuple(found[0]) == shapley
    assert gt.nucleolus(game).exact == SequentialNucleolus().solve(game).profile


@settings(max_examples=30, deadline=None)
@given(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(any))
def test_gloves_are_worth_what_the_table_says(hands: tuple[int, int]) -> None:
    game = CoalitionalGame.glove(*hands)
    shapley = TableShapley().solve(game).profile
    assert gt.shapley_value(game).exact == shapley
    found = family_shapley(game)
    assert found is not None
    assert tuple(found[0]) == shapley


@pytest.mark.parametrize(
    "game",
    [
        CoalitionalGame.weighted_majority(51, [1 + k % 3 for k in range(50)]),
        CoalitionalGame.airport(range(1, 201)),
        CoalitionalGame.glove(30, 40),
    ],
    ids=["votes", "airport", "gloves"],
)
def test_many_players_without_a_table(game: CoalitionalGame) -> None:
    solution = gt.shapley_value(game)
    assert solution.certificate.strength == "exact"
    assert sum(solution.exact) == game.value(game.players)
    wrong = list(solution.exact)
    wrong[3] += Fraction(1, 10**9)
    assert gt.certify(game, wrong, concept="shapley_value").strength == "refuted"


def test_a_solver_of_one_family_refuses_the_others() -> None:
    with pytest.raises(UnsupportedGame, match="Airport"):
        gt.shapley_value(CoalitionalGame.glove(1, 1), solver=AirportShapley())
    with pytest.raises(UnsupportedGame, match="weighted majority"):
        gt.shapley_value(CoalitionalGame.glove(1, 1), solver=CountingShapley())


def test_weights_that_are_too_fine_are_refused() -> None:
    game = CoalitionalGame.weighted_majority(10**9, [10**8 + k for k in range(30)])
    with pytest.raises(SizeLimit, match="round the weights"):
        gt.shapley_value(game)
