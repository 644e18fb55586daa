"""What a study holds fixed while the rules of the game change, and the list of claims it fills.

Amounts are derived from certified profiles by the models' own formulas, never taken from a solver's side notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gametheory.domain.community import Community
from gametheory.domain.outcome import Settlement
from gametheory.efficiency.comparison import Outcome
from gametheory.games.trading import TradingStep
from gametheory.models.economy import discomfort
from gametheory.result import Concept, Solution

__all__ = ["Economy", "Progress", "difference", "discomforts", "settled_outcome", "total"]

Amounts = tuple[Fraction, ...]
#: Called with what is being done and the share that is done, from 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """One community with one set of preferences.

    Attributes
    ----------
    elasticity
        Name -> elasticity of each member.
    sensitivity
        Of the sharing market (kWh per price unit, a step); None where no default can be computed and none was given.
    label
        Put before the names of the claims, so that claims about two economies do not mix.
    """

    community: Community
    elasticity: dict[str, Fraction]
    sensitivity: Fraction | None
    label: str = ""
    checks: dict[str, Solution] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The members."""
        return self.community.names

    def claim(self, name: str, solution: Any) -> str:
        """Add a claim and return its full name."""
        key = f"{self.label}{name}"
        self.checks[key] = solution
        return key


def total(amounts: Any) -> Fraction:
    """Return an exact sum."""
    return sum(amounts, Fraction(0))


def discomforts(steps: Sequence[TradingStep], adjustments: Sequence[Sequence[Fraction]]) -> Amounts:
    """Return the discomfort (money) of each member over all steps for the loads it cuts (a row a member)."""
    return tuple(
        total(
            discomfort(p, step.traders[i].curvature, step.traders[i].slope) for p, step in zip(own, steps, strict=True)
        )
        for i, own in enumerate(adjustments)
    )


def difference(first: Amounts, second: Amounts) -> Amounts:
    """Return the differences of two rows of amounts."""
    return tuple(a - b for a, b in zip(first, second, strict=True))


def settled_outcome(
    economy: Economy,
    name: str,
    settlement: Settlement,
    pains: Amounts,
    alone: Amounts,
    *,
    follows: str,
    transfer: Fraction = Fraction(0),
) -> Outcome:
    """Return an outcome whose bills were settled, after the balance of the settlement was certified.

    `pains` are the discomforts, and `follows` is the claim that they follow from.
    """
    from gametheory.certificates import certify

    key = economy.claim(
        f"{name}/settlement",
        Solution(
            game=settlement,
            concept=Concept.SETTLEMENT,
            profile=settlement.bills,
            method="settlement",
            certificate=certify(settlement, settlement.bills, concept=Concept.SETTLEMENT),
        ),
    )
    savings = difference(alone, tuple(b + d for b, d in zip(settlement.bills, pains, strict=True)))
    return Outcome(
        name=name,
        bills=settlement.bills,
        discomforts=pains,
        savings=savings,
        transfer=transfer,
        checks={"bills": key, "discomforts": follows, "net_costs": follows},
    )
