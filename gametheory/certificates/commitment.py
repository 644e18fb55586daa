"""The best strategy to commit to in a two-player game, judged from the definition.

A leader commits, the follower answers with a best reply, and ties go for or against the leader. The value is decided by
Farkas' lemma, reply by reply: either the leader can earn more where ``j`` is a best reply, and the separating direction
is such a strategy, or the weights of the cone prove that it cannot. No multiplier of a solver is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from gametheory.arithmetic import Number, brief, exact
from gametheory.certificates.cone import cone_weights
from gametheory.errors import InputError, UnsupportedGame
from gametheory.games.mixed_profile import read_profile
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Strength

__all__ = ["check_commitment"]

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A profile that was read: own[k][i] and theirs[k][i] are payoffs at reply k and the leader's strategy i."""

    own: tuple[Vector, ...]
    theirs: tuple[Vector, ...]
    point: Vector
    reply: int
    pure: bool
    optimistic: bool
    attained: bool

    def earned(self, k: int) -> Fraction:
        """Return what the leader expects if the reply is k."""
        return _dot(self.own[k], self.point)


def check_commitment(
    game: NormalFormGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether a commitment and its reply are a Stackelberg equilibrium up to a regret of `epsilon`.

    `profile` is a mapping: ``leader`` (name), ``commitment`` (probabilities), ``reply`` (index of a strategy), and
    optionally ``pure`` (compare with pure commitments only), ``tie_breaking`` (``"optimistic"``) and ``attained``.
    With ``attained`` False the commitment is the limit of commitments that force the reply, and the claim is that no
    commitment guarantees the limit of what they earn, or more.

    The bound is the larger of the leader's and the follower's regret, both exact.
    """
    claim = _read(game, profile)
    claimed = exact(epsilon, what="epsilon")
    values = [_dot(column, claim.point) for column in claim.theirs]
    lost = max(values) - values[claim.reply]
    earned, problem = _earned(claim, values)
    best, where = _best_value(claim, earned)
    attained = claim.attained or not _can_attain(claim, best)
    bound = max(best - earned, lost)
    evidence: dict[str, Any] = {
        "leader_regret": best - earned,
        "follower_regret": lost,
        "payoff": earned,
        "greatest_payoff": best,
    }
    if where is not None:
        evidence["better_commitment"] = where
    if problem:
        evidence["problem"] = problem
    if not attained:
        evidence["problem"] = "some commitment does guarantee the value: it is attained"
    kind = "pure commitment" if claim.pure else "commitment"
    ties = "for" if claim.optimistic else "against"
    sentence = f"no {kind} earns the leader more, where ties of the follower go {ties} the leader"
    if not claim.attained:
        sentence += "; commitments near this one come as near to the value as one likes, and none guarantees it"
    sentence += "" if claimed == 0 else f", up to a regret of {brief(claimed)}"
    sound = bound <= claimed and attained and not problem
    return Certificate(
        strength=Strength.EXACT if sound else Strength.REFUTED,
        claim=sentence,
        bound=bound,
        witness=evidence,
        epsilon=claimed,
    )


def _read(game: NormalFormGame, profile: Any) -> _Claim:
    if len(game.shape) != 2:
        raise UnsupportedGame(f"{len(game.shape)} players: commitments are checked for a leader and one follower")
    if not isinstance(profile, Mapping) or profile.get("leader") not in game.players:
        raise InputError(
            f"profile {profile!r}: give a mapping with leader (one of {', '.join(game.players)}), commitment and reply"
        )
    lead = game.players.index(profile["leader"])
    reply = profile.get("reply")
    if not isinstance(reply, int) or isinstance(reply, bool) or not 0 <= reply < game.shape[1 - lead]:
        raise InputError(f"reply {reply!r} is not one of 0..{game.shape[1 - lead] - 1}, the follower's strategies")
    strategies = (profile.get("commitment"), reply) if lead == 0 else (reply, profile.get("commitment"))
    mixed, _ = read_profile(game, strategies)
    ties = profile.get("tie_breaking", "optimistic")
    if ties not in ("optimistic", "pessimistic"):
        raise InputError(f"tie_breaking {ties!r} is not known; give 'optimistic' or 'pessimistic'")
    own, theirs = (game.payoffs[i].fractions() for i in (lead, 1 - lead))
    if lead == 0:
        own, theirs = own.T, theirs.T
    pure, attained = bool(profile.get("pure", False)), bool(profile.get("attained", True))
    if pure and max(mixed[lead]) != 1:
        raise InputError("the commitment is mixed; a pure one gives probability 1 to one strategy")
    if not attained and (pure or ties == "optimistic"):
        raise InputError("only the pessimistic value of mixed commitments may fail to be attained; give attained=True")
    return _Claim(
        tuple(map(tuple, own.tolist())),
        tuple(map(tuple, theirs.tolist())),
        mixed[lead],
        reply,
        pure,
        ties == "optimistic",
        attained,
    )


def _earned(claim: _Claim, values: Sequence[Fraction]) -> tuple[Fraction, str]:
    """Return what the commitment is worth as claimed, and what is wrong with that, if anything."""
    if not claim.attained:
        if not _forced(claim.theirs, claim.reply):
            return claim.earned(claim.reply), "no commitment near this one leaves the follower only this reply"
        twins = [k for k, column in enumerate(claim.theirs) if column == claim.theirs[claim.reply]]
        return min(map(claim.earned, twins)), ""
    if claim.optimistic:
        return claim.earned(claim.reply), ""
    replies = [k for k, value in enumerate(values) if value == max(values)]
    worst = min(map(claim.earned, replies))
    return worst, "" if claim.earned(claim.reply) <= worst else "another best reply is worse for the leader"


# ------------------------------------------------------------------------------------------- what could be had


def _best_value(claim: _Claim, start: Fraction) -> tuple[Fraction, Vector | None]:
    """Return the greatest value of any commitment, if it is above `start`, with a commitment that has (or nears) it."""
    if claim.pure:
        return _best_pure(claim, start)
    best, where = start, None
    for j in range(len(claim.theirs)):
        twins = [j] if claim.optimistic else [k for k, c in enumerate(claim.theirs) if c == claim.theirs[j]]
        if twins[0] != j or not (claim.optimistic or _forced(claim.theirs, j)):
            continue
        # Each direction found earns more than the last and is one of finitely many: this ends at the maximum.
        while (better := _better(claim, j, twins, best)) is not None:
            best, where = min(_dot(claim.own[k], better) for k in twins), better
    return best, where


def _best_pure(claim: _Claim, start: Fraction) -> tuple[Fraction, Vector | None]:
    best, where = start, None
    size = len(claim.point)
    for i in range(size):
        column = [theirs[i] for theirs in claim.theirs]
        worth = [claim.own[k][i] for k, value in enumerate(column) if value == max(column)]
        value = max(worth) if claim.optimistic else min(worth)
        if value > best:
            best, where = value, tuple(Fraction(int(k == i)) for k in range(size))
    return best, where


def _better(claim: _Claim, j: int, twins: Sequence[int], value: Fraction) -> Vector | None:
    """Return a commitment with best reply j that earns more than `value` at each of `twins`, or None: there is none."""
    return _strict(_preferences(claim.theirs, j), [[a - value for a in claim.own[k]] for k in twins])


def _forced(theirs: Sequence[Vector], j: int) -> bool:
    """Whether some commitment makes j strictly better than every reply that does not pay the follower the same."""
    others = [k for k, column in enumerate(theirs) if column != theirs[j]]
    return not others or _strict([], [_minus(theirs[j], theirs[k]) for k in others]) is not None


def _can_attain(claim: _Claim, value: Fraction) -> bool:
    """Whether some commitment guarantees `value` against the worst of all best replies.

    For each reply that can be forced: the commitments of its region at which a set S of replies earns `value`; what
    ties with the reply at all of them joins S, as it is a best reply at each. If nothing joins, a mean of commitments
    has exactly the best replies S.
    """
    for j in range(len(claim.theirs)):
        if not _forced(claim.theirs, j):
            continue
        kept = [k for k, column in enumerate(claim.theirs) if column == claim.theirs[j]]
        while True:
            cone = _preferences(claim.theirs, j) + [[a - value for a in claim.own[k]] for k in kept]
            if _strict(cone, [[Fraction(1)] * len(claim.point)]) is None:
                break
            outside = [k for k in range(len(claim.theirs)) if k not in kept]
            tied = [k for k in outside if _strict(cone, [_minus(claim.theirs[j], claim.theirs[k])]) is None]
            if not tied:
                return True
            kept += tied
    return False


def _preferences(theirs: Sequence[Vector], j: int) -> list[Sequence[Fraction]]:
    return [_minus(theirs[j], column) for k, column in enumerate(theirs) if k != j]


def _strict(weak: Sequence[Sequence[Fraction]], strict: Sequence[Sequence[Fraction]]) -> Vector | None:
    """Return a strategy ``y`` with ``w y >= 0`` for all `weak` and ``s y > 0`` for all `strict`, or None.

    By Motzkin's theorem there is none iff some ``u >= 0`` of sum 1 and ``v, e >= 0`` give
    ``sum u_s s + sum v_w w + e = 0``: iff ``(0, ..., 0, 1)`` lies in the cone of the rows ``(s, 1)``, ``(w, 0)`` and
    ``(unit, 0)``. Otherwise the separating direction, without its last entry, is the strategy up to a factor.
    """
    size = len(strict[0])
    units = [[int(i == k) for i in range(size)] for k in range(size)]
    rows = [[*_whole(row), 1] for row in strict] + [[*_whole(row), 0] for row in weak] + [[*u, 0] for u in units]
    cone = cone_weights(np.array(rows, dtype=object), [0] * size + [1])
    if cone.direction is None:
        return None
    total = sum(cone.direction[:size])
    return tuple(Fraction(int(y), int(total)) for y in cone.direction[:size])


def _whole(row: Sequence[Fraction]) -> list[int]:
    """Return the row in whole numbers, multiplied by a positive one."""
    scale = lcm(*(value.denominator for value in row))
    return [int(value * scale) for value in row]


def _minus(first: Vector, second: Vector) -> Vector:
    return tuple(a - b for a, b in zip(first, second, strict=True))


def _dot(first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True)), Fraction(0))
