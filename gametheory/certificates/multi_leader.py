"""Several leaders, judged from the definition: each one's own Stackelberg game, the others' decisions kept.

For each leader the followers' point is minimised again and the leader's best decision anywhere is bounded, by the
checker of one leader (:mod:`gametheory.certificates.bilevel`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series
from gametheory.certificates.bilevel import check_stackelberg
from gametheory.errors import InputError
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.result import Certificate, Concept, Solution, Strength

__all__ = ["check_equilibrium", "joint_of", "read_profile", "stated"]

Vector = tuple[Fraction, ...]


def check_equilibrium(
    game: MultiLeaderGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether decisions and replies are an equilibrium of the leaders up to a regret of `epsilon`.

    `profile` is a mapping: ``decisions`` (one tuple a leader) and ``replies`` (one tuple a follower). The bound is the
    largest regret of all players.

    Parameters
    ----------
    witness
        ``leaders``: for each leader what :func:`~gametheory.certificates.bilevel.check_stackelberg` takes.

    Raises
    ------
    NoChecker
        A leader's deviations are bounded by no tree, and the game is too large to grow one here.
    """
    decisions, replies = read_profile(game, profile)
    claimed = exact(epsilon, what="epsilon")
    handed = (witness or {}).get("leaders")
    if not isinstance(handed, Sequence) or len(handed) != game.leaders:
        handed = [{}] * game.leaders
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    claim = f"every follower answers optimally, and no leader has a better decision while the others keep theirs{size}"
    # A leader's constraint that speaks of others is missed by nobody's reply: say whose it is.
    joint = joint_of(decisions, replies)
    for name, own in zip(game.players, game.constraints, strict=True):
        missed, text = own.violation(joint)
        if missed > 0:
            return Certificate(
                strength=Strength.REFUTED,
                claim=f"{claim}: no, it is not feasible, {name!r} misses {text} by {brief(missed)}",
                bound=missed,
                witness={"violated": text, "player": name},
                epsilon=claimed,
            )
    found: list[Certificate] = []
    for i in range(game.leaders):
        own_witness = handed[i] if isinstance(handed[i], Mapping) else {}
        judged = check_stackelberg(
            game.seen_by(i, decisions),
            {"decision": decisions[i], "replies": replies},
            epsilon=claimed,
            witness=own_witness,
        )
        found.append(judged)
        if judged.strength is Strength.REFUTED:
            return Certificate(
                strength=Strength.REFUTED,
                claim=f"{claim}: no, as seen by {game.players[i]!r} it is false that {judged.claim}",
                bound=judged.bound,
                witness={**_without_regret(judged.witness), "leader": game.players[i]},
                epsilon=claimed,
            )
    regrets = tuple(c.witness.get("leader_regret", Fraction(0)) for c in found)
    return Certificate(
        strength=Strength.BOUNDED if any(c.strength is Strength.BOUNDED for c in found) else Strength.EXACT,
        claim=claim,
        bound=max(c.bound for c in found),
        witness={
            "leader_regrets": dict(zip(game.players, regrets, strict=False)),
            "regrets": found[0].witness["regrets"],
            "values": game.values(joint)[: game.leaders],
        },
        epsilon=claimed,
    )


def _without_regret(witness: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in witness.items() if key != "leader_regret"}


def read_profile(game: MultiLeaderGame, profile: Any) -> tuple[tuple[Vector, ...], tuple[Vector, ...]]:
    """Return decisions and replies as exact numbers."""
    if not isinstance(profile, Mapping) or "decisions" not in profile or "replies" not in profile:
        raise InputError(f"profile {profile!r}: give a mapping with decisions and replies")
    if profile.get("tie_breaking", "optimistic") != "optimistic":
        raise InputError(
            f"tie_breaking {profile['tie_breaking']!r}: with several leaders ties go for the leader that deviates; "
            "give 'optimistic'"
        )
    groups = (
        ("decisions", game.players[: game.leaders], game.variables[: game.leaders]),
        ("replies", game.players[game.leaders :], game.variables[game.leaders :]),
    )
    read: list[tuple[Vector, ...]] = []
    for key, players, variables in groups:
        given = profile[key]
        if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != len(players):
            raise InputError(f"{key} {given!r}: give one tuple for each of {', '.join(players)}")
        own = []
        for name, names, numbers in zip(players, variables, given, strict=True):
            if not isinstance(numbers, Sequence) or isinstance(numbers, str) or len(numbers) != len(names):
                raise InputError(f"{name!r}: {numbers!r}; give one number for each of {', '.join(names)}")
            own.append(tuple(exact_series(numbers, what=name)))
        read.append(tuple(own))
    return read[0], read[1]


def joint_of(decisions: Sequence[Vector], replies: Sequence[Vector]) -> Vector:
    """Return the joint decision."""
    return tuple(v for own in (*decisions, *replies) for v in own)


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from the profile: decisions by name and values; of a list whether it is complete."""
    game = solution.game
    if solution.concept is Concept.STACKELBERG_SET:
        return {"complete": bool(found.witness.get("complete", False))}
    decisions, replies = read_profile(game, solution.profile)
    joint = joint_of(decisions, replies)
    values = game.values(joint)
    regrets = found.witness.get("leader_regrets", {})
    sign = -1 if game.sense == "cost" else 1

    def named(players: Sequence[str], variables: Any, numbers: Any) -> dict[str, Any]:
        return {p: dict(zip(v, n, strict=True)) for p, v, n in zip(players, variables, numbers, strict=True)}

    return {
        "leader": named(game.players[: game.leaders], game.variables[: game.leaders], decisions),
        "follower": named(game.players[game.leaders :], game.variables[game.leaders :], replies),
        "value": values[: game.leaders],
        "bound": tuple(
            value + sign * regrets.get(name, Fraction(0))
            for name, value in zip(game.players, values[: game.leaders], strict=False)
        ),
        "objectives": dict(zip(game.players, values, strict=True)),
    }
