"""E.1 and E.2: ratio, mid-market and bill-sharing prices balance money and stay between the grid's prices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.markets.bill_sharing import bill_sharing_prices
from gametheory.markets.mid_market import mid_market_prices
from gametheory.markets.settling import grid_settlement
from gametheory.markets.supply_demand_ratio import ratio_prices
from gametheory.models.pooled_community import grid_value

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

LS, LB, S, D, LC, S2 = sympy.symbols("ls lb S D lc S2", real=True)
SOLD, BOUGHT = sympy.symbols("sold bought", real=True)
_POSITIVE = (LS > 0, LS <= LB, S > 0, D > 0)
_SHORT = (*_POSITIVE, S <= D)
_TENTH = sympy.Rational(1, 10)


def _balances(prices: tuple[Any, Any]) -> Any:
    sell, buy = prices
    return sympy.Eq(D * buy, S * sell + grid_settlement(S, D, LS, LB))


def _between(prices: tuple[Any, Any]) -> Any:
    sell, buy = prices
    return sympy.And(sell >= LS, buy >= sell, buy <= LB)


def _ratio() -> Iterator[Step]:
    prices = ratio_prices(S, D, LS, LB)
    yield Unsat("money balances at every ratio", _POSITIVE, _balances(prices))
    yield Unsat("ls <= sell <= buy <= lb", _POSITIVE, _between(prices))
    more = ratio_prices(S2, D, LS, LB)
    for k, word in enumerate(("sell", "buy")):
        yield Unsat(f"the {word} price does not rise with the supply", [*_POSITIVE, S2 >= S], more[k] <= prices[k])
    yield Unsat(
        "the sell price is the harmonic interpolation: 1/sell = (1 - r)/lb + r/ls",
        _SHORT,
        sympy.Eq(prices[0] * ((D - S) * LS + S * LB), D * LS * LB),
    )
    yield Unsat(
        "at and beyond r = 1 both prices are the feed-in price",
        [*_POSITIVE, S >= D],
        sympy.And(sympy.Eq(prices[0], LS), sympy.Eq(prices[1], LS)),
    )


def _middle() -> Iterator[Step]:
    prices = mid_market_prices(S, D, LS, LB)
    domain = (LS <= LB, S > 0, D > 0)
    yield Unsat("money balances", domain, _balances(prices))
    yield Unsat("ls <= sell <= buy <= lb, so nobody is worse off than with the grid", domain, _between(prices))


def _shared() -> Iterator[Step]:
    prices = bill_sharing_prices(S, D, LS, LB)
    yield Unsat("money balances", _POSITIVE, _balances(prices))
    yield Unsat("sellers get less than the feed-in price", _POSITIVE, prices[0] < LS)
    yield Unsat("and nothing where the community imports", _SHORT, sympy.Eq(prices[0], 0))


def _split() -> Iterator[Step]:
    middle_sell, middle_buy = mid_market_prices(S, S, LS, LB)
    ratio_sell, ratio_buy = ratio_prices(S, S, LS, LB)
    yield Identity(
        "mid-market: (lb - ls)/2 a kWh for either side",
        [middle_sell - LS - (LB - LS) / 2, LB - middle_buy - (LB - LS) / 2],
        _POSITIVE,
    )
    yield Identity(
        "ratio: nothing for sellers, lb - ls for buyers", [ratio_sell - LS, LB - ratio_buy - (LB - LS)], _POSITIVE
    )


def _short_side(expression: Any) -> Any:
    """Return the expression where ``S <= D``; the first step of the proof justifies the substitution."""
    return expression.subs(sympy.Min(S, D), S)


def _revenue() -> Iterator[Step]:
    sell, _ = ratio_prices(S, D, LS, LB)
    short = _short_side(sell)
    yield Unsat("up to r = 1 what is matched is the supply", _SHORT, sympy.Eq(sell, short))
    below = (LB - LS) * S / D + LS
    yield Identity("revenue: D r ls lb / ((lb - ls) r + ls)", [S * short - S * LS * LB / below], _POSITIVE)
    yield Identity(
        "its derivative in S: ls^2 lb / ((lb - ls) r + ls)^2",
        [sympy.diff(S * short, S) - LS**2 * LB / below**2],
        _POSITIVE,
    )
    yield Unsat("which is positive", _SHORT, LS**2 * LB / below**2 > 0)


def _compensated() -> Iterator[Step]:
    prices = ratio_prices(S, D, LS, LB, LC)
    domain = (*_POSITIVE, LC >= 0, LC <= LB - LS)
    for word, side in (("r <= 1", S <= D), ("r > 1", S > D)):
        yield Unsat(f"money balances for {word}", [*domain, side], _balances(prices))
        yield Unsat(f"ls <= sell <= buy <= lb for {word}", [*domain, side], _between(prices))
    yield Unsat(
        "for r > 1 buyers pay ls + lc, sellers get ls + lc/r",
        [*domain, S > D],
        sympy.And(sympy.Eq(prices[1], LS + LC), sympy.Eq(prices[0] * S, LS * S + LC * D)),
    )


def _compensated_mutant() -> Step:
    return Unsat(
        "sellers get the compensation for all they give",
        [*_POSITIVE, LC >= 0, LC <= LB - LS, S > D],
        _balances((LS + LC, LS + LC)),
    )


def _blocking() -> Iterator[Step]:
    sell, buy = ratio_prices(S, D, LS, LB)
    beyond = sell * SOLD - buy * BOUGHT - grid_value(SOLD - BOUGHT, LS, LB)
    parts = (SOLD >= 0, BOUGHT >= 0)
    yield Unsat(
        "a coalition that imports gets (lb - sell)(r d - s) beyond its value",
        [*_SHORT, *parts, SOLD <= BOUGHT],
        sympy.Eq(D * beyond, (LB - sell) * (S * BOUGHT - D * SOLD)),
    )
    yield Unsat(
        "one that exports gets (sell - ls) s - (buy - ls) d",
        [*_SHORT, *parts, SOLD >= BOUGHT],
        sympy.Eq(beyond, (sell - LS) * SOLD - (buy - LS) * BOUGHT),
    )
    # The prices enter only through where they lie: named, they keep the question small.
    p, q, r = sympy.symbols("sell buy r", real=True)
    yield Unsat(
        "for 0 < r < 1 and ls < lb the sell price is below retail and above feed-in",
        [*_POSITIVE, S < D, LS < LB],
        sympy.And(sell < LB, sell > LS, sympy.Eq(D * (buy - LB), S * (sell - LB))),
    )
    named = [LS < LB, r > 0, r < 1, p > LS, p < LB, sympy.Eq(q, p * r + LB * (1 - r)), *parts]
    value = p * SOLD - q * BOUGHT - grid_value(SOLD - BOUGHT, LS, LB)
    yield Unsat(
        "it blocks iff r d < s and (sell - ls) s < (buy - ls) d",
        named,
        sympy.Equivalent(value < 0, sympy.And(r * BOUGHT < SOLD, (p - LS) * SOLD < (q - LS) * BOUGHT)),
    )


_E = sympy.symbols("e1:4", real=True)


def _blocking_mutant() -> Step:
    sell, buy = ratio_prices(_E[0], -_E[1] - _E[2], LS, LB)
    return Unsat(
        "the seller and one of two buyers do not block",
        [LS > 0, LS <= LB, _E[0] > 0, _E[1] < 0, _E[2] < 0],
        sell * _E[0] + buy * _E[1] >= grid_value(_E[0] + _E[1], LS, LB),
    )


_LIU = "Liu, Yu, Wang et al. 2017, structure; closed form derived"
_LONG = "Long, Wu, Zhang et al. 2017; derived"
_AT_ONE = {S: 1, D: 1, LS: _TENTH, LB: 3 * _TENTH}

THEOREMS = (
    Theorem(
        id="E-P1",
        statement="Supply-demand-ratio prices balance money, satisfy ls <= sell <= buy <= lb, and fall with the supply",
        domain="0 < ls <= lb, S, D > 0 (r > 1 too)",
        source=_LIU,
        proof=_ratio,
        mutant=Mutant(
            "The sell price is at least the mid-market rate for all r in [0, 1]",
            lambda: Unsat("at least the middle", _SHORT, ratio_prices(S, D, LS, LB)[0] >= (LS + LB) / 2),
            _AT_ONE,
        ),
        models=("supply_demand_ratio",),
    ),
    Theorem(
        id="E-P2",
        statement="Mid-market prices balance money and satisfy ls <= sell <= buy <= lb; nobody is worse off than alone",
        domain="ls <= lb (negative prices too), S, D > 0",
        source=_LONG,
        proof=_middle,
        mutant=Mutant(
            "Sellers get at most what the supply-demand ratio gives them, for all r in [0, 1]",
            lambda: Unsat(
                "mid-market below ratio",
                _SHORT,
                mid_market_prices(S, D, LS, LB)[0] <= ratio_prices(S, D, LS, LB)[0],
            ),
            _AT_ONE,
        ),
        models=("mid_market_rate",),
    ),
    Theorem(
        id="E-P3",
        statement="Bill sharing balances money and pays sellers less than the feed-in price",
        domain="0 < ls <= lb, S, D > 0",
        source=_LONG,
        proof=_shared,
        mutant=Mutant(
            "Bill sharing is individually rational for sellers where the community exports",
            lambda: Unsat("rational", [*_POSITIVE, S > D], bill_sharing_prices(S, D, LS, LB)[0] >= LS),
            {S: 2, D: 1, LS: _TENTH, LB: 3 * _TENTH},
        ),
        models=("bill_sharing",),
    ),
    Theorem(
        id="E-P4",
        statement="At r = 1 the mid-market rate splits the spread evenly, the supply-demand ratio gives it to buyers",
        domain="0 < ls <= lb, S = D > 0",
        source=f"{_LIU}; {_LONG}",
        proof=_split,
        mutant=Mutant(
            "The supply-demand ratio splits the gain equally at r = 1",
            lambda: Unsat(
                "equal",
                [*_POSITIVE, LS < LB],
                sympy.Eq(ratio_prices(S, S, LS, LB)[0] - LS, LB - ratio_prices(S, S, LS, LB)[1]),
            ),
            _AT_ONE,
        ),
        models=("mid_market_rate", "supply_demand_ratio"),
    ),
    Theorem(
        id="E-P5",
        statement="Revenue under the supply-demand ratio is D r ls lb/((lb-ls) r + ls); it rises in S by "
        "ls^2 lb/((lb-ls) r + ls)^2",
        domain="0 < ls <= lb, 0 < S <= D",
        source=_LIU,
        proof=_revenue,
        mutant=Mutant(
            "The derivative is ls lb^2/((lb-ls) r + ls)^2",
            lambda: Identity(
                "wrong power",
                [
                    sympy.diff(S * _short_side(ratio_prices(S, D, LS, LB)[0]), S)
                    - LS * LB**2 / ((LB - LS) * S / D + LS) ** 2
                ],
                _POSITIVE,
            ),
            {S: 1, D: 2, LS: 1, LB: 3},
        ),
        models=("supply_demand_ratio",),
    ),
    Theorem(
        id="E-P6",
        statement="Compensated ratio prices balance money at every ratio and lie between the grid's",
        domain="0 < ls <= lb, 0 <= lc <= lb - ls, S, D > 0",
        source=_LIU,
        proof=_compensated,
        mutant=Mutant("The same with sell = ls + lc for r > 1", _compensated_mutant, {S: 2, D: 1, LS: 1, LB: 3, LC: 1}),
        models=("supply_demand_ratio",),
    ),
    Theorem(
        id="E-P7",
        statement="At supply-demand-ratio prices a coalition blocks iff r d < s and (sell - ls) s < (buy - ls) d",
        domain="0 < ls < lb, 0 < r < 1, any coalition with s, d >= 0",
        source=_LIU,
        proof=_blocking,
        mutant=Mutant(
            "Supply-demand-ratio prices are in the core for all positions",
            _blocking_mutant,
            {_E[0]: 2, _E[1]: -2, _E[2]: -2, LS: _TENTH, LB: 3 * _TENTH},
        ),
        models=("supply_demand_ratio",),
    ),
)
