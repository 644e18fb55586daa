"""Many separable programmes that meet only in one total a slot, by an interior-point method of one price a slot.

Minimise ``sum_t [A_t s_t^2/2 + B_t s_t] + sum_it c_t x_it^2/2`` with ``s_t = sum_i x_it``, over rows ``x_i`` in
``{0 <= x_it <= u_it, sum_t x_it = E_i}``, ``A > 0``, ``c >= 0``. Conditions: ``c x + p - m - z + y = 0`` with slot
prices ``p = A s + B``, levels ``m`` (a row), and ``z, y >= 0`` complementary to ``x`` and ``u - x``.

Every row has an interior point in proportion to its ``u``, and with ``z - y = c x + p - m`` the duals start feasible as
well; Newton's steps keep both so, and the gap is ``sum x z + (u - x) y`` itself. A step eliminates what belongs to one
cell, then to one row; what is left is one system of as many unknowns as slots, ``diag(1/A) + sum_i [diag(h_i) -
h_i h_i'/sum h_i]`` with ``h = 1/(c + z/x + y/(u - x))``. So work and memory are linear in rows.

Source: the feasible long-step path-following method of S. J. Wright, *Primal-Dual Interior-Point Methods* (SIAM 1997),
algorithm LPF of chapter 5, for convex quadratics: (1) aim at the share `sigma` of the mean gap; (2) solve; (3) go 0.99
of the way to the boundary; the next `sigma` is small where this step was long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray

__all__ = ["SlotSolution", "minimise_by_slots"]

#: Cells (rows x slots) in one block. Its dozen arrays stay in the cache, and its products are so small that no BLAS
#: starts threads for them: on busy machines these cost more than all the rest.
BLOCK_CELLS = 4096


@dataclass(frozen=True, slots=True, eq=False)
class SlotSolution:
    """Where the method ended.

    Attributes
    ----------
    prices, levels
        ``p`` (slots) and ``m`` (rows).
    point
        ``x`` (slots x rows).
    gap
        ``sum x z + (u - x) y`` in floats: by how much the point misses the minimum, at most.
    rounds
        Newton steps.
    """

    prices: FloatArray
    levels: FloatArray
    point: FloatArray
    gap: float
    rounds: int


def minimise_by_slots(
    totals: FloatArray,
    most: FloatArray,
    steepness: FloatArray,
    height: FloatArray,
    curvature: FloatArray | None = None,
    *,
    tolerance: float,
    rounds: int = 200,
) -> SlotSolution:
    """Return a point whose gap is at most `tolerance`, or the last one after so many rounds.

    Parameters
    ----------
    totals, most
        ``E`` (rows) and ``u`` (slots x rows), ``0 <= E <= sum_t u``.
    steepness, height, curvature
        ``A``, ``B`` and ``c`` (slots); None: ``c = 0``.

    Examples
    --------
    >>> one = np.ones(2)
    >>> found = minimise_by_slots(np.ones(3), np.ones((2, 3)), one, np.array([0.0, 0.5]), one, tolerance=1e-12)
    >>> found.prices.round(6), found.point[:, 0].round(6)
    (array([1.6875, 1.8125]), array([0.5625, 0.4375]))
    """
    slots = len(most)
    capacity = most.sum(axis=0)
    share = np.divide(totals, capacity, out=np.zeros_like(totals), where=capacity > 0)
    np.clip(share, 0.0, 1.0, out=share)
    point = most * share
    prices = steepness * point.sum(axis=1) + height
    open_rows = np.flatnonzero((share > 0) & (share < 1))
    blocks = _blocks(open_rows, most, point, prices, curvature)
    sigma, gap, done = 0.1, np.inf, 0
    cells = sum(block.room.size for block in blocks)
    while True:
        gap = sum(block.gap() for block in blocks)
        if gap <= tolerance or done == rounds:
            break
        done += 1
        target = sigma * gap / cells
        matrix, right = np.diag(1.0 / steepness), np.zeros(slots)
        for block in blocks:
            block.reduce(target, prices, matrix, right)
        step: FloatArray = np.linalg.solve(matrix, right).astype(np.float64)
        furthest = max(block.direction(target, step) for block in blocks)
        length = 1.0 if furthest <= 1 else 1.0 / furthest
        sigma = min(0.3, max(0.01, (1.0 - length) ** 1.5))
        length *= 0.99
        for block in blocks:
            block.move(length)
        prices = prices + length * step
    levels = _closed_levels(share, most, prices, curvature)
    for block in blocks:
        point[block.slots, block.rows] = np.clip(block.room[0] * block.mask, 0.0, most[block.slots, block.rows])
        levels[block.rows] = block.m
    return SlotSolution(prices, levels, point, float(gap), done)


def _closed_levels(share: FloatArray, most: FloatArray, prices: FloatArray, curvature: FloatArray | None) -> FloatArray:
    """Return levels of the rows that have one point only: below all slopes where it is 0, above them where it is full.

    Of the other rows 0.
    """
    levels = np.zeros(len(share))
    for rows, full in ((np.flatnonzero(share <= 0), False), (np.flatnonzero(share >= 1), True)):
        if rows.size:
            here = most[:, rows]
            slopes = prices[:, None] + (0.0 if curvature is None else curvature[:, None] * here * full)
            away = np.where(here > 0, slopes, -np.inf if full else np.inf)
            ends = away.max(axis=0) if full else away.min(axis=0)
            levels[rows] = np.where(np.isfinite(ends), ends, 0.0)
    return levels


def _blocks(
    rows: Any, most: FloatArray, point: FloatArray, prices: FloatArray, curvature: FloatArray | None
) -> list[_Block]:
    """Return the rows in blocks; rows that begin alike stand together, so that a block has few slots."""
    if not rows.size:
        return []
    inside = most[:, rows] > 0
    first = inside.argmax(axis=0)
    last = len(most) - inside[::-1].argmax(axis=0)
    order = np.lexsort((last, first))
    rows, first, last = rows[order], first[order], last[order]
    size = max(1, BLOCK_CELLS // max(1, int((last - first).mean())))
    apart = float(np.ptp(prices)) or 1e-3 * float(np.abs(prices).max()) or 1.0
    blocks = []
    for start in range(0, len(rows), size):
        part = slice(start, start + size)
        slots = slice(int(first[part].min()), int(last[part].max()))
        c = None if curvature is None else curvature[slots, None]
        blocks.append(_Block.of(rows[part], slots, most, point, prices[slots, None], c, 0.1 * apart))
    return blocks


@dataclass(slots=True, eq=False)
class _Block:
    """Some rows and the slots in which one of them is open; arrays are slots x rows.

    `room` holds ``x`` and ``u - x``, `force` their multipliers ``z`` and ``y``, in one array each. A closed cell
    (``u = 0``) stands at 1/2 of a room of 1 and never moves, for its ``h`` is 0; its complementarity counts in the gap,
    which so is never understated.
    """

    rows: Any
    slots: slice
    c: FloatArray | None
    mask: FloatArray
    room: FloatArray
    force: FloatArray
    m: FloatArray
    inverse: FloatArray
    bend: FloatArray
    change: FloatArray
    h: FloatArray
    spare: FloatArray
    dm: FloatArray
    taken: FloatArray
    per_row: FloatArray

    @classmethod
    def of(
        cls,
        rows: Any,
        slots: slice,
        most: FloatArray,
        point: FloatArray,
        prices: FloatArray,
        c: FloatArray | None,
        push: float,
    ) -> _Block:
        """Return the block at its starting point."""
        u, start = most[slots, rows], point[slots, rows]
        is_open = u > 0
        mask = is_open.astype(np.float64)
        room = np.stack([np.where(is_open, start, 0.5), np.where(is_open, u - start, 0.5)])
        slope = prices + (0.0 if c is None else c * room[0])
        m = (slope * mask).sum(axis=0) / mask.sum(axis=0)
        rest = (slope - m) * mask
        force = np.stack([np.maximum(rest, 0.0), np.maximum(-rest, 0.0)])
        force += push
        inverse, bend, change = (np.empty_like(room) for _ in range(3))
        h, spare = np.empty_like(rest), np.empty_like(rest)
        dm, taken, per_row = m.copy(), m.copy(), m.copy()
        return cls(rows, slots, c, mask, room, force, m, inverse, bend, change, h, spare, dm, taken, per_row)

    def gap(self) -> float:
        """Return ``sum x z + (u - x) y``."""
        return float(np.einsum("kti,kti->", self.room, self.force))

    def reduce(self, target: float, prices: FloatArray, matrix: FloatArray, right: FloatArray) -> None:
        """Eliminate cells and rows; add what is left to the system of the slots."""
        inverse, bend, h, r, spare = self.inverse, self.bend, self.h, self.change[0], self.spare
        np.divide(1.0, self.room, out=inverse)
        np.multiply(self.force, inverse, out=bend)
        np.add(bend[0], bend[1], out=h)
        np.subtract(inverse[0], inverse[1], out=r)
        r *= target
        r += self.m
        r -= prices[self.slots, None]
        if self.c is not None:
            h += self.c
            np.multiply(self.room[0], self.c, out=spare)
            r -= spare
        np.divide(self.mask, h, out=h)
        r *= h
        np.divide(1.0, h.sum(axis=0), out=self.per_row)
        r.sum(axis=0, out=self.taken)
        np.multiply(h, self.per_row, out=spare)
        corner = matrix[self.slots, self.slots]
        corner -= spare @ h.T
        own = np.arange(len(corner))
        corner[own, own] += h.sum(axis=1)
        right[self.slots] += r.sum(axis=1) - spare @ self.taken

    def direction(self, target: float, step: FloatArray) -> float:
        """Turn the step of the prices into one of the block; return one over how far it may go."""
        inverse, bend, change, spare = self.inverse, self.bend, self.change, self.spare
        own = step[self.slots]
        np.multiply(own @ self.h - self.taken, self.per_row, out=self.dm)
        np.subtract(self.dm, own[:, None], out=spare)
        spare *= self.h
        change[0] += spare
        np.negative(change[0], out=change[1])
        # The change of the multipliers, target/room - force - (force/room) change, takes the place of `bend`.
        bend *= change
        bend += self.force
        change *= inverse
        worst = float(change.min())  # of the room, in proportion to it
        inverse *= target
        np.subtract(inverse, bend, out=bend)
        np.divide(bend, self.force, out=inverse)
        return -min(worst, float(inverse.min()))

    def move(self, length: float) -> None:
        """Go so far along the direction."""
        change, bend = self.change, self.bend
        change *= self.room  # `change` was in proportion to the room
        change *= length
        self.room += change
        bend *= length
        self.force += bend
        self.m += length * self.dm
