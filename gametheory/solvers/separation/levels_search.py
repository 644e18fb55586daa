"""Rows for the levels of excess, found by separation, and the proof of every level."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import GameTheoryError
from gametheory.solvers.separation.levels import Levels, levels_of, orthogonal
from gametheory.solvers.separation.pool import Pool, indicator
from gametheory.solvers.separation.search import NEAR, Judge, Tree, search
from gametheory.solvers.separation.shares import Floats
from gametheory.solvers.separation.zero_levels import tight_coalitions

__all__ = ["Found", "find_levels", "level_weights", "prove_levels", "search_level"]

#: Coalitions taken from one search before the levels are made again.
_AT_ONCE = 10
#: How far from the centre to look for rows first, and how many relaxations that may take.
_NEARER, _SHORT = 0.01, 100

#: Directions in which two coalitions are looked for that show an excess of 0.
_DIRECTIONS = 8


class _Level(Judge):
    """Coalitions that do not depend on what is settled gain at most `excess`, or the coalition is an objection."""

    def __init__(self, excess: float, space: Floats) -> None:
        self._excess, self._space = excess, space
        self.objections: list[int] = []

    @property
    def threshold(self) -> float:
        return self._excess

    def _depends(self, mask: int) -> bool:
        image = self._space @ indicator(mask, self._space.shape[1])
        return bool(abs(image).max(initial=0.0) < 1e-7)

    def admits(self, mask: int, gain: float) -> bool:
        return gain <= self._excess + NEAR or self._depends(mask)

    def admits_all(self, inside: int, free: Any, bound: float) -> bool:
        return bool((abs(self._space[:, free]) < 1e-7).all()) and self._depends(inside)

    def found(self, mask: int, gain: float) -> bool:
        if not self.admits(mask, gain):
            self.objections.append(mask)
        return len(self.objections) >= _AT_ONCE


@dataclass(frozen=True, slots=True)
class Found:
    """The levels, and the coalitions of their rows."""

    levels: Levels
    masks: tuple[int, ...]
    searches: int


def find_levels(pool: Pool, centre: Floats, *, per_capita: bool, deepest: int, limit: int = 2000) -> Found:
    """Return the levels of the whole game, down to `deepest` of them.

    0. As long as the levels' excesses are 0: the tight coalitions at the dual point that show it, if they do.
    1. Levels of the family found so far (Kopelowitz 1967; the family grows as in D. Hallefjord, R. Helming and
       K. Jornsten, "Computing the nucleolus when the characteristic function is given implicitly", International
       Journal of Game Theory 24 (1995) 357-372).
    2. Search for a coalition that gains more than the deepest of them allows: first between the allocation and a
       core point (in-out separation, W. Ben-Ameur and J. Neto, Networks 49 (2007) 3-17), then at the allocation.
    3. None: go one level deeper, until the allocation is determined.
    """
    size = pool.size
    grand = 2**size - 1
    total = pool.cost(grand)
    for i in range(size):
        pool.cost(1 << i)
        pool.cost(grand ^ (1 << i))
    tight_coalitions(pool, centre, orthogonal(np.ones((1, size))))
    family = [mask for mask in pool.costs if mask not in (0, grand)]
    depth = 1
    for turn in range(1, limit + 1):
        rows = np.array([indicator(mask, size) for mask in family])
        sizes = rows.sum(axis=1) if per_capita else np.ones(len(family))
        levels = levels_of(rows, np.array([pool.costs[mask] for mask in family]), total, sizes, deepest=depth)
        objections = []
        if levels.excesses[-1] < -NEAR:  # otherwise the core point in the centre shows that the level is 0
            objections = _known(pool, levels, set(family), per_capita) or _objections(pool, levels, centre, per_capita)
        family += [mask for mask in dict.fromkeys(objections) if mask not in set(family)]
        if objections:
            continue
        chosen = [k for level in levels.settled for k in level]
        determined = not len(orthogonal(np.concatenate([np.ones((1, size)), rows[chosen]])))
        if deepest == 1 and levels.excesses[0] >= -NEAR:
            pair = _tight_pair(pool, centre) if len(chosen) > 2 else []
            if pair:
                levels = replace(levels, settled=((len(family), len(family) + 1),))
                return Found(levels, (*family, *pair), turn)
        if determined or depth == deepest:
            return Found(levels, tuple(family), turn)
        depth = len(levels.excesses) + 1
        if levels.excesses[-1] >= -NEAR:  # the next may be 0 as well
            space = orthogonal(np.concatenate([np.ones((1, size)), rows[chosen]]))
            family += [mask for mask in tight_coalitions(pool, centre, space) if mask not in set(family)]
    raise GameTheoryError(f"the levels of excess are not settled after {limit} searches; take fewer players")


def _tight_pair(pool: Pool, centre: Floats) -> list[int]:
    """Return a coalition and all others, both tight, if such are found: with the excess 0 these two are proof enough.

    The weights of the programme are as many as there are players, and each costs a coalition solved in rationals. Where
    no pair is known, the optimal face is looked over in a few directions.
    """
    size = pool.size
    grand = 2**size - 1

    def tight(mask: int) -> bool:
        return bool(indicator(mask, size) @ centre >= pool.cost(mask) - NEAR)

    for mask in list(pool.costs):
        if mask not in (0, grand) and grand ^ mask in pool.costs and tight(mask) and tight(grand ^ mask):
            return [mask, grand ^ mask]
    directions = np.random.default_rng(0).uniform(-1.0, 1.0, (_DIRECTIONS, size))
    for direction in directions - directions.mean(axis=1, keepdims=True):
        for mask in pool.source.tight_along(centre, direction):
            if tight(mask) and tight(grand ^ mask):
                return [mask, grand ^ mask]
    return []


def _terms(levels: Levels, k: int, per_capita: bool) -> tuple[Floats, float]:
    """Return amounts and threshold of level k: per capita, ``e f(T)`` is taken off the members' amounts."""
    excess = levels.excesses[k]
    return (levels.amounts - excess, 0.0) if per_capita else (levels.amounts, excess)


