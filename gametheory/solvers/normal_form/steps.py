"""What an algorithm did, step by step, for teaching: a sentence and a table of exact fractions each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["TraceStep", "latex"]


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
    rows: tuple[tuple[str | Fraction, ...], ...] = ()

    def __str__(self) -> str:
        if not self.rows:
            return self.text
        lines = [self.header, *(tuple(map(str, row)) for row in self.rows)]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.header))]
        table = "\n".join("  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
        return f"{self.text}\n{table}"


def latex(steps: Sequence[TraceStep]) -> str:
    """Return the steps as LaTeX: sentences, and an ``array`` for each table.

    >>> print(latex([TraceStep(text="Halve.", header=("", "x"), rows=(("y", Fraction(1, 2)),))]))
    Halve.
    \\[\\begin{array}{r|r}
     & x \\\\ \\hline
    y & \\frac{1}{2}
    \\end{array}\\]
    """
    parts = []
    for step in steps:
        parts.append(step.text)
        if step.rows:
            body = " \\\\\n".join(" & ".join(map(_cell, row)) for row in step.rows)
            columns = "r|" + "r" * (len(step.header) - 1)
            head = " & ".join(step.header)
            parts.append(f"\\[\\begin{{array}}{{{columns}}}\n{head} \\\\ \\hline\n{body}\n\\end{{array}}\\]")
    return "\n".join(parts)


def _cell(value: str | Fraction) -> str:
    if isinstance(value, str):
        return value
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
