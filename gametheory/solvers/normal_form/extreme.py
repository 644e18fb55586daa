"""All equilibria of a two-player game: every extreme one in exact rationals, and the sets that they span.

``(x, y)`` is an equilibrium when each strategy of a player is unplayed or a best reply. In the best-response polytopes
``P = {x >= 0 : B' x <= 1}`` and ``Q = {y >= 0 : A y <= 1}`` of a game with positive payoffs this says that the tight
constraints of ``x`` and of ``y`` together carry all labels, and the extreme equilibria are the fully labelled pairs of
vertices (Mangasarian, SIAM J. 12 (1964) 778-780; labels as in von Stengel, Handbook of Game Theory 3 (2002), 2.2-2.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import flint
import numpy as np

from gametheory.arithmetic import ratio
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.tied_polytope import basis_point, tied_vertices
from gametheory.numerics.vertices import vertices
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.lemke_howson import two_players
from gametheory.solvers.normal_form.nash_subsets import components, maximal_subsets
from gametheory.solvers.normal_form.nondegenerate import isolated_equilibria

__all__ = ["ExtremeEquilibria"]

#: With so few strategies of both players integers are quicker than floats that need a proof.
_TINY = 10
#: So many labels sort the vertices before they are compared.
_KEYS = 8

_REASON = (
    "every vertex of both best-response polytopes was visited (closed under adjacency, signs proved or in integers), "
    "and every pair with all labels is listed"
)
_PROVED = (
    "every vertex of one best-response polytope was visited (closed under adjacency, every sign proved), and each was "
    "given its only possible partner"
)


@dataclass(frozen=True, slots=True)
class ExtremeEquilibria:
    """Enumerate the vertices of the best-response polytopes and keep the fully labelled pairs.

    Parameters
    ----------
    exact
        Integers from the start; left out, floats whose signs are proved, and integers where these cannot decide. The
        answer is the same.

    Examples
    --------
    >>> game = NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> for first, second in ExtremeEquilibria().solve(game).profile:
    ...     print(*first, "|", *second)
    1 0 | 1 0
    2/3 1/3 | 1/3 2/3
    0 1 | 0 1
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH_SET
    exact: bool = False

    def solve(self, game: NormalFormGame) -> Answer:
        """Return all extreme equilibria, the components and their indices."""
        rows, columns = two_players(game)
        a, b = positive(game)
        simple = None if self.exact or rows + columns <= _TINY // 2 else isolated_equilibria(a, b)
        if simple is not None:
            return _isolated(*simple)
        first, second = _Corners(b.T, exact=self.exact), _Corners(a, exact=self.exact)
        # Tight bits of P are labels already; those of Q start with the second player's.
        low = (1 << columns) - 1
        labels = first.tight, [(tight & low) << rows | tight >> columns for tight in second.tight]
        pairs = fully_labelled(*labels, (1 << rows + columns) - 1, (1 << rows) - 1)
        signs = _signs(first, second, pairs, a, b)
        xs, x_rank = _ranked({i: first.strategy(i) for i in {i for i, _ in pairs}})
        ys, y_rank = _ranked({j: second.strategy(j) for j in {j for _, j in pairs}})
        signs = {(x_rank[i], y_rank[j]): sign for (i, j), sign in signs.items()}
        pairs = sorted(((x_rank[i], y_rank[j]) for i, j in pairs), reverse=True)
        groups = components(pairs)
        sets = tuple(
            tuple((tuple(xs[i] for i in us), tuple(ys[j] for j in vs)) for us, vs in maximal_subsets(group))
            for group in groups
        )
        indices = tuple(sum(signs.get(pair, 0) for pair in group) for group in groups)
        return Answer(
            profile=tuple((xs[i], ys[j]) for i, j in pairs),
            iterations=len(first.tight) + len(second.tight),
            witness={"complete": True, "components": sets},
            extra={"complete": True, "reason": _REASON, "components": sets, "indices": indices},
        )


