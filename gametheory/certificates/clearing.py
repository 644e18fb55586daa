"""A cleared order book, judged from what its rule promises.

Whatever the rule: no order is overfilled, energy and money balance, bills are price times energy, trades add up to
what is filled, and nobody trades at a price worse than its own (individual rationality).

Rules that fill all that can be traded also maximise reported surplus. By weak duality, at any price ``p``

    surplus of a feasible allocation  <=  sum_buy q (b - p)^+  +  sum_sell q (p - s)^+,

so an allocation that attains this at some ``p`` is best; one that does not can be bettered by an exchange of two
orders, which is the witness. Rules that reduce are compared with their definition, order by order.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

from gametheory.arithmetic import Number, brief, exact
from gametheory.domain.clearing import Clearing
from gametheory.domain.orders import Order
from gametheory.errors import InputError
from gametheory.result import Certificate, Strength

__all__ = ["check_clearing"]

_ZERO = Fraction(0)
_DECIDED = ("filled", "buy_prices", "sell_prices", "bills", "trades", "marginal")
Row = tuple[Order, Fraction]  # an order and what is filled of it


@dataclass(slots=True)
class _Verdict:
    """The sentences that were judged, by how much each fails at worst, and what shows it."""

    parts: dict[str, Fraction] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def decide(self, sentence: str, broken: bool, **shown: Any) -> None:
        """Add a judgement that is a yes or a no: no epsilon covers it."""
        self.judge(sentence, Fraction(broken), **shown)
        if broken:
            self.broken.add(sentence)

    def judge(self, sentence: str, size: Fraction, **shown: Any) -> None:
        """Add one judgement; the worst step counts."""
        if size > self.parts.get(sentence, _ZERO) and shown:
            self.evidence[sentence] = shown
        self.parts[sentence] = max(size, self.parts.get(sentence, _ZERO))


def check_clearing(
    game: Clearing, profile: Any = None, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether an order book was cleared as its rule promises.

    Parameters
    ----------
    profile
        None, or a mapping of fields of the clearing that replace its own: ``filled``, ``buy_prices``, ``sell_prices``,
        ``bills``, ``trades``, ``marginal``.
    epsilon
        By how much a promise may fail (kWh or money).
    """
    claimed = exact(epsilon, what="epsilon")
    if profile is not None:
        if not isinstance(profile, Mapping) or not set(profile) <= set(_DECIDED):
            raise InputError(f"profile {profile!r}: give a mapping of what was decided: {', '.join(_DECIDED)}")
        game = replace(game, **profile)
    verdict = _Verdict()
    _bookkeeping(game, verdict)
    steps: dict[str, list[Row]] = {label: [] for label in game.times}
    for order, kwh in zip(game.book.orders, game.filled, strict=True):
        steps[order.time].append((order, kwh))
    for t, rows in enumerate(steps.values()):
        _Step(game, t, rows, verdict).judge()
    failed = [sentence for sentence, size in verdict.parts.items() if size > claimed or sentence in verdict.broken]
    within = "" if claimed == 0 else f" (up to {brief(claimed)})"
    verdict.evidence |= {"surplus": game.surplus, "kept": game.kept}
    return Certificate(
        strength=Strength.REFUTED if failed else Strength.EXACT,
        claim="; ".join(f"it fails that {sentence}" for sentence in failed) or "; ".join(verdict.parts) + within,
        bound=max(verdict.parts.values()),
        witness=verdict.evidence,
        epsilon=claimed,
    )


