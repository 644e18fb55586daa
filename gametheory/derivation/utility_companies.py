"""Derivation of B.1: what users buy, why companies clear their markets, and at which prices."""

from __future__ import annotations

import sympy

from gametheory.derivation.algebra import fraction, gradient, solve_linear
from gametheory.derivation.steps import Derivation, Formula, Line, equation
from gametheory.models import utility_companies as model

__all__ = ["derivation"]


def derivation() -> Derivation:
    """Return the steps from a user's budget to the prices of any number of companies."""
    k, price, rest, budget, zeta, power = sympy.symbols("K p R_o B Z P_k", real=True)
    level, crowd, gamma, bought, tax, own, small = sympy.symbols("c H gamma d mu C_n zeta", real=True)
    names = {price: "p_k", rest: "R_{-k}", gamma: r"\gamma", tax: r"\mu", small: r"\zeta_n", own: "C_n"}

    def show(left: str, right: object, latex: str = "") -> Formula:
        return equation(left, right, latex=latex, names=names)

    utility = gamma * sympy.log(small + bought) - tax * price * bought
    marginal = sympy.diff(utility, bought)
    everywhere = solve_linear(sympy.together(marginal), bought)
    # Spending level - zeta p_h at every company spends the budget: K level - zeta sum p = C.
    reply = (own + small * (price + rest)) / k
    interior = model.interior_demand(own, small, price, price + rest, k)
    together = model.interior_demand(budget, zeta, price, price + rest, k)
    earned = sympy.expand(price * together)
    clearing = fraction((together - power) * k * price)
    stated = model.equilibrium_price(power, k, budget, zeta, crowd)
    lines = (
        Line(
            "A user at one company",
            "The user weighs the logarithm of what it buys against the price, mu being the worth of money.",
            (
                show("dU/dd", marginal, r"\frac{\partial U}{\partial d}"),
                show("d", fraction(everywhere)),
            ),
            (marginal.subs(bought, everywhere), everywhere - (gamma / (tax * price) - small)),
        ),
        Line(
            "Best response",
            "So zeta + d is t/p_k with one number t = gamma/mu; the budget fixes t, and gamma drops out. Where d would "
            "be negative it is 0, and t is fixed by the others (water-filling).",
            (show("t", reply), show("d_nk", interior, "d_{nk}")),
            (reply / price - small - interior, k * reply - small * (price + rest) - own),
        ),
        Line(
            "Second-order condition",
            "Utility is strictly concave in each purchase and the budget is linear: the reply is unique.",
            (show("d2U/dd2", sympy.diff(utility, bought, 2), r"\frac{\partial^2 U}{\partial d^2}"),),
        ),
        Line(
            "All users together",
            "The reply is linear in the user's own numbers, so the sums B and Z stand for all.",
            (show("D_k", together),),
        ),
        Line(
            "A company with power left",
            "Its revenue p_k D_k falls in its own price if there is a second company: it lowers the price until its "
            "power is sold.",
            (show("d revenue/dp_k", fraction(gradient(earned, price)), r"\frac{\partial}{\partial p_k}"),),
            (gradient(earned, price) + zeta * (k - 1) / k,),
        ),
        Line(
            "Market clearing",
            "D_k = P_k gives one equation a company (S is the sum of all prices): p_k (P_k + Z) is the same number c "
            "for all, so S = c H with H = sum 1/(P_h + Z).",
            (show("K p_k (P_k + Z) - B - Z S", clearing.subs(rest, sympy.Symbol("S") - price)),),
            (clearing + k * price * (power + zeta) - budget - zeta * (price + rest),),
        ),
        Line(
            "Closed form",
            "K c = B + Z c H gives c, and with it every price; K - Z H = sum P/(P + Z) is positive.",
            (show("p_k*", stated, "p_k^{*}"),),
            (
                solve_linear(k * level - budget - zeta * level * crowd, level) / (power + zeta) - stated,
                stated * power - (stated * (power + zeta) - zeta * stated),
            ),
        ),
    )
    domain = (k >= 1, price > 0, rest >= 0, budget > 0, zeta > 0, power > 0, k > zeta * crowd)
    return Derivation(
        "Several utility companies (B.1)",
        "Source: Maharjan, Zhu, Zhang, Gjessing and Basar 2013; fidelity: paper (abstract) + derived (closed forms are "
        "the package's own).",
        lines,
        (*domain, gamma > 0, tax > 0, small > 0, bought >= 0),
        model.UtilityCompanies.theorems,
    )
