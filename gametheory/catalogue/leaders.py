"""Leaders and followers: cases small enough to be solved by hand, each with the mistake that it catches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.notation import cells, profiles
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.loan_pricing import LoanPricingGame
from gametheory.games.log_pricing import LogPricingGame, LogPricingStep
from gametheory.games.pricing import PricingGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.games.trading import TradingStep

__all__ = ["entries"]

_STUDY = "Solved by hand here, for the package's study"
_LIU = (
    "Solved by hand here, in the structure of N. Liu, X. Yu, C. Wang and J. Wang, IEEE Transactions on Industrial "
    "Informatics 13 (2017) 1088-1098 with log utility"
)


def entries() -> tuple[Entry, ...]:
    """Return the games, each with its only optimal decision of the leader and the replies to it."""
    return (*_affine(), *_logarithmic(), *_congested(), *_weighted(), *_loans(), *_finite())


def _affine() -> tuple[Entry, ...]:
    return (
        Entry(
            name="operator_in_balance",
            game=PricingGame(
                ("buyer", "seller"),
                (TradingStep.from_numbers([2, -2], [1, 1], [6, 4], [-4, -4], [4, 4], buy_price=10, sell_price=0),),
            ),
            source=f"{_STUDY}: demand 8 - p_b, supply p_s - 2, so E (6 - 2 E) is earned in balance, at most 9/2",
            answers={
                "stackelberg_equilibrium": {
                    "buy_prices": (Fraction(13, 2),),
                    "sell_prices": (Fraction(7, 2),),
                    "adjustments": ((Fraction(1, 2),), (Fraction(-1, 2),)),
                }
            },
            lesson="Both prices lie strictly between the grid's: neither regime's own formula gives them.",
        ),
        Entry(
            name="operator_two_humps",
            game=PricingGame(
                ("fixed", "flexible", "roof"),
                (
                    TradingStep.from_numbers(
                        [1, 0, -100],
                        [0, Fraction(1, 3), 0],
                        [0, 3, 0],
                        [0, -50, 0],
                        [0, 50, 0],
                        buy_price=10,
                        sell_price=0,
                    ),
                ),
            ),
            source=f"{_STUDY}: demand is 1 + 3 (3 - p_b)^+, so p_b (10 - 3 p_b) has a hump of 25/3 at 5/3, and 10 is "
            "earned at the retail price",
            answers={
                "stackelberg_equilibrium": {
                    "buy_prices": (Fraction(10),),
                    "sell_prices": (Fraction(0),),
                    "adjustments": ((Fraction(0),), (Fraction(0),), (Fraction(0),)),
                }
            },
            lesson="A local search from below stops at the hump: the profit has a convex kink where a buyer leaves.",
        ),
    )


def _logarithmic() -> tuple[Entry, ...]:
    return (
        Entry(
            name="log_operator_in_balance",
            game=LogPricingGame.single(
                [4, 1], [0, 3], buy_price=2, sell_price=Fraction(1, 4), players=("buyer", "seller")
            ),
            source=f"{_LIU}: K_b = 4, C_b = 1, K_s = 1, C_s = 4 give E = (4*2 - 1*2)/(2 + 2)",
            answers={
                "stackelberg_equilibrium": {
                    "buy_prices": (Fraction(8, 5),),
                    "sell_prices": (Fraction(2, 5),),
                    "consumptions": ((Fraction(3, 2),), (Fraction(3, 2),)),
                }
            },
            lesson="At the kink E_s = E_b, with roots that happen to be rational; the profit is 9/5.",
        ),
        Entry(
            name="log_operator_in_surplus",
            game=LogPricingGame.single(
                [4, 1], [0, 99], buy_price=2, sell_price=Fraction(1, 4), players=("buyer", "seller")
            ),
            source=f"{_LIU}: p_b = sqrt(1/4 * 4/1) = 1, p_s = ls",
            answers={
                "stackelberg_equilibrium": {
                    "buy_prices": (Fraction(1),),
                    "sell_prices": (Fraction(1, 4),),
                    "consumptions": ((Fraction(3),), (Fraction(3),)),
                }
            },
            lesson="A surplus regime: the operator pays the grid's price and charges four times as much; profit 9/4.",
        ),
    )


def _congested() -> tuple[Entry, ...]:
    return (
        Entry(
            name="log_operator_behind_a_line",
            game=CongestedPricingGame(
                ("buyer", "seller"),
                (LogPricingStep((Fraction(4), Fraction(1)), (Fraction(0), Fraction(3)), Fraction(2), Fraction(3, 5)),),
                ((Fraction(0), Fraction(1)),),
                (Fraction(1),),
            ),
            source=f"{_LIU}; with a line of 1 kWh before the seller, E (4/(E + 1) - mu - 1/(4 - E)) is best at E = 1 "
            "for mu = 5/9; p_b = 2, p_s = 1/3 + 5/9",
            facts={"multiplier": Fraction(5, 9), "flow": 1},
            lesson="The line is full; the shift takes from the seller what one more kWh is worth to the operator.",
        ),
    )


def _weighted() -> tuple[Entry, ...]:
    surplus: dict[Any, Any] = {
        "d0": 4, "d1": 2, ("p0", "d0"): -1, ("p1", "d1"): -1,
        ("d0", "d0"): Fraction(-1, 3), ("d0", "d1"): Fraction(1, 3), ("d1", "d1"): Fraction(-1, 3),
    }  # fmt: skip
    half = {term: Fraction(value) / 2 for term, value in surplus.items()}
    leader = {**half, "d0": 1, "d1": 0, ("p0", "d0"): Fraction(1, 2), ("p1", "d1"): Fraction(1, 2)}
    free = (None, None)
    return (
        Entry(
            name="retailer_and_surplus",
            game=StackelbergGame.from_terms(
                ("retailer", {"p0": free, "p1": free}, leader),
                [("consumers", {"d0": free, "d1": free}, surplus)],
                sense="payoff",
            ),
            source="Solved by hand here, in the structure of L. Jia and L. Tong, IEEE Transactions on Smart Grid 7 "
            "(2016) 1128-1136: demand (10, 8) - ((2, 1), (1, 2)) p, wholesale price 1, half a unit for one of surplus",
            answers={
                "stackelberg_equilibrium": {
                    "decision": (Fraction(2), Fraction(4, 3)),
                    "replies": ((Fraction(14, 3), Fraction(10, 3)),),
                    "tie_breaking": "optimistic",
                }
            },
            lesson="A third of the way from wholesale to choke price; at weight 0 it is half, at weight 1 none.",
        ),
    )


def _loans() -> tuple[Entry, ...]:
    return (
        Entry(
            name="lender_two_humps",
            game=LoanPricingGame.from_numbers([9, *[Fraction(47, 27)] * 6], cost=1),
            source="Solved by hand here, in the structure of Z. T. Li, J. W. Kang, R. Yu et al., IEEE Transactions on "
            "Industrial Informatics 14 (2018) 3690-3700: m borrowers are best served at r = sqrt(A/m), which earns "
            "m (r - 1)^2: 28/9 with all seven at r = 5/3 and 4 with the first alone at r = 3",
            answers={"stackelberg_equilibrium": {"price": Fraction(3), "loans": (Fraction(2), *[Fraction(0)] * 6)}},
            lesson="The profit falls from its first top to a kink where six drop out; the best price serves one.",
        ),
    )


def _finite() -> tuple[Entry, ...]:
    return (
        Entry(
            name="commitment_against_dominance",
            game=cells("2,1 4,0 / 1,0 3,1"),
            source="Solved by hand here, in the setting of V. Conitzer and T. Sandholm, Computing the optimal strategy "
            "to commit to, Proc. 7th ACM Conference on Electronic Commerce (2006) 82-90",
            answers={
                "nash_equilibria": profiles("1 0 | 1 0"),
                "stackelberg_equilibrium": {
                    "leader": "player 0",
                    "commitment": (Fraction(1, 2), Fraction(1, 2)),
                    "reply": 1,
                    "pure": False,
                    "tie_breaking": "optimistic",
                    "attained": True,
                },
            },
            lesson="Up dominates, and the only equilibrium pays 2; committing to down earns 3, to a coin 7/2.",
        ),
    )
