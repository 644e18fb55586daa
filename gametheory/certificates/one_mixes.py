"""Is an equilibrium missing in which at most one player mixes? All of them are polytopes, made again here.

While the others keep to pure strategies, a player may mix its best replies ``T``; they keep to them where linear
inequalities in the mixture hold. The polytope ``{x >= 0 on T, sum x = 1, A x <= 0}`` is a cone cut by the simplex, and
its vertices are the rays of the cone, by double description in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.certificates.vertex_check import cut_rays
from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame

__all__ = ["not_covered"]


def not_covered(
    game: NormalFormGame, listed: Sequence[Mixed], subsets: Sequence[Sequence[Sequence[Any]]]
) -> Mixed | None:
    """Return an extreme equilibrium with at most one player mixing that is not listed, or whose polytope is nowhere.

    With subsets, each polytope has to lie in the hull of one that holds the others' strategies.
    """
    single = set(listed)
    known = [tuple(frozenset(strategies) for strategies in subset) for subset in subsets]
    for i, others, vertices in _polytopes(game):
        corners = [tuple(others.get(j, vertex) for j in range(len(game.shape))) for vertex in sorted(vertices)]
        missing = [corner for corner in corners if corner not in single]
        if missing:
            return missing[0]
        if len(corners) == 1 or not known:
            continue
        if not any(vertices <= own[i] and all(s in own[j] for j, s in others.items()) for own in known):
            return corners[0]
    return None


def _polytopes(game: NormalFormGame) -> Iterator[tuple[int, dict[int, Any], frozenset[Any]]]:
    """Yield the player, the others' strategies and the vertices, for every polytope that is not empty."""
    tables = [table.integers() for table in game.payoffs]
    units = [[tuple(Fraction(int(k == l)) for k in range(m)) for l in range(m)] for m in game.shape]
    best = [np.equal(table, table.max(axis=i, keepdims=True)) for i, table in enumerate(tables)]
    pure = np.logical_and.reduce(best)
    for i in range(len(game.shape)):
        mine = np.moveaxis(best[i], i, 0)
        for rest in map(tuple, np.argwhere(mine.sum(axis=0) > (1 if i else 0)).tolist()):
            replies = np.flatnonzero(mine[(slice(None), *rest)]).tolist()
            place = [*rest[:i], replies[0], *rest[i:]]
            if len(replies) == 1 and not pure[tuple(place)]:
                continue
            found = cut_rays(*_simplex(len(replies)), _cuts(tables, i, place, replies), first=len(replies))
            if not found:
                continue
            vertices = []
            for ray, _ in found:
                weights = dict(zip(replies, ray, strict=True))
                vertices.append(tuple(Fraction(weights.get(k, 0), sum(ray)) for k in range(game.shape[i])))
            yield i, {j: units[j][place[j]] for j in range(len(game.shape)) if j != i}, frozenset(vertices)


def _cuts(tables: list[Any], i: int, place: list[int], replies: list[int]) -> list[list[int]]:
    """Return rows that are not negative where no other player gains: distinct ones that cut anything off."""
    rows = []
    for j, table in enumerate(tables):
        if j == i:
            continue
        for l in range(table.shape[j]):
            row = []
            for k in replies:
                here = [k if n == i else p for n, p in enumerate(place)]
                there = [l if n == j else p for n, p in enumerate(here)]
                row.append(int(table[tuple(here)]) - int(table[tuple(there)]))
            if min(row) < 0:
                rows.append(tuple(row))
    return [list(row) for row in dict.fromkeys(rows)]


def _simplex(size: int) -> tuple[list[tuple[int, ...]], list[int]]:
    units = [tuple(int(k == j) for k in range(size)) for j in range(size)]
    return units, [((1 << size) - 1) & ~(1 << j) for j in range(size)]
