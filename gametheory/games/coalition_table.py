"""The numbers of all coalitions: one exact table of ``2**n`` entries over one denominator.

Entry ``k`` belongs to the coalition whose members are the bits of ``k`` (bit i = player i); entry 0 is the empty
coalition. Numerators are 64-bit integers where they fit and Python integers where they do not; nothing is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray, exact, whole, whole_numbers
from gametheory.errors import InputError, SizeLimit

__all__ = ["PLAYER_LIMIT", "CoalitionTable", "read_coalition_table", "rounded_table", "subset_sums"]

#: More players than this are refused before a table is built.
PLAYER_LIMIT = 30

_INT64 = 2**62
_CHUNK = 2**22
#: Tables of floats beyond this number of players are kept in 64-bit integers or not at all.
_LONG_TABLE = 22


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CoalitionTable:
    """The numbers ``numerators[k] / denominator`` of the ``2**n`` coalitions.

    Attributes
    ----------
    numerators
        A read-only array of 64-bit integers, or of Python integers where one does not fit.
    denominator
        Positive, common to all.

    Examples
    --------
    >>> table = read_coalition_table([0, "0.5", 1, 2])
    >>> table.players, table[3], table.numerators.tolist()
    (2, Fraction(2, 1), [0, 1, 2, 4])
    """

    numerators: npt.NDArray[Any]
    denominator: int = 1

    def __post_init__(self) -> None:
        array = _integers(self.numerators)
        count = len(array)
        if count < 1 or count & (count - 1):
            raise InputError(f"{count} values: a table of coalitions has 2**n entries, entry 0 for the empty coalition")
        object.__setattr__(self, "denominator", whole(self.denominator, what="denominator"))
        if self.denominator < 1:
            raise InputError(f"denominator {self.denominator} must be >= 1")
        array.flags.writeable = False
        object.__setattr__(self, "numerators", array)

    @property
    def players(self) -> int:
        """The number of players ``n``."""
        return len(self.numerators).bit_length() - 1

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, mask: int) -> Fraction:
        if not 0 <= mask < len(self.numerators):
            raise InputError(f"coalition {mask} is outside 0..{len(self.numerators) - 1}")
        return Fraction(int(self.numerators[mask]), self.denominator)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CoalitionTable):
            return NotImplemented
        return len(self) == len(other) and bool(
            np.array_equal(
                self.numerators.astype(object) * other.denominator, other.numerators.astype(object) * self.denominator
            )
        )

    def __hash__(self) -> int:
        return hash((len(self), self[len(self) - 1], self[len(self) // 2]))

    def __repr__(self) -> str:
        return f"CoalitionTable({len(self)} coalitions over {self.denominator})"

    @property
    def largest(self) -> int:
        """The largest absolute numerator."""
        return max(abs(int(self.numerators.max())), abs(int(self.numerators.min())))

    def floats(self) -> FloatArray:
        """Return the nearest floats (of numerators below 2**53: correctly rounded; else two roundings).

        Raises
        ------
        SizeLimit
            A number is beyond the range of floats.
        """
        if self.largest <= 2**53 and self.denominator <= 2**53:
            return self.numerators.astype(np.float64) / float(self.denominator)
        try:
            return np.array([int(k) / self.denominator for k in self.numerators], dtype=np.float64)
        except OverflowError:
            raise SizeLimit("a value is beyond 1e308; rescale the game for a method that works in floats") from None

    def negated(self) -> CoalitionTable:
        """Return the table of the opposite numbers."""
        return CoalitionTable(-self.numerators, self.denominator)


def _integers(values: Any) -> npt.NDArray[Any]:
    """Return a new one-dimensional array of int64 where every number is below 2**62, else of Python integers."""
    array = np.asarray(values)
    if array.dtype == np.int64 and array.ndim == 1 and array.base is None and not array.flags.writeable:
        return array if len(array) and array.max() < _INT64 and array.min() > -_INT64 else array.astype(object)
    if array.dtype.kind in "iu" and array.ndim == 1:
        if array.dtype.itemsize < 8 or not len(array) or (array.max() < _INT64 and array.min() > -_INT64):
            return array.astype(np.int64)
        return array.astype(object)
    flat = np.empty(len(values), dtype=object)
    flat[:] = whole_numbers(values, what="numerators")
    if len(flat) and flat.max() < _INT64 and flat.min() > -_INT64:
        return flat.astype(np.int64)
    return flat


def read_coalition_table(values: Any, *, what: str = "values") -> CoalitionTable:
    """Return the table that a sequence or array of ``2**n`` numbers holds.

    Raises
    ------
    InputError
        Not ``2**n`` numbers, a number that is not finite, or an empty coalition whose value is not 0.
    SizeLimit
        More than 30 players.
    """
    if isinstance(values, CoalitionTable):
        return _grounded(values, what)
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if not isinstance(values, Sequence | np.ndarray) or isinstance(values, str) or np.ndim(values) != 1:
        raise InputError(f"{what}: give a flat sequence of 2**n numbers, entry 0 for the empty coalition")
    count = len(values)
    if count < 2 or count & (count - 1):
        raise InputError(f"{what} has {count} entries; give 2**n, one a coalition, entry 0 for the empty one")
    if count > 2**PLAYER_LIMIT:
        raise SizeLimit(f"{what} has more than 2**{PLAYER_LIMIT} entries; give the game by its structure, or sample")
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        return _grounded(CoalitionTable(values), what)
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        dyadic = _dyadic(values)
        if dyadic is not None:
            return _grounded(dyadic, what)
        if count > 2**_LONG_TABLE:
            raise SizeLimit(
                f"{what}: {count} floats of very different size need long integers; round them to a common scale with "
                "CoalitionalGame.from_floats"
            )
    return common_denominator([exact(v, what=f"{what}[{k}]") for k, v in enumerate(values)], what=what)


def common_denominator(numbers: Sequence[Fraction], *, what: str = "values") -> CoalitionTable:
    """Return the table of these Fractions."""
    denominator = math.lcm(*{number.denominator for number in numbers})
    numerators: Any = [n.numerator * (denominator // n.denominator) for n in numbers]
    return _grounded(CoalitionTable(numerators, denominator), what)


def _grounded(table: CoalitionTable, what: str) -> CoalitionTable:
    if table[0] != 0:
        raise InputError(
            f"{what}[0] = {table[0]}: the empty coalition must have the value 0; subtract it or set it to 0"
        )
    return table


def _dyadic(values: FloatArray) -> CoalitionTable | None:
    """Return floats as integers over a power of two where these fit into 62 bits, else None."""
    if not np.isfinite(values).all():
        return None
    mantissas, exponents = np.frexp(values)
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    used = whole != 0
    if not used.any():
        return CoalitionTable(whole)
    # Trailing zeros of the mantissas carry no information: take them out before the common power is chosen.
    lowest = whole[used] & -whole[used]
    low = int((exponents[used] - 53 + np.log2(lowest.astype(np.float64)).astype(np.int64)).min())
    if low > 0 or int(exponents[used].max()) - low > 61 or -low > 1000:
        return None
    return CoalitionTable(np.ldexp(values, -low).astype(np.int64), 2**-low)


def rounded_table(values: Any, *, what: str = "values") -> CoalitionTable:
    """Return floats rounded to one power of two ``2**-k``, as fine as 61 bits allow: each moves by ``2**-k / 2`` at
    most.

    Raises
    ------
    InputError
        Not ``2**n`` finite numbers, or an empty coalition whose value is not 0.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) < 2 or len(array) & (len(array) - 1):
        raise InputError(f"{what} has shape {array.shape}; give 2**n numbers, entry 0 for the empty coalition")
    largest = max(float(array.max()), -float(array.min()))
    if not math.isfinite(largest):
        place = int(np.argmin(np.isfinite(array)))
        raise InputError(f"{what}[{place}] = {array[place]} is not finite; give finite numbers")
    fine = 61 - math.frexp(largest)[1] if largest else 0
    if fine < 0:
        raise SizeLimit(f"{what} holds {largest:.3g}, beyond 61 bits; rescale the game")
    whole = np.empty(len(array), dtype=np.int64)
    for start in range(0, len(array), _CHUNK):  # no temporary of the whole length
        whole[start : start + _CHUNK] = np.rint(np.ldexp(array[start : start + _CHUNK], fine))
    whole.flags.writeable = False
    return _grounded(CoalitionTable(whole, 2**fine), what)


def subset_sums(numbers: Iterable[int]) -> npt.NDArray[Any]:
    """Return the sum of `numbers` over each coalition: ``2**n`` integers (int64 where they provably fit).

    >>> subset_sums([1, 10]).tolist()
    [0, 1, 10, 11]
    """
    numbers = list(numbers)
    fits = sum(map(abs, numbers)) < _INT64
    sums: npt.NDArray[Any] = np.zeros(2 ** len(numbers), dtype=np.int64 if fits else object)
    for i, number in enumerate(numbers):
        np.add(sums[: 1 << i], number, out=sums[1 << i : 2 << i])
    return sums
