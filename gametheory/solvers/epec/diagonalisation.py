"""One equilibrium of several leaders: each in turn takes its global optimum, until nobody moves or it all comes back.

Source: the diagonalisation (nonlinear Gauss-Seidel) of equilibrium problems with equilibrium constraints, as in
J. B. Cardell, C. C. Hitt and W. W. Hogan, "Market power and strategic interaction in electricity networks", Resource
and Energy Economics 19 (1997) 109-137: (1) start somewhere; (2) each leader in turn solves its own problem, the others
kept; (3) stop where a round changes nothing. Here each problem is solved globally, in rationals; and (4) decisions that
come back after more than one round are a cycle, reported as one; (5) where a round meets the same tight constraints as
the one before it, the first-order conditions of all with these constraints are solved exactly, and the point is taken
if no leader has a better decision: a sequence that converges without end is not followed to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, exact_series
from gametheory.errors import InputError, SizeLimit
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.epec.deviations import Judgement, best_decision, judged, profile_of
from gametheory.solvers.epec.pattern_tree import PatternTree
from gametheory.solvers.epec.stacked_system import StackedSystem

__all__ = ["Diagonalisation"]

#: Most nodes of a tree over the choices that a round leaves open.
_FEW = 200

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Diagonalisation:
    """Leaders in turn, each at its global optimum; see the module for the steps.

    Parameters
    ----------
    start
        Decisions of all leaders, one tuple a leader; left out, 0 or the bound that is nearest to 0.
    most_rounds
        After so many rounds without an end the last decisions are returned as not converged.
    most_nodes
        Of each leader's branch and bound.

    Raises
    ------
    Infeasible, Unbounded, UnsupportedGame
        A leader has no best decision while the others keep to theirs; another start may be better.

    Examples
    --------
    Two Cournot leaders and a follower, each with unit cost 1, price 10 less the quantity:

    >>> market = {name: {(name, other): -1 for other in "abf"} | {name: 9} for name in "abf"}
    >>> game = MultiLeaderGame.from_terms(
    ...     leaders=[(f"leader {q}", {q: (0, None)}, market[q]) for q in "ab"],
    ...     followers=[("follower", {"f": (0, None)}, market["f"])],
    ...     sense="payoff",
    ... )
    >>> answer = Diagonalisation().solve(game)
    >>> answer.profile["decisions"], answer.profile["replies"]
    (((Fraction(3, 1),), (Fraction(3, 1),)), ((Fraction(3, 2),),))
    """

    accepts: ClassVar[tuple[str, ...]] = ("MultiLeaderGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG
    start: tuple[tuple[Number, ...], ...] = ()
    most_rounds: int = 60
    most_nodes: int = 20_000

    def __post_init__(self) -> None:
        if min(self.most_rounds, self.most_nodes) < 1:
            raise InputError("most_rounds and most_nodes: give at least 1 each")

    def solve(self, game: MultiLeaderGame) -> Answer:
        """Return an equilibrium, or the last decisions and the status that says why they are none."""
        decisions = self._begin(game)
        met: dict[tuple[Vector, ...], int] = {}
        system = StackedSystem.of_game(game)
        last: frozenset[tuple[int, int]] = frozenset()
        tried: set[frozenset[tuple[int, int]]] = set()
        joint: Vector = ()
        multipliers: list[Fraction] = []
        for done in range(1, self.most_rounds + 1):
            before = tuple(decisions)
            patterns = []
            for i in range(game.leaders):
                answer = best_decision(game, i, decisions, self.most_nodes)
                changed = [*decisions[:i], answer.profile["decision"], *decisions[i + 1 :]]
                there = tuple(v for own in (*changed, *answer.profile["replies"]) for v in own)
                # Who is as well off where it is stays: moves among equally good decisions are no cycle.
                if not joint or game.costs[i].value(there) < game.costs[i].value(joint):
                    decisions, joint = changed, there
                    multipliers = [v for own in answer.witness["multipliers"] for v in own]
                patterns.append(frozenset(_pattern(system, game, joint, multipliers).items()))
            now = tuple(decisions)
            if now == before:
                found = judged(game, joint, self.most_nodes)
                status = Status.SOLVED if found.leader < 0 else Status.NOT_CONVERGED
                return _answer(game, joint, status, done, found)
            if now in met:
                rounds = [key for key, number in met.items() if number >= met[now]]
                return _answer(game, joint, Status.CYCLE, done, cycle=rounds)
            met[now] = done
            # Choices that the leaders of a round do not share are left open: the end may lie where they meet.
            common = frozenset.intersection(*patterns)
            if common == last and common not in tried:
                tried.add(common)
                for there in _limits(system, dict(common)):
                    found = judged(game, there, self.most_nodes)
                    if found.leader < 0:
                        return _answer(game, there, Status.SOLVED, done, found)
            last = common
        found = judged(game, joint, self.most_nodes)
        status = Status.SOLVED if found.leader < 0 else Status.NOT_CONVERGED
        return _answer(game, joint, status, self.most_rounds, found)

    def _begin(self, game: MultiLeaderGame) -> list[Vector]:
        if self.start:
            sizes = [len(own) for own in game.variables[: game.leaders]]
            if [len(own) for own in self.start] != sizes:
                raise InputError(f"start {self.start!r}: give {sizes} numbers for the {game.leaders} leaders")
            return [tuple(exact_series(own, what="start")) for own in self.start]
        found = []
        for i in range(game.leaders):
            own = game.constraints[i]
            found.append(tuple(_near_zero(own.lower[k], own.upper[k]) for k in game.blocks[i]))
        return found


def _limits(system: StackedSystem, choices: Mapping[int, int]) -> list[Vector]:
    """Return points that satisfy all first-order conditions with these choices, as far as a few nodes find them."""
    tree = PatternTree(system, _FEW)
    with suppress(SizeLimit):
        tree.grow(choices)
    return [*tree.points, *(box["point"] for box in tree.open)]


def _near_zero(low: Fraction | None, high: Fraction | None) -> Fraction:
    value = Fraction(0) if low is None else max(low, Fraction(0))
    return value if high is None else min(value, high)


def _pattern(
    system: StackedSystem, game: MultiLeaderGame, joint: Vector, multipliers: Sequence[Fraction]
) -> dict[int, int]:
    """Return for each split the alternative that a joint decision and the followers' multipliers satisfy."""
    found: dict[int, int] = {}
    follows = range(game.leaders, len(game.players))
    rows = [row for j in follows for row in game.constraints[j].rows()]
    kept = [(row, lam) for row, lam in zip(rows, multipliers, strict=True) if not row[2]]
    for n, ((coefficients, bound, _, _), lam) in enumerate(kept):
        tight = sum((a * joint[k] for k, a in coefficients), Fraction(0)) == bound
        found[n] = int(not tight)
        found[len(kept) + n] = int(lam == 0)
    at = 2 * len(kept)
    for i in range(game.leaders):
        for coefficients, bound, equal, _ in game.constraints[i].rows():
            if not equal:
                found[at] = int(sum((a * joint[k] for k, a in coefficients), Fraction(0)) != bound)
                at += 1
    assert at == len(system.splits), "every split is decided"
    return found


def _answer(
    game: MultiLeaderGame,
    joint: Vector,
    status: Status,
    rounds: int,
    found: Judgement | None = None,
    cycle: Sequence[Any] = (),
) -> Answer:
    profile = profile_of(game, joint)
    values = game.values(joint)
    details: dict[str, Any] = {"objectives": dict(zip(game.players, values, strict=True)), "rounds": rounds}
    if cycle:
        details["cycle"] = tuple(cycle)
    return Answer(
        profile=profile,
        status=status,
        iterations=rounds,
        witness={"leaders": found.witnesses} if found is not None and found.leader < 0 else {},
        extra={
            "leader": _named(game.players, game.variables, profile["decisions"]),
            "follower": _named(game.players[game.leaders :], game.variables[game.leaders :], profile["replies"]),
            "value": values[: game.leaders],
            "bound": values[: game.leaders],
            "attained": True,
            "details": details,
        },
    )


def _named(players: Sequence[str], variables: Sequence[Sequence[str]], numbers: Sequence[Vector]) -> Mapping[str, Any]:
    return {
        player: dict(zip(names, own, strict=True))
        for player, names, own in zip(players, variables, numbers, strict=False)
    }
