"""A.2: closed forms and conventions against the exact game, windows and limits, and how bad input is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import Infeasible, InputError, NotApplicable
from gametheory.models.ev_charging import EVCharging, bill, potential, slot_cost, slot_cost_with_load

number = st.fractions(0, 6, max_denominator=4)
positive = st.fractions(Fraction(1, 4), 6, max_denominator=4)


@st.composite
def identical(draw: st.DrawFn) -> EVCharging:
    count, slots = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    energy, slope = draw(positive), draw(positive)
    series = tuple(draw(st.lists(number, min_size=slots, max_size=slots)))
    key = draw(st.sampled_from(["base", "load"]))
    return EVCharging(energy=(energy,) * count, slope=(slope,) * slots, limit=(100,) * count, **{key: series})  # type: ignore[arg-type]


@st.composite
def fleets(draw: st.DrawFn) -> EVCharging:
    count, slots = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    slope, base = (tuple(draw(st.lists(kind, min_size=slots, max_size=slots))) for kind in (positive, number))
    windows, energies, limits = [], [], []
    for _ in range(count):
        first = draw(st.integers(0, slots - 1))
        last = draw(st.integers(first, slots - 1))
        limit = draw(positive)
        windows.append((first, last))
        limits.append(limit)
        energies.append(draw(st.fractions(0, 1, max_denominator=6)) * limit * (last - first + 1))
    return EVCharging(energy=tuple(energies), limit=tuple(limits), windows=tuple(windows), slope=slope, base=base)


@settings(deadline=None, max_examples=40)
@given(identical())
def test_the_closed_form_is_the_solved_game(fleet: EVCharging) -> None:
    closed = fleet.closed_form
    assume(closed.valid)
    equilibrium = gt.nash_equilibrium(fleet)
    assert equilibrium.unique == "proved"
    cars = equilibrium.profile[: len(fleet.energy)]
    assert tuple(sum(car[t] for car in cars) for t in range(len(fleet.slope))) == closed.equilibrium
    best = gt.social_optimum(fleet)
    cost = slot_cost if fleet.load is None else slot_cost_with_load
    series = fleet.base if fleet.load is None else fleet.load
    assert best.value == sum(cost(s, a, v) for s, a, v in zip(closed.optimum, fleet.slope, series or (), strict=True))
    if closed.price_of_anarchy is not None:
        ratio = gt.price_of_anarchy(fleet)
        assert ratio.value == closed.price_of_anarchy >= 1
        assert ratio.certificate.strength == "exact"
        assert ratio.provenance["social_cost"] == fleet.social_cost


@settings(deadline=None, max_examples=40)
@given(fleets(), st.data())
def test_the_lowered_game_is_the_formula(fleet: EVCharging, data: st.DataObject) -> None:
    slots = len(fleet.slope)
    rows = [[data.draw(number) for _ in range(slots)] for _ in fleet.energy]
    everybody = [sum(row[t] for row in rows) for t in range(slots)]
    base = fleet.base or ()
    assert fleet.to_game().values(rows) == tuple(bill(row, everybody, fleet.slope, base) for row in rows)
    equilibrium = gt.nash_equilibrium(fleet)
    assert equilibrium.certificate.holds()
    assert equilibrium.unique == "proved"
    # The equilibrium minimises the potential: mixing it with any other feasible profile does not lower it.
    other = gt.social_optimum(fleet).profile
    half = [[(x + y) / 2 for x, y in zip(a, b, strict=True)] for a, b in zip(equilibrium.profile, other, strict=True)]
    assert potential(equilibrium.profile, fleet.slope, base) <= potential(half, fleet.slope, base)


def test_the_conventions_have_names_and_differ() -> None:
    numbers: Any = {"energy": (4, 4), "slope": (1, 1), "limit": (4, 4)}
    alone, counted = EVCharging(**numbers, base=(3, 1)), EVCharging(**numbers, load=(3, 1))
    assert (alone.social_cost, counted.social_cost) == ("bills", "bills_with_load")
    assert gt.price_of_anarchy(alone).value == Fraction(856, 855)
    assert gt.price_of_anarchy(counted).value == Fraction(325, 324)
    assert gt.nash_equilibrium(alone).profile == gt.nash_equilibrium(counted).profile[:2]


def test_one_vehicle_is_efficient_unless_the_load_counts() -> None:
    numbers: Any = {"energy": (4,), "slope": (1, 1), "limit": (4,)}
    assert gt.price_of_anarchy(EVCharging(**numbers, base=(3, 1))).value == 1
    assert gt.price_of_anarchy(EVCharging(**numbers, load=(3, 1))).value == 1 + Fraction(2, 4 * 2 * 16)


def test_edges() -> None:
    full = EVCharging(energy=(2,), slope=(1, 2), base=(5, 0), limit=(1,))  # type: ignore[arg-type]
    assert gt.nash_equilibrium(full).profile == ((1, 1),)
    single = EVCharging(energy=(2, 1), slope=(1,), base=(0,), limit=(2, 2))  # type: ignore[arg-type]
    assert gt.nash_equilibrium(single).profile == ((2,), (1,))
    clipped = EVCharging(energy=(2, 2), slope=(1, 1), base=(50, 0), limit=(2, 2))  # type: ignore[arg-type]
    assert not clipped.closed_form.valid
    free = EVCharging(energy=(0,), slope=(1,), base=(0,), limit=(1,))  # type: ignore[arg-type]
    assert free.closed_form.price_of_anarchy is None
    with pytest.raises(NotApplicable, match="divide by 0"):
        gt.price_of_anarchy(free)
    with pytest.raises(NotApplicable, match="closed form"):
        _ = EVCharging(energy=(1, 2), slope=(1,), base=(0,), limit=(3, 3)).closed_form  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"slope": (0, 1)}, r"slope\[0\]"),
        ({"base": None}, "one of the two"),
        ({"load": (1, 1)}, "one of the two"),
        ({"base": (1,)}, "slots"),
        ({"energy": ()}, "at least one"),
        ({"energy": (-1, 1)}, r"energy\[0\]"),
        ({"limit": (1,)}, "each vehicle"),
        ({"limit": (1, -1), "energy": (0, 0)}, r"limit\[1\]"),
        ({"windows": ((0, 2), (0, 1))}, r"windows\[0\]"),
        ({"slope": (float("inf"), 1)}, "slope"),
    ],
)
def test_bad_input(change: dict[str, Any], word: str) -> None:
    good: dict[str, Any] = {"energy": (1, 1), "slope": (1, 1), "base": (0, 0), "limit": (2, 2)}
    with pytest.raises(InputError, match=word):
        EVCharging(**(good | change))


def test_energy_that_does_not_fit_is_infeasible() -> None:
    with pytest.raises(Infeasible, match="do not fit into slots 1"):
        EVCharging(energy=(3,), slope=(1, 1), base=(0, 0), limit=(2,), windows=((1, 1),))  # type: ignore[arg-type]
