"""Kelly's mechanism: no buyer gains, and the loss is never above a quarter."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError
from gametheory.models.kelly import KellyAllocation, buyer_payoff

positive = st.fractions(Fraction(1, 6), 9, max_denominator=6)


@given(st.lists(positive, min_size=2, max_size=6), st.integers(0, 5), st.fractions(0, 4, max_denominator=9))
def test_no_buyer_gains(worth: list[Fraction], buyer: int, other: Fraction) -> None:
    market = KellyAllocation(tuple(worth))
    buyer %= len(worth)
    assert sum(market.shares) == 1
    assert sum(market.bids) == market.price
    rest = market.price - market.bids[buyer]
    here = buyer_payoff(market.bids[buyer], rest, worth[buyer])
    assert buyer_payoff(other, rest, worth[buyer]) <= here
    assert here >= 0


@settings(deadline=None, max_examples=12)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=4))
def test_the_lowered_game_has_the_closed_form_as_its_equilibrium(worth: list[int]) -> None:
    market = KellyAllocation(tuple(map(Fraction, worth)))
    game = market.to_game()
    shares = [bid / market.price for bid in market.bids]
    assert game.values((market.bids,)) == tuple(
        w * share - bid for w, share, bid in zip(market.worth, shares, market.bids, strict=True)
    )
    profile = tuple((bid,) for bid in market.bids)
    certificate = gt.certify(game, profile)
    assert certificate.strength == "exact"
    assert certificate.bound == 0
    found = gt.nash_equilibrium(market)
    assert found.certificate.holds(Fraction(1, 10**8))
    assert [float(b) for (b,) in found.profile] == pytest.approx([float(b) for b in market.bids], abs=1e-6)


@given(st.lists(positive, min_size=2, max_size=6))
def test_at_most_a_quarter_is_lost(worth: list[Fraction]) -> None:
    market = KellyAllocation(tuple(worth))
    assert Fraction(3, 4) <= market.efficiency <= 1
    assert market.price_of_anarchy == 1 / market.efficiency
    if len(set(worth)) == 1:
        assert market.efficiency == 1


def test_the_bound_is_approached() -> None:
    # One buyer of worth 1 and many of worth 1/2: its share tends to 1/2.
    found = [KellyAllocation((1, *[Fraction(1, 2)] * n)).efficiency for n in (1, 10, 1000)]  # type: ignore[arg-type]
    assert found == sorted(found, reverse=True)
    assert Fraction(3, 4) < found[-1] < Fraction(3, 4) + Fraction(1, 1000)


@pytest.mark.parametrize(("worth", "word"), [((1,), "at least 2"), ((1, 0), r"worth\[1\]"), ((1, "x"), "worth")])
def test_bad_input(worth: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        KellyAllocation(worth)
