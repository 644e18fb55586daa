"""Classical families of coalitional games: small data from which every coalition's number follows.

Each is a frozen dataclass with ``size`` (players), ``kind``, ``value(members)`` (indices in player order) and
``table()``. They stand inside a :class:`~gametheory.games.coalitional.CoalitionalGame` as its structure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series, whole
from gametheory.errors import InputError
from gametheory.games.coalition_table import CoalitionTable, common_denominator, subset_sums

__all__ = ["Airport", "Assignment", "Bankruptcy", "Flow", "Glove", "SpanningTree", "WeightedMajority"]

Members = tuple[int, ...]
Numbers = tuple[Fraction, ...]


def _scaled(*groups: Sequence[Fraction]) -> tuple[int, list[list[int]]]:
    """Return a common denominator and the integers over it."""
    scale = math.lcm(1, *(number.denominator for group in groups for number in group))
    return scale, [[int(number * scale) for number in group] for group in groups]


def _one_by_one(family: Any) -> CoalitionTable:
    members = (tuple(i for i in range(family.size) if mask >> i & 1) for mask in range(1, 2**family.size))
    return common_denominator([Fraction(0), *map(family.value, members)])


def _non_negative(numbers: Numbers, what: str) -> list[str]:
    if not numbers:
        return [f"{what}: no number; give one a player"]
    return [f"{what}[{i}] = {number} is negative; give >= 0" for i, number in enumerate(numbers) if number < 0]


@dataclass(frozen=True, slots=True)
class WeightedMajority:
    """``v(T) = 1`` if the weights of ``T`` reach the quota, else 0."""

    kind: ClassVar[str] = "value"
    quota: Fraction
    weights: Numbers

    def __post_init__(self) -> None:
        object.__setattr__(self, "quota", exact(self.quota, what="quota"))
        object.__setattr__(self, "weights", exact_series(self.weights, what="weights"))
        problems = _non_negative(self.weights, "weights")
        if self.quota <= 0:
            problems.append(f"quota {self.quota} must be > 0, or the empty coalition would win")
        InputError.raise_all(problems)

    @property
    def size(self) -> int:
        """The number of players."""
        return len(self.weights)

    def value(self, members: Members) -> Fraction:
        """Return 1 if the members win, else 0."""
        return Fraction(int(sum((self.weights[i] for i in members), Fraction(0)) >= self.quota))

    def table(self) -> CoalitionTable:
        """Return all coalitions."""
        _, (quota, weights) = _scaled([self.quota], self.weights)
        return CoalitionTable((subset_sums(weights) >= quota[0]).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Bankruptcy:
    """``v(T) = max(0, E - claims of the others)``: O'Neill 1982, Aumann and Maschler 1985."""

    kind: ClassVar[str] = "value"
    estate: Fraction
    claims: Numbers

    def __post_init__(self) -> None:
        object.__setattr__(self, "estate", exact(self.estate, what="estate"))
        object.__setattr__(self, "claims", exact_series(self.claims, what="claims"))
        problems = _non_negative(self.claims, "claims")
        if not 0 <= self.estate <= sum(self.claims, Fraction(0)):
            problems.append(f"estate {self.estate} must lie between 0 and the sum of claims {sum(self.claims)}")
        InputError.raise_all(problems)

    @property
    def size(self) -> int:
        """The number of players."""
        return len(self.claims)

    def value(self, members: Members) -> Fraction:
        """Return what the others' claims leave to the members."""
        others = sum((claim for i, claim in enumerate(self.claims) if i not in members), Fraction(0))
        return max(Fraction(0), self.estate - others) if members else Fraction(0)

    def table(self) -> CoalitionTable:
        """Return all coalitions."""
        scale, (estate, claims) = _scaled([self.estate], self.claims)
        return CoalitionTable(np.maximum(0, estate[0] - subset_sums(claims)[::-1]), scale)


