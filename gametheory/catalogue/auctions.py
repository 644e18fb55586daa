"""Order books and storage owners' auctions, small enough to be cleared by hand, each with the mistake it catches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gametheory.catalogue.entry import Entry
from gametheory.domain.orders import Order, OrderBook
from gametheory.games.auction import AuctionGame

__all__ = ["entries"]

_BY_HAND = "Cleared by hand here"
_WANG = (
    "Solved by hand here, in the structure of Y. Wang, W. Saad, Z. Han, H. V. Poor and T. Basar, IEEE Transactions on "
    "Smart Grid 5 (2014) 1439-1450"
)
_MCAFEE = "Cleared by hand here, after R. P. McAfee, Journal of Economic Theory 56 (1992) 434-450"


def _book(*rows: tuple[str, Any, Any]) -> OrderBook:
    return OrderBook(
        tuple(
            Order(f"{side} {k}", f"{side}er {k}", side, quantity, price)
            for k, (side, quantity, price) in enumerate(rows, start=1)
        )
    )


def _game(players: tuple[str, ...], *columns: tuple[int, ...]) -> AuctionGame:
    reservations, capacities, ageing, bids, demands = (tuple(map(Fraction, column)) for column in columns)
    return AuctionGame(players, reservations, capacities, ageing, bids, demands)


def entries() -> tuple[Entry, ...]:
    """Return the books, each with what a rule makes of it, and the games, each with an equilibrium that trades."""
    return (*_books(), *_games())


def _books() -> tuple[Entry, ...]:
    """Facts of a book: rule -> (volume, price of buyers, price of sellers)."""
    return (
        Entry(
            name="book_undercut",
            game=_book(("buy", 1, 10), ("buy", 1, 10), ("sell", 1, 1), ("sell", 1, 2)),
            source=f"{_WANG}: seller 4 (cost 2) is marginal and sells nothing",
            facts={"trade_reduction": (1, 6, 6), "midpoint": (2, 6, 6)},
            lesson="Trade reduction at the midpoint is not strategy-proof: see the same book with the ask 1/2.",
        ),
        Entry(
            name="book_undercut_with_a_lie",
            game=_book(("buy", 1, 10), ("buy", 1, 10), ("sell", 1, 1), ("sell", 1, "1/2")),
            source=f"{_WANG}: seller 4 (cost 2) asks 1/2, pushes seller 3 to the margin and sells",
            facts={"trade_reduction": (1, Fraction(11, 2), Fraction(11, 2))},
            lesson="The liar trades at 11/2 and gains 7/2; with the truth it gains nothing.",
        ),
        Entry(
            name="book_of_one_pair",
            game=_book(("buy", 1, 10), ("sell", 1, 0)),
            source=_MCAFEE,
            facts={"midpoint": (1, 5, 5), "trade_reduction": (0, None, None), "mcafee": (0, None, None)},
            lesson="A reduction can remove the only trade: McAfee's rule has efficiency 0 here.",
        ),
        Entry(
            name="book_with_a_subsidised_pair",
            game=_book(("buy", 1, 10), ("buy", 1, 8), ("sell", 1, 2), ("sell", 1, 3)),
            source=_MCAFEE,
            facts={"midpoint": (2, Fraction(11, 2), Fraction(11, 2)), "mcafee": (1, 8, 3)},
            lesson="Where no order is left over to set the price, the auctioneer keeps 5: no deficit, no balance.",
        ),
        Entry(
            name="book_with_a_price_from_outside",
            game=_book(("buy", 1, 10), ("buy", 1, 4), ("sell", 1, 2), ("sell", 1, 6)),
            source=_MCAFEE,
            facts={"mcafee": (1, 5, 5), "competitive": (1, 5, 5), "midpoint": (1, 6, 6)},
            lesson="The mean of the first bid and ask left out suits the last pair, so all of it trades, in balance.",
        ),
        Entry(
            name="book_that_adds_up",
            game=_book(("buy", "0.1", 9), ("buy", "0.2", 9), ("sell", "0.3", 2), ("sell", 5, 9)),
            source=f"{_BY_HAND}: 0.1 + 0.2 = 0.3, so seller 3 is marginal and the price (9 + 2)/2",
            facts={"midpoint": (Fraction(3, 10), Fraction(11, 2), Fraction(11, 2))},
            lesson="In floats 0.1 + 0.2 exceeds 0.3 by 5e-17, and that residue would set the price at the cap, 9.",
        ),
        Entry(
            name="book_of_ties",
            game=_book(("buy", 3, 5), ("sell", 2, 1), ("sell", 4, 1), ("buy", 1, 1), ("sell", 1, 5)),
            source=f"{_BY_HAND}: at equal prices trade takes place, and the first in the book is served first",
            facts={"midpoint": (4, 1, 1), "buyer": (4, 1, 1), "competitive": (4, 1, 1)},
            lesson="A bid equal to the ask trades: with a strict comparison only 3 kWh would change hands.",
        ),
        Entry(
            name="book_without_a_crossing",
            game=_book(("buy", 1, 3), ("sell", 1, 4)),
            source=f"{_BY_HAND}: no bid reaches an ask",
            facts=dict.fromkeys(("midpoint", "competitive", "trade_reduction", "mcafee"), (0, None, None)),
            lesson="No trade has no price: neither 0 nor a mean of the two.",
        ),
    )


def _games() -> tuple[Entry, ...]:
    return (
        Entry(
            name="storage_owner_who_ages",
            game=_game(("marginal", "trader"), (1, 0), (2, 4), (0, 1), (10, 10), (3, 3)),
            source=f"{_WANG}: the price is (1 + 10)/2, so 11/2 q - q^2 is greatest at q = 11/4, below the demand of 3",
            answers={"nash_equilibrium": (Fraction(2), Fraction(11, 4))},
            lesson="The marginal owner sets the price and sells nothing; the other stops where ageing costs too much.",
        ),
        Entry(
            name="storage_owners_rationed",
            game=_game(("marginal", "first", "second"), (2, 0, 1), (1, 3, 3), (0, 0, 0), (10, 10), (4, 4)),
            source=f"{_WANG}: 3 + 3 exceed the demand of 4 by 2, so each sells 3 - 1, at the price 6",
            answers={"nash_equilibrium": (Fraction(1), Fraction(3), Fraction(3))},
            lesson="Under equal reduction a larger offer keeps a larger share, so everybody offers all there is.",
        ),
        Entry(
            name="storage_owner_alone",
            game=_game(("owner",), (0,), (2,), (1,), (10,), (3,)),
            source=f"{_WANG}: a single seller holds the last unit, whatever it offers, and is left out",
            facts={"regret_at_capacity": Fraction(0)},
            lesson="Trade reduction needs two sellers: alone, every offer earns nothing and is an equilibrium.",
        ),
        Entry(
            name="storage_owner_at_a_jump",
            game=_game(("a", "b", "c"), (0, 1, 2), (3, 5, 5), (0, 0, 0), (10, 10), (3, 1)),
            source=f"{_WANG}: from b = 1 on a and b meet the whole demand of 4 and b is left out; below it sells b/2",
            facts={"regret_at_capacity": Fraction(5, 2)},
            lesson="b's best payoff, 5/2, is approached and never reached: only an epsilon-equilibrium trades here.",
        ),
    )
