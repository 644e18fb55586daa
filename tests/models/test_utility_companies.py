"""B.1: replies against the definition of an optimum, closed form against the market, and the update's end."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.utility_companies import UtilityCompanies, interior_demand

positive = st.fractions(Fraction(1, 4), 12, max_denominator=6)


@st.composite
def markets(draw: st.DrawFn) -> UtilityCompanies:
    users = draw(st.integers(1, 4))
    return UtilityCompanies(
        capacities=tuple(draw(st.lists(positive, min_size=1, max_size=4))),
        budgets=tuple(draw(positive) for _ in range(users)),
        zeta=tuple(draw(positive) for _ in range(users)),
    )


@given(markets(), st.data())
def test_the_reply_spends_the_budget_at_equal_marginal_utility(market: UtilityCompanies, data: st.DataObject) -> None:
    prices = [data.draw(positive) for _ in market.capacities]
    for budget, zeta, row in zip(market.budgets, market.zeta, market.replies(prices), strict=True):
        assert sum(p * d for p, d in zip(prices, row, strict=True)) == budget
        # Marginal utility per money is the same wherever something is bought, and no larger elsewhere.
        worth = [1 / ((zeta + d) * p) for p, d in zip(prices, row, strict=True)]
        bought = {w for w, d in zip(worth, row, strict=True) if d > 0}
        assert len(bought) == 1
        assert max(worth) <= bought.pop()


@given(markets())
def test_the_closed_form_clears_where_it_holds(market: UtilityCompanies) -> None:
    prices = market.prices
    assert all(p > 0 for p in prices)
    assert sum(p * power for p, power in zip(prices, market.available, strict=True)) == sum(market.budgets)
    if market.interior:
        assert market.demand(prices) == market.available
        assert sum(market.revenues(prices)) == sum(market.budgets)
        whole, total = sum(market.zeta), sum(prices)
        for p, power in zip(prices, market.available, strict=True):
            assert interior_demand(sum(market.budgets), whole, p, total, len(prices)) == power
    else:
        assert market.demand(prices) != market.available


@given(markets(), st.data())
def test_no_company_gains_by_leaving_the_closed_form(market: UtilityCompanies, data: st.DataObject) -> None:
    if not market.interior:
        return
    prices = list(market.prices)
    k = data.draw(st.integers(0, len(prices) - 1))
    before = market.revenues(prices)[k]
    prices[k] *= data.draw(st.fractions(Fraction(1, 4), 4, max_denominator=8))
    assert market.revenues(prices)[k] <= before


@settings(deadline=None, max_examples=20)
@given(markets())
def test_the_update_ends_where_markets_clear(market: UtilityCompanies) -> None:
    end = market.adjust()
    assert end.status == "solved"
    assert end.residual <= 1e-10
    if market.interior:
        for found, stated in zip(end.prices, market.prices, strict=True):
            assert math.isclose(found, float(stated), rel_tol=1e-8)


def test_what_the_update_reports() -> None:
    market = UtilityCompanies((2, 4), (3, 3), ("1/2", "1/2"))  # type: ignore[arg-type]  # exact() reads them
    assert market.adjust((9, 9), iterations=1).status == "not converged"
    noisy = market.adjust(noise=(0.1, 0))
    assert noisy.status == "solved"
    assert noisy.prices[0] == pytest.approx(float(market.prices[0]) - 0.1)
    shared = UtilityCompanies((2, 4), (3, 3), ("1/2", "1/2"), (1, 0))  # type: ignore[arg-type]
    assert shared.available == (3, 4)
    assert UtilityCompanies((5,), (10,), (1,)).prices == (2,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"capacities": ()}, "at least one"),
        ({"capacities": (0, 1)}, r"capacities\[0\]"),
        ({"budgets": (1, -1)}, r"budgets\[1\]"),
        ({"zeta": (1, 0)}, r"zeta\[1\]"),
        ({"zeta": (1,)}, "each user"),
        ({"reserve": (1,)}, "for each"),
        ({"reserve": (1, -1)}, r"reserve\[1\]"),
        ({"budgets": (float("nan"), 1)}, "budgets"),
    ],
)
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {"capacities": (1, 1), "budgets": (1, 1), "zeta": (1, 1)}
    with pytest.raises(InputError, match=word):
        UtilityCompanies(**(good | change))


def test_bad_prices() -> None:
    market = UtilityCompanies((1, 1), (1,), (1,))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="> 0"):
        market.demand((0, 1))
    with pytest.raises(InputError, match="for each"):
        market.demand((1,))
    with pytest.raises(InputError, match="positive price"):
        market.adjust((1,))
    with pytest.raises(InputError, match="inertia"):
        market.adjust(inertia=(0, 1))
