"""B.5 Sellers choose amounts, buyers bid prices, energy is shared in proportion to the bids.

Source: J. Lee, J. Guo, J. K. Choi, M. Zukerman, "Distributed energy trading in microgrids: a game-theoretic model and
its equilibrium analysis", IEEE Transactions on Industrial Electronics 62(6), 2015, 3524-3533; fidelity: paper
(abstract) + derived. Linear valuations and the closed forms are the package's own, in the structure of the paper.

Of the total ``Q`` buyer ``j`` receives ``b_j Q / sum_l b_l`` and pays its bid ``b_j`` for each unit. The buyers' game
does not depend on ``Q > 0``, so the two levels decouple: bids first, amounts after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import Number, clip, exact, exact_series, log, rational, sqrt, total
from gametheory.errors import InputError
from gametheory.games.expression import Expression
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.smooth import SmoothGame

__all__ = [
    "ProportionalAllocation",
    "average_price",
    "best_bid",
    "bid_at_total",
    "buyer_payoff",
    "seller_amount",
    "seller_payoff",
    "share_at_ratio",
    "symmetric_bid",
]


def buyer_payoff(bid: Number, others: Number, worth: Number, energy: Number) -> Number:
    """Return ``(w - b) b Q/(b + B)``: what a buyer gains (money) when the others' bids sum to ``B``."""
    return (worth - bid) * bid * energy / (bid + others)


def best_bid(others: Number, worth: Number) -> Number:
    """Return ``-B + sqrt(B^2 + w B)``: the best reply to bids that sum to ``B > 0``."""
    return sqrt(others * others + worth * others) - others


def bid_at_total(everybody: Number, worth: Number) -> Number:
    """Return ``[2T + w - sqrt(4T^2 + w^2)]/2``: the bid that is a best reply where all bids sum to ``T``."""
    return (2 * everybody + worth - sqrt(4 * everybody * everybody + worth * worth)) / 2


def share_at_ratio(ratio: Number) -> Number:
    """Return ``1 + u - sqrt(1 + u^2)``: the share ``b/T`` of that bid, with ``u = w/(2T)``."""
    return 1 + ratio - sqrt(1 + ratio * ratio)


def symmetric_bid(buyers: Number, worth: Number) -> Number:
    """Return ``w (n - 1)/(2n - 1)``: each bid of `buyers` identical buyers."""
    return worth * (buyers - 1) / (2 * buyers - 1)


def average_price(bids: Sequence[Number]) -> Number:
    """Return ``pbar = sum b^2 / sum b``: what a unit earns on average (money/kWh)."""
    return total([b * b for b in bids]) / total(bids)


def seller_payoff(amount: Number, energy: Number, price: Number, weight: Number) -> Number:
    """Return ``theta ln(1 + pbar x) + (1 - theta) ln(1 + E - x)``: revenue against energy kept."""
    return weight * log(1 + price * amount) + (1 - weight) * log(1 + energy - amount)


def seller_amount(energy: Number, price: Number, weight: Number) -> Number:
    """Return ``[theta pbar (1 + E) - (1 - theta)]/pbar`` clipped to ``[0, E]``: the best amount for sale."""
    return clip((weight * price * (1 + energy) - (1 - weight)) / price, 0, energy)