@dataclass(frozen=True, slots=True)
class Airport:
    """``C(T) = max of the members' costs``: one runway, long enough for the largest (Littlechild and Owen 1973)."""

    kind: ClassVar[str] = "cost"
    costs: Numbers

    def __post_init__(self) -> None:
        object.__setattr__(self, "costs", exact_series(self.costs, what="costs"))
        InputError.raise_all(_non_negative(self.costs, "costs"))

    @property
    def size(self) -> int:
        """The number of players."""
        return len(self.costs)

    def value(self, members: Members) -> Fraction:
        """Return the cost of the members' longest need."""
        return max((self.costs[i] for i in members), default=Fraction(0))

    def table(self) -> CoalitionTable:
        """Return all coalitions."""
        scale, (costs,) = _scaled(self.costs)
        table: Any = np.zeros(2**self.size, dtype=np.int64 if max(costs) < 2**62 else object)
        for i, cost in enumerate(costs):
            np.maximum(table[: 1 << i], cost, out=table[1 << i : 2 << i])
        return CoalitionTable(table, scale)


@dataclass(frozen=True, slots=True)
class Glove:
    """``v(T) = min(left hands in T, right hands in T)``; players 0..left-1 are left hands."""

    kind: ClassVar[str] = "value"
    left: int
    right: int

    def __post_init__(self) -> None:
        for side in ("left", "right"):
            object.__setattr__(self, side, whole(getattr(self, side), what=side))
        if self.left < 0 or self.right < 0 or self.left + self.right < 1:
            raise InputError(f"{self.left} left and {self.right} right hands; give numbers >= 0 and at least one hand")

    @property
    def size(self) -> int:
        """The number of players."""
        return self.left + self.right

    def value(self, members: Members) -> Fraction:
        """Return the number of pairs."""
        left = sum(1 for i in members if i < self.left)
        return Fraction(min(left, len(members) - left))

    def table(self) -> CoalitionTable:
        """Return all coalitions."""
        left = subset_sums([1] * self.left + [0] * self.right)
        right = subset_sums([0] * self.left + [1] * self.right)
        return CoalitionTable(np.minimum(left, right))


@dataclass(frozen=True, slots=True)
class Assignment:
    """``v(T)`` is the best matching of rows and columns in ``T`` (Shapley and Shubik 1971); nobody need be matched."""

    kind: ClassVar[str] = "value"
    matrix: tuple[Numbers, ...]

    def __post_init__(self) -> None:
        rows = tuple(exact_series(row, what=f"matrix[{i}]") for i, row in enumerate(self.matrix))
        object.__setattr__(self, "matrix", rows)
        if not rows or not rows[0] or len({len(row) for row in rows}) != 1:
            raise InputError(f"matrix has rows of lengths {[len(r) for r in rows]}; give equal, non-empty rows")

    @property
    def size(self) -> int:
        """The number of players."""
        return len(self.matrix) + len(self.matrix[0])

    def value(self, members: Members) -> Fraction:
        """Return the best matching of the members: rows one by one, columns as sets."""
        rows = [i for i in members if i < len(self.matrix)]
        columns = [j - len(self.matrix) for j in members if j >= len(self.matrix)]
        best = {0: Fraction(0)}
        for i in rows:
            for taken, gain in list(best.items()):
                for k, j in enumerate(columns):
                    if not taken >> k & 1 and gain + self.matrix[i][j] > best.get(taken | 1 << k, Fraction(-1)):
                        best[taken | 1 << k] = gain + self.matrix[i][j]
        return max(best.values())

    def table(self) -> CoalitionTable:
        """Return all coalitions: row i joins, alone or with one column j."""
        scale, rows = _scaled(*self.matrix)
        m, n = len(rows), len(rows[0])
        big = sum(max(0, *row) for row in rows)
        values: Any = np.zeros((2**n, 2**m), dtype=np.int64 if big < 2**62 else object)
        columns = np.arange(2**n)
        for i, row in enumerate(rows):
            without = values[:, : 1 << i]
            best = without.copy()
            for j, gain in enumerate(row):
                has = columns[columns >> j & 1 == 1]
                best[has] = np.maximum(best[has], without[has ^ 1 << j] + gain)
            values[:, 1 << i : 2 << i] = best
        return CoalitionTable(values.ravel(), scale)


