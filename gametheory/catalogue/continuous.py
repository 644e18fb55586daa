"""Textbook games with continuous strategies and quadratic objectives."""

from __future__ import annotations

from fractions import Fraction

from gametheory.catalogue.entry import Entry
from gametheory.catalogue.notation import rows
from gametheory.games.affine import AffineGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticGame

__all__ = ["entries"]

_COURNOT = "A. A. Cournot, Recherches sur les principes mathematiques de la theorie des richesses, 1838, chapter 7"


def _profile(*numbers: int | str) -> tuple[tuple[Fraction, ...], ...]:
    return tuple((Fraction(number),) for number in numbers)


def entries() -> tuple[Entry, ...]:
    """Return the games, each with all its equilibria."""
    return (*_markets(), *_pairs(), *_shared())


def _markets() -> tuple[Entry, ...]:
    # Payoff q_i (12 - sum q) - cost_i q_i: only player i's row and column of the matrix are not zero.
    def oligopoly(costs: tuple[int, ...], capacity: tuple[int | None, ...]) -> QuadraticGame:
        n = len(costs)
        forms = [[[-((r == i) + (c == i)) for c in range(n)] for r in range(n)] for i in range(n)]
        for i, form in enumerate(forms):
            for r in range(n):
                for c in range(n):
                    if i not in (r, c):
                        form[r][c] = 0
        return QuadraticGame.from_matrices(
            forms,
            [[(12 - costs[i]) * (k == i) for k in range(n)] for i in range(n)],
            lower=[[0]] * n,
            upper=[[limit] for limit in capacity],
            players=[f"firm {i + 1}" for i in range(n)],
            sense="payoff",
        )

    return (
        Entry(
            name="cournot_duopoly",
            game=oligopoly((0, 0), (None, None)),
            source=f"{_COURNOT}; price 12 - Q, no cost: q = 12/3",
            answers={"nash_equilibria": (_profile(4, 4),), "nash_equilibrium": _profile(4, 4)},
            lesson="Each firm ignores what its output does to the other's price, so they sell 8 and not 6.",
        ),
        Entry(
            name="cournot_capacities",
            game=oligopoly((0, 0, 6), (2, 5, 5)),
            source=f"{_COURNOT}; price 12 - Q, costs 0, 0, 6: firm 2's best reply to 2 and 0 is 5, its capacity",
            answers={"nash_equilibria": (_profile(2, 5, 0),), "nash_equilibrium": _profile(2, 5, 0)},
            lesson="A capacity that is reached and costs nothing: multipliers are zero at a tight bound.",
        ),
    )


def _pairs() -> tuple[Entry, ...]:
    unit = [[-1], [-1]], [[1], [1]]
    return (
        Entry(
            name="pursuit_evasion",
            game=QuadraticGame.from_matrices(
                [[[2, -2], [-2, 2]], [[-2, 2], [2, -2]]],
                [[0, 0], [0, 0]],
                lower=[[0], [0]],
                upper=[[1], [1]],
                players=["pursuer", "evader"],
            ),
            source="J. Nash's existence theorem without quasi-convexity fails: cost (x - y)^2 against -(x - y)^2 on "
            "[0, 1], where the pursuer goes to y and the evader to the farther end",
            facts={"equilibria": 0},
            lesson="First-order conditions hold at every x = y, and there is no equilibrium.",
        ),
        Entry(
            name="bilinear_saddle",
            game=QuadraticGame.from_matrices(
                [[[0, 1], [1, 0]], [[0, -1], [-1, 0]]], [[0, 0], [0, 0]], lower=unit[0], upper=unit[1]
            ),
            source="G. M. Korpelevich, The extragradient method for finding saddle points, Matekon 13 (1977) 35-49: "
            "x y against -x y on [-1, 1]",
            answers={"nash_equilibria": (_profile(0, 0),), "nash_equilibrium": _profile(0, 0)},
            lesson="Monotone and not strongly: simultaneous gradient steps spiral away from the only equilibrium.",
        ),
        Entry(
            name="stable_corners",
            game=QuadraticGame.from_matrices(
                [[[2, -4], [-4, 2]]] * 2, [[2, 2]] * 2, lower=[[0], [0]], upper=[[2], [2]], constants=[5, 5]
            ),
            source="both pay 5 + x^2 + y^2 - 4 x y + 2 x + 2 y on [0, 2]: the derivative 2 x - 4 y + 2 is met at x = "
            "y = 1, and pushed to the corners (0, 0) and (2, 2) elsewhere",
            answers={"nash_equilibria": (_profile(0, 0), _profile(1, 1), _profile(2, 2))},
            lesson="One cost for both, three equilibria: the price of stability is 1 and that of anarchy is not.",
        ),
        Entry(
            name="quadratic_coordination",
            game=QuadraticGame.from_matrices(
                [[[1, -2], [-2, 0]], [[0, -2], [-2, 1]]], [[0, 0], [0, 0]], lower=unit[0], upper=unit[1]
            ),
            source="cost x^2/2 - 2 x y: the best reply is 2 y cut to [-1, 1], which meets its mirror three times",
            answers={"nash_equilibria": (_profile(0, 0), _profile(-1, -1), _profile(1, 1))},
            lesson="Own costs are convex and there are three equilibria, one of them unstable.",
        ),
    )


