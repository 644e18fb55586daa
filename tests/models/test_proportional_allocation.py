"""B.5: no buyer and no seller has a better move at what the model returns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import to_float
from gametheory.errors import InputError
from gametheory.io.solutions import loads
from gametheory.models.proportional_allocation import (
    ProportionalAllocation,
    best_bid,
    buyer_payoff,
    seller_amount,
    seller_payoff,
)

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)


@settings(deadline=None)
@given(st.lists(positive, min_size=2, max_size=5), st.floats(0.2, 3))
def test_no_buyer_gains(worth: list[Fraction], factor: float) -> None:
    bids = [float(b.mid()) for b in ProportionalAllocation(tuple(worth), (1,), (1,)).bids]  # type: ignore[arg-type]
    for k, bid in enumerate(bids):
        others = sum(bids) - bid
        assert best_bid(others, float(worth[k])) == pytest.approx(bid, rel=1e-9)
        here = buyer_payoff(bid, others, float(worth[k]), 1.0)
        assert buyer_payoff(bid * factor, others, float(worth[k]), 1.0) <= here + 1e-12


@given(st.integers(2, 6), positive)
def test_equal_buyers(count: int, worth: Fraction) -> None:
    market = ProportionalAllocation((worth,) * count, (1,), (1,))  # type: ignore[arg-type]
    assert all(b.overlaps(b * 0 + int(market.symmetric_bid.numerator) / b.__class__(market.symmetric_bid.denominator))
               for b in market.bids)  # fmt: skip
    low, high = market.total_bids
    assert low <= count * market.symmetric_bid <= high


@given(positive, positive, st.fractions(Fraction(1, 9), Fraction(8, 9), max_denominator=9), st.floats(0, 1))
def test_no_seller_gains(energy: Fraction, price: Fraction, weight: Fraction, part: float) -> None:
    e, p, t = float(energy), float(price), float(weight)
    best = seller_amount(e, p, t)
    assert 0 <= best <= e
    assert seller_payoff(part * e, e, p, t) <= seller_payoff(best, e, p, t) + 1e-12


def test_amounts_follow_the_price() -> None:
    market = ProportionalAllocation((3, 3), (4, 4, 4), (0, "1/2", 1))  # type: ignore[arg-type]
    assert [round(float(x), 9) for x in market.amounts] == [0, 2, 4]


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((1,), (1,), (1,)), "at least 2"), (((1, 0), (1,), (1,)), r"worth\[1\]"), (((1, 1), (), ()), "for a seller"),
     (((1, 1), (1,), (1, 1)), "for a seller"), (((1, 1), (-1,), (1,)), r"energy\[0\]"),
     (((1, 1), (1,), (2,)), r"weight\[0\]")],
)  # fmt: skip
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        ProportionalAllocation(*numbers)


def test_no_closed_form_for_different_buyers() -> None:
    with pytest.raises(InputError, match="differ"):
        _ = ProportionalAllocation((1, 2), (1,), (1,)).symmetric_bid  # type: ignore[arg-type]


def test_all_that_is_for_sale_is_handed_out_and_nothing_leaves_bids_open() -> None:
    market = ProportionalAllocation((3, 5), (4, 2), ("1/2", "1/3"))  # type: ignore[arg-type]  # exact() reads them
    assert not market.bids_undetermined
    handed = sum(float(amount.mid()) for amount in market.allocation)
    assert handed == pytest.approx(sum(float(amount.mid()) for amount in market.amounts), rel=1e-9)
    idle = ProportionalAllocation((3, 5), (4,), (0,))  # type: ignore[arg-type]
    assert idle.bids_undetermined
    assert all(amount == 0 for amount in idle.allocation)


@settings(deadline=None, max_examples=5)
@given(
    st.lists(positive, min_size=2, max_size=4),
    st.lists(st.tuples(st.sampled_from([0, 1, 5]), st.fractions(0, 1, max_denominator=4)), min_size=1, max_size=2),
)
def test_the_equilibrium_of_the_game_is_the_closed_form(worth: list[Fraction], sellers: list[Any]) -> None:
    market = ProportionalAllocation(tuple(worth), *zip(*sellers, strict=True))
    found = gt.nash_equilibrium(market)
    assert found.certificate.holds(Fraction(1, 10**20))
    for (value,), ball in zip(found.profile, (*market.bids, *market.amounts), strict=True):
        assert float(value) == pytest.approx(to_float(ball), abs=1e-9)


@pytest.mark.parametrize("player", range(4))
def test_a_bid_or_an_amount_moved_by_a_hundredth_is_refuted(player: int) -> None:
    market = ProportionalAllocation((3, 5), (4, 2), ("1/2", "1/3"))  # type: ignore[arg-type]  # exact() reads them
    game = market.to_game()
    profile = [(Fraction(round(to_float(ball) * 10**9), 10**9),) for ball in (*market.bids, *market.amounts)]
    assert gt.certify(market, tuple(profile), epsilon="1e-12").strength != "refuted"
    profile[player] = (profile[player][0] * Fraction(101, 100),)
    verdict = gt.certify(market, tuple(profile), epsilon="1e-12")
    assert verdict.strength == "refuted"
    better = verdict.witness["deviation"]
    k = game.players.index(better["player"])
    instead = [*profile[:k], better["strategy"], *profile[k + 1 :]]
    after, before = (game.values([tuple(map(float, own)) for own in point])[k] for point in (instead, profile))
    assert after > before


def test_a_file_of_it_is_judged_again_and_bids_of_nothing_have_no_value() -> None:
    market = ProportionalAllocation((3, 3), (4,), ("1/2",))  # type: ignore[arg-type]  # exact() reads them
    again = loads(gt.nash_equilibrium(market).to_json())
    assert again.profile == ((1,), (1,), (2,))
    assert gt.certify(again).holds()
    with pytest.raises(InputError, match="no value"):
        gt.certify(market, ((0,), (0,), (2,)))
    assert gt.certify(market, ((0,), (1,), (2,))).strength == "refuted"


def test_leading_is_worth_nothing() -> None:
    """Whatever one seller offers, the buyers' certified bids stay, and no amount earns it more at what they bring."""
    market = ProportionalAllocation((3, 3), (4, 4), ("1/2", "1/2"))  # type: ignore[arg-type]  # exact() reads them
    profile = gt.nash_equilibrium(market).profile
    for amount in (Fraction(1, 10), Fraction(1), Fraction(4)):
        regrets = gt.certify(market, (*profile[:2], (amount,), profile[3])).witness["regrets"]
        assert regrets[:2] == (0, 0)
        assert regrets[2] > 0
