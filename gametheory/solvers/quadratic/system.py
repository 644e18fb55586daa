"""The KKT conditions of a quadratic game: ``M x + q + A' mu = 0``, ``mu`` complementary to the rows of the constraints.

``M x + q`` stacks each player's own marginal cost, so one system says that every player's first-order conditions hold.
Where a player's own cost is not convex these are necessary only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import exact, rational
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.numerics.complementarity import Path, lemke

__all__ = ["Point", "System", "is_convex", "own_system", "split"]

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point and the multipliers, in the order of ``Polyhedron.rows()``, with which it satisfies the conditions."""

    x: Vector
    multipliers: Vector


@dataclass(frozen=True, slots=True)
class System:
    """An affine map and a polyhedron.

    Attributes
    ----------
    matrix
        Entries ``(row, column, value)`` of ``M``.
    vector
        ``q``.
    polyhedron
        The constraints, over the same variables.
    """

    matrix: tuple[tuple[int, int, Fraction], ...]
    vector: Vector
    polyhedron: Polyhedron

    @classmethod
    def of_game(cls, game: QuadraticGame) -> System:
        """Return the system of all players' own marginal costs."""
        entries = []
        vector: list[Fraction] = []
        origin = [Fraction(0)] * game.size
        for cost, block in zip(game.costs, game.blocks, strict=True):
            entries += [(block.start + r, c, v) for r, c, v in cost.block(block, range(game.size))]
            vector += cost.gradient(origin, block)
        return cls(tuple(entries), tuple(vector), game.joint_strategies())

    @classmethod
    def of_total(cls, game: QuadraticGame) -> System:
        """Return the system of the total cost: what one planner would set to zero."""
        total = game.total().scaled(1 if game.sense == "cost" else -1)
        everything = range(game.size)
        slopes = total.gradient([Fraction(0)] * game.size, everything)
        return cls(tuple(total.block(everything, everything)), slopes, game.joint_strategies())

    @property
    def symmetric(self) -> bool:
        """Whether ``M`` is symmetric: then the map is the gradient of a potential."""
        cells = {(r, c): v for r, c, v in self.matrix}
        return all(cells.get((c, r), 0) == v for (r, c), v in cells.items())

    def map(self, x: Sequence[Fraction]) -> list[Fraction]:
        """Return ``M x + q``."""
        slopes = list(self.vector)
        for r, c, v in self.matrix:
            slopes[r] += v * x[c]
        return slopes

    def holds(self, point: Point) -> bool:
        """Whether the point satisfies the conditions, exactly."""
        slopes = self.map(point.x)
        for (coefficients, bound, equal, _), m in zip(self.polyhedron.rows(), point.multipliers, strict=True):
            slack = bound - sum((a * point.x[k] for k, a in coefficients), Fraction(0))
            if slack < 0 or (equal and slack > 0) or (not equal and (m < 0 or (m > 0 and slack > 0))):
                return False
            for k, a in coefficients:
                slopes[k] += m * a
        return not any(slopes)

    def polished(self, tight: Sequence[bool]) -> Point | None:
        """Return the exact point where the rows marked tight hold with equality, or None if it fails the conditions."""
        found = self._stationary(tight)
        if found is None or self.polyhedron.violation(found[0])[0]:
            return None
        x, known = found
        multipliers = self._multipliers(x, known)
        if multipliers is None:
            return None
        point = Point(tuple(x), tuple(multipliers))
        return point if self.holds(point) else None

    def _stationary(self, tight: Sequence[bool]) -> tuple[list[Fraction], dict[int, Fraction]] | None:
        """Return the only solution of ``M x + q + A' mu = 0`` with the tight rows as equations, if there is one.

        With it the multipliers of the rows that have more than one coefficient.
        """
        rows = list(self.polyhedron.rows())
        # Equalities first: where bounds say the same, the bounds are left out.
        active = sorted((k for k, flag in enumerate(tight) if flag or rows[k][2]), key=lambda k: not rows[k][2])
        active = _independent([rows[k][0] for k in active], active)
        pinned: dict[int, Fraction] = {}
        others = []
        for k in active:
            coefficients, bound, _, _ = rows[k]
            if len(coefficients) == 1:
                ((variable, a),) = coefficients
                pinned[variable] = bound / a
            else:
                others.append(k)
        x = [pinned.get(k, Fraction(0)) for k in range(self.polyhedron.size)]
        place = {k: n for n, k in enumerate(k for k in range(self.polyhedron.size) if k not in pinned)}
        size = len(place) + len(others)
        if not size:
            return x, {}
        known = self.map(x)
        left, right = flint.fmpq_mat(size, size), flint.fmpq_mat(size, 1)
        for k, n in place.items():
            right[n, 0] = rational(-known[k])
        for r, c, v in self.matrix:
            if r in place and c in place:
                left[place[r], place[c]] = left[place[r], place[c]] + rational(v)
        for n, k in enumerate(others, len(place)):
            coefficients, bound, _, _ = rows[k]
            right[n, 0] = rational(bound - sum((a * x[j] for j, a in coefficients), Fraction(0)))
            for j, a in coefficients:
                if j in place:
                    left[n, place[j]] = left[place[j], n] = rational(a)
        try:
            found = left.solve(right)
        except ZeroDivisionError:
            return None
        for k, n in place.items():
            x[k] = exact(found[n, 0])
        return x, {k: exact(found[n, 0]) for n, k in enumerate(others, len(place))}

    def _multipliers(self, x: Sequence[Fraction], known: Mapping[int, Fraction]) -> list[Fraction] | None:
        """Return multipliers that prove a feasible `x`, or None if there are none.

        Those of rows with several coefficients are taken as known first; what slope is left must be that of a bound.
        Where it is not (too many rows are tight, so multipliers are not unique), a linear problem decides: one for each
        part, that is variables that share such rows. A player's energy balance binds its own variables only, so parts
        are as small as players.
        """
        rows = list(self.polyhedron.rows())
        part = _parts(self.polyhedron.size, [coefficients for coefficients, _, _, _ in rows])
        active: dict[int, list[int]] = {}
        for number, (coefficients, bound, _, _) in enumerate(rows):
            if coefficients and sum((a * x[k] for k, a in coefficients), Fraction(0)) == bound:
                active.setdefault(part[coefficients[0][0]], []).append(number)
        plain = self.map(x)
        slopes = list(plain)
        multipliers = [Fraction(0)] * len(rows)
        wrong: set[int] = set()
        for number, m in known.items():
            multipliers[number] = m
            if m < 0 and not rows[number][2]:
                wrong.add(part[rows[number][0][0][0]])
            for k, a in rows[number][0]:
                slopes[k] += m * a
        for numbers in active.values():
            for number in numbers:
                coefficients, _, equal, _ = rows[number]
                if len(coefficients) == 1:
                    ((k, a),) = coefficients
                    if slopes[k] and (equal or -slopes[k] / a > 0):
                        multipliers[number] = -slopes[k] / a
                        slopes[k] = Fraction(0)
        wrong |= {part[k] for k, slope in enumerate(slopes) if slope}
        for label in wrong:
            found = self._part(rows, active.get(label, []), [k for k in range(len(part)) if part[k] == label], plain)
            if found is None:
                return None
            for number in (n for n, row in enumerate(rows) if row[0] and part[row[0][0][0]] == label):
                multipliers[number] = found.get(number, Fraction(0))
        return multipliers

    @staticmethod
    def _part(
        rows: Sequence[Any], numbers: Sequence[int], members: Sequence[int], slopes: Sequence[Fraction]
    ) -> dict[int, Fraction] | None:
        """Return multipliers of the active rows of one part that balance its slopes, found by a linear problem."""
        if not numbers:
            return None
        balance = [
            (tuple((n, dict(rows[number][0]).get(k, Fraction(0))) for n, number in enumerate(numbers)), -slopes[k])
            for k in members
        ]
        weights = Polyhedron(
            tuple(f"mu{number}" for number in numbers),
            tuple(None if rows[number][2] else Fraction(0) for number in numbers),
            equalities=tuple(balance),
        )
        point, _ = System((), (Fraction(0),) * len(numbers), weights).pivoted()
        return None if point is None else dict(zip(numbers, point.x, strict=True))

    def pivoted(self) -> tuple[Point | None, Path]:
        """Solve the conditions by Lemke's pivoting."""
        p = self.polyhedron
        columns, start, rows = [], [], []
        signs: set[int] = set()  # rows that the signs of u say already
        number = 0
        for k, (low, high) in enumerate(zip(p.lower, p.upper, strict=True)):
            start.append(low if low is not None else high if high is not None else Fraction(0))
            if low is not None or high is None:
                columns.append((k, 1))
            if low is None:
                columns.append((k, -1))
            if low is not None or high is not None:
                signs.add(number)
            number += (low is not None) + (high is not None)
        for number, (coefficients, bound, equal, _) in enumerate(p.rows()):
            if number in signs:
                continue
            rows.append((number, 1, dict(coefficients), bound))
            if equal:
                rows.append((number, -1, {k: -a for k, a in coefficients}, -bound))
        matrix: dict[tuple[int, int], Fraction] = {(r, c): v for r, c, v in self.matrix}
        zero = Fraction(0)
        table = [
            [s * t * matrix.get((k, m), zero) for m, t in columns] + [s * row.get(k, zero) for _, _, row, _ in rows]
            for k, s in columns
        ]
        table += [[-s * row.get(k, zero) for k, s in columns] + [zero] * len(rows) for _, _, row, _ in rows]
        slopes = self.map(start)
        left = [bound - sum((a * start[k] for k, a in row.items()), zero) for _, _, row, bound in rows]
        path = lemke(table, [s * slopes[k] for k, s in columns] + left)
        if path.solution is None:
            return None, path
        x = list(start)
        for (k, s), u in zip(columns, path.solution, strict=False):
            x[k] += s * u
        multipliers = [zero] * len(list(p.rows()))
        for (number, sign, _, _), m in zip(rows, path.solution[len(columns) :], strict=True):
            multipliers[number] += sign * m
        return self._settled(x, multipliers), path

    def has_strategies(self) -> bool:
        """Whether any point satisfies the constraints (with a zero map a ray shows that none does)."""
        return System((), (Fraction(0),) * len(self.vector), self.polyhedron).pivoted()[0] is not None

    def _settled(self, x: Sequence[Fraction], multipliers: list[Fraction]) -> Point:
        """Give the bounds that the pivoting kept as signs (``u >= 0``) the slope that is left at them."""
        slopes = self.map(x)
        numbered = list(enumerate(self.polyhedron.rows()))
        for number, (coefficients, _, _, _) in numbered:
            for k, a in coefficients:
                slopes[k] += multipliers[number] * a
        for number, (coefficients, bound, equal, _) in numbered:
            if len(coefficients) == 1 and not equal:
                ((k, a),) = coefficients
                if slopes[k] and a * x[k] == bound and -slopes[k] / a > 0:
                    multipliers[number] += -slopes[k] / a
                    slopes[k] = Fraction(0)
        return Point(tuple(x), tuple(multipliers))


