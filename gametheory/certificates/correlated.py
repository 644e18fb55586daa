"""Correlated and coarse correlated equilibrium from the definition, and that none is better, by weak duality.

For multipliers ``m >= 0`` of the incentive constraints ``sum_s p(s) gain(s) <= 0`` every equilibrium ``p`` has
``sum_s p(s) w(s) <= max_s (w(s) - sum m gain(s))``; where the right side is what the profile attains, it is the best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_coarse_correlated_equilibrium", "check_correlated_equilibrium"]

#: (player, told, answers): told is -1 where the player ignores what it is told.
Deviation = tuple[int, int, int]


def check_correlated_equilibrium(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no player gains more than `epsilon` by answering one recommendation differently.

    `profile` gives a probability for each cell in the order of ``game.profiles()``, or an array of the game's shape.
    """
    deviations = [(i, k, l) for i, size in enumerate(game.shape) for k in range(size) for l in range(size) if k != l]
    return _check(game, profile, deviations, "correlated equilibrium", epsilon, witness or {})


def check_coarse_correlated_equilibrium(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no player gains more than `epsilon` by one strategy for every recommendation."""
    deviations = [(i, -1, l) for i, size in enumerate(game.shape) for l in range(size)]
    return _check(game, profile, deviations, "coarse correlated equilibrium", epsilon, witness or {})


def _check(
    game: NormalFormGame,
    profile: Any,
    deviations: Sequence[Deviation],
    name: str,
    epsilon: Number,
    witness: Mapping[str, Any],
) -> Certificate:
    weights = _distribution(game, profile)
    claimed = exact(epsilon, what="epsilon")
    support = {cell: p for cell, p in zip(game.profiles(), weights, strict=True) if p}
    worst, deviation = Fraction(0), None
    for one in deviations:
        gain = sum((p * _gain(game, cell, one) for cell, p in support.items()), Fraction(0))
        if gain > worst:
            worst, deviation = gain, one
    evidence: dict[str, Any] = {}
    if deviation is not None:
        i, k, l = deviation
        told = "any recommendation" if k < 0 else game.strategies[i][k]
        evidence["deviation"] = {
            "player": game.players[i],
            "told": told,
            "strategy": game.strategies[i][l],
            "gain": worst,
        }
    if worst > claimed:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"the distribution is a {name}",
            bound=worst,
            witness=evidence,
            epsilon=claimed,
        )
    claim = f"the distribution is a {name}"
    if "objective" in witness:
        gap = _gap(game, weights, set(deviations), witness)
        if gap > claimed:
            return Certificate(
                strength=Strength.REFUTED,
                claim=f"no {name} has a larger objective",
                bound=gap,
                witness={**evidence, "gap": gap},
                epsilon=claimed,
            )
        claim += ", and none has a larger objective"
        worst = max(worst, gap)
    claim += "" if claimed == 0 else f" up to {brief(claimed)}"
    return Certificate(strength=Strength.EXACT, claim=claim, bound=worst, witness=evidence, epsilon=claimed)


def _distribution(game: NormalFormGame, profile: Any) -> list[Fraction]:
    flat = list(profile.ravel()) if isinstance(profile, np.ndarray) else profile
    cells = len(game.payoffs[0].numerators)
    if not isinstance(flat, Sequence) or isinstance(flat, str) or len(flat) != cells:
        raise InputError(f"the distribution does not give {cells} probabilities; give one for each cell")
    weights = [exact(p, what=f"probability of cell {k}") for k, p in enumerate(flat)]
    problems = [f"probability of cell {k} is {p}, which is negative" for k, p in enumerate(weights) if p < 0]
    InputError.raise_all(problems)
    if sum(weights) != 1:
        raise InputError(f"the probabilities sum to {sum(weights)}, not 1; divide them by their sum")
    return weights


def _gain(game: NormalFormGame, cell: tuple[int, ...], deviation: Deviation) -> Fraction:
    i, k, l = deviation
    if k not in (-1, cell[i]):
        return Fraction(0)
    return game.payoffs[i][(*cell[:i], l, *cell[i + 1 :])] - game.payoffs[i][cell]


def _gap(
    game: NormalFormGame, weights: Sequence[Fraction], deviations: set[Deviation], witness: Mapping[str, Any]
) -> Fraction:
    """Return how much more another equilibrium could reach at most, by the multipliers given."""
    goal = [exact(w, what="objective") for w in witness["objective"]]
    if len(goal) != len(weights):
        raise InputError(f"the objective has {len(goal)} numbers for {len(weights)} cells")
    prices = []
    for i, k, l, price in witness.get("multipliers", ()):
        if (i, k, l) not in deviations or exact(price) < 0:
            raise InputError(f"the witness gives {price} for deviation {(i, k, l)}; give a deviation and a price >= 0")
        # Multipliers belong to gains in whole numerators; a positive factor is immaterial to the bound's validity.
        prices.append(((i, k, l), exact(price) * game.payoffs[i].denominator))
    attained = sum((p * w for p, w in zip(weights, goal, strict=True)), Fraction(0))
    bound = max(
        w - sum((price * _gain(game, cell, one) for one, price in prices), Fraction(0))
        for cell, w in zip(game.profiles(), goal, strict=True)
    )
    return bound - attained
