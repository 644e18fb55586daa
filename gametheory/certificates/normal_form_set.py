"""All equilibria of a finite game: is each listed profile one, and for two players, is one missing?

Each profile is judged by its exact regret. For two players a list that claims to be complete is compared with all
fully labelled pairs of vertices, found again here by another method than any solver's; for more, with the polytopes in
which at most one mixes, and every other choice of supports is closed again. That goes as far as the size allows; the
claim says what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.enclosed import holds_one_equilibrium, is_enclosed, rational_middle
from gametheory.certificates.missing import UNDECIDED, missing_one
from gametheory.certificates.normal_form import regrets
from gametheory.certificates.vertex_check import vertex_rays
from gametheory.errors import InputError
from gametheory.games.enclosure import Enclosure
from gametheory.games.mixed_profile import Mixed, read_profile
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibria", "extreme_equilibria", "is_extreme"]


def check_nash_equilibria(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether every profile of a list is an equilibrium, whether two are equal, and whether one is missing.

    ``witness["complete"]`` (default True) says whether the list claims to be complete; ``witness["components"]``, where
    it is given, is checked to hold equilibria only.
    """
    given = dict(witness or {})
    if not isinstance(profile, Sequence | np.ndarray) or isinstance(profile, str):
        raise InputError(f"{profile!r} is no list of profiles; give a sequence, each entry one strategy a player")
    claimed = exact(epsilon, what="epsilon")
    if not len(profile):
        what = "the list holds one of the equilibria, of which every finite game has one"
        return _verdict(what, Fraction(1), claimed, {})
    boxes = [item for item in profile if is_enclosed(item)]
    listed = [read_profile(game, item)[0] for item in profile if not is_enclosed(item)]
    worst = Fraction(0)
    for k, mixed in enumerate(listed):
        gain = max(regrets(game, mixed)[0])
        worst = max(worst, gain)
        if gain > (0 if boxes else claimed):  # beside boxes, which have a width, exact profiles are meant exactly
            return _verdict(f"profile {k} of {len(listed)} is a Nash equilibrium", gain, claimed, {"profile": mixed})
    if len(set(listed)) < len(listed):
        twice = next(mixed for k, mixed in enumerate(listed) if mixed in listed[:k])
        return _verdict("no equilibrium is listed twice", Fraction(1), claimed, {"profile": twice})
    for k, box in enumerate(boxes):
        doubt = holds_one_equilibrium(game, box) or _overlap(box, boxes[:k])
        if doubt:
            return _verdict(f"a box holds exactly one equilibrium: {doubt}", Fraction(1), claimed, {"profile": box})
        worst = max(worst, *regrets(game, rational_middle(box))[0])
    stray = _stray(game, listed, boxes, given.get("components", ()))
    if stray is not None:
        return _verdict("the components hold the listed equilibria and no other profile", Fraction(1), claimed, stray)
    claim = f"each of the {len(listed)} profiles is a Nash equilibrium, no two are equal"
    if boxes:
        claim = (
            f"each of the {len(listed)} exact profiles is a Nash equilibrium, each of the {len(boxes)} boxes holds "
            "exactly one, no two are equal"
        )
    claim += "" if claimed == 0 else f" (up to a regret of {brief(claimed)})"
    if not given.get("complete", True):
        return _verdict(
            f"{claim} (no claim that the list is complete)", worst, claimed, {}, holds=True, enclosed=bool(boxes)
        )
    if len(game.shape) == 2 and not boxes:
        return _check_extreme(game, listed, claim, worst, claimed)
    if worst > 0 and not boxes:
        if "complete" in given:
            return _verdict("a list of approximate equilibria is complete", worst, claimed, {})
        claim += " (whether one is missing is not decided for approximate lists)"
        return _verdict(claim, worst, claimed, {}, holds=True)
    verdict, evidence = missing_one(game, listed, boxes, given.get("components", ()))
    if verdict == UNDECIDED:
        claim += " (too large to decide here that none is missing)"
    elif verdict:
        return _verdict(verdict, Fraction(1), claimed, evidence)
    else:
        claim += ", and none is missing: every choice of supports was closed again"
    return _verdict(claim, worst, claimed, {}, holds=True, enclosed=bool(boxes))


def _check_extreme(
    game: NormalFormGame, listed: list[Mixed], claim: str, worst: Fraction, claimed: Fraction
) -> Certificate:
    for mixed in listed:
        if not is_extreme(game, mixed):
            return _verdict("every listed equilibrium is extreme", Fraction(1), claimed, {"profile": mixed})
    wanted = extreme_equilibria(game)
    if wanted is None:
        claim += ", and all are extreme (too large to decide here that none is missing)"
        return _verdict(claim, worst, claimed, {}, holds=True)
    missing = sorted(wanted - set(listed))
    if missing:
        what = f"the list of {len(listed)} holds every extreme equilibrium"
        return _verdict(what, Fraction(len(missing)), claimed, {"missing": missing[0]})
    return _verdict(f"{claim}, all are extreme, and no extreme equilibrium is missing", worst, claimed, {}, holds=True)


