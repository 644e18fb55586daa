"""E.2 Bill sharing: the community is one meter, importers share its bill and exporters what it is paid.

Source: C. Long, J. Wu, C. Zhang et al., "Peer-to-peer energy trading in a community microgrid", IEEE Power & Energy
Society General Meeting, 2017, 1-5; fidelity: derived. Theorems: E-P3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, divide, positive_part
from gametheory.domain.community import Community
from gametheory.domain.outcome import Settlement
from gametheory.errors import InputError
from gametheory.markets.settling import read_positions, settle

__all__ = ["bill_sharing", "bill_sharing_prices"]


def bill_sharing_prices(
    surplus: Number, deficit: Number, feed_in: Number, retail_price: Number
) -> tuple[Number, Number]:
    """Return ``sell = ls (S-D)^+/S`` and ``buy = lb (D-S)^+/D`` (money/kWh) of one step; an empty side is quoted 0.

    >>> from fractions import Fraction
    >>> [str(p) for p in bill_sharing_prices(Fraction(1), Fraction(2), Fraction("0.1"), Fraction("0.3"))]
    ['0', '3/20']
    """
    sell = feed_in * divide(positive_part(surplus - deficit), surplus, 0)
    return sell, retail_price * divide(positive_part(deficit - surplus), deficit, 0)


def bill_sharing(
    net_load: Community | Sequence[Any],
    *,
    retail_price: Any = None,
    feed_in: Any = None,
    members: Iterable[str] = (),
    over: str = "step",
) -> Settlement:
    """Return the settlement of a community that shares the bill of its one meter. fidelity: derived.

    Money balances; sellers get less than the feed-in price (0 where the community imports), so members may pay more
    than alone.

    Parameters
    ----------
    net_load
        A community, or net loads (kWh, import > 0): one number a member for one step, or one row a member.
    retail_price, feed_in
        The grid's prices (money/kWh), one for all steps or one a step; not with a community.
    members
        Names; default ``"1"``, ``"2"``, ...
    over
        ``"step"``: each step's bill is shared at that step. ``"period"``: the bill of all steps is shared by all that
        was imported, and what the grid paid by all that was exported: one price each.

    Examples
    --------
    >>> deal = bill_sharing([-1, 2], retail_price="0.3", feed_in="0.1")
    >>> [str(bill) for bill in deal.bills], deal.balance.holds
    (['0', '3/10'], True)
    """
    positions = read_positions(net_load, retail_price=retail_price, feed_in=feed_in, members=members)
    if over not in ("step", "period"):
        raise InputError(f"over={over!r} is unknown; give 'step' or 'period'")
    if over == "step":
        return settle(
            positions,
            [
                bill_sharing_prices(*positions.totals(t), positions.feed_in[t], positions.retail_price[t])
                for t in positions.steps
            ],
        )
    paid = earned = Fraction(0)
    taken = given = Fraction(0)
    for t in positions.steps:
        surplus, deficit = positions.totals(t)
        given, taken = given + surplus, taken + deficit
        earned += positions.feed_in[t] * positive_part(surplus - deficit)
        paid += positions.retail_price[t] * positive_part(deficit - surplus)
    return settle(positions, [(divide(earned, given, 0), divide(paid, taken, 0))] * len(positions.steps))
