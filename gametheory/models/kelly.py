"""Proportional allocation of one resource to money bids (Kelly's mechanism): the anchor of B.5.

Source: R. Johari, J. N. Tsitsiklis, "Efficiency loss in a network resource allocation game", Mathematics of Operations
Research 29(3), 2004, 407-435; F. P. Kelly, European Transactions on Telecommunications 8 (1997) 33-37; fidelity: paper
(linear valuations, one resource of size 1).

Buyer ``j`` bids the amount of money ``b_j``, receives the share ``x_j = b_j / sum b`` and values it at ``w_j x_j``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, positive_part, total
from gametheory.errors import InputError
from gametheory.games.expression import Expression
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.smooth import SmoothGame

__all__ = ["KellyAllocation", "buyer_payoff", "clearing_price", "equilibrium_share", "marginal_worth", "welfare"]


def buyer_payoff(bid: Number, others: Number, worth: Number) -> Number:
    """Return ``w b/(b + B) - b``: what a buyer gains when the others' bids sum to ``B``."""
    return worth * bid / (bid + others) - bid


def marginal_worth(share: Number, worth: Number) -> Number:
    """Return ``w (1 - x)``: what another unit is worth to a buyer who knows that its bid raises the price."""
    return worth * (1 - share)


def equilibrium_share(price: Number, worth: Number) -> Number:
    """Return ``(1 - p/w)^+``: the share at which :func:`marginal_worth` is the price, or 0."""
    return positive_part(1 - price / worth)


def clearing_price(worth: Sequence[Number]) -> Number:
    """Return ``(k - 1)/sum_j 1/w_j`` of `k` buyers who all receive something: their shares then sum to 1."""
    return (len(worth) - 1) / total([1 / w for w in worth])


def welfare(shares: Sequence[Number], worth: Sequence[Number]) -> Number:
    """Return ``sum_j w_j x_j``; the optimum gives all to the buyer of largest worth."""
    return total([w * x for w, x in zip(worth, shares, strict=True)])


@dataclass(frozen=True, slots=True)
class KellyAllocation:
    """Buyers with linear valuations who bid money for shares of one resource.

    Source: Johari and Tsitsiklis 2004; fidelity: paper. Theorems: T-KELLY.

    Parameters
    ----------
    worth
        ``w_j > 0`` of each buyer; two or more buyers.

    Raises
    ------
    InputError
        Fewer than two buyers (a single one would always bid less), or a worth that is not positive.

    Examples
    --------
    >>> market = KellyAllocation(worth=(4, 2, 1))
    >>> market.price, market.shares, market.efficiency
    (Fraction(4, 3), (Fraction(2, 3), Fraction(1, 3), Fraction(0, 1)), Fraction(5, 6))
    >>> market.to_game().values((market.bids,))
    (Fraction(16, 9), Fraction(2, 9), Fraction(0, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("T-KELLY",)
    fidelity: ClassVar[str] = "paper"

    worth: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "worth", exact_series(self.worth, what="worth"))
        problems = [f"worth[{k}] is {w}; it must be > 0" for k, w in enumerate(self.worth) if w <= 0]
        if len(self.worth) < 2:
            problems.append(f"{len(self.worth)} buyer(s): give at least 2, a single one would always bid less")
        InputError.raise_all(problems)

    def to_game(self) -> SmoothGame:
        """Return the game of bids in ``[0, w_j]``: a higher one earns less than none. It has no value at bids all 0."""
        bids = [Expression.variable(j) for j in range(len(self.worth))]
        sets, payoffs = [], []
        for j, worth in enumerate(self.worth):
            others = total([bid for k, bid in enumerate(bids) if k != j])
            payoffs.append(buyer_payoff(bids[j], others, worth))
            sets.append(Polyhedron(("bid",), (Fraction(0),), (worth,)))
        buyers = tuple(f"buyer {j + 1}" for j in range(len(bids)))
        return SmoothGame(buyers, tuple(sets), tuple(payoffs))

    @property
    def price(self) -> Fraction:
        """The sum of bids at the only equilibrium, where as many of the most eager buyers as can receive."""
        order = sorted(self.worth, reverse=True)
        price = exact(clearing_price(order[:2]))
        for k in range(3, len(order) + 1):
            if order[k - 1] <= price:  # this buyer and all after it would receive nothing
                break
            price = exact(clearing_price(order[:k]))
        return price

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """What each buyer receives; the shares sum to 1."""
        price = self.price
        return tuple(exact(equilibrium_share(price, w)) for w in self.worth)

    @property
    def bids(self) -> tuple[Fraction, ...]:
        """What each buyer pays."""
        return tuple(self.price * share for share in self.shares)

    @property
    def efficiency(self) -> Fraction:
        """Welfare at equilibrium over the greatest welfare; at least 3/4."""
        return exact(welfare(self.shares, self.worth)) / max(self.worth)

    @property
    def price_of_anarchy(self) -> Fraction:
        """The optimum over the equilibrium: at most 4/3."""
        return 1 / self.efficiency
