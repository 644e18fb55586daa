"""What the trading games share: traders with a convex local cost, step by step, with or without an outside price.

In one step a trader with position ``D`` picks an own adjustment ``p`` in ``[lower, upper]`` at local cost
``curvature p^2 / 2 + slope p``, receives ``q`` from the others, and settles the rest ``m = D - p - q`` outside:
``m > 0`` is bought at `buy_price`, ``m < 0`` is sold at ``sell_price <= buy_price``. Without outside prices ``m = 0``.
Which ``q`` it gets, and what that costs, is the rule of each game.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.errors import Infeasible, InputError

__all__ = ["Trader", "TradingStep", "check_players"]


@dataclass(frozen=True, slots=True)
class Trader:
    """One player in one step; all numbers are kept as exact rationals.

    Attributes
    ----------
    position
        What must be covered: ``> 0`` a need, ``< 0`` a surplus (energy).
    curvature, slope
        Local cost ``curvature p^2/2 + slope p``; ``curvature >= 0``, and ``> 0`` unless `p` is bounded.
    lower, upper
        Bounds on ``p``; None is no bound. ``lower == upper`` makes the trader inelastic.
    """

    position: Fraction
    curvature: Fraction
    slope: Fraction
    lower: Fraction | None = None
    upper: Fraction | None = None

    def __post_init__(self) -> None:
        for name in ("position", "curvature", "slope"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        for name in ("lower", "upper"):
            bound = getattr(self, name)
            if bound is not None:
                object.__setattr__(self, name, exact(bound, what=name))
        if self.curvature < 0:
            raise InputError(f"curvature {self.curvature} is negative: the local cost must be convex; give >= 0")
        if self.curvature == 0 and (self.lower is None or self.upper is None):
            raise InputError("curvature 0 leaves the adjustment undetermined; give curvature > 0 or both bounds")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise Infeasible(f"lower bound {self.lower} is above upper bound {self.upper}; no adjustment is allowed")


@dataclass(frozen=True, slots=True)
class TradingStep:
    """All traders in one step, and the outside prices (None: islanded, everything is settled inside).

    Attributes
    ----------
    traders
        In player order.
    buy_price, sell_price
        Outside prices, ``sell_price <= buy_price``; both or neither.
    """

    traders: tuple[Trader, ...]
    buy_price: Fraction | None = None
    sell_price: Fraction | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "traders", tuple(self.traders))
        if (self.buy_price is None) != (self.sell_price is None):
            raise InputError("one outside price without the other; give buy_price and sell_price, or neither")
        if self.buy_price is not None and self.sell_price is not None:
            object.__setattr__(self, "buy_price", exact(self.buy_price, what="buy_price"))
            object.__setattr__(self, "sell_price", exact(self.sell_price, what="sell_price"))
            if self.sell_price > self.buy_price:
                raise InputError(
                    f"sell_price {self.sell_price} is above buy_price {self.buy_price}: buying and selling back "
                    "would earn without limit; give sell_price <= buy_price"
                )

    @classmethod
    def from_numbers(
        cls,
        position: Sequence[Number],
        curvature: Sequence[Number],
        slope: Sequence[Number],
        lower: Sequence[Number | None] | None = None,
        upper: Sequence[Number | None] | None = None,
        *,
        buy_price: Number | None = None,
        sell_price: Number | None = None,
    ) -> TradingStep:
        """Build a step from one sequence for each attribute, each with one entry a player."""
        size = len(position)
        columns: list[Sequence[Any]] = [position, curvature, slope, lower or [None] * size, upper or [None] * size]
        for name, column in zip(("curvature", "slope", "lower", "upper"), columns[1:], strict=True):
            if len(column) != size:
                raise InputError(f"{name} has {len(column)} entries, position has {size}; give one a player")
        return cls(tuple(Trader(*row) for row in zip(*columns, strict=True)), buy_price, sell_price)

    @property
    def islanded(self) -> bool:
        """Whether there is no outside price."""
        return self.buy_price is None


def check_players(players: Iterable[str], steps: Sequence[TradingStep], *, least: int) -> tuple[str, ...]:
    """Return the names, or refuse: repeated names, too few players, a step of another size, no step."""
    names = tuple(players)
    problems = []
    if len(names) < least:
        problems.append(f"{len(names)} player(s): this game needs at least {least}")
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        problems.append(f"player name {twice[0]!r} is used twice; give each player its own name")
    if not steps:
        problems.append("no step: give at least one")
    problems.extend(
        f"step {t} has {len(step.traders)} traders for {len(names)} players; give one a player"
        for t, step in enumerate(steps)
        if len(step.traders) != len(names)
    )
    InputError.raise_all(problems)
    return names
