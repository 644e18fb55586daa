"""Complementary paths on two polytopes in floats, from many labels in turn, with bases as small as they can be.

``{y >= 0 : A y + r = 1}`` and ``{x >= 0 : B' x + s = 1}`` with all entries brought between 1 and 2. Label ``i`` belongs
to ``r_i`` and ``x_i``, label ``m + j`` to ``y_j`` and ``s_j``. At a basis with columns ``J`` and tight rows ``I`` only
the inverse of ``C_IJ`` is kept, not the whole dictionary: a pivot costs ``k^2 + k m`` for ``k = |J|``, which on random
data stays small however large the tables are. Ties are broken lexicographically, as in :mod:`.integer_tableau`. What
is found is to be solved again exactly: nothing here is proved.

Where numba is installed (extra ``[fast]``) the functions are compiled, else NumPy runs the inner loops. Both do the
same operations on floats in the same order, so the answer does not depend on it; only the time does. Import this module
inside a function: numba takes a third of a second to load. All of it stands in one file because numba keeps its machine
code until the file of the calling function changes; it would not notice a change in another one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

njit: Any
try:
    from numba import njit
except ImportError:
    njit = None

__all__ = ["COMPILED", "race", "survey"]

#: Whether the functions are compiled.
COMPILED = njit is not None

#: Entries below this share of the largest of a column do not count as positive.
_SMALL = 1e-10
#: Ratios that are nearer than this tie.
_TIE = 1e-9
#: After so many pivots on one polytope the inverse is computed anew.
_FRESH = 64


def _quick(function: Any) -> Any:
    """Compile the function, if that can be done; the machine code is kept beside the file, or in the user's cache."""
    if not COMPILED:
        return function
    try:
        return njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # neither of the two can be written to
        return njit(error_model="numpy")(function)


def _subtract_loop(target: Any, row: Any, factor: float) -> None:
    for i in range(len(target)):
        target[i] -= row[i] * factor


def _subtract_array(target: Any, row: Any, factor: float) -> None:
    target -= row[: len(target)] * factor


def _divide_loop(target: Any, row: Any, divisor: float) -> None:
    for i in range(len(target)):
        target[i] = row[i] / divisor


def _divide_array(target: Any, row: Any, divisor: float) -> None:
    target[:] = row[: len(target)] / divisor


def _rescale_loop(target: Any, numbers: Any, low: int, size: float) -> None:
    for i in range(len(target)):
        target[i] = 1.0 + (numbers[i] - low) / size


def _rescale_array(target: Any, numbers: Any, low: int, size: float) -> None:
    target[:] = 1.0 + (numbers - low) / size


def _largest_loop(values: Any) -> Any:
    largest = values[0]
    for i in range(1, len(values)):
        largest = max(largest, values[i])
    return largest


def _largest_array(values: Any) -> float:
    return float(values.max())


def _least_ratio_loop(values: Any, rates: Any, limit: float) -> float:
    least = np.inf
    for i in range(len(values)):
        if rates[i] > limit:
            least = min(least, values[i] / rates[i])
    return least


def _least_ratio_array(values: Any, rates: Any, limit: float) -> float:
    rows = rates > limit
    return float((values[rows] / rates[rows]).min(initial=np.inf))


def _near_ratios_loop(values: Any, rates: Any, limit: float, bound: float) -> Any:
    found = np.empty(len(values), dtype=np.int64)
    count = 0
    for i in range(len(values)):
        if rates[i] > limit and values[i] <= bound * rates[i]:
            found[count] = i
            count += 1
    return found[:count]


def _near_ratios_array(values: Any, rates: Any, limit: float, bound: float) -> Any:
    return np.flatnonzero((rates > limit) & (values <= bound * rates))


#: ``target -= row * factor``; `row` may be longer.
_subtract = _quick(_subtract_loop) if COMPILED else _subtract_array
#: ``target = row / divisor``; `row` may be longer.
_divide = _quick(_divide_loop) if COMPILED else _divide_array
#: ``target = 1 + (numbers - low) / size``.
_rescale = _quick(_rescale_loop) if COMPILED else _rescale_array
#: The largest of some floats.
_largest = _quick(_largest_loop) if COMPILED else _largest_array
#: The least ``values / rates`` over the rates above a limit.
_least_ratio = _quick(_least_ratio_loop) if COMPILED else _least_ratio_array
#: Where the rate is above the limit and the ratio is not above the bound.
_near_ratios = _quick(_near_ratios_loop) if COMPILED else _near_ratios_array


