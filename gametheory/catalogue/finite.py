"""Textbook games of two players in normal form."""

from __future__ import annotations

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.finite_answers import answered
from gametheory.catalogue.notation import cells, profiles
from gametheory.games.normal_form import NormalFormGame

__all__ = ["entries"]


def entries() -> tuple[Entry, ...]:
    """Return the games, each with all its equilibria where they are rational and few."""
    return answered((*_two_by_two(), *_larger()))


def _two_by_two() -> tuple[Entry, ...]:
    return (
        Entry(
            name="prisoners_dilemma",
            game=cells("3,3 0,5 / 5,0 1,1", strategies=(("cooperate", "defect"),) * 2),
            source="A. W. Tucker 1950, printed in R. D. Luce and H. Raiffa, Games and Decisions, 1957, section 5.4",
            answers={"nash_equilibria": profiles("0 1 | 0 1")},
            lesson="A dominant strategy each, and a worse outcome for both.",
        ),
        Entry(
            name="matching_pennies",
            game=NormalFormGame.zero_sum([[1, -1], [-1, 1]], strategies=(("heads", "tails"),) * 2),
            source="J. von Neumann and O. Morgenstern, Theory of Games and Economic Behavior, 1944, section 14.7",
            answers={"nash_equilibria": profiles("1/2 1/2 | 1/2 1/2")},
            lesson="No pure equilibrium.",
        ),
        Entry(
            name="battle_of_the_sexes",
            game=cells("3,2 0,0 / 0,0 2,3"),
            source="R. D. Luce and H. Raiffa, Games and Decisions, 1957, section 5.3; these numbers: R. Nau, "
            "S. Gomez Canovas and P. Hansen, Int. J. Game Theory 32 (2004) 443-453, section 3",
            answers={"nash_equilibria": profiles("1 0 | 1 0", "3/5 2/5 | 2/5 3/5", "0 1 | 0 1")},
            lesson="Two pure equilibria and a mixed one that is worse for both; indices +1, -1, +1.",
        ),
        Entry(
            name="stag_hunt",
            game=cells("4,4 0,3 / 3,0 3,3", strategies=(("stag", "hare"),) * 2),
            source="J.-J. Rousseau 1755; numbers as in B. Skyrms, The Stag Hunt and the Evolution of Social "
            "Structure, 2004, chapter 1",
            answers={"nash_equilibria": profiles("1 0 | 1 0", "3/4 1/4 | 3/4 1/4", "0 1 | 0 1")},
            lesson="One equilibrium pays more, the other risks less.",
        ),
        Entry(
            name="chicken",
            game=cells("6,6 2,7 / 7,2 0,0"),
            source="R. J. Aumann, J. Mathematical Economics 1 (1974) 67-96, example 2.7",
            answers={"nash_equilibria": profiles("1 0 | 0 1", "2/3 1/3 | 2/3 1/3", "0 1 | 1 0")},
            lesson="A correlated equilibrium pays more in sum than any mixture of Nash equilibria.",
        ),
        Entry(
            name="float_equality_trap",
            game=NormalFormGame([["0.1", "0.7"], ["0.3", "0.2"]], [["0.3", "0.1"], ["0.6", "0.9"]]),
            source="Constructed here: in decimals the indifference equations are exact, in binary floats they are not",
            answers={"nash_equilibria": profiles("3/5 2/5 | 5/7 2/7")},
            lesson="A check by == on floats refuses the one equilibrium there is.",
        ),
    )


def _larger() -> tuple[Entry, ...]:
    return (
        Entry(
            name="rock_paper_scissors",
            game=NormalFormGame.zero_sum([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]),
            source="J. von Neumann and O. Morgenstern, Theory of Games and Economic Behavior, 1944, section 18.1",
            answers={"nash_equilibria": profiles("1/3 1/3 1/3 | 1/3 1/3 1/3")},
            lesson="Replicator paths circle it, fictitious play converges to it.",
        ),
        Entry(
            name="shapley_1964",
            game=cells("1,0 0,0 0,1 / 0,1 1,0 0,0 / 0,0 0,1 1,0"),
            source="L. S. Shapley, Some topics in two-person games, Annals of Mathematics Studies 52 (1964) "
            "1-28, section 5",
            answers={"nash_equilibria": profiles("1/3 1/3 1/3 | 1/3 1/3 1/3")},
            lesson="Fictitious play cycles in ever longer runs and does not converge.",
        ),
        Entry(
            name="von_stengel_2002",
            game=cells("3,3 3,2 / 2,2 5,6 / 0,3 6,1"),
            source="B. von Stengel, Computing equilibria for two-person games, Handbook of Game Theory 3 "
            "(2002), equation (2.15)",
            answers={
                "nash_equilibria": profiles("1 0 0 | 1 0", "4/5 1/5 0 | 2/3 1/3", "0 1/3 2/3 | 1/3 2/3"),
            },
            lesson="The worked example of labels and Lemke-Howson paths.",
        ),
        Entry(
            name="shapley_1974_fig_3",
            game=cells("0,0 3,2 0,3 / 2,3 2,2 0,0 / 3,0 0,0 1,1"),
            source="L. S. Shapley, A note on the Lemke-Howson algorithm, Mathematical Programming Study 1 "
            "(1974) 175-189, figure 3",
            answers={
                "nash_equilibria": profiles("1/3 2/3 0 | 1/3 2/3 0", "1/6 1/3 1/2 | 1/6 1/3 1/2", "0 0 1 | 0 0 1"),
            },
            lesson="Two equilibria that no Lemke-Howson path, nor any chain of them, reaches.",
        ),
        Entry(
            name="von_stengel_75",
            game=cells(
                """
                -81,72 36,36 -126,17 126,-3 -36,-36 90,-153
                -180,-180 72,-81 -333,-30 297,20 -153,90 270,270
                20,297 -3,126 42,42 -33,-33 17,-126 -30,-333
                -30,-333 17,-126 -33,-33 42,42 -3,126 20,297
                270,270 -153,90 297,20 -333,-30 72,-81 -180,-180
                90,-153 -36,-36 126,-3 -126,17 36,36 -81,72
                """
            ),
            source="B. von Stengel, New maximal numbers of equilibria in bimatrix games, Discrete and "
            "Computational Geometry 21 (1999) 557-568; small payoffs: R. Savani and B. von Stengel 2006",
            facts={"extreme_equilibria": 75, "components": 75},
            lesson="More equilibria than 2^6 - 1; the list needs exact signs to be right.",
        ),
    )
