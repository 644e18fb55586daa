"""The best bound on the price of anarchy that a smoothness argument gives: a linear programme in two unknowns.

If ``sum_i u_i(s*_i, s_-i) >= lambda OPT - mu W(s)`` in every cell ``s``, every coarse correlated equilibrium has a
total of at least ``lambda / (1 + mu) OPT`` (T. Roughgarden, Intrinsic robustness of the price of anarchy, J. ACM 62
(2015) article 32). With ``alpha = 1 / (1 + mu)`` and ``beta = lambda alpha`` the condition is linear:
``beta OPT <= alpha sum_i u_i(s*_i, s_-i) + (1 - alpha) W(s)``; the greatest ``beta`` is the bound.
"""

from __future__ import annotations

from fractions import Fraction

from gametheory.games.normal_form import NormalFormGame
from gametheory.numerics.linear_program import maximise
from gametheory.solvers.normal_form.optimum import totals

__all__ = ["smoothness"]


def smoothness(game: NormalFormGame, optimum: tuple[int, ...]) -> tuple[Fraction, Fraction] | None:
    """Return the best ``(alpha, beta)``, or None where the optimal total is not positive or no beta is.

    Examples
    --------
    >>> game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [str(x) for x in smoothness(game, (0, 0))]
    ['0', '1/3']
    """
    sums = totals(game)
    best = max(sums)
    if best <= 0:
        return None
    rows: dict[tuple[Fraction, Fraction], Fraction] = {}
    for cell, total in zip(game.profiles(), sums, strict=True):
        moved = sum((t[(*cell[:i], optimum[i], *cell[i + 1 :])] for i, t in enumerate(game.payoffs)), Fraction(0))
        key = best, total - moved
        rows[key] = min(total, rows.get(key, total))
    # max beta: OPT beta + (W - moved) alpha <= W; some beta may be negative, so it is measured from a floor.
    floor = min(Fraction(0), min(sums) / best) - 1
    answer = maximise([0, 1], [[d, b] for b, d in rows], [w - b * floor for (b, _), w in rows.items()])
    if answer.status != "optimal":
        return None
    alpha, beta = answer.x[0], answer.x[1] + floor
    return (alpha, beta) if beta > 0 else None
