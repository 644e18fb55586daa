"""A.4: closed forms against the exact equilibrium, the Nikaido-Isoda function, and the relaxation run step by step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError
from gametheory.models.cournot import Cournot, best_reply, nikaido_isoda, profit, relaxed

positive = st.fractions(Fraction(1, 9), 20, max_denominator=9)


@settings(deadline=None)
@given(st.integers(1, 5), positive, positive, positive)
def test_the_closed_form_is_the_equilibrium(n: int, intercept: Fraction, slope: Fraction, cost: Fraction) -> None:
    market = Cournot((cost,) * n, intercept, slope)
    equilibrium = gt.nash_equilibrium(market)
    assert equilibrium.certificate.holds()
    assert equilibrium.unique == "proved"
    assert equilibrium.profile == ((market.quantity,),) * n
    assert equilibrium.payoffs[0] == profit(
        market.quantity, (n - 1) * market.quantity, market.intercept, market.slope, cost
    )


@settings(deadline=None)
@given(
    st.lists(positive, min_size=1, max_size=4),
    positive,
    positive,
    st.lists(st.one_of(st.none(), positive), min_size=4, max_size=4),
    st.lists(st.fractions(0, 3, max_denominator=4), min_size=4, max_size=4),
)
def test_the_lowered_game_is_the_formula(
    costs: list[Fraction], intercept: Fraction, slope: Fraction, limits: list[Any], quantities: list[Fraction]
) -> None:
    n = len(costs)
    market = Cournot(tuple(costs), intercept, slope, tuple(limits[:n]))
    game, chosen = market.to_game(), quantities[:n]
    for i, value in enumerate(game.values([(q,) for q in chosen])):
        assert value == profit(chosen[i], sum(chosen) - chosen[i], intercept, slope, costs[i])
    equilibrium = gt.nash_equilibrium(market)
    assert equilibrium.certificate.bound == 0
    here = [x for (x,) in equilibrium.profile]
    for k, limit in enumerate(market.capacities):
        trial = [q if k != j else min(q, limit) if limit is not None else q for j, q in enumerate(here)]
        assert nikaido_isoda(here, trial, intercept, slope, costs) <= 0


def test_the_relaxation_converges_or_not_as_stated() -> None:
    for n, step, settles in ((2, "1", True), (3, "1", False), (4, "0.8", False), (4, "0.79", True), (4, "0.9", False)):
        market = Cournot((0,) * n, 12, 1)  # type: ignore[arg-type]  # integers become Fractions
        assert (market.contraction(step) < 1) == settles
        q = [Fraction(k + 1) for k in range(n)]
        start = abs(sum(q) - n * market.quantity)
        for _ in range(60):
            q = [relaxed(x, sum(q) - x, Fraction(step), market.intercept, market.slope, market.costs[0]) for x in q]
        gap = abs(sum(q) - n * market.quantity)
        assert (gap < start / 2) == settles


def test_a_monopoly_takes_one_step() -> None:
    market = Cournot((2,), 12, 1)  # type: ignore[arg-type]  # integers become Fractions
    assert market.contraction(1) == 0
    assert market.quantity == best_reply(0, 12, 1, 2) == 5
    assert Cournot((12,), 12, 1).quantity == 0  # type: ignore[arg-type]  # A <= c


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        (((), 1, 1), "no firm"),
        (((0,), 1, 0), "slope"),
        (((0,), 1, 1, (-1,)), "capacities"),
        (((0,), 1, 1, (1, 1)), "for each firm"),
        (((float("nan"),), 1, 1), "costs"),
    ],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Cournot(*numbers)


def test_where_the_closed_form_does_not_hold_it_says_so() -> None:
    with pytest.raises(InputError, match="costs differ"):
        _ = Cournot((0, 1), 12, 1).quantity  # type: ignore[arg-type]
    with pytest.raises(InputError, match="capacity"):
        _ = Cournot((0, 0), 12, 1, (1, None)).quantity  # type: ignore[arg-type]
    with pytest.raises(InputError, match="step"):
        Cournot((0, 0), 12, 1).contraction(2)  # type: ignore[arg-type]
