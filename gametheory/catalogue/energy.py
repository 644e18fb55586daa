"""Energy games small enough to be solved by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from gametheory.catalogue.entry import Entry
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.splittable import SplittableGame
from gametheory.games.trading import TradingStep

__all__ = ["entries"]

_PAPER = (
    "structure: Chen, Mei, Zhou, Low, Wei and Liu, IEEE Transactions on Smart Grid 11(3), 2020, 2055-2066; "
    "numbers by hand"
)


def _pair(step: TradingStep) -> DemandBiddingGame:
    return DemandBiddingGame(("1", "2"), (step,), Fraction(1))


def entries() -> tuple[Entry, ...]:
    """Return the entries of this subject."""
    third, half = Fraction(1, 3), Fraction(1, 2)
    return (
        Entry(
            name="sharing_pair",
            game=_pair(TradingStep.from_numbers([2, 0], [1, 3], [0, 0])),
            source=_PAPER,
            answers={
                "nash_equilibrium": {
                    "bids": ((5 * third,), (Fraction(1),)),
                    "adjustments": ((5 * third,), (third,)),
                }
            },
            lesson="Both hold back: they trade 1/3 where the optimum trades 1/2, the shading factor a s/(a s + 2).",
        ),
        Entry(
            name="sharing_tight_gap",
            game=_pair(TradingStep.from_numbers([1, -1], [1, 1], [0, 0])),
            source=_PAPER,
            answers={"nash_equilibrium": {"bids": ((half,), (-half,)), "adjustments": ((half,), (-half,))}},
            lesson="The efficiency gap, 1/4, equals the bound (kappa/8) sum q_SO^2: no smaller factor than 1/8 holds.",
        ),
        Entry(
            name="sharing_with_grid",
            game=_pair(TradingStep.from_numbers([2, -1], [1, 1], [0, 0], [-1, -1], [1, 1], buy_price=4, sell_price=1)),
            source=_PAPER,
            answers={
                "nash_equilibrium": {"bids": ((Fraction(3),), (Fraction(1),)), "adjustments": ((Fraction(1),),) * 2}
            },
            lesson="Price 2 between sell price 1 and buy price 4; player 2 sells one unit inside and one outside, and "
            "gains exactly kappa q^2 = 1.",
        ),
        Entry(
            name="sharing_all_at_bounds",
            game=_pair(TradingStep.from_numbers([1, 3], [1, 1], [0, 0], [0, 0], [2, 2])),
            source=_PAPER,
            answers={
                "nash_equilibrium": {"bids": ((Fraction(2),), (Fraction(4),)), "adjustments": ((Fraction(2),),) * 2}
            },
            lesson="All must give all they have: purchases are unique, but every price from 3 upwards clears.",
        ),
        Entry(
            name="charging_pair_in_arrays",
            game=SplittableGame(
                amounts=np.array([4.0, 4.0]),
                limits=np.array([4.0, 4.0]),
                slope=np.array([1.0, 1.0]),
                base=np.array([3.0, 1.0]),
            ),
            source="structure: Deori, Margellos and Prandini, Automatica 96, 2018, 150-158; numbers by hand",
            facts={"totals of the slots": (10 * third, 14 * third), "price of anarchy": Fraction(856, 855)},
            lesson="Two cars spread less into the cheap slot than the optimum, 10/3 and 14/3 where it has 7/2 and 9/2.",
        ),
    )
