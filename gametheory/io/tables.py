"""Tables in files: CSV with every text as it was written, Parquet with every number as it was stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from gametheory.domain.series import Origin, Series
from gametheory.domain.suggestions import did_you_mean
from gametheory.errors import InputError
from gametheory.io.sections import read_text

__all__ = ["Table", "read_table"]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length, and the line in the file of each row."""

    path: Path
    columns: dict[str, Sequence[Any]] = field(repr=False)
    lines: Sequence[int] = field(repr=False)
    word: str = "line"
    decimal: str = "."

    def __len__(self) -> int:
        return len(self.lines)

    def place(self, row: int, column: str) -> str:
        """Return where a cell stands, for a message."""
        return f"{self.path.name}, {self.word} {self.lines[row]}, column {column!r}"

    def missing(self, column: str, *, purpose: str) -> str:
        """Return the problem of a column that is not there."""
        return f"{self.path.name} has no column {column!r} ({purpose}){did_you_mean(column, self.columns)}"

    def texts(self, column: str) -> list[str]:
        """Return a column as texts, "" where a cell is missing."""
        return ["" if cell is None else str(cell) for cell in self.columns[column]]

    def series(self, column: str, *, scale: Fraction = Fraction(1), rows: Sequence[int] | None = None) -> Series:
        """Return a column (or some of its rows) as numbers times `scale`."""
        cells = self.columns[column]
        lines = self.lines
        if rows is not None:
            cells = cells[list(rows)] if hasattr(cells, "__array__") else [cells[row] for row in rows]  # type: ignore[call-overload]  # an array takes a list of rows
            lines = [lines[row] for row in rows]
        if self.decimal != "." and not hasattr(cells, "__array__"):
            cells = [cell.replace(self.decimal, ".") if isinstance(cell, str) else cell for cell in cells]
        return Series(cells, scale=scale, origin=Origin(self.path.name, column, lines, self.word))


def read_table(path: Path, *, separator: str = ",", decimal: str = ".", columns: Iterable[str] | None = None) -> Table:
    """Read a CSV or Parquet file; the ending of its name says which.

    Raises
    ------
    InputError
        With all the problems found: no such file, no header, a column named twice, a line with too few cells.
    """
    if path.suffix.lower() in {".parquet", ".pq"}:
        return _read_parquet(path)
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        return _read_csv(path, "\t" if path.suffix.lower() == ".tsv" and separator == "," else separator, decimal)
    raise InputError(f"{path}: {path.suffix or 'a name without an ending'!r} is not a table; give .csv or .parquet")


def _read_csv(path: Path, separator: str, decimal: str) -> Table:
    text = read_text(path, kind="a table, such as homes.csv")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[str] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num}: not CSV ({error}); close every quote") from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
        lines.pop()
    _check_header(path, header, separator, problems)
    width = len(header)
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            what = f"has {len(row)} cells" if row else "is empty"
            problems.append(f"{path}: line {line} {what}, the header names {width} columns; give one cell a column")
            if len(problems) >= 10:
                problems.append(f"{path}: more lines may be wrong; these were the first ten")
                break
    if not rows and not problems:
        problems.append(f"{path}: there are no rows below the header; give one row a step")
    InputError.raise_all(problems)
    return Table(path, dict(zip(header, map(list, zip(*rows, strict=True)), strict=True)), lines, decimal=decimal)


def _check_header(path: Path, header: list[str], separator: str, problems: list[str]) -> None:
    if not any(header):
        problems.append(f"{path}: the file is empty; give a header with the names of the columns, and rows")
        return
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        label = f"column {name!r}" if name else "a column without a name"
        problems.append(f"{path}: {label} stands {header.count(name)} times in the header; name each column once")
    other = next((s for s in (";", "\t", ",") if s != separator and s in header[0]), None)
    if len(header) == 1 and other is not None:
        problems.append(
            f"{path}: the header is one column, {header[0][:40]!r}; the separator seems to be {other!r}: "
            f"set [data] separator = {other!r}"
        )


def _read_parquet(path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        read_text(path, kind="a table, such as homes.parquet")  # says what is wrong with the path
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: not Parquet ({reason}); give a file written as Parquet, or a CSV file") from None
    names = table.column_names
    problems = [
        f"{path}: column {name!r} stands {names.count(name)} times; name each column once"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if table.num_rows == 0:
        problems.append(f"{path}: there are no rows; give one row a step")
    InputError.raise_all(problems)
    columns = {name: _cells(table.column(name), pa) for name in names}
    return Table(path, columns, range(1, table.num_rows + 1), word="row")


def _cells(column: Any, pa: Any) -> Sequence[Any]:
    """Floats without gaps as an array; all else as Python objects: integers, Decimals, texts, None for a gap."""
    if pa.types.is_floating(column.type) and not column.null_count:
        return column.to_numpy()  # type: ignore[no-any-return]
    if pa.types.is_timestamp(column.type):
        return [None if moment is None else moment.isoformat() for moment in column.to_pylist()]
    return column.to_pylist()  # type: ignore[no-any-return]
