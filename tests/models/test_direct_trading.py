"""C.2: the game against the definition, the asymptotic price against exact Shapley values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.direct_trading import (
    DirectTrading,
    asymptotic_share,
    coalition_value,
    glove_value,
    trade_gain,
)

number = st.fractions(min_value=-20, max_value=20, max_denominator=20)
positions = st.lists(number, min_size=1, max_size=5)
prices = st.tuples(number, number).map(sorted)


@given(positions, prices)
def test_gains_over_staying_alone_are_spread_times_matched_energy(e: list[Fraction], price: list[Fraction]) -> None:
    market = DirectTrading(tuple(e), price[0], price[1])
    surplus = sum((x for x in e if x > 0), Fraction(0))
    deficiency = -sum((x for x in e if x < 0), Fraction(0))
    alone = sum((market.value((name,)) for name in market.players), Fraction(0))
    assert market.value(market.players) - alone == trade_gain(surplus, deficiency, *price)


@given(positions, prices)
def test_the_lowered_game_is_the_formula(e: list[Fraction], price: list[Fraction]) -> None:
    market = DirectTrading(tuple(e), price[0], price[1])
    game = market.to_game()
    assert game.players == market.players
    for mask in range(1, 2 ** len(e)):
        position = sum((e[i] for i in range(len(e)) if mask >> i & 1), Fraction(0))
        assert Fraction(game.values[mask]) == coalition_value(position, *price)


@given(st.floats(-30, 30))
def test_the_share_rises_from_0_to_1_and_is_symmetric(kappa: float) -> None:
    pi = 3.141592653589793
    here, mirrored = asymptotic_share(kappa, pi), asymptotic_share(-kappa, pi)
    assert abs(here + mirrored - 1) < 1e-12
    assert -1e-12 <= here <= 1 + 1e-12
    assert asymptotic_share(kappa + 0.5, pi) >= here - 1e-12


def test_the_share_is_near_the_exact_values_of_a_large_unit_market() -> None:
    short, long = 90, 110
    market = DirectTrading((1,) * short + (-1,) * long, 0, 1)  # type: ignore[arg-type]  # integers are rationals
    # Suppliers are the short side; each sells one unit, so the price is close to their Shapley value.
    assert abs(float(market.asymptotic_price.mid()) - float(glove_value(short, long)[0])) < 0.02


def test_balance_is_the_mid_market_rate_without_a_gap() -> None:
    market = DirectTrading((2, -2), "0.1", "0.3")  # type: ignore[arg-type]  # strings are decimals
    assert market.asymptotic_price.contains(0.2)
    assert market.efficiency_gap.contains(0)
    nobody = DirectTrading((0, 0), "0.1", "0.3")  # type: ignore[arg-type]
    assert nobody.asymptotic_price.contains(0.2)


def test_the_gap_off_balance_is_positive() -> None:
    market = DirectTrading((1, 1, -1), "0.1", "0.3")  # type: ignore[arg-type]  # strings are decimals
    assert market.efficiency_gap > 0


def test_empty_sides() -> None:
    assert glove_value(0, 3) == (0, 0)
    with pytest.raises(InputError, match="swap"):
        glove_value(3, 2)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (((), 0, 1), "no participant"),
        (((1,), 1, 0), "wholesale"),
        (((1, 2), 0, 1, ("a", "a")), "distinct"),
        (((1, 2), 0, 1, ("a",)), "names"),
        (((float("inf"),), 0, 1), "positions"),
    ],
)
def test_bad_input(arguments: tuple[object, ...], word: str) -> None:
    with pytest.raises(InputError, match=word):
        DirectTrading(*arguments)  # type: ignore[arg-type]  # wrong input is what is tested


def test_an_unknown_name_is_refused() -> None:
    market = DirectTrading((1, -1), 0, 1)  # type: ignore[arg-type]  # integers are rationals
    with pytest.raises(InputError, match="no participant"):
        market.value(("9",))
