"""The stable split nearest to a reference, judged by the conditions of Karush, Kuhn and Tucker in exact arithmetic.

The distance is strictly convex, so a point of the core is the nearest one if and only if ``x - r`` is a combination of
the coalitions that are tight there, with weights of 0 or more (and any weight on the grand coalition).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, exact
from gametheory.certificates.coalitional import Excesses, read_allocation, sign_of
from gametheory.certificates.cone import cone_weights
from gametheory.certificates.nucleolus import check_least_core
from gametheory.errors import InputError
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["check_nearest_core_point"]


def check_nearest_core_point(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "no stable split is nearer to the reference".

    The profile holds ``"values"``, ``"reference"`` and ``"excess"``, the largest excess a coalition may have: 0 for the
    core, else that of the least core, which is then proved too.
    """
    if not isinstance(profile, Mapping) or not {"values", "reference", "excess"} <= set(profile):
        raise InputError("give a mapping with 'values', 'reference' and 'excess'")
    values = read_allocation(game.players, profile["values"])
    reference = read_allocation(game.players, profile["reference"])
    allowed = exact(profile["excess"], what="excess")
    excesses = Excesses.of(game, values)
    worst, largest = excesses.largest()
    place = "core" if allowed == 0 else "least core"
    claim = f"the allocation is the point of the {place} nearest to the reference"
    grand = excesses[len(excesses.numerators) - 1]
    if grand != 0:
        return _refuted(claim, f"the shares miss the grand coalition's {game.kind} by {abs(grand)}", abs(grand), {})
    if largest > allowed:
        names = game.coalition(worst)
        return _refuted(
            claim, f"({', '.join(names)}) gains {largest}", largest - allowed, {"coalition": names, "excess": largest}
        )
    if allowed != 0:
        least = check_least_core(game, values)
        if least.strength is Strength.REFUTED or largest != allowed:
            why = f"{allowed} is not the excess of the least core"
            return _refuted(claim, why, abs(allowed - largest) + least.bound, {})
    return _nearest(game, claim, excesses, [x - r for x, r in zip(values, reference, strict=True)], allowed)


def _nearest(
    game: CoalitionalGame, claim: str, excesses: Excesses, moved: list[Fraction], allowed: Fraction
) -> Certificate:
    n, sign = len(moved), sign_of(game)
    limit = allowed * excesses.scale
    tight = np.flatnonzero(excesses.numerators[1:-1] == int(limit)) + 1 if limit.denominator == 1 else np.arange(0)
    # Rows: the tight coalitions, and the grand coalition in both directions.
    bits = (np.concatenate([tight, [2**n - 1]])[:, None] >> np.arange(n)) & 1
    vectors = np.vstack([bits, -bits[-1:]]).astype(np.int64)
    common = math.lcm(*(d.denominator for d in moved))
    target = [int(sign * d * common) for d in moved]
    verdict = cone_weights(vectors, target)
    if verdict.weights is not None:
        weights = {game.coalition(int(tight[k])): w / common for k, w in verdict.weights.items() if k < len(tight)}
        distance = sum((d * d for d in moved), Fraction(0))
        return Certificate(
            strength=Strength.EXACT,
            claim=claim,
            bound=Fraction(0),
            witness={"squared_distance": distance, "weights": weights, "excess": allowed},
        )
    # A direction that gives no tight coalition less, and along which the distance falls.
    direction = [Fraction(sign * d) for d in verdict.direction or ()]
    slope = -sum((d * m for d, m in zip(direction, moved, strict=True)), Fraction(0))
    length = sum((d * d for d in direction), Fraction(0))
    return _refuted(claim, "a stable split lies nearer", slope / length, {"direction": tuple(direction)})


def _refuted(claim: str, why: str, bound: Fraction, witness: Mapping[str, Any]) -> Certificate:
    return Certificate(strength=Strength.REFUTED, claim=f"{claim}: {why}", bound=bound, witness=witness)
