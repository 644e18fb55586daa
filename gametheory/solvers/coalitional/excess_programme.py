"""The programme of the largest excess, solved exactly: least core, core, and the steps to the nucleolus.

``min t`` over ``x`` and ``t`` with ``x(T) + f(T) t >= v(T)`` for every open coalition, ``x(T) = a_T`` for the settled
ones and, among imputations, ``x_i >= v(i)``. It is solved by the primal simplex on its dual,

``max sum w_T v(T) + sum u_T a_T + sum z_i v(i)``,  ``sum w_T 1_T + sum u_T 1_T + sum z_i 1_i = 0``,
``sum w_T f(T) = 1``,  ``w, z >= 0``,  ``u`` free,

whose columns are zeros and ones: a basis has n + 1 columns, its minors stay small (Hadamard), and integer pivoting
(Edmonds 1967) keeps everything exact at the price of floats. Columns are priced over all coalitions at once. A
lexicographic ratio test excludes cycles. Columns of positive weight name the coalitions whose excess is the same at
every optimal ``x``: those, and never the merely tight ones, may be settled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import numpy.typing as npt

from gametheory.arithmetic import FloatArray
from gametheory.errors import Infeasible
from gametheory.games.coalition_table import subset_sums

__all__ = ["ExcessProgramme", "Optimum"]

_Masks = npt.NDArray[np.int64]

_OPEN, _SETTLED, _SINGLE = "open", "settled", "single"
_EXACT_LIMIT = 2**62
#: Columns that one pass over all coalitions adds to the pool, and what the pool holds at most.
_POOL, _POOL_LIMIT = 256, 4096


@dataclass(frozen=True, slots=True)
class Optimum:
    """An optimal vertex of both programmes.

    Attributes
    ----------
    x, t
        The allocation and the least largest excess.
    weights
        Coalition -> its positive weight ``w_T``.
    settled_weights
        Settled coalition -> its weight ``u_T``.
    singles
        Players whose bound ``x_i >= v(i)`` has a positive weight.
    """

    x: tuple[Fraction, ...]
    t: Fraction
    weights: dict[int, Fraction]
    settled_weights: dict[int, Fraction]
    singles: tuple[int, ...]


class ExcessProgramme:
    """The programme for one game; `solve` settles nothing, `settle` does.

    Parameters
    ----------
    numerators, denominator
        The game as values (costs negated), ``2**n`` integers over one denominator.
    rational
        Whether ``x_i >= v(i)`` is asked for.
    per_capita
        Whether the excess of a coalition is divided by its size.
    """

    def __init__(
        self, numerators: npt.NDArray[Any], denominator: int, *, rational: bool = False, per_capita: bool = False
    ) -> None:
        self.n = len(numerators).bit_length() - 1
        self._v = numerators
        self._scale = denominator
        self._rational = rational
        self._largest = max(abs(int(numerators.max())), abs(int(numerators.min())))
        self._sizes = subset_sums([1] * self.n)
        self._per_capita = per_capita
        self._floats: Any = None
        self._settled: dict[int, Fraction] = {}  # coalition -> its amount, in units of 1/denominator
        self._unit = 1
        self._span = _Span(self.n)
        self._open = np.ones(2**self.n, dtype=bool)
        self._open[0] = False
        self._start: list[tuple[str, int]] = []
        self._promising: _Masks = np.empty(0, dtype=np.int64)
        self.pivots = 0
        self.settle({2**self.n - 1: Fraction(int(numerators[-1]), denominator)})

    @property
    def finished(self) -> bool:
        """Whether the settled coalitions determine the allocation."""
        return self._span.rank == self.n

    def settle(self, amounts: Mapping[int, Fraction]) -> None:
        """Fix what these coalitions get, and with it what all get that depend on them linearly."""
        for mask, amount in amounts.items():
            if self._span.add(_row(mask, self.n)):
                self._settled[mask] = amount * self._scale
        # Prices are kept in whole numbers of 1 / (divisor * unit * denominator).
        self._unit = math.lcm(*(amount.denominator for amount in self._settled.values()))
        if self.finished:
            return
        depends = np.zeros(2**self.n, dtype=bool)
        for vector in _packed(self._span.orthogonal()):
            depends |= subset_sums(vector) != 0
        self._open &= depends

    # -------------------------------------------------------------------------------------------------- the simplex

    def solve(self) -> Optimum:
        """Return an optimal vertex; there is always one (the open coalitions come with their complements)."""
        self._begin()
        masks = self._promising[self._open[self._promising]]
        pool = self._pool(masks)
        while True:
            prices = self._prices()
            entering = self._price_pool(pool, prices)
            if entering is None:
                masks = np.concatenate([self._price_all(prices), masks])[:_POOL_LIMIT]
                self._promising, pool = masks, self._pool(masks)
                entering = self._price_pool(pool, prices)
            if entering is None:
                return self._optimum(prices)
            self._pivot(entering)
            self.pivots += 1

    def _pool(self, masks: _Masks) -> _Pool:
        columns = np.empty((len(masks), self.n + 1))
        columns[:, :-1] = masks[:, None] >> np.arange(self.n) & 1
        columns[:, -1] = self._sizes[masks] if self._per_capita else 1
        unit = max(self._largest, 1)
        return _Pool(masks, columns, np.array([v / unit for v in self._v[masks].tolist()]))

    def _column(self, kind: str, mask: int) -> list[int]:
        size = mask.bit_count() if self._per_capita else 1
        return [*_row(mask, self.n), size if kind == _OPEN else 0]

    def _begin(self) -> None:
        """Start from an open coalition and its complement, half a weight each; the other columns have weight 0."""
        n = self.n
        first = int(np.argmax(self._open))
        pair = [(_OPEN, first), (_OPEN, 2**n - 1 - first)]
        fillers = [*pair, *self._start, *((_OPEN, 1 << i) for i in range(n))]
        wanted: list[tuple[str, int]] = [(_SETTLED, mask) for mask in self._settled]
        wanted += [column for column in fillers if column[0] == _SINGLE or self._open[column[1]]]
        # The columns that are independent of all before them.
        basis = [wanted[k] for k in _leads(flint.fmpz_mat([self._column(*c) for c in wanted]).transpose())]
        matrix = flint.fmpz_mat([self._column(*column) for column in basis]).transpose()
        determinant = abs(int(matrix.det()))
        inverse = flint.fmpq_mat(matrix).inv() * flint.fmpq(determinant)
        size = n + 1
        # Columns: the right side (0, ..., 0, 1), the starting basis (for the lexicographic order), the inverse.
        table: Any = np.zeros((size, 1 + 2 * size), dtype=object)
        for i in range(size):
            table[i, 1 + i] = determinant
            for j in range(size):
                table[i, 1 + size + j] = int(inverse[i, j].p)
        table[:, 0] = table[:, -1]
        self._basis, self._table, self._divisor = basis, table, determinant

    def _prices(self) -> list[int]:
        """Return ``x`` and ``t`` times divisor, unit and denominator."""
        values = np.empty(self.n + 1, dtype=object)
        values[:] = [
            int(self._settled[mask] * self._unit) if kind == _SETTLED else int(self._v[mask]) * self._unit
            for kind, mask in self._basis
        ]
        return [int(p) for p in values @ self._table[:, self.n + 2 :]]

    def _gain(self, kind: str, mask: int, prices: list[int]) -> int:
        """Return the reduced value of a column, in the same units: positive if it should enter."""
        column = self._column(kind, mask)
        return int(self._v[mask]) * self._divisor * self._unit - sum(
            p * c for p, c in zip(prices, column, strict=True) if c
        )

    def _price_pool(self, pool: _Pool, prices: list[int]) -> tuple[str, int] | None:
        """Return the column with the largest gain, by floats; whether it gains at all is decided in integers."""
        best, column = 0, None
        unit = max(self._largest, 1) * self._divisor * self._unit
        for mask in pool.ranked([p / unit for p in prices]):
            best = self._gain(_OPEN, mask, prices)
            if best > 0:
                column = (_OPEN, mask)
                break
            best = 0
        if self._rational:
            for i in range(self.n):
                gain = self._gain(_SINGLE, 1 << i, prices)
                if gain > best:
                    best, column = gain, (_SINGLE, 1 << i)
        return column

    def _price_all(self, prices: list[int]) -> _Masks:
        """Return the open coalitions with the largest positive reduced values; none at an optimum."""
        factor = self._divisor * self._unit
        bound = self._largest * factor + sum(map(abs, prices[:-1])) + self.n * abs(prices[-1])
        if bound < _EXACT_LIMIT and self._v.dtype != object:
            gains = self._v * factor
            gains -= subset_sums(prices[:-1])
            gains -= self._sizes * prices[-1] if self._per_capita else prices[-1]
            gains[~self._open] = 0
            found = np.flatnonzero(gains > 0)
            if len(found) > _POOL:
                found = found[np.argpartition(gains[found], len(found) - _POOL)[-_POOL:]]
            return found
        return self._price_by_floats(prices)

    def _price_by_floats(self, prices: list[int]) -> _Masks:
        """Let floats propose and integers decide; what floats cannot tell from 0 is looked at one by one."""
        if self._floats is None:
            unit = max(self._largest, 1)
            big = self._v.dtype == object
            self._floats = np.array([v / unit for v in self._v.tolist()]) if big else self._v / float(unit)
        unit = max(self._largest, 1) * self._divisor * self._unit
        real = [p / unit for p in prices]
        gains = np.zeros(2**self.n)
        for i, price in enumerate(real[:-1]):
            np.add(gains[: 1 << i], price, out=gains[1 << i : 2 << i])
        gains = self._floats - gains
        gains -= self._sizes * real[-1] if self._per_capita else real[-1]
        gains[~self._open] = -np.inf
        # A sum of n + 2 numbers, of which the first is rounded up to three times and the others once: the error stays
        # below (n + 6) units in the last place of the sum of their sizes; four times that is taken.
        slack = (self.n + 6) * 2.0**-50 * (1.0 + sum(map(abs, real)) + self.n * abs(real[-1]))
        clear = np.flatnonzero(gains > slack)
        if len(clear):
            if len(clear) > _POOL:
                clear = clear[np.argpartition(gains[clear], len(clear) - _POOL)[-_POOL:]]
            return clear
        doubtful = np.flatnonzero(gains >= -slack)
        paid = (doubtful[:, None] >> np.arange(self.n) & 1).astype(object) @ np.array(prices[:-1], dtype=object)
        sizes = self._sizes[doubtful].astype(object) if self._per_capita else 1
        exact = self._v[doubtful].astype(object) * (self._divisor * self._unit) - paid - sizes * prices[-1]
        return np.asarray(doubtful[exact > 0][:_POOL])

    def _pivot(self, entering: tuple[str, int]) -> None:
        table, size = self._table, self.n + 1
        column = np.array(self._column(*entering), dtype=object)
        direction = table[:, 1 + size :] @ column
        rows = [i for i, (kind, _) in enumerate(self._basis) if kind != _SETTLED and direction[i] > 0]
        if not rows:
            raise Infeasible("no allocation gives every player its own value; use prenucleolus")
        row = self._least_ratio(rows, direction)
        pivot, pivot_row = direction[row], table[row].copy()
        table *= pivot
        table -= np.multiply.outer(direction, pivot_row)
        table //= self._divisor
        table[row] = pivot_row
        self._divisor = int(pivot)
        self._basis[row] = entering

    def _least_ratio(self, rows: list[int], direction: Any) -> int:
        for k in range(self.n + 2):
            best = rows[:1]
            for i in rows[1:]:
                difference = self._table[i, k] * direction[best[0]] - self._table[best[0], k] * direction[i]
                if difference < 0:
                    best = [i]
                elif difference == 0:
                    best.append(i)
            rows = best
            if len(rows) == 1:
                break
        return rows[0]

    def _optimum(self, prices: list[int]) -> Optimum:
        unit = self._divisor * self._unit * self._scale
        right = {column: Fraction(int(self._table[i, 0]), self._divisor) for i, column in enumerate(self._basis)}
        # Columns that are in the basis with weight 0 are a good start for the next programme.
        self._start = [column for column in self._basis if column[0] != _SETTLED]
        return Optimum(
            x=tuple(Fraction(p, unit) for p in prices[:-1]),
            t=Fraction(prices[-1], unit),
            weights={mask: w for (kind, mask), w in right.items() if kind == _OPEN and w > 0},
            settled_weights={mask: w for (kind, mask), w in right.items() if kind == _SETTLED},
            singles=tuple(mask.bit_length() - 1 for (kind, mask), w in right.items() if kind == _SINGLE and w > 0),
        )


def _row(mask: int, n: int) -> list[int]:
    return [mask >> i & 1 for i in range(n)]


@dataclass(frozen=True, slots=True)
class _Pool:
    """Promising columns: their masks, their entries and their values (in units of the largest) as floats."""

    masks: _Masks
    columns: FloatArray
    values: FloatArray

    def ranked(self, prices: list[float]) -> Iterator[int]:
        """Walk the columns that may gain at these prices, the largest gain first."""
        if not len(self.masks):
            return
        gains = self.values - self.columns @ prices
        # A sum of n + 2 numbers, each rounded at most three times.
        slack = (len(prices) + 6) * 2.0**-50 * (1 + float(self.columns[:, -1].max()) * float(np.abs(prices).sum()))
        best = int(np.argmax(gains))
        if gains[best] > -slack:
            yield int(self.masks[best])
        for k in np.argsort(-gains, kind="stable")[1:]:
            if gains[k] <= -slack:
                return
            yield int(self.masks[k])


def _packed(vectors: list[list[int]]) -> list[list[int]]:
    """Return fewer vectors whose subset sums vanish together where those of all given ones do.

    Sums of the first vector stay below a number, which the second is multiplied by, and so on while 64 bits hold them.
    """
    packed: list[list[int]] = []
    size = 0
    for vector in vectors:
        own = sum(map(abs, vector))
        if packed and (2 * size + 1) * own + size < _EXACT_LIMIT:
            packed[-1] = [a + (2 * size + 1) * b for a, b in zip(packed[-1], vector, strict=True)]
            size += (2 * size + 1) * own
        else:
            packed.append(list(vector))
            size = own
    return packed


def _leads(matrix: Any) -> list[int]:
    """Return the columns of an integer matrix that do not depend on those before them."""
    reduced, _, rank = matrix.rref()
    leads, j = [], 0
    for r in range(rank):
        while reduced[r, j] == 0:
            j += 1
        leads.append(j)
        j += 1
    return leads


class _Span:
    """The linear span of coalitions."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows: list[list[int]] = []

    @property
    def rank(self) -> int:
        return len(self._rows)

    def add(self, row: list[int]) -> bool:
        """Add a row; return whether it was independent."""
        if flint.fmpz_mat([*self._rows, row]).rank() == len(self._rows):
            return False
        self._rows.append(row)
        return True

    def orthogonal(self) -> list[list[int]]:
        """Return integer vectors that span what is orthogonal to all rows."""
        reduced, divisor, _ = flint.fmpz_mat(self._rows).rref()
        leads = _leads(flint.fmpz_mat(self._rows))
        vectors = []
        for free in sorted(set(range(self._width)) - set(leads)):
            vector = [0] * self._width
            vector[free] = int(divisor)
            for r, lead in enumerate(leads):
                vector[lead] = -int(reduced[r, free])
            shared = math.gcd(*vector)
            vectors.append([entry // shared for entry in vector])
        return vectors
