"""Least core and nucleolus of games without a table, judged level by level: weights from below, a tree from above.

At a level some coalitions are settled, and with them all that depend on them linearly. Positive weights on coalitions
that are open, such that the weighted sum depends on the settled ones, show that no allocation that agrees with the
settled ones gives all open coalitions less than the excess ``e`` that these have (weak duality). The tree shows that no
open coalition has more. So the level is right, its coalitions have that excess at every allocation that is as good, and
they are settled in turn; when all players depend on what is settled, the allocation is the only one: the prenucleolus
(the argument of Kohlberg 1971, with the search in the place of the table). Where nobody's excess alone is positive it
is an imputation, and the nucleolus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, brief, exact, exact_series, whole
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.separation import Named, Separation, largest_gain, read_separation
from gametheory.errors import InputError
from gametheory.result import Certificate, Strength

__all__ = [
    "check_least_core",
    "check_nearest_core_point",
    "check_nucleolus",
    "check_per_capita_nucleolus",
    "check_per_capita_prenucleolus",
    "check_prenucleolus",
]

#: A level that is left open by more than this share of ``C(N)`` is not proved at all.
_ROUNDING = Fraction(1, 10**6)


def check_least_core(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "no efficient allocation has a smaller largest excess over proper coalitions": the first level alone."""
    return _check(game, profile, "the allocation is in the least core", epsilon, witness, first=True)


