"""A mixture of three corners is hidden: two plane quartics in its weights, closed by Bernstein coefficients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gametheory.numerics.bilinear_forms import CLOSED, HALVINGS, LEFT, MARGIN, STEEP, WEIGHT, copy, emit, form, part

__all__ = ["close_plane"]

#: Bound on the derivatives' distance from the identity, and how far beyond a triangle it still holds.
_CONTRACTS, _BEYOND = 0.85, 1e-6


def _powers(degree: int) -> Any:
    return np.array([(degree - j - k, j, k) for k in range(degree + 1) for j in range(degree + 1 - k)])


def _places(degree: int) -> Any:
    table = np.full((degree + 1, degree + 1), -1)
    for place, (_, j, k) in enumerate(_powers(degree).tolist()):
        table[j, k] = place
    return table


def _lines(degree: int) -> Any:
    """Return by edge ``(a, b)`` and weight of the third corner the places of the coefficients, ``b`` rising."""
    powers = _powers(degree)
    table = np.full((6, degree + 1, degree + 1), -1)
    for edge, (a, b) in enumerate(((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))):
        third = 3 - a - b
        for place, index in enumerate(powers):
            table[edge, index[third], index[b]] = place
    return table


_P2, _P3, _P4 = _powers(2), _powers(3), _powers(4)
_AT1, _AT2, _AT3, _AT4 = _places(1), _places(2), _places(3), _places(4)
_LINES2, _LINES4 = _lines(2), _lines(4)
_MULTI2 = np.array([math.factorial(2) / math.prod(map(math.factorial, p)) for p in _P2.tolist()])
_MULTI4 = np.array([math.factorial(4) / math.prod(map(math.factorial, p)) for p in _P4.tolist()])
_FACTORIAL, _THREE = np.array([1.0, 1.0, 2.0, 6.0, 24.0]), np.array([3, 3, 3])
_EDGES = np.array([(0, 1), (0, 2), (1, 2)])


@part
def close_plane(forms: Any, masks: Any, found: Any, count: int) -> tuple[int, int]:
    """Close the support of three corners each: two quartics in the weights of the third mixture."""
    x, y = np.zeros((3, 6)), np.zeros((3, 6))
    _quadratics(forms, 1, 0, x)
    _quadratics(forms, 0, 1, y)
    now = np.zeros((8, 15))
    for a in range(3):
        for b in range(3):
            pair = np.zeros(15)
            for m in range(6):
                for n in range(6):
                    pair[_AT4[_P2[m, 1] + _P2[n, 1], _P2[m, 2] + _P2[n, 2]]] += x[a, m] * y[b, n]
            for r in range(2):
                for n in range(15):
                    now[6 + r, n] += forms[2, r + 1, 0, a, b] * pair[n]
    for n in range(6):
        for a in range(3):
            now[a, n], now[3 + a, n] = x[a, n] / _MULTI2[n], y[a, n] / _MULTI2[n]
    for n in range(15):
        now[6, n], now[7, n] = now[6, n] / _MULTI4[n], now[7, n] / _MULTI4[n]
    stack = np.zeros((HALVINGS + 2, 8, 15))
    corners = np.zeros((HALVINGS + 2, 3, 3))
    halvings = np.zeros(HALVINGS + 2, dtype=np.int64)
    cell = np.zeros((3, 3))
    copy(now, stack[0])
    for k in range(3):
        corners[0, k, k] = 1.0
    depth, cells = 1, 0
    while depth:
        depth -= 1
        cells += 1
        copy(stack[depth], now)
        copy(corners[depth], cell)
        if _mixed_signs(now[:3]) or _mixed_signs(now[3:6]) or _one_sign(now[6]) or _one_sign(now[7]):
            continue
        done, count = _only_zero(forms, masks, now, cell, found, count)
        if done:
            continue
        if halvings[depth] >= HALVINGS or cells > 20000:
            return LEFT, count
        longest, edge = -1.0, 0
        for e in range(3):
            length = 0.0
            for k in range(3):
                length = max(length, abs(cell[_EDGES[e, 0], k] - cell[_EDGES[e, 1], k]))
            if length > longest:
                longest, edge = length, e
        level = halvings[depth] + 1
        for half in range(2):
            kept, moved = _EDGES[edge, half], _EDGES[edge, 1 - half]
            part = stack[depth + half]
            copy(now, part)
            for row in range(6):
                _halve_lines(part[row], _LINES2[2 * edge + half], 2)
            for row in range(6, 8):
                _halve_lines(part[row], _LINES4[2 * edge + half], 4)
            copy(cell, corners[depth + half])
            for k in range(3):
                corners[depth + half, moved, k] = (cell[kept, k] + cell[moved, k]) / 2
            halvings[depth + half] = level
        depth += 2
    return CLOSED, count


@part
def _quadratics(forms: Any, i: int, own: int, out: Any) -> None:
    """Fill in the weights of `own` that make mixture `i` indifferent, as quadratic polynomials of the third one."""
    for a in range(3):
        b, c = (a + 1) % 3, (a + 2) % 3
        for m in range(3):
            for n in range(3):
                minor = form(forms, i, 1, 0, own, b, m) * form(forms, i, 2, 0, own, c, n) - form(
                    forms, i, 1, 0, own, c, m
                ) * form(forms, i, 2, 0, own, b, n)
                out[a, _AT2[(m == 1) + (n == 1), (m == 2) + (n == 2)]] += minor


@part
def _mixed_signs(rows: Any) -> bool:
    above = below = False
    for b in range(3):
        low = high = rows[b, 0]
        for n in range(1, 6):
            low, high = min(low, rows[b, n]), max(high, rows[b, n])
        above |= low > MARGIN
        below |= high < -MARGIN
    return above and below


@part
def _one_sign(row: Any) -> bool:
    low = high = row[0]
    for n in range(1, 15):
        low, high = min(low, row[n]), max(high, row[n])
    return bool(low > MARGIN or high < -MARGIN)


@part
def _halve_lines(row: Any, lines: Any, degree: int) -> None:
    """Replace the coefficients on a triangle by those on the half at the first corner of an edge."""
    for third in range(degree + 1):
        length = degree - third
        for r in range(1, length + 1):
            for n in range(length, r - 1, -1):
                row[lines[third, n]] = (row[lines[third, n]] + row[lines[third, n - 1]]) / 2


@part
def _only_zero(forms: Any, masks: Any, now: Any, cell: Any, found: Any, count: int) -> tuple[bool, int]:
    """Whether a triangle is closed by the quartics times the inverse of their derivative; its only zero is added."""
    slopes, mean, inverse = np.zeros((10, 2, 2)), np.zeros((2, 2)), np.zeros((2, 2))
    for n in range(10):
        j, k = _P3[n, 1], _P3[n, 2]
        for r in range(2):
            here = now[6 + r, _AT4[j, k]]
            slopes[n, r, 0] = 4 * (now[6 + r, _AT4[j + 1, k]] - here)
            slopes[n, r, 1] = 4 * (now[6 + r, _AT4[j, k + 1]] - here)
            for c in range(2):
                mean[r, c] += slopes[n, r, c] / 10
    det = mean[0, 0] * mean[1, 1] - mean[0, 1] * mean[1, 0]
    size = max(abs(mean[0, 0]), abs(mean[0, 1]), abs(mean[1, 0]), abs(mean[1, 1]))
    if abs(det) < 1e-9 * size * size or size < 1e-9:
        return False, count
    inverse[0, 0], inverse[0, 1] = mean[1, 1] / det, -mean[0, 1] / det
    inverse[1, 0], inverse[1, 1] = -mean[1, 0] / det, mean[0, 0] / det
    heavy = size / abs(det)
    blur = 2 * heavy * MARGIN
    largest = 0.0
    for r in range(2):
        low, high = np.inf, -np.inf
        for n in range(15):
            value = inverse[r, 0] * now[6, n] + inverse[r, 1] * now[7, n]
            low, high = min(low, value), max(high, value)
            largest = max(largest, abs(now[6 + r, n]))
        if low > blur or high < -blur:
            return True, count
    for r in range(2):
        far = 0.0
        for c in range(2):
            worst = 0.0
            for n in range(10):
                entry = inverse[r, 0] * slopes[n, 0, c] + inverse[r, 1] * slopes[n, 1, c]
                worst = max(worst, abs(entry - (r == c)))
            far += worst + 16 * blur
        if far > _CONTRACTS:
            return False, count
    if heavy * largest > 1e3:
        return False, count
    l1 = l2 = 1 / 3
    residual = np.inf
    value, slope = np.zeros(2), np.zeros((2, 2))
    for _ in range(25):
        _quartics_at(now, l1, l2, value, slope)
        residual = max(
            abs(inverse[0, 0] * value[0] + inverse[0, 1] * value[1]),
            abs(inverse[1, 0] * value[0] + inverse[1, 1] * value[1]),
        )
        here = slope[0, 0] * slope[1, 1] - slope[0, 1] * slope[1, 0]
        if here == 0 or residual < 1e-14:
            break
        l1 -= (slope[1, 1] * value[0] - slope[0, 1] * value[1]) / here
        l2 -= (slope[0, 0] * value[1] - slope[1, 0] * value[0]) / here
        if abs(l1) > 4 or abs(l2) > 4:
            return False, count
    if min(l1, l2, 1 - l1 - l2) < -_BEYOND / 2:
        return False, count
    weights, region = np.zeros((3, 3)), np.zeros(6)
    edge = 0.0
    for k in range(3):
        weights[2, k] = (1 - l1 - l2) * cell[0, k] + l1 * cell[1, k] + l2 * cell[2, k]
        edge = max(edge, abs(cell[1, k] - cell[0, k]), abs(cell[2, k] - cell[0, k]))
        region[2 * k], region[2 * k + 1] = cell[k, 1], cell[k, 2]
    # If there is a zero in the triangle, Newton's last point is within seven times its residual of it.
    near = 2 * edge * 7 * (residual + blur) + MARGIN
    tiny = False
    errors = np.zeros(3)
    errors[2] = near
    for i in range(2):
        total = peak = 0.0
        for k in range(3):
            weights[i, k] = _quadratic_at(now[3 * i + k], l1, l2)
            total += weights[i, k]
            peak = max(peak, abs(weights[i, k]))
        tiny |= peak < 1e-6
        errors[i] = near / abs(total) if total != 0 else np.inf
        for k in range(3):
            weights[i, k] = weights[i, k] / total if total != 0 else np.inf
    if tiny and _spurious(forms, now, weights[2], l1, l2, near):
        return True, count
    return True, emit(forms, _THREE, masks, weights, errors, found, count, 2, region)


@part
def _quartics_at(now: Any, l1: float, l2: float, value: Any, slope: Any) -> None:
    """Fill in both quartics and their derivatives by the weights of the second and third corner."""
    l0 = 1 - l1 - l2
    for r in range(2):
        value[r] = slope[r, 0] = slope[r, 1] = 0.0
    for n in range(15):
        weight = _MULTI4[n] * l0 ** _P4[n, 0] * l1 ** _P4[n, 1] * l2 ** _P4[n, 2]
        value[0] += weight * now[6, n]
        value[1] += weight * now[7, n]
    for n in range(10):
        i, j, k = _P3[n, 0], _P3[n, 1], _P3[n, 2]
        weight = 24.0 / (_FACTORIAL[i] * _FACTORIAL[j] * _FACTORIAL[k]) * l0**i * l1**j * l2**k
        for r in range(2):
            here = now[6 + r, _AT4[j, k]]
            slope[r, 0] += weight * (now[6 + r, _AT4[j + 1, k]] - here)
            slope[r, 1] += weight * (now[6 + r, _AT4[j, k + 1]] - here)


@part
def _quadratic_at(row: Any, l1: float, l2: float) -> float:
    total = 0.0
    for n in range(6):
        total += _MULTI2[n] * row[n] * (1 - l1 - l2) ** _P2[n, 0] * l1 ** _P2[n, 1] * l2 ** _P2[n, 2]
    return total


@part
def _spurious(forms: Any, now: Any, z: Any, l1: float, l2: float, near: float) -> bool:
    """Whether no solution lies at a zero of the quartics at which the minors of one mixture vanish.

    There its equations have rank 1; with those of the third mixture they still must have a kernel, so that all minors
    of one of the former with both of the latter vanish: six products of three entries of at most 1, of which those of
    two rows change by at most thrice `WEIGHT` times the error of the other mixture, and those of one by less.
    """
    mine, rows = np.zeros(3), np.zeros((4, 3))
    for i in range(2):  # the mixture whose minors vanish; `other` has sound ones
        other = 1 - i
        whole = small = 0.0
        for k in range(3):
            mine[k] = _quadratic_at(now[3 * other + k], l1, l2)
            whole += mine[k]
            small = max(small, abs(_quadratic_at(now[3 * i + k], l1, l2)))
        if small > 1e-6 or whole == 0 or near / abs(whole) > 1e-4:
            continue
        error = near / abs(whole)
        for k in range(3):
            mine[k] /= whole
            if mine[k] < -STEEP * error:
                return True
        for a in range(3):
            for r in range(2):
                rows[r, a] = rows[2 + r, a] = 0.0
                for k in range(3):
                    rows[r, a] += form(forms, other, r + 1, 0, i, a, k) * z[k]
                    rows[2 + r, a] += form(forms, 2, r + 1, 0, i, a, k) * mine[k]
        for r in range(2):
            det = 0.0
            for a in range(3):
                b, c = (a + 1) % 3, (a + 2) % 3
                det += rows[r, a] * (rows[2, b] * rows[3, c] - rows[2, c] * rows[3, b])
            if abs(det) > 6 * 3 * 3 * WEIGHT * error:
                return True
    return False
