"""A price leader between prosumers with log utility and the outside market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.errors import InputError, NotApplicable

__all__ = ["LogPricingGame", "LogPricingStep"]


@dataclass(frozen=True, slots=True)
class LogPricingStep:
    """Prosumers of one step and the outside prices; all numbers are kept as exact rationals.

    Attributes
    ----------
    weights
        ``k_i > 0``, one a player (money).
    energies
        ``E_i >= 0``, own generation (kWh).
    buy_price, sell_price
        What the outside market takes and pays (money/kWh), ``0 < sell_price <= buy_price``.
    """

    weights: tuple[Fraction, ...]
    energies: tuple[Fraction, ...]
    buy_price: Fraction
    sell_price: Fraction

    def __post_init__(self) -> None:
        for name in ("weights", "energies"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("buy_price", "sell_price"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))

    def problems(self, players: Sequence[str]) -> list[str]:
        """Return what is wrong with the numbers, a sentence each."""
        found = []
        for name, values in (("weights", self.weights), ("energies", self.energies)):
            if len(values) != len(players):
                found.append(f"{len(values)} {name} for {len(players)} players; give one a player")
        for player, weight in zip(players, self.weights, strict=False):
            if weight <= 0:
                found.append(f"weight {weight} of {player!r} must be > 0")
        for player, energy in zip(players, self.energies, strict=False):
            if energy < 0:
                found.append(f"energy {energy} of {player!r} is negative; give >= 0 kWh")
        if self.sell_price > self.buy_price:
            found.append(f"sell_price {self.sell_price} is above buy_price {self.buy_price}; give sell <= buy")
        return found


@dataclass(frozen=True, slots=True)
class LogPricingGame:
    """An operator posts a buy and a sell price each step; prosumers with log utility answer with their consumption.

    Prosumer ``i`` maximises ``k_i ln(1 + x) + p_s (E_i - x)^+ - p_b (x - E_i)^+`` over ``x >= 0``; its reply is unique.
    The operator posts ``sell_price <= p_s <= p_b <= buy_price`` and earns
    ``p_b E_b - p_s E_s + sell_price (E_s - E_b)^+ - buy_price (E_b - E_s)^+`` with the totals bought and sold inside.

    The profile is a mapping: ``buy_prices`` and ``sell_prices``, tuples over steps, and ``consumptions``, a tuple
    (players) of tuples (steps).

    Raises
    ------
    InputError
        A weight that is not positive, a negative energy, ``sell_price > buy_price``, another number of players.
    NotApplicable
        A step with ``sell_price <= 0``: at price 0 a prosumer would consume without end.
    """

    sense: ClassVar[str] = "payoff"
    players: tuple[str, ...]
    steps: tuple[LogPricingStep, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "steps", tuple(self.steps))
        for t, step in enumerate(self.steps):
            if step.sell_price <= 0:
                raise NotApplicable(
                    f"step {t}: the feed-in price is {step.sell_price}; log utility needs a positive one, "
                    "for at price 0 consumption has no bound; leave the step out, or use OperatorPricing"
                )
        problems = []
        if not self.players:
            problems.append("no player: give at least one")
        if len(set(self.players)) != len(self.players):
            problems.append("a player name is used twice; give each player its own name")
        if not self.steps:
            problems.append("no step: give at least one")
        for t, step in enumerate(self.steps):
            problems.extend(f"step {t}: {problem}" for problem in step.problems(self.players))
        InputError.raise_all(problems)

    @classmethod
    def single(
        cls,
        weights: Sequence[Number],
        energies: Sequence[Number],
        *,
        buy_price: Number,
        sell_price: Number,
        players: Sequence[str] | None = None,
    ) -> LogPricingGame:
        """Build a game of one step from plain numbers."""
        step = LogPricingStep(tuple(weights), tuple(energies), exact(buy_price), exact(sell_price))
        return cls(tuple(players or (str(k + 1) for k in range(len(step.weights)))), (step,))
