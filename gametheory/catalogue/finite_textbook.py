"""More textbook games of two players: zero-sum classics, refinements, markets on a grid."""

from __future__ import annotations

from collections.abc import Callable

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.finite_answers import answered
from gametheory.catalogue.notation import cells, profiles
from gametheory.games.normal_form import NormalFormGame

__all__ = ["entries"]


def entries() -> tuple[Entry, ...]:
    """Return the games."""
    return answered((*_zero_sum(), *_refinements(), *_published(), *_markets()))


def _zero_sum() -> tuple[Entry, ...]:
    return (
        Entry(
            name="penalty_kick",
            game=NormalFormGame([["58.30", "94.97"], ["92.91", "69.92"]], [["41.70", "5.03"], ["7.09", "30.08"]]),
            source="I. Palacios-Huerta, Professionals play minimax, Review of Economic Studies 70 (2003) "
            "395-415, table of scoring rates",
            answers={"nash_equilibria": profiles("2299/5966 3667/5966 | 2505/5966 3461/5966")},
            lesson="A constant-sum game measured on grass; kickers go left 38.5 % of the time.",
        ),
        Entry(
            name="morra",
            game=NormalFormGame.zero_sum([[0, 2, -3, 0], [-2, 0, 0, 3], [3, 0, 0, -4], [0, -3, 4, 0]]),
            source="Two-finger Morra; M. Dresher, Games of Strategy, 1961",
            answers={
                "nash_equilibria": profiles(
                    "0 3/5 2/5 0 | 0 3/5 2/5 0",
                    "0 3/5 2/5 0 | 0 4/7 3/7 0",
                    "0 4/7 3/7 0 | 0 3/5 2/5 0",
                    "0 4/7 3/7 0 | 0 4/7 3/7 0",
                )
            },
            facts={"components": 1},
            lesson="A fair game whose optimal strategies are a segment.",
        ),
        Entry(
            name="colonel_blotto",
            game=NormalFormGame.zero_sum([[4, 2, 1, 0], [1, 3, 0, -1], [-2, 2, 2, -2], [-1, 0, 3, 1], [0, 1, 2, 4]]),
            source="J. D. Williams, The Compleat Strategyst, 1954: four regiments against three, two posts",
            facts={"components": 1},
            lesson="The value is 14/9; optimal strategies are not unique.",
        ),
        Entry(
            name="oneill_1987",
            game=NormalFormGame.zero_sum([[-5, 5, 5, -5], [5, -5, 5, -5], [5, 5, -5, -5], [-5, -5, -5, 5]]),
            source="B. O'Neill, Nonmetric test of the minimax theory of two-person zerosum games, PNAS 84 "
            "(1987) 2106-2109",
            answers={"nash_equilibria": profiles("1/5 1/5 1/5 2/5 | 1/5 1/5 1/5 2/5")},
            lesson="Chosen for experiments: no player needs to know how much money is worth.",
        ),
        Entry(
            name="rock_paper_scissors_lizard_spock",
            game=NormalFormGame.zero_sum(
                [[0, -1, 1, 1, -1], [1, 0, -1, -1, 1], [-1, 1, 0, 1, -1], [-1, 1, -1, 0, 1], [1, -1, 1, -1, 0]]
            ),
            source="S. Kass and K. Bryla; a regular tournament on five moves (Fisher and Ryan, Amer. Math. "
            "Monthly 1992)",
            answers={"nash_equilibria": profiles("1/5 1/5 1/5 1/5 1/5 | 1/5 1/5 1/5 1/5 1/5")},
            lesson="An odd regular tournament: one optimal strategy, and it is uniform.",
        ),
    )


