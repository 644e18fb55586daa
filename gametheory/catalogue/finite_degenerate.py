"""Two-player games with ties: continua of equilibria, duplicated strategies, equilibria that enumerations miss."""

from __future__ import annotations

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.finite_answers import answered
from gametheory.catalogue.notation import cells, profiles
from gametheory.games.normal_form import NormalFormGame

__all__ = ["entries"]


def entries() -> tuple[Entry, ...]:
    """Return the games; an answer lists all extreme equilibria, of which every equilibrium is a mixture."""
    return answered(_published())


def _published() -> tuple[Entry, ...]:
    return (
        Entry(
            name="von_stengel_2002_degenerate",
            game=cells("3,3 3,3 / 2,2 5,6 / 0,3 6,1"),
            source="B. von Stengel, Computing equilibria for two-person games, Handbook of Game Theory 3 "
            "(2002), section 2.6, equation (2.16)",
            answers={"nash_equilibria": profiles("1 0 0 | 1 0", "1 0 0 | 2/3 1/3", "0 1/3 2/3 | 1/3 2/3")},
            facts={"components": 2},
            lesson="A pure strategy with two best replies: an edge of equilibria; supports of unequal size matter.",
        ),
        Entry(
            name="winkels_1979",
            game=cells("1,1 3,2 / 1,0 3,-1 / 3,-2 1,2 / 3,4 1,-1 / 5/2,-1 5/2,6 / 5/2,6 5/2,-1"),
            source="H.-M. Winkels, An algorithm to determine all equilibrium points of a bimatrix game, in: "
            "Game Theory and Related Topics, 1979, 137-148",
            answers={
                "nash_equilibria": profiles(
                    "1 0 0 0 0 0 | 0 1",
                    "7/8 0 0 0 0 1/8 | 1/4 3/4",
                    "1/2 1/2 0 0 0 0 | 1/4 3/4",
                    "1/2 1/2 0 0 0 0 | 0 1",
                    "0 7/8 0 0 1/8 0 | 1/4 3/4",
                    "0 0 7/11 0 0 4/11 | 3/4 1/4",
                    "0 0 5/9 4/9 0 0 | 1 0",
                    "0 0 5/9 4/9 0 0 | 3/4 1/4",
                    "0 0 0 1 0 0 | 1 0",
                    "0 0 0 7/12 5/12 0 | 3/4 1/4",
                    "0 0 0 0 1/2 1/2 | 3/4 1/4",
                    "0 0 0 0 1/2 1/2 | 1/4 3/4",
                )
            },
            facts={"components": 1},
            lesson="Twelve extreme equilibria in seven maximal Nash subsets, all connected.",
        ),
        Entry(
            name="kohlberg_mertens_1986",
            game=cells("1,1 0,-1 -1,1 / -1,0 0,0 -1,0 / 1,-1 0,-1 -2,-2"),
            source="E. Kohlberg and J.-F. Mertens, On the strategic stability of equilibria, Econometrica 54 "
            "(1986) 1003-1037, appendix B",
            answers={
                "nash_equilibria": profiles(
                    "1 0 0 | 1 0 0",
                    "1 0 0 | 0 0 1",
                    "0 1 0 | 0 1 0",
                    "0 1 0 | 0 0 1",
                    "0 0 1 | 1 0 0",
                    "0 0 1 | 0 1 0",
                )
            },
            facts={"components": 1},
            lesson="One component, a circle of six segments, hence not convex and not contractible.",
        ),
        Entry(
            name="all_payoffs_equal",
            game=NormalFormGame([[0] * 3] * 2, [[0] * 3] * 2),
            source="Folklore; every profile is an equilibrium",
            answers={
                "nash_equilibria": profiles(
                    "1 0 | 1 0 0", "1 0 | 0 1 0", "1 0 | 0 0 1", "0 1 | 1 0 0", "0 1 | 0 1 0", "0 1 | 0 0 1"
                )
            },
            facts={"components": 1},
            lesson="The most degenerate game: one subset, the product of both simplices.",
        ),
        Entry(
            name="stag_hunt_in_tenths",
            game=cells("0.3,0.3 0,0.1 / 0.1,0 0.1,0.1"),
            source="J.-J. Rousseau, Discourse on Inequality (1755), in tenths: a case for players who learn",
            answers={"nash_equilibria": profiles("1 0 | 1 0", "1/3 2/3 | 1/3 2/3", "0 1 | 0 1")},
            facts={"components": 3},
            lesson="Against one stag and two hares both pay 3/10; nashpy's fictitious play finds ties by equality of "
            "floats (0.1 + 2 * 0.1 > 0.3) and sees none.",
        ),
        Entry(
            name="duplicated_rows",
            game=cells("3,2 0,0 / 3,2 0,0 / 0,0 2,3"),
            source="Battle of the sexes (Luce and Raiffa 1957) with the first row twice",
            answers={
                "nash_equilibria": profiles(
                    "1 0 0 | 1 0", "0 1 0 | 1 0", "3/5 0 2/5 | 2/5 3/5", "0 3/5 2/5 | 2/5 3/5", "0 0 1 | 0 1"
                )
            },
            facts={"components": 3},
            lesson="Ties in every ratio test: pivoting without a rule for ties may cycle.",
        ),
    )
