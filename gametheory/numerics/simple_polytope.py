"""All vertices of a simple polytope ``{z >= 0 : C z <= 1}`` found in floats and proved.

*Found*: the polytope is cut by one row at a time; a new vertex lies on each edge that the row crosses, and in a simple
polytope an edge is what two vertices have in common but for one tight constraint. *Proved*: each vertex, named by its
tight constraints, is shown to exist (its equations are regular and every other constraint is strictly slack), and every
edge of every vertex is shown to lead to another vertex of the list. A list closed under adjacency is complete, as the
graph of a polytope is connected (Balinski). How the list was found does not matter for the proof.

The signs rest on one bound. For a matrix ``M`` with computed inverse ``R`` let ``E = I - R M`` and ``q`` be an upper
bound of its row-sum norm, rounding included. If ``q < 1``, then ``M`` is regular and ``|M^-1 b - R b| <= q / (1 - q)
|R b|`` in the maximum norm (S. M. Rump, Verification methods, Acta Numerica 19 (2010) 287-449, section 10).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["basis_signs", "batches", "enclosed_values", "simple_vertices"]

#: One rounding. Bounds are taken a few times too large, which covers the rounding of the bounds themselves.
_UNIT = 2.0**-53
_CHUNK = 4096


def simple_vertices(matrix: Any) -> Any:
    """Return the bitmask of tight constraints of every vertex as uint64, or None where floats cannot prove it.

    Bit ``j < d`` says ``z_j = 0``, bit ``d + i`` that row ``i`` is tight; every vertex has exactly ``d``.

    Parameters
    ----------
    matrix
        ``C``, of positive numbers that are exact in float64; rows and columns are at most 63 together.

    Examples
    --------
    >>> sorted(simple_vertices(np.array([[1.0, 2.0]])).tolist())
    [3, 5, 6]
    """
    rows, columns = matrix.shape
    if rows + columns > 63:
        return None
    masks = _candidates(matrix)
    if masks is None:
        return None
    inside = ~masks  # columns not tight are basic: a variable that is positive, or a row that is slack
    positive, _ = basis_signs(matrix, inside)
    return masks if positive.all() and _closed(masks, rows + columns, columns) else None


def _candidates(matrix: Any) -> Any:
    """Return the vertices by cutting with one row after the other, or None at a near tie."""
    rows, columns = matrix.shape
    one = np.uint64(1)
    axes = one << np.arange(columns, dtype=np.uint64)
    everything = np.uint64((1 << columns) - 1)
    points = np.vstack([np.zeros(columns), np.diag(1 / matrix[0])])
    masks = np.concatenate([[everything], (everything & ~axes) | (one << np.uint64(columns))])
    for i in range(1, rows):
        slack = 1 - points @ matrix[i]
        if (np.abs(slack) < 1e-11).any():
            return None
        above, below = np.flatnonzero(slack > 0), np.flatnonzero(slack < 0)
        if not len(below):
            continue
        high, p = _edges(masks[above], columns + i, columns)
        low, q = _edges(masks[below], columns + i, columns)
        order = np.argsort(high)
        high, p = high[order], p[order]
        place = np.minimum(np.searchsorted(high, low), len(high) - 1)
        crossed = high[place] == low
        p, q = above[p[place[crossed]]], below[q[crossed]]
        share = (slack[p] / (slack[p] - slack[q]))[:, None]
        points = np.vstack([points[above], points[p] + share * (points[q] - points[p])])
        masks = np.concatenate([masks[above], low[crossed] | (one << np.uint64(columns + i))])
    return masks


def _edges(masks: Any, total: int, count: int) -> tuple[Any, Any]:
    """Return for each vertex its edges (the mask without one tight bit), flat, and the vertex that each belongs to."""
    bits = np.uint64(1) << np.arange(total, dtype=np.uint64)
    owner, which = np.nonzero(masks[:, None] & bits)
    if len(owner) != len(masks) * count:
        return np.zeros(0, dtype=np.uint64), owner[:0]
    return masks[owner] & ~bits[which], owner


def _closed(masks: Any, total: int, count: int) -> bool:
    """Whether no vertex is listed twice and every edge has both its ends in the list."""
    if len(np.unique(masks)) != len(masks):
        return False
    edges, _ = _edges(masks, total, count)
    edges = np.sort(edges)
    if len(edges) != len(masks) * count or len(edges) % 2:
        return False
    return bool((edges[::2] == edges[1::2]).all())


def basis_signs(matrix: Any, basic: Any) -> tuple[Any, Any]:
    """Return which bases have a point that is surely positive throughout, and which surely negative somewhere.

    `basic` are bitmasks of basic columns, numbered as in :func:`simple_vertices` (higher bits are ignored), as many as
    there are rows. A basis that is neither is for exact arithmetic to decide.
    """
    positive, negative = np.zeros(len(basic), dtype=bool), np.zeros(len(basic), dtype=bool)
    for part, tight, loose, chosen in batches(matrix.shape, basic):
        if chosen.shape[1] == 0:
            positive[part] = True  # the origin
            continue
        sure, value, error = enclosed_values(matrix, tight, loose, chosen)
        positive[part] = sure & (value > error).all(axis=1)
        negative[part] = sure & (value < -error).any(axis=1)
    return positive, negative


def batches(shape: tuple[int, int], basic: Any) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield bases of equal size together: their places in `basic`, tight rows, slack rows and basic columns.

    Bases that have not as many columns as there are rows are left out.
    """
    rows, columns = shape
    bits = (basic[:, None] >> np.arange(rows + columns, dtype=np.uint64)) & np.uint64(1)
    played, slack = bits[:, :columns].astype(bool), bits[:, columns:].astype(bool)
    sizes = played.sum(axis=1)
    fitting = sizes + slack.sum(axis=1) == rows
    for k in np.unique(sizes):
        group = np.flatnonzero((sizes == k) & fitting)
        for start in range(0, len(group), _CHUNK):
            part = group[start : start + _CHUNK]
            yield (
                part,
                np.nonzero(~slack[part])[1].reshape(len(part), k),
                np.nonzero(slack[part])[1].reshape(len(part), rows - k),
                np.nonzero(played[part])[1].reshape(len(part), k),
            )


