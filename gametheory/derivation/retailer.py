"""Derivation of B.2 for one hour: surplus, profit, the weighted optimum, and the front."""

from __future__ import annotations

import sympy

from gametheory.derivation.algebra import curvature, fraction, gradient, solve_linear
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import retailer as model

__all__ = ["derivation"]


def derivation() -> Derivation:
    """Return the steps from affine demand to the front of profit and surplus.

    One hour is written out; with more, products with ``g`` become products with the matrix ``G`` (theorem B-P3).
    """
    price, choke, cost, response, eta, share, worth = sympy.symbols("pi y lam g eta t W", real=True)
    names = {price: r"\pi", cost: r"\lambda", eta: r"\eta"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    market = ([choke], [[response]])
    (bought,) = model.demand([price], *market)
    surplus = model.consumer_surplus([price], *market)
    profit = model.retail_profit([price], [cost], *market)
    objective = profit + eta * surplus
    best = solve_linear(gradient(objective, price), price)
    stated = model.best_price(eta, cost, choke)
    t = model.markup_share(eta)
    whole = response * (choke - cost) ** 2
    at_best = {price: stated}
    monopoly, optimum = ((profit + surplus).subs(price, stated.subs(eta, weight)) for weight in (0, 1))
    on_front = (1 - share) ** 2 * worth / 2
    lines = (
        Line(
            "Demand",
            "Consumers buy d = b - G pi; measured from the choke price y, where they buy nothing:",
            (show("d", bought),),
        ),
        Line(
            "Surplus and profit",
            "Consumers keep the area under demand, the retailer what it takes over the wholesale price lam.",
            (show("CS", surplus), show("RP", profit)),
            (sympy.diff(surplus, price) + bought,),
        ),
        Line(
            "Weighted optimum",
            "RP + eta CS is a parabola in the price; its derivative vanishes a part t of the way from lam to y.",
            (show("pi*", best, r"\pi^{*}"), show("t", t)),
            (best - stated, stated - (cost + t * (choke - cost))),
        ),
        Line(
            "Second-order condition",
            "It opens downwards for g > 0 and eta <= 1.",
            (show("d2/dpi2", curvature(objective, price), r"\frac{\partial^2}{\partial \pi^2}"),),
            (sympy.diff(objective, price, 2) + (2 - eta) * response,),
        ),
        Line(
            "Along the front",
            "With W = g (y - lam)^2 both are functions of t.",
            (show("RP", share * (1 - share) * worth), show("CS", on_front)),
            (
                profit.subs(at_best) - t * (1 - t) * whole,
                surplus.subs(at_best) - (1 - t) ** 2 * whole / 2,
            ),
        ),
        Line(
            "The front",
            "Put 1 - t = sqrt(2 CS/W).",
            (show("RP(CS)", model.front_profit(sympy.Symbol("CS"), worth)),),
            ((share * (1 - share) * worth + 2 * on_front) ** 2 - 2 * worth * on_front,),
        ),
        Line(
            "What the monopoly loses",
            "At eta = 0 the welfare is 3 W/8, at eta = 1 it is W/2: one quarter is lost.",
            (show("welfare of the monopoly / optimum", fraction(monopoly / optimum), r"\frac{W_0}{W_1}"),),
            (monopoly - sympy.Rational(3, 4) * optimum,),
        ),
    )
    return Derivation(
        "Retailer and consumers (B.2)",
        "Source: Jia and Tong 2016; fidelity: paper (abstract) + derived (closed forms are the package's own).",
        lines,
        (response > 0, eta >= 0, eta <= 1, worth >= 0, share >= 0, share <= sympy.Rational(1, 2)),
        model.Retailer.theorems,
    )
