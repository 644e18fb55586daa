"""A whole set of points none of which is an equilibrium: one decision is better for one leader, whatever others do.

In a pattern of first-order conditions leader ``i`` would decide ``x_i`` instead. Its followers' replies ``y`` to that,
and multipliers ``lam``, are given as affine forms of the other leaders' decisions. They are optimal replies if, for all
points of the pattern, slacks and multipliers are not negative, one of each pair is zero, and marginal costs balance:
identities, and linear forms that multipliers of the pattern's rows bound from below. The decision is better if ``i``'s
cost at the point less its cost there, convex in the point, has a tangent that is bounded above zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, exact_series
from gametheory.certificates.complementarity import Line
from gametheory.certificates.leader_conditions import Conditions
from gametheory.certificates.linear_algebra import is_positive
from gametheory.errors import InputError
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.games.quadratic import QuadraticForm

__all__ = ["check_beaten"]

#: Column -> coefficient; -1 is the constant.
Affine = dict[int, Fraction]


def check_beaten(game: MultiLeaderGame, conditions: Conditions, lines: Sequence[Line], entry: Any) -> None:
    """Refuse unless a leaf ``("beaten", leader, decision, fixed, replies, multipliers, proofs, at, gap)`` proves it.

    Parameters
    ----------
    entry
        ``fixed`` holds columns with one value, ``(column, value, proof from below, from above)``; affine forms are
        ``(constant, ((column, coefficient), ...))``; ``proofs`` belong to the forms that are not to be negative: for
        each follower's row slack and multiplier (of an equality slack and its negative), then for each row of the
        leader its slack (of an equality both signs); ``at`` is where the tangent touches, ``gap`` bounds it.

    Raises
    ------
    InputError
        Something is not proved.
    """
    try:
        _, leader, decision, fixed, replies, multipliers, proofs, at, gap = entry
        given = [_affine(form) for form in (*replies, *multipliers)]
    except (TypeError, ValueError):
        raise InputError("a leaf is not ('beaten', leader, decision, ...)") from None
    if not isinstance(leader, int) or not 0 <= leader < game.leaders:
        raise InputError("a set is said to be beaten by a leader that is not there")
    follows = range(game.leaders, len(game.players))
    rows = [(j, row) for j in follows for row in game.constraints[j].rows()]
    own, count = game.blocks[leader], len(game.names) - game.decided
    values = exact_series(decision, what="decision")
    if len(values) != len(own) or len(given) != count + len(rows):
        raise InputError("a better decision has another number of decisions, replies or multipliers")
    others = {k for i in range(game.leaders) if i != leader for k in game.blocks[i]}
    if any(k not in others and k >= 0 for form in given for k in form):
        raise InputError("replies to a better decision depend on something else than the other leaders")
    known = {
        k: line.low for k, line in enumerate(lines[: conditions.size]) if line.low is not None and line.low == line.high
    }
    for column, value, below, above in fixed:
        low, high = conditions.least(lines, {column: 1}, below), conditions.least(lines, {column: -1}, above)
        if low is None or high is None:
            return  # the pattern is empty
        if low != exact(value) or -high != exact(value):
            raise InputError("a column is said to have one value, and that is not proved")
        known[column] = exact(value)
    moved: list[Affine] = [{k: Fraction(1)} for k in range(game.decided)] + given[:count]
    for k, value in zip(own, values, strict=True):
        moved[k] = {-1: value}
    moved = [_with(form, known) for form in moved]
    forces = [_with(form, known) for form in given[count:]]
    wanted: list[Affine] = []
    for (_, (coefficients, bound, equal, _)), force in zip(rows, forces, strict=True):
        slack = _slack(coefficients, bound, moved)
        wanted += [slack, _times(slack, Fraction(-1)) if equal else force]
        if not equal and slack and force:
            raise InputError("a reply has slack and a multiplier")
    for coefficients, bound, equal, _ in game.constraints[leader].rows():
        slack = _slack(coefficients, bound, moved)
        wanted += [slack, _times(slack, Fraction(-1))] if equal else [slack]
    if len(wanted) != len(proofs):
        raise InputError("a better decision has another number of proofs")
    for form, proof in zip(wanted, proofs, strict=True):
        _not_negative(conditions, lines, form, proof)
    _balanced(game, moved, rows, forces)
    _better(game, conditions, lines, leader, moved, known, at, gap)


def _affine(form: Any) -> Affine:
    constant, terms = form
    found = {int(k): exact(a) for k, a in terms}
    if any(k < 0 for k in found):
        raise InputError("an affine form names a column that is not there")
    found[-1] = exact(constant)
    return found


def _with(form: Mapping[int, Fraction], known: Mapping[int, Fraction]) -> Affine:
    """Return the form with known columns put in, zeros left out."""
    found: Affine = {}
    for k, a in form.items():
        at, value = (-1, a * known[k]) if k in known else (k, a)
        found[at] = found.get(at, Fraction(0)) + value
    return {k: a for k, a in found.items() if a}


def _times(form: Mapping[int, Fraction], factor: Fraction) -> Affine:
    return {k: a * factor for k, a in form.items()}


def _slack(coefficients: Any, bound: Fraction, moved: Sequence[Affine]) -> Affine:
    found: Affine = {-1: bound}
    for k, a in coefficients:
        for m, b in moved[k].items():
            found[m] = found.get(m, Fraction(0)) - a * b
    return {k: a for k, a in found.items() if a}


def _not_negative(conditions: Conditions, lines: Sequence[Line], form: Affine, proof: Any) -> None:
    slopes = {k: a for k, a in form.items() if k >= 0}
    constant = form.get(-1, Fraction(0))
    least = conditions.least(lines, slopes, proof) if slopes else Fraction(0)
    if least is not None and constant + least < 0:
        raise InputError("a slack or multiplier of a better decision may be negative")


def _balanced(game: MultiLeaderGame, moved: Sequence[Affine], rows: Sequence[Any], forces: Sequence[Affine]) -> None:
    """Refuse unless every follower is convex and its marginal costs and multipliers cancel identically."""
    for j in range(game.leaders, len(game.players)):
        block, cost = game.blocks[j], game.costs[j]
        if not is_positive(len(block), cost.block(block, block), definite=False):
            raise InputError(f"{game.players[j]!r} is not convex: first-order conditions do not make a reply optimal")
        for k in block:
            total: Affine = {-1: sum((v for m, v in cost.linear if m == k), Fraction(0))}
            for _, m, v in cost.block(range(k, k + 1), range(len(game.names))):
                for c, a in moved[m].items():
                    total[c] = total.get(c, Fraction(0)) + v * a
            for (owner, (coefficients, _, _, _)), force in zip(rows, forces, strict=True):
                weight = sum((a for m, a in coefficients if m == k), Fraction(0)) if owner == j else Fraction(0)
                for c, a in force.items():
                    total[c] = total.get(c, Fraction(0)) + weight * a
            if any(total.values()):
                raise InputError("a reply to a better decision does not balance its marginal cost")


def _better(
    game: MultiLeaderGame,
    conditions: Conditions,
    lines: Sequence[Line],
    leader: int,
    moved: Sequence[Affine],
    known: Mapping[int, Fraction],
    at: Any,
    gap: Any,
) -> None:
    """Refuse unless the leader's cost at every point is above its cost at the other decision."""
    cost, size = game.costs[leader], len(game.names)
    here = [_with({k: Fraction(1)}, known) for k in range(size)]
    difference = _composed(cost, here).plus(_composed(cost, moved).scaled(-1))
    if not is_positive(size, difference.block(range(size), range(size)), definite=False):
        raise InputError("what a better decision saves is not convex in the point: no tangent bounds it")
    touch = exact_series(at, what="at")
    if len(touch) != size:
        raise InputError("the tangent touches at another number of variables")
    slopes = dict(enumerate(difference.gradient(touch, range(size))))
    slopes = {k: g for k, g in slopes.items() if g}
    offset = difference.value(touch) - sum((g * touch[k] for k, g in slopes.items()), Fraction(0))
    least = conditions.least(lines, slopes, gap) if slopes else Fraction(0)
    if least is not None and offset + least <= 0:
        raise InputError("a decision that is said to be better may not be")


def _composed(form: QuadraticForm, inner: Sequence[Affine]) -> QuadraticForm:
    """Return a quadratic form of affine forms as a quadratic form of the columns."""
    entries: list[tuple[int, int, Fraction]] = []
    slopes: list[tuple[int, Fraction]] = []
    constant = form.constant
    for r, c, v in form.quadratic:
        factor = v / 2 if r == c else v
        for k, a in inner[r].items():
            for m, b in inner[c].items():
                term = factor * a * b
                if k < 0 and m < 0:
                    constant += term
                elif k < 0 or m < 0:
                    slopes.append((max(k, m), term))
                else:
                    entries.append((k, m, 2 * term if k == m else term))
    for r, v in form.linear:
        for k, a in inner[r].items():
            if k < 0:
                constant += v * a
            else:
                slopes.append((k, v * a))
    return QuadraticForm(tuple(entries), tuple(slopes), constant)
