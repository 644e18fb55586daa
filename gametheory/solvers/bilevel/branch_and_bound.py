"""The general solver of leaders and followers: complementarity branch and bound with an exact end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import Infeasible, InputError, Unbounded, UnsupportedGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.bilevel.infeasible import reason
from gametheory.solvers.bilevel.kkt_system import KKTSystem
from gametheory.solvers.bilevel.pessimistic import pessimistic_optimum
from gametheory.solvers.bilevel.proved_bounds import strengthened
from gametheory.solvers.bilevel.search import Search
from gametheory.solvers.bilevel.ties import indifference
from gametheory.solvers.bilevel.whole_leader import best_whole

__all__ = ["ComplementarityBranchAndBound"]

#: A search that is longer than this many nodes starts again with bounds that are proved first.
_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class ComplementarityBranchAndBound:
    """The global optimum of a leader over followers with linear or convex quadratic problems, in rationals.

    The followers' KKT conditions, sufficient because their problems are convex, are branched on pair by pair; see
    :mod:`gametheory.solvers.bilevel.search`. There is no big constant; where a search is long it starts again with
    bounds on multipliers that are proved (:mod:`gametheory.solvers.bilevel.proved_bounds`). A leader that decides in
    whole numbers is branched on around it (:mod:`gametheory.solvers.bilevel.whole_leader`).

    Parameters
    ----------
    tie_breaking
        ``"optimistic"``: of several optimal replies the one that is best for the leader. ``"pessimistic"``: the worst.
        Where at the optimistic optimum every optimal reply is worth the same to the leader both values are equal, for
        the pessimistic one is never better; otherwise :mod:`gametheory.solvers.bilevel.pessimistic` solves it. Its
        value may be a limit that no decision attains: ``attained`` is then False, the decision is the limit, and
        ``details["toward"]`` says from where it is approached.
    most_nodes
        After so many relaxations the search stops, and the answer declares how far from the best it may be.

    Raises
    ------
    Infeasible
        No decision has optimal replies that satisfy the leader's constraints; the message says which part fails.
    Unbounded
        The leader's objective improves for ever along optimal replies.
    UnsupportedGame
        A follower is not convex, the leader's cost cannot be made convex, or a pessimistic value is not decided here.

    Examples
    --------
    >>> game = StackelbergGame.from_terms(
    ...     leader=("seller", {"price": (0, 10)}, {("price", "energy"): 1, "energy": -2}),
    ...     followers=[("buyer", {"energy": (0, 3)}, {"energy": 6, ("price", "energy"): -1})],
    ...     sense="payoff",
    ... )
    >>> answer = ComplementarityBranchAndBound().solve(game)
    >>> answer.profile["decision"], answer.profile["replies"], answer.extra["value"]
    ((Fraction(6, 1),), ((Fraction(3, 1),),), Fraction(12, 1))
    """

    accepts: ClassVar[tuple[str, ...]] = ("StackelbergGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG
    tie_breaking: str = "optimistic"
    most_nodes: int = 100_000

    def __post_init__(self) -> None:
        if self.tie_breaking not in ("optimistic", "pessimistic"):
            raise InputError(f"tie_breaking={self.tie_breaking!r} is not known; give 'optimistic' or 'pessimistic'")
        if self.most_nodes < 1:
            raise InputError(f"most_nodes={self.most_nodes}: give at least 1")

    def solve(self, game: StackelbergGame) -> Answer:
        """Return the leader's decision, the replies, and the tree that proves that nothing is better."""
        system = KKTSystem.of_game(game)
        if game.integers:
            return self._whole(game, system)
        try:
            found = self._optimistic(game, system)
        except Unbounded:
            if self.tie_breaking == "optimistic":
                raise
            return self._pessimistic(game, system)
        if self.tie_breaking == "pessimistic" and indifference(game, found.profile_point):
            return self._pessimistic(game, system)
        return found.answer

    def _optimistic(self, game: StackelbergGame, original: KKTSystem) -> _Found:
        system, cuts = original, ()
        search = Search(system, min(_PATIENCE, self.most_nodes))
        if not search.explore() and self.most_nodes > _PATIENCE:
            system, cuts = strengthened(system)
            search = Search(system, self.most_nodes)
            search.explore()
        search.close()
        if search.value is None:
            raise Infeasible(reason(game))
        joint = search.point[: system.decided]
        bound = search.bound()
        if bound is None:
            raise UnsupportedGame(
                f"the search stopped after {search.nodes} nodes without any bound; raise most_nodes={self.most_nodes}"
            )
        witness = {
            "multipliers": _by_follower(game, search.point[system.decided :]),
            "strong_duality": system.duality,
            "cuts": cuts,
            "tree": search.tree(),
        }
        gap = max(search.value - bound, Fraction(0))
        answer = self._answer(game, system, joint, search.nodes, witness, gap)
        if gap and search.nodes > search.most_nodes:
            answer = replace(answer, status=Status.NOT_CONVERGED)
        return _Found(joint, answer)

    def _whole(self, game: StackelbergGame, system: KKTSystem) -> Answer:
        found = best_whole(game, self.most_nodes)
        if found.value is None or found.bound is None:
            raise Infeasible(f"no decision in whole numbers: {reason(game)}")
        joint = found.point[: system.decided]
        problem = indifference(game, joint) if self.tie_breaking == "pessimistic" else ""
        if problem:
            raise UnsupportedGame(
                f"tie_breaking='pessimistic': {problem}; this is not solved in whole numbers, solve optimistically"
            )
        witness = {"multipliers": _by_follower(game, found.point[system.decided :]), "whole_tree": found.tree}
        return self._answer(game, system, joint, found.nodes, witness, max(found.value - found.bound, Fraction(0)))

    def _pessimistic(self, game: StackelbergGame, system: KKTSystem) -> Answer:
        found = pessimistic_optimum(game, system, self.most_nodes)
        witness = {"strong_duality": system.duality, "worst_tree": found.tree}
        answer = self._answer(game, system, found.point, found.nodes, witness)
        if found.attained:
            return answer
        split = [found.toward[block.start : block.stop] for block in game.blocks]
        toward = {"decision": split[0], "replies": tuple(split[1:])}
        details = {**answer.extra["details"], "toward": toward, "attainment_decided": found.attained is not None}
        return replace(
            answer,
            profile={**answer.profile, "attained": False, "toward": toward},
            extra={**answer.extra, "attained": False, "details": details},
        )

    def _answer(
        self,
        game: StackelbergGame,
        system: KKTSystem,
        joint: Sequence[Fraction],
        nodes: int,
        witness: Mapping[str, Any],
        gap: Fraction = Fraction(0),
    ) -> Answer:
        split = [joint[block.start : block.stop] for block in game.blocks]
        return Answer(
            profile={"decision": split[0], "replies": tuple(split[1:]), "tie_breaking": self.tie_breaking},
            epsilon=gap,
            iterations=nodes,
            witness=witness,
            extra={
                "leader": dict(zip(game.variables[0], split[0], strict=True)),
                "follower": {
                    name: dict(zip(own, reply, strict=True))
                    for name, own, reply in zip(game.players[1:], game.variables[1:], split[1:], strict=True)
                },
                "value": game.objectives[0].value(joint),
                "attained": True,
                "details": {
                    "objectives": dict(zip(game.players, game.values(joint), strict=True)),
                    "pairs": len(system.pairs),
                    "nodes": nodes,
                },
            },
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """An optimistic answer and its joint decision."""

    profile_point: tuple[Fraction, ...]
    answer: Answer


def _by_follower(game: StackelbergGame, multipliers: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    """Return each follower's multipliers in the order of its own rows."""
    supply: Any = iter(multipliers)
    return tuple(tuple(next(supply) for _ in own.rows()) for own in game.constraints[1:])
