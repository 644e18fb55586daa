"""Smooth games, judged from the definition: a bound on what every player could still gain, exact where it is rational.

The bound of the certificate is the largest of the players' bounds (:mod:`gametheory.certificates.smooth_own`); only a
deviation that surely gains more than what was claimed refutes. First-order conditions alone never certify: a player's
own cost is shown to be convex over its whole strategy set, or is searched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact, exact_series
from gametheory.certificates.curvature import are_smooth, is_definite
from gametheory.certificates.interval import Interval, Undefined
from gametheory.certificates.profiles import infeasible, read_profile, violated
from gametheory.certificates.smooth_own import Gain, gain_of, least_known, own_cost
from gametheory.errors import InputError
from gametheory.games.derivatives import Tape, jacobian
from gametheory.games.expression import Steps
from gametheory.games.smooth import SmoothGame
from gametheory.result import Certificate, Concept, Solution, Strength

__all__ = ["check_nash_equilibrium", "read_weights", "stated", "uniqueness", "verdict"]


def check_nash_equilibrium(
    game: Any, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound what any player can gain by another strategy.

    Strength ``exact`` where the bound is 0 and follows without rounding, ``bounded`` where it is a rigorous bound,
    ``refuted`` where a deviation (in the witness) surely gains more than `epsilon`.

    Raises
    ------
    NoChecker
        A player's own cost is not shown to be convex, and it is not searched either.
    """
    plain = game.as_smooth()
    strategies = read_profile(plain, profile)
    claimed = exact(epsilon, what="epsilon")
    missed = violated(plain.players, plain.strategies, strategies)
    if missed:
        return infeasible("the profile is a Nash equilibrium", missed, claimed)
    joint = tuple(number for strategy in strategies for number in strategy)
    gains = [
        gain_of(own_cost(cost, block, joint), own, x, claimed)
        for cost, block, own, x in zip(plain.costs, plain.blocks, plain.strategies, strategies, strict=True)
    ]
    return verdict(plain, joint, gains, claimed, "a Nash equilibrium", {})


