"""Small energy games, constructed here, payoffs in EUR: who sells, when to discharge, where to charge."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.finite_answers import answered
from gametheory.catalogue.notation import cells, profiles
from gametheory.games.normal_form import NormalFormGame

__all__ = ["entries"]

Payoff = Callable[[tuple[int, ...], int], Any]


def entries() -> tuple[Entry, ...]:
    """Return the games."""
    return answered((*_two(), *_three()))


def _game(shape: tuple[int, ...], payoff: Payoff, **names: Any) -> NormalFormGame:
    tables = []
    for i in range(len(shape)):
        cells_of_i = [Fraction(payoff(s, i)) for s in product(*map(range, shape))]
        tables.append(np.array(cells_of_i, dtype=object).reshape(shape))
    return NormalFormGame(*tables, **names)


def _two() -> tuple[Entry, ...]:
    return (
        Entry(
            name="two_sellers_one_buyer",
            game=_game((3, 3), _undercut, strategies=[("0.10", "0.15", "0.20")] * 2),
            source="Constructed here: two neighbours offer 4 kWh each at a price above a cost of 0.05; the "
            "buyer takes 4 kWh where it is cheaper, half each at a tie",
            facts={"pure_equilibria": 2},
            lesson="Undercutting on a price grid stops one or two steps above cost.",
        ),
        Entry(
            name="storage_timing",
            game=cells("2,2 5,3 / 3,5 1,1", strategies=(("evening", "night"),) * 2),
            source="Constructed here: two batteries sell in the evening (dear, but the price falls when both "
            "do) or at night",
            answers={"nash_equilibria": profiles("1 0 | 0 1", "4/5 1/5 | 4/5 1/5", "0 1 | 1 0")},
            lesson="Anti-coordination: somebody has to wait for the night.",
        ),
        Entry(
            name="peak_shaving",
            game=cells("-4,-4 -4,-2 / -2,-4 -5,-5", strategies=(("shift", "stay"),) * 2),
            source="Constructed here: shifting load costs a household 2 of comfort; the peak charge of 2 is "
            "shared if one stays and 5 each if both do",
            facts={"pure_equilibria": 2},
            lesson="Each would rather be the one who does not shift.",
        ),
        Entry(
            name="meter_inspection",
            game=cells("-6,1 4,-4 / 0,-1 0,0", strategies=(("tamper", "honest"), ("audit", "trust"))),
            source="Constructed here after the inspection game (Dresher 1962)",
            answers={"nash_equilibria": profiles("1/6 5/6 | 2/5 3/5")},
            lesson="Larger fines lower audits, not fraud.",
        ),
        Entry(
            name="charging_slots",
            game=_game((3, 3), lambda s, i: (6, 5, 3)[s[i]] - (3 if s[0] == s[1] else 0)),
            source="Constructed here: two vehicles choose one of three slots worth 6, 5 and 3; sharing a "
            "charger costs 3",
            facts={"pure_equilibria": 2},
            lesson="A congestion game: potential, pure equilibria, and a mixed one that wastes.",
        ),
        Entry(
            name="reserve_bids",
            game=_game((4, 4), _paid_as_bid),
            source="Constructed here: two batteries bid 1..4 for a reserve contract, the lower bid wins and is paid",
            facts={"pure_equilibria": 2},
            lesson="Pay as bid drives the price down to the last step, or one above it.",
        ),
        Entry(
            name="wind_and_battery",
            game=NormalFormGame.zero_sum([["0.3", "-0.1"], ["-0.2", "0.2"]]),
            source="Constructed here: a wind farm hides its forecast, a battery guesses the side of the imbalance",
            answers={"nash_equilibria": profiles("1/2 1/2 | 3/8 5/8")},
            lesson="A zero-sum game with a value of 1/20 in decimals that are no binary floats.",
        ),
    )


def _paid_as_bid(s: tuple[int, ...], i: int) -> Fraction:
    share = 1 if s[i] < s[1 - i] else Fraction(1, 2) if s[0] == s[1] else 0
    return (s[i] + 1) * Fraction(share)


def _undercut(s: tuple[int, ...], i: int) -> Fraction:
    margin = Fraction(5 + 5 * s[i], 100)
    quantity = 4 if s[i] < s[1 - i] else 2 if s[0] == s[1] else 0
    return margin * quantity


def _three() -> tuple[Entry, ...]:
    return (
        Entry(
            name="ev_two_feeders_3",
            game=_game((2, 2, 2), lambda s, i: -(s.count(s[i]) ** 2) * (2 if s[i] == 0 else 1)),
            source="Constructed here after R. Rosenthal, Int. J. Game Theory 2 (1973) 65-67: three vehicles on "
            "a weak and a strong feeder, losses grow with the square of the load",
            facts={"pure_equilibria": 3, "extreme_equilibria": 7, "components": 7},
            lesson="A congestion game: one vehicle on the weak feeder, two on the strong one.",
        ),
        Entry(
            name="ev_two_feeders_4",
            game=_game((2, 2, 2, 2), lambda s, i: -s.count(s[i])),
            source="Constructed here: four vehicles on two equal feeders",
            facts={"pure_equilibria": 6},
            lesson="Six ways to split two and two; every other equilibrium mixes.",
        ),
        Entry(
            name="shared_transformer_3",
            game=_game((2, 2, 2), lambda s, i: (4 if s.count(0) >= 2 else 0) - (3 if s[i] == 0 else 0)),
            source="Constructed here: a transformer is reinforced if two of three prosumers pay 3; it is worth "
            "4 to each",
            facts={"pure_equilibria": 4},
            lesson="A threshold public good: nobody pays, or two pay and the third rides free.",
        ),
        Entry(
            name="prosumers_and_aggregator",
            game=_game((2, 2, 2), _aggregator, players=("home 1", "home 2", "aggregator")),
            source="Constructed here: two homes offer flexibility or not, the aggregator pays a high or a low price",
            facts={"pure_equilibria": 1},
            lesson="Who moves the price and who follows is not the same player.",
        ),
    )


def _aggregator(s: tuple[int, ...], i: int) -> int:
    offers = (s[0] == 0) + (s[1] == 0)
    price = 3 if s[2] == 0 else 1
    return (price - 2) * (s[i] == 0) if i < 2 else offers * (4 - price)
