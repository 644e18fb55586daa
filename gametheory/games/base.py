"""What every game form has in common.

A form is a frozen dataclass whose fields are plain data: numbers (kept exact), names, tuples and nested forms. So a
solution's file holds the whole game and a checker needs nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any, ClassVar, Protocol, runtime_checkable

from gametheory.errors import InputError

__all__ = ["Game", "Model", "blocks_of", "lower", "places_of"]


@runtime_checkable
class Game(Protocol):
    """A game made of data: it has players, and a word for the way it counts."""

    #: ``"payoff"`` (maximised) or ``"cost"`` (minimised).
    sense: ClassVar[str]

    @property
    def players(self) -> tuple[str, ...]:
        """Player names, in the order of profiles."""


@runtime_checkable
class Model(Protocol):
    """A model of the literature: it lowers itself to a game made of data."""

    def to_game(self) -> Any:
        """Return the game as plain data."""


def lower(game: Any) -> Any:
    """Return the game itself, or the game that a model lowers itself to."""
    # Asked by name: isinstance with a protocol takes 25 microseconds, as long as small games take to be solved.
    return game.to_game() if hasattr(game, "to_game") else game


def blocks_of(sizes: Iterable[int]) -> tuple[range, ...]:
    """Return the places that each player's variables take where all stand in a row.

    >>> blocks_of([2, 1])
    (range(0, 2), range(2, 3))
    """
    return tuple(range(start, end) for start, end in pairwise(accumulate(sizes, initial=0)))


def places_of(players: Sequence[str], coalition: Iterable[str]) -> list[int]:
    """Return the places of named players in player order; refuse strangers and nobody."""
    names = {coalition} if isinstance(coalition, str) else set(coalition)
    unknown = sorted(names - set(players))
    if unknown:
        raise InputError(f"{unknown[0]!r} is no player of this game of {len(players)}; name some of its players")
    if not names:
        raise InputError("a subgame needs at least one player; name them")
    return [i for i, name in enumerate(players) if name in names]
