"""Games of formulas: every solver meets the certificate, the metamorphic relations hold, and the traps are told."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.smooth import uniqueness
from gametheory.games.aggregate import AggregativeGame
from gametheory.games.continuous import ContinuousGame
from gametheory.games.expression import Expression
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.population import PopulationGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.games.smooth import SmoothGame, as_smooth
from gametheory.io.solutions import loads
from gametheory.solvers.generalised.shared_multipliers import SharedMultipliers
from gametheory.solvers.quadratic.lemke import Lemke
from gametheory.solvers.smooth.best_response import BestReplies
from gametheory.solvers.smooth.extragradient import Extragradient
from gametheory.solvers.smooth.forward_backward import ForwardBackward
from gametheory.solvers.smooth.nikaido_isoda import Relaxation
from gametheory.solvers.smooth.own_multipliers import OwnMultipliers
from gametheory.solvers.smooth.own_rows import OwnRows
from gametheory.solvers.smooth.proximal_aggregate import ProximalAggregate
from gametheory.solvers.smooth.variational import JointExtragradient, JointForwardBackward

from ..conftest import ROOT

FINE = Fraction(1, 10**8)
PLAIN = [
    Extragradient(),
    ForwardBackward(),
    BestReplies(),
    BestReplies(order="simultaneous", damping=0.5),
    Relaxation(),
]
QUICK = settings(deadline=None, max_examples=10)


def _close(first: Any, second: Any, tolerance: float = 1e-7) -> bool:
    pairs = [(a, b) for p, q in zip(first, second, strict=True) for a, b in zip(p, q, strict=True)]
    return all(abs(float(a) - float(b)) <= tolerance * max(1.0, abs(float(b))) for a, b in pairs)


@st.composite
def monotone(draw: st.DrawFn, count: int = 2) -> SmoothGame:
    """Draw a game of log or square-root utilities with a cost of the total that rises: diagonally strictly concave."""
    x = [Expression.variable(k) for k in range(count)]
    everybody = x[0]
    for other in x[1:]:
        everybody = everybody + other
    payoffs, sets = [], []
    for k in range(count):
        weight = draw(st.fractions(1, 4, max_denominator=4))
        kind = draw(st.sampled_from(["log", "sqrt"]))
        slope = draw(st.fractions(Fraction(1, 4), 2, max_denominator=4))
        payoffs.append(weight * (x[k] + Fraction(1, 2)).own_function(kind) - x[k] * (slope + everybody / 4))
        sets.append(Polyhedron((f"x{k}",), (0,), (draw(st.integers(1, 5)),)))  # type: ignore[arg-type]
    return SmoothGame(tuple("abc"[:count]), tuple(sets), tuple(payoffs))


@QUICK
@given(monotone(), st.sampled_from(PLAIN[1:]))
def test_solvers_agree_where_one_equilibrium_is_proved(game: SmoothGame, other: Any) -> None:
    first = gt.nash_equilibrium(game)
    second = gt.nash_equilibrium(game, solver=other)
    assert first.unique == "proved", first.unique_reason
    for answer in (first, second):
        assert answer.status == "solved"
        assert answer.certificate.holds(FINE), str(answer.certificate)
    assert _close(first.profile, second.profile)


@QUICK
@given(monotone(), st.fractions(-5, 5, max_denominator=3), st.integers(1, 50))
def test_money_and_constants_change_nothing(game: SmoothGame, constant: Fraction, scale: int) -> None:
    plain = gt.nash_equilibrium(game)
    more = tuple(f * scale + constant for f in game.objectives)
    assert _close(gt.nash_equilibrium(dataclasses.replace(game, objectives=more)).profile, plain.profile)
    costs = dataclasses.replace(game, objectives=tuple(-f for f in game.objectives), sense="cost")
    assert _close(gt.nash_equilibrium(costs).profile, plain.profile)


@QUICK
@given(monotone(3), st.permutations(range(3)))
def test_the_order_of_players_changes_nothing(game: SmoothGame, order: list[int]) -> None:
    plain = gt.nash_equilibrium(game).profile
    variables = {k: Expression.variable(order.index(k)) for k in range(3)}
    moved = SmoothGame(
        tuple(game.players[k] for k in order),
        tuple(game.strategies[k] for k in order),
        tuple(game.objectives[k].at(variables) for k in order),
    )
    assert _close(gt.nash_equilibrium(moved).profile, [plain[k] for k in order])


@QUICK
@given(monotone())
def test_a_slack_bound_changes_nothing(game: SmoothGame) -> None:
    plain = gt.nash_equilibrium(game).profile
    tighter = tuple(
        dataclasses.replace(own, upper=((own.upper[0] + x) / 2,))  # type: ignore[operator]  # it has one
        for own, (x,) in zip(game.strategies, plain, strict=True)
    )
    assert _close(gt.nash_equilibrium(dataclasses.replace(game, strategies=tighter)).profile, plain)


@QUICK
@given(monotone(), st.integers(0, 1), st.fractions(Fraction(1, 1000), Fraction(1, 2), max_denominator=1000))
def test_a_perturbed_answer_is_refused_with_a_deviation(game: SmoothGame, who: int, part: Fraction) -> None:
    answer = gt.nash_equilibrium(game)
    low, high = game.strategies[who].lower[0], game.strategies[who].upper[0]
    x = answer.profile[who][0]
    end = high if x - low < high - x else low  # type: ignore[operator]
    profile = list(answer.profile)
    profile[who] = (x + part * (end - x),)  # type: ignore[operator]
    certificate = gt.certify(game, profile)
    assert certificate.strength == "refuted"
    deviation = certificate.witness["deviation"]
    assert 0 < deviation["gain"] <= certificate.bound
    moved = list(profile)
    moved[game.players.index(deviation["player"])] = deviation["strategy"]
    k = game.players.index(deviation["player"])
    assert game.payoffs(moved)[k] >= game.payoffs(profile)[k]


# ------------------------------------------------------------------------------------------------------------ traps


@pytest.mark.parametrize("solver", [*PLAIN, Lemke()], ids=lambda s: type(s).__name__)
def test_pursuit_and_evasion_ends_without_an_equilibrium(solver: Any) -> None:
    quadratic = gt.catalogue("pursuit_evasion").game
    for game in (quadratic, as_smooth(quadratic)):
        if type(game).__name__ not in solver.accepts:
            continue
        answer = gt.nash_equilibrium(game, solver=solver)
        assert answer.status == "no equilibrium found"
        assert answer.certificate.strength == "refuted"
        assert answer.certificate.witness["deviation"]["gain"] > 0


def test_the_stationary_point_is_refuted_by_the_evader() -> None:
    game = as_smooth(gt.catalogue("pursuit_evasion").game)
    certificate = gt.certify(game, ((Fraction(1, 2),), (Fraction(1, 2),)))
    assert certificate.witness["deviation"]["player"] == "evader"
    assert certificate.witness["deviation"]["gain"] == Fraction(1, 4)
    valley = gt.catalogue("two_peaks")
    refuted = gt.certify(valley.game, valley.facts["stationary but no equilibrium"])
    assert refuted.strength == "refuted"
    assert refuted.witness["deviation"]["player"] == "climber"


def test_no_certificate_where_nothing_is_known() -> None:
    x = [Expression.variable(k) for k in range(4)]
    bent = -((x[0] * x[1] * x[2] * x[3]) - x[0]) * x[1]
    own = Polyhedron(("a", "b", "c", "d"), (-1,) * 4, (1,) * 4)  # type: ignore[arg-type]
    with pytest.raises(gt.errors.NoChecker, match="not shown to be convex"):
        gt.certify(SmoothGame(("alone",), (own,), (bent,)), ((0, 0, 0, 0),), epsilon=10)


# -------------------------------------------------------------------------------------------------------- catalogue


@pytest.mark.parametrize(
    ("name", "solvers"),
    [
        ("log_utility_of_a_common", PLAIN),
        ("murphy_sherali_soyster_5", [*PLAIN, ProximalAggregate(), BestReplies(inertia=0.1)]),
        ("murphy_sherali_soyster_10", [Extragradient(), ForwardBackward(), BestReplies(), ProximalAggregate()]),
        ("murphy_sherali_soyster_limited", [JointExtragradient(), JointForwardBackward()]),
        ("switching_with_priority", [OwnRows(), OwnMultipliers()]),
        ("facchinei_kanzow_3", [OwnMultipliers()]),
        ("facchinei_kanzow_5", [OwnRows(), OwnMultipliers()]),
        ("facchinei_kanzow_7", [OwnRows(), OwnMultipliers()]),
        ("facchinei_kanzow_15", [Lemke(), BestReplies()]),
    ],
)
def test_the_known_digits_are_found(name: str, solvers: list[Any]) -> None:
    entry = gt.catalogue(name)
    ((fact, digits),) = entry.facts.items()
    tolerance = 10.0 ** -int(fact.split()[-2])
    for solver in solvers:
        answer = solver.solve(entry.game)
        certificate = gt.certify(
            entry.game, answer.profile, concept=solver.concept, epsilon=answer.epsilon, witness=answer.witness
        )
        assert certificate.holds(FINE), str(certificate)
        found = [float(x) for own in answer.profile for x in own]
        assert found == pytest.approx(digits, abs=tolerance), type(solver).__name__


@pytest.mark.parametrize("solver", [SharedMultipliers(), JointExtragradient(), JointForwardBackward()])
def test_prices_are_one_where_quantities_are_many(solver: Any) -> None:
    entry = gt.catalogue("facchinei_kanzow_18")
    answer = gt.variational_equilibrium(entry.game, solver=solver)
    assert answer.certificate.strength == "exact"
    assert answer.certificate.bound == 0
    sold = [sum(own[k] + own[k + 3] for own in answer.profile) for k in range(3)]
    prices = [40 - sold[0] * 40 / 500, 35 - sold[1] * 35 / 400, 32 - sold[2] * 32 / 600]
    assert tuple(prices) == entry.facts["prices at the nodes"]


def test_a_continuum_of_generalised_equilibria() -> None:
    entry = gt.catalogue("facchinei_kanzow_8")
    for numerator in range(13):
        first = Fraction(numerator, 12)
        profile = ((first,), (1 - first,), (Fraction(3, 2) * first,))
        certificate = gt.certify(entry.game, profile, concept="nash_equilibrium")
        assert (certificate.strength == "exact") == (Fraction(1, 2) <= first <= Fraction(2, 3))


def test_what_a_stationary_point_is_not_a_search_decides() -> None:
    entry = gt.catalogue("facchinei_kanzow_2")
    known = entry.facts["generalised equilibrium"]
    certificate = gt.certify(entry.game, known, concept="nash_equilibrium", epsilon=Fraction(1, 10**6))
    assert certificate.holds(Fraction(1, 10**6))
    assert "branch and bound in intervals" in certificate.witness["methods"].values()
    stationary = OwnMultipliers().solve(entry.game)
    assert stationary.status == "no equilibrium found"
    assert gt.certify(entry.game, stationary.profile, concept="nash_equilibrium").strength == "refuted"


def test_shared_prices_are_read_back_and_others_refused() -> None:
    game = gt.catalogue("murphy_sherali_soyster_limited").game
    answer = gt.variational_equilibrium(game)
    (price,) = answer.details["shared_multipliers"]["inequalities"]
    assert price > 0
    assert gt.certify(loads(answer.to_json())) == answer.certificate
    for wrong in (price * 2, 0):
        refused = gt.certify(
            game, answer.profile, concept="variational_equilibrium", epsilon=FINE, witness={"prices": (wrong,)}
        )
        assert refused.strength == "refuted"
    # Another split of the same total keeps the row, and is no variational equilibrium, though players cannot move.
    other = gt.nash_equilibrium(game, solver=OwnRows())
    assert other.certificate.holds(FINE)
    assert (
        gt.certify(
            game, other.profile, concept="variational_equilibrium", epsilon=FINE, witness={"prices": (price,)}
        ).strength
        == "refuted"
    )
    weighted = gt.variational_equilibrium(game, weights=(1, 2, 1, 1, 1))
    assert weighted.certificate.holds(FINE)
    assert weighted.profile[1] > answer.profile[1]


def test_wardrop_all_ways_in_use_take_as_long() -> None:
    game = gt.catalogue("bridge_and_ferry").game
    first, second = (gt.nash_equilibrium(game, solver=s) for s in (Extragradient(), ForwardBackward()))
    assert first.certificate.holds(FINE)
    assert _close(first.profile, second.profile)
    for own, times in zip(first.profile, game.payoffs(first.profile), strict=True):
        assert all(share > 0 for share in own)
        assert float(max(times) - min(times)) < 1e-12
    moved = ((first.profile[0][0] + Fraction(1, 10), first.profile[0][1] - Fraction(1, 10)), first.profile[1])
    refused = gt.certify(game, moved)
    assert refused.strength == "refuted"
    assert refused.witness["deviation"]["from"] == "bridge"


def test_braess_without_the_new_road_everybody_is_faster() -> None:
    x = [Expression.variable(k) for k in range(2)]
    before = PopulationGame(("drivers",), (6,), (("a", "b"),), (11 * x[0] + 50, 11 * x[1] + 50), "cost")  # type: ignore[arg-type]
    answer = gt.nash_equilibrium(before)
    assert answer.payoffs == ((83, 83),)
    assert answer.unique == "proved"
    assert gt.nash_equilibrium(gt.catalogue("braess_paradox").game).payoffs == ((92, 92, 92),)


@QUICK
@given(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.integers(6, 12))
def test_an_aggregative_game_is_the_quadratic_one(costs: list[int], intercept: int) -> None:
    q, total = Expression.variable(0), Expression.variable(1)
    own = Polyhedron(("q",), (0,), (20,))  # type: ignore[arg-type]
    firms = ("a", "b", "c")
    payoffs = tuple(q * (intercept - total - c) for c in costs)
    game = AggregativeGame(firms, (own,) * 3, ((1, 1, 1),), payoffs)  # type: ignore[arg-type]
    exact = gt.nash_equilibrium(gt.models.Cournot(tuple(costs), intercept, 1)).profile  # type: ignore[arg-type]
    for solver in (ProximalAggregate(), Extragradient()):
        answer = gt.nash_equilibrium(game, solver=solver)
        assert answer.certificate.strength == "exact"
        assert answer.profile == exact


# ------------------------------------------------------------------------------------------------------------ files


def test_a_file_is_certified_without_sympy_and_scipy(tmp_path: Any) -> None:
    path = tmp_path / "answer.json"
    answer = gt.nash_equilibrium(gt.catalogue("murphy_sherali_soyster_5").game)
    answer.to_json(path)
    assert gt.certify(loads(path.read_text())) == answer.certificate
    changed = dataclasses.replace(answer, payoffs=(1,) * 5)
    assert gt.certify(changed).strength == "refuted"
    code = (
        "import sys; from gametheory.io.solutions import read_solution; from gametheory.certificates import certify;"
        f"c = certify(read_solution({str(path)!r})); assert c.strength == 'bounded', c;"
        "assert not {'sympy', 'scipy', 'piqp'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_from_sympy_keeps_quadratics_and_lowers_the_rest() -> None:
    x, y = sympy.symbols("x y", positive=True)
    payoffs = {"a": (x, x * sympy.exp(-x) / (1 + y)), "b": (y, sympy.log(1 + y) - sympy.sqrt(x + 1) * y**2 / 2)}
    game = ContinuousGame.from_sympy(payoffs, bounds={x: (0, 1), y: (0, 2)})
    assert isinstance(game, SmoothGame)
    numbers = (Fraction(1, 3), Fraction(3, 4))
    point = {x: sympy.Rational(1, 3), y: sympy.Rational(3, 4)}
    for (_, formula), value in zip(payoffs.values(), game.payoffs(((numbers[0],), (numbers[1],))), strict=True):
        assert float(value) == pytest.approx(float(formula.subs(point)), rel=1e-15)
    answer = gt.nash_equilibrium(game)
    assert answer.certificate.holds(FINE)
    assert answer.profile[0] == (1,)
    assert isinstance(ContinuousGame.from_sympy({"a": (x, x - x**2)}), QuadraticGame)


@QUICK
@given(st.integers(2, 20))
def test_rosen_s_weights_are_found(factor: int) -> None:
    # Player b's effect on a is `factor` times that of a on b, of the other sign: skew, once it is weighed.
    x, y = Expression.variable(0), Expression.variable(1)
    side = Polyhedron(("x",), (-1,), (1,))  # type: ignore[arg-type]
    game = SmoothGame(("a", "b"), (side, side), (-(x**4) - x * x / 10 + factor * x * y, -(y**4) - y * y / 10 - x * y))
    answer = gt.nash_equilibrium(game)
    assert answer.unique == "proved"
    assert "Rosen" in answer.unique_reason
    assert answer.profile == ((0,), (0,))
    assert uniqueness(game, weights=(1, 1))[0] == "unknown"
    assert uniqueness(game, weights=(1, factor))[0] == "proved"
    with pytest.raises(gt.errors.InputError, match="> 0"):
        uniqueness(game, weights=(1, 0))


def test_uniqueness_is_not_claimed_where_there_are_two() -> None:
    x, y = Expression.variable(0), Expression.variable(1)
    side = Polyhedron(("x",), (-1,), (1,))  # type: ignore[arg-type]
    game = SmoothGame(("a", "b"), (side, side), (2 * x * y - x**4, 2 * x * y - y**4))
    assert gt.nash_equilibrium(game).unique == "unknown"
    pole = SmoothGame(("a",), (side,), (-1 / (x * x) - x.own_power(Fraction(-2)),))
    assert uniqueness(pole)[0] == "unknown"
    for sign in (-1, 1):
        assert gt.certify(game, ((sign * Fraction(1, 1),),) * 2, epsilon=Fraction(2)).strength != "refuted"


@QUICK
@given(monotone(), st.integers(0, 1), st.fractions(0, 1, max_denominator=5))
def test_a_best_reply_is_what_the_certificate_leaves(game: SmoothGame, who: int, part: Fraction) -> None:
    answer = gt.nash_equilibrium(game)
    moved = list(answer.profile)
    moved[who] = (part * game.strategies[who].upper[0],)  # type: ignore[operator]  # it has one
    reply = gt.best_response(game, moved, game.players[who])
    assert 0 <= reply.gain <= gt.certify(game, moved).witness["regrets"][who] + FINE
    better = [*moved]
    better[who] = tuple(reply.strategy.values())
    assert gt.certify(game, better, epsilon=10).witness["regrets"][who] <= FINE * 100