class _Corners:
    """The vertices of one polytope: all tight constraints of each, and its bases; coordinates only when asked for."""

    def __init__(self, matrix: Any, *, exact: bool) -> None:
        self._matrix = matrix
        quick = not exact and sum(matrix.shape) > _TINY and matrix.max() < 2**40
        found = tied_vertices(matrix.astype(np.int64)) if quick else None
        if found is None:
            listed = vertices(matrix.tolist())
            self.tight = [vertex.tight for vertex in listed]
            self.bases = [list(vertex.bases) for vertex in listed]
            return
        self.tight = found[0].tolist()
        self.bases = [[] for _ in self.tight]
        for basis, owner in zip(found[1].tolist(), found[2].tolist(), strict=True):
            self.bases[owner].append(basis)

    def strategy(self, k: int) -> tuple[Fraction, ...]:
        """Return the coordinates of a vertex other than the origin, divided by their sum."""
        point = basis_point(self._matrix, self.bases[k][0])
        mass = sum(point)
        return tuple(ratio(number, mass) for number in point)


def _isolated(found: list[tuple[tuple[Any, Any], int]], visited: int) -> Answer:
    found = sorted(found, reverse=True)
    profiles = tuple(profile for profile, _ in found)
    sets = tuple((((x,), (y,)),) for x, y in profiles)
    return Answer(
        profile=profiles,
        iterations=visited,
        witness={"complete": True, "components": sets},
        extra={
            "complete": True,
            "reason": _PROVED,
            "components": sets,
            "indices": tuple(sign for _, sign in found),
        },
    )


def positive(game: NormalFormGame) -> tuple[Any, Any]:
    """Return both payoff matrices as positive integers; a positive factor and a constant change no equilibrium."""
    a, b = (table.integers() for table in game.payoffs)
    return a - a.min() + 1, b - b.min() + 1


def fully_labelled(first: list[int], second: list[int], everything: int, origin: int) -> list[tuple[int, int]]:
    """Return the pairs whose labels together are `everything`, but for the artificial pair of the two origins.

    The origin of P has all labels of the first player; its only partner is the origin of Q.
    """
    kind: Any = np.uint64 if everything < 2**64 else int
    others = np.array(second, dtype=kind if kind is np.uint64 else object)
    missing = np.array([everything & ~own for own in first], dtype=kind if kind is np.uint64 else object)
    # Vertices that miss the same of a few labels are compared only with those that have these labels.
    width = everything.bit_length()
    counts = [int(((missing >> kind(label)) & kind(1)).sum()) for label in range(width)]
    few = kind(sum(1 << label for label in sorted(range(width), key=counts.__getitem__)[-_KEYS:]))
    pairs: list[tuple[int, int]] = []
    for key in np.unique(missing & few):
        rows, columns = np.flatnonzero((missing & few) == key), np.flatnonzero((others & key) == key)
        wanted = missing[rows][:, None]
        i, j = np.nonzero((others[columns] & wanted) == wanted)
        pairs += zip(rows[i].tolist(), columns[j].tolist(), strict=True)
    return [(i, j) for i, j in pairs if first[i] != origin]


def _ranked(points: dict[int, Any]) -> tuple[list[Any], dict[int, int]]:
    """Return the points in their order, and the place of each."""
    order = sorted(points, key=points.__getitem__)
    return [points[k] for k in order], {k: place for place, k in enumerate(order)}


def _signs(
    first: _Corners, second: _Corners, pairs: list[tuple[int, int]], a: Any, b: Any
) -> dict[tuple[int, int], int]:
    """Return for each extreme equilibrium the indices of the equilibria near it of the perturbed game, summed.

    The perturbed right sides are those of a game with slightly scaled payoffs, which is nondegenerate: its equilibria
    are complementary pairs of bases, each of index ``(-1)^(k+1) sign(det A_ST det B_ST)`` (Shapley, Mathematical
    Programming Study 1 (1974) 175-189). Over all of them the indices sum to +1.
    """
    rows, columns = a.shape
    everything, low = (1 << rows + columns) - 1, (1 << columns) - 1
    place = {(basis & low) << rows | basis >> columns: j for j in {j for _, j in pairs} for basis in second.bases[j]}
    signs: dict[tuple[int, int], int] = {}
    for i in {i for i, _ in pairs}:
        for basis in first.bases[i]:
            j = place.get(everything & ~basis)
            if j is None:
                continue
            own = [k for k in range(rows) if not basis >> k & 1]
            other = [k for k in range(columns) if basis >> (rows + k) & 1]
            block = np.ix_(own, other)
            product = flint.fmpz_mat(a[block].tolist()).det() * flint.fmpz_mat(b[block].tolist()).det()
            sign = 1 if product > 0 else -1
            signs[i, j] = signs.get((i, j), 0) + (sign if len(own) % 2 else -sign)
    return signs
