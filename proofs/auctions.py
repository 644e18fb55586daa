"""A.3, E.2 and G.3: what the double auctions promise, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

import sympy

from gametheory.domain.clearing import Clearing
from gametheory.domain.orders import Order
from gametheory.markets.double_auction import double_auction, marginal_price, mcafee_price, trade_surplus
from gametheory.models.storage_auction import mean_excess, rationed

from .steps import Finite, Identity, Step, Unsat
from .theorem import Mutant, Theorem

__all__ = ["THEOREMS"]

HALF = sympy.Rational(1, 2)
BID, ASK, PRICE, OWN_BID, OWN_ASK = sympy.symbols("b_M s_L p b_k s_i", real=True)
DEMAND, MORE, SIZE = sympy.symbols("D h n", real=True)
TRUTH, REPORT = sympy.symbols("t r", real=True)
LEVELS = range(4)


def _offers(count: int) -> tuple[sympy.Symbol, ...]:
    return sympy.symbols(f"a1:{count + 1}", real=True)  # type: ignore[no-any-return]


def _clear(bids: Sequence[Any], asks: Sequence[Any], rule: str) -> Clearing:
    """Run the auction itself on unit orders; buyers stand first, each is its own participant."""
    sides = [("buy", price) for price in bids] + [("sell", price) for price in asks]
    return double_auction(
        [Order(str(k), str(k), side, Fraction(1), price) for k, (side, price) in enumerate(sides)], price_rule=rule
    )


def _books() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield two bids and two asks, all values on a small grid."""
    for values in product(LEVELS, repeat=4):
        yield values[:2], values[2:]


# ------------------------------------------------------------------------------------------------------------- A.3


def _rational() -> Iterator[Step]:
    price = marginal_price(BID, ASK, HALF)
    yield Unsat("s_L <= price <= b_M", [ASK <= BID], sympy.And(price >= ASK, price <= BID))
    order = [ASK <= BID, OWN_ASK <= ASK, OWN_BID >= BID]
    yield Unsat(
        "who stands before the marginal order trades at a price no worse than its own",
        order,
        sympy.And(price >= OWN_ASK, price <= OWN_BID),
    )
    for count in (1, 2, 3):
        offers = _offers(count)
        reach = sum(offers)
        domain = [*(a >= 0 for a in offers), DEMAND >= 0]
        for word, side, total in (("too much", reach >= DEMAND, DEMAND), ("too little", reach <= DEMAND, reach)):
            yield Unsat(
                f"{count} on a side that has {word}: it trades as much as the other, so payments at one price balance",
                [*domain, side],
                sympy.Eq(sum(rationed(offers, DEMAND)), total),
            )
    yield Finite("the auction itself, two bids and two asks of 0 to 3", _rational_books)


def _rational_books() -> Iterator[tuple[str, bool]]:
    for bids, asks in _books():
        deal = _clear(bids, asks, "trade_reduction")
        price = deal.prices[0]
        fair = price is None or all(
            not kwh or (price <= order.price if order.side == "buy" else price >= order.price)
            for order, kwh in zip(deal.book.orders, deal.filled, strict=True)
        )
        yield f"bids {bids}, asks {asks}", fair and deal.kept == 0 and deal.balance.holds


def _reports() -> Iterator[tuple[str, bool]]:
    """Yield, for the seller of cost 2 beside one of cost 1, whether each report earns no more than the truth."""

    def earned(report: Fraction) -> Fraction:
        deal = _clear((10, 10), (1, report), "trade_reduction")
        return (deal.prices[0] or Fraction(0)) * deal.filled[3] - 2 * deal.filled[3]

    for report in (Fraction(3), Fraction(1), Fraction(1, 2)):
        yield f"seller 2 reports {report}", earned(report) <= earned(Fraction(2))


def _monotone(count: int, *, own: bool, rising: bool) -> Step:
    """Return the claim about what the first seller sells when its own or the last one's offer grows by ``h >= 0``."""
    offers = _offers(count)
    moved = list(offers)
    moved[0 if own else -1] += MORE
    before, after = rationed(offers, DEMAND)[0], rationed(moved, DEMAND)[0]
    word = "the own" if own else "another's"
    return Unsat(
        f"{count} sellers: Q_1 does not {'fall' if rising else 'rise'} in {word} offer",
        [*(a >= 0 for a in offers), DEMAND >= 0, MORE >= 0, sum(offers) >= DEMAND],
        after >= before if rising else after <= before,
    )


