"""A lower bound of a leader's cost over all decisions with optimal replies, proved by a tree of choices.

Optimal replies to linear constraints satisfy Karush, Kuhn and Tucker's conditions. So every such decision, with
multipliers ``lam``, lies in the relaxation of these columns and rows, in this order:

columns  the joint decision, then each follower's multipliers in the order of ``Polyhedron.rows()``;
rows     the inequalities and then the equalities of each player, the leader first; then for each variable of each
         follower its balance ``d f_i / d y_k + sum_r lam_r a_rk = 0``;
pairs    the inequalities of the followers, in the order of their multipliers: slack or multiplier is zero. Where a
         variable is at one of two different bounds, the multiplier of the other is zero as well.

A tree splits on pairs (tight, or multiplier zero), so its leaves cover every possibility. At a leaf multipliers ``y``
of the rows alone prove a bound: with ``d = c - A' y`` the cost is at least ``sum_i y_i (lower_i if y_i > 0 else
upper_i) + sum_k d_k (lower_k if d_k > 0 else upper_k)``; ``c = 0`` with a positive sum proves that the leaf is empty.
A convex cost is replaced by its tangent at any point. A cost that is not convex may be rewritten with ``t_i E_i``,
which is zero at every point in question: ``E_i = y_i' d f_i/d y_i + sum_r lam_r (b_r - a_r z_{-i})``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, exact_series, rational
from gametheory.certificates.linear_algebra import is_positive
from gametheory.errors import InputError
from gametheory.games.polyhedron import Coefficients
from gametheory.games.quadratic import QuadraticForm
from gametheory.games.stackelberg import StackelbergGame

__all__ = ["Line", "Relaxation", "leaf_bound", "read_tree", "with_cuts"]


@dataclass(slots=True)
class Line:
    """A row or a column: its coefficients and what bounds it."""

    coefficients: Coefficients
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The relaxation of a game and its pairs ``(line of the inequality, sign, bound, multiplier's column)``.

    A line below the number of columns is a column, the others are rows; `sign` is -1 where the line is bounded below.
    `others` leads from a pair to the multiplier's column of the same variable's other bound, where that differs.
    """

    size: int
    lines: tuple[Line, ...]
    pairs: tuple[tuple[int, int, Fraction, int], ...]
    cost: QuadraticForm
    others: Mapping[int, int]

    @classmethod
    def of_game(cls, game: StackelbergGame, duality: Any = ()) -> Relaxation:
        """Return the relaxation with the leader's cost rewritten by the given factors.

        Raises
        ------
        InputError
            The factors are not one a follower, or the cost that they make is not convex.
        """
        factors = exact_series(duality, what="strong_duality") or (Fraction(0),) * (len(game.players) - 1)
        if len(factors) != len(game.players) - 1:
            raise InputError(f"strong_duality has {len(factors)} factors; give one a follower")
        joint = len(game.names)
        numbered = [(i, row) for i, own in enumerate(game.constraints) if i for row in own.rows()]
        size = joint + len(numbered)
        lines = [Line(((k, Fraction(1)),)) for k in range(size)]
        place: dict[tuple[int, str, int], int] = {}
        for i, own in enumerate(game.constraints):
            for k in game.blocks[i]:
                lines[k].low, lines[k].high = own.lower[k], own.upper[k]
            for n, (coefficients, bound) in enumerate(own.inequalities):
                place[i, "below", n] = len(lines)
                lines.append(Line(coefficients, None, bound))
            lines += [Line(coefficients, bound, bound) for coefficients, bound in own.equalities]
        pairs: list[tuple[int, int, Any, int]] = []
        others: dict[int, int] = {}
        column = joint
        for i, own in enumerate(game.constraints):
            if i == 0:
                continue
            for k, sides in enumerate(zip(own.lower, own.upper, strict=True)):
                low, high = sides
                if low is not None and high is not None and low < high:
                    others.update({len(pairs): column + 1, len(pairs) + 1: column})
                for sign, side in zip((-1, 1), sides, strict=True):
                    if side is not None:
                        pairs.append((k, sign, side, column))
                        column += 1
            for n, (_, bound) in enumerate(own.inequalities):
                pairs.append((place[i, "below", n], 1, bound, column))
                column += 1
            column += len(own.equalities)
        for _, _, _, multiplier in pairs:
            lines[multiplier].low = Fraction(0)
        cost = game.costs[0]
        for i, factor in zip(range(1, len(game.players)), factors, strict=True):
            own_rows = [(joint + n, row) for n, (owner, row) in enumerate(numbered) if owner == i]
            for k in game.blocks[i]:
                lines.append(_balance(game.costs[i], k, own_rows))
            if factor:
                cost = cost.plus(_vanishing(game.costs[i], game.blocks[i], own_rows).scaled(factor))
        if not is_positive(size, cost.block(range(size), range(size)), definite=False):
            raise InputError("the leader's cost is not convex with these factors; no tangent bounds it")
        return cls(size, tuple(lines), tuple(pairs), cost, others)

    def decided(self, choices: Mapping[int, bool]) -> list[Line]:
        """Return the lines where some pairs are decided: True is tight, False puts the multiplier at zero."""
        lines = list(self.lines)
        for number, tight in choices.items():
            line, sign, bound, multiplier = self.pairs[number]
            if tight and number in self.others:
                other = lines[self.others[number]]
                lines[self.others[number]] = Line(other.coefficients, other.low, Fraction(0))
            at = line if tight else multiplier
            old = lines[at]
            if not tight:
                lines[at] = Line(old.coefficients, old.low, Fraction(0))
            elif sign > 0:
                lines[at] = Line(old.coefficients, bound, old.high)
            else:
                lines[at] = Line(old.coefficients, old.low, bound)
        return lines

    def missed(self, number: int, point: Sequence[Fraction]) -> Fraction:
        """Return slack times multiplier of a pair."""
        line, sign, bound, multiplier = self.pairs[number]
        there = sum((a * point[k] for k, a in self.lines[line].coefficients), Fraction(0))
        return sign * (bound - there) * point[multiplier]


