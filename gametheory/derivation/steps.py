"""What a derivation is made of: lines of text and formulas, and what must vanish for the line to be true."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy

__all__ = ["Derivation", "Formula", "Line", "equation"]


@dataclass(frozen=True, slots=True)
class Formula:
    """One displayed formula: LaTeX for a notebook, plain text for a terminal."""

    latex: str
    text: str


def equation(left: str, right: Any, *, latex: str = "", names: Mapping[Any, str] | None = None) -> Formula:
    """Return ``left = right``; `latex` is the left side in LaTeX, `names` the LaTeX of symbols on the right.

    >>> equation("q_1", sympy.Symbol("x") / 2).text
    'q_1 = x/2'
    """
    written = sympy.latex(right, symbol_names=dict(names or {}))
    return Formula(f"{latex or sympy.latex(sympy.Symbol(left))} = {written}", f"{left} = {right}")


@dataclass(frozen=True, slots=True)
class Line:
    """One step: a heading, a sentence or two, formulas, and the expressions that vanish if the step is right.

    Attributes
    ----------
    title
        What is done.
    text
        Why, in words.
    formulas
        One displayed formula each.
    zeros
        Expressions in the model's symbols that are identically zero on the domain: ``proofs/`` decides them.
    """

    title: str
    text: str
    formulas: tuple[Formula, ...] = ()
    zeros: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """The steps from a model's payoff to its closed form; prints in a terminal, shows as Markdown in a notebook.

    Attributes
    ----------
    model
        Name of the model.
    source
        The paper, and how close the model is to it.
    lines
        The steps.
    domain
        Relations between the symbols under which the steps hold.
    theorems
        Ids of the propositions decided about this model (``python -m proofs ID``).
    """

    model: str
    source: str
    lines: tuple[Line, ...]
    domain: tuple[Any, ...] = ()
    theorems: tuple[str, ...] = field(default=())

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def to_markdown(self) -> str:
        """Return the derivation as Markdown with LaTeX."""
        parts = [f"## {self.model}", self.source]
        for number, line in enumerate(self.lines, 1):
            parts.append(f"**{number}. {line.title}.** {line.text}")
            parts.extend(f"$$ {formula.latex} $$" for formula in line.formulas)
        parts.append(self._closing())
        return "\n\n".join(parts)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __str__(self) -> str:
        rows = [self.model, self.source, ""]
        for number, line in enumerate(self.lines, 1):
            rows.append(textwrap.fill(f"{number}. {line.title}. {line.text}", 100, subsequent_indent="   "))
            rows.extend(f"       {formula.text}" for formula in line.formulas)
        rows.append(textwrap.fill(self._closing(), 100))
        return "\n".join(rows)

    def _closing(self) -> str:
        where = ", ".join(str(part) for part in self.domain)
        proved = ", ".join(self.theorems)
        sentence = f"Domain: {where}." if where else "Domain: all reals."
        return f"{sentence} Decided for all these numbers by: {proved}." if proved else sentence
