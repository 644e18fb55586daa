"""The stable split of a game without a table that lies nearest to a given one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact_series, to_float
from gametheory.errors import GameTheoryError, InputError
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.projection import directions
from gametheory.solvers.separation.evidence import levels_evidence
from gametheory.solvers.separation.levels import Levels
from gametheory.solvers.separation.levels_search import find_levels, level_weights, search_level
from gametheory.solvers.separation.pool import Pool
from gametheory.solvers.separation.shares import Proved, members_of, shares_of

__all__ = ["SeparationNearestCorePoint"]


@dataclass(frozen=True, slots=True)
class SeparationNearestCorePoint:
    """Least squares over the core, or over the least core: ``min sum (x_i - r_i)^2``, rows found by separation.

    The dual method of Goldfarb and Idnani (1983), as :class:`~gametheory.solvers.coalitional.projection` has it; the
    coalition that is violated is found by branch and bound, and when there is none the tree is the proof.

    Attributes
    ----------
    reference
        The split to stay near to, in player order; empty for equal shares (then the variance is least).
    least
        Project on the least core: the largest excess as small as it can be.
    """

    accepts: ClassVar[tuple[str, ...]] = ("LinearGame", "PooledGame")
    concept: ClassVar[Concept] = Concept.NEAREST_CORE
    reference: tuple[Number, ...] = ()
    least: bool = False

    def solve(self, game: Any) -> Answer:
        """Return the exact nearest point, the reference, the largest excess allowed, and their proof."""
        source = shares_of(game)
        pool = Pool(source)
        size = pool.size
        grand = 2**size - 1
        given = exact_series(self.reference, what="reference")
        if given and len(given) != size:
            raise InputError(f"the reference has {len(given)} numbers for {size} players; give one each")
        pool.cost(grand)
        costs: dict[int, Proved] = {grand: source.proved(grand)}
        total = costs[grand].cost
        reference = list(given) or [total / size] * size
        excess = Fraction(0)
        collections: list[tuple[int, ...]] = []
        if self.least and size > 1:
            found = find_levels(pool, pool.matrix[0].copy(), per_capita=False, deepest=1)
            collections = [tuple(found.masks[k] for k in found.levels.settled[0])]
            costs |= {mask: source.proved(mask) for mask in collections[0]}
            weights = level_weights(size, [], collections[0])
            held = sum((w for w, mask in zip(weights, collections[0], strict=True) if mask & 1), Fraction(0))
            excess = held * total - sum(
                (w * costs[mask].cost for w, mask in zip(weights, collections[0], strict=True)), Fraction(0)
            )
        search = _Projection(pool, costs, total, excess)
        values = search.run(reference)
        space = np.linalg.svd(np.ones((1, size)))[2][1:]
        levels = Levels(np.array([to_float(x) for x in values]), (to_float(excess),), ((),), (space,))
        tree, objections = search_level(pool, levels, 0, per_capita=False)
        if tree is None or objections:
            raise GameTheoryError("floats do not decide the nearest stable split; scale the amounts of money")
        evidence = levels_evidence(pool, [tree], costs, [(c, level_weights(size, [], c)) for c in collections])
        place = {mask: k for k, mask in enumerate(costs)}
        evidence["nearest"] = tuple((place[mask], weight) for mask, weight in search.active())
        return Answer(
            profile={"values": tuple(values), "reference": tuple(reference), "excess": excess},
            iterations=search.steps,
            witness=evidence,
            extra={"players": tuple(source.players), "exact": tuple(values)},
        )


class _Projection:
    """Goldfarb and Idnani's method on costs: rows ``x(T) <= C(T) + e``, the objective rises with every row taken in."""

    def __init__(self, pool: Pool, costs: dict[int, Proved], total: Fraction, excess: Fraction) -> None:
        self._pool, self._costs, self._total, self._excess = pool, costs, total, excess
        self._space = np.linalg.svd(np.ones((1, pool.size)))[2][1:]
        self._active: list[int] = []
        self._multipliers: list[Fraction] = []
        self.steps = 0

    def active(self) -> list[tuple[int, Fraction]]:
        """The coalitions that hold the point where it is, with their multipliers."""
        return list(zip(self._active, self._multipliers, strict=True))

    def run(self, reference: Sequence[Fraction]) -> list[Fraction]:
        """Return the nearest point."""
        size = self._pool.size
        shift = (self._total - sum(reference, Fraction(0))) / size
        x = [share + shift for share in reference]
        while (mask := self._violated(x)) is not None:
            x = self._take(x, mask)
        return x

    def _violated(self, x: Sequence[Fraction]) -> int | None:
        """Return a coalition that is violated: a known one if there is one, or what the search finds."""
        if self._pool.size == 1:
            return None
        worst = max(self._costs, key=lambda mask: self._over(x, mask))
        if self._over(x, worst) > 0:
            return worst
        levels = Levels(np.array([to_float(s) for s in x]), (to_float(self._excess),), ((),), (self._space,))
        _, objections = search_level(self._pool, levels, 0, per_capita=False)
        for mask in objections:
            if mask not in self._costs:
                self._costs[mask] = self._pool.source.proved(mask)
        worst = max(self._costs, key=lambda mask: self._over(x, mask))
        return worst if self._over(x, worst) > 0 else None

    def _over(self, x: Sequence[Fraction], mask: int) -> Fraction:
        if mask == 2**self._pool.size - 1:
            return Fraction(-1)
        return sum((x[i] for i in members_of(mask)), Fraction(0)) - self._costs[mask].cost - self._excess

    def _take(self, x: list[Fraction], mask: int) -> list[Fraction]:
        """Move until the coalition is satisfied, dropping active ones whose multiplier reaches 0 on the way."""
        size = self._pool.size
        own = Fraction(0)
        while True:
            self.steps += 1
            move, slopes = directions([2**size - 1, *self._active], mask, size)
            gap, fall = self._over(x, mask), sum((move[i] for i in members_of(mask)), Fraction(0))
            limits = [(u / s, k) for k, (u, s) in enumerate(zip(self._multipliers, slopes, strict=True)) if s > 0]
            step, drop = min(limits, default=(None, -1))
            if fall > 0 and (step is None or gap / fall <= step):
                step, drop = gap / fall, -1
            if step is None:
                raise AssertionError("the core is not empty, so a step exists")
            x = [a - step * b for a, b in zip(x, move, strict=True)]
            self._multipliers = [u - step * s for u, s in zip(self._multipliers, slopes, strict=True)]
            own += step
            if drop < 0:
                break
            del self._active[drop], self._multipliers[drop]
        self._active.append(mask)
        self._multipliers.append(own)
        return x
