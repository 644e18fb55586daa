"""Leaders that decide in whole numbers: branching on their variables around the complementarity search.

Source: the outer tree is J. F. Bard and J. T. Moore's for mixed-integer bilevel problems with whole numbers on the
leader's side only ("An algorithm for the discrete bilevel programming problem", Naval Research Logistics 39 (1992)
419-435): (1) the game with a leader that may divide bounds every whole decision; (2) a variable that comes out broken
is split below and above; (3) a node that is not below the best known value closes. Followers need no change: they see a
decision, whole or not. Each leaf hands up the tree that proves its bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

from gametheory.errors import SizeLimit, Unbounded
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.kkt_system import KKTSystem
from gametheory.solvers.bilevel.search import Search

__all__ = ["Whole", "best_whole", "boxed"]

Box = Mapping[int, tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Whole:
    """The best decision in whole numbers: its cost, all columns, and the tree; `value` None where nothing is feasible.

    A node of the tree is ``("split", variable, below)`` (the part up to `below` comes first) or ``("leaf", strong
    duality, tree)``.
    """

    value: Fraction | None
    point: tuple[Fraction, ...]
    bound: Fraction | None
    nodes: int
    tree: tuple[Any, ...]


def boxed(game: StackelbergGame, box: Box) -> StackelbergGame:
    """Return the game with other bounds of the leader's variables, and a leader that may divide."""
    own = game.constraints[0]
    lower, upper = list(own.lower), list(own.upper)
    for k, (low, high) in box.items():
        lower[k], upper[k] = low, high
    narrow = Polyhedron(own.variables, tuple(lower), tuple(upper), own.inequalities, own.equalities)
    return replace(game, constraints=(narrow, *game.constraints[1:]), integers=())


def best_whole(game: StackelbergGame, most_nodes: int) -> Whole:
    """Return the best decision that is whole where the game asks for it.

    Raises
    ------
    Unbounded
        The leader gains for ever at some whole decision of these variables.
    SizeLimit
        More nodes than allowed.
    """
    places = [game.names.index(name) for name in game.integers]
    start = {k: _whole_bounds(game, k) for k in places}
    stack: list[Box] = [start]
    tree: list[Any] = []
    value: Fraction | None = None
    point: tuple[Fraction, ...] = ()
    bounds: list[Fraction] = []
    nodes = 0
    while stack:
        box = stack.pop()
        if any(low > high for low, high in box.values()):
            tree.append(("leaf", (), ((0, (), ()),)))
            continue
        system = KKTSystem.of_game(boxed(game, box))
        search = Search(system, most_nodes)
        search.explore()
        try:
            search.close()
        except Unbounded:
            wide = [k for k, (low, high) in box.items() if low < high]
            if not wide:
                raise
            nodes += search.nodes
            low, high = box[wide[0]]
            _split(stack, tree, box, wide[0], Fraction(floor((low + high) / 2)))
            continue
        nodes += search.nodes
        if nodes > most_nodes:
            raise SizeLimit(f"more than {most_nodes} relaxations for a leader in whole numbers; raise most_nodes")
        bound = search.bound()
        broken = [k for k in places if search.value is not None and search.point[k].denominator != 1]
        if search.value is not None and bound is not None and (value is None or bound < value) and broken:
            _split(stack, tree, box, broken[0], Fraction(floor(search.point[broken[0]])))
            continue
        tree.append(("leaf", system.duality, search.tree()))
        if bound is not None:
            bounds.append(bound)
        if search.value is not None and not broken and (value is None or search.value < value):
            value, point = search.value, search.point
    return Whole(value, point, min(bounds, default=None), nodes, tuple(tree))


def _split(stack: list[Box], tree: list[Any], box: Box, k: int, below: Fraction) -> None:
    low, high = box[k]
    tree.append(("split", k, below))
    stack += [{**box, k: (below + 1, high)}, {**box, k: (low, below)}]


def _whole_bounds(game: StackelbergGame, k: int) -> tuple[Fraction, Fraction]:
    low, high = game.constraints[0].lower[k], game.constraints[0].upper[k]
    assert low is not None, "the game refuses a whole variable without bounds"
    assert high is not None, "the game refuses a whole variable without bounds"
    return Fraction(-floor(-low)), Fraction(floor(high))
