"""Intervals whose ends are doubles rounded outwards, with infinite ends: what ball arithmetic cannot say of ``x >= 0``.

Sums are rounded outwards unless an error-free transformation shows that they are exact, products unless they are
products of small integers; exponentials, logarithms and broken powers of ends come from balls. So an interval that a
formula returns contains every value that the formula takes over the intervals put in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, exact

__all__ = ["Interval", "Undefined"]

_INF = math.inf
#: Products of integers that are below this after rounding are exact in doubles; 2^53 itself may be 2^53 + 1 rounded.
_EXACT = 2.0**53


class Undefined(ArithmeticError):
    """The formula has no value somewhere on the box: a division by 0, a logarithm of 0, a root of a negative number."""


def _down(x: float) -> float:
    return math.nextafter(x, -_INF)


def _up(x: float) -> float:
    return math.nextafter(x, _INF)


def _sum(a: float, b: float, away: Callable[[float], float]) -> float:
    total = a + b
    if math.isinf(total):
        return total if math.isinf(a) or math.isinf(b) else away(total)
    rest = total - a
    return total if (a - (total - rest)) + (b - rest) == 0 else away(total)


def _product(a: float, b: float, away: Callable[[float], float]) -> float:
    if a == 0 or b == 0:
        return 0.0  # the other end may be infinite: 0 times any number is 0
    product = a * b
    whole = a == 1 or b == 1 or a == -1 or b == -1
    if whole or (abs(product) < _EXACT and a.is_integer() and b.is_integer()) or math.isinf(a) or math.isinf(b):
        return product
    return away(product)


def _quotient(a: float, b: float, away: Callable[[float], float]) -> float:
    if a == 0 or b in (1.0, -1.0):
        return a * b if a else 0.0
    if math.isinf(b):
        return 0.0 if not math.isinf(a) else math.nan
    return away(a / b) if not math.isinf(a) else a / b


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends.

    Examples
    --------
    >>> Interval(1, 2) * Interval(-1, 3), Interval.around(Fraction(1, 10)).low < 0.1
    (Interval(low=-2.0, high=6.0), True)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", float(self.low))
        object.__setattr__(self, "high", float(self.high))
        if not self.low <= self.high:  # NaN too
            raise Undefined(f"no interval from {self.low} to {self.high}")

    @classmethod
    def around(cls, low: Number, high: Number | None = None) -> Interval:
        """Return an interval around one number, or from one to another; None as an end is no end."""
        return cls(_below(low), -_below(-low if high is None else -high))

    @classmethod
    def spanning(cls, low: Number | None, high: Number | None) -> Interval:
        """Return the interval of two bounds, of which None is infinite."""
        return cls(-_INF if low is None else _below(low), _INF if high is None else -_below(-high))

    @property
    def determined(self) -> bool:
        """Whether both ends are finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval around two."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __add__(self, other: Interval) -> Interval:
        return Interval(_sum(self.low, other.low, _down), _sum(self.high, other.high, _up))

    def __sub__(self, other: Interval) -> Interval:
        return self + (-other)

    def __mul__(self, other: Interval) -> Interval:
        ends = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(_product(a, b, _down) for a, b in ends), max(_product(a, b, _up) for a, b in ends))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low < 0 < other.high or other.low == other.high == 0:
            raise Undefined(f"a division by a number of [{other.low}, {other.high}]")
        if other.high <= 0:
            return (-self) / (-other)
        if other.low == 0:  # from the right: what holds for every positive divisor up to the high end
            low = -_INF if self.low < 0 else _quotient(self.low, other.high, _down)
            high = _INF if self.high > 0 else _quotient(self.high, other.high, _up)
            return Interval(low, high)
        return Interval(
            _quotient(self.low, other.high if self.low >= 0 else other.low, _down),
            _quotient(self.high, other.low if self.high >= 0 else other.high, _up),
        )

    def own_power(self, exponent: Fraction) -> Interval:
        """Return a rational power; of a broken exponent the base must not be negative."""
        if exponent.denominator != 1:
            if self.low < 0:
                raise Undefined(f"[{self.low}, {self.high}] to the power {exponent}")
            # Which end is the larger is not asked: of doubles that underflow their enclosures do not tell.
            (a, b), (c, d) = _broken(self.low, exponent), _broken(self.high, exponent)
            return Interval(min(a, c), max(b, d))
        n = exponent.numerator
        if n < 0:
            if self.low < 0 < self.high:
                raise Undefined(f"[{self.low}, {self.high}] to the power {exponent}")
            return Interval(1, 1) / self.own_power(-exponent)
        if n % 2 == 0 and self.low < 0:
            if self.high <= 0:
                return (-self).own_power(exponent)
            return Interval(0.0, max(_whole(-self.low, n, _up), _whole(self.high, n, _up)))
        low = -_whole(-self.low, n, _up) if self.low < 0 else _whole(self.low, n, _down)
        high = -_whole(-self.high, n, _down) if self.high < 0 else _whole(self.high, n, _up)
        return Interval(low, high)

    def own_function(self, name: str) -> Interval:
        """Return ``exp``, ``log`` or ``sqrt``, all of which rise."""
        if name == "log" and self.low <= 0:
            raise Undefined(f"a logarithm of [{self.low}, {self.high}]")
        if name == "sqrt" and self.low < 0:
            raise Undefined(f"a root of [{self.low}, {self.high}]")
        return Interval(_ends(name, self.low)[0], _ends(name, self.high)[1])

    def own_maximum(self, other: Interval) -> Interval:
        """Return the interval of the larger of two numbers."""
        return Interval(max(self.low, other.low), max(self.high, other.high))

    def own_minimum(self, other: Interval) -> Interval:
        """Return the interval of the smaller of two numbers."""
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def own_where(self, first: Interval, second: Interval, above: Interval, below: Interval) -> Interval:
        """Return `above` or `below` where it is known which of two numbers is the larger, else an interval of both."""
        if first.low >= second.high:
            return above
        return below if first.high < second.low else above.hull(below)


def _below(number: Number) -> float:
    """Return a double not above a number."""
    value = exact(number)
    try:
        nearest = float(value)
    except OverflowError:
        return -_INF if value < 0 else _down(_INF)
    return nearest if Fraction(nearest) <= value else _down(nearest)


def _whole(base: float, n: int, away: Callable[[float], float]) -> float:
    value = 1.0
    for _ in range(n):
        value = _product(value, base, away)
    return value


def _broken(base: float, exponent: Fraction) -> tuple[float, float]:
    """Return doubles around a broken power of a number that is not negative."""
    if base in (0.0, _INF):
        value = 0.0 if (base == 0) == (exponent > 0) else _INF
        return value, value
    if base == 1:
        return 1.0, 1.0
    with flint.ctx.workprec(80):
        return _around(flint.arb(base) ** flint.arb(flint.fmpq(exponent.numerator, exponent.denominator)))


def _ends(name: str, x: float) -> tuple[float, float]:
    if math.isinf(x):
        return (0.0, 0.0) if x < 0 else (_INF, _INF)
    if (x, name) in ((0.0, "exp"), (1.0, "sqrt")):
        return 1.0, 1.0
    if (x, name) in ((0.0, "sqrt"), (1.0, "log")):
        return 0.0, 0.0
    with flint.ctx.workprec(80):
        low, high = _around(getattr(flint.arb(x), name)())
    return (max(low, 0.0), high) if name != "log" else (low, high)


def _around(ball: Any) -> tuple[float, float]:
    if not ball.is_finite():
        return -_INF, _INF
    return _down(float(ball.lower())), _up(float(ball.upper()))
