"""Whether a list of the leaders' equilibria is complete.

A tree over the first-order conditions of all players (:mod:`gametheory.certificates.leader_conditions`) is followed:
its leaves are empty; or leave decisions and replies one value only, which is on the list, or some leader has a better
decision; or leave a set in all points of which one decision is better for one leader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series
from gametheory.certificates.beaten_sets import check_beaten
from gametheory.certificates.bilevel import check_stackelberg, reply_problem
from gametheory.certificates.leader_conditions import Conditions
from gametheory.certificates.multi_leader import check_equilibrium, joint_of, read_profile
from gametheory.errors import InputError, NoChecker
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.result import Certificate, Strength

__all__ = ["check_equilibria"]

Vector = tuple[Fraction, ...]


def check_equilibria(
    game: MultiLeaderGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether every listed profile is an equilibrium, and whether there is no other one.

    ``witness["complete"]`` of the certificate says whether that none is missing was proved; an empty list of which it
    was proved says that there is no equilibrium.

    Parameters
    ----------
    witness
        ``equilibria`` (for each profile what :func:`check_equilibrium` takes), ``tree`` (preorder: the number of a
        split, then its two sides; leaves are ``("empty", multipliers)``, ``("point", number, proofs)``,
        ``("beaten", ...)``, ``("open", ...)``) and ``points`` (``(joint, word, number, better)``). Each is verified.
    """
    if not isinstance(profile, Sequence) or isinstance(profile, str):
        raise InputError(f"profile {profile!r}: give a sequence of profiles")
    claimed = exact(epsilon, what="epsilon")
    given = witness or {}
    proofs = given.get("equilibria")
    if not isinstance(proofs, Sequence) or len(proofs) != len(profile):
        proofs = [{}] * len(profile)
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    bounds, listed = [], []
    exactly = True
    for n, (each, proof) in enumerate(zip(profile, proofs, strict=True)):
        certificate = check_equilibrium(
            game, each, epsilon=claimed, witness=proof if isinstance(proof, Mapping) else {}
        )
        bounds.append(certificate.bound)
        exactly = exactly and certificate.strength is Strength.EXACT
        listed.append(joint_of(*read_profile(game, each)))
        if certificate.strength is Strength.REFUTED:
            return Certificate(
                strength=Strength.REFUTED,
                claim=f"all {len(profile)} profiles are equilibria of the leaders{size}: profile {n} is not",
                bound=certificate.bound,
                witness={"profile": n, **certificate.witness},
                epsilon=claimed,
            )
    missing = _what_is_missing(game, listed, given)
    words = {0: "no equilibrium is listed", 1: "the profile is an equilibrium of the leaders"}
    text = words.get(len(profile), f"all {len(profile)} profiles are equilibria of the leaders") + size
    if missing:
        text += f"; that there is no other is not proved ({missing})"
    else:
        text = "the leaders have no equilibrium" if not profile else f"{text}, and there is no other"
    return Certificate(
        strength=Strength.EXACT if exactly else Strength.BOUNDED,
        claim=text,
        bound=max(bounds, default=Fraction(0)),
        witness={"complete": not missing, "missing": missing, "regrets": tuple(bounds)},
        epsilon=claimed,
    )


def _what_is_missing(game: MultiLeaderGame, listed: Sequence[Vector], witness: Mapping[str, Any]) -> str:
    """Return why the list may not be complete, an empty text where the tree proves that it is."""
    if "tree" not in witness or "points" not in witness:
        return "no tree is given"
    try:
        points = [(tuple(exact_series(joint, what="point")), word, leader, tuple(better))
                  for joint, word, leader, better in witness["points"]]  # fmt: skip
        met = _walk(game, Conditions.of_game(game), witness["tree"], [joint for joint, _, _, _ in points])
        for n in sorted(met):
            joint, word, leader, better = points[n]
            if joint in listed:
                continue
            if word != "refuted":
                return "a point that satisfies the first-order conditions is not judged"
            problem = _is_better(game, joint, leader, better)
            if problem:
                return problem
    except InputError as error:
        return str(error)
    except (TypeError, ValueError):
        return "the points are not (joint, word, number, better)"
    return ""


