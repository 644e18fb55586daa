"""Several leaders over common followers: games of the literature with an equilibrium, with several, and with none.

Every list is proved complete by the package's own checker; what the sources state is derived again in the lessons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.catalogue.entry import Entry
from gametheory.games.multi_leader import MultiLeaderGame

__all__ = ["entries", "forward_market", "generator_bids", "stackelberg_cournot"]

_PANG_FUKUSHIMA = (
    "J.-S. Pang and M. Fukushima, Quasi-variational inequalities, generalized Nash equilibria, and multi-leader-"
    "follower games, Computational Management Science 2 (2005) 21-56"
)


def stackelberg_cournot(
    leaders: Sequence[Any], followers: Sequence[Any], *, intercept: Any, slope: Any = 1
) -> MultiLeaderGame:
    """Return Sherali's game: quantities at given unit costs, price ``intercept - slope * total``; leaders first."""
    quantities = [f"x{i}" for i in range(len(leaders))] + [f"y{j}" for j in range(len(followers))]

    def payoff(name: str, cost: Any) -> dict[Any, Any]:
        terms: dict[Any, Any] = {(name, other): -Fraction(slope) for other in quantities}
        terms[name] = Fraction(intercept) - Fraction(cost)
        return terms

    players = [
        (f"firm {name}", {name: (0, None)}, payoff(name, cost))
        for name, cost in zip(quantities, [*leaders, *followers], strict=True)
    ]
    return MultiLeaderGame.from_terms(players[: len(leaders)], players[len(leaders) :], sense="payoff")


def forward_market(costs: Sequence[Any], *, intercept: Any, slope: Any = 1) -> MultiLeaderGame:
    """Return Allaz and Vila's game: each firm sells ``f_i`` forward, then all compete in quantities ``q_i``.

    Forward contracts are priced at the spot price that they lead to, so a firm's profit is ``(p - c_i) q_i``; at the
    spot it is paid ``p (q_i - f_i)`` and bears the cost of ``q_i``.
    """
    forwards, spots = [f"f{i}" for i in range(len(costs))], [f"q{i}" for i in range(len(costs))]
    leaders, followers = [], []
    for i, cost in enumerate(costs):
        margin = Fraction(intercept) - Fraction(cost)
        profit: dict[Any, Any] = {(spots[i], q): -Fraction(slope) for q in spots}
        profit[spots[i]] = margin
        leaders.append((f"firm {i} forward", {forwards[i]: (0, None)}, profit))
        spot: dict[Any, Any] = dict(profit)
        for q in spots:
            spot[q, forwards[i]] = Fraction(slope)
        followers.append((f"firm {i} spot", {spots[i]: (0, None)}, spot))
    return MultiLeaderGame.from_terms(leaders, followers, sense="payoff")


def generator_bids(line: Any = None, *, highest_bid: Any = 12) -> MultiLeaderGame:
    """Return two generators at the ends of a line who bid marginal costs ``a_i + q_i`` to a system operator.

    The operator serves a demand ``p = 18 - d`` at the second generator's end at least bid cost, with at most `line`
    from the first; each is paid its bid at the margin and bears a cost of 6 a unit.
    """
    operator: dict[Any, Any] = {"d": 18, ("d", "d"): Fraction(-1, 2)}
    leaders = []
    for i in (1, 2):
        operator[f"a{i}", f"q{i}"] = -1
        operator[f"q{i}", f"q{i}"] = Fraction(-1, 2)
        profit = {(f"a{i}", f"q{i}"): 1, (f"q{i}", f"q{i}"): 1, f"q{i}": -6}
        leaders.append((f"generator {i}", {f"a{i}": (0, highest_bid)}, profit))
    bounds = {"q1": (0, line), "q2": (0, None), "d": (0, None)}
    balance = ({"q1": 1, "q2": 1, "d": -1}, "==", 0)
    return MultiLeaderGame.from_terms(
        leaders, [("operator", bounds, operator)], constraints={"operator": [balance]}, sense="payoff"
    )


def _bids() -> dict[str, Any]:
    bid, sold = Fraction(18, 5), Fraction(24, 5)
    return {"decisions": ((bid,), (bid,)), "replies": ((sold, sold, 2 * sold),), "tie_breaking": "optimistic"}


def _profile(decisions: Sequence[Any], replies: Sequence[Any]) -> dict[str, Any]:
    """Return a profile of players with one variable each."""
    return {
        "decisions": tuple((Fraction(v),) for v in decisions),
        "replies": tuple((Fraction(v),) for v in replies),
        "tie_breaking": "optimistic",
    }


def _only(decisions: Sequence[Any], replies: Sequence[Any]) -> Mapping[str, Any]:
    return {
        "stackelberg_equilibrium": _profile(decisions, replies),
        "stackelberg_equilibria": (_profile(decisions, replies),),
    }


def _one_follower(first: Mapping[Any, Any], second: Mapping[Any, Any]) -> MultiLeaderGame:
    """Return a game of leaders in [0, 1] whose follower answers ``y = max(0, 1 - x1 - x2)``."""
    return MultiLeaderGame.from_terms(
        leaders=[("leader I", {"x1": (0, 1)}, first), ("leader II", {"x2": (0, 1)}, second)],
        followers=[("follower", {"y": (0, None)}, {"y": -1, ("x1", "y"): 1, ("x2", "y"): 1, ("y", "y"): "0.5"})],
    )


