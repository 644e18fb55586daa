"""Games of three players and more: irrational equilibria, continua, voting, congestion."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.finite_answers import answered
from gametheory.catalogue.notation import from_cells, profiles
from gametheory.games.normal_form import NormalFormGame

__all__ = ["entries"]

_NAU = (
    "R. Nau, S. Gomez Canovas and P. Hansen, On the geometry of Nash equilibria and correlated equilibria, "
    "Int. J. Game Theory 32 (2004) 443-453"
)


def entries() -> tuple[Entry, ...]:
    """Return the games."""
    return answered((*_published(), *_families()))


def _published() -> tuple[Entry, ...]:
    return (
        Entry(
            name="nau_irrational",
            game=from_cells((2, 2, 2), "3,0,2 1,0,0 0,2,0 0,1,0 0,1,0 0,3,0 1,0,0 2,0,3"),
            source=f"{_NAU}, section 4",
            facts={"extreme_equilibria": 1, "components": 1},
            lesson="Three players, rational payoffs, one equilibrium, and it is irrational: 12 y^2 + 13 y = 9.",
        ),
        Entry(
            name="nau_continuum",
            game=from_cells((2, 2, 2), "0,0,2 1,1,0 0,3,0 0,0,0 3,0,0 0,0,0 0,0,0 0,0,3"),
            source=f"{_NAU}, section 5",
            facts={"pure_equilibria": 3},
            lesson="Three pure, two incompletely mixed, and a curve of completely mixed equilibria.",
        ),
        Entry(
            name="mckelvey_mclennan_2x2x2",
            game=from_cells((2, 2, 2), "9,8,12 0,0,0 0,0,0 3,4,6 0,0,0 3,4,6 9,8,2 0,0,0"),
            source="R. McKelvey and A. McLennan, The maximal number of regular totally mixed Nash equilibria, "
            "J. Economic Theory 72 (1997) 411-425; payoffs as distributed with Gambit",
            facts={"extreme_equilibria": 9, "components": 9},
            lesson="Nine equilibria, two of them completely mixed.",
        ),
        Entry(
            name="selten_horse",
            game=from_cells((2, 2, 2), "3,2,2 0,0,0 3,2,2 0,0,0 4,4,0 1,1,1 1,1,1 1,1,1"),
            source="R. Selten, Reexamination of the perfectness concept, Int. J. Game Theory 4 (1975) 25-55, "
            "figure 1, in normal form",
            facts={"pure_equilibria": 3, "components": 2},
            lesson="A whole segment of equilibria is not perfect.",
        ),
        Entry(
            name="jordan_1993",
            game=NormalFormGame(
                *_tables(3, lambda s, i: (s[0] == s[1], s[1] == s[2], s[2] != s[0])[i]),
            ),
            source="J. S. Jordan, Three problems in learning mixed-strategy Nash equilibria, Games and "
            "Economic Behavior 5 (1993) 368-386",
            answers={"nash_equilibria": profiles("1/2 1/2 | 1/2 1/2 | 1/2 1/2")},
            facts={"extreme_equilibria": 1, "components": 1},
            lesson="Three-player matching pennies: fictitious play does not converge.",
        ),
    )


def _families() -> tuple[Entry, ...]:
    return (
        Entry(
            name="minority_3",
            game=NormalFormGame(*_tables(3, lambda s, i: s.count(s[i]) == 1)),
            source="W. B. Arthur, American Economic Review 84 (1994) 406-411, with three agents",
            facts={"pure_equilibria": 6, "components": 2},
            lesson="Whoever is alone wins: segments of equilibria in which one player is indifferent.",
        ),
        Entry(
            name="volunteers_dilemma_3",
            game=NormalFormGame(*_tables(3, lambda s, i: (2 if 0 in s else 0) - (s[i] == 0))),
            source="A. Diekmann, J. Conflict Resolution 29 (1985) 605-610: benefit 2, cost 1, strategy 0 volunteers",
            facts={"extreme_equilibria": 7, "components": 7},
            lesson="The symmetric equilibrium is irrational: the chance to abstain is the square root of one half.",
        ),
        Entry(
            name="volunteers_dilemma_4",
            game=NormalFormGame(*_tables(4, lambda s, i: (2 if 0 in s else 0) - (s[i] == 0))),
            source="A. Diekmann, J. Conflict Resolution 29 (1985) 605-610, with four players",
            facts={"extreme_equilibria": 15, "components": 15},
            lesson="One equilibrium for each set of players who do not abstain for sure; cube roots appear.",
        ),
        Entry(
            name="matching_three_ways",
            game=NormalFormGame(*_tables(3, lambda s, i: s[0] == s[1] == s[2])),
            source="Pure coordination of three players; J. Harsanyi and R. Selten, A General Theory of "
            "Equilibrium Selection in Games, 1988",
            facts={"pure_equilibria": 2},
            lesson="Two strict equilibria, and the even mixture of all three players.",
        ),
        Entry(
            name="congestion_3_roads",
            game=NormalFormGame(*_loads((3, 3, 3))),
            source="R. Rosenthal, A class of games possessing pure-strategy Nash equilibria, Int. J. Game "
            "Theory 2 (1973) 65-67: three drivers, three equal roads, a cost of one a driver on the road",
            facts={"pure_equilibria": 6},
            lesson="Six permutations, and mixed equilibria between them.",
        ),
        Entry(
            name="el_farol_4",
            game=NormalFormGame(*_tables(4, lambda s, i: (1 if s.count(0) <= 2 else -1) if s[i] == 0 else 0)),
            source="W. B. Arthur, Inductive reasoning and bounded rationality, Amer. Economic Review 84 (1994) "
            "406-411: four guests, room for two",
            facts={"pure_equilibria": 6, "extreme_equilibria": 27, "components": 27},
            lesson="Whoever stays away envies, and cannot gain by coming.",
        ),
        Entry(
            name="public_goods_4",
            game=NormalFormGame(*_tables(4, lambda s, i: 2 * s.count(0) - 4 * (s[i] == 0))),
            source="The linear public goods game with four players; J. Ledyard, Handbook of Experimental "
            "Economics, 1995",
            answers={"nash_equilibria": profiles("0 1 | 0 1 | 0 1 | 0 1")},
            facts={"extreme_equilibria": 1, "components": 1},
            lesson="Contributing is dominated, and best for all together.",
        ),
        Entry(
            name="majority_3",
            game=NormalFormGame(*_tables(3, lambda s, i: int(s.count(0) >= 2))),
            source="R. Farquharson, Theory of Voting, 1969: three voters who all prefer alternative 0",
            facts={"pure_equilibria": 5, "components": 2},
            lesson="Everybody voting for the worse alternative is an equilibrium in weakly dominated strategies.",
        ),
    )


def _tables(players: int, payoff: Callable[[tuple[int, ...], int], Any]) -> list[Any]:
    """Return the payoff tables of a game of two strategies each."""
    cells = list(product(range(2), repeat=players))
    return [np.array([int(payoff(s, i)) for s in cells]).reshape((2,) * players) for i in range(players)]


def _loads(shape: tuple[int, ...]) -> list[Any]:
    """Return what each pays on its road: one a driver there."""
    cells = list(product(*map(range, shape)))
    return [np.array([-s.count(s[i]) for s in cells]).reshape(shape) for i in range(len(shape))]
