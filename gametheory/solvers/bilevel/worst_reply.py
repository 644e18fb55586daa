"""What the followers can do to a leader where the constraints that press them are known: a game against one adversary.

Take the inequalities that press (whose multipliers may be positive) as ``S``; all others have multiplier zero. Where a
decision ``x`` has multipliers that are positive on all of ``S``, its optimal replies are just

    { y feasible, tight on S, with the slopes that the multipliers balance },

for two optimal replies share their multipliers, and a positive one keeps its inequality tight. The worst of them is the
answer of an adversary that minimises minus the leader's cost over that set; the multipliers are the leader's variables,
for whichever fit, the set is the same. Where a constraint of the leader speaks of replies, a further adversary for each
one looks for the reply that breaks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from gametheory.games.polyhedron import Polyhedron
from gametheory.games.quadratic import QuadraticForm
from gametheory.games.stackelberg import StackelbergGame
from gametheory.solvers.bilevel.kkt_system import KKTSystem

__all__ = ["worst_reply_game"]

Row = tuple[dict[int, Fraction], Fraction]


def worst_reply_game(
    game: StackelbergGame, system: KKTSystem, pressed: Collection[int], *, ceiling: Fraction | None = None
) -> StackelbergGame:
    """Return the game of the leader (with the multipliers) and the adversary, in costs.

    Parameters
    ----------
    system
        The game's own, for its pairs, balance rows and the convex form of the leader's cost.
    pressed
        ``S``, numbers of pairs.
    ceiling
        Left out, the leader minimises its cost. Given, it keeps its cost (which must be linear) at or below this and
        maximises the smallest multiplier of ``S``, at most 1: positive if and only if the cost can be had.
    """
    lead, first = len(game.variables[0]), len(game.variables[0])
    replies = system.decided - first
    of_pairs = {pair.multiplier for pair in system.pairs}
    kept = [k for k in range(system.decided, system.size) if k not in of_pairs]
    kept += [system.pairs[n].multiplier for n in sorted(pressed)]
    room = 0 if ceiling is None else 1
    # Columns: decision, multipliers, perhaps the smallest of them, then a copy of all replies for each adversary.
    place = {k: k for k in range(first)}
    place.update({k: lead + n for n, k in enumerate(kept)})
    start = lead + len(kept) + room
    plain, questions = _leader_rows(game, first)
    copies = 1 + len(questions)
    names = [*game.variables[0], *(f"multiplier {k}" for k in kept), *["smallest multiplier"] * room]
    for copy in range(copies):
        names += [name if copy == 0 else f"{name} against row {copy}" for name in game.names[first:]]
    size = len(names)
    lower: list[Fraction | None] = [None] * size
    upper: list[Fraction | None] = [None] * size
    lower[:first], upper[:first] = game.constraints[0].lower[:first], game.constraints[0].upper[:first]
    for k in kept:
        lower[place[k]] = system.limits.lower[k]
    below = [(_moved(row, place, start, first), bound) for row, bound in plain[0]]
    equal = [(_moved(row, place, start, first), bound) for row, bound in plain[1]]
    for copy, (row, bound) in enumerate(questions, 1):
        below.append((_moved(row, place, start + copy * replies, first), bound))
    inside, fixed = _balances(game, system, place, first)
    equal += fixed
    cost = _cost(system, place, start, first)
    if ceiling is not None:
        below.append((dict(cost.linear), ceiling - cost.constant))
        least = start - 1
        upper[least] = Fraction(1)
        below += [({least: Fraction(1), place[system.pairs[n].multiplier]: Fraction(-1)}, Fraction(0)) for n in pressed]
        cost = QuadraticForm((), ((least, Fraction(-1)),))
    sets = [_polyhedron(names, lower, upper, below, equal)]
    objectives = [cost]
    own = game.costs[0]
    for copy in range(copies):
        at = start + copy * replies
        sets.append(_replies(game, system, pressed, inside, names, place, at))
        if copy:
            row, _ = questions[copy - 1]
            objectives.append(QuadraticForm((), tuple((at + k - first, -a) for k, a in row.items() if k >= first)))
            continue
        mapped = {k: place[k] if k < first else at + k - first for k in range(system.decided)}
        objectives.append(
            QuadraticForm(
                tuple((mapped[r], mapped[c], -v) for r, c, v in own.quadratic if c >= first),
                tuple((mapped[k], -v) for k, v in own.linear if k >= first),
            )
        )
    blocks = [tuple(names[:start]), *(tuple(names[start + c * replies :][:replies]) for c in range(copies))]
    players = (game.players[0], "the worst reply", *(f"breaker of row {copy}" for copy in range(1, copies)))
    return StackelbergGame(players, tuple(blocks), tuple(objectives), tuple(sets))


def _leader_rows(game: StackelbergGame, first: int) -> tuple[tuple[list[Row], list[Row]], list[Row]]:
    """Return the leader's rows without replies (inequalities, equalities), and those that replies could break."""
    own = game.constraints[0]
    plain: tuple[list[Row], list[Row]] = ([], [])
    questions: list[Row] = []
    for kind, rows in enumerate((own.inequalities, own.equalities)):
        for coefficients, bound in rows:
            row = dict(coefficients)
            if all(k < first for k in row):
                plain[kind].append((row, bound))
                continue
            questions.append((row, bound))
            if kind:
                questions.append(({k: -a for k, a in row.items()}, -bound))
    return plain, questions