def _refinements() -> tuple[Entry, ...]:
    return (
        Entry(
            name="myerson_1978",
            game=cells("1,1 0,0 -9,-9 / 0,0 0,0 -7,-7 / -9,-9 -7,-7 -7,-7"),
            source="R. Myerson, Refinements of the Nash equilibrium concept, Int. J. Game Theory 7 (1978) "
            "73-80, section 2",
            answers={"nash_equilibria": profiles("1 0 0 | 1 0 0", "0 1 0 | 0 1 0", "0 0 1 | 0 0 1")},
            lesson="The second equilibrium is perfect and not proper.",
        ),
        Entry(
            name="yamamoto_1993",
            game=cells("1,1 0,0 -9,-9 / 0,0 0,0 -7,-7 / -9,-9 -7,-6 -7,-7"),
            source="Y. Yamamoto, A path-following procedure to find a proper equilibrium of finite games, Int. "
            "J. Game Theory 22 (1993) 249-259; payoffs as distributed with Gambit",
            facts={"pure_equilibria": 2},
            lesson="Myerson's game with one payoff moved.",
        ),
        Entry(
            name="dominated_equilibria",
            game=cells("4,0 0,0 0,4 / 2,1 3,3 2,1 / 0,4 0,0 4,0"),
            source="Distributed with Gambit (perfect2): no pure strategy is dominated, some equilibria are",
            facts={"pure_equilibria": 1},
            lesson="Weak dominance by a mixture removes what no pure strategy does.",
        ),
        Entry(
            name="burning_a_dollar",
            game=cells("2,1 2,1 -1,0 -1,0 / -1,0 -1,0 0,3 0,3 / 3,1 0,0 3,1 0,0 / 0,0 1,3 0,0 1,3"),
            source="E. van Damme, Stable equilibria and forward induction, J. Economic Theory 48 (1989) 476-496",
            facts={"components": 4},
            lesson="Iterated weak dominance leaves one outcome of many: nobody burns and the burner is favoured.",
        ),
        Entry(
            name="entry_deterrence",
            game=cells("0,0 2,2 / 1,5 1,5", strategies=(("enter", "stay out"), ("fight", "share"))),
            source="R. Selten, The chain store paradox, Theory and Decision 9 (1978) 127-159, one stage",
            answers={"nash_equilibria": profiles("1 0 | 0 1", "0 1 | 1 0", "0 1 | 1/2 1/2")},
            facts={"components": 2},
            lesson="A threat that is not credible supports a segment of equilibria.",
        ),
        Entry(
            name="centipede",
            game=cells("40,10 40,10 40,10 / 20,80 160,40 160,40 / 20,80 80,320 640,160"),
            source="R. McKelvey and T. Palfrey, An experimental study of the centipede game, Econometrica 60 "
            "(1992) 803-836, four moves, low payoffs (cents), reduced normal form",
            facts={"components": 1},
            lesson="All equilibria end the game at once, and everybody would gain by going on.",
        ),
        Entry(
            name="schotter_weigelt_wilson",
            game=cells("4,3 4,3 / 0,0 6,2"),
            source="A. Schotter, K. Weigelt and C. Wilson, A laboratory investigation of multiperson "
            "rationality and presentation effects, Games and Economic Behavior 6 (1994) 445-468, problem 1",
            facts={"pure_equilibria": 2, "components": 2},
            lesson="The same game as a table and as a tree is played differently.",
        ),
    )


