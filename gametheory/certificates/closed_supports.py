"""Is an equilibrium of a game of three players or more missing from a list? Every support is closed again.

In an equilibrium every strategy that is played pays the same, and no other pays more. For each choice of supports in
which two or more mix, and that no strategy of a support loses wherever the others' supports are played (exact signs),
the product of simplices is cut into products of small simplices. A payoff difference is linear in each player's
mixture, so it lies between its least and its greatest value at corners. A cell is closed when

1. a difference that must vanish has one sign on it, or a strategy outside the supports gains on all of it;
2. the same holds of the differences times an inverse of their derivatives at the centre; or
3. the derivatives, so multiplied, stay within 0.85 of the identity in the row-sum norm over the cell and a little
   beyond, so that at most one solution lies there, and a listed equilibrium is one.

Rounding. Differences are scaled to at most 1, exact up to a relative ``2^-52``; a value at a corner is contracted from
them with dyadic weights that sum to one, so that its error stays below ``2 (sum of sizes) 2^-52 < 1e-13`` for up to 100
strategies. Signs count beyond 1e-12.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from gametheory.games.normal_form import NormalFormGame

__all__ = ["OpenSupport", "Point", "unclosed"]

Supports = tuple[tuple[int, ...], ...]

_MARGIN = 1e-12
_CONTRACTS, _BEYOND = 0.85, 1e-6
#: A cell with edges shorter than this is not cut: its support stays open. And cells of one game, at most.
_SHORT, _CELLS = 2.0**-16, 400_000
#: Cells that are looked at at once: few, so that a support that cannot be closed shows a short edge early.
_BATCH = 1_000
#: More support profiles than this are not gone through.
_SUPPORTS = 200_000


@dataclass(frozen=True, slots=True)
class Point:
    """A listed equilibrium: its probabilities, what it plays, and all that pays as much."""

    weights: tuple[tuple[float, ...], ...]
    played: tuple[frozenset[int], ...]
    best: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class OpenSupport:
    """A choice of supports that was not closed.

    Attributes
    ----------
    near
        Weights on the supports of a point next to which an equilibrium seems to be missing, or None.
    large
        Whether only the size kept it open.
    """

    supports: Supports
    near: tuple[tuple[float, ...], ...] | None = None
    large: bool = False


def unclosed(
    game: NormalFormGame, points: Sequence[Point], two: Callable[[Supports], bool] = lambda supports: False
) -> OpenSupport | None:
    """Return a choice of supports, two or more mixing, that may hold an equilibrium beyond the points; None if none.

    Where only two mix, `two` is asked first whether the supports are closed.
    """
    shape = game.shape
    if math.prod(2**m - 1 for m in shape) > _SUPPORTS:
        return OpenSupport(tuple(tuple(range(m)) for m in shape), large=True)
    groups: dict[tuple[int, ...], list[Supports]] = defaultdict(list)
    for supports in _not_beaten(game):
        if sum(len(own) > 1 for own in supports) == 2 and two(supports):
            continue
        groups[tuple(map(len, supports))].append(supports)
    tables = [_differences(game, i) for i in range(len(shape))]
    budget = _CELLS
    for sizes in sorted(groups, key=lambda sizes: (sum(sizes), sizes)):
        found, budget = _close(tables, sorted(groups[sizes]), points, budget)
        if found is not None:
            return found
    return None


def _differences(game: NormalFormGame, player: int) -> Any:
    """Return at ``[k, l, others]`` what strategy ``k`` earns beyond ``l``, over the largest such number."""
    cells = np.moveaxis(game.payoffs[player].integers(), player, 0)
    whole = cells[:, None] - cells[None, :]
    size = max(max(map(abs, whole.ravel().tolist())), 1)
    return np.array([d / size for d in whole.ravel().tolist()]).reshape(whole.shape)


def _not_beaten(game: NormalFormGame) -> Iterable[Supports]:
    """Yield the supports, two or more mixing, none of whose strategies loses wherever the others' are all played."""
    shape = game.shape
    subsets = [[tuple(k for k in range(m) if mask >> k & 1) for mask in range(1, 1 << m)] for m in shape]
    beaten: list[dict[Supports, frozenset[int]]] = []
    for i, m in enumerate(shape):
        cells = np.moveaxis(game.payoffs[i].integers(), i, 0)
        rest = cells.shape[1:]
        bits = np.array([1 << n for n in range(math.prod(rest))], dtype=object).reshape(rest)
        more = [[int(sum(bits[cells[l] > cells[k]].tolist())) for l in range(m)] for k in range(m)]
        by_others = {}
        for others in product(*(subsets[j] for j in range(len(shape)) if j != i)):
            here = int(sum(bits[np.ix_(*others)].ravel().tolist()))
            by_others[others] = frozenset(
                k for k in range(m) if any(more[k][l] & here and not more[l][k] & here for l in range(m))
            )
        beaten.append(by_others)
    for supports in product(*subsets):
        if sum(len(own) > 1 for own in supports) > 1 and not any(
            beaten[i][supports[:i] + supports[i + 1 :]].intersection(own) for i, own in enumerate(supports)
        ):
            yield supports


