"""E.3 Losses and network fees between one seller and one buyer: the wedge between their prices.

Source: A. Paudel, L. P. M. I. Sampath, J. Yang et al., "Peer-to-peer energy trading in smart grid considering power
losses and network fees", IEEE Transactions on Smart Grid 11(6), 2020, 4727-4737; fidelity: derived. Quadratic utility
and cost are the package's own choice.

The buyer receives ``p``, the seller injects ``p + beta p^2``; the network takes ``gamma d p``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError

__all__ = ["LossyTrade", "injected", "pair_welfare", "wedge"]


def injected(received: Number, loss: Number) -> Number:
    """Return ``p + beta p^2``: what the seller injects (kWh) so that `received` arrives."""
    return received + loss * received * received


def pair_welfare(
    received: Number, worth: Number, satiation: Number, slope: Number, base: Number, loss: Number, fee: Number
) -> Number:
    """Return ``U(p) - C(p + beta p^2) - gamma d p`` with ``U = w p - v p^2/2`` and ``C = a s^2/2 + b s`` (money)."""
    sent = injected(received, loss)
    utility = worth * received - satiation * received * received / 2
    return utility - slope * sent * sent / 2 - base * sent - fee * received


def wedge(received: Number, seller_price: Number, loss: Number, fee: Number) -> Number:
    """Return ``gamma d + 2 beta p lam``: buyer price less seller price on an active trade, `fee` being ``gamma d``."""
    return fee + 2 * loss * received * seller_price


@dataclass(frozen=True, slots=True)
class LossyTrade:
    """The best trade of one pair.

    Source: Paudel, Sampath, Yang et al. 2020; fidelity: derived (quadratic utility and cost are the package's own).
    Theorems: E-P8. One welfare programme: there is no ``to_game``.

    Parameters
    ----------
    worth, satiation
        ``w`` and ``v >= 0`` of the buyer's utility.
    slope, base
        ``a >= 0`` and ``b`` of the seller's cost; ``v`` and ``a`` not both 0.
    loss
        ``beta >= 0`` (1/kWh).
    fee
        ``gamma d >= 0`` (money/kWh).

    Examples
    --------
    >>> low, high = LossyTrade(worth=10, satiation=1, slope=1, base=0, loss=0, fee=2).amount
    >>> low <= 4 <= high
    True
    """

    theorems: ClassVar[tuple[str, ...]] = ("E-P8",)
    fidelity: ClassVar[str] = "derived"

    worth: Fraction
    satiation: Fraction
    slope: Fraction
    base: Fraction
    loss: Fraction
    fee: Fraction

    def __post_init__(self) -> None:
        for name in ("worth", "satiation", "slope", "base", "loss", "fee"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = [
            f"{name} {getattr(self, name)} is negative"
            for name in ("satiation", "slope", "loss", "fee")
            if getattr(self, name) < 0
        ]
        if self.satiation == 0 and self.slope == 0:
            problems.append("satiation and slope are both 0: nothing bounds the trade; give one that is positive")
        InputError.raise_all(problems)

    def seller_price(self, received: Number) -> Fraction:
        """Return the seller's marginal cost ``a s + b`` (money/kWh)."""
        return self.slope * exact(injected(exact(received), self.loss)) + self.base

    def buyer_price(self, received: Number) -> Fraction:
        """Return the buyer's marginal utility ``w - v p`` (money/kWh)."""
        return self.worth - self.satiation * exact(received)

    def _gap(self, received: Fraction) -> Fraction:
        """Return buyer price less seller price less the wedge: the slope of welfare."""
        price = self.seller_price(received)
        return self.buyer_price(received) - price - exact(wedge(received, price, self.loss, self.fee))

    @property
    def relaxation_may_be_slack(self) -> bool:
        """Whether the seller price is 0 or less at the best trade: energy might then be injected and thrown away."""
        return self.seller_price(self.amount[1]) <= 0

    @property
    def amount(self) -> tuple[Fraction, Fraction]:
        """Two rationals at most ``10^-15`` apart around the best trade (kWh); both 0 if no trade is worth it.

        Raises
        ------
        InputError
            The seller's marginal cost is so negative that welfare is not concave.
        """
        if self._gap(Fraction(0)) <= 0:
            return Fraction(0), Fraction(0)
        if self.base < 0 and self.loss > 0:
            raise InputError(f"base {self.base} is negative: with losses welfare need not be concave; give base >= 0")
        high = Fraction(1)
        while self._gap(high) > 0:
            high *= 2
        low = Fraction(0)
        while high - low > Fraction(1, 10**15):
            middle = (low + high) / 2
            low, high = (middle, high) if self._gap(middle) > 0 else (low, middle)
        return low, high
