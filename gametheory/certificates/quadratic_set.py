"""Is a list of equilibria of a small quadratic game complete? A search over complementarity, decided in rationals.

Constraints are linear, so at an equilibrium the first-order conditions of all players hold: ``M x + q + A' mu = 0``,
``mu >= 0``, ``A x <= b``, and for each row ``mu_j = 0`` or ``(A x)_j = b_j``. The search starts from the first three,
which are linear, and splits on the last. A node is closed when its equations have no solution or its inequalities no
point (a linear problem, by the checkers' own pivoting); a row whose slack or multiplier is a constant decides itself.
What is left at the leaves are single points, or whole sets of them; a point is an equilibrium if no player gains, which
for own costs that are not convex is decided by regret. This is not how the solver lists them: it solves one system of
equations for every pattern of tight rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, brief, exact, rational
from gametheory.certificates.lemke import complementary
from gametheory.certificates.linear_algebra import is_positive
from gametheory.certificates.quadratic import check_nash_equilibrium, read_profile
from gametheory.errors import InputError, NoChecker
from gametheory.games.quadratic import QuadraticGame
from gametheory.result import Certificate, Strength

__all__ = ["MOST_NODES", "Stationary", "check_nash_equilibria", "every_equilibrium", "stationary_points"]

#: Searches with more nodes than this, or more unknowns, are given up: whether a list is complete is then not decided.
MOST_NODES = 3_000
MOST_UNKNOWNS = 60

Vector = tuple[Fraction, ...]


@dataclass(slots=True)
class Stationary:
    """All points at which every player's first-order conditions hold.

    Attributes
    ----------
    closed
        Whether the search came to its end.
    points
        Those that stand alone in their leaf.
    sets
        One point of each leaf that holds a whole set of them.
    convex
        Whether every own cost is convex: the points are then the equilibria.
    """

    closed: bool = True
    points: set[Vector] = field(default_factory=set)
    sets: list[Vector] = field(default_factory=list)
    convex: bool = True


def stationary_points(game: QuadraticGame) -> Stationary:
    """Return all of them, or as many as the limits allow.

    >>> game = QuadraticGame.from_matrices([[[2, 1], [1, 0]], [[0, 1], [1, 2]]], [[-3, 0], [0, -3]], lower=[[0], [0]])
    >>> stationary_points(game).points
    {(Fraction(1, 1), Fraction(1, 1))}
    """
    found = Stationary()
    costs = game.costs
    for cost, block in zip(costs, game.blocks, strict=True):
        found.convex &= is_positive(len(block), cost.block(block, block), definite=False)
    rows = list(game.joint_strategies().rows())
    n, m = game.size, len(rows)
    if n + m > MOST_UNKNOWNS:
        found.closed = False
        return found
    origin = [Fraction(0)] * n
    equations: list[list[Any]] = []
    for cost, block in zip(costs, game.blocks, strict=True):
        matrix = {(block.start + r, c): v for r, c, v in cost.block(block, range(n))}
        for k, constant in zip(block, cost.gradient(origin, block), strict=True):
            row = [rational(matrix.get((k, c), 0)) for c in range(n)]
            row += [rational(dict(coefficients).get(k, 0)) for coefficients, _, _, _ in rows]
            equations.append([*row, rational(-constant)])
    tight = []
    for coefficients, bound, _, _ in rows:
        held = dict(coefficients)
        tight.append([rational(held.get(k, 0)) for k in range(n)] + [rational(0)] * m + [rational(bound)])
    equations += [row for row, (_, _, equal, _) in zip(tight, rows, strict=True) if equal]
    free = [j for j, (_, _, equal, _) in enumerate(rows) if not equal]
    _Search(n, tight, found).run(equations, free, [j for j, row in enumerate(rows) if not row[2]])
    return found


def every_equilibrium(game: QuadraticGame) -> tuple[tuple[Vector, ...], str]:
    """Return all Nash equilibria (joint strategies), and "" or why they may not be all."""
    found = stationary_points(game)
    kept = tuple(x for x in sorted(found.points) if found.convex or _holds(game, x))
    if not found.closed:
        return kept, f"the search has more than {MOST_NODES} nodes or {MOST_UNKNOWNS} unknowns"
    if found.sets:
        return kept, "a whole set of points satisfies the first-order conditions: equilibria may form a continuum"
    return kept, ""


def _holds(game: QuadraticGame, x: Vector) -> bool:
    try:
        return check_nash_equilibrium(game, _profile(game, x)).holds()
    except NoChecker:
        return False


def _profile(game: QuadraticGame, x: Vector) -> tuple[Vector, ...]:
    return tuple(x[block.start : block.stop] for block in game.blocks)


def check_nash_equilibria(
    game: QuadraticGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether every listed profile is a Nash equilibrium, no two are equal, and none is missing.

    ``witness["complete"]`` (default True) says whether the list claims to be complete. Where the search is too
    large the claim leaves that open and says so; the evidence ``"complete"`` is True only where it was decided.
    """
    if not isinstance(profile, Sequence) or isinstance(profile, str):
        raise InputError(f"profile {profile!r}: give a sequence of profiles")
    claimed = exact(epsilon, what="epsilon")
    size = "" if claimed == 0 else f" up to a regret of {brief(claimed)}"
    claim = f"all {len(profile)} profiles are Nash equilibria{size}"
    bounds: list[Fraction] = []
    listed: list[Vector] = []
    for k, each in enumerate(profile):
        certificate = check_nash_equilibrium(game, each, epsilon=claimed)
        bounds.append(certificate.bound)
        if certificate.strength is Strength.REFUTED:
            return _verdict(f"{claim}: profile {k} is not", certificate.bound, claimed, {**certificate.witness}, k)
        listed.append(tuple(v for strategy in read_profile(game, each) for v in strategy))
        if listed[-1] in listed[:-1]:
            return _verdict(f"{claim}, no two equal: profile {k} stands twice", Fraction(1), claimed, {}, k)
    evidence: dict[str, Any] = {"regrets": tuple(bounds), "complete": False}
    worst = max(bounds, default=Fraction(0))
    if not (witness or {}).get("complete", True):
        return _verdict(f"{claim} (no claim that the list is complete)", worst, claimed, evidence)
    if worst > 0:
        return _verdict(f"{claim} (of approximate ones none is missed or listed for sure)", worst, claimed, evidence)
    every, doubt = every_equilibrium(game)
    missing = [x for x in every if x not in listed]
    if missing:
        lost = _profile(game, missing[0])
        return _verdict(
            f"{claim}, and none is missing: one is", Fraction(1), claimed, {**evidence, "missing": lost}, len(listed)
        )
    if doubt:
        return _verdict(f"{claim} (whether one is missing is not decided: {doubt})", worst, claimed, evidence)
    return _verdict(f"{claim}, and none is missing: every choice of tight rows was closed again", worst, claimed,
                    {**evidence, "complete": True})  # fmt: skip


