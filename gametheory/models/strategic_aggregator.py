"""An aggregator that speaks for some members of a community, and knows that the others answer to the price.

fidelity: derived (the package's own economy; a dominant firm with a competitive fringe in the structure of K.
Forchheimer 1908, the index of A. P. Lerner 1934, forward sales as in Allaz and Vila 1993).

In one step the members' local market has a price ``lam`` in ``[feed_in, cap]``, ``cap`` the retail price unless a lower
one is set. Member ``j`` of the rest cuts its load by ``p_j`` where ``c_j p_j + d_j = lam``, within its bounds, and is
short of ``D_j - p_j``. The aggregator picks the cuts of its members and what it sells to the grid (``g``) or buys from
there (``h``) itself, so that ``s = sum (p_i - D_i) - g + h`` comes to the local market. The price settles at ``cap``
where the rest is still short there, at ``feed_in`` where it still has a surplus there, else where nobody is short; the
grid takes or delivers what is left. The aggregator earns

    lam (s - F) + ls g - lb h - sum_i (c_i p_i^2 / 2 + d_i p_i)

where ``F`` was sold forward. It leads; the rest and the price follow as a Nash game of members and an auctioneer who
pays ``lam`` times what the market is short of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError
from gametheory.games.stackelberg import StackelbergGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.models.economy import discomfort

__all__ = [
    "StrategicAggregator",
    "lerner_index",
    "lerner_of_share",
    "market_payoff",
    "sold",
    "withheld",
]


def market_payoff(price: Number, local: Number, forward: Number, exported: Number, imported: Number,
                  feed_in: Number, retail_price: Number) -> Number:  # fmt: skip
    """Return ``lam (s - F) + ls g - lb h`` (money): what the aggregator is paid before its members' discomfort."""
    return price * (local - forward) + feed_in * exported - retail_price * imported


def lerner_index(price: Number, marginal_cost: Number) -> Number:
    """Return ``(lam - MC)/lam``."""
    return (price - marginal_cost) / price


def lerner_of_share(share: Number, demand_elasticity: Number, fringe_elasticity: Number) -> Number:
    """Return ``share / (eps_D + (1 - share) eps_F)``: the index of a dominant seller at its optimum, away from bounds.

    Elasticities are those of the buyers' demand and of the other sellers' supply, both >= 0.
    """
    return share / (demand_elasticity + (1 - share) * fringe_elasticity)


def sold(intercept: Number, slope: Number, curvature: Number, unit_cost: Number, forward: Number) -> Number:
    """Return the optimal sale against ``R(lam) = intercept - slope lam`` at the cost ``curvature s^2/2 + unit_cost s``.

    ``s = (a + F - b d)/(2 + b c)`` where neither a bound nor a grid price is in the way.
    """
    return (intercept + forward - slope * unit_cost) / (2 + slope * curvature)


def withheld(intercept: Number, slope: Number, curvature: Number, unit_cost: Number, forward: Number) -> Number:
    """Return ``s_c - s = (s_c - F)/(2 + b c)``, with the price taker's sale ``s_c = (a - b d)/(1 + b c)``."""
    competitive = (intercept - slope * unit_cost) / (1 + slope * curvature)
    return (competitive - forward) / (2 + slope * curvature)


