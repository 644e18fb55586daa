"""Elimination of dominated strategies: the front door."""

from __future__ import annotations

from typing import Any

from gametheory.concepts._engine import solved
from gametheory.games.base import lower
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Concept, Elimination

__all__ = ["dominance"]


def dominance(
    game: Any,
    *,
    weak: bool = False,
    mixed: bool = True,
    iterated: bool = True,
    trace: bool = False,
    solver: Any = None,
    certify: str | bool = "auto",
) -> Elimination:
    """Return what remains when dominated strategies are removed, each with the strategy that dominates it.

    Parameters
    ----------
    game
        A finite game, or a model that lowers itself to one.
    weak
        Weak instead of strict dominance; each round removes all that are dominated.
    mixed
        Whether mixtures dominate, not only pure strategies.
    iterated
        Again and again, or one round only.
    trace
        Keep the steps for teaching under ``.trace``.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [0, 3], [1, 1]], [[1, 0], [0, 1], [2, 2]])
    >>> found = dominance(game)
    >>> found.remaining, [(step["strategy"], len(step["dominated by"])) for step in found.eliminated]
    ((('0', '1'), ('0', '1')), [('2', 2)])
    """
    if solver is None and isinstance(lower(game), NormalFormGame):
        from gametheory.solvers.normal_form.dominance import IteratedDominance

        solver = IteratedDominance(weak=weak, mixed=mixed, iterated=iterated, trace=trace)
    answer = solved(game, Concept.DOMINANCE, solver=solver, defaults={}, kind=Elimination, certify=certify)
    return answer  # type: ignore[no-any-return]  # `solved` returns the kind it was given