def _known(pool: Pool, levels: Levels, family: set[int], per_capita: bool) -> list[int]:
    """Return coalitions that were costed on the way and gain more than the deepest level allows."""
    grand = 2**pool.size - 1
    others = [mask for mask in pool.costs if mask != grand and mask not in family]
    if not others:
        return []
    amounts, threshold = _terms(levels, len(levels.excesses) - 1, per_capita)
    rows = np.array([indicator(mask, pool.size) for mask in others])
    gains = rows @ amounts - np.array([pool.costs[mask] for mask in others])
    free = (abs(rows @ levels.spaces[-1].T) > 1e-7).any(axis=1)
    bad = np.flatnonzero(free & (gains > threshold + NEAR))
    return [others[k] for k in bad[np.argsort(-gains[bad])][: 4 * _AT_ONCE]]


def _objections(pool: Pool, levels: Levels, centre: Floats, per_capita: bool) -> list[int]:
    last = len(levels.excesses) - 1
    amounts, threshold = _terms(levels, last, per_capita)
    judge = _Level(_NEARER * threshold, levels.spaces[last])
    with contextlib.suppress(GameTheoryError):  # a short look only
        search(pool, _NEARER * amounts + (1 - _NEARER) * centre, judge, limit=_SHORT)
    if judge.objections:
        return judge.objections
    return search_level(pool, levels, last, per_capita=per_capita)[1]


def search_level(pool: Pool, levels: Levels, k: int, *, per_capita: bool) -> tuple[Tree | None, list[int]]:
    """Return the tree that proves level k, or coalitions that gain more than it allows."""
    amounts, threshold = _terms(levels, k, per_capita)
    judge = _Level(threshold, levels.spaces[k])
    return search(pool, amounts, judge), judge.objections


def prove_levels(pool: Pool, levels: Levels, *, per_capita: bool) -> list[Tree]:
    """Return a tree for each level: no coalition that is open there gains more than it.

    Raises
    ------
    GameTheoryError
        A coalition does: floats did not decide a level.
    """
    trees = []
    for k in range(len(levels.excesses)):
        tree, objections = search_level(pool, levels, k, per_capita=per_capita)
        if tree is None or objections:
            raise GameTheoryError("floats do not decide a level of the excesses; scale the amounts of money")
        trees.append(tree)
    return trees


def level_weights(size: int, before: Sequence[Sequence[int]], level: Sequence[int]) -> tuple[Fraction, ...]:
    """Return positive weights that add up to 1: with them a level's coalitions depend on what was settled before."""
    settled = [2**size - 1, *(mask for earlier in before for mask in earlier)]
    columns = [*level, *settled]
    table: list[list[Any]] = [[mask >> i & 1 for mask in columns] + [0] for i in range(size)]
    table.append([1] * len(level) + [0] * len(settled) + [1])
    reduced, rank = flint.fmpq_mat([[flint.fmpq(x) for x in row] for row in table]).rref()
    weights = [Fraction(0)] * len(columns)
    for r in range(rank):
        lead = next((k for k in range(len(columns)) if reduced[r, k] != 0), None)
        if lead is None:
            raise GameTheoryError("floats do not decide the weights of a level; scale the amounts of money")
        weights[lead] = exact(reduced[r, len(columns)])
    return tuple(weights[: len(level)])
