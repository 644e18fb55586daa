"""C.1 Who blocks the mid-market rate: the exact condition, by sums of parts of the community.

Source: the structure of Tushar, Saha, Yuen et al., IEEE Access 6, 2018; fidelity: derived (theorem C-P3).

A coalition blocks iff its energy ``K`` on the short side lies strictly within ``(rho L, (2 - rho) L)``, with ``L`` its
energy on the long side and ``rho = min(S, D)/max(S, D)``. So only the sums that sets of sellers and of buyers can reach
matter.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from gametheory.errors import InputError, SizeLimit
from gametheory.markets.mid_market import mid_market_prices
from gametheory.markets.settling import Positions, read_positions

__all__ = ["mid_market_blocker"]

#: So many different sums of one side are kept.
_MOST = 2_000_000


def mid_market_blocker(
    net_load: Sequence[Any],
    *,
    retail_price: Any,
    feed_in: Any,
    members: Iterable[str] = (),
) -> tuple[tuple[str, ...], Fraction] | None:
    """Return a coalition that gains by leaving the mid-market rate of one step, with its gain, or None if none does.

    Exact for any number of members whose positions reach few different sums (whole Wh, say): the sums are built up by
    dynamic programming, at most ``2^k`` of them for ``k`` members on a side. fidelity: derived.

    Parameters
    ----------
    net_load
        kWh of each member in one step, import > 0.
    retail_price, feed_in
        The grid's prices (money/kWh).
    members
        Names; default ``"1"``, ``"2"``, ...

    Raises
    ------
    SizeLimit
        More than two million different sums on a side.

    Examples
    --------
    >>> mid_market_blocker([-2, -2, 2], retail_price="0.3", feed_in="0.1")
    (('1', '3'), Fraction(1, 10))
    >>> mid_market_blocker([-1, -1, 2], retail_price="0.3", feed_in="0.1") is None
    True
    """
    positions = read_positions(net_load, retail_price=retail_price, feed_in=feed_in, members=members)
    if len(positions.steps) != 1:
        raise InputError(f"the condition is for one step, there are {len(positions.steps)}; ask step by step")
    surplus, deficit = positions.totals(0)
    if surplus == 0 or deficit == 0 or positions.retail_price == positions.feed_in:
        return None  # grid prices, or one price: nothing is gained by leaving
    column = [row[0] for row in positions.net_load]
    sellers = [i for i, x in enumerate(column) if x < 0]
    buyers = [i for i, x in enumerate(column) if x > 0]
    long, short = (sellers, buyers) if surplus >= deficit else (buyers, sellers)
    scale = math.lcm(*(x.denominator for x in column))
    energy = [abs(x.numerator) * (scale // x.denominator) for x in column]
    most, least = sum(energy[i] for i in long), sum(energy[i] for i in short)
    reached = _sums(energy, short)
    ordered = sorted(reached)
    for total, mask in _sums(energy, long).items():
        # rho = least/most: the band is (least total / most, (2 most - least) total / most).
        k = bisect.bisect_right(ordered, least * total // most)
        if total and k < len(ordered) and most * ordered[k] < (2 * most - least) * total:
            return _named(positions, mask | reached[ordered[k]])
    return None


def _sums(energy: Sequence[int], side: Sequence[int]) -> dict[int, int]:
    """Return every sum that a set of members of one side reaches, with such a set as a bitmask."""
    reached = {0: 0}
    for i in side:
        for total, mask in list(reached.items()):
            reached.setdefault(total + energy[i], mask | 1 << i)
        if len(reached) > _MOST:
            raise SizeLimit(
                f"{len(side)} members on one side reach more than {_MOST} different sums; round the positions to "
                "coarser units, or take fewer members"
            )
    return reached


def _named(positions: Positions, mask: int) -> tuple[tuple[str, ...], Fraction]:
    """Return the coalition's names, and its gain from the definition: what it pays now less the grid's bill alone."""
    chosen = [i for i in range(len(positions.members)) if mask >> i & 1]
    high, low = positions.retail_price[0], positions.feed_in[0]
    sell, buy = mid_market_prices(*positions.totals(0), low, high)
    own = [positions.net_load[i][0] for i in chosen]
    paid = sum((x * (buy if x > 0 else sell) for x in own), Fraction(0))
    net = sum(own, Fraction(0))
    return tuple(positions.members[i] for i in chosen), paid - max(high * net, low * net)
