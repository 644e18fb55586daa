"""A lower bound of a leader's worst cost, where followers break ties against it, over all its decisions.

Two optimal replies of convex problems to the same decision share every optimal multiplier. So where multipliers are
positive just on a set ``S`` of inequalities, the optimal replies are the feasible ``y`` that are tight on ``S`` and
have the slopes that these multipliers balance; every decision with optimal replies has such an ``S`` (the union of what
its multipliers press). A tree decides for each pair whether it is in ``S``. Its leaves, once all pairs are decided:

* the multipliers cannot all be positive at once (decided here by a linear programme): no decision belongs here;
* otherwise the cost is at least the least of ``max_y cost(x, y)`` over the decisions of the leaf and its closure. The
  inner maximum is an adversary's, with its own Karush-Kuhn-Tucker conditions: a tree of
  :mod:`gametheory.certificates.complementarity` bounds it, handed over or grown here.

A node may also close before: a worst reply costs no less than any other, so an optimistic bound is one.

That a limit is approached is shown by an inner point: a decision ``u`` with multipliers positive on all of ``S``. On
the way from ``u`` to the limit all conditions hold by linearity, with positive multipliers, so the optimal replies are
the leaf's, and their worst cost is continuous (a linear programme in a polyhedron that moves linearly, with a finite
value; where the cost's slopes move as well, replies must be bounded).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Any

from gametheory.certificates.complementarity import Relaxation, leaf_bound, read_tree
from gametheory.certificates.complementarity_search import (
    Grown,
    convex_relaxation,
    grow,
    polyhedron_of,
    some_point,
)
from gametheory.certificates.quadratic_program import Program
from gametheory.certificates.reply_problem import reply_problem
from gametheory.errors import InputError, NoChecker
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["adversary_game", "approached", "attained_somewhere", "bound_of_worst", "positive_point"]

_MOST_NODES = 400
Vector = tuple[Fraction, ...]


def bound_of_worst(game: StackelbergGame, witness: Mapping[str, Any], value: Fraction) -> Grown:
    """Return a lower bound of the worst cost at any decision, with a point where one is below `value`.

    Raises
    ------
    NoChecker
        Followers answer each other, or neither a tree that holds is given nor is the game small enough to grow one.
    """
    first = game.blocks[1].start
    for i in range(1, len(game.players)):
        block = game.blocks[i]
        seen = {k for row, _, _, _ in game.constraints[i].rows() for k, _ in row}
        seen |= {m for k in block for _, m, _ in game.costs[i].block(range(k, k + 1), range(len(game.names)))}
        if any(k >= first and k not in block for k in seen):
            raise NoChecker(f"{game.players[i]!r} answers other followers too: their equilibria are not all known")
    if "worst_tree" in witness:
        try:
            relaxation = Relaxation.of_game(game, witness.get("strong_duality", ()))
            found = _read(game, relaxation, witness["worst_tree"])
            if found is not None and found >= value:
                return Grown(found)
        except InputError:
            pass
    return _grown(game, value)


def _read(game: StackelbergGame, relaxation: Relaxation, tree: Any) -> Fraction | None:
    """Return what a tree in preorder proves: pairs, proofs of bounds, ``("empty",)``, ``("worst", duality, tree)``."""
    if not isinstance(tree, Sequence) or isinstance(tree, str):
        raise InputError("the tree is no sequence of nodes")
    left: list[dict[int, bool]] = [{}]
    least: Fraction | None = None
    for entry in tree:
        if not left:
            raise InputError("the tree has nodes after its last leaf")
        choices = left.pop()
        if isinstance(entry, int) and not isinstance(entry, bool):
            if not 0 <= entry < len(relaxation.pairs) or entry in choices:
                raise InputError(f"the tree splits on pair {entry}, which is not there or decided")
            left += [{**choices, entry: False}, {**choices, entry: True}]
            continue
        word = entry[0] if isinstance(entry, Sequence) and entry else None
        bound: Fraction | None
        if word in ("empty", "worst"):
            if len(choices) != len(relaxation.pairs):
                raise InputError("a leaf of worst replies leaves a pair open")
            pressed = frozenset(n for n, tight in choices.items() if tight)
            if word == "empty":
                if positive_point(relaxation, pressed) is not None:
                    raise InputError("a leaf is said to be empty and has a decision")
                continue
            leaf = adversary_game(game, relaxation, pressed)
            bound = read_tree(Relaxation.of_game(leaf, entry[1]), entry[2])
        else:
            bound = leaf_bound(relaxation, relaxation.decided(choices), entry)
        if bound is not None:
            least = bound if least is None else min(least, bound)
    if left:
        raise InputError(f"the tree leaves {len(left)} possibilities open")
    return least


def _grown(game: StackelbergGame, value: Fraction) -> Grown:
    """Search all leaves in rationals for a worst cost below `value`."""
    relaxation = convex_relaxation(game)
    best: Fraction = value
    point: Vector = ()
    for pressed in _leaves(relaxation, value, strictly=True):
        leaf = adversary_game(game, relaxation, pressed)
        grown = grow(leaf, best)
        if grown.endless:
            return Grown(grown.least, _back(game, leaf, grown.point), endless=True)
        if grown.point and grown.least is not None:
            best, point = grown.least, _back(game, leaf, grown.point)
    return Grown(best, point)


def _leaves(relaxation: Relaxation, value: Fraction, *, strictly: bool = False) -> Iterator[frozenset[int]]:
    """Yield the pressing sets that have decisions and may cost at most (or strictly less than) `value`."""
    everything = range(relaxation.size)
    hessian = tuple(relaxation.cost.block(everything, everything))
    gradient = relaxation.cost.gradient([Fraction(0)] * relaxation.size, everything)
    stack: list[dict[int, bool]] = [{}]
    for nodes in count(1):
        if not stack:
            return
        if nodes > _MOST_NODES:
            raise NoChecker(f"more than {_MOST_NODES} nodes in rationals; give the solver's witness")
        choices = stack.pop()
        lines = relaxation.decided(choices)
        if any(v.low is not None and v.high is not None and v.low > v.high for v in lines):
            continue
        start = some_point(relaxation.size, lines)
        if start is None:
            continue
        found = Program(hessian, gradient, polyhedron_of(relaxation.size, lines)).least(start)
        if not found.direction:
            least = relaxation.cost.value(found.point)
            if least > value or (strictly and least == value):
                continue
        left = [n for n in range(len(relaxation.pairs)) if n not in choices]
        if left:
            stack += [{**choices, left[0]: False}, {**choices, left[0]: True}]
            continue
        pressed = frozenset(n for n, tight in choices.items() if tight)
        if positive_point(relaxation, pressed) is not None:
            yield pressed


def _back(game: StackelbergGame, leaf: StackelbergGame, point: Sequence[Fraction]) -> Vector:
    lead, first = len(game.variables[0]), leaf.blocks[1].start
    return (*point[:lead], *point[first : first + len(game.names) - lead])


def positive_point(relaxation: Relaxation, pressed: frozenset[int]) -> Vector | None:
    """Return a point of the relaxation with positive multipliers on all of `pressed`, and none elsewhere."""
    lines = relaxation.decided({n: n in pressed for n in range(len(relaxation.pairs))})
    if any(v.low is not None and v.high is not None and v.low > v.high for v in lines):
        return None
    size = relaxation.size
    start = some_point(size, lines)
    if start is None:
        return None
    # The smallest multiplier is one more column, from below any value up to 1.
    held = polyhedron_of(size, lines)
    one, zero = Fraction(1), Fraction(0)
    below = [*held.inequalities, *((((relaxation.pairs[n][3], -one), (size, one)), zero) for n in pressed)]
    wide = type(held)(
        (*held.variables, "smallest"), (*held.lower, None), (*held.upper, Fraction(1)), tuple(below), held.equalities
    )
    least = min((start[relaxation.pairs[n][3]] for n in pressed), default=Fraction(1))
    found = Program((), (Fraction(0),) * size + (-Fraction(1),), wide).least((*start, min(least, Fraction(1))))
    return found.point[:size] if found.point[size] > 0 else None


def adversary_game(
    game: StackelbergGame, relaxation: Relaxation, pressed: frozenset[int], *, ceiling: Fraction | None = None
) -> StackelbergGame:
    """Return the game of the leader, who holds the multipliers of `pressed`, against the worst of all replies.

    With a `ceiling` the leader's cost, linear, is at most that, and the smallest multiplier, up to 1, is maximised.
    """
    lead, joint = len(game.variables[0]), len(game.names)
    free = {column for _, _, _, column in relaxation.pairs}
    held = [k for k in range(joint, relaxation.size) if k not in free]
    held += sorted(relaxation.pairs[n][3] for n in pressed)
    own = game.constraints[0]
    asked = [(row, bound) for row, bound in own.inequalities if any(k >= lead for k, _ in row)]
    for row, bound in own.equalities:
        if any(k >= lead for k, _ in row):
            asked += [(row, bound), (tuple((k, -a) for k, a in row), -bound)]

    def named(row: Sequence[tuple[int, Fraction]], copy: int) -> dict[str, Fraction]:
        return {f"y{k}/{copy}" if lead <= k < joint else f"x{k}": a for k, a in row}

    def reply(copy: int) -> tuple[dict[str, Any], list[Any]]:
        bounds = {f"y{k}/{copy}": (relaxation.lines[k].low, relaxation.lines[k].high) for k in range(lead, joint)}
        rows: list[Any] = []
        for i in range(1, len(game.players)):
            rows += [(named(row, copy), "<=", bound) for row, bound in game.constraints[i].inequalities]
            rows += [(named(row, copy), "==", bound) for row, bound in game.constraints[i].equalities]
        for n in pressed:
            line, _, bound, _ = relaxation.pairs[n]
            rows.append((named(relaxation.lines[line].coefficients, copy), "==", bound))
        return bounds, rows + [(named(row, copy), "==", bound) for row, bound in tied]

    balances = relaxation.lines[len(relaxation.lines) - (joint - lead) :]
    tied: list[Any] = []
    loose: list[Any] = []
    for line in balances:
        row = tuple((k, a) for k, a in line.coefficients if k < joint or k in held)
        (tied if any(lead <= k < joint for k, _ in row) else loose).append((row, line.low))
    leads: list[Any] = [(named(row, 0), "==", bound) for row, bound in loose if row or bound]
    leads += [(named(r, 0), "<=", b) for r, b in own.inequalities if all(k < lead for k, _ in r)]
    leads += [(named(r, 0), "==", b) for r, b in own.equalities if all(k < lead for k, _ in r)]
    leads += [(named(row, copy), "<=", bound) for copy, (row, bound) in enumerate(asked, 1)]
    variables: dict[str, Any] = {f"x{k}": (own.lower[k], own.upper[k]) for k in range(lead)}
    variables |= {f"x{k}": (relaxation.lines[k].low, None) for k in held}
    name = {k: f"y{k}/0" if lead <= k < joint else f"x{k}" for k in range(relaxation.size)}
    alive = {*range(joint), *held}
    cost = relaxation.cost
    goal: dict[Any, Any] = {
        (name[r], name[c]): v / (2 if r == c else 1) for r, c, v in cost.quadratic if {r, c} <= alive
    }
    goal |= {name[k]: v for k, v in cost.linear if k in alive} | {1: cost.constant}
    if ceiling is not None:
        leads.append(({term: v for term, v in goal.items() if term != 1}, "<=", ceiling - goal[1]))
        leads += [({"smallest": 1, f"x{relaxation.pairs[n][3]}": -1}, "<=", 0) for n in pressed]
        variables |= {"smallest": (None, 1)}
        goal = {"smallest": -1}
    dear = game.costs[0]
    against: dict[Any, Any] = {
        (name[r], name[c]): -v / (2 if r == c else 1) for r, c, v in dear.quadratic if c >= lead
    } | {name[k]: -v for k, v in dear.linear if k >= lead}
    followers, rows = [], {"leader": leads}
    for copy in range(len(asked) + 1):
        bounds, constraints = reply(copy)
        aim = against if copy == 0 else {f"y{k}/{copy}": -a for k, a in asked[copy - 1][0] if k >= lead}
        followers.append((f"against {copy}", bounds, aim))
        rows[f"against {copy}"] = constraints
    return StackelbergGame.from_terms(("leader", variables, goal), followers, constraints=rows)


def approached(game: StackelbergGame, limit: Vector, toward: Vector) -> str:
    """Return why the worst cost at `limit` is not approached from `toward`, or an empty text if it is.

    It is if the pressing set of some multipliers at `toward` keeps `limit` balanced with multipliers of that set alone,
    `limit` is the worst of that leaf's replies to its decision, and all of them meet the leader's constraints there
    with room to spare (so that they do on the way).
    """
    lead, joint = len(game.variables[0]), len(game.names)
    if any(own.violation(toward)[0] for own in game.constraints):
        return "the decision and reply that it is approached from are not feasible"
    meets = any((r < lead) != (c < lead) for r, c, _ in game.costs[0].quadratic)
    plain = convex_relaxation(game)
    if meets and any(plain.lines[k].low is None or plain.lines[k].high is None for k in range(lead, joint)):
        return "replies have no bounds and the leader's cost bends with both"
    # Of what is tight at both, the most that multipliers can press at `toward`: by pressing one after the other.
    tight = frozenset(n for n in range(len(plain.pairs)) if _tight(plain, n, toward) and _tight(plain, n, limit))
    pressed = _pressed(plain, tight, toward, joint)
    if pressed is None:
        return "the reply that it is approached from is not optimal, or another constraint presses there"
    if _multipliers(plain, pressed, limit, joint) is None:
        return "the limit does not have the pressing constraints of where it is approached from"
    leaf = adversary_game(game, plain, pressed)
    forces = _multipliers(plain, pressed, limit, joint) or {}
    held = {f"x{k}": v for k, v in (*enumerate(limit[:lead]), *forces.items())}
    decision = tuple(held[name] for name in leaf.variables[0])
    point = (*decision, *limit[lead:] * (len(leaf.players) - 1))
    program = reply_problem(leaf, point, 1)
    least = program.least(limit[lead:])
    if least.direction or program.value(least.point) < program.value(limit[lead:]):
        return "another reply is worse on the way"
    for copy in range(2, len(leaf.players)):
        program = reply_problem(leaf, point, copy)
        least = program.least(limit[lead:])
        block = leaf.blocks[copy]
        (row, bound), *_ = [r for r in leaf.constraints[0].inequalities if any(k in block for k, _ in r[0])]
        fixed = sum((a * point[k] for k, a in row if k not in block), Fraction(0))
        if least.direction or fixed - program.value(least.point) >= bound:
            return "a reply may break a constraint of the leader on the way"
    return ""


def attained_somewhere(game: StackelbergGame, value: Fraction) -> Vector | None:
    """Return a decision with its worst reply that costs at most `value`, None where there is none.

    Raises
    ------
    NoChecker
        The leader's cost is not linear, or there are too many leaves.
    """
    relaxation = convex_relaxation(game)
    if relaxation.cost.quadratic:
        raise NoChecker("the leader's cost has squares: whether the value is attained is not decided here")
    for pressed in _leaves(relaxation, value):
        leaf = adversary_game(game, relaxation, pressed, ceiling=value)
        grown = grow(leaf, Fraction(0))
        if grown.point:
            return _back(game, leaf, grown.point)
    return None


def _tight(relaxation: Relaxation, number: int, point: Sequence[Fraction]) -> bool:
    line, _, bound, _ = relaxation.pairs[number]
    return sum((a * point[k] for k, a in relaxation.lines[line].coefficients), Fraction(0)) == bound


def _multipliers(
    relaxation: Relaxation, pressed: frozenset[int], point: Sequence[Fraction], joint: int, more: int = -1
) -> dict[int, Fraction] | None:
    """Return multipliers of `pressed` alone that balance a joint decision; the one of pair `more` is made large."""
    lines = relaxation.decided({n: False for n in range(len(relaxation.pairs)) if n not in pressed})
    for k in range(joint):
        lines[k] = type(lines[k])(lines[k].coefficients, point[k], point[k])
    start = some_point(relaxation.size, lines)
    if start is None:
        return None
    if more >= 0:
        column = relaxation.pairs[more][3]
        lines[column] = type(lines[column])(lines[column].coefficients, lines[column].low, start[column] + 1)
        slopes = tuple(-Fraction(int(k == column)) for k in range(relaxation.size))
        start = Program((), slopes, polyhedron_of(relaxation.size, lines)).least(start).point
    return dict(enumerate(start[joint:], joint))


def _pressed(
    relaxation: Relaxation, tight: frozenset[int], point: Sequence[Fraction], joint: int
) -> frozenset[int] | None:
    """Return the pairs that some multipliers at a joint decision press, None where no multipliers balance it."""
    if _multipliers(relaxation, tight, point, joint) is None:
        return None
    found = set()
    for n in tight:
        forces = _multipliers(relaxation, tight, point, joint, n)
        if forces is not None and forces[relaxation.pairs[n][3]] > 0:
            found.add(n)
    return frozenset(found)
