"""Core points and a nucleolus from the structure of a family, for any number of players.

Assignment: dual prices of the best matching, by the Hungarian method in whole numbers (Kuhn 1955; Shapley and Shubik
1971). Flow: the owners of a smallest cut share the flow by their capacities (Kalai and Zemel 1982). Spanning tree: each
pays the edge by which it joins the cheapest tree (Bird 1976). Bankruptcy: every pair divides what it has by the rule of
the contested garment (Aumann and Maschler 1985).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import UnsupportedGame
from gametheory.games.coalition_families import Assignment, Bankruptcy, Flow, SpanningTree
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer, Concept
from gametheory.solvers.coalitional.answers import allocation_answer

__all__ = ["BankruptcyNucleolus", "BirdTree", "MatchingPrices", "SmallestCut"]


def _family(game: CoalitionalGame, family: type) -> Any:
    if not isinstance(game.structure, family):
        raise UnsupportedGame(f"{game!r} is not one of {family.__name__}; leave solver= out for a game of another kind")
    return game.structure


def _core_point(point: list[Fraction]) -> Answer:
    return Answer(profile=tuple(point), extra={"empty": False, "point": tuple(point)})


@dataclass(frozen=True, slots=True)
class BankruptcyNucleolus:
    """Half claims are filled up equally while the estate lasts; beyond half of all claims, losses are shared so."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.NUCLEOLUS

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact nucleolus."""
        rule = _family(game, Bankruptcy)
        halves, total = [claim / 2 for claim in rule.claims], sum(rule.claims, Fraction(0))
        if 2 * rule.estate <= total:
            return allocation_answer(game, _equal_awards(halves, rule.estate))
        losses = _equal_awards(halves, total - rule.estate)
        return allocation_answer(game, [claim - loss for claim, loss in zip(rule.claims, losses, strict=True)])


def _equal_awards(caps: list[Fraction], amount: Fraction) -> list[Fraction]:
    """Return ``min(cap_i, level)`` with the level at which they add up to the amount."""
    left, level = amount, Fraction(0)
    for k, cap in enumerate(sorted(caps)):
        level = left / (len(caps) - k)
        if level <= cap:
            break
        left -= cap
    return [min(cap, level) for cap in caps]


@dataclass(frozen=True, slots=True)
class MatchingPrices:
    """A point of the core of an assignment market: what the dual of the best matching pays each side."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact point."""
        matrix = _family(game, Assignment).matrix
        scale = math.lcm(*(gain.denominator for row in matrix for gain in row))
        size = max(len(matrix), len(matrix[0]))
        # Nobody need be matched: a pair is worth no less than nothing, and missing partners bring nothing.
        costs = [[0] * size for _ in range(size)]
        for i, row in enumerate(matrix):
            for j, gain in enumerate(row):
                costs[i][j] = -max(0, int(gain * scale))
        rows, columns = _hungarian(costs)
        least = min(-price for price in columns)
        point = [Fraction(-price + least, scale) for price in rows[: len(matrix)]]
        point += [Fraction(-price - least, scale) for price in columns[: len(matrix[0])]]
        return _core_point(point)


def _hungarian(costs: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return potentials with ``u_i + v_j <= cost_ij``, equal on a perfect matching of least cost.

    A row at a time is matched along a shortest path of reduced costs; potentials move by the distances.
    """
    size = len(costs)
    rows, columns = [min(row) for row in costs], [0] * size
    owner: list[int] = [-1] * size
    for start in range(size):
        distance: list[int | None] = [None] * size
        before = [-1] * size
        done: list[int] = []
        open_ = set(range(size))
        row, reached, last = start, 0, -1
        while True:
            for j in open_:
                step = reached + costs[row][j] - rows[row] - columns[j]
                known = distance[j]
                if known is None or step < known:
                    distance[j], before[j] = step, last
            last = min(open_, key=lambda j: distance[j])  # type: ignore[arg-type,return-value]  # every open one has a distance now
            reached = distance[last] or 0
            open_.remove(last)
            done.append(last)
            if owner[last] < 0:
                break
            row = owner[last]
        rows[start] += reached
        for j in done[:-1]:
            slack = reached - (distance[j] or 0)
            rows[owner[j]] += slack
            columns[j] -= slack
        while last >= 0:
            previous = before[last]
            owner[last] = owner[previous] if previous >= 0 else start
            last = previous
    return rows, columns


@dataclass(frozen=True, slots=True)
class SmallestCut:
    """A point of the core of a flow game: the arcs of a smallest cut get their capacities, the others nothing."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact point."""
        net = _family(game, Flow)
        room: dict[int, dict[int, Fraction]] = {net.source: {}, net.sink: {}}
        for tail, head, capacity in net.arcs:
            room.setdefault(tail, {}).setdefault(head, Fraction(0))
            room[tail][head] += capacity
            room.setdefault(head, {}).setdefault(tail, Fraction(0))
        while net.sink in (reached := _reach(room, net.source)):
            path, node = [], net.sink
            while node != net.source:
                path.append((reached[node], node))
                node = reached[node]
            push = min(room[tail][head] for tail, head in path)
            for tail, head in path:
                room[tail][head] -= push
                room[head][tail] += push
        return _core_point(
            [capacity if tail in reached and head not in reached else Fraction(0) for tail, head, capacity in net.arcs]
        )


def _reach(room: dict[int, dict[int, Fraction]], source: int) -> dict[int, int]:
    """Return the nodes that something can still flow to, each with the node before it."""
    reached, queue = {source: source}, [source]
    for node in queue:
        for head, left in room[node].items():
            if left > 0 and head not in reached:
                reached[head] = node
                queue.append(head)
    return reached


@dataclass(frozen=True, slots=True)
class BirdTree:
    """A point of the core of a spanning-tree game: each player pays the edge by which Prim's tree reaches it."""

    accepts: ClassVar[tuple[str, ...]] = ("CoalitionalGame",)
    concept: ClassVar[Concept] = Concept.CORE

    def solve(self, game: CoalitionalGame) -> Answer:
        """Return the exact point."""
        costs = _family(game, SpanningTree).costs
        near = {i: costs[0][i] for i in range(1, len(costs))}
        shares = [Fraction(0)] * len(costs)
        while near:
            node = min(near, key=near.__getitem__)
            shares[node] = near.pop(node)
            for k in near:
                near[k] = min(near[k], costs[node][k])
        return _core_point(shares[1:])
