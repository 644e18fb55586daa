"""D.8: what a fixed point with positive trades is, and that payments there are rational and leave no deficit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models import iterative_auction as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

C, BUYER, SELLER, MU, Y = sympy.symbols("c b s mu y", real=True)
GAIN, PAIN, W, ETA, BEND, SLOPE = sympy.symbols("U1 L1 w eta l1 l2", real=True)
_BUYER = [W > 0, ETA > 0, Y >= 0]
_SELLER = [BEND >= 0, SLOPE >= 0, Y >= 0]


def _marginals() -> Iterator[Step]:
    yield Identity(
        "marginal utility and marginal cost are the derivatives",
        [
            sympy.diff(model.utility(Y, W, ETA), Y) - model.marginal_utility(Y, W, ETA),
            sympy.diff(model.cost(Y, BEND, SLOPE), Y) - model.marginal_cost(Y, BEND, SLOPE),
        ],
        _BUYER,
    )


def _optimal() -> Iterator[Step]:
    yield from _marginals()
    for power, form in ((1, "linear"), (2, "quadratic")):
        bids = model.buyer_bid(C, GAIN), model.seller_bid(C, PAIN, power)
        yield Identity(
            f"{form} form: with bids of marginal values the auctioneer's condition is that of the welfare optimum",
            [model.auctioneer_slope(C, *bids, power, MU) - (GAIN - PAIN - MU)],
            [C > 0],
        )
    yield Unsat(
        "welfare is concave, so its conditions suffice",
        [*_BUYER, *_SELLER],
        sympy.And(
            sympy.diff(model.marginal_utility(Y, W, ETA), Y) < 0,
            sympy.diff(model.marginal_cost(Y, BEND, SLOPE), Y) >= 0,
        ),
    )


def _optimal_mutant() -> Step:
    # Trades of 0 repeat themselves; at the optimum they need U'(0) <= L'(0).
    zero = sympy.Integer(0)
    return Unsat(
        "no trade is a fixed point, and then optimal",
        [W > 0, ETA > 0, BEND >= 0, SLOPE >= 0],
        model.marginal_utility(zero, W, ETA) <= model.marginal_cost(zero, BEND, SLOPE),
    )


def _payments() -> Iterator[Step]:
    yield from _marginals()
    left = model.utility(Y, W, ETA) - Y * model.marginal_utility(Y, W, ETA)
    rise = W * ETA**2 * Y / (1 + ETA * Y) ** 2
    yield Identity(
        "what a buyer keeps, U(y) - y U'(y), is 0 at 0 and has the derivative w eta^2 y/(1 + eta y)^2",
        [left.subs(Y, 0), sympy.diff(left, Y) - rise],
        _BUYER,
    )
    yield Unsat("which is not negative: no buyer loses", _BUYER, rise >= 0)
    yield Unsat(
        "a seller is paid y L'(y), at least its cost",
        _SELLER,
        Y * model.marginal_cost(Y, BEND, SLOPE) >= model.cost(Y, BEND, SLOPE),
    )
    for power in (1, 2):
        condition = model.auctioneer_slope(C, BUYER, SELLER, power, MU)
        yield Identity(
            f"form {power}: what the buyer pays less what the seller receives is c (condition + mu)",
            [BUYER - model.seller_payment(C, SELLER, power) - C * (condition + MU)],
            [C > 0],
        )
        yield _budget(power, lambda surplus: surplus >= 0)


def _budget(power: int, claim: Any) -> Step:
    condition = model.auctioneer_slope(C, BUYER, SELLER, power, MU)
    surplus = BUYER - model.seller_payment(C, SELLER, power)
    return Unsat("what is left over at the fixed point", [C > 0, MU >= 0, sympy.Eq(condition, 0)], claim(surplus))


_SOURCE = "Kang, Yu, Huang et al. 2017 and Zhang, Yang and Wang 2021, structure; derived"
_MODELS = ("IterativeAuction",)

THEOREMS = (
    Theorem(
        id="D-P5",
        statement="A fixed point with all trades positive satisfies the welfare optimality conditions, in both forms",
        domain="c > 0, any marginal utility, marginal cost and capacity multipliers",
        source=_SOURCE,
        proof=_optimal,
        mutant=Mutant("Every fixed point does", _optimal_mutant, {W: 1, ETA: 1, BEND: 0, SLOPE: 0}),
        models=_MODELS,
        uses="first-order conditions suffice for concave welfare",
    ),
    Theorem(
        id="D-P9",
        statement="Payments at a positive fixed point are individually rational and leave no deficit",
        domain="w, eta > 0, l1, l2 >= 0, c > 0, capacity multipliers >= 0; logarithmic utility, quadratic cost",
        source=_SOURCE,
        proof=_payments,
        mutant=Mutant(
            "They balance exactly",
            lambda: _budget(1, lambda surplus: sympy.Eq(surplus, 0)),
            {C: 1, BUYER: 2, SELLER: 1, MU: 1},
        ),
        models=_MODELS,
        uses="a function with a derivative >= 0 does not fall",
    ),
)
