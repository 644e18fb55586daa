"""Shares of a linear-programming game: one programme for a coalition's prices, one for what members make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from gametheory.arithmetic import to_float
from gametheory.errors import GameTheoryError, Infeasible, Unbounded
from gametheory.games.linear import LinearGame
from gametheory.numerics.highs import silent_highs
from gametheory.solvers.linear.exact_basis import ExactBasis
from gametheory.solvers.separation.linear_face import LinearFace
from gametheory.solvers.separation.shares import Floats, Proved, Shares, members_of, near_rational, over_one_scale

__all__ = ["LinearShares"]


class LinearShares:
    """The float programmes of a game, kept warm from one coalition to the next.

    Columns are the common variables and then each member's own; rows the common ones and then each member's own. A
    member that takes part to the degree ``t`` has its demand, right sides and bounds times ``t``.
    """

    def __init__(self, game: LinearGame) -> None:
        self.game, self.players = game, game.players
        self._read(game)
        self._relaxed: Any = None
        self._face: LinearFace | None = None
        self._programme = self._made(self._columns, len(self._demand[0]))
        self._replies = self._made(self._columns[:, self._first :], 0)

    def _read(self, game: LinearGame) -> None:
        first, rows = len(game.costs), len(game.common)
        entries: list[tuple[int, int, float]] = []
        for t, pairs in enumerate(game.common):
            entries += [(t, k, to_float(a)) for k, a in pairs]
        column, row = first, rows
        owner, holder, right = [], [], []
        for i, member in enumerate(game.members):
            for t, pairs in enumerate(member.coupling):
                entries += [(t, column + k, to_float(a)) for k, a in pairs]
            for pairs, value in member.rows:
                entries += [(row, column + k, to_float(a)) for k, a in pairs]
                holder.append(i)
                right.append(to_float(value))
                row += 1
            owner += [i] * len(member.costs)
            column += len(member.costs)
        where = np.array(entries, dtype=float).reshape(-1, 3)
        self._columns = sparse.csc_matrix(
            (where[:, 2], (where[:, 0].astype(int), where[:, 1].astype(int))), shape=(row, column)
        )
        self._first = first
        self._owner, self._holder = np.array(owner, dtype=np.int64), np.array(holder, dtype=np.int64)
        self._right = np.array(right, dtype=float)
        self._demand = np.array([[to_float(x) for x in m.demand] for m in game.members]).reshape(-1, rows)
        own_costs = [to_float(c) for m in game.members for c in m.costs]
        self._cost = np.array([*map(to_float, game.costs), *own_costs], dtype=float)
        self._lower = np.array([-np.inf if b is None else to_float(b) for m in game.members for b in m.lower])
        self._upper = np.array([np.inf if b is None else to_float(b) for m in game.members for b in m.upper])

    def _made(self, columns: Any, common: int) -> Any:
        """Return a HiGHS model: all rows with the common variables, or the members' own alone."""
        own = columns if common else columns[len(self._demand[0]) :]
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = own.shape
        free = own.shape[1] - len(self._owner)
        lp.col_cost_ = self._cost[self._first - free :]
        lp.col_lower_ = np.concatenate([np.zeros(free), self._lower])
        lp.col_upper_ = np.concatenate([np.full(free, highspy.kHighsInf), self._upper])
        lp.row_lower_ = lp.row_upper_ = np.concatenate([np.zeros(common), self._right])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        matrix = own.tocsc()
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        solver = silent_highs()
        solver.passModel(lp)
        return solver

    # ------------------------------------------------------------------------------------------------------ shares

    def at(self, weights: Floats) -> Shares:
        """Return shares whose sum, weighted, is the cost of the (fractional) coalition."""
        solver, rows = self._programme, self._columns.shape[0]
        right = np.concatenate([weights @ self._demand, weights[self._holder] * self._right])
        everything = np.arange(rows, dtype=np.int32)
        solver.changeRowsBounds(rows, everything, right, right)
        degree = weights[self._owner]
        with np.errstate(invalid="ignore"):
            low = np.where(degree == 0, 0.0, degree * self._lower)
            high = np.where(degree == 0, 0.0, degree * self._upper)
        places = np.arange(self._first, self._first + len(low), dtype=np.int32)
        if len(low):
            solver.changeColsBounds(len(low), places, low, high)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._refuse(solver.getModelStatus(), weights)
        return self._shares(np.array(solver.getSolution().row_dual[: len(self._demand[0])]))

    def _shares(self, prices: Floats) -> Shares:
        """Return what every member, in the coalition or not, makes of prices: the best bounds that they give."""
        own = np.zeros(len(self._right))
        common = len(prices)
        reduced = self._cost - self._columns[:common].T @ prices
        if len(self._owner):
            solver, size = self._replies, len(self._owner)
            solver.changeColsCost(size, np.arange(size, dtype=np.int32), reduced[self._first :])
            solver.run()
            if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                own = np.array(solver.getSolution().row_dual)
        multipliers = np.concatenate([prices, own])
        rest = (self._cost - self._columns.T @ multipliers)[self._first :]
        # A reduced cost of zero presses on no bound, even where rounding leaves a trace of it and there is no bound.
        rest[(abs(rest) < 1e-9) & ~np.isfinite(np.where(rest > 0, self._lower, self._upper))] = 0.0
        bound = np.where(rest > 0, self._lower, np.where(rest < 0, self._upper, 0.0))
        values = self._demand @ prices
        values += np.bincount(self._holder, own * self._right, len(values)) if len(own) else 0.0
        values += np.bincount(self._owner, rest * bound, len(values)) if len(rest) else 0.0
        return Shares(values, (prices, own))

    def against(self, amounts: Floats, low: Floats | None = None, high: Floats | None = None) -> Sequence[Shares]:
        """Return the shares at the prices of the relaxed search: every member takes part to the best degree.

        ``max x t - c z`` over degrees ``low <= t <= high`` and what the programme allows them. By duality the prices
        give the least bound of all on what a coalition between `low` and `high` gains: one programme instead of many.
        """
        players = len(self.players)
        if self._relaxed is None:
            self._relaxed = self._relax()
        solver, places = self._relaxed, np.arange(players, dtype=np.int32)
        solver.changeColsCost(players, places, -amounts)
        solver.changeColsBounds(
            players, places, np.zeros(players) if low is None else low, np.ones(players) if high is None else high
        )
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return ()
        return (self._shares(np.array(solver.getSolution().row_dual[: len(self._demand[0])])),)

    def tight_along(self, centre: Floats, direction: Floats) -> Sequence[int]:
        """Return coalitions on the optimal face of the relaxed search at the dual point, far along a direction."""
        if self._face is None:
            if not self.against(centre):
                return ()
            self._face = LinearFace(self._relaxed, len(self.players))
        return self._face.along(direction)

    def _relax(self) -> Any:
        """Return the model of the relaxed search: degrees first, then common variables, then the members' own."""
        players, rows, common = len(self.players), self._columns.shape[0], len(self._demand[0])
        demand = sparse.vstack(
            [
                sparse.csr_matrix(-self._demand.T),
                sparse.csr_matrix((-self._right, (np.arange(rows - common), self._holder)), (rows - common, players)),
            ]
        )
        blocks, size = [sparse.hstack([demand, self._columns])], len(self._owner)
        limits = []
        for bounds, sign in ((self._lower, 1.0), (self._upper, -1.0)):
            given = np.flatnonzero(np.isfinite(bounds) & ((bounds != 0) | (sign < 0)))
            pick = sparse.csr_matrix((np.full(len(given), sign), (np.arange(len(given)), given)), (len(given), size))
            degree = sparse.csr_matrix(
                (-sign * bounds[given], (np.arange(len(given)), self._owner[given])), (len(given), players)
            )
            limits.append(sparse.hstack([degree, sparse.csr_matrix((len(given), self._first)), pick]))
        matrix = sparse.vstack([*blocks, *limits]).tocsc()
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = matrix.shape
        lp.col_cost_ = np.concatenate([np.zeros(players), self._cost])
        low = np.where(self._lower >= 0, 0.0, -highspy.kHighsInf)
        lp.col_lower_ = np.concatenate([np.zeros(players + self._first), low])
        lp.col_upper_ = np.concatenate([np.ones(players), np.full(self._first + size, highspy.kHighsInf)])
        lp.row_lower_ = np.zeros(matrix.shape[0])
        lp.row_upper_ = np.where(np.arange(matrix.shape[0]) < rows, 0.0, highspy.kHighsInf)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        solver = silent_highs()
        # Above a few hundred members the interior point method is faster than the simplex, crossover included.
        solver.setOptionValue("solver", "ipm" if matrix.shape[1] > 40_000 else "simplex")
        solver.passModel(lp)
        return solver

    # ------------------------------------------------------------------------------------------------------- exactly

    def stated(self, shares: Shares) -> Mapping[str, Any]:
        """Return the multipliers as whole numbers over one scale."""
        prices, own = shares.multipliers
        return self._stated(near_rational(prices), near_rational(own))

    @staticmethod
    def _stated(prices: Sequence[Fraction], own: Sequence[Fraction]) -> Mapping[str, Any]:
        scale, numbers = over_one_scale([*prices, *own])
        return {"scale": scale, "prices": numbers[: len(prices)], "own_prices": numbers[len(prices) :]}

    def supported(self) -> Sequence[Fraction]:
        """Return Owen's point."""
        shares: Sequence[Fraction] = ExactBasis().solve(self.game).extra["details"]["shares"]
        return shares

    def proved(self, mask: int) -> Proved:
        """Return the exact cost of a coalition, from the final basis of its programme."""
        inside = members_of(mask)
        game = self.game
        part = LinearGame(
            tuple(game.players[i] for i in inside), game.costs, game.common, tuple(game.members[i] for i in inside)
        )
        best = ExactBasis().solve(part).profile
        prices = tuple(best["prices"])
        replies = near_rational(self._shares(np.array([to_float(y) for y in prices])).multipliers[1])
        exactly = dict(zip(inside, best["own_prices"], strict=True))
        own: list[Fraction] = []
        for i, member in enumerate(game.members):
            row = len(own)
            own += exactly[i] if i in exactly else replies[row : row + len(member.rows)]
        return Proved(
            cost=best["value"],
            plan={"common": _pairs(best["common"]), "activities": tuple(map(_pairs, best["activities"]))},
            multipliers=self._stated(prices, own),
        )

    def _refuse(self, status: Any, weights: Floats) -> None:
        """Raise what HiGHS found of a coalition: name it, and the constraint that it cannot meet."""
        names = [name for name, t in zip(self.players, weights, strict=True) if t > 0]
        who = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        if status == highspy.HighsModelStatus.kUnbounded:
            raise Unbounded(f"the cost of coalition ({who}) has no lower bound; give bounds to what earns money")
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise Infeasible(f"coalition ({who}) cannot meet {self._constraint(weights)}; loosen it or a bound")
        raise GameTheoryError(f"HiGHS ended with {status} for coalition ({who}); scale the data and solve again")

    def _constraint(self, weights: Floats) -> str:
        """Return the row that is missed by most when all rows are missed by as little as possible together."""
        rows, common = self._columns.shape[0], len(self._demand[0])
        matrix = sparse.hstack([self._columns, sparse.identity(rows), -sparse.identity(rows)]).tocsc()
        degree = weights[self._owner]
        with np.errstate(invalid="ignore"):
            low = np.where(degree == 0, 0.0, degree * self._lower)
            high = np.where(degree == 0, 0.0, degree * self._upper)
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = matrix.shape
        lp.col_cost_ = np.concatenate([np.zeros(self._columns.shape[1]), np.ones(2 * rows)])
        lp.col_lower_ = np.concatenate([np.zeros(self._first), low, np.zeros(2 * rows)])
        lp.col_upper_ = np.concatenate([np.full(self._first, np.inf), high, np.full(2 * rows, np.inf)])
        right = np.concatenate([weights @ self._demand, weights[self._holder] * self._right])
        lp.row_lower_ = lp.row_upper_ = right
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        solver = silent_highs()
        solver.passModel(lp)
        solver.run()
        missed = np.array(solver.getSolution().col_value[self._columns.shape[1] :]).reshape(2, rows).max(axis=0)
        row = int(np.argmax(missed))
        if row < common:
            return f"common row {row} (short by {missed[row]:.6g} at best)"
        i = int(self._holder[row - common])
        return f"row {row - common - int(np.argmax(self._holder == i))} of player {self.players[i]!r}"


def _pairs(numbers: Sequence[Fraction]) -> tuple[tuple[int, Fraction], ...]:
    return tuple((k, x) for k, x in enumerate(numbers) if x)
