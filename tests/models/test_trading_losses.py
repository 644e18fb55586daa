"""E.3: the best trade against other trades, and the wedge between the prices there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.trading_losses import LossyTrade, pair_welfare, wedge

number = st.fractions(0, 6, max_denominator=3)
positive = st.fractions(Fraction(1, 3), 6, max_denominator=3)


@given(number, positive, number, number, number, number, number)
def test_no_other_trade_is_better(
    worth: Fraction,
    satiation: Fraction,
    slope: Fraction,
    base: Fraction,
    loss: Fraction,
    fee: Fraction,
    other: Fraction,
) -> None:
    trade = LossyTrade(worth, satiation, slope, base, loss, fee)
    low, high = trade.amount
    numbers = (worth, satiation, slope, base, loss, fee)
    best = pair_welfare(low, *numbers)
    assert pair_welfare(other, *numbers) <= best + Fraction(1, 10**9)
    if low > 0:
        price = trade.seller_price(low)
        gap = trade.buyer_price(low) - price - wedge(low, price, loss, fee)
        assert gap + Fraction(1, 10**20) > 0
        assert trade.buyer_price(high) - trade.seller_price(high) <= wedge(high, trade.seller_price(high), loss, fee)
        assert not trade.relaxation_may_be_slack or base == 0


def test_a_higher_fee_never_trades_more() -> None:
    amounts = [LossyTrade(10, 1, 1, 1, "0.1", fee).amount[0] for fee in (0, 1, 3, 12)]  # type: ignore[arg-type]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[-1] == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [({"satiation": -1}, "satiation"), ({"slope": -1}, "slope"), ({"loss": -1}, "loss"), ({"fee": -1}, "fee"),
     ({"satiation": 0, "slope": 0}, "both 0")],
)  # fmt: skip
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {"worth": 5, "satiation": 1, "slope": 1, "base": 1, "loss": 0, "fee": 0}
    with pytest.raises(InputError, match=word):
        LossyTrade(**(good | change))


def test_a_seller_paid_to_produce() -> None:
    assert LossyTrade(1, 1, 1, -3, 0, 0).relaxation_may_be_slack  # type: ignore[arg-type]
    with pytest.raises(InputError, match="concave"):
        _ = LossyTrade(1, 1, 1, -3, 1, 0).amount  # type: ignore[arg-type]
