"""A leader's decision judged from the definition: every follower answers optimally, and no other decision is better.

Followers: each one's own problem, the others fixed, is minimised exactly; the regret is what it loses.

Leader: the value at any decision with optimal replies is bounded by :mod:`gametheory.certificates.complementarity`,
either by a tree that is handed over and verified leaf by leaf, or by a tree that the checker grows itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series
from gametheory.certificates.complementarity import Relaxation, read_tree, with_cuts
from gametheory.certificates.complementarity_search import Grown, grow
from gametheory.certificates.linear_algebra import is_positive
from gametheory.certificates.quadratic_program import Least, Program
from gametheory.certificates.reply_ties import ties_matter
from gametheory.errors import Infeasible, InputError, NoChecker
from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame
from gametheory.result import Certificate, Strength

__all__ = ["check_stackelberg", "reply_problem"]

Vector = tuple[Fraction, ...]


def check_stackelberg(
    game: StackelbergGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether a decision and its replies are a Stackelberg equilibrium up to a regret of `epsilon`.

    `profile` is a mapping: ``decision`` (of the leader), ``replies`` (one tuple a follower) and perhaps
    ``tie_breaking``. With ``"pessimistic"`` ties must not matter at the decision: the pessimistic value is never
    better than the optimistic one, so a decision that is best optimistically, and worth the same whatever optimal
    reply is picked, is best pessimistically.

    The bound is the larger of the leader's and the largest follower's regret. Where the leader's regret is not closed,
    the strength is ``bounded``, with the interval of the value in the witness.

    Parameters
    ----------
    witness
        ``multipliers`` (a tuple a follower, in the order of ``Polyhedron.rows()``), ``strong_duality``, ``cuts`` and
        ``tree``; each is verified or ignored.

    Raises
    ------
    NoChecker
        No tree that proves a bound is given, and the game is too large to grow one here.
    """
    joint, pessimistic = _read(game, profile)
    claimed = exact(epsilon, what="epsilon")
    witness = witness or {}
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    claim = f"every follower answers optimally and no other decision is better for {game.players[0]!r}{size}"
    missed = max(
        ((*own.violation(joint), name) for name, own in zip(game.players, game.constraints, strict=True)),
        key=lambda item: item[0],
    )
    if missed[0] > 0:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"{claim}: no, it is not feasible, {missed[2]!r} misses {missed[1]} by {brief(missed[0])}",
            bound=missed[0],
            witness={"violated": missed[1], "player": missed[2]},
            epsilon=claimed,
        )
    regrets, better, unlimited = _followers(game, joint, witness)
    worst = max(regrets)
    evidence: dict[str, Any] = {
        "follower_regret": worst,
        "regrets": dict(zip(game.players[1:], regrets, strict=True)),
        "value": game.objectives[0].value(joint),
    }
    if better:
        evidence["better_reply"] = better
    if unlimited:
        evidence["endless"] = True
        claim += ": no, a follower can gain without limit"
    if worst > claimed or unlimited:  # what the leader could have does not matter any more
        return Certificate(strength=Strength.REFUTED, claim=claim, bound=worst, witness=evidence, epsilon=claimed)
    value = game.costs[0].value(joint)
    grown = _leader(game, witness, value, value - claimed, worst == 0)
    assert grown.least is not None
    evidence["leader_regret"] = regret = max(value - grown.least, Fraction(0))
    sign = 1 if game.sense == "cost" else -1
    refuted = False
    if grown.endless:
        evidence["endless"] = True
        if _all_convex(game):  # every point of the relaxation has optimal replies, and so has the whole ray
            refuted = True
            claim += ": no, it gains without limit"
    else:
        evidence["interval"] = tuple(sorted((sign * min(grown.least, value), sign * value)))
    if grown.point and grown.least < value:
        found = grown.point[: len(joint)]
        if not any(_followers(game, found, {})[0]):
            refuted = refuted or regret > claimed
            evidence["better_decision"] = {
                "decision": found[: len(game.variables[0])],
                "replies": tuple(found[block.start : block.stop] for block in game.blocks[1:]),
                "value": game.objectives[0].value(found),
            }
    ties = ties_matter(game, joint) if pessimistic else ""
    if ties:
        refuted = True
        evidence["problem"] = ties
        claim += f": not where followers break ties against the leader, {ties}"
    if grown.endless and not refuted:
        raise NoChecker("a follower is not convex and its first-order conditions bound nothing: no certificate")
    bound = max(regret, worst)
    strength = Strength.REFUTED if refuted else Strength.EXACT if bound <= claimed else Strength.BOUNDED
    return Certificate(strength=strength, claim=claim, bound=bound, witness=evidence, epsilon=claimed)


