"""What a solver hands up (`Answer`), and what proves it (`Certificate`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gametheory.arithmetic import Number, exact, to_float
from gametheory.result.words import Status, Strength

__all__ = ["Answer", "Certificate", "frozen"]


def frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a read-only copy."""
    return MappingProxyType(dict(mapping))


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The verdict of an independent checker on one claim.

    Attributes
    ----------
    strength
        ``exact`` (decided without rounding), ``bounded`` (a rigorous enclosure), ``statistical`` (a confidence
        interval) or ``refuted`` (the claim is false; `witness` shows it).
    claim
        The sentence that was judged.
    bound
        The measured regret or excess: a Fraction if it is exact, else a rigorous upper bound.
    witness
        What lets a reader check the verdict: multipliers, a deviation, a coalition.
    epsilon
        What the solver claimed before the check (0 where it claims exactness).
    """

    strength: Strength
    claim: str
    bound: Number
    witness: Mapping[str, Any] = field(default_factory=dict)
    epsilon: Number = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", Strength(self.strength))
        object.__setattr__(self, "witness", frozen(self.witness))

    def holds(self, tolerance: Number = 0) -> bool:
        """Whether the claim is not refuted and `bound` is at most `tolerance`.

        Examples
        --------
        >>> from fractions import Fraction
        >>> Certificate(strength="exact", claim="regret 0", bound=Fraction(0)).holds()
        True
        """
        return self.strength is not Strength.REFUTED and bool(exact(self.bound) <= exact(tolerance))

    def __str__(self) -> str:
        size = "0" if self.bound == 0 else f"{to_float(self.bound):.6g}"
        return f"[{self.strength.value}] {self.claim} (bound {size})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a solver hands up, before anybody has checked it.

    Attributes
    ----------
    profile
        The strategies, allocation or decision, in the form that the game's checker reads.
    epsilon
        The regret or excess that the solver claims; 0 claims exactness.
    witness
        Data that helps a checker decide (dual prices, supports). A checker never trusts it.
    extra
        Fields for the solution beyond the profile, by name.
    """

    profile: Any
    status: Status = Status.SOLVED
    epsilon: Number = 0
    iterations: int = 0
    witness: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
