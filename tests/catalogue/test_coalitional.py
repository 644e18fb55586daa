"""What the coalitional catalogue shows beyond its answers (these are in tests/conformance)."""

from __future__ import annotations

from fractions import Fraction

import gametheory as gt


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
