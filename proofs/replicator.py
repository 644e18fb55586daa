"""G.4: the replicator keeps the simplex, and raises the potential of a potential game."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from gametheory.models.replicator import average_payoff, growth

from .steps import Certificate, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

SPEED = sympy.Symbol("delta", real=True)


def _population(size: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Return shares that sum to 1 (the last one follows), payoffs and rates."""
    free = sympy.symbols(f"rho1:{size}", real=True)
    shares = [*free, 1 - sum(free)]
    payoffs = list(sympy.symbols(f"pi1:{size + 1}", real=True))
    average = average_payoff(shares, payoffs)
    return shares, payoffs, [growth(r, w, average, SPEED) for r, w in zip(shares, payoffs, strict=True)]


def _proof() -> Iterator[Step]:
    for size in (2, 3, 4):
        shares, payoffs, rates = _population(size)
        average = average_payoff(shares, payoffs)
        variance = sum(r * (w - average) ** 2 for r, w in zip(shares, payoffs, strict=True))
        rise = sum(w * rate for w, rate in zip(payoffs, rates, strict=True))  # pi_i is the derivative of the potential
        yield Identity(
            f"{size} strategies: the rates sum to 0, and the potential rises by delta times the variance of payoffs",
            [sum(rates), rise - SPEED * variance],
        )
        names = sympy.symbols(f"r1:{size + 1}", real=True)
        gaps = sympy.symbols(f"g1:{size + 1}", real=True)
        domain = [*(name >= 0 for name in names), SPEED > 0]
        yield Certificate(
            f"{size} strategies: a variance times a positive speed is not negative",
            SPEED * sum(name * gap**2 for name, gap in zip(names, gaps, strict=True)),
            [(1, gap, [SPEED, name]) for name, gap in zip(names, gaps, strict=True)],
            domain,
        )
    share, payoff, average = sympy.symbols("rho pi m", real=True)
    yield Identity(
        "faces are invariant: a share of 0 does not move", [growth(share, payoff, average, SPEED).subs(share, 0)]
    )


def _mutant() -> Step:
    second = sympy.Symbol("rho2", real=True)
    shares = [1 - second, second]
    payoffs = [sympy.Integer(1), 3 - 4 * second]  # each depends on its own share only: a potential game
    average = average_payoff(shares, payoffs)
    rate = growth(second, payoffs[1], average, SPEED)
    return Unsat(
        "the average payoff never falls", [SPEED > 0, second > 0, second < 1], sympy.diff(average, second) * rate >= 0
    )


THEOREMS = (
    Theorem(
        id="G-P1",
        statement="Under the replicator the shares keep their sum, and in a potential game df/dt = delta Var(pi) >= 0",
        domain="delta > 0, shares >= 0 that sum to 1, any payoffs; 2 to 4 strategies in symbols",
        source="standard; the dynamics of Paudel et al. 2019",
        proof=_proof,
        mutant=Mutant(
            "The average payoff is non-decreasing in every potential game",
            _mutant,
            {SPEED: 1, sympy.Symbol("rho2", real=True): sympy.Rational(3, 8)},
        ),
        models=("Replicator",),
    ),
)
