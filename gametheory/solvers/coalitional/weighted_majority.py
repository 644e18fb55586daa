"""Power in weighted majority games by counting coalitions of each size and weight, for hundreds of voters.

The generating function ``prod_j (1 + y x^{w_j})`` counts coalitions by size (power of ``y``) and weight (power of
``x``); Mann and Shapley 1962 owe it to Cantor. A voter's factor is divided out again (Uno 2012), and the voter turns
the
coalitions without it whose weight lies in ``[q - w, q)``. All of it is whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any, ClassVar

import flint

from gametheory.errors import SizeLimit, UnsupportedGame
from gametheory.games.coalition_families import WeightedMajority
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer

__all__ = ["CountingBanzhaf", "CountingShapley"]

#: Sizes times weights that are kept at once.
_CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class CountingShapley:
    """Shapley-Shubik index: ``phi_i = sum_s s!(n-s-1)!/n! swings_i[s]``."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.SHAPLEY

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        n = len(game.players)
        orders = [factorial(s) * factorial(n - s - 1) for s in range(n)]
        swings = _swings(game)
        return allocation_answer(
            game,
            [Fraction(sum(o * k for o, k in zip(orders, own, strict=True)), factorial(n)) for own in swings],
        )


@dataclass(frozen=True, slots=True)
class CountingBanzhaf:
    """Banzhaf value: swings over ``2^(n-1)``."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.BANZHAF

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        scale = 2 ** (len(game.players) - 1)
        return allocation_answer(game, [Fraction(sum(own), scale) for own in _swings(game)])


def _swings(game: CoalitionalGame) -> list[list[int]]:
    """Return for each player and size how many coalitions without the player it turns from losing to winning."""
    rule = game.structure
    if not isinstance(rule, WeightedMajority):
        raise UnsupportedGame(f"{game!r} is no weighted majority game; make it by CoalitionalGame.weighted_majority")
    scale = math.lcm(rule.quota.denominator, *(w.denominator for w in rule.weights))
    weights = [int(w * scale) for w in rule.weights]
    quota = int(rule.quota * scale)
    common = math.gcd(*weights) or 1
    weights = [w // common for w in weights]
    quota = -(-quota // common)  # weights are multiples: only the next multiple of the common factor can be met
    n = len(weights)
    if quota > sum(weights):
        return [[0] * n for _ in range(n)]
    if (n + 1) * quota > _CELLS:
        raise SizeLimit(
            f"{n} voters with a quota of {quota} units need {(n + 1) * quota} counters, the limit is {_CELLS}; "
            "round the weights, or sample"
        )
    counts = _counts(weights, quota)
    known: dict[int, list[int]] = {}
    return [known.setdefault(w, []) or _fill(known[w], counts, w, quota) for w in weights]


def _counts(weights: Sequence[int], quota: int) -> list[Any]:
    """Return for each size the polynomial that counts coalitions by weight, below the quota."""
    zero = flint.fmpz_poly([])
    counts = [flint.fmpz_poly([1]), *[zero] * len(weights)]
    for done, weight in enumerate(weights, start=1):
        for s in range(done, 0, -1):
            counts[s] = counts[s] + counts[s - 1].left_shift(weight).truncate(quota)
    return counts


def _fill(own: list[int], counts: list[Any], weight: int, quota: int) -> list[int]:
    without = flint.fmpz_poly([])
    for s in range(len(counts) - 1):
        without = counts[s] - without.left_shift(weight).truncate(quota)
        below = max(0, quota - weight)
        own.append(int(without(1)) - int(without.truncate(below)(1)))
    return own
