"""The nearest stable split: certified, no other stable split is nearer, perturbed ones are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError
from gametheory.games.coalitional import CoalitionalGame
from gametheory.io.solutions import dumps, loads

from .test_values_and_cores import games, number


def _distance(a: tuple[Fraction, ...], b: list[Fraction]) -> Fraction:
    return sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), Fraction(0))


@settings(max_examples=80, deadline=None)
@given(games(), st.booleans(), st.data())
def test_no_stable_split_is_nearer(game: CoalitionalGame, least: bool, data: st.DataObject) -> None:
    n = len(game.players)
    reference = [Fraction(r) for r in data.draw(st.lists(number, min_size=n, max_size=n))]
    nearest = gt.nearest_core_point(game, reference, least=least)
    assert nearest.certificate.strength == "exact"
    assert loads(dumps(nearest)) == nearest
    core = gt.core(game)
    others = [gt.prenucleolus(game).exact, gt.least_core(game).exact]
    if not core.empty and not least:
        assert core.contains(nearest.exact).inside
        others.append(core.point)
    for other in others:
        assert _distance(nearest.exact, reference) <= _distance(other, reference)
    # What is stable stays as it is.
    assert gt.nearest_core_point(game, nearest.exact, least=least).exact == nearest.exact
    if n > 1:
        wrong = list(nearest.exact)
        wrong[0] += Fraction(1, 7)
        wrong[1] -= Fraction(1, 7)
        refuted = gt.certify(game, {**nearest.profile, "values": wrong}, concept="nearest_core_point")
        assert refuted.strength == "refuted"
        assert refuted.bound > 0


def test_the_mid_market_rate_is_made_stable_by_the_smallest_change() -> None:
    game = gt.catalogue("mid_market_rate_blocked").game
    # Each seller owes the buyer: (1, 3) and (2, 3) must have 0, and all have 1/5.
    nearest = gt.nearest_core_point(game, ["3/10", "3/10", "-4/10"])
    assert nearest.exact == (Fraction(1, 5), Fraction(1, 5), Fraction(-1, 5))


def test_without_a_reference_shares_are_as_equal_as_can_be() -> None:
    assert gt.nearest_core_point(gt.catalogue("squares_of_four").game).exact == (4, 4, 4, 4)
    assert gt.nearest_core_point(gt.catalogue("gloves_1_2").game).exact == (1, 0, 0)
    assert gt.nearest_core_point(gt.catalogue("majority_of_three").game).exact == (Fraction(1, 3),) * 3


def test_ill_formed_claims() -> None:
    game = gt.catalogue("gloves_1_2").game
    with pytest.raises(InputError, match="2 numbers for 3"):
        gt.nearest_core_point(game, [1, 2])
    with pytest.raises(InputError, match="'excess'"):
        gt.certify(game, [1, 0, 0], concept="nearest_core_point")
    claim = {"values": [1, 0, 0], "reference": [1, 0, 0], "excess": "1/2"}
    assert gt.certify(game, claim, concept="nearest_core_point").strength == "refuted"
