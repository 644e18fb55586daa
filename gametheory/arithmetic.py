"""One formula, four arithmetics: floats and arrays, rationals, `arb` balls, SymPy symbols.

A model writes its formula once with ``+ - * /``, ``sum`` and the helpers below. Which arithmetic runs is decided by
what is put in: floats or arrays solve, rationals certify, balls enclose, symbols prove. No model asks for a type; the
one place that does is here.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import reduce
from typing import Any

import flint
import numpy as np
import numpy.typing as npt

from gametheory.errors import InputError, NotRational

__all__ = [
    "FloatArray",
    "Number",
    "absolute",
    "brief",
    "centre",
    "clip",
    "divide",
    "dyadic",
    "erfc",
    "exact",
    "exact_series",
    "exp",
    "is_rational",
    "log",
    "lower_bound",
    "maximum",
    "minimum",
    "negative_part",
    "positive_part",
    "power",
    "ratio",
    "rational",
    "rational_text",
    "sqrt",
    "to_float",
    "total",
    "upper_bound",
    "where",
    "whole",
    "whole_numbers",
]

#: Anything a formula accepts: float, array, Fraction, flint's fmpq and arb, a SymPy expression.
Number = Any
FloatArray = npt.NDArray[np.float64]

_PLAIN, _ARRAY, _BALL, _SYMBOL, _OWN = "plain", "array", "ball", "symbol", "own"


def _kind(*values: Number) -> str:
    kind = _PLAIN
    for value in values:
        if isinstance(value, np.ndarray | np.floating):
            return _ARRAY
        if isinstance(value, flint.arb):
            kind = _BALL
        elif hasattr(value, "own_function"):  # expression trees and intervals say themselves what a function of them is
            return _OWN
        elif hasattr(value, "free_symbols"):  # SymPy, without importing it
            return _SYMBOL
    return kind


# ---------------------------------------------------------------------------------------------- into the rationals


def exact(value: Number, *, what: str = "number") -> Fraction:
    """Return the rational that `value` is: floats are the dyadic rationals they are, decimal strings the decimals.

    Raises
    ------
    InputError
        `value` is NaN, infinite, or no number at all.

    Examples
    --------
    >>> exact("0.1"), exact(0.5), exact("2/6")
    (Fraction(1, 10), Fraction(1, 2), Fraction(1, 3))
    """
    kind = type(value)
    if kind is Fraction:
        return value  # type: ignore[no-any-return]
    try:
        if kind is flint.fmpq:
            return _lowest_terms(int(value.p), int(value.q))
        if kind is flint.fmpz:
            return Fraction(int(value))
        if kind is bool or kind is np.bool_:
            raise TypeError
        if isinstance(value, numbers.Rational):
            return Fraction(int(value.numerator), int(value.denominator))
        if isinstance(value, float | np.floating):
            return Fraction(float(value)) if not isinstance(value, np.longdouble) else _longdouble(value)
        if isinstance(value, str):
            return _from_text(value.strip())
        if isinstance(value, Decimal):
            if value.is_finite() and abs(value.adjusted()) > _LONG:
                raise ValueError
            return Fraction(value)
        if isinstance(value, np.integer):
            return Fraction(int(value))
    except (ValueError, OverflowError, ZeroDivisionError, InvalidOperation, TypeError):
        pass
    raise InputError(f"{what}: {value!r} is not a finite number; give an int, float, Fraction or decimal string")


#: Python refuses to read or write an integer of more than 4,300 digits in decimal; exact sums get there.
_LONG = 4000


def _from_text(text: str) -> Fraction:
    if len(text) > _LONG:
        numerator, _, denominator = text.partition("/")
        return Fraction(int(flint.fmpz(numerator)), int(flint.fmpz(denominator or "1")))
    _, _, exponent = text.lower().partition("e")
    if exponent and abs(int(exponent)) > _LONG:  # "1e999999999" is a short text and a number that fills the memory
        raise ValueError
    return Fraction(text)


def _lowest_terms(numerator: int, denominator: int) -> Fraction:
    """Return the fraction of two coprime integers, without the search for a divisor that flint has done already."""
    fraction = object.__new__(Fraction)
    fraction._numerator, fraction._denominator = numerator, denominator  # type: ignore[attr-defined]
    return fraction


def dyadic(numerator: int, bits: int) -> Fraction:
    """Return ``numerator / 2**bits``; common factors are shifted out, which is quicker than looking for a divisor.

    >>> dyadic(12, 3)
    Fraction(3, 2)
    """
    spare = min((numerator & -numerator).bit_length() - 1, bits) if numerator else bits
    return _lowest_terms(numerator >> spare, 1 << (bits - spare))


def ratio(numerator: int, denominator: int) -> Fraction:
    """Return the fraction of two Python integers, the second positive: twice as quick as ``Fraction`` itself.

    >>> ratio(6, 4)
    Fraction(3, 2)
    """
    common = math.gcd(numerator, denominator)
    return _lowest_terms(numerator // common, denominator // common)


def _longdouble(value: Any) -> Fraction:
    numerator, denominator = value.as_integer_ratio()
    return Fraction(int(numerator), int(denominator))


def whole(value: Number, *, what: str = "number") -> int:
    """Return the integer that `value` is; floats and booleans are refused, whatever they hold.

    >>> whole(np.int64(3))
    3
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    raise InputError(f"{what}: {value!r} is no integer; give one")


