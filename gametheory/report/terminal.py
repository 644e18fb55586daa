"""A study as text for a terminal; plain text where it is piped."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from gametheory.efficiency.comparison import Study
from gametheory.report.tables import (
    Table,
    bill_tables,
    certificate_counts,
    certificate_table,
    leaving_table,
    sensitivity_table,
    skipped_lines,
    structure_table,
    studied,
)
from gametheory.report.words import BOX, RULES, title

__all__ = ["study_text", "table_text"]

#: More members than this are left to the files.
_MEMBERS = 30
#: Tables of more columns than this have one word a line in their headers.
_CROWDED = 7


def study_text(study: Study, width: int = 110, *, colour: bool = False) -> str:
    """Return the whole study as text, `width` columns wide; `colour` adds the codes that terminals read."""
    console = _console(width, colour)
    console.print(Text("One community, the same hours, different rules of the game", style="bold"))
    console.print(Text(studied(study)))
    if study.source:
        console.print(Text(f"data: {study.source}"))
    console.print(Panel(Text(f"{BOX} {certificate_counts(study)}."), box=box.SQUARE, expand=False))
    if study.assumptions:
        console.print(Text("assumed, not measured:", style="bold"))
        for name, sentence in study.assumptions.items():
            console.print(Padding(Text(f"{title(name)}: {sentence}"), (0, 0, 0, 2)))
    for structure in study.structures:
        if structure.name in RULES:
            console.print(Text(f"{title(structure.name)}: {RULES[structure.name]}", style="dim"))
    costs, savings = bill_tables(study, limit=_MEMBERS)
    _print(console, structure_table(study))
    if len(costs.columns) > 1:
        _print(console, costs)
        _print(console, savings)
    for line in skipped_lines(study):
        console.print(Text(line))
    _print(console, leaving_table(study))
    varied = sensitivity_table(study)
    if varied is not None:
        _print(console, varied)
    _print(console, certificate_table(study))
    console.print(Text("Amounts are rounded for reading; --json holds every digit."))
    return _text(console)


def table_text(table: Table, width: int = 110, *, colour: bool = False) -> str:
    """Return one table as text."""
    console = _console(width, colour)
    _print(console, table)
    return _text(console)


def _console(width: int, colour: bool) -> Console:
    return Console(
        file=io.StringIO(),
        width=max(width, 60),
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _text(console: Console) -> str:
    stream = console.file
    assert isinstance(stream, io.StringIO)  # made by _console
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def _print(console: Console, table: Table) -> None:
    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    crowded = len(table.columns) > _CROWDED
    for k, column in enumerate(table.columns):
        left = k < table.words
        header = column.replace("-", "-\n").replace(" ", "\n") if crowded and not left else column
        drawn.add_column(Text(header), justify="left" if left else "right", overflow="fold", no_wrap=left and crowded)
    for k, row in enumerate(table.rows):
        last = k == len(table.rows) - 1 and bool(table.foot)
        drawn.add_row(*map(Text, row), end_section=last)
    for row in table.foot:
        drawn.add_row(*map(Text, row), style="bold")
    console.print()
    console.print(Text(table.title, style="bold"))
    console.print(drawn)
    for note in table.notes:
        console.print(Padding(Text(note, style="dim"), (0, 0, 0, 1)))
