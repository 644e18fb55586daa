"""Dominated strategies and their iterated elimination, with the dominating strategy and, for those that stay, a belief.

A strategy is strictly dominated by a mixture exactly when no belief over the others' strategies makes it a best reply,
and weakly dominated exactly when no belief of full support does (Pearce, Econometrica 52 (1984) 1029-1050, lemmas 3
and 4). One linear programme a strategy gives the mixture or, in its multipliers, the belief.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import ClassVar

from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.linear_program import maximise
from gametheory.result import Answer, Concept
from gametheory.solvers.normal_form.steps import Trace, TraceStep

__all__ = ["IteratedDominance"]

Strategy = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class IteratedDominance:
    """Remove dominated strategies, all of a round at once, until none is left.

    Parameters
    ----------
    weak
        Weak dominance (at least as good everywhere, better somewhere) instead of strict. What remains after weak
        elimination depends on the order; here every round removes all that are dominated.
    mixed
        Whether mixtures dominate, not only pure strategies.
    iterated
        False: one round.
    trace
        Keep each removal with the payoffs that show it, under ``trace``.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> IteratedDominance().solve(game).profile
    ((1,), (1,))
    """

    accepts: ClassVar[tuple[str, ...]] = ("NormalFormGame",)
    concept: ClassVar[Concept] = Concept.DOMINANCE
    weak: bool = False
    mixed: bool = True
    iterated: bool = True
    trace: bool = False

    def __post_init__(self) -> None:
        for name in ("weak", "mixed", "iterated", "trace"):
            if not isinstance(getattr(self, name), bool):
                raise InputError(f"{name}={getattr(self, name)!r} must be True or False")

    def solve(self, game: NormalFormGame) -> Answer:
        """Return what remains, as strategy indices of each player, with the steps and the beliefs as the witness."""
        kept = [tuple(range(size)) for size in game.shape]
        steps: list[tuple[int, int, int, Strategy]] = []
        rounds = 0
        told: list[TraceStep] = []
        while True:
            verdicts = {(i, k): self._judge(game, kept, i, k) for i, own in enumerate(kept) for k in own}
            out = [(rounds, i, k, mixture) for (i, k), (mixture, _) in verdicts.items() if mixture is not None]
            beliefs = tuple((i, k, belief) for (i, k), (mixture, belief) in verdicts.items() if mixture is None)
            if not out:
                break
            steps += out
            if self.trace:
                told += [self._told(game, kept, *step) for step in out]
            gone = {(i, k) for _, i, k, _ in out}
            kept = [tuple(k for k in own if (i, k) not in gone) for i, own in enumerate(kept)]
            rounds += 1
            if not self.iterated:
                break
        named = tuple(
            {
                "round": r + 1,
                "player": game.players[i],
                "strategy": game.strategies[i][k],
                "dominated by": {game.strategies[i][l]: p for l, p in enumerate(mixture) if p},
            }
            for r, i, k, mixture in steps
        )
        return Answer(
            profile=tuple(kept),
            iterations=rounds,
            witness={
                "weak": self.weak,
                "mixed": self.mixed,
                "iterated": self.iterated,
                "steps": tuple(steps),
                "beliefs": beliefs,
            },
            extra={
                "eliminated": named,
                "remaining": tuple(tuple(game.strategies[i][k] for k in own) for i, own in enumerate(kept)),
                "trace": Trace(tuple(told)),
            },
        )

    def _told(
        self, game: NormalFormGame, kept: Sequence[tuple[int, ...]], rounds: int, i: int, k: int, mixture: Strategy
    ) -> TraceStep:
        """Say by what a strategy is dominated, with the payoffs of both against all that is left of the others."""
        names = game.strategies[i]
        by = " + ".join(names[l] if p == 1 else f"{p} {names[l]}" for l, p in enumerate(mixture) if p)
        cells = list(product(*(own for j, own in enumerate(kept) if j != i)))
        others = [j for j in range(len(kept)) if j != i]
        table = game.payoffs[i]
        lines = [[table[(*cell[:i], l, *cell[i:])] for cell in cells] for l in range(len(names))]
        mixed = [sum((p * lines[l][c] for l, p in enumerate(mixture) if p), Fraction(0)) for c in range(len(cells))]
        return TraceStep(
            text=f"round {rounds + 1}: {names[k]!r} of {game.players[i]!r} is {'weakly' if self.weak else 'strictly'} "
            f"dominated by {by}",
            header=(
                "",
                *(", ".join(game.strategies[j][l] for j, l in zip(others, cell, strict=True)) for cell in cells),
            ),
            rows=(
                (names[k], *lines[k]),
                (by, *mixed),
                ("gain", *(b - a for a, b in zip(lines[k], mixed, strict=True))),
            ),
        )

    def _judge(
        self, game: NormalFormGame, kept: Sequence[tuple[int, ...]], player: int, strategy: int
    ) -> tuple[Strategy | None, Strategy]:
        """Return a dominating mixture over all strategies of `player`, or None and a belief over the others' cells."""
        own = kept[player]
        differences = _differences(game, kept, player, strategy)
        if not self.mixed:
            for l, row in zip(own, differences, strict=True):
                better = all(d >= 0 for d in row) and any(d > 0 for d in row) if self.weak else all(d > 0 for d in row)
                if better:
                    return _spread(game.shape[player], [l], [Fraction(1)]), ()
            return None, ()
        others = [k for k, l in enumerate(own) if l != strategy]
        find = _weakly if self.weak else _strictly
        mixture, belief = find([differences[k] for k in others], len(differences[0]))
        if mixture is None:
            return None, belief
        return _spread(game.shape[player], [own[k] for k in others], mixture), ()


