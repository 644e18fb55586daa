"""A pattern that a whole set of points satisfies, refuted at once: one decision is better for one leader in all of it.

(1) At a point of the set a leader has a better decision, with replies and multipliers; (2) with the same constraints
tight the replies to that decision are affine in what the other leaders decide: one linear system; (3) that they stay
optimal replies, and the decision better, for all points of the set, is proved by linear programmes over the pattern.
Where a proof fails the set stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import exact, rational
from gametheory.errors import GameTheoryError
from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.games.quadratic import QuadraticForm
from gametheory.solvers.bilevel.kkt_system import Limits, semidefinite
from gametheory.solvers.epec.deviations import best_decision
from gametheory.solvers.epec.stacked_programme import StackedProgramme

__all__ = ["beaten"]

#: Column -> coefficient; -1 is the constant.
Affine = dict[int, Fraction]


class _NotProved(Exception):
    """This decision does not beat the whole set, or that is not found out here."""


def beaten(
    game: MultiLeaderGame,
    programme: StackedProgramme,
    limits: Limits,
    box: Sequence[tuple[Fraction | None, Fraction | None]],
    point: Sequence[Fraction],
    most: int,
) -> tuple[Any, ...] | None:
    """Return the leaf ``("beaten", leader, decision, fixed, replies, multipliers, proofs, at, gap)``, None without one.

    `limits` are those of the pattern, `box` bounds its decisions and replies, `point` is one of its points.
    """
    decisions = [tuple(point[k] for k in game.blocks[i]) for i in range(game.leaders)]
    for i in range(game.leaders):
        try:
            answer = best_decision(game, i, decisions, most)
        except GameTheoryError:
            continue
        replies = [v for own in answer.profile["replies"] for v in own]
        joint = [
            v for n, own in enumerate(decisions) for v in (answer.profile["decision"] if n == i else own)
        ] + replies
        if game.costs[i].value(joint) >= game.costs[i].value(point):
            continue
        forces = [v for own in answer.witness["multipliers"] for v in own]
        try:
            return _Attempt(game, programme, limits, box, i, tuple(joint), tuple(forces)).leaf(point)
        except _NotProved:
            continue
    return None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One leader's better decision at one point, to be carried over to the whole pattern."""

    game: MultiLeaderGame
    programme: StackedProgramme
    limits: Limits
    box: Sequence[tuple[Fraction | None, Fraction | None]]
    leader: int
    joint: tuple[Fraction, ...]
    forces: tuple[Fraction, ...]

    def leaf(self, point: Sequence[Fraction]) -> tuple[Any, ...]:
        game, i = self.game, self.leader
        known = {k: low for k, (low, high) in enumerate(self.box) if low is not None and low == high}
        replies, multipliers = self._affine_replies(known)
        decision = tuple(self.joint[k] for k in game.blocks[i])
        moved: list[Affine] = [_put({k: Fraction(1)}, known) for k in range(game.decided)] + replies
        for k, value in zip(game.blocks[i], decision, strict=True):
            moved[k] = {-1: value} if value else {}
        proofs = []
        for n, (_, (coefficients, bound, equal, _)) in enumerate(self._rows()):
            slack = _slack(coefficients, bound, moved)
            proofs += [self._prove(slack), self._prove(_scaled(slack, -1) if equal else multipliers[n])]
        for coefficients, bound, equal, _ in game.constraints[i].rows():
            slack = _slack(coefficients, bound, moved)
            proofs.append(self._prove(slack))
            if equal:
                proofs.append(self._prove(_scaled(slack, -1)))
        gap = self._gap(moved, known, point)
        fixed = tuple(
            (k, value, *(self.programme.decide(self.limits, {k: Fraction(s)}).multipliers for s in (1, -1)))
            for k, value in known.items()
        )
        return (
            "beaten",
            i,
            decision,
            fixed,
            tuple(_stated(form) for form in replies),
            tuple(_stated(form) for form in multipliers),
            tuple(proofs),
            tuple(point),
            gap,
        )

    def _rows(self) -> list[Any]:
        game = self.game
        follows = range(game.leaders, len(game.players))
        return [(j, row) for j in follows for row in game.constraints[j].rows()]

    def _affine_replies(self, known: Mapping[int, Fraction]) -> tuple[list[Affine], list[Affine]]:
        """Solve balances and tight rows for replies and multipliers, as forms of what the other leaders decide."""
        game, rows = self.game, self._rows()
        columns = list(range(game.decided, len(game.names)))
        tight = [n for n, (_, (_, _, equal, _)) in enumerate(rows) if equal or self.forces[n] != 0]
        size = len(columns) + len(tight)
        free = [k for k in range(game.decided) if k not in game.blocks[self.leader] and k not in known]
        place = {k: n for n, k in enumerate(columns)}
        left, right = flint.fmpq_mat(size, size), flint.fmpq_mat(size, 1 + len(free))

        def put(line: int, k: int, a: Fraction) -> None:
            """Add ``a z_k`` to the left side of a line."""
            if k in place:
                left[line, place[k]] += rational(a)
            elif k in free:
                right[line, 1 + free.index(k)] -= rational(a)
            else:
                right[line, 0] -= rational(a * (known[k] if k not in game.blocks[self.leader] else self.joint[k]))

        line = 0
        for j in range(game.leaders, len(game.players)):
            for k in game.blocks[j]:
                for _, m, v in game.costs[j].block(range(k, k + 1), range(len(game.names))):
                    put(line, m, v)
                right[line, 0] -= rational(sum((v for m, v in game.costs[j].linear if m == k), Fraction(0)))
                for n, number in enumerate(tight):
                    owner, (coefficients, _, _, _) = rows[number]
                    if owner == j:
                        left[line, len(columns) + n] += rational(
                            sum((a for m, a in coefficients if m == k), Fraction(0))
                        )
                line += 1
        for number in tight:
            coefficients, bound, _, _ = rows[number][1]
            for k, a in coefficients:
                put(line, k, a)
            right[line, 0] += rational(bound)
            line += 1
        try:
            found = left.solve(right)
        except ZeroDivisionError:
            raise _NotProved from None

        def form(at: int) -> Affine:
            terms = {-1: exact(found[at, 0]), **{k: exact(found[at, 1 + n]) for n, k in enumerate(free)}}
            return {k: a for k, a in terms.items() if a}

        forces: list[Affine] = [{} for _ in rows]
        for n, number in enumerate(tight):
            forces[number] = form(len(columns) + n)
        return [form(n) for n in range(len(columns))], forces

    def _prove(self, form: Affine) -> Any:
        """Return multipliers that prove that a form is not negative in the whole pattern."""
        slopes = {k: a for k, a in form.items() if k >= 0}
        constant = form.get(-1, Fraction(0))
        if not slopes:
            if constant < 0:
                raise _NotProved
            return ()
        verdict = self.programme.decide(self.limits, slopes)
        if verdict.status != "bounded" or constant + verdict.value < 0:
            raise _NotProved
        return verdict.multipliers

    def _gap(self, moved: Sequence[Affine], known: Mapping[int, Fraction], point: Sequence[Fraction]) -> Any:
        """Return multipliers that prove that the decision costs the leader less in the whole pattern."""
        size = len(self.game.names)
        here = [_put({k: Fraction(1)}, known) for k in range(size)]
        cost = self.game.costs[self.leader]
        saved = _composed(cost, here).plus(_composed(cost, moved).scaled(-1))
        if not semidefinite(size, {(r, c): v for r, c, v in saved.block(range(size), range(size))}):
            raise _NotProved
        slopes = {k: g for k, g in enumerate(saved.gradient(point, range(size))) if g}
        offset = saved.value(point) - sum((g * point[k] for k, g in slopes.items()), Fraction(0))
        if not slopes:
            if offset <= 0:
                raise _NotProved
            return ()
        verdict = self.programme.decide(self.limits, slopes)
        if verdict.status != "bounded" or offset + verdict.value <= 0:
            raise _NotProved
        return verdict.multipliers


