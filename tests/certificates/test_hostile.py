"""What somebody would try who wants a false certificate: tables, ends, regrets and files that say what is not so."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.arithmetic import exact
from gametheory.certificates import certify
from gametheory.certificates.unique_bids import one_equilibrium
from gametheory.domain.orders import Order
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.recheck import recheck
from gametheory.errors import GameTheoryError, InputError
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.coalition_families import Flow, Glove
from gametheory.games.coalition_table import CoalitionTable
from gametheory.games.enclosure import Enclosure
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.log_pricing import LogPricingGame
from gametheory.games.payoff_table import PayoffTable
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.pooled_loads import PooledLoads
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.games.smooth_generalised import SmoothGeneralisedGame
from gametheory.games.splittable import SplittableGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.io.options import read_options
from gametheory.io.solutions import loads
from gametheory.markets.double_auction import double_auction
from gametheory.models.energy_sharing import EnergySharing
from gametheory.models.operator_pricing import OperatorPricing
from gametheory.models.pooled_community import PooledCommunity
from gametheory.result import Strength
from gametheory.solvers.coalitional.sampling import SampledShapley
from gametheory.solvers.pooled.large_population import LargePopulation

_DILEMMA = gt.NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
_BATTLE = gt.NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])


@pytest.mark.parametrize(
    "make",
    [
        lambda: PayoffTable((2, 2), (0.1, 0.2, 0.9, 0.8)),  # type: ignore[arg-type]
        lambda: PayoffTable((2,), (Fraction(1, 2), Fraction(1, 3))),  # type: ignore[arg-type]
        lambda: PayoffTable((2,), (True, False)),
        lambda: PayoffTable((2,), (1, 2), 1.5),  # type: ignore[arg-type]
        lambda: PayoffTable((-2, -2), (1, 2, 3, 4)),
        lambda: PayoffTable((0,), ()),
        lambda: CoalitionTable(np.array([0, 0.9, 0.9, 1.0])),
        lambda: CoalitionTable([0, Fraction(9, 10), Fraction(9, 10), 1]),  # type: ignore[arg-type]
        lambda: CoalitionTable(np.array([0, 1]), 1.5),  # type: ignore[arg-type]
        lambda: Glove(1.5, 2),  # type: ignore[arg-type]
        lambda: Flow(((0.7, 1, 1),), 0, 1),  # type: ignore[arg-type]
        lambda: Enclosure(float("nan"), 1),  # type: ignore[arg-type]
        lambda: QuadraticForm(((0.0, 1, 1),)),  # type: ignore[arg-type]
        lambda: Polyhedron(("x", "y"), inequalities=((((0.5, 1), (1, 1)), 1),)),  # type: ignore[arg-type]
        lambda: Settlement(("a", "a"), prices=[1], energy=[[1], [-1]], bills=[1, -1]),
        lambda: exact("1e999999999"),
        lambda: exact(Decimal("1e-999999999")),
    ],
)
def test_what_would_be_cut_to_fit_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(InputError):
        make()


def test_wide_integers_do_not_overflow() -> None:
    big = 2**62
    table = PayoffTable((2, 2), tuple(np.array([big, big, big + 1, big], dtype=np.int64)))
    game = gt.NormalFormGame(table, PayoffTable((2, 2), (0, 0, 0, 0)))
    half = (Fraction(1, 3), Fraction(2, 3))
    assert certify(game, (half, half)).bound == Fraction(1, 9)


def test_no_claim_says_more_than_was_judged() -> None:
    with pytest.raises(InputError, match="negative"):
        certify(_DILEMMA, (1, 1), epsilon=-1)
    for concept, profile in (
        ("social_optimum", (1, 1)),
        ("correlated_equilibrium", (1, 0, 0, 0)),
        ("nash_equilibria", [(0, 0)]),
        ("stackelberg_equilibrium", {"leader": "player 0", "commitment": (1, 0), "reply": 0}),
    ):
        found = certify(_DILEMMA, profile, concept=concept, epsilon=100)
        assert found.strength is Strength.REFUTED or "100" in found.claim
    best = certify(
        _DILEMMA, (0, 0, 0, 1), concept="correlated_equilibrium", epsilon=9, witness={"objective": (6, 0, 0, 2)}
    )
    assert best.bound == 4


@pytest.mark.parametrize("interval", [(-5, -3), (-5, 0), (0, Fraction(1, 2))])
def test_a_price_of_anarchy_is_at_least_one(interval: tuple[Any, Any]) -> None:
    witness = {"interval": interval, "equilibria": [(1, 1)]}
    profile = {"equilibrium": (1, 1), "optimum": (0, 0)}
    assert certify(_DILEMMA, profile, concept="price_of_anarchy", witness=witness).strength is Strength.REFUTED


def test_a_false_smoothness_is_refuted() -> None:
    found = gt.price_of_anarchy(_BATTLE)
    witness = {**found.witness, "smoothness": (Fraction(1), Fraction(99))}
    assert certify(_BATTLE, found.profile, concept="price_of_anarchy", witness=witness).strength is Strength.REFUTED


# ----------------------------------------------------------------------------------------- files that were changed

#: Prose, effort and hints. A game's own numbers may change where the claim stays true of the other game.
_FREE = {"wall_time", "iterations", "parameters", "provenance", "dtype", "shape", "method", "status", "reason", "rule"}
_FREE |= {
    "unique_reason",
    "witness",
    "tie_breaking",
    "$form",
    "natural_residual",
    "polished",
    "pairs",
    "nodes",
    "rounds",
}
_FREE |= {"error_order"}  # an order of magnitude of which nothing is claimed


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict) and set(node) != {"$q"}:
        for key, value in node.items():
            if key not in _FREE or (key == "witness" and path == ("certificate",)):
                yield from _leaves(value, (*path, key))
    elif isinstance(node, list):
        for k, value in enumerate(node):
            yield from _leaves(value, (*path, k))
    else:
        yield path


def _changed(old: Any) -> list[Any]:
    if isinstance(old, bool):
        return [not old]
    if isinstance(old, str):
        return ["something else"]
    if old is None:
        return [1]
    return [{"$q": "1234567/7654321"}] if isinstance(old, dict) else [old + 1, {"$q": "1234567/7654321"}]


def _answers() -> dict[str, Callable[[], Any]]:
    park = gt.Community.sample().subset(["home_01", "home_04"]).select(slice(8, 10))
    majority = gt.CoalitionalGame.from_table([0, 0, 0, 4, 0, 4, 4, 6])
    duopoly = QuadraticGame.from_matrices(
        [[[-2, -1], [-1, 0]], [[0, -1], [-1, -2]]], [[12, 0], [0, 12]], lower=[[0], [0]], sense="payoff"
    )
    log = LogPricingGame.single([3, 5], [1, 4], buy_price=2, sell_price=1)
    loads_of_three = PooledLoads(
        ("a", "b", "c"), [[-2.0, 1], [1, 1], [2, -1]], buy_price=[0.5] * 2, sell_price=[0.25] * 2
    )
    fleet = SplittableGame(amounts=[2.0, 1.0], limits=[2.0, 2.0], slope=[1.0, 1.0], base=[0.0, 1.0])
    return {
        "nash": lambda: gt.nash_equilibrium(_BATTLE),
        "every": lambda: gt.nash_equilibria(_BATTLE),
        "correlated": lambda: gt.correlated_equilibrium(_BATTLE),
        "dominance": lambda: gt.dominance(_DILEMMA),
        "cell": lambda: gt.social_optimum(_DILEMMA),
        "anarchy": lambda: gt.price_of_anarchy(_BATTLE),
        "stability": lambda: gt.price_of_stability(_BATTLE),
        "commitment": lambda: gt.stackelberg_equilibrium(_BATTLE),
        "shapley": lambda: gt.shapley_value(majority),
        "nucleolus": lambda: gt.nucleolus(gt.CoalitionalGame.airport([1, 2, 3])),
        "core": lambda: gt.core(majority),
        "empty": lambda: gt.core(gt.CoalitionalGame.from_table([0, 0, 0, 5, 0, 5, 5, 6])),
        "table": lambda: gt.characteristic_function(PooledCommunity(park)),
        "pooled core": lambda: gt.core(PooledCommunity(park)),
        "pooled optimum": lambda: gt.social_optimum(PooledCommunity(park)),
        "sharing": lambda: gt.nash_equilibrium(EnergySharing(park, sensitivity=1)),
        "operator": lambda: gt.stackelberg_equilibrium(OperatorPricing(park)),
        "log": lambda: gt.stackelberg_equilibrium(log),
        "retailer": lambda: gt.stackelberg_equilibrium(gt.models.Retailer((10, 8), ((2, 1), (1, 2)), (1, 1))),
        "loans": lambda: gt.stackelberg_equilibrium(gt.models.Loans((4, 3, "1/2"), 1)),
        "stable": lambda: gt.core_check(park, dict.fromkeys(park.names, 1)),
        "reference": lambda: gt.core_check(park, dict.fromkeys(park.names, 1), baseline=dict.fromkeys(park.names, 2)),
        "duopoly": lambda: gt.nash_equilibrium(duopoly),
        "total": lambda: gt.social_optimum(duopoly),
        "ratio": lambda: gt.price_of_anarchy(duopoly),
        "contest": lambda: gt.nash_equilibrium(gt.catalogue("tullock_contest").game),
        "shared contest": lambda: gt.variational_equilibrium(
            SmoothGeneralisedGame(gt.catalogue("tullock_contest").game, inequalities=(((1, 1), 1),))  # type: ignore[arg-type]
        ),
        "roads": lambda: gt.nash_equilibrium(gt.catalogue("braess_paradox").game),
        "prices": lambda: gt.nash_equilibrium(gt.catalogue("bertrand_edgeworth_small").game),
        "sampled": lambda: gt.shapley_value(majority, solver=SampledShapley(units=64)),
        "sampled loads": lambda: gt.shapley_value(loads_of_three, solver=SampledShapley(units=64)),
        "large population": lambda: gt.shapley_value(loads_of_three, solver=LargePopulation()),
        "core of loads": lambda: gt.core(loads_of_three),
        "leaders": lambda: gt.stackelberg_equilibrium(gt.catalogue("sherali_two_leaders_two_followers").game),
        "fleet": lambda: gt.nash_equilibrium(fleet),
    }


@pytest.mark.parametrize("name", list(_answers()))
def test_whatever_a_solution_states_is_made_again(name: str) -> None:
    data = json.loads(_answers()[name]().to_json())
    assert [v.reason for v in recheck(loads(json.dumps(data))) if not v.holds] == []
    missed = []
    for path in [("solution", *rest) for rest in _leaves(data["solution"])]:
        node = data
        for key in path[:-1]:
            node = node[key]
        old = node[path[-1]]
        for node[path[-1]] in _changed(old):
            try:
                if all(v.holds for v in recheck(loads(json.dumps(data)))):
                    missed.append((path, old))
            except GameTheoryError:
                pass
        node[path[-1]] = old
    assert missed == []


def test_certify_refutes_a_true_profile_beside_false_figures() -> None:
    data = json.loads(gt.core(gt.CoalitionalGame.from_table([0, 0, 0, 4, 0, 4, 4, 6])).to_json())
    data["solution"]["empty"] = True
    found = gt.certify(loads(json.dumps(data)))
    assert found.strength is Strength.REFUTED
    assert "empty" in found.claim


def test_a_table_in_a_file_is_not_cut_to_integers() -> None:
    text = '{"schema": 1, "solution": {"$array": [0, {"$q": "9/10"}], "dtype": "int64", "shape": [2]}}'
    with pytest.raises(InputError, match="array of int64"):
        loads(text)


# ------------------------------------------------------------------------------------------------------ uniqueness


def _random_bidding(rng: random.Random) -> DemandBiddingGame:
    traders = []
    for _ in range(rng.choice([2, 3])):
        curvature = rng.choice([0, 0, 1, 2])
        low, high = sorted((rng.choice([-2, -1, 0]), rng.choice([0, 1, 2])))
        free = curvature and rng.random() < 0.3
        stiff = rng.random() < 0.3
        bounds = (None, None) if free else (Fraction(low), Fraction(low if stiff else high))
        traders.append(Trader(Fraction(rng.randint(-3, 3)), Fraction(curvature), Fraction(rng.randint(0, 3)), *bounds))
    outside = (Fraction(rng.randint(1, 3)), Fraction(rng.randint(0, 1))) if rng.random() < 0.7 else (None, None)
    return DemandBiddingGame(tuple("abc"[: len(traders)]), (TradingStep(tuple(traders), *outside),), Fraction(1))


def test_uniqueness_is_decided_alike_twice() -> None:
    rng = random.Random(7)
    words = set()
    for _ in range(300):
        try:
            game = _random_bidding(rng)
        except InputError:
            continue  # islanded and infeasible
        found = gt.nash_equilibrium(game)
        words.add(found.unique)
        assert one_equilibrium(game, found.profile) == (found.unique == "proved"), game
    assert words == {"proved", "disproved"}


def test_a_short_option_that_is_a_huge_number_is_refused() -> None:
    with pytest.raises(InputError, match="not a number"):
        read_options(sensitivity="1e999999999")


# ------------------------------------------------------------------------------- gains without limit, boxes too wide


@pytest.mark.parametrize("epsilon", [0, 1, 100])
def test_no_regret_covers_a_gain_without_limit(epsilon: int) -> None:
    words: dict[str, Any] = {"concept": "stackelberg_equilibrium", "epsilon": epsilon}
    zero = {"decision": (0,), "replies": ((0,),)}
    leads = StackelbergGame.from_terms(("l", {"x": (0, None)}, {"x": -1}), [("f", {"y": (0, 1)}, {"y": 1})])
    found = certify(leads, zero, **words)
    assert found.strength is Strength.REFUTED
    assert found.witness["endless"]
    follows = StackelbergGame.from_terms(("l", {"x": (0, 1)}, {"x": 1}), [("f", {"y": (0, None)}, {"y": -1})])
    assert certify(follows, zero, **words).strength is Strength.REFUTED
    # Alone nobody can move, so every regret is 0; together both fall for ever.
    tied = GeneralisedGame(
        QuadraticGame.from_matrices([[[0, 0], [0, 0]]] * 2, [[-1, 0], [0, -1]], lower=[[0], [0]]),
        equalities=[((1, -1), 0)],  # type: ignore[arg-type]
    )
    found = certify(tied, ((0,), (0,)), concept="variational_equilibrium", epsilon=epsilon)
    assert found.strength is Strength.REFUTED
    assert set(found.witness["regrets"]) == {0}


def test_a_relaxation_without_limit_bounds_nothing_where_a_follower_is_not_convex() -> None:
    # Best is y = 2, which keeps the leader at x <= 2; the stationary y = 0 would let it go on for ever.
    game = StackelbergGame.from_terms(
        ("leader", {"x": (0, None)}, {"x": -1}),
        [("follower", {"y": (-1, 2)}, {("y", "y"): -1})],
        constraints={"leader": [({"y": 100, "x": 1}, "<=", 202)]},
    )
    found = certify(game, {"decision": (2,), "replies": ((2,),)}, concept="stackelberg_equilibrium", epsilon=1000)
    assert found.strength is not Strength.REFUTED


def test_a_variational_claim_says_up_to_what() -> None:
    game = GeneralisedGame(
        QuadraticGame.from_matrices([[[2, 0], [0, 0]], [[0, 0], [0, 2]]], [[-2, 0], [0, -1]], lower=[[0], [0]]),
        inequalities=[((1, 1), 1)],  # type: ignore[arg-type]
    )
    found = certify(game, ((0,), (1,)), concept="variational_equilibrium", epsilon=5)
    assert found.strength is Strength.EXACT
    assert "up to a regret and a gap of 5" in found.claim
    assert "no," not in found.claim
    assert certify(game, ((0,), (1,)), concept="variational_equilibrium").strength is Strength.REFUTED


def test_a_box_of_several_equilibria_holds_not_exactly_one() -> None:
    game = gt.NormalFormGame([[2, 0], [0, 2]], [[2, 0], [0, 2]])
    whole, inner = Enclosure(Fraction(0), Fraction(1)), Enclosure(Fraction(1, 1000), Fraction(999, 1000))
    # The corners are equilibria as well as the middle.
    assert certify(game, ((whole, whole),) * 2).strength is Strength.REFUTED
    assert certify(game, ((inner, inner),) * 2).strength is Strength.BOUNDED
    # At precision 4 three logit equilibria lie within, at 1/10 one.
    words: dict[str, Any] = {"concept": "quantal_response_equilibrium"}
    assert certify(game, ((inner, inner),) * 2, witness={"precision": 4}, **words).strength is Strength.REFUTED
    near = Enclosure(Fraction(49, 100), Fraction(51, 100))
    for precision in (Fraction(1, 10), 4):
        found = certify(game, ((near, near),) * 2, witness={"precision": precision}, **words)
        assert found.strength is Strength.BOUNDED


@pytest.mark.parametrize(
    ("profile", "witness"),
    [
        (None, {"interval": 5}),
        (None, {"interval": (1,)}),
        (None, {"smoothness": (1,)}),
        (None, {"smoothness": 3}),
        (None, {"interval": (1, 2), "equilibria": 5}),
        (None, {"interval": (1, 2), "equilibria": [(0,)]}),
        (None, {"interval": (1, 2), "equilibria": [((2, -1), (1, 0), (1, 0))]}),
        ({"equilibrium": 5, "optimum": (1, 1, 1)}, {}),
        ({"equilibrium": (1, 1, 1), "optimum": None}, {}),
    ],
)
def test_no_price_of_anarchy_is_read_from_what_is_none(profile: Any, witness: dict[str, Any]) -> None:
    game = gt.NormalFormGame(*[[[[1, 0], [0, 1]], [[0, 1], [1, 2]]]] * 3)
    profile = profile or {"equilibrium": (1, 1, 1), "optimum": (1, 1, 1)}
    with pytest.raises(InputError):
        certify(game, profile, concept="price_of_anarchy", witness=witness)


@pytest.mark.parametrize("profile", [None, 5, (0, 0), "ab", (Enclosure(Fraction(0), Fraction(1)),) * 2])
def test_no_box_is_read_from_what_is_none(profile: Any) -> None:
    with pytest.raises(InputError):
        certify(_BATTLE, profile, concept="quantal_response_equilibrium", witness={"precision": 1})


@pytest.mark.parametrize("partition", [None, 5, [5], [None], ["ab"], [("a",), ("z",)]])
def test_no_partition_is_read_from_what_is_none(partition: Any) -> None:
    game = gt.CoalitionalGame.from_table([0, 1, 1, 3], ("a", "b"))
    with pytest.raises(InputError):
        certify(game, {"partition": partition}, concept="stable_partition")


def _traded(*orders: tuple[str, int, int]) -> Any:
    rows = [
        Order(f"o{k}", f"p{k}", side, Fraction(kwh), Fraction(price)) for k, (side, kwh, price) in enumerate(orders)
    ]
    return double_auction(rows)


@pytest.mark.parametrize("epsilon", [0, 1, 5])
def test_no_epsilon_covers_a_price_or_a_holder_that_is_not_there(epsilon: int) -> None:
    cleared = _traded(("buy", 2, 3), ("sell", 2, 1))
    assert certify(cleared, {}, epsilon=epsilon).strength is Strength.EXACT
    assert certify(cleared, {"marginal": [("o1", "o0")]}, epsilon=epsilon).strength is Strength.REFUTED
    apart = _traded(("buy", 2, 1), ("sell", 2, 3))
    priced = {"buy_prices": [2], "sell_prices": [2]}
    assert certify(apart, priced, epsilon=epsilon).strength is Strength.REFUTED


@pytest.mark.parametrize(
    "decided", [{"filled": 5}, {"filled": None}, {"buy_prices": 3}, {"trades": 5}, {"marginal": 5}, {"marginal": [5]}]
)
def test_no_clearing_is_read_from_what_is_none(decided: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        certify(_traded(("buy", 2, 3), ("sell", 2, 1)), decided)
