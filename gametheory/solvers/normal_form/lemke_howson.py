"""Lemke and Howson's algorithm, in integers and with lexicographic ties: it ends on every two-player game.

Source: C. E. Lemke and J. T. Howson, "Equilibrium points of bimatrix games", SIAM J. 12 (1964) 413-423; tableaus and
integer pivoting as in B. von Stengel, "Computing equilibria for two-person games", Handbook of Game Theory 3 (2002),
sections 2.3-2.6; ties as in Lemke, Management Science 11 (1965) 681-689.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.integer_tableau import IntegerTableau
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.answers import equilibrium_answer
from gametheory.solvers.normal_form.steps import Trace, TraceStep

__all__ = ["LemkeHowson"]


@dataclass(frozen=True, slots=True)
class LemkeHowson:
    """Follow the path that starts by dropping one label.

    Labels ``0..m-1`` are the first player's strategies and ``m..m+n-1`` the second's. The end of the path is an
    equilibrium; which one depends on `initial_label` only.

    Parameters
    ----------
    initial_label
        The label dropped at the artificial equilibrium.
    trace
        Keep every pivot with its tableau in exact fractions, under ``details["trace"]`` (a
        :class:`~gametheory.solvers.normal_form.steps.Trace`).

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [[str(p) for p in strategy] for strategy in LemkeHowson().solve(game).profile]
    [['0', '1'], ['0', '1']]
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH
    initial_label: int = 0
    trace: bool = False

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the equilibrium at the end of the path."""
        rows, columns = two_players(game)
        if not 0 <= self.initial_label < rows + columns:
            raise InputError(f"initial_label={self.initial_label} is not one of 0..{rows + columns - 1}")
        first, second = tableaus(game)
        steps: list[TraceStep] | None = [] if self.trace else None
        path = follow(first, second, self.initial_label, steps)
        profile = (normalised(second.values(), range(rows)), normalised(first.values(), range(rows, rows + columns)))
        rule = f"the end of the Lemke-Howson path that drops label {self.initial_label}"
        answer = equilibrium_answer(game, profile, rule=rule, iterations=len(path))
        if steps is None:
            return answer
        details = {**answer.extra["details"], "trace": Trace(tuple(steps))}
        return replace(answer, extra={**answer.extra, "details": details})


def two_players(game: NormalFormGame) -> tuple[int, int]:
    """Return the numbers of strategies, or refuse a game of another number of players."""
    if len(game.shape) != 2:
        raise UnsupportedGame(f"{len(game.shape)} players: this algorithm is for two; leave solver= out, and one fits")
    return game.shape[0], game.shape[1]


def tableaus(game: NormalFormGame) -> tuple[IntegerTableau, IntegerTableau]:
    """Return ``A y + r = 1`` and ``B' x + s = 1``, with payoffs made positive; columns are numbered by label.

    In the first, ``r_i`` has label ``i`` and ``y_j`` label ``m + j``; in the second ``x_i`` has label ``i`` and
    ``s_j`` label ``m + j``.
    """
    rows, columns = game.shape
    a, b = (table.integers() for table in game.payoffs)
    a, b = a - a.min() + 1, (b - b.min() + 1).T
    return (
        IntegerTableau(a.tolist(), list(range(rows)), list(range(rows, rows + columns))),
        IntegerTableau(b.tolist(), list(range(rows, rows + columns)), list(range(rows))),
    )


def follow(
    first: IntegerTableau, second: IntegerTableau, label: int, trace: list[TraceStep] | None = None
) -> list[tuple[int, int, int]]:
    """Pivot until the dropped label is found again; return the steps (tableau, entering, leaving)."""
    entering = label
    which = 0 if entering not in first.basis else 1
    steps = []
    while True:
        tableau = (first, second)[which]
        leaving = tableau.enter(entering)
        steps.append((which, entering, leaving))
        if trace is not None:
            trace.append(_told(tableau, which, entering, leaving, dropped=label))
        if leaving == label:
            return steps
        entering, which = leaving, 1 - which


def _told(tableau: IntegerTableau, which: int, entering: int, leaving: int, *, dropped: int) -> TraceStep:
    free, rows = tableau.dictionary()
    whose = ("second", "first")[which]
    end = "; that is the label dropped: the path ends" if leaving == dropped else ""
    return TraceStep(
        text=f"in the {whose} player's tableau label {entering} enters and label {leaving} leaves{end}",
        header=("basis", *map(str, free), "value"),
        rows=tuple((str(label), *row) for label, row in rows),
    )


def normalised(values: dict[int, Any], labels: range) -> tuple[Fraction, ...]:
    """Return the values of the labels, divided by their sum."""
    mass = sum(values.get(label, 0) for label in labels)
    return tuple(Fraction(int(values.get(label, 0)), int(mass)) for label in labels)
