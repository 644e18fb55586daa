"""What every equilibrium of several leaders satisfies: all first-order conditions at once, linear but for choices.

Let ``(x, y)`` be an equilibrium and ``lam`` multipliers of the followers. A follower's inequality may be tight (its
slack is zero), or ``lam_r`` zero, or both. Decide of those that are both whether they count as *tight* (``lam_r`` may
grow) or as *loose* (the slack may). Under each decision leader ``i`` minimises over ``(x_i, y, lam)`` under linear
constraints, so Karush, Kuhn and Tucker's conditions hold for it whatever its cost, with multipliers of

* its own rows (>= 0 for inequalities),
* the followers' rows, ``mu_r``: free where tight, >= 0 where loose without slack, zero where there is slack,
* the followers' balances ``d f_j / d y_k + sum_r lam_r a_rk = 0``, called ``kappa_k``, free.

For ``lam_r`` they say that ``nu_r = sum_k a_rk kappa_k`` is zero where ``lam_r > 0`` and of an equality, ``>= 0`` where
``lam_r = 0`` and the row is tight, and free where it is loose. All leaders meet the same ``y`` and the same ``lam``.
Two decisions are written down, with multipliers of their own: all tight, all loose.

Columns  the joint decision; ``lam`` in the order of ``Polyhedron.rows()`` of each follower; then for "all tight" and
         again for "all loose", for each leader the multipliers of its own rows, ``mu``, ``kappa``.
Rows     each player's inequalities, then equalities; balances; then for both decisions, for each leader its slopes for
         its own variables and the followers' variables; then for both, for each leader, ``nu`` of each follower's row.
Splits   (two alternatives that cover everything) for each inequality of the followers: tight, with ``nu >= 0`` for all
         leaders in "all tight"; or ``lam = 0`` and every ``mu = 0``. Then for each of them: every ``nu = 0``; or ``lam
         = 0`` and ``mu >= 0`` in "all loose". Then for each inequality of each leader: tight, or its multipliers zero.
         Where a variable is at one of two different bounds, what the other's second alternative says holds as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.games.multi_leader import MultiLeaderGame
from gametheory.games.polyhedron import Coefficients
from gametheory.solvers.bilevel.kkt_system import Limits

__all__ = ["Change", "StackedSystem"]

#: ``(kind, number, low, high)``: a column or a row gets these bounds; None leaves a side as it is.
Change = tuple[str, int, Fraction | None, Fraction | None]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class StackedSystem:
    """The system as exact data; see the module.

    Attributes
    ----------
    decided
        How many columns are decisions and replies.
    rows, limits
        Coefficients and bounds with nothing chosen.
    splits
        Pairs of alternatives, each a tuple of changes.
    """

    decided: int
    rows: tuple[Coefficients, ...]
    limits: Limits
    splits: tuple[tuple[tuple[Change, ...], tuple[Change, ...]], ...]

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.limits.lower)

    def decide(self, choices: Mapping[int, int]) -> Limits:
        """Return the bounds where some splits are decided: 0 is the first alternative, 1 the second."""
        base = self.limits
        limits = Limits(list(base.lower), list(base.upper), list(base.row_lower), list(base.row_upper))
        for number, side in choices.items():
            for kind, at, low, high in self.splits[number][side]:
                lows, highs = (limits.lower, limits.upper) if kind == "column" else (limits.row_lower, limits.row_upper)
                if low is not None:
                    old = lows[at]
                    lows[at] = low if old is None else max(low, old)
                if high is not None:
                    old = highs[at]
                    highs[at] = high if old is None else min(high, old)
        return limits

    def missed(self, number: int, side: int, point: Sequence[Any]) -> Any:
        """Return by how much a point misses an alternative."""
        worst: Any = 0
        for kind, at, low, high in self.splits[number][side]:
            value = point[at] if kind == "column" else sum(a * point[k] for k, a in self.rows[at])
            if low is not None:
                worst = max(worst, low - value)
            if high is not None:
                worst = max(worst, value - high)
        return worst

    @classmethod
    def of_game(cls, game: MultiLeaderGame) -> StackedSystem:
        """Return the system of a game."""
        return _Builder(game).system()


class _Builder:
    """Puts the columns, rows and splits of a game together, in the order of the module's description."""

    def __init__(self, game: MultiLeaderGame) -> None:
        self.game = game
        self.joint = len(game.names)
        self.followers = range(game.leaders, len(game.players))
        #: (follower, row) of every follower, in the order of ``lam``.
        self.follower_rows = [(j, row) for j in self.followers for row in game.constraints[j].rows()]
        self.replies = range(game.decided, self.joint)
        self.owner = {k: j for j in self.followers for k in game.blocks[j]}
        self.lam = self.joint
        self.starts: list[tuple[int, int, int]] = []
        at = self.joint + len(self.follower_rows)
        #: (leader, whether what is both counts as loose), in the order of their multipliers.
        self.sets = [(i, loose) for loose in (False, True) for i in range(game.leaders)]
        for i, _ in self.sets:
            own = sum(1 for _ in game.constraints[i].rows())
            self.starts.append((at, at + own, at + own + len(self.follower_rows)))
            at += own + len(self.follower_rows) + len(self.replies)
        self.size = at
        self.lower: list[Fraction | None] = [None] * at
        self.upper: list[Fraction | None] = [None] * at
        self.rows: list[Coefficients] = []
        self.row_lower: list[Fraction | None] = []
        self.row_upper: list[Fraction | None] = []
        #: (player, number among its rows()) -> where the slack is: ("column" or "row", place, sign, bound).
        self.slack: dict[tuple[int, int], tuple[str, int, int, Fraction]] = {}
        self.curves = [self._curve(i) for i in range(len(game.players))]

    def _curve(self, player: int) -> dict[int, dict[int, Fraction]]:
        """Return the rows of the second derivatives of a player's cost."""
        found: dict[int, dict[int, Fraction]] = {}
        for r, c, v in self.game.costs[player].block(range(self.joint), range(self.joint)):
            found.setdefault(r, {})[c] = v
        return found

    def _row(self, terms: Mapping[int, Fraction], low: Fraction | None, high: Fraction | None) -> int:
        self.rows.append(tuple((k, v) for k, v in sorted(terms.items()) if v))
        self.row_lower.append(low)
        self.row_upper.append(high)
        return len(self.rows) - 1

    def system(self) -> StackedSystem:
        self._constraints()
        for n, (_, (_, _, equal, _)) in enumerate(self.follower_rows):
            if not equal:
                self.lower[self.lam + n] = _ZERO
        for k in self.replies:
            self._balance(k)
        for s, (i, _) in enumerate(self.sets):
            for k in (*self.game.blocks[i], *self.replies):
                self._slope(s, k)
        nu = [[self._nu(s, n) for n in range(len(self.follower_rows))] for s in range(len(self.sets))]
        splits = [*self._follower_splits(nu), *self._leader_splits()]
        limits = Limits(self.lower, self.upper, self.row_lower, self.row_upper)
        return StackedSystem(self.joint, tuple(self.rows), limits, tuple(splits))

    def _constraints(self) -> None:
        for i, own in enumerate(self.game.constraints):
            for k in self.game.blocks[i]:
                self.lower[k], self.upper[k] = own.lower[k], own.upper[k]
            number = 0
            for k, (low, high) in enumerate(zip(own.lower, own.upper, strict=True)):
                for sign, side in ((-1, low), (1, high)):
                    if side is not None:
                        self.slack[i, number] = ("column", k, sign, side)
                        number += 1
            for coefficients, bound in own.inequalities:
                self.slack[i, number] = ("row", self._row(dict(coefficients), None, bound), 1, bound)
                number += 1
            for coefficients, bound in own.equalities:
                self._row(dict(coefficients), bound, bound)

    def _balance(self, k: int) -> None:
        j = self.owner[k]
        terms = dict(self.curves[j].get(k, {}))
        for n, (owner, (coefficients, _, _, _)) in enumerate(self.follower_rows):
            if owner == j:
                terms.update((self.lam + n, a) for m, a in coefficients if m == k)
        level = -dict(self.game.costs[j].linear).get(k, _ZERO)
        self._row(terms, level, level)

    def _slope(self, s: int, k: int) -> None:
        i = self.sets[s][0]
        own, shared, kappa = self.starts[s]
        terms = dict(self.curves[i].get(k, {}))
        for n, (coefficients, _, _, _) in enumerate(self.game.constraints[i].rows()):
            terms.update((own + n, a) for m, a in coefficients if m == k)
        for n, (_, (coefficients, _, _, _)) in enumerate(self.follower_rows):
            terms.update((shared + n, a) for m, a in coefficients if m == k)
        for n, m in enumerate(self.replies):
            v = self.curves[self.owner[m]].get(m, {}).get(k, _ZERO)
            if v:
                terms[kappa + n] = v
        level = -dict(self.game.costs[i].linear).get(k, _ZERO)
        self._row(terms, level, level)
        for n, (_, _, equal, _) in enumerate(self.game.constraints[i].rows()):
            if not equal:
                self.lower[own + n] = _ZERO

    def _nu(self, s: int, n: int) -> int:
        j, (coefficients, _, equal, _) = self.follower_rows[n]
        kappa = self.starts[s][2]
        terms = {kappa + m - self.replies.start: a for m, a in coefficients if m in self.game.blocks[j]}
        return self._row(terms, _ZERO if equal else None, _ZERO if equal else None)

    def _tight(self, player: int, number: int) -> Change:
        kind, at, sign, bound = self.slack[player, number]
        return (kind, at, bound, None) if sign > 0 else (kind, at, None, bound)

    def _other(self, player: int, number: int) -> int | None:
        """Return the number of the other bound of the same variable, where it differs."""
        kind, k, sign, _ = self.slack[player, number]
        own = self.game.constraints[player]
        if kind != "column" or own.lower[k] is None or own.upper[k] is None or own.lower[k] == own.upper[k]:
            return None
        return number - sign

    def _follower_splits(self, nu: list[list[int]]) -> list[tuple[tuple[Change, ...], tuple[Change, ...]]]:
        first: list[tuple[tuple[Change, ...], tuple[Change, ...]]] = []
        second: list[tuple[tuple[Change, ...], tuple[Change, ...]]] = []
        start: dict[int, int] = {}
        for n, (j, _) in enumerate(self.follower_rows):
            start.setdefault(j, n)
        sets = range(len(self.sets))
        strict, easy = ([s for s in sets if self.sets[s][1] == loose] for loose in (False, True))

        def loose(n: int) -> tuple[Change, ...]:
            return (
                ("column", self.lam + n, None, _ZERO),
                *(("column", self.starts[s][1] + n, _ZERO, _ZERO) for s in sets),
            )

        for n, (j, (_, _, equal, _)) in enumerate(self.follower_rows):
            if equal:
                continue
            other = self._other(j, n - start[j])
            tight = (
                self._tight(j, n - start[j]),
                *(("row", nu[s][n], _ZERO, None) for s in strict),
                *(() if other is None else loose(start[j] + other)),
            )
            first.append((tight, loose(n)))
            second.append(
                (
                    tuple(("row", nu[s][n], _ZERO, _ZERO) for s in sets),
                    (
                        ("column", self.lam + n, None, _ZERO),
                        *(("column", self.starts[s][1] + n, _ZERO, None) for s in easy),
                    ),
                )
            )
        return [*first, *second]

    def _leader_splits(self) -> list[tuple[tuple[Change, ...], tuple[Change, ...]]]:
        found: list[tuple[tuple[Change, ...], tuple[Change, ...]]] = []
        for i in range(self.game.leaders):
            owns = [self.starts[s][0] for s, (leader, _) in enumerate(self.sets) if leader == i]
            for n, (_, _, equal, _) in enumerate(self.game.constraints[i].rows()):
                if equal:
                    continue
                other = self._other(i, n)
                loose: list[Change] = [("column", own + other, None, _ZERO) for own in owns if other is not None]
                zero: list[Change] = [("column", own + n, None, _ZERO) for own in owns]
                found.append(((self._tight(i, n), *loose), tuple(zero)))
        return found
