"""One equilibrium of a game of any number of players: the first that support enumeration meets, small supports first.

Source: R. Porter, E. Nudelman and Y. Shoham, "Simple search methods for finding a Nash equilibrium", Games and Economic
Behavior 63 (2008) 642-662, for the order; the systems are closed as in :mod:`.subdivision`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from gametheory.errors import SizeLimit
from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.multilinear_cells import close_cells
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.answers import equilibrium_answer
from gametheory.solvers.normal_form.best_response import largest_regret
from gametheory.solvers.normal_form.faces import flat_faces
from gametheory.solvers.normal_form.homotopy import LogitHomotopy
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson
from gametheory.solvers.normal_form.pure import PureEnumeration, pure_equilibria
from gametheory.solvers.normal_form.subdivision import confirmed, forms, scaled, support_batches
from gametheory.solvers.normal_form.support_zeros import middle

__all__ = ["SupportSearch"]

#: More support profiles than this are refused.
_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class SupportSearch:
    """The first equilibrium by size of supports: pure ones, then one player mixing, then more.

    An irrational equilibrium is answered by a rational profile next to it, with its exact regret as epsilon.

    Examples
    --------
    >>> pennies = NormalFormGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> SupportSearch().solve(pennies).profile[0]
    (Fraction(1, 2), Fraction(1, 2))
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH
    cells: int = 4000

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the first equilibrium.

        Raises
        ------
        SizeLimit
            There are too many support profiles.
        """
        if pure_equilibria(game):
            return PureEnumeration().solve(game)
        faces = flat_faces(game)
        if faces:
            return self._answer(game, tuple(own[0] for own in faces[0]), 0)
        total = math.prod(2**m - 1 for m in game.shape)
        if total > _LIMIT:
            raise SizeLimit(f"{total} support profiles, over {_LIMIT}; use solver=LogitTracing(), which is approximate")
        tables = [scaled(game, i) for i in range(len(game.shape))]
        cells = 0
        for batch in support_batches(game.shape):
            closing = close_cells(*forms(tables, batch), limit=self.cells)
            cells += closing.cells
            for profile, _ in confirmed(game, ((batch[g], point) for g, point in closing.candidates), {}):
                return self._answer(game, middle(profile), cells)
        # Every support that is left ties: the lexicographic path takes ties, and the homotopy says how near it came.
        return LemkeHowson().solve(game) if len(game.shape) == 2 else LogitHomotopy().solve(game)

    def _answer(self, game: NormalFormGame, profile: Mixed, cells: int) -> Answer:
        rule = "the first equilibrium by the size of the supports, then in the order of the strategies"
        found = equilibrium_answer(game, profile, rule=rule, iterations=cells)
        return Answer(profile=profile, epsilon=largest_regret(game, profile), iterations=cells, extra=found.extra)
