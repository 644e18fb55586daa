"""Large quadratic games in arrays: rigorous bounds against the exact game, and what is refused."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.affine import uniqueness
from gametheory.errors import Infeasible, InputError, NoChecker, UnsupportedGame
from gametheory.games.affine import AffineGame
from gametheory.games.generalised import GeneralisedGame
from gametheory.games.quadratic import QuadraticGame
from gametheory.io.solutions import loads
from gametheory.solvers.affine.interior_point import AffineInteriorPoint

from .quadratic_cases import games

QUICK = settings(deadline=None, max_examples=30)


def _random(players: int, size: int, rows: int, *, symmetric: bool = False) -> AffineGame:
    rng = np.random.default_rng(players + rows)
    n = players * size
    root, turn = rng.normal(size=(2, n, n)) / np.sqrt(n)
    matrix = root @ root.T + 0.2 * np.eye(n)
    matrix = (matrix + matrix.T) / 2
    if not symmetric:
        turn = turn - turn.T
        for i in range(players):
            turn[i * size : (i + 1) * size, i * size : (i + 1) * size] = 0
        matrix = matrix + turn
    table = rng.normal(size=(rows, n)) * (rng.random((rows, n)) < 0.3)
    bounds = rng.uniform(0.1, 1.0, rows)
    return AffineGame(
        sizes=(size,) * players,
        matrix=matrix,
        vector=2 * rng.normal(size=n),
        lower=np.full(n, -1.0),
        upper=np.where(rng.random(n) < 0.5, 1.0, np.inf),
        rows=table,
        bounds=bounds,
    )


@QUICK
@given(games(boxed=True), st.data())
def test_the_arrays_meet_the_exact_equilibrium(game: QuadraticGame, data: st.DataObject) -> None:
    row = [data.draw(st.integers(0, 2)) for _ in range(game.size)]
    shared = GeneralisedGame(game, inequalities=((tuple(row), data.draw(st.integers(1, 6))),))  # type: ignore[arg-type]
    if game.joint_strategies().equalities:
        with pytest.raises(UnsupportedGame, match="equalities"):
            AffineGame.from_game(shared)
        return
    try:
        exact = gt.variational_equilibrium(shared)
    except Infeasible:
        return
    arrays = AffineGame.from_game(shared)
    point = np.array([float(v) for strategy in exact.profile for v in strategy])
    slopes = arrays.slopes(point)
    for cost, block in zip(game.costs, game.blocks, strict=True):
        own = cost.gradient([Fraction(float(v)) for v in point], block)
        assert np.allclose(slopes[block.start : block.stop], [float(v) for v in own], atol=1e-9)
    try:
        found = gt.variational_equilibrium(arrays, solver=AffineInteriorPoint(tolerance=1e-5))
    except NoChecker:  # the rows and boxes leave no inside
        return
    if found.status == "solved":
        assert found.certificate.strength == "bounded"
        assert found.certificate.holds(found.epsilon)
        assert np.abs(found.profile["joint"] - point).max() < 0.05


@QUICK
@given(games(boxed=True), st.data())
def test_bounds_are_never_below_the_exact_regret(game: QuadraticGame, data: st.DataObject) -> None:
    if game.joint_strategies().equalities or game.joint_strategies().inequalities:
        return
    arrays = AffineGame.from_game(game)
    share = np.array([data.draw(st.integers(0, 8)) / 8 for _ in range(game.size)])
    joint = arrays.lower + share * (arrays.upper - arrays.lower)
    profile = tuple(tuple(Fraction(float(v)) for v in joint[b.start : b.stop]) for b in game.blocks)
    true = gt.regret(game, profile)
    claimed = true * Fraction(10**6 - 1, 10**6) - Fraction(1, 10**9)
    for epsilon in (claimed, true / 2):
        if epsilon >= 0:
            with contextlib.suppress(NoChecker):
                verdict = gt.certify(arrays, {"joint": joint}, concept="nash_equilibrium", epsilon=epsilon)
                assert verdict.strength == "refuted"
    # A false claim is never granted, a true one with room always is where floats can show it.
    granted = gt.certify(arrays, {"joint": joint}, concept="nash_equilibrium", epsilon=10**6)
    assert granted.strength == "bounded"
    assert granted.bound >= true


def test_a_hundred_players_with_shared_rows() -> None:
    game = _random(20, 5, 40)
    answer = gt.variational_equilibrium(game)
    assert answer.certificate.strength == "bounded"
    assert answer.certificate.holds(1e-6)
    assert answer.unique == "proved"
    assert answer.iterations < 40
    joint, prices = answer.profile["joint"], np.array(answer.details["shared_multipliers"])
    assert game.rows is not None
    assert game.bounds is not None
    assert (game.rows @ joint < game.bounds).all()
    slopes = game.slopes(joint) + game.rows.T @ prices
    assert np.abs(joint - np.clip(joint - slopes, game.lower, game.upper)).max() < 1e-4
    # It is a Nash equilibrium of the rest of the rows too, and a moved one is refuted by a better reply.
    assert gt.certify(game, answer.profile, concept="nash_equilibrium", epsilon=answer.epsilon,
                      witness=answer.witness).strength == "bounded"  # fmt: skip
    inside = int(np.argmax(np.minimum(joint - game.lower, np.where(np.isinf(game.upper), 1.0, game.upper) - joint)))
    moved = joint.copy()
    moved[inside] -= 0.01 * np.sign(game.rows[:, inside].sum()) if game.rows[:, inside].any() else 0.01
    refuted = 0
    for sign in (1, -1):
        moved[inside] = joint[inside] + sign * 0.05
        try:
            verdict = gt.certify(game, {"joint": moved}, concept="variational_equilibrium", epsilon=answer.epsilon,
                                 witness=answer.witness)  # fmt: skip
        except NoChecker:
            continue
        assert verdict.strength == "refuted"
        refuted += 1
    assert refuted
    # Without prices, or with false ones, nothing false is granted.
    with pytest.raises(NoChecker):
        gt.certify(game, answer.profile, concept="variational_equilibrium", epsilon=answer.epsilon)
    back: Any = loads(answer.to_json())
    assert back.game == game
    assert gt.certify(back).strength == "bounded"
    other = replace(answer, details={"shared_multipliers": (1.0,) * 40})
    assert gt.certify(other).witness["stated"] == ("shared_multipliers",)


def test_relabelling_scaling_and_a_slack_row_change_nothing() -> None:
    game = _random(6, 2, 5, symmetric=True)
    first = gt.variational_equilibrium(game).profile["joint"]
    order = np.concatenate([np.arange(2 * i, 2 * i + 2) for i in (3, 1, 5, 0, 2, 4)])
    assert game.rows is not None
    assert game.bounds is not None
    turned = AffineGame(
        sizes=game.sizes,
        matrix=game.matrix[np.ix_(order, order)],
        vector=game.vector[order],
        lower=game.lower[order],
        upper=game.upper[order],
        rows=game.rows[:, order],
        bounds=game.bounds,
    )
    assert np.allclose(gt.variational_equilibrium(turned).profile["joint"], first[order], atol=1e-4)
    dear = replace(game, matrix=game.matrix * 64, vector=game.vector * 64)
    assert np.allclose(gt.variational_equilibrium(dear).profile["joint"], first, atol=1e-4)
    slack = replace(game, rows=np.vstack([game.rows, np.ones(12)]), bounds=np.append(game.bounds, 1e3))
    assert np.allclose(gt.variational_equilibrium(slack).profile["joint"], first, atol=1e-4)


def test_weights_pick_the_equilibrium_that_the_exact_game_has() -> None:
    budget = gt.catalogue("shared_budget").game
    exact = gt.variational_equilibrium(budget, weights=(1, 3))
    found = gt.variational_equilibrium(AffineGame.from_game(budget), weights=(1, 3))
    assert found.certificate.strength == "bounded"
    assert "weighted" in found.certificate.claim
    assert np.allclose(found.profile["joint"], [float(v) for (v,) in exact.profile], atol=1e-4)
    with pytest.raises(NoChecker):  # with equal multipliers it is none, and no player alone gains
        gt.certify(found.game, found.profile, concept="variational_equilibrium", epsilon=found.epsilon)


def test_edges_and_refusals() -> None:
    one = {"sizes": (1, 1), "matrix": [[2, 0], [0, 2]], "vector": [-2, -1], "lower": [0, 0], "upper": [9, 9]}
    fixed = AffineGame(**(one | {"lower": [0.5, 0], "upper": [0.5, 9]}))  # type: ignore[arg-type]
    assert gt.nash_equilibrium(fixed).profile["joint"].round(3).tolist() == [0.5, 0.5]
    free = AffineGame(**(one | {"lower": [-np.inf] * 2, "upper": [np.inf] * 2}))  # type: ignore[arg-type]
    assert gt.nash_equilibrium(free).profile["joint"].round(6).tolist() == [1, 0.5]
    assert uniqueness(free)[0] == "proved"
    spinning = AffineGame(**(one | {"matrix": [[0, 1], [-1, 0]]}))  # type: ignore[arg-type]
    assert uniqueness(spinning)[0] == "unknown"
    hollow = AffineGame(**(one | {"matrix": [[-2, 0], [0, 2]]}))  # type: ignore[arg-type]
    with pytest.raises(NoChecker, match="not shown to be convex"):
        gt.certify(hollow, {"joint": [1, 0.5]}, concept="nash_equilibrium")
    game = AffineGame(**one, rows=[[1, 1]], bounds=[1])  # type: ignore[arg-type]
    assert gt.certify(game, {"joint": [1, 1]}, concept="nash_equilibrium").witness["violated"].startswith("row 0")
    # On the row, to the last bit: sums without error decide it.
    assert gt.certify(game, {"joint": [0.75, 0.25]}, concept="nash_equilibrium", epsilon=1).strength == "bounded"
    beyond = np.nextafter(0.25, 1)
    assert gt.certify(game, {"joint": [0.75, beyond]}, concept="nash_equilibrium", epsilon=1).strength == "refuted"
    for change, word in (
        ({"matrix": [[2, 0]]}, "matrix has shape"),
        ({"lower": [10, 0]}, "above upper"),
        ({"rows": [[1, 1]]}, "together"),
        ({"sizes": (2,), "matrix": [[2, 1], [0, 2]]}, "symmetric"),
        ({"vector": [np.nan, 0]}, "not finite"),
        ({"names": ("a",)}, "names"),
    ):
        with pytest.raises(InputError, match=word):
            AffineGame(**(one | change))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="2 finite"):
        gt.certify(game, {"joint": [1]}, concept="nash_equilibrium")
