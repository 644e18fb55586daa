"""Random small quadratic games for the tests of several solvers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame

__all__ = ["games"]

small = st.integers(-3, 3)


@st.composite
def games(draw: st.DrawFn, *, potential: bool = False, monotone: bool = True, boxed: bool = False) -> QuadraticGame:
    """Games of two or three players with one or two variables each; monotone ones have at most one equilibrium."""
    count = draw(st.integers(2, 3))
    sizes = [draw(st.integers(1, 2 if count == 2 else 1)) for _ in range(count)]
    size = sum(sizes)
    cells = [[draw(small) for _ in range(size)] for _ in range(size)]
    if potential:
        cells = [[cells[min(r, c)][max(r, c)] for c in range(size)] for r in range(size)]
    if monotone:  # the diagonal dominates the symmetric part
        for r in range(size):
            cells[r][r] = 1 + sum(abs(cells[r][c]) + abs(cells[c][r]) for c in range(size) if c != r)
    starts = [sum(sizes[:i]) for i in range(count)]
    slopes = [draw(st.integers(-12, 12)) for _ in range(size)]
    objectives, sets = [], []
    for start, own in zip(starts, sizes, strict=True):
        block = range(start, start + own)
        entries = [
            (r, c, Fraction(cells[r][c]) if c not in block else Fraction(cells[min(r, c)][max(r, c)]))
            for r in block
            for c in range(size)
            if c not in block or r <= c
        ]
        objectives.append(QuadraticForm(tuple(entries), tuple((k, Fraction(slopes[k])) for k in block)))
        lower = [0 if boxed else draw(st.sampled_from([0, -1, None])) for _ in block]
        upper = [2 if boxed else draw(st.sampled_from([2, 1, None])) for _ in block]
        rows = []
        if own == 2 and draw(st.booleans()):
            rows.append(((1, 1), draw(st.integers(0, 2))))
        kind = draw(st.booleans())
        sets.append(
            Polyhedron(
                tuple(f"x{k}" for k in block),
                tuple(lower),  # type: ignore[arg-type]  # integers become Fractions
                tuple(upper),  # type: ignore[arg-type]
                tuple(rows) if kind else (),  # type: ignore[arg-type]
                () if kind else tuple(rows),  # type: ignore[arg-type]
            )
        )
    return QuadraticGame(tuple(f"p{i}" for i in range(count)), tuple(sets), tuple(objectives))
