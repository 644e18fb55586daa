"""Bad payoffs are refused before anything is computed: the value, the reason, the repair."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gametheory import NormalFormGame, certify, nash_equilibrium
from gametheory.errors import InputError, SizeLimit


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ((), "no payoffs"),
        (([[1, 2], [3]], [[1, 2], [3, 4]]), "ragged"),
        (([[1, 2], [3, 4]], [[1, 2]]), "shape"),
        (([[1, float("nan")]], [[1, 2]]), "finite"),
        (([[1, float("inf")]], [[1, 2]]), "finite"),
        (([[1, -float("inf")]], [[1, 2]]), "finite"),
        (([["1", "two"]], [[1, 2]]), "finite"),
        (([["1/0", "2"]], [[1, 2]]), "finite"),
        (([[True, 2]], [[1, 2]]), "finite"),
        (([[None, 2]], [[1, 2]]), "finite"),
        (([[1 + 2j, 2]], [[1, 2]]), "finite"),
        (([[]], [[]]), "no strategy"),
        (([], []), "no strategy"),
        ((5, 6), "single number"),
        (([[1, 2]],), "one payoff array a player|1 payoff array"),
        (([1, 2], [1, 2], [1, 2]), "dimension"),
        ((np.array([[np.nan, 1]]), np.array([[0, 1]])), "finite"),
    ],
)
def test_bad_payoffs(arrays: tuple, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        NormalFormGame(*arrays)


def test_more_than_two_to_the_31_cells_are_refused_before_they_are_read() -> None:
    huge = np.broadcast_to(np.int8(0), (2**16, 2**16))
    with pytest.raises(SizeLimit, match=r"2\*\*31"):
        NormalFormGame(huge, huge)


@pytest.mark.parametrize(
    "options",
    [
        {"players": ("a",)},
        {"players": ("a", "a")},
        {"strategies": (("x",), ("y",))},
        {"strategies": (("x", "x"), ("y", "z"))},
    ],
)
def test_bad_names(options: dict) -> None:
    with pytest.raises(InputError):
        NormalFormGame([[1, 2], [3, 4]], [[1, 2], [3, 4]], **options)


@pytest.mark.parametrize(
    "profile",
    [
        (0,),
        (0, 2),
        (0, -1),
        ((1, 0), (1, 1)),
        ((1, 0), (2, -1)),
        ((1, 0), (0.5, 0.6)),
        ((1, 0), "ab"),
        {"row": 0},
        ((1, 0), (float("nan"), 1)),
        7,
    ],
)
def test_bad_profiles(profile: object) -> None:
    with pytest.raises(InputError):
        certify(NormalFormGame([[1, 2], [3, 4]], [[1, 2], [3, 4]]), profile)


def test_every_way_to_write_a_number_is_the_same_game() -> None:
    ways = [
        NormalFormGame([["0.5", 1]], [["1/4", 2]]),
        NormalFormGame([[0.5, 1]], [[0.25, 2]]),
        NormalFormGame([[Fraction(1, 2), 1]], [[Fraction(1, 4), 2]]),
        NormalFormGame(np.array([[0.5, 1.0]]), np.array([[0.25, 2.0]])),
    ]
    assert all(game == ways[0] for game in ways)
    assert NormalFormGame([[0.1]], [[0]]).payoff((0, 0))[0] != Fraction(1, 10)  # floats are what they are


def test_trace_is_for_finite_games_without_a_solver() -> None:
    game = NormalFormGame([[1, 2], [3, 4]], [[1, 2], [3, 4]])
    assert nash_equilibrium(game, trace=True).details["trace"]
    from gametheory.solvers.normal_form.pure import PureEnumeration

    with pytest.raises(InputError, match="trace=True"):
        nash_equilibrium(game, solver=PureEnumeration(), trace=True)
