"""B.2: the stated prices against every other price, the front, and how bad input is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.retailer import Retailer, consumer_surplus, retail_profit

number = st.fractions(-5, 5, max_denominator=5)
weight = st.fractions(0, 1, max_denominator=8)


@st.composite
def shops(draw: st.DrawFn) -> Retailer:
    hours = draw(st.integers(1, 3))
    half = [[draw(st.integers(-3, 3)) for _ in range(hours)] for _ in range(hours)]
    response = [[sum(r[i] * r[j] for r in half) + (i == j) for j in range(hours)] for i in range(hours)]
    base, wholesale = (tuple(draw(number) for _ in range(hours)) for _ in range(2))
    return Retailer(base, tuple(map(tuple, response)), wholesale)  # type: ignore[arg-type]  # integers become Fractions


@given(shops(), weight, st.data())
def test_no_other_price_is_better(shop: Retailer, eta: Fraction, data: st.DataObject) -> None:
    best = shop.prices(eta)
    other = [p + data.draw(number) for p in best]

    def objective(prices: Any) -> Fraction:
        profit = retail_profit(prices, shop.wholesale, shop.choke, shop.response)
        return profit + eta * consumer_surplus(prices, shop.choke, shop.response)  # type: ignore[no-any-return]

    if tuple(other) != best:
        assert objective(other) < objective(best)
    # Nor does any price give more profit at no less surplus.
    profit, surplus = shop.profit(eta), shop.surplus(eta)
    there = retail_profit(other, shop.wholesale, shop.choke, shop.response)
    left = consumer_surplus(other, shop.choke, shop.response)
    assert not (there > profit and left >= surplus)


@given(shops(), weight)
def test_the_front(shop: Retailer, eta: Fraction) -> None:
    front = shop.front
    assert front.at(eta) == (shop.surplus(eta), shop.profit(eta))
    ball = front.profit(shop.surplus(eta))
    assert abs(float(ball.mid()) - float(shop.profit(eta))) <= 1e-9 * (1 + float(front.worth))
    assert front.surplus_range == (shop.surplus(0), shop.surplus(1))
    assert shop.profit(1) == 0
    assert 4 * (shop.profit(0) + shop.surplus(0)) == 3 * shop.surplus(1)


def test_demand_is_affine() -> None:
    shop = Retailer((10, 8), ((2, 1), (1, 2)), (1, 1))  # type: ignore[arg-type]
    prices = shop.prices("0.5")
    assert shop.demand("0.5") == (10 - 2 * prices[0] - prices[1], 8 - prices[0] - 2 * prices[1])
    assert not shop.negative_demand
    assert Retailer((1, 8), ((1, 0), (0, 1)), (2, 1)).negative_demand  # type: ignore[arg-type]


def test_a_market_without_worth() -> None:
    shop = Retailer((2,), ((1,),), (2,))  # type: ignore[arg-type]
    assert shop.front.surplus_range == (0, 0)
    assert float(shop.front.profit(0)) == 0


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        (((), (), ()), "no hour"),
        (((1, 1), ((1, 2), (2, 1)), (0, 0)), "positive definite"),
        (((1, 1), ((1, 1), (0, 1)), (0, 0)), "symmetric"),
        (((1, 1), ((1,),), (0, 0)), "agree"),
        (((1,), ((1,),), (0, 0)), "agree"),
        (((float("inf"),), ((1,),), (0,)), "base_demand"),
    ],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Retailer(*numbers)


def test_bad_questions() -> None:
    shop = Retailer((2,), ((1,),), (0,))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="weight"):
        shop.prices(2)
    with pytest.raises(InputError, match="not on the front"):
        shop.front.profit(5)
