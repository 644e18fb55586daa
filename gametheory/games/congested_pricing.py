"""A price leader between prosumers on a network whose lines have limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact_series
from gametheory.errors import InputError
from gametheory.games.log_pricing import LogPricingGame, LogPricingStep

__all__ = ["CongestedPricingGame"]


@dataclass(frozen=True, slots=True)
class CongestedPricingGame:
    """The game of :class:`~gametheory.games.log_pricing.LogPricingGame` with a shift of both prices at every player.

    A multiplier ``mu`` a line and step (``mu+ - mu-``) shifts what player ``i`` pays and is paid by
    ``s_i = -sum_line a_line,i mu_line``, and ``f_line = sum_i a_line,i (E_i - x_i)`` must lie in ``[-F, F]``. The
    operator posts prices at fixed multipliers; a positive multiplier needs a line that is full forwards, a negative one
    a line that is full backwards. What the shifts collect is the network's, not the operator's.

    The profile is a mapping: ``buy_prices``, ``sell_prices`` (a tuple over steps), ``multipliers`` (steps x lines) and
    ``consumptions`` (players x steps).

    Attributes
    ----------
    players, steps
        As in the game without limits.
    sensitivities
        ``a``: of each line to the net supply of each player (lines x players).
    capacities
        ``F > 0`` of each line (kWh a step).

    Raises
    ------
    InputError
        Numbers that do not match, a capacity that is not positive; and all that the game without limits refuses.
    """

    sense: ClassVar[str] = "payoff"
    players: tuple[str, ...]
    steps: tuple[LogPricingStep, ...]
    sensitivities: tuple[tuple[Fraction, ...], ...]
    capacities: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        free = LogPricingGame(self.players, self.steps)  # refuses what is no such game
        object.__setattr__(self, "players", free.players)
        object.__setattr__(self, "steps", free.steps)
        rows = tuple(exact_series(row, what=f"sensitivities[{n}]") for n, row in enumerate(self.sensitivities))
        object.__setattr__(self, "sensitivities", rows)
        object.__setattr__(self, "capacities", exact_series(self.capacities, what="capacities"))
        problems = []
        if len(rows) != len(self.capacities):
            problems.append(f"{len(rows)} lines of sensitivities, {len(self.capacities)} capacities; give one a line")
        problems += [
            f"sensitivities[{n}] has {len(row)} numbers for {len(self.players)} players; give one a player"
            for n, row in enumerate(rows)
            if len(row) != len(self.players)
        ]
        problems += [f"capacities[{n}] is {f}; it must be > 0 kWh" for n, f in enumerate(self.capacities) if f <= 0]
        InputError.raise_all(problems)

    @property
    def free(self) -> LogPricingGame:
        """The game without limits."""
        return LogPricingGame(self.players, self.steps)

    def shifts(self, multipliers: Sequence[Number]) -> tuple[Number, ...]:
        """Return ``s_i = -sum_line a_line,i mu_line`` of each player (money/kWh)."""
        return tuple(
            -sum((row[i] * mu for row, mu in zip(self.sensitivities, multipliers, strict=True)), Fraction(0))
            for i in range(len(self.players))
        )

    def flows(self, step: LogPricingStep, consumed: Sequence[Number]) -> tuple[Number, ...]:
        """Return what each line carries (kWh, forwards > 0) where players consume this much."""
        return tuple(
            sum((a * (e - x) for a, e, x in zip(row, step.energies, consumed, strict=True)), Fraction(0))
            for row in self.sensitivities
        )
