"""Random bilevel problems of a chosen size, and the usual way to solve them: a mixed-integer programme with big Ms."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.games.stackelberg import StackelbergGame

__all__ = ["BigM", "bilevel_game"]


def bilevel_game(seed: int, pairs: int, *, quadratic: bool = False) -> StackelbergGame:
    """Return a game with `pairs` complementarity pairs: half are signs of replies, half are rows that see the leader.

    Coefficients are whole numbers, one in three of the rows' is not zero; rows are feasible at 0 and bounded.
    """
    dice = random.Random(seed)
    size = pairs // 2
    xs, ys = [f"x{k}" for k in range(max(2, size // 2))], [f"y{k}" for k in range(size)]
    rows: list[Any] = []
    for _ in range(size - 1):
        terms = {name: dice.randint(-3, 6) for name in (*xs, *ys) if dice.random() < 0.34}
        rows.append((terms, "<=", dice.randint(5, 30)))
    rows.append((dict.fromkeys(ys, 1), "<=", 10))
    follow: dict[Any, Any] = {y: dice.randint(-10, 5) for y in ys}
    if quadratic:
        follow.update({(y, y): dice.randint(1, 4) for y in ys})
        follow.update({(dice.choice(xs), y): dice.randint(-3, 3) for y in ys})
    lead = {name: dice.randint(-8, 8) for name in (*xs, *ys)}
    return StackelbergGame.from_terms(
        ("leader", dict.fromkeys(xs, (0, 10)), lead),
        [("follower", dict.fromkeys(ys, (0, None)), follow)],
        constraints={"follower": rows},
    )


class BigM:
    """The followers' conditions as a mixed-integer programme for HiGHS, multipliers and slacks bounded by a number."""

    def __init__(self, game: StackelbergGame, bound: float) -> None:
        import highspy

        count = len(game.names)
        numbered = [(i, row) for i in range(1, len(game.players)) for row in game.constraints[i].rows()]
        pairs = [n for n, (_, row) in enumerate(numbered) if not row[2]]
        model: Any = highspy.Highs.__base__()  # type: ignore[misc]  # the class without a banner
        model.setOptionValue("output_flag", False)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("time_limit", 60.0)
        infinity = highspy.kHighsInf
        cost = game.costs[0].gradient([Fraction(0)] * count, range(count))
        for k in range(count):
            sides = [
                (own.lower[k], own.upper[k])
                for own, block in zip(game.constraints, game.blocks, strict=True)
                if k in block
            ]
            ((low, high),) = sides
            model.addVar(-infinity if low is None else float(low), infinity if high is None else float(high))
            model.changeColCost(k, float(cost[k]))
        for _, row in numbered:
            model.addVar(-infinity if row[2] else 0.0, infinity if row[2] else bound)
        binary = {}
        for n in pairs:
            binary[n] = count + len(numbered) + len(binary)
            model.addVar(0.0, 1.0)
            model.changeColIntegrality(binary[n], highspy.HighsVarType.kInteger)

        def add(low: float, high: float, terms: dict[int, Any]) -> None:
            kept = {k: float(v) for k, v in terms.items() if v}
            model.addRow(low, high, len(kept), np.array(list(kept), dtype=np.int32), np.array(list(kept.values())))

        for coefficients, right in game.constraints[0].inequalities:
            add(-infinity, float(right), dict(coefficients))
        for n, (_, (coefficients, right, equal, _)) in enumerate(numbered):
            add(float(right) if equal else -infinity, float(right), dict(coefficients))
            if not equal:
                # z = 1: the multiplier may be positive, the slack is 0.
                add(-infinity, 0.0, {count + n: 1, binary[n]: -bound})
                add(float(right) - bound, infinity, {**dict(coefficients), binary[n]: -bound})
        for i, follower in enumerate(game.costs[1:], 1):
            for k in game.blocks[i]:
                terms: dict[int, Any] = {c: v for _, c, v in follower.block(range(k, k + 1), range(count))}
                for n, (owner, (coefficients, _, _, _)) in enumerate(numbered):
                    if owner == i:
                        terms[count + n] = dict(coefficients).get(k, 0)
                right = -float(dict(follower.linear).get(k, 0))
                add(right, right, terms)
        self.model = model

    def solve(self) -> tuple[str, float]:
        """Return HiGHS's status and its value."""
        self.model.run()
        return str(self.model.getModelStatus()).rsplit(".", 1)[-1], self.model.getInfo().objective_function_value
