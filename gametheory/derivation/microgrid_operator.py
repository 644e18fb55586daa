"""Derivation of B.3: the reply of a prosumer, the best price of each regime, and the energy passed on in balance."""

from __future__ import annotations

from typing import Any

import sympy

from gametheory.derivation.algebra import fraction
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import microgrid_operator as model
from gametheory.models.economy import operator_profit

__all__ = ["derivation"]


def _larger_bill(profit: Any, bill: Any) -> Any:
    """Return the operator's profit with the larger of the grid's two bills replaced by that of the regime."""
    return profit.replace(sympy.Max, lambda *_: bill)


def derivation() -> Derivation:
    """Return the steps from a prosumer's utility to the operator's prices, for given sets of buyers and sellers."""
    k, own, x, buy, sell, low, high = sympy.symbols("k E x p_b p_s ls lb", real=True)
    kb, cb, ks, cs, passed, other = sympy.symbols("K_b C_b K_s C_s e m", real=True)
    names = {low: r"\ell_s", high: r"\ell_b"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    whole = model.utility(x, k, own, buy, sell)
    imported, exported = sympy.Max(0, x - own), sympy.Max(0, own - x)
    selling = whole.subs({imported: 0, exported: own - x})
    buying = whole.subs({imported: x - own, exported: 0})
    bought, sold = model.bought_amount(kb, cb, buy), model.sold_amount(ks, cs, sell)
    surplus = _larger_bill(operator_profit(bought, other, buy, low, high, low), low * (bought - other))
    deficit = _larger_bill(operator_profit(other, sold, high, sell, high, low), high * (other - sold))
    best_buy, best_sell = sympy.sqrt(low * kb / cb), sympy.sqrt(high * ks / cs)
    top_price, bottom_price = kb / (passed + cb), ks / (cs - passed)
    balanced = operator_profit(passed, passed, top_price, bottom_price, high, low)
    slope = fraction(sympy.diff(balanced, passed))
    best = model.balanced_energy(kb, cb, ks, cs)
    lines = (
        Line(
            "Utility",
            "A prosumer consumes x of its own energy E, sells what is left at p_s or buys what lacks at p_b.",
            (show("U", whole),),
        ),
        Line(
            "Best response",
            "On either side of x = E the derivative vanishes at k/p - 1. Sell if k/p_s - 1 < E (and consume nothing if "
            "it is negative), buy if k/p_b - 1 > E, else consume E.",
            (show("x_sell", k / sell - 1, r"x_{sell}"), show("x_buy", k / buy - 1, r"x_{buy}")),
            (
                sympy.diff(selling, x).subs(x, k / sell - 1),
                sympy.diff(buying, x).subs(x, k / buy - 1),
            ),
        ),
        Line(
            "Second-order condition",
            "Utility is strictly concave, and its slope falls at x = E from p_s to p_b: the best response is unique.",
            (show("d2U/dx2", sympy.diff(selling, x, 2), r"\frac{d^2 U}{dx^2}"),),
            (sympy.diff(selling, x, 2) + k / (1 + x) ** 2, sympy.diff(buying, x, 2) + k / (1 + x) ** 2),
        ),
        Line(
            "Roles",
            "A prosumer changes its role where k/p - 1 = E: it sells above theta and buys below, so the sellers depend "
            "on p_s only and the buyers on p_b only.",
            (show("theta", k / (1 + own), r"\theta"),),
            ((k / buy - 1 - own).subs(buy, k / (1 + own)),),
        ),
        Line(
            "Totals",
            "Sums over buyers and over sellers: K of k, C of 1 + E.",
            (show("E_b", bought), show("E_s", sold)),
        ),
        Line(
            "Surplus",
            "With more sold than bought the rest goes to the grid at ls. The profit falls in p_s, so p_s = ls (m is "
            "what is sold then), and is concave in p_b with the stationary point",
            (show("p_b*", best_buy, "p_b^{*}"),),
            (sympy.diff(surplus, buy).subs(buy, best_buy), sympy.diff(surplus, buy, 2) + 2 * kb * low / buy**3),
        ),
        Line(
            "Deficit",
            "With less sold than bought the rest comes from the grid at lb. The profit rises in p_b, so p_b = lb (m is "
            "what is bought then), and is concave in p_s with the stationary point",
            (show("p_s*", best_sell, "p_s^{*}"),),
            (sympy.diff(deficit, sell).subs(sell, best_sell), sympy.diff(deficit, sell, 2) + 2 * ks * high / sell**3),
        ),
        Line(
            "Balance",
            "Where all that is sold is bought, e passes at the highest price that sells it and the lowest that buys "
            "it; the grid has no part in it.",
            (
                show("p_b(e)", top_price),
                show("p_s(e)", bottom_price),
                show("profit", balanced, r"\pi(e)"),
                show("d profit/de", slope, r"\pi'(e)"),
            ),
            (bought.subs(buy, top_price) - passed, sold.subs(sell, bottom_price) - passed),
        ),
        Line(
            "Energy passed on",
            "The derivative is a difference of two fractions, the first falling and the second rising in e: it "
            "vanishes once, where sqrt(K_b C_b)/(e + C_b) = sqrt(K_s C_s)/(C_s - e).",
            (show("e*", best, "e^{*}"),),
            (
                slope - (kb * cb / (passed + cb) ** 2 - ks * cs / (cs - passed) ** 2),
                sympy.sqrt(kb * cb) * (cs - best) - sympy.sqrt(ks * cs) * (best + cb),
            ),
        ),
    )
    domain = (k > 0, own >= 0, x >= 0, sell > 0, buy > 0, low > 0, high > 0)
    sets = (kb > 0, cb > 0, ks > 0, cs > 0, passed >= 0, passed < cs)
    return Derivation(
        "Microgrid operator (B.3)",
        "Source: Liu, Yu, Wang and Wang 2017; fidelity: paper (abstract) + derived (utility functions and closed forms "
        "are the package's own).",
        lines,
        (*domain, *sets),
        model.MicrogridOperator.theorems,
    )
