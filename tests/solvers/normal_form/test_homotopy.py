"""The logit homotopy on games that are too large for a search by supports."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gametheory import NormalFormGame, nash_equilibrium
from gametheory.catalogue import catalogue
from gametheory.errors import InputError
from gametheory.result import Status
from gametheory.solvers.normal_form.homotopy import LogitHomotopy


@pytest.mark.parametrize(("shape", "seed"), [((3, 3, 3), 2), ((5, 5, 5), 0), ((4, 4, 4, 4), 1)])
def test_it_ends_at_an_equilibrium(shape: tuple[int, ...], seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(*(rng.integers(0, 1000, shape) for _ in shape))
    one = nash_equilibrium(game, solver=LogitHomotopy())
    assert one.status is Status.SOLVED
    assert one.certificate.strength == "exact"
    assert one.certificate.bound < Fraction(1, 10**30)


def test_it_is_the_default_where_supports_are_too_many() -> None:
    rng = np.random.default_rng(3)
    one = nash_equilibrium(NormalFormGame(*(rng.integers(0, 100, (5, 5, 5)) for _ in "abc")))
    assert one.method == "LogitHomotopy"
    assert one.certificate.bound < Fraction(1, 10**30)
    assert "principal logit branch" in one.details["rule"]


def test_a_branch_cut_short_says_so() -> None:
    one = nash_equilibrium(catalogue("prisoners_dilemma").game, solver=LogitHomotopy(precision=0.01))
    assert one.status is Status.NOT_CONVERGED
    assert one.certificate.bound == one.epsilon > 0


def test_bad_options() -> None:
    for options in ({"precision": 0}, {"precision": float("nan")}, {"steps": 0}):
        with pytest.raises(InputError):
            LogitHomotopy(**options)
