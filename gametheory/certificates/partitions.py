"""Partitions of the players: the Aumann-Dreze value, and stability against merging and splitting, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from itertools import combinations
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.certificates.coalitional import read_allocation, sign_of
from gametheory.certificates.values import check_shapley
from gametheory.errors import InputError, SizeLimit
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["check_aumann_dreze", "check_stable_partition"]

_SPLIT_LIMIT = 14


def _blocks(game: CoalitionalGame, partition: Any) -> list[int]:
    if not isinstance(partition, Sequence) or isinstance(partition, str):
        raise InputError(f"partition {partition!r}: give a sequence of coalitions, each a tuple of names")
    for block in partition:
        if not isinstance(block, Sequence | Set) or isinstance(block, str):
            raise InputError(f"block {block!r}: give a tuple of names")
    masks = [game.mask(block) for block in partition]
    seen = 0
    for mask, block in zip(masks, partition, strict=True):
        if not mask or mask & seen:
            raise InputError(f"block {block!r} is empty or shares a player with another; name each player once")
        seen |= mask
    if seen != 2 ** len(game.players) - 1:
        left = game.coalition(2 ** len(game.players) - 1 - seen)
        raise InputError(f"{left[0]!r} is in no block; name each player once")
    return masks


def check_aumann_dreze(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "each block of the partition shares its own number by the Shapley value" (Aumann and Dreze 1974).

    The profile holds ``"partition"`` and ``"values"``.
    """
    if not isinstance(profile, Mapping) or not {"partition", "values"} <= set(profile):
        raise InputError("give a mapping with 'partition' and 'values'")
    values = read_allocation(game.players, profile["values"])
    bound, worst = Fraction(0), ""
    for mask in _blocks(game, profile["partition"]):
        inside = [i for i in range(len(game.players)) if mask >> i & 1]
        part = check_shapley(game.subgame(game.coalition(mask)), [values[i] for i in inside])
        if part.bound > bound:
            bound, worst = part.bound, f": in ({', '.join(game.coalition(mask))}) {part.witness['player']!r} is off"
    return Certificate(
        strength=Strength.REFUTED if bound > 0 else Strength.EXACT,
        claim=f"the allocation is the Aumann-Dreze value of the partition{worst}",
        bound=bound,
    )


def check_stable_partition(
    game: CoalitionalGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide "no group of blocks gains by merging and no block by splitting" (Apt and Witzel 2009).

    The profile holds ``"partition"`` and ``"transfer_cost"``, what a block of k members spends on each of its k - 1
    links. A merger or a split gains if the blocks it makes are worth more together than those it takes.
    """
    if not isinstance(profile, Mapping) or "partition" not in profile:
        raise InputError("give a mapping with 'partition' (and 'transfer_cost')")
    blocks = _blocks(game, profile["partition"])
    link = exact(profile.get("transfer_cost", 0), what="transfer_cost")
    if len(blocks) > 20 or max(mask.bit_count() for mask in blocks) > _SPLIT_LIMIT:
        raise SizeLimit(f"stability is decided up to 20 blocks of up to {_SPLIT_LIMIT} players each")
    sign = sign_of(game)
    worth = {mask: sign * game.values[mask] - link * (mask.bit_count() - 1) for mask in blocks}

    def of(mask: int) -> Fraction:
        if mask not in worth:
            worth[mask] = sign * game.values[mask] - link * (mask.bit_count() - 1)
        return worth[mask]

    best, move = Fraction(0), ""
    evidence: dict[str, Any] = {}
    for size in range(2, len(blocks) + 1):
        for some in combinations(blocks, size):
            gain = of(sum(some)) - sum((of(mask) for mask in some), Fraction(0))
            if gain > best:
                best, move = gain, "merging"
                evidence = {"from": tuple(map(game.coalition, some)), "to": (game.coalition(sum(some)),)}
    for block in blocks:
        parts, value = _best_split(block, of)
        gain = value - of(block)
        if gain > best:
            best, move = gain, "splitting"
            evidence = {"from": (game.coalition(block),), "to": tuple(map(game.coalition, parts))}
    return Certificate(
        strength=Strength.REFUTED if best > 0 else Strength.EXACT,
        claim="the partition is stable against merging and splitting" + (f": {move} gains {best}" if move else ""),
        bound=best,
        witness=evidence,
    )


def _best_split(block: int, of: Any) -> tuple[list[int], Fraction]:
    """Return the best partition of a block and its worth, by dynamic programming over its subsets."""
    members = [1 << i for i in range(block.bit_length()) if block >> i & 1]
    best: dict[int, tuple[Fraction, int]] = {0: (Fraction(0), 0)}
    for code in range(1, 2 ** len(members)):
        mask = sum(bit for k, bit in enumerate(members) if code >> k & 1)
        first = mask & -mask
        rest = mask ^ first
        choice = None
        part = rest
        while True:  # every subset of the others joins the first member
            own = first | part
            value = of(own) + best[mask ^ own][0]
            if choice is None or value > choice[0]:
                choice = (value, own)
            if not part:
                break
            part = (part - 1) & rest
        best[mask] = choice
    parts, mask = [], block
    while mask:
        parts.append(best[mask][1])
        mask ^= best[mask][1]
    return parts, best[block][0]
