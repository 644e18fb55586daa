"""From the search's floats to what a checker reads: shares as rationals, the tree, plans of the coalitions named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.solvers.separation.pool import Pool
from gametheory.solvers.separation.search import WEIGHT_BITS, Tree
from gametheory.solvers.separation.shares import Proved, members_of

__all__ = ["evidence", "levels_evidence"]


def evidence(pool: Pool, tree: Tree, named: Iterable[int]) -> dict[str, Any]:
    """Return the proof as plain data.

    ``shares``: multipliers, each whole numbers over a scale. ``tree``: as :class:`Tree` says, positions among those
    shares. ``coalitions``: who they are (places), a plan, and the position of the shares that are tight for it.
    """
    used = sorted({k for node in tree.nodes if isinstance(node, tuple) for k, _ in node} | _singled_out(pool))
    place = {k: p for p, k in enumerate(used)}
    shares = [pool.source.stated(pool.shares[k]) for k in used]
    coalitions = []
    for mask in named:
        proved = pool.source.proved(mask)
        coalitions.append({"members": tuple(members_of(mask)), "plan": proved.plan, "shares": len(shares)})
        shares.append(proved.multipliers)
    return {
        "shares": tuple(shares),
        "weight_bits": WEIGHT_BITS,
        "tree": _placed(tree, place),
        "coalitions": tuple(coalitions),
    }


def levels_evidence(
    pool: Pool,
    trees: Sequence[Tree],
    costs: Mapping[int, Proved],
    levels: Sequence[tuple[Sequence[int], Sequence[Fraction]]],
) -> dict[str, Any]:
    """Return the proof of the levels of excess: a tree for each, its collection and weights, and what these cost."""
    mixed = {k for tree in trees for node in tree.nodes if isinstance(node, tuple) for k, _ in node}
    used = sorted(mixed | _singled_out(pool))
    place = {k: p for p, k in enumerate(used)}
    shares = [pool.source.stated(pool.shares[k]) for k in used]
    coalitions: list[dict[str, Any]] = []
    where: dict[int, int] = {}
    for mask, proved in costs.items():
        where[mask] = len(coalitions)
        coalitions.append({"members": tuple(members_of(mask)), "plan": proved.plan, "shares": len(shares)})
        shares.append(proved.multipliers)
    return {
        "shares": tuple(shares),
        "weight_bits": WEIGHT_BITS,
        "trees": tuple(_placed(tree, place) for tree in trees),
        "coalitions": tuple(coalitions),
        "levels": tuple(
            {"coalitions": tuple(where[mask] for mask in masks), "weights": tuple(weights)} for masks, weights in levels
        ),
    }


def _placed(tree: Tree, place: Mapping[int, int]) -> tuple[Any, ...]:
    return tuple(node if isinstance(node, int) else tuple((place[k], w) for k, w in node) for node in tree.nodes)


def _singled_out(pool: Pool) -> set[int]:
    """The shares made for single coalitions: leaves leave some coalitions to these."""
    return set(pool.tight.values())
