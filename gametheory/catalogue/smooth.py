"""Games whose payoffs are formulas: contests, oligopolies with powers, switching users, roads."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact, log, power, total
from gametheory.catalogue.entry import Entry
from gametheory.catalogue.notation import region, rows
from gametheory.games.aggregate import AggregativeGame
from gametheory.games.expression import Expression
from gametheory.games.population import PopulationGame
from gametheory.games.smooth import SmoothGame
from gametheory.games.smooth_generalised import SmoothGeneralisedGame

__all__ = ["entries"]

_FK = (
    "F. Facchinei and C. Kanzow, Penalty methods for the solution of generalized Nash equilibrium problems (with "
    "complete test problems), 2009"
)
_MSS = (
    "F. H. Murphy, H. D. Sherali and A. L. Soyster, A mathematical programming approach for determining oligopolistic "
    "market equilibrium, Mathematical Programming 24 (1982) 92-106"
)


def entries() -> tuple[Entry, ...]:
    """Return the games with what is known of each."""
    return (*_contests(), *_markets(), *_oligopolies(), *_switching(), *_roads())


def _variables(count: int) -> list[Expression]:
    return [Expression.variable(k) for k in range(count)]


def _contests() -> tuple[Entry, ...]:
    x, y = _variables(2)
    bids = region(("bid",), ("0.01",), (4,))
    effort = region(("effort",), ("0.01",), (2,))
    one = (Fraction(1),)
    return (
        Entry(
            name="tullock_contest",
            game=SmoothGame(("1", "2"), (bids, bids), (4 * x / (x + y) - x, 4 * y / (x + y) - y)),
            source="G. Tullock, Efficient rent seeking, 1980: a prize of 4 goes to a bidder in proportion to its bid; "
            "4 y/(x + y)^2 = 1 for both gives 4/4",
            answers={"nash_equilibrium": (one, one)},
            lesson="Rational payoffs that are not quadratic: the equilibrium is certified exactly.",
        ),
        Entry(
            name="log_utility_of_a_common",
            game=SmoothGame(("1", "2"), (effort, effort), (log(x) - x * x / 2 - x * y / 3, log(y) - y * y - y * x)),
            source="own example of a game with log utility: 1/x = x + y/3 and 1/y = 2 y + x; of the first y = 3/x - 3x",
            facts={"nash_equilibrium to 6 digits": (0.918009, 0.513916)},
            lesson="The equilibrium is irrational: regret is enclosed, 30 digits and more.",
        ),
        Entry(
            name="two_peaks",
            game=SmoothGame(
                ("climber", "guide"),
                (region(("x",), (-2,), (2,)), region(("y",), (-2,), (2,))),
                (-((x * x - 1) ** 2) + x * y / 4, -((y - 2 * x) ** 2)),
            ),
            source="own example: payoff -(x^2 - 1)^2 + x y/4 has two peaks; with y = 2x (or its bound 2 or -2) the "
            "stationary points are 0 and, at y = 2, a root of 4 x^3 - 4 x = 1/2",
            facts={"stationary but no equilibrium": ((Fraction(0),), (Fraction(0),))},
            lesson="A stationary point, x = y = 0, lies in a valley: only a search of the whole line refutes it.",
        ),
    )


def _oligopoly(
    costs: Sequence[Number], supply: Sequence[Number], scale: Number, elasticity: Number, limit: int
) -> AggregativeGame:
    """Return the market with price ``(5000/Q)^(1/g)`` and marginal costs ``c_i + (q_i/K)^(1/b_i)``."""
    q, everybody = _variables(2)
    price = power(5000 / everybody, 1 / exact(elasticity))
    formulas = []
    for c, b in zip(costs, map(exact, supply), strict=True):
        factor = power(Expression.of(exact(scale)), -1 / b) * (b / (1 + b))
        formulas.append(q * price - (c * q + factor * power(q, (1 + b) / b)))
    firms = tuple(f"firm {k + 1}" for k in range(len(costs)))
    own = region(("quantity",), (0,), (limit,))
    return AggregativeGame(
        firms, (own,) * len(firms), (tuple((k, Fraction(1)) for k in range(len(firms))),), tuple(formulas)
    )


def _markets() -> tuple[Entry, ...]:
    x, y, z = _variables(3)
    half, one, two = (Fraction(1, 2),), (Fraction(1),), (Fraction(2),)
    none = (Fraction(0),)
    bids, stored = region(("bid",), none, (Fraction(3),)), region(("amount",), none, (Fraction(4),))
    price, bought = region(("price",), none, two), region(("bought",), none, two)
    revenue = log(1 + (x * x + y * y) / (x + y) * z) / 2
    return (
        Entry(
            name="bids_for_what_is_offered",
            game=SmoothGame(
                ("buyer 1", "buyer 2", "seller"),
                (bids, bids, stored),
                ((3 - x) * x / (x + y), (3 - y) * y / (x + y), revenue + log(5 - z) / 2),
            ),
            source="solved by hand here, in the structure of J. Lee, J. Guo, J. K. Choi and M. Zukerman, IEEE "
            "Transactions on Industrial Electronics 62 (2015) 3524-3533: two buyers bid a third of their worth, "
            "and 1/(1 + x) = 1/(5 - x) at the price 1",
            answers={"nash_equilibrium": (one, one, two)},
            lesson="Buyers bid the same whatever is offered, so sellers that move first gain nothing by it.",
        ),
        Entry(
            name="price_of_the_gap",
            game=SmoothGame(
                ("price", "consumer"),
                (price, bought),
                (-(x - y) * (x - y) / 2, Fraction(3, 4) * log(1 + y) - x * y),
            ),
            source="solved by hand here, in the structure of Y. S. Jin, J. Choi and D. Won, IEEE Access 8 (2020) "
            "137720-137730: p = 1 + (D - 1) and p = (3/4)/(1 + D) give D (1 + D) = 3/4",
            answers={"nash_equilibrium": (half, half)},
            lesson="A price that is consistent with the demand it induces is an equilibrium with a player who sets it.",
        ),
    )


def _oligopolies() -> tuple[Entry, ...]:
    five = _oligopoly((10, 8, 6, 4, 2), ("1.2", "1.1", "1", "0.9", "0.8"), 5, "1.1", 150)
    ten = _oligopoly(
        (5, 3, 8, 5, 1, 3, 7, 4, 6, 3),
        ("1.2", "1", "0.9", "0.6", "1.5", "1", "0.7", "1.1", "0.95", "0.75"),
        Fraction(1, 10),
        "1.2",
        100,
    )
    limited: Any = (((1,) * 5, 100),)
    return (
        Entry(
            name="murphy_sherali_soyster_5",
            game=five,
            source=f"{_MSS}; P. T. Harker, Mathematical Programming 41 (1988) 29-59: five firms, elasticity 1.1",
            facts={"nash_equilibrium to 3 digits": (36.933, 41.818, 43.706, 42.659, 39.179)},
            lesson="An aggregative game: a firm needs to know the total only.",
        ),
        Entry(
            name="murphy_sherali_soyster_10",
            game=ten,
            source=f"{_MSS}; P. T. Harker, Mathematical Programming 41 (1988) 29-59, as problem nash of S. P. Dirkse "
            "and M. C. Ferris, MCPLIB, Optimization Methods and Software 5 (1995) 319-345: ten firms, elasticity 1.2",
            facts={
                "nash_equilibrium to 3 digits": (
                    7.442, 4.098, 2.591, 0.935, 17.949, 4.098, 1.305, 5.590, 3.222, 1.677,
                )
            },
            lesson="Firms of one cost structure produce the same (2 and 6).",
        ),
        Entry(
            name="murphy_sherali_soyster_limited",
            game=SmoothGeneralisedGame(five.as_smooth(), inequalities=limited),
            source=f"{_FK}, problem A.16 with P = 100: the five firms share a limit on the total",
            facts={"variational_equilibrium to 4 digits": (14.0501, 17.7984, 20.9072, 23.1114, 24.1329)},
            lesson="With equal multipliers the limit acts as one tax on every firm's quantity.",
        ),
    )  # fmt: skip


def _switching() -> tuple[Entry, ...]:
    count = 10
    x = _variables(count)
    everybody = total(x)
    payoffs = tuple(own / everybody * (1 - everybody) for own in x)
    users = tuple(f"user {k + 1}" for k in range(count))
    low = region(("rate",), ("0.01",), (1,))
    first = region(("rate",), ("0.3",), ("0.5",))
    capacity = rows(((1,) * count, 1))
    share = (Fraction(9, 100),)
    return (
        Entry(
            name="internet_switching",
            game=SmoothGeneralisedGame(SmoothGame(users, (low,) * count, payoffs), inequalities=capacity),
            source=f"{_FK}, problem A.14 (Kesselman, Leonardi and Bonifaci): ten users of a switch of capacity 1",
            answers={"variational_equilibrium": (share,) * count},
            lesson="The capacity is shared and not reached: its multiplier is 0, and the answer is exact.",
        ),
        Entry(
            name="switching_with_priority",
            game=SmoothGeneralisedGame(
                SmoothGame(users, (first, *(low,) * (count - 1)), payoffs), inequalities=capacity, exempt=((0,),)
            ),
            source=f"{_FK}, problem A.1: user 1 sends at least 0.3 and need not look at the capacity; the others "
            "send a root of 81 x^2 - 2.6 x = 0.21",
            facts={"nash_equilibrium to 6 digits": (0.3, *(0.069436,) * (count - 1))},
            lesson="What one player may do needs no part in the others' constraint.",
        ),
    )


def _roads() -> tuple[Entry, ...]:
    a, b, c = _variables(3)
    braess = PopulationGame(
        ("drivers",),
        (Fraction(6),),
        (("o-a-p", "o-b-p", "o-a-b-p"),),
        (10 * (a + c) + a + 50, b + 50 + 10 * (b + c), 10 * (a + c) + c + 10 + 10 * (b + c)),
        "cost",
    )
    bpr = PopulationGame(
        ("north", "south"),
        (Fraction(3), Fraction(2)),
        (("bridge", "ferry"), ("bridge", "detour")),
        (
            1 + power(_variables(4)[0] + _variables(4)[2], Fraction(4)) / 64,
            2 + _variables(4)[1],
            1 + power(_variables(4)[0] + _variables(4)[2], Fraction(4)) / 64,
            3 + _variables(4)[3] / 2,
        ),
        "cost",
    )
    hawk, dove = _variables(2)
    return (
        Entry(
            name="braess_paradox",
            game=braess,
            source="D. Braess, Ueber ein Paradoxon aus der Verkehrsplanung, Unternehmensforschung 12 (1968) 258-268: "
            "six cars, links 10 f, 50 + f and the new one 10 + f; all routes take 92 (83 without the new link)",
            answers={"nash_equilibrium": ((Fraction(2), Fraction(2), Fraction(2)),)},
            lesson="A new road makes everybody slower.",
        ),
        Entry(
            name="pigou_road",
            game=PopulationGame(
                ("drivers",),
                (Fraction(1),),
                (("wide", "narrow"),),
                (Expression.of(1), power(dove, Fraction(4))),
                "cost",
            ),
            source="A. C. Pigou, The Economics of Welfare, 1920; a narrow road that takes x^4: all drive on it",
            answers={"nash_equilibrium": ((Fraction(0), Fraction(1)),)},
            lesson="Nobody gains by the wide road, and all would gain if some took it.",
        ),
        Entry(
            name="bridge_and_ferry",
            game=bpr,
            source="own example: two populations share a bridge that takes 1 + f^4/64 (the form of the US Bureau of "
            "Public Roads, 1964); each has a way of its own beside it",
            facts={"unused strategies": 0},
            lesson="Of each population the ways in use take the same time.",
        ),
        Entry(
            name="hawks_and_doves",
            game=PopulationGame(("animals",), (Fraction(1),), (("hawk", "dove"),), (2 * dove - hawk, dove)),
            source="J. Maynard Smith, G. R. Price, The logic of animal conflict, Nature 246 (1973) 15-18: a prize of "
            "2, a wound of 4; the share of hawks is 2/4",
            answers={"nash_equilibrium": ((Fraction(1, 2), Fraction(1, 2)),)},
            lesson="Both strategies live on, in the shares at which they earn the same.",
        ),
    )
