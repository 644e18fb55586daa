"""F.4: the closed form against the general solver, and against every price on a grid."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError
from gametheory.models.bilevel_pricing import BilevelPricing, profit, surplus

number = st.fractions(0, 6, max_denominator=4)
positive = number.filter(bool)


@st.composite
def models(draw: st.DrawFn) -> BilevelPricing:
    pairs = draw(st.lists(st.tuples(number, positive), min_size=1, max_size=3))
    worth, most = zip(*pairs, strict=True)
    return BilevelPricing(worth, most, draw(number), draw(number))


@settings(max_examples=40, deadline=None)
@given(models())
def test_the_closed_form_is_what_the_general_solver_finds(model: BilevelPricing) -> None:
    solution = gt.stackelberg_equilibrium(model)
    assert solution.certificate.strength == "exact"
    assert solution.value == solution.bound == model.best_profit


@given(models(), number)
def test_the_lowered_game_is_the_formula(model: BilevelPricing, price: Fraction) -> None:
    replies = model.replies(price)
    values = model.to_game().values((price, *replies))
    assert values[0] == profit(price, model.cost, replies)
    assert values[1:] == tuple(surplus(v, price, x) for v, x in zip(model.worth, replies, strict=True))


@given(models(), number)
def test_no_price_earns_more(model: BilevelPricing, price: Fraction) -> None:
    if price <= model.price_cap:
        assert profit(price, model.cost, model.replies(price)) <= model.best_profit


def test_the_leader_takes_the_whole_worth_and_against_ties_only_nearly() -> None:
    model = BilevelPricing(worth=(6,), most=(3,), cost=2, price_cap=10)
    solution = gt.stackelberg_equilibrium(model)
    assert solution.leader == {"price": 6}
    assert solution.follower == {"follower 0": {"x0": 3}}
    assert solution.value == model.best_profit == 12
    against = gt.stackelberg_equilibrium(model, tie_breaking="pessimistic")
    assert (against.value, against.attained, against.certificate.strength) == (12, False, "exact")


def test_against_ties_the_best_profit_is_a_limit_wherever_somebody_is_indifferent() -> None:
    seen = set()
    for seed in range(10):
        dice = random.Random(seed)
        count = dice.randint(1, 3)
        worth, most = (tuple(Fraction(dice.randint(1, 12)) for _ in range(count)) for _ in range(2))
        model = BilevelPricing(worth, most, Fraction(dice.randint(0, 3)), Fraction(dice.randint(4, 12)))
        solution = gt.stackelberg_equilibrium(model, tie_breaking="pessimistic")
        assert solution.certificate.strength == "exact", f"seed {seed}"
        assert solution.value == solution.bound == model.best_profit, f"seed {seed}"
        if model.best_profit > 0:
            assert solution.attained == (solution.leader["price"] not in model.worth), f"seed {seed}"
            seen.add(solution.attained)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("numbers", "word"),
    [(((), (), 0, 1), "no follower"), (((1,), (1, 2), 0, 1), "of each a follower"), (((1,), (0,), 0, 1), r"most\[0\]"),
     (((1,), (1,), -1, 1), "cost"), (((1,), (1,), 0, -1), "price_cap"), ((("?",), (1,), 0, 1), "worth")],
)  # fmt: skip
def test_bad_input_is_refused(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        BilevelPricing(*numbers)
