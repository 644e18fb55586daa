"""Equilibria in which two players mix while the others keep to pure strategies: polytopes times polytopes, exactly.

For the two it is a game of two, whose maximal Nash subsets are products of polytopes. What another player gains by a
deviation is linear in each of the two mixtures, so that it gains nowhere on a product where it gains at no corner.
Where it gains at some corners the product is cut, if one of the two mixtures is a single point and the other a segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from gametheory.games.normal_form import NormalFormGame
from gametheory.solvers.normal_form.extreme import ExtremeEquilibria
from gametheory.solvers.normal_form.faces import Subset
from gametheory.solvers.normal_form.support_zeros import Supports

__all__ = ["products_of_two", "settled"]


def settled(game: NormalFormGame, supports: Iterable[Supports]) -> tuple[list[Subset], set[Supports]]:
    """Return the products that hold every equilibrium of those supports that could be settled, and these supports.

    >>> game = NormalFormGame([[0, 0], [0, 0]], [[0, 0], [0, 0]])
    >>> products, closed = settled(game, [((0, 1), (0, 1))])
    >>> [[len(own) for own in subset] for subset in products], len(closed)
    ([[2, 2]], 1)
    """
    found: list[Subset] = []
    closed: set[Supports] = set()
    known: dict[Any, list[Subset] | None] = {}
    for own in supports:
        pair = [i for i, s in enumerate(own) if len(s) > 1]
        if len(pair) != 2:
            continue
        key = tuple(None if i in pair else s[0] for i, s in enumerate(own))
        if key not in known:
            known[key] = products_of_two(game, key)
            found += known[key] or []
        if known[key] is not None:
            closed.add(own)
    return found, closed


def products_of_two(game: NormalFormGame, still: tuple[int | None, ...]) -> list[Subset] | None:
    """Return the maximal products of equilibria in which who has no strategy in `still` may mix; None if unknown."""
    pair = [i for i, k in enumerate(still) if k is None]
    cells = [table.fractions() for table in game.payoffs]
    place = tuple(slice(None) if k is None else k for k in still)
    both = NormalFormGame(*(cells[i][place] for i in pair))
    found: list[Subset] = []
    for component in ExtremeEquilibria().solve(both).extra["components"]:
        for first, second in component:
            kept = _kept(_deviations(cells, still, pair), first, second)
            if kept is None:
                return None
            for x, y in kept:
                mixed = iter((x, y))
                found.append(
                    tuple(
                        tuple(next(mixed)) if k is None else (tuple(Fraction(int(l == k)) for l in range(m)),)
                        for k, m in zip(still, game.shape, strict=True)
                    )
                )
    return found


def _deviations(cells: list[Any], still: tuple[int | None, ...], pair: list[int]) -> Iterator[Any]:
    """Yield what another player gains by each deviation, as a matrix over the strategies of the two."""
    for i, k in enumerate(still):
        if k is None:
            continue
        place = tuple(slice(None) if n is None else n for n in still)
        for l in range(cells[i].shape[i]):
            if l != k:
                there = (*place[:i], l, *place[i + 1 :])
                yield cells[i][there] - cells[i][place]


def _kept(deviations: Iterator[Any], first: Any, second: Any) -> list[tuple[Any, Any]] | None:
    """Return the part of a product on which nobody else gains; nothing, one product, or None where it is no product."""
    for matrix in deviations:
        gains = {(x, y): np.array(x) @ matrix @ np.array(y) for x, y in product(first, second)}
        if max(gains.values()) <= 0:
            continue
        if min(gains.values()) > 0:
            return []
        if len(second) == 1 and len(first) == 2:
            first = _cut(first, [gains[x, second[0]] for x in first])
        elif len(first) == 1 and len(second) == 2:
            second = _cut(second, [gains[first[0], y] for y in second])
        else:
            return None
    return [(first, second)]


def _cut(ends: Any, gains: list[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    """Return the ends of the part of a segment on which a gain is not positive; one end gains, the other does not."""
    (good, low), (bad, high) = sorted(zip(ends, gains, strict=True), key=lambda pair: pair[1])
    share = -low / (high - low)
    middle = tuple((1 - share) * p + share * q for p, q in zip(good, bad, strict=True))
    return tuple(sorted({good, middle}, reverse=True))
