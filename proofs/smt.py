"""From SymPy to z3: is a claim true for all reals of a domain?

The negation of the claim is given to z3 (nonlinear real arithmetic, or linear with quantifiers). ``unsat`` proves the
claim; ``sat`` gives a point, which callers substitute exactly before they believe it; anything else is undecided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from gametheory.errors import InputError, MissingExtra

__all__ = ["TIMEOUT_SECONDS", "Translation", "ask", "load", "search"]

#: After this many seconds a query counts as undecided, which is a failure.
TIMEOUT_SECONDS = 60


def load() -> Any:
    """Return the module ``z3``.

    Raises
    ------
    MissingExtra
        z3 is not installed.
    """
    try:
        import z3
    except ImportError:
        raise MissingExtra("z3-solver", "proofs", "deciding a theorem over the reals") from None
    return z3


class Translation:
    """One formula's way into z3: the variables it met, and the definitions that roots and quotients need.

    A square root ``s = sqrt(u)`` becomes a fresh ``s >= 0`` with ``s*s = u``. That is sound only where ``u >= 0``, and
    a quotient says something only where the denominator is not 0, so both become *obligations* that :func:`search`
    proves on the domain first.
    """

    def __init__(self) -> None:
        self.z3 = load()
        self.variables: dict[sympy.Symbol, Any] = {}
        self.definitions: list[Any] = []
        #: (condition, number of definitions that stood before it: a root must not justify itself)
        self.obligations: list[tuple[Any, int]] = []
        self._guards: tuple[Any, ...] = ()
        self._memo: dict[Any, Any] = {}

    def formula(self, statement: Any) -> Any:
        """Translate a relation or a Boolean combination of relations."""
        z3 = self.z3
        if statement is True or isinstance(statement, BooleanTrue):
            return z3.BoolVal(True)
        if statement is False or isinstance(statement, BooleanFalse):
            return z3.BoolVal(False)
        if isinstance(statement, sympy.And):
            return z3.And(*[self.formula(part) for part in statement.args])
        if isinstance(statement, sympy.Or):
            return z3.Or(*[self.formula(part) for part in statement.args])
        if isinstance(statement, sympy.Not):
            return z3.Not(self.formula(statement.args[0]))
        if isinstance(statement, sympy.Implies):
            return z3.Implies(self.formula(statement.args[0]), self.formula(statement.args[1]))
        if isinstance(statement, sympy.Equivalent) and len(statement.args) == 2:
            return self.formula(statement.args[0]) == self.formula(statement.args[1])
        operators: dict[Any, Any] = {
            sympy.Eq: lambda a, b: a == b,
            sympy.Ne: lambda a, b: a != b,
            sympy.StrictLessThan: lambda a, b: a < b,
            sympy.LessThan: lambda a, b: a <= b,
            sympy.StrictGreaterThan: lambda a, b: a > b,
            sympy.GreaterThan: lambda a, b: a >= b,
        }
        for relation, build in operators.items():
            if isinstance(statement, relation):
                return build(self.term(statement.args[0]), self.term(statement.args[1]))
        raise InputError(f"cannot translate {statement!r}; use relations joined by And, Or, Not, Implies, Equivalent")

    def term(self, expression: Any) -> Any:
        """Translate a term built of rationals, symbols, ``+ * / **``, roots, Max, Min, Abs and Piecewise."""
        expression = sympy.sympify(expression)
        key = (expression, self._guards)
        if key not in self._memo:
            self._memo[key] = self._term(expression)
        return self._memo[key]

    def _oblige(self, condition: Any) -> None:
        self.obligations.append((self._guarded(condition), len(self.definitions)))

    def _guarded(self, condition: Any) -> Any:
        return self.z3.Implies(self.z3.And(*self._guards), condition) if self._guards else condition

    def _term(self, expression: Any) -> Any:
        z3 = self.z3
        if expression.is_Rational:
            return z3.Q(int(expression.p), int(expression.q))
        if expression.is_Symbol:
            if expression not in self.variables:
                self.variables[expression] = z3.Real(expression.name)
            return self.variables[expression]
        if isinstance(expression, sympy.Add):
            return z3.Sum([self.term(part) for part in expression.args])
        if isinstance(expression, sympy.Mul):
            numerator, denominator = expression.as_numer_denom()
            if denominator == 1:
                return z3.Product([self.term(part) for part in expression.args])
            return self._quotient(numerator, denominator)
        if isinstance(expression, sympy.Pow):
            return self._power(expression.base, expression.exp)
        if isinstance(expression, sympy.Max | sympy.Min):
            return self._extreme(expression)
        if isinstance(expression, sympy.Abs):
            inner = self.term(expression.args[0])
            return z3.If(inner >= 0, inner, -inner)
        if isinstance(expression, sympy.Piecewise):
            return self._piecewise(expression)
        raise InputError(f"cannot translate the term {expression!r}; z3 decides rational arithmetic and square roots")

    def _quotient(self, numerator: Any, denominator: Any) -> Any:
        below = self.term(denominator)
        if not denominator.is_Rational:
            self._oblige(below != 0)
        return self.term(numerator) / below

    def _power(self, base: Any, exponent: Any) -> Any:
        if exponent.is_Integer:
            inner = self.term(base)
            if exponent < 0:
                return self._quotient(sympy.Integer(1), base**-exponent)
            return self.z3.Product([inner] * int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            root = self.z3.Real(f"root!{len(self.definitions)}")
            inner = self.term(base)
            self._oblige(inner >= 0)
            if exponent < 0:
                self._oblige(inner != 0)
            self.definitions.append(self._guarded(self.z3.And(root >= 0, root * root == inner)))
            power = self.z3.Product([root] * abs(int(exponent.p)))
            return power if exponent > 0 else 1 / power
        raise InputError(f"cannot translate the power {base}**{exponent}; integers and halves only")

    def _extreme(self, expression: Any) -> Any:
        parts = [self.term(part) for part in expression.args]
        best = parts[0]
        for part in parts[1:]:
            better = part >= best if isinstance(expression, sympy.Max) else part <= best
            best = self.z3.If(better, part, best)
        return best

    def _piecewise(self, expression: Any) -> Any:
        *pieces, (last, condition) = expression.args
        if condition is not sympy.true:
            raise InputError(f"the pieces of {expression!r} leave a gap; end with the condition True")
        # Each piece need only be defined where it is chosen: its obligations and roots are guarded by its condition.
        outer = self._guards
        chosen = []
        for piece, when in pieces:
            condition = self.formula(when)
            self._guards = (*self._guards, condition)
            chosen.append((condition, self.term(piece)))
            self._guards = (*self._guards[:-1], self.z3.Not(condition))
        value = self.term(last)
        self._guards = outer
        for condition, piece in reversed(chosen):
            value = self.z3.If(condition, piece, value)
        return value


def ask(assertions: Sequence[Any], *, timeout: float = TIMEOUT_SECONDS) -> tuple[str, Any]:
    """Return z3's answer to a conjunction, and the model if it is ``sat``."""
    solver = load().Solver()
    solver.set("timeout", int(timeout * 1000))
    solver.add(*assertions)
    answer = str(solver.check())
    return answer, solver.model() if answer == "sat" else None