def check_nucleolus(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this allocation is the nucleolus"."""
    return _check(game, profile, "the allocation is the nucleolus", epsilon, witness)


def check_prenucleolus(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "this allocation is the prenucleolus"."""
    return _check(game, profile, "the allocation is the prenucleolus", epsilon, witness)


def check_per_capita_nucleolus(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same with excesses divided by the size of the coalition (Grotte 1970)."""
    return _check(game, profile, "the allocation is the per-capita nucleolus", epsilon, witness, per_capita=True)


def check_per_capita_prenucleolus(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same among all efficient allocations."""
    return _check(game, profile, "the allocation is the per-capita prenucleolus", epsilon, witness, per_capita=True)


def check_nearest_core_point(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "no stable split is nearer to the reference", by the conditions of Karush, Kuhn and Tucker.

    The profile holds ``"values"``, ``"reference"`` and ``"excess"``, the largest excess a coalition may have: 0 for the
    core, else that of the least core, which is then proved too. The witness's ``"nearest"`` gives coalitions whose
    excess is the allowed one weights of 0 or more; with any weight on all together they make up ``r - x``.
    """
    claimed = exact(epsilon, what="epsilon")
    if not isinstance(profile, Mapping) or not {"values", "reference", "excess"} <= set(profile):
        raise InputError("give a mapping with 'values', 'reference' and 'excess'")
    values = read_allocation(game.players, profile["values"])
    reference = read_allocation(game.players, profile["reference"])
    allowed = exact(profile["excess"], what="excess")
    size = len(values)
    if witness is None or not {"trees", "levels", "nearest"} <= set(witness):
        raise InputError(
            'no proof by separation: the witness needs "trees", "levels" and "nearest"; ask a solver for it'
        )
    proof = read_separation(game, {**witness, "tree": tuple(witness["trees"][0])})
    place = "core" if allowed == 0 else "least core"
    claim = f"the allocation is the point of the {place} nearest to the reference"
    grand = next((c for c in proof.named if len(c.members) == size), None)
    if grand is None or grand.below != grand.above:
        raise InputError("the proof does not decide the cost of all players; take the witness as the solver gave it")
    missed = abs(sum(values, Fraction(0)) - grand.above)
    if missed > claimed:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"{claim}: the shares miss the grand coalition's cost by {brief(missed)}",
            bound=missed,
            witness={"optimum": grand.above},
            epsilon=claimed,
        )
    gap = missed
    if size > 1:
        gap = max(gap, _above(proof, values, allowed, _orthogonal([2**size - 1], size), False))
    if allowed != 0:
        stated = check_least_core(game, values, epsilon=claimed, witness=witness)
        if stated.witness["largest_excess"] != allowed:
            raise InputError(f"{brief(allowed)} is not the excess of the least core; the proof shows another")
        gap = max(gap, stated.bound)
    moved = [r - x for x, r in zip(values, reference, strict=True)]
    for pair in witness["nearest"]:
        k, weight = whole(pair[0], what="coalition"), exact(pair[1], what="weight")
        if not 0 <= k < len(proof.named) or weight < 0:
            raise InputError("a weight of the nearest point is negative, or its coalition is none of the proof")
        if sum((values[i] for i in proof.named[k].members), Fraction(0)) - proof.named[k].above != allowed:
            raise InputError("a coalition with a weight is not tight: it does not hold the point where it is")
        moved = [m - weight if proof.named[k].mask >> i & 1 else m for i, m in enumerate(moved)]
    if any(m != moved[0] for m in moved):
        raise InputError("the weights do not make up the way to the reference: the proof does not show it is nearest")
    if gap > max(claimed, _ROUNDING * max(Fraction(1), abs(grand.above))):
        raise InputError(f"the proof leaves an excess of {brief(gap)}: it does not show that {claim}; ask a solver")
    return Certificate(
        strength=Strength.EXACT if gap <= claimed else Strength.BOUNDED,
        claim=claim + ("" if gap <= claimed else f", where no coalition gains more than {brief(gap)} beyond it"),
        bound=gap,
        witness={
            "squared_distance": sum(((x - r) ** 2 for x, r in zip(values, reference, strict=True)), Fraction(0)),
            "excess": allowed,
        },
        epsilon=claimed,
    )


def _check(
    game: Any,
    profile: Any,
    claim: str,
    epsilon: Number,
    witness: Mapping[str, Any] | None,
    *,
    first: bool = False,
    per_capita: bool = False,
) -> Certificate:
    claimed = exact(epsilon, what="epsilon")
    amounts = read_allocation(game.players, profile)
    size = len(amounts)
    trees, levels = (witness or {}).get("trees"), (witness or {}).get("levels")
    if trees is None or levels is None or len(trees) != len(levels):
        raise InputError(
            'no proof by separation: the witness needs "trees" and "levels", one each; ask a solver for it'
        )
    proof = read_separation(game, {**(witness or {}), "tree": ()})
    grand = next((c for c in proof.named if len(c.members) == size), None)
    if grand is None:
        raise InputError("the proof does not name the coalition of all players; take the witness as the solver gave it")
    total = sum(amounts, Fraction(0))
    if not grand.below - claimed <= total <= grand.above + claimed:
        missed = max(grand.below - total, total - grand.above)
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"{claim}: the shares miss the grand coalition's cost by {brief(missed)}",
            bound=missed,
            witness={"optimum": grand.above, "coalitions": ()},
            epsilon=claimed,
        )
    settled, space = [2**size - 1], _orthogonal([2**size - 1], size)
    excesses: list[Fraction] = []
    gap = max(abs(total - grand.above), grand.above - grand.below)
    for tree, level in zip(trees, levels, strict=True):
        if not space:
            raise InputError("the proof goes on after the allocation is determined")
        chosen = _collection(level, proof, space, size)
        excess = min(_excess(c, amounts, per_capita) for c in chosen)
        excesses.append(excess)
        gap = max(gap, _above(replace(proof, tree=tuple(tree)), amounts, excess, space, per_capita))
        settled += [c.mask for c in chosen]
        space = _orthogonal(settled, size)
        if first:
            break
    if size > 1 and (not excesses if first else bool(space)):
        raise InputError("the proof's levels do not determine the allocation; take the witness as the solver gave it")
    return _verdict(claim, claimed, gap, excesses, grand, "" if first or not excesses else excesses[0])


def _verdict(
    claim: str, claimed: Fraction, gap: Fraction, excesses: Sequence[Fraction], grand: Named, largest: Any
) -> Certificate:
    if largest != "" and largest > 0:
        raise InputError("the largest excess is positive: the core of this game would be empty, which it never is")
    if gap > max(claimed, _ROUNDING * max(Fraction(1), abs(grand.above))):
        raise InputError(
            f"the proof leaves a level open by {brief(gap)}: it does not show that {claim}; ask a solver for both"
        )
    note = "" if gap == 0 else f", with every level of the excesses the least up to {brief(gap)}"
    return Certificate(
        strength=Strength.EXACT if gap <= claimed else Strength.BOUNDED,
        claim=claim + note,
        bound=gap,
        witness={
            "levels": tuple(excesses),
            "largest_excess": excesses[0] if excesses else Fraction(0),
            "optimum": grand.above,
        },
        epsilon=claimed,
    )


def _collection(level: Any, proof: Separation, space: list[list[int]], size: int) -> list[Named]:
    """Return a level's coalitions, or refuse those that are settled, and weights that do not balance."""
    if not isinstance(level, Mapping) or "coalitions" not in level or "weights" not in level:
        raise InputError('a level is a mapping with "coalitions" and "weights"; take it as the solver gave it')
    places = [whole(k, what="coalition of a level") for k in level["coalitions"]]
    weights = exact_series(level["weights"], what="weights of a level")
    if not places or len(weights) != len(places) or not all(0 <= k < len(proof.named) for k in places):
        raise InputError("a level names coalitions of the proof, one weight each")
    chosen = [proof.named[k] for k in places]
    if any(weight <= 0 for weight in weights):
        raise InputError("a weight of a level is not positive: the level is not balanced")
    if any(_settled(c.mask, space) for c in chosen):
        raise InputError("a level names a coalition that is settled already")
    load = [sum((w for w, c in zip(weights, chosen, strict=True) if c.mask >> i & 1), Fraction(0)) for i in range(size)]
    if any(sum((a * b for a, b in zip(vector, load, strict=True)), Fraction(0)) for vector in space):
        raise InputError("the weights of a level do not balance: their sum does not depend on what is settled")
    return chosen


def _excess(coalition: Named, amounts: Sequence[Fraction], per_capita: bool) -> Fraction:
    """Return what a coalition gains at least, by its plan."""
    gain = sum((amounts[i] for i in coalition.members), Fraction(0)) - coalition.above
    return gain / len(coalition.members) if per_capita else gain


def _above(
    proof: Separation, amounts: Sequence[Fraction], excess: Fraction, space: list[list[int]], per_capita: bool
) -> Fraction:
    """Return by how much an open coalition may exceed the level: 0 where the tree proves it.

    Per capita, ``x(T) - C(T) <= e |T|`` reads ``sum (x_i - e) - C(T) <= 0``.
    """
    shifted = [x - excess for x in amounts] if per_capita else list(amounts)
    threshold = Fraction(0) if per_capita else excess
    open_players = {i for vector in space for i, a in enumerate(vector) if a}

    def admits_all(inside: int, free: Sequence[int], bound: Fraction) -> bool:
        return not any(i in open_players for i in free) and _settled(inside, space)

    highest = largest_gain(proof, shifted, threshold, lambda mask, _: _settled(mask, space), admits_all)
    return highest - threshold


def _settled(mask: int, space: list[list[int]]) -> bool:
    return not any(sum(a for i, a in enumerate(vector) if a and mask >> i & 1) for vector in space)


def _orthogonal(masks: list[int], size: int) -> list[list[int]]:
    """Return whole-number vectors that span what is orthogonal to the coalitions."""
    matrix = flint.fmpz_mat([[mask >> i & 1 for i in range(size)] for mask in masks])
    basis, nullity = matrix.nullspace()
    return [[int(basis[i, k]) for i in range(size)] for k in range(nullity)]
