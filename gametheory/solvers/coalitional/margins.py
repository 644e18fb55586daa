"""Tau value and Gately point: compromises between what a player can hope for and what it can insist on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from gametheory.errors import NotApplicable
from gametheory.games.coalition_table import CoalitionTable, subset_sums
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer

__all__ = ["TauCompromise", "EqualPropensity"]


def _utopia(table: CoalitionTable) -> list[int]:
    """Return ``M_i = v(N) - v(N without i)``, in numerators."""
    full = len(table) - 1
    return [int(table.numerators[full]) - int(table.numerators[full ^ 1 << i]) for i in range(table.players)]


def _signed(game: CoalitionalGame) -> tuple[CoalitionTable, int]:
    return (game.values, 1) if game.kind == "value" else (game.values.negated(), -1)


@dataclass(frozen=True, slots=True)
class TauCompromise:
    """The efficient point between minimal rights ``m`` and utopia ``M`` (Tijs 1981).

    ``M_i = v(N) - v(N without i)``, ``m_i = max over S with i of v(S) - sum of M_j over the others in S``,
    ``tau = m + a (M - m)``. It asks for ``m <= M`` and ``sum m <= v(N) <= sum M``.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.TAU

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact tau value.

        Raises
        ------
        NotApplicable
            The game is not quasi-balanced.
        """
        table, sign = _signed(game)
        top = _utopia(table)
        hopes = subset_sums(top)
        values = table.numerators.astype(object) if hopes.dtype == object else table.numerators
        remains = values - hopes
        masks = np.arange(len(table))
        rights = [int(remains[masks >> i & 1 == 1].max()) + top[i] for i in range(table.players)]
        grand = int(table.numerators[-1])
        if any(low > high for low, high in zip(rights, top, strict=True)) or not sum(rights) <= grand <= sum(top):
            raise NotApplicable(
                "the tau value needs a quasi-balanced game (minimal rights below the utopia, v(N) between their sums); "
                "this game is not"
            )
        return allocation_answer(game, _between(rights, top, grand, sign * table.denominator))


@dataclass(frozen=True, slots=True)
class EqualPropensity:
    """The point at which every player disrupts the others equally (Gately 1974; Littlechild and Vaidya 1976).

    The propensity of a player is ``(M_i - x_i)/(x_i - v(i))``; all are equal where ``x - v`` is proportional to
    ``M - v``. It asks for ``M_i >= v(i)``, not all of them equal, and ``v(N) > sum v(i)``.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.GATELY

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact Gately point.

        Raises
        ------
        NotApplicable
            There is nothing to share, or a player adds less to the others than it has alone.
        """
        table, sign = _signed(game)
        top = _utopia(table)
        alone = [int(table.numerators[1 << i]) for i in range(table.players)]
        grand = int(table.numerators[-1])
        if any(low > high for low, high in zip(alone, top, strict=True)) or grand <= sum(alone) or alone == top:
            raise NotApplicable(
                "the Gately point needs v(N) > sum v(i) and players who add at least v(i) to the others; "
                "this game has not"
            )
        return allocation_answer(game, _between(alone, top, grand, sign * table.denominator))


def _between(low: Sequence[int], high: Sequence[int], total: int, scale: int) -> list[Fraction]:
    """Return the point of the segment from `low` to `high` that adds up to `total`, over `scale`."""
    width = sum(high) - sum(low)
    part = Fraction(total - sum(low), width) if width else Fraction(0)
    return [(a + part * (b - a)) / scale for a, b in zip(low, high, strict=True)]
