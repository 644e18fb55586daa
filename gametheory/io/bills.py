"""Bills from a CSV file: one row a member, columns ``member`` and ``bill``."""

from __future__ import annotations

from fractions import Fraction
from os import PathLike
from pathlib import Path

from gametheory.domain.community import Community
from gametheory.domain.series import read_number, shown
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError
from gametheory.io.tables import read_table

__all__ = ["read_bills"]


def read_bills(path: str | PathLike[str], community: Community) -> tuple[Fraction, ...]:
    """Return the bill of each member, exactly, in the order of the community.

    Raises
    ------
    InputError
        With all the problems found: a column or a member is missing, unknown or there twice, a bill is no number.

    Examples
    --------
    >>> import tempfile
    >>> from gametheory.domain import Prosumer, Tariff
    >>> pair = Community(
    ...     prosumers=[Prosumer("a", load=[1]), Prosumer("b", load=[2])], tariff=Tariff.flat("0.3", feed_in=0)
    ... )
    >>> file = Path(tempfile.mkdtemp()) / "bills.csv"
    >>> _ = file.write_text("member,bill\\nb,0.5\\na,0.4\\n")
    >>> read_bills(file, pair)
    (Fraction(2, 5), Fraction(1, 2))
    """
    path = Path(path)
    table = read_table(path)
    problems = [
        f"{path}: there is no column {column!r}; it has {', '.join(table.columns)}; name two columns member and bill"
        for column in ("member", "bill")
        if column not in table.columns
    ]
    InputError.raise_all(problems)
    bills: dict[str, Fraction] = {}
    for row, (name, cell) in enumerate(zip(table.texts("member"), table.texts("bill"), strict=True)):
        name = name.strip()
        value, reason = read_number(cell)
        if name not in community.names:
            near = did_you_mean(name, community.names)
            problems.append(f"{path}: {table.place(row, 'member')}: member {name!r} is unknown{near}")
        elif name in bills:
            problems.append(f"{path}: {table.place(row, 'member')}: {name!r} has two bills; give one for each member")
        if reason:
            problems.append(f"{path}: {table.place(row, 'bill')}: {shown(cell)} {reason}; give an amount of money")
        bills.setdefault(name, value)
    problems.extend(
        f"{path}: member {name!r} has no bill; add a row for it" for name in community.names if name not in bills
    )
    InputError.raise_all(problems)
    return tuple(bills[name] for name in community.names)
