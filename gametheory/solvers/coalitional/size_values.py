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

__all__ = ["TableBanzhaf", "TableShapley", "banzhaf_of_sums", "shapley_of_sums"]


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
        return allocation_answer(game, shapley_of_sums(*size_sums(table.numerators), table.denominator))


@dataclass(frozen=True, slots=True)
class TableBanzhaf:
    """Banzhaf value: the mean marginal contribution, ``beta_i = 2^(1-n) sum over T of v(T + i) - v(T)``."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.BANZHAF

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        table = game.values
        return allocation_answer(game, banzhaf_of_sums(*size_sums(table.numerators), table.denominator))


def shapley_of_sums(total: list[int], inside: list[list[int]], denominator: int) -> list[Fraction]:
    """Return Shapley values from the sums of a game's numerators by size, over all and with each player."""
    n = len(inside)
    weights = [factorial(s) * factorial(n - s - 1) for s in range(n)]
    scale = factorial(n) * denominator
    return [Fraction(sum(w * (own[s + 1] - total[s] + own[s]) for s, w in enumerate(weights)), scale) for own in inside]


def banzhaf_of_sums(total: list[int], inside: list[list[int]], denominator: int) -> list[Fraction]:
    """Return Banzhaf values from the same sums."""
    scale = 2 ** (len(inside) - 1) * denominator
    return [Fraction(2 * sum(own) - sum(total), scale) for own in inside]
