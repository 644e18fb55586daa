"""Generalised Nash equilibria with shared linear constraints: exact feasibility, exact regret, equal multipliers.

A point is the variational equilibrium with weights ``r`` if ``F(x)' (y - x) >= 0`` for every feasible ``y``, where
``F`` stacks ``r_i`` times player ``i``'s marginal cost: a linear programme, decided exactly. Its multipliers of the
shared rows are the same for all players, up to the weights. For convex own costs such a point is an equilibrium; for
others regret decides, as it always does here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.certificates.linear_algebra import is_positive
from gametheory.certificates.quadratic import read_profile
from gametheory.certificates.quadratic_program import Program
from gametheory.errors import InputError
from gametheory.games.generalised import GeneralisedGame
from gametheory.result import Certificate, Concept, Solution, Strength

__all__ = ["check_generalised_equilibrium", "check_variational_equilibrium", "stated", "uniqueness"]

Profile = tuple[tuple[Fraction, ...], ...]


def check_generalised_equilibrium(
    game: GeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether the profile is feasible and no player gains more than `epsilon` among what is left to it.

    ``witness["own_multipliers"]`` may hold, for each player, multipliers of ``game.own_strategies(...)`` in the order
    of its ``rows()``; they are never trusted.
    """
    strategies = read_profile(game.game, profile)
    claimed = exact(epsilon, what="epsilon")
    size = "" if claimed == 0 else f" up to a regret of {claimed}"
    claim = f"the profile is a generalised Nash equilibrium{size}"
    missed, text = _violation(game, strategies)
    if missed > 0:
        return _infeasible(claim, claimed, missed, text)
    gains, replies, endless = _regrets(game, strategies, (witness or {}).get("own_multipliers"))
    claim += ": no, a player can gain without limit" if any(endless) else ""
    return _verdict(game, strategies, claim, claimed, gains, replies, any(endless), {})


