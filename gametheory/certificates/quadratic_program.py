"""The least value of a quadratic over a polyhedron, decided exactly; convex or not.

Convex (decided by ``L D L'``): a point with multipliers that satisfy Karush, Kuhn and Tucker's conditions exactly is a
global minimum, because the Lagrangian of those multipliers is convex and stationary there; every method below ends in
that test. Not convex: first-order conditions prove nothing. Over a bounded polyhedron a minimum exists, and one on a
face of least dimension is the only stationary point of that face's hull (along a flat direction one could walk to a
smaller face); so the least value over all faces with a regular system is the minimum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import flint

from gametheory.arithmetic import exact, rational
from gametheory.certificates.lemke import complementary
from gametheory.certificates.linear_algebra import independent_rows, is_positive
from gametheory.errors import NoChecker
from gametheory.games.polyhedron import Polyhedron

__all__ = ["MOST_FACES", "MOST_ROWS", "Least", "Program"]

#: More variables and constraints together than this are not pivoted: hand the multipliers over instead.
MOST_ROWS = 400
#: More faces than this are not enumerated.
MOST_FACES = 60_000

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """What was found: a minimiser, or a direction along which the value falls for ever from any feasible point."""

    method: str
    point: Vector = ()
    direction: Vector = ()


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise ``x' H x / 2 + g' x`` over a polyhedron; `hessian` lists the entries of both triangles."""

    hessian: tuple[tuple[int, int, Fraction], ...]
    gradient: Vector
    polyhedron: Polyhedron

    def value(self, x: Sequence[Fraction]) -> Fraction:
        """Return the value at a point."""
        bent = sum((v * x[r] * x[c] for r, c, v in self.hessian), Fraction(0))
        return bent / 2 + sum((a * b for a, b in zip(self.gradient, x, strict=True)), Fraction(0))

    def slope(self, x: Sequence[Fraction]) -> list[Fraction]:
        """Return the gradient at a point."""
        slopes = list(self.gradient)
        for r, c, v in self.hessian:
            slopes[r] += v * x[c]
        return slopes

    def least(self, feasible: Vector, multipliers: Any = None) -> Least:
        """Return a minimiser, given a feasible point and perhaps multipliers that prove it one (never trusted).

        Raises
        ------
        NoChecker
            The program is not convex and too large to enumerate or unbounded in a way that is not decided here; or
            convex, without multipliers, and too large to pivot.
        """
        size = self.polyhedron.size
        if not is_positive(size, self.hessian, definite=False):
            return self._by_faces(feasible)
        if multipliers is not None and self.proves(feasible, multipliers):
            return Least("the multipliers handed over", feasible)
        return self._separable() or self._pivoted()

    def proves(self, x: Vector, multipliers: Any) -> bool:
        """Whether these multipliers, in the order of ``polyhedron.rows()``, make `x` satisfy the KKT conditions."""
        rows = list(self.polyhedron.rows())
        try:
            given = [exact(m) for m in multipliers]
        except (TypeError, ValueError):
            return False
        if len(given) != len(rows):
            return False
        slopes = self.slope(x)
        for (coefficients, bound, equal, _), m in zip(rows, given, strict=True):
            if m == 0:
                continue
            if not equal and (m < 0 or sum((a * x[k] for k, a in coefficients), Fraction(0)) != bound):
                return False
            for k, a in coefficients:
                slopes[k] += m * a
        return not any(slopes)

    # ------------------------------------------------------------------------------------------------- convex

    def _separable(self) -> Least | None:
        """Solve bounds and at most one equality with a diagonal ``H > 0``: one price, found among the kinks."""
        p = self.polyhedron
        if p.inequalities or len(p.equalities) > 1 or any(r != c for r, c, _ in self.hessian):
            return None
        bend = [Fraction(0)] * p.size
        for r, _, v in self.hessian:
            bend[r] += v
        if not all(bend):
            return None
        weights = dict(p.equalities[0][0]) if p.equalities else {}

        def answer(price: Fraction) -> Vector:
            free = [-(g + price * weights.get(k, 0)) / bend[k] for k, g in enumerate(self.gradient)]
            raised = [x if low is None else max(x, low) for x, low in zip(free, p.lower, strict=True)]
            return tuple(x if high is None else min(x, high) for x, high in zip(raised, p.upper, strict=True))

        if not weights:
            return Least("bounds alone", answer(Fraction(0)))
        need = p.equalities[0][1]
        kinks = sorted(
            {
                -(self.gradient[k] + bend[k] * bound) / a
                for k, a in weights.items()
                for bound in (p.lower[k], p.upper[k])
                if bound is not None
            }
        )

        def met(price: Fraction) -> Fraction:
            x = answer(price)
            return sum((a * x[k] for k, a in weights.items()), Fraction(0))

        # What is met falls with the price; between two kinks it is affine.
        at = bisect_left(kinks, True, key=lambda price: met(price) <= need)
        right = kinks[at] if at < len(kinks) else None
        left = kinks[at - 1] if at > 0 else None
        first = left if left is not None else right - 1 if right is not None else Fraction(0)
        second = right if right is not None else first + 1
        low, high = met(first), met(second)
        price = first if low == need else second
        if low != high:
            price = first + (low - need) * (second - first) / (low - high)
        x = answer(price)
        return Least("one price for the equality", x) if self._is_least_at(x, price) else None

    def _is_least_at(self, x: Vector, price: Fraction) -> bool:
        """Verify a separable answer through its multipliers."""
        p = self.polyhedron
        if p.violation(x)[0]:
            return False
        slopes = self.slope(x)
        for k, a in p.equalities[0][0]:
            slopes[k] += price * a
        multipliers = []
        for k, (low, high) in enumerate(zip(p.lower, p.upper, strict=True)):
            at_low = low is not None and x[k] == low and slopes[k] >= 0
            if low is not None:
                multipliers.append(slopes[k] if at_low else Fraction(0))
            if high is not None:
                multipliers.append(Fraction(0) if at_low or x[k] != high else -slopes[k])
        return self.proves(x, [*multipliers, price])

    def _pivoted(self) -> Least:
        """Solve the KKT conditions by complementary pivoting and verify the outcome."""
        p = self.polyhedron
        if p.size + 2 * sum(1 for _ in p.rows()) > MOST_ROWS:
            raise NoChecker(
                f"{p.size} variables and {sum(1 for _ in p.rows())} constraints are too many to pivot in rationals; "
                "give multipliers in witness={'multipliers': ...}"
            )
        # x = start + sign * u with u >= 0; a variable without bounds is the difference of two u.
        columns, start, rows = [], [], []
        for k, (low, high) in enumerate(zip(p.lower, p.upper, strict=True)):
            start.append(low if low is not None else high if high is not None else Fraction(0))
            if low is not None or high is None:
                columns.append((k, 1))
            if low is None:
                columns.append((k, -1))
            if low is not None and high is not None:
                rows.append(({k: Fraction(1)}, high))
        rows += [(dict(coefficients), bound) for coefficients, bound in p.inequalities]
        for coefficients, bound in p.equalities:
            rows += [(dict(coefficients), bound), ({k: -a for k, a in coefficients}, -bound)]
        left = [bound - sum((a * start[k] for k, a in row.items()), Fraction(0)) for row, bound in rows]
        slopes = self.slope(start)
        bend: dict[tuple[int, int], Fraction] = {}
        for r, c, v in self.hessian:
            bend[r, c] = bend.get((r, c), Fraction(0)) + v
        zero = Fraction(0)
        matrix = [
            [s * t * bend.get((k, m), zero) for m, t in columns] + [s * row.get(k, zero) for row, _ in rows]
            for k, s in columns
        ]
        matrix += [[-s * row.get(k, zero) for k, s in columns] + [zero] * len(rows) for row, _ in rows]
        solved, z = complementary(matrix, [s * slopes[k] for k, s in columns] + left)
        moved = [zero] * p.size
        for (k, s), u in zip(columns, z, strict=False):
            moved[k] += s * exact(u)
        if not solved:
            if not self.falls(moved):
                raise NoChecker("the pivoting ended in a ray along which the value does not fall; this is a bug")
            return Least("a ray of the pivoting", direction=tuple(moved))
        x = tuple(a + b for a, b in zip(start, moved, strict=True))
        if p.violation(x)[0] or not self.proves(x, self._in_order(x, rows, [exact(m) for m in z[len(columns) :]])):
            raise NoChecker("the pivoting ended in a point that fails the KKT conditions; this is a bug")
        return Least("complementary pivoting", x)

    def _in_order(
        self, x: Vector, rows: Sequence[tuple[dict[int, Fraction], Fraction]], prices: Sequence[Fraction]
    ) -> list[Fraction]:
        """Return multipliers in the order of ``polyhedron.rows()``; those of starting bounds are what slope is left."""
        p = self.polyhedron
        slopes = self.slope(x)
        for (row, _), price in zip(rows, prices, strict=True):
            for k, a in row.items():
                slopes[k] += price * a
        supply = iter(prices)
        ordered = []
        for slope, low, high in zip(slopes, p.lower, p.upper, strict=True):
            if low is not None:
                ordered.append(slope)
            if high is not None:
                ordered.append(next(supply) if low is not None else -slope)
        ordered += [next(supply) for _ in p.inequalities]
        ordered += [next(supply) - next(supply) for _ in p.equalities]
        return ordered

    def falls(self, direction: Sequence[Fraction]) -> bool:
        """Whether the value falls without end along a direction that no constraint stops.

        That is so where ``d' H d < 0``, or ``H d = 0`` and ``g' d < 0``, from every feasible point.
        """
        for coefficients, _, equal, _ in self.polyhedron.rows():
            along = sum((a * direction[k] for k, a in coefficients), Fraction(0))
            if along > 0 or (equal and along != 0):
                return False
        bent = [Fraction(0)] * len(direction)
        for r, c, v in self.hessian:
            bent[r] += v * direction[c]
        curve = sum((a * b for a, b in zip(bent, direction, strict=True)), Fraction(0))
        return curve < 0 or (not any(bent) and sum(a * b for a, b in zip(self.gradient, direction, strict=True)) < 0)

    # ------------------------------------------------------------------------------------------------- not convex

    def _by_faces(self, feasible: Vector) -> Least:
        """Enumerate the faces; `feasible` shows that there is one."""
        p = self.polyhedron
        for k in range(p.size):
            for sign in (1, -1):
                direction = tuple(Fraction(sign * int(j == k)) for j in range(p.size))
                if self.falls(direction):
                    return Least("a direction in which nothing stops the fall", direction=direction)
        if not p.boxed:
            raise NoChecker(
                "a player's own problem is not convex and a variable of it has no bound, so neither first-order "
                "conditions nor faces decide it; give every variable a lower and an upper bound"
            )
        equalities = [p.equalities[k] for k in independent_rows(p.size, [row for row, _ in p.equalities])]
        choices = [
            (None, low) if low == high else (None, low, high) for low, high in zip(p.lower, p.upper, strict=True)
        ]
        count = 2 ** len(p.inequalities)
        for options in choices:
            count *= len(options)
        if count > MOST_FACES:
            raise NoChecker(
                f"a player's own problem is not convex and has {count} faces, more than {MOST_FACES}: no certificate; "
                "a convex own part, or fewer variables, can be decided"
            )
        best, at = self.value(feasible), feasible
        for fixed in product(*choices):
            free = [k for k, value in enumerate(fixed) if value is None]
            for mask in range(2 ** len(p.inequalities)):
                tight = equalities + [row for k, row in enumerate(p.inequalities) if mask >> k & 1]
                x = self._stationary(fixed, free, tight)
                if x is not None and not p.violation(x)[0] and self.value(x) < best:
                    best, at = self.value(x), x
        return Least("all faces", at)

    def _stationary(self, fixed: Sequence[Fraction | None], free: Sequence[int], tight: Sequence[Any]) -> Vector | None:
        """Return the only stationary point on the hull of one face, None where there is none or more than one."""
        place = {k: n for n, k in enumerate(free)}
        size = len(free) + len(tight)
        if len(tight) > len(free):
            return None
        known = [Fraction(0) if value is None else value for value in fixed]
        if size == 0:
            return tuple(known)
        system = [[rational(0)] * size for _ in range(size)]
        right = [rational(-slope) for k, slope in enumerate(self.slope(known)) if k in place]
        for r, c, v in self.hessian:
            if r in place and c in place:
                system[place[r]][place[c]] += rational(v)
        for n, (coefficients, bound) in enumerate(tight, len(free)):
            right.append(rational(bound - sum((a * known[k] for k, a in coefficients), Fraction(0))))
            for k, a in coefficients:
                if k in place:
                    system[n][place[k]] += rational(a)
                    system[place[k]][n] += rational(a)
        try:
            found = flint.fmpq_mat(system).solve(flint.fmpq_mat([[value] for value in right]))
        except ZeroDivisionError:
            return None
        return tuple(exact(found[place[k], 0]) if k in place else known[k] for k in range(len(known)))
