"""Logit quantal response equilibrium: the listed box holds exactly one, decided in ball arithmetic.

With ``t_ik = log(x_ik / x_i0)`` the equilibria at precision ``L`` are the zeros of ``t_ik - L (u_ik(x) - u_i0(x))``.
Krawczyk's test on a box that holds all listed points shows one and only one zero there; it must lie in what is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import flint

from gametheory.arithmetic import Number, exact
from gametheory.certificates.enclosed import read_box
from gametheory.errors import InputError
from gametheory.games.enclosure import Enclosure
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_quantal_response_equilibrium"]


def check_quantal_response_equilibrium(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether the enclosures of `profile` hold exactly one logit equilibrium at ``witness["precision"]``.

    The bound is the width of the widest enclosure: how far a listed midpoint can be from the equilibrium.
    """
    given = witness or {}
    if "precision" not in given:
        raise InputError("say at which precision: witness={'precision': L}")
    precision = exact(given["precision"], what="precision")
    read_box(game, profile)
    ends = [[(p.low, p.high) if isinstance(p, Enclosure) else (exact(p),) * 2 for p in s] for s in profile]
    width = max(high - low for s in ends for low, high in s)
    with flint.ctx.workprec(300):
        holds = _decide(game, precision, ends)
    claim = f"the box holds exactly one logit quantal response equilibrium at precision {precision}"
    return Certificate(
        strength=Strength.BOUNDED if holds else Strength.REFUTED,
        claim=claim if holds else f"{claim} (not shown)",
        bound=width,
        epsilon=exact(epsilon, what="epsilon"),
    )


def _arb(value: Fraction) -> Any:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _decide(game: NormalFormGame, precision: Fraction, ends: list[list[tuple[Fraction, Fraction]]]) -> bool:
    if any(sum(pair) <= 0 for s in ends for pair in s):
        return False
    middles = [[_arb((low + high) / 2) for low, high in s] for s in ends]
    centre = [(m[k] / m[0]).log().mid() for m in middles for k in range(1, len(m))]
    box = centre
    reach = _reach(game, precision, ends, centre)
    for radius in ("1e-8", "1e-16", "1e-30") if centre else ():
        box = [flint.arb(t, max(flint.arb(radius), r)) for t, r in zip(centre, reach, strict=True)]
        image = _image(game, precision, centre, box)
        if image is not None and all(b.contains_interior(t) for b, t in zip(box, image, strict=True)):
            for _ in range(6):
                finer = _image(game, precision, [t.mid() for t in image], image)
                if finer is None:
                    break
                image = finer
            box = image
            break
    else:
        if centre:
            return False
    for listed, own in zip(ends, _shares(game, box), strict=True):
        for (low, high), ball in zip(listed, own, strict=True):
            if not (bool(ball >= _arb(low)) and bool(ball <= _arb(high))):
                return False
    return True


def _reach(
    game: NormalFormGame, precision: Fraction, ends: list[list[tuple[Fraction, Fraction]]], centre: list[Any]
) -> list[Any]:
    """Return how far from the centre an equilibrium of the listed box can lie: 1 % more, to be inside.

    No share of ``m`` is below ``exp(-|L| spread) / m``, which serves where an enclosure reaches down to 0.
    """
    reach: list[Any] = []
    for table, own in zip(game.payoffs, ends, strict=True):
        payoffs = [table[cell] for cell in game.profiles()]
        least = -_arb(abs(precision) * (max(payoffs) - min(payoffs))) - flint.arb(len(own)).log()
        lows = [max(least.lower(), _arb(low).log().lower()) if low > 0 else least.lower() for low, _ in own]
        highs = [_arb(high).log() for _, high in own]
        for k in range(1, len(own)):
            t = centre[len(reach)]
            far = max((lows[k] - highs[0] - t).abs_upper(), (highs[k] - lows[0] - t).abs_upper())
            reach.append((far * flint.arb("1.01")).upper())
    return reach


def _shares(game: NormalFormGame, ratios: list[Any]) -> list[list[Any]]:
    found, place = [], 0
    for m in game.shape:
        powers = [flint.arb(1)] + [ratios[place + k].exp() for k in range(m - 1)]
        place += m - 1
        total = sum(powers, flint.arb(0))
        found.append([p / total for p in powers])
    return found


def _payoff(game: NormalFormGame, player: int, strategy: int, shares: list[list[Any]], fixed: Mapping[int, int]) -> Any:
    """Return the expected payoff of a pure strategy; players in `fixed` play a pure strategy too."""
    total = flint.arb(0)
    choices = [
        (strategy,) if j == player else (fixed[j],) if j in fixed else tuple(range(m)) for j, m in enumerate(game.shape)
    ]
    for cell in product(*choices):
        weight = _arb(game.payoffs[player][cell])
        for j, k in enumerate(cell):
            if j != player and j not in fixed:
                weight *= shares[j][k]
        total += weight
    return total


def _image(game: NormalFormGame, precision: Fraction, centre: list[Any], box: list[Any]) -> list[Any] | None:
    n = len(centre)
    try:
        inverse = flint.arb_mat(_slope(game, precision, centre)).inv().mid()
    except ZeroDivisionError:
        return None
    step = inverse * flint.arb_mat([[v] for v in _values(game, precision, centre)])
    spread = inverse * flint.arb_mat(_slope(game, precision, box))
    image = []
    for i in range(n):
        rest = flint.arb(0)
        for k in range(n):
            rest += (flint.arb(int(i == k)) - spread[i, k]) * (box[k] - centre[k])
        image.append(centre[i] - step[i, 0] + rest)
    return image if all(t.is_finite() for t in image) else None


def _values(game: NormalFormGame, precision: Fraction, ratios: list[Any]) -> list[Any]:
    shares = _shares(game, ratios)
    values: list[Any] = []
    for i, m in enumerate(game.shape):
        first = _payoff(game, i, 0, shares, {})
        for k in range(1, m):
            values.append(ratios[len(values)] - _arb(precision) * (_payoff(game, i, k, shares, {}) - first))
    return values


def _slope(game: NormalFormGame, precision: Fraction, ratios: list[Any]) -> list[list[Any]]:
    """``dx_jb/dt_ja = x_jb (1[a = b] - x_ja)``, so the payoff moves by ``x_ja`` times what ``a`` pays over the mean."""
    shares = _shares(game, ratios)
    rows = []
    for i, m in enumerate(game.shape):
        for k in range(1, m):
            mean = _payoff(game, i, k, shares, {}) - _payoff(game, i, 0, shares, {})
            row = []
            for j, size in enumerate(game.shape):
                for a in range(1, size):
                    if j == i:
                        row.append(flint.arb(int(a == k)))
                        continue
                    pure = _payoff(game, i, k, shares, {j: a}) - _payoff(game, i, 0, shares, {j: a})
                    row.append(-_arb(precision) * shares[j][a] * (pure - mean))
            rows.append(row)
    return rows
