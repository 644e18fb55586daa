"""All equilibria of a finite game of any number of players: every support closed by a rigorous argument.

For each choice of supports the equilibria are the solutions of multilinear equations (all strategies of a support pay
the same) with multilinear inequalities (no other pays more) on a product of simplices, McKelvey and McLennan, Handbook
of Computational Economics 1 (1996), section 5.2. Subdivision closes the product cell by cell; each candidate is then
enclosed by Krawczyk's test, or recognised as rational and checked exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.errors import InputError, SizeLimit
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.krawczyk import enclose_zero
from gametheory.numerics.multilinear_cells import close_cells
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.normal_form.best_response import largest_regret, payoff_vector
from gametheory.solvers.normal_form.faces import Subset, flat_faces, strict_equilibria
from gametheory.solvers.normal_form.pure import numbers

__all__ = ["SupportSubdivision", "confirmed", "forms", "middle", "scaled", "support_batches"]

Supports = tuple[tuple[int, ...], ...]
Profile = tuple[tuple[Any, ...], ...]
#: Bounds of the probabilities on the support, a pair of arrays a player.
Region = list[tuple[Any, Any]]

#: More support profiles than this are refused.
_LIMIT = 200_000
#: Denominators up to this are tried for a rational solution.
_DENOMINATOR = 10**9
#: Ends of enclosures are multiples of ``1 / _GRID``.
_GRID = 2**150
#: Regions that stayed open are widened by this, which is far more than rounding.
_SLACK = 1e-6
#: What becomes of a zero: an equilibrium (outside strategies lose, or tie), none, or not decided.
_STRICT, _TIED, _NONE, _OPEN = "strict", "tied", "none", "open"


@dataclass(frozen=True, slots=True)
class SupportSubdivision:
    """Close every support profile by subdivision, and enclose what is found.

    Parameters
    ----------
    cells
        Cells at one time for one size of supports; what is left beyond stays open and is reported.

    Examples
    --------
    >>> pennies = NormalFormGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> answer = SupportSubdivision().solve(pennies)
    >>> answer.profile, answer.extra["complete"]
    ((((Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2))),), True)
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH_SET
    cells: int = 4000

    def __post_init__(self) -> None:
        if not isinstance(self.cells, int) or self.cells < 1:
            raise InputError(f"cells={self.cells!r} must be a whole number >= 1")

    def solve(self, game: NormalFormGame) -> Answer:
        """Return all isolated equilibria, and which supports could not be closed."""
        total = math.prod(2**m - 1 for m in game.shape)
        if total > _LIMIT:
            raise SizeLimit(f"{total} support profiles, over {_LIMIT}; ask for one equilibrium, or remove strategies")
        faces = flat_faces(game)
        tables = [scaled(game, i) for i in range(len(game.shape))]
        left: dict[Supports, list[Region]] = {}
        mixed: list[tuple[Profile, int | None]] = []
        cells = 0
        for batch in support_batches(game.shape):
            closing = close_cells(*forms(tables, batch), limit=self.cells)
            cells += closing.cells
            for g, region in closing.open:
                left.setdefault(batch[g], []).append(region)
            mixed += confirmed(game, batch, closing.candidates, left)
        return _answer(game, faces, mixed, left, cells)


