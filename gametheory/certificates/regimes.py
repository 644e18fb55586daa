"""A rigorous upper bound on what any pair of posted prices earns, by closing pairs of price intervals one by one.

An operator posts ``p_b`` and ``p_s`` in ``[feed_in, retail]`` and settles the rest with the grid, whose bill is a
maximum over prices; so for **every** ``lam`` in ``[feed_in, retail]``

    profit(p_b, p_s) <= (p_b - lam) E_b(p_b) + (lam - p_s) E_s(p_s)

with equality for the smallest right side. The two terms depend on one price each: with both axes cut into intervals,
the pair (j, k) earns at most ``max_j (p_b - lam) E_b + max_k (lam - p_s) E_s``. One ``lam`` closes every pair whose
sum is at most the claimed profit; pairs left open get a ``lam`` of their own. Prices with ``p_s > p_b`` are covered as
well: with ``lam`` between them the right side is not positive, and no operator need earn less than 0.

Which ``lam`` are used is no matter of trust: any of them gives a valid bound. This module knows neither where the
intervals come from nor what numbers are used (rationals, or balls with upper ends).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Leaf", "upper_bound_of_profit"]

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is known about one pair of intervals: a ``lam``, and prices inside with what they certainly earn."""

    multiplier: Any
    buy_price: Any
    sell_price: Any
    profit: Any


def upper_bound_of_profit(
    claimed: Any,
    first: Any,
    buyer_bounds: Callable[[Any], list[Any]],
    seller_bounds: Callable[[Any], list[Any]],
    solve_pair: Callable[[int, int], Leaf],
    *,
    slack: Any = 0,
) -> tuple[Any, Leaf | None, tuple[Any, ...]]:
    """Return an upper bound on the profit at any prices, better prices where they were found, and the ``lam`` used.

    Parameters
    ----------
    claimed
        What the prices that are judged earn.
    first
        The ``lam`` to begin with.
    buyer_bounds, seller_bounds
        For a ``lam`` an upper bound of ``(p - lam) E_b`` (of ``(lam - p) E_s``) on each interval.
    solve_pair
        The best ``lam`` of a pair, up to rounding, and prices that earn (at least) `profit` there.
    slack
        A pair is closed when its bound is at most the best profit known plus this; 0 asks for exact closing, which is
        right where `solve_pair` is exact.
    """
    best: Leaf | None = None
    incumbent = claimed
    used = [first]
    buyers, sellers = buyer_bounds(first), seller_bounds(first)
    bound = incumbent
    # Pairs that the first lam leaves open, found in the order of their sums: what is closed is never listed.
    order = sorted(range(len(sellers)), key=sellers.__getitem__, reverse=True)
    pairs: dict[Pair, Any] = {}
    for j, height in enumerate(buyers):
        for k in order:
            total = height + sellers[k]
            if total <= incumbent:
                break
            if total <= incumbent + slack:
                bound = max(bound, total)
                continue
            pairs[j, k] = total
    while pairs:
        j, k = max(pairs, key=pairs.__getitem__)
        leaf = solve_pair(j, k)
        if leaf.profit > incumbent:
            best, incumbent = leaf, leaf.profit
        bound = max(bound, incumbent)
        used.append(leaf.multiplier)
        buyers, sellers = buyer_bounds(leaf.multiplier), seller_bounds(leaf.multiplier)
        # The pair just solved is settled: its own bound counts in full and is not asked for again.
        own = min(pairs.pop((j, k)), buyers[j] + sellers[k])
        bound = max(bound, own)
        tighter = {pair: min(old, buyers[pair[0]] + sellers[pair[1]]) for pair, old in pairs.items()}
        pairs = {pair: height for pair, height in tighter.items() if height > incumbent + slack}
        closed = [height for height in tighter.values() if incumbent < height <= incumbent + slack]
        bound = max([bound, *closed])
    return bound, best, tuple(used)
