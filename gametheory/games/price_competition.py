"""Firms with capacities that post prices (Bertrand and Edgeworth): payoffs jump where prices are equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, maximum, minimum
from gametheory.errors import InputError

__all__ = ["PriceCompetition", "sales"]


def sales(wanted: Number, before: Number, level: Number, own: Number) -> Number:
    """Return ``min(k_i, k_i/K max(0, D - B))``: what a firm sells of the demand that cheaper firms leave.

    Firms of one price share in proportion to their capacities (``level`` is their sum ``K``, ``before`` that of the
    cheaper ones): the buyers who value energy most are served first (efficient rationing).
    """
    return minimum(own, own / level * maximum(0, wanted - before))


@dataclass(frozen=True, slots=True)
class PriceCompetition:
    """Each firm posts a price in ``[0, intercept/slope]``; demand ``intercept - slope p`` goes to the cheapest first.

    Firm ``i`` earns ``(p_i - c) s_i`` with its sales ``s_i`` (:func:`sales`) at unit cost ``c``. The profile is a tuple
    of prices, one a firm.

    Attributes
    ----------
    players
        Names, two or more.
    capacities
        ``k_i > 0``.
    intercept, slope
        ``a > 0`` and ``b > 0`` of the demand.
    cost
        ``0 <= c < a/b``, the same for all.

    Raises
    ------
    InputError
        A number outside its range; fewer than two firms; not one capacity for each.

    Examples
    --------
    >>> market = PriceCompetition(("a", "b"), (3, 3), 12, 1)
    >>> market.values((6, 6)), market.values((6, 5))
    ((Fraction(18, 1), Fraction(18, 1)), (Fraction(18, 1), Fraction(15, 1)))
    """

    sense: ClassVar[str] = "payoff"
    players: tuple[str, ...]
    capacities: tuple[Fraction, ...]
    intercept: Fraction
    slope: Fraction
    cost: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "capacities", exact_series(self.capacities, what="capacities"))
        for name in ("intercept", "slope", "cost"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        problems = []
        if len(self.players) < 2 or len(set(self.players)) != len(self.players):
            problems.append(f"firms {self.players}: give two or more, each with a name of its own")
        if len(self.capacities) != len(self.players):
            problems.append(f"{len(self.capacities)} capacities for {len(self.players)} firms; give one each")
        problems += [f"capacity {k} must be > 0" for k in self.capacities if k <= 0]
        if self.intercept <= 0 or self.slope <= 0:
            problems.append(f"demand {self.intercept} - {self.slope} p: give an intercept and a slope > 0")
        elif not 0 <= self.cost < self.highest:
            problems.append(f"cost {self.cost} must lie in [0, {self.highest}), below the price at which nobody buys")
        InputError.raise_all(problems)

    @property
    def highest(self) -> Fraction:
        """The price at which nobody buys."""
        return self.intercept / self.slope

    def demand(self, price: Number) -> Number:
        """Return what is asked for at a price in ``[0, highest]``."""
        return self.intercept - self.slope * price

    def values(self, profile: Sequence[Number]) -> tuple[Number, ...]:
        """Return the profit of each firm."""
        found = []
        for i, price in enumerate(profile):
            before = sum((k for k, p in zip(self.capacities, profile, strict=True) if p < price), Fraction(0))
            level = sum((k for k, p in zip(self.capacities, profile, strict=True) if p == price), Fraction(0))
            found.append((price - self.cost) * sales(self.demand(price), before, level, self.capacities[i]))
        return tuple(found)