def search(
    domain: Sequence[Any], claim: Any, *, timeout: float = TIMEOUT_SECONDS
) -> tuple[str, Mapping[sympy.Symbol, Any] | None]:
    """Look for a point of `domain` where `claim` is false.

    Returns
    -------
    tuple
        ``("unsat", None)``: there is none, the claim is proved. ``("sat", point)``: z3 says this one, to be verified by
        substitution (coordinates that are not rational are left out). ``("unknown", None)``: undecided.
    """
    translation = Translation()
    z3 = translation.z3
    inside = [translation.formula(part) for part in domain]
    # Roots and quotients of the domain itself are obligations as well: they must be defined wherever the plain
    # relations hold, so a domain that divides by zero is caught and not taken for an empty one.
    negated = z3.Not(translation.formula(claim))
    for obligation, before in translation.obligations:
        answer, _ = ask([*inside, *translation.definitions[:before], z3.Not(obligation)], timeout=timeout)
        if answer != "unsat":
            return f"undefined ({obligation} was not proved on the domain: {answer})", None
    answer, model = ask([*inside, *translation.definitions, negated], timeout=timeout)
    if answer != "sat":
        return answer, None
    point: dict[sympy.Symbol, Any] = {}
    for symbol, variable in translation.variables.items():
        value = model.eval(variable, model_completion=True)
        if z3.is_rational_value(value):
            fraction = Fraction(value.numerator_as_long(), value.denominator_as_long())
            point[symbol] = sympy.Rational(fraction.numerator, fraction.denominator)
    return "sat", point
