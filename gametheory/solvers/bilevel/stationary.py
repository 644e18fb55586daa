"""The exact minimiser of a convex quadratic on the constraints that floats say are tight, unique or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import exact, rational
from gametheory.games.polyhedron import Polyhedron

__all__ = ["stationary_point"]


def stationary_point(
    hessian: Sequence[tuple[int, int, Fraction]],
    slopes: Sequence[Fraction],
    polyhedron: Polyhedron,
    tight: Sequence[bool],
    near: Any,
) -> tuple[Fraction, ...] | None:
    """Return a point where ``H x + g`` is a combination of the tight rows, all of which hold; None where there is none.

    Columns at a bound are fixed, the rest solves ``[H A'; A 0]`` by elimination. Directions that the system leaves open
    keep the values of `near`, so that constraints which are not tight are met as they are there.

    Examples
    --------
    >>> square = Polyhedron(("x", "y"), equalities=[((1, 1), 2)])
    >>> stationary_point([(0, 0, Fraction(2))], [Fraction(-2), Fraction(0)], square, [True], [1.0, 1.0])
    (Fraction(1, 1), Fraction(1, 1))
    """
    fixed, rows = _active(polyhedron, tight)
    free = [k for k in range(polyhedron.size) if k not in fixed]
    place = {k: n for n, k in enumerate(free)}
    size = len(free) + len(rows)
    table = flint.fmpq_mat(size, size + 1)
    for n, k in enumerate(free):
        table[n, size] = rational(-slopes[k])
    for r, c, v in hessian:
        if r in place and c in place:
            table[place[r], place[c]] += rational(v)
        elif r in place:
            table[place[r], size] -= rational(v * fixed[c])
    for n, (coefficients, bound) in enumerate(rows, len(free)):
        table[n, size] = rational(bound - sum((a * fixed[k] for k, a in coefficients if k in fixed), Fraction(0)))
        for k, a in coefficients:
            if k in place:
                table[n, place[k]] += rational(a)
                table[place[k], n] += rational(a)
    solved = _solve(table, size, {place[k]: Fraction(float(near[k])) for k in free})
    if solved is None:
        return None
    return tuple(fixed[k] if k in fixed else exact(solved[place[k]]) for k in range(polyhedron.size))


def _active(polyhedron: Polyhedron, tight: Sequence[bool]) -> tuple[dict[int, Fraction], list[Any]]:
    """Return the columns that are fixed at a bound, and the other tight rows."""
    fixed: dict[int, Fraction] = {}
    rows: list[Any] = []
    bounds = sum(b is not None for b in (*polyhedron.lower, *polyhedron.upper))
    for number, (coefficients, bound, equal, _) in enumerate(polyhedron.rows()):
        if number < bounds:
            ((k, a),) = coefficients
            if tight[number] or (polyhedron.lower[k] is not None and polyhedron.lower[k] == polyhedron.upper[k]):
                fixed.setdefault(k, bound / a)
        elif equal or tight[number]:
            rows.append((coefficients, bound))
    return fixed, rows


def _solve(table: Any, size: int, near: Mapping[int, Fraction]) -> list[Any] | None:
    """Return a solution of an augmented system, None where it has none; what is open is taken from `near`, or 0."""
    reduced, rank = table.rref()
    pivots: list[int] = []
    for i in range(rank):
        start = pivots[-1] + 1 if pivots else 0
        pivots.append(next(k for k in range(start, size + 1) if reduced[i, k] != 0))
    if pivots and pivots[-1] == size:
        return None
    held = set(pivots)
    values = [flint.fmpq(0) if k in held else rational(near.get(k, Fraction(0))) for k in range(size)]
    left = [k for k in range(size) if k not in held and values[k] != 0]
    for i, k in enumerate(pivots):
        values[k] = reduced[i, size] - sum((reduced[i, m] * values[m] for m in left), flint.fmpq(0))
    return values
