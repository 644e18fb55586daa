"""G.2 Reverse auctions for the procurement of a microgrid: pay-as-bid, Vickrey, uniform price.

Source: M. H. Cintuglu, H. Martin, O. A. Mohammed, "Real-time implementation of multiagent-based game theory reverse
auction model for microgrid market operation", IEEE Transactions on Smart Grid 6(2), 2015, 1064-1072; fidelity: derived.
The rules are standard ones chosen to carry out the idea (W. Vickrey, Journal of Finance 16 (1961) 8-37).

A buyer procures units; generators ask a price. The lowest asks win; ties go to the lower index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, minimum
from gametheory.errors import InputError

__all__ = [
    "AuctionResult",
    "ReverseAuction",
    "first_price_payment",
    "margin",
    "symmetric_ask",
    "vickrey_payment",
    "winning_chance",
]


def margin(ask: Number, rivals: Sequence[Number]) -> Number:
    """Return ``min(rivals) - ask``: positive wins, negative loses, 0 is a tie that the index decides."""
    return minimum(*rivals) - ask


def vickrey_payment(ask: Number, rivals: Sequence[Number]) -> Number:
    """Return the lowest rival ask: what a winner is paid under Vickrey's rule, whatever its own `ask`."""
    return minimum(*rivals) + 0 * ask


def first_price_payment(ask: Number, rivals: Sequence[Number]) -> Number:
    """Return the own ask: what a winner is paid as bid, whatever the `rivals` ask."""
    return ask + 0 * minimum(*rivals)


def symmetric_ask(cost: Number, sellers: Number) -> Number:
    """Return ``c + (1 - c)/n``: the symmetric ask of pay-as-bid, costs independent and uniform on [0, 1]."""
    return cost + (1 - cost) / sellers


def winning_chance(cost: Number, sellers: int) -> Number:
    """Return ``(1 - c)^(n - 1)``: the chance that all others have a higher cost."""
    return (1 - cost) ** (sellers - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionResult:
    """Who supplies, and at which price.

    Attributes
    ----------
    winners
        Indices of the sellers, cheapest first.
    payments
        What each winner is paid for its unit (money).
    complete
        Whether all units were procured.
    """

    winners: tuple[int, ...]
    payments: tuple[Fraction, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ReverseAuction:
    """A buyer that procures `demand` units from sellers with one unit each.

    Source: Cintuglu, Martin and Mohammed 2015; fidelity: derived (standard rules chosen to carry out the idea).
    Theorems: G-P2, G-P3. Costs are private, so this is a Bayesian game, for which there is no data form yet: no
    ``to_game``.

    Parameters
    ----------
    asks
        Price of each seller's unit (money), >= 0.
    demand
        Units, at least 1.
    reserve
        The highest price paid; required wherever no ask is rejected. None: no limit.

    Examples
    --------
    >>> auction = ReverseAuction(asks=(3, 1, 2))
    >>> auction.vickrey.winners, auction.vickrey.payments, auction.pay_as_bid.payments
    ((1,), (Fraction(2, 1),), (Fraction(1, 1),))
    """

    theorems: ClassVar[tuple[str, ...]] = ("G-P2", "G-P3")
    fidelity: ClassVar[str] = "derived"

    asks: tuple[Fraction, ...]
    demand: int = 1
    reserve: Fraction | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "asks", exact_series(self.asks, what="asks"))
        if self.reserve is not None:
            object.__setattr__(self, "reserve", exact(self.reserve, what="reserve"))
        problems = []
        if not self.asks:
            problems.append("no seller: give at least one ask")
        problems += [f"asks[{k}] is {a}, which is negative" for k, a in enumerate(self.asks) if a < 0]
        if self.demand < 1:
            problems.append(f"demand {self.demand}: give at least 1 unit")
        if self.reserve is not None and self.reserve < 0:
            problems.append(f"reserve {self.reserve} is negative")
        InputError.raise_all(problems)

    def _winners(self) -> list[int]:
        order = sorted(range(len(self.asks)), key=lambda k: (self.asks[k], k))
        kept = [k for k in order if self.reserve is None or self.asks[k] <= self.reserve]
        return kept[: self.demand]

    @property
    def pay_as_bid(self) -> AuctionResult:
        """Every winner is paid its ask."""
        winners = self._winners()
        return AuctionResult(
            winners=tuple(winners), payments=tuple(self.asks[k] for k in winners), complete=len(winners) == self.demand
        )

    @property
    def vickrey(self) -> AuctionResult:
        """Every winner is paid the first rejected ask, or the reserve if that is lower (one unit: the second price).

        Raises
        ------
        InputError
            No ask is rejected and there is no reserve: nothing sets the price.
        """
        winners = self._winners()
        rejected = sorted(self.asks[k] for k in range(len(self.asks)) if k not in winners)
        limits = [v for v in (rejected[0] if rejected else None, self.reserve) if v is not None]
        if winners and not limits:
            raise InputError(f"all {len(self.asks)} asks win, so none is rejected to set the price; give a reserve")
        price = min(limits) if limits else Fraction(0)
        return AuctionResult(
            winners=tuple(winners), payments=(price,) * len(winners), complete=len(winners) == self.demand
        )
