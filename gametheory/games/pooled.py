"""Traders who pool their positions: a coalition is billed as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from gametheory.errors import InputError
from gametheory.games.base import places_of
from gametheory.games.trading import TradingStep, check_players

__all__ = ["PooledGame"]


@dataclass(frozen=True, slots=True)
class PooledGame:
    """The cost game ``C(T) = sum_t min_p [ sum_{i in T} f_it(p_it) + G_t(sum_{i in T} (D_it - p_it)) ]``.

    ``G_t(m) = max(buy_price m, sell_price m)``. The dual of a step is
    ``C_t(T) = max over lam in [sell_price, buy_price] of sum_{i in T} phi_it(lam)`` with
    ``phi_it(lam) = min_p f_it(p) + lam (D_it - p)``, so one vector of prices bounds every coalition from below.
    """

    sense: ClassVar[str] = "cost"
    players: tuple[str, ...]
    steps: tuple[TradingStep, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "players", check_players(self.players, self.steps, least=1))
        for t, step in enumerate(self.steps):
            if step.islanded:
                raise InputError(f"step {t} has no outside prices; a pooled bill needs buy_price and sell_price")

    def subgame(self, coalition: Iterable[str]) -> PooledGame:
        """Return the game among the named players only, in player order."""
        places = places_of(self.players, coalition)
        steps = (
            TradingStep(tuple(step.traders[i] for i in places), step.buy_price, step.sell_price) for step in self.steps
        )
        return PooledGame(tuple(self.players[i] for i in places), tuple(steps))
