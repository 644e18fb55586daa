"""Whether a level's excess is 0: a balanced collection of coalitions that are tight at the dual point.

The dual point is in the core, so no level's excess is positive. It is 0 where no direction leads from the dual point
away from all open coalitions that are tight there (Farkas), and then the weights of the balance prove it. Cutting
planes alone come to 0 slowly from below: where the core is flat, many coalitions are nearly tight.
"""

from __future__ import annotations

import highspy
import numpy as np

from gametheory.solvers.separation.levels import minimum
from gametheory.solvers.separation.pool import Pool, indicator
from gametheory.solvers.separation.shares import Floats

__all__ = ["tight_coalitions"]

#: Gains and steps below this are 0.
_ZERO = 1e-8
#: Directions that are looked along for one level.
_TURNS = 30


def tight_coalitions(pool: Pool, centre: Floats, space: Floats) -> list[int]:
    """Return coalitions that are tight at the dual point and open: enough to show that the level is 0, if it is.

    1. ``max d`` with ``v(T) + d <= 0`` for the tight coalitions known, ``v`` in `space`, no entry of it above 1.
    2. ``d = 0``: they are balanced. Otherwise look for a tight coalition with the largest ``v(T)``, and repeat.
    """
    size = pool.size
    grand = 2**size - 1
    tight: dict[int, Floats] = {}

    def take(mask: int) -> bool:
        row = indicator(mask, size)
        if mask in tight or mask in (0, grand) or abs(space @ row).max(initial=0.0) < 1e-7:
            return False
        if pool.cost(mask) - float(row @ centre) > _ZERO:
            return False
        tight[mask] = row
        return True

    for mask in list(pool.costs):
        take(mask)
    for _ in range(_TURNS):
        direction, step = _away(np.array(list(tight.values())).reshape(-1, size), space)
        if step < 1e-6 or not sum(take(mask) for mask in pool.source.tight_along(centre, direction)):
            break
    return list(tight)


def _away(rows: Floats, space: Floats) -> tuple[Floats, float]:
    """Return the direction in `space` that leads away from all rows at once, and how fast; (0, 0) if none does."""
    count, size = rows.shape
    settled = len(space)
    # Variables: the coordinates in `space`, then d; rows: the coalitions, then the entries of the direction.
    matrix = np.concatenate(
        [np.hstack([rows @ space.T, np.ones((count, 1))]), np.hstack([space.T, np.zeros((size, 1))])]
    )
    low = np.concatenate([np.full(count, -highspy.kHighsInf), np.full(size, -1.0)])
    high = np.concatenate([np.zeros(count), np.ones(size)])
    free = np.full(settled, highspy.kHighsInf)
    status, values, _ = minimum(
        matrix, low, high, np.append(np.zeros(settled), -1.0), np.append(-free, 0.0), np.append(free, 1.0), inner=True
    )
    if status != highspy.HighsModelStatus.kOptimal:
        return np.zeros(size), 0.0
    return np.asarray(values[:-1] @ space), float(values[-1])
