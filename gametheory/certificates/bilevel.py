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
from gametheory.certificates.pessimistic import approached, attained_somewhere, bound_of_worst
from gametheory.certificates.quadratic_program import Least, Program
from gametheory.certificates.reply_problem import reply_problem
from gametheory.certificates.reply_ties import ties_matter
from gametheory.certificates.rough_bound import rough_bound
from gametheory.certificates.whole_numbers import bound_of_whole, broken_part
from gametheory.errors import Infeasible, InputError, NoChecker
from gametheory.games.stackelberg import StackelbergGame
from gametheory.result import Certificate, Concept, Solution, Strength

__all__ = ["check_stackelberg", "reply_problem", "stated"]

Vector = tuple[Fraction, ...]


def check_stackelberg(
    game: StackelbergGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether a decision and its replies are a Stackelberg equilibrium up to a regret of `epsilon`.

    `profile` is a mapping: ``decision`` (of the leader), ``replies`` (one tuple a follower) and perhaps
    ``tie_breaking``. With ``"pessimistic"`` the replies must be the worst for the leader of all optimal ones, and
    no decision's worst cost may be less (:mod:`gametheory.certificates.pessimistic`). With ``"attained": False`` the
    decision is a limit: its worst cost is approached from ``toward``, a mapping with decision and replies, no decision
    costs less, and none just that.

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
        No tree that proves a bound is given, the game is too large to grow one here, and neither the relaxation without
        complementarity nor the bounds of the variables limit the leader's cost. Where they do, the interval is wide.
    """
    joint, pessimistic = _read(game, profile)
    claimed = exact(epsilon, what="epsilon")
    witness = witness or {}
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    claim = f"every follower answers optimally and no other decision is better for {game.players[0]!r}{size}"
    if pessimistic:
        claim += ", whatever optimal replies are picked"
        if not profile.get("attained", True):
            claim += "; the value is a limit"
    missed = max(
        ((*own.violation(joint), name) for name, own in zip(game.players, game.constraints, strict=True)),
        key=lambda item: item[0],
    )
    part, broken = broken_part(game, joint)
    if part > missed[0]:
        missed = (part, f"{broken} must be a whole number", game.players[0])
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
    ties = _ties(game, joint, profile) if pessimistic else ""
    if ties:
        evidence["problem"] = ties
        claim += f": no, {ties}"
        return Certificate(strength=Strength.REFUTED, claim=claim, bound=worst, witness=evidence, epsilon=claimed)
    if game.integers:
        grown = bound_of_whole(game, witness, value)
    elif pessimistic:
        grown = _worst(game, witness, value, value - claimed)
    else:
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
        # Whole decisions are searched for replies that please: whether these are the worst ones is asked here.
        worst_too = not (pessimistic and game.integers) or _hurts_no_more(game, found)
        if worst_too and not any(_followers(game, found, {})[0]):
            refuted = refuted or regret > claimed
            evidence["better_decision"] = {
                "decision": found[: len(game.variables[0])],
                "replies": tuple(found[block.start : block.stop] for block in game.blocks[1:]),
                "value": game.objectives[0].value(found),
            }
    if grown.endless and not refuted:
        raise NoChecker("a follower is not convex and its first-order conditions bound nothing: no certificate")
    bound = max(regret, worst)
    strength = Strength.REFUTED if refuted else Strength.EXACT if bound <= claimed else Strength.BOUNDED
    return Certificate(strength=strength, claim=claim, bound=bound, witness=evidence, epsilon=claimed)


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from the profile: decisions by name, the leader's value and everybody's."""
    if solution.concept is not Concept.STACKELBERG:
        return {}
    game = solution.game
    joint, _ = _read(game, solution.profile)
    named = {
        player: {game.names[k]: joint[k] for k in block}
        for player, block in zip(game.players, game.blocks, strict=True)
    }
    values = game.values(joint)
    made = {
        "leader": named.pop(game.players[0]),
        "follower": named,
        "value": values[0],
        "objectives": dict(zip(game.players, values, strict=True)),
        "tie_breaking": solution.profile.get("tie_breaking", "optimistic"),
    }
    details = getattr(solution, "details", {})
    return {**made, "toward": solution.profile.get("toward")} if "toward" in details else made


def _ties(game: StackelbergGame, joint: Vector, profile: Mapping[str, Any]) -> str:
    """Return what is wrong with replies that are said to be the worst, or with a limit that is said to be one."""
    if profile.get("attained", True):
        return ties_matter(game, joint)
    toward = profile.get("toward")
    if not isinstance(toward, Mapping):
        raise InputError('a value that is not attained needs "toward": a mapping with decision and replies')
    problem = approached(game, joint, _read(game, {**toward, "tie_breaking": "pessimistic"})[0])
    if problem:
        return problem
    try:
        found = attained_somewhere(game, game.costs[0].value(joint))
    except NoChecker:  # a value that is approached and never passed is right whether or not it is attained
        return ""
    return "" if found is None else f"the value is attained at {tuple(map(str, found[: len(game.variables[0])]))}"


def _hurts_no_more(game: StackelbergGame, joint: Vector) -> bool:
    """Whether it is proved that no other optimal reply hurts the leader more or breaks its constraints."""
    try:
        return not ties_matter(game, joint)
    except NoChecker:
        return False


def _worst(game: StackelbergGame, witness: Mapping[str, Any], value: Fraction, enough: Fraction) -> Grown:
    """Return a lower bound of the worst cost anywhere: the optimistic one if it does, else that of all leaves."""
    if "tree" in witness:
        try:
            grown = _leader(game, witness, value, enough, optimal=True)
        except (NoChecker, Infeasible):
            grown = None
        if grown is not None and grown.least is not None and grown.least >= enough and not grown.endless:
            return grown
    return bound_of_worst(game, witness, value)


def _all_convex(game: StackelbergGame) -> bool:
    return all(
        is_positive(len(block), cost.block(block, block), definite=False)
        for block, cost in zip(game.blocks[1:], game.costs[1:], strict=True)
    )


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
            proved = rough_bound(game)
        if proved is None:
            raise
        return Grown(proved)
    if grown.least is None:
        raise Infeasible("no decision has optimal replies that meet the leader's constraints: nothing can be claimed")
    return grown
