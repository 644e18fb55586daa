"""Shapley and Banzhaf values of a pooled game for up to 40 members, exactly, without a table of coalitions.

``C_t(T)`` is the maximum over prices of the members' shares ``phi_T``, a concave function of the price. Where its
pieces are straight, it rises from the lowest price to its maximum:

``C_t(T) = phi_T(l_0) + sum_k (phi_T(l_k+1) - phi_T(l_k))^+`` over the bends ``l_0 < l_1 < ...`` of the step,

so the game is additive but for positive parts of sums over members. Cut the members in two halves: for each coalition
of one half the coalitions of the other, sorted by their sum, are positive with it from one place on, and running totals
by size give their number and their sum there (the meeting in the middle of Horowitz and Sahni 1974). That is
``2^(n/2)`` searches a part in place of ``2^n`` maxima; all numbers are integers over one denominator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from gametheory.errors import SizeLimit
from gametheory.games.coalition_table import common_denominator, subset_sums
from gametheory.games.coalitional import CoalitionalGame
from gametheory.games.pooled import PooledGame
from gametheory.games.pooled_loads import PooledLoads
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.size_values import (
    TableBanzhaf,
    TableShapley,
    banzhaf_of_sums,
    shapley_of_sums,
)
from gametheory.solvers.pooled.tabulate import Sweep, Tabulate

__all__ = ["PooledBanzhaf", "PooledShapley"]

#: Members whose coalitions are met in the middle, and whose costs with curved discomfort are put in a table.
_STRAIGHT_LIMIT, _CURVED_LIMIT = 40, 10
_INT64 = 2**62
#: Parts that one job of joblib adds up.
_JOB = 8


@dataclass(frozen=True, slots=True)
class PooledShapley:
    """The Shapley value of a pooled game, exactly: what a member adds to the cost on average over all arrivals.

    Parameters
    ----------
    workers
        Processes of joblib that share the steps; None follows ``joblib.parallel_config``.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> [str(x) for x in PooledShapley().solve(catalogue("mid_market_trio").game).profile]
    ['-4/15', '-4/15', '1/3']
    """

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame", "PooledLoads")
    concept: ClassVar[Concept] = Concept.SHAPLEY
    workers: int | None = None

    def solve(self, game: PooledGame | PooledLoads) -> Answer:
        """Return the exact values."""
        return _answer(game, self.workers, TableShapley, shapley_of_sums)


@dataclass(frozen=True, slots=True)
class PooledBanzhaf:
    """The Banzhaf value of a pooled game, exactly: what a member adds on average over all coalitions of the others."""

    accepts: ClassVar[tuple[str, ...]] = ("PooledGame", "PooledLoads")
    concept: ClassVar[Concept] = Concept.BANZHAF
    workers: int | None = None

    def solve(self, game: PooledGame | PooledLoads) -> Answer:
        """Return the exact values."""
        return _answer(game, self.workers, TableBanzhaf, banzhaf_of_sums)


def _answer(game: PooledGame | PooledLoads, workers: int | None, of_table: Any, of_sums: Any) -> Answer:
    n = len(game.players)
    if n > _STRAIGHT_LIMIT:
        raise SizeLimit(f"{n} members: exact values are found up to {_STRAIGHT_LIMIT}; sample with SampledShapley()")
    if isinstance(game, PooledLoads):
        game = game.pooled()
    sweeps = [Sweep(step) for step in game.steps]
    if any(bend for sweep in sweeps for piece in sweep.pieces for _, _, bend in piece):
        if n > _CURVED_LIMIT:
            raise SizeLimit(
                f"{n} members of whom some react to prices with a curved discomfort: their exact values are found up "
                f"to {_CURVED_LIMIT} members; sample with SampledShapley(), or use elasticity=0"
            )
        table = common_denominator(Tabulate().solve(game).profile)
        values = of_table().solve(CoalitionalGame(game.players, "cost", table)).profile
    else:
        values = _met_in_the_middle(sweeps, n, workers, of_sums)
    return Answer(profile=tuple(values), extra={"players": game.players, "exact": tuple(values)})


def _met_in_the_middle(sweeps: Sequence[Sweep], n: int, workers: int | None, of_sums: Any) -> list[Fraction]:
    scale = math.lcm(*(share.denominator for sweep in sweeps for row in sweep.shares for share in row))
    additive, parts = [0] * n, []
    for sweep in sweeps:
        rows = [[int(share * scale) for share in row] for row in sweep.shares]
        additive = [a + b for a, b in zip(additive, rows[0], strict=True)]
        for low, high in pairwise(rows):
            part = [b - a for a, b in zip(low, high, strict=True)]
            if min(part) >= 0:  # positive for every coalition
                additive = [a + b for a, b in zip(additive, part, strict=True)]
            elif max(part) > 0:
                parts.append(part)
    total, inside = _sums(parts, n, workers)
    return [a + b for a, b in zip(of_sums(total, inside, scale), (Fraction(a, scale) for a in additive), strict=True)]


def _sums(parts: list[list[int]], n: int, workers: int | None) -> tuple[list[int], list[list[int]]]:
    """Return the sums by size of the positive parts, over all coalitions and over those with each member."""
    low = n // 2
    # No sum over all coalitions and parts may leave 64 bits, or Python's integers take over.
    small = sum(sum(map(abs, part)) for part in parts) << n < _INT64
    cuts = (parts[k : k + _JOB] for k in range(0, len(parts), _JOB))
    grids: list[Any] = [0, 0]
    for found in _run(list(cuts), (low, small), workers):
        grids = [grid + new for grid, new in zip(grids, found, strict=True)]
    total, inside = [0] * (n + 1), [[0] * (n + 1) for _ in range(n)]
    if not parts:
        return total, inside
    for first, grid in ((0, grids[0]), (low, grids[1])):
        sizes = subset_sums([1] * (len(grid).bit_length() - 1))
        for size in range(int(sizes.max()) + 1):
            masks = np.flatnonzero(sizes == size)
            rows = grid[masks]
            if first:
                for more, amount in enumerate(rows.sum(axis=0).tolist()):
                    total[size + more] += amount
            for i in range(len(grid).bit_length() - 1):
                for more, amount in enumerate(rows[masks >> i & 1 == 1].sum(axis=0).tolist()):
                    inside[first + i][size + more] += amount
    return total, inside


def _run(jobs: list[list[list[int]]], place: tuple[int, bool], workers: int | None) -> list[Any]:
    from joblib import Parallel, delayed

    if len(jobs) <= 1:
        return [_grids(job, *place) for job in jobs]
    return list(Parallel(n_jobs=workers)(delayed(_grids)(job, *place) for job in jobs))


def _grids(parts: list[list[int]], low: int, small: bool) -> tuple[Any, Any]:
    """Return for each set of one half and each size the sum of positive parts with the sets of the other half."""
    halves = [(part[:low], part[low:]) for part in parts]
    return (
        sum(_positive(own, other, small) for own, other in halves),
        sum(_positive(other, own, small) for own, other in halves),
    )


def _positive(own: list[int], other: list[int], small: bool) -> npt.NDArray[Any]:
    """Return ``sum over sets S of the others with |S| = s of (own(T) + other(S))^+``: a row for each ``T``."""
    kind: Any = np.int64 if small else object
    sums, theirs, sizes = subset_sums(own), subset_sums(other), subset_sums([1] * len(other))
    order = np.argsort(theirs, kind="stable")[::-1]
    # Running totals from the largest down, one column a size; row k holds the k largest.
    count: Any = np.zeros((len(theirs) + 1, len(other) + 1), dtype=np.int64)
    amount: Any = np.zeros(count.shape, dtype=kind)
    places = np.arange(1, len(theirs) + 1)
    count[places, sizes[order]] = 1
    amount[places, sizes[order]] = theirs[order]
    np.cumsum(count, axis=0, out=count)
    np.cumsum(amount, axis=0, out=amount)
    positive = len(theirs) - np.searchsorted(theirs[order[::-1]], -sums, side="right")
    return np.asarray(amount[positive] + count[positive] * sums.astype(kind)[:, None])