@_quick
def _lexicographic(ties: Any, rates: Any, rows: int, k: int, inverse: Any, columns: Any, place: Any) -> Any:
    """Return the tied candidate whose row of slacks over its rate is lexicographically least."""
    count = len(ties)
    values = np.empty(count)
    for slack in range(rows):
        p = place[slack]
        best = np.inf
        for t in range(count):
            candidate = ties[t]
            if p < 0:  # a basic slack: a unit column
                value = 1.0 if candidate == slack else 0.0
            elif candidate >= rows:
                value = inverse[candidate - rows, p]
            else:
                value = 0.0
                for q in range(k):
                    value -= columns[q, candidate] * inverse[q, p]
            values[t] = value / rates[candidate]
            best = min(best, values[t])
        kept = 0
        for t in range(count):
            if values[t] <= best + _TIE * (1.0 + abs(best)):
                ties[kept] = ties[t]
                kept += 1
        count = kept
        if count == 1:
            break
    return ties[0]


@_quick
def _leaving(values: Any, rates: Any, rows: int, k: int, inverse: Any, columns: Any, place: Any) -> Any:
    """Return the candidate that leaves: a row's slack, or ``rows`` + a position of the basis; -1 where none does."""
    limit = _SMALL * _largest(rates)
    if limit <= 0.0:
        return -1
    least = _least_ratio(values, rates, limit)
    ties = _near_ratios(values, rates, limit, least + _TIE * (1.0 + abs(least)))
    if len(ties) == 1:
        return ties[0]
    return _lexicographic(ties, rates, rows, k, inverse, columns, place)


@_quick
def _grow(inverse: Any, k: int, d: Any, h: Any, pivot: float) -> None:
    """Border the inverse by a column and a row of the matrix."""
    for q in range(k):
        _subtract(inverse[q, :k], h, -d[q] / pivot)
        inverse[q, k] = -d[q] / pivot
    _divide(inverse[k, :k], h, -pivot)
    inverse[k, k] = 1.0 / pivot


@_quick
def _shrink(inverse: Any, k: int, q: int, p: int) -> None:
    """Take away row ``q`` and column ``p`` of the inverse; the last ones take their places."""
    row = inverse[q, :k]
    _divide(row, row, inverse[q, p])
    for r in range(k):
        if r != q:
            _subtract(inverse[r, :k], row, inverse[r, p])
    _divide(row, inverse[k - 1, :k], 1.0)
    _divide(inverse[:k, p], inverse[:k, k - 1], 1.0)


@_quick
def _change_column(inverse: Any, k: int, q: int, d: Any) -> None:
    """Another column takes the place of the one at position ``q``; `d` is the inverse times the new one."""
    row = inverse[q, :k]
    _divide(row, row, d[q])
    for r in range(k):
        if r != q:
            _subtract(inverse[r, :k], row, d[r])


@_quick
def _change_row(inverse: Any, k: int, p: int, h: Any) -> None:
    """Another row takes the place of the one at position ``p``; `h` is the new one times the inverse."""
    for r in range(k):
        factor = inverse[r, p] / h[p]
        _subtract(inverse[r, :k], h, factor)
        inverse[r, p] = factor


