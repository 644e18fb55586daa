"""What one player does best while the others keep to a profile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.errors import InputError
from gametheory.games.mixed_profile import Mixed, read_profile
from gametheory.games.normal_form import NormalFormGame

__all__ = ["BestResponse", "best_response", "largest_regret", "payoff_vector", "player_index"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BestResponse:
    """All pure best replies; every mixture of them is a best reply too, and there is no other.

    Attributes
    ----------
    player
        Who replies.
    strategies
        The pure best replies by name.
    payoff
        What each of them earns.
    gain
        What the player gains by them over its strategy in the profile; 0 where that is a best reply already.
    values
        What each pure strategy earns, by name.
    """

    player: str
    strategies: tuple[str, ...]
    payoff: Fraction
    gain: Fraction
    values: dict[str, Fraction]


def best_response(game: NormalFormGame, profile: Any, player: str | int) -> BestResponse:
    """Return the best replies of `player` to the others' strategies in `profile`, exactly.

    Parameters
    ----------
    profile
        A strategy for each player: probabilities, or the index of a pure strategy.
    player
        Name or index.

    Raises
    ------
    InputError
        The profile does not fit the game, or there is no such player.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> best_response(game, (0, 0), 1).payoff
    Fraction(5, 1)
    """
    mixed, _ = read_profile(game, profile)
    i = player_index(game, player)
    values = payoff_vector(game, mixed, i)
    best = max(values)
    earned = sum((p * v for p, v in zip(mixed[i], values, strict=True)), Fraction(0))
    names = game.strategies[i]
    return BestResponse(
        player=game.players[i],
        strategies=tuple(name for name, value in zip(names, values, strict=True) if value == best),
        payoff=best,
        gain=best - earned,
        values=dict(zip(names, values, strict=True)),
    )


def player_index(game: NormalFormGame, player: str | int) -> int:
    """Return the index of a player given by name or index."""
    if isinstance(player, str) and player in game.players:
        return game.players.index(player)
    if isinstance(player, int) and not isinstance(player, bool) and 0 <= player < len(game.players):
        return player
    raise InputError(f"player {player!r} is not in this game; the players are {', '.join(game.players)}")


def payoff_vector(game: NormalFormGame, profile: Mixed, player: int) -> tuple[Fraction, ...]:
    """Return what `player` expects from each pure strategy, summing over the supports of the others."""
    table = game.payoffs[player]
    cells = np.moveaxis(table.integers(), player, 0)
    scale = table.denominator
    for strategy in reversed([s for i, s in enumerate(profile) if i != player]):
        common = math.lcm(*(p.denominator for p in strategy))
        scale *= common
        weighted = [cells[..., k] * (p.numerator * (common // p.denominator)) for k, p in enumerate(strategy) if p]
        cells = sum(weighted[1:], weighted[0])
    return tuple(Fraction(int(cell), scale) for cell in cells)


def largest_regret(game: NormalFormGame, profile: Mixed) -> Fraction:
    """Return the largest gain from a deviation, exactly."""
    worst: Any = Fraction(0)
    for i, strategy in enumerate(profile):
        values = payoff_vector(game, profile, i)
        worst = max(worst, max(values) - sum((p * v for p, v in zip(strategy, values, strict=True) if p), Fraction(0)))
    return Fraction(worst)
