"""A study as tidy records: names and floats, for frames and CSV files. The exact numbers are in its JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number
from gametheory.efficiency.comparison import Blocking, Outcome, Structure, Study

__all__ = ["CSV_FILES", "csv_texts", "member_records"]

Record = dict[str, Any]


def _number(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _outcomes(study: Study) -> Iterator[tuple[Structure, Outcome]]:
    for structure in study.structures:
        for outcome in structure.outcomes:
            yield structure, outcome


def _claim(outcome: Outcome, structure: Structure, quantity: str) -> str:
    return outcome.checks.get(quantity, "") or structure.checks.get(quantity, "")


def structure_records(study: Study) -> list[Record]:
    """One row a structure."""
    return [
        {
            "structure": s.name,
            "status": s.status.value,
            "reason": s.reason,
            "social_cost": _number(s.social_cost),
            "loss": _number(s.loss),
            "share_of_gain": _number(s.share_of_gain),
            "price_of_anarchy": _number(s.price_of_anarchy),
            "price_of_anarchy_reason": s.price_of_anarchy_reason,
            "transfer": _number(s.outcomes[0].transfer) if s.outcomes else None,
            "currency": study.currency,
            "claim": s.checks.get("social_cost", ""),
        }
        for s in study.structures
    ]


def member_records(study: Study) -> list[Record]:
    """One row for each outcome and member."""
    return [
        {
            "structure": structure.name,
            "outcome": outcome.name,
            "member": name,
            "bill": _number(outcome.bills[i]),
            "discomfort": _number(outcome.discomforts[i]),
            "net_cost": _number(outcome.net_costs[i]),
            "saving": _number(outcome.savings[i]),
            "claim": _claim(outcome, structure, "bills"),
        }
        for structure, outcome in _outcomes(study)
        for i, name in enumerate(study.names)
    ]


def price_records(study: Study) -> list[Record]:
    """One row for each structure, kind of price and step; the grid's prices stand as structure ``grid``."""
    found = [("grid", "retail_price", study.retail_price), ("grid", "feed_in", study.feed_in)]
    found += [(s.name, kind, row) for s in study.structures for kind, row in s.prices.items()]
    return [
        {"structure": name, "kind": kind, "step": t, "time": study.time[t] if study.time else "", "price": float(value)}
        for name, kind, row in found
        for t, value in enumerate(row)
    ]


def energy_records(study: Study) -> list[Record]:
    """One row for each member and step: what was measured."""
    return [
        {
            "member": name,
            "step": t,
            "time": study.time[t] if study.time else "",
            "load": float(study.load[i][t]),
            "pv": float(study.pv[i][t]),
            "net_load": float(study.net_load[i][t]),
        }
        for i, name in enumerate(study.names)
        for t in range(study.steps)
    ]


def blocking_records(study: Study) -> list[Record]:
    """One row for each outcome and coalition that was named: single members, the worst ones, all together."""
    rows = []
    for structure, outcome in _outcomes(study):
        grand = () if outcome.grand is None else (outcome.grand,)
        groups: tuple[tuple[str, tuple[Blocking, ...]], ...] = (
            ("single", outcome.singles),
            ("worst", outcome.blocking),
            ("grand", grand),
        )
        rows += [
            {
                "structure": structure.name,
                "outcome": outcome.name,
                "kind": kind,
                "rank": rank,
                "coalition": ";".join(found.coalition),
                "size": len(found.coalition),
                "gain": _number(found.gain),
                "claim": _claim(outcome, structure, "blocking"),
            }
            for kind, blocking in groups
            for rank, found in enumerate(blocking)
        ]
    return rows


def certificate_records(study: Study) -> list[Record]:
    """One row a claim."""
    return [
        {
            "claim": name,
            "strength": c.strength.value,
            "sentence": c.claim,
            "bound": _number(Fraction(c.bound)) if isinstance(c.bound, int | Fraction) else str(c.bound),
            "concept": study.checks[name].concept.value,
            "method": study.checks[name].method,
        }
        for name, c in study.certificates.items()
    ]


def sensitivity_records(study: Study) -> list[Record]:
    """One row for each assumption, factor and structure."""
    return [
        {
            "assumption": s.assumption,
            "factor": _number(s.factor),
            "structure": name,
            "social_cost": _number(cost),
            "share_of_gain": _number(s.shares_of_gain.get(name)),
            "claim": s.checks.get(name, ""),
        }
        for s in study.sensitivities
        for name, cost in s.social_costs.items()
    ]


#: File name -> its records and columns. The columns stand here so that a file without rows has its header.
CSV_FILES: dict[str, tuple[Callable[[Study], list[Record]], tuple[str, ...]]] = {
    "structures.csv": (
        structure_records,
        (
            *("structure", "status", "reason", "social_cost", "loss", "share_of_gain", "price_of_anarchy"),
            *("price_of_anarchy_reason", "transfer", "currency", "claim"),
        ),
    ),
    "members.csv": (
        member_records,
        ("structure", "outcome", "member", "bill", "discomfort", "net_cost", "saving", "claim"),
    ),
    "prices.csv": (price_records, ("structure", "kind", "step", "time", "price")),
    "energy.csv": (energy_records, ("member", "step", "time", "load", "pv", "net_load")),
    "blocking.csv": (
        blocking_records,
        ("structure", "outcome", "kind", "rank", "coalition", "size", "gain", "claim"),
    ),
    "certificates.csv": (certificate_records, ("claim", "strength", "sentence", "bound", "concept", "method")),
    "sensitivities.csv": (
        sensitivity_records,
        ("assumption", "factor", "structure", "social_cost", "share_of_gain", "claim"),
    ),
}


def csv_texts(study: Study) -> dict[str, str]:
    """Return the text of each CSV file: floats by their shortest form that reads back the same, gaps empty."""
    texts = {}
    for name, (records, columns) in CSV_FILES.items():
        stream = io.StringIO()
        writer = csv.DictWriter(stream, fieldnames=columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records(study))
        texts[name] = stream.getvalue()
    return texts
