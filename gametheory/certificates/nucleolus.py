"""Nucleolus, prenucleolus and least core, judged by balanced collections in exact arithmetic.

Kohlberg's criterion (1971; for the prenucleolus Sobolev 1975): an efficient allocation is the prenucleolus if and only
if for every number t the coalitions with excess at least t carry positive weights that balance (that add up to the same
for every player). Among imputations players held at ``v(i)`` may help with weights of zero or more.

Levels are walked from the largest excess down. Coalitions that are linear combinations of earlier ones never spoil the
balance, and earlier ones may take any weight (enough of their own balance makes it positive); so each level needs one
question in the quotient space, and after at most n - 1 of them nothing is open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import Number, brief
from gametheory.certificates.coalitional import Excesses, read_allocation, sign_of
from gametheory.certificates.cone import cone_weights
from gametheory.certificates.structured import structured_nucleolus
from gametheory.games.coalition_table import subset_sums
from gametheory.games.coalitional import LAZY_LIMIT, CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = [
    "check_least_core",
    "check_nucleolus",
    "check_per_capita_nucleolus",
    "check_per_capita_prenucleolus",
    "check_prenucleolus",
]


#: Coalitions that are turned into vectors at once.
_CHUNK = 2**16


def check_nucleolus(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this imputation is the nucleolus" by Kohlberg's criterion."""
    return _check(game, profile, "nucleolus", rational=True)