def whole_numbers(values: Iterable[Number], *, what: str = "numbers") -> tuple[int, ...]:
    """Return :func:`whole` of each value, quickly where all are Python's integers already."""
    numbers = tuple(values)
    if all(type(number) is int for number in numbers):
        return numbers
    return tuple(whole(number, what=f"{what}[{k}]") for k, number in enumerate(numbers))


def exact_series(values: Iterable[Number], *, what: str = "series") -> tuple[Fraction, ...]:
    """Return :func:`exact` of each value; errors name the position."""
    return tuple(exact(value, what=f"{what}[{k}]") for k, value in enumerate(values))


def rational(value: Number) -> Any:
    """Return `value` as flint's ``fmpq``: ten times faster than ``Fraction`` in long exact loops."""
    if isinstance(value, flint.fmpq):
        return value
    fraction = exact(value)
    return flint.fmpq(fraction.numerator, fraction.denominator)


def is_rational(value: Number) -> bool:
    """Whether `value` is carried exactly: int, Fraction, fmpq or fmpz. Floats are not (their rounding is unknown)."""
    return isinstance(value, int | Fraction | flint.fmpq | flint.fmpz) and not isinstance(value, bool)


def rational_text(value: Number) -> str:
    """Return ``p/q`` (or ``p``) in full: what files hold and :func:`exact` reads back."""
    number = exact(value)
    numerator = str(flint.fmpz(number.numerator))
    return numerator if number.denominator == 1 else f"{numerator}/{flint.fmpz(number.denominator)}"


def brief(value: Number) -> str:
    """Return a number for a sentence: in full where that is short, else to six digits.

    >>> brief(Fraction(2, 3)), brief(Fraction(10**40 + 1, 3 * 10**40))
    ('2/3', '0.333333')
    """
    number = exact(value)
    short = number.numerator.bit_length() < 40 and number.denominator.bit_length() < 20
    return str(number) if short else f"{to_float(number):.6g}"


def to_float(value: Number) -> float:
    """Return the nearest float (the midpoint of a ball)."""
    if isinstance(value, flint.arb):
        return float(value.mid())
    if isinstance(value, flint.fmpq | flint.fmpz):
        return float(exact(value))
    return float(value)


def lower_bound(value: Number) -> Number:
    """Return a rational not above `value`: itself if it is rational, the lower end of a ball."""
    return exact(value) if not isinstance(value, flint.arb) else _ball_end(value.lower(), value)


def upper_bound(value: Number) -> Number:
    """Return a rational not below `value`: itself if it is rational, the upper end of a ball."""
    return exact(value) if not isinstance(value, flint.arb) else _ball_end(value.upper(), value)


def _ball_end(end: Any, ball: Any) -> Fraction:
    if not end.is_finite():
        raise NotRational(f"{ball} has no finite end; raise the precision or narrow the input")
    return centre(end)


#: Ends beyond ``2**_FARTHEST`` (or this near to 0) fill the memory as rationals, and flint stops the process at some.
_FARTHEST = 1_000_000


def centre(ball: Any) -> Fraction:
    """Return the rational in the middle of a ball.

    Raises
    ------
    NotRational
        The ball is not finite, or its middle is beyond ``2**1_000_000`` (or that near to 0).

    Examples
    --------
    >>> centre(flint.arb(3) / 4)
    Fraction(3, 4)
    """
    middle = ball.mid()
    if not ball.is_finite() or abs(int(middle.man_exp()[1])) > _FARTHEST:
        raise NotRational("a ball that is not finite, or too far out (or too near to 0) to be written as a rational")
    return exact(middle.fmpq())


# ------------------------------------------------------------------------------------- helpers shared by formulas


def maximum(first: Number, *others: Number) -> Number:
    """Return the largest argument, elementwise on arrays, ``Max`` on symbols, an enclosure on balls."""
    return reduce(_maximum, others, first)


def _maximum(x: Number, y: Number) -> Number:
    kind = _kind(x, y)
    if kind == _ARRAY:
        return np.maximum(x, y)
    if kind == _SYMBOL:
        import sympy

        return sympy.Max(x, y)
    if kind == _BALL:
        return _ball(x).max(_ball(y))
    if kind == _OWN:
        return x.own_maximum(y) if hasattr(x, "own_maximum") else y.own_maximum(x)
    return x if x >= y else y


def minimum(first: Number, *others: Number) -> Number:
    """Return the smallest argument; see :func:`maximum`."""
    return reduce(_minimum, others, first)


