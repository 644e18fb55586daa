"""Aggregative games: a player's cost depends on the others only through a sum.

Here: bidding with generalised demand functions, where the sum of bids sets one price a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import exact
from gametheory.errors import Infeasible, InputError
from gametheory.games.trading import TradingStep, check_players

__all__ = ["DemandBiddingGame"]


@dataclass(frozen=True, slots=True)
class DemandBiddingGame:
    """Players bid ``b``; each receives ``q_i = b_i - a lam`` at the price ``lam = sum(b) / (I a)`` that clears.

    The cost of player ``i`` in a step is ``f_i(p_i) + G(m_i) + lam q_i`` with ``p_i + q_i + m_i = D_i``, see
    :mod:`gametheory.games.trading`; steps add up. A strategy is a bid and an adjustment ``p_i`` for each step (without
    outside prices the adjustment follows from the bids). The profile is a mapping with two entries, ``bids`` and
    ``adjustments``, each a tuple (players) of tuples (steps).

    Attributes
    ----------
    players
        Names.
    steps
        The traders and outside prices of each step.
    sensitivity
        ``a > 0`` (energy per unit of price), one for all steps.
    """

    sense: ClassVar[str] = "cost"
    players: tuple[str, ...]
    steps: tuple[TradingStep, ...]
    sensitivity: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "players", check_players(self.players, self.steps, least=2))
        object.__setattr__(self, "sensitivity", exact(self.sensitivity, what="sensitivity"))
        if self.sensitivity <= 0:
            raise InputError(f"sensitivity {self.sensitivity} must be > 0 (energy per unit of price)")
        for t, step in enumerate(self.steps):
            if step.islanded:
                _check_islanded(t, step)

    @property
    def kappa(self) -> Fraction:
        """``1 / (a (I - 1))``: how much a player's own purchase moves the price."""
        return 1 / (self.sensitivity * (len(self.players) - 1))


def _check_islanded(t: int, step: TradingStep) -> None:
    need = sum(trader.position for trader in step.traders)
    uppers = [trader.upper for trader in step.traders]
    lowers = [trader.lower for trader in step.traders]
    if all(u is not None for u in uppers) and need > sum(u for u in uppers if u is not None):
        raise Infeasible(f"step {t}: the positions sum to {need}, more than all upper bounds together; raise a bound")
    if all(b is not None for b in lowers) and need < sum(b for b in lowers if b is not None):
        raise Infeasible(f"step {t}: the positions sum to {need}, less than all lower bounds together; lower a bound")
