"""Solutions that add all players up: optima, prices of anarchy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gametheory.arithmetic import Number, to_float
from gametheory.result.solution import Solution

__all__ = ["Optimum", "PriceOfAnarchy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum(Solution):
    """A social optimum: the least total cost (or the greatest total payoff) of all players together.

    Attributes
    ----------
    value
        The total.
    point
        Decisions by player name.
    details
        Further quantities by name (dual prices, energies).
    """

    value: Number = 0
    point: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOfAnarchy(Solution):
    """How much worse than the optimum an equilibrium is: cost over cost, or optimal payoff over payoff; at least 1.

    `profile` holds the ``"equilibrium"`` that was compared and the ``"optimum"``.

    Attributes
    ----------
    interval
        (low, high): low is reached by an equilibrium found (for the price of stability: high is); the other end is
        None where nothing bounds it.
    equilibrium_total, optimum_total
        The totals of all players that are compared.
    reason
        Why the interval is no narrower, or why it is a point.
    robust
        A bound that holds for every coarse correlated equilibrium, by a smoothness argument; None without one.
    """

    robust: Number | None = None
    interval: tuple[Number | None, Number | None] = (None, None)
    equilibrium_total: Number = 0
    optimum_total: Number = 0
    reason: str = ""

    @property
    def value(self) -> Number | None:
        """The number, where both ends of the interval meet; else None."""
        low, high = self.interval
        return low if low is not None and low == high else None

    @property
    def worst_equilibrium(self) -> Any:
        """The profile of the equilibrium compared (for the price of stability: the best one)."""
        return self.profile["equilibrium"]

    @property
    def optimum(self) -> Any:
        """The profile of the optimum."""
        return self.profile["optimum"]

    def __str__(self) -> str:
        low, high = ("?" if end is None else f"{to_float(end):.6g}" for end in self.interval)
        return f"{self.concept} in [{low}, {high}]: {self.reason}\n{self.certificate}"