@dataclass(frozen=True, slots=True)
class StrategicAggregator:
    """One step of a community of which one aggregator controls some members.

    fidelity: derived. Theorems: M-P1, M-P2, M-P3.

    Parameters
    ----------
    players
        Names, in the order of the traders.
    step
        The traders and the grid's prices.
    controlled
        Names of the aggregator's members; somebody must be left.
    price_cap
        The highest local price, between the grid's prices; None is the retail price.
    forward
        ``F``: what the aggregator sold before (kWh, negative: bought), at a price that does not depend on the step.

    Raises
    ------
    InputError
        Nobody is controlled or nobody is left, an unknown name, an islanded step, a cap outside the grid's prices.

    Examples
    --------
    A home with 4 kWh to spare, and one that needs 2 kWh and would use 2 kWh more at the grid's buying price:

    >>> step = TradingStep.from_numbers([-4, 2], [1, 1], [1, 3], [0, -3], [0, 3], buy_price=3, sell_price=1)
    >>> game = StrategicAggregator(("seller", "buyer"), step, ("seller",)).to_game()
    >>> game.players, game.names
    (('aggregator', 'buyer', 'market'), ('exported', 'imported', 'cut of buyer', 'price'))
    """

    theorems: ClassVar[tuple[str, ...]] = ("M-P1", "M-P2", "M-P3")
    fidelity: ClassVar[str] = "derived"

    players: tuple[str, ...]
    step: TradingStep
    controlled: tuple[str, ...]
    price_cap: Fraction | None = None
    forward: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "controlled", tuple(self.controlled))
        object.__setattr__(self, "forward", exact(self.forward, what="forward"))
        if self.price_cap is not None:
            object.__setattr__(self, "price_cap", exact(self.price_cap, what="price_cap"))
        problems = []
        if len(self.players) != len(self.step.traders):
            problems.append(f"{len(self.players)} names for {len(self.step.traders)} traders; give one each")
        strangers = [name for name in self.controlled if name not in self.players]
        if strangers:
            problems.append(f"{strangers[0]!r} is no member; the members are {', '.join(self.players)}")
        if not 0 < len(set(self.controlled)) < len(self.players):
            problems.append(
                f"{len(set(self.controlled))} of {len(self.players)} members are controlled; give at least one, and "
                "leave at least one"
            )
        if self.step.islanded:
            problems.append("the step has no grid prices: the local price would have no bounds; give both")
        InputError.raise_all(problems)
        if self.price_cap is not None and not self._feed_in <= self.price_cap <= self._retail:
            raise InputError(
                f"price_cap {self.price_cap} is outside the grid's prices, {self._feed_in} to {self._retail}; the "
                "local price stays between them anyway"
            )

    @property
    def _feed_in(self) -> Fraction:
        return exact(self.step.sell_price)

    @property
    def _retail(self) -> Fraction:
        return exact(self.step.buy_price)

    @property
    def cap(self) -> Fraction:
        """The highest local price."""
        return self._retail if self.price_cap is None else self.price_cap

    def to_game(self) -> StackelbergGame:
        """Return the game: costs; variables ``"cut of ..."``, ``"exported"``, ``"imported"`` and ``"price"``.

        Members who cannot move are constants, and a bound of a follower that no price reaches is left out.
        """
        mine = [(n, t) for n, t in zip(self.players, self.step.traders, strict=True) if n in self.controlled]
        rest = [(n, t) for n, t in zip(self.players, self.step.traders, strict=True) if n not in self.controlled]
        bounds: dict[str, Any] = {}
        lead: dict[Any, Any] = {1: Fraction(0)}
        short = Fraction(0)  # what the market is short of before anybody moves
        supply: dict[str, int] = {}  # a variable's part in what comes to the market
        for name, trader in mine:
            short += trader.position
            low, high = trader.lower, trader.upper
            if low is not None and low == high:
                short -= low
                lead[1] += exact(discomfort(low, trader.curvature, trader.slope))
                continue
            variable = f"cut of {name}"
            bounds[variable] = (low, high)
            lead[variable, variable] = trader.curvature / 2
            lead[variable] = trader.slope
            supply[variable] = 1
        own = short  # the aggregator's own need, when its members do not move
        bounds["exported"], bounds["imported"] = (0, _most(mine, 1)), (0, _most(mine, -1))
        lead["exported"], lead["imported"] = -self._feed_in, self._retail
        supply["exported"], supply["imported"] = -1, 1
        for variable, sign in supply.items():
            lead["price", variable] = Fraction(-sign)
        lead["price"] = own + self.forward
        followers = []
        for name, trader in rest:
            short += trader.position
            if trader.lower is not None and trader.lower == trader.upper:
                short -= trader.lower
                continue
            variable = f"cut of {name}"
            supply[variable] = 1
            followers.append((name, {variable: self._reached(trader)}, _answer(variable, trader)))
        auction: dict[Any, Any] = {("price", variable): Fraction(sign) for variable, sign in supply.items()}
        auction["price"] = -short
        followers.append(("market", {"price": (self._feed_in, self.cap)}, auction))
        return StackelbergGame.from_terms(("aggregator", bounds, lead), followers)

    def _reached(self, trader: Trader) -> tuple[Fraction | None, Fraction | None]:
        """Return the bounds of a member that some price reaches."""
        low, high = trader.lower, trader.upper
        if trader.curvature == 0:
            return low, high
        if low is not None and (self._feed_in - trader.slope) / trader.curvature >= low:
            low = None
        if high is not None and (self.cap - trader.slope) / trader.curvature <= high:
            high = None
        return low, high


def _answer(variable: str, trader: Trader) -> dict[Any, Any]:
    """Return a member's cost: its discomfort less what its cut is worth at the price."""
    return {
        (variable, variable): trader.curvature / 2,
        variable: trader.slope,
        ("price", variable): Fraction(-1),
    }


def _most(members: Sequence[tuple[str, Trader]], side: int) -> Fraction | None:
    """Return the most that members could sell to the grid (`side` 1) or buy there (-1), None without a limit."""
    total = Fraction(0)
    for _, trader in members:
        edge = trader.upper if side > 0 else trader.lower
        if edge is None:
            return None
        total += max(side * (edge - trader.position), Fraction(0))
    return total