def enclosed_values(matrix: Any, tight: Any, loose: Any, chosen: Any) -> tuple[Any, Any, Any]:
    """Return ``x = M^-1 1`` (``M`` the tight rows of the chosen columns) and then ``1 - C x`` at the slack rows.

    A row a basis: whether it was shown to be regular, the values, and for each a bound of its error.
    """
    k = tight.shape[1]
    square = matrix[tight[:, :, None], chosen[:, None, :]]
    try:
        inverse = np.linalg.inv(square)
    except np.linalg.LinAlgError:
        if len(tight) > 1:  # one of them is singular: each by itself
            each = [enclosed_values(matrix, tight[i, None], loose[i, None], chosen[i, None]) for i in range(len(tight))]
            return tuple(np.concatenate(column) for column in zip(*each, strict=True))  # type: ignore[return-value]
        nothing = np.zeros((1, k + loose.shape[1]))
        return np.zeros(1, dtype=bool), nothing, nothing
    size = np.abs(inverse).sum(axis=2)  # also bounds the rounding of the row sums below
    defect = np.abs(inverse @ square - np.eye(k)).sum(axis=2)
    defect += 4 * (k + 2) * _UNIT * (1 + size * square.sum(axis=2).max(axis=1)[:, None])
    q = defect.max(axis=1)
    point = inverse.sum(axis=2)
    rounding = 4 * (k + 2) * _UNIT * size
    error = rounding + (1.5 * q * (np.abs(point) + rounding).max(axis=1))[:, None]
    others = matrix[loose[:, :, None], chosen[:, None, :]]
    room = 1 - np.einsum("bik,bk->bi", others, point)
    blur = np.einsum("bik,bk->bi", others, error + 4 * (k + 3) * _UNIT * np.abs(point)) * (1 + 1e-9) + 4 * _UNIT
    return q < 0.25, np.hstack([point, room]), np.hstack([error, blur])
