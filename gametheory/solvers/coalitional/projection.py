"""The stable split nearest to a given one: a projection on the core, by a dual active-set method in rationals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import Number, exact_series
from gametheory.errors import InputError
from gametheory.games.coalition_table import subset_sums
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.nucleolus import as_values

__all__ = ["NearestCorePoint", "directions"]


@dataclass(frozen=True, slots=True)
class NearestCorePoint:
    """Least squares over the core, or over the least core where the core is empty (or `least` is set).

    ``min sum (x_i - r_i)^2`` with ``x(N) = v(N)`` and ``x(T) >= v(T) - e`` is strictly convex. The dual method of
    Goldfarb and Idnani (1983) starts at the efficient point nearest to ``r``:

    1. Take the coalition that is violated most; stop if there is none.
    2. Move towards it along the active coalitions; drop one whose multiplier reaches 0 first, and repeat.
    3. Take it among the active ones.

    The objective rises with every added coalition, so no active set comes back.

    Attributes
    ----------
    reference
        The split to stay near to, in player order; empty for equal shares (then the variance is least).
    least
        Project on the least core even where the core is not empty.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.NEAREST_CORE
    reference: tuple[Number, ...] = ()
    least: bool = False

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact nearest point, the reference and the largest excess allowed."""
        n, sign = len(game.players), 1 if game.kind == "value" else -1
        given = exact_series(self.reference, what="reference")
        if given and len(given) != n:
            raise InputError(f"the reference has {len(given)} numbers for {n} players; give one each")
        grand = sign * game.values[2**n - 1]
        reference = [sign * share for share in given] or [grand / n] * n
        excess = Fraction(0)
        if n > 1:
            least = as_values(game).solve().t
            excess = least if self.least else max(least, excess)
        shares, steps = _project(game, reference, grand, excess)
        values = tuple(sign * share for share in shares)
        profile = {"values": values, "reference": tuple(sign * share for share in reference), "excess": excess}
        return Answer(profile=profile, iterations=steps, extra={"players": game.players, "exact": values})


def _project(
    game: CoalitionalGame, reference: Sequence[Fraction], grand: Fraction, excess: Fraction
) -> tuple[list[Fraction], int]:
    table = game.values if game.kind == "value" else game.values.negated()
    n, full = table.players, len(table) - 1
    shift = (grand - sum(reference, Fraction(0))) / n
    x = [share + shift for share in reference]
    active: list[int] = []
    multipliers: list[Fraction] = []
    steps = 0
    while (mask := _most_violated(table.numerators, table.denominator, x, excess)) is not None:
        own = Fraction(0)
        while True:
            steps += 1
            move, slopes = directions([full, *active], mask, n)
            gap = table[mask] - excess - _sum(x, mask)
            rise = _sum(move, mask)
            limits = [(u / s, k) for k, (u, s) in enumerate(zip(multipliers, slopes, strict=True)) if s > 0]
            step, drop = min(limits, default=(None, -1))
            if rise > 0 and (step is None or gap / rise <= step):
                step, drop = gap / rise, -1
            if step is None:
                raise AssertionError("the least core is not empty, so a step exists")
            x = [a + step * b for a, b in zip(x, move, strict=True)]
            multipliers = [u - step * s for u, s in zip(multipliers, slopes, strict=True)]
            own += step
            if drop < 0:
                break
            del active[drop], multipliers[drop]
        active.append(mask)
        multipliers.append(own)
    return x, steps


def _sum(numbers: Sequence[Fraction], mask: int) -> Fraction:
    return sum((a for i, a in enumerate(numbers) if mask >> i & 1), Fraction(0))


def _most_violated(numerators: Any, denominator: int, x: Sequence[Fraction], excess: Fraction) -> int | None:
    """Return the proper coalition whose excess is above the allowed one by most, or None."""
    units = [share * denominator for share in x]
    common = math.lcm(*(unit.denominator for unit in units))
    paid = subset_sums(int(unit * common) for unit in units)
    values = numerators.astype(object) if paid.dtype == object or _large(numerators, common) else numerators
    over = values * common - paid
    mask = int(np.argmax(over[1:-1])) + 1 if len(over) > 2 else 0
    return mask if mask and int(over[mask]) > excess * denominator * common else None


def _large(numerators: Any, common: int) -> bool:
    return max(abs(int(numerators.max())), abs(int(numerators.min()))) * common >= 2**61


def directions(active: Sequence[int], mask: int, n: int) -> tuple[list[Fraction], list[Fraction]]:
    """Return the part of the coalition's vector orthogonal to the active ones, and its coefficients on these.

    Of the coefficients that of the grand coalition, which comes first, is left out: it is an equation.
    """
    rows = [[int(m >> i & 1) for i in range(n)] for m in active]
    vector = [int(mask >> i & 1) for i in range(n)]
    matrix = flint.fmpq_mat(rows)
    right = matrix * flint.fmpq_mat([[v] for v in vector])
    solution = (matrix * matrix.transpose()).solve(right)
    slopes = [Fraction(int(solution[k, 0].p), int(solution[k, 0].q)) for k in range(len(active))]
    move = [Fraction(v) for v in vector]
    for slope, row in zip(slopes, rows, strict=True):
        move = [m - slope * r for m, r in zip(move, row, strict=True)]
    return move, slopes[1:]
