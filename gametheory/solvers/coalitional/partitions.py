"""Games with a coalition structure: what each block shares, and how blocks form by merging and splitting."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError, SizeLimit
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.size_values import TableShapley

__all__ = ["BlockShapley", "MergeAndSplit"]

_LIMIT = 14


@dataclass(frozen=True, slots=True)
class BlockShapley:
    """Aumann-Dreze value: every block shares its own number by the Shapley value (Aumann and Dreze 1974).

    Attributes
    ----------
    partition
        The blocks, tuples of names; empty for one block of all.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.AUMANN_DREZE
    partition: tuple[tuple[str, ...], ...] = ()

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact values."""
        partition = tuple(tuple(block) for block in self.partition) or (game.players,)
        shares: dict[str, Fraction] = {}
        for block in partition:
            small = game.subgame(block)
            shares |= dict(zip(small.players, TableShapley().solve(small).profile, strict=True))
        if len(shares) < len(game.players) or sum(map(len, partition)) != len(game.players):
            raise InputError(f"the blocks {partition} do not name each of {', '.join(game.players)} once")
        values = tuple(shares[name] for name in game.players)
        return Answer(
            profile={"partition": partition, "values": values}, extra={"players": game.players, "exact": values}
        )


@dataclass(frozen=True, slots=True)
class MergeAndSplit:
    """A partition that no merger and no split improves (Apt and Witzel 2009).

    1. Merge the group of blocks that gains most, as long as one gains.
    2. Split a block in its best parts, if they are worth more; go back to 1.

    The total worth rises with every step, so it ends.

    Attributes
    ----------
    transfer_cost
        Money that a block of k members spends on each of its k - 1 links.
    """

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.STABLE_PARTITION
    transfer_cost: Number = 0

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the partition, its blocks in player order."""
        n = len(game.players)
        if n > _LIMIT:
            raise SizeLimit(f"{n} players: merging and splitting is searched up to {_LIMIT} players; give a subgame")
        link, sign = exact(self.transfer_cost, what="transfer_cost"), 1 if game.kind == "value" else -1
        table = game.values
        worth = [Fraction(0), *(sign * table[m] - link * (m.bit_count() - 1) for m in range(1, 2**n))]
        blocks, steps = [1 << i for i in range(n)], 0
        while (better := _merged(blocks, worth) or _split(blocks, worth)) is not None:
            blocks, steps = better, steps + 1
        blocks.sort(key=lambda mask: mask & -mask)
        partition = tuple(map(game.coalition, blocks))
        total = sum((worth[mask] for mask in blocks), Fraction(0))
        return Answer(
            profile={"partition": partition, "transfer_cost": link},
            iterations=steps,
            extra={"partition": partition, "worth": sign * total},
        )


def _merged(blocks: list[int], worth: list[Fraction]) -> list[int] | None:
    best: tuple[Fraction, Any] = (Fraction(0), None)
    for size in range(2, len(blocks) + 1):
        for some in combinations(blocks, size):
            gain = worth[sum(some)] - sum((worth[mask] for mask in some), Fraction(0))
            if gain > best[0]:
                best = gain, some
    if best[1] is None:
        return None
    return [*(mask for mask in blocks if mask not in best[1]), sum(best[1])]


def _split(blocks: list[int], worth: list[Fraction]) -> list[int] | None:
    for block in blocks:
        parts = _best_parts(block, worth)
        if sum((worth[part] for part in parts), Fraction(0)) > worth[block]:
            return [*(mask for mask in blocks if mask != block), *parts]
    return None


def _best_parts(block: int, worth: list[Fraction]) -> list[int]:
    """Return the partition of a block that is worth most."""
    best: dict[int, tuple[Fraction, list[int]]] = {0: (Fraction(0), [])}
    subsets = [block]
    while subsets[-1]:
        subsets.append((subsets[-1] - 1) & block)
    for mask in reversed(subsets[:-1]):
        lowest = mask & -mask
        options = []
        own = mask
        while own:
            if own & lowest:
                rest, parts = best[mask ^ own]
                options.append((worth[own] + rest, [own, *parts]))
            own = (own - 1) & mask
        best[mask] = max(options, key=lambda option: option[0])
    return best[block][1]
