"""The optimum of a linear-programming game with exact multipliers: one programme for all players together.

Owen's core point (G. Owen, "On the core of linear production games", Mathematical Programming 9 (1975) 358-370) follows
from the multipliers: each player's share is what they make of its demand, its own rows and its bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gametheory.arithmetic import exact, rational
from gametheory.games.linear import LinearGame
from gametheory.numerics.sparse_program import minimise
from gametheory.result import Answer, Concept

__all__ = ["ExactBasis"]


@dataclass(frozen=True, slots=True)
class ExactBasis:
    """Solve the grand coalition's programme by HiGHS and solve its final basis again in rationals.

    Examples
    --------
    >>> from gametheory.games.linear import LinearMember
    >>> game = LinearGame(("a", "b"), (3, -1), (((0, 1), (1, -1)),), (LinearMember((2,)), LinearMember((-1,))))
    >>> answer = ExactBasis().solve(game)
    >>> answer.extra["value"], answer.extra["details"]["shares"]
    (Fraction(3, 1), (Fraction(6, 1), Fraction(-3, 1)))
    """

    accepts: ClassVar[tuple[str, ...]] = ("LinearGame",)
    concept: ClassVar[Concept] = Concept.OPTIMUM

    def solve(self, game: LinearGame) -> Answer:
        """Return an optimal point, its multipliers, and the shares that follow from them."""
        cost: list[Any] = list(game.costs)
        lower: list[Any] = [0] * len(cost)
        upper: list[Any] = [None] * len(cost)
        rows: list[list[tuple[int, Any]]] = [list(row) for row in game.common]
        right: list[Any] = [sum(column) for column in zip(*(m.demand for m in game.members), strict=True)]
        starts, row_starts = [], []
        for member in game.members:
            start = len(cost)
            starts.append(start)
            row_starts.append(len(rows))
            cost += member.costs
            lower += member.lower
            upper += member.upper
            for t, pairs in enumerate(member.coupling):
                rows[t] += [(start + k, a) for k, a in pairs]
            for pairs, value in member.rows:
                rows.append([(start + k, a) for k, a in pairs])
                right.append(value)
        found = minimise(cost, rows, right, lower, upper)
        z, y = tuple(map(exact, found.z)), tuple(map(exact, found.y))
        prices = y[: len(game.common)]
        activities = tuple(z[start : start + len(m.costs)] for start, m in zip(starts, game.members, strict=True))
        own = tuple(y[start : start + len(m.rows)] for start, m in zip(row_starts, game.members, strict=True))
        value = exact(sum((rational(a) * b for a, b in zip(cost, found.z, strict=True)), rational(0)))
        shares = tuple(_share(m, prices, w) for m, w in zip(game.members, own, strict=True))
        return Answer(
            profile={
                "value": value,
                "common": z[: len(game.costs)],
                "activities": activities,
                "prices": prices,
                "own_prices": own,
            },
            extra={
                "value": value,
                "point": dict(zip(game.players, activities, strict=True)),
                "details": {"prices": prices, "common": z[: len(game.costs)], "shares": shares},
            },
        )


def _share(member: Any, prices: Any, own: Any) -> Any:
    """Return multipliers times right sides: demands, own rows, and the bounds that reduced costs press on."""
    reduced = [rational(c) for c in member.costs]
    share = rational(0)
    for price, need, pairs in zip(prices, member.demand, member.coupling, strict=True):
        share += rational(price) * rational(need)
        for k, a in pairs:
            reduced[k] -= rational(price) * rational(a)
    for price, (pairs, value) in zip(own, member.rows, strict=True):
        share += rational(price) * rational(value)
        for k, a in pairs:
            reduced[k] -= rational(price) * rational(a)
    for r, low, high in zip(reduced, member.lower, member.upper, strict=True):
        if r:
            share += r * rational(low if r > 0 else high)
    return exact(share)
