"""The checkers' own search over complementarity choices, for games small enough: every node is solved in rationals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import lcm
from typing import Any

import numpy as np

from gametheory.certificates.complementarity import Line, Relaxation
from gametheory.certificates.cone import cone_weights
from gametheory.certificates.quadratic_program import Program
from gametheory.errors import InputError, NoChecker
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["MOST_LINES", "MOST_NODES", "Grown", "convex_relaxation", "grow", "polyhedron_of", "some_point"]

#: More nodes than this are not solved in rationals here: hand a tree over instead.
MOST_NODES = 400
#: Nor are relaxations with more columns and rows.
MOST_LINES = 90

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Grown:
    """What was found: the least cost, a point that has it, and whether costs fall for ever from there.

    Without a point nothing is below the cost that was asked about (or nothing is feasible, where none was).
    """

    least: Fraction | None
    point: Vector = ()
    endless: bool = False


def grow(game: StackelbergGame, ceiling: Fraction | None) -> Grown:
    """Return the least cost of all points that satisfy the followers' conditions, leaving out `ceiling` and more.

    Raises
    ------
    NoChecker
        The game is too large for this, or its leader's cost is not convex.
    """
    relaxation = convex_relaxation(game)
    if len(relaxation.lines) > MOST_LINES:
        raise NoChecker(
            f"{len(relaxation.lines)} columns and rows are too many to search in rationals; give the solver's witness"
        )
    best = ceiling
    point: Vector = ()
    stack: list[dict[int, bool]] = [{}]
    hessian = tuple(relaxation.cost.block(range(relaxation.size), range(relaxation.size)))
    gradient = relaxation.cost.gradient([Fraction(0)] * relaxation.size, range(relaxation.size))
    nodes = 0
    while stack:
        choices = stack.pop()
        nodes += 1
        if nodes > MOST_NODES:
            raise NoChecker(f"more than {MOST_NODES} nodes in rationals; give the solver's witness")
        lines = relaxation.decided(choices)
        if any(v.low is not None and v.high is not None and v.low > v.high for v in lines):
            continue
        start = some_point(relaxation.size, lines)
        if start is None:
            continue
        program = Program(hessian, gradient, polyhedron_of(relaxation.size, lines))
        found = program.least(start)
        left = [n for n in range(len(relaxation.pairs)) if n not in choices]
        if not found.direction:
            value = relaxation.cost.value(found.point)
            if best is not None and value >= best:
                continue
            left = [n for n in left if relaxation.missed(n, found.point) != 0]
            if not left:
                best, point = value, found.point
                continue
            left.sort(key=[-relaxation.missed(n, found.point) for n in range(len(relaxation.pairs))].__getitem__)
        elif not left:
            at, step = start, Fraction(1)
            while best is not None and relaxation.cost.value(at) > best - 1:
                at = tuple(a + step * b for a, b in zip(start, found.direction, strict=True))
                step *= 2
            return Grown(relaxation.cost.value(at), at, endless=True)
        stack += [{**choices, left[0]: False}, {**choices, left[0]: True}]
    return Grown(best, point)


def convex_relaxation(game: StackelbergGame) -> Relaxation:
    """Return a relaxation with a convex cost: factors of strong duality that cancel a product, where it needs any."""
    lead = {(r, c): v for r, c, v in game.costs[0].quadratic if r != c}
    options = []
    for block, cost in zip(game.blocks[1:], game.costs[1:], strict=True):
        ratios = {-lead[r, c] / v for r, c, v in cost.quadratic if (r, c) in lead and (r in block) != (c in block)}
        options.append([Fraction(0), *sorted(ratios)[:4]])
    likely = (*zip(*((own[0], own[-1]) for own in options), strict=True), *_in_turn(game))
    for factors in (*likely, *islice(product(*options), 256)):
        try:
            return Relaxation.of_game(game, factors)
        except InputError:
            continue
    raise NoChecker(
        f"the cost of the leader {game.players[0]!r} is not convex and strong duality does not make it so: no "
        "certificate of a global optimum"
    )


def _in_turn(game: StackelbergGame) -> list[tuple[Fraction, ...]]:
    """Return factors that take in one follower after the other, as long as a product of flat variables asks for one."""
    found = []
    for sign in (1, -1):
        factors = [Fraction(0)] * (len(game.players) - 1)
        for _ in factors:
            entries = {(r, c): v for r, c, v in game.costs[0].quadratic}
            for t, block, cost in zip(factors, game.blocks[1:], game.costs[1:], strict=True):
                for r, c, v in cost.quadratic:
                    times = 2 * (r in block) if r == c else (r in block) + (c in block)
                    entries[r, c] = entries.get((r, c), Fraction(0)) + t * times * v
            # Best a follower with a square of its own of a variable that has none in the cost.
            wanted = [
                (not any((k, k, s) in cost.quadratic for k in (r, c) if k in block and not entries.get((k, k))
                         for _, _, s in cost.quadratic), i, -sign * v / (w * ((r in block) + (c in block))))
                for (r, c), v in entries.items()
                if v and r != c and not (entries.get((r, r)) and entries.get((c, c)))
                for i, (block, cost) in enumerate(zip(game.blocks[1:], game.costs[1:], strict=True))
                for rr, cc, w in cost.quadratic
                if not factors[i] and (rr, cc) == (r, c) and (r in block or c in block)
            ]  # fmt: skip
            if not wanted:
                break
            _, i, factor = min(wanted, key=lambda choice: choice[0])
            factors[i] = factor
            found.append(tuple(factors))
    return found


def some_point(size: int, lines: Sequence[Line]) -> Vector | None:
    """Return a point that satisfies all lines, None if Farkas' lemma proves that there is none."""
    vectors = []
    for line in lines:
        for sign, side in ((1, line.high), (-1, line.low)):
            if side is not None:
                vector = [Fraction(0)] * (size + 1)
                for k, a in line.coefficients:
                    vector[k] = sign * a
                vector[-1] = sign * side
                scale = lcm(*(v.denominator for v in vector))
                vectors.append([int(v * scale) for v in vector])
    if not vectors:
        return (Fraction(0),) * size
    largest = max(abs(v) for vector in vectors for v in vector)
    array = np.array(vectors, dtype=np.int64 if largest < 2**62 else object)
    found = cone_weights(array, [0] * size + [-1])
    if found.direction is None:
        return None
    *moved, weight = found.direction
    return tuple(Fraction(-v, weight) for v in moved)


def polyhedron_of(size: int, lines: Sequence[Line]) -> Polyhedron:
    """Return what the lines allow: the first `size` of them are the columns."""
    """Return what the lines allow: the first `size` of them are the columns."""
    below: list[Any] = []
    equal: list[Any] = []
    for line in lines[size:]:
        if line.low is not None and line.low == line.high:
            equal.append((line.coefficients, line.low))
            continue
        if line.high is not None:
            below.append((line.coefficients, line.high))
        if line.low is not None:
            below.append((tuple((k, -a) for k, a in line.coefficients), -line.low))
    names = tuple(str(k) for k in range(size))
    return Polyhedron(
        names, tuple(v.low for v in lines[:size]), tuple(v.high for v in lines[:size]), tuple(below), tuple(equal)
    )
