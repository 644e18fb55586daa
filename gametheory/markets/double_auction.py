"""E.2 and A.3 Double auctions: one price for all that can be traded, trade reduction, McAfee's rule.

Sources: R. P. McAfee, "A dominant strategy double auction", Journal of Economic Theory 56(2), 1992, 434-450; Y. Wang,
W. Saad, Z. Han, H. V. Poor, T. Basar, IEEE Transactions on Smart Grid 5(3), 2014, 1439-1450 (trade reduction); C. Long,
J. Wu, C. Zhang et al., IEEE Power & Energy Society General Meeting, 2017, 1-5 (auction-based pricing). fidelity:
derived; orders are divisible here, and what the rules do then is the package's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, maximum, minimum
from gametheory.domain.clearing import TIE_BREAKS, Clearing
from gametheory.domain.orders import Order, read_orders
from gametheory.domain.outcome import Trade
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError
from gametheory.games.auction import reduced

__all__ = ["competitive_range", "double_auction", "marginal_price", "mcafee_price", "trade_surplus"]

#: What a user may ask for -> rule and k; None leaves k to the user.
_RULES: dict[str, tuple[str, Fraction | None]] = {
    "midpoint": ("k", Fraction(1, 2)),
    "buyer": ("k", Fraction(1)),
    "seller": ("k", Fraction(0)),
    "k": ("k", None),
    "competitive": ("competitive", None),
    "trade_reduction": ("trade_reduction", Fraction(1, 2)),
    "mcafee": ("mcafee", Fraction(1, 2)),
}
_REDUCING = ("trade_reduction", "mcafee")


def marginal_price(bid: Number, ask: Number, k: Number) -> Number:
    """Return ``k b_M + (1 - k) s_L``: between the bid and the ask of the last unit."""
    return k * bid + (1 - k) * ask


def mcafee_price(next_bid: Number, next_ask: Number) -> Number:
    """Return ``(v_{L+1} + c_{L+1})/2``: the price, where it suits the last pair, that no trader sets itself."""
    return (next_bid + next_ask) / 2


def competitive_range(bid: Number, ask: Number, next_bid: Number, next_ask: Number) -> tuple[Number, Number]:
    """Return the ends of the prices at which what is filled wants to trade and nothing else does."""
    return maximum(ask, next_bid), minimum(bid, next_ask)


def trade_surplus(bid: Number, ask: Number, quantity: Number) -> Number:
    """Return what a trade is worth at reported prices (money)."""
    return (bid - ask) * quantity


def double_auction(
    orders: Any,
    *,
    price_rule: str = "midpoint",
    k: Number | None = None,
    tie_break: str = "first",
    resolution: Number | None = None,
) -> Clearing:
    """Clear an order book, step by step. fidelity: derived.

    Buy orders stand by falling, sell orders by rising price (ties: the order of the book). ``Q*`` is the most at which
    the last bid ``b_M`` is still at least the last ask ``s_L``; equal prices trade.

    ==================== =========================================================================================
    ``price_rule``       what happens
    ==================== =========================================================================================
    ``midpoint``         all of ``Q*`` trades at ``(b_M + s_L)/2``
    ``buyer``/``seller`` at ``b_M``, at ``s_L``
    ``k``                at ``k b_M + (1 - k) s_L``
    ``competitive``      at ``k`` times the highest plus ``1 - k`` times the lowest price at which no order left
                         out would rather trade
    ``trade_reduction``  the two marginal orders are left out, the rest trades at ``(b_M + s_L)/2``
    ``mcafee``           all of ``Q*`` at ``q``, the mean of the first bid and ask left out, if both exist, no order
                         is cut and ``s_L <= q <= b_M``; else the two marginal orders are left out, buyers pay
                         ``b_M``, sellers get ``s_L`` and the auctioneer keeps the difference
    ==================== =========================================================================================

    Where a reduction leaves one side longer, each of its orders gives up equally much (never below 0). McAfee's rule is
    incentive compatible for traders with one order for one unit each (theorem E-P9); no more is claimed. No set of
    trades is worth more at reported prices than that of the first five rules (theorem G-P4).

    Parameters
    ----------
    orders
        A pandas frame (``id, participant, side, quantity, price``, perhaps ``node, time``), a sequence of
        :class:`~gametheory.domain.orders.Order`, or an order book. Nodes are carried along: lines have no limits here.
    price_rule, k
        See the table; `k` in [0, 1] is for ``"k"`` and ``"competitive"``, 1/2 if left out.
    tie_break
        Who is served at the marginal price: ``"first"`` in the book, or ``"pro_rata"`` by quantity (not with a
        reduction, which needs one marginal order).
    resolution
        kWh; quantities are first rounded to whole multiples, so that a residue of somebody's rounding sets no price.

    Raises
    ------
    InputError
        With all the problems of the orders, an unknown rule, `k` outside [0, 1].

    Examples
    --------
    >>> from gametheory.domain.orders import Order
    >>> deal = double_auction([Order("1", "home", "buy", 2, "0.3"), Order("2", "roof", "sell", 1, "0.1")])
    >>> deal.prices, deal.unfilled, deal.balance.holds
    ((Fraction(1, 5),), {'1': Fraction(1, 1)}, True)
    """
    rule, share = _read_rule(price_rule, k)
    if tie_break not in TIE_BREAKS:
        raise InputError(f"tie_break={tie_break!r} is unknown; give one of {', '.join(TIE_BREAKS)}")
    if tie_break == "pro_rata" and rule in _REDUCING:
        raise InputError(
            f"{price_rule!r} leaves out one order a side, so ties cannot be shared; give tie_break='first'"
        )
    book = read_orders(orders)
    if resolution is not None:
        book = book.rounded(resolution)
    sides: dict[str, tuple[list[int], list[int]]] = {label: ([], []) for label in book.times}
    ranks = _ranks(book.orders)
    for k_order, order in enumerate(book.orders):
        if order.quantity:
            sides[order.time][order.side == "sell"].append(k_order)
    filled = [Fraction(0)] * len(book.orders)
    bills = dict.fromkeys(book.participants, Fraction(0))
    prices: list[tuple[Fraction | None, Fraction | None]] = []
    trades: list[Trade] = []
    marginal: list[tuple[str, str] | None] = []
    for t, (buying, selling) in enumerate(sides.values()):
        buying.sort(key=lambda j: -ranks[j])
        selling.sort(key=lambda j: ranks[j])
        buy, sell = (_Side(book.orders, chosen) for chosen in (buying, selling))
        step = _Crossing.of(buy, sell, ranks)
        price = None if step is None else step.clear(rule, share, tie_break, filled)
        prices.append((None, None) if price is None else price)
        marginal.append(None if step is None else (buy.order(step.last_buy).id, sell.order(step.last_sell).id))
        if price is not None:
            trades.extend(_paired(t, book.orders, buying, selling, filled, price[0]))
            for j in (*buying, *selling):
                owed = price[0] if book.orders[j].side == "buy" else -price[1]
                bills[book.orders[j].participant] += owed * filled[j]
    return Clearing(
        book=book,
        rule=rule,
        k=share,
        tie_break=tie_break,
        filled=tuple(filled),
        buy_prices=tuple(p for p, _ in prices),
        sell_prices=tuple(p for _, p in prices),
        bills=tuple(bills.values()),
        trades=tuple(trades),
        marginal=tuple(marginal),
    )


def _read_rule(price_rule: str, k: Number | None) -> tuple[str, Fraction]:
    if price_rule not in _RULES:
        raise InputError(
            f"price_rule={price_rule!r} is unknown{did_you_mean(str(price_rule), _RULES)}; "
            f"give one of {', '.join(_RULES)}"
        )
    rule, share = _RULES[price_rule]
    if k is not None and share is not None:
        raise InputError(f"price_rule={price_rule!r} has no k; give price_rule='k' with k={k}")
    share = share if share is not None else Fraction(1, 2) if k is None else exact(k, what="k")
    if not 0 <= share <= 1:
        raise InputError(f"k = {share} is outside [0, 1]; 1 is the bid, 0 the ask of the last unit")
    return rule, share


def _ranks(orders: Sequence[Order]) -> list[int]:
    """Return whole numbers that compare as the prices do: they sort ten times faster than fractions."""
    scale = math.lcm(*(order.price.denominator for order in orders))
    return [order.price.numerator * (scale // order.price.denominator) for order in orders]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of one step: positions in the book, best price first."""

    orders: Sequence[Order]
    chosen: Sequence[int]

    def order(self, k: int) -> Order:
        return self.orders[self.chosen[k]]


