"""The general solver of leaders and followers: complementarity branch and bound with an exact end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import Infeasible, InputError, UnsupportedGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.result import Answer, Concept
from gametheory.solvers.bilevel.infeasible import reason
from gametheory.solvers.bilevel.kkt_system import KKTSystem
from gametheory.solvers.bilevel.proved_bounds import strengthened
from gametheory.solvers.bilevel.search import Search
from gametheory.solvers.bilevel.ties import indifference

__all__ = ["ComplementarityBranchAndBound"]

#: A search that is longer than this many nodes starts again with bounds that are proved first.
_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class ComplementarityBranchAndBound:
    """The global optimum of a leader over followers with linear or convex quadratic problems, in rationals.

    The followers' KKT conditions, sufficient because their problems are convex, are branched on pair by pair; see
    :mod:`gametheory.solvers.bilevel.search`. There is no big constant; where a search is long it starts again with
    bounds on multipliers that are proved (:mod:`gametheory.solvers.bilevel.proved_bounds`).

    Parameters
    ----------
    tie_breaking
        ``"optimistic"``: of several optimal replies the one that is best for the leader. ``"pessimistic"``: the worst;
        solved where at the optimistic optimum every optimal reply is worth the same to the leader (then both values
        are equal, for the pessimistic one is never better), otherwise refused.
    most_nodes
        After so many relaxations the search stops, and the answer declares how far from the best it may be.

    Raises
    ------
    Infeasible
        No decision has optimal replies that satisfy the leader's constraints; the message says which part fails.
    Unbounded
        The leader's objective improves for ever along optimal replies.
    UnsupportedGame
        A follower is not convex, the leader's cost cannot be made convex, or ties decide a pessimistic value.

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
        search = Search(system, min(_PATIENCE, self.most_nodes))
        cuts: tuple[Any, ...] = ()
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
        if self.tie_breaking == "pessimistic":
            problem = indifference(game, joint)
            if problem:
                raise UnsupportedGame(
                    f"tie_breaking='pessimistic': {problem}, so the pessimistic value differs from the optimistic one "
                    "or is not attained; solve with tie_breaking='optimistic', or give followers with a unique reply"
                )
        split = [joint[block.start : block.stop] for block in game.blocks]
        value = game.objectives[0].value(joint)
        return Answer(
            profile={"decision": split[0], "replies": tuple(split[1:]), "tie_breaking": self.tie_breaking},
            epsilon=max(search.value - bound, Fraction(0)),
            iterations=search.nodes,
            witness={
                "multipliers": _by_follower(game, search.point[system.decided :]),
                "strong_duality": system.duality,
                "cuts": cuts,
                "tree": search.tree(),
            },
            extra={
                "leader": dict(zip(game.variables[0], split[0], strict=True)),
                "follower": {
                    name: dict(zip(own, reply, strict=True))
                    for name, own, reply in zip(game.players[1:], game.variables[1:], split[1:], strict=True)
                },
                "value": value,
                "attained": True,
                "details": {
                    "objectives": dict(zip(game.players, game.values(joint), strict=True)),
                    "pairs": len(system.pairs),
                    "nodes": search.nodes,
                },
            },
        )


def _by_follower(game: StackelbergGame, multipliers: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
    """Return each follower's multipliers in the order of its own rows."""
    supply: Any = iter(multipliers)
    return tuple(tuple(next(supply) for _ in own.rows()) for own in game.constraints[1:])
