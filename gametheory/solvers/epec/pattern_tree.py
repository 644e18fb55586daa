"""The tree that closes all patterns of choices of a stacked system: nothing is there, or one point, or a whole set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gametheory.errors import SizeLimit
from gametheory.solvers.bilevel.kkt_system import Limits
from gametheory.solvers.epec.stacked_programme import StackedProgramme
from gametheory.solvers.epec.stacked_system import StackedSystem

__all__ = ["PatternTree"]

_TOLERANCE = 1e-7

Vector = tuple[Fraction, ...]


@dataclass(slots=True)
class PatternTree:
    """The tree of patterns in preorder, the first alternative first.

    Attributes
    ----------
    entries
        Inner nodes are numbers of splits; leaves are ``("empty", multipliers)``, ``("point", number, proofs)`` with two
        proofs for each decision and reply, or ``("open", box)``.
    points
        The points that leaves leave, without repetition.
    open
        For each open leaf its ``box``, one ``point`` in it, its ``choices`` and the number of its ``entry``.
    programme
        Linear programmes over the system.
    """

    system: StackedSystem
    most_nodes: int
    entries: list[Any] = field(default_factory=list)
    points: list[Vector] = field(default_factory=list)
    open: list[dict[str, Any]] = field(default_factory=list)
    nodes: int = 0
    programme: StackedProgramme = field(init=False)

    def __post_init__(self) -> None:
        self.programme = StackedProgramme(self.system)

    def grow(self, root: Mapping[int, int] | None = None) -> None:
        """Close all patterns, or those with the choices of `root`.

        Raises
        ------
        SizeLimit
            There are more nodes than `most_nodes`.
        """
        stack: list[dict[int, int]] = [dict(root or {})]
        while stack:
            choices = stack.pop()
            self.nodes += 1
            if self.nodes > self.most_nodes:
                raise SizeLimit(
                    f"the patterns of {len(self.system.splits)} choices do not close in {self.most_nodes} nodes; raise "
                    "most_nodes, or use Diagonalisation() for one equilibrium"
                )
            split = self._visit(choices, self.system.decide(choices))
            if split >= 0:
                self.entries.append(split)
                stack += [{**choices, split: 1}, {**choices, split: 0}]

    def _visit(self, choices: Mapping[int, int], limits: Limits) -> int:
        """Close a node and return -1, or return the split to decide next."""
        outcome = self.programme.look(limits, {})
        if outcome.status != "optimal" or outcome.point is None:
            verdict = self.programme.decide(limits, outcome=outcome)
            if verdict.status == "infeasible":
                self.entries.append(("empty", verdict.multipliers))
                return -1
            point: Any = [float(v) for v in verdict.point]
        else:
            point = outcome.point
        worst = self._most_missed(choices, point)
        if worst >= 0:
            return worst
        for k in range(self.system.decided):
            ends: list[Any] = []
            for sign in (1.0, -1.0):
                there = self.programme.look(limits, {k: sign})
                if there.point is None:
                    ends = []
                    break
                ends.append(there.point)
            if ends and abs(ends[0][k] - ends[1][k]) <= _TOLERANCE * (1.0 + abs(ends[0][k])):
                continue
            for end in ends:
                worst = self._most_missed(choices, end)
                if worst >= 0:
                    return worst
            left = [n for n in range(len(self.system.splits)) if n not in choices]
            if left:
                return left[0]
            self._leave_open(choices, limits)
            return -1
        return self._point(choices, limits)

    def _most_missed(self, choices: Mapping[int, int], point: Any) -> int:
        """Return the split of which a point misses both alternatives by most, -1 if none is missed."""
        best, worst = _TOLERANCE, -1
        for n in range(len(self.system.splits)):
            if n not in choices:
                size = min(self.system.missed(n, side, point) for side in (0, 1))
                if size > best:
                    best, worst = size, n
        return worst

    def _point(self, choices: Mapping[int, int], limits: Limits) -> int:
        """Prove that decisions and replies have one value; where floats were wrong about that, split on."""
        joint: list[Fraction] = []
        proofs: list[Any] = []
        for k in range(self.system.decided):
            low = self.programme.decide(limits, {k: Fraction(1)})
            if low.status == "infeasible":
                self.entries.append(("empty", low.multipliers))
                return -1
            high = self.programme.decide(limits, {k: Fraction(-1)})
            if low.status != "bounded" or high.status != "bounded" or low.value != -high.value:
                left = [n for n in range(len(self.system.splits)) if n not in choices]
                if left:
                    return left[0]
                self._leave_open(choices, limits)
                return -1
            joint.append(low.value)
            proofs.append((low.multipliers, high.multipliers))
        found = tuple(joint)
        if found not in self.points:
            self.points.append(found)
        self.entries.append(("point", self.points.index(found), tuple(proofs)))
        return -1

    def _leave_open(self, choices: Mapping[int, int], limits: Limits) -> None:
        """Keep a node whose points are a whole set: bounds of it and one of its points."""
        verdict = self.programme.decide(limits)
        if verdict.status == "infeasible":
            self.entries.append(("empty", verdict.multipliers))
            return
        box = []
        for k in range(self.system.decided):
            low, high = (self.programme.decide(limits, {k: Fraction(sign)}) for sign in (1, -1))
            box.append(
                (
                    low.value if low.status == "bounded" else None,
                    -high.value if high.status == "bounded" else None,
                )
            )
        self.open.append(
            {
                "box": tuple(box),
                "point": verdict.point[: self.system.decided],
                "choices": dict(choices),
                "entry": len(self.entries),
            }
        )
        self.entries.append(("open", tuple(box)))
