"""Zero regret against pure actions is a Nash equilibrium; a regret of epsilon is an epsilon-equilibrium."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..steps import Step, Unsat
from ..theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

_ACTIONS = 4


def _proof() -> Iterator[Step]:
    # One player's side of the question: with the others fixed, action k pays u_k and the profile pays sum x_k u_k.
    # Payoffs are multilinear, so any finite game reduces to this for each player; 4 actions stand for any number,
    # because a deviation y and a profile x enter through sum y_k u_k and sum x_k u_k alone (third step).
    u = sympy.symbols(f"u0:{_ACTIONS}", real=True)
    x = sympy.symbols(f"x0:{_ACTIONS}", real=True)
    y = sympy.symbols(f"y0:{_ACTIONS}", real=True)
    epsilon = sympy.Symbol("epsilon", real=True)
    value = sum(p * q for p, q in zip(x, u, strict=True))
    deviation = sum(p * q for p, q in zip(y, u, strict=True))
    simplex = [*(p >= 0 for p in x), *(p >= 0 for p in y), sympy.Eq(sum(x), 1), sympy.Eq(sum(y), 1)]
    regret_at_most = [value + epsilon >= each for each in u]
    yield Unsat(
        "regret <= epsilon: no mixed deviation gains more", [*simplex, *regret_at_most], deviation <= value + epsilon
    )
    vertices = [deviation <= value + epsilon]
    for k in range(_ACTIONS):
        pure = {y[j]: sympy.Integer(int(j == k)) for j in range(_ACTIONS)}
        yield Unsat(
            f"no deviation gains more than epsilon: action {k} does not",
            [sympy.And(*[part.subs(pure) for part in vertices])],
            u[k] <= value + epsilon,
        )
    used, gap = sympy.symbols("x_k gap", real=True)
    yield Unsat(
        "an action played with positive probability at zero regret has no gap (support condition)",
        [used > 0, gap >= 0, sympy.Eq(used * gap, 0)],
        sympy.Eq(gap, 0),
    )


def _mutant() -> Step:
    u = sympy.symbols("u0:3", real=True)
    # Indifference on the support {0, 1}, probability one half each.
    value = (u[0] + u[1]) / 2
    return Unsat("support indifference", [sympy.Eq(u[0], u[1])], sympy.And(*[value >= each for each in u]))


THEOREMS = (
    Theorem(
        id="T-NASH",
        statement="No pure deviation gains more than epsilon if and only if no mixed one does; epsilon = 0 is Nash",
        domain="finite games, one player's payoffs u against fixed others, mixed strategies x and y",
        source="Nash, Non-cooperative games, 1951",
        proof=_proof,
        mutant=Mutant(
            "Indifference among the actions of the support is enough for an equilibrium",
            _mutant,
            {sympy.Symbol("u0", real=True): 0, sympy.Symbol("u1", real=True): 0, sympy.Symbol("u2", real=True): 1},
        ),
        uses="expected payoff is linear in the own mixed strategy",
    ),
)