def _all_convex(game: StackelbergGame) -> bool:
    return all(
        is_positive(len(block), cost.block(block, block), definite=False)
        for block, cost in zip(game.blocks[1:], game.costs[1:], strict=True)
    )


def reply_problem(game: StackelbergGame, joint: Sequence[Fraction], player: int) -> Program:
    """Return what a follower minimises while all others keep to the joint decision."""
    block, own, cost = game.blocks[player], game.constraints[player], game.costs[player]
    rows: dict[str, list[Any]] = {}
    for kind in ("inequalities", "equalities"):
        rows[kind] = []
        for coefficients, bound in getattr(own, kind):
            fixed = sum((a * joint[k] for k, a in coefficients if k not in block), Fraction(0))
            rows[kind].append((tuple((k - block.start, a) for k, a in coefficients if k in block), bound - fixed))
    polyhedron = Polyhedron(
        game.variables[player],
        own.lower[block.start : block.stop],
        own.upper[block.start : block.stop],
        tuple(rows["inequalities"]),
        tuple(rows["equalities"]),
    )
    others = [Fraction(0) if k in block else v for k, v in enumerate(joint)]
    return Program(tuple(cost.block(block, block)), cost.gradient(others, block), polyhedron)


def _read(game: StackelbergGame, profile: Any) -> tuple[Vector, bool]:
    if not isinstance(profile, Mapping) or "decision" not in profile or "replies" not in profile:
        raise InputError(f"profile {profile!r}: give a mapping with decision, replies and perhaps tie_breaking")
    ties = profile.get("tie_breaking", "optimistic")
    if ties not in ("optimistic", "pessimistic"):
        raise InputError(f"tie_breaking {ties!r} is not known; give 'optimistic' or 'pessimistic'")
    replies = profile["replies"]
    if not isinstance(replies, Sequence) or isinstance(replies, str) or len(replies) != len(game.players) - 1:
        raise InputError(f"replies {replies!r}: give one tuple for each of {', '.join(game.players[1:])}")
    joint: list[Fraction] = []
    for name, own, given in zip(game.players, game.variables, (profile["decision"], *replies), strict=True):
        if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != len(own):
            raise InputError(f"{name!r}: {given!r}; give one number for each of {', '.join(own)}")
        joint += exact_series(given, what=name)
    return tuple(joint), ties == "pessimistic"


def _followers(
    game: StackelbergGame, joint: Vector, witness: Mapping[str, Any]
) -> tuple[list[Fraction], dict[str, Any], bool]:
    """Return every follower's regret, a better reply of the one that loses most, and whether one has no limit."""
    handed = witness.get("multipliers")
    if not isinstance(handed, Sequence) or len(handed) != len(game.players) - 1:
        handed = [None] * (len(game.players) - 1)
    regrets: list[Fraction] = []
    better: dict[str, Any] = {}
    unlimited = False
    for i in range(1, len(game.players)):
        block = game.blocks[i]
        reply = joint[block.start : block.stop]
        program = reply_problem(game, joint, i)
        least = program.least(reply, handed[i - 1])
        unlimited = unlimited or bool(least.direction)
        gain, target = _drop(program, reply, least)
        if gain > max(regrets, default=Fraction(0)):
            better = {"follower": game.players[i], "reply": target, "gain": gain}
        regrets.append(gain)
    return regrets, better, unlimited


def _drop(program: Program, reply: Vector, least: Least) -> tuple[Fraction, Vector]:
    """Return what a follower gains, and the reply that gains it; on a ray a reply that is cheaper by at least 1."""
    if not least.direction:
        return program.value(reply) - program.value(least.point), least.point
    step = 1
    while True:
        target = tuple(a + step * b for a, b in zip(reply, least.direction, strict=True))
        if program.value(target) <= program.value(reply) - 1:
            return program.value(reply) - program.value(target), target
        step *= 2


def _leader(
    game: StackelbergGame, witness: Mapping[str, Any], value: Fraction, enough: Fraction, optimal: bool
) -> Grown:
    """Return a lower bound of the leader's cost anywhere, and a point below the value where one was found.

    A bound of `enough` will do. The checker grows a tree of its own where none was given, or that one does not do.
    """
    proved: Fraction | None = None
    if "tree" in witness:
        try:
            relaxation = Relaxation.of_game(game, witness.get("strong_duality", ()))
            proved = read_tree(with_cuts(relaxation, witness.get("cuts", ())), witness["tree"])
        except InputError:
            proved = None
    if proved is not None and (proved >= enough or not optimal):
        return Grown(proved)
    try:
        grown = grow(game, value if optimal else None)
    except NoChecker:
        if proved is None:
            raise
        return Grown(proved)
    if grown.least is None:
        raise Infeasible("no decision has optimal replies that meet the leader's constraints: nothing can be claimed")
    return grown
