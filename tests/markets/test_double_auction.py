"""Double auctions: every book balances, what is filled is best, ties and residues do what the rule says."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog

import gametheory as gt
from gametheory.domain.clearing import Clearing
from gametheory.domain.orders import Order, OrderBook
from gametheory.domain.outcome import Trade
from gametheory.errors import InputError
from gametheory.io.solutions import dumps, loads
from gametheory.markets import double_auction

RULES: tuple[dict[str, Any], ...] = (
    *({"price_rule": rule} for rule in ("midpoint", "buyer", "seller", "competitive", "trade_reduction", "mcafee")),
    {"price_rule": "k", "k": "1/3", "tie_break": "pro_rata"},
    {"price_rule": "competitive", "k": 1, "tie_break": "pro_rata"},
)
FULL = tuple(rule for rule in RULES if rule["price_rule"] not in {"trade_reduction", "mcafee"})


@st.composite
def books(draw: st.DrawFn, *, unit: bool = False, times: bool = True) -> OrderBook:
    """Few prices and quantities, so that ties and exact matches are common; a side may be empty."""
    orders = []
    for k in range(draw(st.integers(0, 8))):
        orders.append(
            Order(
                f"o{k}",
                draw(st.sampled_from("abcde")),
                draw(st.sampled_from(["buy", "sell"])),
                1 if unit else draw(st.sampled_from([0, 1, 2, Fraction(1, 3), Fraction(5, 2)])),
                draw(st.integers(0, 5)),
                time=draw(st.sampled_from(["t0", "t1"])) if times else "",
            )
        )
    return OrderBook(tuple(orders))


def filled(deal: Clearing) -> dict[str, Fraction]:
    return {order.id: kwh for order, kwh in zip(deal.book.orders, deal.filled, strict=True)}


@given(books(), st.sampled_from(RULES))
@settings(deadline=None)
def test_every_book_balances_and_is_certified(book: OrderBook, rule: dict[str, Any]) -> None:
    deal = double_auction(book, **rule)
    certificate = gt.certify(deal)
    assert certificate.strength == "exact", str(certificate)
    assert certificate.holds()
    assert deal.balance.holds
    assert deal.settlement.balance.holds
    assert deal.kept >= 0
    assert deal.kept == 0 or rule["price_rule"] == "mcafee"
    assert gt.certify(deal.settlement).holds()
    assert loads(dumps(deal)) == deal


@given(books(times=False), st.sampled_from(FULL))
@settings(deadline=None, max_examples=60)
def test_surplus_is_that_of_the_linear_programme(book: OrderBook, rule: dict[str, Any]) -> None:
    deal = double_auction(book, **rule)
    if not book.orders:
        assert deal.surplus == 0
        return
    signs = np.array([1.0 if order.side == "buy" else -1.0 for order in book.orders])
    values = np.array([float(order.price) for order in book.orders])
    bounds = [(0, float(order.quantity)) for order in book.orders]
    best = linprog(-signs * values, A_eq=[signs], b_eq=[0], bounds=bounds)
    assert float(deal.surplus) == pytest.approx(-best.fun, abs=1e-7)


@given(books(unit=True, times=False))
@settings(deadline=None, max_examples=60)
def test_unit_orders_are_assigned_as_the_assignment_problem_says(book: OrderBook) -> None:
    deal = double_auction(book)
    bids = [float(order.price) for order in book.orders if order.side == "buy"]
    asks = [float(order.price) for order in book.orders if order.side == "sell"]
    worth = np.maximum(np.subtract.outer(bids, asks), 0).reshape(len(bids), len(asks))
    rows, columns = linear_sum_assignment(worth, maximize=True)
    assert float(deal.surplus) == worth[rows, columns].sum()


@given(books(), st.sampled_from(RULES), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_book_changes_nothing_but_ties(book: OrderBook, rule: dict[str, Any], chance: Any) -> None:
    shuffled = list(book.orders)
    chance.shuffle(shuffled)
    one, other = double_auction(book, **rule), double_auction(shuffled, **rule)
    places = [other.times.index(label) for label in one.times] if book.orders else [0]
    untied = len({(o.time, o.side, o.price) for o in book.orders}) == len(book.orders)
    if untied or rule in FULL:
        assert one.buy_prices == tuple(other.buy_prices[t] for t in places)
        assert one.sell_prices == tuple(other.sell_prices[t] for t in places)
        assert (one.surplus, one.volume) == (other.surplus, other.volume)
    if untied or rule.get("tie_break") == "pro_rata":
        assert filled(one) == filled(other)
        assert dict(zip(one.members, one.bills, strict=True)) == dict(zip(other.members, other.bills, strict=True))


@given(books(), st.sampled_from(RULES), st.sampled_from([Fraction(1, 7), Fraction(3)]))
@settings(deadline=None)
def test_units_and_names_do_not_matter(book: OrderBook, rule: dict[str, Any], scale: Fraction) -> None:
    other = [
        replace(o, id=f"{o.id}'", participant=f"{o.participant}'", quantity=scale * o.quantity, price=o.price / scale)
        for o in book.orders
    ]
    one, scaled = double_auction(book, **rule), double_auction(other, **rule)
    assert scaled.filled == tuple(scale * kwh for kwh in one.filled)
    assert scaled.bills == one.bills
    assert scaled.prices == tuple(None if p is None else p / scale for p in one.prices)


@given(books(), st.sampled_from(RULES), st.data())
@settings(deadline=None)
def test_a_perturbed_clearing_is_refused(book: OrderBook, rule: dict[str, Any], data: st.DataObject) -> None:
    deal = double_auction(book, **rule)
    field = data.draw(st.sampled_from(["filled", "bills", "buy_prices", "sell_prices", "trades"]))
    values = list(getattr(deal, field))
    if not values:
        return
    k = data.draw(st.integers(0, len(values) - 1))
    nudge = data.draw(st.sampled_from([Fraction(1, 7), Fraction(-1, 7)]))
    value = values[k]
    values[k] = replace(value, energy=value.energy + Fraction(1, 7)) if field == "trades" else (value or 0) + nudge
    certificate = gt.certify(deal, {field: tuple(values)})
    assert certificate.strength == "refuted", str(certificate)
    assert certificate.bound > 0


def _orders(*rows: tuple[str, Any, Any]) -> list[Order]:
    return [Order(str(k), f"p{k}", side, quantity, price) for k, (side, quantity, price) in enumerate(rows)]


def test_an_inefficient_fill_is_refuted_by_an_exchange() -> None:
    deal = double_auction(_orders(("buy", 1, 10), ("buy", 1, 9), ("sell", 1, 0)))
    wrong = replace(
        deal,
        filled=(Fraction(0), Fraction(1), Fraction(1)),
        buy_prices=(Fraction(9, 2),),
        sell_prices=(Fraction(9, 2),),
        bills=(Fraction(0), Fraction(9, 2), Fraction(-9, 2)),
        trades=(Trade(0, "p2", "p1", Fraction(1), Fraction(9, 2)),),
    )
    certificate = gt.certify(wrong)
    assert certificate.claim == "it fails that reported surplus is the greatest"
    shown = certificate.witness["reported surplus is the greatest"]
    assert (shown["attainable"], shown["reached"]) == (10, 9)
    assert shown["exchange"] == {"kind": "buy", "orders": ("0", "1"), "gain_per_kwh": 1}


def test_other_marginal_orders_are_refuted() -> None:
    deal = double_auction(_orders(("buy", 1, 10), ("buy", 1, 9), ("sell", 1, 0)))
    assert deal.marginal == (("0", "2"),)
    for wrong in (("1", "2"), None):
        assert gt.certify(deal, {"marginal": (wrong,)}).strength == "refuted"
    assert gt.certify(deal, {"marginal": ()}).holds()
    with pytest.raises(InputError, match="for each step"):
        gt.certify(deal, {"marginal": (None, None)})


@given(books(unit=True, times=False), st.data())
@settings(deadline=None)
def test_no_report_earns_more_than_the_truth_under_mcafee(book: OrderBook, data: st.DataObject) -> None:
    if not book.orders:
        return
    orders = [replace(order, participant=order.id) for order in book.orders]
    k = data.draw(st.integers(0, len(orders) - 1))
    report = data.draw(st.integers(0, 12)) * Fraction(1, 2)

    def gain(asked: Fraction) -> Fraction:
        deal = double_auction([*orders[:k], replace(orders[k], price=asked), *orders[k + 1 :]], price_rule="mcafee")
        worth = orders[k].price if orders[k].side == "buy" else -orders[k].price
        return worth * deal.filled[k] - deal.bills[deal.members.index(orders[k].id)]

    assert gain(orders[k].price) >= max(gain(report), 0)


def test_a_price_that_makes_somebody_lose_is_refuted() -> None:
    deal = double_auction(_orders(("buy", 1, 10), ("sell", 1, 2)))
    wrong = replace(deal, buy_prices=(Fraction(1),), sell_prices=(Fraction(1),), bills=(Fraction(1), Fraction(-1)))
    certificate = gt.certify(wrong)
    assert "nobody trades at a price worse than its own" in certificate.claim
    assert certificate.witness["nobody trades at a price worse than its own"]["loses"] == 1


@pytest.mark.parametrize("rule", RULES)
def test_no_crossing_and_an_empty_side_trade_nothing(rule: dict[str, Any]) -> None:
    for orders in ([], _orders(("buy", 1, 3)), _orders(("sell", 1, 3)), _orders(("buy", 1, 3), ("sell", 1, 4))):
        deal = double_auction(orders, **rule)
        assert deal.prices == (None,)
        assert deal.volume == 0
        assert deal.trades == ()
        assert deal.marginal == (None,)
        assert gt.certify(deal).holds()


def test_equal_prices_trade() -> None:
    assert double_auction(_orders(("buy", 1, 3), ("sell", 1, 3))).volume == 1


def test_ties_go_to_the_first_or_are_shared() -> None:
    orders = _orders(("buy", 3, 5), ("sell", 2, 1), ("sell", 4, 1))
    assert double_auction(orders).filled == (3, 2, 1)
    assert double_auction(orders, tie_break="pro_rata").filled == (3, 1, 2)


def test_a_price_beside_the_marginal_pair_can_tempt_who_is_left_out() -> None:
    """The k rule looks at the pair that trades; the competitive rule also at who is left out."""
    orders = _orders(("buy", 1, 10), ("buy", 1, 9), ("sell", 1, 0), ("sell", 1, Fraction(19, 2)))
    assert double_auction(orders).prices == (5,)
    competitive = double_auction(orders, price_rule="competitive")
    assert competitive.prices == (Fraction(37, 4),)
    certificate = gt.certify(replace(competitive, buy_prices=(5,), sell_prices=(5,), bills=(5, 0, -5, 0)))
    assert "the price supports the allocation" in certificate.claim


def test_mcafee_takes_the_outside_price_or_reduces() -> None:
    outside = double_auction(
        _orders(("buy", 1, 10), ("buy", 1, 4), ("sell", 1, 2), ("sell", 1, 6)), price_rule="mcafee"
    )
    assert (outside.prices, outside.kept, outside.volume) == ((5,), 0, 1)
    reduced = double_auction(
        _orders(("buy", 1, 10), ("buy", 1, 8), ("sell", 1, 2), ("sell", 1, 3)), price_rule="mcafee"
    )
    assert (reduced.buy_prices, reduced.sell_prices, reduced.kept) == ((8,), (3,), 5)


def test_tenths_in_a_frame_add_up_so_no_residue_reaches_the_cap() -> None:
    rows = {
        "id": [1, 2, 3, 4],
        "participant": ["a", "b", "c", "cap"],
        "side": ["buy", "buy", "sell", "sell"],
        "quantity": [0.1, 0.2, 0.3, 5.0],
        "price": [9.0, 9.0, 2.0, 9.0],
    }
    assert 0.1 + 0.2 > 0.3
    assert double_auction(pd.DataFrame(rows)).prices == (Fraction(11, 2),)
    binary = [Order(str(k), p, s, q, v) for k, p, s, q, v in zip(*rows.values(), strict=True)]
    assert double_auction(binary).prices == (9,), "as dyadic rationals the two buyers do want more than is offered"
    assert double_auction(binary, resolution="0.001").prices == (Fraction(11, 2),)


def test_a_frame_is_read_with_all_its_problems() -> None:
    rows = {
        "id": ["1", "2", "3", None],
        "participant": ["a", "b", "c", "d"],
        "side": ["buy", "bye", "sell", "sell"],
        "quantity": [1, 1, -1, 1],
        "price": [1.0, 1.0, float("nan"), 1.0],
    }
    with pytest.raises(InputError) as caught:
        double_auction(pd.DataFrame(rows))
    assert len(caught.value.problems) == 4
    with pytest.raises(InputError, match="no column 'price'"):
        double_auction(pd.DataFrame(rows).rename(columns={"price": "prices"}))


def test_a_frame_carries_nodes_and_times() -> None:
    rows = {
        "id": [1, 2, 3, 4],
        "participant": ["a", "b", "a", "b"],
        "side": ["buy", "sell", "sell", "buy"],
        "quantity": [1, 1, 2, 2],
        "price": [4, 2, 1, 3],
        "node": ["n", "m", "n", None],
        "time": pd.to_datetime(["2024-01-01 00:00", "2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 01:00"]),
    }
    deal = double_auction(pd.DataFrame(rows))
    assert deal.prices == (3, 2)
    assert deal.bills == (-1, 1)
    assert deal.book.orders[3].node == ""
    assert deal.times == ("2024-01-01 00:00:00", "2024-01-01 01:00:00")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"price_rule": "vickrey"}, "unknown"),
        ({"price_rule": "k", "k": 2}, "outside"),
        ({"price_rule": "buyer", "k": "1/2"}, "has no k"),
        ({"tie_break": "last"}, "unknown"),
        ({"price_rule": "mcafee", "tie_break": "pro_rata"}, "leaves out"),
        ({"resolution": 0}, "not above 0"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        double_auction(_orders(("buy", 1, 1)), **options)


def test_bad_orders_are_refused() -> None:
    with pytest.raises(InputError, match="used twice"):
        double_auction([Order("1", "a", "buy", 1, 1), Order("1", "b", "sell", 1, 1)])
    with pytest.raises(InputError, match="not an Order"):
        double_auction([("1", "a", "buy", 1, 1)])
    with pytest.raises(InputError, match="pandas frame"):
        double_auction("orders")
    with pytest.raises(InputError, match="negative"):
        Order("1", "a", "buy", 1, -1)


def test_a_profile_that_is_no_clearing_is_refused() -> None:
    deal = double_auction(_orders(("buy", 1, 3), ("sell", 1, 1)))
    for profile in ("filled", {"book": None}, {"filled": (1,)}, {"filled": (1, "x")}, {"trades": (1,)}, {"bills": ()}):
        with pytest.raises(InputError):
            gt.certify(deal, profile)
    with pytest.raises(InputError, match="order book"):
        replace(deal, book=None)
    with pytest.raises(InputError, match="unknown"):
        replace(deal, rule="vickrey")
