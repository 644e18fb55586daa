"""Branch and bound over coalitions: find those that gain most, and keep the tree that proves that no other gains more.

At a node some players are in, some are out. The relaxation bounds what any coalition of the node gains; where the bound
is at most the threshold the node is closed. Otherwise the few coalitions that the mixed shares do not exclude are
costed one by one. Where they are many, the best shares for the node are asked for, or shares for the fractional
coalition of the relaxation (Kelley's cutting planes, 1960), and at last the node is split at a player.
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gametheory.errors import GameTheoryError
from gametheory.solvers.separation.pool import Pool, indicator
from gametheory.solvers.separation.relaxation import Relaxation, nearly_best
from gametheory.solvers.separation.shares import Floats

__all__ = ["Judge", "Tree", "search"]

#: Coalitions that are costed one by one at a node before it is split.
_ONE_BY_ONE = 60
#: And of these at a turn, before the relaxation is solved again.
_AT_A_TURN = 3
#: Relaxations solved at a node before it is split.
_ROUNDS = 30
#: Floats nearer than this are not told apart (money); the exact check decides.
NEAR = 1e-9


class Judge(ABC):
    """Which coalitions may gain what: the claim that a tree proves."""

    @property
    @abstractmethod
    def threshold(self) -> float:
        """What a coalition that is not admitted may gain."""

    @abstractmethod
    def admits(self, mask: int, gain: float) -> bool:
        """Whether a coalition that gains at most `gain` is no objection."""

    def admits_all(self, inside: int, free: Floats, bound: float) -> bool:
        """Whether no coalition of a node is an objection, whichever free players it takes."""
        return False

    @abstractmethod
    def found(self, mask: int, gain: float) -> bool:
        """Take note of a coalition and what it gains; return whether the search should stop: the claim is false."""


@dataclass(slots=True)
class Tree:
    """The proof: in preorder, a player to split at (first child: it is in) or the weights of shares that close a leaf.

    ``nodes`` holds an int or a tuple of pairs (position in the pool, weight in units of ``2**-WEIGHT_BITS``).
    """

    nodes: list[Any] = field(default_factory=list)
    relaxations: int = 0


#: Weights of shares are whole multiples of 2 to the minus this.
WEIGHT_BITS = 30


def search(pool: Pool, amounts: Floats, judge: Judge, *, limit: int = 200_000) -> Tree | None:
    """Return the tree that proves what the judge claims, or None where the judge has stopped the search.

    Raises
    ------
    GameTheoryError
        More than `limit` relaxations.
    """
    relaxation = Relaxation(pool, amounts)
    tree = Tree()
    size = pool.size
    made: dict[tuple[int, int], Any] = {}
    # The node of the highest bound comes first: what gains most is found early, and found coalitions close other nodes.
    heap: list[tuple[float, int, int, int]] = [(0.0, 0, 0, 0)]
    while heap:
        _, _, inside, outside = heapq.heappop(heap)
        low, high = indicator(inside, size), 1.0 - indicator(outside, size)
        free = np.flatnonzero(low < high)
        bound, closed = _close(pool, relaxation, judge, tree, low, high, free, inside, amounts)
        if closed is None:
            return None
        made[inside, outside] = closed
        if not isinstance(closed, tuple):
            bit = 1 << closed
            heapq.heappush(heap, (-bound, len(made), inside | bit, outside))
            heapq.heappush(heap, (-bound, len(made), inside, outside | bit))
        if tree.relaxations > limit:
            raise GameTheoryError(
                f"the search for the worst coalition has solved {limit} relaxations and is not done; "
                "allow more with limit=, or take fewer players"
            )
    tree.nodes = _preorder(made)
    return tree


def _preorder(made: dict[tuple[int, int], Any]) -> list[Any]:
    nodes, stack = [], [(0, 0)]
    while stack:
        inside, outside = stack.pop()
        node = made[inside, outside]
        nodes.append(node)
        if not isinstance(node, tuple):
            bit = 1 << node
            stack += [(inside, outside | bit), (inside | bit, outside)]
    return nodes


def _close(
    pool: Pool,
    relaxation: Relaxation,
    judge: Judge,
    tree: Tree,
    low: Floats,
    high: Floats,
    free: Any,
    inside: int,
    amounts: Floats,
) -> tuple[float, Any]:
    """Return a node's bound and the weights that close it, the player to split it at, or None to stop."""
    exactly = False
    for turn in range(_ROUNDS + 1):
        bound, degrees, weights = relaxation.solve(low, high)
        tree.relaxations += 1
        leaf = _leaf(weights)
        if bound <= judge.threshold - NEAR or judge.admits_all(inside, free, bound):
            return bound, leaf
        # The floats of the leaf as it will be stated, so that the checker walks the same coalitions.
        mixed = amounts - sum(weight * pool.matrix[k] for k, weight in leaf) / 2.0**WEIGHT_BITS
        near = nearly_best(mixed, free, inside, judge.threshold - NEAR, _ONE_BY_ONE)
        if near is not None:
            gains = relaxation.gains()
            costed = 0
            for mask in near:
                if judge.admits(mask, float((gains @ indicator(mask, pool.size)).min())):
                    continue
                if costed == _AT_A_TURN and turn < _ROUNDS:
                    break  # what was just learnt may exclude the others
                costed += 1
                gain = float(amounts @ indicator(mask, pool.size)) - pool.cost(mask)
                if judge.found(mask, gain):
                    return bound, None
            else:
                return bound, leaf
            continue
        if bound <= judge.threshold + NEAR:
            return bound, leaf  # too many ties to look at each: the leaf's own bound decides, exactly where it is exact
        new = False
        rounded = int(sum(1 << int(i) for i in np.flatnonzero(degrees > 0.5)))
        if rounded and rounded not in pool.costs:
            if judge.found(rounded, float(amounts @ indicator(rounded, pool.size)) - pool.cost(rounded)):
                return bound, None
            new = True
        fractional = free[(degrees[free] > 1e-6) & (degrees[free] < 1 - 1e-6)]
        if turn == 0:
            best = pool.source.against(amounts, low, high)
            for shares in best:
                pool.add(shares)
            exactly, new = bool(best), new or bool(best)
        if len(fractional) and turn < _ROUNDS and not exactly:
            shares = pool.source.at(degrees)
            if float(degrees @ (amounts - shares.values)) < bound - 10 * NEAR:
                pool.add(shares)
                new = True
        if not new:
            break
    return bound, _split(relaxation, degrees, free, mixed)


def _split(relaxation: Relaxation, degrees: Floats, free: Any, mixed: Floats) -> int:
    """Return the player to split at: fractional, or the one whose change costs the best coalition most."""
    fractional = free[(degrees[free] > 1e-6) & (degrees[free] < 1 - 1e-6)]
    if len(fractional):
        gains = abs(mixed[fractional])
        middle = np.minimum(degrees[fractional], 1 - degrees[fractional])
        return int(fractional[np.lexsort((-gains, -np.round(middle, 3)))[0]])
    gains = relaxation.gains()
    base = gains @ degrees
    turned = base[:, None] + gains[:, free] * (1 - 2 * degrees[free])
    return int(free[np.argmin(turned.min(axis=0))])


def _leaf(weights: Floats) -> tuple[tuple[int, int], ...]:
    """Return the weights as whole numbers that add up to ``2**WEIGHT_BITS``."""
    places = np.flatnonzero(weights)
    parts = [round(float(weights[k]) * 2**WEIGHT_BITS) for k in places]
    parts[int(np.argmax(parts))] += 2**WEIGHT_BITS - sum(parts)
    return tuple((int(k), part) for k, part in zip(places, parts, strict=True) if part)
