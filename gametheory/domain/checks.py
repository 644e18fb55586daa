"""Reading single parameters: each returns the exact number or adds a sentence to a list of problems."""

from __future__ import annotations

from fractions import Fraction

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError

__all__ = ["name_problem", "parameter"]


def parameter(
    problems: list[str],
    what: str,
    value: Number,
    *,
    low: Number | None = None,
    above: Number | None = None,
    high: Number | None = None,
    unit: str = "",
    advice: str = "",
) -> Fraction:
    """Return `value` exactly; outside ``low <= value <= high`` (or ``value > above``) add the problem and return 0.

    >>> problems = []
    >>> parameter(problems, "battery capacity", -1, low=0, unit="kWh")
    Fraction(0, 1)
    >>> problems
    ['battery capacity is -1 kWh, below 0; give at least 0 kWh']
    """
    try:
        number = exact(value, what=what)
    except InputError as error:
        problems.extend(error.problems)
        return Fraction(0)
    label = f" {unit}" if unit else ""
    if low is not None and number < low:
        problems.append(f"{what} is {value}{label}, below {low}; {advice or f'give at least {low}{label}'}")
    elif above is not None and number <= above:
        problems.append(f"{what} is {value}{label}, not above {above}; {advice or f'give more than {above}{label}'}")
    elif high is not None and number > high:
        problems.append(f"{what} is {value}{label}, above {high}; {advice or f'give at most {high}{label}'}")
    else:
        return number
    return Fraction(0)


def name_problem(kind: str, name: object) -> str | None:
    """Return what is wrong with a name, or None."""
    if isinstance(name, str) and name and name == name.strip() and name.isprintable():
        return None
    return f"{kind} name {name!r} is not a name; give printable text without spaces around it"