def _shared() -> tuple[Entry, ...]:
    budget = QuadraticGame.from_matrices(
        [[[2, 0], [0, 0]], [[0, 0], [0, 2]]], [[-2, 0], [0, -1]], constants=[1, Fraction(1, 4)]
    )
    # Firm j earns x_j (3 - sum x/100) - (c1_j + c2_j x_j) x_j.
    first, second = ("0.1", "0.12", "0.15"), ("0.01", "0.05", "0.01")
    price = Fraction(1, 100)
    forms, slopes = [], []
    for j in range(3):
        row = [[Fraction(0)] * 3 for _ in range(3)]
        for k in range(3):
            row[j][k] -= price
            row[k][j] -= price
        row[j][j] -= 2 * Fraction(second[j])
        forms.append(row)
        slopes.append([(3 - Fraction(first[j])) * (k == j) for k in range(3)])
    emission = [Fraction(v) for v in ("0.5", "0.25", "0.75")]
    stations = [("6.5", "5", "5.5"), ("4.583", "6.25", "3.75")]
    limits = [([e * Fraction(u) for e, u in zip(emission, row, strict=True)], 100) for row in stations]
    basin = QuadraticGame.from_matrices(forms, slopes, lower=[[0]] * 3, players=["1", "2", "3"], sense="payoff")
    return (
        Entry(
            name="shared_budget",
            game=GeneralisedGame(budget, inequalities=rows(((1, 1), 1))),
            source="F. Facchinei and C. Kanzow, Generalized Nash equilibrium problems, 4OR 5 (2007) 173-210, example "
            "1: (x - 1)^2 and (y - 1/2)^2 with x + y <= 1",
            answers={"variational_equilibrium": _profile("3/4", "1/4")},
            lesson="Every (a, 1 - a) with a in [1/2, 1] is a generalised equilibrium; one has equal multipliers.",
        ),
        Entry(
            name="shared_budget_in_arrays",
            game=AffineGame.from_game(GeneralisedGame(budget, inequalities=rows(((1, 1), 1)))),
            source="The same game in float arrays",
            facts={"variational_equilibrium": (Fraction(3, 4), Fraction(1, 4)), "multiplier": Fraction(1, 2)},
            lesson="Strictly inside the budget: rounding then cannot hide whether the answer is feasible.",
        ),
        Entry(
            name="river_basin_pollution",
            game=GeneralisedGame(basin, inequalities=rows(*limits)),
            source="J. B. Krawczyk and S. Uryasev, Relaxation algorithms to find Nash equilibria with economic "
            "applications, Environmental Modeling and Assessment 5 (2000) 63-73, section 5.3",
            facts={"variational_equilibrium to 2 digits": (21.14, 16.03, 2.73), "multiplier of station 1": 0.574},
            lesson="Of two shared pollution limits the first one binds; its multiplier is the tax that all should pay.",
        ),
    )
