"""What a command line asks for, read and refused before any work is done."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from gametheory.arithmetic import exact
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError
from gametheory.io.files import check_folder, check_writable
from gametheory.io.settings import STRUCTURES

__all__ = ["Targets", "read_options"]

_PAGE, _JSON = (".html", ".htm"), (".json",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where the outputs of a study go; None where one is not asked for.

    Raises
    ------
    InputError
        With all the problems found: an ending that does not fit, one path for two outputs, a place that cannot be
        written.
    """

    page: Path | None = None
    study: Path | None = None
    folder: Path | None = None

    def __post_init__(self) -> None:
        problems: list[str] = []
        for option, path, endings in (("-o", self.page, _PAGE), ("--save", self.study, _JSON)):
            if path is None:
                continue
            if path.suffix.lower() not in endings and not path.is_dir():
                problems.append(
                    f"{option} {path}: {path.suffix or 'a name without an ending'!r} is not what it writes; give a "
                    f"name that ends in {endings[0]}"
                )
            else:
                problems += _problems(check_writable, path)
        if self.folder is not None:
            problems += _problems(check_folder, self.folder)
        InputError.raise_all(problems)


def _problems(check: Any, path: Path) -> tuple[str, ...]:
    try:
        check(path)
    except InputError as error:
        return error.problems
    return ()


def read_options(
    *, structures: str | None = None, elasticity: str | None = None, sensitivity: str | None = None
) -> dict[str, Any]:
    """Return the options that were given, read exactly; those left out are not in it.

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> read_options(structures="alone,sharing", elasticity="0.2", sensitivity="40")
    {'structures': ('alone', 'sharing'), 'elasticity': Fraction(1, 5), 'sensitivity': Fraction(40, 1)}
    >>> read_options(elasticity="ann=0.2,bob=0")
    {'elasticity': {'ann': Fraction(1, 5), 'bob': Fraction(0, 1)}}
    """
    problems: list[str] = []
    found: dict[str, Any] = {}
    if structures is not None:
        names = [name.strip() for name in structures.split(",") if name.strip()]
        if not names:
            problems.append(f"--structures {structures!r} names none; name some of {','.join(STRUCTURES)}")
        problems += [
            f"--structures: {name!r} is not a structure{did_you_mean(name, STRUCTURES)}"
            for name in dict.fromkeys(names)
            if name not in STRUCTURES
        ]
        problems += [
            f"--structures names {name!r} twice; name each once"
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        found["structures"] = tuple(names)
    if elasticity is not None:
        found["elasticity"] = _elasticity(elasticity, problems)
    if sensitivity is not None:
        found["sensitivity"] = _number("--sensitivity", sensitivity, "a number above 0, such as 40", problems)
        if found["sensitivity"] is not None and found["sensitivity"] <= 0:
            problems.append(
                f"--sensitivity {sensitivity} is not above 0 (kWh per price unit, a step); give one above 0"
            )
    InputError.raise_all(problems)
    return found


def _elasticity(text: str, problems: list[str]) -> Any:
    if "=" not in text:
        return _at_least_zero("--elasticity", text, problems)
    found: dict[str, Fraction | None] = {}
    for part in text.split(","):
        name, equals, value = part.rpartition("=")
        name = name.strip()
        if not equals or not name:
            problems.append(f"--elasticity {part!r} is not NAME=NUMBER; give one such as home_01=0.2")
        elif name in found:
            problems.append(f"--elasticity names {name!r} twice; give one number for each member")
        else:
            found[name] = _at_least_zero(f"--elasticity {name}", value, problems)
    return found


def _at_least_zero(what: str, text: str, problems: list[str]) -> Fraction | None:
    value = _number(what, text, "a number of at least 0, such as 0.1", problems)
    if value is not None and value < 0:
        problems.append(f"{what} {text} is negative; give 0 (does not react) or more")
    return value


def _number(what: str, text: str, advice: str, problems: list[str]) -> Fraction | None:
    try:
        if len(text) > 100:
            raise ValueError
        return exact(text)
    except ValueError:  # InputError is one
        problems.append(f"{what} {text[:40]!r} is not a number; give {advice}")
        return None
