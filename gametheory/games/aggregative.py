"""Aggregative games: a player's cost depends on the others only through a sum.

Here: bidding with generalised demand functions, where the sum of bids sets one price a step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import exact, rational
from gametheory.errors import Infeasible, InputError
from gametheory.games.trading import Trader, TradingStep, check_players

__all__ = ["DemandBiddingGame", "read_bids"]

Rational = Any  # flint.fmpq
Table = list[list[Rational]]


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


def read_bids(game: DemandBiddingGame, profile: Any) -> tuple[Table, Table]:
    """Return bids and adjustments (players x steps) in rationals.

    Islanded adjustments follow from the bids: they may be left out, and if given they must be exactly these.
    """
    if not isinstance(profile, Mapping) or not {"bids"} <= set(profile) <= {"bids", "adjustments"}:
        raise InputError(f"profile {_short(profile)}: give a mapping with 'bids' and 'adjustments' (players x steps)")
    bids = _read_table(game, profile["bids"], "bids")
    given = profile.get("adjustments")
    if given is None:
        outside = [t for t, step in enumerate(game.steps) if not step.islanded]
        if outside:
            raise InputError(f"step {outside[0]} has outside prices, so bids do not fix the adjustments; give both")
        own: Table = [[None] * len(game.steps) for _ in game.players]
    else:
        own = _read_table(game, given, "adjustments")
    for t, step in enumerate(game.steps):
        price = _sum([row[t] for row in bids]) / (rational(game.sensitivity) * len(game.players))
        for i, trader in enumerate(step.traders):
            if step.islanded:
                follows = rational(trader.position) - (bids[i][t] - rational(game.sensitivity) * price)
                if given is not None and own[i][t] != follows:
                    raise InputError(
                        f"{game.players[i]!r}, step {t}: the bids leave an adjustment of {_short(follows)}, given is "
                        f"{_short(own[i][t])}; islanded adjustments follow from the bids: leave them out"
                    )
                own[i][t] = follows
            _check_bounds(game.players[i], t, trader, own[i][t])
    return bids, own


def _read_table(game: DemandBiddingGame, values: Any, what: str) -> Table:
    if isinstance(values, Mapping):
        if set(values) != set(game.players):
            raise InputError(f"{what} name {sorted(values)}, the players are {list(game.players)}")
        values = [values[name] for name in game.players]
    try:
        rows = [list(row) for row in values]
    except TypeError:
        rows = []
    if len(rows) != len(game.players) or any(len(row) != len(game.steps) for row in rows):
        raise InputError(f"{what}: give {len(game.players)} rows (players) of {len(game.steps)} numbers (steps)")
    return [
        [rational(exact(cell, what=f"{what}[{i}][{t}]")) for t, cell in enumerate(row)] for i, row in enumerate(rows)
    ]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _check_bounds(player: str, t: int, trader: Trader, adjustment: Rational) -> None:
    for word, bound, wrong in (
        ("below its lower", trader.lower, trader.lower is not None and adjustment < rational(trader.lower)),
        ("above its upper", trader.upper, trader.upper is not None and adjustment > rational(trader.upper)),
    ):
        if wrong:
            raise Infeasible(
                f"{player!r}, step {t}: the adjustment {_short(adjustment)} is {word} bound {_short(bound)}; "
                "a strategy must keep to the bounds"
            )


def _sum(values: Sequence[Rational]) -> Rational:
    """Return the sum, added pairwise: denominators stay short for as long as they can."""
    if len(values) <= 2:
        return sum(values, flint.fmpq(0))
    half = len(values) // 2
    return _sum(values[:half]) + _sum(values[half:])
