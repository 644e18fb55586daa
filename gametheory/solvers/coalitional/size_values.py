"""Shapley and Banzhaf values of a table, exactly, from its sums by size and member."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import ClassVar

from gametheory.games.coalitional import CoalitionalGame
from gametheory.numerics.coalition_sums import size_sums
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer

__all__ = ["TableBanzhaf", "TableShapley"]


@dataclass(frozen=True, slots=True)
class TableShapley:
    """Shapley value: ``phi_i = sum_s s! (n-s-1)!/n! (A_i[s+1] - (A[s] - A_i[s]))``.

    ``A[s]`` adds ``v`` over the coalitions of size ``s`` and ``A_i[s]`` over those with player ``i``, so that each
    bracket adds the marginal contributions of ``i`` to coalitions of size ``s`` (Shapley 1953). Integers throughout.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.SHAPLEY

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        table = game.values
        n = table.players
        total, inside = size_sums(table.numerators)
        weights = [factorial(s) * factorial(n - s - 1) for s in range(n)]
        scale = factorial(n) * table.denominator
        values = [
            Fraction(sum(w * (own[s + 1] - total[s] + own[s]) for s, w in enumerate(weights)), scale) for own in inside
        ]
        return allocation_answer(game, values)


@dataclass(frozen=True, slots=True)
class TableBanzhaf:
    """Banzhaf value: the mean marginal contribution, ``beta_i = 2^(1-n) sum over T of v(T + i) - v(T)``."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.BANZHAF

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        table = game.values
        total, inside = size_sums(table.numerators)
        scale = 2 ** (table.players - 1) * table.denominator
        return allocation_answer(game, [Fraction(2 * sum(own) - sum(total), scale) for own in inside])
