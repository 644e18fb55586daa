"""Support enumeration for two players as it is taught: pairs of supports of equal size, each solved exactly.

In a nondegenerate game that is every equilibrium; a degenerate one may have equilibria with supports of unequal size,
so this never claims to be complete. :class:`.ExtremeEquilibria` is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from gametheory.errors import SizeLimit
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.normal_form.best_response import payoff_vector
from gametheory.solvers.normal_form.extreme import positive
from gametheory.solvers.normal_form.lemke_howson import two_players
from gametheory.solvers.normal_form.nondegenerate import on_supports
from gametheory.solvers.normal_form.steps import Trace, TraceStep, wide

__all__ = ["SupportEnumeration"]

#: More strategies of the smaller side than this give too many pairs.
_LIMIT = 8


@dataclass(frozen=True, slots=True)
class SupportEnumeration:
    """Try every pair of supports of equal size.

    Parameters
    ----------
    trace
        Keep what became of each pair, under ``trace``.

    Examples
    --------
    >>> game = NormalFormGame([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> for step in SupportEnumeration(trace=True).solve(game).extra["trace"]:
    ...     print(step.text)
    supports {0} and {0}: an equilibrium
    supports {0} and {1}: the first player gains by '1'
    supports {1} and {0}: the first player gains by '0'
    supports {1} and {1}: an equilibrium
    supports {0, 1} and {0, 1}: an equilibrium
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.NASH_SET
    trace: bool = False

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the equilibria with supports of equal size that are the only ones on their supports."""
        rows, columns = two_players(game)
        if min(rows, columns) > _LIMIT:
            raise SizeLimit(f"{rows} x {columns} strategies, over {_LIMIT}; use ExtremeEquilibria")
        a, b = positive(game)
        found, steps = [], []
        for k in range(1, min(rows, columns) + 1):
            for own in combinations(range(rows), k):
                for other in combinations(range(columns), k):
                    profile, verdict = _try(game, a, b, own, other)
                    if profile is not None:
                        found.append(profile)
                    if self.trace:
                        steps.append(_step(game, own, other, profile, verdict))
        return Answer(
            profile=tuple(found),
            status=Status.SOLVED if found else Status.NO_EQUILIBRIUM_FOUND,
            iterations=len(steps),
            witness={"complete": False},
            extra={
                "trace": Trace(tuple(steps)),
                "complete": False,
                "reason": "only supports of equal size were tried; a degenerate game may have more equilibria",
                "components": tuple((((x,), (y,)),) for x, y in found),
                "indices": (None,) * len(found),
            },
        )


def _try(game: NormalFormGame, a: Any, b: Any, own: tuple[int, ...], other: tuple[int, ...]) -> tuple[Any, str]:
    """Return the equilibrium on these supports, or None and why there is none."""
    solved = on_supports(a, b, own, other)
    if solved is None:
        return None, "the equations have no single solution"
    for word, strategy, support in zip(("first", "second"), solved, (own, other), strict=True):
        for k in support:
            if strategy[k] <= 0:
                return None, f"the {word} player would play {k} with probability {strategy[k]}"
    for i, word in enumerate(("first", "second")):
        values = payoff_vector(game, solved, i)
        best = max(range(len(values)), key=values.__getitem__)
        if values[best] > values[(own, other)[i][0]]:
            return None, f"the {word} player gains by {game.strategies[i][best]!r}"
    return solved, "an equilibrium"


def _step(game: NormalFormGame, own: tuple[int, ...], other: tuple[int, ...], profile: Any, verdict: str) -> TraceStep:
    names = ["{" + ", ".join(game.strategies[i][k] for k in support) + "}" for i, support in enumerate((own, other))]
    text = f"supports {names[0]} and {names[1]}: {verdict}"
    if profile is None:
        return TraceStep(text=text)
    width = max(map(len, profile))
    return TraceStep(
        text=text, **wide(("", *map(str, range(width))), [(game.players[i], *profile[i]) for i in range(2)])
    )