# --------------------------------------------------------------------------------------------------------------- cells


def _close(
    tables: list[Any], batch: list[Supports], points: Sequence[Point], budget: int
) -> tuple[OpenSupport | None, int]:
    """Close supports of the same sizes, a list of cells at a time, the last ones first."""
    sizes = [len(own) for own in batch[0]]
    forms = [_rows(table, i, batch) for i, table in enumerate(tables)]
    listed = [_solutions(supports, points) for supports in batch]
    queue = [(np.arange(len(batch)), [np.broadcast_to(np.eye(s), (len(batch), s, s)) for s in sizes])]
    while queue:
        which, corners = queue.pop()
        budget -= len(which)
        if budget < 0:
            return OpenSupport(batch[int(which[0])], large=True), budget
        values = [_at_corners(form[which], corners, i) for i, form in enumerate(forms)]
        keep = _plain(values, sizes)
        if not keep.any():
            continue
        which, corners = which[keep], [c[keep] for c in corners]
        keep, sure = _preconditioned([v[keep] for v in values], sizes)
        for b in np.flatnonzero(sure).tolist():
            cell = [c[b] for c in corners]
            if any(_within(cell, point) for point in listed[int(which[b])]):
                keep[b] = False
        if not keep.any():
            continue
        which, corners, sure = which[keep], [c[keep] for c in corners], sure[keep]
        lengths = _lengths(corners)
        short = np.flatnonzero(lengths.max(axis=1) < _SHORT).tolist()
        if short:  # where one solution at most is there, but not listed, it is the one that is missing
            b = next((b for b in short if sure[b]), short[0])
            near = tuple(tuple(c[b].mean(axis=0).tolist()) for c in corners) if sure[b] else None
            return OpenSupport(batch[int(which[b])], near), budget
        which, corners = _halved(which, corners, lengths)
        for start in range(0, len(which), _BATCH):
            part = slice(start, start + _BATCH)
            queue.append((which[part], [c[part] for c in corners]))
    return None, budget


def _rows(table: Any, player: int, batch: list[Supports]) -> Any:
    """Return what the rest of the support, then those outside, earn beyond its first strategy."""
    rows = []
    for supports in batch:
        own = supports[player]
        others = [s for j, s in enumerate(supports) if j != player]
        order = [*own[1:], *(k for k in range(len(table)) if k not in own)]
        rows.append(table[np.ix_(order, [own[0]], *others)][:, 0])
    return np.stack(rows)


def _solutions(supports: Supports, points: Sequence[Point]) -> list[list[Any]]:
    """Return the points that solve the equations of the supports, as weights on these."""
    return [
        [np.array([own[k] for k in s]) for own, s in zip(point.weights, supports, strict=True)]
        for point in points
        if all(p <= set(s) <= b for p, s, b in zip(point.played, supports, point.best, strict=True))
    ]


def _at_corners(form: Any, corners: list[Any], player: int) -> Any:
    """Return the forms at the corners of the cells: axes cell, form, corner of each other player."""
    others = [c for j, c in enumerate(corners) if j != player]
    for axis, c in enumerate(others):
        moved = np.moveaxis(form, 2 + axis, -1)
        shape = moved.shape
        flat = moved.reshape(shape[0], -1, shape[-1]) @ c.transpose(0, 2, 1)
        form = np.moveaxis(flat.reshape(*shape[:-1], c.shape[1]), -1, 2 + axis)
    return form


