"""One surplus and one deficit home under the rules of several games; each answer is derived in its source.

Home ``buyer`` lacks 1 kWh, home ``seller`` has 1 kWh to spare. The grid takes 3 and pays 1 for a kWh. At grid prices
neither would adjust: ``f(p) = p^2/2 + 3 p`` for the buyer, ``f(p) = p^2/2 + p`` for the seller, ``p`` in ``[-1, 1]``.
"""

from __future__ import annotations

from fractions import Fraction

from gametheory.catalogue.entry import Entry
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.pooled import PooledGame
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import TradingStep

__all__ = ["entries"]

_NAMES = ("buyer", "seller")
_STEP = TradingStep.from_numbers([1, -1], [1, 1], [3, 1], [-1, -1], [1, 1], buy_price=3, sell_price=1)
_STAY = ((Fraction(0),), (Fraction(0),))


def _column(*values: str) -> tuple[tuple[Fraction, ...], ...]:
    return tuple((Fraction(value),) for value in values)


def entries() -> tuple[Entry, ...]:
    """Return the trading games of the catalogue."""
    return (*_sharing(), *_together())


def _sharing() -> tuple[Entry, ...]:
    return (
        Entry(
            name="sharing_of_two",
            game=DemandBiddingGame(("1", "2"), (TradingStep.from_numbers([2, 0], [1, 1], [0, 0]),), Fraction(1)),
            source="Chen, Mei, Zhou, Low, Wei and Liu 2020, closed form: kappa = 1, the price is the mean of "
            "c D + d = 2 and 0, q = (c D + d - 1)/(c + kappa)",
            answers={
                "nash_equilibrium": {"bids": _column("3/2", "1/2"), "adjustments": _column("3/2", "1/2")},
            },
            lesson="Two who know that they move the price trade a c/(a c + 1) = 1/2 of what is best.",
        ),
        Entry(
            name="sharing_with_grid_sensitive",
            game=DemandBiddingGame(_NAMES, (_STEP,), Fraction(1)),
            source="Derived here: lam + q is a subgradient of the buyer's cost (3 while it still needs the grid), "
            "lam - q one of the seller's (1), so lam = 2 and q = 1",
            answers={"nash_equilibrium": {"bids": _column("3", "1"), "adjustments": _STAY}},
            lesson="A market this sensitive matches the whole surplus, at the middle of the grid's prices.",
        ),
        Entry(
            name="sharing_with_grid_stiff",
            game=DemandBiddingGame(_NAMES, (_STEP,), Fraction(1, 2)),
            source="Derived here as sharing_with_grid_sensitive, with kappa = 2: lam + 2 q = 3 and lam - 2 q = 1",
            answers={"nash_equilibrium": {"bids": _column("3/2", "1/2"), "adjustments": _STAY}},
            lesson="In a stiff market half of the surplus goes to the grid and comes back at three times the price.",
        ),
    )


def _together() -> tuple[Entry, ...]:
    return (
        Entry(
            name="pooling_of_two",
            game=PooledGame(_NAMES, (_STEP,)),
            source="Derived here: the seller cuts x and the buyer uses x more, x^2 - 2 x is least at x = 1, where both "
            "marginal costs are 2",
            answers={
                "social_optimum": {
                    "value": Fraction(-1),
                    "prices": (Fraction(2),),
                    "adjustments": _column("-1", "1"),
                },
                "characteristic_function": tuple(map(Fraction, (0, 3, -1, -1))),
            },
            lesson="Together they gain 3 over staying alone; matching the measured positions gains only 2 of it.",
        ),
        Entry(
            name="operator_between_two",
            game=PricingGame(_NAMES, (_STEP,)),
            source="Derived here: demand is 4 - p_b for p_b >= 2, supply is p_s; along supply = demand the profit is "
            "(4 - p_b)(2 p_b - 4), greatest at p_b = 3",
            answers={
                "stackelberg_equilibrium": {
                    "buy_prices": (Fraction(3),),
                    "sell_prices": (Fraction(1),),
                    "adjustments": _STAY,
                },
            },
            lesson="An operator keeps the grid's prices and the whole spread: its members gain nothing.",
        ),
    )
