"""Elimination of dominated strategies, judged step by step from the definition; for those that stay, by their beliefs.

A mixture that dominates is checked cell by cell. That a strategy which stays is not dominated is shown by a belief over
the others' remaining cells under which it is a best reply (of full support where weak dominance is meant): a mixture
that dominated it would earn more under that belief. Where only pure strategies dominate, all of them are tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_dominance"]

Kept = list[tuple[int, ...]]


def check_dominance(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether `profile` (strategy indices a player) is what elimination leaves.

    The witness says which dominance is meant (``"weak"``, ``"mixed"``, ``"iterated"``) and gives the ``"steps"``
    ``(round, player, strategy, dominating mixture)`` and the ``"beliefs"`` ``(player, strategy, belief)``.
    """
    given = dict(witness or {})
    weak, mixed = bool(given.get("weak", False)), bool(given.get("mixed", True))
    iterated = bool(given.get("iterated", True))
    wanted = _read_kept(game, profile)
    kept: Kept = [tuple(range(size)) for size in game.shape]
    word = ("weakly" if weak else "strictly") + (" dominated" if mixed else " dominated by a pure strategy")
    by_round: dict[int, list[tuple[int, int, Any]]] = {}
    for r, i, k, mixture in given.get("steps", ()):
        by_round.setdefault(int(r), []).append((int(i), int(k), mixture))
    for r in sorted(by_round):
        for i, k, mixture in by_round[r]:
            if not _dominates(game, kept, i, k, mixture, weak=weak):
                return _refuted(f"{game.strategies[i][k]!r} of {game.players[i]!r} is {word} in round {r + 1}")
        gone = {(i, k) for i, k, _ in by_round[r]}
        before = kept
        kept = [tuple(k for k in own if (i, k) not in gone) for i, own in enumerate(kept)]
    if kept != wanted:
        return _refuted("the strategies that remain are those that the steps leave")
    if not iterated and len(by_round) > 1:
        return _refuted("the elimination takes one round")
    arena = before if by_round and not iterated else kept
    beliefs = {(int(i), int(k)): belief for i, k, belief in given.get("beliefs", ())}
    for i, own in enumerate(kept):
        for k in own:
            if mixed:
                stays = _best_reply(game, arena, i, k, beliefs.get((i, k)), full=weak)
            else:
                pure = ([Fraction(int(j == l)) for j in range(game.shape[i])] for l in arena[i] if l != k)
                stays = not any(_dominates(game, arena, i, k, one, weak=weak) for one in pure)
            if not stays:
                return _refuted(f"{game.strategies[i][k]!r} of {game.players[i]!r}, which remains, is not {word}")
    times = "again and again" if iterated else "once"
    if weak and len(by_round) > 1:
        times += " in the rounds that are given"  # in another order, other strategies may be left
    claim = f"removing what is {word}, {times}, leaves exactly these strategies"
    return Certificate(strength=Strength.EXACT, claim=claim, bound=Fraction(0), epsilon=exact(epsilon))


def _refuted(claim: str) -> Certificate:
    return Certificate(strength=Strength.REFUTED, claim=claim, bound=Fraction(1))


def _read_kept(game: NormalFormGame, profile: Any) -> Kept:
    if not isinstance(profile, Sequence) or isinstance(profile, str) or len(profile) != len(game.shape):
        raise InputError(f"{profile!r}: give the remaining strategy indices of each of the {len(game.shape)} players")
    kept = [tuple(int(k) for k in own) for own in profile]
    for i, own in enumerate(kept):
        if not own or list(own) != sorted(set(own)) or own[0] < 0 or own[-1] >= game.shape[i]:
            raise InputError(f"{game.players[i]!r}: {own} are no increasing strategy indices below {game.shape[i]}")
    return kept


def _cells(kept: Kept, player: int) -> list[list[int]]:
    """Return the cells of the others, with a place left for `player`."""
    return [list(cell) for cell in product(*(own if i != player else (0,) for i, own in enumerate(kept)))]


def _values(game: NormalFormGame, cells: list[list[int]], player: int, strategy: int) -> list[Fraction]:
    table = game.payoffs[player]
    return [table[(*cell[:player], strategy, *cell[player + 1 :])] for cell in cells]


def _dominates(game: NormalFormGame, kept: Kept, player: int, strategy: int, mixture: Any, *, weak: bool) -> bool:
    weights = [exact(p, what="dominating mixture") for p in mixture]
    if len(weights) != game.shape[player] or min(weights) < 0 or sum(weights) != 1:
        return False
    support = [l for l, p in enumerate(weights) if p]
    if strategy in support or strategy not in kept[player] or not set(support) <= set(kept[player]):
        return False
    cells = _cells(kept, player)
    own = _values(game, cells, player, strategy)
    columns = [_values(game, cells, player, l) for l in support]
    gains = [
        sum((weights[l] * column[c] for l, column in zip(support, columns, strict=True)), -own[c])
        for c in range(len(cells))
    ]
    return all(g >= 0 for g in gains) and any(g > 0 for g in gains) if weak else all(g > 0 for g in gains)


def _best_reply(game: NormalFormGame, kept: Kept, player: int, strategy: int, belief: Any, *, full: bool) -> bool:
    """Whether the belief is one (of full support where `full`) and makes the strategy a best reply among those kept."""
    cells = _cells(kept, player)
    if belief is None or len(belief) != len(cells):
        return False
    weights = [exact(p, what="belief") for p in belief]
    if sum(weights) != 1 or any(p < 0 or (full and p == 0) for p in weights):
        return False
    earned = {
        l: sum((p * v for p, v in zip(weights, _values(game, cells, player, l), strict=True)), Fraction(0))
        for l in kept[player]
    }
    return earned[strategy] == max(earned.values())
