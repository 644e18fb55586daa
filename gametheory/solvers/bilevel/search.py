"""Branch and bound over complementarity pairs: floats search, then every leaf of the tree is closed in rationals.

Source: J. F. Bard and J. T. Moore, "A branch and bound algorithm for the bilevel programming problem", SIAM J. Sci.
Stat. Comput. 11 (1990) 281-292: (1) solve the relaxation without complementarity; (2) a pair where slack and multiplier
are both positive is branched on: tight, or multiplier zero; (3) a node whose bound is not below the best known value
closes. No multiplier is bounded, no constant is large.

Then, in rationals: (4) the best leaf gives the exact value; (5) every other leaf is closed by multipliers that prove
its bound, or that it is empty; where floats were wrong the leaf is branched on again. The tree is the proof.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.errors import SizeLimit, Unbounded
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import KKTSystem
from gametheory.solvers.bilevel.node_programme import NodeProgramme, Proof

__all__ = ["Search"]

_TOLERANCE = 1e-7
#: Below every value: once the search has stopped, any bound of a leaf is good.
_ANY = Fraction(-(10**300))


@dataclass(slots=True, eq=False)
class _Node:
    """Some pairs decided, and what became of that."""

    decisions: dict[int, bool]
    outcome: Outcome | None = None
    pair: int = -1
    children: tuple[_Node, _Node] | None = None
    proof: Proof | None = None


def _inherited(parent: Outcome | None) -> Outcome | None:
    """Return what a parent's outcome says of a child that was not solved: a point and a basis to start from."""
    return parent if parent is None else replace(parent, tight=())


