"""Bounds hold where doubles underflow, where their products are nearly exact, and where ends are no doubles."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest

from gametheory.certificates.affine import check_generalised_equilibrium, check_variational_equilibrium
from gametheory.certificates.company_arrays import bound_company_prices
from gametheory.certificates.congested_prices import check_congested_prices
from gametheory.certificates.curvature import is_convex
from gametheory.certificates.interval import Interval
from gametheory.certificates.log_price_arrays import bound_log_prices
from gametheory.certificates.smooth_own import gain_of
from gametheory.certificates.splittable import read
from gametheory.certificates.splittable_ratio import enclose
from gametheory.errors import InputError, NoChecker
from gametheory.games.affine import AffineGame
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.expression import Expression
from gametheory.games.log_pricing import LogPricingStep
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.splittable import SplittableGame

X = Expression.variable(0)


def test_a_product_that_is_rounded_to_the_largest_exact_integer_is_not_exact() -> None:
    product = Interval(321, 321) * Interval(28059810762433, 28059810762433)  # 2^53 + 1
    assert product.low <= 2**53 + 1 <= product.high


def test_a_broken_power_that_underflows_is_not_taken_for_negative() -> None:
    assert Interval(0, 1e-200).own_power(Fraction(5, 2)).high > 0
    assert is_convex(-1 / X.own_power(Fraction(5, 2)), [Interval(0, 1e-200)]) == ""


def test_the_square_of_a_small_slope_is_no_bound_of_zero() -> None:
    # The best reply 1e129 gains 1e-340/(2e-299) = 5e-42.
    game = AffineGame(sizes=(1,), matrix=[[1e-299]], vector=[-1e-170], lower=[0], upper=[float("inf")])
    for check in (check_generalised_equilibrium, check_variational_equilibrium):
        with pytest.raises(NoChecker):
            check(game, {"joint": [0.0]}, epsilon=1e-60)
        assert check(game, {"joint": [0.0]}, epsilon=1).bound >= Fraction(5, 10**42)


def test_weights_under_which_entries_underflow_are_refused() -> None:
    game = AffineGame(sizes=(1,), matrix=[[2]], vector=[-2], lower=[0], upper=[9])
    with pytest.raises(NoChecker, match="underflow"):
        check_variational_equilibrium(game, {"joint": [1.0]}, epsilon=1, witness={"weights": [1e-320]})


def test_no_profit_is_bounded_at_a_price_outside_the_tariff() -> None:
    # The double of 1/10 is above it; no lam above the tariff bounds a profit, and selling at 1/25 earns 1e-12 more.
    step = LogPricingStep(
        (Fraction(10), Fraction(1, 25)), (Fraction(0), Fraction(1)), Fraction(1, 10), Fraction(1, 100)
    )
    game = CongestedPricingGame(("buyer", "seller"), (step,), ((0, 0),), (1000,))  # type: ignore[arg-type]
    less = Fraction(1, 10**12)
    profile = {
        "buy_prices": (Fraction(1, 10),),
        "sell_prices": (Fraction(1, 25) + less,),
        "multipliers": ((0,),),
        "consumptions": ((Fraction(99),), (Fraction(0),)),
    }
    assert check_congested_prices(game, profile, epsilon=1).witness["leader_regret"] >= less


def test_arrays_too_small_for_their_products_are_refused() -> None:
    with pytest.raises(InputError, match="other units"):
        bound_company_prices(capacities=[1e-17], budgets=[2e-24], zeta=[5e-324], prices=[1e-300])
    step = {"k": [2e-200, 5e-200], "energy": [0.2, 0.0], "feed_in": 1e-200, "retail_price": 3e-200}
    with pytest.raises(InputError, match="1e-120"):
        bound_log_prices(**step, buy_price=3e-200, sell_price=1e-200, consumption=[1.0, 1.0])  # type: ignore[arg-type]


def test_slopes_whose_squares_underflow_widen_the_total_of_the_equilibrium() -> None:
    game = SplittableGame(amounts=[4e100] * 2, limits=[4e100] * 2, slope=[1e-300] * 2, base=[0, 3e-200])  # type: ignore[arg-type]
    off = read(game, {"split": [[2.500001e100, 1.499999e100]] * 2})  # the equilibrium is 2.5e100 and 1.5e100
    low, high = enclose(game, off, None, equilibrium=True)
    true = Fraction(5, 10**200) * Fraction(5 * 10**100) + Fraction(6, 10**200) * Fraction(3 * 10**100)
    assert low <= true <= high


def test_a_value_too_far_out_for_a_rational_is_refused_and_does_not_stop_the_process() -> None:
    for formula in ((X * 10**30).own_function("exp"), (X * -(10**30)).own_function("exp") - X):
        with contextlib.suppress(NoChecker):
            gain = gain_of(formula, Polyhedron(("x",), (1,), (2,)), (Fraction(3, 2),))  # type: ignore[arg-type]
            assert gain.high is None or gain.high >= Fraction(1, 2)  # at an end of the strategies
