"""A choice of supports in which two players mix and the others do not, closed exactly against listed products.

What the second plays makes the first indifferent between all of its support, and nothing outside better: a cone cut by
the simplex, by double description in whole numbers; the other way round likewise. Every pair of such mixtures is an
equilibrium unless one of the other players gains by a deviation, which is linear in each of the two mixtures.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from gametheory.certificates.vertex_check import cut_rays
from gametheory.games.normal_form import NormalFormGame

__all__ = ["Known", "closed_exactly"]

Supports = tuple[tuple[int, ...], ...]
#: Subsets of equilibria: for each player a set of strategies, whose hulls multiply.
Known = Sequence[tuple[frozenset[tuple[Fraction, ...]], ...]]
Ray = tuple[int, ...]


def closed_exactly(game: NormalFormGame, supports: Supports, known: Known) -> bool:
    """Whether every equilibrium with these supports, of which two are larger than one, lies in a known subset."""
    first, second = (i for i, own in enumerate(supports) if len(own) > 1)
    xs = _mixtures(game, supports, first, second, [])
    ys = _mixtures(game, supports, second, first, []) if xs else []
    if xs is None or ys is None:
        return False
    if not xs or not ys:
        return True
    cuts: dict[int, list[list[int]]] = {first: [], second: []}
    for matrix in _deviations(game, supports, first, second):
        gains = {(x, y): _product(x, matrix, y) for x, y in product(xs, ys)}
        if max(gains.values()) <= 0:
            continue
        if min(gains.values()) > 0:
            return True
        if len(xs) == 1:
            cuts[second].append(
                [-sum(p * row[k] for p, row in zip(xs[0], matrix, strict=True)) for k in range(len(ys[0]))]
            )
        elif len(ys) == 1:
            cuts[first].append([-sum(p * q for p, q in zip(row, ys[0], strict=True)) for row in matrix])
        else:
            return False
    if cuts[first] or cuts[second]:
        xs = _mixtures(game, supports, first, second, cuts[first])
        ys = _mixtures(game, supports, second, first, cuts[second]) if xs else []
        if not xs or not ys:
            return xs is not None and ys is not None
    return _listed(game, supports, {first: xs, second: ys}, known)


def _listed(game: NormalFormGame, supports: Supports, rays: dict[int, list[Ray]], known: Known) -> bool:
    wanted = []
    for i, own in enumerate(supports):
        mixtures = set()
        for ray in rays.get(i, [(1,)]):
            weights = dict(zip(own, ray, strict=True))
            mixtures.add(tuple(Fraction(weights.get(k, 0), sum(ray)) for k in range(game.shape[i])))
        wanted.append(mixtures)
    return any(all(need <= have for need, have in zip(wanted, subset, strict=True)) for subset in known)


def _table(game: NormalFormGame, player: int, supports: Supports) -> Any:
    """Return the player's numerators with its own strategies first, the others' restricted to their supports."""
    cells = np.moveaxis(game.payoffs[player].integers(), player, 0)
    others = [own for j, own in enumerate(supports) if j != player]
    return cells[np.ix_(range(game.shape[player]), *others)]


def _mixtures(
    game: NormalFormGame, supports: Supports, player: int, other: int, cuts: list[list[int]]
) -> list[Ray] | None:
    """Return the extreme mixtures of `player` under which the support of `other` pays the same, and nothing more."""
    size, own = len(supports[player]), supports[other]
    rows = _table(game, other, supports).reshape(game.shape[other], size).tolist()
    lead = rows[own[0]]
    all_cuts = list(cuts)
    for k, row in enumerate(rows):
        if k != own[0]:
            less = [a - b for a, b in zip(lead, row, strict=True)]
            all_cuts.append(less)
            if k in own:
                all_cuts.append([-d for d in less])
    units = [tuple(int(k == j) for k in range(size)) for j in range(size)]
    found = cut_rays(units, [((1 << size) - 1) & ~(1 << j) for j in range(size)], all_cuts, first=size)
    return None if found is None else [ray for ray, _ in found]


def _deviations(game: NormalFormGame, supports: Supports, first: int, second: int) -> list[list[list[int]]]:
    """Return what each player who does not mix gains by each deviation: a row a strategy of the first of the two."""
    found = []
    for i, own in enumerate(supports):
        if i in (first, second):
            continue
        table = _table(game, i, supports).reshape(game.shape[i], len(supports[first]), len(supports[second]))
        found += [(table[l] - table[own[0]]).tolist() for l in range(game.shape[i]) if l != own[0]]
    return found


def _product(x: Ray, matrix: list[list[int]], y: Ray) -> int:
    return sum(p * sum(q * d for q, d in zip(y, row, strict=True)) for p, row in zip(x, matrix, strict=True) if p)
