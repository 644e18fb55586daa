"""Settlements add up exactly, and rounding to cents keeps the sum."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.domain.outcome import Settlement, Trade, round_to_sum
from gametheory.errors import InputError

from ..strategies import numbers

CENT = Fraction(1, 100)


@given(st.lists(numbers(-50, 50, denominator=999), min_size=1, max_size=8))
def test_rounding_moves_each_amount_by_less_than_a_unit_and_keeps_the_sum(amounts: list[Fraction]) -> None:
    # Sum rounded down to cents: the amounts are then short of it by less than one cent in all.
    total = (sum(amounts) / CENT).__floor__() * CENT
    rounded = round_to_sum(amounts, total=total)
    assert sum(rounded) == total
    assert all(x % CENT == 0 for x in rounded)
    assert all(abs(x - y) < CENT for x, y in zip(rounded, amounts, strict=True))


@given(st.lists(numbers(), min_size=1, max_size=6), st.integers(-500, 500))
def test_rounding_reaches_any_whole_total(amounts: list[Fraction], cents: int) -> None:
    assert sum(round_to_sum(amounts, total=cents * CENT)) == cents * CENT


@given(st.lists(numbers(-50, 50, denominator=999), min_size=1, max_size=8))
def test_whole_amounts_stay(amounts: list[Fraction]) -> None:
    whole = [x.__floor__() * CENT for x in amounts]
    assert list(round_to_sum(whole, total=sum(whole))) == whole


@pytest.mark.parametrize(
    ("amounts", "options", "words"),
    [
        ([1], {"total": "0.001"}, "not a whole number of units"),
        ([1], {"total": 1, "unit": 0}, "not above 0"),
        ([], {"total": 1}, "no amount"),
        ([float("nan")], {"total": 1}, "amounts"),
    ],
)
def test_bad_rounding(amounts: list[object], options: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        round_to_sum(amounts, **options)


def test_nothing_to_round() -> None:
    assert round_to_sum([], total=0) == ()


@given(
    st.lists(st.lists(numbers(), min_size=2, max_size=2), min_size=2, max_size=4),
    st.lists(numbers(0, 1), min_size=2, max_size=2),
)
def test_a_settlement_at_a_price_balances_and_a_shifted_one_does_not(
    energy: list[list[Fraction]], prices: list[Fraction]
) -> None:
    names = [f"m{k}" for k in range(len(energy))]
    bills = [sum(p * q for p, q in zip(prices, row, strict=True)) for row in energy]
    grid = [sum(row[t] for row in energy) for t in range(2)]
    outside = sum(p * g for p, g in zip(prices, grid, strict=True))
    deal = Settlement(names, prices=prices, energy=energy, bills=bills, grid_energy=grid, outside_money=outside)
    assert deal.balance.holds
    assert deal.rounded().balance.holds
    off = [bills[0] + Fraction(1, 10**9), *bills[1:]]
    shifted = Settlement(names, prices=prices, energy=energy, bills=off, grid_energy=grid, outside_money=outside)
    assert shifted.balance.money == Fraction(1, 10**9)
    assert not shifted.balance.holds
    lost = Settlement(names, prices=prices, energy=energy, bills=bills, grid_energy=[grid[0], grid[1] + 1])
    assert lost.balance.energy == (0, -1)


def test_trades_net_to_the_energy_of_each_member() -> None:
    deal = Settlement(
        ("a", "b", "c"),
        prices=["0.2"],
        energy=[[-3], [2], [1]],
        bills=["-0.6", "0.4", "0.2"],
        trades=[Trade(0, "a", "b", 2, "0.2"), Trade(0, "a", "c", 1, "0.2")],  # type: ignore[arg-type]  # read exactly
    )
    assert deal.trade_balance == (-3, 2, 1)
    assert deal.bill("b") == Fraction(2, 5)


def test_bad_settlements_say_all_that_is_wrong() -> None:
    with pytest.raises(InputError) as caught:
        Settlement(
            ("a", "b"),
            prices=[1, 2],
            energy=[[1], [1, 2]],
            bills=[1],
            trades=[Trade(5, "a", "bb", 1, 1)],  # type: ignore[arg-type]  # read exactly
            grid_energy=[0],
        )
    text = "\n".join(caught.value.problems)
    for words in ("energy of 'a' has 1 steps", "1 bills for 2 members", "grid_energy has 1", "'bb'", "at step 5"):
        assert words in text
    with pytest.raises(InputError, match="swap seller and buyer"):
        Trade(0, "a", "b", -1, 1)  # type: ignore[arg-type]  # wrong input is what is tested
    with pytest.raises(InputError, match="is unknown"):
        Settlement(("a",), prices=[1], energy=[[0]], bills=[0]).bill("z")


@given(st.lists(numbers(0, 50, denominator=999), min_size=2, max_size=8))
def test_the_largest_remainders_are_rounded_up(amounts: list[Fraction]) -> None:
    total = (sum(amounts) / CENT).__floor__() * CENT
    remainders = [amount % CENT for amount in amounts]
    raised = [bill > amount - rest for bill, amount, rest in zip(
        round_to_sum(amounts, total=total), amounts, remainders, strict=True
    )]  # fmt: skip
    up = [rest for rest, is_up in zip(remainders, raised, strict=True) if is_up]
    down = [rest for rest, is_up in zip(remainders, raised, strict=True) if not is_up]
    assert min(up, default=CENT) >= max(down, default=Fraction(0))
