"""G.2: who wins and what is paid; truth against every other ask; revenue equivalence by exact integration."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.reverse_auction import ReverseAuction, symmetric_ask, winning_chance

ask = st.fractions(0, 5, max_denominator=3)


def earned(auction: ReverseAuction, seller: int, cost: Fraction, rule: str) -> Fraction:
    result = getattr(auction, rule)
    if seller not in result.winners:
        return Fraction(0)
    return result.payments[result.winners.index(seller)] - cost  # type: ignore[no-any-return]


@given(st.lists(ask, min_size=2, max_size=5), ask, st.integers(0, 4), st.integers(1, 2))
def test_truth_is_best_under_vickrey(costs: list[Fraction], other: Fraction, seller: int, demand: int) -> None:
    seller %= len(costs)
    honest = ReverseAuction(tuple(costs), demand, Fraction(6))
    asks = list(costs)
    asks[seller] = other
    changed = replace(honest, asks=tuple(asks))
    assert earned(honest, seller, costs[seller], "vickrey") >= earned(changed, seller, costs[seller], "vickrey")
    assert earned(honest, seller, costs[seller], "vickrey") >= 0


def test_ties_shortage_and_reserve() -> None:
    assert ReverseAuction((2, 2, 2)).vickrey.winners == (0,)  # type: ignore[arg-type]  # exact() reads integers
    short = ReverseAuction((1, 2), demand=3, reserve=5)  # type: ignore[arg-type]
    assert not short.vickrey.complete
    assert short.vickrey.payments == (5, 5)
    assert short.pay_as_bid.payments == (1, 2)
    nobody = ReverseAuction((9,), reserve=5)  # type: ignore[arg-type]
    assert (nobody.vickrey.winners, nobody.vickrey.complete) == ((), False)
    assert ReverseAuction((1, 4), reserve=3).vickrey.payments == (3,)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="give a reserve"):
        _ = ReverseAuction((1,)).vickrey  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [2, 3, 4])
def test_both_formats_cost_the_same_on_average(n: int) -> None:
    c = sympy.Symbol("c")
    # n times the expected payment to one seller: its ask times the chance to win, over a uniform cost.
    first = n * sympy.integrate(symmetric_ask(c, sympy.Integer(n)) * winning_chance(c, n), (c, 0, 1))
    assert first == sympy.Rational(2, n + 1)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((),), "no seller"), (((-1,),), r"asks\[0\]"), (((1,), 0), "demand"), (((1,), 1, -1), "reserve")],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        ReverseAuction(*numbers)