def _plain(values: list[Any], sizes: list[int]) -> Any:
    """Return which cells are not closed by signs: of the differences, and of differences of two of them."""
    keep = np.ones(len(values[0]), dtype=bool)
    for value, size in zip(values, sizes, strict=True):
        flat = value.reshape(*value.shape[:2], math.prod(value.shape[2:]))
        for k in range(size):
            beyond = flat - flat[:, k - 1 : k] if k else flat
            keep &= (beyond.min(axis=2) <= _MARGIN).all(axis=1)
            keep &= (beyond.max(axis=2) >= -_MARGIN)[:, : size - 1].all(axis=1)
    return keep


def _preconditioned(values: list[Any], sizes: list[int]) -> tuple[Any, Any]:
    """Return which cells are not closed by signs of combinations, and which hold at most one solution."""
    count, unknowns = len(values[0]), sum(sizes) - len(sizes)
    full: list[Any] = []  # all equations at all corners: axes cell, corner of each player
    for i, (value, size) in enumerate(zip(values, sizes, strict=True)):
        for k in range(size - 1):
            full.append(np.broadcast_to(np.expand_dims(value[:, k], 1 + i), (count, *sizes)))
    whole = np.stack(full, axis=1)
    slopes = []
    for j, size in enumerate(sizes):
        first = np.take(whole, [0], axis=2 + j)
        change = np.take(whole, range(1, size), axis=2 + j) - first
        rest = math.prod(sizes) // size
        slopes.append(np.moveaxis(change, 2 + j, 2).reshape(count, unknowns, size - 1, rest).mean(axis=3))
    centre = np.concatenate(slopes, axis=2)
    fine = np.abs(np.linalg.det(centre)) > 1e-150
    centre[~fine] = np.eye(unknowns)
    inverse = np.linalg.inv(centre)
    heavy = np.abs(inverse).sum(axis=2)
    fine &= np.isfinite(heavy).all(axis=1) & (heavy.max(axis=1) < 1e9)
    inverse[~fine] = np.eye(unknowns)
    heavy = np.abs(inverse).sum(axis=2)
    mixed = (inverse @ whole.reshape(count, unknowns, -1)).reshape(whole.shape)
    blur = 2 * heavy * _MARGIN
    flat = mixed.reshape(count, unknowns, -1)
    keep = ~fine | ((flat.min(axis=2) <= blur) & (flat.max(axis=2) >= -blur)).all(axis=1)
    far, row = 2 * unknowns * blur, 0
    for j, size in enumerate(sizes):
        for k in range(1, size):
            change = np.take(mixed, k, axis=2 + j) - np.take(mixed, 0, axis=2 + j)
            change[:, row] -= 1
            far = far + np.abs(change).reshape(count, unknowns, -1).max(axis=2)
            row += 1
    # Beyond the cell by `_BEYOND` the sizes of a mixture's weights sum to at most one and twice that for each of them,
    # and a derivative is the difference of two values: a row changes by at most half of this.
    tame = np.abs(flat).max(axis=(1, 2)) * 8 * unknowns * (unknowns + len(sizes)) * _BEYOND < 0.05
    return keep, fine & tame & (far < _CONTRACTS).all(axis=1)


def _within(cell: list[Any], point: list[Any]) -> bool:
    """Whether a point lies in the cell, or beyond it by less than that for which uniqueness holds."""
    return all((np.linalg.solve(c.T, p) >= -_BEYOND / 2).all() for c, p in zip(cell, point, strict=True))


def _edges(corners: list[Any]) -> list[tuple[int, int, int]]:
    return [(i, a, b) for i, c in enumerate(corners) for a in range(c.shape[1]) for b in range(a)]


def _lengths(corners: list[Any]) -> Any:
    return np.stack([np.abs(corners[i][:, a] - corners[i][:, b]).max(axis=1) for i, a, b in _edges(corners)], axis=1)


def _halved(which: Any, corners: list[Any], lengths: Any) -> tuple[Any, list[Any]]:
    """Cut the longest edge of each cell at its middle."""
    longest = lengths.argmax(axis=1)
    halves = [[c.copy() for c in corners] for _ in range(2)]
    for n, (i, a, b) in enumerate(_edges(corners)):
        chosen = longest == n
        if chosen.any():
            middle = (corners[i][chosen, a] + corners[i][chosen, b]) / 2
            halves[0][i][chosen, a] = middle
            halves[1][i][chosen, b] = middle
    return np.concatenate([which, which]), [np.concatenate(pair) for pair in zip(*halves, strict=True)]
