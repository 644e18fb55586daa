"""Derivation of A.1: market rule, best reply, first-order condition, price, closed form, gain and efficiency."""

from __future__ import annotations

import sympy

from gametheory.derivation.algebra import curvature, fraction, gradient, solve_linear
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import energy_sharing as model

__all__ = ["derivation"]


def derivation() -> Derivation:
    """Return the steps from the bids to the price, for any number of members, and to the shading factor for two."""
    players, a, c, d, demand, own, others = sympy.symbols("I a c d D b B", real=True)
    q, lam, kappa, S, W, x = sympy.symbols("q lam kappa S W x", real=True)
    c1, c2 = sympy.symbols("c_1 c_2", real=True)
    names = {lam: r"\lambda", kappa: r"\kappa", others: "B_{-i}", own: "b_i", demand: "D_i", c: "c_i", d: "d_i"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    price = (own + others) / (players * a)
    bought = fraction(model.received(own, price, a))
    impact = model.price_impact(a, players)
    moved = fraction(solve_linear(bought - q, own))
    effective = fraction(price.subs(own, moved))
    cost = model.sharing_cost(q, demand, c, d, kappa * (q + others))
    slope = gradient(cost, q)
    reply = solve_linear(slope, q)
    marginal = c * (demand - q) + d
    closed = solve_linear(marginal - lam - kappa * q, q)
    balance = S - lam * W
    gain = c * demand**2 / 2 + d * demand - model.sharing_cost(closed, demand, c, d, lam)
    pair_kappa = model.price_impact(a, 2)
    # Two members: x is the difference of their marginal disutilities alone.
    pair = solve_linear(x - (c1 + c2) * q - 2 * pair_kappa * q, q)
    best = solve_linear(x - (c1 + c2) * q, q)
    lines = (
        Line(
            "Market rule",
            "Member i bids b_i and receives q_i = b_i - a lam; purchases sum to zero at the price",
            (show("lam", price, r"\lambda"), show("q_i", bought)),
            (price - model.clearing_price([own, others], a) * 2 / players,),
        ),
        Line(
            "What a purchase does to the price",
            "Solve q_i for the bid and put it into the price: the member faces lam = kappa (q_i + B), with B the sum "
            "of the others' bids.",
            (show("b_i", moved), show("lam", effective, r"\lambda"), show("kappa", impact, r"\kappa")),
            (effective - impact * (q + others), moved - model.best_reply_bid(q, others, players)),
        ),
        Line(
            "Cost",
            "Disutility of the own adjustment p_i = D_i - q_i, and what is paid to the others.",
            (show("Gamma_i", cost, r"\Gamma_i"),),
        ),
        Line(
            "Best response",
            "The cost is a parabola in the own purchase; its derivative vanishes at",
            (
                show("dGamma_i/dq_i", slope, r"\frac{\partial \Gamma_i}{\partial q_i}"),
                show("q_i*(B)", reply, r"q_i^{*}(B_{-i})"),
            ),
            (slope.subs(q, reply), reply - model.best_reply_received(demand, c, d, others, kappa)),
        ),
        Line(
            "Second-order condition",
            "The parabola opens upwards for c_i, kappa > 0, so the best response is unique.",
            (show("d2Gamma_i/dq_i2", curvature(cost, q), r"\frac{\partial^2 \Gamma_i}{\partial q_i^2}"),),
            (sympy.diff(cost, q, 2) - c - 2 * kappa,),
        ),
        Line(
            "Fixed point",
            "With lam = kappa (q_i + B) the condition reads f'(p_i) = lam + kappa q_i: a buyer holds back because its "
            "own purchase raises the price.",
            (show("q_i", closed),),
            (
                slope.subs(others, lam / kappa - q) + marginal - lam - kappa * q,
                closed - model.equilibrium_received(demand, c, d, lam, kappa),
            ),
        ),
        Line(
            "Price",
            "Purchases sum to S - lam W with S = sum (c_i D_i + d_i)/(c_i + kappa) and W = sum 1/(c_i + kappa).",
            (show("lam", solve_linear(balance, lam), r"\lambda"),),
            (balance.subs(lam, solve_linear(balance, lam)),),
        ),
        Line(
            "Gain over staying alone",
            "A square: everybody has a reason to take part.",
            (show("f(D_i) - Gamma_i", fraction(gain), r"f_i(D_i) - \Gamma_i"),),
            (gain - model.gain_over_alone(closed, c, kappa),),
        ),
        Line(
            "Two members",
            "With x the difference of their marginal disutilities alone, they trade less than the optimum, by the "
            "shading factor.",
            (show("q_NE", pair, "q_{NE}"), show("q_SO", best, "q_{SO}"), show("q_NE/q_SO", fraction(pair / best))),
            (pair / best - a * (c1 + c2) / (a * (c1 + c2) + 2),),
        ),
    )
    domain = (a > 0, c > 0, kappa > 0, players >= 2, W > 0, c1 > 0, c2 > 0)
    return Derivation(
        "Energy sharing (A.1)",
        "Source: Chen, Mei, Zhou, Low, Wei and Liu 2020; fidelity: paper (abstract) + derived (quadratic disutility "
        "and closed forms are the package's own).",
        lines,
        domain,
        model.EnergySharing.theorems,
    )
