"""The oracle: every pattern of tight follower constraints, each an exact programme; and random games small enough."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from gametheory.games.polyhedron import Polyhedron
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.quadratic.system import System

__all__ = ["best_of_all_patterns", "random_game", "worst_cost"]

UNBOUNDED = "unbounded"


def _programmes(game: StackelbergGame) -> Iterator[Polyhedron]:
    """Yield the set of (z, multipliers) for every choice of one of slack and multiplier at each inequality."""
    count = len(game.names)
    numbered = [(i, row) for i in range(1, len(game.players)) for row in game.constraints[i].rows()]
    names = (*game.names, *(f"multiplier {n}" for n in range(len(numbered))))
    equal: list[Any] = list(game.constraints[0].equalities)
    below: list[Any] = list(game.constraints[0].inequalities)
    lower, upper = list(game.constraints[0].lower), list(game.constraints[0].upper)
    for i, cost in enumerate(game.costs[1:], 1):
        for k in game.blocks[i]:
            row = {c: v for _, c, v in cost.block(range(k, k + 1), range(count))}
            for n, (owner, (coefficients, _, _, _)) in enumerate(numbered):
                if owner == i:
                    row[count + n] = dict(coefficients).get(k, Fraction(0))
            equal.append((tuple(row.items()), -dict(cost.linear).get(k, Fraction(0))))
    kinds = [[True] if is_equal else [True, False] for _, (_, _, is_equal, _) in numbered]
    for tight in product(*kinds):
        more_equal, more_below, low, high = list(equal), list(below), list(lower), list(upper)
        for flag, (_, (coefficients, bound, is_equal, _)) in zip(tight, numbered, strict=True):
            (more_equal if flag else more_below).append((coefficients, bound))
            low.append(None if is_equal else Fraction(0))
            high.append(None if flag else Fraction(0))
        yield Polyhedron(names, tuple(low), tuple(high), tuple(more_below), tuple(more_equal))


def best_of_all_patterns(game: StackelbergGame) -> Any:
    """Return the leader's least cost (or largest payoff), None if nothing is feasible, or "unbounded"."""
    cost, best = game.costs[0], None
    for polyhedron in _programmes(game):
        everything = range(polyhedron.size)
        zero = [Fraction(0)] * polyhedron.size
        system = System(tuple(cost.block(everything, everything)), cost.gradient(zero, everything), polyhedron)
        point, _ = system.pivoted()
        if point is None:
            if system.has_strategies():
                return UNBOUNDED
            continue
        value = cost.value(point.x)
        best = value if best is None or value < best else best
    return best if best is None or game.sense == "cost" else -best


