"""What one follower of a leader minimises while all others keep to a joint decision."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gametheory.certificates.quadratic_program import Program
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["reply_problem"]


def reply_problem(game: StackelbergGame, joint: Sequence[Fraction], player: int) -> Program:
    """Return what a follower minimises while all others keep to the joint decision."""
    block, own, cost = game.blocks[player], game.constraints[player], game.costs[player]
    rows: dict[str, list[Any]] = {}
    for kind in ("inequalities", "equalities"):
        rows[kind] = []
        for coefficients, bound in getattr(own, kind):
            fixed = sum((a * joint[k] for k, a in coefficients if k not in block), Fraction(0))
            rows[kind].append((tuple((k - block.start, a) for k, a in coefficients if k in block), bound - fixed))
    polyhedron = Polyhedron(
        game.variables[player],
        own.lower[block.start : block.stop],
        own.upper[block.start : block.stop],
        tuple(rows["inequalities"]),
        tuple(rows["equalities"]),
    )
    others = [Fraction(0) if k in block else v for k, v in enumerate(joint)]
    return Program(tuple(cost.block(block, block)), cost.gradient(others, block), polyhedron)
