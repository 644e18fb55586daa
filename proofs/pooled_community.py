"""C.1: the grid value of a coalition, the mid-market rate and its band, and the study's coalition without reaction."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy

from gametheory.markets.mid_market import mid_market_prices
from gametheory.models.economy import calibrated_slope, grid_bill
from gametheory.models.pooled_community import PooledCommunity, adjustment, band_margin, grid_value, pooled_cost

from .steps import Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

LS, LB, S, D, P = sympy.symbols("ls lb S D p", real=True)
E1, E2, SOLD, BOUGHT = sympy.symbols("E1 E2 sold bought", real=True)
_PRICES = (LS <= LB,)
_BOTH = (*_PRICES, S > 0, D > 0)
#: What the members of a coalition sell and buy is part of what the community does.
_PARTS = (SOLD >= 0, BOUGHT >= 0)
HALF = (LB - LS) / 2


def _superadditive() -> Iterator[Step]:
    yield Unsat(
        "two coalitions that merge get at least as much",
        _PRICES,
        grid_value(E1 + E2, LS, LB) >= grid_value(E1, LS, LB) + grid_value(E2, LS, LB),
    )
    yield Unsat(
        "every price between the grid's pays a coalition at least its value",
        [*_PRICES, LS <= P, P <= LB],
        grid_value(E1, LS, LB) <= P * E1,
    )
    yield Unsat(
        "the grid's bill of the net load is the value with the sign turned",
        _PRICES,
        sympy.Eq(grid_bill(-E1, LB, LS), -grid_value(E1, LS, LB)),
    )


def _superadditive_mutant() -> Step:
    def best(position: Any) -> Any:
        return grid_bill(position, LB, LS)  # the maximum of the two products

    return Unsat("the maximum in place of the minimum", _PRICES, best(E1 + E2) >= best(E1) + best(E2))


def _rational() -> Iterator[Step]:
    sell, buy = mid_market_prices(S, D, LS, LB)
    yield Unsat(
        "what sellers get less what buyers pay is the value of all",
        _BOTH,
        sympy.Eq(S * sell - D * buy, grid_value(S - D, LS, LB)),
    )
    yield Unsat("sellers get at least the feed-in price", _BOTH, sell >= LS)
    yield Unsat("buyers pay at most the retail price", _BOTH, buy <= LB)
    none = sympy.Integer(0)
    only_sell, _ = mid_market_prices(S, none, LS, LB)
    _, only_buy = mid_market_prices(none, D, LS, LB)
    yield Unsat("sellers alone get the feed-in price", [*_PRICES, S > 0], sympy.Eq(only_sell, LS))
    yield Unsat("buyers alone pay the retail price", [*_PRICES, D > 0], sympy.Eq(only_buy, LB))


_E = sympy.symbols("e1:4", real=True)


def _mid_market_core_mutant() -> Step:
    sell, buy = mid_market_prices(_E[0] + _E[1], -_E[2], LS, LB)
    return Unsat(
        "the first and the third of two sellers and a buyer do not block",
        [*_PRICES, _E[0] > 0, _E[1] > 0, _E[2] < 0],
        sell * _E[0] + buy * _E[2] >= grid_value(_E[0] + _E[2], LS, LB),
    )


def _beyond(sold: Any, bought: Any) -> Any:
    """Return what a coalition gets at the mid-market rate beyond its value."""
    sell, buy = mid_market_prices(S, D, LS, LB)
    return sell * sold - buy * bought - grid_value(sold - bought, LS, LB)


def _band() -> Iterator[Step]:
    yield Unsat(
        "surplus: what a coalition gets beyond its value is the margin of the band",
        [*_BOTH, *_PARTS, S >= D],
        sympy.Eq(_beyond(SOLD, BOUGHT), band_margin(SOLD, BOUGHT, D / S, HALF)),
    )
    yield Unsat(
        "deficit: the same with the sides exchanged",
        [*_BOTH, *_PARTS, S < D],
        sympy.Eq(_beyond(SOLD, BOUGHT), band_margin(BOUGHT, SOLD, S / D, HALF)),
    )
    h, rho = sympy.symbols("h rho", real=True)
    margin = band_margin(SOLD, BOUGHT, rho, h)
    yield Unsat(
        "the margin is negative iff the short side lies in the open band",
        [h > 0, rho >= 0, rho <= 1, *_PARTS],
        sympy.Equivalent(margin < 0, sympy.And(rho * SOLD < BOUGHT, (2 - rho) * SOLD > BOUGHT)),
    )
    yield Unsat(
        "the margin is h (rho s - d) if d <= s and h (d - (2 - rho) s) otherwise",
        [h > 0, rho >= 0, rho <= 1, *_PARTS],
        sympy.Eq(
            margin,
            sympy.Piecewise((h * (rho * SOLD - BOUGHT), BOUGHT <= SOLD), (h * (BOUGHT - (2 - rho) * SOLD), True)),
        ),
    )


def _closed_band_mutant() -> Step:
    return Unsat(
        "the closed band",
        [*_BOTH, *_PARTS, S >= D, LS < LB],
        sympy.Equivalent(
            band_margin(SOLD, BOUGHT, D / S, HALF) < 0,
            sympy.And(D / S * SOLD <= BOUGHT, BOUGHT <= (2 - D / S) * SOLD),
        ),
    )


def _balanced() -> Iterator[Step]:
    sell, buy = mid_market_prices(S, S, LS, LB)
    middle = (LS + LB) / 2
    yield Unsat(
        "balanced: both prices are the middle",
        [*_PRICES, S > 0],
        sympy.And(sympy.Eq(sell, middle), sympy.Eq(buy, middle)),
    )
    yield Unsat("the margin of no coalition is negative", [*_PRICES, *_PARTS], band_margin(SOLD, BOUGHT, 1, HALF) >= 0)


def _unbalanced_mutant() -> Step:
    def cases() -> Iterator[tuple[str, bool]]:
        for positions in ((2, 2, -2), (2, -1)):
            game = PooledCommunity.from_positions(positions, feed_in="0.1", retail_price="0.3")
            surplus = Fraction(sum(e for e in positions if e > 0))
            deficit = -Fraction(sum(e for e in positions if e < 0))
            sell, buy = mid_market_prices(surplus, deficit, Fraction(1, 10), Fraction(3, 10))
            paid = [e * (sell if e > 0 else buy) for e in positions]
            blocked = any(
                sum(x for i, x in enumerate(paid) if mask >> i & 1)
                < game.value(tuple(name for i, name in enumerate(game.players) if mask >> i & 1))
                for mask in range(1, 2 ** len(positions))
            )
            yield f"e = {positions}", blocked

    return Finite("off balance somebody blocks", cases)


_ZS, _CS, _DS, _PS = (sympy.symbols(f"{name}0:3", real=True) for name in ("z", "c", "d", "p"))


def _no_reaction() -> Iterator[Step]:
    lam = sympy.Symbol("lam", real=True)
    yield Identity("without reaction the only adjustment is 0", [adjustment(lam, 0, _DS[0], 0, 0)])
    for size in (1, 2, 3):
        cost = pooled_cost(_ZS[:size], [sympy.Integer(0)] * size, _CS[:size], _DS[:size], LB, LS)
        yield Unsat(
            f"{size} member(s): the pooled cost at 0 is the grid value with the sign turned",
            _PRICES,
            sympy.Eq(cost, -grid_value(-sum(_ZS[:size]), LS, LB)),
        )
    yield Finite("a community at elasticity 0 lowers to bounds of 0 and the same values", _lowered)


def _lowered() -> Iterator[tuple[str, bool]]:
    from gametheory.domain import Community, Prosumer, Tariff

    pair = Community(
        prosumers=[Prosumer("a", load=[1, 0], pv=[0, 3]), Prosumer("b", load=[2, 2], pv=[4, 0])],
        tariff=Tariff.flat("0.3", feed_in="0.1"),
    )
    model = PooledCommunity(pair, elasticity=0)
    yield "bounds", all(t.lower == t.upper == 0 for step in model.steps for t in step.traders)
    for names in (("a",), ("b",), ("a", "b")):
        cost = model.cost(names, [[Fraction(0)] * 2] * len(names))
        yield f"{names}", cost == -model.value(names)


def _no_reaction_mutant() -> Step:
    slopes = [calibrated_slope(1, LB, LS), calibrated_slope(-1, LB, LS)]
    still = [sympy.Integer(0)] * 2
    return Unsat(
        "with reaction too, adjusting gains nothing",
        [*_PRICES, _CS[0] > 0, _CS[1] > 0, _ZS[0] > 0, _ZS[1] < 0],
        pooled_cost(_ZS[:2], _PS[:2], _CS[:2], slopes, LB, LS) >= pooled_cost(_ZS[:2], still, _CS[:2], slopes, LB, LS),
    )


_SOURCE = "Tushar, Saha, Yuen et al. 2018, structure; characterisation derived"
_MODELS = ("PooledCommunity",)

THEOREMS = (
    Theorem(
        id="C-P1",
        statement="v(T) = min(ls E, lb E) is superadditive, and every price between the grid's supports it",
        domain="ls <= lb (negative prices too)",
        source=_SOURCE,
        proof=_superadditive,
        mutant=Mutant("max(ls E, lb E) is superadditive", _superadditive_mutant, {LS: 0, LB: 1, E1: 1, E2: -1}),
        models=_MODELS,
    ),
    Theorem(
        id="C-P2",
        statement="The mid-market rate hands out v(N), and nobody is worse off than alone",
        domain="ls <= lb, any positions",
        source=_SOURCE,
        proof=_rational,
        mutant=Mutant(
            "The mid-market rate is in the core for all positions",
            _mid_market_core_mutant,
            {
                _E[0]: 2,
                _E[1]: 2,
                _E[2]: -2,
                LS: sympy.Rational(1, 10),
                LB: sympy.Rational(3, 10),
            },
        ),
        models=_MODELS,
    ),
    Theorem(
        id="C-P3",
        statement="At the mid-market rate a coalition blocks iff its short side lies strictly within "
        "(rho L, (2 - rho) L)",
        domain="ls < lb, S, D > 0, any coalition with sold, bought >= 0",
        source=_SOURCE,
        proof=_band,
        mutant=Mutant(
            "The same with the closed band",
            _closed_band_mutant,
            {S: 1, D: 1, SOLD: 1, BOUGHT: 1, LS: 0, LB: 1},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="C-P4",
        statement="In a balanced community the mid-market rate is in the core",
        domain="ls <= lb, S = D > 0",
        source=_SOURCE,
        proof=_balanced,
        mutant=Mutant(
            "Off balance the mid-market rate is never in the core", _unbalanced_mutant, {"case": "e = (2, -1)"}
        ),
        models=_MODELS,
    ),
    Theorem(
        id="S-P8",
        statement="With elasticity 0 the study's coalition is game C.1: C(T) = -v(T)",
        domain="feed_in <= retail, up to 3 members in symbols",
        source="the package's study of one economy under five structures",
        proof=_no_reaction,
        mutant=Mutant(
            "The same with reaction",
            _no_reaction_mutant,
            {
                LS: 0,
                LB: 1,
                _CS[0]: 1,
                _CS[1]: 1,
                _ZS[0]: 1,
                _ZS[1]: -1,
                _PS[0]: sympy.Rational(-1, 4),
                _PS[1]: sympy.Rational(1, 4),
            },
        ),
        models=_MODELS,
    ),
)