def _answer(
    game: NormalFormGame,
    faces: list[Subset],
    mixed: list[tuple[Profile, int | None]],
    left: dict[Supports, list[Region]],
    cells: int,
) -> Answer:
    """Put the polytopes with at most one player mixing and the isolated equilibria together."""
    strict = strict_equilibria(game)
    indices: list[int | None] = []
    groups: list[tuple[Subset, ...]] = []
    for group in _touching(faces):
        corners = [corner for subset in group for corner in product(*subset)]
        groups.append(tuple(group))
        indices.append(1 if len(corners) == 1 and corners[0] in strict else None)
    for profile, sign in mixed:
        groups.append((tuple((strategy,) for strategy in profile),))
        indices.append(sign)
    known = [sign for sign in indices if sign is not None]
    if not left and len(known) == len(indices) and sum(known) != 1:
        raise ArithmeticError(f"the indices sum to {sum(known)}, not 1: an equilibrium was lost")
    if not left and len(known) == len(indices) - 1:  # the one component that ties gets what is left of +1
        indices[indices.index(None)] = 1 - sum(known)
    order = sorted(range(len(groups)), key=lambda k: _rank(next(product(*groups[k][0]))))
    components = tuple(groups[k] for k in order)
    profiles = dict.fromkeys(corner for group in components for subset in group for corner in product(*subset))
    total = math.prod(2**m - 1 for m in game.shape)
    boxes = [profile for profile in profiles if any(isinstance(p, Enclosure) for s in profile for p in s)]
    return Answer(
        profile=tuple(profiles),
        status=Status.SOLVED if profiles else Status.NOT_CONVERGED,
        epsilon=max((largest_regret(game, middle(box)) for box in boxes), default=Fraction(0)),
        iterations=cells,
        witness={"complete": not left, "components": components},
        extra={
            "complete": not left,
            "reason": _reason(game, total, left),
            "components": components,
            "indices": tuple(indices[k] for k in order),
            "unresolved": tuple(_unresolved(game, supports, regions) for supports, regions in left.items()),
        },
    )


def _around(point: list[Any]) -> Region:
    return [(np.asarray(x) - _SLACK, np.asarray(x) + _SLACK) for x in point]


def _unresolved(game: NormalFormGame, supports: Supports, regions: list[Region]) -> dict[str, Any]:
    """Return the supports by name and bounds of every probability over the regions that stayed open."""
    box = []
    for i in range(len(supports)):
        low = np.min([region[i][0] for region in regions], axis=0) - _SLACK
        high = np.max([region[i][1] for region in regions], axis=0) + _SLACK
        box.append(tuple((max(float(a), 0.0), min(float(b), 1.0)) for a, b in zip(low, high, strict=True)))
    names = tuple(tuple(own[k] for k in s) for own, s in zip(game.strategies, supports, strict=True))
    return {"supports": names, "box": tuple(box)}


def _rank(profile: Profile) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(-float(p) for p in strategy) for strategy in profile)


def _touching(faces: list[Subset]) -> list[list[Subset]]:
    """Group the polytopes that share a corner; two in which different players mix can meet nowhere else."""
    groups: list[tuple[set[Any], list[Subset]]] = []
    for face in faces:
        corners = set(product(*face))
        apart = [group for group in groups if not group[0] & corners]
        merged = [face]
        for met in (group for group in groups if group[0] & corners):
            corners |= met[0]
            merged += met[1]
        groups = [*apart, (corners, merged)]
    return [members for _, members in groups]


def _reason(game: NormalFormGame, total: int, left: dict[Supports, Any]) -> str:
    if not left:
        return (
            f"every one of {total} support profiles was closed: exactly where at most one player mixes, by sign tests "
            "and Newton enclosures elsewhere"
        )
    supports = next(iter(left))
    names = " x ".join(
        "{" + ", ".join(own[k] for k in s) + "}" for own, s in zip(game.strategies, supports, strict=True)
    )
    return (
        f"{len(left)} of {total} support profiles were not closed (a continuum of equilibria, or a degenerate one), "
        f"the first {names}; what is listed is certified, what is missing lies in the boxes of .unresolved"
    )


def middle(profile: Profile) -> tuple[tuple[Fraction, ...], ...]:
    """Return a profile of Fractions that sum to one, within the enclosures or next to them."""
    chosen = []
    for strategy in profile:
        numbers = [p.middle if isinstance(p, Enclosure) else Fraction(p) for p in strategy]
        mass = sum(numbers)
        chosen.append(tuple(p / mass for p in numbers))
    return tuple(chosen)


# ------------------------------------------------------------------------------------------- the systems of a support


def scaled(game: NormalFormGame, player: int) -> Any:
    """Return what strategy ``k`` earns beyond ``l`` at ``[k, l, others]``, scaled to at most 1, with exact signs."""
    cells = np.moveaxis(numbers(game.payoffs[player]), player, 0)
    size = max(int(cells.max()) - int(cells.min()), 1)
    if cells.dtype != object and size < 2**53:
        return (cells[:, None] - cells[None, :]) / float(size)
    exact = cells.astype(object)
    return np.vectorize(lambda d: d / size, otypes=[float])(exact[:, None] - exact[None, :])


