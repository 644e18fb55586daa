"""Quadratic games, judged from the definition: exact regrets, the social optimum, and whether an equilibrium is unique.

A profile is an equilibrium when no player has a better strategy against the others. Each player's own problem is a
quadratic programme whose least value is decided exactly (:mod:`gametheory.certificates.quadratic_program`); the bound
of the certificate is the largest regret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.linear_algebra import is_positive
from gametheory.certificates.profiles import Profile, infeasible, read_profile, violated
from gametheory.certificates.quadratic_program import Least, Program
from gametheory.games.quadratic import QuadraticForm, QuadraticGame
from gametheory.result import Certificate, Strength

__all__ = [
    "check_nash_equilibrium",
    "check_social_optimum",
    "own_problem",
    "read_profile",
    "uniqueness",
]

#: Above this many variables the matrix of the uniqueness test is not eliminated in rationals.
_LARGEST_TEST = 250


def own_problem(game: QuadraticGame, costs: Sequence[QuadraticForm], profile: Profile, player: int) -> Program:
    """Return what `player` minimises over its own strategy while the others keep to the profile."""
    block = game.blocks[player]
    joint = [number for strategy in profile for number in strategy]
    joint[block.start : block.stop] = [Fraction(0)] * len(block)
    cost = costs[player]
    return Program(tuple(cost.block(block, block)), cost.gradient(joint, block), game.strategies[player])


def _drop(program: Program, x: tuple[Fraction, ...], least: Least) -> tuple[Fraction, tuple[Fraction, ...]]:
    """Return what going to the minimiser gains, and the minimiser; where there is none, a point on the way down."""
    if least.direction:
        target = tuple(a + b for a, b in zip(x, least.direction, strict=True))
        step = 1
        while program.value(target) >= program.value(x):  # a negative curvature wins in the end
            step *= 2
            target = tuple(a + step * b for a, b in zip(x, least.direction, strict=True))
        return program.value(x) - program.value(target), target
    return program.value(x) - program.value(least.point), least.point


def check_nash_equilibrium(
    game: QuadraticGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no player can gain more than `epsilon` by another strategy.

    Parameters
    ----------
    witness
        ``multipliers``: for each player the multipliers of its constraints in the order of ``Polyhedron.rows()``. They
        make the check fast; wrong ones make it slower and never pass for right ones.
    """
    strategies = read_profile(game, profile)
    claimed = exact(epsilon, what="epsilon")
    size = "a Nash equilibrium" if claimed == 0 else f"a Nash equilibrium up to a regret of {brief(claimed)}"
    missed = violated(game.players, game.strategies, strategies)
    if missed:
        return infeasible(f"the profile is {size}", missed, claimed)
    handed = _handed(witness, len(game.players))
    costs = game.costs
    gains, replies, methods, endless = [], [], [], []
    for i, x in enumerate(strategies):
        program = own_problem(game, costs, strategies, i)
        least = program.least(x, handed[i])
        gain, reply = _drop(program, x, least)
        gains.append(gain)
        replies.append(reply)
        methods.append(least.method)
        endless.append(bool(least.direction))
    bound = max(gains)
    evidence: dict[str, Any] = {
        "regrets": tuple(gains),
        "values": game.values(strategies),
        "methods": dict(zip(game.players, methods, strict=True)),
    }
    if bound > 0:
        worst = gains.index(bound)
        evidence["deviation"] = {"player": game.players[worst], "strategy": replies[worst], "gain": bound}
    unbounded = ", ".join(repr(name) for name, flag in zip(game.players, endless, strict=True) if flag)
    note = f": no, {unbounded} can gain without limit" if unbounded else ""
    return Certificate(
        strength=Strength.EXACT if bound <= claimed and not unbounded else Strength.REFUTED,
        claim=f"the profile is {size}{note}",
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def _handed(witness: Mapping[str, Any] | None, count: int) -> Sequence[Any]:
    given = (witness or {}).get("multipliers")
    return given if isinstance(given, Sequence) and len(given) == count else [None] * count


def check_social_optimum(
    game: QuadraticGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no joint strategy has a better total by more than `epsilon`.

    ``witness["multipliers"]`` are those of ``game.joint_strategies()``, in the order of its ``rows()``.
    """
    strategies = read_profile(game, profile)
    claimed = exact(epsilon, what="epsilon")
    word = "least total cost" if game.sense == "cost" else "greatest total payoff"
    missed = violated(game.players, game.strategies, strategies)
    if missed:
        return infeasible(f"the profile has the {word}", missed, claimed)
    total = game.total().scaled(1 if game.sense == "cost" else -1)
    everything = range(game.size)
    origin = [Fraction(0)] * game.size
    program = Program(
        tuple(total.block(everything, everything)), total.gradient(origin, everything), game.joint_strategies()
    )
    x = tuple(number for strategy in strategies for number in strategy)
    least = program.least(x, (witness or {}).get("multipliers"))
    gain, better = _drop(program, x, least)
    evidence: dict[str, Any] = {"value": game.total().value(x), "method": least.method}
    if gain > 0:
        evidence["better"] = {
            name: better[block.start : block.stop] for name, block in zip(game.players, game.blocks, strict=True)
        }
    size = "" if claimed == 0 else f" up to {brief(claimed)}"
    note = ": no, the total has no bound" if least.direction else ""
    return Certificate(
        strength=Strength.EXACT if gain <= claimed and not least.direction else Strength.REFUTED,
        claim=f"the profile has the {word}{size}{note}",
        bound=gain,
        witness=evidence,
        epsilon=claimed,
    )


def uniqueness(game: QuadraticGame) -> tuple[str, str]:
    """Return ``("proved", why)`` where at most one equilibrium can exist, else ``("unknown", why)``.

    The map of all players' own marginal costs is affine; if the symmetric part of its matrix is positive definite
    (decided by ``L D L'`` in rationals), it is strongly monotone, and no convex strategy sets allow two equilibria.
    """
    if all(own.boxed and own.lower == own.upper for own in game.strategies):
        return "proved", "every player has one strategy only"
    if game.size > _LARGEST_TEST:
        return "unknown", f"{game.size} variables: above {_LARGEST_TEST} the exact test is not run"
    entries = []
    for cost, block in zip(game.costs, game.blocks, strict=True):
        for r, c, v in cost.block(block, range(game.size)):
            entries += [(block.start + r, c, v / 2), (c, block.start + r, v / 2)]
    if is_positive(game.size, entries, definite=True):
        return "proved", "the marginal costs are strongly monotone (exact L D L' of their symmetric part)"
    return "unknown", "the marginal costs are not strongly monotone; there may be one equilibrium, several, or none"
