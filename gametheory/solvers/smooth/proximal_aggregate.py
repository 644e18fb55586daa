"""A decentralised scheme for aggregative games: a player sees the sums over all strategies, and nobody's strategy.

Source: G. Scutari, F. Facchinei, J.-S. Pang, D. P. Palomar, "Real and complex monotone communication games", IEEE
Transactions on Information Theory 60(7) (2014), 4197-4231 (the proximal best reply); S. Grammatico, F. Parise, M.
Colombino, J. Lygeros, "Decentralized convergence to Nash equilibria in constrained deterministic mean field control",
IEEE Transactions on Automatic Control 61(11) (2016), 3315-3329 (signals are sums). The weight's rule is the package's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gametheory.errors import InputError
from gametheory.games.aggregate import AggregativeGame
from gametheory.result import Answer, Concept
from gametheory.solvers.smooth.answers import FINE, finished, read_start
from gametheory.solvers.smooth.field import Field
from gametheory.solvers.smooth.replies import OwnProblem

__all__ = ["ProximalAggregate"]


@dataclass(frozen=True, slots=True)
class ProximalAggregate:
    """In each round a coordinator sends the sums ``s``; all players reply at once, held near what they played before.

    1. Player ``i`` takes its own part out of ``s`` and minimises its cost plus ``w |y - x_i|^2 / 2``.
    2. The coordinator adds up the replies; where the largest move grew it sends a larger ``w``, else a smaller one.

    Parameters
    ----------
    weight
        The first ``w > 0``.
    start, iterations, accuracy
        As of :class:`~gametheory.solvers.smooth.extragradient.Extragradient`.

    Examples
    --------
    >>> from gametheory.catalogue import catalogue
    >>> answer = ProximalAggregate().solve(catalogue("murphy_sherali_soyster_5").game)
    >>> round(float(answer.profile[0][0]), 3)
    36.933
    """

    accepts: ClassVar[tuple[str, ...]] = ("AggregativeGame",)
    concept: ClassVar[Concept] = Concept.NASH
    weight: float = 1.0
    start: tuple[Any, ...] | None = None
    iterations: int = 3000
    accuracy: float = 1e-8

    def solve(self, game: AggregativeGame) -> Answer:
        """Return the equilibrium at which the replies come to rest."""
        if self.weight <= 0:
            raise InputError(f"weight={self.weight} must be > 0")
        field = Field.of(game.as_smooth())
        turn = 1 if game.sense == "cost" else -1
        players = [
            OwnProblem(turn * game.own_objective(i), own, range(own.size)) for i, own in enumerate(game.strategies)
        ]
        x = read_start(field, self.start)
        sums = np.zeros((len(game.aggregates), game.size))
        for k, row in enumerate(game.aggregates):
            for j, a in row:
                sums[k, j] = float(a)
        weight, move, last, count = self.weight, np.inf, np.inf, 0
        for count in range(1, self.iterations + 1):  # noqa: B007
            signal = sums @ x
            replies = []
            for own, block in zip(players, game.blocks, strict=True):
                inside = slice(block.start, block.stop)
                mine = x[inside]
                others = signal - sums[:, inside] @ mine
                replies.append(own.reply(np.concatenate([mine, others]), weight))
            response = np.concatenate(replies)
            move = float(np.abs(response - x).max())
            x = response
            if (1 + weight) * move <= FINE / 100 * max(1.0, float(np.abs(x).max())) or not np.isfinite(move):
                break
            weight = min(weight * 2, 1e6) if move > last else max(weight * 0.98, 1e-6)
            last = move
        return finished(
            game,
            x,
            iterations=count,
            converged=field.residual(x) <= 100 * FINE * max(1.0, float(np.abs(x).max())),
            accuracy=self.accuracy,
            details={"last_move": move, "natural_residual": field.residual(x), "weight": weight},
        )
