"""Derivation of the benchmark of A.4: equilibrium, Nikaido-Isoda function, and when its relaxation converges."""

from __future__ import annotations

import sympy

from gametheory.derivation.algebra import curvature, fraction, gradient, solve_linear
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import cournot as model

__all__ = ["derivation"]


def derivation() -> Derivation:
    """Return the steps from a firm's profit to the largest step of the relaxation, for any number of firms."""
    n, a, b, c, own, others, step, move = sympy.symbols("n A B c q Q_o alpha v", real=True)
    market = (a, b, c)
    names = {own: "q_i", others: "Q_{-i}", step: r"\alpha"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    payoff = model.profit(own, others, *market)
    marginal = gradient(payoff, own)
    reply = solve_linear(marginal, own)
    fixed = solve_linear(marginal.subs(others, (n - 1) * own), own)
    trial = sympy.symbols("y1 y2", real=True)
    current = sympy.symbols("q1 q2", real=True)
    merit = model.nikaido_isoda(current, trial, a, b, (c, c))
    pair = [reply.subs(others, current[1]), reply.subs(others, current[0])]
    after = model.relaxed(own, others, step, *market)
    alike = after.subs({own: own + move, others: others + (n - 1) * move}, simultaneous=True) - after
    apart = after.subs({own: own + move, others: others - move}, simultaneous=True) - after
    first, second = fraction(alike / move), fraction(apart / move)
    lines = (
        Line("Profit", "A firm sells q_i at the price A - B Q and pays c for each unit.", (show("profit_i", payoff),)),
        Line(
            "Best response",
            "The profit is a parabola in the own quantity; its derivative vanishes at",
            (show("d profit/dq_i", marginal, r"\frac{\partial}{\partial q_i}"), show("Z_i(Q_o)", reply, "Z_i(Q_{-i})")),
            (marginal.subs(own, reply), reply - model.best_reply(others, *market)),
        ),
        Line(
            "Second-order condition",
            "The parabola opens downwards for B > 0, so the best response is unique.",
            (show("d2 profit/dq_i2", curvature(payoff, own), r"\frac{\partial^2}{\partial q_i^2}"),),
        ),
        Line(
            "Fixed point",
            "Identical firms answer identically: put n - 1 equal quantities for the others.",
            (show("q*", fixed, "q^{*}"),),
            (fixed - model.equilibrium_quantity(n, *market),),
        ),
        Line(
            "Nikaido-Isoda function",
            "What all gain by their own moves from q to y (here two firms); at y = q it is 0, and it is largest "
            "where y are the best responses.",
            (show("Psi(q, y)", sympy.factor(merit), r"\Psi(q, y)"),),
            (
                merit.subs(dict(zip(trial, current, strict=True)), simultaneous=True),
                *(sympy.diff(merit, y).subs(dict(zip(trial, pair, strict=True)), simultaneous=True) for y in trial),
            ),
        ),
        Line(
            "Relaxation",
            "Go the fraction alpha of the way to the best responses. Moves of all firms alike, and moves that leave "
            "the total as it is, come back multiplied by",
            (show("all alike", first, r"\lambda_1"), show("same total", second, r"\lambda_2")),
            (first - (1 - step * (n + 1) / 2), second - (1 - step / 2)),
        ),
        Line(
            "Largest step",
            "Both are between -1 and 1 for 0 < alpha < 4/(n + 1), where the first one reaches -1: for three firms the "
            "best response itself (alpha = 1) just cycles, for four it diverges.",
            (show("alpha_max", model.largest_step(n), r"\alpha_{\max}"),),
            (first.subs(step, model.largest_step(n)) + 1,),
        ),
    )
    return Derivation(
        "Competition in quantities (A.4)",
        "Source: Su and Huang 2014 for the method; fidelity: derived (payoff functions are the package's own).",
        lines,
        (b > 0, n >= 2, a > c),
        model.Cournot.theorems,
    )
