"""D.5 A community market with benefit sharing: side payments after a joint dispatch, so that nobody loses.

Source: B. Cornelusse, I. Savelli, S. Paoletti, A. Giannitrapani, A. Vicino, "A community microgrid architecture with an
internal local market", Applied Energy 242, 2019, 547-560; fidelity: paper (abstract) + derived. The two sharing rules
are the package's own, in the structure of the paper.

Together the members cost ``C_N``, alone ``C_i^SU`` each. Side payments ``y_i`` move the market bills ``m_i`` to final
costs ``m_i + y_i`` that sum to ``C_N`` and are at most ``C_i^SU``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, total
from gametheory.errors import Infeasible, InputError, NotApplicable

__all__ = ["BenefitSharing", "equal_relative", "equal_saving", "side_payments"]


def equal_saving(alone: Number, everybody_alone: Number, together: Number, members: Number) -> Number:
    """Return ``C_i - (sum C - C_N)/n``: everybody saves the same amount."""
    return alone - (everybody_alone - together) / members


def equal_relative(alone: Number, everybody_alone: Number, together: Number) -> Number:
    """Return ``C_i C_N / sum C``: everybody saves the same part of its cost."""
    return alone * together / everybody_alone


def side_payments(final: Sequence[Number], bills: Sequence[Number]) -> list[Number]:
    """Return ``y_i``, final cost less market bill: what a member pays (> 0) or receives on top of its bill."""
    return [cost - bill for cost, bill in zip(final, bills, strict=True)]


@dataclass(frozen=True, slots=True)
class BenefitSharing:
    """Members who split the benefit of a joint dispatch.

    Source: Cornelusse, Savelli, Paoletti, Giannitrapani and Vicino 2019; fidelity: paper (abstract) + derived (the
    rules are the package's own). Theorems: D-P6. A rule for one outcome and not a game: there is no ``to_game``.

    Parameters
    ----------
    alone
        ``C_i^SU`` of each member (money); negative for a net earner.
    together
        ``C_N`` (money).

    Raises
    ------
    Infeasible
        Together costs more than all alone: no side payments leave everybody at least as well off.

    Examples
    --------
    >>> community = BenefitSharing(alone=(10, 6), together=12)
    >>> community.equal_saving, community.payments((9, 3), community.equal_saving)
    ((Fraction(8, 1), Fraction(4, 1)), (Fraction(-1, 1), Fraction(1, 1)))
    """

    theorems: ClassVar[tuple[str, ...]] = ("D-P6",)
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    alone: tuple[Fraction, ...]
    together: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "alone", exact_series(self.alone, what="alone"))
        object.__setattr__(self, "together", exact(self.together, what="together"))
        if not self.alone:
            raise InputError("no member: give at least one cost")
        if self.together > sum(self.alone):
            raise Infeasible(
                f"together costs {self.together}, more than {sum(self.alone)} alone: no side payments please "
                "everybody; check the joint dispatch"
            )

    @property
    def equal_saving(self) -> tuple[Fraction, ...]:
        """Final cost of each member (money) under the default rule; nobody loses."""
        everybody, count = total(self.alone), len(self.alone)
        return tuple(exact(equal_saving(c, everybody, self.together, count)) for c in self.alone)

    @property
    def equal_relative(self) -> tuple[Fraction, ...]:
        """Final cost of each member (money) in proportion to its cost alone.

        Raises
        ------
        NotApplicable
            A member earns on balance, or nobody costs anything: the rule could make a member worse off.
        """
        if min(self.alone) < 0 or total(self.alone) <= 0:
            raise NotApplicable(
                f"equal relative saving needs costs >= 0 with a positive sum, got {[str(c) for c in self.alone]}; use "
                "equal_saving"
            )
        everybody = total(self.alone)
        return tuple(exact(equal_relative(c, everybody, self.together)) for c in self.alone)

    def payments(self, bills: Sequence[Number], final: Sequence[Number] | None = None) -> tuple[Fraction, ...]:
        """Return the side payment of each member, given its market bill; `final` defaults to :attr:`equal_saving`."""
        billed = exact_series(bills, what="bills")
        costs = self.equal_saving if final is None else exact_series(final, what="final")
        if len(billed) != len(self.alone) or len(costs) != len(self.alone):
            raise InputError(
                f"{len(billed)} bills, {len(costs)} final costs for {len(self.alone)} members; give one each"
            )
        if sum(costs) != self.together:
            raise InputError(f"final costs sum to {sum(costs)}, not to {self.together}; they must share the joint cost")
        return tuple(exact(y) for y in side_payments(costs, billed))