def verdict(
    game: SmoothGame,
    joint: Sequence[Fraction],
    gains: Sequence[Gain],
    claimed: Fraction,
    what: str,
    evidence: Mapping[str, Any],
) -> Certificate:
    """Return the certificate that follows from the players' gains."""
    low = max(gain.low for gain in gains)
    refuted = low > claimed
    if not refuted:
        least_known(gains, game.players)
    bounds = [gain.low if gain.high is None else gain.high for gain in gains]
    bound = max(bounds)
    found: dict[str, Any] = {
        "regrets": tuple(bounds),
        "methods": dict(zip(game.players, (gain.method for gain in gains), strict=True)),
        "values": tuple(objective.near(joint) for objective in game.objectives),
        **evidence,
    }
    if low > 0:
        worst = max(range(len(gains)), key=lambda i: gains[i].low)
        found["deviation"] = {"player": game.players[worst], "strategy": gains[worst].reply, "gain": low}
    sharp = bound == 0 and all(gain.is_exact for gain in gains)
    size = "" if sharp or refuted else ", up to a regret of the bound"
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.EXACT if sharp else Strength.BOUNDED,
        claim=f"the profile is {what}{size}",
        bound=bound,
        witness=found,
        epsilon=claimed,
    )


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from the profile of a smooth game, or one that holds one: payoffs, strategies by name."""
    game = getattr(solution.game, "game", solution.game)
    if hasattr(game, "as_smooth"):
        game = game.as_smooth()
    profile = read_profile(game, solution.profile)
    made = {
        "payoffs": game.payoffs(profile),
        "point": {
            name: own[0] if len(own) == 1 else dict(zip(strategies.variables, own, strict=True))
            for name, strategies, own in zip(game.players, game.strategies, profile, strict=True)
        },
    }
    if solution.concept is Concept.VARIATIONAL:
        prices = tuple(found.witness.get("prices", ()))
        count = len(solution.game.inequalities)
        made["shared_multipliers"] = {"inequalities": prices[:count], "equalities": prices[count:]}
        made["weights"] = found.witness.get("weights")
    return made


def uniqueness(game: Any, weights: Any = None) -> tuple[str, str]:
    """Return ``("proved", why)`` where at most one equilibrium can exist, else ``("unknown", why)``.

    Rosen's condition: with weights ``r_i > 0`` the map of weighted marginal costs is strictly monotone where the
    symmetric part of its Jacobian is positive definite; decided by interval matrices over the box of all strategies.

    Parameters
    ----------
    weights
        Rosen's weights, one a player; left out, equal ones are tried and then some that balance mutual effects.

    Source: J. B. Rosen, "Existence and uniqueness of equilibrium points for concave n-person games", Econometrica 33
    (1965), theorems 2 and 6.
    """
    plain = game.as_smooth()
    if all(own.boxed and own.lower == own.upper for own in plain.strategies):
        return "proved", "every player has one strategy only"
    joint = plain.joint_strategies()
    box = [Interval.spanning(a, b) for a, b in zip(joint.lower, joint.upper, strict=True)]
    if not are_smooth(plain.costs, box):
        return "unknown", "a payoff is not shown to be smooth on the whole box: it may have a kink or a pole"
    tried = [read_weights(plain, weights)]
    if _diagonally_convex(plain, tried[0], box):
        word = "the marginal costs are" if len(set(tried[0])) == 1 else "the weighted marginal costs are"
        return "proved", f"{word} strictly monotone: interval matrices over the box of all strategies are definite"
    if weights is None and len(plain.players) <= _MOST_WEIGHED:
        found = _balancing(plain, box)
        if found is not None and _diagonally_convex(plain, found, box):
            text = ", ".join(map(brief, found))
            return (
                "proved",
                f"diagonally strictly concave with Rosen's weights {text}, by interval matrices",
            )
    return "unknown", "the marginal costs are not shown to be strictly monotone; one equilibrium, several, or none"


#: Weights are searched for games of at most so many players.
_MOST_WEIGHED = 12


def _diagonally_convex(game: SmoothGame, weights: Sequence[Fraction], box: Sequence[Interval]) -> bool:
    steps = Steps()
    tape = game.marginal_costs()
    places = steps.join(tape.steps)
    owner = {k: i for i, block in enumerate(game.blocks) for k in block}
    outputs = [steps.multiply(steps.number(weights[owner[k]]), places[place]) for k, place in enumerate(tape.outputs)]
    return is_definite(jacobian(Tape(*steps.taken(outputs)), range(game.size)), box)


def _balancing(game: SmoothGame, box: Sequence[Interval]) -> tuple[Fraction, ...] | None:
    """Return weights at which two players' effects on each other's marginal costs are of one size in mid-box, nearly.

    They are a guess, made in floats; the test that follows does not trust it.
    """
    middle = [_near_middle(side) for side in box]
    try:
        cells = jacobian(game.marginal_costs(), range(game.size)).values(
            [Interval(m, m) for m in middle], Interval.around
        )
    except Undefined:
        return None
    size, count = game.size, len(game.players)
    table = np.array([[c.low, c.high] for c in cells]).mean(axis=1).reshape(size, size)
    rows, right = [], []
    for i, one in enumerate(game.blocks):
        for j, other in enumerate(game.blocks):
            effect = float(np.abs(table[one.start : one.stop, other.start : other.stop]).max())
            back = float(np.abs(table[other.start : other.stop, one.start : one.stop]).max())
            if i < j and effect > 0 and back > 0 and np.isfinite(effect) and np.isfinite(back):
                row = np.zeros(count)
                row[i], row[j] = 1, -1
                rows.append(row)
                right.append(np.log(back) - np.log(effect))
    if not rows:
        return None
    logs = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    return tuple(Fraction(float(w)).limit_denominator(1000) or Fraction(1, 1000) for w in np.exp(logs))


def _near_middle(side: Interval) -> float:
    low = side.low if side.low > float("-inf") else min(side.high, 0.0) - 1
    high = side.high if side.high < float("inf") else max(low, 0.0) + 1
    return float(low + (high - low) / 2)


def read_weights(game: Any, given: Any) -> tuple[Fraction, ...]:
    """Return Rosen's weights, 1 for each player where none are given."""
    if given is None:
        return (Fraction(1),) * len(game.players)
    weights = exact_series(given, what="weights")
    if len(weights) != len(game.players) or min(weights) <= 0:
        raise InputError(f"weights {[str(r) for r in weights]}: give one number > 0 for each of the players")
    return weights