def _bookkeeping(game: Clearing, verdict: _Verdict) -> None:
    """Judge what needs no rule: bills, trades and what the auctioneer keeps."""
    place = {label: t for t, label in enumerate(game.times)}
    owed = dict.fromkeys(game.members, _ZERO)
    moved: dict[tuple[str, str, int], Fraction] = {}
    for order, kwh in zip(game.book.orders, game.filled, strict=True):
        t = place[order.time]
        buys = order.side == "buy"
        price = (game.buy_prices if buys else game.sell_prices)[t]
        owed[order.participant] += (kwh if buys else -kwh) * (price or _ZERO)
        key = (order.side, order.participant, t)
        moved[key] = moved.get(key, _ZERO) + kwh
    for name, bill in zip(game.members, game.bills, strict=True):
        gap = abs(bill - owed[name])
        verdict.judge("every bill is price times energy", gap, participant=name, bill=bill, owed=owed[name])
    for deal in game.trades:
        price = game.buy_prices[deal.step]
        gap = deal.energy if price is None else abs(deal.price - price)
        verdict.judge("trades are made at the price", gap, trade=(deal.seller, deal.buyer, deal.step))
        for key in (("buy", deal.buyer, deal.step), ("sell", deal.seller, deal.step)):
            moved[key] = moved.get(key, _ZERO) - deal.energy
    for key, left in moved.items():
        verdict.judge("trades add up to what is filled", abs(left), side=key[0], participant=key[1], step=key[2])
    verdict.judge("the auctioneer pays nothing in", max(-game.kept, _ZERO), kept=game.kept)


