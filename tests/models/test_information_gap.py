"""F.2: the tolerated error against the ends of the envelope."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import Infeasible, InputError
from gametheory.models.information_gap import InformationGap, best_profit, worst_profit

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)
number = st.fractions(-8, 40, max_denominator=4)


@given(positive, positive, number, number)
def test_the_ends_of_the_envelope(price: Fraction, forecast: Fraction, cost: Fraction, wanted: Fraction) -> None:
    plan = InformationGap(price, forecast, cost)
    if wanted > plan.nominal_profit:
        with pytest.raises(Infeasible, match="nominal"):
            plan.robustness(wanted)
        assert best_profit(plan.opportuneness(wanted), price, forecast, cost) == wanted
    else:
        error = plan.robustness(wanted)
        assert worst_profit(error, price, forecast, cost) >= wanted
        assert plan.is_capped(wanted) or worst_profit(error, price, forecast, cost) == wanted
        assert plan.opportuneness(wanted) == 0


@pytest.mark.parametrize(("numbers", "word"), [((0, 1), "price"), ((1, 0), "forecast"), ((1, 1, float("nan")), "cost")])
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        InformationGap(*numbers)