@dataclass(frozen=True, slots=True)
class _Crossing:
    """Where supply meets demand in one step: ``Q*``, and the places of the orders that hold its last unit."""

    buy: _Side
    sell: _Side
    most: Fraction
    last_buy: int
    last_sell: int
    cut: bool  # whether one of the two marginal orders is filled in part

    @classmethod
    def of(cls, buy: _Side, sell: _Side, ranks: Sequence[int]) -> _Crossing | None:
        """Walk up both lists; None where not even the first unit can be traded."""
        found = None
        demanded = offered = Fraction(0)
        m = j = 0
        while m < len(buy.chosen) and j < len(sell.chosen) and ranks[buy.chosen[m]] >= ranks[sell.chosen[j]]:
            wanted, given = demanded + buy.order(m).quantity, offered + sell.order(j).quantity
            found = min(wanted, given), m, j, wanted != given
            if wanted <= given:
                demanded, m = wanted, m + 1
            if given <= wanted:
                offered, j = given, j + 1
        return None if found is None else cls(buy, sell, *found)

    def clear(self, rule: str, k: Fraction, tie_break: str, filled: list[Fraction]) -> tuple[Fraction, Fraction] | None:
        """Fill the orders and return what buyers pay and sellers get, or None if nothing trades."""
        bid, ask = self.buy.order(self.last_buy).price, self.sell.order(self.last_sell).price
        if rule not in _REDUCING:
            for side, last in ((self.buy, self.last_buy), (self.sell, self.last_sell)):
                self._fill(side, last, tie_break, filled)
            price = marginal_price(bid, ask, k) if rule == "k" else self._competitive(bid, ask, k, filled)
            return price, price
        if rule == "mcafee" and not self.cut:
            after = self.last_buy + 1, self.last_sell + 1
            if after[0] < len(self.buy.chosen) and after[1] < len(self.sell.chosen):
                price = mcafee_price(self.buy.order(after[0]).price, self.sell.order(after[1]).price)
                if ask <= price <= bid:
                    for side, last in ((self.buy, self.last_buy), (self.sell, self.last_sell)):
                        self._fill(side, last, tie_break, filled)
                    return price, price
        if self.last_buy == 0 or self.last_sell == 0:
            return None
        rest = [
            [side.order(each).quantity for each in range(last)]
            for side, last in ((self.buy, self.last_buy), (self.sell, self.last_sell))
        ]
        total = min(sum(quantities, Fraction(0)) for quantities in rest)
        for side, quantities in zip((self.buy, self.sell), rest, strict=True):
            for j, kwh in zip(side.chosen, reduced(quantities, total), strict=False):
                filled[j] = kwh
        price = marginal_price(bid, ask, k)
        return (price, price) if rule == "trade_reduction" else (bid, ask)

    def _fill(self, side: _Side, last: int, tie_break: str, filled: list[Fraction]) -> None:
        left = self.most
        for j in side.chosen[: last + 1]:
            filled[j] = min(side.orders[j].quantity, left)
            left -= filled[j]
        if tie_break == "pro_rata":
            price = side.order(last).price
            tied = [j for j in side.chosen if side.orders[j].price == price]
            whole = sum((side.orders[j].quantity for j in tied), Fraction(0))
            served = sum((filled[j] for j in tied), Fraction(0)) / whole
            for j in tied:
                filled[j] = side.orders[j].quantity * served

    def _competitive(self, bid: Fraction, ask: Fraction, k: Fraction, filled: Sequence[Fraction]) -> Fraction:
        """Return the price between the ends; a side with nothing left puts no limit of its own."""
        next_bid, next_ask = (
            next((side.orders[j].price for j in side.chosen if filled[j] < side.orders[j].quantity), otherwise)
            for side, otherwise in ((self.buy, ask), (self.sell, bid))
        )
        low, high = competitive_range(bid, ask, next_bid, next_ask)
        return exact(marginal_price(high, low, k))


def _paired(
    step: int,
    orders: Sequence[Order],
    buying: Sequence[int],
    selling: Sequence[int],
    filled: Sequence[Fraction],
    price: Fraction,
) -> list[Trade]:
    """Pair what is bought with what is sold, best prices first; orders of one participant may meet each other."""
    found = []
    takers = [(orders[j].participant, filled[j]) for j in buying if filled[j]]
    givers = [(orders[j].participant, filled[j]) for j in selling if filled[j]]
    m = j = 0
    wanted = given = Fraction(0)
    while m < len(takers) and j < len(givers):
        wanted, given = wanted or takers[m][1], given or givers[j][1]
        kwh = min(wanted, given)
        found.append(Trade(step, givers[j][0], takers[m][0], kwh, price))
        wanted, given = wanted - kwh, given - kwh
        m, j = m + (wanted == 0), j + (given == 0)
    return found
