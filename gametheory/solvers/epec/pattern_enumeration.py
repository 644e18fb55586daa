"""All equilibria of several leaders, or the proof that there is none: every pattern of choices, then every deviation.

(1) Every equilibrium lies in the stacked system of first-order conditions for one alternative of each split
(:mod:`gametheory.solvers.epec.stacked_system`).
(2) The splits are decided one by one, the one that a point of the node misses most
first; a node without a point is closed by Farkas multipliers in rationals. (3) A node in which decisions and replies
have one value only is a candidate; its value is proved by two linear programmes a variable. (4) Of each candidate every
leader's problem is solved globally: it is an equilibrium, or a leader has a better decision. (5) A node with all splits
decided and a whole set of points is closed if one decision is better for one leader in all of them
(:mod:`gametheory.solvers.epec.beaten_sets`). Else it is left open: one point of it is judged, and the list is not
called complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.result import Answer, Concept
from gametheory.solvers.bilevel.kkt_system import semidefinite
from gametheory.solvers.epec.beaten_sets import beaten
from gametheory.solvers.epec.deviations import Judgement, judged, profile_of
from gametheory.solvers.epec.pattern_tree import PatternTree
from gametheory.solvers.epec.stacked_system import StackedSystem

__all__ = ["PatternEnumeration"]


@dataclass(frozen=True, slots=True)
class PatternEnumeration:
    """Enumerate the patterns of tight constraints of all players, followers and leaders.

    Class: quadratic costs, linear constraints, convex followers. A leader's cost need not be convex for the candidates
    to be complete, but its deviations must be bounded, which asks for a cost that strong duality makes convex.

    Parameters
    ----------
    most_nodes
        More nodes of the pattern tree than this are refused.
    most_deviation_nodes
        Most nodes in which one leader's deviation is bounded.

    Raises
    ------
    SizeLimit
        The patterns do not close within `most_nodes`, or a deviation is not decided.

    Examples
    --------
    Two leaders and a follower without an equilibrium (Pang and Fukushima 2005):

    >>> game = MultiLeaderGame.from_terms(
    ...     leaders=[("I", {"x1": (0, 1)}, {"x1": "0.5", "y": 1}), ("II", {"x2": (0, 1)}, {"x2": "-0.5", "y": -1})],
    ...     followers=[("F", {"y": (0, None)}, {"y": -1, ("x1", "y"): 1, ("x2", "y"): 1, ("y", "y"): "0.5"})],
    ... )
    >>> answer = PatternEnumeration().solve(game)
    >>> answer.profile, answer.extra["complete"]
    ((), True)
    """

    accepts: ClassVar[tuple[str, ...]] = ("MultiLeaderGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG_SET
    most_nodes: int = 20_000
    most_deviation_nodes: int = 20_000

    def __post_init__(self) -> None:
        if min(self.most_nodes, self.most_deviation_nodes) < 1:
            raise InputError("most_nodes and most_deviation_nodes: give at least 1 each")

    def solve(self, game: MultiLeaderGame) -> Answer:
        """Return the equilibria, the tree of patterns and for each candidate what became of it."""
        _refuse_bent_followers(game)
        tree = PatternTree(StackedSystem.of_game(game), self.most_nodes)
        tree.grow()
        beaten_count = self._close_sets(game, tree)
        profiles: list[Any] = []
        proofs: list[Mapping[str, Any]] = []
        points: list[Any] = []
        undecided = ""
        for joint in [*tree.points, *(box["point"] for box in tree.open)]:
            verdict: Judgement | None = None
            try:
                verdict = judged(game, joint, self.most_deviation_nodes)
            except UnsupportedGame as error:
                undecided = str(error)
            if verdict is None:
                points.append((joint, "undecided", -1, ()))
            elif verdict.leader >= 0:
                points.append((joint, "refuted", verdict.leader, verdict.better))
            else:
                profile = profile_of(game, joint)
                if profile not in profiles:
                    profiles.append(profile)
                    proofs.append({"leaders": verdict.witnesses})
                points.append((joint, "equilibrium", profiles.index(profile), ()))
        complete = not tree.open and not undecided
        return Answer(
            profile=tuple(profiles),
            iterations=tree.nodes,
            witness={
                "tree": tuple(tree.entries),
                "points": tuple(points),
                "equilibria": tuple(proofs),
            },
            extra={
                "complete": complete,
                "reason": _reason(tree, len(profiles), undecided, beaten_count),
                "components": tuple((p,) for p in profiles) if complete else (),
                "unresolved": tuple({"box": box["box"]} for box in tree.open),
            },
        )

    def _close_sets(self, game: MultiLeaderGame, tree: PatternTree) -> int:
        """Close open leaves of which no point is an equilibrium; return how many."""
        left = []
        for leaf in tree.open:
            limits = tree.system.decide(leaf["choices"])
            entry = beaten(game, tree.programme, limits, leaf["box"], leaf["point"], self.most_deviation_nodes)
            if entry is None:
                left.append(leaf)
            else:
                tree.entries[leaf["entry"]] = entry
        closed = len(tree.open) - len(left)
        tree.open = left
        return closed


def _reason(tree: PatternTree, found: int, undecided: str, beaten_count: int) -> str:
    if undecided:
        return f"a candidate could not be judged: {undecided}"
    if tree.open:
        return (
            f"in {len(tree.open)} patterns the first-order conditions hold for a whole set of points, of which one "
            "each was judged"
        )
    return (
        f"{tree.nodes} nodes close all patterns; of {len(tree.points)} points that satisfy the first-order conditions "
        f"{found} pass every leader's global deviation"
        + (f", and in {beaten_count} whole sets one leader has a better decision everywhere" if beaten_count else "")
    )


def _refuse_bent_followers(game: MultiLeaderGame) -> None:
    for i in range(game.leaders, len(game.players)):
        block = game.blocks[i]
        if not semidefinite(len(block), {(r, c): v for r, c, v in game.costs[i].block(block, block)}):
            raise UnsupportedGame(
                f"{game.players[i]!r}: its own problem is not convex, so first-order conditions do not describe its "
                "replies; give a follower with a convex cost"
            )
