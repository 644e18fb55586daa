"""The compiled search and the plain one are the same search, to the last bit; and what it proposes is right."""

from __future__ import annotations

import importlib
import random
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gametheory.numerics
from gametheory import NormalFormGame, certify, nash_equilibrium
from gametheory.certificates.normal_form import _contracted
from gametheory.numerics import label_race
from gametheory.numerics.integer_tableau import IntegerTableau
from gametheory.solvers.normal_form.polishing import on_bases
from gametheory.solvers.normal_form.race import Race


@pytest.fixture(scope="module")
def plain() -> Any:
    """The module as it is where numba is not installed."""
    name = label_race.__name__
    kept = {key: sys.modules.get(key) for key in (name, "numba")}
    del sys.modules[name]
    sys.modules["numba"] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(name)
    finally:
        for key, module in kept.items():
            sys.modules.pop(key)
            if module is not None:
                sys.modules[key] = module
        gametheory.numerics.label_race = label_race


def _tables(seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 13, 2)
    largest = (1, 2, 5, 1000, 2**40)[seed % 5]
    tables = rng.integers(-largest, largest + 1, shape), rng.integers(0, largest + 1, shape)
    for table in tables:
        table.setflags(write=False)  # as those of games are, so that nothing is compiled twice
    return tables


@pytest.mark.skipif(not label_race.COMPILED, reason="numba is not installed (extra [fast])")
def test_compiled_or_not_every_bit_is_the_same(plain: Any) -> None:
    assert plain is not label_race
    assert not hasattr(plain.race, "py_func")
    arrived = 0
    for seed in range(250):
        a, b = _tables(seed)
        ours, other = label_race.survey(a, b), plain.survey(a, b)
        assert (ours[0], tuple(map(float, ours[1]))) == (other[0], tuple(map(float, other[1])))
        flags = [np.zeros(sum(a.shape), dtype=bool) for _ in "ab"]
        first = label_race.race(a, b, ours[1], flags[0], 4, 400, seed % 3)
        second = plain.race(a, b, ours[1], flags[1], 4, 400, seed % 3)
        assert first[:2] == second[:2]
        assert all(x.tobytes() == np.asarray(y).tobytes() for x, y in zip(first[2:], second[2:], strict=True))
        assert (flags[0] == flags[1]).all()
        arrived += first[0] >= 0
    assert arrived > 230


def test_a_path_takes_the_pivots_of_the_path_in_integers() -> None:
    """Also through ties: both break them lexicographically."""
    compared = 0
    for seed in range(120):
        a, b = _tables(seed)
        if seed % 5 == 4:
            continue
        m, n = a.shape
        _, scale = label_race.survey(a, b)
        flags = np.ones(m + n, dtype=bool)
        label = seed % (m + n)
        flags[label] = False
        turn, steps, own, other, _, _ = label_race.race(a, b, scale, flags, 10_000, 10_000, label)
        # Payoffs between 1 and 2, times the size: the same right side up to a factor, so the same ties.
        sizes = [int(s) for s in scale[1::2]]
        first = (a.astype(object) - int(scale[0]) + sizes[0]).tolist()
        second = (b.T.astype(object) - int(scale[2]) + sizes[1]).tolist()
        rows, columns = list(range(m)), list(range(m, m + n))
        both = IntegerTableau(first, rows, columns), IntegerTableau(second, columns, rows)
        entering, which, count = label, 0 if label >= m else 1, 0
        while True:
            leaving = both[which].enter(entering)
            count += 1
            if leaving == label:
                break
            entering, which = leaving, 1 - which
        assert (turn, steps) == (label, count)
        assert set(own.tolist()) == {k for k in both[1].basis if k < m}
        assert set(other.tolist()) == {k - m for k in both[0].basis if k >= m}
        compared += 1
    assert compared == 96


@pytest.mark.parametrize("size", [1, 10**30])
def test_payoffs_beyond_machine_integers_give_the_same_equilibrium(size: int) -> None:
    for seed in range(20):
        rng = random.Random(seed)
        a, b = ([[rng.randint(0, 50) for _ in range(7)] for _ in range(6)] for _ in "ab")
        large = NormalFormGame(*([[cell * size + 10**25 for cell in row] for row in table] for table in (a, b)))
        one, other = nash_equilibrium(large), nash_equilibrium(NormalFormGame(a, b))
        assert one.certificate.holds()
        assert one.profile == other.profile
        assert [p - 10**25 for p in one.payoffs] == [p * size for p in other.payoffs]


def test_wrong_supports_are_not_polished_into_an_equilibrium() -> None:
    game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert on_bases(game, [1], [1]) == (((0, 1), (0, 1)), (1, 1))
    assert on_bases(game, [0], [0]) is None
    assert on_bases(game, [0, 1], [0, 1]) is None
    assert on_bases(game, [0], [0, 1]) is None
    # A row that ties up to 2**-60 with the played one is decided in integers.
    near = NormalFormGame([[2**60], [2**60 + 1]], [[0], [0]])
    assert on_bases(near, [0], [0]) is None
    assert on_bases(near, [1], [0]) is not None


def test_what_floats_propose_is_what_is_certified() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        game = NormalFormGame(*(rng.integers(0, 1000, (12, 15)) for _ in "ab"))
        proposed = Race().approximate(game)
        assert proposed is not None
        exact = Race().solve(game).profile
        for floats, fractions in zip(proposed, exact, strict=True):
            assert np.abs(floats - np.array([float(p) for p in fractions])).max() < 1e-9


def test_sums_in_parts_are_exact() -> None:
    rng = random.Random(5)
    for bits in (3, 20, 60, 200, 900):
        for width in (4, 30, 59, 61):
            cells = np.array([[rng.randrange(-(2**width), 2**width) for _ in range(5)] for _ in range(4)])
            weights = [rng.getrandbits(bits) for _ in range(5)]
            expected = [sum(int(c) * w for c, w in zip(row, weights, strict=True)) for row in cells]
            assert _contracted(cells, weights).tolist() == expected
    game = NormalFormGame([[2**60, -(2**60)]] * 2, [[0, 0]] * 2)
    third = Fraction(1, 3)
    assert certify(game, ((1, 0), (third, 1 - third))).witness["payoffs"] == (-third * 2**60, 0)
