"""B.2: the stated prices against every other price, the front, and how bad input is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.io.solutions import read_solution
from gametheory.models.retailer import Retailer, consumer_surplus, demand, retail_profit
from gametheory.report.pareto_front import plot_front

number = st.fractions(-5, 5, max_denominator=5)
weight = st.fractions(0, 1, max_denominator=8)


@st.composite
def shops(draw: st.DrawFn) -> Retailer:
    hours = draw(st.integers(1, 3))
    half = [[draw(st.integers(-3, 3)) for _ in range(hours)] for _ in range(hours)]
    response = [[sum(r[i] * r[j] for r in half) + (i == j) for j in range(hours)] for i in range(hours)]
    base, wholesale = (tuple(draw(number) for _ in range(hours)) for _ in range(2))
    return Retailer(base, tuple(map(tuple, response)), wholesale)  # type: ignore[arg-type]  # integers become Fractions


@given(shops(), weight, st.data())
def test_no_other_price_is_better(shop: Retailer, eta: Fraction, data: st.DataObject) -> None:
    best = shop.prices(eta)
    other = [p + data.draw(number) for p in best]

    def objective(prices: Any) -> Fraction:
        profit = retail_profit(prices, shop.wholesale, shop.choke, shop.response)
        return profit + eta * consumer_surplus(prices, shop.choke, shop.response)  # type: ignore[no-any-return]

    if tuple(other) != best:
        assert objective(other) < objective(best)
    # Nor does any price give more profit at no less surplus.
    profit, surplus = shop.profit(eta), shop.surplus(eta)
    there = retail_profit(other, shop.wholesale, shop.choke, shop.response)
    left = consumer_surplus(other, shop.choke, shop.response)
    assert not (there > profit and left >= surplus)


@settings(max_examples=25, deadline=None)
@given(shops(), weight)
def test_the_general_solver_agrees_and_other_prices_are_refuted(shop: Retailer, eta: Fraction) -> None:
    game = shop.to_game(weight=eta)
    found = gt.stackelberg_equilibrium(game)
    best = shop.prices(eta)
    assert found.certificate.strength == "exact"
    assert found.profile == {"decision": best, "replies": (shop.demand(eta),), "tie_breaking": "optimistic"}
    assert found.value == found.bound == shop.profit(eta) + eta * shop.surplus(eta)
    moved = tuple(p * Fraction(101, 100) for p in best)
    answer = tuple(map(exact, demand(moved, shop.choke, shop.response)))
    verdict = gt.certify(game, {"decision": moved, "replies": (answer,)})
    if moved == best:
        assert verdict.strength == "exact"
    else:
        assert verdict.strength == "refuted"
        assert verdict.witness["better_decision"]["decision"] == best
    # Followers that do not answer so are refuted as well.
    other = (shop.demand(eta)[0] + 1, *shop.demand(eta)[1:])
    assert gt.certify(game, {"decision": best, "replies": (other,)}).witness["follower_regret"] > 0


def test_a_solved_retailer_is_checked_again_from_a_file(tmp_path: Path) -> None:
    shop = Retailer((10, 8), ((2, 1), (1, 2)), (1, 1))  # type: ignore[arg-type]
    found = gt.stackelberg_equilibrium(shop)
    assert (found.value, found.provenance["model"]) == (Fraction(13, 2), "Retailer")
    found.to_json(tmp_path / "shop.json")
    again = read_solution(tmp_path / "shop.json")
    assert gt.certify(again).strength == "exact"
    assert gt.certify(replace(again, value=Fraction(7), bound=Fraction(7))).strength == "refuted"


@given(shops(), weight)
def test_the_front(shop: Retailer, eta: Fraction) -> None:
    front = shop.front
    assert front.at(eta) == (shop.surplus(eta), shop.profit(eta))
    ball = front.profit(shop.surplus(eta))
    assert abs(float(ball.mid()) - float(shop.profit(eta))) <= 1e-9 * (1 + float(front.worth))
    assert front.surplus_range == (shop.surplus(0), shop.surplus(1))
    assert front.holds(*front.at(eta))
    assert shop.is_efficient(shop.prices(eta))


@given(shops(), st.lists(number, min_size=3, max_size=3), weight)
def test_no_prices_are_above_the_front_and_its_triangles_hold_it(
    shop: Retailer, moved: list[Fraction], eta: Fraction
) -> None:
    front = shop.front
    prices = [p + d for p, d in zip(shop.prices(eta), moved, strict=False)]
    surplus = consumer_surplus(prices, shop.choke, shop.response)
    profit = retail_profit(prices, shop.wholesale, shop.choke, shop.response)
    assert profit + eta * surplus <= front.best_sum(eta)
    # Other prices that reach the same sum are the same prices: the maximiser is unique, and only such are efficient.
    if any(moved[: len(prices)]):
        assert profit + eta * surplus < front.best_sum(eta)
    if shop.is_efficient(prices):
        gaps = [y - w for y, w in zip(shop.choke, shop.wholesale, strict=True)]
        shares = {(p - w) / gap for p, w, gap in zip(prices, shop.wholesale, gaps, strict=True) if gap}
        assert len(shares) <= 1
        assert all(0 <= share <= Fraction(1, 2) for share in shares)
    pieces = front.segments(5)
    assert (pieces[0].left.surplus, pieces[-1].right.surplus) == front.surplus_range
    heights = [piece.height for piece in pieces]
    assert all(height > 0 for height in heights) if front.worth else not any(heights)
    for piece in pieces:
        middle = front.at((piece.left.weight + piece.right.weight) / 2)
        assert piece.left.surplus <= middle[0] <= piece.right.surplus
        for end in (piece.left, piece.right):  # below both tangents, and on them at the ends
            assert front.holds(end.surplus, end.profit)
            assert middle[1] + end.weight * middle[0] <= front.best_sum(end.weight)
            assert end.profit + end.weight * end.surplus == front.best_sum(end.weight)
            assert piece.corner[1] + end.weight * piece.corner[0] == front.best_sum(end.weight)


def test_the_front_is_drawn_from_its_exact_points() -> None:
    shop = Retailer(base_demand=(10, 8), response=((2, 1), (1, 2)), wholesale=(1, 1))
    drawn = plot_front(shop.front, at={"posted": (Fraction(5, 2), Fraction(3))})
    axis = drawn.axes[0]
    xs, ys = axis.lines[0].get_data()
    assert (xs[0], xs[-1]) == tuple(map(float, shop.front.surplus_range))
    assert ys[0] == float(shop.profit(0))
    assert ys[-1] == 0
    assert "consumer surplus" in axis.get_xlabel()
    with pytest.raises(InputError, match="at least 2"):
        shop.front.points(1)
    assert shop.profit(1) == 0
    assert 4 * (shop.profit(0) + shop.surplus(0)) == 3 * shop.surplus(1)


def test_demand_is_affine() -> None:
    shop = Retailer((10, 8), ((2, 1), (1, 2)), (1, 1))  # type: ignore[arg-type]
    prices = shop.prices("0.5")
    assert shop.demand("0.5") == (10 - 2 * prices[0] - prices[1], 8 - prices[0] - 2 * prices[1])
    assert not shop.negative_demand
    assert Retailer((1, 8), ((1, 0), (0, 1)), (2, 1)).negative_demand  # type: ignore[arg-type]


def test_a_market_without_worth() -> None:
    shop = Retailer((2,), ((1,),), (2,))  # type: ignore[arg-type]
    assert shop.front.surplus_range == (0, 0)
    assert float(shop.front.profit(0)) == 0


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        (((), (), ()), "no hour"),
        (((1, 1), ((1, 2), (2, 1)), (0, 0)), "positive definite"),
        (((1, 1), ((1, 1), (0, 1)), (0, 0)), "symmetric"),
        (((1, 1), ((1,),), (0, 0)), "agree"),
        (((1,), ((1,),), (0, 0)), "agree"),
        (((float("inf"),), ((1,),), (0,)), "base_demand"),
    ],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Retailer(*numbers)


def test_bad_questions() -> None:
    shop = Retailer((2,), ((1,),), (0,))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="weight"):
        shop.prices(2)
    with pytest.raises(InputError, match="not on the front"):
        shop.front.profit(5)
