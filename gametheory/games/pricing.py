"""A price leader between traders and the outside market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gametheory.errors import InputError
from gametheory.games.trading import TradingStep, check_players

__all__ = ["PricingGame"]


@dataclass(frozen=True, slots=True)
class PricingGame:
    """An operator posts a buy and a sell price each step; every trader answers; the operator settles the rest outside.

    The operator picks ``sell_price <= p_s <= p_b <= buy_price``. Trader ``i`` then solves
    ``min f_i(p) + p_b m^+ - p_s m^-``, ``m = D_i - p``; where it is indifferent the operator may choose for it
    (optimistic). The operator earns ``p_b E_b - p_s E_s + sell_price (E_s - E_b)^+ - buy_price (E_b - E_s)^+`` with
    ``E_b``, ``E_s`` the totals bought and sold. Steps add up and are independent of each other.

    The profile is a mapping: ``buy_prices`` and ``sell_prices``, tuples over steps, and ``adjustments``, a tuple
    (players) of tuples (steps).
    """

    sense: ClassVar[str] = "cost"
    players: tuple[str, ...]
    steps: tuple[TradingStep, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "players", check_players(self.players, self.steps, least=1))
        for t, step in enumerate(self.steps):
            if step.islanded:
                raise InputError(f"step {t} has no outside prices; an operator needs buy_price and sell_price")
            for name, trader in zip(self.players, step.traders, strict=True):
                if trader.curvature == 0 and trader.lower != trader.upper:
                    raise InputError(
                        f"step {t}, player {name!r}: curvature 0 with room to adjust makes demand jump; "
                        "give curvature > 0, or equal bounds"
                    )
