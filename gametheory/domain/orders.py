"""Orders to buy and to sell energy, and the book that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, exact
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError

__all__ = ["SIDES", "Order", "OrderBook", "read_orders"]

SIDES = ("buy", "sell")
_NEEDED = ("id", "participant", "side", "quantity", "price")
_OPTIONAL = ("node", "time")


@dataclass(frozen=True, slots=True)
class Order:
    """What a participant wants to buy or sell, and the worst price it accepts.

    Parameters
    ----------
    id
        A name of its own.
    participant
        Whose order it is; one may have several.
    side
        ``"buy"`` or ``"sell"``.
    quantity
        kWh, at least 0; divisible. An order for 0 kWh neither trades nor sets a price.
    price
        Money/kWh, at least 0: the most a buyer pays, the least a seller takes.
    node, time
        Where and when, as labels; empty for one place and one step.

    Raises
    ------
    InputError
        With all the problems found.

    Examples
    --------
    >>> Order("1", "roof", "sell", "0.5", "0.1").quantity
    Fraction(1, 2)
    """

    id: str
    participant: str
    side: str
    quantity: Fraction
    price: Fraction
    node: str = ""
    time: str = ""

    def __post_init__(self) -> None:
        problems = []
        for name in ("id", "participant", "node", "time"):
            object.__setattr__(self, name, str(getattr(self, name)))
        if self.side not in SIDES:
            problems.append(f"side {self.side!r} is neither 'buy' nor 'sell'{did_you_mean(str(self.side), SIDES)}")
        for name, unit in (("quantity", "kWh"), ("price", "money/kWh")):
            try:
                value = exact(getattr(self, name), what=name)
            except InputError as error:
                problems.extend(error.problems)
                continue
            if value < 0:
                problems.append(f"{name} {value} {unit} is negative; give at least 0")
            object.__setattr__(self, name, value)
        if problems:
            raise InputError(*(f"order {self.id!r}: {problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Orders, in the order in which they stand; equal prices are told apart by it.

    Examples
    --------
    >>> book = OrderBook((Order("1", "a", "buy", 1, 10), Order("2", "b", "sell", 1, 0)))
    >>> book.participants, book.times
    (('a', 'b'), ('',))
    """

    orders: tuple[Order, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "orders", tuple(self.orders))
        InputError.raise_all([f"{each!r} is not an Order" for each in self.orders if not isinstance(each, Order)])
        seen: set[str] = set()
        problems = []
        for order in self.orders:
            if order.id in seen:
                problems.append(f"order id {order.id!r} is used twice; give each order its own id")
            seen.add(order.id)
        InputError.raise_all(problems)

    @property
    def participants(self) -> tuple[str, ...]:
        """Everybody with an order, in the order of first appearance."""
        return tuple(dict.fromkeys(order.participant for order in self.orders))

    @property
    def times(self) -> tuple[str, ...]:
        """The steps, by their labels, in the order of first appearance; each is cleared on its own."""
        return tuple(dict.fromkeys(order.time for order in self.orders)) or ("",)

    def rounded(self, resolution: Number) -> OrderBook:
        """Return the book with every quantity rounded to the nearest whole multiple of `resolution` (kWh)."""
        grain = exact(resolution, what="resolution")
        if grain <= 0:
            raise InputError(f"resolution {grain} kWh is not above 0; give a quantity such as 0.001")
        half = Fraction(1, 2)
        return OrderBook(
            tuple(replace(order, quantity=(order.quantity / grain + half) // 1 * grain) for order in self.orders)
        )


def read_orders(orders: Any) -> OrderBook:
    """Return the book of a pandas frame, of a sequence of orders, or the book itself.

    A frame has the columns ``id``, ``participant``, ``side``, ``quantity``, ``price`` and perhaps ``node``, ``time``.
    A float in a frame is read as the decimal that it prints as: 0.1 is a tenth, so that tenths add up. A float given
    to :class:`Order` is the dyadic rational that it is.

    Raises
    ------
    InputError
        With all the problems of all the rows.
    """
    if isinstance(orders, OrderBook):
        return orders
    if hasattr(orders, "columns"):
        return OrderBook(tuple(_rows(orders)))
    if isinstance(orders, str) or not isinstance(orders, Iterable):
        raise InputError(f"orders {orders!r}: give a pandas frame or a sequence of Order objects")
    return OrderBook(tuple(orders))


def _rows(frame: Any) -> list[Order]:
    columns = [str(name) for name in frame.columns]
    InputError.raise_all(
        [
            f"the orders have no column {name!r}{did_you_mean(name, columns)}; the columns are {', '.join(columns)}"
            for name in _NEEDED
            if name not in columns
        ]
    )
    used = [name for name in (*_NEEDED, *_OPTIONAL) if name in columns]
    found, problems = [], []
    for k, cells in enumerate(zip(*(_cells(frame[name]) for name in used), strict=True)):
        row = dict(zip(used, cells, strict=True))
        gaps = [name for name in ("id", "participant") if row[name] is None]
        if gaps:
            problems.append(f"row {k}: no {' and no '.join(gaps)}; give each order both")
            continue
        try:
            fields: dict[str, Any] = {name: "" if cell is None else cell for name, cell in row.items()}
            found.append(Order(**fields))
        except InputError as error:
            problems.extend(f"row {k}: {problem}" for problem in error.problems)
    InputError.raise_all(problems)
    return found


def _cells(column: Any) -> Sequence[Any]:
    missing = column.isna()
    return [
        None if gap else str(float(cell)) if isinstance(cell, float | np.floating) else cell
        for cell, gap in zip(column, missing, strict=True)
    ]
