"""Sums of a coalition table by size and member, in one pass over memory and without a copy of the table.

``total[s]`` adds ``v(T)`` over the coalitions of size ``s``, ``with_player[i, s]`` over those with player ``i``.
Cut the bits of a coalition in a high and a low half: the table is a matrix, and both follow from its rows added up by
the size of the high half, and its columns added up by the size of the low half. Those are small tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["size_sums"]

_LIMB = 31
_LIMB_MASK = (1 << _LIMB) - 1
#: Entries of the table that are worked on at once.
_CHUNK = 2**20

_Whole = npt.NDArray[np.int64]


def size_sums(numerators: npt.NDArray[Any]) -> tuple[list[int], list[list[int]]]:
    """Return ``total[s]`` and ``with_player[i][s]`` as Python integers, exactly.

    Integers that could overflow on the way are cut into limbs of 31 bits, which are summed apart: a limb times
    ``2**30`` entries stays below ``2**61``.

    >>> size_sums(np.array([0, 1, 2, 4]))
    ([0, 3, 4], [[0, 1, 4], [0, 2, 4]])
    """
    players = len(numerators).bit_length() - 1
    low = players // 2
    high = players - low
    matrix = numerators.reshape(2**high, 2**low)
    cuts = _limb_count(numerators)
    by_row = np.zeros((cuts, high + 1, 2**low), dtype=np.int64)
    by_column = np.zeros((cuts, low + 1, 2**high), dtype=np.int64)
    sizes_low, sizes_high = _sizes(low), _sizes(high)
    groups = [np.flatnonzero(sizes_low == size) for size in range(low + 1)]
    step = max(1, _CHUNK >> low)
    for start in range(0, 2**high, step):
        rows = slice(start, start + step)
        for k, limb in enumerate(_limbs(matrix[rows], cuts)):
            for size in np.unique(sizes_high[rows]):
                by_row[k, size] += limb[sizes_high[rows] == size].sum(axis=0)
            for size, columns in enumerate(groups):
                by_column[k, size, rows] = limb[:, columns].sum(axis=1)
    total = [0] * (players + 1)
    inside = [[0] * (players + 1) for _ in range(players)]
    groups_high = [np.flatnonzero(sizes_high == size) for size in range(high + 1)]
    for k in range(cuts):
        for size, masks in enumerate(groups):
            for more, amount in enumerate(by_row[k][:, masks].sum(axis=1).tolist()):
                total[size + more] += amount << (_LIMB * k)
            _add_members(inside, (0, low), by_row[k][:, masks], masks, (size, _LIMB * k))
        for size, masks in enumerate(groups_high):
            _add_members(inside, (low, high), by_column[k][:, masks], masks, (size, _LIMB * k))
    return total, inside


def _add_members(
    inside: list[list[int]], players: tuple[int, int], sums: _Whole, masks: Any, place: tuple[int, int]
) -> None:
    """Add sums (sizes of the other half, masks of this size) to the rows of the players who are in the masks."""
    first, bits = players
    size, shift = place
    member = masks[:, None] >> np.arange(bits) & 1
    for more, row in enumerate((sums @ member).tolist()):
        for i, amount in enumerate(row):
            inside[first + i][size + more] += amount << shift


def _limb_count(numerators: npt.NDArray[Any]) -> int:
    largest = max(abs(int(numerators.max())), abs(int(numerators.min())))
    if largest <= 2**62 // len(numerators):
        return 1
    return 1 + largest.bit_length() // _LIMB


def _limbs(chunk: npt.NDArray[Any], cuts: int) -> list[_Whole]:
    """Return int64 arrays ``a_k`` with ``sum a_k 2**(31 k)`` equal to the numbers (the last one may be negative)."""
    limbs, rest = [], chunk
    for _ in range(cuts - 1):
        limbs.append((rest & _LIMB_MASK).astype(np.int64))
        rest = rest >> _LIMB
    limbs.append(rest.astype(np.int64, copy=False))
    return limbs


def _sizes(bits: int) -> _Whole:
    sizes = np.zeros(2**bits, dtype=np.int64)
    for i in range(bits):
        sizes[1 << i : 2 << i] = sizes[: 1 << i] + 1
    return sizes
