"""Derivation of A.2 for identical vehicles: potential, equilibrium, optima, price of anarchy in both conventions."""

from __future__ import annotations

import sympy

from gametheory.derivation.algebra import curvature, fraction, gradient, solve_linear
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import ev_charging as model

__all__ = ["derivation"]


def derivation() -> Derivation:
    """Return the steps from a vehicle's bill to the price of anarchy, for any number of vehicles and slots."""
    n, slots, mean, alpha, average, off = sympy.symbols("N T mu alpha betabar delta", real=True)
    own, others, base, price, demand, spread = sympy.symbols("x X_o beta nu sigma V", real=True)
    middle, squares = sympy.symbols("dbar S", real=True)
    names = {
        mean: r"\mu", alpha: r"\alpha", average: r"\bar\beta", off: r"\delta_t", own: "x_{it}", others: "X_{-i,t}",
        base: r"\beta_t", price: r"\nu", demand: r"\sigma_t", middle: r"\bar d",
    }  # fmt: skip

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    bill = model.bill([own], [own + others], [alpha], [base])
    marginal = gradient(bill, own)
    phi = model.potential([[own], [others]], [alpha], [base])
    nash_slot = solve_linear((marginal - price).subs({own: demand / n, others: demand * (n - 1) / n}), demand)
    best_slot = solve_linear(gradient(model.slot_cost(demand, alpha, base), demand) - price, demand)
    # The price nu of the energy makes the mean over the slots equal to mu; the base price averages to betabar.
    nash = fraction(nash_slot.subs(price, solve_linear(nash_slot.subs(base, average) - mean, price)))
    best = fraction(best_slot.subs(price, solve_linear(best_slot.subs(base, average) - mean, price)))
    here = {base: average - off}
    nash_cost = sympy.expand(model.slot_cost(nash, alpha, base).subs(here))
    best_cost = sympy.expand(model.slot_cost(best, alpha, base).subs(here))
    # Summed over the slots delta vanishes and delta^2 gives alpha V.
    total_nash = slots * nash_cost.subs(off, 0) + sympy.diff(nash_cost, off, 2) / 2 * alpha * spread
    total_best = slots * best_cost.subs(off, 0) + sympy.diff(best_cost, off, 2) / 2 * alpha * spread
    ratio = model.price_of_anarchy(n, slots, mean, alpha, average, spread)
    with_load = model.price_of_anarchy_with_load(n, slots, mean, middle, squares)
    top, bottom = sympy.fraction(sympy.together(ratio))
    lines = (
        Line(
            "Bill",
            "In each slot a vehicle pays the price, which is affine in what all charge, for what it charges.",
            (show("J_it", bill, "J_{it}"),),
        ),
        Line(
            "Potential",
            "One function has the derivatives of all bills in the own charging, so its minimiser is the equilibrium.",
            (show("Phi_t (two vehicles)", sympy.expand(phi), r"\Phi_t"), show("dJ_it/dx_it", marginal, r"J'_{it}")),
            (gradient(phi, own) - marginal,),
        ),
        Line(
            "Second-order condition",
            "The bill is strictly convex in the own charging for alpha > 0.",
            (show("d2J_it/dx_it2", curvature(bill, own), r"J''_{it}"),),
        ),
        Line(
            "Equilibrium",
            "N identical vehicles equalise their marginal bill over the slots; the level is such that they charge "
            "mu on average.",
            (show("sigma_t^NE", nash, r"\sigma_t^{NE}"),),
            (nash - model.equilibrium_demand(n, mean, alpha, base, average),),
        ),
        Line(
            "Optimum",
            "One planner equalises the marginal total bill instead.",
            (show("sigma_t^SO", best, r"\sigma_t^{SO}"),),
            (best - model.optimal_demand(mean, alpha, base, average),),
        ),
        Line(
            "Social cost",
            "With delta_t = betabar - beta_t, which sums to 0 over the slots while its square sums to alpha V:",
            (show("cost at NE", fraction(total_nash), "C^{NE}"), show("cost at SO", fraction(total_best), "C^{SO}")),
            (total_nash * bottom - total_best * top,),
        ),
        Line(
            "Price of anarchy",
            "Their ratio. N/(N+1)^2 is at most 1/4, with equality for N = 1 only: the ratio is at least 1, and "
            "equal to 1 for a single vehicle or a constant base price.",
            (show("PoA_N", ratio, "PoA_N"),),
            (sympy.Rational(1, 4) - n / (n + 1) ** 2 - (n - 1) ** 2 / (4 * (n + 1) ** 2),),
        ),
        Line(
            "The other convention",
            "If the base price is the effect of an inflexible load d_t, beta_t = alpha d_t, and that load's bill is "
            "counted too, the optimum makes the total load flat and (S = sum (d_t - dbar)^2)",
            (show("PoA_N with load", with_load, r"PoA_N^{load}"),),
            (model.optimal_demand_with_load(mean, alpha, base, average) + base / alpha - (mean + average / alpha),),
        ),
    )
    return Derivation(
        "Charging of identical vehicles (A.2)",
        "Source: Deori, Margellos and Prandini 2018; fidelity: paper (abstract) + derived (conventions and closed "
        "forms are the package's own).",
        lines,
        (alpha > 0, n >= 1, slots >= 1),
        model.EVCharging.theorems,
    )