def check_variational_equilibrium(
    game: GeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same, and that the multipliers of the shared constraints are equal (in proportion to ``1/r_i``).

    ``witness["weights"]`` are Rosen's weights (default all 1), ``witness["multipliers"]`` may hold multipliers of
    ``game.joint_strategies()``. The bound is the larger of the regret and the gap of the variational inequality.
    """
    given = witness or {}
    strategies = read_profile(game.game, profile)
    claimed = exact(epsilon, what="epsilon")
    weights = _weights(game, given.get("weights"))
    word = "equal" if len(set(weights)) == 1 else "weighted"
    size = "" if claimed == 0 else f", up to a regret and a gap of {claimed}"
    claim = f"the profile is a generalised Nash equilibrium with {word} multipliers of the shared constraints{size}"
    missed, text = _violation(game, strategies)
    if missed > 0:
        return _infeasible(claim, claimed, missed, text)
    gains, replies, endless = _regrets(game, strategies, given.get("own_multipliers"))
    slopes = _weighted_slopes(game, strategies, weights)
    program = Program((), slopes, game.joint_strategies())
    x = tuple(number for strategy in strategies for number in strategy)
    least = program.least(x, given.get("multipliers"))
    gap = Fraction(1) if least.direction else program.value(x) - program.value(least.point)
    evidence: dict[str, Any] = {"variational_gap": gap, "weights": weights}
    if gap > 0:
        evidence["direction"] = least.direction or least.point
    if any(endless):
        claim += ": no, a player can gain without limit"
    elif least.direction or gap > claimed:
        claim += ": no, the variational inequality fails" + (" without limit" if least.direction else "")
    unlimited = any(endless) or bool(least.direction)
    return _verdict(game, strategies, claim, claimed, [*gains, gap], replies, unlimited, evidence)


def _weights(game: GeneralisedGame, given: Any) -> tuple[Fraction, ...]:
    if given is None:
        return (Fraction(1),) * len(game.players)
    if not isinstance(given, Sequence) or len(given) != len(game.players):
        raise InputError(f"weights {given!r}: give one positive number for each of {len(game.players)} players")
    weights = tuple(exact(r, what="weight") for r in given)
    if min(weights) <= 0:
        raise InputError(f"weights {[str(r) for r in weights]}: every one must be > 0")
    return weights


def _weighted_slopes(game: GeneralisedGame, profile: Profile, weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    joint = [number for strategy in profile for number in strategy]
    slopes: list[Fraction] = []
    for r, cost, block in zip(weights, game.game.costs, game.game.blocks, strict=True):
        slopes += [r * s for s in cost.gradient(joint, block)]
    return tuple(slopes)


def _violation(game: GeneralisedGame, profile: Profile) -> tuple[Fraction, str]:
    return game.joint_strategies().violation([number for strategy in profile for number in strategy])


def _infeasible(claim: str, epsilon: Fraction, missed: Fraction, text: str) -> Certificate:
    return Certificate(
        strength=Strength.REFUTED,
        claim=f"{claim}: no, it is not feasible, it misses {text} by {missed}",
        bound=missed,
        witness={"violated": text},
        epsilon=epsilon,
    )


def _regrets(game: GeneralisedGame, profile: Profile, handed: Any) -> tuple[list[Fraction], list[Any], list[bool]]:
    gains, replies, endless = [], [], []
    count = len(game.players)
    multipliers = handed if isinstance(handed, Sequence) and len(handed) == count else [None] * count
    for i, (x, cost, block) in enumerate(zip(profile, game.game.costs, game.game.blocks, strict=True)):
        joint = [number for strategy in profile for number in strategy]
        joint[block.start : block.stop] = [Fraction(0)] * len(block)
        own = game.own_strategies(i, profile)
        program = Program(tuple(cost.block(block, block)), cost.gradient(joint, block), own)
        least = program.least(x, multipliers[i])
        target = least.point
        if least.direction:
            step = 1
            target = tuple(a + b for a, b in zip(x, least.direction, strict=True))
            while program.value(target) >= program.value(x):
                step *= 2
                target = tuple(a + step * b for a, b in zip(x, least.direction, strict=True))
        gains.append(program.value(x) - program.value(target))
        replies.append(target)
        endless.append(bool(least.direction))
    return gains, replies, endless


def _verdict(
    game: GeneralisedGame,
    profile: Profile,
    claim: str,
    claimed: Fraction,
    sizes: Sequence[Fraction],
    replies: Sequence[Any],
    unlimited: bool,
    evidence: dict[str, Any],
) -> Certificate:
    gains = tuple(sizes[: len(game.players)])
    found = {"regrets": gains, "values": game.game.values(profile), **evidence}
    if max(gains) > 0:
        worst = gains.index(max(gains))
        found["deviation"] = {"player": game.players[worst], "strategy": replies[worst], "gain": gains[worst]}
    if game.equalities:
        found["note"] = (
            "a shared equality leaves a player little or no choice once the others have chosen: every feasible point "
            "may be a generalised equilibrium, so only the variational claim says something about prices"
        )
    bound = max(sizes)
    return Certificate(
        strength=Strength.EXACT if bound <= claimed and not unlimited else Strength.REFUTED,
        claim=claim,
        bound=bound,
        witness=found,
        epsilon=claimed,
    )


def uniqueness(game: GeneralisedGame, weights: Any = None) -> tuple[str, str]:
    """Return whether at most one *variational* equilibrium can exist: the weighted map is strongly monotone."""
    scaled = _weights(game, weights)
    entries = []
    for r, cost, block in zip(scaled, game.game.costs, game.game.blocks, strict=True):
        for row, column, v in cost.block(block, range(game.game.size)):
            entries += [(block.start + row, column, r * v / 2), (column, block.start + row, r * v / 2)]
    if is_positive(game.game.size, entries, definite=True):
        return "proved", "one variational equilibrium: the weighted marginal costs are strongly monotone (exact L D L')"
    return "unknown", "the weighted marginal costs are not strongly monotone"


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from a variational equilibrium: payoffs, strategies by name, weights, shared multipliers.

    Multipliers follow from those handed over as the witness, if these prove the variational inequality; else none do.
    """
    if solution.concept not in (Concept.NASH, Concept.VARIATIONAL):
        from gametheory.certificates.generalised_ratio import stated as of_totals

        return of_totals(solution, found)
    game: GeneralisedGame = solution.game
    inner = game.game
    profile = read_profile(inner, solution.profile)
    weights = _weights(game, solution.witness.get("weights"))
    joint = game.joint_strategies()
    x = tuple(number for strategy in profile for number in strategy)
    given = solution.witness.get("multipliers")
    prices: Any = None
    if given is not None and Program((), _weighted_slopes(game, profile, weights), joint).proves(x, given):
        start = sum(b is not None for b in (*joint.lower, *joint.upper)) + len(joint.inequalities)
        own = len(joint.equalities) - len(game.equalities)
        prices = {
            "inequalities": tuple(given[start - len(game.inequalities) : start]),
            "equalities": tuple(given[start + own :]),
        }
    return {
        "payoffs": inner.values(profile),
        "point": {
            name: own[0] if len(own) == 1 else dict(zip(strategies.variables, own, strict=True))
            for name, strategies, own in zip(inner.players, inner.strategies, profile, strict=True)
        },
        "weights": weights,
        "shared_multipliers": prices,
    }
