"""B.7: the best price of a lender before borrowers with log utility, over all sets of borrowers.

Source: derived, for the structure of Li, Kang, Yu et al., IEEE Transactions on Industrial Informatics 14(8), 2018,
3690-3700. At price ``r`` borrower ``i`` takes ``(a_i/r - 1)^+``.

1. Sort the ``a_i``, falling. While exactly the first ``m`` borrow, their worth ``A_m`` together, the profit
   ``A_m + c m - m r - c A_m/r`` is concave: its top is ``r_m = sqrt(c A_m/m)``, or the nearer end of the interval.
2. ``r_m`` is taken as it is where it is rational, else rounded to a rational ``r`` that is off by ``d`` at most: this
   costs ``m (r - r_m)^2/r <= m d^2/r`` of profit, for ``c A_m = m r_m^2``.
3. The candidate with the largest exact profit is kept, of several the smallest price. Whatever the true best one is, it
   is above its own candidate by no more than the largest of these losses, which is what the answer claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import ClassVar

from gametheory.errors import InputError
from gametheory.games.loan_pricing import LoanPricingGame
from gametheory.result import Answer, Concept

__all__ = ["LoanPriceSweep"]


@dataclass(frozen=True, slots=True)
class LoanPriceSweep:
    """Global optimum of a lender's price, up to the rounding of square roots.

    Parameters
    ----------
    bits
        Correct bits of the roots; what is lost by that, at most, is the regret claimed: 0 where the roots are rational.

    Examples
    --------
    >>> LoanPriceSweep().solve(LoanPricingGame.from_numbers([4, 1], cost=1)).profile
    {'price': Fraction(2, 1), 'loans': (Fraction(1, 1), Fraction(0, 1))}
    """

    accepts: ClassVar[tuple[str, ...]] = ("LoanPricingGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG

    bits: int = 128

    def __post_init__(self) -> None:
        if self.bits < 16:
            raise InputError(f"bits={self.bits}: give at least 16")

    def solve(self, game: LoanPricingGame) -> Answer:
        """Return a rational price, every borrower's best reply to it, and the regret that rounding may leave."""
        earned, price, epsilon, tried = Fraction(0), game.cost, Fraction(0), 0
        for profit, candidate, loss in self._candidates(game):
            tried += 1
            epsilon = max(epsilon, loss)
            if (-profit, candidate) < (-earned, price) or tried == 1:
                earned, price = profit, candidate
        loans = tuple(max(a / price - 1, Fraction(0)) for a in game.worth)
        return Answer(
            profile={"price": price, "loans": loans},
            epsilon=epsilon,
            iterations=tried,
            extra={
                "leader": {"price": price},
                "follower": dict(zip(game.players, loans, strict=True)),
                "value": earned,
                "details": {"borrowers": sum(loan > 0 for loan in loans)},
            },
        )

    def _candidates(self, game: LoanPricingGame) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
        """Yield (profit, price, loss by rounding) of every number of borrowers that some price above cost leaves."""
        order = sorted((a for a in game.worth if a > game.cost), reverse=True)
        together = Fraction(0)
        for m, high in enumerate(order, start=1):
            together += high
            low = order[m] if m < len(order) else game.cost
            square = game.cost * together / m
            loss = Fraction(0)
            if square <= low * low:
                price = low
            elif square >= high * high:
                price = high
            else:
                root, off = _root(square, self.bits)
                price = min(max(root, low), high)
                loss = m * off * off / price
            yield together + game.cost * m - m * price - game.cost * together / price, price, loss


def _root(square: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return a rational not above the root of a positive number, and how far it is off at most."""
    over, under = isqrt(square.numerator), isqrt(square.denominator)
    if over * over == square.numerator and under * under == square.denominator:
        return Fraction(over, under), Fraction(0)
    scale = max(0, bits + (square.denominator.bit_length() - square.numerator.bit_length()) // 2 + 1)
    below = isqrt((square.numerator << 2 * scale) // square.denominator)
    return Fraction(below, 1 << scale), Fraction(1, 1 << scale)
