"""One equilibrium of a two-player game: floats propose supports, rationals decide.

A single Lemke-Howson path can be exponentially long (R. Savani and B. von Stengel, Hard-to-solve bimatrix games,
Econometrica 74 (2006) 397-429), but seldom all of them are: paths from every label are followed in floats, each a
little further in every round (as B. Codenotti, S. De Rossi and M. Pagan, arXiv:0811.3247, found best on random games).
The supports at the end of one are solved in rationals; where that is no equilibrium the race goes on, and the last
resort is the path in integers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.payoff_table import PayoffTable
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.answers import equilibrium_answer
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson, two_players
from gametheory.solvers.normal_form.polishing import on_bases
from gametheory.solvers.normal_form.pure import pure_equilibria, pure_profile

__all__ = ["Race"]

#: In games with more strategies than this short turns are better: some label of many has a short path.
_LARGE = 150
_PURE = "the first pure equilibrium, the last player's strategy counted fastest"


@dataclass(frozen=True, slots=True)
class Race:
    """The first pure equilibrium, or the first Lemke-Howson path to arrive.

    With the extra ``[fast]`` the search is compiled, once for all, in a few seconds; the answer is the same without.

    Parameters
    ----------
    paths
        How many labels race; they are spread evenly over both players' strategies. Left out, all of them.
    pivots
        Pivots that a path gets in the first round; in each further one it starts again and gets twice as many. Left
        out, 40, or 10 in games of more than 150 strategies.
    limit
        Pivots in all before the exact path takes over.

    Examples
    --------
    >>> game = NormalFormGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> answer = Race().solve(game)
    >>> print(*answer.profile[0], "|", answer.extra["details"]["rule"])
    1/2 1/2 | the first of 4 Lemke-Howson paths to arrive, which dropped label 0
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH
    paths: int | None = None
    pivots: int | None = None
    limit: int = 200_000

    def solve(self, game: NormalFormGame) -> Answer:
        """Return an equilibrium, exactly."""
        shape = two_players(game)
        from gametheory.numerics.label_race import survey

        tables = _machine(game)
        cell, scale = survey(*tables)
        if _is_whole(game):
            pure = divmod(cell, shape[1]) if cell >= 0 else None
        else:
            pure = next(iter(pure_equilibria(game)), None)
        if pure is not None:
            return equilibrium_answer(game, pure_profile(game, pure), rule=_PURE, payoffs=game.payoff(pure))
        for label, count, spent, (own, other, _, _) in self._arrivals(tables, scale):
            found = on_bases(game, sorted(own.tolist()), sorted(other.tolist()))
            if found is not None:
                rule = f"the first of {count} Lemke-Howson paths to arrive, which dropped label {label}"
                return equilibrium_answer(game, found[0], rule=rule, iterations=spent, payoffs=found[1])
        return LemkeHowson().solve(game)

    def approximate(self, game: NormalFormGame) -> tuple[FloatArray, FloatArray] | None:
        """Return what the floats propose, unproved: the same equilibrium unless rounding misled them, or None.

        >>> x, y = Race().approximate(NormalFormGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
        >>> x.round(12).tolist(), y.round(12).tolist()
        ([0.5, 0.5], [0.5, 0.5])
        """
        shape = two_players(game)
        from gametheory.numerics.label_race import survey

        tables = _machine(game)
        cell, scale = survey(*tables)
        x, y = np.zeros(shape[0]), np.zeros(shape[1])
        if cell >= 0:
            row, column = divmod(cell, shape[1])
            x[row] = y[column] = 1.0
            return x, y
        for _, _, _, (own, other, first, second) in self._arrivals(tables, scale):
            x[own], y[other] = first / first.sum(), second / second.sum()
            return x, y
        return None

    def _arrivals(self, tables: Any, scale: Any) -> Iterator[tuple[int, int, int, Any]]:
        """Yield for each path that arrives its label, how many race, the pivots spent by then, and its basis."""
        from gametheory.numerics.label_race import race

        total = sum(tables[0].shape)
        count = total if self.paths is None else min(self.paths, total)
        pivots = self.pivots or (40 if total <= _LARGE else 10)
        done = np.zeros(count, dtype=np.bool_)
        turn, spent = 0, 0
        while spent < self.limit:
            turn, steps, *basis = race(*tables, scale, done, pivots, self.limit - spent, turn)
            spent += steps
            if turn < 0:
                return
            yield turn % count * total // count, count, spent, basis
            turn += 1


def _is_whole(game: NormalFormGame) -> bool:
    return all(table.machine_integers() is not None for table in game.payoffs)


def _machine(game: NormalFormGame) -> Any:
    """Return both tables in machine integers; larger ones are brought to 53 bits, which is enough to propose."""
    return [_rounded(table) if (exact := table.machine_integers()) is None else exact for table in game.payoffs]


def _rounded(table: PayoffTable) -> Any:
    cells: Any = table.integers()
    low = cells.min()
    width = int(cells.max() - low) or 1
    array = np.array([(int(cell - low) << 53) // width for cell in cells.flat], dtype=np.int64)
    array.setflags(write=False)  # as machine_integers() are, so that nothing is compiled twice
    return array.reshape(table.shape)