def _verdict(
    claim: str, bound: Fraction, epsilon: Fraction, evidence: Mapping[str, Any], wrong: int | None = None
) -> Certificate:
    found = dict(evidence) if wrong is None else {"profile": wrong, **evidence}
    strength = Strength.EXACT if wrong is None else Strength.REFUTED
    return Certificate(strength=strength, claim=claim, bound=bound, witness=found, epsilon=epsilon)


@dataclass(slots=True)
class _Search:
    """What stays the same in all nodes."""

    size: int
    tight: list[list[Any]]
    found: Stationary
    nodes: int = 0

    def run(self, equations: list[list[Any]], undecided: list[int], signed: list[int]) -> None:
        """Search below a node; `signed` are the rows with inequalities, of which `undecided` are open."""
        stack = [(equations, tuple(undecided))]
        while stack:
            self.nodes += 1
            if self.nodes > MOST_NODES:
                self.found.closed = False
                return
            rows, still = stack.pop()
            node = _Node.of(rows)
            if node is None:
                continue
            decided = self._propagate(node, still, signed)
            if decided is None:
                continue
            off, at, still = decided
            if off or at:
                stack.append((self._with(node, off, at), still))
                continue
            conditions = [*(self._slack(node, j) for j in signed), *(self._multiplier(node, j) for j in signed)]
            point = node.feasible(conditions)
            if point is None:
                continue
            if still:
                violated = [
                    j for j in still if _at(self._slack(node, j), point) and _at(self._multiplier(node, j), point)
                ]
                j = violated[0] if violated else still[0]
                rest = tuple(k for k in still if k != j)
                stack += [(self._with(node, [j], []), rest), (self._with(node, [], [j]), rest)]
                continue
            x = tuple(exact(_at(node.affine(k), point)) for k in range(self.size))
            if node.single(range(self.size), conditions):
                self.found.points.add(x)
            else:
                self.found.sets.append(x)

    def _slack(self, node: _Node, j: int) -> list[Any]:
        """Return ``b_j - a_j x`` over the parameters of the node: the constant, then the coefficients."""
        row = self.tight[j]
        total = [row[-1], *[rational(0)] * node.dimension]
        for k in range(self.size):
            if row[k] != 0:
                total = [a - row[k] * b for a, b in zip(total, node.affine(k), strict=True)]
        return total

    def _multiplier(self, node: _Node, j: int) -> list[Any]:
        return node.affine(self.size + j)

    def _with(self, node: _Node, off: Sequence[int], at: Sequence[int]) -> list[list[Any]]:
        """Return the equations of the node, and those of rows without force (`off`) and of tight ones (`at`)."""
        width = len(self.tight[0])
        units = [[rational(int(c == self.size + j)) for c in range(width)] for j in off]
        return [*node.equations, *units, *(self.tight[j] for j in at)]

    def _propagate(
        self, node: _Node, still: tuple[int, ...], signed: Sequence[int]
    ) -> tuple[list[int], list[int], tuple[int, ...]] | None:
        """Return rows that decide themselves and the rest; None if a constant has the wrong sign."""
        off, at = [], []
        for j in signed:
            slack, force = self._slack(node, j), self._multiplier(node, j)
            slack_sign, force_sign = _constant_sign(slack), _constant_sign(force)
            if slack_sign == -1 or force_sign == -1 or (slack_sign == force_sign == 1):
                return None
            if j in still and slack_sign == 1:
                off.append(j)
            elif j in still and force_sign == 1:
                at.append(j)
        return off, at, tuple(j for j in still if j not in off and j not in at)


