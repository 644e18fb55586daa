"""Pure equilibria: the cells that are best for every player along its own axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.games.normal_form import NormalFormGame
from gametheory.games.payoff_table import PayoffTable
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.normal_form.answers import Mixed, equilibrium_answer

__all__ = ["PureEnumeration", "numbers", "pure_equilibria", "pure_profile"]

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class PureEnumeration:
    """The first pure equilibrium, the last player's strategy counted fastest.

    A game without one gets the pure profile of least regret, and says that no equilibrium was found.

    Examples
    --------
    >>> game = NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> PureEnumeration().solve(game).profile[0]
    (Fraction(1, 1), Fraction(0, 1))
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the first pure equilibrium."""
        found = pure_equilibria(game)
        if found:
            rule = "the first pure equilibrium, the last player's strategy counted fastest"
            return equilibrium_answer(game, pure_profile(game, found[0]), rule=rule)
        near = equilibrium_answer(
            game, pure_profile(game, _least_regret(game)), rule="the pure profile of least regret"
        )
        return Answer(profile=near.profile, status=Status.NO_EQUILIBRIUM_FOUND, extra=near.extra)


def numbers(table: PayoffTable) -> Any:
    """Return the numerators as an array: machine integers where they fit, else Python's."""
    machine = table.machine_integers()
    return table.integers() if machine is None else machine


def pure_equilibria(game: NormalFormGame) -> list[tuple[int, ...]]:
    """Return every pure equilibrium as strategy indices, in the order of :meth:`NormalFormGame.profiles`."""
    good = np.ones(game.shape, dtype=bool)
    for i, table in enumerate(game.payoffs):
        cells = numbers(table)
        good &= cells == cells.max(axis=i, keepdims=True)
    return [tuple(int(k) for k in cell) for cell in np.argwhere(good)]


def pure_profile(game: NormalFormGame, cell: tuple[int, ...]) -> Mixed:
    """Return the pure profile as probabilities."""
    return tuple(
        (_ZERO,) * chosen + (_ONE,) + (_ZERO,) * (m - 1 - chosen) for chosen, m in zip(cell, game.shape, strict=True)
    )


def _least_regret(game: NormalFormGame) -> tuple[int, ...]:
    worst: Any = None
    for i, table in enumerate(game.payoffs):
        cells = table.fractions()
        gain = cells.max(axis=i, keepdims=True) - cells
        worst = gain if worst is None else np.maximum(worst, gain)
    return tuple(int(k) for k in np.unravel_index(int(np.argmin(worst)), game.shape))
