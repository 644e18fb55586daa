"""The listed equilibria of finite games, found a second time by another program or another search."""

from __future__ import annotations

import pytest

from gametheory import catalogue, certify
from gametheory.catalogue.finite_answers import LISTED
from tests.solvers.normal_form.games import lrs, needs_lrs

TWO = [name for name in (*LISTED, "coordination_5") if len(catalogue(name).game.shape) == 2]
MORE = [name for name in (*LISTED, "congestion_3_roads", "ev_two_feeders_4") if len(catalogue(name).game.shape) > 2]


@needs_lrs
@pytest.mark.peers
@pytest.mark.parametrize("name", TWO)
def test_lrsnash_lists_the_same(name: str) -> None:
    entry = catalogue(name)
    assert lrs(entry.game) == set(entry.answers["nash_equilibria"])


@pytest.mark.parametrize("name", MORE)
def test_the_checker_alone_finds_none_missing(name: str) -> None:
    entry = catalogue(name)
    verdict = certify(entry.game, entry.answers["nash_equilibria"], concept="nash_equilibria")
    assert verdict.strength == "exact"
    assert "none is missing" in verdict.claim
    short = entry.answers["nash_equilibria"][1:]
    assert certify(entry.game, short, concept="nash_equilibria").strength == "refuted"
