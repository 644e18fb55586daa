"""B.3 over several steps: a microgrid operator before prosumers with batteries.

Source: N. Liu, X. Yu, C. Wang, J. Wang, "Energy sharing management for microgrids with PV prosumers: a Stackelberg game
approach", IEEE Transactions on Industrial Informatics 13(3), 2017, 1088-1098, for the operator that posts a buy and a
sell price between the grid's; fidelity: derived. The batteries and the linear followers are the package's own: a
battery ties the steps together, so prices cannot be found step by step as in
:mod:`gametheory.models.microgrid_operator`. With fixed loads every follower is a linear programme, and the game is
solved by complementarity branch and bound, without closed form; sizes are small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.errors import InputError
from gametheory.games.stackelberg import StackelbergGame
from gametheory.models.economy import internal_bill, operator_profit

__all__ = ["StorageOperator", "stored"]


def stored(initial: Number, efficiency: Number, charged: Sequence[Number], delivered: Sequence[Number]) -> list[Number]:
    """Return what a battery holds after each step (kWh): ``s_t = s_{t-1} + eta c_t - d_t``."""
    levels, level = [], initial
    for c, d in zip(charged, delivered, strict=True):
        level = level + efficiency * c - d
        levels.append(level)
    return levels


@dataclass(frozen=True, slots=True)
class StorageOperator:
    """An operator that posts prices for all steps at once, and prosumers that move energy between them.

    Prosumer ``i`` buys ``b_it`` and sells ``s_it``, charges ``c_it`` and takes ``d_it`` from its battery,

        min sum_t p_b,t b_it - p_s,t s_it + w d_it,   b_it - s_it = net_it + c_it - d_it,
        0 <= initial_i + sum_{r <= t} (eta c_ir - d_ir) <= capacity_i,   0 <= c_it, d_it <= power_i,

    the last level not below the first. The operator posts ``feed_in <= p_s <= p_b <= retail`` in each step and settles
    the rest with the grid.

    Source: Liu, Yu, Wang and Wang 2017, structure; fidelity: derived (batteries and linear followers are the package's
    own). Indifferent prosumers answer as the tie-breaking says.

    Parameters
    ----------
    net_load
        Load less generation of each prosumer and step (kWh, > 0 needs energy).
    capacity, power, initial
        Of each prosumer's battery (kWh, kWh a step, kWh); capacity 0 is none.
    retail_price, feed_in
        The grid's prices of each step (money/kWh).
    efficiency
        ``eta`` in (0, 1]: what arrives of what is charged.
    wear
        ``w >= 0``: what a kWh taken from a battery costs its owner (money/kWh).
    players
        Names, the operator first.

    Raises
    ------
    InputError
        Numbers that do not match or are out of range.

    Examples
    --------
    One prosumer with energy to spare now and a need later, and a battery that holds half of it:

    >>> import gametheory as gt
    >>> model = StorageOperator(net_load=((-2, 2),), capacity=(1,), power=(1,), initial=(0,), retail_price=(3, 3),
    ...                         feed_in=(1, 1))
    >>> solution = gt.stackelberg_equilibrium(model)
    >>> solution.value, model.outcome(solution.profile)["bought"]
    (Fraction(0, 1), (Fraction(0, 1), Fraction(1, 1)))
    """

    theorems: ClassVar[tuple[str, ...]] = ()
    fidelity: ClassVar[str] = "derived"

    net_load: tuple[tuple[Fraction, ...], ...]
    capacity: tuple[Fraction, ...]
    power: tuple[Fraction, ...]
    initial: tuple[Fraction, ...]
    retail_price: tuple[Fraction, ...]
    feed_in: tuple[Fraction, ...]
    efficiency: Fraction = Fraction(1)
    wear: Fraction = Fraction(0)
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows = tuple(exact_series(row, what=f"net_load[{i}]") for i, row in enumerate(self.net_load))
        object.__setattr__(self, "net_load", rows)
        for name in ("capacity", "power", "initial", "retail_price", "feed_in"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("efficiency", "wear"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        players = tuple(self.players) or ("operator", *(f"prosumer {i}" for i in range(len(rows))))
        object.__setattr__(self, "players", players)
        steps, count = len(self.retail_price), len(rows)
        problems = []
        if not steps or not count:
            problems.append(f"{count} prosumers, {steps} steps: give at least one of each")
        if len(self.feed_in) != steps or any(len(row) != steps for row in rows):
            problems.append(f"{steps} retail prices, {len(self.feed_in)} feed-in prices; give one a step, as net_load")
        if not count == len(self.capacity) == len(self.power) == len(self.initial) or len(players) != count + 1:
            problems.append(f"{count} rows of net_load; give a name, a capacity, a power and an initial level for each")
        problems += [f"feed_in[{t}] = {low} is above retail_price {high}" for t, (low, high)
                     in enumerate(zip(self.feed_in, self.retail_price, strict=False)) if low > high]  # fmt: skip
        problems += [f"power[{i}] = {v} must be >= 0" for i, v in enumerate(self.power) if v < 0]
        problems += [f"initial[{i}] = {v} must lie in [0, capacity]" for i, (v, c)
                     in enumerate(zip(self.initial, self.capacity, strict=False)) if not 0 <= v <= c]  # fmt: skip
        if not 0 < self.efficiency <= 1:
            problems.append(f"efficiency {self.efficiency} must lie in (0, 1]")
        if self.wear < 0:
            problems.append(f"wear {self.wear} must be >= 0")
        InputError.raise_all(problems)

    def to_game(self) -> StackelbergGame:
        """Return the game: payoffs; the operator's variables are prices and its own trade with the grid."""
        steps = range(len(self.retail_price))
        lead: dict[Any, Any] = {}
        bounds: dict[str, Any] = {}
        rules: list[Any] = []
        for t in steps:
            low, high = self.feed_in[t], self.retail_price[t]
            bounds |= {f"p_b {t}": (low, high), f"p_s {t}": (low, high)}
            bounds |= {f"import {t}": (0, None), f"export {t}": (0, None)}
            rules.append(({f"p_s {t}": 1, f"p_b {t}": -1}, "<=", 0))
            balance: dict[str, int] = {f"import {t}": -1, f"export {t}": 1}
            for i in range(len(self.net_load)):
                balance |= {f"b {i} {t}": 1, f"s {i} {t}": -1}
                lead |= {(f"p_b {t}", f"b {i} {t}"): 1, (f"p_s {t}", f"s {i} {t}"): -1}
            rules.append((balance, "==", 0))
            lead |= {f"import {t}": -high, f"export {t}": low}
        followers, constraints = [], {self.players[0]: rules}
        for i, name in enumerate(self.players[1:]):
            own, rows, payoff = self._prosumer(i)
            followers.append((name, own, payoff))
            constraints[name] = rows
        return StackelbergGame.from_terms(
            (self.players[0], bounds, lead), followers, constraints=constraints, sense="payoff"
        )

    def _prosumer(self, i: int) -> tuple[dict[str, Any], list[Any], dict[Any, Any]]:
        """Return the variables, rows and payoff of a prosumer; without a battery only what it buys and sells."""
        battery = self.capacity[i] > 0 and self.power[i] > 0
        own: dict[str, Any] = {}
        rows: list[Any] = []
        payoff: dict[Any, Any] = {}
        level: dict[str, Fraction] = {}
        for t, net in enumerate(self.net_load[i]):
            buy, sell, charge, take = (f"{letter} {i} {t}" for letter in "bscd")
            own |= {buy: (0, None), sell: (0, None)}
            payoff |= {(f"p_b {t}", buy): -1, (f"p_s {t}", sell): 1}
            balance: dict[str, Any] = {buy: 1, sell: -1}
            if battery:
                own |= {charge: (0, self.power[i]), take: (0, self.power[i])}
                balance |= {charge: -1, take: 1}
                if self.wear:
                    payoff[take] = -self.wear
                level = {**level, charge: self.efficiency, take: Fraction(-1)}
                last = t == len(self.net_load[i]) - 1
                rows.append((level, ">=", 0 if last else -self.initial[i]))
                rows.append((level, "<=", self.capacity[i] - self.initial[i]))
            rows.append((balance, "==", net))
        return own, rows, payoff

    def outcome(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a profile of :meth:`to_game` means, exactly.

        Per step ``buy_prices``, ``sell_prices``, ``bought``, ``sold`` inside and ``grid_energy`` (> 0: imported); per
        prosumer ``bills`` (wear left out) and ``stored``, the battery's level after each step; ``value`` is the profit.
        """
        game, steps = self.to_game(), range(len(self.retail_price))
        flat = (*profile["decision"], *(v for reply in profile["replies"] for v in reply))
        at = dict(zip(game.names, map(exact, flat), strict=True))
        people = range(len(self.net_load))
        buy, sell = ([at[f"{name} {t}"] for t in steps] for name in ("p_b", "p_s"))
        bought, sold = ([sum((at[f"{v} {i} {t}"] for i in people), Fraction(0)) for t in steps] for v in ("b", "s"))
        bills = [
            sum((internal_bill(at[f"b {i} {t}"] - at[f"s {i} {t}"], buy[t], sell[t]) for t in steps), Fraction(0))
            for i in people
        ]
        levels = [
            stored(
                self.initial[i], self.efficiency, *([at.get(f"{v} {i} {t}", Fraction(0)) for t in steps] for v in "cd")
            )
            for i in people
        ]
        rows = zip(bought, sold, buy, sell, self.retail_price, self.feed_in, strict=True)
        return {
            "buy_prices": tuple(buy),
            "sell_prices": tuple(sell),
            "bought": tuple(bought),
            "sold": tuple(sold),
            "grid_energy": tuple(b - s for b, s in zip(bought, sold, strict=True)),
            "bills": tuple(bills),
            "stored": tuple(map(tuple, levels)),
            "value": sum((operator_profit(*row) for row in rows), Fraction(0)),
        }
