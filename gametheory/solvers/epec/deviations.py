"""Whether a joint decision is an equilibrium of leaders: each leader's problem is solved globally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.errors import Infeasible, SizeLimit, Unbounded
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.result import Answer
from gametheory.solvers.bilevel.branch_and_bound import ComplementarityBranchAndBound

__all__ = ["Judgement", "best_decision", "judged", "profile_of"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found: no leader has a better decision (then `leader` is -1), or one has.

    Attributes
    ----------
    witnesses
        For each leader (up to the one with a better decision) the tree that bounds what it can have.
    leader, better
        Who, and its decision with the replies to it, as joint decision of that leader's game; empty where it gains
        without limit.
    """

    witnesses: tuple[Mapping[str, Any], ...]
    leader: int = -1
    better: tuple[Fraction, ...] = ()


def best_decision(game: MultiLeaderGame, leader: int, decisions: Sequence[Sequence[Fraction]], most: int) -> Answer:
    """Return a leader's global optimum while the others keep to their decisions.

    Raises
    ------
    Infeasible, Unbounded, UnsupportedGame, SizeLimit
        As the solver of one leader says, with the name of the leader.
    """
    try:
        return ComplementarityBranchAndBound(most_nodes=most).solve(game.seen_by(leader, decisions))
    except Infeasible as error:
        raise Infeasible(f"while the other leaders keep to their decisions: {error}") from None


def judged(game: MultiLeaderGame, joint: Sequence[Fraction], most: int) -> Judgement:
    """Return whether some leader has a better decision than its own in a point whose replies are optimal."""
    decisions = [tuple(joint[k] for k in game.blocks[i]) for i in range(game.leaders)]
    witnesses: list[Mapping[str, Any]] = []
    for i in range(game.leaders):
        try:
            answer = best_decision(game, i, decisions, most)
        except Unbounded:
            return Judgement(tuple(witnesses), i)
        better = (*answer.profile["decision"], *(v for reply in answer.profile["replies"] for v in reply))
        if game.seen_by(i, decisions).costs[0].value(better) < game.costs[i].value(joint):
            return Judgement(tuple(witnesses), i, better)
        if answer.epsilon > 0:
            raise SizeLimit(
                f"the best decision of {game.players[i]!r} is not decided in {most} nodes; raise most_nodes"
            )
        witnesses.append(answer.witness)
    return Judgement(tuple(witnesses))


def profile_of(game: MultiLeaderGame, joint: Sequence[Fraction]) -> dict[str, Any]:
    """Return a joint decision as a profile."""
    split = tuple(tuple(joint[k] for k in block) for block in game.blocks)
    return {"decisions": split[: game.leaders], "replies": split[game.leaders :], "tie_breaking": "optimistic"}
