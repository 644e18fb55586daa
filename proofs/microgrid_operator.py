"""B.3: the reply of a prosumer with log utility, and how the profit moves with the price of the long side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models.economy import internal_bill, operator_profit
from gametheory.models.microgrid_operator import bought_amount, consumption, sold_amount, utility

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

K, E, X, BEST, R = sympy.symbols("k E x best r", real=True)
BUY, SELL, RETAIL, FEED = sympy.symbols("p_b p_s lb ls", real=True)
WEIGHT, CONSTANT, OTHER = sympy.symbols("K C other", real=True)

_PRICES = (SELL > 0, SELL <= BUY)
_PROSUMER = (K > 0, E >= 0, *_PRICES)


def _bill(consumed: Any) -> Any:
    return internal_bill(consumed - E, BUY, SELL)


def _reply() -> Iterator[Step]:
    here, there = utility(X, K, E, BUY, SELL), utility(BEST, K, E, BUY, SELL)
    yield Identity(
        "utility differs by k times the difference of logarithms, less the difference of bills",
        [here - there - (K * (sympy.log(1 + X) - sympy.log(1 + BEST)) - (_bill(X) - _bill(BEST)))],
    )
    gap = R - 1 - sympy.log(R)
    yield Identity(
        "r - 1 - log r has the derivative (r - 1)/r and is 0 at 1: log r < r - 1 for every other r > 0",
        [sympy.diff(gap, R) - (R - 1) / R, gap.subs(R, 1)],
        [R > 0],
    )
    # With r = (1 + x)/(1 + best) the gain of any other x is below k (x - best)/(1 + best) less what the bill rises by.
    cases = {
        "a seller": (sympy.Eq(BEST, K / SELL - 1), BEST >= 0, BEST < E),
        "a seller of everything": (sympy.Eq(BEST, 0), K <= SELL, E > 0),
        "a buyer": (sympy.Eq(BEST, K / BUY - 1), BEST > E),
        "neither": (sympy.Eq(BEST, E), K / SELL - 1 >= E, K / BUY - 1 <= E),
        "neither, without energy": (sympy.Eq(BEST, 0), sympy.Eq(E, 0), K / BUY - 1 <= 0),
    }
    for word, case in cases.items():
        yield Unsat(
            f"{word}: no other consumption gains",
            [*_PROSUMER, *case, X >= 0],
            _bill(X) - _bill(BEST) >= K * (X - BEST) / (1 + BEST),
        )
    yield Unsat(
        "the formula is one of these cases, whatever the numbers",
        [*_PROSUMER, sympy.Eq(BEST, consumption(K, E, BUY, SELL))],
        sympy.Or(*[sympy.And(*case) for case in cases.values()]),
    )


def _reply_mutant() -> Step:
    # log r >= 1 - 1/r: where even this smaller gain exceeds the rise of the bill, the claimed consumption is beaten.
    return Unsat(
        "buys whenever that is positive",
        [*_PROSUMER, sympy.Eq(BEST, K / BUY - 1), BEST > 0, X >= 0],
        _bill(X) - _bill(BEST) >= K * (X - BEST) / (1 + X),
    )


def _profit(bought: Any, sold: Any, buy: Any, sell: Any, rest: Any) -> Any:
    """Return the operator's profit with the larger of the two grid bills replaced by `rest`, which is it."""
    profit = operator_profit(bought, sold, buy, sell, RETAIL, FEED)
    return profit.replace(sympy.Max, lambda *_: rest)


def _surplus() -> Iterator[Step]:
    sold = sold_amount(WEIGHT, CONSTANT, SELL)
    whole = operator_profit(OTHER, sold, BUY, SELL, RETAIL, FEED)
    profit = _profit(OTHER, sold, BUY, SELL, FEED * (OTHER - sold))
    yield Unsat(
        "with energy left the grid pays the feed-in price",
        [SELL > 0, FEED <= RETAIL, sold >= OTHER],
        sympy.Eq(whole, profit),
    )
    yield Unsat(
        "the profit falls in the sell price",
        [FEED > 0, SELL >= FEED, WEIGHT >= 0, WEIGHT < SELL * CONSTANT],
        sympy.diff(profit, SELL) < 0,
    )


def _surplus_mutant() -> Step:
    return Unsat(
        "the stationary point lies below the feed-in price",
        [FEED > 0, SELL >= FEED, WEIGHT >= 0, CONSTANT > 0, WEIGHT < SELL * CONSTANT],
        sympy.sqrt(FEED * WEIGHT / CONSTANT) <= FEED,
    )


def _deficit() -> Iterator[Step]:
    bought = bought_amount(WEIGHT, CONSTANT, BUY)
    whole = operator_profit(bought, OTHER, BUY, SELL, RETAIL, FEED)
    profit = _profit(bought, OTHER, BUY, SELL, RETAIL * (bought - OTHER))
    yield Unsat(
        "with energy lacking the grid takes the retail price",
        [BUY > 0, FEED <= RETAIL, bought >= OTHER],
        sympy.Eq(whole, profit),
    )
    yield Unsat("the profit rises in the buy price", _DEFICIT, sympy.diff(profit, BUY) > 0)


_DEFICIT = (BUY > 0, BUY <= RETAIL, CONSTANT > 0, WEIGHT > BUY * CONSTANT)


def _deficit_mutant() -> Step:
    bought = bought_amount(WEIGHT, CONSTANT, BUY)
    profit = _profit(bought, OTHER, BUY, SELL, RETAIL * (bought - OTHER))
    return Unsat(
        "for every set of buyers",
        [BUY > 0, BUY <= RETAIL, CONSTANT > 0, WEIGHT > 0],
        sympy.diff(profit, BUY) > 0,
    )


_SOURCE = "Liu, Yu, Wang and Wang 2017, structure; utility functions derived"
_MODELS = ("MicrogridOperator",)
_q = sympy.Rational

THEOREMS = (
    Theorem(
        id="B-P4",
        statement="The three-case consumption, clipped at 0, is the unique maximiser of a prosumer's utility",
        domain="0 < p_s <= p_b, k > 0, E >= 0",
        source=_SOURCE,
        proof=_reply,
        mutant=Mutant(
            "x* = k/p_b - 1 whenever that is positive",
            _reply_mutant,
            {K: 4, E: 5, SELL: _q(1, 2), BUY: 1, BEST: 3, X: 5},
        ),
        models=_MODELS,
        uses="a function with a derivative of one sign on either side of 1 takes its least value only there",
    ),
    Theorem(
        id="B-P5",
        statement="In the surplus regime the profit falls in the sell price, for any sellers consistent with it",
        domain="ls > 0, p_s >= ls, K_s < p_s C_s",
        source=_SOURCE,
        proof=_surplus,
        mutant=Mutant(
            "For consistent sellers the stationary point sqrt(ls K_s/C_s) is at most ls",
            _surplus_mutant,
            {FEED: _q(2, 5), SELL: 1, WEIGHT: _q(9, 10), CONSTANT: 1},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="B-P6",
        statement="In the deficit regime the profit rises in the buy price, for any buyers consistent with it",
        domain="0 < p_b <= lb, K_b > p_b C_b",
        source=_SOURCE,
        proof=_deficit,
        mutant=Mutant(
            "The same for buyers that are not consistent with the price",
            _deficit_mutant,
            {WEIGHT: _q(1, 10), CONSTANT: 1, BUY: 1, RETAIL: 1},
        ),
        models=_MODELS,
    ),
)
