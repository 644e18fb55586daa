"""Sums of a coalition table by size and member, in one pass over memory, as two products of matrices.

``total[s]`` adds ``v(T)`` over the coalitions of size ``s``, ``with_player[i, s]`` over those with player ``i``.
Cut the bits of a coalition in a high and a low half: the table is a matrix, and both follow from its rows added up by
the size of the high half, and its columns added up by the size of the low half. Those are small tables.

The additions are done by floating-point matrix products, which round nothing here: every number is cut in whole limbs
of so few bits that the sum of all of them is an integer below ``2**53``, so that every partial sum is one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray

__all__ = ["size_sums"]

#: Entries of the table that are worked on at once.
_CHUNK = 2**20
#: A product of so many multiplications is not worth a second thread, which would have to be waited for.
_SMALL_PRODUCT = 2**18
#: Integers up to ``2**53`` are floats.
_EXACT_BITS = 53


def size_sums(numerators: npt.NDArray[Any]) -> tuple[list[int], list[list[int]]]:
    """Return ``total[s]`` and ``with_player[i][s]`` as Python integers, exactly.

    >>> size_sums(np.array([0, 1, 2, 4]))
    ([0, 3, 4], [[0, 1, 4], [0, 2, 4]])
    """
    players = len(numerators).bit_length() - 1
    low = players // 2
    high = players - low
    matrix = numerators.reshape(2**high, 2**low)
    bits = _EXACT_BITS - players  # 2**players limbs of so many bits add up to a float without rounding
    largest = max(abs(int(numerators.max())), abs(int(numerators.min())))
    cuts = max(1, -(-largest.bit_length() // bits))
    by_row = np.zeros((cuts, high + 1, 2**low))
    by_column = np.zeros((cuts, 2**high, low + 1))
    rows_of, columns_of = _by_size(high), _by_size(low)
    step = _SMALL_PRODUCT // (high + 1 << low) or _CHUNK >> low
    for start in range(0, 2**high, step):
        rows = slice(start, start + step)
        for k, limb in enumerate(_limbs(matrix[rows], cuts, bits)):
            by_row[k] += rows_of[rows].T @ limb
            by_column[k, rows] = limb @ columns_of
    total = [0] * (players + 1)
    inside = [[0] * (players + 1) for _ in range(players)]
    for first, width, halves in ((0, low, by_row), (low, high, by_column.transpose(0, 2, 1))):
        counted = halves is by_row
        for k, half in enumerate(halves):
            for size, sums in enumerate(_by_members(half, width)):
                for more, amounts in enumerate(sums):
                    everyone, *members = amounts
                    if counted:
                        total[size + more] += everyone << (bits * k)
                    for i, amount in enumerate(members, start=first):
                        inside[i][size + more] += amount << (bits * k)
    return total, inside


def _by_members(half: FloatArray, width: int) -> list[list[list[int]]]:
    """Return for each row and each size of mask its sum over all masks of that size, then over those with each bit."""
    sums = np.empty((len(half), width + 1, width + 1), dtype=np.int64)
    for size, (masks, member) in enumerate(_members(width)):
        sums[:, size] = half[:, masks] @ member
    return sums.tolist()


def _limbs(chunk: npt.NDArray[Any], cuts: int, bits: int) -> list[FloatArray]:
    """Return floats ``a_k`` with ``sum a_k 2**(bits k)`` equal to the numbers (the last one may be negative)."""
    limbs, rest = [], chunk
    for _ in range(cuts - 1):
        limbs.append((rest & ((1 << bits) - 1)).astype(np.float64))
        rest = rest >> bits
    limbs.append(rest.astype(np.float64))
    return limbs


@lru_cache(maxsize=4)
def _members(bits: int) -> list[tuple[npt.NDArray[np.int64], FloatArray]]:
    """Return for each size its masks, and the 0-1 matrix that adds all of them, then those with each bit."""
    sizes = _sizes(bits)
    member = np.concatenate([np.ones((2**bits, 1)), np.arange(2**bits)[:, None] >> np.arange(bits) & 1], axis=1)
    return [(masks, member[masks]) for size in range(bits + 1) for masks in [np.flatnonzero(sizes == size)]]


@lru_cache(maxsize=4)
def _by_size(bits: int) -> FloatArray:
    """Return the 0-1 matrix that adds the masks of each size (columns)."""
    return np.asarray(_sizes(bits)[:, None] == np.arange(bits + 1), dtype=np.float64)


def _sizes(bits: int) -> npt.NDArray[np.int64]:
    sizes = np.zeros(2**bits, dtype=np.int64)
    for i in range(bits):
        sizes[1 << i : 2 << i] = sizes[: 1 << i] + 1
    return sizes