def support_batches(shape: Sequence[int]) -> Iterator[list[Supports]]:
    """Iterate over the support profiles in which two players or more mix, grouped by their sizes, small ones first."""
    groups: dict[tuple[int, ...], list[Supports]] = defaultdict(list)
    lists = [list(chain.from_iterable(combinations(range(m), k) for k in range(1, m + 1))) for m in shape]
    for supports in product(*lists):
        sizes = tuple(map(len, supports))
        if sorted(sizes)[-2:][0] > 1:
            groups[sizes].append(supports)
    yield from (groups[sizes] for sizes in sorted(groups, key=lambda sizes: (sum(sizes), sizes)))


def forms(tables: list[Any], batch: list[Supports]) -> tuple[list[Any], list[int]]:
    """Return for each player what each strategy earns beyond the first of its support, at the others' supports."""
    equations = [len(s) - 1 for s in batch[0]]
    forms = []
    for i, table in enumerate(tables):
        rows = []
        for supports in batch:
            first, *rest = supports[i]
            outside = [k for k in range(table.shape[0]) if k not in supports[i]]
            others = [s for j, s in enumerate(supports) if j != i]
            rows.append(table[np.ix_([*rest, *outside], [first], *others)][:, 0])
        forms.append(np.stack(rows))
    return forms, equations


# ------------------------------------------------------------------------------------------------------- confirmation


def confirmed(
    game: NormalFormGame,
    batch: list[Supports],
    candidates: list[tuple[int, list[Any]]],
    left: dict[Supports, list[Region]],
) -> Iterator[tuple[Profile, int | None]]:
    """Yield each candidate that is an equilibrium, once, with its index; one that cannot be decided goes to `left`.

    The index is None where a strategy outside the support ties.
    """
    seen: dict[Supports, list[list[Any]]] = defaultdict(list)
    for g, point in candidates:
        supports = batch[g]
        system = _System(game, supports)
        enclosed = enclose_zero(system, [float(x) for s in point for x in s[1:]])
        if enclosed is None:
            left.setdefault(supports, []).append(_around(point))
            continue
        balls, box = enclosed
        if any(all(b.contains(x) for b, x in zip(other, balls, strict=True)) for other in seen[supports]):
            continue
        seen[supports].append(box)
        verdict, profile = _judge(game, supports, system, balls)
        if verdict == _OPEN:
            left.setdefault(supports, []).append(_around(point))
        elif verdict != _NONE:
            yield profile, system.index(balls) if verdict == _STRICT else None


def _judge(game: NormalFormGame, supports: Supports, system: _System, balls: list[Any]) -> tuple[str, Profile]:
    """Return what the zero in the balls is, and its profile where it is an equilibrium with these supports."""
    with flint.ctx.workprec(256):
        exact = _rational(balls)
        if exact is not None and not any(system([flint.fmpq(x.numerator, x.denominator) for x in exact])[0]):
            profile = tuple(tuple(Fraction(p) for p in s) for s in system.spread(exact))
            if any(profile[i][k] <= 0 for i, own in enumerate(supports) for k in own):
                return _NONE, ()
            verdict = _STRICT
            for i, own in enumerate(supports):
                values = payoff_vector(game, profile, i)
                if max(values) > values[own[0]]:
                    return _NONE, ()
                if values.count(values[own[0]]) > len(own):
                    verdict = _TIED
            return verdict, profile
        strategies = system.spread(balls)
        for s, own in zip(strategies, supports, strict=True):
            for k in own:
                if s[k] < 0:
                    return _NONE, ()
                if not s[k] > 0:
                    return _OPEN, ()
        gains = system.gains(balls)
        if any(gain > 0 for gain in gains):
            return _NONE, ()
        verdict = _STRICT if all(gain < 0 for gain in gains) else _OPEN
        return verdict, tuple(tuple(_enclosed(p) for p in s) for s in strategies)


