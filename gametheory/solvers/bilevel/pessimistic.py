"""The pessimistic value of a leader whose followers break ties against it, exactly, attained or not.

Source: derived from S. Dempe, *Foundations of Bilevel Programming*, 2002, section 3.3 and chapter 5 (optimal faces and
the pessimistic value); the steps are the package's own.

1. Every decision with optimal replies has a set ``S`` of pressing inequalities: those that some optimal multiplier
   makes positive. The tree branches on pairs: in ``S`` (tight) or not (multiplier zero). At a node the optimistic
   relaxation bounds the pessimistic value from below: the worst reply costs no less than any other.
2. A leaf whose multipliers cannot all be positive at once is empty (its decisions belong to a smaller ``S``).
3. At any other leaf the worst reply is an adversary's (:mod:`gametheory.solvers.bilevel.worst_reply`), and the leaf is
   an optimistic problem of its own, solved by branch and bound. It is solved on the closure, where multipliers may
   reach zero: its value is the leaf's infimum, because on the way from an inner point to the optimum the multipliers
   are positive and the worst value is continuous.
4. The value is attained where the optimum's multipliers are positive, or its worst reply is no worse; otherwise every
   leaf is asked for a decision with the same value and positive multipliers. If none has one, no decision attains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.errors import Infeasible, SizeLimit, Unbounded, UnsupportedGame
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.exact_bound import decide_exactly
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import KKTSystem, Limits
from gametheory.solvers.bilevel.node_programme import NodeProgramme
from gametheory.solvers.bilevel.search import Search
from gametheory.solvers.bilevel.ties import answers_others, dearest_reply
from gametheory.solvers.bilevel.worst_reply import worst_reply_game

__all__ = ["Pessimistic", "pessimistic_optimum"]

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Pessimistic:
    """The answer.

    Attributes
    ----------
    value
        The leader's least worst cost, an infimum where it is not `attained`.
    point
        The decision and the worst replies to it; where the value is not attained, the limit of both.
    attained
        Whether the value is had at `point`. None where that is left open (a leader's cost with squares).
    toward
        Where the value is not attained: a decision with a reply. A little of the way from `point` towards it the worst
        cost is as near to the value as one wants.
    nodes
        Relaxations solved.
    tree
        The proof; see :mod:`gametheory.certificates.pessimistic`.
    """

    value: Fraction
    point: Vector
    attained: bool | None
    toward: Vector
    nodes: int
    tree: tuple[Any, ...]


@dataclass(slots=True)
class _Hunt:
    """One tree."""

    game: StackelbergGame
    system: KKTSystem
    most_nodes: int
    value: Fraction | None = None
    point: Vector = ()
    inner: Vector = ()
    positive: bool = False
    nodes: int = 0
    tree: list[Any] = field(default_factory=list)

    def run(self) -> None:
        """Walk the tree, the last child first, and write it down in preorder."""
        programme = NodeProgramme(self.system)
        stack: list[dict[int, bool]] = [{}]
        while stack:
            choices = stack.pop()
            self._count()
            outcome = programme.evaluate(choices, None, np.inf)
            proof = programme.prove(choices, outcome, self.value)
            verdict = proof.verdict
            if verdict.status == "infeasible" or (
                verdict.status == "bounded" and self.value is not None and verdict.value >= self.value
            ):
                scale = 0 if verdict.status == "infeasible" else 1
                at = tuple((k, v) for k, v in enumerate(proof.tangent) if v) if scale else ()
                self.tree.append((scale, at, verdict.multipliers))
                continue
            left = [n for n in range(len(self.system.pairs)) if n not in choices]
            if left:
                pair = max(left, key=lambda n: _force(self.system, outcome, n))
                self.tree.append(pair)
                stack += [{**choices, pair: False}, {**choices, pair: True}]
                continue
            self.tree.append(self._leaf(frozenset(n for n, tight in choices.items() if tight)))

    def _count(self) -> None:
        self.nodes += 1
        if self.nodes > self.most_nodes:
            raise SizeLimit(f"more than {self.most_nodes} nodes: ties in many patterns; raise most_nodes")

    def _leaf(self, pressed: frozenset[int]) -> tuple[Any, ...]:
        inner = inner_point(self.system, pressed)
        if inner is None:
            return ("empty",)
        leaf = worst_reply_game(self.game, self.system, pressed)
        system = KKTSystem.of_game(leaf)
        search = Search(system, self.most_nodes)
        search.explore()
        search.close()
        self.nodes += search.nodes
        proof = ("worst", system.duality, search.tree())
        if search.value is None or (self.value is not None and search.value >= self.value):
            return proof
        lead = len(self.game.variables[0])
        replies = len(self.game.names) - lead
        first = leaf.blocks[1].start
        forces = search.point[lead:first][-len(pressed) :] if pressed else ()
        positive = all(v > 0 for v in forces)
        if not positive:
            self._demand_closure(leaf, search.point)
        self.value = search.value
        self.point = (*search.point[:lead], *search.point[first : first + replies])
        self.inner, self.positive = inner, positive
        return proof

    def _demand_closure(self, leaf: StackelbergGame, point: Vector) -> None:
        """Refuse where the way from inside to a limit may not be open, or the worst cost may jump on it."""
        lead = range(len(self.game.variables[0]))
        first = leaf.blocks[1].start
        for row, bound in leaf.constraints[0].inequalities:
            # With room to spare the constraint still holds, whatever the reply, close to the limit.
            if any(k >= first for k, _ in row) and sum(a * point[k] for k, a in row) >= bound:
                raise UnsupportedGame(
                    "tie_breaking='pessimistic': a limit of decisions is best, and there a reply just meets a "
                    "constraint of the leader, so on the way one may break it; leave that constraint out, or solve "
                    "optimistically"
                )
        meets = any((r in lead) != (c in lead) for r, c, _ in self.game.costs[0].quadratic)
        boxed = all(
            own.lower[k] is not None and own.upper[k] is not None
            for own, block in zip(self.game.constraints[1:], self.game.blocks[1:], strict=True)
            for k in block
        )
        if meets and not boxed:
            raise UnsupportedGame(
                "tie_breaking='pessimistic': a limit of decisions is best, the leader's cost has products of decision "
                "and reply, and replies have no bounds, so the worst cost may jump there; bound the replies"
            )


def _force(system: KKTSystem, outcome: Outcome, number: int) -> float:
    return 0.0 if outcome.point is None else float(outcome.point[system.pairs[number].multiplier])


def inner_point(system: KKTSystem, pressed: frozenset[int]) -> Vector | None:
    """Return a decision and a reply with positive multipliers on all of `pressed`, None where there is none."""
    limits = system.decide({n: n in pressed for n in range(len(system.pairs))})
    size = system.size
    rows = [*system.rows, *(((system.pairs[n].multiplier, Fraction(-1)), (size, Fraction(1))) for n in sorted(pressed))]
    count = len(pressed)
    more = Limits(
        [*limits.lower, None],
        [*limits.upper, Fraction(1)],
        [*limits.row_lower, *[None] * count],
        [*limits.row_upper, *[Fraction(0)] * count],
    )
    if more.crossed:
        return None
    cost = [Fraction(0)] * size + [Fraction(-1)]
    verdict = decide_exactly(cost, rows, more, Outcome("unknown"), None)
    if verdict.status != "bounded" or verdict.value >= 0:
        return None
    return verdict.point[: system.decided]


def pessimistic_optimum(game: StackelbergGame, system: KKTSystem, most_nodes: int) -> Pessimistic:
    """Return the pessimistic optimum; see the module.

    Raises
    ------
    Infeasible
        Every decision has an optimal reply that breaks the leader's constraints, or no worst one.
    Unbounded
        The worst cost falls for ever.
    UnsupportedGame
        Followers answer each other; the leader's cost is convex and not linear in a reply that ties; or a limit is best
        and it is not known that the way to it is open.
    """
    stranger = answers_others(game)
    if stranger:
        raise UnsupportedGame(
            f"tie_breaking='pessimistic': {stranger!r} answers other followers too, and not all of their equilibria "
            "are known; solve with tie_breaking='optimistic'"
        )
    hunt = _Hunt(game, system, most_nodes)
    hunt.run()
    if hunt.value is None:
        raise Infeasible(
            "whatever the leader decides, some optimal reply breaks its constraints or costs it without limit; solve "
            "with tie_breaking='optimistic', or bound the replies"
        )
    attained: bool | None = hunt.positive or dearest_reply(game, hunt.point) == hunt.value
    point = hunt.point
    if not attained:
        if system.products:
            attained = None
        else:
            found = _attaining(game, system, hunt.value, most_nodes)
            attained, point = found is not None, found or point
    return Pessimistic(hunt.value, point, attained, () if attained else hunt.inner, hunt.nodes, tuple(hunt.tree))


def _attaining(game: StackelbergGame, system: KKTSystem, value: Fraction, most_nodes: int) -> Vector | None:
    """Return a decision with its worst reply that costs just `value`, None where no leaf has one."""
    programme = NodeProgramme(system)
    stack: list[Mapping[int, bool]] = [{}]
    nodes = 0
    while stack:
        choices = stack.pop()
        nodes += 1
        if nodes > most_nodes:
            raise SizeLimit(f"more than {most_nodes} nodes: whether the value is attained is not decided")
        proof = programme.prove(choices, programme.evaluate(choices, None, np.inf), None)
        if proof.verdict.status == "infeasible" or (proof.verdict.status == "bounded" and proof.verdict.value > value):
            continue
        left = [n for n in range(len(system.pairs)) if n not in choices]
        if left:
            stack += [{**choices, left[0]: False}, {**choices, left[0]: True}]
            continue
        pressed = frozenset(n for n, tight in choices.items() if tight)
        if inner_point(system, pressed) is None:
            continue
        leaf = worst_reply_game(game, system, pressed, ceiling=value)
        search = Search(KKTSystem.of_game(leaf), most_nodes)
        search.explore()
        try:
            search.close()
        except Unbounded:  # nothing presses: the smallest multiplier of none is at most 1, so this cannot be
            continue
        if search.value is not None and search.value < 0:
            lead, first = len(game.variables[0]), leaf.blocks[1].start
            return (*search.point[:lead], *search.point[first : first + len(game.names) - lead])
    return None
