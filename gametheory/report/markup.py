"""The parts of a page: texts escaped, tables with captions and heads, claims as a list that folds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from html import escape
from typing import Any

from gametheory.arithmetic import Number
from gametheory.report.amounts import money
from gametheory.report.tables import CERTIFICATES, Table, readable
from gametheory.result import Solution

__all__ = ["claims_list", "figure_html", "note", "pairs", "section", "table_html"]

#: Witnesses longer than this are left to the JSON file.
_WITNESS = 1200
_DIGITS = 60


def section(name: str, heading: str, *parts: str) -> str:
    """Return a section of the page with its heading."""
    body = "\n".join(part for part in parts if part)
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(heading)}</h2>\n{body}\n</section>'


def note(text: str) -> str:
    """Return a small paragraph."""
    return f'<p class="note">{escape(text)}</p>'


def figure_html(svg: str, caption: str) -> str:
    """Return a picture with its caption."""
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def pairs(values: Mapping[str, str]) -> str:
    """Return names and what is said about each."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in values.items())
    return f'<dl class="pairs">{rows}</dl>' if rows else ""


def table_html(table: Table) -> str:
    """Return a table; numbers of claims link to the claims."""
    head = "".join(
        f'<th scope="col"{_word(k < table.words)}>{escape(column)}</th>' for k, column in enumerate(table.columns)
    )
    body = "".join(_row(table, row) for row in table.rows)
    foot = "".join(_row(table, row) for row in table.foot)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.title)}"><table>'
        f"<caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        f"{f'<tfoot>{foot}</tfoot>' if foot else ''}</table></div>{''.join(map(note, table.notes))}"
    )


def _row(table: Table, row: Iterable[str]) -> str:
    first, *cells = row
    marks = first == CERTIFICATES
    parts = [f'<th scope="row">{escape(first)}</th>']
    for k, cell in enumerate(cells, start=1):
        text = escape(cell)
        if marks or table.columns[k] == CERTIFICATES:
            text = re.sub(r"#(\d+)", r'<a href="#claim-\1">#\1</a>', text)
        parts.append(f"<td{_word(k < table.words)}>{text}</td>")
    more = "" if first else ' class="more"'
    return f"<tr{more}>{''.join(parts)}</tr>"


def _word(is_word: bool) -> str:
    return ' class="word"' if is_word else ""


def claims_list(checks: Mapping[str, Solution]) -> str:
    """Return every claim with strength, sentence and bound; its method and witness fold out."""
    items = "".join(_claim(k, name, solution) for k, (name, solution) in enumerate(checks.items(), start=1))
    return f'<ol class="claims">{items}</ol>'


def _claim(k: int, name: str, solution: Solution) -> str:
    certificate = solution.certificate
    strength = certificate.strength.value
    facts = {
        "claim": _cut(certificate.claim),
        "bound": _full(certificate.bound),
        "claimed before": _full(certificate.epsilon),
        "about": f"{solution.concept.value} of a {type(solution.game).__name__}",
        "found by": solution.method,
        "witness": _witness(certificate.witness),
    }
    return (
        f'<li id="claim-{k}"><details><summary><span class="soft">#{k}</span> '
        f'<span class="tag {strength}">{strength}</span> <b>{escape(name)}</b>: {escape(readable(certificate.claim))} '
        f'<span class="soft">(bound {escape(money(certificate.bound))})</span></summary>{pairs(facts)}</details></li>'
    )


def _cut(text: str) -> str:
    """A sentence in full, unless it holds numbers of very many digits."""
    return text if len(text) <= 4 * _DIGITS else readable(text)


def _full(value: Number) -> str:
    """A number in full where that is short."""
    text = str(value)
    return text if len(text) <= _DIGITS else f"{float(value):.12g} (a rational of {len(text)} characters, in the JSON)"


def _witness(witness: Mapping[str, Any]) -> str:
    if not witness:
        return "none is needed"
    text = json.dumps(witness, default=_plain, ensure_ascii=False)
    return text if len(text) <= _WITNESS else f"{', '.join(map(str, witness))} (long, in the JSON file)"


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return dict(value) if isinstance(value, Mapping) else str(value)
