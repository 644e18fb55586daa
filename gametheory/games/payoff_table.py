"""A rectangular table of exact numbers: what a finite game stores for each player.

All numbers of a table share one denominator, so that hot loops work on integers and nothing is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray, exact, ratio, whole, whole_numbers
from gametheory.errors import InputError, SizeLimit

__all__ = ["CELL_LIMIT", "PayoffTable", "read_table"]

#: More cells than this are refused before anything is read.
CELL_LIMIT = 2**31

_LARGEST_EXACT_FLOAT = 2**53
#: Numerators below this are kept as machine integers too: differences of two, and one more, do not overflow.
_MACHINE = 2**61


@dataclass(frozen=True, slots=True)
class PayoffTable:
    """The numbers ``numerators[k] / denominator``, in row-major order.

    Attributes
    ----------
    shape
        Strategies of each player.
    numerators
        One integer a cell; the last player's strategy varies fastest.
    denominator
        Positive, common to all cells.

    Examples
    --------
    >>> table = read_table([["0.5", 1], [2, 3]])
    >>> table.denominator, table.numerators, table[0, 0]
    (2, (1, 2, 4, 6), Fraction(1, 2))
    """

    shape: tuple[int, ...]
    numerators: tuple[int, ...]
    denominator: int = 1
    _machine: npt.NDArray[np.int64] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", whole_numbers(self.shape, what="shape"))
        object.__setattr__(self, "numerators", whole_numbers(self.numerators, what="numerators"))
        object.__setattr__(self, "denominator", whole(self.denominator, what="denominator"))
        if not self.shape or min(self.shape) < 1:
            raise InputError(f"shape {self.shape}: give one axis a player, each with at least one strategy")
        if math.prod(self.shape) != len(self.numerators):
            raise InputError(f"{len(self.numerators)} numbers do not fill a table of shape {self.shape}")
        if self.denominator < 1:
            raise InputError(f"denominator {self.denominator} must be >= 1")

    def __getitem__(self, index: int | tuple[int, ...]) -> Fraction:
        place = (index,) if isinstance(index, int) else tuple(index)
        if len(place) != len(self.shape):
            raise InputError(f"index {place} does not name one cell of a table of shape {self.shape}")
        flat = 0
        for k, size in zip(place, self.shape, strict=True):
            if not 0 <= k < size:
                raise InputError(f"index {place} is outside a table of shape {self.shape}; count from 0")
            flat = flat * size + k
        return ratio(self.numerators[flat], self.denominator)

    def floats(self) -> FloatArray:
        """Return the nearest floats, as a new array of the table's shape.

        Raises
        ------
        SizeLimit
            A number is beyond the range of floats.
        """
        largest = max(max(self.numerators), -min(self.numerators))
        if largest <= _LARGEST_EXACT_FLOAT and self.denominator <= _LARGEST_EXACT_FLOAT:
            # Both are exact floats, and one division rounds once: correctly rounded.
            return np.array(self.numerators, dtype=np.float64).reshape(self.shape) / float(self.denominator)
        try:
            flat = [numerator / self.denominator for numerator in self.numerators]
        except OverflowError:
            raise SizeLimit("a payoff is beyond 1e308; rescale the payoffs for a method that works in floats") from None
        return np.array(flat, dtype=np.float64).reshape(self.shape)

    def machine_integers(self) -> npt.NDArray[np.int64] | None:
        """Return the numerators as a read-only array of int64, or None where one is ``2**61`` or larger in size.

        The array is made once; a table that was read from an array of machine integers has it from the start.
        """
        if self._machine is None and max(max(self.numerators), -min(self.numerators)) < _MACHINE:
            object.__setattr__(self, "_machine", _kept(np.array(self.numerators, dtype=np.int64), self.shape))
        return self._machine

    def integers(self) -> npt.NDArray[np.object_]:
        """Return the numerators as a new array of Python integers of the table's shape."""
        array = np.empty(len(self.numerators), dtype=object)
        array[:] = self.numerators
        return array.reshape(self.shape)

    def fractions(self) -> npt.NDArray[np.object_]:
        """Return the numbers as a new array of Fractions of the table's shape."""
        array = np.empty(len(self.numerators), dtype=object)
        array[:] = [Fraction(numerator, self.denominator) for numerator in self.numerators]
        return array.reshape(self.shape)

    def negated(self) -> PayoffTable:
        """Return the table of the opposite numbers."""
        return PayoffTable(self.shape, tuple(-n for n in self.numerators), self.denominator)


