"""B.7: a lender's price and its borrowers' loans, judged from the definition.

Borrowers: ``a ln(1 + l) - r l`` is strictly concave, so the loan whose slope is 0, or is not positive at ``l = 0``, is
the only best one. Another loses the logarithm of a rational other than 1, which is irrational: balls that are made
small enough say whether it is more than was claimed.

Lender: below cost and above the largest worth it earns nothing. Between, the price axis is cut where a borrower stops,
``a_i``. On an interval the profit ``S - m r - c A/r`` with ``S = A + c m`` is concave. It is greatest at an end, or at
``S - 2 sqrt(c m A)`` where the slope changes its sign inside. Whether that is above a rational ``v`` is decided without
the root: it is iff ``S > v`` and ``(S - v)^2 > 4 c m A``. Only the size of a regret is rounded, upwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

import flint

from gametheory.arithmetic import Number, brief, exact, exact_series, lower_bound, rational, upper_bound
from gametheory.errors import InputError
from gametheory.games.loan_pricing import LoanPricingGame
from gametheory.result import Certificate, Concept, Solution, Strength

__all__ = ["check_loan_price", "stated"]

#: Correct bits of the size of a regret, relative to the money at stake.
_BITS = 192
_MOST_BITS = 8192


def check_loan_price(
    game: LoanPricingGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether every borrower answers optimally and no price earns more, up to a regret of `epsilon`.

    A refuted loan has ``better_reply`` in the witness, a refuted price ``better_decision`` with its replies and value.
    The best price is irrational in general; a claim of regret 0 is then refuted by a gain in the last digits.
    """
    price, loans = _read(game, profile)
    claimed = exact(epsilon, what="epsilon")
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    claim = f"every borrower answers optimally and no other price earns the lender more{size}"
    worst, certain, better = _borrowers(game, price, loans, claimed)
    value = (price - game.cost) * sum(loans, Fraction(0))
    evidence: dict[str, Any] = {"follower_regret": worst, "value": value}
    if better:
        evidence["better_reply"] = better
    if certain > claimed:  # what the lender could have does not matter any more
        return Certificate(strength=Strength.REFUTED, claim=claim, bound=worst, witness=evidence, epsilon=claimed)
    pieces = _pieces(game)
    target = value + claimed
    above = [piece for piece in pieces if piece.exceeds(target)]
    least = Fraction(0)  # what the cost itself earns
    greatest = max((piece.greatest() for piece in pieces), default=least)
    regret = max(greatest, least) - value
    if above or least > target:
        found = max((piece.better(target) for piece in above), default=(least, game.cost))
        evidence["better_decision"] = {
            "price": found[1],
            "loans": tuple(_reply(a, found[1]) for a in game.worth),
            "value": found[0],
        }
    else:
        regret = min(regret, claimed)  # decided exactly, however the root was rounded
    evidence["leader_regret"] = regret = max(regret, Fraction(0))
    evidence["interval"] = (value, value + regret)
    bound = max(regret, worst)
    judged = Strength.EXACT if worst == 0 else Strength.BOUNDED
    strength = Strength.REFUTED if "better_decision" in evidence else judged
    return Certificate(strength=strength, claim=claim, bound=bound, witness=evidence, epsilon=claimed)


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return the decisions by name, the profit and the number of borrowers, made again from the profile."""
    if solution.concept is not Concept.STACKELBERG:
        return {}
    price, loans = _read(solution.game, solution.profile)
    return {
        "leader": {"price": price},
        "follower": dict(zip(solution.game.players, loans, strict=True)),
        "value": (price - solution.game.cost) * sum(loans, Fraction(0)),
        "borrowers": sum(loan > 0 for loan in loans),
    }


def _read(game: LoanPricingGame, profile: Any) -> tuple[Fraction, tuple[Fraction, ...]]:
    if not isinstance(profile, Mapping) or "price" not in profile or "loans" not in profile:
        raise InputError(f"profile {profile!r}: give a mapping with price and loans")
    price, given = exact(profile["price"], what="price"), profile["loans"]
    if price <= 0:
        raise InputError(f"price {price}: loans have no limit there; give a price > 0")
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != len(game.players):
        raise InputError(f"loans {given!r}: give one number for each of {len(game.players)} borrowers")
    loans = exact_series(given, what="loans")
    for name, loan in zip(game.players, loans, strict=True):
        if loan < 0:
            raise InputError(f"{name!r}: loan {loan} is negative; give >= 0")
    return price, loans


def _reply(worth: Fraction, price: Fraction) -> Fraction:
    """Return the loan at which the slope ``a/(1 + l) - r`` is 0, and 0 where it is not positive there."""
    return worth / price - 1 if worth > price else Fraction(0)


def _borrowers(
    game: LoanPricingGame, price: Fraction, loans: Sequence[Fraction], claimed: Fraction
) -> tuple[Fraction, Fraction, dict[str, Any]]:
    """Return an upper and a lower bound of the largest regret, and the reply that certainly gains most."""
    worst = certain = Fraction(0)
    better: dict[str, Any] = {}
    for name, worth, loan in zip(game.players, game.worth, loans, strict=True):
        best = _reply(worth, price)
        if best == loan:
            continue
        low, high = _gain(worth, price, loan, best, claimed)
        worst = max(worst, high)
        if low > certain:
            certain = low
            better = {"follower": name, "reply": best, "gain": low}
    return worst, certain, better


def _gain(worth: Fraction, price: Fraction, loan: Fraction, best: Fraction, claimed: Fraction) -> tuple[Any, Any]:
    """Return bounds of what the best loan gains over this one, close enough to tell it from `claimed`."""
    bits = _BITS
    while True:
        with flint.ctx.workprec(bits):
            ratio = flint.arb(rational((1 + best) / (1 + loan)))
            gain = flint.arb(rational(worth)) * ratio.log() - flint.arb(rational(price * (best - loan)))
            low, high = max(lower_bound(gain), Fraction(0)), max(upper_bound(gain), Fraction(0))
        if low > claimed or (0 < high <= claimed) or bits >= _MOST_BITS:
            return low, high
        bits *= 2


@dataclass(frozen=True, slots=True)
class _Piece:
    """An interval of the price on which `count` borrowers of worth `together` borrow."""

    low: Fraction
    high: Fraction
    together: Fraction
    count: int
    cost: Fraction

    def profit(self, price: Fraction) -> Fraction:
        """Return ``S - m r - c A/r``."""
        return self._top() - self.count * price - self.cost * self.together / price

    def _top(self) -> Fraction:
        return self.together + self.cost * self.count

    def _end(self) -> Fraction | None:
        """Return the end at which the profit is greatest, None where its slope ``c A/r^2 - m`` changes sign inside."""
        pull = self.cost * self.together
        if pull <= self.count * self.low**2:
            return self.low
        return self.high if pull >= self.count * self.high**2 else None

    def exceeds(self, value: Fraction) -> bool:
        """Whether some price of the interval earns more than `value`."""
        end = self._end()
        if end is not None:
            return self.profit(end) > value
        rest = self._top() - value
        return rest > 0 and rest**2 > 4 * self.cost * self.count * self.together

    def greatest(self) -> Fraction:
        """Return a rational not below the greatest profit, and equal to it where that is rational."""
        end = self._end()
        if end is not None:
            return self.profit(end)
        return self._top() - 2 * _root_below(self.cost * self.count * self.together, _BITS)

    def better(self, value: Fraction) -> tuple[Fraction, Fraction]:
        """Return a profit above `value`, which :meth:`exceeds` it, and its price, near the best one of the interval."""
        end = self._end()
        if end is not None:
            return self.profit(end), end
        bits = _BITS
        while True:  # profits at prices that tend to the best tend to the greatest, which is above `value`
            price = min(max(_root_below(self.cost * self.together / self.count, bits), self.low), self.high)
            if self.profit(price) > value:
                return self.profit(price), price
            bits *= 2


def _pieces(game: LoanPricingGame) -> list[_Piece]:
    """Return the intervals between cost and largest worth, each with those who borrow inside it."""
    borrowers = sorted(game.worth)
    cuts = sorted({game.cost, *(a for a in borrowers if a > game.cost)})
    left = sum(borrowers, Fraction(0))
    gone = 0
    pieces = []
    for low, high in pairwise(cuts):
        while borrowers[gone] <= low:
            left -= borrowers[gone]
            gone += 1
        pieces.append(_Piece(low, high, left, len(borrowers) - gone, game.cost))
    return pieces


def _root_below(square: Fraction, bits: int) -> Fraction:
    """Return a rational not above the root of a positive number: the root itself where it is rational."""
    over, under = isqrt(square.numerator), isqrt(square.denominator)
    if over**2 == square.numerator and under**2 == square.denominator:
        return Fraction(over, under)
    shift = max(0, bits + (square.denominator.bit_length() - square.numerator.bit_length()) // 2 + 1)
    return Fraction(isqrt((square.numerator << 2 * shift) // square.denominator), 1 << shift)