def _published() -> tuple[Entry, ...]:
    return (
        Entry(
            name="bernheim_1984",
            game=cells("0,7 2,5 7,0 0,1 / 5,2 3,3 5,2 0,1 / 7,0 2,5 0,7 0,1 / 0,0 0,-2 0,0 10,-1"),
            source="B. D. Bernheim, Rationalizable strategic behavior, Econometrica 52 (1984) 1007-1028, figure 1",
            answers={"nash_equilibria": profiles("0 1 0 0 | 0 1 0 0")},
            lesson="Three strategies each survive iterated dominance, one is played in equilibrium.",
        ),
        Entry(
            name="moulin_vial_1978",
            game=cells("0,0 1,2 2,1 / 2,1 0,0 1,2 / 1,2 2,1 0,0"),
            source="H. Moulin and J.-P. Vial, Strategically zero-sum games, Int. J. Game Theory 7 (1978) 201-221",
            answers={"nash_equilibria": profiles("1/3 1/3 1/3 | 1/3 1/3 1/3")},
            lesson="A correlated equilibrium pays 3/2 each, the Nash equilibrium 1.",
        ),
        Entry(
            name="goeree_holt_pennies",
            game=cells("320,40 40,80 / 40,80 80,40"),
            source="J. Goeree and C. Holt, Ten little treasures of game theory, Amer. Economic Review 91 "
            "(2001) 1402-1422",
            answers={"nash_equilibria": profiles("1/2 1/2 | 1/8 7/8")},
            lesson="A player's own payoff does not move its own mixture; people think it does.",
        ),
        Entry(
            name="shapley_1974_fig_2",
            game=cells("2,3 2,0 0,2 / 0,0 3,3 0,2 / 3,0 0,0 1,1"),
            source="L. S. Shapley, A note on the Lemke-Howson algorithm, Mathematical Programming Study 1 "
            "(1974) 175-189, figure 2",
            facts={"components": 3},
            lesson="The worked example of indices and paths.",
        ),
        Entry(
            name="todd_inaccessible",
            game=cells("8,4 -4,0 8,0 / 6,0 1,0 6,4 / 12,0 0,4 0,0 / 0,0 0,4 12,0 / 0,0 4,1 0,0"),
            source="M. J. Todd, Bimatrix games: an addendum, Mathematical Programming 14 (1978) 112-115; "
            "payoffs as distributed with Gambit",
            facts={"components": 3},
            lesson="Equilibria that no Lemke-Howson path reaches.",
        ),
        Entry(
            name="hawk_dove",
            game=cells("-1,-1 2,0 / 0,2 1,1", strategies=(("hawk", "dove"),) * 2),
            source="J. Maynard Smith and G. Price, The logic of animal conflict, Nature 246 (1973) 15-18: "
            "value 2, cost 4",
            answers={"nash_equilibria": profiles("1 0 | 0 1", "1/2 1/2 | 1/2 1/2", "0 1 | 1 0")},
            lesson="The symmetric equilibrium is the evolutionarily stable one.",
        ),
        Entry(
            name="inspection",
            game=cells("0,-5 15,-15 / 5,0 5,5", strategies=(("shirk", "work"), ("inspect", "trust"))),
            source="M. Dresher 1962; D. Fudenberg and J. Tirole, Game Theory, 1991, section 1.1.2: wage 15, "
            "effort 10, output 20, inspection 5",
            answers={"nash_equilibria": profiles("1/3 2/3 | 2/3 1/3")},
            lesson="Who is watched more is decided by the other side's stakes.",
        ),
        Entry(
            name="coordination_5",
            game=NormalFormGame(*[[[int(i == j) for j in range(5)] for i in range(5)]] * 2),
            source="T. Quint and M. Shubik, A theorem on the number of Nash equilibria in a bimatrix game, "
            "Int. J. Game Theory 26 (1997) 353-359",
            facts={"extreme_equilibria": 31, "components": 31},
            lesson="2^n - 1 equilibria: one for each set of strategies.",
        ),
        Entry(
            name="selten_1975_fig_2",
            game=cells("1,1 1,1 / 0,2 0,3 / 0,2 2,0"),
            source="R. Selten, Int. J. Game Theory 4 (1975) 25-55, figure 2, in normal form",
            facts={"components": 1},
            lesson="Perfectness is more than playing no dominated strategy.",
        ),
    )


def _grid(size: int, payoff: Callable[[int, int], object]) -> NormalFormGame:
    """Return the symmetric game in which a player who plays i against j receives ``payoff(i, j)``."""
    return NormalFormGame(
        [[payoff(i, j) for j in range(size)] for i in range(size)],
        [[payoff(j, i) for j in range(size)] for i in range(size)],
    )


def _markets() -> tuple[Entry, ...]:
    return (
        Entry(
            name="cournot_grid",
            game=_grid(7, lambda i, j: (12 - i - j) * i),
            source="A. Cournot 1838: price 12 - q1 - q2, no cost, whole quantities 0..6",
            facts={"pure_equilibria": 3},
            lesson="The grid adds equilibria next to the one of the continuous game, (4, 4).",
        ),
        Entry(
            name="bertrand_grid",
            game=_grid(5, lambda i, j: 2 * i if i < j else i if i == j else 0),
            source="J. Bertrand 1883: prices 0..4, no cost, two units go to the cheaper seller",
            facts={"pure_equilibria": 3},
            lesson="On a grid prices of 0, 1 and 2 are all equilibria.",
        ),
        Entry(
            name="hotelling_5",
            game=_grid(5, _customers),
            source="H. Hotelling, Stability in competition, Economic Journal 39 (1929) 41-57: five places, ten "
            "customers",
            answers={"nash_equilibria": profiles("0 0 1 0 0 | 0 0 1 0 0")},
            lesson="Both sellers stand in the middle.",
        ),
        Entry(
            name="travellers_dilemma",
            game=_grid(7, lambda i, j: 2 + min(i, j) + (2 if i < j else -2 if i > j else 0)),
            source="K. Basu, The traveler's dilemma, Amer. Economic Review 84 (1994) 391-395: claims 2..8, reward 2",
            answers={"nash_equilibria": profiles("1 0 0 0 0 0 0 | 1 0 0 0 0 0 0")},
            lesson="Iterated dominance by mixtures takes everybody to the least claim.",
        ),
    )


def _customers(own: int, other: int) -> int:
    """Return how many of two customers a place go to a seller at `own`; equal distance halves them."""
    return sum(2 if abs(k - own) < abs(k - other) else 1 if abs(k - own) == abs(k - other) else 0 for k in range(5))