def _walk(game: MultiLeaderGame, conditions: Conditions, tree: Any, points: Sequence[Vector]) -> set[int]:
    """Return the numbers of the points that a tree leaves.

    Raises
    ------
    InputError
        The tree leaves something else open.
    """
    if not isinstance(tree, Sequence) or isinstance(tree, str):
        raise InputError("the tree is no sequence of nodes")
    left: list[dict[int, int]] = [{}]
    met: set[int] = set()
    for entry in tree:
        if not left:
            raise InputError("the tree has nodes after its last leaf")
        choices = left.pop()
        if isinstance(entry, int) and not isinstance(entry, bool):
            if not 0 <= entry < len(conditions.splits) or entry in choices:
                raise InputError(f"the tree splits on {entry}, which is not there or decided")
            left += [{**choices, entry: 1}, {**choices, entry: 0}]
            continue
        if not isinstance(entry, Sequence) or not entry:
            raise InputError("a leaf of the tree is no tuple")
        lines = conditions.decided(choices)
        if entry[0] == "empty" and len(entry) == 2:
            conditions.least(lines, {}, entry[1])
        elif entry[0] == "point" and len(entry) == 3 and isinstance(entry[1], int) and 0 <= entry[1] < len(points):
            _one_value(conditions, lines, points[entry[1]], len(game.names), entry[2])
            met.add(entry[1])
        elif entry[0] == "beaten":
            check_beaten(game, conditions, lines, entry)
        else:
            raise InputError("a pattern is left open")
    if left:
        raise InputError(f"the tree leaves {len(left)} possibilities open")
    return met


def _one_value(conditions: Conditions, lines: Any, point: Vector, size: int, proofs: Any) -> None:
    """Refuse unless decisions and replies can have no other value than these."""
    if len(point) != size or not isinstance(proofs, Sequence) or len(proofs) != size:
        raise InputError(f"a point has {len(point)} numbers; give one, with two proofs, for each of {size} variables")
    for k, (value, (below, above)) in enumerate(zip(point, proofs, strict=True)):
        low = conditions.least(lines, {k: 1}, below)
        high = conditions.least(lines, {k: -1}, above)
        if (low is not None and low < value) or (high is not None and -high > value):
            raise InputError("a pattern is said to leave one point, and its multipliers do not prove it")


def _is_better(game: MultiLeaderGame, joint: Vector, leader: Any, better: Sequence[Any]) -> str:
    """Return why a point may be an equilibrium; an empty text where a leader has a better decision than its own."""
    if not isinstance(leader, int) or not 0 <= leader < game.leaders:
        return "a point is said to be refuted by a leader that is not there"
    decisions = [tuple(joint[k] for k in game.blocks[i]) for i in range(game.leaders)]
    seen = game.seen_by(leader, decisions)
    try:
        if better:
            other = tuple(exact_series(better, what="better decision"))
            if len(other) != len(seen.names):
                return "a better decision has another number of variables"
            if seen.costs[0].value(other) >= game.costs[leader].value(joint):
                return "a decision that is said to be better is not"
            judged = _followers_answer(seen, other)
            return "" if judged else "the replies to a better decision are not optimal"
        replies = tuple(tuple(joint[k] for k in block) for block in game.blocks[game.leaders :])
        verdict = check_stackelberg(seen, {"decision": decisions[leader], "replies": replies})
        return "" if verdict.strength is Strength.REFUTED else "a point that is said to be refuted is not"
    except NoChecker as error:
        return str(error)


def _followers_answer(game: Any, joint: Vector) -> bool:
    """Whether a joint decision is feasible and every follower's reply in it optimal."""
    if any(own.violation(joint)[0] > 0 for own in game.constraints):
        return False
    for j in range(1, len(game.players)):
        block = game.blocks[j]
        reply = joint[block.start : block.stop]
        program = reply_problem(game, joint, j)
        least = program.least(reply)
        if least.direction or program.value(least.point) < program.value(reply):
            return False
    return True
