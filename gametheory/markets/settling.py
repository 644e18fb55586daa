"""From net loads and a pricing rule to a settlement: what all uniform-price rules share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, exact_series, positive_part
from gametheory.domain.community import Community
from gametheory.domain.outcome import Settlement
from gametheory.errors import InputError

__all__ = ["Positions", "grid_settlement", "read_positions", "settle"]


def grid_settlement(surplus: Number, deficit: Number, feed_in: Number, retail_price: Number) -> Number:
    """Return ``lb (D-S)^+ - ls (S-D)^+``: what the community pays the grid (money) as one meter."""
    return retail_price * positive_part(deficit - surplus) - feed_in * positive_part(surplus - deficit)


@dataclass(frozen=True, slots=True)
class Positions:
    """Net loads (kWh, import > 0), a row a member, with the grid's prices at each step."""

    members: tuple[str, ...]
    net_load: tuple[tuple[Fraction, ...], ...]
    retail_price: tuple[Fraction, ...]
    feed_in: tuple[Fraction, ...]

    @property
    def steps(self) -> range:
        """The steps, from 0."""
        return range(len(self.retail_price))

    def totals(self, step: int) -> tuple[Fraction, Fraction]:
        """Return ``(S, D)``: total surplus and total deficit of a step."""
        column = [row[step] for row in self.net_load]
        return -sum((x for x in column if x < 0), Fraction(0)), sum((x for x in column if x > 0), Fraction(0))

    def net(self, step: int) -> Fraction:
        """Return what the community takes from the grid at a step (kWh)."""
        return sum((row[step] for row in self.net_load), Fraction(0))


def read_positions(
    net_load: Community | Sequence[Any],
    *,
    retail_price: Any = None,
    feed_in: Any = None,
    members: Iterable[str] = (),
) -> Positions:
    """Return positions from a community, from one number a member (one step), or from one row a member over steps.

    Raises
    ------
    InputError
        Prices are missing, lengths differ, or ``feed_in > retail_price`` at a step.
    """
    if isinstance(net_load, Community):
        if retail_price is not None or feed_in is not None or tuple(members):
            raise InputError("a community has members and prices of its own; give it alone")
        return Positions(net_load.names, net_load.exact_net_load, net_load.exact_retail_price, net_load.exact_feed_in)
    if retail_price is None or feed_in is None:
        raise InputError("net loads come without prices; give retail_price= and feed_in= (money/kWh)")
    given = list(net_load)
    if not given:
        raise InputError("no member: give at least one net load (kWh)")
    names = tuple(members) or tuple(str(k + 1) for k in range(len(given)))
    if len(names) != len(given) or len(set(names)) != len(names):
        raise InputError(f"{len(names)} names for {len(given)} members; give one distinct name each")
    rows = tuple(
        exact_series(row, what=f"net load of {name!r}") if _is_row(row) else (exact(row, what=f"net load of {name!r}"),)
        for name, row in zip(names, given, strict=True)
    )
    steps = len(rows[0])
    retail, sold = (
        exact_series(price, what=what) if _is_row(price) else (exact(price, what=what),) * steps
        for what, price in (("retail_price", retail_price), ("feed_in", feed_in))
    )
    problems = [
        f"net load of {name!r} has {len(row)} steps, that of {names[0]!r} has {steps}; give one number a step (kWh)"
        for name, row in zip(names, rows, strict=True)
        if len(row) != steps
    ]
    problems += [
        f"{what} has {len(series)} steps, the net loads have {steps}; give one price a step"
        for what, series in (("retail_price", retail), ("feed_in", sold))
        if len(series) != steps
    ]
    problems += [
        f"feed_in {low} is above retail_price {high} at step {t}; give feed_in <= retail_price"
        for t, (low, high) in enumerate(zip(sold, retail, strict=False))
        if low > high
    ]
    InputError.raise_all(problems)
    return Positions(names, rows, retail, sold)


def _is_row(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str)


def settle(positions: Positions, prices: Sequence[tuple[Number, Number]]) -> Settlement:
    """Return the settlement at ``(sell, buy)`` prices a step; the grid is paid for the community as one meter."""
    sell = exact_series([pair[0] for pair in prices], what="sell price")
    buy = exact_series([pair[1] for pair in prices], what="buy price")
    outside = Fraction(0)
    for t in positions.steps:
        outside += exact(grid_settlement(*positions.totals(t), positions.feed_in[t], positions.retail_price[t]))
    bills = [
        sum((kwh * (buy[t] if kwh > 0 else sell[t]) for t, kwh in enumerate(row)), Fraction(0))
        for row in positions.net_load
    ]
    return Settlement(
        positions.members,
        prices=buy,
        sell_prices=sell,
        energy=positions.net_load,
        bills=bills,
        grid_energy=[positions.net(t) for t in positions.steps],
        outside_money=outside,
        priced=True,
    )
