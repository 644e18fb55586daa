"""E.2 The mid-market rate: inside, energy changes hands halfway between the grid's prices.

Source: C. Long, J. Wu, C. Zhang et al., "Peer-to-peer energy trading in a community microgrid", IEEE Power & Energy
Society General Meeting, 2017, 1-5; fidelity: derived. Theorems: E-P2, E-P4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gametheory.arithmetic import Number, divide, minimum, positive_part
from gametheory.domain.community import Community
from gametheory.domain.outcome import Settlement
from gametheory.markets.settling import read_positions, settle

__all__ = ["mid_market_prices", "mid_market_rate"]


def mid_market_prices(surplus: Number, deficit: Number, feed_in: Number, retail_price: Number) -> tuple[Number, Number]:
    """Return ``(sell, buy)`` (money/kWh) of one step.

    ``p_mid = (lb + ls)/2`` for what is matched inside; the long side shares what it trades with the grid:
    ``sell = (p_mid min(S, D) + ls (S - D)^+)/S``, ``buy = (p_mid min(S, D) + lb (D - S)^+)/D``. An empty side is quoted
    ``p_mid``.

    >>> from fractions import Fraction
    >>> [str(p) for p in mid_market_prices(Fraction(4), Fraction(2), Fraction("0.1"), Fraction("0.3"))]
    ['3/20', '1/5']
    """
    middle = (retail_price + feed_in) / 2
    matched = minimum(surplus, deficit)
    sell = divide(middle * matched + feed_in * positive_part(surplus - deficit), surplus, middle)
    buy = divide(middle * matched + retail_price * positive_part(deficit - surplus), deficit, middle)
    return sell, buy


def mid_market_rate(
    net_load: Community | Sequence[Any],
    *,
    retail_price: Any = None,
    feed_in: Any = None,
    members: Iterable[str] = (),
) -> Settlement:
    """Return the settlement of a community at the mid-market rate.

    Money balances and nobody pays more than alone; a coalition may still do better on its own, so the split is not in
    the core in general (test it with ``core_check``). fidelity: derived.

    Parameters
    ----------
    net_load
        A community, or net loads (kWh, import > 0): one number a member for one step, or one row a member.
    retail_price, feed_in
        The grid's prices (money/kWh), one for all steps or one a step; not with a community.
    members
        Names; default ``"1"``, ``"2"``, ...

    Examples
    --------
    >>> deal = mid_market_rate([-2, -2, 2], retail_price="0.3", feed_in="0.1")
    >>> [str(bill) for bill in deal.bills], deal.balance.holds
    (['-3/10', '-3/10', '2/5'], True)
    """
    positions = read_positions(net_load, retail_price=retail_price, feed_in=feed_in, members=members)
    return settle(
        positions,
        [
            mid_market_prices(*positions.totals(t), positions.feed_in[t], positions.retail_price[t])
            for t in positions.steps
        ],
    )