@_quick
def _pivot(
    entering: int,
    rows: int,
    k: int,
    inverse: Any,
    columns: Any,
    values: Any,
    basis: Any,
    tight: Any,
    spot: Any,
    place: Any,
    read: Any,
    rates: Any,
) -> tuple[int, int]:
    """Let a row's slack, or ``rows`` + a column (its numbers in `read`), enter; return what leaves and the new ``k``.

    Whatever leaves is numbered in the same way; -1 says that nothing limits the entering variable.
    """
    d = rates[rows : rows + k]
    slack = entering < rows
    if slack:
        own = place[entering]
        _divide(d, inverse[:k, own], 1.0)
        rates[:rows] = 0.0
    else:
        d[:] = 0.0
        for p in range(k):
            _subtract(d, inverse[:k, p], -read[tight[p]])
        _divide(rates[:rows], read, 1.0)
    for q in range(k):
        _subtract(rates[:rows], columns[q], d[q])
    for p in range(k):
        rates[tight[p]] = 0.0
    rates = rates[: rows + k]
    current = values[: rows + k]
    out = _leaving(current, rates, rows, k, inverse, columns, place)
    if out < 0:
        return -1, k
    length = current[out] / rates[out]
    _subtract(current, rates, length)
    if out < rows:
        h = np.zeros(k)
        for q in range(k):
            _subtract(h, inverse[q, :k], -columns[q, out])
        values[out] = 0.0
        if slack:
            _change_row(inverse, k, own, h)
            place[entering], tight[own], place[out] = -1, out, own
            values[entering] = length
            return out, k
        _grow(inverse, k, d, h, rates[out])
        column = entering - rows
        basis[k], tight[k], spot[column], place[out] = column, out, k, k
        _divide(columns[k, :rows], read, 1.0)
        values[rows + k] = length
        return out, k + 1
    q = out - rows
    gone = basis[q]
    spot[gone] = -1
    if not slack:
        _change_column(inverse, k, q, d)
        column = entering - rows
        basis[q], spot[column] = column, q
        _divide(columns[q, :rows], read, 1.0)
        values[out] = length
        return rows + gone, k
    _shrink(inverse, k, q, own)
    last = k - 1
    place[entering] = -1
    if q != last:
        basis[q], spot[basis[last]] = basis[last], q
        _divide(columns[q, :rows], columns[last], 1.0)
        values[out] = values[rows + last]
    if own != last:
        tight[own], place[tight[last]] = tight[last], own
    values[entering] = length
    return rows + gone, last


def _survey_loop(a: Any, b: Any) -> Any:
    m, n = a.shape
    top = a[0].copy()
    low, second_low, second_high = a[0, 0], b[0, 0], b[0, 0]
    for i in range(m):
        for j in range(n):
            top[j] = max(top[j], a[i, j])
            low = min(low, a[i, j])
    cell = -1
    for i in range(m):
        best = b[i, 0]
        for j in range(n):
            best = max(best, b[i, j])
            second_low = min(second_low, b[i, j])
        second_high = max(second_high, best)
        if cell < 0:
            for j in range(n):
                if b[i, j] == best and a[i, j] == top[j]:
                    cell = i * n + j
                    break
    high = top[0]
    for j in range(n):
        high = max(high, top[j])
    return cell, (low, 1.0 * max(high - low, 1), second_low, 1.0 * max(second_high - second_low, 1))


def _survey_array(a: Any, b: Any) -> Any:
    good = (a == a.max(axis=0)) & (b == b.max(axis=1)[:, None])
    cell = int(good.argmax())
    low, second = a.min(), b.min()
    scale = low, float(max(a.max() - low, 1)), second, float(max(b.max() - second, 1))
    return cell if good.flat[cell] else -1, scale


#: The first cell that is best in its column of `a` and in its row of `b` (or -1), and ``(min a, max a - min a, min b,
#: max b - min b)``, the differences as floats and at least 1.
survey = _quick(_survey_loop) if COMPILED else _survey_array


@_quick
def _refresh(rows: int, k: int, inverse: Any, columns: Any, values: Any, tight: Any, work: Any) -> None:
    """Compute the inverse and the values anew, by elimination with partial pivoting."""
    for p in range(k):
        for q in range(k):
            work[p, q] = columns[q, tight[p]]
            inverse[p, q] = 1.0 if p == q else 0.0
    for q in range(k):
        best = q
        for p in range(q + 1, k):
            if abs(work[p, q]) > abs(work[best, q]):
                best = p
        if best != q:
            for c in range(k):
                work[q, c], work[best, c] = work[best, c], work[q, c]
                inverse[q, c], inverse[best, c] = inverse[best, c], inverse[q, c]
        pivot = work[q, q]
        if pivot == 0.0:
            return
        _divide(work[q, :k], work[q], pivot)
        _divide(inverse[q, :k], inverse[q], pivot)
        for p in range(k):
            if p != q:
                factor = work[p, q]
                _subtract(work[p, :k], work[q], factor)
                _subtract(inverse[p, :k], inverse[q], factor)
    values[:rows] = 1.0
    for q in range(k):
        total = 0.0
        for p in range(k):
            total += inverse[q, p]
        values[rows + q] = total
        _subtract(values[:rows], columns[q], total)
    for p in range(k):
        values[tight[p]] = 0.0


