"""Values of classical families without a table, by formulas that are not the solvers'.

Weighted majority: the Shapley value by counting, by size and weight, those who stay out (the dual game); the Banzhaf
value from the generating function by weight alone.

Airport: ``phi_i`` adds, for each level of need up to the own, the level's cost over the number of players who need it.
Glove market: the chance that the other hand is in surplus among those who came before, by hypergeometric counts.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from fractions import Fraction
from math import comb
from typing import Any

import flint

from gametheory.errors import SizeLimit
from gametheory.games.coalition_families import Airport, Glove, WeightedMajority
from gametheory.games.coalitional import CoalitionalGame

__all__ = ["family_banzhaf", "family_shapley"]

_WORK = 30_000_000


def family_shapley(game: CoalitionalGame) -> tuple[list[Fraction], str] | None:
    """Return the Shapley values of a family and the way they were found, or None where no such way is known."""
    if isinstance(game.structure, WeightedMajority):
        return _majority_shapley(game.structure), "counting who stays out"
    if isinstance(game.structure, Airport):
        return _airport(game.structure.costs), "levels of need"
    if isinstance(game.structure, Glove):
        return _glove(game.structure), "hypergeometric counts"
    return None


def family_banzhaf(game: CoalitionalGame) -> tuple[list[Fraction], str] | None:
    """Return the Banzhaf values of a family and the way they were found, or None where no such way is known."""
    if isinstance(game.structure, WeightedMajority):
        return _majority_banzhaf(game.structure), "one generating function"
    return None


def _whole(rule: WeightedMajority) -> tuple[list[int], int]:
    scale = math.lcm(rule.quota.denominator, *(w.denominator for w in rule.weights))
    weights, quota = [int(w * scale) for w in rule.weights], int(rule.quota * scale)
    shared = math.gcd(quota, *weights)
    weights, quota = [w // shared for w in weights], quota // shared
    if max(quota, sum(weights) - quota) * len(weights) > _WORK:
        raise SizeLimit(
            f"{len(weights)} voters with a quota of {quota} units are too many to check exactly; round them"
        )
    return weights, quota


def _majority_shapley(rule: WeightedMajority) -> list[Fraction]:
    """Count who stays out: voter i turns ``T`` if those outside weigh more than ``W - q - w_i`` and at most ``W - "
    "q``."""
    weights, quota = _whole(rule)
    n, room = len(weights), sum(weights) - quota
    if room < 0:
        return [Fraction(0)] * n
    outside = [flint.fmpz_poly([1]), *[flint.fmpz_poly([])] * n]
    for weight in weights:
        shifted = [rows.left_shift(weight).truncate(room + 1) for rows in outside[:-1]]
        outside = [outside[0], *(kept + new for kept, new in zip(outside[1:], shifted, strict=True))]
    known: dict[int, Fraction] = {}
    for weight in set(weights):
        total, others = Fraction(0), flint.fmpz_poly([])
        for size in range(n):
            others = outside[size] - others.left_shift(weight).truncate(room + 1)
            turned = sum(others.coeffs()[max(0, room - weight + 1) :], flint.fmpz(0))
            total += Fraction(int(turned), n * comb(n - 1, size))
        known[weight] = total
    return [known[weight] for weight in weights]


def _majority_banzhaf(rule: WeightedMajority) -> list[Fraction]:
    """Count the sets of others with weights in ``[q - w_i, q)`` in the generating function of all."""
    weights, quota = _whole(rule)
    whole = flint.fmpz_poly([1])
    for weight in weights:
        whole = (whole + whole.left_shift(weight)).truncate(quota)
    given = whole.coeffs()
    given += [flint.fmpz(0)] * (quota - len(given))
    known: dict[int, Fraction] = {}
    for weight in set(weights):
        # Divide the factor 1 + x^w out, coefficient by coefficient.
        others: list[Any] = []
        for k, coefficient in enumerate(given):
            if weight == 0:
                others.append(coefficient // 2)
            else:
                others.append(coefficient - others[k - weight] if k >= weight else coefficient)
        turned = sum(others[max(0, quota - weight) :], flint.fmpz(0))
        known[weight] = Fraction(int(turned), 2 ** (len(weights) - 1))
    return [known[weight] for weight in weights]


def _airport(costs: tuple[Fraction, ...]) -> list[Fraction]:
    ordered = sorted(costs)
    levels = sorted(set(costs))
    needers = {level: len(costs) - bisect_left(ordered, level) for level in levels}
    shares: dict[Fraction, Fraction] = {}
    below, paid = Fraction(0), Fraction(0)
    for level in levels:
        paid += (level - below) / needers[level]
        shares[level] = paid
        below = level
    return [shares[cost] for cost in costs]


def _glove(hands: Glove) -> list[Fraction]:
    left = _surplus_chance(hands.left - 1, hands.right) if hands.left else Fraction(0)
    right = _surplus_chance(hands.right - 1, hands.left) if hands.right else Fraction(0)
    return [left] * hands.left + [right] * hands.right


def _surplus_chance(own: int, other: int) -> Fraction:
    """Return the chance that, of `own` and `other` hands in random order, more others come before a uniform cut."""
    total = own + other
    chance = Fraction(0)
    for before in range(total + 1):
        ways = sum(comb(own, a) * comb(other, before - a) for a in range(min(own, before) + 1) if before - a > a)
        chance += Fraction(ways, comb(total, before))
    return chance / (total + 1)
