"""The array form is the formula, and its regret is bounded by a certificate that shares nothing with it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import gametheory as gt
from gametheory.certificates.bid_arrays import bound_regret
from gametheory.errors import InputError, NotApplicable
from gametheory.models import energy_sharing as model
from gametheory.numerics import price_kernel
from gametheory.solvers.aggregative import islanded_price, solve_islanded

finite = {"allow_nan": False, "allow_infinity": False}
shapes = st.tuples(st.integers(2, 12), st.integers(1, 3))


@st.composite
def arrays(draw: Any) -> dict[str, Any]:
    rows, steps = draw(shapes)
    low, high = draw(st.sampled_from([(0.01, 100.0), (1e-6, 1e6)]))

    def table(least: float, most: float, shape: tuple[int, ...]) -> Any:
        return draw(hnp.arrays(np.float64, shape, elements=st.floats(least, most, **finite)))

    shape = draw(st.sampled_from([(rows,), (rows, steps)]))
    return {
        "c": table(low, high, shape),
        "d": table(-100, 100, shape),
        "demand": table(-100, 100, (rows, steps)),
        "sensitivity": draw(st.floats(0.01, 100)),
    }


@settings(max_examples=100, deadline=None)
@given(arrays())
def test_the_arrays_hold_what_the_formula_gives(game: dict[str, Any]) -> None:
    found = solve_islanded(**game)
    rows, steps = game["demand"].shape
    c, d = (np.broadcast_to(v if v.ndim == 2 else v[:, None], (rows, steps)) for v in (game["c"], game["d"]))
    kappa = model.price_impact(Fraction(game["sensitivity"]), rows)
    for t in range(steps):
        columns = [[Fraction(float(v)) for v in column[:, t]] for column in (c, d, game["demand"])]
        price = model.equilibrium_price(*columns, kappa)
        scale = max(abs(x * z) + abs(y) for x, y, z in zip(*columns, strict=True)) + 1
        assert abs(Fraction(float(found.price[t])) - price) <= scale * Fraction(1, 10**12)
        for i in range(rows):
            q = model.equilibrium_received(columns[2][i], columns[0][i], columns[1][i], price, kappa)
            room = scale / (columns[0][i] + kappa) * Fraction(1, 10**12)
            assert abs(Fraction(float(found.received[i, t])) - q) <= room
    assert np.array_equal(found.adjustments, game["demand"] - found.received)


@settings(max_examples=40, deadline=None)
@given(arrays(), st.floats(-1, 1))
def test_the_bound_is_above_the_exact_regret_also_off_the_equilibrium(game: dict[str, Any], error: float) -> None:
    found = solve_islanded(**game)
    received = found.received.copy()
    received[0] += error
    certificate = bound_regret(**game, price=found.price, received=received)
    rows, steps = received.shape
    a = Fraction(game["sensitivity"])
    slip = [sum(Fraction(float(v)) for v in received[:, t]) / rows for t in range(steps)]
    bids = [
        [Fraction(float(q)) - slip[t] + a * Fraction(float(found.price[t])) for t, q in enumerate(row)]
        for row in received
    ]
    exact = gt.models.energy_sharing.EnergySharing.from_parameters(**game)
    regret = gt.regret(exact, {"bids": bids})
    assert regret <= certificate.bound
    assert certificate.bound <= regret * Fraction(1001, 1000) + Fraction(1, 10**4)
    if abs(error) > 1e-3:
        assert certificate.bound > 0


def test_tiles_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    game = {"c": rng.uniform(1, 2, 1001), "d": rng.normal(size=(1001, 3)), "demand": rng.normal(size=(1001, 3))}
    whole = solve_islanded(**game, sensitivity=0.01)
    monkeypatch.setattr(price_kernel, "TILE_BYTES", 1000)
    tiled = solve_islanded(**game, sensitivity=0.01)
    assert np.allclose(whole.price, tiled.price, rtol=1e-13)
    assert np.allclose(whole.received, tiled.received, rtol=0, atol=1e-13)
    assert abs(tiled.received.sum(axis=0)).max() < 1e-10
    assert np.allclose(tiled.bids.sum(axis=0) / (1001 * 0.01), tiled.price, rtol=1e-9)


def test_inputs_are_not_changed_and_columns_stand_for_all_steps() -> None:
    demand = np.array([[1.0, 2.0], [3.0, -4.0]])
    kept = demand.copy()
    one = solve_islanded(c=2, d=1, demand=demand, sensitivity=1)
    two = solve_islanded(c=[2, 2], d=[[1, 1], [1, 1]], demand=demand, sensitivity=1)
    assert np.array_equal(one.received, two.received)
    assert np.array_equal(demand, kept)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"c": [1.0, 0.0]}, "strictly convex"),
        ({"c": [1.0, float("nan")]}, "strictly convex|not finite"),
        ({"c": float("inf")}, "not finite"),
        ({"c": [1.0, 2.0, 3.0]}, "c has shape"),
        ({"d": [float("inf"), 0]}, "not finite"),
        ({"demand": [1.0, float("nan")]}, "not finite"),
        ({"demand": [1e308, 1e308], "c": 1e10}, "overflows"),
        ({"demand": [1.0]}, "at least 2"),
        ({"demand": 1.0}, "demand has shape"),
        ({"sensitivity": 0}, "must be > 0"),
    ],
)
def test_bad_arrays(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        solve_islanded(**{"c": 1.0, "d": 0.0, "demand": [1.0, 2.0], "sensitivity": 1.0, **changes})


def test_a_claim_below_the_bound_is_refused() -> None:
    game = {"c": [1.0, 1.0], "d": 0.0, "demand": [[2.0], [0.0]], "sensitivity": 1.0}
    wrong = {"price": [1.0], "received": [[0.6], [-0.6]]}
    bound = bound_regret(**game, **wrong).bound  # type: ignore[arg-type]
    # The others bid 0.4, so the best purchase is (2 - 0.4)/3 and the regret (c/2 + kappa) (0.6 - 1.6/3)^2 = 1/150.
    assert abs(bound - Fraction(1, 150)) < Fraction(1, 10**12)
    with pytest.raises(InputError, match="cannot be shown"):
        bound_regret(**game, **wrong, epsilon=1e-6)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["c", "d", "demand", "price", "received"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e200])
def test_no_bound_is_given_for_numbers_that_are_not_finite(name: str, value: float) -> None:
    game: dict[str, Any] = {"c": [[1.0], [1.0]], "d": [[0.0], [0.0]], "demand": [[2.0], [0.0]], "sensitivity": 1.0}
    game |= {"price": [1.0], "received": [[0.5], [-0.5]]}
    game[name][-1] = value if name == "price" else [value]
    with pytest.raises(InputError):
        bound_regret(**game)


@pytest.mark.parametrize(
    ("name", "value"), [("price", [1.0, 2.0]), ("received", [0.5, -0.5]), ("c", [1, 1, 1]), ("c", 0)]
)
def test_arrays_that_do_not_fit_get_no_bound(name: str, value: Any) -> None:
    game: dict[str, Any] = {"c": 1.0, "d": 0.0, "demand": [[2.0], [0.0]], "sensitivity": 1.0}
    game |= {"price": [1.0], "received": [[0.5], [-0.5]], name: value}
    with pytest.raises(InputError):
        bound_regret(**game)


@settings(max_examples=30, deadline=None)
@given(arrays())
def test_where_the_answer_is_written_changes_no_bit(game: dict[str, Any]) -> None:
    plain = solve_islanded(**game)
    assert np.array_equal(islanded_price(**game), plain.price)
    buffer = np.full_like(plain.received, np.nan)
    again = solve_islanded(**game, out=buffer)
    assert again.received is buffer
    assert np.array_equal(buffer, plain.received)
    assert np.array_equal(again.adjustments, plain.adjustments)
    demand = game["demand"].copy()
    over = solve_islanded(**(game | {"demand": demand}), out=demand)
    assert over.received is demand
    assert np.array_equal(demand, plain.received)
    with pytest.raises(NotApplicable, match="written over"):
        _ = over.adjustments


def test_an_answer_is_not_written_where_it_would_spoil_the_game() -> None:
    c, demand = np.ones((4, 2)), np.arange(8.0).reshape(4, 2)
    wide = np.zeros((5, 2))
    for out, word in (
        (c, "c or d"),
        (np.ones((4, 3)), "contiguous float64"),
        (np.ones((4, 2), dtype=np.float32), "contiguous float64"),
        (np.ones((2, 4)).T, "contiguous float64"),
    ):
        with pytest.raises(InputError, match=word):
            solve_islanded(c=c, d=0.0, demand=demand, sensitivity=1.0, out=out)
    with pytest.raises(InputError, match="part of the memory"):
        solve_islanded(c=c, d=0.0, demand=wide[:4], sensitivity=1.0, out=wide[1:])
    assert demand.tolist() == np.arange(8.0).reshape(4, 2).tolist()
    for wrong in ({"sensitivity": 0.0}, {"c": -1.0}, {"demand": [1.0]}):
        with pytest.raises(InputError):
            islanded_price(**({"c": 1.0, "d": 0.0, "demand": [1.0, 2.0], "sensitivity": 1.0} | wrong))
