"""F.3: the tail programme is the mean of the worst tail and subadditive; the newsvendor's slope and quantile."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy

from gametheory.models import day_ahead_bid as model

from .steps import Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

Z, OTHER, PART, BETA = sympy.symbols("z y f beta", real=True)
_LARGEST = 3


def _tail(scenarios: int) -> Iterator[Step]:
    losses = sympy.symbols(f"L0:{scenarios}", real=True)
    chances = sympy.symbols(f"p0:{scenarios}", real=True)
    order = [a >= b for a, b in pairwise(losses)]
    given = [*order, *(p > 0 for p in chances), sympy.Eq(sum(chances), 1)]
    for whole in range(scenarios):
        # The worst `whole` scenarios and the part f of the next one make up 1 - beta.
        edge = [PART > 0, chances[whole] >= PART]
        level = 1 - sum(chances[:whole]) - PART
        mean = model.tail_mean(losses, chances, whole, PART)
        yield Unsat(
            f"{scenarios} scenario(s), {whole} whole: the tail mean is the objective at the loss on the edge",
            [*given, *edge],
            sympy.Eq(model.tail_objective(losses[whole], losses, chances, level), mean),
        )
        yield Unsat(
            f"{scenarios} scenario(s), {whole} whole: no other threshold gives less",
            [*given, *edge],
            model.tail_objective(Z, losses, chances, level) >= mean,
        )


def _coherent() -> Iterator[Step]:
    for scenarios in range(1, _LARGEST + 1):
        yield from _tail(scenarios)
    first, second, chance = sympy.symbols("L M p", real=True)
    inside = [BETA >= 0, BETA < 1, chance >= 0]
    yield Unsat(
        "subadditive, scenario by scenario: the sum at the sum of two thresholds is at most the two parts",
        inside,
        model.tail_objective(Z + OTHER, [first + second], [chance], BETA)
        <= model.tail_objective(Z, [first], [chance], BETA) + model.tail_objective(OTHER, [second], [chance], BETA),
    )


def _unsplit() -> Iterator[tuple[str, bool]]:
    # Losses 1 and 0, even chances, beta = 3/4: the value at risk is 1, its scenario has chance 1/2 and not 1/4.
    one, half, level = sympy.Integer(1), sympy.Rational(1, 2), sympy.Rational(3, 4)
    claimed = one * half / (1 - level)
    true = model.tail_objective(one, [one, one * 0], [half, half], level)
    yield "losses 1 and 0 evenly, beta = 3/4", claimed == true


Q, W, DAY, DOWN, UP, LEVEL, S = sympy.symbols("q W l_DA l_dn l_up F s", real=True)
_PRICES = (DAY, DOWN, UP)
_ORDER = [DOWN <= DAY, DAY <= UP, DOWN < UP]


def _newsvendor() -> Iterator[Step]:
    below = model.bid_profit(Q, W, *_PRICES)
    yield Unsat(
        "in a scenario profit is concave in the bid: at the middle of two bids it is at least the mean",
        _ORDER,
        2 * below.subs(Q, (Q + S) / 2) >= below + below.subs(Q, S),
    )
    yield Unsat(
        "its slope is l_DA - l_dn below what is delivered and l_DA - l_up above",
        [*_ORDER, S > 0],
        sympy.And(
            sympy.Implies(W >= Q + S, sympy.Eq(below.subs(Q, Q + S) - below, (DAY - DOWN) * S)),
            sympy.Implies(W <= Q, sympy.Eq(below.subs(Q, Q + S) - below, (DAY - UP) * S)),
        ),
    )
    yield Identity(
        "weighted by 1 - F and F that is the stated slope",
        [(DAY - DOWN) * (1 - LEVEL) + (DAY - UP) * LEVEL - model.marginal_profit(LEVEL, *_PRICES)],
    )
    yield Identity(
        "which vanishes at the stated quantile",
        [model.marginal_profit(model.critical_level(*_PRICES), *_PRICES)],
        _ORDER,
    )
    yield Unsat(
        "and falls in F, so the expected profit is concave",
        [*_ORDER, S > LEVEL],
        model.marginal_profit(S, *_PRICES) < model.marginal_profit(LEVEL, *_PRICES),
    )


def _wrong_quantile() -> Any:
    return model.marginal_profit((UP - DAY) / (UP - DOWN), *_PRICES)


_SOURCE = "Iria, Soares and Matos 2018, structure; newsvendor, and Rockafellar and Uryasev 2000"
_MODELS = ("DayAheadBid",)

THEOREMS = (
    Theorem(
        id="F-P2",
        statement="The tail programme equals the mean of the sorted worst tail with the scenario at its edge split; "
        "it is subadditive",
        domain=f"0 <= beta < 1, chances > 0; 1 to {_LARGEST} scenarios in symbols, subadditivity for any number",
        source=_SOURCE,
        proof=_coherent,
        mutant=Mutant(
            "The tail mean of a discrete loss is E[L 1{L >= VaR}]/(1 - beta)", lambda: Finite("an atom", _unsplit)
        ),
        models=_MODELS,
    ),
    Theorem(
        id="F-P3",
        statement="Expected newsvendor profit is concave in the bid, with the slope l_DA - l_dn - (l_up - l_dn) F(q)",
        domain="l_dn <= l_DA <= l_up, l_dn < l_up, F continuous at q",
        source=_SOURCE,
        proof=_newsvendor,
        mutant=Mutant(
            "The optimal quantile is (l_up - l_DA)/(l_up - l_dn)",
            lambda: Identity("one minus it", [_wrong_quantile()]),
            {DAY: 1, DOWN: 0, UP: 3},
        ),
        models=_MODELS,
        uses="differentiation under the expectation: profit is Lipschitz in the bid",
    ),
)