def _minimum(x: Number, y: Number) -> Number:
    kind = _kind(x, y)
    if kind == _ARRAY:
        return np.minimum(x, y)
    if kind == _SYMBOL:
        import sympy

        return sympy.Min(x, y)
    if kind == _BALL:
        return _ball(x).min(_ball(y))
    if kind == _OWN:
        return x.own_minimum(y) if hasattr(x, "own_minimum") else y.own_minimum(x)
    return x if x <= y else y


def _ball(x: Number) -> Any:
    return x if isinstance(x, flint.arb) else flint.arb(rational(x))


def where(first: Number, second: Number, above: Number, below: Number) -> Number:
    """Return `above` where ``first >= second`` and `below` elsewhere; of balls that overlap, a ball around both.

    >>> where(2, 1, "above", "below")
    'above'
    """
    kind = _kind(first, second)
    if kind == _ARRAY:
        return np.where(first >= second, above, below)
    if kind == _OWN:
        own = first if hasattr(first, "own_where") else second
        return own.own_where(first, second, above, below)
    if kind == _BALL:
        low, high = _ball(first), _ball(second)
        return above if low >= high else below if low < high else _ball(above).union(_ball(below))
    if kind == _SYMBOL:
        import sympy

        return sympy.Piecewise((above, first >= second), (below, True))
    return above if first >= second else below


def power(base: Number, exponent: Fraction) -> Number:
    """Return a rational power: exact where the exponent is an integer, else the real one of a base >= 0.

    >>> power(Fraction(2, 3), Fraction(-2)), power(4.0, Fraction(1, 2))
    (Fraction(9, 4), 2.0)
    """
    kind = _kind(base)
    if kind == _OWN:
        return base.own_power(exponent)
    if exponent.denominator == 1:
        return base**exponent.numerator
    if kind == _ARRAY or isinstance(base, float):
        if kind != _ARRAY and base < 0:
            raise ValueError(f"{base} to the power {exponent} is not real")
        return base ** float(exponent)
    if kind == _BALL:
        if base.is_zero():
            return base if exponent > 0 else flint.arb("nan")
        return base ** flint.arb(rational(exponent))
    if kind == _SYMBOL:
        import sympy

        return base ** sympy.Rational(exponent.numerator, exponent.denominator)
    raise NotRational(f"({base})^({exponent}) is not rational in general; enclose it with an arb ball")


def positive_part(x: Number) -> Number:
    """Return ``max(x, 0)``.

    >>> positive_part(Fraction(-1, 2)), positive_part(2.0)
    (0, 2.0)
    """
    return _maximum(x, 0)


def negative_part(x: Number) -> Number:
    """Return ``max(-x, 0)``: what is missing, as a non-negative number."""
    return _maximum(-x, 0)


def absolute(x: Number) -> Number:
    """Return ``|x|``."""
    return abs(x)


def clip(x: Number, low: Number, high: Number) -> Number:
    """Return the point of ``[low, high]`` nearest to `x`."""
    return _minimum(_maximum(x, low), high)


def divide(numerator: Number, denominator: Number, otherwise: Number) -> Number:
    """Return the quotient, and `otherwise` where the denominator is zero (elementwise on arrays).

    A symbolic denominator is taken to be non-zero: what a theorem says is said for the domain where it is.

    >>> divide(Fraction(1), Fraction(2), 0), divide(1, 0, 7)
    (Fraction(1, 2), 7)
    """
    if _kind(numerator, denominator, otherwise) == _ARRAY:
        zero = np.equal(denominator, 0)
        return np.where(zero, otherwise, numerator / np.where(zero, 1, denominator))
    return otherwise if denominator == 0 else numerator / denominator


def _irrational(name: str, x: Number) -> Number:
    kind = _kind(x)
    if kind == _ARRAY:
        return getattr(np, name)(x)
    if kind == _SYMBOL:
        import sympy

        return getattr(sympy, name)(x)
    if kind == _BALL:
        return getattr(x, name)()
    if kind == _OWN:
        return x.own_function(name)
    if isinstance(x, float):
        return getattr(math, name)(x)
    raise NotRational(f"{name}({x}) of a rational is not rational in general; enclose it with an arb ball")


def log(x: Number) -> Number:
    """Return the natural logarithm. A rational raises :class:`~gametheory.errors.NotRational`: enclose it instead.

    >>> log(1.0)
    0.0
    """
    return _irrational("log", x)


def exp(x: Number) -> Number:
    """Return the exponential; see :func:`log`."""
    return _irrational("exp", x)


def sqrt(x: Number) -> Number:
    """Return the square root; see :func:`log`."""
    return _irrational("sqrt", x)


def erfc(x: Number) -> Number:
    """Return the complementary error function; see :func:`log`.

    >>> erfc(0.0)
    1.0
    """
    if _kind(x) == _ARRAY:
        return np.vectorize(math.erfc, otypes=[float])(x)
    return _irrational("erfc", x)


def total(values: Sequence[Number]) -> Number:
    """Return the sum of at least one value, without the integer 0 that ``sum`` starts from."""
    return reduce(lambda a, b: a + b, values)
