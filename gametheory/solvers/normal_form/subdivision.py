"""All equilibria of a finite game of any number of players: every support closed by a rigorous argument.

For each choice of supports the equilibria are the solutions of multilinear equations (all strategies of a support pay
the same) with multilinear inequalities (no other pays more) on a product of simplices, McKelvey and McLennan, Handbook
of Computational Economics 1 (1996), section 5.2. Subdivision closes the product cell by cell; each candidate is then
enclosed by Krawczyk's test, or recognised as rational and checked exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any, ClassVar

import numpy as np

from gametheory.errors import InputError, SizeLimit
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.multilinear_cells import close_cells
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.normal_form.elimination import by_elimination, takes
from gametheory.solvers.normal_form.faces import Subset, flat_faces, strict_equilibria
from gametheory.solvers.normal_form.pure import numbers
from gametheory.solvers.normal_form.support_zeros import NONE, OPEN, Found, Profile, Supports, zero_near
from gametheory.solvers.normal_form.two_mix import settled

__all__ = ["SupportSubdivision", "confirmed", "forms", "scaled", "support_batches"]

Candidate = tuple[Supports, Sequence[Any]]
#: Bounds of the probabilities on the support, a pair of arrays a player.
Region = list[tuple[Any, Any]]

#: More support profiles than this are refused.
_LIMIT = 200_000
#: Boxes around what stayed open are put together on a grid of this many steps.
_GRID = 32
#: Regions that stayed open are widened by this, which is far more than rounding.
_SLACK = 1e-6
#: The equilibrium in an enclosure and its middle differ by less than this in every probability.
_WIDTH = Fraction(1, 2**140)


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
        tables: list[Any] = []
        left: dict[Supports, list[Region]] = {}
        mixed: list[tuple[Profile, int | None]] = []
        cells = 0
        chosen = None
        if takes(game):
            mixed, chosen = by_elimination(game)
        for batch in support_batches(game.shape, chosen):
            tables = tables or [scaled(game, i) for i in range(len(game.shape))]
            linear = sum(len(own) > 1 for own in batch[0]) == 2  # what stays open is settled exactly
            limit = min(self.cells, 4 * len(batch) + 100) if linear else self.cells
            closing = close_cells(*forms(tables, batch), limit=limit)
            cells += closing.cells
            for g, region in closing.open:
                left.setdefault(batch[g], []).append(region)
            mixed += confirmed(game, ((batch[g], point) for g, point in closing.candidates), left)
        products, closed = settled(game, left)
        for supports in closed:
            del left[supports]
        if products:
            corners = {corner for subset in products for corner in product(*subset)}
            mixed = [(profile, sign) for profile, sign in mixed if profile not in corners]
            faces = _maximal([*faces, *products])
        return _answer(game, faces, mixed, left, cells)


def _contains(subset: Subset, other: Subset) -> bool:
    return all(set(own) >= set(his) for own, his in zip(subset, other, strict=True))


def _maximal(subsets: list[Subset]) -> list[Subset]:
    """Return those that no other one contains, each once."""
    single = list(dict.fromkeys(tuple(tuple(sorted(own, reverse=True)) for own in subset) for subset in subsets))
    return [own for own in single if not any(other is not own and _contains(other, own) for other in single)]


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
    profiles: list[Profile] = []
    for component in components:  # no two of which meet
        corners = [corner for subset in component for corner in product(*subset)]
        profiles += corners if len(corners) == 1 else list(dict.fromkeys(corners))
    total = math.prod(2**m - 1 for m in game.shape)
    boxes = [profile for profile in profiles if any(isinstance(p, Enclosure) for s in profile for p in s)]
    return Answer(
        profile=tuple(profiles),
        status=Status.SOLVED if profiles else Status.NOT_CONVERGED,
        epsilon=_epsilon(game) if boxes else Fraction(0),
        iterations=cells,
        witness={"complete": not left, "components": components},
        extra={
            "complete": not left,
            "reason": _reason(game, total, left),
            "components": components,
            "indices": tuple(indices[k] for k in order),
            "unresolved": tuple(
                piece for supports, regions in left.items() for piece in _unresolved(game, supports, regions)
            ),
        },
    )


def _epsilon(game: NormalFormGame) -> Fraction:
    """Return a bound on the regret in the middle of an enclosure: payoffs change by their range times the changes."""
    size = max(Fraction(max(t.numerators) - min(t.numerators), t.denominator) for t in game.payoffs)
    return 4 * sum(game.shape) * size * _WIDTH


def _unresolved(game: NormalFormGame, supports: Supports, regions: list[Region]) -> list[dict[str, Any]]:
    """Return, for each piece of the regions that stayed open, the supports by name and bounds of every probability.

    Regions that touch hang together, so that separate continua are separate pieces; ``"cover"`` holds small boxes.
    """
    pieces: list[Any] = []
    for region in _coarse([np.stack([np.concatenate(ends) for ends in zip(*own, strict=True)]) for own in regions]):
        apart = [piece for piece in pieces if not _meet(piece, region)]
        met = [piece for piece in pieces if _meet(piece, region)]
        pieces = [*apart, np.concatenate([region[None], *met])]
    names = tuple(tuple(own[k] for k in s) for own, s in zip(game.strategies, supports, strict=True))
    return [
        {
            "supports": names,
            "box": _hull(piece, supports),
            "cover": tuple(_hull(piece[k : k + 1], supports) for k in range(len(piece))),
        }
        for piece in pieces
    ]


def _coarse(regions: list[Any]) -> list[Any]:
    """Return boxes that cover the regions, on a grid: neighbours of one grid cell become one box."""
    cells: dict[Any, Any] = {}
    for low, high in regions:
        key = tuple(np.floor((low + high) / 2 * _GRID).astype(int).tolist())
        old = cells.get(key)
        cells[key] = np.stack([low, high] if old is None else [np.minimum(low, old[0]), np.maximum(high, old[1])])
    return list(cells.values())


def _meet(piece: Any, region: Any) -> bool:
    return bool(((piece[:, 0] <= region[1] + 2 * _SLACK) & (region[0] <= piece[:, 1] + 2 * _SLACK)).all(axis=1).any())


def _hull(piece: Any, supports: Supports) -> tuple[Any, ...]:
    low, high = piece[:, 0].min(axis=0) - _SLACK, piece[:, 1].max(axis=0) + _SLACK
    ends = iter([(max(a, 0.0), min(b, 1.0)) for a, b in zip(low.tolist(), high.tolist(), strict=True)])
    return tuple(tuple(next(ends) for _ in own) for own in supports)


def _rank(profile: Profile) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(-float(p.low if isinstance(p, Enclosure) else p) for p in s) for s in profile)


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
            f"every one of {total} support profiles was closed: exactly where one player mixes or the equations of two "
            "are singular, by sign tests and certified zeros elsewhere"
        )
    supports = next(iter(left))
    names = " x ".join(
        "{" + ", ".join(own[k] for k in s) + "}" for own, s in zip(game.strategies, supports, strict=True)
    )
    return (
        f"{len(left)} of {total} support profiles were not closed (a continuum of equilibria, or a degenerate one), "
        f"the first {names}; what is listed is certified, what is missing lies in the boxes of .unresolved"
    )


# ------------------------------------------------------------------------------------------- the systems of a support


def scaled(game: NormalFormGame, player: int) -> Any:
    """Return what strategy ``k`` earns beyond ``l`` at ``[k, l, others]``, scaled to at most 1, with exact signs."""
    cells = np.moveaxis(numbers(game.payoffs[player]), player, 0)
    size = max(int(cells.max()) - int(cells.min()), 1)
    if cells.dtype != object and size < 2**53:
        return (cells[:, None] - cells[None, :]) / float(size)
    exact = cells.astype(object)
    return np.vectorize(lambda d: d / size, otypes=[float])(exact[:, None] - exact[None, :])


def support_batches(shape: Sequence[int], chosen: Iterable[Supports] | None = None) -> Iterator[list[Supports]]:
    """Iterate over the support profiles in which two players or more mix, grouped by their sizes, small ones first.

    Of those `chosen`, where these are given.
    """
    groups: dict[tuple[int, ...], list[Supports]] = defaultdict(list)
    lists = [list(chain.from_iterable(combinations(range(m), k) for k in range(1, m + 1))) for m in shape]
    for supports in product(*lists) if chosen is None else chosen:
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
    game: NormalFormGame, candidates: Iterable[Candidate], left: dict[Supports, list[Region]]
) -> Iterator[tuple[Profile, int | None]]:
    """Yield each candidate that is an equilibrium, once, with its index; one that cannot be decided goes to `left`.

    The index is None where a strategy outside the support ties.
    """
    seen: dict[Supports, list[Found]] = defaultdict(list)
    for supports, point in candidates:
        found = zero_near(game, supports, point)
        if found.verdict == OPEN:
            left.setdefault(supports, []).append(_around(point))
        elif not any(found.same(other) for other in seen[supports]):
            seen[supports].append(found)
            if found.verdict != NONE:
                yield found.profile, found.index


def _around(point: Sequence[Any]) -> Region:
    return [(np.asarray(x) - _SLACK, np.asarray(x) + _SLACK) for x in point]
