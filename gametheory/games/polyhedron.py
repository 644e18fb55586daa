"""The strategies that linear constraints allow: ``{x : lower <= x <= upper, A x <= b, C x = d}``, as exact data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import Number, exact, whole
from gametheory.errors import Infeasible, InputError

__all__ = ["Coefficients", "Polyhedron", "Row", "read_rows", "remaining", "stacked"]

#: The non-zero coefficients of a linear form: pairs (index, coefficient), indices rising.
Coefficients = tuple[tuple[int, Fraction], ...]
#: A linear form and the number it is compared with.
Row = tuple[Coefficients, Fraction]


@dataclass(frozen=True, slots=True)
class Polyhedron:
    """Bounds, inequalities and equalities on some named variables.

    Attributes
    ----------
    variables
        Names.
    lower, upper
        One bound a variable, None where there is none; left out, there is none at all.
    inequalities, equalities
        Rows ``(coefficients, bound)``: ``sum a_k x_k <= bound``, or ``= bound``. The coefficients are pairs ``(k,
        a_k)``, or one number for each variable, or a mapping from names to numbers.

    Raises
    ------
    InputError
        No variable, repeated names, a bound or a coefficient too many or too few.
    Infeasible
        A lower bound above the upper one.

    Examples
    --------
    >>> energy = Polyhedron(("morning", "evening"), (0, 0), (3, 3), equalities=[({"morning": 1, "evening": 1}, 4)])
    >>> energy.violation((1, 3)), energy.violation((0, 4))
    ((Fraction(0, 1), ''), (Fraction(1, 1), 'evening <= 3'))
    """

    variables: tuple[str, ...]
    lower: tuple[Fraction | None, ...] = ()
    upper: tuple[Fraction | None, ...] = ()
    inequalities: tuple[Row, ...] = ()
    equalities: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        names = tuple(str(name) for name in self.variables)
        if not names:
            raise InputError("no variable: give at least one name")
        if len(set(names)) != len(names):
            raise InputError(f"variable names {names} repeat; give each variable its own name")
        object.__setattr__(self, "variables", names)
        for side in ("lower", "upper"):
            object.__setattr__(self, side, _read_bounds(getattr(self, side), names, side))
        for name, low, high in zip(names, self.lower, self.upper, strict=True):
            if low is not None and high is not None and low > high:
                raise Infeasible(f"{name!r}: lower bound {low} is above upper bound {high}; no value is allowed")
        object.__setattr__(self, "inequalities", read_rows(self.inequalities, names, "inequalities"))
        object.__setattr__(self, "equalities", read_rows(self.equalities, names, "equalities"))

    @property
    def size(self) -> int:
        """The number of variables."""
        return len(self.variables)

    @property
    def boxed(self) -> bool:
        """Whether every variable has both bounds."""
        return None not in self.lower and None not in self.upper

    def rows(self) -> Iterator[tuple[Coefficients, Fraction, bool, str]]:
        """Iterate over all constraints as ``(coefficients, bound, is it an equality, text)``.

        The order is the order of multipliers: for each variable the lower bound (as ``-x <= -lower``) and the upper
        one, where they exist, then inequalities, then equalities.
        """
        one = Fraction(1)
        for k, name in enumerate(self.variables):
            low, high = self.lower[k], self.upper[k]
            if low is not None:
                yield ((k, -one),), -low, False, f"{name} >= {low}"
            if high is not None:
                yield ((k, one),), high, False, f"{name} <= {high}"
        for coefficients, bound in self.inequalities:
            yield coefficients, bound, False, self._text(coefficients, "<=", bound)
        for coefficients, bound in self.equalities:
            yield coefficients, bound, True, self._text(coefficients, "=", bound)

    def violation(self, point: Sequence[Number]) -> tuple[Fraction, str]:
        """Return by how much the worst constraint is missed at `point`, and which one it is; 0 and "" if none is."""
        worst, where = Fraction(0), ""
        for coefficients, bound, equal, text in self.rows():
            excess = sum((a * point[k] for k, a in coefficients), Fraction(0)) - bound
            missed = abs(excess) if equal else excess
            if missed > worst:
                worst, where = missed, text
        return worst, where

    def _text(self, coefficients: Coefficients, sign: str, bound: Fraction) -> str:
        terms = " + ".join(f"{a} {self.variables[k]}" if a != 1 else self.variables[k] for k, a in coefficients)
        return f"{terms or 0} {sign} {bound}"


def remaining(rows: Iterable[Row], block: range, joint: Sequence[Fraction]) -> tuple[Row, ...]:
    """Return what rows over a joint strategy leave the variables of `block`, numbered from its start.

    Rows in which these variables have no part are left out.
    """
    found = []
    for coefficients, bound in rows:
        mine = tuple((k - block.start, a) for k, a in coefficients if k in block)
        if mine:
            taken = sum((a * joint[k] for k, a in coefficients if k not in block), Fraction(0))
            found.append((mine, bound - taken))
    return tuple(found)


def stacked(players: Sequence[str], sets: Sequence[Polyhedron]) -> Polyhedron:
    """Return the product of the players' sets over their variables in a row, named ``player: variable``."""
    lower: list[Fraction | None] = []
    upper: list[Fraction | None] = []
    names: list[str] = []
    rows: dict[str, list[Row]] = {"inequalities": [], "equalities": []}
    for player, own in zip(players, sets, strict=True):
        start = len(names)
        names += [f"{player}: {variable}" for variable in own.variables]
        lower += own.lower
        upper += own.upper
        for kind, found in rows.items():
            for coefficients, bound in getattr(own, kind):
                found.append((tuple((start + k, a) for k, a in coefficients), bound))
    return Polyhedron(tuple(names), tuple(lower), tuple(upper), tuple(rows["inequalities"]), tuple(rows["equalities"]))


