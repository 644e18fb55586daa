"""A study as one HTML page that opens without a network: styles and pictures stand inside it."""

from __future__ import annotations

import platform
from fractions import Fraction
from html import escape
from importlib import resources

from gametheory._version import __version__
from gametheory.efficiency.comparison import Study
from gametheory.report.amounts import money, percent
from gametheory.report.markup import claims_list, figure_html, note, pairs, section, table_html
from gametheory.report.pictures import (
    MOST_MEMBERS,
    bills_picture,
    gains_picture,
    leaving_picture,
    net_load_picture,
    prices_picture,
)
from gametheory.report.tables import (
    bill_tables,
    certificate_counts,
    leaving_table,
    sensitivity_table,
    skipped_lines,
    structure_table,
    studied,
)
from gametheory.report.words import BOX, RULES, money_unit, title
from gametheory.result import Strength

__all__ = ["study_fragment", "study_page"]

_HEADING = "One community, the same hours, different rules of the game"


def study_page(study: Study) -> str:
    """Return the report: a whole HTML document without any reference to another file or address."""
    css = resources.files("gametheory.report").joinpath("page.css").read_text(encoding="utf-8")
    parts = [
        f"<header><h1>{escape(_HEADING)}</h1><p>{escape(studied(study))}</p>{_source(study)}</header>",
        _box(study),
        _figures(study),
        _rules(study),
        _structures(study),
        _members(study),
        _leaving(study),
        _assumptions(study),
        _hours(study),
        _certificates(study),
        _reproduce(study),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(studied(study))}: a certified study</title>\n"
        f'<meta name="generator" content="gametheory {escape(__version__)}">\n'
        f"<style>\n{css}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def study_fragment(study: Study) -> str:
    """Return the box and the table of structures, for a notebook."""
    return f"<p>{escape(studied(study))}</p>{_box(study)}{table_html(structure_table(study))}"


def _source(study: Study) -> str:
    return f'<p class="soft">Data: {escape(study.source)}</p>' if study.source else ""


def _box(study: Study) -> str:
    refuted = [n for n, c in study.certificates.items() if c.strength is Strength.REFUTED]
    warning = f"<br><strong>Refuted: {escape(', '.join(refuted))}.</strong>" if refuted else ""
    return (
        f'<div class="box" role="note"><strong>{escape(BOX)}</strong><br>{escape(certificate_counts(study))}. '
        f"Amounts are rounded for reading; the study's JSON holds every digit.{warning}</div>"
    )


def _figures(study: Study) -> str:
    """The few numbers that a reader takes away."""
    costs = {s.name: s.social_cost for s in study.structures if s.social_cost is not None}
    unit = escape(money_unit(study.currency))
    cards = []
    if "alone" in costs:
        cards.append((f"{money(costs['alone'])} {unit}", "paid when everybody settles with the grid alone"))
    if "alone" in costs and "optimum" in costs:
        gain = costs["alone"] - costs["optimum"]
        share = f", {percent(gain / costs['alone'])} of it" if costs["alone"] > 0 else ""
        cards.append((f"{money(gain)} {unit}", f"could be gained{share}"))
    for s in study.structures:
        if s.name in ("sharing", "operator") and s.share_of_gain is not None:
            cards.append((percent(s.share_of_gain), f"of that is gained with {_ARTICLES[s.name]}"))
            if s.name == "operator" and s.outcomes:
                saved = sum(s.outcomes[0].savings, Fraction(0))
                cards.append((f"{money(saved)} {unit}", "of that reaches the members; the operator keeps the rest"))
    boxes = "".join(f"<div><b>{escape(value)}</b><span>{escape(text)}</span></div>" for value, text in cards)
    boxes = boxes.replace(" %", "\u00a0%")  # a number and its sign stay on one line
    return f'<div class="figures">{boxes}</div>' if boxes else ""


_ARTICLES = {"sharing": "a sharing market", "operator": "an operator"}


def _rules(study: Study) -> str:
    rules = {title(s.name): RULES.get(s.name, "") for s in study.structures}
    return section("rules", "The rules that are compared", pairs(rules))


def _structures(study: Study) -> str:
    return section(
        "structures",
        "What each structure costs, and what it gains",
        figure_html(gains_picture(study), "Gain over paying the grid alone, and who gets it."),
        table_html(structure_table(study)),
        figure_html(
            prices_picture(study),
            "Prices inside the community lie between what the grid pays and what it takes (the grey band).",
        ),
    )


def _members(study: Study) -> str:
    costs, savings = bill_tables(study)
    if len(costs.columns) == 1:
        return ""
    drawn = len(study.names) - MOST_MEMBERS
    return section(
        "members",
        "What each member pays",
        figure_html(
            bills_picture(study),
            "Net cost (bill and discomfort) and saving of each member, by structure and by rule of splitting."
            + (f" The first {MOST_MEMBERS} members are drawn." if drawn > 0 else ""),
        ),
        table_html(costs),
        table_html(savings),
        *map(note, skipped_lines(study)),
    )


def _leaving(study: Study) -> str:
    table = leaving_table(study)
    if not table.rows:
        return ""
    return section(
        "leaving",
        "Who would rather leave",
        figure_html(
            leaving_picture(study),
            "What single members, the worst coalitions and all members together would gain by leaving, in money.",
        ),
        table_html(table),
    )


def _assumptions(study: Study) -> str:
    varied = sensitivity_table(study)
    stated = {title(name): sentence for name, sentence in study.assumptions.items()}
    if not stated and varied is None:
        return ""
    return section(
        "assumptions",
        "What is assumed, and what if it were otherwise",
        pairs(stated),
        "" if varied is None else table_html(varied),
    )


def _hours(study: Study) -> str:
    return section(
        "hours",
        "The hours that are played",
        figure_html(
            net_load_picture(study),
            "Net load is load minus PV: above zero a member needs energy, below zero it has some left.",
        ),
    )


def _certificates(study: Study) -> str:
    return section(
        "certificates",
        "How sure every number is",
        f"<p>{escape(certificate_counts(study))}. Each claim was judged by a checker that shares nothing with the "
        "solver that found it. Exact: decided without rounding. Bounded: enclosed rigorously. Refuted: the claim is "
        "false, and the witness shows why. The bound is the regret, gap or excess that was measured.</p>",
        claims_list(study.checks),
    )


def _reproduce(study: Study) -> str:
    versions = {str(k): str(v) for k, v in study.provenance.items()}
    facts = {"input (SHA-256 of the exact numbers)": study.input_hash, "page made by": f"gametheory {__version__}"}
    facts["Python"] = platform.python_version()
    commands = (
        "pip install gametheory\n"
        "gametheory study COMMUNITY.toml -o report.html --save study.json   # no file: the embedded sample\n"
        "gametheory certify study.json                                      # checks every claim again\n"
    )
    return section("reproduce", "How to reproduce this", f"<pre>{escape(commands)}</pre>", pairs({**facts, **versions}))
