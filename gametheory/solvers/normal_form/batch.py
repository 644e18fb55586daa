"""One equilibrium each of very many small two-player games at once, exactly, in machine integers.

Supports of equal size are tried for all games together, small ones first. The weights that make the other player
indifferent between ``k <= 3`` strategies are 1, a difference of two payoffs, or a cross product of two rows of
differences; whether they are an equilibrium is decided by comparing whole numbers. A game in which no such pair of
supports works (it must be degenerate) is solved by Lemke and Howson's algorithm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from gametheory.errors import InputError, SizeLimit
from gametheory.games.normal_form import NormalFormGame
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson

__all__ = ["BatchEquilibria", "batch_equilibria"]

#: With payoffs up to this every product below stays under 2**63.
_LARGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEquilibria:
    """Whole weights; a player's probabilities are its weights over their sum.

    Attributes
    ----------
    first, second
        Integer arrays of shape ``(games, strategies)``; every row is not negative and not 0.
    """

    first: Any
    second: Any

    @property
    def probabilities(self) -> tuple[Any, Any]:
        """The nearest floats."""
        return self.first / self.first.sum(axis=1, keepdims=True), self.second / self.second.sum(axis=1, keepdims=True)


def batch_equilibria(a: Any, b: Any) -> BatchEquilibria:
    """Return one equilibrium of each game: the first by size of supports, then in the order of the strategies.

    Parameters
    ----------
    a, b
        Integer arrays of shape ``(games, m, n)``, entries up to 100,000 in size, ``min(m, n) <= 3``.

    Raises
    ------
    InputError
        Not whole numbers, or shapes that differ.
    SizeLimit
        Larger numbers or more strategies: call :func:`~gametheory.nash_equilibrium` game by game.

    Examples
    --------
    >>> found = batch_equilibria([[[3, 0], [5, 1]], [[1, -1], [-1, 1]]], [[[3, 5], [0, 1]], [[-1, 1], [1, -1]]])
    >>> found.first.tolist(), found.second.tolist()
    ([[0, 1], [2, 2]], [[0, 1], [2, 2]])
    """
    a, b = _read(a, "a"), _read(b, "b")
    if a.shape != b.shape:
        raise InputError(f"a has shape {a.shape}, b has {b.shape}; make them equal")
    games, rows, columns = a.shape
    if min(rows, columns) > 3:
        raise SizeLimit(f"{rows} x {columns} strategies, over 3; call nash_equilibrium game by game")
    first, second = np.zeros((games, rows), dtype=np.int64), np.zeros((games, columns), dtype=np.int64)
    pure = ((a == a.max(axis=1, keepdims=True)) & (b == b.max(axis=2, keepdims=True))).reshape(games, rows * columns)
    cell = pure.argmax(axis=1) if games else np.zeros(0, dtype=np.int64)
    solved = pure[np.arange(games), cell]
    first[solved, cell[solved] // columns] = 1
    second[solved, cell[solved] % columns] = 1
    left = np.flatnonzero(~solved)
    bt = b.transpose(0, 2, 1)
    for k in range(2, min(rows, columns) + 1):
        for own, other in product(combinations(range(rows), k), combinations(range(columns), k)):
            if not len(left):
                break
            u, v = a[left], bt[left]
            y, x = _weights(u, own, other), _weights(v, other, own)
            good = _best(u, y, own, other) & _best(v, x, other, own)
            found = left[good]
            first[found[:, None], list(own)] = x[good]
            second[found[:, None], list(other)] = y[good]
            left = left[~good]
    for g in left.tolist():
        profile = LemkeHowson().solve(NormalFormGame(a[g], b[g])).profile
        for weights, strategy in zip((first, second), profile, strict=True):
            common = math.lcm(*(p.denominator for p in strategy))
            weights[g] = [int(p * common) for p in strategy]
    return BatchEquilibria(first=first, second=second)


def _read(values: Any, name: str) -> Any:
    array = np.asarray(values)
    if array.ndim != 3 or 0 in array.shape[1:] or array.dtype.kind not in "iu":
        raise InputError(f"{name}: give whole numbers of shape (games, m, n), not {array.dtype} of {array.shape}")
    if array.size and max(int(array.max()), -int(array.min())) > _LARGEST:
        raise SizeLimit(f"{name} has entries over {_LARGEST}; call nash_equilibrium game by game")
    return array.astype(np.int64)


def _weights(table: Any, own: Sequence[int], other: Sequence[int]) -> Any:
    """Return weights on `other` that make the rows `own` pay the same, with a positive sum where they have one sign."""
    block = table[:, list(own)][:, :, list(other)]
    d = block[:, 1:] - block[:, :1]
    weights = np.stack([-d[:, 0, 1], d[:, 0, 0]], axis=1) if len(own) == 2 else np.cross(d[:, 0], d[:, 1])
    return weights * np.where(weights.sum(axis=1, keepdims=True) < 0, -1, 1)


def _best(table: Any, weights: Any, own: Sequence[int], other: Sequence[int]) -> Any:
    """Whether the weights are positive and no row pays more against them than the first of `own`."""
    values = np.einsum("gij,gj->gi", table[:, :, list(other)], weights)
    return (weights > 0).all(axis=1) & (values <= values[:, own[:1]]).all(axis=1)
