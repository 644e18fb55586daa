"""From a float answer to a rational point with many correct digits: Newton's steps on the tight constraints, in balls.

The constraints that hold with equality stay tight exactly: free variables are rounded to a fine grid, and one variable
for each tight row is then solved for in rationals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import FloatArray, centre, exact, rational
from gametheory.errors import NotRational
from gametheory.games.derivatives import Tape, jacobian
from gametheory.games.expression import run
from gametheory.games.polyhedron import Polyhedron

__all__ = ["Polished", "polished", "tightened"]

_BITS = 320
_STEPS = 9
_GRID = 1 << 190
#: Largest denominators of a point that is tried as the exact answer.
_SIMPLE = (60, 10_000, 10**8, 10**24)

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Polished:
    """A feasible rational point, multipliers of all rows in the order of ``Polyhedron.rows()``, and what is left.

    `residual` is the largest violation of stationarity, in floats; `is_exact` says that it is 0 without rounding.
    """

    x: Vector
    multipliers: Vector
    residual: float
    is_exact: bool


def polished(
    tape: Tape,
    polyhedron: Polyhedron,
    start: FloatArray,
    *,
    near: float = 1e-6,
    owners: Mapping[int, range | None] | None = None,
) -> Polished | None:
    """Return the point where ``F + A' mu = 0`` with the rows that `start` nearly meets as equations, or None.

    Parameters
    ----------
    near
        Slack at which a row counts as met.
    owners
        Rows that bear on the slopes of some variables only, by their number; with None in place of a range the row is
        a matter of several players, and no polishing is tried where it is tight.
    """
    rows = list(polyhedron.rows())
    acting = [
        tuple((k, a) for k, a in row[0] if k in owners[n]) if owners and owners.get(n) is not None else row[0]  # type: ignore[operator]
        for n, row in enumerate(rows)
    ]
    x0 = [Fraction(float(v)) for v in start]
    slopes = _values(tape, x0)
    if slopes is None:
        return None
    tight = []
    for number, (coefficients, bound, equal, _) in enumerate(rows):
        slack = float(bound - sum((a * x0[k] for k, a in coefficients), Fraction(0)))
        scale = max(1.0, abs(float(bound)))
        if equal or slack <= near * scale:
            tight.append(number)
            if owners is not None and number in owners and owners[number] is None:
                return None
    for _ in range(len(tight) + 1):
        kept = _independent([rows[n][0] for n in tight], tight, [rows[n][2] for n in tight])
        found = _newton(tape, polyhedron.size, [(*rows[n][:2], acting[n]) for n in kept], x0)
        if found is None:
            return None
        balls, prices = found
        wrong = [
            (float(m.mid()), n) for n, m in zip(kept, prices, strict=True) if not rows[n][2] and float(m.mid()) < -1e-9
        ]
        if not wrong:
            break
        # The row with the most negative price lets go; the opposite bound of a fixed variable may then hold it.
        tight = [n for n in tight if n != min(wrong)[1]]
    else:
        return None
    for limit in (*_SIMPLE, None):
        point = _rounded(balls, [rows[n] for n in kept], limit)
        if point is None or polyhedron.violation(point)[0] > 0:
            continue
        answer = _priced(tape, rows, acting, kept, point)
        if answer is not None and (answer.is_exact or limit is None):
            return answer
    return None


def tightened(polyhedron: Polyhedron, start: FloatArray, *, near: float = 1e-7) -> Vector | None:
    """Return a rational point near the floats at which the rows that they nearly meet hold exactly, or None."""
    rows = list(polyhedron.rows())
    x = [Fraction(float(v)) for v in start]
    tight = []
    for number, (coefficients, bound, equal, _) in enumerate(rows):
        slack = bound - sum((a * x[k] for k, a in coefficients), Fraction(0))
        if equal or abs(slack) <= near * max(1.0, abs(float(bound))):
            tight.append(number)
    kept = _independent([rows[n][0] for n in tight], tight, [rows[n][2] for n in tight])
    with flint.ctx.workprec(_BITS):
        balls = [_ball(v) for v in x]
    for limit in (*_SIMPLE, None):
        point = _rounded(balls, [rows[n] for n in kept], limit)
        if point is None or polyhedron.violation(point)[0] > 0:
            continue
        if limit is None or max(abs(float(p - v)) for p, v in zip(point, x, strict=True)) < 1e-9:
            return point
    return None


def _ball(number: Fraction) -> Any:
    return flint.arb(rational(number))


def _values(tape: Tape, x: Sequence[Any], *, partly: bool = False) -> list[Any] | None:
    """Return the outputs as balls; None where one has no value, unless that is allowed."""
    with flint.ctx.workprec(_BITS):
        try:
            values = run(tape.steps, [_ball(v) if isinstance(v, Fraction) else v for v in x], _ball)
        except ZeroDivisionError:
            return None
        found = [values[k] for k in tape.outputs]
        return found if partly or all(v.is_finite() for v in found) else None


def _independent(rows: Sequence[Any], numbers: Sequence[int], equal: Sequence[bool]) -> list[int]:
    """Return the numbers of rows of which none follows from the others, equalities first, bounds next."""
    order = sorted(range(len(rows)), key=lambda k: (not equal[k], len(rows[k])))
    reduced: dict[int, dict[int, Fraction]] = {}
    kept = []
    for k in order:
        row = dict(rows[k])
        while row:
            lead = min(row)
            if lead not in reduced:
                reduced[lead] = row
                kept.append(numbers[k])
                break
            factor = row[lead] / reduced[lead][lead]
            for j, a in reduced[lead].items():
                left = row.get(j, Fraction(0)) - factor * a
                if left:
                    row[j] = left
                else:
                    row.pop(j, None)
    return sorted(kept)


def _newton(tape: Tape, size: int, rows: Sequence[Any], start: Sequence[Fraction]) -> Any:
    bends = jacobian(tape, range(size))
    count = size + len(rows)
    # A power may have no curvature at a bound; a variable that is kept there does not ask for it.
    pinned = {coefficients[0][0] for coefficients, _, _ in rows if len(coefficients) == 1}
    with flint.ctx.workprec(_BITS):
        x = [flint.arb(rational(v)) for v in start]
        prices = [flint.arb(0)] * len(rows)
        last, ridge = float("inf"), False
        for _ in range(_STEPS):
            slopes, cells = _values(tape, x), _values(bends, x, partly=True)
            if slopes is None or cells is None:
                return None
            table = [[flint.arb(0)] * count for _ in range(count)]
            right = [[-v] for v in slopes]
            for r in range(size):
                for c in range(size):
                    cell = cells[r * size + c]
                    if cell.is_finite():
                        table[r][c] = cell.mid()
                    elif r not in pinned and c not in pinned:
                        return None
            for n, (coefficients, bound, felt) in enumerate(rows):
                left = flint.arb(rational(bound))
                for k, a in coefficients:
                    number = flint.arb(rational(a))
                    table[size + n][k] = number
                    left -= number * x[k]
                for k, a in felt:
                    table[k][size + n] = flint.arb(rational(a))
                right.append([left])
            step = _step(table, right, size, ridge)
            if step is None and not ridge:
                # Solutions are not isolated: Newton's step of the proximal-point method finds one of them.
                ridge = True
                step = _step(table, right, size, ridge)
            if step is None:
                return None
            moves = [step[k, 0].mid() for k in range(count)]
            if not all(m.is_finite() for m in moves):
                return None
            x = [(v + m).mid() for v, m in zip(x, moves, strict=False)]
            prices = moves[size:]
            size_of_step = max((abs(float(m)) for m in moves[:size]), default=0.0)
            if size_of_step > 1e3 * max(1.0, last) or not np.isfinite(size_of_step):
                return None
            last = size_of_step
            if last < 1e-75:
                break
        if last > 1e-6:
            return None
        return x, prices


def _step(table: list[list[Any]], right: list[list[Any]], size: int, ridge: bool) -> Any:
    """Return the solution of the linear system, or None where balls cannot tell that there is only one."""
    rows = [list(row) for row in table]
    for k in range(size if ridge else 0):
        rows[k][k] = rows[k][k] + flint.arb(2) ** -40
    try:
        return flint.arb_mat(rows).solve(flint.arb_mat(right))
    except ZeroDivisionError:
        return None


def _rounded(balls: Sequence[Any], rows: Sequence[Any], limit: int | None) -> Vector | None:
    """Return rationals near the balls at which the rows hold exactly."""
    x = []
    for ball in balls:
        near = centre(ball)
        x.append(Fraction(round(near * _GRID), _GRID) if limit is None else near.limit_denominator(limit))
    if not rows:
        return tuple(x)
    columns: list[int] = []  # one variable a row, by elimination with the largest coefficient
    table = [dict(coefficients) for coefficients, _, _, _ in rows]
    for row in table:
        for k in list(columns):
            pivot = table[columns.index(k)]
            if row.get(k):
                factor = row[k] / pivot[k]
                for j, a in pivot.items():
                    row[j] = row.get(j, Fraction(0)) - factor * a
        candidates = {k: a for k, a in row.items() if a and k not in columns}
        if not candidates:
            return None
        columns.append(max(candidates, key=lambda k: abs(candidates[k])))
    count = len(rows)
    left, right = flint.fmpq_mat(count, count), flint.fmpq_mat(count, 1)
    for n, (coefficients, bound, _, _) in enumerate(rows):
        rest = bound
        for k, a in coefficients:
            if k in columns:
                left[n, columns.index(k)] = rational(a)
            else:
                rest -= a * x[k]
        right[n, 0] = rational(rest)
    try:
        found = left.solve(right)
    except ZeroDivisionError:
        return None
    for n, k in enumerate(columns):
        x[k] = exact(found[n, 0])
    return tuple(x)


def _priced(tape: Tape, rows: Sequence[Any], acting: Sequence[Any], kept: Sequence[int], x: Vector) -> Polished | None:
    """Return the point with the multipliers of the kept rows that balance its slopes best."""
    try:
        slopes: list[Any] = tape.values(x)
        sharp = True
    except (NotRational, ZeroDivisionError):
        found = _values(tape, x)
        if found is None:
            return None
        slopes = [centre(v) for v in found]
        sharp = False
    multipliers = [Fraction(0)] * len(rows)
    if kept:
        count = len(kept)
        gram, right = flint.fmpq_mat(count, count), flint.fmpq_mat(count, 1)
        table = [dict(acting[n]) for n in kept]
        for i, row in enumerate(table):
            right[i, 0] = rational(-sum((a * slopes[k] for k, a in row.items()), Fraction(0)))
            for j, other in enumerate(table):
                gram[i, j] = rational(sum((a * other.get(k, Fraction(0)) for k, a in row.items()), Fraction(0)))
        solved = gram.solve(right)
        for i, n in enumerate(kept):
            multipliers[n] = exact(solved[i, 0])
            if not rows[n][2] and multipliers[n] < 0:
                sharp = False
                multipliers[n] = Fraction(0)
            for k, a in table[i].items():
                slopes[k] += multipliers[n] * a
    left = max((abs(float(s)) for s in slopes), default=0.0)
    return Polished(x, tuple(multipliers), left, sharp and not any(slopes))
