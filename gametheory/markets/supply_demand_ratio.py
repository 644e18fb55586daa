"""E.1 The supply-demand-ratio price, with and without compensation.

Source: N. Liu, X. Yu, C. Wang et al., "Energy-sharing model with price-based demand response for microgrids of
peer-to-peer prosumers", IEEE Transactions on Power Systems 32(5), 2017, 3569-3583; fidelity: paper (abstract) +
derived (the closed form is the package's own, in the structure of the paper). Theorems: E-P1, E-P4, E-P5, E-P6,
E-P7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gametheory.arithmetic import Number, divide, exact, minimum
from gametheory.domain.community import Community
from gametheory.domain.outcome import Settlement
from gametheory.errors import InputError, NotApplicable
from gametheory.markets.settling import read_positions, settle

__all__ = ["ratio_prices", "supply_demand_ratio"]


def ratio_prices(
    surplus: Number, deficit: Number, feed_in: Number, retail_price: Number, compensation: Number = 0
) -> tuple[Number, Number]:
    """Return ``(sell, buy)`` (money/kWh) of one step, ``feed_in > 0``.

    With ``ls' = ls + lc`` and the matched share ``r = min(S/D, 1)``: ``base = ls' lb / ((lb - ls') r + ls')``,
    ``buy = base r + lb (1 - r)``, ``sell = base - lc (S - D)^+ / S``; an empty community is quoted ``(ls, ls + lc)``.

    >>> from fractions import Fraction
    >>> [str(p) for p in ratio_prices(Fraction(1), Fraction(2), Fraction("0.1"), Fraction("0.3"))]
    ['3/20', '9/40']
    """
    low = feed_in + compensation
    matched = minimum(surplus, deficit)
    base = divide(low * retail_price * deficit, (retail_price - low) * matched + low * deficit, low)
    buy = divide(base * matched + retail_price * (deficit - matched), deficit, low)
    inside = divide(matched, surplus, divide(deficit, deficit, 0))  # share of the surplus that is sold inside
    return base - compensation * (1 - inside), buy


def supply_demand_ratio(
    net_load: Community | Sequence[Any],
    *,
    retail_price: Any = None,
    feed_in: Any = None,
    members: Iterable[str] = (),
    compensation: Number = 0,
) -> Settlement:
    """Return the settlement of a community at supply-demand-ratio prices. fidelity: paper (abstract) + derived.

    Parameters
    ----------
    net_load
        A community, or net loads (kWh, import > 0): one number a member for one step, or one row a member.
    retail_price, feed_in
        The grid's prices (money/kWh), one for all steps or one a step; not with a community.
    members
        Names; default ``"1"``, ``"2"``, ...
    compensation
        What buyers pay sellers on top of the feed-in price (money/kWh), within ``[0, retail_price - feed_in]``.

    Raises
    ------
    NotApplicable
        The feed-in price is not positive at some step (named).
    InputError
        The compensation is out of range at some step.

    Examples
    --------
    >>> deal = supply_demand_ratio([-1, 2], retail_price="0.3", feed_in="0.1")
    >>> [str(bill) for bill in deal.bills], deal.balance.holds
    (['-3/20', '9/20'], True)
    """
    positions = read_positions(net_load, retail_price=retail_price, feed_in=feed_in, members=members)
    extra = exact(compensation, what="compensation")
    for t in positions.steps:
        low, high = positions.feed_in[t], positions.retail_price[t]
        if low <= 0:
            raise NotApplicable(
                f"step {t}: the feed-in price is {low}, and the supply-demand ratio divides by it; "
                "not applicable, use mid_market_rate"
            )
        if not 0 <= extra <= high - low:
            raise InputError(f"compensation {compensation} is outside [0, {high - low}] at step {t}; give one inside")
    return settle(
        positions,
        [
            ratio_prices(*positions.totals(t), positions.feed_in[t], positions.retail_price[t], extra)
            for t in positions.steps
        ],
    )
