"""Profiles of continuous games, read once for every checker: numbers of all players, and the constraints they miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.games.polyhedron import Polyhedron
from gametheory.result import Certificate, Strength

__all__ = ["Profile", "infeasible", "read_profile", "violated"]

Profile = tuple[tuple[Fraction, ...], ...]


def read_profile(game: Any, profile: Any) -> Profile:
    """Return the strategies of a game with polyhedra in Fractions; a strategy of one variable may be given as a number.

    Raises
    ------
    InputError
        A player is missing, or a strategy does not have one number for each variable.
    """
    if isinstance(profile, Mapping):
        missing = [name for name in game.players if name not in profile]
        if missing or len(profile) != len(game.players):
            raise InputError(f"the profile names {list(profile)}, the players are {list(game.players)}")
        profile = [profile[name] for name in game.players]
    if not isinstance(profile, Sequence | np.ndarray) or isinstance(profile, str) or len(profile) != len(game.players):
        raise InputError(f"profile {profile!r}: give one strategy for each of the {len(game.players)} players")
    strategies = []
    for name, own, given in zip(game.players, game.strategies, profile, strict=True):
        if isinstance(given, Mapping) and set(given) == set(own.variables):
            given = [given[variable] for variable in own.variables]
        if not isinstance(given, Sequence | np.ndarray) or isinstance(given, str):
            given = [given]
        if len(given) != own.size:
            raise InputError(f"{name!r}: {len(given)} numbers for {own.size} variables; give one for each")
        strategies.append(tuple(exact(v, what=f"{name!r} variable {k}") for k, v in enumerate(given)))
    return tuple(strategies)


def violated(names: Sequence[str], sets: Sequence[Polyhedron], points: Sequence[Sequence[Fraction]]) -> Any:
    """Return (by how much, who, which constraint) of the worst violation, or None."""
    found = [(*own.violation(x), name) for name, own, x in zip(names, sets, points, strict=True)]
    missed, text, name = max(found, key=lambda item: item[0])
    return (missed, name, text) if missed > 0 else None


def infeasible(claim: str, miss: Any, epsilon: Fraction) -> Certificate:
    """Return the refusal of a profile that misses a constraint."""
    missed, name, text = miss
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: no, it is not feasible, {name!r} misses {text} by {missed}",
        bound=missed,
        witness={"violated": text, "player": name},
        epsilon=epsilon,
    )
