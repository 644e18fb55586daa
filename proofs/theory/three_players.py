"""Three-player coalition games in symbols: coalitions are bit masks 1..7, bit i for player i."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy

__all__ = ["FULL", "PROPER", "balanced_weights", "collections", "members", "total"]

FULL = 0b111
PROPER: tuple[int, ...] = (1, 2, 3, 4, 5, 6)


def members(coalition: int) -> tuple[int, ...]:
    """Return the players of a coalition."""
    return tuple(i for i in range(3) if coalition >> i & 1)


def total(payoff: Sequence[Any], coalition: int) -> Any:
    """Return what a coalition gets."""
    return sum((payoff[i] for i in members(coalition)), payoff[0] * 0)


def collections() -> Iterator[tuple[int, ...]]:
    """Yield every non-empty set of proper coalitions."""
    for size in range(1, len(PROPER) + 1):
        yield from combinations(PROPER, size)


def balanced_weights(collection: Sequence[int]) -> tuple[Fraction, ...] | None:
    """Return the unique balancing weights of an independent collection, None if it has none.

    The weights solve ``sum of w_S over S containing i = 1`` for each player; they may be zero or negative.
    """
    matrix = sympy.Matrix(3, len(collection), lambda i, j: collection[j] >> i & 1)
    if matrix.rank() < len(collection):
        return None
    symbols = sympy.symbols(f"w0:{len(collection)}")
    solution = sympy.linsolve((matrix, sympy.ones(3, 1)), *symbols)
    if not solution:
        return None
    (weights,) = solution
    return tuple(Fraction(int(w.p), int(w.q)) for w in weights)
