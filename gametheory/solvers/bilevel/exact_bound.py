"""What a node's linear programme proves in rationals: a basis found in floats is solved again, exactly.

Multipliers ``y`` of the rows alone bound a programme: with ``d = c - A' y`` every feasible point costs at least
``sum_i y_i (lower_i if y_i > 0 else upper_i) + sum_j d_j (lower_j if d_j > 0 else upper_j)``. With ``c = 0`` and a
positive sum there is no feasible point (Farkas).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import exact, rational
from gametheory.games.polyhedron import Coefficients
from gametheory.numerics.linear_program import maximise
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import Limits

__all__ = ["Verdict", "decide_exactly", "dual_bound"]

Sparse = dict[int, Fraction]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was proved of a programme.

    Attributes
    ----------
    status
        ``"infeasible"``, ``"bounded"`` (`value` is a lower bound, `point` attains it if it is given) or
        ``"unbounded"``.
    value
        The bound.
    multipliers
        Of the rows, those that are not zero.
    point
        Values of all columns, or empty.
    """

    status: str
    value: Fraction = Fraction(0)
    multipliers: tuple[tuple[int, Fraction], ...] = ()
    point: tuple[Fraction, ...] = ()


def dual_bound(
    cost: Sequence[Any], rows: Sequence[Coefficients], limits: Limits, multipliers: Mapping[int, Any]
) -> Any:
    """Return the bound that multipliers of the rows prove, None if they prove none.

    >>> dual_bound([1], [((0, 2),)], Limits([0], [None], [3], [None]), {0: Fraction(1, 2)})
    Fraction(3, 2)
    """
    reduced = list(cost)
    bound = flint.fmpq(0)
    for i, y in multipliers.items():
        side = limits.row_lower[i] if y > 0 else limits.row_upper[i]
        if y == 0:
            continue
        if side is None:
            return None
        bound += rational(y) * rational(side)
        for k, a in rows[i]:
            reduced[k] = rational(reduced[k]) - rational(a) * rational(y)
    for k, d in enumerate(reduced):
        if d != 0:
            side = limits.lower[k] if d > 0 else limits.upper[k]
            if side is None:
                return None
            bound += rational(d) * rational(side)
    return exact(bound)


def decide_exactly(
    cost: Sequence[Fraction],
    rows: Sequence[Coefficients],
    limits: Limits,
    outcome: Outcome,
    enough: Fraction | None,
    *,
    patient: bool = True,
) -> Verdict:
    """Return what is true of a programme of which floats say `outcome`.

    Parameters
    ----------
    enough
        A bound of this size needs no optimal point.
    patient
        Where the basis of floats does not stand, start in rationals from nothing; otherwise say that there is no bound.
    """
    if limits.crossed:
        return Verdict("infeasible")
    if outcome.basis is not None and outcome.status in ("optimal", "infeasible"):
        basis = _Basis.of(rows, limits, outcome)
        if basis is not None:
            verdict = basis.optimum(cost, enough) if outcome.status == "optimal" else basis.contradiction()
            if verdict is not None:
                return verdict
    return _simplex(cost, rows, limits) if patient else Verdict("unbounded")


@dataclass(frozen=True, slots=True)
class _Basis:
    """A basis: the basic columns, the rows that hold with equality, and their square block."""

    rows: Sequence[Coefficients]
    limits: Limits
    columns: list[int]
    tight: list[int]
    block: Any
    outcome: Outcome

    @classmethod
    def of(cls, rows: Sequence[Coefficients], limits: Limits, outcome: Outcome) -> _Basis | None:
        where, tight_at = outcome.places
        columns = [k for k, word in enumerate(where) if word == "basic"]
        tight = [i for i, word in enumerate(tight_at) if word != "basic"]
        if len(columns) != len(tight):
            return None
        place = {k: n for n, k in enumerate(columns)}
        block = flint.fmpq_mat(len(tight), len(columns))
        for n, i in enumerate(tight):
            for k, a in rows[i]:
                if k in place:
                    block[n, place[k]] = rational(a)
        return cls(rows, limits, columns, tight, block, outcome)

    def prices(self, cost: Mapping[int, Any]) -> dict[int, Any] | None:
        """Return the multipliers of the tight rows that leave the basic columns no reduced cost."""
        if not self.columns:
            return {}
        right = flint.fmpq_mat(len(self.columns), 1)
        for n, k in enumerate(self.columns):
            right[n, 0] = rational(cost.get(k, 0))
        try:
            found = self.block.transpose().solve(right)
        except ZeroDivisionError:
            return None
        return {i: found[n, 0] for n, i in enumerate(self.tight) if found[n, 0] != 0}

    def point(self) -> list[Any] | None:
        """Return the basic solution."""
        where, tight_at = self.outcome.places
        limits, zero = self.limits, flint.fmpq(0)
        point = [zero] * len(where)
        for k, word in enumerate(where):
            if word != "basic":
                side = limits.upper[k] if word == "upper" else limits.lower[k]
                other = limits.lower[k] if word == "upper" else limits.upper[k]
                point[k] = rational(side if side is not None else other if other is not None else 0)
        right = flint.fmpq_mat(len(self.tight), 1)
        basic = set(self.columns)
        for n, i in enumerate(self.tight):
            side = limits.row_upper[i] if tight_at[i] == "upper" else limits.row_lower[i]
            side = side if side is not None else limits.row_upper[i]
            if side is None:
                return None
            fixed = sum((rational(a) * point[k] for k, a in self.rows[i] if k not in basic), zero)
            right[n, 0] = rational(side) - fixed
        if self.columns:
            try:
                found = self.block.solve(right)
            except ZeroDivisionError:
                return None
            for n, k in enumerate(self.columns):
                point[k] = found[n, 0]
        return point

    def optimum(self, cost: Sequence[Fraction], enough: Fraction | None) -> Verdict | None:
        """Return the bound of this basis, with its point where the bound is not enough; None if it proves nothing."""
        prices = self.prices(dict(enumerate(cost)))
        bound = None if prices is None else dual_bound(cost, self.rows, self.limits, prices)
        if prices is None or bound is None:
            return None
        multipliers = tuple((i, exact(y)) for i, y in prices.items())
        if enough is not None and bound >= enough:
            return Verdict("bounded", bound, multipliers)
        point = self.point()
        if point is None or any(True for _ in _missed(point, self.rows, self.limits)):
            return None
        return Verdict("bounded", bound, multipliers, tuple(map(exact, point)))

    def contradiction(self) -> Verdict | None:
        """Return the proof that no point is feasible: something that the basis fixes outside its bounds."""
        point = self.point()
        if point is None:
            return None
        zero = [Fraction(0)] * len(point)
        for kind, number, sign in _missed(point, self.rows, self.limits):
            if kind == "column":
                prices = self.prices({number: -sign})
            else:
                prices = self.prices({k: -sign * a for k, a in self.rows[number]})
                if prices is not None:
                    prices[number] = flint.fmpq(sign)
            if prices is None:
                continue
            bound = dual_bound(zero, self.rows, self.limits, prices)
            if bound is not None and bound > 0:
                return Verdict("infeasible", multipliers=tuple((i, exact(y)) for i, y in prices.items()))
        return None