def _stated(form: Affine) -> tuple[Fraction, tuple[tuple[int, Fraction], ...]]:
    return form.get(-1, Fraction(0)), tuple((k, a) for k, a in sorted(form.items()) if k >= 0)


def _put(form: Affine, known: Mapping[int, Fraction]) -> Affine:
    found: Affine = {}
    for k, a in form.items():
        at, value = (-1, a * known[k]) if k in known else (k, a)
        found[at] = found.get(at, Fraction(0)) + value
    return {k: a for k, a in found.items() if a}


def _scaled(form: Affine, factor: int) -> Affine:
    return {k: a * factor for k, a in form.items()}


def _slack(coefficients: Any, bound: Fraction, moved: Sequence[Affine]) -> Affine:
    found: Affine = {-1: bound}
    for k, a in coefficients:
        for m, b in moved[k].items():
            found[m] = found.get(m, Fraction(0)) - a * b
    return {k: a for k, a in found.items() if a}


def _composed(form: QuadraticForm, inner: Sequence[Affine]) -> QuadraticForm:
    """Return a quadratic form of affine forms as one of the columns."""
    one = len(inner)  # stands for the constant 1
    plain: dict[tuple[int, int], Fraction] = {}
    for r, c, v in form.quadratic:
        factor = v / 2 if r == c else v
        for k, a in inner[r].items():
            for m, b in inner[c].items():
                low, high = sorted((k if k >= 0 else one, m if m >= 0 else one))
                plain[low, high] = plain.get((low, high), Fraction(0)) + factor * a * b
    for r, v in form.linear:
        for k, a in inner[r].items():
            low = k if k >= 0 else one
            plain[low, one] = plain.get((low, one), Fraction(0)) + v * a
    return QuadraticForm(
        tuple((k, m, 2 * t if k == m else t) for (k, m), t in plain.items() if m < one),
        tuple((k, t) for (k, m), t in plain.items() if m == one > k),
        form.constant + plain.get((one, one), Fraction(0)),
    )
