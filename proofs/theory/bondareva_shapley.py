"""The core of a three-player game is non-empty if and only if the game is balanced."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

import sympy

from .. import smt
from ..steps import Decision, Finite, Step, Unsat
from ..theorem import Mutant, Theorem
from .three_players import FULL, PROPER, balanced_weights, collections, total

__all__ = ["MINIMAL", "THEOREMS"]

#: The minimal balanced collections of three players with their weights.
MINIMAL: dict[tuple[int, ...], tuple[Fraction, ...]] = {
    (1, 2, 4): (Fraction(1),) * 3,
    (1, 6): (Fraction(1),) * 2,
    (2, 5): (Fraction(1),) * 2,
    (3, 4): (Fraction(1),) * 2,
    (3, 5, 6): (Fraction(1, 2),) * 3,
}

_V = {S: sympy.Symbol(f"v{S}", real=True) for S in (*PROPER, FULL)}
_X = sympy.symbols("x0:3", real=True)


def _inequalities() -> list[Any]:
    return [
        sum(sympy.Rational(w.numerator, w.denominator) * _V[S] for S, w in zip(sets, weights, strict=True)) <= _V[FULL]
        for sets, weights in MINIMAL.items()
    ]


def _enumeration() -> Iterator[tuple[str, bool]]:
    # Minimal balanced collections are the vertices of the balancing weights: independent, weights all positive.
    for sets in collections():
        weights = balanced_weights(sets)
        minimal = weights is not None and all(w > 0 for w in weights)
        yield f"collection {sets}", minimal == (sets in MINIMAL) and (not minimal or weights == MINIMAL[sets])


class _Existence:
    """Balanced implies a core point exists: decided by z3 with the quantifier over allocations (linear)."""

    kind: ClassVar[str] = "unsat"
    name = "balanced implies non-empty core"

    def decide(self) -> Decision:
        """Ask for a balanced game such that no allocation is in the core."""
        translation = smt.Translation()
        z3 = translation.z3
        balanced = [translation.formula(part) for part in _inequalities()]
        core = [translation.formula(part) for part in _core()]
        variables = [translation.variables[x] for x in _X]
        answer, _ = smt.ask([*balanced, z3.ForAll(variables, z3.Not(z3.And(*core)))])
        if answer == "unsat":
            return Decision(self.name, self.kind, "proved", "no balanced game has an empty core")
        return Decision(self.name, self.kind, "undecided", f"z3 says {answer}")

    def fails_at(self, point: Any) -> str | None:
        """Never: a proof step, not a mutant."""
        return None


def _core() -> list[Any]:
    return [sympy.Eq(total(_X, FULL), _V[FULL]), *(total(_X, S) >= _V[S] for S in PROPER)]


def _proof() -> Iterator[Step]:
    yield Finite("the minimal balanced collections of three players are these five", _enumeration)
    yield Unsat("a core point satisfies the five inequalities", _core(), sympy.And(*_inequalities()))
    yield _Existence()


def _mutant() -> Step:
    # Partitions only: superadditive games. A core point would give x(N) = (x12 + x13 + x23)/2 >= (v3 + v5 + v6)/2.
    partitions = [part for sets, part in zip(MINIMAL, _inequalities(), strict=True) if sets != (3, 5, 6)]
    return Unsat("partitions suffice", partitions, (_V[3] + _V[5] + _V[6]) / 2 <= _V[FULL])


THEOREMS = (
    Theorem(
        id="T-BALANCED",
        statement="The core is non-empty if and only if every balanced collection with weights w has "
        "sum w(S) v(S) <= v(N)",
        domain="all games with three players",
        source="Bondareva 1963; Shapley, On balanced sets and cores, 1967",
        proof=_proof,
        mutant=Mutant(
            "The inequalities of partitions (superadditivity) suffice for a core point",
            _mutant,
            {_V[1]: 0, _V[2]: 0, _V[4]: 0, _V[3]: 1, _V[5]: 1, _V[6]: 1, _V[FULL]: 1},
        ),
    ),
)
