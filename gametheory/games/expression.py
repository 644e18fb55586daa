"""Formulas as plain data: a list of steps, each of which names the steps before it. No text is ever evaluated.

A step is a tuple whose first entry says what it does: ``("number", q)``, ``("variable", k)``, ``("+", i, j, ...)``,
``("*", i, j)``, ``("/", i, j)``, ``("power", i, q)`` with a rational ``q``, ``("exp", i)``, ``("log", i)``, ``("sqrt",
i)``, ``("max", i, j)``, ``("min", i, j)``. Derivatives (:mod:`gametheory.games.derivatives`) also use ``("where", i,
j, u, v)``: step ``u`` where step ``i`` is at least step ``j``, else step ``v``.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, exact, exp, log, maximum, minimum, power, rational, sqrt, where, whole
from gametheory.errors import InputError, NotRational

__all__ = ["Expression", "Step", "Steps", "run"]

Step = tuple[Any, ...]

#: What a step does -> how many earlier steps it names; None for one or more.
_ARGUMENTS: dict[str, int | None] = {
    "number": 0, "variable": 0, "+": None, "*": 2, "/": 2, "power": 1,
    "exp": 1, "log": 1, "sqrt": 1, "max": 2, "min": 2, "where": 4,
}  # fmt: skip
_FUNCTIONS = {"exp": exp, "log": log, "sqrt": sqrt}
_PAIRS = {"*": operator.mul, "/": operator.truediv, "max": maximum, "min": minimum}


class Steps:
    """A growing list of steps in which nothing stands twice; constants are folded where they are rational."""

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self.rows: list[Step] = []
        self._places: dict[Step, int] = {}
        for step in steps:
            self._put(step)

    def _put(self, step: Step) -> int:
        if step not in self._places:
            self._places[step] = len(self.rows)
            self.rows.append(step)
        return self._places[step]

    def constant(self, place: int) -> Fraction | None:
        """Return the number that a step is, or None."""
        step = self.rows[place]
        return step[1] if step[0] == "number" else None

    def number(self, value: Number) -> int:
        """Return the place of a number."""
        return self._put(("number", exact(value)))

    def variable(self, index: int) -> int:
        """Return the place of a variable."""
        return self._put(("variable", index))

    def add(self, places: Sequence[int]) -> int:
        """Return the place of a sum."""
        known = Fraction(0)
        rest = []
        for place in places:
            value = self.constant(place)
            if value is None:
                rest.append(place)
            else:
                known += value
        if known or not rest:
            rest.append(self.number(known))
        return rest[0] if len(rest) == 1 else self._put(("+", *rest))

    def multiply(self, first: int, second: int) -> int:
        """Return the place of a product."""
        a, b = self.constant(first), self.constant(second)
        if a is not None and b is not None:
            return self.number(a * b)
        if a == 0 or b == 0:
            return self.number(0)
        if a == 1 or b == 1:
            return second if a == 1 else first
        return self.power(first, Fraction(2)) if first == second else self._put(("*", first, second))

    def divide(self, first: int, second: int) -> int:
        """Return the place of a quotient."""
        a, b = self.constant(first), self.constant(second)
        if b is not None and b != 0:
            return self.multiply(first, self.number(1 / b))
        return self.number(0) if a == 0 else self._put(("/", first, second))

    def power(self, base: int, exponent: Fraction) -> int:
        """Return the place of a power with a rational exponent."""
        a = self.constant(base)
        if exponent == 0:
            return self.number(1)
        if exponent == 1:
            return base
        if a is not None and exponent.denominator == 1 and (a != 0 or exponent > 0):
            return self.number(a**exponent.numerator)
        return self._put(("power", base, exponent))

    def call(self, name: str, *places: int) -> int:
        """Return the place of a function (``exp``, ``log``, ``sqrt``, ``max``, ``min``, ``where``) of steps."""
        known = [self.constant(place) for place in places]
        if name in ("max", "min") and None not in known:
            return self.number(max(known) if name == "max" else min(known))  # type: ignore[type-var]
        if name == "where":
            if places[2] == places[3]:
                return places[2]
            if known[0] is not None and known[1] is not None:
                return places[2] if known[0] >= known[1] else places[3]
        return self._put((name, *places))

    def join(self, steps: Sequence[Step], variables: Mapping[int, int] | None = None) -> list[int]:
        """Copy steps in, with some variables put in place of others or of whole steps; return where each one stands."""
        found: list[int] = []
        for name, *arguments in steps:
            if name == "number":
                found.append(self.number(arguments[0]))
            elif name == "variable":
                k = arguments[0]
                found.append(self.variable(k) if variables is None or k not in variables else variables[k])
            elif name == "power":
                found.append(self.power(found[arguments[0]], arguments[1]))
            else:
                places = [found[k] for k in arguments]
                if name == "+":
                    found.append(self.add(places))
                elif name == "*":
                    found.append(self.multiply(*places))
                elif name == "/":
                    found.append(self.divide(*places))
                else:
                    found.append(self.call(name, *places))
        return found

    def taken(self, outputs: Sequence[int]) -> tuple[tuple[Step, ...], tuple[int, ...]]:
        """Return the steps that the outputs need, in order, and where the outputs then stand."""
        needed = set(outputs)
        for place in range(len(self.rows) - 1, -1, -1):
            if place in needed:
                needed.update(earlier(self.rows[place]))
        places = {old: new for new, old in enumerate(sorted(needed))}
        steps = []
        for old in sorted(needed):
            name, *arguments = self.rows[old]
            kept = arguments[len(earlier(self.rows[old])) :]
            steps.append((name, *(places[k] for k in earlier(self.rows[old])), *kept))
        return tuple(steps), tuple(places[k] for k in outputs)


def earlier(step: Step) -> tuple[int, ...]:
    """Return the places of the earlier steps that a step names.

    >>> earlier(("power", 3, Fraction(2))), earlier(("variable", 7))
    ((3,), ())
    """
    count = _ARGUMENTS[step[0]]
    return tuple(step[1:] if count is None else step[1 : 1 + count])


def run(steps: Sequence[Step], point: Sequence[Number], number: Any = None) -> list[Number]:
    """Return the value of every step at a point, in the arithmetic of the point.

    Parameters
    ----------
    point
        One number for each variable: floats, arrays, Fractions, balls, intervals, symbols.
    number
        What turns a Fraction of the formula into that arithmetic; left out, it stays a Fraction.
    """
    values: list[Number] = []
    for step in steps:
        name = step[0]
        if name == "variable":
            values.append(point[step[1]])
        elif name == "number":
            values.append(step[1] if number is None else number(step[1]))
        elif name == "+":
            total = values[step[1]]
            for k in step[2:]:
                total = total + values[k]
            values.append(total)
        elif name in _PAIRS:
            values.append(_PAIRS[name](values[step[1]], values[step[2]]))
        elif name == "power":
            values.append(power(values[step[1]], step[2]))
        elif name == "where":
            values.append(where(*(values[k] for k in step[1:])))
        else:
            values.append(_FUNCTIONS[name](values[step[1]]))
    return values


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A formula of numbered variables; it adds, multiplies and divides like a number and remembers how.

    Attributes
    ----------
    steps
        See the module; the last one is the value.

    Raises
    ------
    InputError
        No step, a name that is none, a step that names itself or a later one, a number that is not finite.

    Examples
    --------
    >>> x, y = Expression.variable(0), Expression.variable(1)
    >>> (x * (12 - x - y)).value((4, 4)), str(1 / (x + y))
    (Fraction(16, 1), '(1 / (x0 + x1))')
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        steps = tuple(_read(step, place) for place, step in enumerate(self.steps))
        if not steps:
            raise InputError("an expression without steps has no value; give at least a number")
        object.__setattr__(self, "steps", steps)

    @classmethod
    def variable(cls, index: int) -> Expression:
        """Return the variable of this number."""
        return cls((("variable", index),))

    @classmethod
    def of(cls, value: Number) -> Expression:
        """Return a number as an expression, or the expression itself."""
        return value if isinstance(value, Expression) else cls((("number", exact(value)),))

    @property
    def reach(self) -> int:
        """One more than the largest variable that occurs."""
        return 1 + max((step[1] for step in self.steps if step[0] == "variable"), default=-1)

    @property
    def variables(self) -> frozenset[int]:
        """The numbers of the variables that occur."""
        return frozenset(step[1] for step in self.steps if step[0] == "variable")

    def value(self, point: Sequence[Number]) -> Number:
        """Return the value at a point; rational where the point and the formula are (integers are read as such)."""
        numbers = [Fraction(x) if type(x) is int else x for x in point]
        floats = any(isinstance(x, float) for x in numbers)
        return run(self.steps, numbers, float if floats else None)[-1]

    def near(self, point: Sequence[Fraction]) -> Fraction:
        """Return the value at a rational point where it is rational, else the double nearest to it.

        >>> Expression.variable(0).own_function("sqrt").near((Fraction(2),)) == Fraction(2**0.5)
        True
        """
        try:
            return exact(run(self.steps, point)[-1])
        except NotRational:
            pass
        with flint.ctx.workprec(256):
            balls = [flint.arb(rational(x)) for x in point]
            value = run(self.steps, balls, lambda q: flint.arb(rational(q)))[-1]
        if not value.is_finite():
            raise InputError(f"{self} has no value at {[str(x) for x in point]:.60}; keep away from there")
        return Fraction(float(value.mid()))

    def at(self, values: Mapping[int, Number]) -> Expression:
        """Return the expression with numbers or expressions in place of some variables.

        >>> x, y = Expression.variable(0), Expression.variable(1)
        >>> str((x * y + x).at({1: 2}))
        '((x0 * 2) + x0)'
        """
        steps = Steps()
        places = {}
        for k, value in values.items():
            places[k] = steps.join(Expression.of(value).steps)[-1]
        place = steps.join(self.steps, places)[-1]
        return Expression(steps.taken([place])[0])

    def _with(self, other: Number, kind: str, *, swap: bool = False) -> Expression:
        if not isinstance(other, Expression):
            try:
                other = Expression.of(other)
            except InputError:
                return NotImplemented  # type: ignore[no-any-return]  # Python then asks the other operand
        steps = Steps()
        first = steps.join(self.steps)[-1]
        second = steps.join(other.steps)[-1]
        if swap:
            first, second = second, first
        if kind == "-":
            kind, second = "+", steps.multiply(steps.number(-1), second)
        if kind == "+":
            place = steps.add([first, second])
        elif kind in ("*", "/"):
            place = (steps.multiply if kind == "*" else steps.divide)(first, second)
        else:
            place = steps.call(kind, first, second)
        return Expression(steps.taken([place])[0])

    def __add__(self, other: Number) -> Expression:
        return self._with(other, "+")

    def __radd__(self, other: Number) -> Expression:
        return self._with(other, "+", swap=True)

    def __sub__(self, other: Number) -> Expression:
        return self._with(other, "-")

    def __rsub__(self, other: Number) -> Expression:
        return self._with(other, "-", swap=True)

    def __mul__(self, other: Number) -> Expression:
        return self._with(other, "*")

    def __rmul__(self, other: Number) -> Expression:
        return self._with(other, "*", swap=True)

    def __truediv__(self, other: Number) -> Expression:
        return self._with(other, "/")

    def __rtruediv__(self, other: Number) -> Expression:
        return self._with(other, "/", swap=True)

    def __neg__(self) -> Expression:
        return self._with(-1, "*", swap=True)

    def __pow__(self, exponent: Number) -> Expression:
        return self.own_power(exact(exponent, what="exponent"))

    def own_function(self, name: str) -> Expression:
        """Return ``exp``, ``log`` or ``sqrt`` of this expression."""
        steps = Steps(self.steps)
        return Expression(steps.taken([steps.call(name, len(self.steps) - 1)])[0])

    def own_power(self, exponent: Fraction) -> Expression:
        """Return this expression to a rational power."""
        steps = Steps(self.steps)
        return Expression(steps.taken([steps.power(len(self.steps) - 1, exponent)])[0])

    def own_maximum(self, other: Number) -> Expression:
        """Return the larger of this expression and another."""
        return self._with(other, "max")

    def own_minimum(self, other: Number) -> Expression:
        """Return the smaller of this expression and another."""
        return self._with(other, "min")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash(self.steps)

    def __str__(self) -> str:
        texts: list[str] = []
        for name, *arguments in self.steps:
            if name == "number":
                texts.append(str(arguments[0]))
            elif name == "variable":
                texts.append(f"x{arguments[0]}")
            elif name == "power":
                texts.append(f"{texts[arguments[0]]}^({arguments[1]})")
            elif name in ("+", "*", "/"):
                texts.append("(" + f" {name} ".join(texts[k] for k in arguments) + ")")
            else:
                texts.append(f"{name}({', '.join(texts[k] for k in arguments)})")
            if len(texts[-1]) > 2000:
                texts[-1] = f"[{len(self.steps)} steps]"
        return texts[-1]


def _read(step: Any, place: int) -> Step:
    what = f"step {place} of an expression"
    if not isinstance(step, tuple | list) or not step or not isinstance(step[0], str) or step[0] not in _ARGUMENTS:
        raise InputError(f"{what} is {step!r:.60}; give one of {', '.join(_ARGUMENTS)} with its arguments")
    name, *arguments = step
    if name == "number" and len(arguments) == 1:
        return (name, exact(arguments[0], what=what))
    if name == "variable" and len(arguments) == 1:
        index = whole(arguments[0], what=what)
        if index < 0:
            raise InputError(f"{what}: variable {index} is negative; variables are numbered from 0")
        return (name, index)
    count = _ARGUMENTS[name]
    places = arguments if count is None else arguments[:count]
    extra = [] if count is None else arguments[count:]
    if name in ("number", "variable") or not places or (count is not None and len(places) != count):
        raise InputError(f"{what}: {name!r} with {len(arguments)} arguments {arguments!r:.60}")
    if len(extra) != (name == "power"):
        raise InputError(f"{what}: {name!r} with {len(arguments)} arguments {arguments!r:.60}")
    for k in places:
        if not 0 <= whole(k, what=what) < place:
            raise InputError(f"{what}: {name!r} names step {k}; only steps 0..{place - 1} stand before it")
    return (name, *map(int, places), *(exact(q, what=what) for q in extra))
