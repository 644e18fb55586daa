"""One player's best reply in a game of formulas: searched in floats over its whole strategy set."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.games.smooth import as_smooth
from gametheory.solvers.smooth.replies import OwnProblem

__all__ = ["Reply", "best_response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A best reply, as far as a search in floats goes; how much is missing at most, the game's certificate bounds.

    Attributes
    ----------
    player
        Who replies.
    strategy
        What it does, by variable name.
    value
        The cost or payoff it then has (the nearest double where it is not rational).
    gain
        By how much that is better than what it has in the profile; never negative.
    """

    player: str
    strategy: dict[str, Fraction]
    value: Fraction
    gain: Fraction


def best_response(game: Any, profile: Any, player: str | int) -> Reply:
    """Return a best reply of `player` (name or index) to the others' strategies in `profile`.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> reply = best_response(catalogue("tullock_contest").game, ((2,), (1,)), "1")
    >>> reply.strategy["bid"] == 1, reply.gain
    (True, Fraction(1, 3))
    """
    inner = as_smooth(game)
    given = [profile[name] for name in inner.players] if isinstance(profile, dict) else profile
    rows = [tuple(own) if isinstance(own, tuple | list) else (own,) for own in given]
    if [len(row) for row in rows] != [own.size for own in inner.strategies]:
        raise InputError(f"profile {profile!r:.60}: give each of the {len(inner.players)} players its own numbers")
    strategies = [tuple(exact(v) for v in row) for row in rows]
    if isinstance(player, str) and player in inner.players:
        i = inner.players.index(player)
    elif isinstance(player, int) and not isinstance(player, bool) and 0 <= player < len(inner.players):
        i = player
    else:
        raise InputError(f"player {player!r} is not in this game; the players are {', '.join(inner.players)}")
    joint = np.array([float(v) for row in strategies for v in row])
    own = inner.strategies[i]
    problem = OwnProblem(inner.costs[i], own, inner.blocks[i])
    problem.look(joint)
    found = problem.reply(joint)
    before = inner.payoffs(strategies)[i]
    best, value, gain = strategies[i], before, Fraction(0)
    for limit in (1000, 10**9, None):
        near = [Fraction(float(v)) if limit is None else Fraction(float(v)).limit_denominator(limit) for v in found]
        if own.violation(near)[0] > 0:
            continue
        after = inner.payoffs([*strategies[:i], tuple(near), *strategies[i + 1 :]])[i]
        better = before - after if inner.sense == "cost" else after - before
        if better > gain:
            best, value, gain = tuple(near), after, better
    return Reply(player=inner.players[i], strategy=dict(zip(own.variables, best, strict=True)), value=value, gain=gain)
