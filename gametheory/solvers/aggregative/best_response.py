"""Best-response iteration: players answer each other until nobody moves, and one player's exact best reply.

Source: the simultaneous best reply of Chen, Mei, Zhou, Low, Wei and Liu, IEEE Transactions on Smart Grid 11(3), 2020
(quadratic replies are derived). It contracts only if ``(I - 4) kappa < 2 min c``; taking turns is the default here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from gametheory.arithmetic import FloatArray, exact, rational
from gametheory.errors import InputError
from gametheory.games.aggregative import DemandBiddingGame, read_bids
from gametheory.result import Answer, Concept, Status
from gametheory.solvers.aggregative.answers import cost, tree_sum, user_answer
from gametheory.solvers.aggregative.replies import FloatGame, exact_reply, exact_steps, largest_gain

__all__ = ["BestReply", "BestResponse", "best_response"]


#: Bids that move further than this in a round will not come back.
_DIVERGED = 1e100

#: Moves this small against the bids that have not shrunk for so many rounds are rounding.
_ROUNDING, _PATIENCE = 1e-12, 50


@dataclass(frozen=True, slots=True)
class BestReply:
    """What one player does best while the others keep their bids.

    Attributes
    ----------
    bids, adjustments
        One a step.
    cost, gain
        What it then bears, and how much less that is than now.
    """

    bids: tuple[Fraction, ...]
    adjustments: tuple[Fraction, ...]
    cost: Fraction
    gain: Fraction


@dataclass(frozen=True, slots=True)
class BestResponse:
    """Iterate best replies in floats; steps are independent and run side by side.

    Steps (one round): (1) each player, in turn or all at once, meets the sum ``B`` of the others' bids; (2) it buys its
    best ``q`` and bids ``b = (I q + B)/(I - 1)``; (3) the bid moves the fraction `damping` of the way. It ends when no
    bid moved by more than `tolerance` times the largest bid, or when what moves is rounding.

    Parameters
    ----------
    simultaneous
        All answer the same round (Jacobi) instead of taking turns (Gauss-Seidel). May diverge: see the source.
    damping
        In ``(0, 1]``; 1 takes the whole step.
    tolerance, max_iterations
        When to stop. Past `max_iterations` rounds, or when bids diverge, the last bids are returned as not
        converged.
    """

    accepts: ClassVar[tuple[str, ...]] = ("DemandBiddingGame",)
    concept: ClassVar[Concept] = Concept.NASH
    simultaneous: bool = False
    damping: float = 1.0
    tolerance: float = 1e-14
    max_iterations: int = 20_000

    def __post_init__(self) -> None:
        if not 0 < self.damping <= 1:
            raise InputError(f"damping={self.damping} must lie in (0, 1]; 1 takes whole steps")
        if self.max_iterations < 1:
            raise InputError(f"max_iterations={self.max_iterations} must be at least 1")

    def solve(self, game: DemandBiddingGame) -> Answer:
        """Return the bids at which nobody moves, with the exact regret that rounding leaves."""
        floats = FloatGame.of(game)
        bids = np.zeros_like(floats.position)
        adjustments = np.zeros_like(bids)
        rounds, status = 0, Status.NOT_CONVERGED
        least, since = np.inf, 0
        while rounds < self.max_iterations:
            rounds += 1
            before = bids.copy()
            self._round(floats, bids, adjustments)
            moved, size = np.abs(bids - before).max(), np.abs(bids).max()
            if not moved < _DIVERGED:
                bids = before
                break
            least, since = (moved, 0) if moved < least else (least, since + 1)
            if moved <= self.tolerance * size or (since >= _PATIENCE and moved <= _ROUNDING * size):
                status = Status.SOLVED
                break
        prices = bids.sum(axis=0) / (len(bids) * floats.sensitivity)
        received = bids - floats.sensitivity * prices
        own = np.where(np.isinf(floats.buy), floats.position - received, adjustments)
        steps = exact_steps(game, received, own, prices)
        return user_answer(
            game,
            steps,
            rule="the bids that best-response iteration from zero bids ends at",
            epsilon=exact(largest_gain(game, steps)),
            iterations=rounds,
            status=status,
        )

    def _round(self, floats: FloatGame, bids: FloatArray, adjustments: FloatArray) -> None:
        total = bids.sum(axis=0)
        if self.simultaneous:
            others = total - bids
            received, adjustments[:] = floats.replies(others)
            bids += self.damping * (floats.bids(received, others) - bids)
            return
        for i in range(len(bids)):
            others = total - bids[i]
            received, adjustments[i] = floats.replies(others, i)
            bids[i] += self.damping * (floats.bids(received, others) - bids[i])
            total = others + bids[i]


def best_response(game: DemandBiddingGame, profile: Any, player: str | int) -> BestReply:
    """Return what `player` does best while the others keep their bids, exactly.

    Examples
    --------
    >>> from gametheory.games.trading import TradingStep
    >>> game = DemandBiddingGame(("a", "b"), (TradingStep.from_numbers([2, 0], [1, 1], [0, 0]),), 1)
    >>> reply = best_response(game, {"bids": [[0], [0]]}, "a")
    >>> reply.bids, reply.cost
    ((Fraction(4, 3),), Fraction(4, 3))
    """
    bids, own = read_bids(game, profile)
    k = game.players.index(player) if player in game.players else player
    if not (type(k) is int and 0 <= k < len(game.players)):
        raise InputError(f"player {player!r} is not in this game; the players are {', '.join(game.players)}")
    a, kappa, size = rational(game.sensitivity), rational(game.kappa), len(game.players)
    offers, adjustments, costs, now = [], [], [], []
    for t, step in enumerate(game.steps):
        everyone = tree_sum([row[t] for row in bids])
        price = everyone / (a * size)
        others = everyone - bids[k][t]
        q, p = exact_reply(step.traders[k], step, kappa, others)
        offers.append(exact((size * q + others) / (size - 1)))
        adjustments.append(exact(p))
        costs.append(cost(step.traders[k], step, kappa * (q + others), q, p))
        now.append(cost(step.traders[k], step, price, bids[k][t] - a * price, own[k][t]))
    spent = tree_sum(costs)
    return BestReply(tuple(offers), tuple(adjustments), exact(spent), exact(tree_sum(now) - spent))