def _verdict(
    claim: str,
    bound: Fraction,
    epsilon: Fraction,
    witness: Mapping[str, Any],
    *,
    holds: bool = False,
    enclosed: bool = False,
) -> Certificate:
    strength = (Strength.BOUNDED if enclosed else Strength.EXACT) if holds else Strength.REFUTED
    return Certificate(strength=strength, claim=claim, bound=bound, witness=witness, epsilon=epsilon)


def _overlap(box: Any, boxes: list[Any]) -> str:
    """Say that another box meets this one, in which case they may hold the same equilibrium."""
    for other in boxes:
        if all(
            _low(p) <= _high(q) and _low(q) <= _high(p)
            for s, t in zip(box, other, strict=True)
            for p, q in zip(s, t, strict=True)
        ):
            return "no other box meets it"
    return ""


def _low(value: Any) -> Fraction:
    return value.low if isinstance(value, Enclosure) else exact(value)


def _high(value: Any) -> Fraction:
    return value.high if isinstance(value, Enclosure) else exact(value)


def _stray(game: NormalFormGame, listed: list[Mixed], boxes: list[Any], components: Any) -> dict[str, Any] | None:
    """Return a profile in which components and list disagree, or None.

    A product of hulls holds equilibria only if all its corners are equilibria and at most two players have more than
    one: what a player gains by a deviation is then linear in the other one's mixture of corners.
    """
    if not components:
        return None
    known, spanned = set(listed), set()
    for component in components:
        for subset in component:
            if any(is_enclosed((strategies[0],)) for strategies in subset):
                if tuple(strategies[0] for strategies in subset) not in boxes or max(map(len, subset)) > 1:
                    return {"problem": "a component holds a box that is not listed"}
                continue
            if sum(len(strategies) > 1 for strategies in subset) > 2:
                return {"problem": "in a subset more than two players have several strategies"}
            corners: list[tuple[Any, ...]] = [()]
            for strategies in subset:
                corners = [(*corner, strategy) for corner in corners for strategy in strategies]
            for corner in corners:
                mixed = read_profile(game, corner)[0]
                if mixed not in known:
                    return {"profile": mixed, "problem": "a component holds a profile that is not listed"}
                spanned.add(mixed)
    left = sorted(known - spanned)
    return {"profile": left[0], "problem": "a listed equilibrium is in no component"} if left else None


def is_extreme(game: NormalFormGame, profile: Mixed) -> bool:
    """Whether an equilibrium of two players is no mixture of others: each strategy solves its tight equations alone.

    For the first player these say that ``x`` sums to one and makes the second's best replies pay the same ``v``.
    """
    a, b = (table.integers() for table in game.payoffs)
    for strategy, other in ((profile[0], b.T), (profile[1], a)):
        support = [k for k, p in enumerate(strategy) if p]
        values = [sum((row[k] * strategy[k] for k in support), Fraction(0)) for row in other]
        best = max(values)
        rows = [[*(int(row[k]) for k in support), -1] for row, v in zip(other, values, strict=True) if v == best]
        rows.append([1] * len(support) + [0])
        if flint.fmpz_mat(rows).rank() < len(support) + 1:
            return False
    return True


def extreme_equilibria(game: NormalFormGame) -> set[Mixed] | None:
    """Return every extreme equilibrium of a two-player game, or None where there are too many vertices to hold."""
    rows, columns = game.shape
    a, b = (table.integers() for table in game.payoffs)
    first = vertex_rays((b - b.min() + 1).T.tolist())
    second = vertex_rays((a - a.min() + 1).tolist()) if first is not None else None
    if first is None or second is None:
        return None
    low = (1 << columns) - 1
    everything = (1 << rows + columns) - 1
    masks = np.array([(tight & low) << rows | tight >> columns for _, tight in second], dtype=np.int64)
    found: set[Mixed] = set()
    for x, tight in first:
        missing = everything & ~tight
        for k in np.flatnonzero((masks & missing) == missing).tolist():
            y = second[k][0]
            if any(x[:-1]) and any(y[:-1]):
                found.add((_normalised(x[:-1]), _normalised(y[:-1])))
    return found


def _normalised(ray: tuple[int, ...]) -> tuple[Fraction, ...]:
    mass = sum(ray)
    return tuple(Fraction(x, mass) for x in ray)
