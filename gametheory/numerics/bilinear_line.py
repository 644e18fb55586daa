"""One mixture of two corners is hidden: a polynomial in its second weight, closed by Bernstein coefficients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gametheory.numerics.bilinear_forms import CLOSED, HALVINGS, LEFT, MARGIN, MEMBERS, SIZE, copy, emit, form, part

__all__ = ["close_line"]

_BINOMIAL = np.array([[math.comb(n, k) for k in range(5)] for n in range(5)], dtype=float)


@part
def close_line(forms: Any, shape: Any, masks: Any, found: Any, count: int) -> tuple[int, int]:
    """Close a support in which all mix and one has two corners: a polynomial in the weight of its second corner."""
    hidden = 0 if SIZE[masks[0]] == 2 else (1 if SIZE[masks[1]] == 2 else 2)
    p, q = (1 if hidden == 0 else 0), (1 if hidden == 2 else 2)
    if SIZE[masks[p]] > SIZE[masks[q]]:
        p, q = q, p
    few, many = SIZE[masks[p]], SIZE[masks[q]]
    # Vectors of minors, whose entries must have one sign; entry [g, b, n] belongs to (1 - t)^(d - n) t^n.
    # Row 9 is the polynomial that must vanish.
    now, degrees, lengths = np.zeros((10, 5)), np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    h0, h1 = MEMBERS[masks[hidden], 0], MEMBERS[masks[hidden], 1]
    base = MEMBERS[masks[q], 0]
    if few == many:
        groups, degree = 2, 2 * (few - 1)
        _minors(forms, masks, hidden, p, q, now[0:3])
        _minors(forms, masks, hidden, q, p, now[3:6])
        degrees[0] = degrees[1] = few - 1
        lengths[0] = lengths[1] = few
        for b in range(few):
            for c in range(few):
                payoff = form(forms, hidden, h1, h0, p, MEMBERS[masks[p], b], MEMBERS[masks[q], c])
                for m in range(few):
                    for n in range(few):
                        now[9, m + n] += payoff * now[b, m] * now[3 + c, n]
    else:  # 2 x 2 x 3: two equations for the two weights of p, then one each of p and of the hidden one for q
        groups, degree = 3, 2
        rows = np.zeros((2, 2, 2))
        for r in range(2):
            for b in range(2):
                for n in range(2):
                    at = MEMBERS[masks[hidden], n]
                    rows[r, b, n] = form(forms, q, MEMBERS[masks[q], r + 1], base, hidden, at, MEMBERS[masks[p], b])
            for n in range(2):
                now[3 * r, n], now[3 * r + 1, n] = rows[r, 1, n], -rows[r, 0, n]
        degrees[0], degrees[1], degrees[2] = 1, 1, 2
        lengths[0], lengths[1], lengths[2] = 2, 2, 3
        for m in range(2):
            for n in range(2):
                now[9, m + n] += rows[0, 0, m] * rows[1, 1, n] - rows[0, 1, m] * rows[1, 0, n]
        mine, his = np.zeros((3, 2)), np.zeros((3, 2))
        p0, p1 = MEMBERS[masks[p], 0], MEMBERS[masks[p], 1]
        for c in range(3):
            at = MEMBERS[masks[q], c]
            for n in range(2):
                mine[c, n] = form(forms, p, p1, p0, hidden, MEMBERS[masks[hidden], n], at)
                for b in range(2):
                    his[c, n] += now[b, n] * form(forms, hidden, h1, h0, p, MEMBERS[masks[p], b], at)
        _cross(mine, his, now[6:9])
    for n in range(degree + 1):
        now[9, n] /= _BINOMIAL[degree, n]
    for g in range(groups):
        for b in range(lengths[g]):
            for n in range(degrees[g] + 1):
                now[3 * g + b, n] /= _BINOMIAL[degrees[g], n]
    whole = np.zeros((10, 5))
    copy(now, whole)
    stack = np.zeros((HALVINGS + 2, 10, 5))
    ends = np.zeros((HALVINGS + 2, 3))
    copy(now, stack[0])
    ends[0, 1] = 1.0
    depth = 1
    while depth:
        depth -= 1
        low, high, halvings = ends[depth, 0], ends[depth, 1], ends[depth, 2]
        copy(stack[depth], now)
        if _no_sign(now, degrees, lengths, groups):
            continue
        positive = negative = changes = 0
        for n in range(degree + 1):
            positive += now[9, n] > MARGIN
            negative += now[9, n] < -MARGIN
            changes += n > 0 and (now[9, n] > 0) != (now[9, n - 1] > 0)
        if positive + negative == degree + 1:
            if changes == 0:
                continue
            if changes == 1:
                count = _root(forms, shape, masks, found, count, whole, degree, degrees, hidden, low, high)
                continue
        if halvings >= HALVINGS:
            return LEFT, count
        middle = (low + high) / 2
        for half in range(2):
            part = stack[depth + half]
            copy(now, part)
            for g in range(groups):
                for b in range(lengths[g]):
                    _halve(part[3 * g + b], degrees[g], half)
            _halve(part[9], degree, half)
            ends[depth + half, 0] = low if half == 0 else middle
            ends[depth + half, 1] = middle if half == 0 else high
            ends[depth + half, 2] = halvings + 1
        depth += 2
    return CLOSED, count


@part
def _minors(forms: Any, masks: Any, hidden: int, own: int, other: int, out: Any) -> None:
    """Fill in the weights of `own` that make `other` indifferent, up to a factor, as polynomials of the hidden one."""
    base = MEMBERS[masks[other], 0]
    size = SIZE[masks[own]]
    r, s = np.zeros((3, 2)), np.zeros((3, 2))
    for b in range(size):
        for n in range(2):
            at = MEMBERS[masks[hidden], n]
            r[b, n] = form(forms, other, MEMBERS[masks[other], 1], base, hidden, at, MEMBERS[masks[own], b])
            if size == 3:
                s[b, n] = form(forms, other, MEMBERS[masks[other], 2], base, hidden, at, MEMBERS[masks[own], b])
    if size == 2:
        for n in range(2):
            out[0, n], out[1, n] = r[1, n], -r[0, n]
    else:
        _cross(r, s, out)


@part
def _cross(r: Any, s: Any, out: Any) -> None:
    """Fill in the cross product of two vectors of linear polynomials."""
    for a in range(3):
        b, c = (a + 1) % 3, (a + 2) % 3
        for m in range(2):
            for n in range(2):
                out[a, m + n] += r[b, m] * s[c, n] - r[c, m] * s[b, n]


@part
def _no_sign(now: Any, degrees: Any, lengths: Any, groups: int) -> bool:
    """Whether two entries of a vector have opposite signs over the whole interval."""
    for g in range(groups):
        above = below = False
        for b in range(lengths[g]):
            low = high = now[3 * g + b, 0]
            for n in range(1, degrees[g] + 1):
                low, high = min(low, now[3 * g + b, n]), max(high, now[3 * g + b, n])
            above |= low > MARGIN
            below |= high < -MARGIN
        if above and below:
            return True
    return False


@part
def _halve(row: Any, degree: int, half: int) -> None:
    """Replace Bernstein coefficients by those of the first or the second half (de Casteljau)."""
    for r in range(1, degree + 1):
        if half == 0:
            for n in range(degree, r - 1, -1):
                row[n] = (row[n] + row[n - 1]) / 2
        else:
            for n in range(degree - r + 1):
                row[n] = (row[n] + row[n + 1]) / 2


@part
def _value(row: Any, degree: int, t: float) -> float:
    total = 0.0
    for n in range(degree + 1):
        total += _BINOMIAL[degree, n] * row[n] * t**n * (1 - t) ** (degree - n)
    return total


@part
def _root(
    forms: Any,
    shape: Any,
    masks: Any,
    found: Any,
    count: int,
    rows: Any,
    degree: int,
    degrees: Any,
    hidden: int,
    low: float,
    high: float,
) -> int:
    """Refine the only root in an interval and add what it gives."""
    p, q = (1 if hidden == 0 else 0), (1 if hidden == 2 else 2)
    if SIZE[masks[p]] > SIZE[masks[q]]:
        p, q = q, p
    equal = SIZE[masks[p]] == SIZE[masks[q]]
    rising = _value(rows[9], degree, high) > _value(rows[9], degree, low)
    a, b = low, high
    for _ in range(60):
        t = (a + b) / 2
        if (_value(rows[9], degree, t) > 0) == rising:
            b = t
        else:
            a = t
    t = (a + b) / 2
    near = 1e-12
    while near < 1e-5:
        left, right = _value(rows[9], degree, max(t - near, low)), _value(rows[9], degree, min(t + near, high))
        if min(abs(left), abs(right)) > MARGIN and (left > 0) != (right > 0):
            break
        near *= 10
    weights, entries = np.zeros((3, 3)), np.zeros(3)
    weights[hidden, MEMBERS[masks[hidden], 0]] = 1 - t
    weights[hidden, MEMBERS[masks[hidden], 1]] = t
    errors = np.zeros(3)
    errors[hidden] = near = near + MARGIN if near < 1e-5 else np.inf
    for turn in range(2):
        own = p if turn == 0 else q
        group = turn if equal else 2 * turn
        size = SIZE[masks[own]]
        total = 0.0
        for k in range(size):
            entries[k] = _value(rows[3 * group + k], degrees[group], t)
            total += entries[k]
        if not equal and turn == 0:  # two vectors for p, and one of them may be small
            a, b = _value(rows[3], 1, t), _value(rows[4], 1, t)
            if abs(a + b) > abs(total):
                entries[0], entries[1], total = a, b, a + b
        errors[own] = near / abs(total) if total != 0 else np.inf
        for k in range(size):
            weights[own, MEMBERS[masks[own], k]] = entries[k] / total if total != 0 else np.inf
    region = np.zeros(6)
    region[0], region[1] = low, high
    return emit(forms, shape, masks, weights, errors, found, count, hidden, region)
