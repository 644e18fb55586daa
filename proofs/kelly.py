"""Kelly's mechanism with linear valuations: equilibrium shares, and why at least 3/4 of the optimum is reached."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models import kelly as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

BID, OTHERS, W, PRICE, SHARE, FIRST, REST = sympy.symbols("b B w p x x1 v", real=True)


def _equilibrium() -> Iterator[Step]:
    slope = sympy.diff(model.buyer_payoff(BID, OTHERS, W), BID)
    everybody = BID + OTHERS
    yield Identity(
        "the marginal payoff is that of the share over the sum of bids, less 1",
        [slope - (model.marginal_worth(BID / everybody, W) / everybody - 1)],
        [BID >= 0, OTHERS > 0],
    )
    yield Unsat(
        "the payoff is strictly concave in the bid",
        [BID >= 0, OTHERS > 0, W > 0],
        sympy.diff(slope, BID) < 0,
    )
    share = model.equilibrium_share(PRICE, W)
    yield Unsat(
        "the stated share makes marginal worth the price, or is 0 where even the first unit is worth no more",
        [PRICE > 0, W > 0],
        sympy.Or(
            sympy.And(share > 0, sympy.Eq(model.marginal_worth(share, W), PRICE)),
            sympy.And(sympy.Eq(share, 0), model.marginal_worth(share, W) <= PRICE),
        ),
    )
    for count in (2, 3, 4):
        worth = sympy.symbols(f"w1:{count + 1}", real=True)
        price = model.clearing_price(worth)
        yield Identity(
            f"{count} buyers who all receive something: the shares sum to 1",
            [sum(1 - price / w for w in worth) - 1],
            [w > 0 for w in worth],
        )


def _bound() -> Iterator[Step]:
    yield from _equilibrium()
    # Measure worth in units of the largest one: the first buyer has worth 1 and the share x1 > 0, so p = 1 - x1.
    yield Unsat(
        "another buyer's share is worth at least the price to it",
        [PRICE > 0, W > 0, SHARE > 0, SHARE < 1, sympy.Eq(model.marginal_worth(SHARE, W), PRICE)],
        model.welfare([SHARE], [W]) >= PRICE * SHARE,
    )
    yield _floor(sympy.Rational(3, 4))


def _floor(least: sympy.Expr) -> Step:
    # `v` is the welfare of all others, whose shares sum to 1 - x1.
    return Unsat(
        "so welfare is at least x1 + (1 - x1)^2",
        [FIRST > 0, FIRST <= 1, sympy.Eq(model.marginal_worth(FIRST, 1), PRICE), REST >= PRICE * (1 - FIRST)],
        model.welfare([FIRST], [1]) + REST >= least,
    )


THEOREMS = (
    Theorem(
        id="T-KELLY",
        statement="With linear valuations proportional allocation has at least 3/4 of the optimal welfare",
        domain="two or more buyers, w_j > 0, resource of size 1; any number of buyers by sums",
        source="Johari and Tsitsiklis 2004, theorem 3 for linear valuations",
        proof=_bound,
        mutant=Mutant(
            "At least 4/5",
            lambda: _floor(sympy.Rational(4, 5)),
            {FIRST: sympy.Rational(1, 2), PRICE: sympy.Rational(1, 2), REST: sympy.Rational(1, 4)},
        ),
        models=("KellyAllocation",),
        uses="a strictly concave payoff is largest where it is stationary, or at a bid of 0 where it falls from there",
    ),
)
