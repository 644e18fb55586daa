"""Which solver a quadratic game gets when none is named."""

from __future__ import annotations

from typing import Any

from gametheory.games.quadratic import QuadraticGame
from gametheory.solvers.quadratic.all_equilibria import KKTPatterns
from gametheory.solvers.quadratic.lemke import Lemke
from gametheory.solvers.quadratic.potential import PotentialProgramme
from gametheory.solvers.quadratic.system import System, is_convex

__all__ = ["all", "one"]


def one(game: QuadraticGame) -> Any:
    """Return the potential programme where there is a convex potential, else Lemke's method."""
    system = System.of_game(game)
    if system.symmetric and is_convex(game.size, system.matrix):
        return PotentialProgramme()
    return Lemke()


def all(game: QuadraticGame) -> Any:
    """Return the solver for all equilibria."""
    return KKTPatterns()
