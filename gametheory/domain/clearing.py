"""What an auction makes of an order book: how much of each order is filled, at which prices, and who pays what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gametheory.arithmetic import exact, exact_series
from gametheory.domain.orders import OrderBook
from gametheory.domain.outcome import Balance, Settlement, Trade
from gametheory.errors import InputError

__all__ = ["PRICE_RULES", "TIE_BREAKS", "Clearing"]

#: Rules that fill all that can be traded, and rules that leave out the marginal orders.
PRICE_RULES = ("k", "competitive", "trade_reduction", "mcafee")
TIE_BREAKS = ("first", "pro_rata")

Prices = tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """A cleared order book. All numbers are exact.

    Attributes
    ----------
    book
        The orders.
    rule, k, tie_break
        How it was cleared: ``"k"``, ``"competitive"``, ``"trade_reduction"`` or ``"mcafee"``.
    filled
        kWh of each order that are traded, in the order of the book.
    buy_prices, sell_prices
        What buyers pay and sellers get at each step (money/kWh), None where nothing trades.
    bills
        What each participant pays; negative for what it receives.
    trades
        Who hands energy to whom, sellers and buyers paired by price; the price is the buyer's.
    marginal
        At each step the ids of the buy and the sell order that hold the last unit that could be traded, or None;
        empty if they are not stated.
    """

    book: OrderBook
    rule: str
    k: Fraction
    tie_break: str
    filled: tuple[Fraction, ...]
    buy_prices: Prices
    sell_prices: Prices
    bills: tuple[Fraction, ...]
    trades: tuple[Trade, ...] = ()
    marginal: tuple[tuple[str, str] | None, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.book, OrderBook):
            raise InputError(f"book {self.book!r} is not an order book")
        object.__setattr__(self, "k", exact(self.k, what="k"))
        for name in ("filled", "bills", "buy_prices", "sell_prices", "trades", "marginal"):
            if not isinstance(getattr(self, name), Iterable):
                raise InputError(f"{name} {getattr(self, name)!r}: give a sequence")
        if any(not isinstance(pair, Sequence | None) for pair in self.marginal):
            raise InputError(f"marginal {self.marginal!r}: give two ids or None for each step")
        for name in ("filled", "bills"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("buy_prices", "sell_prices"):
            values = tuple(None if v is None else exact(v, what=name) for v in getattr(self, name))
            object.__setattr__(self, name, values)
        object.__setattr__(self, "trades", tuple(self.trades))
        object.__setattr__(self, "marginal", tuple(None if m is None else tuple(m) for m in self.marginal))
        InputError.raise_all([f"{each!r} is not a Trade" for each in self.trades if not isinstance(each, Trade)])
        steps = len(self.times)
        lengths = {"filled": (len(self.book.orders), "order"), "bills": (len(self.members), "participant")}
        lengths |= dict.fromkeys(("buy_prices", "sell_prices"), (steps, "step"))
        problems = [
            f"{name} has {len(getattr(self, name))} values; give one for each {what}, {size}"
            for name, (size, what) in lengths.items()
            if len(getattr(self, name)) != size
        ]
        for name, known in (("rule", PRICE_RULES), ("tie_break", TIE_BREAKS)):
            if getattr(self, name) not in known:
                problems.append(f"{name} {getattr(self, name)!r} is unknown; give one of {', '.join(known)}")
        problems.extend(
            f"a trade is at step {deal.step}; give a step from 0 to {steps - 1}"
            for deal in self.trades
            if not 0 <= deal.step < steps
        )
        if self.marginal and len(self.marginal) != steps:
            problems.append(f"marginal has {len(self.marginal)} values; give one for each step, {steps}, or none")
        if not 0 <= self.k <= 1:
            problems.append(f"k = {self.k} is outside [0, 1]")
        InputError.raise_all(problems)

    @property
    def members(self) -> tuple[str, ...]:
        """The participants, in the order of the bills."""
        return self.book.participants

    @property
    def times(self) -> tuple[str, ...]:
        """The steps, by their labels."""
        return self.book.times

    @property
    def prices(self) -> Prices:
        """What buyers pay at each step (money/kWh); the same as sellers get, except under McAfee's rule."""
        return self.buy_prices

    @property
    def energy(self) -> tuple[tuple[Fraction, ...], ...]:
        """For each participant and step the kWh taken (positive) or given (negative)."""
        place = {label: t for t, label in enumerate(self.times)}
        rows = {name: [Fraction(0)] * len(place) for name in self.members}
        for order, kwh in zip(self.book.orders, self.filled, strict=True):
            rows[order.participant][place[order.time]] += kwh if order.side == "buy" else -kwh
        return tuple(tuple(row) for row in rows.values())

    @property
    def volume(self) -> Fraction:
        """The kWh that change hands."""
        pairs = zip(self.book.orders, self.filled, strict=True)
        return sum((kwh for order, kwh in pairs if order.side == "buy"), Fraction(0))

    @property
    def surplus(self) -> Fraction:
        """What the trades are worth at the reported prices: bids minus asks, over all that is filled."""
        pairs = zip(self.book.orders, self.filled, strict=True)
        return sum((kwh * (o.price if o.side == "buy" else -o.price) for o, kwh in pairs), Fraction(0))

    @property
    def kept(self) -> Fraction:
        """What the auctioneer keeps: the sum of the bills."""
        return sum(self.bills, Fraction(0))

    @property
    def unfilled(self) -> Mapping[str, Fraction]:
        """Id of each order that is not filled in whole -> the kWh that are left of it."""
        pairs = zip(self.book.orders, self.filled, strict=True)
        return {order.id: order.quantity - kwh for order, kwh in pairs if kwh != order.quantity}

    @property
    def balance(self) -> Balance:
        """Bought minus sold at each step, and bills minus what the auctioneer keeps by the price difference: zeros."""
        energy = [Fraction(0)] * len(self.times)
        owed = Fraction(0)
        place = {label: t for t, label in enumerate(self.times)}
        for order, kwh in zip(self.book.orders, self.filled, strict=True):
            t = place[order.time]
            signed, price = (kwh, self.buy_prices[t]) if order.side == "buy" else (-kwh, self.sell_prices[t])
            energy[t] += signed
            owed += signed * (price or Fraction(0))
        return Balance(energy=tuple(energy), money=self.kept - owed)

    @property
    def settlement(self) -> Settlement:
        """The same as a settlement, with price 0 at steps without a trade; what is kept is outside money."""
        zero = Fraction(0)
        return Settlement(
            self.members,
            prices=[p or zero for p in self.buy_prices],
            sell_prices=[p or zero for p in self.sell_prices],
            energy=self.energy,
            bills=self.bills,
            trades=self.trades,
            outside_money=self.kept,
            priced=self.buy_prices == self.sell_prices,
        )