@dataclass(slots=True)
class _Step:
    game: Clearing
    t: int
    rows: Sequence[Row]
    verdict: _Verdict
    most: Fraction = _ZERO  # Q*, and the places of the orders that hold its last unit, best prices first
    ranked: Sequence[list[Row]] = ()
    last: Sequence[int] = ()

    def judge(self) -> None:
        game, t = self.game, self.t
        buys = [row for row in self.rows if row[0].side == "buy"]
        sells = [row for row in self.rows if row[0].side == "sell"]
        self._feasible(buys, sells)
        self._crossing(buys, sells)
        buy_price, sell_price = game.buy_prices[t], game.sell_prices[t]
        traded = sum((max(kwh, _ZERO) for _, kwh in self.rows), _ZERO)
        if buy_price is None or sell_price is None:
            both = buy_price is None and sell_price is None
            self.verdict.decide("there is a price where there is a trade", traded > 0 or not both, step=t)
            buy_price = sell_price = None
        else:
            self.verdict.decide("there is a price where there is a trade", traded == 0, step=t)
            self._rational(buys, sells, buy_price, sell_price)
        if game.rule in ("k", "competitive"):
            self._efficient(buys, sells)
            self._tie_break(buys, sells)
            if buy_price is not None and sell_price is not None and traded:
                self._uniform(buys, sells, buy_price, sell_price)
        else:
            self._reduced(buy_price, sell_price)

    def _feasible(self, buys: Sequence[Row], sells: Sequence[Row]) -> None:
        for order, kwh in self.rows:
            beyond = max(-kwh, kwh - order.quantity, _ZERO)
            self.verdict.judge("no order is filled beyond its quantity", beyond, order=order.id, filled=kwh)
        gap = sum((kwh for _, kwh in buys), _ZERO) - sum((kwh for _, kwh in sells), _ZERO)
        self.verdict.judge("as much is bought as is sold", abs(gap), step=self.t, bought_less_sold=gap)

    def _crossing(self, buys: Sequence[Row], sells: Sequence[Row]) -> None:
        """Find the most that can be traded and who holds its last unit; equal prices stand as in the book."""
        self.most = _crossing(buys, sells)
        self.ranked = [
            sorted((row for row in buys if row[0].quantity), key=lambda row: -row[0].price),
            sorted((row for row in sells if row[0].quantity), key=lambda row: row[0].price),
        ]
        holders = None
        if self.most > 0:
            self.last = [_holder(side, self.most) for side in self.ranked]
            holders = tuple(side[k][0].id for side, k in zip(self.ranked, self.last, strict=True))
        if self.game.marginal:
            stated = self.game.marginal[self.t]
            self.verdict.decide(
                "the marginal orders hold the last unit that could be traded",
                stated != holders,
                stated=stated,
                due=holders,
            )

    def _rational(self, buys: Sequence[Row], sells: Sequence[Row], buy_price: Fraction, sell_price: Fraction) -> None:
        losses = [(o, kwh * (buy_price - o.price)) for o, kwh in buys]
        losses += [(o, kwh * (o.price - sell_price)) for o, kwh in sells]
        for order, loss in losses:
            self.verdict.judge(
                "nobody trades at a price worse than its own", max(loss, _ZERO), order=order.id, loses=loss
            )

    # ------------------------------------------------------------------------------ rules that fill all there is

    def _efficient(self, buys: Sequence[Row], sells: Sequence[Row]) -> None:
        surplus = sum((kwh * o.price for o, kwh in buys), _ZERO) - sum((kwh * o.price for o, kwh in sells), _ZERO)
        # At an optimum every filled ask and every bid that is not filled lies at or below the supporting price.
        price = max(
            [o.price for o, kwh in sells if kwh > 0] + [o.price for o, kwh in buys if kwh < o.quantity], default=_ZERO
        )
        if _most(self.rows, price) == surplus:
            self.verdict.judge("reported surplus is the greatest", _ZERO)
            return
        # The bound is convex and bends only at prices of the book, so its least value, the optimum, is at one of them.
        prices = {order.price for order, _ in self.rows} | {_ZERO}
        best, price = min((_most(self.rows, p), p) for p in prices)
        shown: dict[str, Any] = {"step": self.t, "attainable": best, "reached": surplus, "supporting_price": price}
        self.verdict.judge(
            "reported surplus is the greatest", abs(best - surplus), **shown, exchange=_exchange(buys, sells)
        )

    def _uniform(self, buys: Sequence[Row], sells: Sequence[Row], buy_price: Fraction, sell_price: Fraction) -> None:
        self.verdict.judge("one price for buyers and sellers", abs(buy_price - sell_price), step=self.t)
        low = max((o.price for o, kwh in sells if kwh > 0), default=_ZERO)
        high = min((o.price for o, kwh in buys if kwh > 0), default=low)
        if self.game.rule == "k":
            due = self.game.k * high + (1 - self.game.k) * low
            sentence = "the price is k times the last bid plus 1 - k times the last ask"
        else:
            low = max([low, *(o.price for o, kwh in buys if kwh < o.quantity)])
            high = min([high, *(o.price for o, kwh in sells if kwh < o.quantity)])
            due = self.game.k * high + (1 - self.game.k) * low
            sentence = "at the price nobody who is left out would rather trade, k of the way up"
            envy = max(low - buy_price, buy_price - high, _ZERO)
            self.verdict.judge("the price supports the allocation", envy, step=self.t, lowest=low, highest=high)
        self.verdict.judge(sentence, abs(buy_price - due), step=self.t, price=buy_price, due=due)

    def _tie_break(self, buys: Sequence[Row], sells: Sequence[Row]) -> None:
        for side in (buys, sells):
            open_at: dict[Fraction, Row] = {}
            for order, kwh in side:
                if not order.quantity:
                    continue
                if self.game.tie_break == "first":
                    earlier = open_at.get(order.price)
                    gap = _ZERO if earlier is None else kwh
                    ids = () if earlier is None else (earlier[0].id, order.id)
                    if kwh < order.quantity:
                        open_at.setdefault(order.price, (order, kwh))
                else:
                    other = open_at.setdefault(order.price, (order, kwh))
                    gap = abs(kwh / order.quantity - other[1] / other[0].quantity)
                    ids = (other[0].id, order.id)
                self.verdict.judge("equal prices are served as the tie rule says", max(gap, _ZERO), orders=ids)

    # ------------------------------------------------------------------------------------------ rules that reduce

    def _reduced(self, buy_price: Fraction | None, sell_price: Fraction | None) -> None:
        """Compare with the rule: who may trade, how much of it, at which prices."""
        ranked, last, most = self.ranked, self.last, self.most
        due: tuple[Fraction | None, Fraction | None] = (None, None)
        allowed: list[list[Row]] = [[], []]
        if most > 0:
            bid, ask = (side[k][0].price for side, k in zip(ranked, last, strict=True))
            allowed = [side[:k] for side, k in zip(ranked, last, strict=True)]
            middle = (bid + ask) / 2
            due = (middle, middle) if self.game.rule == "trade_reduction" else (bid, ask)
            if self.game.rule == "mcafee":
                whole = all(_quantity(side[: k + 1]) == most for side, k in zip(ranked, last, strict=True))
                after = [side[k + 1 : k + 2] for side, k in zip(ranked, last, strict=True)]
                if whole and all(after):
                    outside = (after[0][0][0].price + after[1][0][0].price) / 2
                    if ask <= outside <= bid:
                        due, allowed = (outside, outside), [side[: k + 1] for side, k in zip(ranked, last, strict=True)]
            if not all(allowed):
                due, allowed = (None, None), [[], []]
        sentence = f"prices are those of the rule {self.game.rule}"
        for price, wanted in zip((buy_price, sell_price), due, strict=True):
            if price is None or wanted is None:
                self.verdict.decide(sentence, price is not wanted, step=self.t, price=price, due=wanted)
            else:
                self.verdict.judge(sentence, abs(price - wanted), step=self.t, price=price, due=wanted)
        self._shares(ranked, allowed)

    def _shares(self, ranked: Sequence[Sequence[Row]], allowed: Sequence[Sequence[Row]]) -> None:
        volume = min(_quantity(side) for side in allowed)
        for side, inside in zip(ranked, allowed, strict=True):
            for order, kwh in side[len(inside) :]:
                self.verdict.judge("orders that the rule leaves out do not trade", abs(kwh), order=order.id)
            traded = sum((kwh for _, kwh in inside), _ZERO)
            self.verdict.judge("the rest trades all it can", abs(volume - traded), step=self.t, due=volume)
            cut = max((o.quantity - kwh for o, kwh in inside if kwh > 0), default=_ZERO)
            for order, kwh in inside:
                gap = max(order.quantity - cut, _ZERO) - kwh
                self.verdict.judge("the long side gives up equally much", abs(gap), order=order.id)


