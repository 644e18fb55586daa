"""Efficiency, symmetry, null player and additivity determine one value for three players: Shapley's formula."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import sympy

from ..steps import Finite, Identity, Step, Unsat
from ..theorem import Mutant, Theorem
from .three_players import FULL, PROPER, members

__all__ = ["THEOREMS"]

_V = {0: sympy.Integer(0), **{S: sympy.Symbol(f"v{S}", real=True) for S in (*PROPER, FULL)}}
_W = {0: sympy.Integer(0), **{S: sympy.Symbol(f"w{S}", real=True) for S in (*PROPER, FULL)}}


def _shapley(value: dict[int, Any], players: int = 3) -> tuple[Any, ...]:
    """Return the mean marginal contribution over all orders: the definition itself."""
    payoff = [sympy.Integer(0)] * players
    for order in permutations(range(players)):
        before = 0
        for player in order:
            payoff[player] += (value[before | 1 << player] - value[before]) / sympy.factorial(players)
            before |= 1 << player
    return tuple(payoff)


def _dividend(value: dict[int, Any], coalition: int) -> Any:
    size = len(members(coalition))
    return sum(
        ((-1) ** (size - len(members(S))) * value[S] for S in range(1, FULL + 1) if S & coalition == S),
        sympy.Integer(0),
    )


def _unanimity(coalition: int, scale: Any) -> dict[int, Any]:
    return {S: scale if S & coalition == coalition else sympy.Integer(0) for S in range(FULL + 1)}


def _proof() -> Iterator[Step]:
    phi = _shapley(_V)
    yield Identity("the formula is efficient", [sum(phi) - _V[FULL]])
    both = {S: _V[S] + _W[S] for S in _V}
    yield Identity(
        "the formula is additive", [a - b - c for a, b, c in zip(_shapley(both), phi, _shapley(_W), strict=True)]
    )
    pairs = [(0, 1), (0, 2), (1, 2)]
    for i, j in pairs:
        third = 7 & ~(1 << i) & ~(1 << j)
        equal = {_V[1 << i]: _V[1 << j], _V[1 << i | third]: _V[1 << j | third]}
        yield Identity(f"the formula treats symmetric players {i} and {j} alike", [(phi[i] - phi[j]).subs(equal)])
    for i in range(3):
        null = {_V[S | 1 << i]: _V[S] for S in (6 & ~(1 << i), 5 & ~(1 << i), 3 & ~(1 << i), 7 & ~(1 << i)) if S}
        null[_V[1 << i]] = sympy.Integer(0)
        yield Identity(f"the formula gives a null player {i} nothing", [phi[i].subs(null)])
    # Uniqueness: every game is a sum of scaled unanimity games, and the axioms fix each of those.
    rebuilt = {S: sum(_unanimity(T, _dividend(_V, T))[S] for T in range(1, FULL + 1)) for S in range(1, FULL + 1)}
    yield Identity("every game is the sum of its unanimity games", [rebuilt[S] - _V[S] for S in rebuilt])
    scale = sympy.Symbol("c", real=True)
    psi = sympy.symbols("psi0:3", real=True)
    for T in range(1, FULL + 1):
        inside, outside = members(T), members(FULL & ~T)
        axioms = [sympy.Eq(sum(psi), scale), *(sympy.Eq(psi[i], 0) for i in outside)]
        axioms += [sympy.Eq(psi[inside[0]], psi[i]) for i in inside[1:]]
        formula = _shapley(_unanimity(T, scale))
        claim = sympy.And(*[sympy.Eq(psi[i], formula[i]) for i in range(3)])
        yield Unsat(f"the axioms fix the unanimity game of {inside}, at the formula", axioms, claim)


def _mutant() -> Step:
    # Without symmetry: the marginal contributions of the order 0, 1, 2 are efficient, additive and give nulls nothing.
    marginal = (_V[1], _V[3] - _V[1], _V[7] - _V[3])
    return Identity("any value without symmetry", [a - b for a, b in zip(marginal, _shapley(_V), strict=True)])


def _rational() -> Iterator[Step]:
    for players in (2, 3, 4):
        coalitions = range(1, 1 << players)
        value = {0: sympy.Integer(0), **{S: sympy.Symbol(f"v{S}", real=True) for S in coalitions}}
        superadditive = [
            value[S] + value[T] <= value[S | T] for S in coalitions for T in coalitions if S < T and not S & T
        ]
        phi = _shapley(value, players)
        claim = sympy.And(*[phi[i] >= value[1 << i] for i in range(players)])
        yield Unsat(f"{players} players: superadditive implies individually rational", superadditive, claim)


def _glove() -> Iterator[tuple[str, bool]]:
    # Player 0 owns the left glove, players 1 and 2 a right one each; the pair {0, 1} is worth 1.
    value = {S: sympy.Integer(int(S & 1 and S & 6 != 0)) for S in range(FULL + 1)}
    phi = _shapley(value)
    for S in PROPER:
        yield f"coalition {members(S)}", bool(sum(phi[i] for i in members(S)) >= value[S])


THEOREMS = (
    Theorem(
        id="C-P8",
        statement="In a superadditive game the Shapley value is individually rational",
        domain="all games with 2, 3 or 4 players (more players: the same average of marginal contributions)",
        source="Shapley 1953; settlement of centrally dispatched resources",
        proof=_rational,
        mutant=Mutant(
            "The Shapley value of a totally balanced game is in the core",
            lambda: Finite("glove market, one left and two right gloves", _glove),
        ),
    ),
    Theorem(
        id="T-SHAPLEY",
        statement="Efficiency, symmetry, null player and additivity hold for the mean marginal contribution, and for "
        "no other value",
        domain="all games with three players",
        source="Shapley, A value for n-person games, 1953",
        proof=_proof,
        mutant=Mutant(
            "Efficiency, null player and additivity alone determine it (so the order 0, 1, 2 gives the same)",
            _mutant,
            {_V[S]: int(S == FULL) for S in (*PROPER, FULL)},
        ),
    ),
)
