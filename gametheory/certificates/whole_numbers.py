"""A lower bound of a leader's cost over all decisions in whole numbers, from a tree of boxes of its variables.

A tree splits a variable that must be whole at a whole number ``b``: up to ``b``, and from ``b + 1`` on; so no whole
decision is left out. At a leaf the leader may divide, and a tree of :mod:`gametheory.certificates.complementarity`
bounds what it can have there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from gametheory.arithmetic import exact
from gametheory.certificates.complementarity import Relaxation, read_tree
from gametheory.certificates.complementarity_search import Grown, grow
from gametheory.errors import InputError, NoChecker
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["bound_of_whole", "broken_part"]

_MOST_NODES = 200
Box = Mapping[int, tuple[int, int]]


def broken_part(game: StackelbergGame, joint: Sequence[Fraction]) -> tuple[Fraction, str]:
    """Return how far the worst variable that must be whole is from the nearest whole number, and which one it is."""
    values = ((joint[game.names.index(name)], name) for name in game.integers)
    parts = [(abs(value - round(value)), name) for value, name in values]
    return max(parts, default=(Fraction(0), ""))


def bound_of_whole(game: StackelbergGame, witness: Mapping[str, Any], value: Fraction | None) -> Grown:
    """Return a lower bound, with a decision below `value` where one is found; a tree that is handed over is verified.

    Raises
    ------
    NoChecker
        Neither does the tree prove anything nor is the game small enough to search.
    """
    if "whole_tree" in witness:
        try:
            found = _read(game, witness["whole_tree"])
            if found is not None and value is not None and found >= value:
                return Grown(found)
        except InputError:
            pass
    best, point = value, ()  # type: Fraction | None, tuple[Fraction, ...]
    stack: list[Box] = [_start(game)]
    for _ in range(_MOST_NODES):
        if not stack:
            return Grown(best, point)
        box = stack.pop()
        if any(low > high for low, high in box.values()):
            continue
        grown = grow(_inside(game, box), best)
        if grown.endless:
            raise NoChecker("the leader gains for ever where it may divide: whole decisions are not searched then")
        if not grown.point:
            continue
        broken = [k for k in box if grown.point[k].denominator != 1]
        if not broken:
            best, point = grown.least, grown.point
            continue
        k, below = broken[0], floor(grown.point[broken[0]])
        stack += [{**box, k: (box[k][0], below)}, {**box, k: (below + 1, box[k][1])}]
    raise NoChecker(f"more than {_MOST_NODES} boxes of whole decisions in rationals; give the solver's witness")


def _read(game: StackelbergGame, tree: Any) -> Fraction | None:
    if not isinstance(tree, Sequence) or isinstance(tree, str):
        raise InputError("the tree is no sequence of nodes")
    left: list[Box] = [_start(game)]
    least: Fraction | None = None
    for entry in tree:
        if not left or not isinstance(entry, Sequence) or len(entry) != 3:
            raise InputError("the tree has an entry that is no node, or nodes after its last leaf")
        box = left.pop()
        word, first, second = entry
        if word == "split":
            if first not in box or exact(second).denominator != 1:
                raise InputError(
                    f"the tree splits {first} at {second}: no variable that must be whole, or no whole number"
                )
            (low, high), below = box[first], int(exact(second))
            left += [{**box, first: (below + 1, high)}, {**box, first: (low, below)}]
            continue
        if word != "leaf":
            raise InputError(f"the tree has an entry {word!r}; it knows split and leaf")
        if any(low > high for low, high in box.values()):
            continue
        bound = read_tree(Relaxation.of_game(_inside(game, box), first), second)
        if bound is not None:
            least = bound if least is None else min(least, bound)
    if left:
        raise InputError(f"the tree leaves {len(left)} boxes open")
    return least


def _start(game: StackelbergGame) -> Box:
    own = game.constraints[0]
    places = [game.names.index(name) for name in game.integers]
    return {k: (ceil(own.lower[k] or 0), floor(own.upper[k] or 0)) for k in places}


def _inside(game: StackelbergGame, box: Box) -> StackelbergGame:
    own = game.constraints[0]
    lower = tuple(Fraction(box[k][0]) if k in box else low for k, low in enumerate(own.lower))
    upper = tuple(Fraction(box[k][1]) if k in box else high for k, high in enumerate(own.upper))
    narrow = Polyhedron(own.variables, lower, upper, own.inequalities, own.equalities)
    return replace(game, constraints=(narrow, *game.constraints[1:]), integers=())
