"""Quantal response, potentials, and players who learn."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory import NormalFormGame, certify, regret
from gametheory.catalogue import catalogue
from gametheory.errors import InputError
from gametheory.games.enclosure import Enclosure
from gametheory.io.solutions import loads

from .games import bimatrix, tables


@settings(max_examples=25, deadline=None)
@given(bimatrix(3), st.sampled_from(["1/10", "1", "5"]))
def test_logit_equilibria_are_fixed_points(game: NormalFormGame, precision: str) -> None:
    found = gt.quantal_response_equilibrium(game, precision=precision)
    assert found.certificate.strength == "bounded"
    assert found.certificate.bound < Fraction(1, 10**30)
    x, y = ([float(p) for p in s] for s in found.profile)
    for table, own, other in ((game.payoffs[0].floats(), x, y), (game.payoffs[1].floats().T, y, x)):
        weights = np.exp(float(Fraction(precision)) * (table @ other - (table @ other).max()))
        assert np.allclose(weights / weights.sum(), own, atol=1e-9)


class TestQuantalResponse:
    game = catalogue("nau_irrational").game

    def test_three_players_and_json(self) -> None:
        found = gt.quantal_response_equilibrium(self.game, precision=10)
        assert found.certificate.strength == "bounded"
        assert certify(loads(found.to_json())).strength == "bounded"

    def test_a_moved_box_is_refuted(self) -> None:
        found = gt.quantal_response_equilibrium(self.game, precision=10)
        slip = Fraction(1, 10**15)
        moved = tuple(tuple(Enclosure(p.low + slip, p.high + slip) for p in s) for s in found.profile)
        witness = {"precision": 10}
        verdict = certify(self.game, moved, concept="quantal_response_equilibrium", witness=witness)
        assert verdict.strength == "refuted"
        other = certify(self.game, found.profile, concept="quantal_response_equilibrium", witness={"precision": 11})
        assert other.strength == "refuted"

    def test_bad_precisions(self) -> None:
        for bad in (0, -1, "much", float("nan")):
            with pytest.raises(InputError):
                gt.quantal_response_equilibrium(self.game, precision=bad)

    @pytest.mark.peers
    def test_gambit_traces_the_same_branch(self) -> None:
        gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
        theirs = gambit.qre.logit_solve_lambda(
            gambit.StrategicGame.from_arrays(*(t.floats() for t in self.game.payoffs)), lam=5.0
        )
        (point,) = list(theirs)
        numbers = [float(p) for strategy in point.profile for _, p in strategy]
        ours = gt.quantal_response_equilibrium(self.game, precision=5)
        assert np.allclose(numbers, [float(p) for s in ours.profile for p in s], atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_game_made_from_a_potential_has_it(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    common = np.array(data.draw(tables(shape, st.integers(-5, 5))), dtype=object).reshape(shape)
    arrays = []
    for i in range(len(shape)):
        rest = tuple(1 if j == i else m for j, m in enumerate(shape))
        arrays.append(common + np.array(data.draw(tables(rest, st.integers(-5, 5))), dtype=object).reshape(rest))
    game = NormalFormGame(*arrays)
    found = gt.exact_potential(game)
    assert found.exists
    assert (found.potential.fractions() == common - common.ravel()[0]).all()
    run = gt.best_response_dynamics(game)
    assert run.converged
    assert regret(game, run.path[-1]) == 0
    assert all(a < b for a, b in zip(run.potential, run.potential[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_verdict_on_a_potential_can_be_checked(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=3)))
    game = NormalFormGame(*(data.draw(tables(shape, st.integers(0, 1))) for _ in shape))
    found = gt.exact_potential(game)
    if found.exists:
        for cell, i in product(game.profiles(), range(len(shape))):
            for k in range(shape[i]):
                moved = (*cell[:i], k, *cell[i + 1 :])
                assert found.potential[moved] - found.potential[cell] == game.payoffs[i][moved] - game.payoffs[i][cell]
    else:
        gain = Fraction(0)
        for a, b in zip(found.cycle, (*found.cycle[1:], found.cycle[0]), strict=True):
            (i,) = [k for k in range(len(shape)) if a[k] != b[k]]
            gain += game.payoffs[i][b] - game.payoffs[i][a]
        assert gain != 0


def test_fictitious_play_converges_where_it_must_and_cycles_where_it_does() -> None:
    pennies = gt.fictitious_play(catalogue("matching_pennies").game, 2000)
    assert pennies.regret < Fraction(1, 10)
    shapley = gt.fictitious_play(catalogue("shapley_1964").game, 2000)
    assert shapley.regret > Fraction(1, 10)
    runs = [len(list(group)) for group in _runs(shapley.plays)]
    assert runs[2:-1] == sorted(runs[2:-1])
    assert runs[-2] > 100


def _runs(plays: tuple) -> list[list]:
    found: list[list] = []
    for play in plays:
        if found and found[-1][0] == play:
            found[-1].append(play)
        else:
            found.append([play])
    return found


def test_a_tie_is_a_tie_in_decimals_and_nashpy_misses_it() -> None:
    """After one stag and two hares both pay 3/10; the floats of 0.1 + 0.2 and 0.3 differ."""
    from nashpy.learning.fictitious_play import get_best_response_to_play_count

    game = catalogue("stag_hunt_in_tenths").game
    seen = {int(get_best_response_to_play_count(game.payoffs[0].floats(), np.array([1, 2]))) for _ in range(40)}
    assert seen == {1}
    thirds = (Fraction(1, 3), Fraction(2, 3))
    assert gt.best_response(game, (thirds, thirds), 0).strategies == ("0", "1")
    tied = NormalFormGame(game.payoffs[0], [[0, 1], [0, 1]])  # the second plays 1 after the first round
    assert gt.fictitious_play(tied, 5, start=(0, 0)).plays == ((0, 0), (0, 1), (0, 1), (0, 1), (1, 1))
    run = gt.fictitious_play(tied, 3, start=(0, 0), trace=True)
    assert run.trace[2].rows[1][1:] == (Fraction(1, 10), Fraction(1, 10))


def test_the_replicator_equation_of_two_is_integrated_by_nashpy(monkeypatch: pytest.MonkeyPatch) -> None:
    import nashpy

    calls = []
    plain = nashpy.Game.asymmetric_replicator_dynamics
    monkeypatch.setattr(
        nashpy.Game, "asymmetric_replicator_dynamics", lambda self, **given: calls.append(1) or plain(self, **given)
    )
    game = catalogue("stag_hunt_in_tenths").game
    path = gt.replicator(game, [[0.9, 0.1], [0.9, 0.1]], [0, 100])
    assert calls == [1]
    assert path.shares[0][-1, 0] > 0.99


def test_three_players_learn_too() -> None:
    run = gt.fictitious_play(catalogue("public_goods_4").game, 30)
    assert run.plays[-1] == (1, 1, 1, 1)
    cycle = gt.best_response_dynamics(catalogue("jordan_1993").game)
    assert not cycle.converged
    assert cycle.potential is None


class TestReplicator:
    half = ((Fraction(1, 2),) * 2,) * 2

    def test_a_constant_of_motion_in_a_zero_sum_game(self) -> None:
        path = gt.replicator(catalogue("matching_pennies").game, [[0.8, 0.2], [0.5, 0.5]], np.linspace(0, 20, 50))
        divergence = path.divergence(self.half)
        assert np.ptp(divergence) < 1e-5
        assert divergence[0] > 0.1

    def test_the_potential_rises_also_with_three_players(self) -> None:
        common = np.arange(8).reshape(2, 2, 2) % 5
        path = gt.replicator(NormalFormGame(common, common, common), [[0.6, 0.4]] * 3, np.linspace(0, 10, 40))
        assert (np.diff(path.potential) > -1e-9).all()
        assert path.potential[-1] > path.potential[0]

    def test_both_integrators_agree(self) -> None:
        game = catalogue("von_stengel_2002").game
        times = np.linspace(0, 3, 10)
        start = [[0.3, 0.3, 0.4], [0.5, 0.5]]
        two = gt.replicator(game, start, times)
        lifted = NormalFormGame(*(t.fractions()[..., None] for t in game.payoffs), np.zeros((3, 2, 1), dtype=int))
        three = gt.replicator(lifted, [*start, [1]], times)
        for a, b in zip(two.shares, three.shares, strict=False):
            assert np.allclose(a, b, atol=1e-6)

    @pytest.mark.parametrize("times", [[0], [1, 0], [0, math.inf], [[0, 1]]])
    def test_bad_times(self, times: list) -> None:
        with pytest.raises(InputError, match="increasing"):
            gt.replicator(catalogue("matching_pennies").game, self.half, times)


def test_bad_starts_and_rounds() -> None:
    game = catalogue("matching_pennies").game
    for start in ((0,), (0, 2), (0, -1), ("a", 0)):
        with pytest.raises(InputError, match="no cell"):
            gt.best_response_dynamics(game, start=start)
    for rounds in (0, 1.5, "many"):
        with pytest.raises(InputError, match="whole number"):
            gt.fictitious_play(game, rounds)
    with pytest.raises(InputError, match="no finite game"):
        gt.fictitious_play("game", 3)


def test_runs_are_the_same_every_time() -> None:
    rng = random.Random(4)
    game = NormalFormGame(*([[rng.randint(0, 3) for _ in range(4)] for _ in range(4)] for _ in "ab"))
    assert gt.fictitious_play(game, 50) == gt.fictitious_play(game, 50)
