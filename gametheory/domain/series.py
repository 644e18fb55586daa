"""One number a step: a float64 array, and beside it the exact rationals it was read from.

Decimals stay decimals: a column of decimal texts is held as integers over one power of ten, so a year of a hundred
homes is read in a second and a rational is made only for the number that is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, Number, exact
from gametheory.errors import InputError

__all__ = ["Origin", "Series", "read_number", "shown"]

#: What a decimal number may be written with. Underscores and words ("nan", "1_000") are refused.
_PLAIN = frozenset("0123456789.+-")
_WRITTEN = _PLAIN | frozenset("eE")
#: The smallest magnitude besides zero: smaller ones vanish in float64, and "1e-999999999" would fill the memory.
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Origin:
    """The file, the column and the lines that a series was read from."""

    file: str
    column: str
    lines: Sequence[int]
    #: What a line is called: ``"line"`` in text, ``"row"`` in Parquet.
    word: str = "line"

    def place(self, step: int) -> str:
        """Return the place of one number, for a message."""
        return f"{self.file}, {self.word} {self.lines[step]}, column {self.column!r}"

    def select(self, steps: slice) -> Origin:
        """Return the places of some steps only."""
        return Origin(self.file, self.column, self.lines[steps], self.word)


class Series:
    """An immutable series of rational numbers with a float64 copy.

    Parameters
    ----------
    values
        One number a step: an array, or numbers, Fractions, Decimals or decimal strings in any mix.
    scale
        Exact factor, such as a unit conversion: 1/1000 turns Wh into kWh.
    origin
        Where each number stands in a file; messages name it.

    Notes
    -----
    Nothing is raised here: what is wrong stands in `problems`, position first, so that a community can report the
    problems of all its members at once. The float copy is the float nearest to the exact number. A float is the dyadic
    rational it is.

    Examples
    --------
    >>> series = Series(["0.1", "250"], scale=Fraction(1, 1000))
    >>> series.values, series.exact
    (array([1.0e-04, 2.5e-01]), (Fraction(1, 10000), Fraction(1, 4)))
    """

    __slots__ = ("_denominator", "_exact", "_numerators", "_rationals", "origin", "problems", "values")

    #: float64, read-only
    values: FloatArray
    #: ``(position, value as written, reason)`` of each number that is refused
    problems: tuple[tuple[int, str, str], ...]
    origin: Origin | None

    def __init__(self, values: Iterable[Number] | Any, *, scale: Number = 1, origin: Origin | None = None) -> None:
        self.problems = ()
        self.origin = origin
        self._exact: tuple[Fraction, ...] | None = None
        #: integers over one denominator (decimals), or rationals, or neither: then the floats are the numbers
        self._numerators: Sequence[int] | None = None
        self._denominator = 1
        self._rationals: tuple[Fraction, ...] | None = None
        factor = exact(scale, what="scale")
        if hasattr(values, "__array__"):
            floats = self._from_array(np.asarray(values), factor)
        elif isinstance(values, str | bytes) or not isinstance(values, Iterable):
            raise InputError(f"{values!r} is not a series; give one number a step, such as [0.4, 0.3]")
        else:
            floats = self._from_items(list(values), factor)
        floats.setflags(write=False)
        self.values = floats

    # ------------------------------------------------------------------------------------------------- reading in

    def _from_array(self, array: Any, factor: Fraction) -> FloatArray:
        if array.ndim != 1:
            raise InputError(f"an array of shape {array.shape} is not a series; give one dimension, one number a step")
        if array.dtype.kind != "f" or array.dtype.itemsize > 8:
            return self._from_items(array.tolist() if array.dtype.itemsize <= 8 else list(array), factor)
        floats = np.array(array, dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(floats))
        if len(bad):
            self.problems = tuple((int(k), str(floats[k]), "is not a finite number") for k in bad)
            return floats
        if factor == 1:
            return floats
        self._rationals = tuple(Fraction(x) * factor for x in floats.tolist())
        return np.array([float(x) for x in self._rationals], dtype=np.float64)

    def _from_items(self, items: list[Any], factor: Fraction) -> FloatArray:
        kinds = set(map(type, items))
        if kinds == {float}:
            return self._from_array(np.array(items, dtype=np.float64), factor)
        if kinds == {str}:
            floats = self._from_plain_texts(items, factor)
            if floats is not None:
                return floats
        problems, rationals = [], []
        for position, item in enumerate(items):
            number, reason = read_number(item)
            if reason:
                problems.append((position, shown(item), reason))
            rationals.append(number * factor)
        self.problems = tuple(problems)
        self._rationals = tuple(rationals)
        return np.array([float(number) for number in rationals], dtype=np.float64)

    def _from_plain_texts(self, texts: list[str], factor: Fraction) -> FloatArray | None:
        """Read decimals without exponents as integers over one power of ten; None if some text is not one."""
        if not set().union(*texts) <= _PLAIN:
            return None
        if not all(text.strip("+-.") for text in texts):  # a gap would read as 0 once zeros are put behind it
            return None
        places = max(len(text) - dot - 1 if (dot := text.find(".")) >= 0 else 0 for text in texts)
        if places > 40 or max(map(len, texts)) > 60:
            return None
        try:
            numerators = [
                int(text + "0" * places)
                if (dot := text.find(".")) < 0
                else int(text[:dot] + text[dot + 1 :] + "0" * (places - (len(text) - dot - 1)))
                for text in texts
            ]
        except ValueError:  # "1-2", "1.2.3", "-", "" and the like: the slow path names them
            return None
        if any(text.find(".") != text.rfind(".") or ("." in text and text[-1] in "+-") for text in texts):
            return None
        if any(text[dot + 1 : dot + 2] in {"+", "-"} for text in texts if (dot := text.find(".")) >= 0):
            return None
        self._denominator = 10**places * factor.denominator
        self._numerators = numerators if factor.numerator == 1 else [n * factor.numerator for n in numerators]
        denominator = self._denominator
        return np.array([n / denominator for n in self._numerators], dtype=np.float64)  # int / int rounds correctly

    # ----------------------------------------------------------------------------------------------- reading out

    def __len__(self) -> int:
        return len(self.values)

    def at(self, step: int) -> Fraction:
        """Return the exact number at one step."""
        if self._numerators is not None:
            return Fraction(self._numerators[step], self._denominator)
        if self._rationals is not None:
            return self._rationals[step]
        return Fraction(float(self.values[step]))

    @property
    def exact(self) -> tuple[Fraction, ...]:
        """All the exact numbers; made once.

        Raises
        ------
        InputError
            A number was refused (see `problems`).
        """
        if self._exact is None:
            self._refuse()
            if self._numerators is not None:
                self._exact = tuple(Fraction(n, self._denominator) for n in self._numerators)
            elif self._rationals is not None:
                self._exact = self._rationals
            else:
                self._exact = tuple(map(Fraction, self.values.tolist()))
        return self._exact

    def _refuse(self) -> None:
        InputError.raise_all([f"step {k}: {value} {reason}; give a number" for k, value, reason in self.problems])

    def place(self, step: int) -> str:
        """Say where a number stands: the step, and the place in the file it was read from."""
        return f"step {step}" if self.origin is None else f"step {step} ({self.origin.place(step)})"

    def canonical(self) -> Iterator[str]:
        """Yield each exact number as ``p/q`` in lowest terms: equal numbers give equal text, however written."""
        self._refuse()
        if self._numerators is not None:
            d = self._denominator
            for n in self._numerators:
                g = math.gcd(n, d)
                yield f"{n // g}/{d // g}"
        elif self._rationals is not None:
            for x in self._rationals:
                yield f"{x.numerator}/{x.denominator}"
        else:
            for p, q in map(float.as_integer_ratio, self.values.tolist()):
                yield f"{p}/{q}"

    def select(self, steps: slice) -> Series:
        """Return the series on some steps only."""
        picked = object.__new__(Series)
        inside = range(*steps.indices(len(self)))
        floats = self.values[steps].copy()
        floats.setflags(write=False)
        picked.values = floats
        picked.problems = tuple((inside.index(k), value, why) for k, value, why in self.problems if k in inside)
        picked.origin = None if self.origin is None else self.origin.select(steps)
        picked._exact = None
        picked._numerators = None if self._numerators is None else self._numerators[steps]
        picked._denominator = self._denominator
        picked._rationals = None if self._rationals is None else self._rationals[steps]
        return picked

    @classmethod
    def constant(cls, value: Number, steps: int) -> Series:
        """Return a series that holds one number at every step."""
        return cls([exact(value)] * steps)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series):
            return NotImplemented
        return len(self) == len(other) and self.exact == other.exact

    def __hash__(self) -> int:
        return hash(self.values.tobytes())

    def __repr__(self) -> str:
        head = ", ".join(f"{x:g}" for x in self.values[:3])
        return f"<Series of {len(self)}: {head}{', ...' if len(self) > 3 else ''}>"


def shown(item: Any) -> str:
    """Return the value as written, short enough for a message."""
    text = repr(item) if isinstance(item, str) else str(item)
    return text if len(text) <= 40 else f"{text[:37]}..."


def read_number(item: Any) -> tuple[Fraction, str]:
    """Return the rational that `item` is and "", or 0 and the reason why it is none that float64 can stand for."""
    if item is None or (isinstance(item, str) and not item.strip()):
        return Fraction(0), "is missing"
    if isinstance(item, str) and not set(item.strip()) <= _WRITTEN:
        try:
            known = math.isfinite(float(item.replace("_", "x")))
        except ValueError:
            known = True
        return Fraction(0), "is not a number" if known else "is not a finite number"
    if isinstance(item, str | Decimal):
        # The size is looked at in float first: an exponent of a thousand million must not become an integer.
        try:
            size = abs(float(item))
        except (ValueError, OverflowError):
            return Fraction(0), "is not a number"
        if not math.isfinite(size):
            return Fraction(0), "is not a finite number"
        if size < _SMALLEST:
            zero = Decimal(item.strip() if isinstance(item, str) else item).is_zero()
            return Fraction(0), "" if zero else "is smaller than 1e-300, which float64 cannot hold"
    try:
        number = exact(item)
        float(number)
    except InputError:
        return Fraction(0), "is not a finite number" if isinstance(item, float | np.floating) else "is not a number"
    except OverflowError:
        return Fraction(0), "is too large for float64"
    return number, ""
