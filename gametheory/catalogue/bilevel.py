"""Leaders over linear and quadratic followers: test problems of the literature, and the traps that solvers fall into.

Every answer is made again in ``tests/catalogue/test_bilevel.py`` from all patterns of tight constraints, in rationals.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.catalogue.entry import Entry
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["entries"]

Row = tuple[Mapping[str, Any], str, Any]
_FREE = (None, None)
_POSITIVE = (0, None)


def entries() -> tuple[Entry, ...]:
    """Return the games; those with an answer have only one optimal decision."""
    return (*_literature(), *_traps(), *_pessimistic(), *_without_answer())


def _answer(decision: tuple[Any, ...], *replies: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "stackelberg_equilibrium": {
            "decision": tuple(map(Fraction, decision)),
            "replies": tuple(tuple(map(Fraction, reply)) for reply in replies),
            "tie_breaking": "optimistic",
        }
    }


def _pair(
    lead: Mapping[Any, Any],
    follow: Mapping[Any, Any],
    rows: list[Row],
    *,
    x: Any = _POSITIVE,
    y: Any = _POSITIVE,
    leader_rows: tuple[Row, ...] = (),
    sense: str = "cost",
) -> StackelbergGame:
    """Return a game of one leader's variable ``x`` and one follower's variable ``y``."""
    return StackelbergGame.from_terms(
        ("leader", {"x": x}, lead),
        [("follower", {"y": y}, follow)],
        constraints={"leader": leader_rows, "follower": rows},
        sense=sense,
    )


#: The feasible set of Bard's 1984 examples.
_BARD_1984: list[Row] = [
    ({"x": 1, "y": "0.5"}, ">=", 2),
    ({"x": "-0.25", "y": 1}, "<=", 2),
    ({"x": 1, "y": "0.5"}, "<=", 8),
    ({"x": 1, "y": -2}, "<=", 4),
]
_BARD_SOURCE = (
    "J. F. Bard, Optimality conditions for the bilevel programming problem, Naval Research Logistics Quarterly 31 "
    "(1984) 13-26; collections differ in the last row, x - 2 y <= 2 or 4, here 4"
)


def _literature() -> tuple[Entry, ...]:
    return (
        Entry(
            name="bard_1988_example_1",
            game=_pair(
                {("x", "x"): 1, "x": -10, ("y", "y"): 4, "y": 4, 1: 26},
                {("y", "y"): 1, "y": -2, ("x", "y"): "-1.5", 1: 1},
                [
                    ({"x": -3, "y": 1}, "<=", -3),
                    ({"x": 1, "y": "-0.5"}, "<=", 4),
                    ({"x": 1, "y": 1}, "<=", 7),
                ],
            ),
            source="J. F. Bard, Convex two-level optimization, Mathematical Programming 40 (1988) 15-27, example 1",
            answers=_answer((1,), (0,)),
            lesson="The optimum is 17 at (1, 0); a local search stops at (5, 2) with 25.",
            facts={"value": 17},
        ),
        Entry(
            name="bard_1984_last_corner",
            game=_pair({"x": 1, "y": 1}, {"x": -5, "y": -1}, _BARD_1984),
            source=f"{_BARD_SOURCE}, the follower prefers large y",
            answers=_answer((Fraction(8, 9),), (Fraction(20, 9),)),
            lesson="The replies are the upper edge, and its lowest corner is best; the leader alone would take 2.",
            facts={"value": Fraction(28, 9)},
        ),
        Entry(
            name="bard_1984_first_corner",
            game=_pair({"x": -5, "y": -1}, {"y": 1}, _BARD_1984),
            source=f"{_BARD_SOURCE}, with the two objectives exchanged",
            answers=_answer((Fraction(36, 5),), (Fraction(8, 5),)),
            lesson="Exchanging leader and follower changes the answer: Stackelberg is no symmetric notion.",
            facts={"value": Fraction(-188, 5)},
        ),
        Entry(
            name="candler_townsley_1982",
            game=StackelbergGame.from_terms(
                ("leader", {"x1": _POSITIVE, "x2": _POSITIVE}, {"x1": -8, "x2": -4, "y1": 4, "y2": -40, "y3": -4}),
                [
                    (
                        "follower",
                        {"y1": _POSITIVE, "y2": _POSITIVE, "y3": _POSITIVE},
                        {"x1": 1, "x2": 2, "y1": 1, "y2": 1, "y3": 2},
                    )
                ],
                constraints={
                    "follower": [
                        ({"y1": -1, "y2": 1, "y3": 1}, "<=", 1),
                        ({"x1": 2, "y1": -1, "y2": 2, "y3": "-0.5"}, "<=", 1),
                        ({"x2": 2, "y1": 2, "y2": -1, "y3": "-0.5"}, "<=", 1),
                    ]
                },
            ),
            source="W. Candler and R. Townsley, A linear two-level programming problem, Computers and Operations "
            "Research 9 (1982) 59-76",
            answers=_answer((0, Fraction(9, 10)), (0, Fraction(3, 5), Fraction(2, 5))),
            lesson="The optimum -29.2 is at a basis of the follower that no single step from the first one reaches.",
            facts={"value": Fraction(-146, 5)},
        ),
        Entry(
            name="haurie_savard_white_1990",
            game=_pair(
                {"x": 1, "y": 5},
                {"y": -1},
                [
                    ({"x": -3, "y": 2}, "<=", 6),
                    ({"x": 3, "y": 4}, "<=", 48),
                    ({"x": 2, "y": -5}, "<=", 9),
                    ({"x": 1, "y": 1}, ">=", 8),
                ],
                x=_FREE,
                y=_FREE,
            ),
            source="A. Haurie, G. Savard and D. J. White, A note on: An efficient point algorithm for a linear "
            "two-stage optimization problem, Operations Research 38 (1990) 553-555, against a published algorithm",
            answers=_answer((12,), (3,)),
            lesson="The reply rises and then falls: the corner (2, 6) is locally best with 32, and an algorithm that "
            "stops there states a wrong optimum; 27 is at the other end.",
            facts={"value": 27, "local": 32},
        ),
        Entry(
            name="ben_ayed_blair_1990",
            game=StackelbergGame.from_terms(
                ("leader", {"x": (0, 1)}, {"x": "-1.5", "y1": -6, "y2": -1}),
                [("follower", {"y1": _POSITIVE, "y2": _POSITIVE}, {"y1": -1, "y2": -5})],
                constraints={
                    "follower": [({"x": 1, "y1": 3, "y2": 1}, "<=", 5), ({"x": 2, "y1": 1, "y2": 3}, "<=", 5)]
                },
            ),
            source="O. Ben-Ayed and C. E. Blair, Computational difficulties of bilevel linear programming, Operations "
            "Research 38 (1990) 556-560, against two published algorithms",
            answers=_answer((1,), (0, 1)),
            lesson="The leader would have y1 at 6 each, the follower always takes y2: a method that lets the leader "
            "pick the reply states a value below -5/2.",
            facts={"value": Fraction(-5, 2)},
        ),
        Entry(
            name="clark_westerberg_1990",
            game=_pair(
                {"x": 1, "y": -4},
                {"y": 1},
                [
                    ({"x": -2, "y": 1}, "<=", 0),
                    ({"x": 2, "y": 5}, "<=", 108),
                    ({"x": 2, "y": -3}, "<=", -4),
                ],
            ),
            source="P. A. Clark and A. W. Westerberg, Bilevel programming for steady-state chemical process design I, "
            "Computers and Chemical Engineering 14 (1990) 87-97",
            answers=_answer((19,), (14,)),
            lesson="The leader would have y large, the follower keeps it small; -37 at the corner where both sets end.",
            facts={"value": -37},
        ),
    )


def _traps() -> tuple[Entry, ...]:
    thousand = 10**5
    return (
        Entry(
            name="dual_bound_of_fifty",
            game=_pair({"x": 1, "y": 1}, {"y": -1}, [({"x": 1, "y": "-0.01"}, "<=", 1)], x=(0, 2), sense="payoff"),
            source="S. Pineda and J. M. Morales, Solving linear bilevel problems using big-Ms: not all that glitters "
            "is gold, IEEE Transactions on Power Systems 34 (2019) 2469-2471",
            answers=_answer((2,), (100,)),
            lesson="The multiplier at the optimum is 100: a bound of 50 or 99 on it gives 1 instead of 102, silently.",
            facts={"value": 102},
        ),
        Entry(
            name="price_takes_all",
            game=_pair({("x", "y"): 1, "y": -2}, {"y": 6, ("x", "y"): -1}, [], x=(0, 10), y=(0, 3), sense="payoff"),
            source="The sanity instance of a bilevel programme, solved by hand here: the follower buys 3 up to a price "
            "of 6, so 6 earns (6 - 2) 3",
            answers=_answer((6,), (3,)),
            lesson="The optimum stands on the follower's indifference; half way, at 4, the price earns half.",
            facts={"value": 12, "pessimistic": 12, "pessimistic_attained": False},
        ),
        Entry(
            name="follower_with_ties",
            game=StackelbergGame.from_terms(
                ("leader", {"x": (0, 4)}, {"x": -1, "y1": 3, "y2": 1}),
                [("follower", {"y1": _POSITIVE, "y2": _POSITIVE}, {"y1": 1, "y2": 1})],
                constraints={"follower": [({"y1": 1, "y2": 1, "x": -1}, ">=", 0), ({"y2": 1}, "<=", 1)]},
            ),
            source="Solved by hand here: any y1 + y2 = x is optimal, and y2 = min(x, 1) costs the leader least, so "
            "-x + 3 (x - y2) + y2 is 0 up to x = 1; the set of optima is one edge",
            facts={"value": 0, "pessimistic": 0, "pessimistic_attained": True},
            lesson="The follower is indifferent everywhere; against the leader, 3 x - x makes x = 0 the only optimum.",
        ),
        Entry(
            name="degenerate_follower",
            game=_pair(
                {"x": 1, "y": -2},
                {("y", "y"): 1, ("x", "y"): -2},
                [
                    ({"y": 1}, "<=", 2),
                    ({"y": 2}, "<=", 4),
                    ({"y": 1, "x": 1}, "<=", 4),
                    ({"y": 1, "x": -1}, "<=", 0),
                ],
                x=(0, 4),
                y=(0, 2),
            ),
            source="Solved by hand here: y = min(x, 4 - x, 2), so x - 2 y is -x up to 2 and 3 x - 8 from there",
            answers=_answer((2,), (2,)),
            lesson="At the optimum five constraints on one variable are tight, and none of them presses.",
            facts={"value": -2},
        ),
        Entry(
            name="bard_1984_in_small_coins",
            game=_pair({"x": -5 * thousand, "y": -thousand}, {"y": thousand}, _BARD_1984),
            source=f"{_BARD_SOURCE}, all costs times 100,000",
            answers=_answer((Fraction(36, 5),), (Fraction(8, 5),)),
            lesson="Another unit of money changes no decision; a bound on multipliers, or a tolerance, notices it.",
            facts={"value": Fraction(-188, 5) * thousand},
        ),
        Entry(
            name="follower_bound_ignored",
            game=_pair({"x": -1, "y": -2}, {"y": 1, ("y", "y"): 1, ("x", "y"): -2}, [], x=(0, 6), y=(0, 2)),
            source="Solved by hand here: y = x - 1/2 between its bounds 0 and 2, so -x - 2 y falls to -10 at x = 6",
            answers=_answer((6,), (2,)),
            lesson="Without the follower's upper bound its reply would be 11/2, and the value -17.",
            facts={"value": -10},
        ),
        Entry(
            name="decisions_without_reply",
            game=_pair({"x": -1}, {"y": 1}, [({"x": 1, "y": 1}, "<=", 3)], x=(0, 5), y=(1, None)),
            source="Solved by hand here: for x > 2 no y >= 1 satisfies x + y <= 3",
            answers=_answer((2,), (1,)),
            lesson="Decisions that leave the follower no reply are not allowed: 5 would be best, 2 is the largest.",
            facts={"value": -2},
        ),
        Entry(
            name="leader_constraint_on_replies",
            game=_pair(
                {"x": -2, "y": -2},
                {"y": -1},
                [({"x": -2, "y": 1}, "<=", 2), ({"x": 1, "y": 2}, "<=", 14), ({"x": 1, "y": -1}, "<=", 2)],
                x=(0, 10),
                leader_rows=(({"x": -2, "y": 3}, "<=", 6), ({"x": 1, "y": 1}, "<=", 10)),
            ),
            source="Solved by hand here: the reply is min(2 + 2 x, 7 - x/2), 3 y <= 6 + 2 x allows 0 and x >= 30/7, "
            "x + y <= 10 ends at x = 6; there -2 x - 2 y = -x - 14 is least",
            answers=_answer((6,), (4,)),
            lesson="The leader's constraint on replies leaves two pieces, 0 and [30/7, 6]; a local search stays at 0.",
            facts={"value": -20},
        ),
    )


def _pessimistic() -> tuple[Entry, ...]:
    """Return games whose worst cost is another matter than their best; `facts` hold both values."""
    return (
        Entry(
            name="limit_of_an_indifferent_follower",
            game=_pair({"x": 1, "y": -1}, {("x", "y"): -1}, [], x=(0, 1), y=(0, 1)),
            source="Solved by hand here, after R. Lucchetti, F. Mignanego and G. Pieri, Existence theorems of "
            "equilibrium points in Stackelberg games with constraints, Optimization 18 (1987) 857-866: y = 1 for x > 0 "
            "and all of [0, 1] answers x = 0, so the worst cost is x - 1 and jumps to 0 there",
            answers=_answer((0,), (1,)),
            facts={"value": -1, "pessimistic": -1, "pessimistic_attained": False},
            lesson="Both values agree and only one is attained: against the leader -1 is a limit at x = 0, from x > 0.",
        ),
        Entry(
            name="indifference_costs_the_leader",
            game=_pair({"x": 1, "y": -1}, {("x", "y"): 1}, [], x=(0, 1), y=(0, 1)),
            source="Solved by hand here, after S. Dempe, Foundations of Bilevel Programming (2002), chapter 5: y = 0 "
            "for x > 0, all of [0, 1] at x = 0; the worst cost is x, attained at 0, the best one -1",
            answers=_answer((0,), (1,)),
            facts={"value": -1, "pessimistic": 0, "pessimistic_attained": True},
            lesson="The same decision is worth -1 to an optimist and 0 to a pessimist.",
        ),
        Entry(
            name="constraint_against_every_reply",
            game=_pair(
                {"x": 1},
                {("x", "y"): 1},
                [],
                x=(-2, 2),
                y=(-1, 1),
                leader_rows=(({"x": 1, "y": -1}, ">=", 0),),
            ),
            source="Solved by hand here, in the setting of W. Wiesemann, A. Tsoukalas, P.-M. Kleniati and B. Rustem, "
            "Pessimistic bilevel optimization, SIAM Journal on Optimization 23 (2013) 353-380: x >= y must hold for "
            "every optimal reply, which is -1 for x > 0, anything in [-1, 1] at 0 and 1 below",
            facts={"value": 0, "pessimistic": 0, "pessimistic_attained": False},
            lesson="At 0 the reply 1 breaks the constraint; every x > 0 is allowed, so 0 is a limit.",
        ),
        Entry(
            name="two_pressing_sides",
            game=_pair({"x": -1, "y": 2}, {("x", "y"): -1, "y": 1}, [({"x": 1, "y": 1}, "<=", 3)], x=(0, 2), y=(0, 2)),
            source="Solved by hand here: y = 0 for x < 1, all of [0, 2] at 1, 3 - x above; the worst cost is -x below "
            "1, 3 at 1 and 6 - 3 x above, so the infimum is -1 at the limit 1 from below, and x = 2 costs 0",
            answers=_answer((1,), (0,)),
            facts={"value": -1, "pessimistic": -1, "pessimistic_attained": False},
            lesson="The limit is approached from one side only: at 1 itself the worst cost is 3.",
        ),
    )


def _without_answer() -> tuple[Entry, ...]:
    return (
        Entry(
            name="no_reply_at_all",
            game=_pair({"x": 1}, {"y": 1}, [({"y": 1}, "<=", -1)], x=(0, 1)),
            source="Made here: the follower needs y >= 0 and y <= -1",
            facts={"status": "infeasible"},
            lesson="Infeasible because the follower never has a reply, whatever is decided.",
        ),
        Entry(
            name="follower_without_lowest_cost",
            game=_pair({"x": 1}, {"y": -1}, [({"x": 1, "y": -1}, "<=", 1)], x=(0, 1)),
            source="Made here: y may grow for ever, and pays for it",
            facts={"status": "infeasible"},
            lesson="Replies exist and none is optimal: infeasible for another reason than an empty set.",
        ),
        Entry(
            name="leader_without_bound",
            game=_pair({"x": -1, "y": 1}, {("y", "y"): 1, ("x", "y"): -1}, []),
            source="Made here: y = x/2, so the cost is -x/2",
            facts={"status": "unbounded"},
            lesson="The leader gains for ever along optimal replies: unbounded, not infeasible.",
        ),
    )
