"""A lender that posts one price before borrowers with log utility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.errors import InputError

__all__ = ["LoanPricingGame"]


@dataclass(frozen=True, slots=True)
class LoanPricingGame:
    """A lender posts a price ``r > 0``; borrower ``i`` then takes ``l >= 0`` to maximise ``a_i ln(1 + l) - r l``.

    Replies are unique. The lender earns ``(r - c) sum_i l_i``.

    The profile is a mapping: ``price``, and ``loans``, one a borrower.

    Attributes
    ----------
    players
        The borrowers.
    worth
        ``a_i > 0`` of each borrower.
    cost
        ``c > 0``: what a unit of loan costs the lender.

    Raises
    ------
    InputError
        No borrower, repeated names, numbers that do not match or are not positive.

    Examples
    --------
    >>> LoanPricingGame.from_numbers([4, 1], cost=1).players
    ('borrower 0', 'borrower 1')
    """

    sense: ClassVar[str] = "payoff"
    players: tuple[str, ...]
    worth: tuple[Fraction, ...]
    cost: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(map(str, self.players)))
        object.__setattr__(self, "worth", exact_series(self.worth, what="worth"))
        object.__setattr__(self, "cost", exact(self.cost, what="cost"))
        problems = []
        if not self.players:
            problems.append("no borrower: give at least one")
        if len(set(self.players)) != len(self.players):
            problems.append("a player name is used twice; give each borrower its own name")
        if len(self.worth) != len(self.players):
            problems.append(f"{len(self.worth)} worths for {len(self.players)} borrowers; give one a borrower")
        problems += [f"worth[{k}] is {a}; it must be > 0" for k, a in enumerate(self.worth) if a <= 0]
        if self.cost <= 0:
            problems.append(f"cost {self.cost} must be > 0")
        InputError.raise_all(problems)

    @classmethod
    def from_numbers(cls, worth: Sequence[Number], *, cost: Number) -> LoanPricingGame:
        """Return the game of plain numbers, borrowers named by their place."""
        return cls(tuple(f"borrower {k}" for k in range(len(worth))), tuple(worth), exact(cost, what="cost"))