def _balance(cost: QuadraticForm, k: int, rows: Sequence[Any]) -> Line:
    """Return the row that says that a follower's marginal cost and its multipliers cancel."""
    left = {m: cost.gradient([Fraction(int(j == m)) for j in range(cost.reach)], [k])[0] for m in range(cost.reach)}
    level = cost.gradient([Fraction(0)] * cost.reach, [k])[0]
    terms = {m: v - level for m, v in left.items()}
    for column, (coefficients, _, _, _) in rows:
        terms.update((column, a) for m, a in coefficients if m == k)
    return Line(tuple((m, v) for m, v in sorted(terms.items()) if v), -level, -level)


def _vanishing(cost: QuadraticForm, block: range, rows: Sequence[Any]) -> QuadraticForm:
    """Return ``E_i``, zero wherever the follower's conditions hold."""
    entries = []
    for r, c, v in cost.quadratic:
        if r == c:
            entries += [(r, r, 2 * v)] if r in block else []
        else:
            entries += [(r, c, v)] * ((r in block) + (c in block))
    slopes = [(k, v) for k, v in cost.linear if k in block]
    for column, (coefficients, bound, _, _) in rows:
        slopes.append((column, bound))
        entries += [(k, column, -a) for k, a in coefficients if k not in block]
    return QuadraticForm(tuple(entries), tuple(slopes))


# ----------------------------------------------------------------------------------------------- a tree handed over


def read_tree(relaxation: Relaxation, tree: Any) -> Fraction | None:
    """Return the bound that a tree proves, None where all its leaves are empty.

    The tree stands in preorder, the tight child first: an inner node is the number of its pair, a leaf is ``(scale,
    tangent, multipliers)`` with scale 0 (empty) or 1 (a bound), the rest as pairs ``(number, value)``.

    Raises
    ------
    InputError
        It is no tree, or a leaf proves nothing.
    """
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
        bound = leaf_bound(relaxation, relaxation.decided(choices), entry)
        least = bound if least is None or (bound is not None and bound < least) else least
    if left:
        raise InputError(f"the tree leaves {len(left)} possibilities open")
    return least


def leaf_bound(relaxation: Relaxation, lines: Sequence[Line], entry: Any) -> Fraction | None:
    """Return the bound of a leaf, None where it is proved empty."""
    try:
        scale, tangent, multipliers = entry
        at = [Fraction(0)] * relaxation.size
        for k, value in tangent:
            at[k] = exact(value)
    except (TypeError, ValueError, IndexError):
        raise InputError("a leaf of the tree is not (scale, tangent, multipliers)") from None
    slopes = relaxation.cost.gradient(at, range(relaxation.size))
    offset = relaxation.cost.value(at) - sum((g * v for g, v in zip(slopes, at, strict=True)), Fraction(0))
    bound = _proved(relaxation.size, lines, slopes, scale, multipliers)
    return None if bound is None else bound + offset


