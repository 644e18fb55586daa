"""Properties of a coalitional game, decided from their definitions over all coalitions, each with a witness.

For costs the words turn round: subadditive and concave take the place of superadditive and convex.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.certificates.coalitional import sign_of
from gametheory.errors import SizeLimit
from gametheory.games.coalition_table import CoalitionTable, subset_sums
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Core, Strength

__all__ = ["balanced", "convex", "monotone", "null_players", "superadditive", "symmetric_players"]

_PAIR_LIMIT = 22
_SPLIT_LIMIT = 16


def _table(game: CoalitionalGame, *, signed: bool, limit: int = _PAIR_LIMIT) -> CoalitionTable:
    if len(game.players) > limit:
        raise SizeLimit(f"{len(game.players)} players: this property is decided by enumeration up to {limit} players")
    table = game.values
    return table if not signed or sign_of(game) > 0 else table.negated()


def _numbers(table: CoalitionTable) -> Any:
    """Return the numerators, as Python integers where sums of four could leave 64 bits."""
    return table.numerators if table.largest < 2**60 else table.numerators.astype(object)


def _verdict(claim: str, denial: str, worst: int, scale: int, witness: dict[str, Any]) -> Certificate:
    """Return an exact claim either way; the bound is the largest violation, 0 where the property holds."""
    return Certificate(
        strength=Strength.EXACT,
        claim=claim if worst <= 0 else denial,
        bound=Fraction(max(worst, 0), scale),
        witness=witness if worst > 0 else {},
    )


def monotone(game: CoalitionalGame) -> Certificate:
    """State whether nobody's arrival lowers the number: ``v(T) <= v(T + i)``, of costs too."""
    table = _table(game, signed=False)
    worst, found = 0, (0, 0)
    for i in range(table.players):
        lost = _drop(table, i)
        k = int(np.argmax(lost))
        if lost[k] > worst:
            worst, found = int(lost[k]), (_insert(k, i), i)
    mask, i = found
    witness = {"coalition": game.coalition(mask), "player": game.players[i]}
    denial = f"not monotone: {game.players[i]} lowers ({', '.join(game.coalition(mask))})"
    return _verdict("monotone", denial, worst, table.denominator, witness)


def convex(game: CoalitionalGame) -> Certificate:
    """State whether a player adds more to larger coalitions (of costs: less): ``v(T+i+j) - v(T+j) >= v(T+i) - "
    "v(T)``."""
    table = _table(game, signed=True)
    name = "convex" if game.kind == "value" else "concave"
    worst, found = 0, (0, 0, 0)
    for j in range(table.players):
        for i in range(j):
            added = -_drop(table, j)
            pairs = added.reshape(-1, 2, 1 << i)
            fall = (pairs[:, 0] - pairs[:, 1]).ravel()
            k = int(np.argmax(fall))
            if fall[k] > worst:
                worst, found = int(fall[k]), (_insert(_insert(k, i), j), i, j)
    mask, i, j = found
    witness = {"coalition": game.coalition(mask), "players": (game.players[i], game.players[j])}
    word = "adds more to" if game.kind == "value" else "costs less in"
    there = f"({', '.join(game.coalition(mask))})"
    denial = f"not {name}: {game.players[j]} {word} {there} before {game.players[i]}"
    return _verdict(name, denial, worst, table.denominator, witness)


def superadditive(game: CoalitionalGame) -> Certificate:
    """State whether two disjoint coalitions never do better apart: ``v(S) + v(T) <= v(S + T)`` (of costs: ``>=``)."""
    table = _table(game, signed=True, limit=_SPLIT_LIMIT)
    name = "superadditive" if game.kind == "value" else "subadditive"
    values, n = _numbers(table), table.players
    worst, found = 0, (0, 0)
    for mask in range(1, 2**n):
        # The other coalition has no member below the first of this one, so each pair is met once.
        first = (mask & -mask).bit_length()
        others = subset_sums(1 << i for i in range(first, n) if not mask >> i & 1)
        if len(others) < 2:
            continue
        apart = values[others] + values[mask] - values[others | mask]
        k = int(np.argmax(apart))
        if apart[k] > worst:
            worst, found = int(apart[k]), (mask, int(others[k]))
    pair = (game.coalition(found[0]), game.coalition(found[1]))
    denial = f"not {name}: ({', '.join(pair[0])}) and ({', '.join(pair[1])}) do better apart"
    return _verdict(name, denial, worst, table.denominator, {"coalitions": pair})


def balanced(core: Core) -> Certificate:
    """State whether the core holds a point, from a certified :class:`~gametheory.result.Core`."""
    surplus = core.certificate.witness["surplus"] if core.empty else Fraction(0)
    return Certificate(
        strength=core.certificate.strength,
        claim="not balanced: the core is empty" if core.empty else "balanced",
        bound=surplus,
        witness={"weights": dict(core.balanced_weights or {})} if core.empty else {"point": core.point},
    )


def null_players(game: CoalitionalGame) -> tuple[str, ...]:
    """Return the players who change nothing: ``v(T + i) = v(T)`` for all ``T``."""
    table = _table(game, signed=False)
    return tuple(name for i, name in enumerate(game.players) if not np.any(_drop(table, i)))


def symmetric_players(game: CoalitionalGame) -> tuple[tuple[str, ...], ...]:
    """Return the groups of players who can stand in for each other: ``v(T + i) = v(T + j)`` for all ``T``."""
    table = _table(game, signed=False)
    groups: list[list[int]] = []
    for i in range(table.players):
        home = next((group for group in groups if _interchangeable(table, group[0], i)), None)
        if home is None:
            groups.append([i])
        else:
            home.append(i)
    return tuple(tuple(game.players[i] for i in group) for group in groups if len(group) > 1)


def _interchangeable(table: CoalitionTable, i: int, j: int) -> bool:
    # Axes: above j, j, between, i, below i (i < j).
    cube = table.numerators.reshape(-1, 2, 1 << (j - i - 1), 2, 1 << i)
    return bool(np.array_equal(cube[:, 0, :, 1], cube[:, 1, :, 0]))


def _drop(table: CoalitionTable, i: int) -> Any:
    """Return ``v(T) - v(T + i)`` for the coalitions without player i, in the order of their masks."""
    pairs = _numbers(table).reshape(-1, 2, 1 << i)
    return (pairs[:, 0] - pairs[:, 1]).ravel()


def _insert(mask: int, bit: int) -> int:
    """Return the mask with a zero put in at `bit`."""
    low = mask & ((1 << bit) - 1)
    return (mask >> bit) << (bit + 1) | low