def random_game(seed: int, *, quadratic_leader: bool = False, quadratic_follower: bool = False) -> StackelbergGame:
    """Return a small game with whole numbers; ties, parallel rows and empty sets are common."""
    dice = random.Random(seed)
    leads, replies = dice.randint(1, 2), dice.randint(1, 2)
    split = replies == 2 and dice.random() < 0.4
    xs, ys = [f"x{k}" for k in range(leads)], [f"y{k}" for k in range(replies)]
    everything = xs + ys

    def form(names: list[str], bent: bool) -> dict[Any, int]:
        terms: dict[Any, int] = {name: dice.randint(-4, 4) for name in names}
        if bent:
            for name in names:
                terms[name, name] = dice.randint(0, 2)
            if len(names) > 1 and dice.random() < 0.5:
                first, second = dice.sample(names, 2)
                shift, scale = dice.randint(-2, 2), dice.randint(1, 2)  # a square of a difference
                for place, v in (((first, first), 1), ((first, second), shift), ((second, second), shift * shift)):
                    terms[place] = terms.get(place, 0) + scale * v
        return {place: v for place, v in terms.items() if v}

    def rows(names: list[str], number: int) -> list[Any]:
        return [({n: dice.randint(-2, 3) for n in names}, dice.choice(["<=", "<=", ">=", "=="] if k else ["<=", ">="]),
                 dice.randint(-1, 6)) for k in range(number)]  # fmt: skip

    def bounds() -> tuple[int | None, int | None]:
        return dice.choice([(0, None), (0, 4), (-1, 3), (None, 5), (0, None)])

    groups = [[y] for y in ys] if split else [ys]
    followers = []
    constraints: dict[str, Any] = {"leader": rows(everything, dice.randint(0, 2))}
    pairs = 0
    for n, own in enumerate(groups):
        cost = form(own, quadratic_follower)
        for y in own:
            cost[xs[0], y] = dice.randint(-2, 2)
            if split and dice.random() < 0.5:
                cost[next(o for o in ys if o not in own), y] = dice.randint(-1, 1)
        limits = {y: bounds() for y in own}
        number = dice.randint(0 if quadratic_follower else 1, 2)
        followers.append((f"follower {n}", limits, cost))
        constraints[f"follower {n}"] = rows(everything if not split else [*xs, *own], number)
        pairs += number + sum(b is not None for pair in limits.values() for b in pair)
    lead = form(everything, quadratic_leader)
    return StackelbergGame.from_terms(
        ("leader", {x: dice.choice([(0, 5), (0, 5), (-2, None)]) for x in xs}, lead), followers,
        constraints=constraints,
    )  # fmt: skip


def worst_cost(game: StackelbergGame, decision: tuple[Fraction, ...]) -> Fraction | None:
    """Return the leader's largest cost over all optimal replies of one follower with linear leader's cost in them.

    None where there is no reply, or one breaks a constraint of the leader: the optimal value first, then the worst of
    what attains it, each an exact programme.
    """
    first, size = len(decision), len(game.names)
    own, cost, lead = game.constraints[1], game.costs[1], game.costs[0]
    names = game.names[first:]
    joint = (*decision, *[Fraction(0)] * (size - first))
    rows: dict[str, list[Any]] = {}
    for kind in ("inequalities", "equalities"):
        rows[kind] = [
            (
                tuple((k - first, a) for k, a in row if k >= first),
                bound - sum((a * joint[k] for k, a in row if k < first), Fraction(0)),
            )
            for row, bound in getattr(own, kind)
        ]
    held = Polyhedron(
        names, own.lower[first:], own.upper[first:], tuple(rows["inequalities"]), tuple(rows["equalities"])
    )
    block = range(first, size)
    bent = tuple(cost.block(block, block))
    best, _ = System(bent, cost.gradient(joint, block), held).pivoted()
    if best is None:
        return None
    there = (*decision, *best.x)
    slope = cost.gradient(there, block)
    level = sum((a * b for a, b in zip(slope, best.x, strict=True)), Fraction(0))
    flat = [(tuple(enumerate(slope)), level)]
    for k in range(len(names)):
        row = tuple((c, v) for r, c, v in bent if r == k)
        flat.append((row, sum((a * best.x[c] for c, a in row), Fraction(0))))
    optimal = Polyhedron(names, held.lower, held.upper, held.inequalities, (*held.equalities, *flat))

    def most(weights: list[Fraction]) -> Fraction:
        found, _ = System((), tuple(-w for w in weights), optimal).pivoted()
        assert found is not None, "replies are bounded in these games"
        return sum((w * v for w, v in zip(weights, found.x, strict=True)), Fraction(0))

    for row, bound, _, _ in game.constraints[0].rows():
        terms = dict(row)
        fixed = sum((a * decision[k] for k, a in row if k < first), Fraction(0))
        if fixed + most([terms.get(k, Fraction(0)) for k in block]) > bound:
            return None
    weights = list(lead.gradient(there, block))
    here = sum((w * v for w, v in zip(weights, best.x, strict=True)), Fraction(0))
    dearest: Fraction = lead.value(there) - here + most(weights)
    return dearest
