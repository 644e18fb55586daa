"""A.1: one formula in four arithmetics, the lowered game, properties of the equilibrium, bad input."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import exact, rational, to_float
from gametheory.domain import Prosumer, Tariff
from gametheory.errors import GameTheoryError, Infeasible, InputError
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep
from gametheory.models import energy_sharing as model
from gametheory.models.economy import aggregate_sensitivity
from gametheory.models.energy_sharing import EnergySharing
from gametheory.solvers.aggregative.answers import grid_bill, local_cost
from gametheory.solvers.aggregative.scalar_price import solve_step
from tests.sharing_games import plain_game, random_game

C, D, DEMAND, A = (1, 5, 2), (0, 1, -1), (2, 0, 3), 2


def _equilibrium(numbers: Any) -> tuple[Any, ...]:
    """Return everything the model's formulas say about three members, in the arithmetic of `numbers`."""
    c, d, demand, a = ([numbers(v) for v in row] for row in (C, D, DEMAND, [A]))
    kappa = model.price_impact(a[0], 3)
    price = model.equilibrium_price(c, d, demand, kappa)
    bought = [model.equilibrium_received(*row, price, kappa) for row in zip(demand, c, d, strict=True)]
    bids = [model.bid(q, price, a[0]) for q in bought]
    costs = [model.sharing_cost(q, *row, price) for q, row in zip(bought, zip(demand, c, d, strict=True), strict=True)]
    others = sum(bids[1:], start=numbers(0))
    reply = model.best_reply_bid(model.best_reply_received(demand[0], c[0], d[0], others, kappa), others, 3)
    grid = model.sharing_cost_with_grid(bought[0], numbers(1), demand[0], c[0], d[0], price, numbers(3), numbers(1))
    return (
        price,
        *bought,
        *costs,
        model.clearing_price(bids, a[0]) - price,
        reply - bids[0],
        model.total_disutility(bought, demand, c, d),
        model.gain_over_alone(bought[0], c[0], kappa),
        model.efficiency_gap_bound(bought, kappa),
        model.efficiency_gap_bound_convex(bought, bids, kappa),
        model.lipschitz_constant(c, kappa),
        model.received(bids[0], price, a[0]) - bought[0],
        grid,
    )


def test_one_formula_in_floats_arrays_rationals_balls_and_symbols() -> None:
    truths = _equilibrium(Fraction)
    assert all(isinstance(value, Fraction) for value in truths)
    for floats in (_equilibrium(float), _equilibrium(lambda v: np.full(4, float(v)))):
        for value, truth in zip(floats, truths, strict=True):
            assert np.allclose(value, float(truth), rtol=1e-13, atol=1e-13)
    for ball, truth in zip(_equilibrium(flint.arb), truths, strict=True):
        assert ball.contains(flint.arb(flint.fmpq(truth.numerator, truth.denominator)))
        assert ball.rad() < 1e-12
    numbers = _equilibrium(sympy.Integer)
    assert [sympy.Rational(t.numerator, t.denominator) for t in truths] == list(numbers)
    symbol = iter(sympy.symbols("x0:99", positive=True))
    price = _equilibrium(lambda _: next(symbol))[0]
    assert len(price.free_symbols) == 10


def test_the_lowered_game_is_the_formula() -> None:
    pair = EnergySharing.from_parameters(c=C, d=D, demand=DEMAND, sensitivity=A)
    solution = gt.nash_equilibrium(pair)
    truths = _equilibrium(Fraction)
    assert solution.details["prices"] == (truths[0],)
    assert solution.details["received"] == tuple((q,) for q in truths[1:4])
    assert solution.payoffs == truths[4:7]
    assert pair.kappa == solution.details["kappa"] == Fraction(1, 4)
    assert pair.contraction == truths[13] == Fraction(19, 22)
    assert pair.to_game() is pair.to_game()


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_gain_price_and_gap_are_what_the_theorems_say(seed: int) -> None:
    game = plain_game(seed)
    solution = gt.nash_equilibrium(game)
    kappa = game.kappa
    for t, step in enumerate(game.steps):
        price = solution.details["prices"][t]
        bought = [row[t] for row in solution.details["received"]]
        slopes = [x.curvature * (x.position - q) + x.slope for x, q in zip(step.traders, bought, strict=True)]
        assert price == sum(slopes) / len(slopes)
        for x, q in zip(step.traders, bought, strict=True):
            alone = x.curvature * x.position**2 / 2 + x.slope * x.position
            shared = model.sharing_cost(q, x.position, x.curvature, x.slope, price)
            assert alone - shared == model.gain_over_alone(q, x.curvature, kappa) >= 0
        columns = [[getattr(x, name) for x in step.traders] for name in ("curvature", "slope", "position")]
        best_price = model.equilibrium_price(*columns, Fraction(0))
        best = [
            model.equilibrium_received(D_, c, d, best_price, Fraction(0)) for c, d, D_ in zip(*columns, strict=True)
        ]
        gap = model.total_disutility(bought, columns[2], columns[0], columns[1]) - model.total_disutility(
            best, columns[2], columns[0], columns[1]
        )
        assert 0 <= gap <= model.efficiency_gap_bound(best, kappa)


