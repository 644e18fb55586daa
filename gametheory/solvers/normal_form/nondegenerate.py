"""All equilibria of a nondegenerate two-player game: signs proved in floats, equilibria in exact numbers.

Where the best-response polytope of one player is simple, a vertex has as many labels as the player has strategies, and
the other player's partner must have all the rest: one regular system of equations each. Signs are proved in floats; the
equilibria themselves are solved in rationals from their supports.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.numerics.simple_polytope import basis_signs, simple_vertices

__all__ = ["isolated_equilibria", "on_supports"]

Strategy = tuple[Fraction, ...]


def isolated_equilibria(a: Any, b: Any) -> tuple[list[tuple[tuple[Strategy, Strategy], int]], int] | None:
    """Return every equilibrium with its index, and how many vertices were visited; None where the game may degenerate.

    Parameters
    ----------
    a, b
        Payoffs as positive integers (object arrays of one shape).
    """
    rows, columns = a.shape
    if rows > columns:  # the vertices of the smaller polytope are fewer
        turned = isolated_equilibria(b.T, a.T)
        return turned and ([((x, y), sign) for (y, x), sign in turned[0]], turned[1])
    if rows + columns > 63 or max(a.max(), b.max()) >= 2**53:
        return None
    masks = simple_vertices(b.T.astype(float))
    if masks is None:
        return None
    masks = masks[masks != np.uint64((1 << rows) - 1)]  # the origin: its partner is the other origin
    low = np.uint64((1 << rows) - 1)
    basic = (masks >> np.uint64(rows)) | ((masks & low) << np.uint64(columns))
    positive, negative = basis_signs(a.astype(float), basic)
    if not (positive | negative).all():
        return None  # a tie, or too near to one
    found = []
    for mask in masks[positive].tolist():
        own = [i for i in range(rows) if not mask >> i & 1]
        other = [j for j in range(columns) if mask >> rows + j & 1]
        solved = on_supports(a, b, own, other)
        if solved is None:
            raise ArithmeticError("a basis that was proved regular is singular")
        found.append((solved, _index(a, b, own, other)))
    return found, len(masks)


def on_supports(a: Any, b: Any, own: Sequence[int], other: Sequence[int]) -> tuple[Strategy, Strategy] | None:
    """Return the strategies on these supports that make the other player indifferent; None if not unique."""
    block = np.ix_(own, other)
    ones = flint.fmpz_mat([[1]] * len(own))
    try:
        y = flint.fmpz_mat(a[block].tolist()).solve(ones)
        x = flint.fmpz_mat(b[block].T.tolist()).solve(ones)
    except ZeroDivisionError:
        return None
    first, second = _spread(x, own, a.shape[0]), _spread(y, other, a.shape[1])
    return None if first is None or second is None else (first, second)


def _spread(column: Any, places: Sequence[int], size: int) -> Strategy | None:
    values = [column[k, 0] for k in range(len(places))]
    mass = sum(values, flint.fmpq(0))
    if mass == 0:
        return None
    whole = [Fraction(0)] * size
    for k, value in zip(places, values, strict=True):
        share = value / mass
        whole[k] = Fraction(int(share.p), int(share.q))
    return tuple(whole)


def _index(a: Any, b: Any, own: Sequence[int], other: Sequence[int]) -> int:
    """Return ``(-1)^(k+1) sign(det A det B)`` of the supports (Shapley 1974)."""
    block = np.ix_(own, other)
    product = flint.fmpz_mat(a[block].tolist()).det() * flint.fmpz_mat(b[block].tolist()).det()
    return (1 if product > 0 else -1) * (1 if len(own) % 2 else -1)
