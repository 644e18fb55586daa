"""G.2: truthful asks in the reverse Vickrey auction, and the symmetric ask of pay-as-bid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sympy

from gametheory.models import reverse_auction as model

from .steps import Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

ASK, COST, N = sympy.symbols("a c n", real=True)
TYPE = sympy.Symbol("z", real=True)
Payment = Callable[[Any, Sequence[Any]], Any]


def _payoff(ask: Any, rivals: Sequence[Any], payment: Payment, *, first: bool) -> Any:
    """Return what a seller of cost ``c`` earns; in a tie it wins if it comes `first`."""
    won = payment(ask, rivals) - COST
    lead = model.margin(ask, rivals)
    return sympy.Piecewise((won, lead >= 0 if first else lead > 0), (0, True))


def _truthful(rivals: int, payment: Payment) -> Iterator[Step]:
    names = sympy.symbols(f"r1:{rivals + 1}", real=True)
    for first in (True, False):
        truth, other = (_payoff(ask, names, payment, first=first) for ask in (COST, ASK))
        word = "winning" if first else "losing"
        yield Unsat(f"{rivals + 1} sellers, {word} ties: no ask earns more than the truth", [], truth >= other)


def _dominant() -> Iterator[Step]:
    for rivals in (1, 2):
        yield from _truthful(rivals, model.vickrey_payment)


def _first_order(ask: Callable[[Any, Any], Any], sellers: int) -> Any:
    """Return the slope, at the true cost, of what a seller expects that asks as if its cost were z."""
    expected = (ask(TYPE, sellers) - COST) * model.winning_chance(TYPE, sellers)
    return sympy.diff(expected, TYPE).subs(TYPE, COST)


def _symmetric() -> Iterator[Step]:
    yield Identity(
        "2 to 8 sellers: the first-order condition holds at the own cost",
        [_first_order(model.symmetric_ask, sellers) for sellers in range(2, 9)],
    )
    # For any n the slope is (1 - c)^(n - 2) [b'(c)(1 - c) - (n - 1)(b(c) - c)].
    ask = model.symmetric_ask(COST, N)
    yield Identity(
        "any n: the bracket b'(c) (1 - c) - (n - 1)(b(c) - c) vanishes",
        [sympy.diff(ask, COST) * (1 - COST) - (N - 1) * (ask - COST)],
        [N >= 2],
    )


_SOURCE = "Cintuglu, Martin and Mohammed 2015, structure; Vickrey 1961"
_MODELS = ("ReverseAuction",)

THEOREMS = (
    Theorem(
        id="G-P2",
        statement="In the reverse Vickrey auction truthful asking is a dominant strategy",
        domain="2 and 3 sellers, all real asks and costs, ties won or lost",
        source=_SOURCE,
        proof=_dominant,
        mutant=Mutant(
            "The same for pay-as-bid",
            lambda: next(_truthful(1, model.first_price_payment)),
            {COST: 0, ASK: 4, sympy.Symbol("r1", real=True): 5},
        ),
        models=_MODELS,
    ),
    Theorem(
        id="G-P3",
        statement="b(c) = c + (1 - c)/n satisfies the first-order condition of the symmetric equilibrium of pay-as-bid",
        domain="n >= 2 sellers, costs independent and uniform on [0, 1]",
        source=_SOURCE,
        proof=_symmetric,
        mutant=Mutant(
            "b(c) = c + (1 - c)/(n + 1) does",
            lambda: Identity("n + 1", [_first_order(lambda cost, n: cost + (1 - cost) / (n + 1), 2)]),
            {COST: 0},
        ),
        models=_MODELS,
    ),
)
