"""Two players whose payoffs sum to a constant: one linear programme gives both strategies and the value.

With payoffs made positive, ``max 1'y : A y <= 1, y >= 0`` has the value ``1 / v``; ``v y`` and ``v`` times the
multipliers are optimal strategies (Dantzig 1951; Gale, Kuhn and Tucker 1951). Floats find the basis, rationals decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gametheory.errors import UnsupportedGame
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.linear_program import maximise
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.answers import equilibrium_answer
from gametheory.solvers.normal_form.lemke_howson import two_players

__all__ = ["ZeroSumProgram", "is_constant_sum"]


@dataclass(frozen=True, slots=True)
class ZeroSumProgram:
    """Optimal strategies of a two-player game of constant sum.

    Raises
    ------
    UnsupportedGame
        The payoffs do not sum to a constant.

    Examples
    --------
    >>> game = NormalFormGame.zero_sum([[3, -1], [-2, 1]])
    >>> answer = ZeroSumProgram().solve(game)
    >>> str(answer.extra["details"]["value"]), [str(p) for p in answer.profile[0]]
    ('1/7', ['3/7', '4/7'])
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH

    def solve(self, game: NormalFormGame) -> Answer:
        """Return optimal strategies, and the value of the game under ``details["value"]``."""
        rows, columns = two_players(game)
        if not is_constant_sum(game):
            raise UnsupportedGame("the payoffs do not sum to a constant; leave solver= out, or give LemkeHowson()")
        table: Any = game.payoffs[0].integers()
        shift = 1 - table.min()
        answer = maximise([1] * columns, (table + shift).tolist(), [1] * rows)
        x = tuple(p / answer.value for p in answer.y)
        y = tuple(p / answer.value for p in answer.x)
        found = equilibrium_answer(
            game, (x, y), rule="the optimal strategies at the final basis of the linear programme"
        )
        details = {**found.extra["details"], "value": found.extra["payoffs"][0]}
        return Answer(profile=(x, y), extra={**found.extra, "details": details})


def is_constant_sum(game: NormalFormGame) -> bool:
    """Whether the players' payoffs sum to the same number in every cell."""
    first, second = game.payoffs
    own, other = second.denominator, first.denominator
    pairs = zip(first.numerators, second.numerators, strict=True)
    wanted = first.numerators[0] * own + second.numerators[0] * other
    return all(a * own + b * other == wanted for a, b in pairs)
