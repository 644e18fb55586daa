"""One equilibrium of a larger two-player game: floats propose supports, rationals decide.

A single Lemke-Howson path can be exponentially long (R. Savani and B. von Stengel, Hard-to-solve bimatrix games,
Econometrica 74 (2006) 397-429), but seldom all of them are: paths from several labels run side by side in floats, each
a little further in turn. The supports at the end of one are solved in rationals; where that is no equilibrium the race
goes on, and the last resort is the path in integers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.games.mixed_profile import Mixed
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.float_dictionary import FloatDictionary
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.answers import equilibrium_answer
from gametheory.solvers.normal_form.lemke_howson import LemkeHowson, two_players
from gametheory.solvers.normal_form.nondegenerate import on_supports
from gametheory.solvers.normal_form.pure import numbers, pure_equilibria, pure_profile

__all__ = ["Race"]


@dataclass(frozen=True, slots=True)
class Race:
    """The first pure equilibrium, or the first Lemke-Howson path to arrive.

    Parameters
    ----------
    paths
        How many labels race; they are spread evenly over both players' strategies.
    pivots
        Pivots that a path gets in its first turn; twice as many in the next.
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
    paths: int = 16
    pivots: int = 50
    limit: int = 200_000

    def solve(self, game: NormalFormGame) -> Answer:
        """Return an equilibrium, exactly."""
        rows, columns = two_players(game)
        pure = pure_equilibria(game)
        if pure:
            rule = "the first pure equilibrium, the last player's strategy counted fastest"
            return equilibrium_answer(game, pure_profile(game, pure[0]), rule=rule)
        a, b = (numbers(table) for table in game.payoffs)
        count = min(self.paths, rows + columns)
        labels = [k * (rows + columns) // count for k in range(count)]
        spent = 0
        for label, path, steps in self._arrivals(a, b, labels):
            spent += steps
            profile = _exact(a, b, path)
            if profile is not None:
                rule = f"the first of {count} Lemke-Howson paths to arrive, which dropped label {label}"
                return equilibrium_answer(game, profile, rule=rule, iterations=spent)
        return LemkeHowson().solve(game)

    def _arrivals(self, a: Any, b: Any, labels: list[int]) -> Iterator[tuple[int, _Path, int]]:
        """Yield each path that arrives, and the pivots spent since the last."""
        first, second = _positive(a), _positive(b).T
        running: dict[int, _Path | None] = dict.fromkeys(labels)
        turn, spent, total = self.pivots, 0, 0
        while running and total < self.limit:
            for label, begun in list(running.items()):
                path = running[label] = begun or _Path(first, second, label)
                used = path.run(turn)
                spent, total = spent + used, total + used
                if path.arrived:
                    yield label, path, spent
                    spent = 0
                if path.arrived or path.lost:
                    del running[label]
            turn *= 2


def _positive(table: Any) -> Any:
    """Return the payoffs as floats between 1 and 2: the paths are the same."""
    low, high = table.min(), table.max()
    size = float(high - low) or 1.0
    return 1 + np.array(table - low, dtype=float) / size


class _Path:
    """One Lemke-Howson path in floats."""

    def __init__(self, first: Any, second: Any, label: int) -> None:
        rows, columns = first.shape
        own, other = list(range(rows)), list(range(rows, rows + columns))
        self.dictionaries = FloatDictionary(first, own, other), FloatDictionary(second, other, own)
        self.label = self._entering = label
        self._which = 0 if label >= rows else 1
        self.arrived = self.lost = False

    def run(self, pivots: int) -> int:
        """Go on for at most `pivots` steps; return how many were used."""
        for step in range(pivots):
            leaving = self.dictionaries[self._which].enter(self._entering)
            if leaving in (-1, self.label):
                self.lost, self.arrived = leaving == -1, leaving == self.label
                return step + 1
            self._entering, self._which = leaving, 1 - self._which
        return pivots


def _exact(a: Any, b: Any, path: _Path) -> Mixed | None:
    """Return the equilibrium on the supports where a path ended, or None if there is none."""
    rows = a.shape[0]
    own = sorted(label for label in path.dictionaries[1].basis if label < rows)
    other = sorted(label - rows for label in path.dictionaries[0].basis if label >= rows)
    if len(own) != len(other) or not own:
        return None
    solved = on_supports(_whole(a), _whole(b), own, other)
    if solved is None or min(map(min, solved)) < 0:
        return None
    return solved if _best(a, solved[1], own) and _best(b.T, solved[0], other) else None


def _whole(table: Any) -> Any:
    return table.astype(object) - int(table.min()) + 1


def _best(table: Any, strategy: Any, replies: list[int]) -> bool:
    """Whether no row pays more against the strategy than those listed, exactly."""
    played = [k for k, p in enumerate(strategy) if p]
    common = np.lcm.reduce([strategy[k].denominator for k in played], dtype=object)
    weights = np.array([strategy[k].numerator * (common // strategy[k].denominator) for k in played], dtype=object)
    values = table[:, played].astype(object) @ weights
    best = values.max()
    return all(values[k] == best for k in replies)
