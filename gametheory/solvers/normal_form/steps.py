"""What an algorithm did, step by step, for teaching: a sentence and a table of exact fractions each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Trace", "TraceStep", "wide"]

Row = tuple[str | Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One step.

    Attributes
    ----------
    text
        What was done and why, in a sentence.
    header, rows
        A table: names of the columns, and rows of a name followed by Fractions. Empty where there is none.
    """

    text: str
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    def __str__(self) -> str:
        if not self.rows:
            return self.text
        lines = [self.header, *(tuple(map(str, row)) for row in self.rows)]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.header))]
        table = "\n".join("  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
        return f"{self.text}\n{table}"

    def to_latex(self) -> str:
        """Return the sentence, and the table as an ``array``."""
        if not self.rows:
            return _escaped(self.text)
        body = " \\\\\n".join(" & ".join(map(_cell, row)) for row in self.rows)
        columns = "r|" + "r" * (len(self.header) - 1)
        head = " & ".join(map(_cell, self.header))
        return (
            f"{_escaped(self.text)}\n\\[\\begin{{array}}{{{columns}}}\n{head} \\\\ \\hline\n{body}\n\\end{{array}}\\]"
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps of one run: iterate over them, print them, or turn them into LaTeX.

    Examples
    --------
    >>> trace = Trace((TraceStep(text="Halve.", header=("", "x"), rows=(("y", Fraction(1, 2)),)),))
    >>> print(trace)
    Halve.
         x
    y  1/2
    >>> print(trace.to_latex())
    Halve.
    \\[\\begin{array}{r|r}
     & \\text{x} \\\\ \\hline
    \\text{y} & \\frac{1}{2}
    \\end{array}\\]
    """

    steps: tuple[TraceStep, ...] = ()

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[TraceStep]:
        return iter(self.steps)

    def __getitem__(self, k: int) -> TraceStep:
        return self.steps[k]

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps))

    def to_latex(self) -> str:
        """Return the steps as LaTeX: sentences, and an ``array`` for each table (``\\text`` is amsmath's)."""
        return "\n".join(step.to_latex() for step in self.steps)


def wide(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Return header and rows for a step, filled up with empty cells to one width."""
    width = max(len(header), *map(len, rows))
    return {
        "header": (*header, *([""] * (width - len(header)))),
        "rows": tuple((*row, *([""] * (width - len(row)))) for row in rows),
    }


#: What stands for something else in LaTeX, and how it is written.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{mark: f"\\{mark}" for mark in "{}&%$#_"},
}


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(mark, mark) for mark in text)


def _cell(value: str | Fraction) -> str:
    if isinstance(value, str):
        return value if not value or value.isdigit() else f"\\text{{{_escaped(value)}}}"
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
