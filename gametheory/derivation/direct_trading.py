"""Derivation of C.2: gains from trade, the large-population share of the spread, and the uniform price."""

from __future__ import annotations

from typing import Any

import sympy

from gametheory.derivation.algebra import fraction
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import direct_trading as model

__all__ = ["derivation"]


def _one_sided(expression: Any, position: Any, *, surplus: bool) -> Any:
    """Return the expression where the position has the given sign: its positive and negative parts are known there."""
    inside, outside = (position, 0) if surplus else (0, -position)
    return expression.subs({sympy.Max(0, position): inside, sympy.Max(0, -position): outside})


def derivation() -> Derivation:
    """Return the steps from the coalition's bill to the price that approximates the Shapley value."""
    e, s, d, low, high, kappa = sympy.symbols("E s d p_wp p_rp kappa", real=True)
    t, x = sympy.symbols("t x", real=True)
    names = {kappa: r"\kappa"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    value = model.coalition_value(e, low, high)
    alone = low * s - high * d
    long = fraction(_one_sided(value, e, surplus=True).subs(e, s - d) - alone)
    short = fraction(_one_sided(value, e, surplus=False).subs(e, s - d) - alone)
    share = model.asymptotic_share(kappa, sympy.pi)
    half = share.subs(kappa, 0)
    price = model.uniform_price(share, low, high)
    normal = sympy.erfc(-x / sympy.sqrt(2)) / 2
    lines = (
        Line(
            "Value of a coalition",
            "Net surplus is sold wholesale, net deficiency bought at retail.",
            (show("v(E)", value),),
        ),
        Line(
            "Gain over staying alone",
            "With surplus s and deficiency d inside, the gain is spread times d if s >= d and times s if s <= d: "
            "the energy matched inside earns the spread.",
            (show("gain (s >= d)", long, r"g_{s \ge d}"), show("gain (s <= d)", short, r"g_{s \le d}")),
            (long - model.trade_gain(d, d, low, high), short - model.trade_gain(s, s, low, high)),
        ),
        Line(
            "Who arrives first",
            "The Shapley value is the mean marginal contribution when players arrive at random. At time t each other "
            "player is there with probability t, so with many players the position of those present is about normal "
            "with mean t E_N and variance t (1 - t) sum e_i^2. A unit of surplus earns retail if it meets a "
            "deficiency, with probability",
            (show("Phi(kappa sqrt(t/(1 - t)))", normal.subs(x, kappa * sympy.sqrt(t / (1 - t))), r"\Phi"),),
        ),
        Line(
            "Share of the spread",
            "Averaged over the time of arrival (by parts, with t = s^2/(1 + s^2)); kappa = (D - S)/sqrt(sum e_i^2).",
            (show("I(kappa)", share, r"I(\kappa)"),),
            (share + share.subs(kappa, -kappa) - 1,),
        ),
        Line(
            "Uniform price",
            "Sellers receive their share of the spread above the wholesale price.",
            (show("p*", price, r"p^{*}"),),
            (price - low - (high - low) * share,),
        ),
        Line(
            "Balanced market",
            "At kappa = 0 the share is one half: the mid-market rate.",
            (show("p*(0)", fraction(price.subs(kappa, 0)), r"p^{*}(0)"),),
            (half - sympy.Rational(1, 2), price.subs(kappa, 0) - (low + high) / 2),
        ),
    )
    return Derivation(
        "Direct trading (C.2)",
        "Source: Lee, Xiang, Schober and Wong 2014; fidelity: paper (abstract) + derived (closed forms are the "
        "package's own).",
        lines,
        (low <= high, s >= 0, d >= 0),
        model.DirectTrading.theorems,
    )
