"""The tables of a study as texts, once for the terminal and the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from gametheory.efficiency.comparison import Blocking, Outcome, Structure, Study
from gametheory.report.amounts import money, percent, ratio
from gametheory.report.words import coalition_text, counted, money_unit, title
from gametheory.result import Certificate, Strength

__all__ = [
    "CERTIFICATES",
    "Table",
    "bill_tables",
    "certificate_counts",
    "certificate_table",
    "folder",
    "labelled_outcomes",
    "leaving_table",
    "readable",
    "sensitivity_table",
    "skipped_lines",
    "span",
    "structure_table",
    "studied",
]

#: The name of a column or a row that says which claims its numbers follow from.
CERTIFICATES = "certificates"
_NONE = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Headers and rows of texts. The first `words` columns hold words, the others numbers; `foot` are total rows.

    Cells of a column or a row called `CERTIFICATES` hold the numbers of claims, as :func:`certificate_table` counts.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    foot: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())


def _marks(study: Study, *checks: Mapping[str, str], only: Sequence[str] = ()) -> str:
    """Return the numbers of the claims that some quantities (all, where none is named) follow from."""
    order = {name: k for k, name in enumerate(study.checks, start=1)}
    keys = dict.fromkeys(key for found in checks for quantity, key in found.items() if not only or quantity in only)
    runs = sorted({tuple(order[name] for name in study.claims(key)) for key in keys} - {()})
    return " ".join(span(run) for run in runs) or _NONE


def span(numbers: Sequence[int]) -> str:
    """A single claim, or a run of them."""
    return f"#{numbers[0]}" if len(numbers) == 1 else f"#{numbers[0]}-#{numbers[-1]}"


def studied(study: Study) -> str:
    """Return in a sentence whose hours these are."""
    load, pv = (float(sum(map(sum, rows), Fraction(0))) for rows in (study.load, study.pv))
    step = "step of" if study.steps == 1 else "steps of"
    hours = f"{study.steps} {step} {float(study.step_hours):g} h"
    return f"{counted(len(study.names), 'member')}, {hours}: {load:,.1f} kWh used, {pv:,.1f} kWh made by PV"


def labelled_outcomes(study: Study) -> Iterator[tuple[str, Structure, Outcome]]:
    """Iterate over (title, structure, outcome): one for each structure, one for each split of the coalition."""
    for structure in study.structures:
        for outcome in structure.outcomes:
            yield title(outcome.name), structure, outcome


def structure_table(study: Study) -> Table:
    """What each structure costs all members together, loss first."""
    rows, notes = [], []
    reasons: dict[str, list[str]] = {}
    for structure in study.structures:
        if structure.social_cost is None:
            rows.append((title(structure.name), *[_NONE] * 4, str(structure.status), _NONE))
            notes.append(f"{title(structure.name)}: {structure.status}: {structure.reason}")
            continue
        anarchy = _NONE if structure.price_of_anarchy is None else ratio(structure.price_of_anarchy)
        if structure.price_of_anarchy_reason:
            reasons.setdefault(structure.price_of_anarchy_reason, []).append(title(structure.name))
        rows.append(
            (
                title(structure.name),
                money(structure.social_cost),
                _NONE if structure.loss is None else money(structure.loss),
                _NONE if structure.share_of_gain is None else percent(structure.share_of_gain),
                anarchy,
                _profit(structure),
                _marks(study, structure.checks),
            )
        )
    notes += [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]
    unit = money_unit(study.currency)
    if any(s.social_cost is not None and s.share_of_gain is None for s in study.structures):
        notes.append("share of gain: there is nothing to gain, the measured hours are an optimum already")
    if any(s.name == "operator" and s.price_of_anarchy is not None for s in study.structures):
        notes.append("operator: cost / optimum is the efficiency loss of the operator, not a price of anarchy")
    columns: tuple[str, ...] = (
        "structure",
        f"social cost ({unit})",
        "loss",
        "share of gain",
        "cost / optimum",
        "operator's profit",
    )
    columns += (CERTIFICATES,)
    notes += [f"{title(s.name)}: {note}" for s in study.structures for note in s.notes]
    return Table(
        title="What each structure costs all members together",
        columns=columns,
        rows=tuple(rows),
        notes=(
            "social cost: bills and discomfort of all members, less an operator's profit; loss: what that is above "
            "the optimum; share of gain: how much of what can be gained over paying the grid alone is gained; "
            "cost / optimum: the price of anarchy",
            *dict.fromkeys(notes),
        ),
    )


def _profit(structure: Structure) -> str:
    if structure.name != "operator" or not structure.outcomes:
        return _NONE
    return money(structure.outcomes[0].transfer)


def bill_tables(study: Study, *, limit: int | None = None) -> tuple[Table, Table]:
    """Net cost of each member, and its saving against paying the grid alone; at most `limit` members."""
    found = list(labelled_outcomes(study))
    shown = len(study.names) if limit is None else min(limit, len(study.names))
    names = study.names[:shown]
    unit = money_unit(study.currency)
    more = len(study.names) - shown
    notes = (f"{counted(more, 'more member')}: in --json and --csv",) if more else ()
    columns = ("member", *(label for label, _, _ in found))
    total = ("all members", *(money(sum(o.net_costs, Fraction(0))) for _, _, o in found))
    follow = (CERTIFICATES, *(_marks(study, o.checks, only=("bills", "discomforts", "net_costs")) for _, _, o in found))
    pain = ("discomfort", *(money(sum(o.discomforts, Fraction(0))) for _, _, o in found))
    costs = Table(
        title=f"Net cost of each member: bill and discomfort ({unit})",
        columns=columns,
        rows=tuple((name, *(money(o.net_costs[i]) for _, _, o in found)) for i, name in enumerate(names)),
        foot=(total, pain, follow),
        notes=notes,
    )
    savings = Table(
        title=f"Saving of each member against paying the grid alone ({unit})",
        columns=columns,
        rows=tuple((name, *(money(o.savings[i], sign=True) for _, _, o in found)) for i, name in enumerate(names)),
        foot=(("all members", *(money(sum(o.savings, Fraction(0)), sign=True) for _, _, o in found)),),
        notes=notes,
    )
    return costs, savings


def skipped_lines(study: Study) -> tuple[str, ...]:
    """Splits that are not applicable, with the reason."""
    return tuple(
        f"{title(name)}: not applicable: {reason}" for s in study.structures for name, reason in s.skipped.items()
    )


def leaving_table(study: Study, *, worst: int = 10) -> Table:
    """Who would rather leave: single members, then the worst proper coalitions, then all together."""
    rows: list[tuple[str, ...]] = []
    for label, _, outcome in labelled_outcomes(study):
        start = len(rows)
        rows += _who(study, "a single member", _leaving(outcome.singles))
        rows += _who(study, "a coalition", [b for b in _leaving(outcome.blocking)[:worst] if len(b.coalition) > 1])
        if outcome.grand is not None:
            rows += _who(study, "all together", _leaving((outcome.grand,)))
        if len(rows) == start:
            rows.append(("", *_nobody(study, outcome), "", ""))
        rows[start] = (label, *rows[start][1:4], _marks(study, outcome.checks, only=("blocking", "singles", "grand")))
    return Table(
        title=f"Who would rather leave, and what that would gain it ({money_unit(study.currency)})",
        columns=("outcome", "who", "members", "gain", CERTIFICATES),
        rows=tuple(rows),
        words=3,
        notes=(
            "gain: what a group pays above its cost on its own, over all hours of the study; at most "
            f"the {worst} worst proper coalitions; all members together block every outcome that is not efficient",
        ),
    )


def _nobody(study: Study, outcome: Outcome) -> tuple[str, str]:
    """What is known where no group that was looked at would leave: with many members, not every coalition is."""
    if not (outcome.singles or outcome.blocking or outcome.grand):
        return "not looked at", ""
    if outcome.blocking or len(study.names) == 1:
        return "nobody", ""
    return "no single member", "coalitions between are not looked at"


def _leaving(found: Sequence[Blocking]) -> list[Blocking]:
    return sorted((b for b in found if b.gain > 0), key=lambda b: -b.gain)


def _who(study: Study, word: str, found: Sequence[Blocking]) -> list[tuple[str, ...]]:
    return [
        ("", word if k == 0 else "", coalition_text(b.coalition, study.names), money(b.gain), "")
        for k, b in enumerate(found)
    ]


def sensitivity_table(study: Study) -> Table | None:
    """The totals under other values of what is assumed, or None where nothing was varied."""
    if not study.sensitivities:
        return None
    seen = dict.fromkeys(name for s in study.sensitivities for name in s.social_costs)
    order = [s.name for s in study.structures if s.name in seen]
    order += [name for name in seen if name not in order]
    rows = []
    for varied in study.sensitivities:
        cells = []
        for name in order:
            share = varied.shares_of_gain.get(name)
            cost = varied.social_costs.get(name)
            tail = "" if share is None else f" ({percent(share)})"
            cells.append(_NONE if cost is None else f"{money(cost)}{tail}")
        rows.append((f"{title(varied.assumption)} x {varied.factor}", *cells, _marks(study, varied.checks)))
    return Table(
        title=f"The same under other assumptions: social cost (share of gain) ({money_unit(study.currency)})",
        columns=("assumption", *map(title, order), CERTIFICATES),
        rows=tuple(rows),
    )


def certificate_counts(study: Study) -> str:
    """Return how many claims were decided, and how.

    The words are those of :class:`~gametheory.result.Strength`.
    """
    counts = Counter(certificate.strength for certificate in study.certificates.values())
    parts = [f"{counts[strength]} {strength.value}" for strength in Strength if counts[strength]]
    return f"{counted(sum(counts.values()), 'claim')} checked: {', '.join(parts) or 'none'}"


def certificate_table(study: Study) -> Table:
    """Every claim with its strength and its bound; claims of one kind that say the same share a row."""
    rows = []
    numbered = enumerate(study.certificates.items(), start=1)
    for _, group in groupby(numbered, key=lambda item: _kind(*item[1])):
        found = list(group)
        (first, (name, certificate)), (last, _) = found[0], found[-1]
        rows.append(
            (
                span(range(first, last + 1)),
                certificate.strength.value,
                name if first == last else f"{folder(name)}*",
                readable(certificate.claim),
                money(certificate.bound),
            )
        )
    return Table(
        title="How sure every number is",
        columns=("", "strength", "name", "claim", "bound"),
        rows=tuple(rows),
        words=4,
        notes=(
            "exact: decided without rounding; bounded: enclosed rigorously; refuted: the claim is false. bound: the "
            "regret, gap or excess measured. `gametheory certify FILE.json` checks them again.",
        ),
    )


def folder(name: str) -> str:
    """The part of a claim's name up to its last stroke."""
    return name[: name.rfind("/") + 1]


def _kind(name: str, certificate: Certificate) -> tuple[Any, ...]:
    return folder(name) or name, certificate.strength, certificate.claim, certificate.bound


def readable(text: str) -> str:
    """Return a sentence with its long rationals rounded.

    >>> readable("gain 4181030591643806425763/714228888292140000000, not 1/3")
    'gain 5.85, not 1/3'
    """
    return re.sub(r"-?\d{6,}/\d+|-?\d+/\d{6,}", lambda found: money(Fraction(found[0])), text)
