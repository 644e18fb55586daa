"""The steps a proof is made of. Each ends in a decision, never in an opinion.

========== ===================================================================================================
identity   expressions that are zero: numerators are the zero polynomial, denominators do not vanish on the domain
unsat      a claim for all reals of a domain: z3 finds its negation unsatisfiable
certificate a stored sum of squares (or non-negative combination of constraints), multiplied out and compared
finite     finitely many exact cases, every one true
========== ===================================================================================================

A step that cannot be decided is a failure. ``fails_at(point)`` substitutes exact numbers, which is how a mutant is
refuted: the machinery must not prove it *and* a concrete point must make it false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import sympy

from gametheory.errors import InputError

from . import smt

__all__ = ["Certificate", "Decision", "Finite", "Identity", "Step", "Unsat"]


@dataclass(frozen=True, slots=True)
class Decision:
    """How a step ended: proved, disproved (with a point where it fails), or undecided."""

    name: str
    kind: str
    outcome: str
    reason: str
    counterexample: Mapping[Any, Any] | None = None

    @property
    def proved(self) -> bool:
        """Whether the step holds."""
        return self.outcome == "proved"


class Step(Protocol):
    """What the runner needs of a step."""

    kind: ClassVar[str]

    @property
    def name(self) -> str:
        """What the step shows, in a few words."""

    def decide(self) -> Decision:
        """Decide it."""

    def fails_at(self, point: Mapping[Any, Any]) -> str | None:
        """Return how the step fails at an exact point, or None if it does not."""


def _numerator_denominator(expression: Any) -> tuple[Any, Any]:
    return sympy.fraction(sympy.together(sympy.sympify(expression)))  # type: ignore[no-any-return]


def _denominators(expression: Any) -> Iterator[Any]:
    """Yield the factors of everything that is divided by, before anything is cancelled."""
    for power in sorted(sympy.sympify(expression).atoms(sympy.Pow), key=str):
        if power.exp.could_extract_minus_sign() and power.base.free_symbols:
            numerator, denominator = sympy.fraction(sympy.together(power.base))
            for part in (numerator, denominator):
                if part.free_symbols:
                    yield from (factor for factor, _ in sympy.factor_list(part)[1])


def _is_zero(numerator: Any, relations: Sequence[Any] = ()) -> bool:
    """Whether a numerator is the zero polynomial in its symbols (and whatever else it holds: roots, logarithms)."""
    numerator = sympy.expand(numerator)
    if numerator == 0:
        return True
    if relations:
        symbols = sorted(numerator.free_symbols.union(*[r.free_symbols for r in relations]), key=str)
        basis = sympy.groebner(list(relations), *symbols, order="grevlex")
        return bool(basis.reduce(numerator)[1] == 0)
    return bool(numerator.free_symbols and sympy.Poly(numerator).is_zero)


def _plain(expressions: Iterable[Any]) -> None:
    """Refuse symbols that carry assumptions: what is assumed stands in the domain, where it is checked."""
    for expression in expressions:
        for symbol in sympy.sympify(expression).free_symbols:
            if symbol.is_positive is not None or symbol.is_nonnegative is not None or symbol.is_zero is not None:
                raise InputError(f"symbol {symbol} carries an assumption; write it into the domain instead")


def _holds(relation: Any, point: Mapping[Any, Any]) -> bool | None:
    """Return the truth value of a relation at an exact point, None if it is not decided by rational arithmetic."""
    value = sympy.sympify(relation).subs(point)
    if value in (True, sympy.true):
        return True
    return False if value in (False, sympy.false) else None


def _outside(domain: Sequence[Any], point: Mapping[Any, Any]) -> str | None:
    """Return why a point is no counterexample: a value that is not exact, or a violated or undecided domain."""
    inexact = [str(symbol) for symbol, value in point.items() if not sympy.sympify(value).is_Rational]
    if inexact:
        return f"not an exact point: {', '.join(inexact)}"
    for part in domain:
        if _holds(part, point) is not True:
            return f"outside the domain: {part}"
    return None


@dataclass(frozen=True, slots=True)
class Identity:
    """Expressions that are identically zero.

    Parameters
    ----------
    name
        What it shows.
    zeros
        Expressions; each must be zero wherever `domain` holds.
    domain
        Relations; used only to show that no denominator vanishes (and so that the identity says something).
    relations
        Polynomials known to be zero (such as ``s**2 - u`` for a root ``s``): the numerators are reduced by them.
    """

    kind: ClassVar[str] = "identity"
    name: str
    zeros: Sequence[Any]
    domain: Sequence[Any] = ()
    relations: Sequence[Any] = ()

    def decide(self) -> Decision:
        """Decide by normal form: every numerator is the zero polynomial, every denominator is non-zero."""
        if not self.zeros:
            return Decision(self.name, self.kind, "undecided", "there is nothing to decide")
        _plain((*self.zeros, *self.domain, *self.relations))
        checked: set[Any] = set()
        for k, expression in enumerate(self.zeros):
            numerator, _ = _numerator_denominator(expression)
            if not _is_zero(numerator, self.relations):
                return Decision(self.name, self.kind, "not zero", f"expression {k}: the numerator is not zero")
            for factor in _denominators(expression):
                if factor in checked or self._positive(factor):
                    continue
                answer, _ = smt.search(self.domain, sympy.Ne(factor, 0))
                if answer != "unsat":
                    return Decision(self.name, self.kind, "undecided", f"{factor} may vanish on the domain ({answer})")
                checked.add(factor)
        return Decision(self.name, self.kind, "proved", f"{len(self.zeros)} zero numerator(s)")

    def _positive(self, factor: Any) -> bool:
        """Whether a polynomial is positive for the plain reason: positive variables, coefficients of one sign."""
        above = {
            part.args[0] for part in self.domain if isinstance(part, sympy.StrictGreaterThan) and part.args[1] == 0
        }
        if not factor.free_symbols <= above or not factor.is_polynomial(*factor.free_symbols):
            return False
        coefficients = sympy.Poly(factor, *sorted(factor.free_symbols, key=str)).coeffs()
        return all(c > 0 for c in coefficients) or all(c < 0 for c in coefficients)

    def fails_at(self, point: Mapping[Any, Any]) -> str | None:
        """Return the first expression that is not zero at `point`."""
        if _outside((*self.domain, *(sympy.Eq(r, 0) for r in self.relations)), point):
            return None
        for k, expression in enumerate(self.zeros):
            value = sympy.sympify(expression).subs(point)
            if value.is_Rational and value != 0:
                return f"expression {k} is {value}"
        return None


@dataclass(frozen=True, slots=True)
class Unsat:
    """A claim that holds for all reals of a domain."""

    kind: ClassVar[str] = "unsat"
    name: str
    domain: Sequence[Any]
    claim: Any

    def decide(self) -> Decision:
        """Decide by z3: no point of the domain violates the claim."""
        _plain((*self.domain, self.claim))
        answer, point = smt.search(self.domain, self.claim)
        if answer == "unsat":
            return Decision(self.name, self.kind, "proved", "the negation is unsatisfiable")
        if point is not None and self.fails_at(point):
            return Decision(self.name, self.kind, "false", f"fails at {_shown(point)}", point)
        return Decision(self.name, self.kind, "undecided", f"z3 says {answer}")

    def fails_at(self, point: Mapping[Any, Any]) -> str | None:
        """Return the violated claim if `point` lies in the domain and makes it false."""
        if _outside(self.domain, point) or _holds(self.claim, point) is not False:
            return None
        return f"false at {_shown(point)}"


def _shown(point: Mapping[Any, Any]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in sorted(point.items(), key=lambda item: str(item[0])))


@dataclass(frozen=True, slots=True)
class Certificate:
    """A polynomial written as a non-negative combination: ``sum coefficient * square**2 * product(multipliers)``.

    Each multiplier must be the left side of a constraint ``g >= 0`` or ``g > 0`` of the domain, each coefficient a
    non-negative rational. With squares equal to 1 this is a Farkas certificate.
    """

    kind: ClassVar[str] = "certificate"
    name: str
    polynomial: Any
    terms: Sequence[tuple[Any, Any, Sequence[Any]]]
    domain: Sequence[Any] = ()

    def decide(self) -> Decision:
        """Decide by multiplying the certificate out."""
        allowed = {
            part.args[0]
            for part in self.domain
            if isinstance(part, sympy.GreaterThan | sympy.StrictGreaterThan) and part.args[1] == 0
        }
        combination = sympy.Integer(0)
        for coefficient, square, multipliers in self.terms:
            coefficient = sympy.sympify(coefficient)
            if not (coefficient.is_Rational and coefficient >= 0):
                return Decision(self.name, self.kind, "false", f"the coefficient {coefficient} is not >= 0")
            strangers = [m for m in multipliers if m not in allowed]
            if strangers:
                return Decision(self.name, self.kind, "false", f"{strangers[0]} is no constraint of the domain")
            combination += coefficient * sympy.sympify(square) ** 2 * sympy.prod(multipliers)
        numerator, denominator = _numerator_denominator(self.polynomial - combination)
        if denominator.free_symbols or not _is_zero(numerator):
            return Decision(self.name, self.kind, "false", "the certificate does not multiply out to the polynomial")
        return Decision(self.name, self.kind, "proved", f"{len(self.terms)} non-negative term(s)")

    def fails_at(self, point: Mapping[Any, Any]) -> str | None:
        """Return the negative value of the polynomial at a point of the domain."""
        if _outside(self.domain, point):
            return None
        value = sympy.sympify(self.polynomial).subs(point)
        return f"the polynomial is {value}" if value.is_Rational and value < 0 else None


@dataclass(frozen=True, slots=True)
class Finite:
    """Finitely many cases, each an exact yes or no."""

    kind: ClassVar[str] = "finite"
    name: str
    cases: Callable[[], Iterable[tuple[str, bool]]]

    def decide(self) -> Decision:
        """Decide by going through them all."""
        count = 0
        for label, truth in self.cases():
            count += 1
            if truth is not True and truth is not sympy.true:
                return Decision(self.name, self.kind, "false", f"fails for {label}", {"case": label})
        if not count:
            return Decision(self.name, self.kind, "undecided", "there are no cases")
        return Decision(self.name, self.kind, "proved", f"{count} case(s)")

    def fails_at(self, point: Mapping[Any, Any]) -> str | None:
        """Return the case named by ``point["case"]`` if it is false."""
        for label, truth in self.cases():
            if label == point.get("case"):
                return None if truth else f"fails for {label}"
        return None