def _rationing() -> Iterator[Step]:
    for count in (2, 3):
        yield _monotone(count, own=True, rising=True)
        yield _monotone(count, own=False, rising=False)
    # For any number of sellers theta is a maximum of such terms, over all sets of them.
    rises = []
    for size in range(1, 9):
        first, *others = _offers(size)
        grown = mean_excess([first + MORE, *others], DEMAND) - mean_excess([first, *others], DEMAND)
        rises.append(grown - MORE / size)
    yield Identity("sets of 1 to 8: an offer in the set raises its term of theta by h/n", rises)
    yield Unsat(
        "any number: each term of theta rises by 0 or h/n <= h, so a - theta does not fall in the own offer",
        [SIZE >= 1, MORE >= 0],
        sympy.And(MORE / SIZE >= 0, MORE / SIZE <= MORE),
    )


# ------------------------------------------------------------------------------------------------------------- E.2


def _mcafee(own: Any, report: Any, rivals: Sequence[Any], asks: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield (conditions, payoff of the own side's trader, what the auctioneer keeps) of every case.

    `rivals` fall, `asks` rise; the report may stand anywhere among equals, so every tie rule is covered. Runs on
    symbols, and on numbers, where conditions are plain truth values.
    """
    for place in range(len(rivals) + 1):
        bids = [*rivals[:place], report, *rivals[place:]]
        stands = [bids[k] >= bids[k + 1] for k in (place - 1, place) if 0 <= k < len(rivals)]
        for pairs in range(min(len(bids), len(asks)) + 1):
            more = pairs < len(bids) and pairs < len(asks)
            last = [bids[pairs - 1] >= asks[pairs - 1]] if pairs else []
            crossing = [*stands, *last, *([bids[pairs] < asks[pairs]] if more else [])]
            if not pairs:
                yield crossing, 0, 0
                continue
            bid, ask = bids[pairs - 1], asks[pairs - 1]
            reduced = (own - bid if place < pairs - 1 else 0), (bid - ask) * (pairs - 1)
            if not more:
                yield crossing, *reduced
                continue
            outside = mcafee_price(bids[pairs], asks[pairs])
            yield [*crossing, ask <= outside, outside <= bid], (own - outside if place < pairs else 0), 0
            yield [*crossing, outside < ask], *reduced
            yield [*crossing, outside > bid], *reduced


def _truthful() -> Iterator[Step]:
    for count in (2, 3):
        rivals = sympy.symbols(f"v1:{count}", real=True)
        asks = sympy.symbols(f"c1:{count + 1}", real=True)
        domain = [a >= b for a, b in pairwise(rivals)]
        domain += [a <= b for a, b in pairwise(asks)]
        honest = list(_mcafee(TRUTH, TRUTH, rivals, asks))
        size = f"{count} buyers and {count} sellers"
        covered = sympy.Or(*(sympy.And(*conditions) for conditions, _, _ in honest))
        yield Unsat(f"{size}: the cases leave nothing out", domain, covered)
        for conditions, payoff, kept in honest:
            yield Unsat(
                f"{size}: a truthful buyer does not lose and the auctioneer pays nothing in",
                [*domain, *conditions],
                sympy.And(sympy.sympify(payoff) >= 0, sympy.sympify(kept) >= 0),
            )
        for conditions, payoff, _ in _mcafee(TRUTH, REPORT, rivals, asks):
            best = [sympy.Implies(sympy.And(*when), sympy.sympify(own) >= payoff) for when, own, _ in honest]
            yield Unsat(f"{size}: this report earns no more than the truth", [*domain, *conditions], sympy.And(*best))
    yield Identity(
        "sellers are buyers of the market with all signs turned",
        [mcafee_price(-ASK, -BID) + mcafee_price(BID, ASK)],
    )
    yield Finite("the auction itself is one of these cases, for two bids and two asks of 0 to 3", _mcafee_books)


def _mcafee_books() -> Iterator[tuple[str, bool]]:
    for bids, asks in _books():
        deal = _clear(bids, asks, "mcafee")
        gains = [order.price * kwh for order, kwh in zip(deal.book.orders, deal.filled, strict=True)]
        gained = [
            gain - bill if k < 2 else -bill - gain for k, (gain, bill) in enumerate(zip(gains, deal.bills, strict=True))
        ]
        agrees = True
        for k in range(4):
            own, rivals, others = (bids, bids, sorted(asks)) if k < 2 else (
                [-c for c in asks], [-c for c in asks], sorted(-v for v in bids))  # fmt: skip
            rest = [rivals[1 - k % 2]]
            cases = {(u, kept) for when, u, kept in _mcafee(own[k % 2], own[k % 2], rest, others) if all(when)}
            agrees = agrees and (gained[k], deal.kept) in cases
        yield f"bids {bids}, asks {asks}", agrees and min(gained) >= 0


def _half_price() -> Step:
    def payoff(report: Any) -> Any:
        return sympy.Piecewise((TRUTH - marginal_price(report, ASK, HALF), report >= ASK), (0, True))

    return Unsat("no report earns more than the truth", [], payoff(TRUTH) >= payoff(REPORT))


# ------------------------------------------------------------------------------------------------------------- G.3


def _efficient() -> Iterator[Step]:
    gain = sympy.Max(BID - PRICE, 0) + sympy.Max(PRICE - ASK, 0)
    yield Unsat("any pair, at any price: its surplus is at most both gains", [], trade_surplus(BID, ASK, 1) <= gain)
    yield Unsat(
        "a pair on either side of the price: its surplus is both gains",
        [BID >= PRICE, PRICE >= ASK],
        sympy.Eq(trade_surplus(BID, ASK, 1), gain),
    )
    yield Unsat(
        "who is left out of a competitive set has no gain at its price",
        [BID <= PRICE, PRICE <= ASK],
        sympy.Eq(gain, 0),
    )
    got, most = sympy.symbols("W W_max", real=True)
    yield Unsat(
        "so the ratio is at most 1, and 1 only where the surplus is that of a competitive set",
        [most > 0, got <= most],
        sympy.And(got / most <= 1, sympy.Equivalent(sympy.Eq(got / most, 1), sympy.Eq(got, most))),
    )
    yield Finite("the auction reaches the best of all matchings, two bids and two asks of 0 to 3", _matchings)


def _matchings() -> Iterator[tuple[str, bool]]:
    for bids, asks in _books():
        best = max(
            sum(trade_surplus(b, c, take) for b, c, take in zip(bids, order, taken, strict=True))
            for order in permutations(asks)
            for taken in product((0, 1), repeat=2)
        )
        deals = (_clear(bids, asks, rule) for rule in ("midpoint", "competitive"))
        reduced = (_clear(bids, asks, rule) for rule in ("trade_reduction", "mcafee"))
        reached = all(deal.surplus == best for deal in deals) and all(deal.surplus <= best for deal in reduced)
        yield f"bids {bids}, asks {asks}", reached


def _always_efficient() -> Iterator[tuple[str, bool]]:
    for bid, ask in ((0, 10), (10, 0)):
        yield f"bid {bid}, ask {ask}", _clear([bid], [ask], "mcafee").surplus == max(trade_surplus(bid, ask, 1), 0)


_WANG = "Wang, Saad, Han, Poor and Basar 2014, structure"
_STORES = ("StorageAuction",)

THEOREMS = (
    Theorem(
        id="A-P9",
        statement="With trade reduction s_L <= price <= b_M, so every trader's price is no worse than its own, and "
        "payments balance",
        domain="all real prices in the order of the lists; rationing of up to 3 on a side",
        source=_WANG,
        proof=_rational,
        mutant=Mutant(
            "The rule is strategy-proof in reported prices",
            lambda: Finite("no report of seller 2 earns more than its cost", _reports),
            {"case": "seller 2 reports 1/2"},
        ),
        models=_STORES,
    ),
    Theorem(
        id="A-P10",
        statement="Rationed sales do not fall in the own offer and do not rise in another's",
        domain="fixed trading sellers and demand, oversupply; 2 and 3 sellers by z3, any number by the terms of theta",
        source=_WANG,
        proof=_rationing,
        mutant=Mutant(
            "Sales do not fall in another's offer",
            lambda: _monotone(2, own=False, rising=True),
            {**dict(zip(_offers(2), (3, 5), strict=True)), MORE: 2, DEMAND: 6},
        ),
        models=_STORES,
        uses="for any number of sellers: a maximum of functions that do not fall does not fall",
    ),
    Theorem(
        id="E-P9",
        statement="McAfee's double auction is incentive compatible, individually rational and without deficit",
        domain="unit traders, 2 and 3 on each side, all real values, costs and reports, every tie rule",
        source="McAfee 1992, in the setting of Long, Wu, Zhang et al. 2017",
        proof=_truthful,
        mutant=Mutant(
            "The k-double auction with k = 1/2 is incentive compatible",
            _half_price,
            {TRUTH: 10, REPORT: 2, ASK: 0},
        ),
        models=("double_auction",),
    ),
    Theorem(
        id="G-P4",
        statement="Allocative efficiency of any feasible set of trades is at most 1, with equality iff its surplus is "
        "that of a competitive set",
        domain="any number of unit trades, pair by pair; all real values, costs and prices",
        source="Monroe, Hansen, Sorell et al. 2020, metrics",
        proof=_efficient,
        mutant=Mutant(
            "The McAfee auction always has efficiency 1",
            lambda: Finite("McAfee reaches the greatest surplus", _always_efficient),
            {"case": "bid 10, ask 0"},
        ),
        models=("double_auction",),
        uses="inequalities for the pairs add up",
    ),
)
