"""The first-order conditions of several leaders at once, as the checkers write them, and what is proved of them.

At an equilibrium ``(x, y)`` with followers' multipliers ``lam`` an inequality of a follower has slack, or a positive
multiplier, or neither. Once it is decided what counts as tight among the last, leader ``i`` stands at a minimum over
``(x_i, y, lam)`` under linear constraints, and Karush, Kuhn and Tucker's conditions hold for any cost. They are written
down twice, all of the last tight (``v = 0``) and all loose (``v = 1``), with multipliers ``alpha`` (own rows), ``mu``
(followers' rows) and ``kappa`` (followers' balances) for each leader and ``v``.

columns  joint decision; ``lam`` of every follower's ``Polyhedron.rows()``; for ``v``, for each leader: ``alpha``,
         ``mu``, ``kappa``;
rows     each player's inequalities and equalities; balances; for ``v``, for each leader: its slopes for its own and the
         followers' variables; for ``v``, for each leader: ``nu_r = sum_k a_rk kappa_k`` of each follower's row;
splits   for each follower's inequality: [tight, ``nu >= 0`` for ``v = 0``] or [``lam = 0``, ``mu = 0``]; for each
         again: [``nu = 0``] or [``lam = 0``, ``mu >= 0`` for ``v = 1``]; for each leader's inequality: [tight] or
         [``alpha = 0``]. At one of two different bounds of a variable the second alternative of the other holds too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, rational
from gametheory.certificates.complementarity import Line
from gametheory.errors import InputError
from gametheory.games.multi_leader import MultiLeaderGame

__all__ = ["Conditions"]

#: A line and the sides that it gets: ``(line, low, high)``, None where a side stays.
Side = tuple[int, Fraction | None, Fraction | None]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Conditions:
    """The lines (columns, then rows) and the splits, each two alternatives of new sides."""

    size: int
    lines: tuple[Line, ...]
    splits: tuple[tuple[tuple[Side, ...], tuple[Side, ...]], ...]

    def decided(self, choices: Mapping[int, int]) -> list[Line]:
        """Return the lines where some splits are decided, 0 for the first alternative."""
        lines = list(self.lines)
        for number, side in choices.items():
            for at, low, high in self.splits[number][side]:
                old = lines[at]
                below = old.low if low is None else low if old.low is None else max(low, old.low)
                above = old.high if high is None else high if old.high is None else min(high, old.high)
                lines[at] = Line(old.coefficients, below, above)
        return lines

    def least(self, lines: Sequence[Line], slopes: Mapping[int, Any], multipliers: Any) -> Fraction | None:
        """Return the bound of a form of the columns that multipliers of the rows prove; None: nothing is feasible.

        Without slopes emptiness has to be proved.

        Raises
        ------
        InputError
            Nothing is proved.
        """
        if any(v.low is not None and v.high is not None and v.low > v.high for v in lines):
            return None
        left = [rational(0)] * self.size
        for k, slope in slopes.items():
            left[k] = rational(slope)
        pressed = []
        try:
            given = [(int(i), rational(y)) for i, y in multipliers]
        except (TypeError, ValueError):
            raise InputError("multipliers are not pairs of a row and a number") from None
        for i, y in given:
            if not 0 <= i < len(lines) - self.size:
                raise InputError(f"multipliers name row {i}, which is not there")
            line = lines[self.size + i]
            pressed.append((y, line))
            for k, a in line.coefficients:
                left[k] -= rational(a) * y
        bound = rational(0)
        for force, line in (*pressed, *zip(left, lines, strict=False)):
            if force != 0:
                side = line.low if force > 0 else line.high
                if side is None:
                    raise InputError("multipliers press on a side that has no bound: they prove nothing")
                bound += force * rational(side)
        if not slopes:
            if bound <= 0:
                raise InputError("something is said to be empty, and its multipliers do not prove it")
            return None
        return exact(bound)

    @classmethod
    def of_game(cls, game: MultiLeaderGame) -> Conditions:
        """Return the conditions of a game."""
        joint, leads = len(game.names), range(game.leaders)
        follows = range(game.leaders, len(game.players))
        replies = [k for j in follows for k in game.blocks[j]]
        shared = [(j, n, row) for j in follows for n, row in enumerate(game.constraints[j].rows())]
        lam = {(j, n): joint + at for at, (j, n, _) in enumerate(shared)}
        alpha: dict[tuple[int, int, int], int] = {}
        mu: dict[tuple[int, int, int, int], int] = {}
        kappa: dict[tuple[int, int, int], int] = {}
        size = joint + len(shared)
        for v in (0, 1):
            for i in leads:
                for n, _ in enumerate(game.constraints[i].rows()):
                    alpha[v, i, n], size = size, size + 1
                for j, n, _ in shared:
                    mu[v, i, j, n], size = size, size + 1
                for k in replies:
                    kappa[v, i, k], size = size, size + 1
        lines = [Line(((c, Fraction(1)),)) for c in range(size)]
        slack = _slacks(game, lines)
        for j, n, (_, _, equal, _) in shared:
            lines[lam[j, n]].low = None if equal else _ZERO
        for j in follows:
            for k in game.blocks[j]:
                terms = [
                    (lam[j, n], a)
                    for n, (row, _, _, _) in enumerate(game.constraints[j].rows())
                    for m, a in row
                    if m == k
                ]
                lines.append(_slope(game, j, k, terms))
        bent = {k: {m: v for _, m, v in game.costs[j].block(range(k, k + 1), range(joint))}
                for j in follows for k in game.blocks[j]}  # fmt: skip
        for v in (0, 1):
            for i in leads:
                for n, (_, _, equal, _) in enumerate(game.constraints[i].rows()):
                    lines[alpha[v, i, n]].low = None if equal else _ZERO
                for k in (*game.blocks[i], *replies):
                    terms = [
                        (alpha[v, i, n], a)
                        for n, (row, _, _, _) in enumerate(game.constraints[i].rows())
                        for m, a in row
                        if m == k
                    ]
                    terms += [(mu[v, i, j, n], a) for j, n, (row, _, _, _) in shared for m, a in row if m == k]
                    terms += [(kappa[v, i, m], bent[m][k]) for m in replies if k in bent[m]]
                    lines.append(_slope(game, i, k, terms))
        nu: dict[tuple[int, int, int, int], int] = {}
        for v in (0, 1):
            for i in leads:
                for j, n, (row, _, equal, _) in shared:
                    nu[v, i, j, n] = len(lines)
                    forces = tuple((kappa[v, i, k], a) for k, a in row if k in game.blocks[j])
                    lines.append(Line(forces, _ZERO if equal else None, _ZERO if equal else None))

        def loose(j: int, n: int) -> tuple[Side, ...]:
            return (lam[j, n], None, _ZERO), *((mu[v, i, j, n], _ZERO, _ZERO) for v in (0, 1) for i in leads)

        pairs = [(j, n) for j, n, (_, _, equal, _) in shared if not equal]
        splits: list[tuple[tuple[Side, ...], tuple[Side, ...]]] = []
        for j, n in pairs:
            tight = slack[j, n], *((nu[0, i, j, n], _ZERO, None) for i in leads)
            other = _other_bound(game, j, n)
            splits.append((tight if other is None else (*tight, *loose(j, other)), loose(j, n)))
        for j, n in pairs:
            firm = tuple((nu[v, i, j, n], _ZERO, _ZERO) for v in (0, 1) for i in leads)
            splits.append((firm, ((lam[j, n], None, _ZERO), *((mu[1, i, j, n], _ZERO, None) for i in leads))))
        for i in leads:
            for n, (_, _, equal, _) in enumerate(game.constraints[i].rows()):
                if not equal:
                    other = _other_bound(game, i, n)
                    more = () if other is None else tuple((alpha[v, i, other], None, _ZERO) for v in (0, 1))
                    free = tuple((alpha[v, i, n], None, _ZERO) for v in (0, 1))
                    splits.append(((slack[i, n], *more), free))
        return cls(size, tuple(lines), tuple(splits))


def _column(game: MultiLeaderGame, player: int, k: int) -> list[tuple[int, Fraction]]:
    """Return the rows of a player that speak of a variable, with the coefficient of each."""
    rows = enumerate(game.constraints[player].rows())
    return [(n, a) for n, (row, _, _, _) in rows for m, a in row if m == k]


def _slacks(game: MultiLeaderGame, lines: list[Line]) -> dict[tuple[int, int], Side]:
    """Add bounds and rows of all players; return for each inequality the side that makes it tight."""
    found: dict[tuple[int, int], Side] = {}
    for i, own in enumerate(game.constraints):
        for k in game.blocks[i]:
            lines[k].low, lines[k].high = own.lower[k], own.upper[k]
        bounds = sum(b is not None for b in (*own.lower, *own.upper))
        for n, (coefficients, bound, equal, _) in enumerate(own.rows()):
            if n < bounds:
                ((k, sign),) = coefficients
                found[i, n] = (k, bound, None) if sign > 0 else (k, None, -bound)
            else:
                found[i, n] = (len(lines), bound, None)
                lines.append(Line(coefficients, bound if equal else None, bound))
    return found


def _other_bound(game: MultiLeaderGame, player: int, number: int) -> int | None:
    """Return the row of the same variable's other bound, None where there is none or it is the same."""
    own = game.constraints[player]
    at = 0
    for low, high in zip(own.lower, own.upper, strict=True):
        count = (low is not None) + (high is not None)
        if at <= number < at + count:
            return None if count < 2 or low == high else 2 * at + 1 - number
        at += count
    return None


def _slope(game: MultiLeaderGame, player: int, k: int, more: Sequence[tuple[int, Fraction]]) -> Line:
    """Return the row that says that a player's slope for a variable and its multipliers cancel."""
    cost = game.costs[player]
    terms: dict[int, Fraction] = dict(more)
    for r, c, v in cost.quadratic:
        if k in (r, c):
            other = c if r == k else r
            terms[other] = terms.get(other, _ZERO) + v
    level = -sum((v for m, v in cost.linear if m == k), _ZERO)
    return Line(tuple(terms.items()), level, level)
