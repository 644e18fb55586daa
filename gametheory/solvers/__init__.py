"""Algorithms, one a file, in a folder for each game form. Each is a frozen dataclass with ``solve(game) -> Answer``."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from gametheory.result import Answer, Concept

__all__ = ["Solver"]


class Solver(Protocol):
    """What every solver class has; the conformance tests walk all of them."""

    #: Names of the game forms it takes.
    accepts: ClassVar[tuple[str, ...]]
    #: What its answer claims to be.
    concept: ClassVar[Concept]

    def solve(self, game: Any) -> Answer:
        """Return an unproved answer."""
