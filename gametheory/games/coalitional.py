"""Coalitional games: what every group of players can reach (or must pay) on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, exact, exact_series
from gametheory.errors import InputError, SizeLimit
from gametheory.games import coalition_families as families
from gametheory.games.coalition_table import (
    PLAYER_LIMIT,
    CoalitionTable,
    common_denominator,
    read_coalition_table,
    rounded_table,
    subset_sums,
)

__all__ = ["LAZY_LIMIT", "CoalitionalGame"]

#: A structured game builds its table up to this number of players.
LAZY_LIMIT = 24

_SENSES = {"value": "payoff", "cost": "cost"}


@dataclass(frozen=True, slots=True, repr=False)
class CoalitionalGame:
    """A game with transferable money: a number ``v(T)`` for every coalition ``T``, and ``v(empty) = 0``.

    Make one by :meth:`from_table`, :meth:`from_dict`, :meth:`from_function` or one of the classical families.

    Attributes
    ----------
    players
        Names; bit i of a coalition is player i.
    kind
        ``"value"`` (players want much) or ``"cost"`` (players want to pay little).
    table
        The numbers of all coalitions, or None where `structure` gives them.
    structure
        The family that the game belongs to, with its own small data; the table is built from it when it is asked for.

    Raises
    ------
    InputError
        Not ``2**n`` numbers, ``v(empty) != 0``, names that repeat, a kind that is neither value nor cost.

    Examples
    --------
    >>> game = CoalitionalGame.from_dict({("a",): 0, ("b",): 1, ("a", "b"): 4})
    >>> game.value(("a", "b")), game.players
    (Fraction(4, 1), ('a', 'b'))
    """

    players: tuple[str, ...]
    kind: str = "value"
    table: CoalitionTable | None = None
    structure: Any = None
    _built: list[CoalitionTable] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        names = tuple(str(name) for name in self.players)
        object.__setattr__(self, "players", names)
        problems = []
        if not names:
            problems.append("no player: give at least one")
        if len(set(names)) != len(names):
            problems.append(f"player names {names} repeat; give each player its own name")
        if self.kind not in _SENSES:
            problems.append(f"kind={self.kind!r}: give 'value' or 'cost'")
        if (self.table is None) == (self.structure is None):
            problems.append("give either a table of all coalitions or a structure")
        InputError.raise_all(problems)
        if self.table is not None:
            object.__setattr__(self, "table", read_coalition_table(self.table))
            if self.table.players != len(names):
                raise InputError(f"{len(self.table)} values for {len(names)} players; give {2 ** len(names)}")
        elif self.structure.size != len(names):
            raise InputError(f"{len(names)} names for {self.structure.size} players; give one a player")

    # ------------------------------------------------------------------------------------------------ constructors

    @classmethod
    def from_table(cls, values: Any, players: Iterable[str] | None = None, *, kind: str = "value") -> CoalitionalGame:
        """Return the game with ``2**n`` numbers: bit i of the position is player i, entry 0 is the empty coalition.

        >>> CoalitionalGame.from_table([0, 0, 0, 1]).value(("player 0", "player 1"))
        Fraction(1, 1)
        """
        table = read_coalition_table(values)
        return cls(_names(players, table.players), kind, table)

    @classmethod
    def from_floats(cls, values: Any, players: Iterable[str] | None = None, *, kind: str = "value") -> CoalitionalGame:
        """Return the game of ``2**n`` floats rounded to one common power of two, for tables of up to 30 players.

        :meth:`from_table` keeps floats exactly, which asks for long integers where their sizes differ much. Here each
        number moves by at most ``1/(2 d)`` with ``d`` the denominator of the game's table (a relative ``2**-61`` of the
        largest), so Shapley and Banzhaf values move by at most ``1/d`` and excesses of an allocation by ``1/(2 d)``.

        >>> game = CoalitionalGame.from_floats([0.0, 0.1, 0.2, 1e9])
        >>> abs(game.value(("player 0",)) - Fraction("0.1")) < Fraction(1, game.values.denominator)
        True
        """
        table = rounded_table(values)
        return cls(_names(players, table.players), kind, table)

    @classmethod
    def from_dict(
        cls,
        values: Mapping[Any, Number],
        players: Iterable[str] | None = None,
        *,
        kind: str = "value",
        missing: Number | None = None,
    ) -> CoalitionalGame:
        """Return the game with a number for each tuple of names.

        Coalitions that are not given are refused, or get the number `missing`; the empty one may be left out. A key
        that is a single string is the name of one player.
        """
        members = [((key,) if isinstance(key, str) else tuple(key), value) for key, value in values.items()]
        found = dict.fromkeys(str(name) for names, _ in members for name in names)
        names = tuple(found) if players is None else tuple(str(p) for p in players)
        _check_size(len(names))
        bit = {name: 1 << i for i, name in enumerate(names)}
        problems = [f"{name!r} is no player; the players are {', '.join(names)}" for name in found if name not in bit]
        InputError.raise_all(problems)
        numbers: dict[int, Fraction] = {}
        for coalition, value in members:
            mask = sum({bit[str(name)] for name in coalition})
            if mask in numbers:
                raise InputError(f"coalition {coalition} is given twice; give it once")
            numbers[mask] = exact(value, what=f"value of {coalition}")
        numbers.setdefault(0, Fraction(0))
        absent = [mask for mask in range(2 ** len(names)) if mask not in numbers]
        if absent and missing is None:
            first = tuple(name for name in names if absent[0] & bit[name])
            raise InputError(
                f"{len(absent)} coalitions have no value, the first is {first}; give them, or missing=0 for all of them"
            )
        other = exact(missing, what="missing") if missing is not None else Fraction(0)
        return cls(names, kind, common_denominator([numbers.get(m, other) for m in range(2 ** len(names))]))

    @classmethod
    def from_function(
        cls, function: Callable[[tuple[str, ...]], Number], players: Iterable[str], *, kind: str = "value"
    ) -> CoalitionalGame:
        """Return the game ``v(T) = function(T)``; `function` takes a tuple of names, in player order.

        It is asked once for every coalition except the empty one, and the game keeps the table.

        >>> CoalitionalGame.from_function(lambda T: len(T) ** 2, ["a", "b"]).value(("a", "b"))
        Fraction(4, 1)
        """
        names = tuple(str(p) for p in players)
        _check_size(len(names), LAZY_LIMIT)
        numbers = [Fraction(0)]
        for mask in range(1, 2 ** len(names)):
            coalition = tuple(name for i, name in enumerate(names) if mask >> i & 1)
            numbers.append(exact(function(coalition), what=f"value of {coalition}"))
        return cls(names, kind, common_denominator(numbers))

    @classmethod
    def weighted_majority(
        cls, quota: Number, weights: Sequence[Number], players: Iterable[str] | None = None
    ) -> CoalitionalGame:
        """Return the simple game in which a coalition wins (1) if its weights reach the quota."""
        return cls._of(families.WeightedMajority(quota, exact_series(weights, what="weights")), players)

    @classmethod
    def bankruptcy(
        cls, estate: Number, claims: Sequence[Number], players: Iterable[str] | None = None
    ) -> CoalitionalGame:
        """Return the game of claims on an estate: ``v(T)`` is what the others' claims leave of it."""
        return cls._of(families.Bankruptcy(estate, exact_series(claims, what="claims")), players)

    @classmethod
    def airport(cls, costs: Sequence[Number], players: Iterable[str] | None = None) -> CoalitionalGame:
        """Return the cost game of one runway: a coalition pays for its longest need."""
        return cls._of(families.Airport(exact_series(costs, what="costs")), players)

    @classmethod
    def assignment(cls, matrix: Sequence[Sequence[Number]], players: Iterable[str] | None = None) -> CoalitionalGame:
        """Return the market in which row player i and column player j earn ``matrix[i][j]`` as a pair.

        Rows are the first players, columns the others.
        """
        return cls._of(families.Assignment(_rows(matrix, "matrix")), players)

    @classmethod
    def glove(cls, left: int, right: int, players: Iterable[str] | None = None) -> CoalitionalGame:
        """Return the market of left and right gloves: a pair is worth 1. The left hands are the first players."""
        return cls._of(families.Glove(left, right), players)

    @classmethod
    def spanning_tree(cls, costs: Sequence[Sequence[Number]], players: Iterable[str] | None = None) -> CoalitionalGame:
        """Return the cost game of a network: a coalition pays the cheapest tree that joins it to the source.

        ``costs`` is symmetric of size n + 1; node 0 is the source, node i + 1 is player i.
        """
        return cls._of(families.SpanningTree(_rows(costs, "costs")), players)

    @classmethod
    def flow(
        cls, arcs: Sequence[tuple[int, int, Number]], source: int, sink: int, players: Iterable[str] | None = None
    ) -> CoalitionalGame:
        """Return the game in which each player owns an arc ``(tail, head, capacity)``; coalitions earn their flow."""
        return cls._of(families.Flow(tuple(arcs), source, sink), players)

    @classmethod
    def _of(cls, structure: Any, players: Iterable[str] | None) -> CoalitionalGame:
        return cls(_names(players, structure.size), structure.kind, None, structure)

    # ------------------------------------------------------------------------------------------------------ reading

    @property
    def sense(self) -> str:
        """``"payoff"`` or ``"cost"``: the word that all game forms share."""
        return _SENSES[self.kind]

    @property
    def values(self) -> CoalitionTable:
        """The numbers of all coalitions; a structured game builds them once.

        Raises
        ------
        SizeLimit
            A structured game of more than 24 players; ask it for single coalitions, or for what its family solves.
        """
        if self.table is not None:
            return self.table
        if not self._built:
            if len(self.players) > LAZY_LIMIT:
                raise SizeLimit(
                    f"a table of {len(self.players)} players has 2**{len(self.players)} entries (limit {LAZY_LIMIT}); "
                    "use a method that knows the structure, or sample"
                )
            self._built.append(self.structure.table())
        return self._built[0]

    def mask(self, coalition: Iterable[str]) -> int:
        """Return a coalition, given by names, as bits."""
        names = (coalition,) if isinstance(coalition, str) else tuple(coalition)
        unknown = [name for name in names if name not in self.players]
        if unknown:
            raise InputError(f"{unknown[0]!r} is no player of this game; the players are {', '.join(self.players)}")
        return sum({1 << self.players.index(name) for name in names})

    def coalition(self, mask: int) -> tuple[str, ...]:
        """Return a coalition, given by bits, as names in player order."""
        return tuple(name for i, name in enumerate(self.players) if int(mask) >> i & 1)

    def value(self, coalition: Iterable[str]) -> Fraction:
        """Return ``v(T)`` (or ``C(T)``) of the named players."""
        mask = self.mask(coalition)
        if self.table is None and not self._built:
            return self.structure.value(tuple(i for i in range(len(self.players)) if mask >> i & 1))  # type: ignore[no-any-return]  # families return Fractions
        return self.values[mask]

    # ------------------------------------------------------------------------------------------------- other games

    def saving_game(self) -> CoalitionalGame:
        """Return ``v(T) = sum of C({i}) over T, minus C(T)``: what a coalition saves against everyone alone.

        Raises
        ------
        InputError
            The game speaks of values, not of costs.
        """
        if self.kind != "cost":
            raise InputError("a game of values has no savings; give kind='cost', or use the values as they are")
        table = self.values
        alone = subset_sums(int(table.numerators[1 << i]) for i in range(len(self.players)))
        return CoalitionalGame(self.players, "value", _combined(alone, table))

    def zero_normalised(self) -> CoalitionalGame:
        """Return ``v(T) - sum of v({i}) over T``: the same game with nothing to gain alone."""
        table = self.values
        alone = subset_sums(int(table.numerators[1 << i]) for i in range(len(self.players)))
        return CoalitionalGame(self.players, self.kind, _combined(alone, table).negated())

    def dual(self) -> CoalitionalGame:
        """Return ``v(N) - v(N without T)``: what a coalition can keep the others from."""
        numerators = self.values.numerators
        return CoalitionalGame(
            self.players, self.kind, CoalitionTable(numerators[-1] - numerators[::-1], self.values.denominator)
        )

    def subgame(self, coalition: Iterable[str]) -> CoalitionalGame:
        """Return the game among the named players only, in player order."""
        mask = self.mask(coalition)
        if not mask:
            raise InputError("a subgame needs at least one player; name them")
        places = [i for i in range(len(self.players)) if mask >> i & 1]
        masks = subset_sums(1 << i for i in places)
        table = CoalitionTable(self.values.numerators[masks], self.values.denominator)
        return CoalitionalGame(self.coalition(mask), self.kind, table)

    def relabelled(self, order: Sequence[str]) -> CoalitionalGame:
        """Return the same game with the players in another order."""
        if sorted(order) != sorted(self.players):
            raise InputError(f"{tuple(order)} does not name each player once; the players are {self.players}")
        masks = subset_sums(1 << self.players.index(name) for name in order)
        table = CoalitionTable(self.values.numerators[masks], self.values.denominator)
        return CoalitionalGame(tuple(order), self.kind, table)

    def __repr__(self) -> str:
        family = f", {type(self.structure).__name__}" if self.structure is not None else ""
        return f"CoalitionalGame({len(self.players)} players, {self.kind}{family})"


def _combined(left: Any, table: CoalitionTable) -> CoalitionTable:
    """Return ``left - table`` over the table's denominator; both sides stay below 2**62, so 64 bits hold it."""
    right = table.numerators
    if left.dtype == object or right.dtype == object:
        left, right = left.astype(object), right.astype(object)
    return CoalitionTable(np.subtract(left, right), table.denominator)


def _rows(matrix: Sequence[Sequence[Number]], what: str) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(exact_series(row, what=f"{what}[{i}]") for i, row in enumerate(matrix))


def _names(players: Iterable[str] | None, count: int) -> tuple[str, ...]:
    if players is None:
        return tuple(f"player {i}" for i in range(count))
    names = tuple(str(name) for name in players)
    if len(names) != count:
        raise InputError(f"{len(names)} player names for {count} players; give one a player")
    return names


def _check_size(players: int, limit: int = PLAYER_LIMIT) -> None:
    if players < 1:
        raise InputError("no player: give at least one")
    if players > limit:
        raise SizeLimit(
            f"a table of {players} players has 2**{players} entries (limit {limit}); give the game by its structure, "
            "or sample"
        )
