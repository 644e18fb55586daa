"""Equilibria in which all players but one, or all, are pure: exact polytopes, whatever the number of players.

Given the others' pure strategies, the one who mixes may mix its best replies ``T``, and the others keep to their
strategies where linear inequalities in its mixture hold. So these equilibria are the polytopes ``{x in simplex(T) :
u_j(l, x) <= u_j(s_j, x) for all j, l}``: single points, segments, and more only where payoffs tie.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import flint
import numpy as np

from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.solvers.normal_form.pure import numbers, pure_equilibria, pure_profile

__all__ = ["flat_faces", "strict_equilibria"]

#: For each player the extreme strategies; at most one player has more than one.
Subset = tuple[tuple[tuple[Fraction, ...], ...], ...]


def strict_equilibria(game: NormalFormGame) -> set[Mixed]:
    """Return the pure equilibria at which every deviation loses."""
    tables = [numbers(table) for table in game.payoffs]
    found = set()
    for cell in pure_equilibria(game):
        lines = [table[(*cell[:i], slice(None), *cell[i + 1 :])] for i, table in enumerate(tables)]
        if all(int((line == line[k]).sum()) == 1 for line, k in zip(lines, cell, strict=True)):
            found.add(pure_profile(game, cell))
    return found


def flat_faces(game: NormalFormGame) -> list[Subset]:
    """Return the maximal polytopes of equilibria in which at most one player mixes.

    >>> tied = NormalFormGame([[1, 1]], [[2, 2]])
    >>> [[len(own) for own in subset] for subset in flat_faces(tied)]
    [[1, 2]]
    """
    found: list[Subset] = []
    for i in range(len(game.shape)):
        found += _of_player(game, i)
    corners = {(s,) for subset in found for s in product(*subset)}
    lone = [tuple((s,) for s in pure_profile(game, cell)) for cell in pure_equilibria(game)]
    return found + [subset for subset in lone if (tuple(own[0] for own in subset),) not in corners]


def _of_player(game: NormalFormGame, i: int) -> Iterator[Subset]:
    """Yield the polytopes with more than one point, or with a point that is not pure, in which player `i` mixes."""
    table = np.moveaxis(numbers(game.payoffs[i]), i, 0)
    best = table == table.max(axis=0)
    for others in np.argwhere(best.sum(axis=0) > 1).tolist():
        replies = [int(k) for k in np.flatnonzero(best[(slice(None), *others)])]
        corners = _corners(_inequalities(game, i, others, replies), len(replies))
        if len(corners) < 2 and not any(0 < p < 1 for x in corners for p in x):
            continue
        own = []
        for x in corners:
            by_place = dict(zip(replies, x, strict=True))
            own.append(tuple(by_place.get(k, Fraction(0)) for k in range(game.shape[i])))
        fixed = [(tuple(Fraction(int(k == c)) for k in range(m)),) for c, m in zip(others, _rest(game, i), strict=True)]
        yield (*fixed[:i], tuple(own), *fixed[i:])


def _rest(game: NormalFormGame, i: int) -> tuple[int, ...]:
    return (*game.shape[:i], *game.shape[i + 1 :])


def _inequalities(game: NormalFormGame, i: int, others: list[int], replies: list[int]) -> list[list[int]]:
    """Return rows ``a`` with ``a x <= 0``: no other player gains by any deviation."""
    rows = []
    for j, size in enumerate(game.shape):
        if j == i:
            continue
        table: Any = numbers(game.payoffs[j])
        kept = [*others[:i], 0, *others[i:]]
        for l in range(size):
            if l == kept[j]:
                continue
            row = []
            for k in replies:
                here = [*kept[:i], k, *kept[i + 1 :]]
                there = [*here[:j], l, *here[j + 1 :]]
                row.append(int(table[tuple(there)]) - int(table[tuple(here)]))
            rows.append(row)
    return rows


def _corners(rows: list[list[int]], size: int) -> list[tuple[Fraction, ...]]:
    """Return the vertices of ``{x >= 0, sum x = 1, rows x <= 0}``: each is fixed by its tight constraints."""
    constraints = [tuple(-int(j == k) for j in range(size)) for k in range(size)]
    constraints += [row for row in dict.fromkeys(map(tuple, rows)) if any(entry > 0 for entry in row)]
    found = set()
    for tight in combinations(constraints, size - 1):
        matrix = flint.fmpz_mat([*map(list, tight), [1] * size])
        if matrix.det() == 0:
            continue
        solution = matrix.solve(flint.fmpz_mat([[0]] * (size - 1) + [[1]]))
        x = tuple(Fraction(int(solution[k, 0].p), int(solution[k, 0].q)) for k in range(size))
        if all(sum(a * p for a, p in zip(row, x, strict=True)) <= 0 for row in constraints):
            found.add(x)
    return sorted(found, reverse=True)
