"""Coalitional games with answers that are cited, or derived in a line that stands with them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from gametheory.catalogue.entry import Entry
from gametheory.games.coalitional import CoalitionalGame

__all__ = ["entries"]

Shares = tuple[Fraction, ...]

_AUMANN_MASCHLER = (
    "Aumann and Maschler, Game theoretic analysis of a bankruptcy problem from the Talmud, Journal of Economic Theory "
    "36, 1985 (Kethubot 93a)"
)


def _shares(text: str) -> Shares:
    return tuple(Fraction(word) for word in text.split())


def entries() -> tuple[Entry, ...]:
    """Return the coalitional games of the catalogue."""
    return (*_claims(), *_votes(), *_markets(), *_costs(), *_communities(), *_small())


def _entry(name: str, game: CoalitionalGame, source: str, answers: Mapping[str, str], lesson: str) -> Entry:
    known = {concept: text if text == "empty" else _shares(text) for concept, text in answers.items()}
    return Entry(name=name, game=game, source=source, answers=known, lesson=lesson)


def _claims() -> tuple[Entry, ...]:
    claims = [100, 200, 300]
    talmud = (
        (100, "100/3 100/3 100/3", "100/3 100/3 100/3", "A small estate is split equally."),
        (
            200,
            "50 75 75",
            "40 80 80",
            "Settling every coalition that is tight at one optimum, instead of those with positive duals, goes wrong.",
        ),
        (300, "50 100 150", "50 100 150", "Half of the claims: half of each claim."),
    )
    return (
        *(
            _entry(
                f"talmud_{estate}",
                CoalitionalGame.bankruptcy(estate, claims),
                f"{_AUMANN_MASCHLER}; the tau value is proportional to claims cut at the estate (Curiel, Maschler and "
                "Tijs, Bankruptcy games, 1987)",
                {"nucleolus": answer, "prenucleolus": answer, "tau_value": tau},
                lesson,
            )
            for estate, answer, tau, lesson in talmud
        ),
        _entry(
            "contested_garment",
            CoalitionalGame.bankruptcy(100, [50, 100]),
            "Baba Metzia 2a; Aumann and Maschler 1985: what is conceded, and half of what is contested",
            {"nucleolus": "25 75", "shapley_value": "25 75"},
            "With two players the nucleolus, the Shapley value and the Talmud agree.",
        ),
    )


def _votes() -> tuple[Entry, ...]:
    council = CoalitionalGame.weighted_majority(39, [7] * 5 + [1] * 10)
    europe = CoalitionalGame.weighted_majority(
        12, [4, 4, 4, 2, 2, 1], ["France", "Germany", "Italy", "Belgium", "Netherlands", "Luxembourg"]
    )
    return (
        _entry(
            "un_security_council",
            council,
            "Shapley and Shubik 1954, rules of 1966: 9 of 15 votes with all five vetoes. Banzhaf by counting swings: "
            "848 "
            "and 84 of 2^14. The core shares among veto players only; the nucleolus is in it and symmetric",
            {
                "shapley_value": " ".join(["421/2145"] * 5 + ["4/2145"] * 10),
                "banzhaf_value": " ".join(["53/1024"] * 5 + ["21/4096"] * 10),
                "nucleolus": " ".join(["1/5"] * 5 + ["0"] * 10),
            },
            "Ten elected members hold less than two percent of the power to decide.",
        ),
        _entry(
            "european_council_1958",
            europe,
            "Brams and Affuso, Power and size, Theory and Decision 7, 1976: Luxembourg turns no coalition",
            {"shapley_value": "7/30 7/30 7/30 3/20 3/20 0", "banzhaf_value": "5/16 5/16 5/16 3/16 3/16 0"},
            "A vote is not power: Luxembourg had one and was a null player.",
        ),
        _entry(
            "majority_of_three",
            CoalitionalGame.weighted_majority(2, [1, 1, 1]),
            "von Neumann and Morgenstern 1944; pairs with weight 1/2 balance and are worth 3/2",
            {
                "core": "empty",
                "shapley_value": "1/3 1/3 1/3",
                "banzhaf_value": "1/2 1/2 1/2",
                "nucleolus": "1/3 1/3 1/3",
            },
            "Every split of a dollar by majority is overturned.",
        ),
        _entry(
            "apex_of_four",
            CoalitionalGame.weighted_majority(3, [2, 1, 1, 1]),
            "Peleg, On weights of constant-sum majority games, SIAM J. Appl. Math. 16, 1968 (the nucleolus is the "
            "homogeneous weights); the apex player is pivotal unless it comes first or last",
            {"core": "empty", "shapley_value": "1/2 1/6 1/6 1/6", "nucleolus": "2/5 1/5 1/5 1/5"},
            "The nucleolus finds the weights; the Shapley value does not.",
        ),
    )


def _markets() -> tuple[Entry, ...]:
    house = CoalitionalGame.assignment(
        [[5, 8, 2], [7, 9, 6], [2, 3, 0]], ["seller 1", "seller 2", "seller 3", "buyer 1", "buyer 2", "buyer 3"]
    )
    return (
        _entry(
            "gloves_1_2",
            CoalitionalGame.glove(1, 2, ["left", "right 1", "right 2"]),
            "Shapley 1959, The solutions of a symmetric market game; the left glove is pivotal unless it comes first",
            {"shapley_value": "2/3 1/6 1/6", "core": "1 0 0", "nucleolus": "1 0 0"},
            "The core gives everything to the short side; the Shapley value is outside of it.",
        ),
        _entry(
            "gloves_2_3",
            CoalitionalGame.glove(2, 3),
            "Shapley and Shubik, Pure competition, coalitional power, and fair division, 1969: the closed form of C.2",
            {"shapley_value": "13/20 13/20 7/30 7/30 7/30", "core": "1 1 0 0 0", "nucleolus": "1 1 0 0 0"},
            "One glove too many makes all of them worthless in the core.",
        ),
        _entry(
            "house_market",
            house,
            "Shapley and Shubik, The assignment game I, 1971; seller 1 with buyer 2, 2 with 3, 3 with 1 earn 16, and "
            "the "
            "prices below leave no pair a gain",
            {"core": "3 5 0 2 5 1"},
            "The core of a market is its competitive prices.",
        ),
        _entry(
            "flow_min_cut",
            CoalitionalGame.flow([(0, 1, 3), (0, 1, 1), (1, 2, 2)], 0, 2),
            "Kalai and Zemel, Totally balanced games and games of flow, 1982: paying the owners of a minimum cut is "
            "stable",
            {"core": "0 0 2"},
            "Who owns the bottleneck owns the flow.",
        ),
    )


def _costs() -> tuple[Entry, ...]:
    tennessee = CoalitionalGame.from_dict(
        {
            ("navigation",): 163520,
            ("flood control",): 140826,
            ("power",): 250096,
            ("navigation", "flood control"): 301607,
            ("navigation", "power"): 378821,
            ("flood control", "power"): 367370,
            ("navigation", "flood control", "power"): 412584,
        },
        kind="cost",
    )
    tree = CoalitionalGame.spanning_tree([[0, 2, 4, 4], [2, 0, 1, 3], [4, 1, 0, 2], [4, 3, 2, 0]])
    return (
        _entry(
            "airport_1_2_4",
            CoalitionalGame.airport([1, 2, 4]),
            "Littlechild and Owen 1973 (each piece of runway is shared by those who need it: 1/3, 1/3 + 1/2, 1/3 + "
            "1/2 + "
            "2); Littlechild 1974 for the nucleolus: 1/2, then (2 - 1/2)/2, then the rest",
            {"shapley_value": "1/3 5/6 17/6", "nucleolus": "1/2 3/4 11/4"},
            "Two fair splits of one runway.",
        ),
        _entry(
            "tennessee_valley",
            tennessee,
            "Ransmeier, The Tennessee Valley Authority, 1942; Straffin and Heaney, Game theory and the Tennessee "
            "Valley "
            "Authority, International Journal of Game Theory 10, 1981 (thousands of dollars)",
            {"shapley_value": "117829 201513/2 387997/2", "nucleolus": "116234 93540 202810"},
            "Cost sharing of the 1930s came close to concepts of the 1950s; the nucleolus saves each the same.",
        ),
        _entry(
            "network_of_three",
            tree,
            "Bird, On cost allocation for a spanning tree, Networks 6, 1976: each pays the last edge of its path",
            {"core": "2 1 2"},
            "Bird's split of the cheapest network is in the core.",
        ),
    )


def _communities() -> tuple[Entry, ...]:
    # min(0.1 E, 0.3 E) for positions 2, 2, -2 (kWh): the canonical coalition game of model C.1.
    positions = {"1": 2, "2": 2, "3": -2}

    def grid_value(coalition: tuple[str, ...]) -> Fraction:
        energy = sum(positions[name] for name in coalition)
        return Fraction(min(energy, 3 * energy), 10)

    surplus, battery = {"a": 3, "b": 2}, {"c": 2, "d": 1}

    def stored(coalition: tuple[str, ...]) -> int:
        return min(sum(surplus.get(name, 0) for name in coalition), sum(battery.get(name, 0) for name in coalition))

    return (
        _entry(
            "mid_market_rate_blocked",
            CoalitionalGame.from_function(grid_value, positions),
            "model C.1 with prices 0.1 and 0.3; the surplus price supports the core; 0.2 per kWh of the two possible "
            "trades "
            "is a glove market, so the buyer gets 2/3 of 0.4 and each seller 1/6",
            {"core": "1/5 1/5 -1/5", "shapley_value": "4/15 4/15 -1/3"},
            "The mid-market rate pays (3/10, 3/10, -4/10) and is blocked by a seller and the buyer, gain 1/10.",
        ),
        _entry(
            "shared_storage",
            CoalitionalGame.from_function(stored, ["a", "b", "c", "d"]),
            "v(T) = min(surplus of T, storage of T): totally balanced (Kalai and Zemel 1982, a minimum of two sums). "
            "Storage is short, so (0, 0, 2, 1) is in the core; there b gets 0, as the others have 3 without it. "
            "Shapley "
            "values by adding up the 24 arrival orders: 18, 10, 30, 14",
            {"core": "0 0 2 1", "shapley_value": "3/4 5/12 5/4 7/12"},
            "The Shapley value of a totally balanced game need not be in the core.",
        ),
    )


def _small() -> tuple[Entry, ...]:
    pair = CoalitionalGame.from_dict({"a": 1, "b": 2, ("a", "b"): 6})
    lonely = CoalitionalGame.from_table([0, 0, 0, 3, 0, 0, 0, 1])
    unanimity = CoalitionalGame.from_table([0, 0, 0, 1, 0, 0, 0, 1])
    squares = CoalitionalGame.from_function(lambda T: len(T) ** 2, ["a", "b", "c", "d"])
    return (
        _entry(
            "two_players",
            pair,
            "the surplus 3 is split in halves: standard solution of two players",
            {"shapley_value": "5/2 7/2", "nucleolus": "5/2 7/2", "prenucleolus": "5/2 7/2", "banzhaf_value": "5/2 7/2"},
            "For two players all of them agree.",
        ),
        _entry(
            "prenucleolus_outside_imputations",
            lonely,
            "v(01) = 3, v(N) = 1: the excesses 2 + x_2 of {0, 1} and -x_2 of {2} meet at x_2 = -1; held at x_2 >= 0 "
            "the "
            "rest is split in halves",
            {"prenucleolus": "1 1 -1", "nucleolus": "1/2 1/2 0", "core": "empty"},
            "Among imputations a player held at its own value needs a weight in Kohlberg's criterion.",
        ),
        _entry(
            "unanimity_of_two",
            unanimity,
            "Shapley 1953: carriers share, others are null players",
            {"shapley_value": "1/2 1/2 0", "nucleolus": "1/2 1/2 0"},
            "A null player gets nothing.",
        ),
        _entry(
            "squares_of_four",
            squares,
            "Shapley, Cores of convex games, 1971: marginal contributions grow, so every arrival order gives a core "
            "point",
            {"shapley_value": "4 4 4 4", "nucleolus": "4 4 4 4", "core": "1 3 5 7"},
            "In a convex game even the greediest order is stable.",
        ),
    )
