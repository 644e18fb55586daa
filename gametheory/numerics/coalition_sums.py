"""Sums of a coalition table by size and member, in a few passes over memory.

``total[s]`` adds ``v(T)`` over the coalitions of size ``s``, ``with_player[i, s]`` over those with player ``i``.
Both follow from folding the table: adding up one half of the bits while counting those set leaves a small table
over the other half. Two folds of the whole table (about eight additions an entry) serve all players.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["size_sums"]

_LIMB = 31
_LIMB_MASK = (1 << _LIMB) - 1


def size_sums(numerators: npt.NDArray[Any]) -> tuple[list[int], list[list[int]]]:
    """Return ``total[s]`` and ``with_player[i][s]`` as Python integers, exactly.

    Integers that could overflow on the way are cut into limbs of 31 bits, which are summed apart: a limb times
    ``2**30`` entries stays below ``2**61``.

    >>> size_sums(np.array([0, 1, 2, 4]))
    ([0, 3, 4], [[0, 1, 4], [0, 2, 4]])
    """
    players = len(numerators).bit_length() - 1
    total = [0] * (players + 1)
    inside = [[0] * (players + 1) for _ in range(players)]
    shift = 0
    for limb in _limbs(numerators):
        whole, parts = _int64_sums(limb, players)
        for s in range(players + 1):
            total[s] += int(whole[s]) << shift
            for i in range(players):
                inside[i][s] += int(parts[i, s]) << shift
        shift += _LIMB
    return total, inside


def _limbs(numerators: npt.NDArray[Any]) -> list[npt.NDArray[np.int64]]:
    """Return int64 arrays ``a_k`` with ``sum a_k 2**(31 k)`` equal to the numbers (the last one may be negative)."""
    largest = max(abs(int(numerators.max())), abs(int(numerators.min())))
    rest = numerators
    limbs = []
    room = 2**62 // len(numerators)
    while largest > room:
        limbs.append((rest & _LIMB_MASK).astype(np.int64))
        rest = rest >> _LIMB
        largest = (largest >> _LIMB) + 1
    limbs.append(rest.astype(np.int64))
    return limbs


def _int64_sums(table: npt.NDArray[np.int64], players: int) -> tuple[Any, Any]:
    low = players // 2
    high = players - low
    # Rows: the high bits; columns: the low bits.
    over_high = _fold(table.reshape(1, 2**high, 2**low), high)[:, 0, :]
    over_low = _fold_last(table.reshape(1, 2**high, 2**low), low)[:, :, 0]
    total = np.zeros(players + 1, dtype=np.int64)
    inside = np.zeros((players, players + 1), dtype=np.int64)
    sizes_low, sizes_high = _sizes(low), _sizes(high)
    for folded in range(high + 1):
        for own in range(low + 1):
            total[folded + own] += over_high[folded, sizes_low == own].sum()
    for table_half, count, sizes, others, first in (
        (over_high, low, sizes_low, high, 0),
        (over_low, high, sizes_high, low, low),
    ):
        masks = np.arange(2**count)
        for i in range(count):
            member = (masks >> i & 1).astype(bool)
            for own in range(1, count + 1):
                columns = member & (sizes == own)
                inside[first + i, own : own + others + 1] += table_half[:, columns].sum(axis=1)
    return total, inside


def _sizes(bits: int) -> npt.NDArray[np.int64]:
    sizes = np.zeros(2**bits, dtype=np.int64)
    for i in range(bits):
        sizes[1 << i : 2 << i] = sizes[: 1 << i] + 1
    return sizes


def _fold(table: npt.NDArray[np.int64], bits: int) -> npt.NDArray[np.int64]:
    """Fold the rows: entry ``[s, 0, c]`` of the result adds the rows whose index has ``s`` bits set."""
    for _ in range(bits):
        half = table.shape[1] // 2
        out = np.zeros((table.shape[0] + 1, half, table.shape[2]), dtype=np.int64)
        out[:-1] = table[:, :half]
        out[1:] += table[:, half:]
        table = out
    return table


def _fold_last(table: npt.NDArray[np.int64], bits: int) -> npt.NDArray[np.int64]:
    for _ in range(bits):
        half = table.shape[2] // 2
        out = np.zeros((table.shape[0] + 1, table.shape[1], half), dtype=np.int64)
        out[:-1] = table[:, :, :half]
        out[1:] += table[:, :, half:]
        table = out
    return table