def read_table(values: Any, *, what: str = "payoffs") -> PayoffTable:
    """Return the table that nested sequences or an array hold.

    Raises
    ------
    InputError
        Ragged, empty, or holding something that is not a finite number.
    SizeLimit
        More than ``2**31`` cells.
    """
    if isinstance(values, PayoffTable):
        return values
    if hasattr(values, "to_numpy"):  # a pandas frame
        values = values.to_numpy()
    shape = tuple(values.shape) if isinstance(values, np.ndarray) else _shape(values, what)
    if not shape:
        raise InputError(f"{what} is a single number; give one array a player, of shape (m_1, ..., m_N)")
    if 0 in shape:
        raise InputError(f"{what} has shape {shape}: a player has no strategy; give each player at least one")
    if math.prod(shape) > CELL_LIMIT:
        raise SizeLimit(f"{what} has {math.prod(shape)} cells; the limit is 2**31; use a form with more structure")
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        table = PayoffTable(shape, tuple(values.ravel().tolist()))
        if values.size and max(int(values.max()), -int(values.min())) < _MACHINE:
            object.__setattr__(table, "_machine", _kept(values, shape))
        return table
    if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.dtype.itemsize <= 8:
        whole = _whole_numbers(values)
        if whole is not None:
            return PayoffTable(shape, whole)
    cells = values.ravel().tolist() if isinstance(values, np.ndarray) else _flatten(values, len(shape))
    if all(type(cell) is int for cell in cells):
        return PayoffTable(shape, tuple(cells))
    return _common_denominator(shape, [exact(c, what=f"{what}{_place(k, shape)}") for k, c in enumerate(cells)])


def _kept(values: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Return a read-only copy, in row-major order."""
    array = np.array(values, dtype=np.int64, order="C").reshape(shape)
    array.setflags(write=False)
    return array


def _whole_numbers(values: npt.NDArray[Any]) -> tuple[int, ...] | None:
    """Return the cells as integers if all are whole and small enough to be exact."""
    if (
        np.isfinite(values).all()
        and (np.abs(values) <= _LARGEST_EXACT_FLOAT).all()
        and (values == values.round()).all()
    ):
        return tuple(values.ravel().astype(np.int64).tolist())
    return None


def _common_denominator(shape: tuple[int, ...], numbers: Sequence[Fraction]) -> PayoffTable:
    denominator = math.lcm(*{number.denominator for number in numbers})
    return PayoffTable(shape, tuple(n.numerator * (denominator // n.denominator) for n in numbers), denominator)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)


def _shape(values: Any, what: str) -> tuple[int, ...]:
    """Return the shape of nested sequences; every level must agree."""
    if not _is_sequence(values):
        return ()
    if len(values) == 0:
        return (0,)
    shapes = [_shape(item, what) for item in values]
    for k, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise InputError(f"{what} is ragged: entry {k} has shape {shape}, entry 0 has {shapes[0]}; make them equal")
    return (len(values), *shapes[0])


def _flatten(values: Any, depth: int) -> list[Any]:
    if depth == 1:
        return list(values)
    return [cell for item in values for cell in _flatten(item, depth - 1)]


def _place(flat: int, shape: tuple[int, ...]) -> str:
    return str([int(k) for k in np.unravel_index(flat, shape)])
