"""A cited game with its known answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A game as data, where it comes from, and what is known about it.

    Attributes
    ----------
    name
        What :func:`gametheory.catalogue` is asked for.
    game
        A game form, ready to be solved.
    source
        Author, title, year, and the page or the derivation.
    answers
        Concept (``"nucleolus"``) -> the known answer, exact: a value or profile in the form of that concept's
        ``.profile``; ``"nash_equilibria"`` lists all (extreme) ones; ``"core"`` is ``"empty"`` or a core point.
    lesson
        What the game shows, or which mistake it catches, in a sentence.
    facts
        What is known beyond the answers, by name: ``"extreme_equilibria"``, ``"components"`` and ``"pure_equilibria"``
        are their numbers.
    """

    name: str
    game: Any
    source: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    lesson: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
