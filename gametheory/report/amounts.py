"""Exact numbers as short texts: rounded honestly, so that nothing that is not zero reads as zero.

The full digits stand in the study's JSON; these texts are for reading.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from gametheory.arithmetic import Number, exact

__all__ = ["decimal", "energy", "money", "percent", "price", "ratio"]

_SMALL = Fraction(995, 10000)  # below this two decimals show fewer than two digits


def decimal(value: Number) -> Decimal:
    """Return a rational as a decimal of 40 digits."""
    number = exact(value)
    with localcontext() as context:
        context.prec = 40
        return Decimal(number.numerator) / Decimal(number.denominator)


def money(value: Number, *, sign: bool = False) -> str:
    """Return an amount with two decimals, a small one with two significant digits, an exact zero as ``0``.

    >>> money(Fraction(88531, 1000)), money(Fraction(7, 1000)), money(0), money(Fraction(1, 3), sign=True)
    ('88.53', '0.007', '0', '+0.33')
    """
    number = exact(value)
    if number == 0:
        return "0"
    plus = "+" if sign else ""
    if abs(number) < _SMALL:
        return format(decimal(number), f"{plus}.2g").replace("E", "e")
    return format(decimal(number), f"{plus},.2f")


def energy(value: Number) -> str:
    """Return kWh, rounded as :func:`money` is."""
    return money(value)


def price(value: Number) -> str:
    """Return money/kWh with four decimals.

    >>> price(Fraction(8, 100)), price(0)
    ('0.0800', '0')
    """
    number = exact(value)
    if number == 0:
        return "0"
    return format(decimal(number), ".4f" if abs(number) >= Fraction(1, 1000) else ".2g")


def percent(value: Number) -> str:
    """Return a share with one decimal; only an exact 1 reads as 100 % and only an exact 0 as 0 %.

    >>> percent(1), percent(Fraction(99999, 100000)), percent(Fraction(917, 1000)), percent(Fraction(-1, 10**6))
    ('100 %', '> 99.9 %', '91.7 %', '> -0.1 %')
    """
    number = exact(value)
    if number in (0, 1):
        return f"{int(number) * 100} %"
    text = format(decimal(number * 100), ",.1f")
    if text == "100.0":
        return "> 99.9 %" if number < 1 else "> 100 %"
    if text in ("0.0", "-0.0"):
        return "< 0.1 %" if number > 0 else "> -0.1 %"
    return f"{text} %"


def ratio(value: Number) -> str:
    """Return a ratio near 1 so that its distance from 1 shows two digits.

    >>> ratio(1), ratio(Fraction(10061, 10000)), ratio(1 + Fraction(1, 3 * 10**6)), ratio(1 + Fraction(1, 10**14))
    ('1', '1.0061', '1.00000033', '1 + 1e-14')
    """
    number = exact(value)
    away = decimal(number - 1)
    if away == 0:
        return "1"
    places = max(3, 1 - away.adjusted())
    if places > 9:
        return f"1 {'-' if away < 0 else '+'} {abs(away):.2g}".replace("E", "e")
    return format(decimal(number), f".{places}f")
