"""Games the way papers print them: short texts, plain numbers, all read exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from gametheory.arithmetic import Number, exact
from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.polyhedron import Polyhedron, Row, read_rows
from gametheory.games.quadratic import QuadraticForm

__all__ = ["cells", "form", "from_cells", "profiles", "region", "rows"]


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


def rows(*given: tuple[Sequence[Number], Number]) -> tuple[Row, ...]:
    """Return rows ``a x <= b`` of plain numbers, one coefficient for each variable.

    >>> rows(((1, 0, "0.5"), 2))
    ((((0, Fraction(1, 1)), (2, Fraction(1, 2))), Fraction(2, 1)),)
    """
    return read_rows(given, [str(k) for k in range(len(given[0][0]))], "row") if given else ()


def region(
    names: Iterable[str],
    lower: Sequence[Number | None] = (),
    upper: Sequence[Number | None] = (),
    *inequalities: tuple[Sequence[Number], Number],
) -> Polyhedron:
    """Return a strategy set of plain numbers; None is no bound.

    >>> region(("x", "y"), (0, 0), (1, None), ((1, 1), 3)).violation((1, 3))
    (Fraction(1, 1), 'x + y <= 3')
    """
    low, high = ([None if v is None else exact(v) for v in side] for side in (lower, upper))
    return Polyhedron(tuple(names), tuple(low), tuple(high), rows(*inequalities))


def form(quadratic: Iterable[tuple[int, int, Number]], linear: Iterable[tuple[int, Number]] = ()) -> QuadraticForm:
    """Return ``x' Q x / 2 + c' x`` of plain numbers.

    >>> form([(0, 0, 2)], [(0, -1)]).value((3,))
    Fraction(6, 1)
    """
    return QuadraticForm(
        tuple((row, column, exact(value)) for row, column, value in quadratic), tuple((k, exact(v)) for k, v in linear)
    )