def _settled(step: TradingStep, kappa: Fraction) -> tuple[Fraction, tuple[Fraction, ...]]:
    """Return what all bear together in a step (discomfort and the grid's bill), and their purchases."""
    answer = solve_step(step, rational(kappa))
    borne = sum(
        (
            exact(local_cost(x, p)) + exact(grid_bill(step, rational(x.position) - p - q))
            for x, p, q in zip(step.traders, answer.adjustments, answer.received, strict=True)
        ),
        Fraction(0),
    )
    return borne, tuple(exact(q) for q in answer.received)


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_replicas_lead_to_the_optimum_monotonically(seed: int) -> None:
    game = random_game(seed)
    count = len(game.players)
    for step in game.steps:
        # Almost no price impact: within that of the optimum (at 0 some demand would have no slope).
        small = Fraction(1, 10**9)
        best, wanted = _settled(step, small)
        if not step.islanded:
            optimum = gt.social_optimum(PooledGame(game.players, (step,))).value
            assert 0 <= best - optimum <= small / 2 * sum(q * q for q in wanted)
        last = None
        for copies in (1, 2, 3, 20):
            kappa = exact(model.price_impact(game.sensitivity, copies * count))
            many = TradingStep(step.traders * copies, step.buy_price, step.sell_price)
            borne, bought = _settled(many, kappa)
            assert bought == bought[:count] * copies  # copies of one type buy alike
            each = borne / copies
            assert best <= each
            assert last is None or each <= last
            # The bound that needs no quadratics holds with bounds and a grid; it shrinks with the copies.
            assert each - best <= model.efficiency_gap_bound_convex(wanted, bought[:count], kappa)
            assert each - best <= kappa / 2 * sum(q * q for q in wanted)
            last = each


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_relabelling_members_relabels_the_answer(seed: int, rng: Any) -> None:
    game = random_game(seed)
    order = list(range(len(game.players)))
    rng.shuffle(order)
    steps = tuple(
        type(step)(tuple(step.traders[i] for i in order), step.buy_price, step.sell_price) for step in game.steps
    )
    shuffled = type(game)(tuple(game.players[i] for i in order), steps, game.sensitivity)
    one, two = gt.nash_equilibrium(game), gt.nash_equilibrium(shuffled)
    assert two.details["prices"] == one.details["prices"]
    assert dict(two.point) == dict(one.point)
    assert two.payoffs == tuple(one.payoffs[i] for i in order)


@given(st.integers(0, 10**6), st.fractions(Fraction(1, 9), 9, max_denominator=9))
@settings(max_examples=40, deadline=None)
def test_scaling_money_scales_it(seed: int, unit: Fraction) -> None:
    game = random_game(seed)
    steps = tuple(
        type(step).from_numbers(
            [x.position for x in step.traders],
            [unit * x.curvature for x in step.traders],
            [unit * x.slope for x in step.traders],
            [x.lower for x in step.traders],
            [x.upper for x in step.traders],
            buy_price=None if step.buy_price is None else unit * step.buy_price,
            sell_price=None if step.sell_price is None else unit * step.sell_price,
        )
        for step in game.steps
    )
    one = gt.nash_equilibrium(game)
    two = gt.nash_equilibrium(type(game)(game.players, steps, game.sensitivity / unit))
    assert two.details["received"] == one.details["received"]
    assert two.details["prices"] == tuple(unit * price for price in one.details["prices"])
    assert two.payoffs == tuple(unit * cost for cost in one.payoffs)


def test_two_members_trade_the_shading_factor_of_the_optimum() -> None:
    a, c = Fraction(3, 2), (Fraction(1), Fraction(3))
    solution = gt.nash_equilibrium(EnergySharing.from_parameters(c=c, d=(0, 1), demand=(2, -1), sensitivity=a))
    alone = [2 * c[0] + 0, -1 * c[1] + 1]
    optimum = (alone[0] - alone[1]) / sum(c)
    assert solution.details["received"][0][0] == optimum * a * sum(c) / (a * sum(c) + 2)


def test_nobody_trades_where_all_marginal_disutilities_are_equal() -> None:
    solution = gt.nash_equilibrium(
        EnergySharing.from_parameters(c=(1, 2, 4), d=(0, 2, -4), demand=(4, 1, 2), sensitivity=3)
    )
    assert solution.details["prices"] == (4,)
    assert set(solution.details["received"]) == {(0,)}