def _most(rows: Iterable[Row], price: Fraction) -> Fraction:
    """Return the bound at a price: what all orders together would gain if each traded what it wants at it."""
    gains = (o.quantity * max(o.price - price if o.side == "buy" else price - o.price, _ZERO) for o, _ in rows)
    return sum(gains, _ZERO)


def _exchange(buys: Sequence[Row], sells: Sequence[Row]) -> dict[str, Any]:
    """Return two orders whose exchange raises surplus: one gets more, the other less or (opposite sides) more too."""
    more = max((o for o, kwh in buys if kwh < o.quantity), key=lambda o: o.price, default=None)
    less = min((o for o, kwh in buys if kwh > 0), key=lambda o: o.price, default=None)
    offered = min((o for o, kwh in sells if kwh < o.quantity), key=lambda o: o.price, default=None)
    taken = max((o for o, kwh in sells if kwh > 0), key=lambda o: o.price, default=None)
    pairs = (
        ("trade more", more, offered),
        ("buy", more, less),
        ("sell", taken, offered),
        ("trade less", taken, less),
    )
    for word, high, low in pairs:
        if high is not None and low is not None and high.price > low.price:
            return {"kind": word, "orders": (high.id, low.id), "gain_per_kwh": high.price - low.price}
    return {}


def _crossing(buys: Sequence[Row], sells: Sequence[Row]) -> Fraction:
    """Return ``Q*``: the most, over all prices, that is both wanted and offered at a price."""
    columns = []
    for side in (buys, sells):
        ordered = sorted((o.price, o.quantity) for o, _ in side)
        sums = list(accumulate((q for _, q in ordered), initial=_ZERO))
        columns.append(([p for p, _ in ordered], sums))
    (bids, below), (asks, offered) = columns
    return max(
        (
            min(below[-1] - below[bisect.bisect_left(bids, p)], offered[bisect.bisect_right(asks, p)])
            for p in (*bids, *asks)
        ),
        default=_ZERO,
    )


def _holder(side: Sequence[Row], most: Fraction) -> int:
    """Return the place of the order that holds the last unit of `most`."""
    passed = _ZERO
    for k, (order, _) in enumerate(side):
        passed += order.quantity
        if passed >= most:
            return k
    raise AssertionError("the crossing lies within both sides")


def _quantity(rows: Iterable[Row]) -> Fraction:
    return sum((order.quantity for order, _ in rows), _ZERO)
