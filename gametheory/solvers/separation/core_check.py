"""The ten coalitions that gain most by leaving an allocation, and the proof that no other gains more."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import to_float
from gametheory.solvers.separation.evidence import evidence
from gametheory.solvers.separation.pool import Pool, indicator
from gametheory.solvers.separation.search import NEAR, Judge, search
from gametheory.solvers.separation.shares import Floats, shares_of

__all__ = ["worst_coalitions"]

#: Coalitions that do not block are listed up to so many players.
_LISTED = 1000


class _Worst(Judge):
    """Keeps the coalitions that gain most; no other may gain more than the last of them, or more than nothing."""

    def __init__(self, grand: int, count: int) -> None:
        self._grand, self._count = grand, count
        self._heap: list[tuple[float, int]] = []
        self._kept: set[int] = set()

    @property
    def threshold(self) -> float:
        return max(self._heap[0][0], 0.0) if len(self._heap) == self._count else 0.0 if self._heap else -np.inf

    def admits(self, mask: int, gain: float) -> bool:
        return mask in self._kept or mask in (0, self._grand) or gain <= self.threshold

    def found(self, mask: int, gain: float) -> bool:
        if mask in self._kept or mask in (0, self._grand):
            return False
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, (gain, mask))
            self._kept.add(mask)
        elif gain > self._heap[0][0]:
            _, last = heapq.heappushpop(self._heap, (gain, mask))
            self._kept.discard(last)
            self._kept.add(mask)
        return False

    @property
    def coalitions(self) -> list[int]:
        """The coalitions, from the one that gains most."""
        return [mask for _, mask in sorted(self._heap, key=lambda pair: (-pair[0], pair[1]))]


def worst_coalitions(game: Any, amounts: Sequence[Fraction], *, count: int = 10) -> dict[str, Any]:
    """Return what :mod:`gametheory.certificates.separation` needs to judge whether a coalition blocks `amounts`."""
    source = shares_of(game)
    pool = Pool(source)
    size = pool.size
    paid = np.array([to_float(x) for x in amounts])
    grand = 2**size - 1
    pool.cost(grand)
    judge = _Worst(grand, min(count, 2**size - 2))
    # Nobody pays more than the shares that support the optimum: then no coalition blocks, and nothing is searched.
    supported = bool((paid <= pool.matrix[0] + NEAR).all())
    if not supported:
        for shares in source.against(paid):
            pool.add(shares)
    if size > 1 and not (supported and size > _LISTED):
        for mask in _first_guesses(pool, paid):
            judge.found(mask, float(paid @ indicator(mask, size)) - pool.cost(mask))
    tree = search(pool, paid, judge)
    assert tree is not None  # this judge never stops
    return evidence(pool, tree, [grand, *judge.coalitions])


def _first_guesses(pool: Pool, paid: Floats) -> list[int]:
    """Return the coalition that the shares say gains most, and its nearest neighbours."""
    size = pool.size
    gains = (paid - pool.matrix)[-1]
    best = int(sum(1 << int(i) for i in np.flatnonzero(gains > 0)))
    order = [1 << int(i) for i in np.argsort(abs(gains), kind="stable")[:12]]
    grand = 2**size - 1
    near = [best, *(best ^ bit for bit in order)] if gains.max() > NEAR else []
    return list(dict.fromkeys(mask for mask in [*near, *order, *(grand ^ bit for bit in order)] if 0 < mask < grand))
