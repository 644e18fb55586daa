"""The moves of a derivation: differentiate, solve what is linear, divide out. SymPy does them; zeros check them."""

from __future__ import annotations

from typing import Any

import sympy

from gametheory.errors import InputError

__all__ = ["curvature", "fraction", "gradient", "solve_linear"]


def gradient(objective: Any, variable: Any) -> Any:
    """Return the derivative, expanded.

    >>> x = sympy.Symbol("x")
    >>> gradient(x**2 - 3 * x, x)
    2*x - 3
    """
    return sympy.expand(sympy.diff(objective, variable))


def curvature(objective: Any, variable: Any) -> Any:
    """Return the second derivative, factored."""
    return sympy.factor(sympy.diff(objective, variable, 2))


def solve_linear(condition: Any, variable: Any) -> Any:
    """Return the root of an expression that is affine in `variable`.

    Raises
    ------
    InputError
        The expression is not affine in the variable.

    Examples
    --------
    >>> x, a = sympy.symbols("x a")
    >>> solve_linear(a * x - 2, x)
    2/a
    """
    numerator = sympy.Poly(sympy.fraction(sympy.together(condition))[0], variable)
    if numerator.degree() != 1:
        raise InputError(f"{condition} is not affine in {variable}; this step solves linear conditions only")
    slope, rest = numerator.all_coeffs()
    return fraction(-rest / slope)


def fraction(expression: Any) -> Any:
    """Return one factored fraction: the form a reader can check."""
    return sympy.factor(sympy.cancel(sympy.together(expression)))
