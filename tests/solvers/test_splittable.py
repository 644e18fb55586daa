"""A.2 in arrays: the arrays are the formula, answers carry rigorous bounds, and wrong ones are refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.splittable import read, regrets, shortfall
from gametheory.errors import Infeasible, InputError, NoChecker, NotApplicable
from gametheory.games.splittable import SplittableGame
from gametheory.io.solutions import loads
from gametheory.models.ev_charging import EVCharging, bill, potential, slot_cost, slot_cost_with_load
from gametheory.result import Status
from gametheory.solvers.splittable.slot_prices import SlotPrices, TotalBySlots

eighths = st.integers(0, 48).map(lambda k: Fraction(k, 8))
positive = st.integers(1, 48).map(lambda k: Fraction(k, 8))


@st.composite
def fleets(draw: st.DrawFn) -> EVCharging:
    """Fleets whose numbers are eighths: floats hold them exactly."""
    count, slots = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    windows, energies, limits = [], [], []
    for _ in range(count):
        first = draw(st.integers(0, slots - 1))
        last = draw(st.integers(first, slots - 1))
        limits.append(draw(eighths))
        energies.append(draw(st.integers(0, 8).map(lambda k: Fraction(k, 8))) * limits[-1] * (last - first + 1))
        windows.append((first, last))
    series = tuple(draw(st.lists(eighths, min_size=slots, max_size=slots)))
    key: Any = draw(st.sampled_from(["base", "load"]))
    slope = tuple(draw(st.lists(positive, min_size=slots, max_size=slots)))
    return EVCharging(energy=tuple(energies), limit=tuple(limits), windows=tuple(windows), slope=slope, **{key: series})


@settings(deadline=None, max_examples=40)
@given(fleets())
def test_the_arrays_are_the_formula_and_meet_the_exact_game(fleet: EVCharging) -> None:
    game, exact = fleet.to_arrays(), gt.nash_equilibrium(fleet)
    assert game.social_cost.replace("background", "load") == fleet.social_cost
    found = gt.nash_equilibrium(game)
    assert found.certificate.strength == "bounded"
    assert found.certificate.holds(found.epsilon)
    assert found.unique == "proved"
    split = found.profile["split"]
    # Bills, prices and the total are the model's formulas.
    everybody = split.sum(axis=0)
    base = [float(b) for b in fleet.base or ()]
    bills = [bill(row, everybody, game.slope, base) for row in split]
    assert np.allclose(game.values(found.profile), bills, rtol=1e-12, atol=1e-12)
    cost, series = (slot_cost, fleet.base) if fleet.load is None else (slot_cost_with_load, fleet.load)
    total = sum(cost(s, a, float(v)) for s, a, v in zip(everybody, game.slope, series or (), strict=True))
    assert np.isclose(found.details["total_cost"], total, rtol=1e-12, atol=1e-12)
    # The potential of the model is what was minimised; the certificate bounds its gap.
    cars = exact.profile[: len(fleet.energy)]
    gap = potential(split, game.slope, base) - float(potential(cars, fleet.slope, fleet.base or ()))
    assert gap <= found.certificate.witness["potential_gap"] + 1e-9
    assert np.abs(split - np.array(cars, dtype=float)).max() <= 1e-3
    # The rigorous bound is above the exact regret of the split moved onto the amounts.
    best, optimum = gt.social_optimum(game), gt.social_optimum(fleet)
    assert abs(float(optimum.value) - best.value) <= float(best.epsilon) + 1e-9
    assert best.certificate.holds(best.epsilon)


@settings(deadline=None, max_examples=25)
@given(fleets())
def test_the_price_of_anarchy_is_enclosed(fleet: EVCharging) -> None:
    try:
        exact = gt.price_of_anarchy(fleet).value
    except NotApplicable:
        return
    assert exact is not None
    try:
        found = gt.price_of_anarchy(fleet.to_arrays())
    except NotApplicable:  # a total so small that rounding may hide that it is none
        assert gt.social_optimum(fleet).value < 1e-6
        return
    low, high = found.interval
    assert low is not None
    assert high is not None
    assert low <= exact <= high
    assert high - low < 1e-3 * exact
    assert found.certificate.strength == "bounded"


@settings(deadline=None, max_examples=25)
@given(fleets(), st.data())
def test_bounds_are_never_below_the_exact_regret(fleet: EVCharging, data: st.DataObject) -> None:
    game = fleet.to_arrays()
    room = game.room.T
    share = np.array([[data.draw(st.integers(0, 8)) / 8 for _ in row] for row in room])
    split = room * share
    # A row that is to sum to its amount: amounts are made from the split, so the split is exactly feasible.
    own = replace(
        fleet, base=None if fleet.load else fleet.base, energy=tuple(Fraction(float(v)) for v in split.sum(axis=1))
    )
    game = own.to_arrays()
    rows = (*map(tuple, split), *((own.load,) if own.load is not None else ()))
    certificate = gt.certify(own, rows)
    bounds = regrets(game, read(game, split))
    true = certificate.witness["regrets"][: len(split)]
    assert all(Fraction(float(b)) >= r for b, r in zip(bounds, true, strict=True))
    # The dual is tight where the levels are: then the bound is the regret up to rounding and the guess of the level.
    optimum = gt.social_optimum(own)
    total = sum(own.to_game().values(rows), Fraction(0))
    assert Fraction(shortfall(game, read(game, split))) >= total - optimum.value


def test_a_perturbed_answer_is_refuted_by_a_better_reply() -> None:
    game = gt.catalogue("charging_pair_in_arrays").game
    answer = gt.nash_equilibrium(game)
    moved = np.add(answer.profile["split"], [[1e-2, -1e-2], [0, 0]])
    certificate = gt.certify(game, {"split": moved}, epsilon=answer.epsilon, witness=answer.witness)
    assert certificate.strength == "refuted"
    gain = certificate.witness["deviation"]["gain"]
    # The own cost is 2 d^2 above its least along (d, -d), with d the distance to the best reply.
    assert 0 < gain <= certificate.bound
    best = gt.social_optimum(game)
    certificate = gt.certify(game, {"split": moved}, concept="social_optimum", epsilon=best.epsilon)
    assert certificate.strength == "refuted"
    assert 0 < certificate.witness["better_by"] <= certificate.bound
    # Floats are no exact equilibrium; false levels make the bound worse, never better, and then nothing is granted.
    assert gt.certify(game, answer.profile).strength == "refuted"
    with pytest.raises(NoChecker, match="neither shown nor refuted"):
        gt.certify(game, answer.profile, epsilon=answer.epsilon, witness={"levels": [100.0, -100.0]})
    for split in ([[5, -1], [2, 2]], [[3, 2], [2, 2]]):
        assert gt.certify(game, {"split": split}).claim.count("not feasible") == 1


@settings(deadline=None, max_examples=25)
@given(fleets(), st.integers(0, 3), st.integers(2, 3))
def test_splitting_a_car_leaves_the_optimum_and_its_parts_alike(fleet: EVCharging, car: int, parts: int) -> None:
    car %= len(fleet.energy)

    def split(series: tuple[Any, ...], share: int) -> tuple[Any, ...]:
        return (*series[:car], *((series[car] / share if share > 1 else series[car]),) * parts, *series[car + 1 :])

    smaller = EVCharging(
        energy=split(fleet.energy, parts),
        limit=split(fleet.limit, parts),
        windows=split(fleet.windows, 1),
        slope=fleet.slope,
        base=None if fleet.load else fleet.base,
        load=fleet.load,
    )
    # Parts of one type charge alike, and the least total does not know who owns what.
    assert gt.social_optimum(smaller).value == gt.social_optimum(fleet).value
    charged = gt.nash_equilibrium(smaller).profile
    assert len(set(charged[car : car + parts])) == 1
    answer = gt.nash_equilibrium(smaller.to_arrays())
    assert np.abs(answer.profile["split"] - np.array(charged[: len(smaller.energy)], dtype=float)).max() < 1e-3


def test_a_file_keeps_the_game_and_a_changed_figure_is_found() -> None:
    game = gt.catalogue("charging_pair_in_arrays").game
    for answer in (gt.nash_equilibrium(game), gt.social_optimum(game), gt.price_of_anarchy(game)):
        back: Any = loads(answer.to_json())
        assert back.game == game
        assert gt.certify(back).strength == "bounded"
    answer = gt.nash_equilibrium(game)
    wrong = replace(answer, details={**answer.details, "prices": (7.0, 5.0)})
    assert gt.certify(wrong).witness["stated"] == ("prices",)
    ratio = gt.price_of_anarchy(game)
    assert ratio.interval[0] <= gt.catalogue("charging_pair_in_arrays").facts["price of anarchy"] <= ratio.interval[1]
    assert gt.certify(replace(ratio, witness={**ratio.witness, "interval": (1, 1)})).strength == "refuted"
    counted = SplittableGame(amounts=[4, 4], limits=[4, 4], slope=[1, 1], background=[3, 1])  # type: ignore[arg-type]
    assert counted != game
    low, high = gt.price_of_anarchy(counted).interval
    assert low <= Fraction(325, 324) <= high


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_a_thousand_cars_in_any_units(scale: float) -> None:
    rng = np.random.default_rng(5)
    limits = rng.uniform(2, 8, 1000)
    first = rng.integers(0, 12, 1000)
    last = first + rng.integers(1, 12, 1000)
    amounts = limits * (last - first + 1) * rng.uniform(0, 1, 1000)
    game = SplittableGame(
        amounts=amounts,
        limits=limits,
        slope=rng.uniform(1e-4, 1e-3, 24) * scale,
        base=rng.uniform(-0.1, 0.4, 24) * scale,
        windows=np.stack([first, last], axis=1),
    )
    answer = gt.nash_equilibrium(game, solver=SlotPrices(tolerance=1e-7 * scale))
    assert answer.status is Status.SOLVED
    assert answer.certificate.holds(1e-7 * scale)
    assert answer.certificate.witness["potential_gap"] <= 1e-6 * scale
    assert answer.iterations < 60
    # The order of the players and their names change nothing.
    turn = rng.permutation(1000)
    turned = SplittableGame(
        amounts=amounts[turn], limits=limits[turn], slope=game.slope, base=game.base, windows=game.windows[turn]
    )
    other = gt.nash_equilibrium(turned, solver=SlotPrices(tolerance=1e-7 * scale))
    assert np.allclose(other.details["totals"], answer.details["totals"], rtol=1e-5, atol=1e-3)
    capped = SlotPrices(tolerance=1e-7 * scale, rounds=2).solve(game)
    assert capped.status is Status.NOT_CONVERGED


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"slope": [0, 1]}, r"slope\[0\]"),
        ({"base": None}, "one of the two"),
        ({"background": [1, 1]}, "one of the two"),
        ({"base": [1]}, "one a slot"),
        ({"amounts": []}, "at least one"),
        ({"amounts": [-1, 1]}, r"amounts\[0\]"),
        ({"limits": [1]}, "one a player"),
        ({"windows": [(0, 2), (0, 1)]}, r"windows\[0\]"),
        ({"windows": [(0.5, 1), (0, 1)]}, "whole numbers"),
        ({"slope": [float("inf"), 1]}, "slope"),
        ({"names": ("a", "a")}, "different names"),
    ],
)
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {"amounts": [1, 1], "slope": [1, 1], "base": [0, 0], "limits": [2, 2]}
    with pytest.raises(InputError, match=word):
        SplittableGame(**(good | change))
    with pytest.raises(Infeasible, match="do not fit"):
        SplittableGame(**(good | {"amounts": [4.5, 1]}))
    for wrong in ({"tolerance": 0.0}, {"rounds": 0}):
        with pytest.raises(InputError):
            TotalBySlots(**wrong)
