"""Reading single parameters: each returns the exact number or adds a sentence to a list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from gametheory.arithmetic import Number, exact
from gametheory.domain.series import read_number, shown
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError

__all__ = ["for_each", "name_problem", "number", "parameter"]


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
    label = f" {unit}" if unit else ""
    number, reason = read_number(value)
    if reason:
        repair = advice or f"give a number{f' of {unit}' if unit else ''}"
        problems.append(f"{what}: {shown(value)} {reason}; {repair}")
        return Fraction(0)
    if low is not None and number < low:
        problems.append(f"{what} is {value}{label}, below {low}; {advice or f'give at least {low}{label}'}")
    elif above is not None and number <= above:
        problems.append(f"{what} is {value}{label}, not above {above}; {advice or f'give more than {above}{label}'}")
    elif high is not None and number > high:
        problems.append(f"{what} is {value}{label}, above {high}; {advice or f'give at most {high}{label}'}")
    else:
        return number
    return Fraction(0)


def number(value: Number, *, what: str, advice: str = "give a number") -> Fraction:
    """Return `value` exactly, or raise with what it stands for.

    >>> number("0.08", what="price")
    Fraction(2, 25)
    """
    read, reason = read_number(value)
    if reason:
        raise InputError(f"{what}: {shown(value)} {reason}; {advice}")
    return read


def name_problem(kind: str, name: object) -> str | None:
    """Return what is wrong with a name, or None."""
    if isinstance(name, str) and name and name == name.strip() and name.isprintable():
        return None
    return f"{kind} name {name!r} is not a name; give printable text without spaces around it"


def for_each(
    names: Iterable[str], value: Number | Mapping[str, Number], *, what: str, default: Number
) -> tuple[Fraction, ...]:
    """Return one exact number a member: the same for all, or by name, where members left out take `default`.

    Raises
    ------
    InputError
        A value is no number, or a name is unknown; all problems at once.

    Examples
    --------
    >>> for_each(("a", "b"), {"b": "0.2"}, what="elasticity", default="0.1")
    (Fraction(1, 10), Fraction(1, 5))
    """
    members = tuple(names)
    if not isinstance(value, Mapping):
        return (exact(value, what=what),) * len(members)
    problems = [
        f"{what} names {name!r}, who is no member{did_you_mean(name, members)}" for name in value if name not in members
    ]
    read = []
    for name in members:
        try:
            read.append(exact(value.get(name, default), what=f"{what} of {name!r}"))
        except InputError as error:
            problems.extend(error.problems)
    InputError.raise_all(problems)
    return tuple(read)
