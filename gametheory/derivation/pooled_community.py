"""Derivation of C.1: the value of a coalition, who supports it, and when the mid-market rate is in the core."""

from __future__ import annotations

from typing import Any

import sympy

from gametheory.derivation.algebra import fraction
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.markets.mid_market import mid_market_prices
from gametheory.models import pooled_community as model

__all__ = ["derivation"]


def _surplus(expression: Any, supply: Any, demand: Any) -> Any:
    """Return the expression where ``S >= D``: what is matched is the demand, and only the supply has a rest."""
    parts = {
        sympy.Min(supply, demand): demand,
        sympy.Max(0, supply - demand): supply - demand,
        sympy.Max(0, demand - supply): 0,
    }
    return fraction(expression.subs(parts))


def derivation() -> Derivation:
    """Return the steps from the grid's bill to the band that decides whether a coalition blocks."""
    e, ls, lb, lam = sympy.symbols("E ls lb lam", real=True)
    supply, demand, sold, bought = sympy.symbols("S D s d", real=True)
    names = {ls: r"\lambda_s", lb: r"\lambda_b", lam: r"\lambda"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    value = model.grid_value(e, ls, lb)
    middle = (ls + lb) / 2
    half = (lb - ls) / 2
    matched = demand / supply
    sell, buy = (_surplus(price, supply, demand) for price in mid_market_prices(supply, demand, ls, lb))
    exports = fraction(sell * sold - buy * bought - ls * (sold - bought))
    imports = fraction(sell * sold - buy * bought - lb * (sold - bought))
    lines = (
        Line(
            "Value of a coalition",
            "One meter: a surplus earns the feed-in price, a deficit costs retail; the smaller product is the right "
            "one, as ls <= lb.",
            (show("v(E)", value),),
        ),
        Line(
            "Every price between the grid's supports it",
            "lam E - v(E) is (lam - ls) E for a surplus, (lb - lam)(-E) for a deficit, and never negative: the split "
            "lam e_i leaves no coalition short. It hands out v(N) at lam = ls (surplus), lb (deficit), any (balance).",
            (
                show("surplus: lam E - v", fraction(lam * e - ls * e)),
                show("deficit: lam E - v", fraction(lam * e - lb * e)),
            ),
            (lam * e - ls * e - (lam - ls) * e, lam * e - lb * e - (lb - lam) * (-e)),
        ),
        Line(
            "Mid-market rate, surplus community (S >= D)",
            "Buyers pay the middle; sellers share what buyers pay and what the grid pays for the rest.",
            (show("p_buy", buy), show("p_sell", sell)),
            (buy - middle, sell - ls - half * matched, supply * sell - demand * middle - ls * (supply - demand)),
        ),
        Line(
            "What a coalition gets beyond its value",
            "With rho = D/S and h = (lb - ls)/2, for sellers of s and buyers of d: first d <= s, then d > s.",
            (show("exports", exports), show("imports", imports)),
            (
                exports - half * (matched * sold - bought),
                imports - half * (bought - (2 - matched) * sold),
            ),
        ),
        Line(
            "The band",
            "Of the two expressions the larger one applies: their difference is 2 h (s - d). So a coalition blocks iff "
            "rho s < d < (2 - rho) s; in balance rho = 1, the band is empty, and the rate is in the core.",
            (show("margin", model.band_margin(sold, bought, matched, half)),),
            (half * (matched * sold - bought) - half * (bought - (2 - matched) * sold) - 2 * half * (sold - bought),),
        ),
    )
    return Derivation(
        "Pooled community and mid-market rate (C.1)",
        "Source: Tushar, Saha, Yuen et al. 2018; fidelity: paper (abstract) + derived (the characterisation is the "
        "package's own).",
        lines,
        (ls <= lb, supply > 0, demand > 0, demand <= supply),
        model.PooledCommunity.theorems,
    )