def _rational(balls: list[Any]) -> list[Fraction] | None:
    """Return simple rationals at the balls, or None where one needs a large denominator; not yet shown to be a zero."""
    found = []
    for ball in balls:
        middle = ball.mid().fmpq()
        guess = Fraction(int(middle.p), int(middle.q)).limit_denominator(_DENOMINATOR)
        if not ball.overlaps(flint.arb(flint.fmpq(guess.numerator, guess.denominator))):
            return None
        found.append(guess)
    return found


def _enclosed(value: Any) -> Any:
    """Return a ball as an enclosure of short rationals, a little wider; exact numbers as they are."""
    if not isinstance(value, flint.arb):
        return Fraction(int(value))
    low, high = value.lower().fmpq(), value.upper().fmpq()
    down = (int(low.p) * _GRID) // int(low.q) - 1
    up = -((-int(high.p) * _GRID) // int(high.q)) + 1
    return Enclosure(Fraction(down, _GRID), Fraction(up, _GRID))


class _System:
    """The equations of one support profile, in any arithmetic; the first strategy of each support is eliminated."""

    def __init__(self, game: NormalFormGame, supports: Supports) -> None:
        self.game, self.supports = game, supports
        self.sizes = [len(s) - 1 for s in supports]
        self._cells: dict[Any, Any] = {}

    def spread(self, free: Sequence[Any]) -> list[list[Any]]:
        """Return the strategies over all of the game's strategies."""
        strategies, place = [], 0
        for own, size, m in zip(self.supports, self.sizes, self.game.shape, strict=True):
            part = free[place : place + size]
            place += size
            full: list[Any] = [0] * m
            full[own[0]] = 1 - sum(part[1:], part[0]) if size else 1
            for k, p in zip(own[1:], part, strict=True):
                full[k] = p
            strategies.append(full)
        return strategies

    def _contract(self, player: int, rows: Sequence[int], strategies: list[list[Any]], free: int | None) -> list[Any]:
        """Return what the rows earn, for each strategy of `free` where it is given, as the strategies' numbers."""
        others = [j for j in range(len(self.sizes)) if j not in (player, free)]
        key = player, tuple(rows), free
        if key not in self._cells:
            order = [player, *([free] if free is not None else []), *others]
            index = [list(rows)] + ([list(self.supports[free])] if free is not None else [])
            table = self.game.payoffs[player].integers().transpose(order)
            self._cells[key] = table[np.ix_(*index, *(self.supports[j] for j in others))]
        cells = self._cells[key]
        for j in reversed(others):
            weights = [strategies[j][k] for k in self.supports[j]]
            parts = [cells[..., k] * w for k, w in enumerate(weights)]
            total = parts[0]
            for part in parts[1:]:
                total = total + part
            cells = total
        return cells.tolist()  # type: ignore[no-any-return]

    def __call__(self, free: list[Any]) -> tuple[list[Any], list[list[Any]]]:
        strategies = self.spread(free)
        values, slope = [], []
        for i, own in enumerate(self.supports):
            if self.sizes[i] == 0:
                continue
            earned = self._contract(i, own, strategies, None)
            values += [e - earned[0] for e in earned[1:]]
            rows: list[list[Any]] = [[] for _ in own[1:]]
            for j, size in enumerate(self.sizes):
                if size == 0:
                    continue
                if j == i:
                    for row in rows:
                        row += [0] * size
                    continue
                partial = self._contract(i, own, strategies, j)
                for row, line in zip(rows, partial[1:], strict=True):
                    change = [a - b for a, b in zip(line, partial[0], strict=True)]
                    row += [c - change[0] for c in change[1:]]
            slope += rows
        return values, slope

    def gains(self, free: list[Any]) -> list[Any]:
        """Return what each strategy outside the supports earns beyond the first inside."""
        strategies = self.spread(free)
        found = []
        for i, own in enumerate(self.supports):
            outside = [k for k in range(self.game.shape[i]) if k not in own]
            if outside:
                first, *rest = self._contract(i, [own[0], *outside], strategies, None)
                found += [r - first for r in rest]
        return found

    def index(self, balls: list[Any]) -> int:
        """Return the index of a regular zero: the sign of the determinant of minus the derivative."""
        with flint.ctx.workprec(256):
            determinant = flint.arb_mat(self(balls)[1]).det() * (-1) ** sum(self.sizes)
            return 1 if determinant > 0 else -1
