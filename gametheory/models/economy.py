"""The study's economy: preferences and the grid bill, written once for every structure and every arithmetic.

fidelity: derived (the package's own economy; revealed preference makes measured behaviour optimal at grid prices).
Theorems: S-P1, S-P2, S-P5, S-P6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, maximum, negative_part, positive_part, rational_text
from gametheory.domain.checks import for_each
from gametheory.domain.community import Community
from gametheory.errors import InputError
from gametheory.games.trading import Trader, TradingStep

__all__ = [
    "DEFAULT_ELASTICITY",
    "aggregate_sensitivity",
    "calibrated_curvature",
    "calibrated_slope",
    "discomfort",
    "elasticities",
    "grid_bill",
    "internal_bill",
    "member_cost",
    "operator_profit",
    "trading_steps",
]

DEFAULT_ELASTICITY = Fraction(1, 10)


def discomfort(adjustment: Number, curvature: Number, slope: Number) -> Number:
    """Return ``c p^2 / 2 + d p``: the cost (money) of cutting one's load by ``p`` (kWh; negative: using more)."""
    return curvature * adjustment * adjustment / 2 + slope * adjustment


def grid_bill(position: Number, retail_price: Number, feed_in: Number) -> Number:
    """Return ``max(retail m, feed_in m)``: what the grid charges (money) for a net import ``m`` (kWh) of one step."""
    return maximum(retail_price * position, feed_in * position)


def member_cost(
    adjustment: Number, position: Number, curvature: Number, slope: Number, retail_price: Number, feed_in: Number
) -> Number:
    """Return discomfort plus grid bill of a member that stays alone and cuts its load by `adjustment`."""
    return discomfort(adjustment, curvature, slope) + grid_bill(position - adjustment, retail_price, feed_in)


def internal_bill(imported: Number, buy_price: Number, sell_price: Number) -> Number:
    """Return what a member pays (money) an operator for a net import at its posted prices."""
    return buy_price * positive_part(imported) - sell_price * negative_part(imported)


def operator_profit(
    bought: Number, sold: Number, buy_price: Number, sell_price: Number, retail_price: Number, feed_in: Number
) -> Number:
    """Return what an operator earns in a step: sales minus purchases minus its own bill with the grid."""
    return buy_price * bought - sell_price * sold - grid_bill(bought - sold, retail_price, feed_in)


def calibrated_slope(position: Number, retail_price: Number, feed_in: Number) -> Number:
    """Return the marginal grid price at the measured position: retail (import), feed-in (export), midpoint (zero)."""
    if position > 0:
        return retail_price
    return feed_in if position < 0 else (retail_price + feed_in) / 2


def calibrated_curvature(mean_retail: Number, elasticity: Number, mean_load: Number) -> Number:
    """Return ``c = mean(retail) / (elasticity mean load)``; both factors below must be positive."""
    return mean_retail / (elasticity * mean_load)


def aggregate_sensitivity(community: Community) -> Fraction:
    """Return the study's default ``a0 = sum_i mean load_i / mean(retail)`` (kWh per price unit, a step).

    Raises
    ------
    InputError
        The mean retail price or the total load is not positive.
    """
    mean_retail = _mean(community.exact_retail_price)
    load = sum((_mean(row) for row in community.exact_load), Fraction(0))
    if mean_retail <= 0 or load <= 0:
        raise InputError(
            f"the default sensitivity is total load / mean retail price, here {load} / {mean_retail}; "
            "give sensitivity= (kWh per price unit, a step) yourself"
        )
    return load / mean_retail


def elasticities(community: Community, elasticity: Number | Mapping[str, Number]) -> tuple[Fraction, ...]:
    """Return one elasticity a member; a mapping may name some members, the others take the default."""
    values = for_each(community.names, elasticity, what="elasticity", default=DEFAULT_ELASTICITY)
    for name, value in zip(community.names, values, strict=True):
        if value < 0:
            raise InputError(f"elasticity {value} of {name!r} is negative; give 0 (does not react) or more")
    return values


def origin(community: Community, elasticity: Number | Mapping[str, Number]) -> dict[str, Any]:
    """Return where the numbers of a model come from: each member's elasticity, and the hash of the community."""
    values = elasticities(community, elasticity)
    return {
        "elasticity": {name: rational_text(e) for name, e in zip(community.names, values, strict=True)},
        "input_hash": community.input_hash,
    }


def trading_steps(
    community: Community, elasticity: Number | Mapping[str, Number] = DEFAULT_ELASTICITY
) -> tuple[TradingStep, ...]:
    """Return the calibrated traders of every step, with the grid's prices: the data of every structure.

    A member with elasticity 0 or no load gets bounds ``[0, 0]``: a branch, never a division. Otherwise
    ``p`` lies in ``[-load, load]``.
    """
    retail, feed_in = community.exact_retail_price, community.exact_feed_in
    mean_retail = _mean(retail)
    own = elasticities(community, elasticity)
    curvature = tuple(
        _curvature(name, e, row, mean_retail)
        for name, e, row in zip(community.names, own, community.exact_load, strict=True)
    )
    return tuple(
        TradingStep(
            tuple(
                _trader(community.exact_net_load[i][t], c, community.exact_load[i][t], retail[t], feed_in[t])
                for i, c in enumerate(curvature)
            ),
            retail[t],
            feed_in[t],
        )
        for t in range(community.steps)
    )


def _curvature(name: str, elasticity: Fraction, load: Sequence[Fraction], mean_retail: Fraction) -> Fraction | None:
    mean_load = _mean(load)
    if elasticity == 0 or mean_load == 0:
        return None
    if mean_retail <= 0:
        raise InputError(
            f"the mean retail price is {mean_retail}: the elasticity of {name!r} cannot be calibrated; "
            "give elasticity 0, or prices with a positive mean"
        )
    return exact(calibrated_curvature(mean_retail, elasticity, mean_load))


def _trader(position: Fraction, curvature: Fraction | None, load: Fraction, retail: Any, feed_in: Any) -> Trader:
    slope = calibrated_slope(position, retail, feed_in)
    zero = Fraction(0)
    if curvature is None:
        return Trader(position, zero, slope, zero, zero)
    return Trader(position, curvature, slope, -load, load)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
