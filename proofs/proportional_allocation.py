"""B.5: the only equilibrium of the buyers' bids, and what a seller offers at a price."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gametheory.models import proportional_allocation as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

BID, OTHERS, W, Q, T, N = sympy.symbols("b B w Q T n", real=True)
U, V = sympy.symbols("u v", real=True)
X, Y, E, P, TH = sympy.symbols("x y E pbar theta", real=True)


def _unique() -> Iterator[Step]:
    slope = sympy.diff(model.buyer_payoff(BID, OTHERS, W, Q), BID)
    yield Identity(
        "marginal payoff is Q (w B - 2 b B - b^2)/(b + B)^2: its sign is that of the bracket, which falls in b",
        [slope - Q * (W * OTHERS - 2 * BID * OTHERS - BID**2) / (BID + OTHERS) ** 2],
        [BID > 0, OTHERS > 0],
    )
    reply = model.best_bid(OTHERS, W)
    yield Unsat(
        "the stated reply is its only positive zero",
        [OTHERS > 0, W > 0, BID > 0, Q > 0],
        sympy.And(
            reply > 0, sympy.Equivalent(sympy.Eq(W * OTHERS - 2 * BID * OTHERS - BID**2, 0), sympy.Eq(BID, reply))
        ),
    )
    bid = model.bid_at_total(T, W)
    yield Unsat(
        "where all bids sum to T, the stated bid, and no other in (0, T), is the reply to T less itself",
        [T > 0, W > 0, BID > 0, BID < T],
        sympy.And(
            bid > 0, bid < T,
            sympy.Equivalent(sympy.Eq(W * (T - BID) - 2 * BID * (T - BID) - BID**2, 0), sympy.Eq(BID, bid)),
        ),
    )  # fmt: skip
    share = model.share_at_ratio(U)
    yield Unsat(
        "its share b/T is the stated function of u = w/(2T)",
        [T > 0, W > 0, sympy.Eq(U, W / (2 * T))],
        sympy.Eq(bid / T, share),
    )
    yield Unsat(
        "the share rises strictly in u, that is it falls in T",
        [U > 0, V > U],
        model.share_at_ratio(V) > share,
    )
    yield Unsat(
        "it is below u, so it tends to 0, and above 1 - 1/(2u), so it tends to 1",
        [U > 0],
        sympy.And(share < U, share > 1 - 1 / (2 * U)),
    )
    # For large u two shares alone exceed 1, for small u all together fall short of it: one T in between, and no other.
    yield Unsat(
        "two buyers at u >= 1 take more than everything, n buyers at u <= 1/n less",
        [U >= 1, V > 0, N >= 2, V <= 1 / N],
        sympy.And(2 * share > 1, N * model.share_at_ratio(V) < 1),
    )
    symmetric = model.symmetric_bid(N, W)
    yield Identity(
        "n equal bids w (n - 1)/(2n - 1) satisfy the first-order condition",
        [_condition(symmetric)],
        [N >= 2],
    )


def _condition(bid: sympy.Expr) -> sympy.Expr:
    others = (N - 1) * bid
    return W * others - 2 * bid * others - bid**2


def _seller() -> Iterator[Step]:
    slope = sympy.diff(model.seller_payoff(X, E, P, TH), X)
    inside = [X >= 0, X <= E, P > 0, TH > 0, TH < 1]
    yield Unsat("the payoff is strictly concave", inside, sympy.diff(slope, X) < 0)
    best = model.seller_amount(E, P, TH)
    yield Unsat("the stated amount lies in [0, E]", [E >= 0, P > 0, TH > 0, TH < 1], sympy.And(best >= 0, best <= E))
    yield _no_better(best)


def _no_better(best: sympy.Expr) -> Step:
    slope = sympy.diff(model.seller_payoff(X, E, P, TH), X)
    return Unsat(
        "from there the payoff rises in no direction that stays in [0, E]",
        [E >= 0, P > 0, TH > 0, TH < 1, Y >= 0, Y <= E, X >= 0, X <= E, sympy.Eq(X, best)],
        slope * (Y - X) <= 0,
    )


def _seller_mutant() -> Step:
    return _no_better(sympy.Min(sympy.Max(TH * P * (1 + E) - (1 - TH), 0), E))


_SOURCE = "Lee, Guo, Choi and Zukerman 2015, structure; closed forms derived"
_MODELS = ("ProportionalAllocation",)

THEOREMS = (
    Theorem(
        id="B-P8",
        statement="There is exactly one equilibrium with positive bids; equal buyers bid w (n - 1)/(2n - 1)",
        domain="n >= 2 buyers, w_j > 0, Q > 0; any n by sums",
        source=_SOURCE,
        proof=_unique,
        mutant=Mutant(
            "Equal buyers bid w/2 for finite n",
            lambda: Identity("w/2", [_condition(W / 2)]),
            {W: 2, N: 2},
        ),
        models=_MODELS,
        uses="the intermediate value theorem: the sum of shares is continuous in T",
    ),
    Theorem(
        id="B-P9",
        statement="The seller's formula is the unique maximiser on [0, E]",
        domain="0 < theta < 1, pbar > 0, E >= 0",
        source=_SOURCE,
        proof=_seller,
        mutant=Mutant(
            "The same without the final division by pbar",
            _seller_mutant,
            {TH: sympy.Rational(1, 2), P: 2, E: 3, X: 3, Y: sympy.Rational(7, 4)},
        ),
        models=_MODELS,
        uses="a strictly concave function is largest where it rises in no feasible direction",
    ),
)
