"""Derivation of C.5: stage equilibrium, cooperation, deviation and the discount threshold."""

from __future__ import annotations

import sympy

from gametheory.derivation.algebra import curvature, fraction, gradient, solve_linear
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import repeated_demand_response as model

__all__ = ["derivation"]


def derivation() -> Derivation:
    """Return the steps from the stage cost to the threshold ``delta*``, for any number of consumers."""
    N, a, b, th, d, own, others, delta = sympy.symbols("N a b th d l L_o delta", real=True)
    names = {th: r"\theta", others: r"L_{-i}", delta: r"\delta", own: r"\ell_i"}
    numbers = (a, b, th, d)

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    cost = model.stage_cost(own, others, *numbers)
    slope = gradient(cost, own)
    reply = solve_linear(slope, own)
    nash = solve_linear(slope.subs(others, (N - 1) * own), own)
    common = model.symmetric_cost(N, own, *numbers)
    best = solve_linear(gradient(common, own), own)
    away = fraction(reply.subs(others, (N - 1) * best))
    j_nash = model.symmetric_cost(N, nash, *numbers)
    j_best = model.symmetric_cost(N, best, *numbers)
    j_away = model.stage_cost(away, (N - 1) * best, *numbers)
    # Cooperate for ever, or deviate once and be punished for ever: multiply by 1 - delta and compare.
    advantage = (1 - delta) * j_away + delta * j_nash - j_best
    threshold = solve_linear(advantage, delta)
    lines = (
        Line(
            "Stage cost",
            "Consumer i pays the price of the total load and suffers off its desired load.",
            (show("J_i", cost),),
        ),
        Line(
            "Best response",
            "The cost is a parabola in the own load; its derivative vanishes at",
            (
                show("dJ_i/dl_i", slope, r"\frac{\partial J_i}{\partial \ell_i}"),
                show("l_i*(L_o)", reply, r"\ell_i^{*}(L_{-i})"),
            ),
            (slope.subs(own, reply),),
        ),
        Line(
            "Second-order condition",
            "The parabola opens upwards for a > 0 and theta >= 0, so the best response is unique.",
            (show("d2J_i/dl_i2", curvature(cost, own), r"\frac{\partial^2 J_i}{\partial \ell_i^2}"),),
        ),
        Line(
            "Fixed point",
            "Identical consumers answer identically: put N - 1 equal loads for the others.",
            (show("l_NE", nash),),
            (nash - model.equilibrium_load(N, *numbers),),
        ),
        Line(
            "Cooperation",
            "Minimise the cost of one when all use the same load.",
            (show("l_PO", best),),
            (best - model.cooperative_load(N, *numbers),),
        ),
        Line(
            "Deviation",
            "The best response to N - 1 cooperators.",
            (show("l_D", away),),
            (away - model.deviation_load(N, *numbers),),
        ),
        Line(
            "Costs in order",
            "Put the three loads into the stage cost; the differences are squares over positive factors.",
            (
                show("J_PO - J_D", fraction(j_best - j_away), "J_{PO} - J_D"),
                show("J_NE - J_PO", fraction(j_nash - j_best), "J_{NE} - J_{PO}"),
            ),
        ),
        Line(
            "Discount threshold",
            "Deviating once and being punished for ever does not pay if and only if "
            "(1 - delta) J_D + delta J_NE >= J_PO, which is affine in delta.",
            (show("delta*", threshold, r"\delta^{*}"),),
            (threshold - model.discount_threshold(N, a, th),),
        ),
    )
    domain = (a > 0, th >= 0, N >= 2, th * d - b > 0)
    return Derivation(
        "Repeated demand response (C.5)",
        "Source: Ma, Hu and Spanos 2015; fidelity: paper (abstract) + derived (cost functions are the package's own).",
        lines,
        domain,
        model.RepeatedDemandResponse.theorems,
    )
