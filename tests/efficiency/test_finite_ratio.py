"""Prices of anarchy and stability of finite games."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory import NormalFormGame, certify, nash_equilibria
from gametheory.catalogue import catalogue
from gametheory.errors import NotApplicable
from gametheory.games.enclosure import Enclosure

from ..solvers.normal_form.games import tables


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_ratios_are_those_of_the_list_and_under_the_robust_bound(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    game = NormalFormGame(*(data.draw(tables(shape, st.integers(1, 6))) for _ in "ab"))
    anarchy, stability = gt.price_of_anarchy(game), gt.price_of_stability(game)
    totals = [sum(game.expected_payoffs(p)) for p in nash_equilibria(game)]
    best = max(sum(game.payoff(cell)) for cell in game.profiles())
    assert anarchy.value == best / min(totals)
    assert stability.value == best / max(totals)
    assert anarchy.certificate.strength == stability.certificate.strength == "exact"
    assert anarchy.robust is None or anarchy.robust >= anarchy.value
    coarse = gt.coarse_correlated_equilibrium(game, objective=[[-x for x in row] for row in _sums(game)])
    if anarchy.robust is not None:
        assert -coarse.details["objective"] * anarchy.robust >= best


def _sums(game: NormalFormGame) -> list:
    return [[sum(game.payoff((i, j))) for j in range(game.shape[1])] for i in range(game.shape[0])]


def test_the_prisoners_dilemma() -> None:
    price = gt.price_of_anarchy(catalogue("prisoners_dilemma").game)
    assert price.value == price.robust == 3
    assert price.interval == (3, 3)


def test_an_irrational_equilibrium_gives_an_interval() -> None:
    price = gt.price_of_anarchy(catalogue("nau_irrational").game)
    low, high = price.interval
    assert 0 < high - low < Fraction(1, 10**30)
    assert price.certificate.strength == "bounded"
    assert isinstance(price.equilibrium_total, Enclosure)


def test_what_is_not_complete_leaves_an_interval() -> None:
    shifted = [[[x + 1 for x in row] for row in m] for m in catalogue("nau_continuum").game.payoffs[0].fractions()]
    game = NormalFormGame(shifted, *catalogue("nau_continuum").game.payoffs[1:])
    price = gt.price_of_anarchy(game)
    assert price.certificate.strength != "refuted"
    assert price.value is None or price.certificate.holds()


def test_totals_that_are_not_positive_are_refused() -> None:
    with pytest.raises(NotApplicable, match="compare the totals"):
        gt.price_of_anarchy(catalogue("matching_pennies").game)


class TestCertificate:
    game = catalogue("prisoners_dilemma").game

    def _verdict(self, equilibrium: object, optimum: object, **witness: object) -> gt.Certificate:
        profile = {"equilibrium": equilibrium, "optimum": optimum}
        return certify(self.game, profile, concept="price_of_anarchy", witness=witness)

    def test_it_holds(self) -> None:
        assert self._verdict((1, 1), (0, 0), interval=(3, 3), smoothness=(0, Fraction(1, 3))).holds()

    @pytest.mark.parametrize(
        ("equilibrium", "optimum", "witness"),
        [
            ((0, 0), (0, 0), {"interval": (1, 1)}),  # no equilibrium
            ((1, 1), (1, 1), {"interval": (1, 1)}),  # no optimum
            ((1, 1), (0, 0), {"interval": (4, 4), "smoothness": (0, Fraction(1, 3))}),  # too high
            ((1, 1), (0, 0), {"interval": (3, 3), "smoothness": (0, Fraction(1, 2))}),  # the inequality fails
            ((1, 1), (0, 0), {"interval": (3, 3)}),  # nothing bounds it above
        ],
    )
    def test_what_is_not_shown_is_refuted(self, equilibrium: object, optimum: object, witness: dict) -> None:
        assert self._verdict(equilibrium, optimum, **witness).strength == "refuted"
