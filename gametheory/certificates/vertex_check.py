"""The vertices of a best-response polytope by the double description method, for checking that a list is complete.

``{x >= 0 : C x <= 1}`` is the slice ``t = 1`` of the cone ``{(x, t) >= 0 : C x <= t}``. The cone is cut by one row at
a time: the rays on the wrong side go, and each pair of adjacent rays on either side leaves a new one (Motzkin, Raiffa,
Thompson and Thrall 1953; adjacency by zero sets, Fukuda and Prodon 1996, proposition 7). Nothing is perturbed, nothing
is pivoted and all numbers are integers: no code is shared with a solver, and no step with an enumeration by bases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["RAY_LIMIT", "cut_rays", "vertex_rays"]

#: The check stops, undecided, where more rays than this would be held at once.
RAY_LIMIT = 3000

Ray = tuple[int, ...]


def vertex_rays(matrix: Sequence[Sequence[int]]) -> list[tuple[Ray, int]] | None:
    """Return every vertex as ``(x_1, ..., x_d, t)`` with the bitmask of its zeros, or None over `RAY_LIMIT`.

    Bit ``j < d`` says ``x_j = 0``; bit ``d + i`` that row ``i`` is tight. `matrix` has positive integers.

    >>> sorted(vertex_rays([[1, 2]]))
    [((0, 0, 1), 3), ((0, 1, 2), 5), ((1, 0, 1), 6)]
    """
    size = len(matrix[0])
    if size + len(matrix) >= 62:
        return None
    top = 1 << 62  # the zero set of t itself: no vertex has it
    full = (1 << size) - 1
    rays: list[Ray] = [tuple(int(k == j) for k in range(size + 1)) for j in range(size + 1)]
    zeros = [(full & ~(1 << j)) | top for j in range(size)] + [full]
    return cut_rays(rays, zeros, [[*(-c for c in row), 1] for row in matrix], first=size)


def cut_rays(
    rays: list[Ray], zeros: list[int], cuts: Sequence[Sequence[int]], *, first: int
) -> list[tuple[Ray, int]] | None:
    """Cut a pointed cone by ``cut . x >= 0``, one after the other; row ``i`` has bit ``first + i`` where it is tight.

    The cone ``x >= 0`` starts with the unit vectors, each with the bits of its zeros.

    >>> cut_rays([(1, 0), (0, 1)], [2, 1], [[1, -2]], first=2)
    [((1, 0), 2), ((2, 1), 4)]
    """
    need = len(rays[0]) - 2
    kind: Any = np.int64 if first + len(cuts) < 62 else object
    for i, cut in enumerate(cuts):
        bit = 1 << first + i
        slack = [sum(c * x for c, x in zip(cut, ray, strict=True) if x) for ray in rays]
        above = [k for k, s in enumerate(slack) if s > 0]
        below = np.array([k for k, s in enumerate(slack) if s < 0], dtype=np.intp)
        sets = np.array(zeros, dtype=kind)
        next_rays = [rays[k] for k, s in enumerate(slack) if s >= 0]
        next_zeros = [zeros[k] | (bit if s == 0 else 0) for k, s in enumerate(slack) if s >= 0]
        for p in above:
            common = sets[below] & sets[p]
            for q, shared in zip(below.tolist(), common.tolist(), strict=True):
                if shared.bit_count() < need or np.count_nonzero((sets & shared) == shared) != 2:
                    continue
                next_rays.append(_between(rays[p], slack[p], rays[q], -slack[q]))
                next_zeros.append(shared | bit)
        if len(next_rays) > RAY_LIMIT:
            return None
        rays, zeros = next_rays, next_zeros
    return list(zip(rays, zeros, strict=True))


def _between(first: Ray, weight: int, second: Ray, other: int) -> Ray:
    """Return the point of the row between a ray with slack `weight` and one with slack ``-other``."""
    ray = [other * x + weight * y for x, y in zip(first, second, strict=True)]
    common = math.gcd(*ray)
    return tuple(x // common for x in ray)