def _moved(row: dict[int, Fraction], place: dict[int, int], at: int, first: int) -> dict[int, Fraction]:
    """Return a row of decisions and replies over the new columns."""
    return {place[k] if k < first else at + k - first: a for k, a in row.items()}


def _balances(
    game: StackelbergGame, system: KKTSystem, place: dict[int, int], first: int
) -> tuple[list[Row], list[Row]]:
    """Return the balance rows that bind replies and those that do not, over the new columns; ``-1 - k`` is reply k."""
    replies = system.decided - first
    start = len(system.rows) - replies
    inside: list[Row] = []
    fixed: list[Row] = []
    for row, bound in zip(system.rows[start:], system.limits.row_upper[start:], strict=True):
        assert bound is not None, "a balance is an equality"
        terms = {(place[k] if k in place else -1 - (k - first)): a for k, a in row if k in place or k < system.decided}
        if any(k < 0 for k in terms):
            inside.append((terms, bound))
        elif terms or bound:
            fixed.append((terms, bound))
    return inside, fixed


def _replies(
    game: StackelbergGame,
    system: KKTSystem,
    pressed: Collection[int],
    inside: Sequence[Row],
    names: Sequence[str],
    place: dict[int, int],
    at: int,
) -> Polyhedron:
    """Return one copy of the followers' optimal replies."""
    first = len(game.variables[0])
    size = len(names)
    lower: list[Fraction | None] = [None] * size
    upper: list[Fraction | None] = [None] * size
    below: list[Row] = []
    equal: list[Row] = []
    numbers = iter(range(len(system.pairs)))
    for block, own in zip(game.blocks[1:], game.constraints[1:], strict=True):
        for k in block:
            lower[at + k - first], upper[at + k - first] = own.lower[k], own.upper[k]
        bounds = sum(own.lower[k] is not None for k in block) + sum(own.upper[k] is not None for k in block)
        for number, (coefficients, bound, is_equal, _) in enumerate(own.rows()):
            tight = is_equal or next(numbers) in pressed
            row = _moved(dict(coefficients), place, at, first)
            if number < bounds:
                if tight:
                    ((k, a),) = coefficients
                    lower[at + k - first] = upper[at + k - first] = bound / a
                continue
            (equal if tight else below).append((row, bound))
    for terms, bound in inside:
        equal.append(({(at - 1 - k if k < 0 else k): a for k, a in terms.items()}, bound))
    return _polyhedron(names, lower, upper, below, equal)


def _cost(system: KKTSystem, place: dict[int, int], start: int, first: int) -> QuadraticForm:
    """Return the leader's convex cost over the new columns; what meets a multiplier outside ``S`` is zero."""

    def column(k: int) -> int | None:
        return start + k - first if first <= k < system.decided else place.get(k)

    entries: list[Any] = []
    for (k, m), v in system.products.items():
        r, c = column(k), column(m)
        if r is not None and c is not None:
            entries.append((r, c, 2 * v if k == m else v))
    slopes = [(column(k), v) for k, v in enumerate(system.slopes) if v]
    return QuadraticForm(tuple(entries), tuple((k, v) for k, v in slopes if k is not None), system.constant)


def _polyhedron(names: Sequence[str], lower: Any, upper: Any, below: Sequence[Row], equal: Sequence[Row]) -> Polyhedron:
    return Polyhedron(
        tuple(names),
        tuple(lower),
        tuple(upper),
        tuple((tuple(sorted(row.items())), bound) for row, bound in below),
        tuple((tuple(sorted(row.items())), bound) for row, bound in equal),
    )