@dataclass(frozen=True, slots=True)
class ProportionalAllocation:
    """Buyers bid prices for a share, sellers decide how much to sell at what they bring.

    Source: Lee, Guo, Choi and Zukerman 2015; fidelity: paper (abstract) + derived (valuations and closed forms are the
    package's own). Theorems: B-P8, B-P9. What sellers foresee is the same for every amount on offer, so leading gives
    them nothing: the Stackelberg equilibrium is the Nash equilibrium of :meth:`to_game`.

    Parameters
    ----------
    worth
        ``w_j > 0`` of each buyer (money/kWh); two or more buyers.
    energy
        ``E_i >= 0`` stored by each seller (kWh).
    weight
        ``theta_i`` in [0, 1] of each seller: revenue against stored energy.

    Raises
    ------
    InputError
        Fewer than two buyers (a single one would always bid less), numbers outside their range.

    Examples
    --------
    >>> market = ProportionalAllocation(worth=(3, 3), energy=(4,), weight=("1/2",))
    >>> [float(round(float(bid.mid()), 12)) for bid in market.bids]
    [1.0, 1.0]
    >>> import gametheory
    >>> answer = gametheory.nash_equilibrium(market)
    >>> answer.profile, str(answer.certificate.strength)
    (((Fraction(1, 1),), (Fraction(1, 1),), (Fraction(2, 1),)), 'exact')
    """

    theorems: ClassVar[tuple[str, ...]] = ("B-P8", "B-P9")
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    worth: tuple[Fraction, ...]
    energy: tuple[Fraction, ...]
    weight: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        for name in ("worth", "energy", "weight"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        problems = []
        if len(self.worth) < 2:
            problems.append(f"{len(self.worth)} buyer(s): give at least 2, a single one would always bid less")
        problems += [f"worth[{k}] is {w}; it must be > 0" for k, w in enumerate(self.worth) if w <= 0]
        if not self.energy or len(self.energy) != len(self.weight):
            problems.append(f"{len(self.energy)} energies, {len(self.weight)} weights; give one of each for a seller")
        problems += [f"energy[{k}] is {e}, which is negative" for k, e in enumerate(self.energy) if e < 0]
        problems += [f"weight[{k}] is {t}; it must lie in [0, 1]" for k, t in enumerate(self.weight) if not 0 <= t <= 1]
        InputError.raise_all(problems)

    def to_game(self) -> SmoothGame:
        """Return the game of bids in ``[0, w_j]`` (a higher one earns less than none) and amounts in ``[0, E_i]``.

        Buyers count what they gain for each unit on offer. Their only equilibrium is the same after every ``Q > 0``,
        so a seller's amount moves no bid, and a seller that leads maximises what one does that takes ``pbar`` as given:
        the equilibria are the outcomes of backward induction. Where nothing is for sale, the bids are those that a
        first unit would meet. It has no value at bids all 0.
        """
        buyers, sellers = len(self.worth), len(self.energy)
        bids = [Expression.variable(j) for j in range(buyers)]
        price = average_price(bids)
        sets = [Polyhedron(("bid",), (Fraction(0),), (worth,)) for worth in self.worth]
        payoffs = [
            buyer_payoff(bids[j], total([bid for k, bid in enumerate(bids) if k != j]), worth, 1)
            for j, worth in enumerate(self.worth)
        ]
        for i, (energy, weight) in enumerate(zip(self.energy, self.weight, strict=True)):
            sets.append(Polyhedron(("amount",), (Fraction(0),), (energy,)))
            payoffs.append(seller_payoff(Expression.variable(buyers + i), energy, price, weight))
        names = (*(f"buyer {j + 1}" for j in range(buyers)), *(f"seller {i + 1}" for i in range(sellers)))
        return SmoothGame(names, tuple(sets), tuple(payoffs))

    @property
    def total_bids(self) -> tuple[Fraction, Fraction]:
        """Two rationals, ``10^-15`` of themselves apart, between which the bids sum at the only equilibrium.

        The shares ``b_j(T)/T`` fall in ``T``; balls decide on which side of 1 their sum is.
        """
        low, high = Fraction(1), Fraction(1)
        while self._excess(low) <= 0:
            low /= 2
        while self._excess(high) >= 0:
            high *= 2
        while high - low > low / 10**15:
            middle = (low + high) / 2
            side = self._excess(middle)
            if side == 0:  # the root as far as 400 bits tell: take it in from both sides
                tiny = middle / 10**16
                return middle - tiny, middle + tiny
            low, high = (middle, high) if side > 0 else (low, middle)
        return low, high

    def _excess(self, everybody: Fraction) -> int:
        """Return the sign of the sum of shares less 1 at this total; 0 where balls cannot tell."""
        for bits in (80, 400):
            before = flint.ctx.prec
            flint.ctx.prec = bits
            try:
                shares = total([share_at_ratio(flint.arb(rational(w / (2 * everybody)))) for w in self.worth])
                if shares > 1:
                    return 1
                if shares < 1:
                    return -1
            finally:
                flint.ctx.prec = before
        return 0

    @property
    def bids(self) -> tuple[Any, ...]:
        """The equilibrium bid of each buyer (money/kWh), as balls that contain it."""
        low, high = self.total_bids
        around = flint.arb(rational((low + high) / 2), rational((high - low) / 2))
        return tuple(bid_at_total(around, flint.arb(rational(w))) for w in self.worth)

    @property
    def price(self) -> Any:
        """``pbar`` (money/kWh) as a ball."""
        return average_price(self.bids)

    @property
    def amounts(self) -> tuple[Any, ...]:
        """What each seller sells (kWh), as balls."""
        price = self.price
        return tuple(
            seller_amount(flint.arb(rational(e)), price, flint.arb(rational(t)))
            for e, t in zip(self.energy, self.weight, strict=True)
        )

    @property
    def bids_undetermined(self) -> bool:
        """Whether nothing is for sale (``Q = 0``): any bid is then as good as another, :attr:`bids` say nothing."""
        return all(bool(amount == 0) for amount in self.amounts)

    @property
    def allocation(self) -> tuple[Any, ...]:
        """What each buyer receives (kWh): its share of the bids in all that is for sale, as balls."""
        bids, energy = self.bids, total(self.amounts)
        return tuple(bid * energy / total(bids) for bid in bids)

    @property
    def symmetric_bid(self) -> Fraction:
        """The exact bid where all buyers are alike."""
        if len(set(self.worth)) > 1:
            raise InputError("the buyers differ, so there is no closed form; use .bids")
        return exact(symmetric_bid(len(self.worth), self.worth[0]))