def _read_bounds(given: Sequence[Number | None], names: Sequence[str], side: str) -> tuple[Fraction | None, ...]:
    bounds = tuple(given) or (None,) * len(names)
    if len(bounds) != len(names):
        raise InputError(f"{len(bounds)} {side} bounds for {len(names)} variables; give one a variable, None for none")
    return tuple(None if b is None else exact(b, what=f"{side}[{k}]") for k, b in enumerate(bounds))


def read_rows(rows: Iterable[tuple[object, Number]], names: Sequence[str], what: str) -> tuple[Row, ...]:
    """Return the rows with exact numbers and the zeros left out."""
    place = {name: k for k, name in enumerate(names)}
    found = []
    for number, (given, bound) in enumerate(rows):
        label = f"{what}[{number}]"
        coefficients: dict[int, Fraction] = {}
        for index, value in _pairs(given, place, label):
            k = whole(index, what=f"{label} index")
            if not 0 <= k < len(names):
                raise InputError(f"{label}: index {k} is not one of 0..{len(names) - 1}")
            coefficients[k] = coefficients.get(k, Fraction(0)) + exact(value, what=f"{label} coefficient {k}")
        kept = tuple((k, a) for k, a in sorted(coefficients.items()) if a)
        found.append((kept, exact(bound, what=f"{label} bound")))
    return tuple(found)


def _pairs(given: object, place: Mapping[str, int], label: str) -> Iterator[tuple[int, Number]]:
    if isinstance(given, Mapping):
        for name, value in given.items():
            if name not in place:
                raise InputError(f"{label}: {name!r} is no variable; they are {', '.join(place)}")
            yield place[name], value
        return
    entries = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else None
    if entries is not None and all(isinstance(entry, tuple) and len(entry) == 2 for entry in entries):
        yield from entries
    elif entries is not None and len(entries) == len(place):
        yield from enumerate(entries)
    else:
        raise InputError(f"{label}: {given!r} does not give one coefficient for each of {len(place)} variables")
