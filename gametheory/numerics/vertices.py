"""All vertices of ``{z >= 0 : C z <= 1}`` in exact integers, also where the polytope is degenerate.

The right side is perturbed to ``1 + (e, e^2, ...)`` for an infinitely small ``e``, which makes the polytope simple: a
vertex is a basis, every vertex has one neighbour across each of its edges, and the graph of vertices and edges is
connected (Balinski). So a set of bases that holds the start and is closed under adjacency is all of them. Bases that
differ only by ``e`` are one vertex of the polytope itself.

A basis is named by the bitmask of its *tight* columns: the variables that are 0. Column ``j < d`` is ``z_j``, column
``d + i`` is the slack of row ``i``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flint

__all__ = ["Vertex", "bases", "vertices"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex ``numerators / denominator``; `tight` has a bit for each column that is 0, `bases` each basis of it."""

    numerators: tuple[int, ...]
    denominator: int
    tight: int
    bases: tuple[int, ...]


def bases(matrix: Sequence[Sequence[int]]) -> dict[int, tuple[tuple[int, ...], int]]:
    """Return the value of ``z`` (numerators, denominator) at each basis of the perturbed polytope.

    Parameters
    ----------
    matrix
        ``C``, of integers, such that the polytope is bounded; for example all positive.

    Raises
    ------
    ArithmeticError
        The polytope is not bounded.
    """
    rows, columns = len(matrix), len(matrix[0])
    table = [[*map(int, row), *(int(i == k) for k in range(rows)), 1] for i, row in enumerate(matrix)]
    start = (1 << columns) - 1
    found: dict[int, tuple[tuple[int, ...], int]] = {}
    waiting = [start]
    seen = {start}
    while waiting:
        mask = waiting.pop()
        found[mask], neighbours = _visit(table, mask, columns)
        for other in neighbours:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return found


def _visit(table: list[list[int]], mask: int, columns: int) -> tuple[tuple[tuple[int, ...], int], list[int]]:
    """Return the point at a basis and the bases next to it."""
    rows = len(table)
    total = rows + columns
    basic = [k for k in range(total) if not mask >> k & 1]
    free = [k for k in range(total) if mask >> k & 1]
    # Reduced, the matrix reads [divisor * I | right side | the other columns]; all are integers.
    order = [*basic, total, *free]
    reduced, scale, _ = flint.fmpz_mat([[row[k] for k in order] for row in table]).rref()
    entries = [[int(x) for x in row[rows:]] for row in reduced.tolist()]
    divisor = int(scale)
    if divisor < 0:
        divisor, entries = -divisor, [[-x for x in row] for row in entries]
    place = {k: position for position, k in enumerate(free, start=1)}
    neighbours = []
    for entering in free:
        column = place[entering]
        candidates = [i for i in range(rows) if entries[i][column] > 0]
        if not candidates:
            raise ArithmeticError("the polytope is not bounded")
        if len(candidates) > 1:
            candidates = _least(entries, candidates, column, 0)
        for slack in range(columns, total):
            if len(candidates) == 1:
                break
            if slack in place:
                candidates = _least(entries, candidates, column, place[slack])
            else:  # a basic column is a unit vector: only its own row is not 0 there
                own = basic.index(slack)
                candidates = [i for i in candidates if i != own]
        neighbours.append(mask & ~(1 << entering) | 1 << basic[candidates[0]])
    point = [0] * columns
    for i, k in enumerate(basic):
        if k < columns:
            point[k] = entries[i][0]
    return (tuple(point), divisor), neighbours


def _least(entries: list[list[int]], candidates: list[int], column: int, key: int) -> list[int]:
    """Return the candidates with the least ratio of `key` to `column`."""
    best = candidates[:1]
    number, weight = entries[best[0]][key], entries[best[0]][column]
    for i in candidates[1:]:
        difference = entries[i][key] * weight - number * entries[i][column]
        if difference < 0:
            best, number, weight = [i], entries[i][key], entries[i][column]
        elif difference == 0:
            best.append(i)
    return best


def vertices(matrix: Sequence[Sequence[int]]) -> list[Vertex]:
    """Return every vertex once, with all constraints that are tight there.

    Examples
    --------
    >>> [(v.numerators, v.denominator, bin(v.tight)) for v in vertices([[1, 1]])]
    [((0, 0), 1, '0b11'), ((0, 1), 1, '0b101'), ((1, 0), 1, '0b110')]
    """
    columns = len(matrix[0])
    groups: dict[tuple[tuple[int, ...], int], list[int]] = {}
    for mask, (point, divisor) in bases(matrix).items():
        common = flint.fmpz(divisor)
        for number in point:
            common = common.gcd(number)
        key = (tuple(number // int(common) for number in point), divisor // int(common))
        groups.setdefault(key, []).append(mask)
    found = []
    for (point, divisor), masks in sorted(groups.items()):
        tight = sum(1 << j for j, number in enumerate(point) if number == 0)
        for i, row in enumerate(matrix):
            if sum(c * number for c, number in zip(row, point, strict=True) if number) == divisor:
                tight |= 1 << columns + i
        found.append(Vertex(point, divisor, tight, tuple(masks)))
    return found
