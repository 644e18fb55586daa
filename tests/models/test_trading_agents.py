"""G.3: nobody loses within its budget, efficiency is at most 1, the seed decides, and bad input is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.trading_agents import TradingAgents

number = st.fractions(0, 10, max_denominator=3)
sides = st.lists(number, min_size=1, max_size=5)


@given(sides, sides, st.integers(0, 2**32 - 1))
def test_nobody_loses_and_nothing_is_gained_twice(values: list[Fraction], costs: list[Fraction], seed: int) -> None:
    agents = TradingAgents(tuple(values), tuple(costs), Fraction(1), Fraction(9))
    run = agents.run(seed=seed, rounds=200)
    for trade in run.trades:
        assert agents.costs[trade.seller] <= trade.price <= agents.values[trade.buyer]
    assert len({t.buyer for t in run.trades}) == len({t.seller for t in run.trades}) == len(run.trades)
    assert 0 <= run.surplus <= run.greatest_surplus
    assert (run.efficiency is None) == (run.greatest_surplus == 0)
    assert agents.run(seed=np.random.default_rng(seed), rounds=200) == run


def test_agents_without_budget_lose() -> None:
    agents = TradingAgents((1,), (0,), 0, 100, constrained=False)  # type: ignore[arg-type]  # exact() reads integers
    prices = [agents.run(seed=seed).trades[0].price for seed in range(20)]
    assert max(prices) > 1


def test_who_cannot_quote_abstains() -> None:
    agents = TradingAgents((1, 9), (5, 0), 2, 4)  # type: ignore[arg-type]
    run = agents.run(seed=3)
    assert [(t.buyer, t.seller) for t in run.trades] == [(1, 1)]
    assert run.volatility == 0
    nothing = TradingAgents((1,), (5,), 2, 4).run(seed=0)  # type: ignore[arg-type]
    assert (nothing.trades, nothing.efficiency, nothing.volatility) == ((), None, None)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((), (1,), 0, 1), "at least one"), (((1,), (), 0, 1), "at least one"), (((1,), (1,), 2, 1), "swap")],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        TradingAgents(*numbers)


def test_a_negative_number_of_rounds_is_refused() -> None:
    with pytest.raises(InputError, match="rounds"):
        TradingAgents((1,), (0,), 0, 1).run(seed=0, rounds=-1)  # type: ignore[arg-type]
