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

from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.vertices import Vertex, vertices
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.lemke_howson import two_players
from gametheory.solvers.normal_form.nash_subsets import components, maximal_subsets
from gametheory.solvers.normal_form.nondegenerate import isolated_equilibria

__all__ = ["ExtremeEquilibria"]

_REASON = (
    "every vertex of both best-response polytopes was visited (closed under adjacency, in exact integers), "
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
        simple = None if self.exact else isolated_equilibria(a, b)
        if simple is not None:
            return _isolated(*simple)
        first = vertices(b.T.tolist())
        second = vertices(a.tolist())
        # Tight bits of P are labels already; those of Q start with the second player's.
        low = (1 << columns) - 1
        labels = [v.tight for v in first], [(v.tight & low) << rows | v.tight >> columns for v in second]
        pairs = fully_labelled(*labels, (1 << rows + columns) - 1)
        xs = {i: _strategy(first[i]) for i, _ in pairs}
        ys = {j: _strategy(second[j]) for _, j in pairs}
        pairs.sort(key=lambda pair: (xs[pair[0]], ys[pair[1]]), reverse=True)
        groups = components(pairs)
        signs = _signs(first, second, a, b)
        sets = tuple(
            tuple((tuple(xs[i] for i in us), tuple(ys[j] for j in vs)) for us, vs in maximal_subsets(group))
            for group in groups
        )
        indices = tuple(sum(signs.get(pair, 0) for pair in group) for group in groups)
        return Answer(
            profile=tuple((xs[i], ys[j]) for i, j in pairs),
            iterations=len(first) + len(second),
            witness={"complete": True, "components": sets},
            extra={"complete": True, "reason": _REASON, "components": sets, "indices": indices},
        )


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


def fully_labelled(first: list[int], second: list[int], everything: int) -> list[tuple[int, int]]:
    """Return the pairs whose labels together are `everything`, without the artificial pair of the two origins."""
    kind: Any = np.uint64 if everything < 2**64 else object
    others = np.array(second, dtype=kind)
    pairs = []
    for i, own in enumerate(first):
        missing = np.array(everything & ~own, dtype=kind)
        pairs += [(i, int(j)) for j in np.flatnonzero((others & missing) == missing)]
    # The origin of P has all labels of the first player; its only partner is the origin of Q, whose sort order is 0.
    return [(i, j) for i, j in pairs if (i, j) != (0, 0)]


def _strategy(vertex: Vertex) -> tuple[Fraction, ...]:
    mass = sum(vertex.numerators)
    return tuple(Fraction(number, mass) for number in vertex.numerators)


def _signs(first: list[Vertex], second: list[Vertex], a: Any, b: Any) -> dict[tuple[int, int], int]:
    """Return for each extreme equilibrium the indices of the equilibria near it of the perturbed game, summed.

    The perturbed right sides are those of a game with slightly scaled payoffs, which is nondegenerate: its equilibria
    are complementary pairs of bases, each of index ``(-1)^(k+1) sign(det A_ST det B_ST)`` (Shapley, Mathematical
    Programming Study 1 (1974) 175-189). Over all of them the indices sum to +1.
    """
    rows, columns = a.shape
    everything, low = (1 << rows + columns) - 1, (1 << columns) - 1
    place = {(m & low) << rows | m >> columns: j for j, vertex in enumerate(second) for m in vertex.bases}
    signs: dict[tuple[int, int], int] = {}
    for i, vertex in enumerate(first):
        for mask in vertex.bases:
            j = place.get(everything & ~mask)
            own = [k for k in range(rows) if not mask >> k & 1]
            if j is None or not own:
                continue
            other = [k for k in range(columns) if mask >> (rows + k) & 1]
            block = np.ix_(own, other)
            product = flint.fmpz_mat(a[block].tolist()).det() * flint.fmpz_mat(b[block].tolist()).det()
            sign = 1 if product > 0 else -1
            signs[i, j] = signs.get((i, j), 0) + (sign if len(own) % 2 else -sign)
    return signs
