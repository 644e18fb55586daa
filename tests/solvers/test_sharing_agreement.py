"""Three ways to the same allocation, on a thousand random communities each: 1e-9 relative."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

import gametheory as gt
from gametheory.arithmetic import FloatArray
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.result import Answer, Status
from gametheory.solvers.aggregative import BestResponse, ClosedForm, ConvexProgramme, ScalarPrice
from tests.sharing_games import plain_game, random_game


def _received(answer: Answer) -> FloatArray:
    assert answer.status is Status.SOLVED
    return np.array([[float(q) for q in row] for row in answer.extra["details"]["received"]])


def _agree(make: Callable[[int], DemandBiddingGame], solvers: Sequence[object], seeds: range) -> None:
    for seed in seeds:
        game = make(seed)
        first, *others = (_received(solver.solve(game)) for solver in solvers)  # type: ignore[attr-defined]
        # Relative to the largest purchase; where nobody trades, to the largest position.
        scale = np.abs(first).max() or max(abs(float(x.position)) for step in game.steps for x in step.traders)
        for other in others:
            assert np.abs(other - first).max() <= 1e-9 * scale, f"seed {seed}"


_ISLANDED = (ClosedForm(), ConvexProgramme(), BestResponse())
_GRID = (ScalarPrice(), ConvexProgramme(), BestResponse(), ScalarPrice(rounded=True))


def _grid_game(seed: int) -> DemandBiddingGame:
    return random_game(seed, grid=True)


def test_closed_form_programme_and_best_response_agree_islanded() -> None:
    _agree(plain_game, _ISLANDED, range(150))


def test_scalar_price_programme_and_taking_turns_agree_with_the_grid() -> None:
    _agree(_grid_game, _GRID, range(150))


@pytest.mark.slow
def test_they_agree_on_a_thousand_communities_islanded() -> None:
    _agree(plain_game, _ISLANDED, range(1000, 2000))


@pytest.mark.slow
def test_they_agree_on_a_thousand_communities_with_the_grid() -> None:
    _agree(_grid_game, _GRID, range(1000, 2000))


@pytest.mark.parametrize("solver", [ConvexProgramme(), ScalarPrice(rounded=True)])
@pytest.mark.parametrize("seed", range(12))
def test_rounded_answers_claim_the_regret_the_checker_finds(solver: object, seed: int) -> None:
    solution = gt.nash_equilibrium(random_game(seed), solver=solver)
    assert solution.status == "solved"
    assert solution.certificate.strength == "exact"
    assert solution.certificate.bound == solution.epsilon < 1e-12


@pytest.mark.parametrize("name", ["sharing_pair", "sharing_tight_gap", "sharing_with_grid", "sharing_all_at_bounds"])
@pytest.mark.parametrize("solver", [ScalarPrice(rounded=True), ConvexProgramme(), BestResponse()])
def test_hand_computed_answers_are_found_in_floats(name: str, solver: object) -> None:
    entry = gt.catalogue(name)
    solution = gt.nash_equilibrium(entry.game, solver=solver)
    assert solution.status == "solved"
    known = [row[0] for row in entry.answers["nash_equilibrium"]["adjustments"]]
    assert all(abs(row[0] - p) < 1e-12 for row, p in zip(solution.details["adjustments"], known, strict=True))


@pytest.mark.parametrize(("energy", "money"), [(1e-3, 1e3), (1e3, 1e-3), (1e6, 1.0)])
def test_units_do_not_matter_to_the_programme(energy: float, money: float) -> None:
    rng = np.random.default_rng(14)
    sharing = gt.models.EnergySharing.from_parameters(
        c=10 ** rng.uniform(-2, 2, 12) * money / energy,
        d=rng.uniform(-1, 1, 12) * money,
        demand=rng.uniform(-2, 2, 12) * energy,
        sensitivity=2.0 * energy / money,
        retail_price=1.2 * money,
        feed_in=0.3 * money,
    )
    exact, programme = (_received(s.solve(sharing.to_game())) for s in (ScalarPrice(), ConvexProgramme()))
    assert np.abs(exact - programme).max() <= 1e-9 * np.abs(exact).max()


def test_decimals_that_just_add_up_to_the_bounds() -> None:
    # In floats 0.1 + 0.2 is more than 0.3: no price makes the float purchases sum to zero.
    sharing = gt.models.EnergySharing.from_parameters(
        c=1, d=0, demand=("0.1", "0.2", "0"), sensitivity=1, lower=("-1", "-1", "0.3"), upper=("0", "0", "0.3")
    )
    exact = gt.nash_equilibrium(sharing)
    assert exact.certificate.holds(0)
    rounded = gt.nash_equilibrium(sharing, solver=ScalarPrice(rounded=True))
    assert rounded.certificate.bound == rounded.epsilon < 1e-12
    assert abs(rounded.details["prices"][0]) < 10


def test_large_games_are_rounded_and_small_ones_are_not() -> None:
    demand = [(-1) ** k * (k % 7) for k in range(470)]
    large = gt.models.energy_sharing.EnergySharing.from_parameters(c=1, d=0, demand=demand, sensitivity=10)
    assert large.to_game().kappa * 4690 == 1
    answer = ScalarPrice().solve(large.to_game())
    assert "rounding" in answer.extra["details"]["rule"]
    assert ScalarPrice(rounded=False).solve(random_game(3)).epsilon == 0


def test_an_interior_point_method_stopped_early_says_so() -> None:
    solution = gt.nash_equilibrium(random_game(4, grid=True), solver=ConvexProgramme(max_iterations=1))
    assert solution.status == "not converged"
    assert solution.certificate.bound == solution.epsilon > 0