def _missed(point: Sequence[Any], rows: Sequence[Coefficients], limits: Limits) -> Iterator[tuple[str, int, int]]:
    """Yield what is outside its bounds: +1 where it is below the lower one, -1 where it is above the upper one."""
    for k, (value, low, high) in enumerate(zip(point, limits.lower, limits.upper, strict=True)):
        if low is not None and value < rational(low):
            yield "column", k, 1
        elif high is not None and value > rational(high):
            yield "column", k, -1
    for i, (row, low, high) in enumerate(zip(rows, limits.row_lower, limits.row_upper, strict=True)):
        value = sum((rational(a) * point[k] for k, a in row), flint.fmpq(0))
        if low is not None and value < rational(low):
            yield "row", i, 1
        elif high is not None and value > rational(high):
            yield "row", i, -1


def _simplex(cost: Sequence[Fraction], rows: Sequence[Coefficients], limits: Limits) -> Verdict:
    """Decide in rationals from nothing: columns become ``start + sign u`` with ``u >= 0``, all bounds become rows."""
    size = len(cost)
    start = [low if low is not None else high for low, high in zip(limits.lower, limits.upper, strict=True)]
    columns = [(k, -1 if limits.lower[k] is None and start[k] is not None else 1) for k in range(size)]
    columns += [(k, -1) for k in range(size) if start[k] is None]
    origin = [v if v is not None else Fraction(0) for v in start]
    matrix: list[list[Fraction]] = []
    right: list[Any] = []
    names: list[tuple[int, int]] = []
    equal: list[int] = []
    for i, (row, low, high) in enumerate(zip(rows, limits.row_lower, limits.row_upper, strict=True)):
        terms = dict(row)
        there = sum((a * origin[k] for k, a in row), Fraction(0))
        for sign, side in ((1, high), (-1, low)):
            if side is None or (sign < 0 and low == high):
                continue
            if low == high:
                equal.append(len(right))
            matrix.append([sign * s * terms.get(k, Fraction(0)) for k, s in columns])
            right.append(sign * (side - there))
            names.append((i, sign))
    for k in range(size):
        if limits.lower[k] is not None and limits.upper[k] is not None:
            matrix.append([Fraction(s * (m == k)) for m, s in columns])
            right.append(limits.upper[k] - limits.lower[k])  # type: ignore[operator]  # neither is None
            names.append((-1, 1))
    answer = maximise([-s * cost[k] for k, s in columns], matrix, right, equal=equal)
    multipliers: Sparse = {}
    for (i, sign), y in zip(names, answer.y, strict=False):
        if i >= 0 and y:
            multipliers[i] = multipliers.get(i, Fraction(0)) - sign * y
    kept = tuple((i, y) for i, y in sorted(multipliers.items()) if y)
    if answer.status == "infeasible":
        return Verdict("infeasible", multipliers=kept)
    if answer.status == "unbounded":
        return Verdict("unbounded")
    point = list(origin)
    for (k, s), u in zip(columns, answer.x, strict=True):
        point[k] += s * u
    value = sum((c * v for c, v in zip(cost, point, strict=True)), Fraction(0))
    return Verdict("bounded", value, kept, tuple(point))