def _community(loads: Any, pvs: Any) -> gt.Community:
    members = [Prosumer(f"m{k}", load=load, pv=pv) for k, (load, pv) in enumerate(zip(loads, pvs, strict=True))]
    return gt.Community(prosumers=members, tariff=Tariff.flat("0.3", feed_in="0.1"), step_hours=1.0)


energy = st.fractions(0, 5, max_denominator=10)
communities = st.integers(2, 4).flatmap(
    lambda n: st.tuples(*[st.lists(st.lists(energy, min_size=2, max_size=2), min_size=n, max_size=n)] * 2)
)


@given(communities, st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1)]))
@settings(max_examples=60, deadline=None)
def test_sharing_in_a_community_pays_everybody_and_elasticity_0_adjusts_nothing(
    data: Any, elasticity: Fraction
) -> None:
    loads, pvs = data
    assume(any(v > 0 for row in loads for v in row))
    community = _community(loads, pvs)
    sharing = EnergySharing(community, elasticity=elasticity)
    assert sharing.game.sensitivity == aggregate_sensitivity(community)
    solution = gt.nash_equilibrium(sharing)
    assert solution.certificate.strength == "exact"
    assert solution.provenance["input_hash"] == community.input_hash
    if elasticity == 0:
        assert all(p == 0 for row in solution.details["adjustments"] for p in row)
    for k, cost in enumerate(solution.payoffs):
        # Measured behaviour is optimal at grid prices, so the measured bill is what a member bears alone.
        alone = sum((max(Fraction(3, 10) * m, Fraction(1, 10) * m) for m in community.exact_net_load[k]), Fraction(0))
        squares = sum((q * q for q in solution.details["received"][k]), Fraction(0))
        assert alone - cost >= sharing.kappa * squares


def test_the_sample_and_its_sensitivity() -> None:
    sharing = EnergySharing(gt.Community.sample())
    solution = gt.nash_equilibrium(sharing)
    assert solution.certificate.strength == "exact"
    assert 82.42 < to_float(sum(solution.payoffs)) < 82.44
    assert "assumed" in solution.provenance["sensitivity"]
    assert gt.certify(solution).holds(0)


def test_islanded_communities_may_be_infeasible() -> None:
    community = _community([[1, 1], [2, 2]], [[0, 0], [5, 5]])
    solution = gt.nash_equilibrium(EnergySharing(community, grid=False, sensitivity=1))
    assert solution.certificate.holds(0)
    assert all(m == 0 for row in solution.details["grid_energy"] for m in row)
    with pytest.raises(Infeasible, match="step 0"):
        EnergySharing(_community([[1, 1], [1, 1]], [[0, 0], [9, 0]]), grid=False)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"c": 0}, "strictly convex"),
        ({"c": (1, -1)}, "strictly convex"),
        ({"c": (1, 2, 3)}, "c has shape"),
        ({"d": float("nan")}, "not a finite number"),
        ({"demand": 1}, "single numbers"),
        ({"demand": [[1, 2], [3]]}, "not a finite number|shape"),
        ({"demand": (1,)}, "at least 2"),
        ({"demand": []}, "shape"),
        ({"sensitivity": 0}, "must be > 0"),
        ({"sensitivity": -1}, "must be > 0"),
        ({"retail_price": 1}, "one outside price"),
        ({"retail_price": 1, "feed_in": 2}, "above buy_price"),
        ({"retail_price": (1, 2), "feed_in": (0, 0, 0)}, "feed_in has shape"),
        ({"lower": 1, "upper": 0}, "above upper"),
        ({"upper": 0}, "more than all upper"),
        ({"players": ("a", "a")}, "used twice"),
        ({"players": ("a",)}, "at least 2"),
    ],
)
def test_bad_input(changes: dict[str, Any], word: str) -> None:
    arguments: dict[str, Any] = {"c": 1, "d": 0, "demand": (2, 1), "sensitivity": 1, **changes}
    if changes == {"demand": 1}:
        arguments["c"] = 1
    with pytest.raises(GameTheoryError, match=word):
        EnergySharing.from_parameters(**arguments)


def test_shapes_are_spread() -> None:
    sharing = EnergySharing.from_parameters(
        c=2, d=(0, 1), demand=[[1, 2, 3], [4, 5, 6]], sensitivity=1, retail_price=(3, 4, 5), feed_in=1, players="ab"
    )
    assert sharing.players == ("a", "b")
    assert [step.buy_price for step in sharing.game.steps] == [3, 4, 5]
    assert [[x.position for x in step.traders] for step in sharing.game.steps] == [[1, 4], [2, 5], [3, 6]]
    assert {x.slope for step in sharing.game.steps for x in step.traders[1:]} == {1}
    with pytest.raises(InputError, match="elasticity"):
        EnergySharing(gt.Community.sample(), elasticity=-1)