def _differences(game: NormalFormGame, kept: Sequence[tuple[int, ...]], player: int, strategy: int) -> list[list[int]]:
    """Return by strategy kept what it earns beyond `strategy` in each cell of the others, in whole numerators."""
    table = game.payoffs[player].numerators
    steps = [math.prod(game.shape[i + 1 :]) for i in range(len(game.shape))]
    others = [own for i, own in enumerate(kept) if i != player]
    strides = [step for i, step in enumerate(steps) if i != player]
    bases = [sum(k * s for k, s in zip(cell, strides, strict=True)) for cell in product(*others)]
    step = steps[player]
    return [[table[b + l * step] - table[b + strategy * step] for b in bases] for l in kept[player]]


def _strictly(rows: list[list[int]], cells: int) -> tuple[list[Fraction] | None, Strategy]:
    """Return a mixture of the rows that is positive everywhere, or a belief under which no row is."""
    if not rows:
        return None, tuple(Fraction(1, cells) for _ in range(cells))
    ceiling = 1 + max(abs(d) for row in rows for d in row)
    # max t: t - sum_l x_l D_lc <= ceiling, sum x = 1; the margin is t - ceiling.
    constraints = [[*(-row[c] for row in rows), 1] for c in range(cells)]
    constraints.append([1] * len(rows) + [0])
    answer = maximise([0] * len(rows) + [1], constraints, [ceiling] * cells + [1], equal={cells})
    if answer.value > ceiling:
        return list(answer.x[:-1]), ()
    mass = sum(answer.y[:-1])
    return None, tuple(y / mass for y in answer.y[:-1])


def _weakly(rows: list[list[int]], cells: int) -> tuple[list[Fraction] | None, Strategy]:
    """Return a mixture that is nowhere negative and somewhere positive, or a belief of full support against all."""
    if not rows:
        return None, tuple(Fraction(1, cells) for _ in range(cells))
    # max sum_c sum_l x_l D_lc over mixtures that lose nowhere; the rest of the mass stays on the strategy itself.
    constraints = [[-row[c] for row in rows] for c in range(cells)]
    constraints.append([1] * len(rows))
    answer = maximise([sum(row) for row in rows], constraints, [0] * cells + [1])
    if answer.value > 0:
        mass = sum(answer.x)
        return [x / mass for x in answer.x], ()
    weights = [1 + y for y in answer.y[:-1]]
    return None, tuple(w / sum(weights) for w in weights)


def _spread(size: int, places: Sequence[int], weights: Sequence[Fraction]) -> Strategy:
    by_place = dict(zip(places, weights, strict=True))
    return tuple(by_place.get(k, Fraction(0)) for k in range(size))
