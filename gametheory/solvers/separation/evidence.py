"""From the search's floats to what a checker reads: shares as rationals, the tree, plans of the coalitions named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gametheory.solvers.separation.pool import Pool
from gametheory.solvers.separation.search import WEIGHT_BITS, Tree
from gametheory.solvers.separation.shares import members_of

__all__ = ["evidence"]


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
        "tree": tuple(node if isinstance(node, int) else tuple((place[k], w) for k, w in node) for node in tree.nodes),
        "coalitions": tuple(coalitions),
    }


def _singled_out(pool: Pool) -> set[int]:
    """The shares made for single coalitions: leaves leave some coalitions to these."""
    return set(pool.tight.values())
