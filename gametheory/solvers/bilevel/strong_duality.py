"""Linear followers by strong duality: one equation a follower instead of complementarity pairs.

Source: the strong-duality reformulation of a linear follower (e.g. J. M. Arroyo, "Bilevel programming applied to power
system vulnerability analysis under multiple contingencies", IET Generation, Transmission & Distribution 4 (2010)
178-190), with McCormick's envelopes of its products. Primal and dual feasibility and

    c(x)' y + lam' (b - B x) = 0

say that ``y`` is optimal. The products of decisions with replies and with multipliers are columns of their own:

1. the decisions that meet a follower are boxed; multipliers get bounds that are proved, replies those that linear
   programmes show (none: there is no envelope, and the game is refused);
2. at a box every product is kept within its four McCormick inequalities, exact where the box has no width; a linear
   programme bounds the leader's cost from below;
3. the decision found there is fixed and its optimistic reply taken from the followers' own linear programmes in
   rationals: a point, and its cost;
4. the box is halved where a product is missed most (between whole numbers if the decision must be whole), until the
   lower bound is within `tolerance` of the best point.

The bounds are floats and only steer; the answer is a point with its exact value, and the checker decides how good it
is. Multipliers, where they are large, weaken envelopes; complementarity branch and bound needs no bound at all and is
the default.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from math import floor
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray, to_float
from gametheory.errors import Infeasible, InputError, UnsupportedGame
from gametheory.games.polyhedron import Coefficients
from gametheory.games.stackelberg import StackelbergGame
from gametheory.result import Answer, Concept
from gametheory.solvers.bilevel.exact_bound import decide_exactly
from gametheory.solvers.bilevel.float_programme import Outcome
from gametheory.solvers.bilevel.kkt_system import KKTSystem, Limits, duality_terms
from gametheory.solvers.bilevel.proved_bounds import multiplier_bounds, strengthened
from gametheory.solvers.bilevel.ties import answers_others, optimal_replies

__all__ = ["StrongDuality"]

Box = dict[int, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class StrongDuality:
    """The optimistic optimum over linear followers, up to `tolerance`, by boxes of the decisions that meet them.

    Parameters
    ----------
    tolerance
        How far the lower bound may stay below the best point, as a part of ``1 + |value|``.
    most_boxes
        After so many the answer declares what is left open.

    Raises
    ------
    UnsupportedGame
        A follower that is not linear or answers another one, a leader's cost that strong duality leaves curved, or a
        factor of a product (decision, reply, multiplier) for which no bound is found.
    Infeasible
        No box has a feasible point.

    Examples
    --------
    >>> game = StackelbergGame.from_terms(
    ...     leader=("seller", {"price": (0, 10)}, {("price", "energy"): 1, "energy": -2}),
    ...     followers=[("buyer", {"energy": (0, 3)}, {"energy": 6, ("price", "energy"): -1})],
    ...     sense="payoff",
    ... )
    >>> answer = StrongDuality().solve(game)
    >>> answer.profile["decision"], answer.extra["value"]
    ((Fraction(6, 1),), Fraction(12, 1))
    """

    accepts: ClassVar[tuple[str, ...]] = ("StackelbergGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG
    tolerance: float = 1e-7
    most_boxes: int = 3000

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 1 or self.most_boxes < 1:
            raise InputError(f"tolerance={self.tolerance}, most_boxes={self.most_boxes}: give one in (0, 1), and >= 1")

    def solve(self, game: StackelbergGame) -> Answer:
        """Return the best point that was found; `epsilon` says how far below it the bound still is."""
        relaxed = _Envelopes.of(game)
        best: Fraction | None = None
        point: tuple[Fraction, ...] = ()
        heap: list[tuple[float, int, Box]] = [(-np.inf, 0, relaxed.start)]
        order = count(1)
        boxes, open_bound = 0, np.inf
        while heap and boxes < self.most_boxes:
            bound, _, box = heapq.heappop(heap)
            gap = self.tolerance * (1 + abs(float(best))) if best is not None else 0.0
            if best is not None and bound >= float(best) - gap:
                open_bound = min(open_bound, bound)
                continue
            boxes += 1
            found = relaxed.bound(box)
            if found is None:
                continue
            value, at = found
            for decision in relaxed.trials(at, box):
                joint = _with_best_reply(game, decision)
                if joint is not None and (best is None or game.costs[0].value(joint) < best):
                    best, point = game.costs[0].value(joint), joint
            if best is not None and value >= float(best) - self.tolerance * (1 + abs(float(best))):
                open_bound = min(open_bound, value)
                continue
            for part in relaxed.halves(box, at):
                heapq.heappush(heap, (value, next(order), part))
        if best is None:
            raise Infeasible("no decision has optimal replies that meet all constraints, as far as boxes tell")
        open_bound = min([open_bound, *(bound for bound, _, _ in heap)])
        open_part = 0.0 if open_bound == np.inf else max(float(best) - open_bound, 0.0)
        split = [point[block.start : block.stop] for block in game.blocks]
        return Answer(
            profile={"decision": split[0], "replies": tuple(split[1:]), "tie_breaking": "optimistic"},
            epsilon=Fraction(2 * open_part),
            iterations=boxes,
            extra={
                "leader": dict(zip(game.variables[0], split[0], strict=True)),
                "follower": {
                    name: dict(zip(own, reply, strict=True))
                    for name, own, reply in zip(game.players[1:], game.variables[1:], split[1:], strict=True)
                },
                "value": game.objectives[0].value(point),
                "attained": True,
                "details": {"boxes": boxes, "tie_breaking": "optimistic"},
            },
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Envelopes:
    """The linear programme without its products: columns of the system, then one for each product."""

    game: StackelbergGame
    cost: FloatArray
    constant: float
    matrix: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    lower: FloatArray
    upper: FloatArray
    products: tuple[tuple[int, int], ...]
    start: Box
    whole: frozenset[int]

    @classmethod
    def of(cls, game: StackelbergGame) -> _Envelopes:
        lead = len(game.variables[0])
        for name, block, form in zip(game.players[1:], game.blocks[1:], game.costs[1:], strict=True):
            if form.block(block, block):
                raise UnsupportedGame(f"{name!r} is not linear: strong duality needs linear followers")
        stranger = answers_others(game)
        if stranger:
            raise UnsupportedGame(f"{stranger!r} answers other followers too; use ComplementarityBranchAndBound")
        plain = KKTSystem.of_game(game)
        if plain.products:
            raise UnsupportedGame("the leader's cost stays curved; use ComplementarityBranchAndBound")
        terms = duality_terms(game)
        system, _ = strengthened(plain)
        products = tuple(sorted({place for dual, _ in terms for place in dual}))
        column = {place: system.size + n for n, place in enumerate(products)}
        size = system.size + len(products)
        rows = np.zeros((len(system.rows) + len(terms), size))
        for i, row in enumerate(system.rows):
            for k, a in row:
                rows[i, k] = to_float(a)
        low = [-np.inf if v is None else to_float(v) for v in system.limits.row_lower]
        high = [np.inf if v is None else to_float(v) for v in system.limits.row_upper]
        for i, (dual, linear) in enumerate(terms, len(system.rows)):
            for place, v in dual.items():
                rows[i, column[place]] += to_float(v)
            for k, v in linear.items():
                rows[i, k] += to_float(v)
        low, high = low + [0.0] * len(terms), high + [0.0] * len(terms)
        bounds = multiplier_bounds(plain)
        lower = np.full(size, -np.inf)
        upper = np.full(size, np.inf)
        for k, (least, most) in enumerate(zip(system.limits.lower, system.limits.upper, strict=True)):
            lower[k] = -np.inf if least is None else to_float(least)
            upper[k] = np.inf if most is None else to_float(most)
            if k in bounds:
                upper[k] = min(float(upper[k]), to_float(bounds[k]) * (1 + 1e-9))
        cost = np.zeros(size)
        cost[: system.size] = [to_float(v) for v in system.slopes]
        whole = frozenset(game.names.index(name) for name in game.integers)
        bare = cls(game, cost, to_float(system.constant), rows, np.array(low), np.array(high), lower, upper, products,
                   {}, whole)  # fmt: skip
        return bare._bounded(lead)

    def _bounded(self, lead: int) -> _Envelopes:
        """Return the programme with bounds of all factors of products, from linear programmes where none is given."""
        lower, upper = self.lower.copy(), self.upper.copy()
        factors = sorted({k for place in self.products for k in place})
        for k in factors:
            for sign, side in ((1.0, lower), (-1.0, upper)):
                if np.isfinite(side[k]):
                    continue
                cost = np.zeros(len(self.cost))
                cost[k] = sign
                found = self._linear(cost, {}, envelopes=False)
                if found is None:
                    raise UnsupportedGame(
                        "no bound of a decision, reply or multiplier is proved, so its products have no envelope; use "
                        "ComplementarityBranchAndBound, which needs none"
                    )
                side[k] = found.x[k] - sign * 1e-6 * (1 + abs(found.x[k]))
        start = {k: (float(lower[k]), float(upper[k])) for k in factors if k < lead}
        return replace(self, lower=lower, upper=upper, start=start)

    def _linear(self, cost: FloatArray, box: Box, *, envelopes: bool = True) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp

        lower, upper = self.lower.copy(), self.upper.copy()
        for k, (low, high) in box.items():
            lower[k], upper[k] = low, high
        limits = [LinearConstraint(self.matrix, self.row_lower, self.row_upper)]
        first = len(self.cost) - len(self.products)
        if envelopes and self.products:
            rows, right = [], []
            for n, (k, m) in enumerate(self.products):
                for a, b, sign in ((lower[k], lower[m], -1), (upper[k], upper[m], -1), (lower[k], upper[m], 1),
                                   (upper[k], lower[m], 1)):  # fmt: skip
                    # w >= a m + b k - a b below, w <= a m + b k - a b above.
                    row = np.zeros(len(cost))
                    row[first + n] = sign
                    row[m] -= sign * a
                    row[k] -= sign * b
                    rows.append(row)
                    right.append(-sign * a * b)
            limits.append(LinearConstraint(np.array(rows), -np.inf, np.array(right)))
        found = milp(cost, constraints=limits, bounds=Bounds(lower, upper))
        return found if found.status == 0 else None

    def bound(self, box: Box) -> tuple[float, FloatArray] | None:
        """Return a lower bound of the cost in a box and where it is, None where the box is empty."""
        found = self._linear(self.cost, box)
        return None if found is None else (float(found.fun) + self.constant, found.x)

    def trials(self, at: FloatArray, box: Box) -> list[tuple[Fraction, ...]]:
        """Return decisions near a point, with short numbers; whole where they must be."""
        lead = len(self.game.variables[0])
        found = []
        for digits in (10**3, 10**7):
            values = [Fraction(float(at[k])).limit_denominator(digits) for k in range(lead)]
            for k in self.whole:
                values[k] = Fraction(round(values[k]))
            found.append(tuple(values))
        return list(dict.fromkeys(found))

    def halves(self, box: Box, at: FloatArray) -> list[Box]:
        """Return the two parts of a box, cut in the decision whose products are missed most for its width."""
        first = len(self.cost) - len(self.products)
        missed = dict.fromkeys(box, 0.0)
        for n, (k, m) in enumerate(self.products):
            if k in missed:
                missed[k] += abs(at[first + n] - at[k] * at[m])
        wide = {k: high - low for k, (low, high) in box.items() if high - low > 1e-9}
        if not wide:
            return []
        k = max(wide, key=lambda j: (missed[j] > 1e-12, missed[j] * wide[j], wide[j]))
        low, high = box[k]
        inside = low + 0.1 * (high - low) < at[k] < high - 0.1 * (high - low)
        cut = float(at[k]) if inside else (low + high) / 2
        if k in self.whole:
            below = floor(cut)
            return [part for part in ({**box, k: (low, float(below))}, {**box, k: (below + 1.0, high)})
                    if part[k][0] <= part[k][1]]  # fmt: skip
        return [{**box, k: (low, cut)}, {**box, k: (cut, high)}]


def _with_best_reply(game: StackelbergGame, decision: tuple[Fraction, ...]) -> tuple[Fraction, ...] | None:
    """Return the decision with the optimal replies that are best for the leader, None where it is not feasible."""
    lead, size = len(decision), len(game.names)
    own = game.constraints[0]
    joint: list[Fraction] = [*decision, *[Fraction(0)] * (size - lead)]
    for k, value in enumerate(decision):
        low, high = own.lower[k], own.upper[k]
        if (low is not None and value < low) or (high is not None and value > high):
            return None
    for block, rules, cost in zip(game.blocks[1:], game.constraints[1:], game.costs[1:], strict=True):
        rows: list[Coefficients] = []
        own_lower, own_upper = (list(side[block.start : block.stop]) for side in (rules.lower, rules.upper))
        limits = Limits(own_lower, own_upper, [], [])
        for kind in ("inequalities", "equalities"):
            for coefficients, bound in getattr(rules, kind):
                rest = bound - sum((a * joint[k] for k, a in coefficients if k < lead), Fraction(0))
                rows.append(tuple((k - block.start, a) for k, a in coefficients if k in block))
                limits.row_lower.append(rest if kind == "equalities" else None)
                limits.row_upper.append(rest)
        best = decide_exactly(list(cost.gradient(joint, block)), rows, limits, Outcome("unknown"), None)
        if best.status != "bounded":
            return None
        joint[block.start : block.stop] = best.point
    rows, limits = optimal_replies(game, joint)
    for coefficients, bound in (*own.inequalities, *own.equalities):
        rest = bound - sum((a * joint[k] for k, a in coefficients if k < lead), Fraction(0))
        rows.append(tuple((k - lead, a) for k, a in coefficients if k >= lead))
        limits.row_lower.append(rest if (coefficients, bound) in own.equalities else None)
        limits.row_upper.append(rest)
    found = decide_exactly(
        list(game.costs[0].gradient(joint, range(lead, size))), rows, limits, Outcome("unknown"), None
    )
    return (*decision, *found.point) if found.status == "bounded" else None
