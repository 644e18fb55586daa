"""All extreme equilibria of games whose sources give the game, or only their number.

Computed twice, exactly: games of two players by vertex enumeration and by lrsnash (D. Avis, G. Rosenberg, R. Savani
and B. von Stengel, Enumeration of Nash equilibria for two-player games, Economic Theory 42 (2010) 9-37); games of more
by closing every support, once in the solver and once in the checker. The tests do both again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import Any

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.notation import profiles

__all__ = ["LISTED", "answered"]

LISTED: dict[str, tuple[str, ...]] = {
    "bertrand_grid": (
        "1 0 0 0 0 | 1 0 0 0 0",
        "0 1 0 0 0 | 0 1 0 0 0",
        "0 0 1 0 0 | 0 0 1 0 0",
    ),
    "burning_a_dollar": (
        "1 0 0 0 | 2/3 1/3 0 0",
        "1 0 0 0 | 0 1 0 0",
        "0 0 1 0 | 1 0 0 0",
        "0 0 1 0 | 0 0 1 0",
        "0 0 3/4 1/4 | 1/4 1/3 0 5/12",
        "0 0 3/4 1/4 | 1/4 0 0 3/4",
        "0 0 3/4 1/4 | 0 7/12 1/4 1/6",
        "0 0 3/4 1/4 | 0 0 1/4 3/4",
        "0 0 0 1 | 0 2/3 0 1/3",
        "0 0 0 1 | 0 0 0 1",
    ),
    "centipede": (
        "1 0 0 | 1 0 0",
        "1 0 0 | 30/31 0 1/31",
        "1 0 0 | 6/7 1/7 0",
        "1 0 0 | 6/7 6/49 1/49",
    ),
    "charging_slots": (
        "1 0 0 | 0 1 0",
        "2/3 1/3 0 | 2/3 1/3 0",
        "0 1 0 | 1 0 0",
    ),
    "colonel_blotto": (
        "4/9 0 1/9 0 4/9 | 7/90 16/45 8/15 1/30",
        "4/9 0 1/9 0 4/9 | 1/30 8/15 16/45 7/90",
    ),
    "cournot_grid": (
        "0 0 0 1 0 0 0 | 0 0 0 0 0 1 0",
        "0 0 0 0 1 0 0 | 0 0 0 0 1 0 0",
        "0 0 0 0 0 1 0 | 0 0 0 1 0 0 0",
    ),
    "dominated_equilibria": (
        "1/2 0 1/2 | 1/2 0 1/2",
        "1/4 1/2 1/4 | 1/2 0 1/2",
        "0 1 0 | 0 1 0",
    ),
    "majority_3": (
        "1 0 | 1 0 | 1 0",
        "1 0 | 1 0 | 0 1",
        "1 0 | 0 1 | 1 0",
        "0 1 | 1 0 | 1 0",
        "0 1 | 0 1 | 0 1",
    ),
    "matching_three_ways": (
        "1 0 | 1 0 | 1 0",
        "1/2 1/2 | 1/2 1/2 | 1/2 1/2",
        "0 1 | 0 1 | 0 1",
    ),
    "mckelvey_mclennan_2x2x2": (
        "1 0 | 1 0 | 1 0",
        "1 0 | 0 1 | 0 1",
        "1/2 1/2 | 1/2 1/2 | 1 0",
        "1/2 1/2 | 2/5 3/5 | 1/4 3/4",
        "2/5 3/5 | 1/2 1/2 | 1/3 2/3",
        "1/3 2/3 | 1 0 | 1/4 3/4",
        "0 1 | 1 0 | 0 1",
        "0 1 | 1/4 3/4 | 1/3 2/3",
        "0 1 | 0 1 | 1 0",
    ),
    "minority_3": (
        "1/2 1/2 | 1/2 1/2 | 1/2 1/2",
        "0 1 | 1 0 | 1 0",
        "0 1 | 1 0 | 0 1",
        "1 0 | 0 1 | 1 0",
        "1 0 | 0 1 | 0 1",
        "1 0 | 1 0 | 0 1",
        "0 1 | 0 1 | 1 0",
    ),
    "peak_shaving": (
        "1 0 | 0 1",
        "1/3 2/3 | 1/3 2/3",
        "0 1 | 1 0",
    ),
    "prosumers_and_aggregator": (
        "0 1 | 0 1 | 1/2 1/2",
        "0 1 | 0 1 | 0 1",
    ),
    "reserve_bids": (
        "1 0 0 0 | 1 0 0 0",
        "0 1 0 0 | 0 1 0 0",
    ),
    "savani_von_stengel_4": ("5/8 15/56 5/56 1/56 | 5/56 1/56 5/8 15/56",),
    "savani_von_stengel_6": ("7/12 35/132 7/66 7/198 7/792 1/792 | 7/792 1/792 7/66 7/198 7/12 35/132",),
    "schotter_weigelt_wilson": (
        "1 0 | 1 0",
        "1 0 | 1/3 2/3",
        "0 1 | 0 1",
    ),
    "selten_1975_fig_2": (
        "1 0 0 | 1 0",
        "1 0 0 | 1/2 1/2",
    ),
    "selten_horse": (
        "1 0 | 2/3 1/3 | 1 0",
        "1 0 | 0 1 | 1 0",
        "0 1 | 1 0 | 0 1",
        "0 1 | 0 1 | 0 1",
    ),
    "shapley_1974_fig_2": (
        "0 1 0 | 0 1 0",
        "0 1/2 1/2 | 0 1/4 3/4",
        "0 0 1 | 0 0 1",
    ),
    "shared_transformer_3": (
        "1 0 | 1 0 | 0 1",
        "1 0 | 0 1 | 1 0",
        "3/4 1/4 | 3/4 1/4 | 0 1",
        "3/4 1/4 | 0 1 | 3/4 1/4",
        "0 1 | 1 0 | 1 0",
        "0 1 | 3/4 1/4 | 3/4 1/4",
        "0 1 | 0 1 | 0 1",
    ),
    "todd_inaccessible": (
        "1/3 1/3 1/3 0 0 | 8/21 2/7 1/3",
        "1/3 1/3 0 1/3 0 | 1/3 2/7 8/21",
        "0 0 0 0 1 | 0 1 0",
    ),
    "two_sellers_one_buyer": (
        "1 0 0 | 1 0 0",
        "0 1 0 | 0 1 0",
    ),
    "yamamoto_1993": (
        "1 0 0 | 1 0 0",
        "0 1 0 | 0 1 0",
    ),
}

#: One of each class under exchanges of players and of strategies, both alike for all.
_UP_TO_SYMMETRY: dict[str, tuple[str, ...]] = {
    "congestion_3_roads": (
        "1 0 0 | 0 1 0 | 0 0 1",
        "1 0 0 | 0 1/2 1/2 | 0 1/2 1/2",
        "2/3 1/3 0 | 4/9 1/9 4/9 | 0 1/3 2/3",
        "2/3 1/6 1/6 | 2/3 1/6 1/6 | 0 1/2 1/2",
        "1/2 1/2 0 | 1/2 0 1/2 | 0 1/2 1/2",
        "1/3 1/3 1/3 | 1/3 1/3 1/3 | 1/3 1/3 1/3",
    ),
    "ev_two_feeders_4": (
        "1 0 | 1 0 | 0 1 | 0 1",
        "1 0 | 1/2 1/2 | 1/2 1/2 | 0 1",
        "1 0 | 1/4 3/4 | 1/4 3/4 | 1/4 3/4",
        "1/2 1/2 | 1/2 1/2 | 1/2 1/2 | 1/2 1/2",
    ),
}


def answered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries, with the equilibria listed here for those that have none."""
    return tuple(
        replace(entry, answers={**entry.answers, "nash_equilibria": found}) if found else entry
        for entry in entries
        for found in (() if "nash_equilibria" in entry.answers else _of(entry.name),)
    )


def _of(name: str) -> tuple[Any, ...]:
    if name in LISTED:
        return profiles(*LISTED[name])
    if name == "coordination_5":  # even on any set of strategies, the same for both
        sets = [own for size in range(1, 6) for own in combinations(range(5), size)]
        even = [tuple(Fraction(int(k in own), len(own)) for k in range(5)) for own in sets]
        return tuple((strategy, strategy) for strategy in even)
    found = {
        tuple(tuple(profile[i][k] for k in strategies) for i in players)
        for profile in profiles(*_UP_TO_SYMMETRY.get(name, ()))
        for players, strategies in product(
            permutations(range(len(profile))), list(permutations(range(len(profile[0]))))
        )
    }
    return tuple(sorted(found, reverse=True))
