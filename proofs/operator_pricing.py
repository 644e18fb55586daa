"""The study's operator: replies, regimes and the candidates among which the best prices are found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.arithmetic import clip, positive_part
from gametheory.models.economy import discomfort, internal_bill, operator_profit
from gametheory.models.operator_pricing import best_adjustment

from .steps import Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

RETAIL, FEED, BUY, SELL, LAM = sympy.symbols("retail feed p_b p_s lam", real=True)
BOUGHT, SOLD = sympy.symbols("bought sold", real=True)
C, D, Z, LOW, HIGH, P = sympy.symbols("c d z low high p", real=True)
#: Where the marginal discomfort meets the two prices: p_b = c u + d, p_s = c v + d.
U, V, MORE = sympy.symbols("u v more", real=True)
LEFT, RIGHT, A, B, G = sympy.symbols("left right alpha beta gamma", real=True)


def _profit(bought: Any, sold: Any, buy: Any, sell: Any) -> Any:
    return operator_profit(bought, sold, buy, sell, RETAIL, FEED)


def _regimes() -> Iterator[Step]:
    profit = _profit(BOUGHT, SOLD, BUY, SELL)
    surplus = (BUY - FEED) * BOUGHT - (SELL - FEED) * SOLD
    deficit = (RETAIL - SELL) * SOLD - (RETAIL - BUY) * BOUGHT
    yield Unsat(
        "the profit is the surplus form where more is sold than bought, and the deficit form where less is",
        [FEED <= RETAIL],
        sympy.And(
            sympy.Implies(SOLD >= BOUGHT, sympy.Eq(profit, surplus)),
            sympy.Implies(BOUGHT >= SOLD, sympy.Eq(profit, deficit)),
        ),
    )
    yield Unsat(
        "every lam between the grid's prices bounds it: this is what the certificate closes pairs of pieces with",
        [FEED <= LAM, LAM <= RETAIL],
        profit <= (BUY - LAM) * BOUGHT + (LAM - SELL) * SOLD,
    )


def _replies() -> Iterator[Step]:
    buy, sell = C * U + D, C * V + D
    best = sympy.Symbol("best", real=True)
    named = sympy.Eq(best, best_adjustment(Z, C, D, LOW, HIGH, buy, sell))
    domain = [C > 0, V <= U, LOW <= HIGH]

    def cost(adjustment: Any) -> Any:
        return discomfort(adjustment, C, D) + internal_bill(Z - adjustment, buy, sell)

    yield Unsat(
        "the reply is allowed, and any other costs at least c/2 times the squared distance more: it is unique",
        [*domain, named, LOW <= P, P <= HIGH],
        sympy.And(best >= LOW, best <= HIGH, cost(P) >= cost(best) + C * (P - best) ** 2 / 2),
    )
    bought, sold = positive_part(Z - clip(U, LOW, HIGH)), positive_part(clip(V, LOW, HIGH) - Z)
    yield Unsat(
        "what is bought depends on the buy price only, and what is sold on the sell price only",
        [*domain, named],
        sympy.And(sympy.Eq(positive_part(Z - best), bought), sympy.Eq(positive_part(best - Z), sold)),
    )
    yield Unsat(
        "demand does not rise and supply does not fall with the own price",
        [LOW <= HIGH, MORE >= 0],
        sympy.And(bought.subs(U, U + MORE) <= bought, sold.subs(V, V + MORE) >= sold),
    )


def _one_price() -> Iterator[Step]:
    higher, more = sympy.symbols("higher more_sold", real=True)
    yield Unsat(
        "with energy left, a lower sell price earns no less as long as energy is left",
        [FEED <= SELL, higher >= SELL, SOLD >= 0, more >= SOLD, BOUGHT <= SOLD, FEED <= RETAIL],
        _profit(BOUGHT, SOLD, BUY, SELL) >= _profit(BOUGHT, more, BUY, higher),
    )
    less = sympy.Symbol("less_bought", real=True)
    yield Unsat(
        "with energy lacking, a higher buy price earns no less as long as energy lacks",
        [higher >= BUY, higher <= RETAIL, less >= SOLD, less <= BOUGHT, SOLD >= 0, FEED <= RETAIL],
        _profit(less, SOLD, higher, SELL) >= _profit(BOUGHT, SOLD, BUY, SELL),
    )


def _pieces() -> Iterator[Step]:
    inside = [LEFT <= P, P <= RIGHT]
    surplus = (P - FEED) * (A - B * P)
    top = sympy.Symbol("top", real=True)
    yield Unsat(
        "surplus: on a piece of falling demand the vertex, clipped to the piece, is best",
        [*inside, B > 0, sympy.Eq(top, clip((A / B + FEED) / 2, LEFT, RIGHT))],
        surplus <= surplus.subs(P, top),
    )
    yield Unsat(
        "surplus: where demand is flat its right end is best", [*inside, A >= 0], (P - FEED) * A <= (RIGHT - FEED) * A
    )
    deficit = (RETAIL - P) * (G + B * P)
    yield Unsat(
        "deficit: on a piece of rising supply the vertex, clipped to the piece, is best",
        [*inside, B > 0, sympy.Eq(top, clip((RETAIL - G / B) / 2, LEFT, RIGHT))],
        deficit <= deficit.subs(P, top),
    )
    yield Unsat(
        "deficit: where supply is flat its left end is best",
        [*inside, G >= 0],
        (RETAIL - P) * G <= (RETAIL - LEFT) * G,
    )


def _balanced() -> Iterator[Step]:
    energy, high_price, low_price = sympy.symbols("energy high_price low_price", real=True)
    yield Unsat(
        "in balance the profit is energy times spread: of all prices that move it, the highest and the lowest are best",
        [energy >= 0, high_price >= BUY, low_price <= SELL, FEED <= RETAIL],
        _profit(energy, energy, high_price, low_price) >= _profit(energy, energy, BUY, SELL),
    )
    top = sympy.Symbol("top", real=True)
    profit = _profit(energy, energy, A - B * energy, G + LAM * energy)
    yield Unsat(
        "between two levels both prices are affine in the energy: the vertex, clipped to the levels, is best",
        [
            energy >= LEFT,
            energy <= RIGHT,
            B >= 0,
            LAM >= 0,
            B + LAM > 0,
            FEED <= RETAIL,
            sympy.Eq(top, clip((A - G) / (2 * (B + LAM)), LEFT, RIGHT)),
        ],
        profit <= profit.subs(energy, top),
    )
    yield Unsat(
        "prices in the wrong order never earn more than the widest spread, which never loses",
        [FEED <= BUY, BUY <= SELL, SELL <= RETAIL, BOUGHT >= 0, SOLD >= 0],
        sympy.And(_profit(BOUGHT, SOLD, BUY, SELL) <= 0, _profit(BOUGHT, SOLD, RETAIL, FEED) >= 0),
    )


def _proof() -> Iterator[Step]:
    yield from _regimes()
    yield from _replies()
    yield from _one_price()
    yield from _pieces()
    yield from _balanced()


def _mutant() -> Step:
    surplus = (P - FEED) * (A - B * P)
    return Unsat(
        "ends only",
        [LEFT <= P, P <= RIGHT, B > 0],
        sympy.Or(surplus <= surplus.subs(P, LEFT), surplus <= surplus.subs(P, RIGHT)),
    )


THEOREMS = (
    Theorem(
        id="S-P7",
        statement="The operator's best prices are among the candidates: in a surplus the feed-in price with a vertex "
        "or end of a piece of demand, in a deficit the retail price with one of supply, in balance a vertex or end "
        "between merged levels",
        domain="c_i > 0 or no room to adjust, feed_in <= p_s <= p_b <= retail (negative prices allowed); up to a "
        "regime's own end, which is a balanced candidate",
        source="the package's study of one economy under five structures",
        proof=_proof,
        mutant=Mutant(
            "The ends of the pieces suffice",
            _mutant,
            {FEED: 0, A: 1, B: 1, LEFT: 0, RIGHT: 1, P: sympy.Rational(1, 2)},
        ),
        models=("OperatorPricing",),
        uses="the intermediate value theorem: demand and supply are continuous, so a price moved towards its regime's "
        "best meets the balance or arrives",
    ),
)
