"""Checking a solution or a study again: every claim by its checker, every derived amount by arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact
from gametheory.certificates import certify
from gametheory.efficiency.comparison import Study
from gametheory.efficiency.power_outcomes import MarketPower, PowerAt
from gametheory.errors import GameTheoryError, InputError
from gametheory.io.solutions import encode
from gametheory.result import Certificate, Solution, Strength

__all__ = ["Verdict", "recheck"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one claim, or of the amounts derived from the claims.

    Attributes
    ----------
    name
        The claim's name in the study.
    stated, found
        The certificate in the file, and the one made now; None where there is none.
    reason
        Why it does not hold; empty where it does.
    """

    name: str
    stated: Certificate | None = None
    found: Certificate | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the claim is true and is what the file states."""
        return not self.reason

    def as_record(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "name": self.name,
            "holds": self.holds,
            "reason": self.reason,
            "stated": _plain(self.stated),
            "found": _plain(self.found),
        }


def _plain(certificate: Certificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return {
        "strength": certificate.strength.value,
        "claim": certificate.claim,
        "bound": certificate.bound,
        "witness": certificate.witness,
    }


def recheck(subject: Any, *, where: str = "the file") -> tuple[Verdict, ...]:
    """Return a verdict on each claim of a solution, a study or market power, and on what follows from them.

    Raises
    ------
    InputError
        `subject` is neither, or it holds no claim.
    """
    if isinstance(subject, Solution):
        return (_judge(subject.concept.value, subject),)
    if isinstance(subject, MarketPower):
        return _market_power(subject)
    if not isinstance(subject, Study):
        raise InputError(f"{where}: holds a {type(subject).__name__}; give a file of Solution.to_json() or a study's")
    wrong = [name for name, claim in subject.checks.items() if not isinstance(claim, Solution)]
    InputError.raise_all(
        [f"{where}: claim {name!r} is no solution; the file is damaged, make it again" for name in wrong]
    )
    if not subject.checks:
        raise InputError(f"{where}: the study holds no claim to check; make it again with `gametheory study --save`")
    verdicts = [_judge(name, claim) for name, claim in subject.checks.items()]
    from gametheory.efficiency.derived import differences  # a study's amounts need the models; a solution does not

    try:
        found = differences(subject, {v.name: v.found for v in verdicts if v.found is not None})
    except (GameTheoryError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        found = (f"the amounts do not fit together ({error})",)
    verdicts.append(Verdict(name="amounts derived from the claims", reason="; ".join(found[:_MOST])))
    return tuple(verdicts)


def _market_power(power: MarketPower) -> tuple[Verdict, ...]:
    """Return a verdict on every claim behind market power, and on the figures that follow from them."""
    from gametheory.efficiency.market_power import row_games, row_outcomes

    verdicts = [_judge("competitive", power.competitive)]
    for row in power.rows:
        label = f"{row.repair} at {row.share}"
        verdicts += [_judge(f"{label}, step {t}", solution) for t, solution in enumerate(row.solutions)]
        try:
            games = row_games(power.competitive, row.controlled, row.caps, row.cover)
            same = all(game.to_game() == each.game for game, each in zip(games, row.solutions, strict=True))
            reason = "" if same else "a step's game is not the one of its community, cap and cover"
            if not reason:
                reason = _wrong_labels(power.competitive.game.players, row)
            if not reason and row_outcomes(power.competitive, games, row.solutions) != row.steps:
                reason = "the figures do not follow from the profiles"
        except (GameTheoryError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            reason = f"the figures do not fit together ({error})"
        verdicts.append(Verdict(name=f"figures of {label}", reason=reason))
    return tuple(verdicts)


def _wrong_labels(players: Sequence[str], row: PowerAt) -> str:
    """Return what a row is said to be and is not: who is left, the share controlled, and the repair of its numbers.

    A share limit may control fewer than the row's share, so that there the share is only held to be no less.
    """
    if row.others != tuple(name for name in players if name not in row.controlled):
        return "the others are not those who are not controlled"
    controlled = Fraction(len(row.controlled), len(players))
    limited = row.repair == "share limit"
    if row.share < controlled or row.share >= 1 or (row.share != controlled and not limited):
        return f"the share is {row.share}, of the members {controlled} are controlled"
    fits = {
        "none": row.caps is None and row.cover == 0,
        "price cap": row.caps is not None and row.cover == 0,
        "forward contracts": row.caps is None,
        "share limit": row.caps is None and row.cover == 0,
    }
    return (
        "" if fits.get(row.repair, False) else f"the repair {row.repair!r} is not what its caps and its cover make it"
    )


#: More differences than this are not listed.
_MOST = 5


def _judge(name: str, claim: Solution) -> Verdict:
    stated = claim.certificate
    try:
        found = certify(claim)
    except GameTheoryError as error:
        return Verdict(name=name, stated=stated, reason=f"cannot be checked: {error}")
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        return Verdict(name=name, stated=stated, reason=f"does not fit its game ({type(error).__name__}: {error})")
    return Verdict(name=name, stated=stated, found=found, reason=_reason(stated, found))


def _reason(stated: Certificate, found: Certificate) -> str:
    if found.strength is Strength.REFUTED:
        return f"refuted: {found.claim}"
    if stated.strength is not found.strength:
        return f"the file says {stated.strength.value}, it is {found.strength.value}"
    if _number(stated.bound) != _number(found.bound):
        return f"the file says bound {stated.bound}, it is {found.bound}"
    if _number(stated.epsilon) != _number(found.epsilon):
        return f"the file says that {stated.epsilon} was claimed before the check, it was {found.epsilon}"
    if stated.claim != found.claim:
        return f"the file says {stated.claim!r}, it is {found.claim!r}"
    if encode(stated.witness) != encode(found.witness):
        return "the file's witness is not the one that the checker finds"
    return ""


def _number(value: Any) -> Fraction | str:
    try:
        return exact(value)
    except InputError:
        return repr(value)