def _parts(size: int, rows: Sequence[Sequence[tuple[int, Fraction]]]) -> list[int]:
    """Return a label for each variable; variables that occur in one row have the same."""
    leader = list(range(size))

    def find(k: int) -> int:
        while leader[k] != k:
            leader[k] = leader[leader[k]]
            k = leader[k]
        return k

    for coefficients in rows:
        for k, _ in coefficients[1:]:
            leader[find(k)] = find(coefficients[0][0])
    return [find(k) for k in range(size)]


def _independent(rows: Sequence[Sequence[tuple[int, Fraction]]], names: Sequence[int]) -> list[int]:
    """Return the names of rows none of which is a combination of those before it (in rationals)."""
    reduced: dict[int, dict[int, Any]] = {}
    kept = []
    for name, coefficients in zip(names, rows, strict=True):
        row = {k: rational(a) for k, a in coefficients}
        while row:
            lead = min(row)
            if lead not in reduced:
                reduced[lead] = row
                kept.append(name)
                break
            factor = row[lead] / reduced[lead][lead]
            for k, a in reduced[lead].items():
                row[k] = row.get(k, rational(0)) - factor * a
            row = {k: a for k, a in row.items() if a != 0}
    return kept


def own_system(game: QuadraticGame, costs: Sequence[QuadraticForm], profile: Sequence[Vector], player: int) -> System:
    """Return the conditions of one player's own problem while the others keep to the profile."""
    block = game.blocks[player]
    joint = [number for strategy in profile for number in strategy]
    joint[block.start : block.stop] = [Fraction(0)] * len(block)
    cost = costs[player]
    return System(tuple(cost.block(block, block)), cost.gradient(joint, block), game.strategies[player])


def is_convex(size: int, entries: Sequence[tuple[int, int, Fraction]]) -> bool:
    """Whether the symmetric part is positive semidefinite, in floats: which method is tried, never what is claimed."""
    if not size:
        return True
    matrix = np.zeros((size, size))
    for r, c, v in entries:
        matrix[r, c] += float(v)
    eigenvalues = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    return bool(eigenvalues[0] >= -1e-9 * max(1.0, abs(eigenvalues[-1])))


def split(game: QuadraticGame, point: Point) -> tuple[tuple[Vector, ...], tuple[Vector, ...]]:
    """Return the profile, and each player's multipliers in the order of its own rows."""
    profile = tuple(point.x[block.start : block.stop] for block in game.blocks)
    supply = list(point.multipliers)
    own: list[list[Fraction]] = [[] for _ in game.players]
    for kind in ("bounds", "inequalities", "equalities"):
        for i, strategy in enumerate(game.strategies):
            if kind == "bounds":
                count = sum(b is not None for b in (*strategy.lower, *strategy.upper))
            else:
                count = len(getattr(strategy, kind))
            own[i] += supply[:count]
            del supply[:count]
    return profile, tuple(tuple(numbers) for numbers in own)
