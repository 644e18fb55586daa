"""Bilinear forms on three simplices: what the eliminations share, compiled where numba is there.

numba looks at the file of `close_supports` only to see whether what it kept is stale: after a change of any file that
this one is imported by, touch that one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

_Function = TypeVar("_Function", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:  # the same source, uncompiled

    def whole(function: _Function) -> _Function:
        """Return the function as it is."""
        return function

    part = whole

else:
    _compile: Any = njit

    def whole(function: _Function) -> _Function:
        """Return the function compiled, and kept on disk."""
        compiled: _Function = _compile(cache=True, error_model="numpy", no_cfunc_wrapper=True)(function)
        return compiled

    def part(function: _Function) -> _Function:
        """Return the function compiled into the whole."""
        compiled: _Function = _compile(error_model="numpy", no_cfunc_wrapper=True, no_cpython_wrapper=True)(function)
        return compiled


__all__ = [
    "CLOSED",
    "HALVINGS",
    "LEFT",
    "MARGIN",
    "MEMBERS",
    "SIZE",
    "STEEP",
    "WEIGHT",
    "WIDTH",
    "copy",
    "emit",
    "form",
    "part",
    "whole",
]

#: Signs count beyond this; the bound stands in :mod:`.three_simplices`.
MARGIN = 1e-12
#: Bounds on the derivatives of minors, of the weights that they give where they sum to one, and of a gain: see `emit`.
STEEP, WEIGHT, _GAIN = 32.0, 200.0, 1200.0
HALVINGS = 40
#: What becomes of a support.
CLOSED, LEFT = 0, 1
#: A row of candidates: masks of the supports, nine weights, what is hidden, ends of the region in the hidden weights.
WIDTH = 3 + 9 + 1 + 6
MEMBERS = np.array([[k for k in range(3) if m >> k & 1] + [0] * (3 - m.bit_count()) for m in range(8)])
SIZE = np.array([m.bit_count() for m in range(8)])


@part
def form(forms: Any, i: int, k: int, l: int, u: int, a: int, b: int) -> float:
    """Return a form of mixture `i` where mixture `u` stands at corner `a` and the remaining one at `b`."""
    first, second = (a, b) if u < 3 - i - u else (b, a)
    value: float = forms[i, k, l, first, second]
    return value


@part
def emit(
    forms: Any, shape: Any, masks: Any, weights: Any, errors: Any, found: Any, count: int, hidden: int, region: Any
) -> int:
    """Add a zero to the candidates unless it is off for certain; `weights` sum to one over each support.

    `errors` are how far the hidden weights, hence the minors' argument, may be off, over the sum of the minors. Entries
    of minors have derivatives of at most 16, hence their sign is certain beyond `STEEP` times the error, and the
    weights they give, where they are within [-1/2, 2], change by at most ``(16 + 2 * 48)`` times the error, under
    `WEIGHT`; a gain, of forms of at most 1 and six weights, by at most `_GAIN` times the largest error. Nothing is
    dropped where the error is not small.
    """
    if count >= 511:
        return 512
    error = 0.0
    for i in range(3):
        error = max(error, errors[i])
        for k in range(3):
            if errors[i] < 1e-4 and masks[i] >> k & 1 and weights[i, k] < -STEEP * errors[i]:
                return count
    if error < 1e-4:
        for i in range(3):
            one, two = (1 if i == 0 else 0), (1 if i == 2 else 2)
            base = MEMBERS[masks[i], 0]
            for k in range(shape[i]):
                if not masks[i] >> k & 1:
                    gain = 0.0
                    for b in range(3):
                        for c in range(3):
                            gain += forms[i, k, base, b, c] * weights[one, b] * weights[two, c]
                    if gain > _GAIN * error:
                        return count
    for i in range(3):
        found[count, i] = masks[i]
        for k in range(3):
            found[count, 3 + 3 * i + k] = weights[i, k]
    found[count, 12] = hidden
    for k in range(6):
        found[count, 13 + k] = region[k]
    return count + 1


@part
def copy(source: Any, target: Any) -> None:
    """Fill a table with another one."""
    for a in range(source.shape[0]):
        for b in range(source.shape[1]):
            target[a, b] = source[a, b]
