"""Close a system of multilinear equations and inequalities over products of simplices, by subdivision.

A form that is linear in the point of each simplex takes on a product of simplices a value between the least and the
greatest of its values at the corners. Cells are products of simplices; splitting an edge at its middle replaces one
slice of the table of corner values by the mean of two. So every sign test below is a test of numbers that carry one
rounding error a split, of relative size ``2^-53``: with at most `_DEPTH` splits and tables scaled to 1 the error stays
under ``1e-13``, and a sign counts only beyond `_MARGIN`.

A cell is closed when

1. an equation has one strict sign at all corners, or an inequality is violated at all of them; before any split it is
   enough that no corner has the other sign and one is not 0, as the interior is meant (signs of the input are exact);
2. the same holds of the equations multiplied by the inverse of their derivative at the centre; or
3. the derivative, so multiplied, stays within 0.9 of the identity in the row-sum norm over the cell and a little
   beyond, so that at most one solution lies there and Newton's last point is within ten times its residual of it: the
   cell's only candidate, unless an inequality fails there by far more than that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Closing", "close_cells"]

_MARGIN = 1e-11
#: How far beyond the cell condition 3 holds: barycentric coordinates down to this, derivatives up to `_SWELL` more.
_BEYOND = 1e-7
_SWELL = 1e-4
_DEPTH = 120
#: The bound of condition 3, and what is far beyond the distance of Newton's last point from the solution.
_CONTRACTS, _CLEARLY = 0.9, 1e-8
#: Condition 3 asks for an inverse below this: rounding of the tables then moves a solution by less than `_BEYOND`.
_TAME = 1e4
#: Edges shorter than this are not split: the cell stays open.
_SHORT = 2.0**-16

Arrays = list[Any]


@dataclass(slots=True)
class Closing:
    """What is left to do: candidates ``(group, x_1, ..., x_N)``, and open cells ``(group, (low, high) a factor)``."""

    candidates: list[tuple[int, list[Any]]] = field(default_factory=list)
    open: list[tuple[int, list[tuple[Any, Any]]]] = field(default_factory=list)
    cells: int = 0


def close_cells(forms: Arrays, equations: Sequence[int], *, limit: int = 4000) -> Closing:
    """Close the products of simplices of a batch of systems of the same sizes.

    Parameters
    ----------
    forms
        One array a factor ``i``: ``forms[i][g, k]`` holds the corner values of system ``g``'s ``k``-th form, which does
        not depend on the point of factor ``i``; its other axes are the corners of the other factors, in order. The
        first ``equations[i]`` forms must be 0 and the rest <= 0. Scaled to at most 1; each number is exact up to a
        relative ``2^-52``, hence has its exact sign.
    limit
        Cells at one time; beyond, all stay open.
    """
    sizes = [e + 1 for e in equations]
    count = forms[0].shape[0]
    group = np.arange(count)
    corners = [np.broadcast_to(np.eye(s), (count, s, s)).copy() for s in sizes]
    tables = [np.asarray(f, dtype=float) for f in forms]
    result = Closing()
    group, corners, tables = _take(_first_signs(tables, equations), group, corners, tables)
    for _ in range(_DEPTH):
        if not len(group):
            return result
        result.cells += len(group)
        keep = _plain_signs(tables, equations)
        group, corners, tables = _take(keep, group, corners, tables)
        if not len(group):
            return result
        keep, near, sure = _with_derivative(tables, equations)
        sure &= keep
        for b in np.flatnonzero(sure):
            point = _newton([t[b] for t in tables], equations, near[b])
            if point is not None and _may_hold([t[b] for t in tables], equations, point, [c[b] for c in corners]):
                result.candidates.append((int(group[b]), [lam @ c[b] for lam, c in zip(point, corners, strict=True)]))
            if point is not None:
                keep[b] = False
        group, corners, tables = _take(keep, group, corners, tables)
        if not len(group):
            return result
        short = _longest(corners)[0] < _SHORT
        if len(group) > limit:
            short[:] = True
        result.open += [(int(group[b]), _box(corners, int(b))) for b in np.flatnonzero(short)]
        group, corners, tables = _take(~short, group, corners, tables)
        if not len(group):
            return result
        group, corners, tables = _split(group, corners, tables)
    result.open += [(int(g), _box(corners, b)) for b, g in enumerate(group)]
    return result


def _box(corners: Arrays, b: int) -> list[tuple[Any, Any]]:
    return [(c[b].min(axis=0), c[b].max(axis=0)) for c in corners]


def _take(keep: Any, group: Any, corners: Arrays, tables: Arrays) -> tuple[Any, Arrays, Arrays]:
    if keep.all():
        return group, corners, tables
    return group[keep], [c[keep] for c in corners], [t[keep] for t in tables]


def _first_signs(tables: Arrays, equations: Sequence[int]) -> Any:
    """Return which systems may hold in the interior of their whole product."""
    keep = np.ones(len(tables[0]), dtype=bool)
    for table, e in zip(tables, equations, strict=True):
        flat = table.reshape(*table.shape[:2], math.prod(table.shape[2:]))
        low, high = flat.min(axis=2), flat.max(axis=2)
        keep &= ((low <= 0) & ~((low == 0) & (high > 0))).all(axis=1)
        keep &= ((high >= 0) & ~((high == 0) & (low < 0)))[:, :e].all(axis=1)
    return keep


def _plain_signs(tables: Arrays, equations: Sequence[int]) -> Any:
    """Return which cells pass condition 1, every form also compared with every equation of its factor."""
    keep = np.ones(len(tables[0]), dtype=bool)
    for table, e in zip(tables, equations, strict=True):
        flat = table.reshape(*table.shape[:2], math.prod(table.shape[2:]))
        for k in range(-1, e):
            moved = flat if k < 0 else flat - flat[:, k : k + 1]
            low = moved.min(axis=2)
            keep &= (low <= _MARGIN).all(axis=1)
            if e:
                keep &= (moved[:, :e].max(axis=2) >= -_MARGIN).all(axis=1)
    return keep


def _with_derivative(tables: Arrays, equations: Sequence[int]) -> tuple[Any, Any, Any]:
    """Return which cells pass condition 2, a Newton step from each centre, and which have at most one solution."""
    batch, n, players = len(tables[0]), sum(equations), len(tables)
    if n == 0:
        return np.ones(batch, dtype=bool), np.zeros((batch, 0)), np.ones(batch, dtype=bool)
    value, slope = _at_centre(tables, equations)
    determinant = np.abs(np.linalg.det(slope))
    fine = determinant > 1e-200
    slope = np.where(fine[:, None, None], slope, np.eye(n))
    inverse = np.linalg.inv(slope)
    largest = np.abs(inverse).max(axis=(1, 2))
    fine &= np.isfinite(inverse).all(axis=(1, 2)) & (largest < 1e12)
    inverse[~fine] = np.eye(n)
    tame = fine & (largest < _TAME)
    whole: Any = 0.0
    place = 0
    for i, (table, e) in enumerate(zip(tables, equations, strict=True)):
        if e:
            part = np.einsum("bnk,bk...->bn...", inverse[:, :, place : place + e], table[:, :e])
            whole = whole + np.expand_dims(part, 2 + i)
        place += e
    whole = np.broadcast_to(whole, (batch, n, *(e + 1 for e in equations)))
    blur = _MARGIN * (1 + np.abs(inverse).sum(axis=2))
    flat = whole.reshape(batch, n, -1)
    keep = ~fine | ((flat.min(axis=2) <= blur) & (flat.max(axis=2) >= -blur)).all(axis=1)
    spread = np.zeros((batch, n))
    reach = np.abs(flat).max(axis=2)
    row = 0
    for j in range(players):
        for a in range(1, equations[j] + 1):
            change = np.take(whole, a, axis=2 + j) - np.take(whole, 0, axis=2 + j)
            off = np.abs(change - np.eye(n)[row].reshape(1, n, *([1] * (players - 1))))
            spread += off.reshape(batch, n, -1).max(axis=2) + 2 * blur + _SWELL * reach
            row += 1
    sure = tame & (spread < _CONTRACTS).all(axis=1)
    return keep, -np.einsum("bnk,bk->bn", inverse, value), sure


def _at_centre(tables: Arrays, equations: Sequence[int]) -> tuple[Any, Any]:
    """Return the equations and their derivatives at the centre, in the barycentric coordinates but the first."""
    batch, n, players = len(tables[0]), sum(equations), len(tables)
    value, slope = np.empty((batch, n)), np.zeros((batch, n, n))
    row = 0
    for i, e in enumerate(equations):
        forms = tables[i][:, :e]
        value[:, row : row + e] = forms.reshape(batch, e, -1).mean(axis=2) if e else 0
        column = 0
        for j in range(players):
            if j != i and equations[j] and e:
                axis = 2 + (j if j < i else j - 1)
                means = np.moveaxis(forms, axis, 2).reshape(batch, e, equations[j] + 1, -1).mean(axis=3)
                slope[:, row : row + e, column : column + equations[j]] = means[:, :, 1:] - means[:, :, :1]
            column += equations[j]
        row += e
    return value, slope


def _newton(tables: Arrays, equations: Sequence[int], step: Any) -> Arrays | None:
    """Return the barycentric coordinates of a solution in the cell or just beyond it, or None."""
    point = _blocks(np.concatenate([np.full(e, 1 / (e + 1)) for e in equations]) + step, equations)
    for _ in range(30):
        if any((lam < -1).any() for lam in point):
            return None
        value, slope = _at_point(tables, equations, point)
        try:
            step = -np.linalg.solve(slope, value) if len(value) else value
        except np.linalg.LinAlgError:
            return None
        point = _blocks(np.concatenate([lam[1:] for lam in point]) + step, equations)
        if not len(step) or np.abs(step).max() < 1e-13:
            return point if all((lam >= -_BEYOND).all() for lam in point) else None
    return None


def _may_hold(tables: Arrays, equations: Sequence[int], point: Arrays, corners: Arrays) -> bool:
    """Whether the solution near a point may lie in the product of the whole simplices and satisfy the inequalities."""
    if any((lam @ own < -_CLEARLY).any() for lam, own in zip(point, corners, strict=True)):
        return False
    for i, (table, e) in enumerate(zip(tables, equations, strict=True)):
        values = table[e:]
        for j in reversed([j for j in range(len(tables)) if j != i]):
            values = values @ point[j]
        if (values > _CLEARLY).any():
            return False
    return True


def _blocks(free: Any, equations: Sequence[int]) -> Arrays:
    cuts = np.split(free, np.cumsum(equations)[:-1])
    return [np.concatenate([[1 - part.sum()], part]) for part in cuts]


def _at_point(tables: Arrays, equations: Sequence[int], point: Arrays) -> tuple[Any, Any]:
    n, players = sum(equations), len(tables)
    value, slope = np.empty(n), np.zeros((n, n))
    row = 0
    for i, e in enumerate(equations):
        others = [j for j in range(players) if j != i]
        forms = tables[i][:e]
        for j in others:
            partial = forms
            for k in reversed(others):
                if k != j:
                    partial = np.moveaxis(partial, 1 + others.index(k), -1) @ point[k]
            start = sum(equations[:j])
            slope[row : row + e, start : start + equations[j]] = partial[:, 1:] - partial[:, :1]
        whole = forms
        for k in reversed(others):
            whole = whole @ point[k]
        value[row : row + e] = whole
        row += e
    return value, slope


def _longest(corners: Arrays) -> tuple[Any, Any]:
    """Return the length of the longest edge of each cell, and which ``(factor, a, b)`` it is (a row of `_edges`)."""
    lengths = (
        np.stack([np.abs(corners[i][:, a] - corners[i][:, b]).max(axis=1) for i, a, b in _edges(corners)], axis=1)
        if _edges(corners)
        else np.zeros((len(corners[0]), 1))
    )
    which = lengths.argmax(axis=1)
    return lengths[np.arange(len(lengths)), which], which


def _edges(corners: Arrays) -> list[tuple[int, int, int]]:
    return [(i, a, b) for i, c in enumerate(corners) for a in range(c.shape[1]) for b in range(a)]


def _split(group: Any, corners: Arrays, tables: Arrays) -> tuple[Any, Arrays, Arrays]:
    """Halve the longest edge of each cell."""
    which = _longest(corners)[1]
    groups: list[Any] = []
    new_corners: list[list[Any]] = [[] for _ in corners]
    new_tables: list[list[Any]] = [[] for _ in tables]
    for number, (i, a, b) in enumerate(_edges(corners)):
        chosen = which == number
        if not chosen.any():
            continue
        for kept, moved in ((a, b), (b, a)):
            groups.append(group[chosen])
            for j, c in enumerate(corners):
                part = c[chosen]
                if j == i:
                    part[:, moved] = (part[:, kept] + part[:, moved]) / 2
                new_corners[j].append(part)
            for j, table in enumerate(tables):
                part = table[chosen]
                if j != i:
                    view = np.moveaxis(part, 2 + (i if i < j else i - 1), 0)
                    view[moved] = (view[kept] + view[moved]) / 2
                new_tables[j].append(part)
    return np.concatenate(groups), [np.concatenate(c) for c in new_corners], [np.concatenate(t) for t in new_tables]
