"""The best strategy to commit to in a two-player game: pure by enumeration, mixed by one linear programme a reply.

Sources: V. Conitzer and T. Sandholm, "Computing the optimal strategy to commit to", Proc. 7th ACM Conference on
Electronic Commerce (2006) 82-90, section 4 (multiple linear programmes); B. von Stengel and S. Zamir, "Leadership
games with convex strategy sets", Games and Economic Behavior 69 (2010) 446-457, for replies that go against the leader.

1. ``X(j)``: the mixed strategies to which reply ``j`` is a best reply. Optimistic: the value is the largest of
   ``max a(x, j)`` over ``X(j)``, over all ``j``.
2. Pessimistic: only an ``X(j)`` with an interior counts, for there the follower has no choice but ``j`` and the replies
   ``E(j)`` that pay it the same everywhere. The value is the largest of ``max over X(j) of min over E(j) of a(x, k)``,
   a supremum: at the maximiser itself a worse reply may tie.
3. It is attained if and only if some ``x`` in such an ``X(j)`` has ``a(x, k) >= value`` for every best reply ``k``.
   Start with ``S = E(j)`` and the ``x`` that satisfy this for ``k`` in ``S``; add to ``S`` what ties with ``j`` at all
   of them, until nothing ties (a mean of points then has the best replies ``S``) or no ``x`` is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.linear_program import LinearAnswer, maximise
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.best_response import player_index
from gametheory.solvers.normal_form.lemke_howson import two_players

__all__ = ["MixedCommitment", "PureCommitment"]

Point = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class PureCommitment:
    """The best pure strategy to commit to.

    Parameters
    ----------
    leader
        Name or index of the player who commits.
    tie_breaking
        ``"optimistic"``: an indifferent follower does what is best for the leader; ``"pessimistic"``: the worst.

    Examples
    --------
    >>> game = NormalFormGame([[2, 4], [1, 3]], [[1, 0], [0, 1]], strategies=[("up", "down"), ("left", "right")])
    >>> answer = PureCommitment().solve(game)
    >>> answer.extra["leader"], answer.extra["value"]
    ({'player 0': {'up': Fraction(0, 1), 'down': Fraction(1, 1)}}, Fraction(3, 1))
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG
    leader: int | str = 0
    tie_breaking: str = "optimistic"

    def __post_init__(self) -> None:
        _check_ties(self.tie_breaking)

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the pure commitment; of several with the same value the first."""
        lead, own, theirs = _tables(game, self.leader)
        pick = max if self.tie_breaking == "optimistic" else min
        best: tuple[Fraction, int, int] | None = None
        for i, row in enumerate(theirs):
            replies = [k for k, payoff in enumerate(row) if payoff == max(row)]
            reply = pick(replies, key=own[i].__getitem__)
            if best is None or own[i][reply] > best[0]:
                best = own[i][reply], i, reply
        assert best is not None  # a game has a strategy
        value, chosen, reply = best
        point = tuple(Fraction(int(i == chosen)) for i in range(len(own)))
        return _answer(game, lead, point, reply, value, pure=True, tie_breaking=self.tie_breaking)


@dataclass(frozen=True, slots=True)
class MixedCommitment:
    """The best mixed strategy to commit to, exactly; see :class:`PureCommitment` for the parameters.

    Examples
    --------
    >>> game = NormalFormGame([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    >>> MixedCommitment().solve(game).extra["value"]
    Fraction(7, 2)
    >>> MixedCommitment(tie_breaking="pessimistic").solve(game).extra["attained"]
    False
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.STACKELBERG
    leader: int | str = 0
    tie_breaking: str = "optimistic"

    def __post_init__(self) -> None:
        _check_ties(self.tie_breaking)

    def solve(self, game: NormalFormGame) -> Answer:
        """Return the commitment, or the limit of commitments where the pessimistic value is not attained."""
        lead, own, theirs = _tables(game, self.leader)
        columns = list(zip(*own, strict=True)), list(zip(*theirs, strict=True))
        if self.tie_breaking == "optimistic":
            found = [_best_inside(*columns, j, [j]) for j in range(len(columns[0]))]
            value, reply = max((answer.value, -j) for j, answer in enumerate(found) if answer.status == "optimal")
            point = found[-reply].x
            return _answer(game, lead, point, -reply, value, pure=False, tie_breaking="optimistic")
        return _pessimistic(game, lead, *columns)


def _check_ties(word: str) -> None:
    if word not in ("optimistic", "pessimistic"):
        raise InputError(f"tie_breaking={word!r} is not known; give 'optimistic' or 'pessimistic'")


def _tables(game: NormalFormGame, leader: int | str) -> tuple[int, list[list[Fraction]], list[list[Fraction]]]:
    """Return who leads, and both players' payoffs with the leader's strategies as rows."""
    two_players(game)
    lead = player_index(game, leader)
    own, theirs = (game.payoffs[i].fractions() for i in (lead, 1 - lead))
    if lead == 1:
        own, theirs = own.T, theirs.T
    return lead, own.tolist(), theirs.tolist()


def _best_inside(own: Any, theirs: Any, j: int, replies: Sequence[int]) -> LinearAnswer:
    """Return ``max over X(j) of min over replies of a(x, k)``; the last variable of several is that minimum."""
    size = len(theirs[j])
    rows: list[list[Any]]
    if len(replies) == 1:
        rows = [*(_lead(theirs, k, j) for k in range(len(theirs)) if k != j), [1] * size]
        return maximise(own[replies[0]], rows, [0] * (len(rows) - 1) + [1], equal=[len(rows) - 1])
    # The minimum is made a variable >= 0 by moving all payoffs up.
    shift = -min(min(own[k]) for k in replies)
    rows = [[*_lead(theirs, k, j), 0] for k in range(len(theirs)) if k != j]
    rows += [[*(-(payoff + shift) for payoff in own[k]), 1] for k in replies]
    answer = maximise([0] * size + [1], [*rows, [1] * size + [0]], [0] * len(rows) + [1], equal=[len(rows)])
    return LinearAnswer(answer.status, answer.x[:size], answer.y, answer.value - shift)


def _lead(theirs: Any, k: int, j: int) -> list[Fraction]:
    """Return what reply `k` earns the follower more than `j`, for each of the leader's strategies."""
    return [b - c for b, c in zip(theirs[k], theirs[j], strict=True)]


def _pessimistic(game: NormalFormGame, lead: int, own: Any, theirs: Any) -> Answer:
    same = {j: [k for k in range(len(theirs)) if theirs[k] == theirs[j]] for j in range(len(theirs))}
    solid = [j for j in range(len(theirs)) if same[j][0] == j and _has_interior(theirs, j, same[j])]
    found = {j: _best_inside(own, theirs, j, same[j]) for j in solid}
    value = max(answer.value for answer in found.values())
    for j, answer in found.items():
        if answer.value != value:
            continue
        point = _attaining(own, theirs, j, same[j], value)
        if point is not None:
            reply = _worst(own, _best_replies(theirs, point), point)
            return _answer(game, lead, point, reply, value, pure=False, tie_breaking="pessimistic")
    j = next(j for j, answer in found.items() if answer.value == value)
    reply = _worst(own, same[j], found[j].x)
    return _answer(game, lead, found[j].x, reply, value, pure=False, tie_breaking="pessimistic", attained=False)


def _has_interior(theirs: Any, j: int, same: Sequence[int]) -> bool:
    """Whether some mixed strategy makes ``j`` strictly better than every reply that is not the same."""
    size = len(theirs[j])
    rows = [[*_lead(theirs, k, j), 1] for k in range(len(theirs)) if k not in same]
    answer = maximise([0] * size + [1], [*rows, [1] * size + [0], [0] * size + [1]], [0] * len(rows) + [1, 1],
                      equal=[len(rows)])  # fmt: skip
    return answer.status == "optimal" and answer.value > 0


def _attaining(own: Any, theirs: Any, j: int, same: Sequence[int], value: Fraction) -> Point | None:
    """Return a strategy of ``X(j)`` at which every best reply gives the leader `value`, or None."""
    size = len(theirs[j])
    kept = list(same)
    while True:
        rows = [_lead(theirs, k, j) for k in range(len(theirs)) if k != j]
        right: list[Any] = [0] * len(rows)
        rows += [[-payoff for payoff in own[k]] for k in kept]
        right += [-value] * len(kept) + [1]
        rows.append([Fraction(1)] * size)
        outside = [k for k in range(len(theirs)) if k not in kept]
        points, tied = [], []
        for k in outside:
            answer = maximise([-v for v in _lead(theirs, k, j)], rows, right, equal=[len(rows) - 1])
            if answer.status != "optimal":
                return None
            points.append(answer.x)
            if answer.value == 0:
                tied.append(k)
        if not tied:
            if not points:
                answer = maximise([0] * size, rows, right, equal=[len(rows) - 1])
                return answer.x if answer.status == "optimal" else None
            return tuple(sum(column, Fraction(0)) / len(points) for column in zip(*points, strict=True))
        kept += tied


def _best_replies(theirs: Any, point: Point) -> list[int]:
    values = [_expected(column, point) for column in theirs]
    return [k for k, value in enumerate(values) if value == max(values)]


def _worst(own: Any, replies: Sequence[int], point: Point) -> int:
    return min(replies, key=lambda k: _expected(own[k], point))


def _expected(payoffs: Sequence[Fraction], point: Point) -> Fraction:
    return sum((p * v for p, v in zip(point, payoffs, strict=True)), Fraction(0))


def _answer(
    game: NormalFormGame,
    lead: int,
    point: Point,
    reply: int,
    value: Fraction,
    *,
    pure: bool,
    tie_breaking: str,
    attained: bool = True,
) -> Answer:
    follow = 1 - lead
    chosen = tuple(Fraction(int(k == reply)) for k in range(game.shape[follow]))
    payoffs = game.expected_payoffs((point, chosen) if lead == 0 else (chosen, point))
    return Answer(
        profile={
            "leader": game.players[lead],
            "commitment": point,
            "reply": reply,
            "pure": pure,
            "tie_breaking": tie_breaking,
            "attained": attained,
        },
        extra={
            "leader": {game.players[lead]: dict(zip(game.strategies[lead], point, strict=True))},
            "follower": {game.players[follow]: game.strategies[follow][reply]},
            "value": value,
            "attained": attained,
            "details": {"payoffs": payoffs},
        },
    )