@_quick
def _path(label: int, budget: int, a: Any, b: Any, scale: Any, store: Any) -> tuple[bool, bool, int, int]:
    """Follow the path of a label; return whether it arrived, whether it was lost, the pivots, and the final ``k``."""
    columns, inverse, values, basis, tight, spot, place, read, rates, work = store
    m, n = a.shape
    values[0, :m] = 1.0
    values[1, :n] = 1.0
    spot[:] = -1
    place[:] = -1
    order = np.zeros(2, dtype=np.int64)
    which = 0 if label >= m else 1
    entering = label
    for step in range(budget):
        # A row's slack keeps its number, column j is `rows` + j.
        if which == 0:
            rows, variable = m, entering
        else:
            rows, variable = n, entering - m if entering >= m else n + entering
        if variable >= rows:
            j = variable - rows
            if which == 0:
                _rescale(read[:rows], a[:, j], scale[0], scale[1])
            else:
                _rescale(read[:rows], b[j], scale[2], scale[3])
        out, order[which] = _pivot(
            variable,
            rows,
            order[which],
            inverse[which],
            columns[which],
            values[which],
            basis[which],
            tight[which],
            spot[which],
            place[which],
            read[:rows],
            rates,
        )
        if out < 0:
            return False, True, step + 1, 0
        if step // 2 % _FRESH == _FRESH - 1:
            _refresh(rows, order[which], inverse[which], columns[which], values[which], tight[which], work)
        if which == 1:
            out = out + m if out < n else out - n
        entering = out
        if entering == label:
            return True, order[0] != order[1], step + 1, order[0]
        which = 1 - which
    return False, False, budget, 0


@_quick
def race(
    a: Any, b: Any, scale: Any, done: Any, pivots: int, limit: int, attempt: int
) -> tuple[int, int, Any, Any, Any, Any]:
    """Follow the paths of evenly spread labels in turn until one arrives.

    Parameters
    ----------
    a, b
        Tables of int64 of one shape; differences must not overflow.
    scale
        As :func:`survey` returns it.
    done
        A flag for each of the paths; those that arrive or are lost get theirs set.
    pivots
        What a path gets in the first round; in every further one half as many paths start again with twice as many.
    limit
        Pivots in all.
    attempt
        How many turns were taken before: the round is ``attempt // len(done)``.

    Returns
    -------
    tuple
        The turn in which one arrived (or -1), the pivots spent, and its basis: the labels ``x`` and the columns ``y``
        that are basic, and their values.
    """
    m, n = a.shape
    most, wide = min(m, n) + 1, max(m, n)
    store = (
        np.empty((2, most, wide)),
        np.empty((2, most, most)),
        np.empty((2, wide + most)),
        np.empty((2, most), dtype=np.int64),
        np.empty((2, most), dtype=np.int64),
        np.empty((2, wide), dtype=np.int64),
        np.empty((2, wide), dtype=np.int64),
        np.empty(wide),
        np.empty(wide + most),
        np.empty((most, most)),
    )
    count, spent, left = len(done), 0, 0
    for t in range(count):
        left += 0 if done[t] else 1
    while left and spent < limit:
        turn, t = divmod(attempt, count)
        # Each round takes others, and in the end one at a time.
        if not done[t] and (t - turn) % min(1 << min(turn, 30), count) == 0:
            budget = min(pivots << min(turn, 30), limit - spent)
            arrived, lost, steps, k = _path(t * (m + n) // count, budget, a, b, scale, store)
            spent += steps
            if arrived or lost:
                done[t] = True
                left -= 1
            if arrived and not lost:
                return attempt, spent, store[3][1, :k], store[3][0, :k], store[2][1, n : n + k], store[2][0, m : m + k]
        attempt += 1
    nothing = np.empty(0, dtype=np.int64)
    return -1, spent, nothing, nothing, np.empty(0), np.empty(0)
