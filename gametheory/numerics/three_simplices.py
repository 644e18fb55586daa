"""Bilinear systems on three simplices of at most three corners each: every support closed by elimination.

Each of three unknown mixtures is made indifferent by the other two, so that its equations are bilinear in these. For
fixed weights of one of them, the hidden one, the equations of the second are linear in the third and the other way
round: both are kernels of matrices whose entries are linear in the hidden weights, hence vectors of minors. What is
left are polynomials in the hidden weights alone: a quadratic for two corners each and for 2 x 2 x 3, a quartic for
2 x 3 x 3, two plane quartics for 3 x 3 x 3. Bernstein coefficients bound them, and the signs of the minors, on an
interval or triangle, and halving makes the bounds sharp (Farouki and Rajan, Computer Aided Geometric Design 4 (1987)
191-216).

Rounding. Forms are scaled to at most 1 and exact up to a relative ``2^-52``. Coefficients are at most 36 (nine products
of two minors of at most 2 and a form), built by at most 50 roundings of such numbers; a halving moves one by at most
``4 * 36 * 2^-53``, and there are at most 40 one within the other: errors stay below ``50 * 36 * 2^-53 + 40 * 4 * 36 *
2^-53 < 9e-13``. Signs count beyond `_MARGIN`.

With numba (extra ``[fast]``) the functions are compiled at the first call, which takes some 15 s, and kept on disk for
later ones; without it the same functions run in Python, 300 times slower.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gametheory.numerics.bilinear_forms import CLOSED, LEFT, MARGIN, MEMBERS, SIZE, WIDTH, emit, form, part, whole
from gametheory.numerics.bilinear_line import close_line
from gametheory.numerics.bilinear_plane import close_plane

__all__ = ["close_supports"]


@whole
def close_supports(forms: Any, shape: Any) -> tuple[Any, Any]:
    """Close the supports in which at least two of three mixtures have two corners or more.

    Parameters
    ----------
    forms
        Shape ``(3, 3, 3, 3, 3)``: at ``[i, k, l, b, c]`` what corner ``k`` of mixture ``i`` has beyond ``l`` where the
        other two, in order, stand at ``b`` and ``c``; scaled to at most 1, with exact signs.
    shape
        Corners of each mixture, at most 3.

    Returns
    -------
    candidates, left
        Rows of candidates: masks of the supports, nine weights, which mixture is hidden (-1 for none) and its region,
        in which lies one zero at most. And the masks of the supports that could not be closed otherwise.
    """
    found = np.zeros((512, WIDTH))
    left = np.zeros((343, 3), dtype=np.int64)
    count = open_ = 0
    plus, minus = _signs(forms, shape)
    masks = np.zeros(3, dtype=np.int64)
    for first in range(1, 1 << shape[0]):
        for second in range(1, 1 << shape[1]):
            for third in range(1, 1 << shape[2]):
                masks[0], masks[1], masks[2] = first, second, third
                a, b, c = SIZE[first], SIZE[second], SIZE[third]
                if a + b + c - max(a, b, c) == 2 or _beaten(plus, minus, masks, shape):
                    continue
                if min(a, b, c) == 1:
                    verdict, count = _two_mix(forms, shape, masks, found, count)
                elif a + b + c == 9:
                    verdict, count = close_plane(forms, masks, found, count)
                else:
                    verdict, count = close_line(forms, shape, masks, found, count)
                if verdict == LEFT or count > 480:
                    left[open_, 0], left[open_, 1], left[open_, 2] = first, second, third
                    open_ += 1
    return found[: min(count, 512)], left[:open_]


@part
def _signs(forms: Any, shape: Any) -> tuple[Any, Any]:
    """Return by mixture and pair of corners a bit for each place of the others where the form is > 0, and < 0."""
    plus, minus = np.zeros((3, 3, 3), dtype=np.int64), np.zeros((3, 3, 3), dtype=np.int64)
    for i in range(3):
        for k in range(shape[i]):
            for l in range(shape[i]):
                for b in range(3):
                    for c in range(3):
                        value = forms[i, k, l, b, c]
                        if value > 0:
                            plus[i, k, l] |= 1 << (3 * b + c)
                        elif value < 0:
                            minus[i, k, l] |= 1 << (3 * b + c)
    return plus, minus


@part
def _beaten(plus: Any, minus: Any, masks: Any, shape: Any) -> bool:
    """Whether a corner of a support loses to another one wherever the others' supports have all positive weight."""
    for i in range(3):
        one, two = (1 if i == 0 else 0), (1 if i == 2 else 2)
        places = 0
        for b in range(3):
            if masks[one] >> b & 1:
                places |= masks[two] << (3 * b)
        for k in range(shape[i]):
            if masks[i] >> k & 1:
                for l in range(shape[i]):
                    if plus[i, l, k] & places and not minus[i, l, k] & places:
                        return True
    return False


@part
def _two_mix(forms: Any, shape: Any, masks: Any, found: Any, count: int) -> tuple[int, int]:
    """Close a support in which one mixture stands at a corner: two linear systems."""
    still = 0 if SIZE[masks[0]] == 1 else (1 if SIZE[masks[1]] == 1 else 2)
    p, q = (1 if still == 0 else 0), (1 if still == 2 else 2)
    if SIZE[masks[p]] > SIZE[masks[q]]:
        p, q = q, p
    size = SIZE[masks[p]]
    at = MEMBERS[masks[still], 0]
    rows, kernel, weights = np.zeros((2, 3)), np.zeros(3), np.zeros((3, 3))
    if size != SIZE[masks[q]]:  # there are more equations for p than it has weights: their minor must vanish
        for r in range(2):
            for b in range(2):
                rows[r, b] = form(
                    forms, q, MEMBERS[masks[q], r + 1], MEMBERS[masks[q], 0], still, at, MEMBERS[masks[p], b]
                )
        minor = rows[0, 0] * rows[1, 1] - rows[0, 1] * rows[1, 0]
        return (CLOSED if abs(minor) > MARGIN else LEFT), count
    weights[still, at] = 1.0
    errors = np.zeros(3)
    for turn in range(2):  # what makes one indifferent are the weights of the other
        own, other = (p, q) if turn == 0 else (q, p)
        for r in range(size - 1):
            for b in range(size):
                rows[r, b] = form(
                    forms,
                    other,
                    MEMBERS[masks[other], r + 1],
                    MEMBERS[masks[other], 0],
                    still,
                    at,
                    MEMBERS[masks[own], b],
                )
        if size == 2:
            kernel[0], kernel[1] = rows[0, 1], -rows[0, 0]
        else:
            for a in range(3):
                b, c = (a + 1) % 3, (a + 2) % 3
                kernel[a] = rows[0, b] * rows[1, c] - rows[0, c] * rows[1, b]
        positive = negative = 0
        total = 0.0
        for b in range(size):
            positive += kernel[b] > MARGIN
            negative += kernel[b] < -MARGIN
            total += kernel[b]
        if positive and negative:
            return CLOSED, count
        if positive + negative < size:
            return LEFT, count
        errors[own] = MARGIN / abs(total)
        for b in range(size):
            weights[own, MEMBERS[masks[own], b]] = kernel[b] / total
    return CLOSED, emit(forms, shape, masks, weights, errors, found, count, -1, np.zeros(6))