def _constant_sign(affine: list[Any]) -> int | None:
    """Return the sign of an affine function that is a constant, else None."""
    if any(v != 0 for v in affine[1:]):
        return None
    return int(affine[0] > 0) - int(affine[0] < 0)


def _at(affine: Sequence[Any], point: Sequence[Any]) -> Any:
    return affine[0] + sum((a * t for a, t in zip(affine[1:], point, strict=True)), rational(0))


@dataclass(slots=True)
class _Node:
    """Equations solved for their leading unknowns; the others are parameters."""

    equations: list[list[Any]]
    places: dict[int, int]
    parameters: list[int]

    @classmethod
    def of(cls, rows: list[list[Any]]) -> _Node | None:
        """Return the node of these equations, or None if they contradict each other."""
        reduced, rank = flint.fmpq_mat(rows).rref()
        width = len(rows[0]) - 1
        kept = [[reduced[i, c] for c in range(width + 1)] for i in range(rank)]
        leads = [next(c for c in range(width + 1) if row[c] != 0) for row in kept]
        if leads and leads[-1] == width:
            return None
        places = {lead: i for i, lead in enumerate(leads)}
        return cls(kept, places, [c for c in range(width) if c not in places])

    @property
    def dimension(self) -> int:
        """How many parameters there are."""
        return len(self.parameters)

    def affine(self, unknown: int) -> list[Any]:
        """Return an unknown over the parameters: the constant, then the coefficients."""
        if unknown in self.places:
            row = self.equations[self.places[unknown]]
            return [row[-1], *(-row[c] for c in self.parameters)]
        return [rational(0), *(rational(int(c == unknown)) for c in self.parameters)]

    def feasible(self, conditions: Sequence[list[Any]], goal: Sequence[Any] | None = None) -> list[Any] | None:
        """Return parameters at which all conditions are >= 0 (and the goal is least), or None."""
        d = self.dimension
        if d == 0:
            return [] if all(c[0] >= 0 for c in conditions) else None
        bent = [c for c in conditions if any(v != 0 for v in c[1:])]
        zero = rational(0)
        down = list(goal) if goal is not None else [zero] * d
        size = 2 * d + len(bent)
        # t = u - v. Rows: the cost of u and of v against the multipliers, then each condition.
        matrix = [[zero] * (2 * d) + [-c[1 + k] for c in bent] for k in range(d)]
        matrix += [[zero] * (2 * d) + [c[1 + k] for c in bent] for k in range(d)]
        matrix += [[*c[1:], *(-v for v in c[1:]), *[zero] * len(bent)] for c in bent]
        solved, z = complementary(matrix, [*down, *(-v for v in down), *(c[0] for c in bent)])
        return [z[k] - z[d + k] for k in range(d)] if solved and len(z) == size else None

    def single(self, unknowns: Sequence[int], conditions: Sequence[list[Any]]) -> bool:
        """Whether each unknown is the same at all points of a node that has one."""
        for k in unknowns:
            slope = self.affine(k)[1:]
            if not any(v != 0 for v in slope):
                continue
            ends = [self.feasible(conditions, [s * v for v in slope]) for s in (1, -1)]
            if ends[0] is None or ends[1] is None or _at([0, *slope], ends[0]) != _at([0, *slope], ends[1]):
                return False
        return True
