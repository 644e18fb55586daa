"""Correlated and coarse correlated equilibria: the best of all for a linear objective, exactly.

A distribution over pure profiles is a correlated equilibrium when no player gains by answering a recommendation with
another strategy, ``sum_{s: s_i = k} p(s) (u_i(l, s_-i) - u_i(s)) <= 0`` for all ``i, k, l`` (Aumann, J. Mathematical
Economics 1 (1974) 67-96), and a coarse one when none gains by ignoring it, the same summed over ``k`` (Moulin and
Vial, Int. J. Game Theory 7 (1978) 201-221). Both are linear programmes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import InputError, SizeLimit
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.payoff_table import read_table
from gametheory.numerics.linear_program import maximise
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.best_response import player_index

__all__ = ["CoarseCorrelatedProgram", "CorrelatedProgram"]

#: Entries of the constraint matrix; beyond, the rational check of the basis takes minutes.
_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class CorrelatedProgram:
    """The correlated equilibrium that is best for an objective.

    Parameters
    ----------
    objective
        ``"welfare"`` (the sum of payoffs), a player's name or index, or a table of the game's shape.

    Examples
    --------
    >>> chicken = NormalFormGame([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> [str(p) for p in CorrelatedProgram().solve(chicken).profile]
    ['1/2', '1/4', '1/4', '0']
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.CORRELATED
    objective: Any = "welfare"

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the distribution, cell by cell in the order of ``game.profiles()``."""
        return _solve(game, self.objective, coarse=False)


@dataclass(frozen=True, slots=True)
class CoarseCorrelatedProgram:
    """The coarse correlated equilibrium that is best for an objective; see :class:`CorrelatedProgram`."""

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.COARSE_CORRELATED
    objective: Any = "welfare"

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the distribution, cell by cell in the order of ``game.profiles()``."""
        return _solve(game, self.objective, coarse=True)


def _solve(game: NormalFormGame, objective: Any, *, coarse: bool) -> Answer:
    cells = list(game.profiles())
    goal = _goal(game, objective)
    keys = [
        (i, k, l)
        for i, size in enumerate(game.shape)
        for k in ([None] if coarse else range(size))
        for l in range(size)
        if k != l
    ]
    if len(keys) * len(cells) > _LIMIT:
        raise SizeLimit(f"the programme has {len(keys)} x {len(cells)} entries, over {_LIMIT}; restrict the strategies")
    rows = [_gains(game, cells, *key) for key in keys]
    answer = maximise(goal, [*rows, [1] * len(cells)], [*([0] * len(rows)), 1], equal={len(rows)})
    support = {cells[k]: p for k, p in enumerate(answer.x) if p}
    payoffs = tuple(sum((p * table[cell] for cell, p in support.items()), Fraction(0)) for table in game.payoffs)
    point = {
        " / ".join(names[k] for names, k in zip(game.strategies, cell, strict=True)): p for cell, p in support.items()
    }
    multipliers = {key: y for key, y in zip(keys, answer.y, strict=False) if y}
    return Answer(
        profile=answer.x,
        witness={
            "objective": tuple(goal),
            "multipliers": tuple((i, -1 if k is None else k, l, y) for (i, k, l), y in multipliers.items()),
        },
        extra={"point": point, "payoffs": payoffs, "details": {"objective": answer.value}},
    )


def _goal(game: NormalFormGame, objective: Any) -> list[Fraction]:
    if isinstance(objective, str) and objective == "welfare" and objective not in game.players:
        tables = [table.fractions().ravel() for table in game.payoffs]
        return [sum(values, Fraction(0)) for values in zip(*tables, strict=True)]
    if isinstance(objective, str | int):
        return list(game.payoffs[player_index(game, objective)].fractions().ravel())
    table = read_table(objective, what="objective")
    if table.shape != game.shape:
        raise InputError(f"objective has shape {table.shape}, the game {game.shape}; give one number a cell")
    return list(table.fractions().ravel())


def _gains(game: NormalFormGame, cells: list[tuple[int, ...]], i: int, k: int | None, l: int) -> list[int]:
    """Return what `i` gains in each cell by playing `l` (where it was told `k`), times the table's denominator."""
    table = game.payoffs[i].numerators
    step = math.prod(game.shape[i + 1 :])
    return [
        table[flat + (l - cell[i]) * step] - table[flat] if k is None or cell[i] == k else 0
        for flat, cell in enumerate(cells)
    ]
