"""B.4: closed forms against the exact game of the stations and against the users' own problems."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError
from gametheory.models.multi_energy import MultiEnergy, station_profit

small = st.integers(-2, 2)


@st.composite
def markets(draw: st.DrawFn) -> MultiEnergy:
    carriers = draw(st.integers(1, 2))
    matrices, values = [], []
    for _ in range(draw(st.integers(1, 2))):
        half = [[draw(small) for _ in range(carriers)] for _ in range(carriers)]
        matrices.append(
            tuple(tuple(sum(r[i] * r[j] for r in half) + (i == j) for j in range(carriers)) for i in range(carriers))
        )
        values.append(tuple(draw(st.integers(0, 12)) for _ in range(carriers)))
    cost = tuple(draw(st.integers(0, 4)) for _ in range(carriers))
    return MultiEnergy(tuple(matrices), tuple(values), cost, draw(st.integers(1, 3)))  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(markets())
def test_the_closed_form_is_the_equilibrium(market: MultiEnergy) -> None:
    equilibrium = gt.nash_equilibrium(market)
    assert equilibrium.certificate.holds()
    assert equilibrium.unique == "proved"
    if not market.bought_back:
        assert equilibrium.profile == (market.supply,) * market.stations
        bought = market.purchases(market.prices)
        for k, amount in enumerate(market.supply):
            assert sum(row[k] for row in bought) == market.stations * amount
    else:
        assert min(x for station in equilibrium.profile for x in station) >= 0


@settings(deadline=None, max_examples=40)
@given(markets(), st.data())
def test_the_lowered_game_is_the_formula(market: MultiEnergy, data: st.DataObject) -> None:
    game = market.to_game()
    rows = [[Fraction(data.draw(st.integers(0, 4))) for _ in market.cost] for _ in range(market.stations)]
    gam, _ = market._response()
    size = len(market.cost)
    inverse = [[Fraction(int(gam.inv()[r, c].p), int(gam.inv()[r, c].q)) for c in range(size)] for r in range(size)]
    for j, value in enumerate(game.values(rows)):
        others = [sum(row[k] for m, row in enumerate(rows) if m != j) for k in range(size)]
        assert value == station_profit(rows[j], others, market.choke, market.cost, inverse)


@settings(deadline=None, max_examples=40)
@given(markets(), st.data())
def test_users_buy_what_is_best(market: MultiEnergy, data: st.DataObject) -> None:
    prices = [data.draw(st.integers(0, 6)) for _ in market.cost]
    for matrix, value, row in zip(market.curvature, market.value, market.purchases(prices), strict=True):
        for k, line in enumerate(matrix):
            assert value[k] - sum(a * x for a, x in zip(line, row, strict=True)) == prices[k]


def test_more_stations_bring_the_price_to_cost() -> None:
    gaps = [MultiEnergy((((1,),),), ((10,),), (2,), m).prices[0] - 2 for m in (1, 3, 9)]  # type: ignore[arg-type]
    assert gaps == [4, 2, Fraction(4, 5)]


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        (((), (), (1,), 1), "at least one"),
        (((((1,),),), ((1,),), (1,), 0), "stations"),
        (((((0,),),), ((1,),), (1,), 1), "positive definite"),
        (((((1, 0), (1, 1)),), ((1, 1),), (1, 1), 1), "symmetric"),
        (((((1, 0),),), ((1, 1),), (1, 1), 1), "not 2 x 2"),
        (((((1,),),), ((1, 2),), (1,), 1), r"value\[0\]"),
        (((((1,),),), (), (1,), 1), "one of each"),
    ],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        MultiEnergy(*numbers)


def test_bad_prices() -> None:
    with pytest.raises(InputError, match="one each"):
        MultiEnergy((((1,),),), ((1,),), (1,), 1).purchases((1, 2))  # type: ignore[arg-type]


def test_a_user_that_would_sell_is_named_though_all_together_buy() -> None:
    market = MultiEnergy(
        curvature=[((2,),), ((2,),)], value=[(12,), (3,)], cost=(2,), stations=1  # type: ignore[arg-type]
    )  # fmt: skip
    assert market.supply[0] > 0
    assert market.selling_users() == (1,)
    assert market.selling_users((2,)) == ()
