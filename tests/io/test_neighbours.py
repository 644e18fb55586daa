"""Round trips through the neighbours, and the best-response graph."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

from gametheory import NormalFormGame, neighbours, regret
from gametheory.catalogue import catalogue
from gametheory.errors import InputError, MissingExtra

GAME = NormalFormGame(*(np.arange(12).reshape(2, 3, 2) * k % 7 for k in (1, 3, 5)), players=("x", "y", "z"))


def test_nashpy_round_trip() -> None:
    game = catalogue("von_stengel_2002").game
    assert neighbours.from_nashpy(neighbours.to_nashpy(game)).payoffs == game.payoffs
    with pytest.raises(InputError, match="two players"):
        neighbours.to_nashpy(GAME)


@pytest.mark.peers
def test_quantecon_round_trip_of_three_players() -> None:
    pytest.importorskip("quantecon", reason="quantecon is not installed")
    theirs = neighbours.to_quantecon(GAME)
    for cell in GAME.profiles():
        assert list(theirs[cell]) == [float(x) for x in GAME.payoff(cell)]
    assert neighbours.from_quantecon(theirs).payoffs == GAME.payoffs


@pytest.mark.peers
def test_pygambit_round_trip_is_exact() -> None:
    pytest.importorskip("pygambit", reason="pygambit is not installed")
    game = NormalFormGame([["1/3", 0], [2, "0.1"]], [[1, 2], [3, 4]], players=("a", "b"))
    again = neighbours.from_pygambit(neighbours.to_pygambit(game))
    assert again.payoffs == game.payoffs
    assert again.players == game.players


def test_sinks_of_the_best_response_graph_are_the_pure_equilibria() -> None:
    graph = neighbours.to_networkx(GAME)
    sinks = {node for node in graph if graph.out_degree(node) == 0}
    names = {tuple(str(k) for k in cell) for cell in GAME.profiles() if regret(GAME, cell) == 0}
    assert sinks == names
    assert all(data["gain"] > 0 for _, _, data in graph.edges(data=True))


def test_a_missing_peer_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: object) -> object:
        if name.startswith("quantecon"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr("importlib.import_module", lambda name: refuse(name))
    with pytest.raises(MissingExtra, match=r"gametheory\[peers\]"):
        neighbours.to_quantecon(GAME)
