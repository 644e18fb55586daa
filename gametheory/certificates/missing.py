"""Is an equilibrium missing from the list of a game of any number of players? What the two searches say together."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.certificates.closed_supports import OpenSupport, Point, unclosed
from gametheory.certificates.enclosed import holds_one_equilibrium
from gametheory.certificates.normal_form import deviation_payoffs
from gametheory.certificates.one_mixes import not_covered
from gametheory.certificates.two_mix import closed_exactly
from gametheory.games.enclosure import Enclosure
from gametheory.games.mixed_profile import Mixed, read_profile
from gametheory.games.normal_form import NormalFormGame

__all__ = ["UNDECIDED", "missing_one"]

UNDECIDED = "too large"
#: Half the width of the box in which a missing equilibrium is looked for.
_NEAR = Fraction(1, 10**12)


def missing_one(
    game: NormalFormGame, listed: Sequence[Mixed], boxes: Sequence[Any], components: Sequence[Any]
) -> tuple[str, dict[str, Any]]:
    """Return the claim that fails and the evidence; an empty claim where nothing is missing, or `UNDECIDED`."""
    subsets = [
        tuple(tuple(strategies) for strategies in _columns(game, subset))
        for component in components
        for subset in component
        if not any(isinstance(p, Enclosure) for strategies in subset for p in strategies[0])
    ]
    missing = not_covered(game, listed, subsets)
    if missing is not None:
        claim = "the list and its components hold every equilibrium in which at most one player mixes"
        return claim, {"missing": missing}
    points = [*(_exact_point(game, profile) for profile in listed), *map(_enclosed_point, boxes)]
    known = [tuple(frozenset(own) for own in subset) for subset in subsets]
    known += [tuple(frozenset((own,)) for own in profile) for profile in listed]
    left = unclosed(game, points, lambda supports: closed_exactly(game, supports, known))
    if left is None:
        return "", {}
    names = tuple(tuple(own[k] for k in s) for own, s in zip(game.strategies, left.supports, strict=True))
    if left.large:
        return UNDECIDED, {}
    found = _proved(game, left)
    if found is not None:
        return "the list holds every equilibrium", {"supports": names, "missing": found}
    return "every choice of supports is closed, so that the list is complete", {"supports": names}


def _columns(game: NormalFormGame, subset: Sequence[Any]) -> list[list[tuple[Fraction, ...]]]:
    """Return the strategies of each player of a subset in Fractions."""
    firsts = [strategies[0] for strategies in subset]
    columns = []
    for i, strategies in enumerate(subset):
        columns.append([read_profile(game, [*firsts[:i], own, *firsts[i + 1 :]])[0][i] for own in strategies])
    return columns


def _exact_point(game: NormalFormGame, profile: Mixed) -> Point:
    best = []
    for i in range(len(game.shape)):
        values = deviation_payoffs(game, profile, i)
        best.append(frozenset(k for k, value in enumerate(values) if value == max(values)))
    played = tuple(frozenset(k for k, p in enumerate(own) if p) for own in profile)
    return Point(tuple(tuple(map(float, own)) for own in profile), played, tuple(best))


def _enclosed_point(box: Any) -> Point:
    played = tuple(frozenset(k for k, p in enumerate(own) if isinstance(p, Enclosure) or p != 0) for own in box)
    return Point(tuple(tuple(map(float, own)) for own in box), played, played)


def _proved(game: NormalFormGame, left: OpenSupport) -> Any:
    """Return a box that holds exactly one equilibrium with the supports that were left open, or None."""
    if left.near is None:
        return None
    weights = _polished(game, left)
    if weights is None:
        return None
    box = []
    for i, own in enumerate(left.supports):
        full: list[Any] = [Fraction(0)] * game.shape[i]
        for k, p in zip(own, weights[i], strict=True):
            full[k] = Fraction(1) if len(own) == 1 else Enclosure(Fraction(p) - _NEAR, Fraction(p) + _NEAR)
        box.append(tuple(full))
    if any(isinstance(p, Enclosure) and p.low <= 0 for own in box for p in own):
        return None
    return tuple(box) if not holds_one_equilibrium(game, box) else None


def _polished(game: NormalFormGame, left: OpenSupport) -> list[list[float]] | None:
    """Return the point after Newton steps in floats, with derivatives by differences: nothing here is trusted."""
    tables = [np.moveaxis(table.floats(), i, 0) for i, table in enumerate(game.payoffs)]
    free = np.array([p for own in left.near or () for p in own[1:]])

    def whole(point: Any) -> list[Any]:
        parts = np.split(point, np.cumsum([len(own) - 1 for own in left.supports])[:-1])
        return [np.concatenate([[1 - part.sum()], part]) for part in parts]

    def residual(point: Any) -> Any:
        mixtures, values = whole(point), []
        for i, own in enumerate(left.supports):
            others = [j for j in range(len(mixtures)) if j != i]
            cells = tables[i][np.ix_(own, *(left.supports[j] for j in others))]
            for j in reversed(others):
                cells = cells @ mixtures[j]
            values.append(cells[1:] - cells[0])
        return np.concatenate(values)

    for _ in range(20):
        here, step = residual(free), np.eye(len(free))
        # Every equation is affine in each unknown alone, so that unit steps give its derivatives.
        slope = np.stack([residual(free + e) - here for e in step], axis=1)
        try:
            free = free - np.linalg.solve(slope, here)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(free).all():
            return None
    return [own.tolist() for own in whole(free)]
