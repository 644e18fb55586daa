"""Mid-market rate, supply-demand ratio and bill sharing: every settlement adds up, in every arithmetic alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory import certify
from gametheory.arithmetic import lower_bound, upper_bound
from gametheory.domain.community import Community
from gametheory.domain.outcome import Settlement
from gametheory.errors import InputError, NotApplicable
from gametheory.io.solutions import dumps, loads
from gametheory.markets import bill_sharing, mid_market_rate, supply_demand_ratio
from gametheory.markets.bill_sharing import bill_sharing_prices
from gametheory.markets.mid_market import mid_market_prices
from gametheory.markets.supply_demand_ratio import ratio_prices
from gametheory.models.economy import grid_bill

from ..solvers.pooled.strategies import communities

RULES: list[Callable[..., Settlement]] = [
    mid_market_rate,
    supply_demand_ratio,
    bill_sharing,
    lambda c, **o: bill_sharing(c, over="period", **o),
]
FORMULAS = [mid_market_prices, bill_sharing_prices, ratio_prices]
SYMBOLS = sympy.symbols("S D ls lb", real=True)
SYMBOLIC = {formula: [sympy.sympify(e) for e in formula(*SYMBOLS)] for formula in FORMULAS}
positive = st.fractions(Fraction(1, 10), 9, max_denominator=10)
price_pair = st.tuples(positive, positive).map(sorted)


def changed(deal: Settlement, **changes: Any) -> Settlement:
    given = {f.name: getattr(deal, f.name) for f in fields(Settlement)} | changes
    return Settlement(given.pop("members"), **given)


@given(communities(lowest_price=-2), st.sampled_from(RULES))
@settings(deadline=None)
def test_every_settlement_adds_up(community: Community, rule: Callable[..., Settlement]) -> None:
    if rule is supply_demand_ratio and min(community.exact_feed_in) <= 0:
        step = next(t for t, price in enumerate(community.exact_feed_in) if price <= 0)
        with pytest.raises(NotApplicable, match=f"step {step}:"):
            rule(community)
        return
    deal = rule(community)
    tariff = {"retail_price": community.exact_retail_price, "feed_in": community.exact_feed_in}
    assert deal.balance.holds
    assert certify(deal).holds()
    assert certify(deal, tariff).holds()
    assert certify(deal, deal.bills).holds()
    cents = deal.rounded()
    assert certify(cents).holds()
    assert all((100 * bill).denominator == 1 for bill in cents.bills)
    bent = {**tariff, "retail_price": [p + 1 for p in tariff["retail_price"]]}
    assert certify(deal, bent).holds() is all(m <= 0 for m in deal.grid_energy)


@given(communities(), st.sampled_from([mid_market_rate, bill_sharing]))
@settings(deadline=None, max_examples=40)
def test_a_changed_bill_price_or_energy_is_refused(community: Community, rule: Callable[..., Settlement]) -> None:
    deal = rule(community)
    more = [deal.bills[0] + Fraction(1, 10**9), *deal.bills[1:]]
    assert not certify(deal, more).holds()
    if len(community) > 1:  # the sum is right, the single amounts are not
        shifted = [deal.bills[0] + 1, deal.bills[1] - 1, *deal.bills[2:]]
        verdict = certify(deal, shifted)
        assert verdict.strength == "refuted"
        assert verdict.claim == "every bill is price times energy"
        assert certify(changed(deal, priced=False), shifted).holds()
    assert not certify(changed(deal, grid_energy=[x + 1 for x in deal.grid_energy])).holds()
    assert not certify(changed(deal, outside_money=deal.outside_money + 1)).holds()
    if any(kwh > 0 for kwh in deal.energy[0]):
        assert not certify(changed(deal, prices=[p + 1 for p in deal.prices])).holds()


@given(communities())
@settings(deadline=None, max_examples=60)
def test_nobody_pays_more_than_alone_at_the_mid_market_rate(community: Community) -> None:
    deal = mid_market_rate(community)
    for bill, row in zip(deal.bills, community.exact_net_load, strict=True):
        alone = sum(
            grid_bill(m, r, f)
            for m, r, f in zip(row, community.exact_retail_price, community.exact_feed_in, strict=True)
        )
        assert bill <= alone


@given(positive, positive, price_pair)
@settings(deadline=None, max_examples=40)
def test_one_formula_in_four_arithmetics(surplus: Fraction, deficit: Fraction, prices: list[Fraction]) -> None:
    given = (surplus, deficit, *prices)
    for formula in FORMULAS:
        exact = formula(*given)
        floats = formula(*map(float, given))
        arrays = formula(*(np.array([float(x), float(x)]) for x in given))
        balls = formula(*(flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in given))
        rationals = [sympy.Rational(x.numerator, x.denominator) for x in given]
        point = dict(zip(SYMBOLS, rationals, strict=True))
        values = [expression.subs(point) for expression in SYMBOLIC[formula]]
        for k, value in enumerate(exact):
            assert floats[k] == pytest.approx(float(value), abs=1e-12)
            assert arrays[k].tolist() == pytest.approx([float(value)] * 2, abs=1e-12)
            assert lower_bound(balls[k]) <= value <= upper_bound(balls[k])
            assert values[k] == sympy.Rational(value.numerator, value.denominator)


def test_empty_sides_are_quoted_by_the_limit() -> None:
    low, high = Fraction(1, 10), Fraction(3, 10)
    one, zero = Fraction(1), Fraction(0)
    assert mid_market_prices(zero, one, low, high) == (Fraction(1, 5), high)
    assert mid_market_prices(one, zero, low, high) == (low, Fraction(1, 5))
    assert mid_market_prices(zero, zero, low, high) == (Fraction(1, 5), Fraction(1, 5))
    assert ratio_prices(zero, one, low, high) == (high, high)
    assert ratio_prices(one, zero, low, high) == (low, low)
    assert ratio_prices(zero, zero, low, high) == (low, low)
    assert bill_sharing_prices(zero, one, low, high) == (0, high)
    assert bill_sharing_prices(one, zero, low, high) == (low, 0)
    extra = Fraction(1, 20)
    assert ratio_prices(zero, one, low, high, extra) == (high, high)
    assert ratio_prices(one, zero, low, high, extra) == (low, low + extra)
    assert ratio_prices(zero, zero, low, high, extra) == (low, low + extra)
    assert ratio_prices(one, one, low, high, extra) == (low + extra, low + extra)
    arrays = mid_market_prices(np.array([0.0, 1.0]), np.array([1.0, 0.0]), 0.1, 0.3)
    assert arrays[0].tolist() == pytest.approx([0.2, 0.1])


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=5), price_pair, st.fractions(0, 1, max_denominator=4))
@settings(deadline=None)
def test_compensated_ratio_prices_balance(net: list[int], prices: list[Fraction], part: Fraction) -> None:
    extra = part * (prices[1] - prices[0])
    deal = supply_demand_ratio(net, feed_in=prices[0], retail_price=prices[1], compensation=extra)
    assert certify(deal).holds()
    assert prices[0] <= deal.sell_prices[0] <= deal.prices[0] <= prices[1]


def test_a_settlement_goes_through_its_file() -> None:
    deal = mid_market_rate([[1, -2], ["-0.5", 1]], retail_price=["0.3", "0.5"], feed_in="0.1", members=("a", "b"))
    assert loads(dumps(deal)) == deal
    assert deal.sell_prices != deal.prices


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: mid_market_rate([1, -1]), "prices"),
        (lambda: mid_market_rate([], retail_price=1, feed_in=0), "no member"),
        (lambda: mid_market_rate([[1, 2], [1]], retail_price=1, feed_in=0), "1 steps"),
        (lambda: mid_market_rate([[1], [1]], retail_price=[1, 2], feed_in=0), "2 steps"),
        (lambda: mid_market_rate([1], retail_price=1, feed_in=2), "above retail_price"),
        (lambda: mid_market_rate([1, 2], retail_price=1, feed_in=0, members=("a", "a")), "distinct"),
        (lambda: mid_market_rate([float("nan")], retail_price=1, feed_in=0), "finite"),
        (lambda: mid_market_rate(Community.sample(), retail_price=1), "of its own"),
        (lambda: bill_sharing([1], retail_price=1, feed_in=0, over="day"), "'day'"),
        (lambda: supply_demand_ratio([[1, 1]], retail_price=1, feed_in=[1, 0]), "step 1"),
        (lambda: supply_demand_ratio([1], retail_price=2, feed_in=1, compensation=2), "compensation"),
    ],
)
def test_bad_input(call: Callable[[], object], word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()


@pytest.mark.parametrize(
    ("profile", "word"),
    [
        ([1], "one for each"),
        ({"a": 1}, "members are"),
        ({"retail_price": [1, 2], "feed_in": [0]}, "2 steps"),
    ],
)
def test_ill_formed_bills_are_refused(profile: Any, word: str) -> None:
    deal = mid_market_rate([1, -1], retail_price=1, feed_in=0)
    with pytest.raises(InputError, match=word):
        certify(deal, profile)
