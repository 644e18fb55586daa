"""Every answer of the coalitional catalogue: the checker accepts it, and the front door finds it."""

from __future__ import annotations

from fractions import Fraction

import pytest

import gametheory as gt
from gametheory.catalogue.coalitional import entries
from gametheory.catalogue.entry import Entry

_DOORS = {
    "shapley_value": gt.shapley_value,
    "banzhaf_value": gt.banzhaf_value,
    "nucleolus": gt.nucleolus,
    "prenucleolus": gt.prenucleolus,
}


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_known_answers(entry: Entry) -> None:
    assert entry.answers
    for concept, answer in entry.answers.items():
        if concept == "core":
            core = gt.core(entry.game)
            assert core.certificate.strength == "exact"
            assert core.empty == (answer == "empty")
            if answer != "empty":
                assert core.contains(answer).inside
            continue
        certificate = gt.certify(entry.game, answer, concept=concept)
        assert certificate.strength == "exact", str(certificate)
        assert _DOORS[concept](entry.game).exact == answer


def test_the_mid_market_rate_is_blocked_by_a_seller_and_the_buyer() -> None:
    game = gt.catalogue("mid_market_rate_blocked").game
    verdict = gt.core_check(game, ["0.3", "0.3", "-0.4"])
    assert verdict.claim == "blocked by (1, 3), gain 1/10"
    assert verdict.strength == "exact"
    assert verdict.witness["grand"] == 0


def test_the_shapley_value_of_shared_storage_is_outside_the_core() -> None:
    game = gt.catalogue("shared_storage").game
    membership = gt.core(game).contains(gt.shapley_value(game).exact)
    assert not membership.inside
    assert membership.excess == Fraction(5, 12)
    assert set(membership.coalition) == {"a", "c", "d"}
