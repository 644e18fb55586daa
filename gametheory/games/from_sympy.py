"""Expressions of SymPy as plain data: rational numbers, variables, ``+ * /``, powers, exp, log, sqrt, max, min."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.expression import Expression, Steps

__all__ = ["from_sympy", "rational_of"]


def from_sympy(expression: Any, place: Mapping[Any, int], what: str) -> Expression:
    """Return a SymPy expression as an :class:`~gametheory.games.expression.Expression`.

    Parameters
    ----------
    place
        Symbol -> number of the variable.
    what
        How messages call it.

    Raises
    ------
    InputError
        A symbol that stands for no variable.
    UnsupportedGame
        A function or constant for which there is no data form.

    Examples
    --------
    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> from_sympy(x * sympy.log(x + y) - x / 3, {x: 0, y: 1}, "payoff").value((1.0, 0.0))
    -0.3333333333333333
    """
    import sympy

    whole = sympy.sympify(expression)
    strangers = sorted(str(s) for s in whole.free_symbols if s not in place)
    if strangers:
        raise InputError(f"{what}: nobody decides {strangers[0]!r}; put a number for it")
    steps = Steps()
    done: dict[Any, int] = {}
    # Post-order without recursion: arguments stand before what is made of them.
    for node in sympy.postorder_traversal(whole):
        if node not in done:
            done[node] = _step(node, done, place, steps, what)
    return Expression(steps.taken([done[whole]])[0])


def _step(node: Any, done: Mapping[Any, int], place: Mapping[Any, int], steps: Steps, what: str) -> int:
    if node in place:
        return steps.variable(place[node])
    if node.is_Rational or node.is_Float:
        return steps.number(rational_of(node, what))
    arguments = [done[argument] for argument in node.args]
    name = type(node).__name__
    if node.is_Add:
        return steps.add(arguments)
    if node.is_Mul:
        return _product(node, done, steps)
    if node.is_Pow:
        base, exponent = node.args
        if exponent.is_Rational or exponent.is_Float:
            power = rational_of(exponent, what)
            if power == Fraction(1, 2):
                return steps.call("sqrt", arguments[0])
            if power == -1:
                return steps.divide(steps.number(1), arguments[0])
            return steps.power(arguments[0], power)
        if base.is_positive:
            return steps.call("exp", steps.multiply(arguments[1], steps.call("log", arguments[0])))
        raise UnsupportedGame(f"{what}: {node} has a variable exponent over a base that need not be positive")
    if name == "Exp1":
        return steps.call("exp", steps.number(1))
    if name in ("exp", "log") and len(arguments) == 1:
        return steps.call(name, arguments[0])
    if name in ("Max", "Min"):
        found = arguments[0]
        for other in arguments[1:]:
            found = steps.call(name.lower(), found, other)
        return found
    if name == "Abs":
        return steps.call("max", arguments[0], steps.multiply(steps.number(-1), arguments[0]))
    raise UnsupportedGame(
        f"{what}: {node} has no data form; payoffs are made of + - * /, rational powers, exp, log, sqrt, max and min"
    )


def _product(node: Any, done: Mapping[Any, int], steps: Steps) -> int:
    """Return a product with its negative powers as one division, so that ``x / (x + y)`` divides once."""
    top, bottom = steps.number(1), steps.number(1)
    for factor in node.args:
        if factor.is_Pow and factor.args[1].is_Rational and factor.args[1] < 0 and factor.args[0].free_symbols:
            power = -Fraction(int(factor.args[1].p), int(factor.args[1].q))
            bottom = steps.multiply(bottom, steps.power(done[factor.args[0]], power))
        else:
            top = steps.multiply(top, done[factor])
    return steps.divide(top, bottom)


def rational_of(value: Any, what: str) -> Fraction:
    """Return the rational that a SymPy number is.

    Raises
    ------
    InputError
        It is not rational.
    """
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    if value.is_Float:
        return exact(float(value), what=what)
    raise InputError(f"{what}: {value} is not rational; give an integer, a fraction or a decimal")
