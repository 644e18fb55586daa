"""B.7 Credit-based loan pricing: a bank sets the price of loans, nodes borrow.

Source: Z. T. Li, J. W. Kang, R. Yu et al., "Consortium blockchain for secure energy trading in industrial Internet of
Things", IEEE Transactions on Industrial Informatics 14(8), 2018, 3690-3700; fidelity: paper (abstract) + derived. The
utility and the closed forms are the package's own, in the structure of the paper.

Borrower ``i`` takes ``l_i >= 0`` to maximise ``a_i ln(1 + l_i) - r l_i``; the bank earns ``(r - c) sum_i l_i``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import Number, exact, exact_series, log, positive_part, rational, sqrt, total
from gametheory.errors import InputError
from gametheory.games.loan_pricing import LoanPricingGame

__all__ = ["LoanPrice", "Loans", "active_profit", "bank_profit", "borrower_payoff", "loan", "stationary_price"]


def borrower_payoff(amount: Number, worth: Number, price: Number) -> Number:
    """Return ``a ln(1 + l) - r l``."""
    return worth * log(1 + amount) - price * amount


def loan(worth: Number, price: Number) -> Number:
    """Return ``(a/r - 1)^+``: the best loan at price ``r > 0``."""
    return positive_part(worth / price - 1)


def bank_profit(price: Number, cost: Number, worth: Sequence[Number]) -> Number:
    """Return ``(r - c) sum_i (a_i/r - 1)^+``."""
    return (price - cost) * total([loan(a, price) for a in worth])


def active_profit(price: Number, cost: Number, worth: Number, count: Number) -> Number:
    """Return ``(r - c)(A/r - m)``: the profit while exactly ``m`` nodes borrow, ``A`` their worth together."""
    return (price - cost) * (worth / price - count)


def stationary_price(cost: Number, worth: Number, count: Number) -> Number:
    """Return ``r_m = sqrt(c A_m/m)``: where the profit from ``m`` borrowers is stationary."""
    return sqrt(cost * worth / count)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanPrice:
    """The bank's best price.

    Attributes
    ----------
    price, profit
        Balls (a square root is in them), or rationals where the price is one of the ``a_i`` or the cost.
    borrowers
        How many nodes, in falling order of ``a_i``, borrow at it.
    decided
        False where two candidates are too close for balls to tell which is better; the smaller price is returned.
    """

    price: Any
    profit: Any
    borrowers: int
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Loans:
    """A bank that leads with a loan price, and nodes that borrow.

    Source: Li, Kang, Yu et al. 2018; fidelity: paper (abstract) + derived (utility and closed forms are the package's
    own). Theorems: B-P10.

    Parameters
    ----------
    worth
        ``a_i > 0`` of each node.
    cost
        ``c > 0``: what a unit of loan costs the bank.

    Examples
    --------
    >>> best = Loans(worth=(4, 4), cost=1).best_price
    >>> best.borrowers, float(best.price.mid()), float(best.profit.mid())
    (2, 2.0, 2.0)
    >>> Loans(worth=(4, 1), cost=1).to_game().players
    ('borrower 0', 'borrower 1')
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P10",)
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    worth: tuple[Fraction, ...]
    cost: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "worth", exact_series(self.worth, what="worth"))
        object.__setattr__(self, "cost", exact(self.cost, what="cost"))
        problems = []
        if not self.worth:
            problems.append("no borrower: give at least one worth")
        problems += [f"worth[{k}] is {a}; it must be > 0" for k, a in enumerate(self.worth) if a <= 0]
        if self.cost <= 0:
            problems.append(f"cost {self.cost} must be > 0")
        InputError.raise_all(problems)

    def to_game(self) -> LoanPricingGame:
        """Return the game: one price, and a reply of each borrower that is a fraction of it."""
        return LoanPricingGame.from_numbers(self.worth, cost=self.cost)

    def profit(self, price: Number) -> Fraction:
        """Return what the bank earns at a price >= its cost, exactly."""
        asked = exact(price, what="price")
        if asked < self.cost:
            raise InputError(f"price {asked} is below the cost {self.cost}; the bank would lose on every loan")
        return exact(bank_profit(asked, self.cost, self.worth))

    @property
    def best_price(self) -> LoanPrice:
        """The best price over all sets of borrowers; the cost itself, with profit 0, where nobody would pay more.

        The profit is continuous but has a convex kink at each ``a_i``, so each set of borrowers has its own candidate:
        ``r_m`` clipped to the prices at which exactly the first ``m`` borrow.
        """
        order = [*sorted(self.worth, reverse=True), Fraction(0)]
        if order[0] <= self.cost:
            return LoanPrice(price=self.cost, profit=Fraction(0), borrowers=0)
        best: LoanPrice | None = None
        for m in range(1, len(order)):
            low, high = max(self.cost, order[m]), order[m - 1]
            if high < self.cost:
                break
            worth = sum(order[:m], Fraction(0))
            square = self.cost * worth / m  # compare squares, so that nothing is rounded
            if square <= low * low:
                price: Any = low
            elif square >= high * high:
                price = high
            else:
                price = stationary_price(*(flint.arb(rational(v)) for v in (self.cost, worth, Fraction(m))))
            inside = [flint.arb(rational(v)) for v in (self.cost, worth, Fraction(m))]
            profit = active_profit(flint.arb(rational(price)) if price in (low, high) else price, *inside)
            best = _better(best, LoanPrice(price=price, profit=profit, borrowers=m))
        return best if best is not None else LoanPrice(price=self.cost, profit=Fraction(0), borrowers=0)


def _better(old: LoanPrice | None, new: LoanPrice) -> LoanPrice:
    """Return the better of two candidates; where balls overlap, the later one, whose price is smaller, undecided."""
    if old is None or new.profit > old.profit:
        return new
    if old.profit > new.profit:
        return old
    # Neighbouring sets share the kink between them: the same rational price is the same candidate.
    same = old.price is new.price or bool(old.price == new.price)
    return LoanPrice(price=new.price, profit=new.profit, borrowers=new.borrowers, decided=same and old.decided)