@dataclass(slots=True)
class Search:
    """One run on one system.

    Attributes
    ----------
    most_nodes
        After so many nodes the search stops, and the answer says how far from the best it may be.
    value, point
        The best exact value and its point, None while nothing is known.
    nodes
        How many relaxations were solved.
    """

    system: KKTSystem
    most_nodes: int
    value: Fraction | None = None
    point: tuple[Fraction, ...] = ()
    nodes: int = 0
    _root: _Node = field(default_factory=lambda: _Node({}))
    _best: _Node | None = None
    _programme: NodeProgramme = field(init=False)
    _pairs: tuple[FloatArray, FloatArray, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._programme = NodeProgramme(self.system)
        matrix = np.zeros((len(self.system.pairs), self.system.size))
        for n, pair in enumerate(self.system.pairs):
            for k, a in pair.coefficients:
                matrix[n, k] = to_float(a)
        bounds = np.array([to_float(pair.bound) for pair in self.system.pairs])
        self._pairs = matrix, bounds, np.array([pair.multiplier for pair in self.system.pairs], dtype=int)

    def explore(self) -> bool:
        """Search in floats; return whether the search came to its end."""
        self._best = self._search()
        return self.nodes <= self.most_nodes

    def close(self) -> None:
        """Prove, leaf by leaf.

        Raises
        ------
        Unbounded
            The leader's cost falls for ever along replies that are optimal.
        SizeLimit
            No feasible decision was found within `most_nodes` nodes.
        """
        leaves = [node for node in self._leaves() if node is not self._best]
        self._prove([*reversed(leaves), *([self._best] if self._best is not None else [])])
        if self.value is None and self.nodes > self.most_nodes:
            raise SizeLimit(f"no feasible decision in {self.nodes} nodes; raise most_nodes={self.most_nodes}")

    # -------------------------------------------------------------------------------------------------- in floats

    def _evaluate(self, node: _Node, parent: Outcome | None, enough: float) -> Outcome:
        self.nodes += 1
        node.outcome = self._programme.evaluate(node.decisions, parent, enough)
        return node.outcome

    def _search(self) -> _Node | None:
        """Branch in floats, the lowest bound first, each time down to a leaf; return the best leaf."""
        best, cutoff = None, np.inf
        order = count()
        heap: list[tuple[float, int, _Node, Outcome | None]] = [(-np.inf, next(order), self._root, None)]
        while heap and self.nodes <= self.most_nodes:
            bound, _, node, parent = heapq.heappop(heap)
            if bound >= cutoff:
                node.outcome = _inherited(parent)
                continue
            while True:
                outcome = self._evaluate(node, parent, cutoff)
                if outcome.status == "infeasible" or (outcome.status == "optimal" and outcome.value >= cutoff):
                    break
                pair, first = self._violated(node, outcome)
                if pair < 0:
                    if outcome.status == "optimal":
                        best = node
                        cutoff = outcome.value - 1e-9 * max(1.0, abs(outcome.value))
                    break
                near, far = self._split(node, pair, first)
                below = outcome.value if outcome.status == "optimal" else bound
                heapq.heappush(heap, (below, next(order), far, outcome))
                node, parent = near, outcome
        for _, _, node, parent in heap:
            node.outcome = _inherited(parent)
        return best

    def _split(self, node: _Node, pair: int, first: bool) -> tuple[_Node, _Node]:
        """Decide a pair; return the child to look at first, and the other."""
        tight, free = (_Node({**node.decisions, pair: choice}) for choice in (True, False))
        node.pair, node.children = pair, (tight, free)
        return (tight, free) if first else (free, tight)

    def _violated(self, node: _Node, outcome: Outcome) -> tuple[int, bool]:
        """Return the pair that is missed most, -1 if none is, and whether to look at its tight side first."""
        if outcome.point is None:
            left = [n for n in range(len(self.system.pairs)) if n not in node.decisions]
            return (left[0], True) if left else (-1, True)
        matrix, bounds, places = self._pairs
        if not len(places):
            return -1, True
        slack = np.maximum(bounds - matrix @ outcome.point, 0.0)
        force = np.maximum(outcome.point[places], 0.0)
        missed = np.minimum(slack / (1.0 + np.abs(bounds)), force / (1.0 + force.max()))
        missed[list(node.decisions)] = 0.0
        worst = int(np.argmax(missed))
        if missed[worst] <= _TOLERANCE:
            return -1, True
        worst = int(np.argmax(np.where(missed > _TOLERANCE, slack * force, 0.0)))
        return worst, bool(force[worst] >= slack[worst])

    # ----------------------------------------------------------------------------------------------- in rationals

    def _prove(self, stack: list[_Node]) -> None:
        """Close every leaf, the last one first; branch again where it does not close."""
        while stack:
            node = stack.pop()
            enough = _ANY if self.value is not None and self.nodes > self.most_nodes else self.value
            proof = self._programme.prove(node.decisions, node.outcome or Outcome("unknown"), enough)
            verdict = proof.verdict
            node.proof = proof
            if verdict.status == "infeasible" or (
                verdict.status == "bounded" and self.value is not None and verdict.value >= self.value
            ):
                continue
            if self.nodes > self.most_nodes and not verdict.point:
                continue
            open_pairs = [n for n in range(len(self.system.pairs)) if n not in node.decisions]
            if verdict.status == "bounded":
                open_pairs = [n for n in open_pairs if self._is_missed(n, verdict.point)]
                if not open_pairs:
                    self.value, self.point = verdict.value, verdict.point
                    continue
            if not open_pairs:
                raise Unbounded(
                    "the leader's objective has no bound: it improves for ever along optimal replies; give bounds to "
                    "the leader's variables or to the replies"
                )
            if self.nodes > self.most_nodes:
                continue
            parent = node.outcome
            for child in reversed(self._split(node, open_pairs[0], True)):
                self._evaluate(child, parent, np.inf)
                stack.append(child)

    def _is_missed(self, number: int, point: Sequence[Fraction]) -> bool:
        pair = self.system.pairs[number]
        return point[pair.multiplier] != 0 and pair.slack(point) != 0

    # --------------------------------------------------------------------------------------------------- the tree

    def _preorder(self) -> list[_Node]:
        found, stack = [], [self._root]
        while stack:
            node = stack.pop()
            found.append(node)
            if node.children is not None:
                stack += reversed(node.children)
        return found

    def _leaves(self) -> list[_Node]:
        return [node for node in self._preorder() if node.children is None]

    def bound(self) -> Fraction | None:
        """Return the least bound of all leaves, None if one has none (or all are infeasible)."""
        values = [node.proof.verdict for node in self._leaves() if node.proof is not None]
        if any(verdict.status == "unbounded" for verdict in values):
            return None
        return min((verdict.value for verdict in values if verdict.status == "bounded"), default=None)

    def tree(self) -> tuple[Any, ...]:
        """Return the tree in preorder, the tight child first.

        An inner node is the number of its pair. A leaf is ``(scale, tangent, multipliers)``: 0 proves that nothing is
        feasible, 1 a bound of the cost (of its tangent at a point, as pairs (column, value)).
        """
        entries: list[Any] = []
        for node in self._preorder():
            if node.children is not None:
                entries.append(node.pair)
            elif node.proof is not None:
                verdict, tangent = node.proof.verdict, node.proof.tangent
                scale = 0 if verdict.status == "infeasible" else 1
                at = tuple((k, v) for k, v in enumerate(tangent) if v) if scale else ()
                entries.append((scale, at, verdict.multipliers))
        return tuple(entries)
