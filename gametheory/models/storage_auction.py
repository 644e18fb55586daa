"""A.3 Storage owners sell into a double auction with trade reduction: how much to offer.

Source: Y. Wang, W. Saad, Z. Han, H. V. Poor, T. Basar, "A game-theoretic approach to energy trading in the smart grid",
IEEE Transactions on Smart Grid 5(3), 2014, 1439-1450; fidelity: paper (abstract) + derived. The payoff functions are
the package's own, in the structure of the paper.

A seller's offer moves the place where supply meets demand, so its payoff jumps; an equilibrium among offers that trade
need not exist. Offering nothing is always an equilibrium: a single seller would hold the last unit and be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact_series, maximum, positive_part, total
from gametheory.domain.clearing import Clearing
from gametheory.domain.orders import Order
from gametheory.games.auction import AuctionGame, read_offers
from gametheory.markets.double_auction import double_auction

__all__ = ["StorageAuction", "equal_cut", "mean_excess", "rationed", "seller_payoff"]


def mean_excess(chosen: Sequence[Number], demand: Number) -> Number:
    """Return ``(sum_S a - demand)/|S|``: the cut at which a set ``S`` of sellers alone meets the demand."""
    return (total(chosen) - demand) / len(chosen)


def equal_cut(offers: Sequence[Number], demand: Number) -> Number:
    """Return ``theta``: what each gives up, so that what is left meets the demand; 0 if there is too little.

    ``theta = max(0, max_S (sum_S a - demand)/|S|)`` over all sets ``S`` of sellers, because the left side of
    ``sum (a - theta)^+ = demand`` is the largest of ``sum_S (a - theta)``.

    >>> equal_cut([Fraction(3), Fraction(5)], Fraction(6))
    Fraction(1, 1)
    """
    sets = (chosen for size in range(1, len(offers) + 1) for chosen in combinations(offers, size))
    return maximum(0, *(mean_excess(chosen, demand) for chosen in sets))


def rationed(offers: Sequence[Number], demand: Number) -> list[Number]:
    """Return ``Q_i = (a_i - theta)^+``: what each seller sells when oversupply is shared by equal reduction."""
    cut = equal_cut(offers, demand)
    return [positive_part(offer - cut) for offer in offers]


def seller_payoff(price: Number, reservation: Number, sold: Number, ageing: Number) -> Number:
    """Return ``(price - s) Q - tau Q^2``: revenue above the reservation price less what ageing costs (money)."""
    return (price - reservation) * sold - ageing * sold * sold


@dataclass(frozen=True, slots=True)
class StorageAuction:
    """Storage owners with reservation prices, and buyers with bids.

    Source: Wang, Saad, Han, Poor and Basar 2014; fidelity: paper (abstract) + derived (the payoff functions are the
    package's own, in the structure of the paper). Theorems: A-P9, A-P10.

    Parameters
    ----------
    reservations
        ``s_i >= 0`` of each seller (money/kWh).
    capacities
        ``Amax_i >= 0``: the most it can offer (kWh).
    bids, demands
        ``b_k >= 0`` (money/kWh) and ``x_k >= 0`` (kWh) of each buyer.
    ageing
        ``tau_i >= 0`` (money/kWh^2); 0 if left out.
    sellers
        Names; default ``"store 1"``, ``"store 2"``, ...

    Raises
    ------
    InputError
        No seller or no buyer, a negative number, lists of different lengths.

    Examples
    --------
    >>> market = StorageAuction(reservations=(1, 0), capacities=(2, 4), bids=(10, 10), demands=(3, 3), ageing=(0, 1))
    >>> deal = market.clearing((2, "11/4"))
    >>> deal.prices, market.payoffs((2, "11/4"))
    ((Fraction(11, 2),), (Fraction(0, 1), Fraction(121, 16)))
    """

    theorems: ClassVar[tuple[str, ...]] = ("A-P9", "A-P10")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    reservations: tuple[Fraction, ...]
    capacities: tuple[Fraction, ...]
    bids: tuple[Fraction, ...]
    demands: tuple[Fraction, ...]
    ageing: tuple[Fraction, ...] = ()
    sellers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("reservations", "capacities", "bids", "demands", "ageing"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        count = len(self.reservations)
        object.__setattr__(self, "ageing", self.ageing or (Fraction(0),) * count)
        object.__setattr__(self, "sellers", tuple(self.sellers) or tuple(f"store {k + 1}" for k in range(count)))
        self.to_game()  # refuses what is wrong with the numbers

    def to_game(self) -> AuctionGame:
        """Return the game as plain data."""
        return AuctionGame(self.sellers, self.reservations, self.capacities, self.ageing, self.bids, self.demands)

    def clearing(self, offers: Any) -> Clearing:
        """Return what the auction makes of the offers: :func:`~gametheory.markets.double_auction` with trade reduction.

        The ids of sell orders are ``"sell 1"``, ..., those of buy orders ``"buy 1"``, ...
        """
        given = read_offers(self.to_game(), offers)
        selling = [
            Order(f"sell {k + 1}", name, "sell", offer, price)
            for k, (name, offer, price) in enumerate(zip(self.sellers, given, self.reservations, strict=True))
        ]
        taken = set(self.sellers)
        buying = []
        for k, (quantity, price) in enumerate(zip(self.demands, self.bids, strict=True)):
            name = f"buyer {k + 1}"
            while name in taken:
                name += "'"
            buying.append(Order(f"buy {k + 1}", name, "buy", quantity, price))
        return double_auction([*selling, *buying], price_rule="trade_reduction")

    def payoffs(self, offers: Any) -> tuple[Fraction, ...]:
        """Return what each seller earns, by the auction and the formula.

        Where the auction cuts the sellers, what they sell is :func:`rationed` of the offers that trade.
        """
        deal = self.clearing(offers)
        price = deal.prices[0]
        if price is None:
            return (Fraction(0),) * len(self.sellers)
        sold = deal.filled[: len(self.sellers)]
        return tuple(
            seller_payoff(price, s, q, tau) for s, q, tau in zip(self.reservations, sold, self.ageing, strict=True)
        )
