"""All points that satisfy a system of KKT conditions: one linear system for each pattern of tight constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import flint

from gametheory.arithmetic import exact, rational
from gametheory.errors import SizeLimit
from gametheory.games.polyhedron import Polyhedron
from gametheory.solvers.quadratic.system import Point, System, Vector

__all__ = ["Found", "all_points", "count_patterns"]


@dataclass(slots=True)
class Found:
    """Points that satisfy the conditions, and the patterns in which a whole set of them does.

    Attributes
    ----------
    points
        Without repetition, in the order of the patterns.
    continua
        One point of each pattern whose solutions differ in ``x``: the list of points is then not complete.
    """

    points: list[Point] = field(default_factory=list)
    continua: list[Point] = field(default_factory=list)


def count_patterns(polyhedron: Polyhedron) -> int:
    """Return how many patterns there are: a variable is free or at one of its bounds, an inequality tight or not."""
    count: int = 2 ** len(polyhedron.inequalities)
    for low, high in zip(polyhedron.lower, polyhedron.upper, strict=True):
        count *= 1 + (low is not None) + (high is not None)
    return count


def _patterns(polyhedron: Polyhedron) -> Iterator[frozenset[int]]:
    """Iterate over the sets of tight rows (of ``rows()``)."""
    choices: list[list[tuple[int, ...]]] = []
    number = 0
    for low, high in zip(polyhedron.lower, polyhedron.upper, strict=True):
        here: list[tuple[int, ...]] = [()]
        for bound in (low, high):
            if bound is not None:
                here.append((number,))
                number += 1
        choices.append(here)
    for _ in polyhedron.inequalities:
        choices.append([(), (number,)])
        number += 1
    equal = tuple(range(number, number + len(polyhedron.equalities)))
    for chosen in product(*choices):
        yield frozenset((*equal, *(k for part in chosen for k in part)))


def all_points(system: System, *, most: int = 60_000) -> Found:
    """Return every point that satisfies the conditions.

    Each pattern of tight rows leaves a linear system. If it is regular its solution is tested; if not, its solutions
    are empty, or one ``x`` with several multipliers, or a set of ``x`` (found by a linear feasibility problem).

    Raises
    ------
    SizeLimit
        There are more than `most` patterns.
    """
    count = count_patterns(system.polyhedron)
    if count > most:
        raise SizeLimit(f"{count} patterns of tight constraints are more than {most}; use Lemke() for one equilibrium")
    found = Found()
    seen: set[Vector] = set()
    for tight in _patterns(system.polyhedron):
        point, single = _of_pattern(system, tight)
        if point is None:
            continue
        if not single:
            found.continua.append(point)
        elif point.x not in seen:
            seen.add(point.x)
            found.points.append(point)
    # A single point may also lie in a set found later: it stays listed, it is an equilibrium.
    return found


def _of_pattern(system: System, tight: frozenset[int]) -> tuple[Point | None, bool]:
    """Return a point with multipliers on the rows of the pattern only, and whether no other ``x`` has that."""
    rows = list(system.polyhedron.rows())
    order = sorted(tight)
    n, m = system.polyhedron.size, len(order)
    left = [[rational(0)] * (n + m) for _ in range(n + m)]
    right = [-v for v in system.vector] + [rows[k][1] for k in order]
    for r, c, v in system.matrix:
        left[r][c] += rational(v)
    for j, k in enumerate(order):
        for variable, a in rows[k][0]:
            left[variable][n + j] += rational(a)
            left[n + j][variable] += rational(a)
    matrix = flint.fmpq_mat(left)
    try:
        solution = matrix.solve(flint.fmpq_mat([[rational(v)] for v in right]))
    except ZeroDivisionError:
        return _of_singular(system, order, left, right)
    multipliers = [Fraction(0)] * len(rows)
    for j, k in enumerate(order):
        multipliers[k] = exact(solution[n + j, 0])
    point = Point(tuple(exact(solution[k, 0]) for k in range(n)), tuple(multipliers))
    return (point if system.holds(point) else None), True


def _of_singular(
    system: System, order: list[int], left: list[list[Any]], right: list[Fraction]
) -> tuple[Point | None, bool]:
    """Decide a pattern whose linear system is singular."""
    rows = list(system.polyhedron.rows())
    n, width = system.polyhedron.size, len(left)
    reduced, rank = flint.fmpq_mat([[*row, rational(b)] for row, b in zip(left, right, strict=True)]).rref()
    leads = []
    for i in range(rank):
        leads.append(next(k for k in range(width + 1) if reduced[i, k] != 0))
    if width in leads:
        return None, True
    free = [k for k in range(width) if k not in leads]
    # Solutions are base + sum t_f direction_f over the free unknowns f; the sign conditions are linear in t.
    base = [Fraction(0)] * width
    directions = [[Fraction(int(k == f)) for k in range(width)] for f in free]
    for i, lead in enumerate(leads):
        base[lead] = exact(reduced[i, width])
        for d, f in enumerate(free):
            directions[d][lead] = -exact(reduced[i, f])
    conditions = []
    for k, (coefficients, bound, equal, _) in enumerate(rows):
        if k in order:
            if not equal:  # its multiplier is not negative
                j = n + order.index(k)
                conditions.append((tuple((d, -step[j]) for d, step in enumerate(directions)), base[j]))
        else:
            slack = bound - sum((a * base[v] for v, a in coefficients), Fraction(0))
            along = tuple(
                (d, sum((a * step[v] for v, a in coefficients), Fraction(0))) for d, step in enumerate(directions)
            )
            conditions.append((along, slack))
    names = tuple(f"t{d}" for d in range(len(free)))
    inside = Polyhedron(names, inequalities=tuple(conditions))
    start, _ = System((), (Fraction(0),) * len(free), inside).pivoted()
    if start is None:
        return None, True
    whole = list(base)
    for t, step in zip(start.x, directions, strict=True):
        whole = [v + t * s for v, s in zip(whole, step, strict=True)]
    multipliers = [Fraction(0)] * len(rows)
    for j, k in enumerate(order):
        multipliers[k] = whole[n + j]
    point = Point(tuple(whole[:n]), tuple(multipliers))
    if not any(any(step[:n]) for step in directions):
        return point, True
    return point, _is_only(inside, directions, n)


def _is_only(inside: Polyhedron, directions: list[list[Fraction]], n: int) -> bool:
    """Whether ``x`` is the same at all points of a non-empty polyhedron of parameters: both ends of each part meet."""
    for k in range(n):
        slope = tuple(step[k] for step in directions)
        if not any(slope):
            continue
        ends = []
        for sign in (1, -1):
            end, _ = System((), tuple(sign * v for v in slope), inside).pivoted()
            if end is None:
                return False
            ends.append(sum((a * b for a, b in zip(slope, end.x, strict=True)), Fraction(0)))
        if ends[0] != ends[1]:
            return False
    return True