def _proved(size: int, lines: Sequence[Line], slopes: Sequence[Fraction], scale: Any, given: Any) -> Fraction | None:
    """Return the lower bound of a linear cost that multipliers of the rows prove; None where they prove emptiness."""
    if any(v.low is not None and v.high is not None and v.low > v.high for v in lines):
        return None
    try:
        multipliers = [(int(i), rational(y)) for i, y in given]
    except (TypeError, ValueError):
        raise InputError("multipliers are not pairs of a row and a number") from None
    if scale not in (0, 1) or any(not 0 <= i < len(lines) - size for i, _ in multipliers):
        raise InputError("a proof has another scale than 0 and 1, or a row that is not there")
    bound, left = rational(0), [rational(v) if scale else rational(0) for v in slopes]
    pressed = []
    for i, y in multipliers:
        line = lines[size + i]
        pressed.append((y, line))
        for k, a in line.coefficients:
            left[k] -= rational(a) * y
    pressed += list(zip(left, lines, strict=False))
    for force, line in pressed:
        if force != 0:
            side = line.low if force > 0 else line.high
            if side is None:
                raise InputError("multipliers press on a side that has no bound: they prove nothing")
            bound += force * rational(side)
    if scale == 0 and bound <= 0:
        raise InputError("something is said to be empty, and its multipliers do not prove it")
    return exact(bound) if scale else None


def with_cuts(relaxation: Relaxation, cuts: Any) -> Relaxation:
    """Return the relaxation with further rows, each verified from the rows before it.

    A cut is ``(pair, U, S, proof of U, proof of S)``: where the pair is tight its multiplier is at most ``U``, where
    the multiplier is zero its slack is at most ``S``, and so ``S lam + U slack <= U S``. With ``U = 0`` it is ``lam <=
    0``, with ``S = 0`` it is ``slack <= 0``, and the other number is not needed (None).

    Raises
    ------
    InputError
        A bound is not proved.
    """
    if not isinstance(cuts, Sequence) or isinstance(cuts, str):
        raise InputError("the cuts are no sequence")
    for cut in cuts:
        try:
            number, force, slack, force_proof, slack_proof = cut
            line, sign, bound, multiplier = relaxation.pairs[number]
        except (TypeError, ValueError, IndexError):
            raise InputError("a cut is not (pair, U, S, proof of U, proof of S)") from None
        size = relaxation.size
        terms = [(k, sign * a) for k, a in relaxation.lines[line].coefficients]
        right = sign * bound
        if force is not None:
            slopes = [Fraction(-int(k == multiplier)) for k in range(size)]
            _at_most(relaxation, {number: True}, slopes, Fraction(0), force, force_proof)
        if slack is not None:
            slopes = [Fraction(0)] * size
            for k, a in terms:
                slopes[k] += a
            _at_most(relaxation, {number: False}, slopes, right, slack, slack_proof)
        if force is not None and exact(force) == 0:
            row, high = [(multiplier, Fraction(1))], Fraction(0)
        elif slack is not None and exact(slack) == 0:
            row, high = [(k, -a) for k, a in terms], -right
        elif force is not None and slack is not None:
            most, room = exact(force), exact(slack)
            row = [*((k, -most * a) for k, a in terms), (multiplier, room)]
            high = most * room - most * right
        else:
            raise InputError("a cut needs both bounds, or one that is 0")
        relaxation = replace(relaxation, lines=(*relaxation.lines, Line(tuple(row), None, high)))
    return relaxation


def _at_most(
    relaxation: Relaxation,
    choices: Mapping[int, bool],
    slopes: Sequence[Fraction],
    offset: Fraction,
    most: Any,
    proof: Any,
) -> None:
    """Refuse unless ``offset - slopes z <= most`` is proved where these pairs are decided."""
    if not isinstance(proof, Sequence) or isinstance(proof, str) or len(proof) != 3:
        raise InputError("a bound of a cut has no proof")
    least = _proved(relaxation.size, relaxation.decided(choices), slopes, proof[0], proof[2])
    if exact(most) < 0 or (least is not None and offset - least > exact(most)):
        raise InputError("a bound of a cut is not proved")
