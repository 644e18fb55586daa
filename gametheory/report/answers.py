"""Tables of single answers: claims that were checked again, a split of bills and who would leave it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from gametheory.efficiency.recheck import Verdict
from gametheory.report.amounts import money
from gametheory.report.tables import Table, folder, readable, span
from gametheory.report.words import coalition_text, counted, money_unit
from gametheory.result import CoreCheck

__all__ = ["core_tables", "verdict_table"]

_NONE = "-"


def core_tables(check: CoreCheck, *, currency: str = "") -> tuple[Table, Table]:
    """Return what each member pays, gains by leaving and would need to stay; and the worst coalitions."""
    names = tuple(check.game.players)
    unit = money_unit(currency)
    bills = check.profile["bills"]
    members = Table(
        title=f"What each member pays ({unit})",
        columns=("member", "bill", f"saving against {check.baseline}", "gain by leaving", "subsidy that holds it"),
        rows=tuple(
            (name, money(bill), money(saving, sign=True), money(gain, sign=True), money(subsidy))
            for name, bill, saving, (_, gain), subsidy in zip(
                names, bills, check.savings, check.singles, check.subsidies, strict=True
            )
        ),
        foot=(
            (
                "all members",
                money(sum(bills, Fraction(0))),
                money(sum(check.savings, Fraction(0)), sign=True),
                money(check.grand, sign=True),
                money(sum(check.subsidies, Fraction(0))),
            ),
        ),
        notes=(
            f"least cost of all together: {money(check.optimum)}; gain by leaving: what is paid above the cost on "
            "one's own; subsidies: the least total that keeps every proper coalition",
        ),
    )
    coalitions = Table(
        title=f"The worst proper coalitions ({unit})",
        columns=("members", "gain by leaving", "verdict"),
        rows=tuple(
            (coalition_text(who, names), money(gain, sign=True), "would leave" if gain > 0 else "stays")
            for who, gain in check.blocking
        ),
        notes=(readable(str(check.certificate)),),
    )
    return members, coalitions


def verdict_table(verdicts: Sequence[Verdict], name: str) -> Table:
    """What became of the claims of a file when they were checked again."""
    rows = []
    for _, group in groupby(enumerate(verdicts, start=1), key=lambda item: _kind(item[1])):
        places = list(group)
        (first, verdict), (last, _) = places[0], places[-1]
        found = verdict.found
        rows.append(
            (
                span(range(first, last + 1)),
                "holds" if verdict.holds else "FAILS",
                verdict.name if first == last else f"{folder(verdict.name)}*",
                _NONE if found is None else found.strength.value,
                readable(verdict.reason or ("" if found is None else found.claim)),
                _NONE if found is None else money(found.bound),
            )
        )
    failed = sum(not verdict.holds for verdict in verdicts)
    return Table(
        title=f"{name}: {counted(len(verdicts), 'claim')} checked again, {len(verdicts) - failed} hold, {failed} fail",
        columns=("", "verdict", "name", "strength", "claim", "bound"),
        rows=tuple(rows),
        words=5,
    )


def _kind(verdict: Verdict) -> tuple[Any, ...]:
    """Claims that hold in the same words share a row."""
    found = verdict.found
    said = None if found is None else (found.strength, found.claim, found.bound)
    return folder(verdict.name) or verdict.name, verdict.reason, said
