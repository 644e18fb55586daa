"""Sampled Shapley values: intervals claimed with a confidence, checked against values or against other samples.

Up to 16 players of a table, up to 20 members of a small pooled game, and for families with a formula, the values are
computed exactly and every interval must hold its value. Beyond, the checker draws marginal contributions of its own
(another seed, another way to draw: sets, not orders) and refutes an interval that lies apart from its own at odds of a
million to one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, to_float
from gametheory.certificates.coalitional import read_allocation
from gametheory.certificates.families import family_shapley
from gametheory.certificates.values import by_dividends
from gametheory.errors import InputError
from gametheory.games.coalitional import CoalitionalGame
from gametheory.result import Certificate, Strength

__all__ = ["check_sampled_shapley", "judged_draws"]

_EXACT_PLAYERS = 16
_DRAWS = 400
_PLAYERS = 8


def check_sampled_shapley(game: Any, profile: Mapping[str, Any]) -> Certificate:
    """Judge ``{"values", "intervals", "confidence"}``: every interval is claimed to hold its player's Shapley value."""
    missing = [key for key in ("values", "intervals", "confidence") if key not in profile]
    if missing:
        raise InputError(f"a sampled allocation needs {missing[0]!r}; give values, intervals and confidence")
    values = read_allocation(game.players, profile["values"])
    intervals = [tuple(exact(end, what="interval") for end in pair) for pair in profile["intervals"]]
    if len(intervals) != len(values) or any(len(pair) != 2 for pair in intervals):
        raise InputError(f"{len(intervals)} intervals for {len(values)} players; give a pair (low, high) for each")
    confidence = exact(profile["confidence"], what="confidence")
    if not 0 < confidence < 1:
        raise InputError(f"confidence {confidence} must lie between 0 and 1")
    bound = max(high - low for low, high in intervals) / 2
    claim = f"with confidence {to_float(confidence):g} every interval holds its player's Shapley value"
    for name, value, (low, high) in zip(game.players, values, intervals, strict=True):
        if not low <= value <= high:
            return _refuted(claim, name, (low, high), value, "its own estimate")
    known = _known(game)
    if known is not None:
        for name, value, (low, high) in zip(game.players, known[0], intervals, strict=True):
            if not low <= value <= high:
                return _refuted(claim, name, (low, high), value, known[1])
        evidence: dict[str, Any] = {"by": known[1], "covered": True}
    else:
        evidence = {"by": "independent draws", "players": []}
        generator = random.Random(20090)
        chosen = sorted(generator.sample(range(len(values)), min(_PLAYERS, len(values))))
        for i, draws in zip(chosen, _marginals(game, chosen, generator), strict=True):
            mean, slack = judged_draws(draws)
            low, high = intervals[i]
            if mean + slack < low or mean - slack > high:
                return _refuted(claim, game.players[i], (low, high), exact(mean), "independent draws")
            evidence["players"].append(game.players[i])
        evidence["players"] = tuple(evidence["players"])
    return Certificate(strength=Strength.STATISTICAL, claim=claim, bound=bound, witness=evidence, epsilon=bound)


def _known(game: Any) -> tuple[list[Fraction], str] | None:
    """Return the exact Shapley values and how they were found, where that is quick."""
    if isinstance(game, CoalitionalGame):
        known = family_shapley(game)
        if known is None and len(game.players) <= _EXACT_PLAYERS:
            known = by_dividends(game, lambda size: Fraction(1, size)), "Harsanyi dividends"
        return known
    from gametheory.certificates.pooled_draws import known_values

    return known_values(game)


def _marginals(game: Any, players: list[int], generator: random.Random) -> list[list[float]]:
    """Return the checker's own draws for each of some players."""
    if not isinstance(game, CoalitionalGame):
        from gametheory.certificates.pooled_draws import marginal_costs

        return marginal_costs(game, players, generator)
    return [_of_values(game, player, generator) for player in players]


def _of_values(game: CoalitionalGame, player: int, generator: random.Random) -> list[float]:
    """Return what a player adds: a size is drawn, then a set of the others of that size."""
    others = [name for k, name in enumerate(game.players) if k != player]
    own = game.players[player]
    draws = []
    for _ in range(_DRAWS):
        size = generator.randrange(len(others) + 1)
        before = generator.sample(others, size)
        draws.append(to_float(game.value([*before, own]) - game.value(before)))
    return draws


def judged_draws(draws: list[float]) -> tuple[float, float]:
    """Return the mean of draws, and a slack that it misses once in a million."""
    mean = math.fsum(draws) / len(draws)
    spread = max(draws) - min(draws)
    # Hoeffding with the range seen, doubled, since the true range may be wider than what was drawn.
    return mean, 2 * spread * math.sqrt(math.log(2e6) / (2 * len(draws))) + 1e-12 * (1 + abs(mean))


def _refuted(claim: str, player: str, interval: tuple[Fraction, ...], value: Fraction, by: str) -> Certificate:
    low, high = interval
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: {player!r} has {to_float(value):.6g} outside [{to_float(low):.6g}, {to_float(high):.6g}]",
        bound=max(low - value, value - high),
        witness={"player": player, "value": value, "interval": interval, "by": by},
    )
