"""Finite games and mixed profiles as short texts, the way papers print them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame

__all__ = ["cells", "from_cells", "profiles"]


def cells(text: str, *, strategies: tuple[tuple[str, ...], ...] | None = None) -> NormalFormGame:
    """Return the two-player game printed as ``a,b`` in each cell, a line (or ``" / "``) a row.

    >>> cells("3,3 0,5 / 5,0 1,1").payoff((1, 0))
    (Fraction(5, 1), Fraction(0, 1))
    """
    rows = [line.split() for line in text.replace(" / ", "\n").splitlines() if line.strip()]
    tables = [[[Fraction(cell.split(",")[i]) for cell in row] for row in rows] for i in range(2)]
    return NormalFormGame(*tables, strategies=strategies)


def from_cells(shape: tuple[int, ...], text: str) -> NormalFormGame:
    """Return the game of any number of players whose payoffs are given cell by cell, the last strategy fastest.

    >>> from_cells((1, 2), "1,2 3,4").payoff((0, 1))
    (Fraction(3, 1), Fraction(4, 1))
    """
    rows = [[Fraction(number) for number in cell.split(",")] for cell in text.split()]
    array = np.array(rows, dtype=object).reshape(*shape, len(shape))
    return NormalFormGame(*(array[..., i] for i in range(len(shape))))


def profiles(*texts: str) -> tuple[Mixed, ...]:
    """Return mixed profiles, each as probabilities with ``|`` between the players.

    >>> profiles("1 0 | 1/2 1/2")[0][1]
    (Fraction(1, 2), Fraction(1, 2))
    """
    return tuple(tuple(tuple(Fraction(p) for p in part.split()) for part in text.split("|")) for text in texts)
