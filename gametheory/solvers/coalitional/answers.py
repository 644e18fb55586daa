"""How the solvers of this folder hand up an allocation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Answer

__all__ = ["allocation_answer"]


def allocation_answer(
    game: CoalitionalGame,
    values: Sequence[Fraction],
    *,
    iterations: int = 0,
    witness: Mapping[str, Any] | None = None,
) -> Answer:
    """Return an answer that claims these exact values, in player order."""
    exact = tuple(values)
    return Answer(
        profile=exact,
        iterations=iterations,
        witness=witness or {},
        extra={"players": game.players, "exact": exact},
    )