def entries() -> tuple[Entry, ...]:
    """Return the games."""
    return (
        Entry(
            name="pang_fukushima_2005",
            game=_one_follower({"x1": "0.5", "y": 1}, {"x2": "-0.5", "y": -1}),
            source=f"{_PANG_FUKUSHIMA}, the example of a game without equilibrium",
            answers={"stackelberg_equilibria": ()},
            facts={"diagonalisation": "cycle"},
            lesson="Leader I answers x2 with 1 - x2; leader II takes an end of [0, 1], the one that I then leaves: "
            "with a convex game below, two leaders may have no equilibrium.",
        ),
        Entry(
            name="leaders_who_share_a_kink",
            game=_one_follower({"x1": "0.5", "y": 1}, {"x2": "0.5", "y": 1, ("x2", "x2"): 1}),
            source="Made here from Pang and Fukushima's follower: leader I closes the gap, x1 = 1 - x2; leader II pays "
            "x2/2 + x2^2 + max(0, 1 - x1 - x2), least at x2 = 1/4 while a gap is left and at the gap's end below that",
            facts={"equilibria": "x1 = 1 - x2, 0 <= x2 <= 1/4"},
            lesson="A whole segment of equilibria lies on the kink of the reply: no list of points is complete, and "
            "none is called so.",
        ),
        Entry(
            name="leaders_with_two_equilibria",
            game=_one_follower({"x1": "-0.5", "y": -1}, {"x2": "-0.5", "y": -1}),
            source="Made here from Pang and Fukushima's leader II, twice: against x < 1/2 the end 0 is best, against "
            "x > 1/2 the end 1",
            answers={
                "stackelberg_equilibria": (_profile((0, 0), (1,)), _profile((1, 1), (0,))),
            },
            lesson="Two equilibria, of which a start decides; complete enumeration finds both.",
        ),
        Entry(
            name="sherali_two_leaders_two_followers",
            game=stackelberg_cournot((1, 1), (1, 1), intercept=10),
            source="H. D. Sherali, A multiple leader Stackelberg model and analysis, Operations Research 32 (1984) "
            "390-404; identical firms: x = (a - c)/(b (m + 1)), y = (a - c)/(b (m + 1) (n + 1))",
            answers=_only((3, 3), (1, 1)),
            lesson="Among identical firms leaders sell as if the followers were not there, followers share the rest.",
        ),
        Entry(
            name="sherali_unlike_costs",
            game=stackelberg_cournot((1, 2), (3, 3), intercept=16, slope=2),
            source="H. D. Sherali (1984), the model with unlike unit costs, solved by hand here: the followers answer "
            "y = (13 - 2 X)/6 each, so leaders meet the price (22 - 2 X)/3",
            answers=_only(("11/3", "13/6"), ("2/9", "2/9")),
            lesson="Leaders with unlike costs play Cournot in what their followers leave of the market.",
        ),
        Entry(
            name="leaders_at_a_followers_exit",
            game=stackelberg_cournot((1, 2), (3, 4), intercept=16, slope=2),
            source="Made here from Sherali's model: the second follower leaves at X = 11/2, where the price is 4; with "
            "it leaders would go beyond that, without it not so far",
            facts={"equilibria": "x0 + x1 = 11/2 with 3 <= x0 <= 7/2"},
            lesson="Where a follower leaves, the price falls faster, and leaders stop there: a segment of equilibria, "
            "which no first-order condition of one regime finds.",
        ),
        Entry(
            name="hu_ralph_wide_line",
            game=generator_bids(),
            source="The bid-a game of X. Hu and D. Ralph, Using EPECs to model bilevel games in restructured "
            "electricity markets with locational prices, Operations Research 55 (2007) 809-827, with numbers made "
            "here; solved by hand: q = 2 (p - 6) each against the residual demand, and 2 q = 18 - p",
            answers={"stackelberg_equilibrium": _bids(), "stackelberg_equilibria": (_bids(),)},
            lesson="Where no line is full, generators who bid the level of their marginal cost have one equilibrium.",
        ),
        Entry(
            name="hu_ralph_full_line",
            game=generator_bids(4),
            source="The same game with a line that is too thin, 4 instead of 24/5; X. Hu and D. Ralph (2007) show by "
            "such examples that congestion can leave no equilibrium; that there is none here is proved",
            answers={"stackelberg_equilibria": ()},
            facts={"diagonalisation": "cycle"},
            lesson="Each bid is best against the other only until the line is just full: no pure equilibrium.",
        ),
        Entry(
            name="allaz_vila_duopoly",
            game=forward_market((0, 0), intercept=10),
            source="B. Allaz and J.-L. Vila, Cournot competition, forward markets and efficiency, Journal of Economic "
            "Theory 59 (1993) 1-16; as an equilibrium problem with equilibrium constraints: C.-L. Su, Analysis on the "
            "forward market equilibrium model, Operations Research Letters 35 (2007) 74-82",
            answers=_only((2, 2), (4, 4)),
            lesson="Each sells (a - c)/5 forward and 2 (a - c)/5 in all: the price falls from a third to a fifth of a, "
            "and both earn less than without a forward market.",
        ),
    )
