"""Finite games in normal form: a table of payoffs for each player."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError
from gametheory.games.payoff_table import PayoffTable, read_table

__all__ = ["NormalFormGame"]


@dataclass(frozen=True, slots=True, init=False, repr=False)
class NormalFormGame:
    """A finite game: player ``i`` receives ``payoffs[i][s_1, ..., s_N]``, and everybody maximises.

    Parameters
    ----------
    *arrays
        One array a player, each of shape ``(m_1, ..., m_N)``. Integers, Fractions and decimal strings are exact;
        floats are the dyadic rationals they are.
    players
        Names, default ``"player 0"``, ``"player 1"``, ...
    strategies
        Names of the strategies of each player, default ``"0"``, ``"1"``, ...

    Raises
    ------
    InputError
        Ragged arrays, shapes that differ, NaN, infinities, no strategy, text that is no number.
    SizeLimit
        More than ``2**31`` cells.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[("stay", "defect")] * 2)
    >>> game.shape, game.payoff((1, 0))
    ((2, 2), (Fraction(5, 1), Fraction(0, 1)))
    """

    sense: ClassVar[str] = "payoff"
    payoffs: tuple[PayoffTable, ...]
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]

    def __init__(
        self,
        *arrays: Any,
        payoffs: Iterable[Any] | None = None,
        players: Iterable[str] | None = None,
        strategies: Iterable[Iterable[str]] | None = None,
    ) -> None:
        given = tuple(arrays) if payoffs is None else (*arrays, *payoffs)
        if not given:
            raise InputError("no payoffs: give one array a player, each of shape (m_1, ..., m_N)")
        tables = tuple(read_table(array, what=f"payoffs[{i}]") for i, array in enumerate(given))
        shape = _common_shape(tables)
        object.__setattr__(self, "payoffs", tables)
        object.__setattr__(self, "players", _player_names(players, len(shape)))
        object.__setattr__(self, "strategies", _strategy_names(strategies, shape))

    @classmethod
    def zero_sum(
        cls,
        array: Any,
        *,
        players: Iterable[str] | None = None,
        strategies: Iterable[Iterable[str]] | None = None,
    ) -> NormalFormGame:
        """Return the two-player game in which the second player pays ``array`` to the first.

        >>> NormalFormGame.zero_sum([[1, -1], [-1, 1]]).payoff((0, 0))
        (Fraction(1, 1), Fraction(-1, 1))
        """
        table = read_table(array)
        return cls(table, table.negated(), players=players, strategies=strategies)

    @classmethod
    def read(cls, path: str | Path) -> NormalFormGame:
        """Return the game in a Gambit ``.nfg`` or QuantEcon ``.gam`` file."""
        from gametheory.io.games import read_game

        return read_game(path)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of strategies of each player."""
        return self.payoffs[0].shape

    def profiles(self) -> Iterator[tuple[int, ...]]:
        """Iterate over the pure profiles, the last player's strategy fastest."""
        return product(*(range(size) for size in self.shape))

    def payoff(self, profile: Sequence[int]) -> tuple[Fraction, ...]:
        """Return what each player receives at a pure profile."""
        return tuple(table[tuple(profile)] for table in self.payoffs)

    def expected_payoffs(self, profile: Sequence[Sequence[Number]]) -> tuple[Fraction, ...]:
        """Return what each player expects at a mixed profile, exactly.

        >>> half = (Fraction(1, 2), Fraction(1, 2))
        >>> NormalFormGame.zero_sum([[3, 0], [0, 1]]).expected_payoffs((half, half))
        (Fraction(1, 1), Fraction(-1, 1))
        """
        mixed = [tuple(exact(p, what=f"probability of {self.players[i]!r}") for p in s) for i, s in enumerate(profile)]
        if tuple(map(len, mixed)) != self.shape:
            raise InputError(f"profile has {[len(s) for s in mixed]} probabilities; the game has shape {self.shape}")
        return tuple(_expectation(table, mixed) for table in self.payoffs)

    def restricted(self, keep: Sequence[Sequence[int]]) -> NormalFormGame:
        """Return the game in which each player has only the strategies whose indices are kept."""
        kept = [tuple(k) for k in keep]
        problems = [f"{p!r} keeps no strategy" for p, k in zip(self.players, kept, strict=True) if not k]
        InputError.raise_all(problems)
        shape = tuple(map(len, kept))
        cells = list(product(*kept))
        steps = [math.prod(self.shape[i + 1 :]) for i in range(len(self.shape))]
        flat = [sum(k * step for k, step in zip(cell, steps, strict=True)) for cell in cells]
        return NormalFormGame(
            *(PayoffTable(shape, tuple(t.numerators[f] for f in flat), t.denominator) for t in self.payoffs),
            players=self.players,
            strategies=[[names[k] for k in ks] for names, ks in zip(self.strategies, kept, strict=True)],
        )

    def __repr__(self) -> str:
        size = " x ".join(map(str, self.shape))
        return f"NormalFormGame({size}, players={self.players!r})"


def _common_shape(tables: Sequence[PayoffTable]) -> tuple[int, ...]:
    shape = tables[0].shape
    for i, table in enumerate(tables):
        if table.shape != shape:
            raise InputError(f"payoffs[{i}] has shape {table.shape}, payoffs[0] has {shape}; make them equal")
    if len(shape) != len(tables):
        hint = "; for a zero-sum game use NormalFormGame.zero_sum(A)" if (len(shape), len(tables)) == (2, 1) else ""
        raise InputError(
            f"{len(tables)} payoff array(s) of dimension {len(shape)}: give one array a player, "
            f"each with one axis a player{hint}"
        )
    return shape


def _player_names(players: Iterable[str] | None, count: int) -> tuple[str, ...]:
    if players is None:
        return tuple(f"player {i}" for i in range(count))
    names = tuple(str(name) for name in players)
    if len(names) != count:
        raise InputError(f"{len(names)} player names for {count} players; give one a player")
    if len(set(names)) != count:
        raise InputError(f"player names {names} repeat; give each player its own name")
    return names


def _strategy_names(strategies: Iterable[Iterable[str]] | None, shape: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    if strategies is None:
        return tuple(tuple(str(k) for k in range(size)) for size in shape)
    names = tuple(tuple(str(name) for name in own) for own in strategies)
    if tuple(map(len, names)) != shape:
        raise InputError(
            f"strategy names {[len(n) for n in names]} do not match the shape {shape}; give one a strategy"
        )
    for i, own in enumerate(names):
        if len(set(own)) != len(own):
            raise InputError(f"player {i} has two strategies of the same name in {own}; give each its own name")
    return names


def _expectation(table: PayoffTable, mixed: Sequence[Sequence[Fraction]]) -> Fraction:
    """Contract the last axis again and again, with integers over one denominator."""
    cells: list[Any] = list(table.numerators)
    scale = table.denominator
    for probabilities in reversed(mixed):
        common = math.lcm(*(p.denominator for p in probabilities))
        weights = [(k, p.numerator * (common // p.denominator)) for k, p in enumerate(probabilities) if p]
        size = len(probabilities)
        cells = [sum(w * cells[start + k] for k, w in weights) for start in range(0, len(cells), size)]
        scale *= common
    return Fraction(cells[0], scale)
