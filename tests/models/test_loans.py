"""B.7: the best price against a grid of prices, and the case with two local maxima."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.arithmetic import to_float
from gametheory.errors import InputError
from gametheory.models.loans import Loans

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)


@given(st.lists(positive, min_size=1, max_size=6), positive, st.fractions(0, 8, max_denominator=16))
def test_no_other_price_earns_more(worth: list[Fraction], cost: Fraction, above: Fraction) -> None:
    bank = Loans(tuple(worth), cost)
    best = bank.best_price
    assert float(bank.profit(cost + above)) <= to_float(best.profit) + 1e-9
    assert to_float(best.price) >= float(cost)
    if max(worth) <= cost:
        assert (best.price, best.profit, best.borrowers) == (cost, 0, 0)


def test_two_local_maxima() -> None:
    bank = Loans((5, *["3/10"] * 40), "1/10")  # type: ignore[arg-type]  # exact() reads decimals and integers
    best = bank.best_price
    assert best.borrowers == 41
    assert to_float(best.price) == pytest.approx(0.2037, abs=1e-3)
    assert bank.profit("0.2") > bank.profit("0.3") < bank.profit("0.7")


def test_a_kink_is_one_candidate() -> None:
    bank = Loans((4, 1), 1)  # type: ignore[arg-type]
    assert bank.best_price.borrowers == 1
    assert to_float(bank.best_price.price) == 2
    assert bank.best_price.decided


@pytest.mark.parametrize(
    ("numbers", "word"), [(((), 1), "no borrower"), (((0,), 1), r"worth\[0\]"), (((1,), 0), "cost")]
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Loans(*numbers)


def test_a_price_below_cost_is_refused() -> None:
    with pytest.raises(InputError, match="below the cost"):
        Loans((1,), 1).profit("0.5")  # type: ignore[arg-type]