def check_per_capita_nucleolus(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same with excesses divided by the size of the coalition (Grotte 1970)."""
    return _check(game, profile, "per-capita nucleolus", rational=True, per_capita=True)


def check_per_capita_prenucleolus(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same among all efficient allocations."""
    return _check(game, profile, "per-capita prenucleolus", rational=False, per_capita=True)


def check_prenucleolus(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this allocation is the prenucleolus" by Kohlberg's criterion."""
    return _check(game, profile, "prenucleolus", rational=False)


def check_least_core(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "no efficient allocation has a smaller largest excess over proper coalitions".

    Weights on coalitions of the largest excess that add up to the same for every player prove it (weak duality); a
    direction that gives all of them more refutes it.
    """
    allocation = read_allocation(game.players, profile)
    excesses = Excesses.of(game, allocation)
    refuted = _not_efficient(game, excesses, "the allocation is in the least core")
    if refuted:
        return refuted
    n, sign = len(game.players), sign_of(game)
    if n == 1:
        return Certificate(strength=Strength.EXACT, claim="the allocation is in the least core", bound=Fraction(0))
    _, largest = excesses.largest()
    top = np.flatnonzero(excesses.numerators[1:-1] == int(largest * excesses.scale)) + 1
    space = _orthogonal([2**n - 1], n)
    images = np.column_stack([_images(space, top, n), np.ones(len(top), dtype=np.int64)])
    verdict = cone_weights(images, [0] * len(space) + [1])
    if verdict.weights is not None:
        weights = {game.coalition(int(top[k])): w for k, w in verdict.weights.items()}
        return Certificate(
            strength=Strength.EXACT,
            claim="the allocation is in the least core",
            bound=Fraction(0),
            witness={"largest_excess": largest, "weights": weights},
        )
    direction = _lifted(space, verdict.direction or ())
    return _refuted(game, excesses, "the allocation is in the least core", direction, top, int(top[0]), sign)


def _check(game: CoalitionalGame, profile: Any, name: str, *, rational: bool, per_capita: bool = False) -> Certificate:
    allocation = read_allocation(game.players, profile)
    claim = f"the allocation is the {name}"
    if len(game.players) > LAZY_LIMIT and not per_capita:  # the core is not empty: both nucleoli are the same
        found = structured_nucleolus(game, allocation, claim)
        if found is not None:
            return found
    excesses = Excesses.of(game, allocation)
    refuted = _not_efficient(game, excesses, claim)
    if refuted:
        return refuted
    if per_capita:
        excesses = excesses.per_capita()
    n, sign = len(game.players), sign_of(game)
    tight: list[int] = []
    if rational:
        for i in range(n):
            single = excesses[1 << i]
            if single > 0:
                return Certificate(
                    strength=Strength.REFUTED,
                    claim=f"{claim}: {game.players[i]!r} does better alone, by {brief(single)}",
                    bound=single,
                    witness={"coalition": (game.players[i],), "excess": single},
                )
            if single == 0:
                tight.append(i)
    levels = []
    settled = [2**n - 1]
    space = _orthogonal(settled, n)
    while space:
        level, masks = _next_level(excesses, space, n)
        images = _images(space, masks, n)
        helpers = _images(space, np.array([1 << i for i in tight], dtype=np.int64), n)
        needed = [-s for s in _total(images)]
        verdict = cone_weights(np.vstack([images, helpers]) if tight else images, needed)
        if verdict.weights is None:
            direction = _lifted(space, verdict.direction or ())
            return _refuted(game, excesses, claim, direction, masks, int(masks[0]), sign)
        levels.append(level)
        # Every coalition of the level is settled, and every player whose weight is positive.
        used = [1 << tight[k - len(masks)] for k in verdict.weights if k >= len(masks)]
        settled, space = _extended(settled, np.concatenate([masks, np.array(used, dtype=np.int64)]), n)
    return Certificate(
        strength=Strength.EXACT,
        claim=claim,
        bound=Fraction(0),
        witness={"levels": tuple(levels), "settled": tuple(game.coalition(m) for m in settled[1:])},
    )


def _not_efficient(game: CoalitionalGame, excesses: Excesses, claim: str) -> Certificate | None:
    grand = excesses[len(excesses.numerators) - 1]
    if grand == 0:
        return None
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: the shares miss the grand coalition's {game.kind} by {brief(abs(grand))}",
        bound=abs(grand),
        witness={"grand": grand},
    )


def _next_level(excesses: Excesses, space: list[list[int]], n: int) -> tuple[Fraction, Any]:
    """Return the largest excess of a coalition that is no combination of the settled ones, and all that have it."""
    free = np.zeros(2**n, dtype=bool)
    for vector in space:
        free |= subset_sums(vector) != 0
    top = excesses.top(np.flatnonzero(free))
    return excesses[int(top[0])], top


def _orthogonal(masks: list[int], n: int) -> list[list[int]]:
    """Return integer vectors spanning what is orthogonal to the coalitions: empty where these span everything."""
    reduced, rank = flint.fmpq_mat([[mask >> i & 1 for i in range(n)] for mask in masks]).rref()
    leads = [next(j for j in range(n) if reduced[r, j] != 0) for r in range(rank)]
    vectors = []
    for free in sorted(set(range(n)) - set(leads)):
        scale = math.lcm(*(int(reduced[r, free].q) for r in range(rank)))
        vector = [0] * n
        vector[free] = scale
        for r, lead in enumerate(leads):
            vector[lead] = int((-reduced[r, free] * scale).p)
        vectors.append(vector)
    return vectors


def _extended(settled: list[int], masks: Any, n: int) -> tuple[list[int], list[list[int]]]:
    """Return the settled coalitions with an independent choice of `masks`, and what is orthogonal to all of them."""
    chosen, space = list(settled), _orthogonal(settled, n)
    for start in range(0, len(masks), _CHUNK):
        rest = masks[start : start + _CHUNK]
        while space and len(rest):
            rest = rest[(_images(space, rest, n) != 0).any(axis=1)]
            if len(rest):
                chosen.append(int(rest[0]))
                space = _orthogonal(chosen, n)
    return chosen, space


def _images(space: list[list[int]], masks: Any, n: int) -> Any:
    """Return the coalitions' vectors in the quotient space: one row a coalition."""
    vectors = np.array(space, dtype=object).reshape(len(space), n)
    if sum(abs(int(v)) for v in vectors.ravel()) >= 2**52:
        bits = (np.asarray(masks)[:, None] >> np.arange(n)) & 1
        return bits.astype(object) @ vectors.T
    # Every partial sum is a whole number below 2**52, so float64 carries it without rounding.
    columns = vectors.T.astype(np.float64)
    images = np.empty((len(masks), len(space)), dtype=np.int64)
    for start in range(0, len(masks), _CHUNK):
        bits = (masks[start : start + _CHUNK, None] >> np.arange(n)) & 1
        images[start : start + _CHUNK] = bits.astype(np.float64) @ columns
    return images


def _total(images: Any) -> list[int]:
    """Return the sum of the rows; columns that could leave 64 bits are added as Python integers."""
    if images.dtype != object and len(images) * int(abs(images).max(initial=0)) >= 2**62:
        images = images.astype(object)
    return [int(s) for s in images.sum(axis=0)]


def _lifted(space: list[list[int]], direction: tuple[int, ...]) -> list[int]:
    """Return the direction of the quotient space as a change of the allocation."""
    n = len(space[0])
    return [sum(d * vector[i] for d, vector in zip(direction, space, strict=False)) for i in range(n)]


def _refuted(
    game: CoalitionalGame,
    excesses: Excesses,
    claim: str,
    direction: list[int],
    masks: Any,
    level: int,
    sign: int,
) -> Certificate:
    """Return the refutation: moving along `direction` lowers some excess of the level and raises none to it."""
    change = subset_sums(direction)
    better = [int(mask) for mask in masks if change[mask] > 0]
    top = excesses.numerators[level]
    lower = excesses.numerators[1:-1]
    lower = lower[lower < top]
    gap = Fraction(int(top - lower.max()), excesses.scale) if len(lower) else Fraction(1)
    step = gap / (2 * sum(map(abs, direction)))
    for i, move in enumerate(direction):
        single = excesses[1 << i]
        if move < 0 and single < 0:
            step = min(step, single / move)
    gain = step * min(Fraction(int(change[mask]), mask.bit_count()) for mask in better)
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: the excess {brief(excesses[level])} of ({', '.join(game.coalition(better[0]))}) can fall",
        bound=gain,
        witness={
            "level": excesses[level],
            "coalitions": tuple(game.coalition(mask) for mask in better[:10]),
            "direction": tuple(sign * step * move for move in direction),
        },
    )
