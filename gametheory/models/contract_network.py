"""D.4 Bilateral contracts for single units: stable matchings with prices, found by raising prices.

Source: T. Morstyn, A. Teytelboym, M. D. McCulloch, "Bilateral contract networks for peer-to-peer energy trading", IEEE
Transactions on Smart Grid 10(2), 2019, 2026-2035; fidelity: paper (abstract) + derived. Unit demands on two sides and
the sealed form of the process are the package's own; this case is the assignment game (L. S. Shapley, M. Shubik,
International Journal of Game Theory 1 (1971) 111-130).

Seller ``i`` has one unit at cost ``c_i``, buyer ``j`` values it at ``v_ij``; a contract ``(i, j)`` has a price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, maximum
from gametheory.errors import InputError
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Status

__all__ = [
    "ContractNetwork",
    "Contracts",
    "blocking_gain",
    "buyer_payoff",
    "pair_surplus",
    "seller_payoff",
]

Pair = tuple[int, int]


def pair_surplus(value: Number, cost: Number) -> Number:
    """Return ``(v - c)^+``: what a seller and a buyer can share."""
    return maximum(value - cost, 0)


def seller_payoff(price: Number, cost: Number) -> Number:
    """Return ``p - c`` of a seller that trades."""
    return price - cost


def buyer_payoff(value: Number, price: Number) -> Number:
    """Return ``v - p`` of a buyer that trades."""
    return value - price


def blocking_gain(surplus: Number, seller: Number, buyer: Number) -> Number:
    """Return the surplus of a pair less what its ends have: if positive, they would rather trade together."""
    return surplus - seller - buyer


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """Accepted contracts.

    Attributes
    ----------
    prices
        (seller, buyer) -> price of each contract.
    sellers, buyers
        Payoffs; 0 of those who do not trade.
    largest_gain
        The most that a pair gains by leaving for each other (0: stable).
    iterations, status
        Rounds of the process, and how it ended.
    """

    prices: Mapping[Pair, Fraction]
    sellers: tuple[Fraction, ...]
    buyers: tuple[Fraction, ...]
    largest_gain: Fraction
    iterations: int = 0
    status: Status = Status.SOLVED


@dataclass(frozen=True, slots=True)
class ContractNetwork:
    """Sellers and buyers of one unit each.

    Source: Morstyn, Teytelboym and McCulloch 2019; fidelity: paper (abstract) + derived (unit demands are the package's
    own case). Theorems: D-P8.

    Parameters
    ----------
    costs
        ``c_i`` of each seller (money).
    values
        ``v_ij``: a row for each seller, a column for each buyer (money).

    Raises
    ------
    InputError
        No seller or no buyer, or rows of different lengths.

    Examples
    --------
    >>> market = ContractNetwork(costs=(0, 1), values=((4, 3), (4, 5)))
    >>> found = market.adjust("0.25")
    >>> sorted(found.prices), found.largest_gain <= Fraction(1, 2)
    ([(0, 0), (1, 1)], True)
    """

    theorems: ClassVar[tuple[str, ...]] = ("D-P8",)
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    costs: tuple[Fraction, ...]
    values: tuple[tuple[Fraction, ...], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "costs", exact_series(self.costs, what="costs"))
        rows = tuple(exact_series(row, what=f"values[{i}]") for i, row in enumerate(self.values))
        object.__setattr__(self, "values", rows)
        problems = []
        if not self.costs or not rows or not rows[0]:
            problems.append("no seller or no buyer: give at least one of each")
        if len(rows) != len(self.costs) or len({len(row) for row in rows}) > 1:
            problems.append(
                f"{len(self.costs)} costs, rows of {[len(row) for row in rows]} values; give a row a seller"
            )
        InputError.raise_all(problems)

    def surplus(self, pair: Pair) -> Fraction:
        """Return what a seller and a buyer can share (money)."""
        i, j = pair
        return exact(pair_surplus(self.values[i][j], self.costs[i]))

    def to_game(self) -> CoalitionalGame:
        """Return the assignment game of the pairs' surpluses: its core holds the payoffs of all stable outcomes."""
        sellers, buyers = len(self.costs), len(self.values[0])
        matrix = [[self.surplus((i, j)) for j in range(buyers)] for i in range(sellers)]
        names = [f"seller {i + 1}" for i in range(sellers)] + [f"buyer {j + 1}" for j in range(buyers)]
        return CoalitionalGame.assignment(matrix, players=names)

    def judge(self, prices: Mapping[Pair, Number], *, iterations: int = 0, status: Status = Status.SOLVED) -> Contracts:
        """Return payoffs of some contracts, and the most that a pair, or one alone by leaving, would gain.

        Raises
        ------
        InputError
            A seller or a buyer stands in two contracts, or in one that is not there.
        """
        read = {pair: exact(price, what=f"price of {pair}") for pair, price in prices.items()}
        count, width = len(self.costs), len(self.values[0])
        for side, size in ((0, count), (1, width)):
            used = [pair[side] for pair in read]
            if len(set(used)) < len(used) or any(not 0 <= k < size for k in used):
                raise InputError(f"contracts {sorted(read)}: each of {size} stands in one contract at most")
        sellers, buyers = [Fraction(0)] * count, [Fraction(0)] * width
        for (i, j), price in read.items():
            sellers[i] = exact(seller_payoff(price, self.costs[i]))
            buyers[j] = exact(buyer_payoff(self.values[i][j], price))
        gains = [
            exact(blocking_gain(self.surplus((i, j)), sellers[i], buyers[j]))
            for i in range(count)
            for j in range(width)
        ]
        gains += [-payoff for payoff in (*sellers, *buyers)]
        return Contracts(
            prices=read,
            sellers=tuple(sellers),
            buyers=tuple(buyers),
            largest_gain=max(Fraction(0), *gains),
            iterations=iterations,
            status=status,
        )

    def adjust(self, increment: Number, *, fee: Number = 0, iterations: int = 100_000) -> Contracts:
        """Raise prices until no contract is demanded and not offered.

        Each contract has a buyer price and a seller price, from the lowest cost on. In a round every buyer asks for its
        best contract and every seller offers its best one, each after half of the `fee`; for a contract that is asked
        for and not offered the seller price follows the buyer price, or the buyer price rises by `increment`. The
        outcome is stable up to a few increments (:attr:`Contracts.largest_gain` says how far, without the fee).
        """
        step, half = exact(increment, what="increment"), exact(fee, what="fee") / 2
        if step <= 0 or half < 0:
            raise InputError(f"increment {step}, fee {2 * half}: give an increment > 0 and a fee >= 0")
        pairs = [(i, j) for i in range(len(self.costs)) for j in range(len(self.values[0]))]
        bottom = min(self.costs)
        buy, sell = dict.fromkeys(pairs, bottom), dict.fromkeys(pairs, bottom)
        for count in range(iterations):
            asked = _choices({p: self.values[p[0]][p[1]] - buy[p] - half for p in pairs}, side=1)
            offered = _choices({p: sell[p] - half - self.costs[p[0]] for p in pairs}, side=0)
            excess = sorted(asked - offered)
            if not excess:
                return self.judge({p: sell[p] for p in sorted(asked)}, iterations=count)
            for pair in excess:
                if buy[pair] > sell[pair]:
                    sell[pair] += step
                else:
                    buy[pair] += step
        return self.judge({}, iterations=iterations, status=Status.NOT_CONVERGED)


def _choices(payoffs: Mapping[Pair, Fraction], *, side: int) -> set[Pair]:
    """Return each agent's best contract of a side, if it is worth having; ties go to the lower contract."""
    best: dict[int, Pair] = {}
    for pair in sorted(payoffs):
        payoff = payoffs[pair]
        rival = best.get(pair[side])
        if payoff >= 0 and (rival is None or payoff > payoffs[rival]):
            best[pair[side]] = pair
    return set(best.values())
