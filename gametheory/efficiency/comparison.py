"""What a study holds: the same hours under several structures, compared by net cost. All amounts are exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from gametheory.result import Certificate, Solution, Status

__all__ = ["Blocking", "Outcome", "Sensitivity", "Structure", "Study"]

Amounts = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """A coalition that would rather leave: it pays `gain` (money) more than it would on its own.

    A `gain` of 0 or less means that it stays.
    """

    coalition: tuple[str, ...]
    gain: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What each member pays in a structure, or in one split of the coalition's cost; amounts in member order.

    Attributes
    ----------
    name
        The structure's name, or the name of the split (``"shapley_value"``, ``"mid_market_rate"``, ...).
    bills, discomforts
        Money a member pays, and the money value of the load it cut.
    savings
        Against paying the grid alone.
    transfer
        Part of the bills that stays in the economy: the profit of an operator.
    singles
        Every single member, with what it would gain by leaving.
    blocking
        The ten proper coalitions with the largest gain (those of a single member included), largest first.
    grand
        All members together: this blocks every inefficient outcome.
    checks
        Quantity (``"bills"``, ``"discomforts"``, ``"net_costs"``, ``"blocking"``) -> key in :attr:`Study.checks`.
    """

    name: str
    bills: Amounts
    discomforts: Amounts
    savings: Amounts
    transfer: Fraction = Fraction(0)
    singles: tuple[Blocking, ...] = ()
    blocking: tuple[Blocking, ...] = ()
    grand: Blocking | None = None
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def net_costs(self) -> Amounts:
        """Bill plus discomfort of each member."""
        return tuple(bill + pain for bill, pain in zip(self.bills, self.discomforts, strict=True))

    @property
    def social_cost(self) -> Fraction:
        """The net costs of all members, less what stays in the economy as a transfer."""
        return sum(self.net_costs, Fraction(0)) - self.transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """One set of rules and what comes out under it.

    Attributes
    ----------
    name
        ``"alone"``, ``"sharing"``, ``"operator"``, ``"coalition"`` or ``"optimum"``.
    status, reason
        ``solved``, or ``not applicable`` with the reason (it names the step).
    outcomes
        One, except for the coalition: one a split. Empty where the structure is not applicable.
    skipped
        Splits that are not applicable, with the reason.
    prices
        Prices inside the community at each step (money/kWh): ``"price"``, or ``"buy_price"`` and ``"sell_price"``.
    grid_energy
        What the community takes from the grid at each step (kWh), negative where it feeds in.
    social_cost
        Total net cost less transfers (money).
    loss
        `social_cost` minus the optimum (money).
    share_of_gain
        ``(alone - X) / (alone - optimum)``, or None where nothing can be gained.
    price_of_anarchy
        Cost over optimum, or None; `price_of_anarchy_reason` says why.
    notes
        Sentences a reader should see (which regimes, what is assumed).
    checks
        Quantity -> key in :attr:`Study.checks`.
    """

    name: str
    status: Status = Status.SOLVED
    reason: str = ""
    outcomes: tuple[Outcome, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, Amounts] = field(default_factory=dict)
    grid_energy: Amounts = ()
    social_cost: Fraction | None = None
    loss: Fraction | None = None
    share_of_gain: Fraction | None = None
    price_of_anarchy: Fraction | None = None
    price_of_anarchy_reason: str = ""
    notes: tuple[str, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The totals under another value of an assumption: `assumption` times `factor`."""

    assumption: str
    factor: Fraction
    social_costs: Mapping[str, Fraction]
    shares_of_gain: Mapping[str, Fraction | None]
    checks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The same hours of one community under several structures, with every certificate.

    Attributes
    ----------
    names, steps, step_hours, time, currency, source, input_hash
        Of the community.
    assumptions
        Name -> sentence: what is assumed and not measured.
    load, pv
        kWh a step, a tuple a member. ``net_load`` is their difference.
    retail_price, feed_in
        money/kWh at each step.
    elasticity
        Of each member.
    sensitivity
        Of the sharing market (kWh per price unit, a step), or None.
    structures
        In the order of the question.
    sensitivities
        The totals under other values of what is assumed.
    checks
        Every claim made, by name: a game, what is claimed of it, and the certificate.
    provenance
        Versions and wall times.
    """

    names: tuple[str, ...]
    steps: int
    step_hours: Fraction
    time: tuple[str, ...] | None
    currency: str
    source: str
    input_hash: str
    assumptions: Mapping[str, str]
    load: tuple[Amounts, ...]
    pv: tuple[Amounts, ...]
    retail_price: Amounts
    feed_in: Amounts
    elasticity: Amounts
    sensitivity: Fraction | None
    structures: tuple[Structure, ...]
    sensitivities: tuple[Sensitivity, ...] = ()
    checks: Mapping[str, Solution] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def net_load(self) -> tuple[Amounts, ...]:
        """``load - pv``, kWh a step, a tuple a member."""
        return tuple(
            tuple(used - made for used, made in zip(load, pv, strict=True))
            for load, pv in zip(self.load, self.pv, strict=True)
        )

    @property
    def certificates(self) -> Mapping[str, Certificate]:
        """The certificate of every claim, by name."""
        return {name: claim.certificate for name, claim in self.checks.items()}

    def claims(self, key: str) -> tuple[str, ...]:
        """Return the claims that a value of `checks` names: one, or all that begin with it where it ends in ``*``."""
        if key.endswith("*"):
            return tuple(name for name in self.checks if name.startswith(key[:-1]))
        return (key,) if key in self.checks else ()

    def __getitem__(self, name: str) -> Structure:
        for structure in self.structures:
            if structure.name == name:
                return structure
        raise KeyError(f"{name!r} is not in this study; it has {', '.join(s.name for s in self.structures)}")

    # Facades import upward inside their bodies; setup.cfg names each edge.
    @classmethod
    def read(cls, path: str | Path) -> Study:
        """Return the study in a file written by :meth:`to_json`."""
        from gametheory.errors import InputError
        from gametheory.io.solutions import read_solution

        found = read_solution(path)
        if not isinstance(found, cls):
            raise InputError(f"{path}: holds a {type(found).__name__}, not a study; give a file of Study.to_json()")
        return found

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the whole study as JSON (and write it to `path`, all or nothing)."""
        from gametheory.io.solutions import dumps, write_text

        text = dumps(self)
        if path is not None:
            write_text(path, text)
        return text

    def to_frame(self) -> Any:
        """Return a pandas frame, one row for each outcome and member."""
        from gametheory.report.frames import study_frame

        return study_frame(self)

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the report as one page that opens without a network (and write it to `path`, all or nothing)."""
        from gametheory.io.solutions import write_text
        from gametheory.report.page import study_page

        text = study_page(self)
        if path is not None:
            write_text(path, text)
        return text

    def __str__(self) -> str:
        from gametheory.report.terminal import study_text

        return study_text(self)

    def _repr_html_(self) -> str:
        """What a notebook shows: the assumptions' box and the table of structures."""
        from gametheory.report.page import study_fragment

        return study_fragment(self)
