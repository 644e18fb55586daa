"""Least core and nucleolus of pooled and linear-programming games, exact, by rows found one at a time.

The core of such a game is not empty (a core point comes from its dual), so the prenucleolus is an imputation and with
it the nucleolus: both solvers do the same, and the checker sees that nobody pays more than alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import exact, rational, to_float
from gametheory.errors import GameTheoryError
from gametheory.result import Answer, Concept
from gametheory.solvers.separation.evidence import levels_evidence
from gametheory.solvers.separation.levels import Levels, orthogonal
from gametheory.solvers.separation.levels_search import Found, find_levels, level_weights, prove_levels
from gametheory.solvers.separation.pool import Pool, indicator
from gametheory.solvers.separation.shares import Proved, shares_of

__all__ = [
    "SeparationLeastCore",
    "SeparationNucleolus",
    "SeparationPerCapitaNucleolus",
    "SeparationPerCapitaPrenucleolus",
    "SeparationPrenucleolus",
]

_FORMS = ("LinearGame", "PooledGame")
#: Excesses below this are 0 (money): then the dual point itself is in the least core.
_NOTHING = 1e-8


@dataclass(frozen=True, slots=True)
class SeparationLeastCore:
    """The first level alone: an allocation whose largest excess is least.

    Where the least excess is 0 the answer is the dual point; otherwise a vertex of the least core, in rationals.
    """

    accepts: ClassVar[tuple[str, ...]] = _FORMS
    concept: ClassVar[Concept] = Concept.LEAST_CORE

    def solve(self, game: Any) -> Answer:
        """Return the allocation, the collection that proves that no other does better, and the tree."""
        return _solved(game, per_capita=False, deepest=1)


@dataclass(frozen=True, slots=True)
class SeparationNucleolus:
    """All levels, until the allocation is determined (Schmeidler 1969)."""

    accepts: ClassVar[tuple[str, ...]] = _FORMS
    concept: ClassVar[Concept] = Concept.NUCLEOLUS

    def solve(self, game: Any) -> Answer:
        """Return the exact nucleolus with a proof of every level."""
        return _solved(game, per_capita=False, deepest=len(game.players))


@dataclass(frozen=True, slots=True)
class SeparationPrenucleolus:
    """The same: the core is not empty, so no imputation does worse."""

    accepts: ClassVar[tuple[str, ...]] = _FORMS
    concept: ClassVar[Concept] = Concept.PRENUCLEOLUS

    def solve(self, game: Any) -> Answer:
        """Return the exact prenucleolus with a proof of every level."""
        return _solved(game, per_capita=False, deepest=len(game.players))


@dataclass(frozen=True, slots=True)
class SeparationPerCapitaNucleolus:
    """The nucleolus with excesses divided by the size of the coalition (Grotte 1970)."""

    accepts: ClassVar[tuple[str, ...]] = _FORMS
    concept: ClassVar[Concept] = Concept.PER_CAPITA_NUCLEOLUS

    def solve(self, game: Any) -> Answer:
        """Return the exact per-capita nucleolus with a proof of every level."""
        return _solved(game, per_capita=True, deepest=len(game.players))


@dataclass(frozen=True, slots=True)
class SeparationPerCapitaPrenucleolus:
    """The same among all efficient allocations."""

    accepts: ClassVar[tuple[str, ...]] = _FORMS
    concept: ClassVar[Concept] = Concept.PER_CAPITA_PRENUCLEOLUS

    def solve(self, game: Any) -> Answer:
        """Return the exact per-capita prenucleolus with a proof of every level."""
        return _solved(game, per_capita=True, deepest=len(game.players))


def _solved(game: Any, *, per_capita: bool, deepest: int) -> Answer:
    source = shares_of(game)
    pool = Pool(source)
    size = pool.size
    grand = 2**size - 1
    pool.cost(grand)
    costs = {grand: source.proved(grand)}
    if size == 1:
        return _answer(pool, [costs[grand].cost], costs, Levels(np.zeros(1), (), (), ()), (), [], 0)
    found = find_levels(pool, pool.matrix[0].copy(), per_capita=per_capita, deepest=deepest)
    levels = found.levels
    collections = [tuple(found.masks[k] for k in level) for level in levels.settled]
    for mask in dict.fromkeys(mask for level in collections for mask in level):
        costs[mask] = source.proved(mask)
    determined = not len(orthogonal(np.array([indicator(m, size) for m in [grand, *sum(collections, ())]])))
    if determined:
        amounts, excesses = _exact_levels(size, costs, collections, per_capita)
    else:
        amounts, excesses = _vertex(pool, costs, found, collections)
    levels = Levels(
        np.array([to_float(x) for x in amounts]), tuple(map(to_float, excesses)), levels.settled, levels.spaces
    )
    trees = prove_levels(pool, levels, per_capita=per_capita)
    return _answer(pool, amounts, costs, levels, collections, trees, found.searches)


def _answer(
    pool: Pool, amounts: Sequence[Fraction], costs: dict[int, Proved], levels: Any, collections: Any, trees: Any, n: int
) -> Answer:
    witness = levels_evidence(
        pool, trees, costs, [(c, level_weights(pool.size, collections[:k], c)) for k, c in enumerate(collections)]
    )
    values = tuple(amounts)
    return Answer(
        profile=values, iterations=n, witness=witness, extra={"players": tuple(pool.source.players), "exact": values}
    )


def _exact_levels(
    size: int, costs: dict[int, Proved], collections: Sequence[Sequence[int]], per_capita: bool
) -> tuple[list[Fraction], list[Fraction]]:
    """Solve ``x(N) = C(N)`` and ``x(T) - e_k f(T) = C(T)`` for all settled coalitions in rationals."""
    depth = len(collections)
    table = [[1] * size + [0] * depth + [rational(costs[2**size - 1].cost)]]
    for k, level in enumerate(collections):
        for mask in level:
            row: list[Any] = [mask >> i & 1 for i in range(size)] + [0] * depth
            row[size + k] = -mask.bit_count() if per_capita else -1
            table.append([*row, rational(costs[mask].cost)])
    solution = _solve(table, size + depth)
    return solution[:size], solution[size:]


def _solve(table: list[list[Any]], unknowns: int) -> list[Fraction]:
    """Return the one solution of a consistent system, or refuse what floats have got wrong."""
    reduced, rank = flint.fmpq_mat([[flint.fmpq(x) for x in row] for row in table]).rref()
    if rank != unknowns or any(reduced[k, k] == 0 for k in range(unknowns)):
        raise GameTheoryError("floats do not decide the levels of the excesses; scale the amounts of money")
    return [exact(reduced[k, unknowns]) for k in range(unknowns)]


def _vertex(
    pool: Pool, costs: dict[int, Proved], found: Found, collections: Sequence[Sequence[int]]
) -> tuple[list[Fraction], list[Fraction]]:
    """Return a point of the least core: the dual point where it is one, or the vertex that the floats are at."""
    size, levels = pool.size, found.levels
    grand = 2**size - 1
    if abs(levels.excesses[0]) < _NOTHING:
        return list(pool.source.supported()), [Fraction(0)]
    rows = np.array([indicator(mask, size) for mask in found.masks])
    slack = levels.excesses[0] - rows @ levels.amounts + np.array([pool.costs[mask] for mask in found.masks])
    kept = [np.append(np.ones(size), 0.0), *(np.append(rows[k], -1.0) for k in levels.settled[0])]
    tight = list(collections[0])
    for k in np.argsort(abs(slack), kind="stable"):
        if len(orthogonal(np.array(kept))) == 0:
            break
        row = np.append(rows[k], -1.0)
        if abs(orthogonal(np.array(kept)) @ row).max() > 1e-7:
            kept.append(row)
            tight.append(found.masks[k])
            costs[found.masks[k]] = pool.source.proved(found.masks[k])
    return _exact_levels(size, costs | {grand: costs[grand]}, [tight], False)
