"""One equilibrium, pure equilibria and best responses."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory import NormalFormGame, best_response, nash_equilibrium, regret
from gametheory.errors import InputError
from gametheory.solvers.normal_form.pure import PureEnumeration, pure_equilibria

from .games import bimatrix, tables


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_pure_equilibria_are_the_profiles_without_regret(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)))
    game = NormalFormGame(*(data.draw(tables(shape, st.integers(0, 4))) for _ in shape))
    found = pure_equilibria(game)
    assert found == [cell for cell in game.profiles() if regret(game, cell) == 0]
    one = nash_equilibrium(game, solver=PureEnumeration())
    assert one.certificate.holds() == bool(found)
    assert (one.status == "solved") == bool(found)
    assert one.certificate.bound == min(regret(game, cell) for cell in game.profiles())


def test_huge_payoffs_keep_their_order() -> None:
    big = 2**70
    game = NormalFormGame([[big, big + 1]], [[0, 1]])
    assert pure_equilibria(game) == [(0, 1)]


@settings(max_examples=60, deadline=None)
@given(bimatrix())
def test_a_best_response_gains_the_regret(game: NormalFormGame) -> None:
    profile = tuple(tuple(Fraction(1, m) for _ in range(m)) for m in game.shape)
    gains = []
    for player, names in zip(game.players, game.strategies, strict=True):
        reply = best_response(game, profile, player)
        i = game.players.index(player)
        for name in reply.strategies:
            moved = list(profile)
            moved[i] = names.index(name)
            assert best_response(game, moved, i).gain == 0
        gains.append(reply.gain)
    assert max(gains) == regret(game, profile)


def test_strangers_are_refused() -> None:
    game = NormalFormGame([[1]], [[1]])
    for player in ("nobody", 2, True):
        with pytest.raises(InputError, match="not in this game"):
            best_response(game, (0, 0), player)
