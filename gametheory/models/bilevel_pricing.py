"""F.4 One price for many followers: a leader over followers with linear programmes.

Source: S. Haghifam, M. Dadashi, K. Zare et al., "Optimal operation of smart distribution networks in the presence of
demand response aggregators and microgrid owners: a multi follower bi-level approach", Sustainable Cities and Society
55, 2020, 102033; fidelity: derived. This is the smallest form of its structure, a price posted to followers with linear
payoffs; what follows them in general is solved by ``stackelberg_equilibrium`` of a ``StackelbergGame``, without the big
constants of the mixed-integer recipe.

Follower ``i`` takes ``x_i`` in ``[0, X_i]`` and is paid ``(v_i - pi) x_i``; the leader is paid ``(pi - c) sum_i x_i``,
``0 <= pi <= pi_max``. Ties of the followers go for the leader: against it the supremum is not attained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact, exact_series, total
from gametheory.errors import InputError
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["BilevelPricing", "profit", "surplus"]


def surplus(worth: Number, price: Number, quantity: Number) -> Number:
    """Return what a follower is paid: ``(v - pi) x`` (money)."""
    return (worth - price) * quantity


def profit(price: Number, cost: Number, quantities: Sequence[Number]) -> Number:
    """Return what the leader is paid: ``(pi - c) sum x`` (money)."""
    return (price - cost) * total(quantities)


@dataclass(frozen=True, slots=True)
class BilevelPricing:
    """A seller that posts one price to followers who buy all or nothing.

    Source: Haghifam, Dadashi, Zare et al. 2020; fidelity: derived (the sanity instance of its structure, with any
    number of followers). Theorems: F-P6.

    Parameters
    ----------
    worth
        ``v_i``: what a kWh is worth to each follower (money/kWh).
    most
        ``X_i > 0``: the most that each follower takes (kWh).
    cost
        ``c >= 0``: what a kWh costs the leader (money/kWh).
    price_cap
        ``pi_max``: the highest price allowed (money/kWh).
    players
        Names, the leader first.

    Examples
    --------
    >>> model = BilevelPricing(worth=(6, 3), most=(3, 9), cost=1, price_cap=10)
    >>> model.best_price, model.best_profit
    (Fraction(3, 1), Fraction(24, 1))
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P6",)
    fidelity: ClassVar[str] = "derived"

    worth: tuple[Fraction, ...]
    most: tuple[Fraction, ...]
    cost: Fraction
    price_cap: Fraction
    players: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("worth", "most"):
            object.__setattr__(self, name, exact_series(getattr(self, name), what=name))
        for name in ("cost", "price_cap"):
            object.__setattr__(self, name, exact(getattr(self, name), what=name))
        players = tuple(self.players) or ("leader", *(f"follower {i}" for i in range(len(self.worth))))
        object.__setattr__(self, "players", players)
        problems = []
        if not self.worth:
            problems.append("no follower: give at least one worth")
        if len(self.most) != len(self.worth) or len(players) != len(self.worth) + 1:
            problems.append(
                f"{len(self.worth)} worths, {len(self.most)} largest quantities, {len(players)} names; give one "
                "of each a follower, and a name for the leader first"
            )
        problems += [f"most[{i}] = {x} must be > 0 kWh" for i, x in enumerate(self.most) if x <= 0]
        if self.cost < 0:
            problems.append(f"cost {self.cost} must be >= 0")
        if self.price_cap < 0:
            problems.append(f"price_cap {self.price_cap} must be >= 0")
        InputError.raise_all(problems)

    def to_game(self) -> StackelbergGame:
        """Return the game: payoffs, the price as the leader's only variable."""
        names = [f"x{i}" for i in range(len(self.worth))]
        lead: dict[Any, Any] = {}
        for name in names:
            lead["price", name] = 1
            lead[name] = -self.cost
        return StackelbergGame.from_terms(
            (self.players[0], {"price": (0, self.price_cap)}, lead),
            [
                (player, {name: (0, most)}, {name: worth, ("price", name): -1})
                for player, name, worth, most in zip(self.players[1:], names, self.worth, self.most, strict=True)
            ],
            sense="payoff",
        )

    def replies(self, price: Number) -> tuple[Fraction, ...]:
        """Return what each follower takes at a price, ties for the leader: it sells if the price covers the cost."""
        asked = exact(price, what="price")
        return tuple(
            most if worth > asked or (worth == asked and asked >= self.cost) else Fraction(0)
            for worth, most in zip(self.worth, self.most, strict=True)
        )

    @property
    def best_price(self) -> Fraction:
        """The lowest optimal price, in closed form: the profit rises up to each worth and falls there, or the cap."""
        prices = sorted({price for price in (*self.worth, self.price_cap) if 0 <= price <= self.price_cap})
        return max(prices, key=lambda price: profit(price, self.cost, self.replies(price)))

    @property
    def best_profit(self) -> Fraction:
        """What that price earns."""
        earned: Fraction = profit(self.best_price, self.cost, self.replies(self.best_price))
        return earned
