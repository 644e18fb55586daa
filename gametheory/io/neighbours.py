"""Finite games to and from nashpy, quantecon, pygambit and networkx.

The other packages are imported when they are asked for; quantecon and pygambit are peers and never required. Floats
that come in are the dyadic rationals they are; exact payoffs go out to pygambit exactly and to the others as the
nearest floats.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import InputError, MissingExtra
from gametheory.games.normal_form import NormalFormGame

__all__ = [
    "from_nashpy",
    "from_pygambit",
    "from_quantecon",
    "to_nashpy",
    "to_networkx",
    "to_pygambit",
    "to_quantecon",
]


def to_nashpy(game: NormalFormGame) -> Any:
    """Return the two-player game as a ``nashpy.Game``.

    >>> to_nashpy(NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])).payoff_matrices[0].tolist()
    [[3.0, 0.0], [5.0, 1.0]]
    """
    if len(game.shape) != 2:
        raise InputError(f"nashpy takes two players; the game has {len(game.shape)}")
    return _package("nashpy").Game(*(table.floats() for table in game.payoffs))


def from_nashpy(game: Any) -> NormalFormGame:
    """Return a ``nashpy.Game``.

    >>> import nashpy
    >>> from_nashpy(nashpy.Game([[1, -1], [-1, 1]])).payoff((0, 0))
    (Fraction(1, 1), Fraction(-1, 1))
    """
    return NormalFormGame(*(np.asarray(matrix) for matrix in game.payoff_matrices))


def to_quantecon(game: NormalFormGame) -> Any:
    """Return a ``quantecon.game_theory.NormalFormGame``; there a player's own axis comes first, then the next ones."""
    theory = _package("quantecon.game_theory")
    count = len(game.shape)
    players = []
    for i, table in enumerate(game.payoffs):
        order = [(i + step) % count for step in range(count)]
        players.append(theory.Player(np.ascontiguousarray(table.floats().transpose(order))))
    return theory.NormalFormGame(players)


def from_quantecon(game: Any) -> NormalFormGame:
    """Return a game of ``quantecon.game_theory``."""
    count = game.N
    arrays = []
    for i, player in enumerate(game.players):
        order = [(i + step) % count for step in range(count)]
        arrays.append(np.asarray(player.payoff_array).transpose(np.argsort(order)))
    return NormalFormGame(*arrays)


def to_pygambit(game: NormalFormGame, *, title: str = "") -> Any:
    """Return a pygambit game with the same names and exact payoffs."""
    import io

    from gametheory.io.games import game_to_nfg

    gambit = _package("pygambit")
    return gambit.read_nfg(io.BytesIO(game_to_nfg(game, title=title).encode()))


def from_pygambit(game: Any) -> NormalFormGame:
    """Return a pygambit game in strategic form, with its names where they are all different."""
    arrays = [np.vectorize(lambda x: exact(str(x)), otypes=[object])(array) for array in game.to_arrays()]
    return NormalFormGame(*arrays, players=_labels(game.players))


def _labels(things: Any) -> list[str] | None:
    names = [str(getattr(thing, "label", thing)) for thing in things]
    return names if len(set(names)) == len(names) and all(names) else None


def to_networkx(game: NormalFormGame) -> Any:
    """Return the best-response graph: from each pure profile an edge to each better profile one best reply away.

    Nodes are tuples of strategy names with ``payoffs``; edges carry ``player`` and ``gain``. The nodes without an edge
    out of them are the pure equilibria.

    >>> graph = to_networkx(NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    >>> [node for node in graph if graph.out_degree(node) == 0]
    [('1', '1')]
    """
    graph = _package("networkx").DiGraph()
    for cell in game.profiles():
        graph.add_node(_names(game, cell), payoffs=game.payoff(cell))
    for cell in game.profiles():
        for i, size in enumerate(game.shape):
            line = [game.payoffs[i][(*cell[:i], k, *cell[i + 1 :])] for k in range(size)]
            best = max(line)
            for k, value in enumerate(line):
                if value == best > line[cell[i]]:
                    target = _names(game, (*cell[:i], k, *cell[i + 1 :]))
                    graph.add_edge(_names(game, cell), target, player=game.players[i], gain=best - line[cell[i]])
    return graph


def _names(game: NormalFormGame, cell: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(names[k] for names, k in zip(game.strategies, cell, strict=True))


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingExtra(name.split(".")[0], "peers", f"a game for {name.split('.')[0]}") from None