@dataclass(frozen=True, slots=True)
class SpanningTree:
    """``C(T)`` is the cheapest tree on ``T`` and the source, node 0 (Claus and Kleitman 1973, Bird 1976)."""

    kind: ClassVar[str] = "cost"
    costs: tuple[Numbers, ...]

    def __post_init__(self) -> None:
        rows = tuple(exact_series(row, what=f"costs[{i}]") for i, row in enumerate(self.costs))
        object.__setattr__(self, "costs", rows)
        count = len(rows)
        if count < 2 or any(len(row) != count for row in rows):
            raise InputError(f"costs has rows of lengths {[len(r) for r in rows]}; give a square matrix, source first")
        problems = [
            f"costs[{i}][{j}] = {rows[i][j]} but costs[{j}][{i}] = {rows[j][i]}; make the matrix symmetric"
            for i in range(count)
            for j in range(i)
            if rows[i][j] != rows[j][i]
        ]
        problems += [
            f"costs[{i}][{j}] is negative; give >= 0" for i in range(count) for j in range(i) if rows[i][j] < 0
        ]
        InputError.raise_all(problems)

    @property
    def size(self) -> int:
        """The number of players."""
        return len(self.costs) - 1

    def value(self, members: Members) -> Fraction:
        """Return the cost of the members' tree, grown from the source (Prim 1957)."""
        near = {i + 1: self.costs[0][i + 1] for i in members}
        total = Fraction(0)
        while near:
            node = min(near, key=near.__getitem__)
            total += near.pop(node)
            near = {k: min(cost, self.costs[node][k]) for k, cost in near.items()}
        return total

    def table(self) -> CoalitionTable:
        """Return all coalitions."""
        return _one_by_one(self)


@dataclass(frozen=True, slots=True)
class Flow:
    """``v(T)`` is the largest flow from source to sink through the arcs that ``T`` owns (Kalai and Zemel 1982)."""

    kind: ClassVar[str] = "value"
    arcs: tuple[tuple[int, int, Number], ...]
    source: int
    sink: int

    def __post_init__(self) -> None:
        arcs = tuple(
            (whole(a, what="node"), whole(b, what="node"), exact(c, what=f"arcs[{k}] capacity"))
            for k, (a, b, c) in enumerate(self.arcs)
        )
        object.__setattr__(self, "arcs", arcs)
        problems = _non_negative(tuple(c for _, _, c in arcs), "capacities")
        if self.source == self.sink:
            problems.append(f"source and sink are both node {self.source}; give two nodes")
        InputError.raise_all(problems)

    @property
    def size(self) -> int:
        """The number of players, one an arc."""
        return len(self.arcs)

    def value(self, members: Members) -> Fraction:
        """Return the largest flow, by shortest augmenting paths (Edmonds and Karp 1972)."""
        room: dict[tuple[int, int], Fraction] = {}
        for k in members:
            tail, head, capacity = self.arcs[k]
            room[tail, head] = room.get((tail, head), Fraction(0)) + capacity
            room.setdefault((head, tail), Fraction(0))
        total = Fraction(0)
        while path := self._path(room):
            push = min(room[arc] for arc in path)
            for tail, head in path:
                room[tail, head] -= push
                room[head, tail] += push
            total += push
        return total

    def _path(self, room: dict[tuple[int, int], Fraction]) -> list[tuple[int, int]]:
        reached: dict[int, int] = {self.source: self.source}
        queue = [self.source]
        for node in queue:
            for (tail, head), left in room.items():
                if tail == node and left > 0 and head not in reached:
                    reached[head] = node
                    queue.append(head)
        if self.sink not in reached:
            return []
        path, node = [], self.sink
        while node != self.source:
            path.append((reached[node], node))
            node = reached[node]
        return path

    def table(self) -> CoalitionTable:
        """Return all coalitions."""
        return _one_by_one(self)
