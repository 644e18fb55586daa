"""The pictures of a study's report, each an ``<svg>`` text: energy, prices, gains, bills, who would leave."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gametheory.arithmetic import FloatArray
from gametheory.efficiency.comparison import Outcome, Structure, Study
from gametheory.report.amounts import money
from gametheory.report.drawing import MEMBERS, STRUCTURES, axis_labels, figure, style, svg_text
from gametheory.report.tables import labelled_outcomes
from gametheory.report.words import counted, money_unit, title

__all__ = ["MOST_MEMBERS", "bills_picture", "gains_picture", "leaving_picture", "net_load_picture", "prices_picture"]

#: The bills of more members than this are not drawn; the table has them.
MOST_MEMBERS = 40
#: More steps than this are averaged, so that a year stays a picture.
_MOST_STEPS = 400
_MARKERS = ("o", "^", "v", "<", ">", "P", "X", "p", "h", "8")


def net_load_picture(study: Study) -> str:
    """Who needs and who has energy at each step, and how each structure changes what the grid delivers."""
    net = np.array([[float(x) for x in row] for row in study.net_load])
    with style():
        drawn, (top, bottom) = figure(10, 5.4, rows=2, sharex=True, height_ratios=[3, 2])
        values, every = _binned(net)
        up, down = np.maximum(values, 0), np.minimum(values, 0)
        if len(study.names) <= len(MEMBERS):
            _stack(top, up, MEMBERS, study.names)
            _stack(top, down, MEMBERS, None)
        else:
            _stack(top, up.sum(axis=0, keepdims=True), ["#4477aa"], ["members who need energy"])
            _stack(top, down.sum(axis=0, keepdims=True), ["#ccbb44"], ["members who have energy left"])
        _steps(top, values.sum(axis=0), color="#111111", linewidth=1.6, label="community")
        top.axhline(0, color="#888888", linewidth=0.8)
        top.set_ylabel("net load (kWh a step)")
        top.set_title("measured: above 0 a need, below 0 a surplus")
        top.legend(ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5))
        measured = net.sum(axis=0)
        for structure in study.structures:
            if structure.grid_energy and structure.name != "alone":
                colour, _ = _look(structure.name)
                row, _ = _binned(np.array([[float(x) for x in structure.grid_energy]]) - measured)
                _steps(bottom, row[0], color=colour, label=title(structure.name), **_stroke(structure.name))
        bottom.axhline(0, color="#888888", linewidth=0.8)
        bottom.set_ylabel("change (kWh)")
        bottom.set_title("what the community takes from the grid, less what it took when it was measured")
        if bottom.get_legend_handles_labels()[0]:
            bottom.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        _time_axis(bottom, study, every)
        averaged = f", averaged over {every} steps" if every > 1 else ""
        return svg_text(
            drawn,
            name="net-load",
            title=f"Net load of {counted(len(study.names), 'member')} over {counted(study.steps, 'step')}{averaged}",
            description="Stacked areas: net load of each member, needs above zero and surpluses below. Line: the "
            "community. Lower panel: by how much each structure changes what the community takes from the grid.",
        )


def prices_picture(study: Study) -> str:
    """The grid's two prices and the prices inside the community under each structure."""
    retail = np.array([[float(x) for x in study.retail_price]])
    feed_in = np.array([[float(x) for x in study.feed_in]])
    with style():
        drawn, axes = figure(10, 3.4)
        (retail, feed_in), every = _binned(np.vstack([retail, feed_in]))
        edges = np.arange(len(retail) + 1)
        axes.fill_between(
            edges, np.append(feed_in, feed_in[-1]), np.append(retail, retail[-1]), step="post", color="#f1f1ee"
        )
        _steps(axes, retail, color="#999999", linewidth=1.2, label="grid: retail")
        _steps(axes, feed_in, color="#999999", linewidth=1.2, linestyle=(0, (4, 2)), label="grid: feed-in")
        for label, name, kind, row in _price_lines(study):
            colour, _ = _look(name)
            dash = {"linestyle": (0, (4, 2))} if kind.startswith("sell") else {}
            values, _ = _binned(np.array([[float(x) for x in row]]))
            _steps(axes, values[0], color=colour, label=label, **{**_stroke(name), **dash})
        axes.set_ylabel(f"{money_unit(study.currency)}/kWh")
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        _time_axis(axes, study, every)
        return svg_text(
            drawn,
            name="prices",
            title="Prices by structure over time",
            description="Step lines: retail and feed-in price of the grid, and the prices inside the community under "
            "each structure that has one.",
        )


def _price_lines(study: Study) -> list[tuple[str, str, str, Sequence[Fraction]]]:
    """Label, structure, kind and row of each price that is not the grid's; equal rows share a line."""
    found: dict[tuple[Fraction, ...], tuple[list[str], str, str]] = {}
    grid = (study.retail_price, study.feed_in)
    for structure in study.structures:
        for kind, row in structure.prices.items():
            if structure.name == "alone" and row in grid:
                continue
            word = "" if kind == "price" else f": {kind.removesuffix('_price')}"
            labels, _, _ = found.setdefault(row, ([], structure.name, kind))
            labels.append(f"{title(structure.name)}{word}")
    return [(", ".join(labels), name, kind, row) for row, (labels, name, kind) in found.items()]


def gains_picture(study: Study) -> str:
    """What each structure gains over paying the grid alone, and who gets it."""
    found = [s for s in study.structures if s.social_cost is not None and s.name != "alone" and s.outcomes]
    with style():
        drawn, axes = figure(10, 0.9 + 0.5 * max(len(found), 1))
        for k, structure in enumerate(found):
            outcome = structure.outcomes[0]
            members = float(sum(outcome.savings, Fraction(0)))
            profit = float(outcome.transfer)
            colour, _ = _look(structure.name)
            axes.barh(k, members, color=colour, height=0.6)
            if profit:
                left = max(members, 0.0)
                axes.barh(k, profit, left=left, color="white", edgecolor=colour, hatch="////", height=0.6)
            end = max(members, 0.0) + max(profit, 0.0)
            text = money(sum(outcome.savings, Fraction(0)))
            text += f" + {money(outcome.transfer)} kept by the operator" if profit else ""
            axes.annotate(text, (end, k), xytext=(6, 0), textcoords="offset points", va="center", color="#333333")
        axes.set_yticks(range(len(found)), [title(s.name) for s in found])
        axes.invert_yaxis()
        axes.set_xlabel(
            f"gain over paying the grid alone ({money_unit(study.currency)}); hatched: kept by the operator"
        )
        axes.margins(x=0.28)
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]) if axes.dataLim.x0 < 0 else 0.0)
        axes.grid(axis="y", visible=False)
        if not found:
            axes.annotate("no structure to compare", (0.5, 0.5), xycoords="axes fraction", ha="center")
        return svg_text(
            drawn,
            name="gains",
            title="What each structure gains, and who gets it",
            description="One bar a structure: the savings of all members together, and hatched what an operator keeps.",
        )


def bills_picture(study: Study) -> str:
    """Net cost and saving of each member under each structure and split."""
    found = list(labelled_outcomes(study))
    names = study.names[:MOST_MEMBERS]
    with style():
        drawn, (left, right) = figure(10, 1.3 + 0.36 * max(len(names), 4), columns=2, sharey=True)
        for k, (label, structure, outcome) in enumerate(found):
            colour, marker = _point(structure, k, outcome)
            offset = (k - (len(found) - 1) / 2) * 0.6 / max(len(found), 1)
            rows = np.arange(len(names)) + offset
            options = {"color": colour, "marker": marker, "linestyle": "none", "markersize": 5, "markeredgewidth": 0.3}
            left.plot([float(x) for x in outcome.net_costs[: len(names)]], rows, label=label, **options)
            right.plot([float(x) for x in outcome.savings[: len(names)]], rows, **options)
        right.axvline(0, color="#888888", linewidth=0.8)
        left.set_yticks(range(len(names)), [_clip(name) for name in names])
        left.set_ylim(len(names) - 0.5, -0.5)
        for axes, text in ((left, "net cost"), (right, "saving against paying alone")):
            axes.set_xlabel(f"{text} ({money_unit(study.currency)})")
            axes.grid(axis="y", visible=False)
            for k in range(1, len(names)):
                axes.axhline(k - 0.5, color="#eeeeee", linewidth=0.8, zorder=0)
        if found:
            drawn.legend(loc="outside right center")
        return svg_text(
            drawn,
            name="bills",
            title="Net cost and saving of each member",
            description="Left: net cost of each member under each structure and split. Right: its saving against "
            "paying the grid alone. The numbers stand in the tables below.",
        )


def leaving_picture(study: Study) -> str:
    """The excess of single members, of the worst coalitions and of all together: right of zero they would leave."""
    found = [(label, o) for label, _, o in labelled_outcomes(study) if o.singles or o.blocking or o.grand]
    with style():
        drawn, axes = figure(10, 1.2 + 0.36 * max(len(found), 2))
        for k, (_, outcome) in enumerate(found):
            proper = [b.gain for b in outcome.blocking if len(b.coalition) > 1]
            _dots(axes, proper, k, "o", "#1f77b4", "worst coalitions" if k == 0 else "_")
            _dots(axes, [b.gain for b in outcome.singles], k, "|", "#111111", "single members" if k == 0 else "_")
            grand = [] if outcome.grand is None else [outcome.grand.gain]
            _dots(axes, grand, k, "D", "#d1622b", "all members together" if k == 0 else "_")
        axes.axvline(0, color="#555555", linewidth=1)
        axes.set_yticks(range(len(found)), [label for label, _ in found])
        axes.set_ylim(len(found) - 0.5, -0.5)
        axes.set_xlabel(f"gain by leaving ({money_unit(study.currency)}); right of 0 they would leave")
        if found:
            axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        return svg_text(
            drawn,
            name="leaving",
            title="Who would gain by leaving",
            description="One row for each structure and split: what single members, the worst proper coalitions and "
            "all members together would gain by leaving. Points right of zero would leave.",
        )


def _dots(axes: Any, gains: Sequence[Fraction], row: int, marker: str, colour: str, label: str) -> None:
    size = {"|": 12, "D": 5}.get(marker, 6)
    axes.plot(
        [float(g) for g in gains],
        [row] * len(gains),
        linestyle="none",
        marker=marker,
        color=colour,
        markersize=size,
        markerfacecolor=colour if marker != "o" else "none",
        label=label,
        clip_on=False,
    )


def _point(structure: Structure, k: int, outcome: Outcome) -> tuple[str, str]:
    """Colour and marker: the structure's own, or one of a series for the splits."""
    if outcome.name == structure.name:
        return _look(structure.name)
    return MEMBERS[k % len(MEMBERS)], _MARKERS[k % len(_MARKERS)]


def _look(name: str) -> tuple[str, str]:
    return STRUCTURES.get(name, ("#aa4499", "P"))


def _stroke(name: str) -> dict[str, Any]:
    """Structures whose lines may lie on each other: wide below, thin above."""
    width = {"alone": 3.6, "coalition": 3.2, "sharing": 1.8, "optimum": 1.0}.get(name, 1.6)
    return {"linewidth": width, "alpha": 0.45 if width > 3 else 1.0}


def _binned(values: FloatArray) -> tuple[FloatArray, int]:
    """Average over equal runs of steps where there are many; return the rows and the length of a run."""
    steps = values.shape[1]
    every = -(-steps // _MOST_STEPS)
    if every == 1:
        return values, 1
    starts = np.arange(0, steps, every)
    lengths = np.diff(np.append(starts, steps))
    return np.add.reduceat(values, starts, axis=1) / lengths, every


def _steps(axes: Any, values: FloatArray, **options: Any) -> None:
    axes.step(np.arange(len(values) + 1), np.append(values, values[-1]), where="post", **options)


def _stack(axes: Any, values: FloatArray, colours: Sequence[str], names: Sequence[str] | None) -> None:
    edges = np.arange(values.shape[1] + 1)
    below = np.zeros(values.shape[1] + 1)
    for k, row in enumerate(values):
        above = below + np.append(row, row[-1])
        axes.fill_between(
            edges,
            below,
            above,
            step="post",
            color=colours[k],
            linewidth=0,
            label=_clip(names[k]) if names is not None else None,
        )
        below = above


def _time_axis(axes: Any, study: Study, every: int) -> None:
    places, labels = axis_labels(study.time, study.steps)
    axes.set_xticks([place / every for place in places], labels)
    axes.set_xlim(0, -(-study.steps // every))
    axes.set_xlabel(f"step of {float(study.step_hours):g} h")


def _clip(name: str, most: int = 18) -> str:
    """A long name shortened; one that starts with an underscore would be left out of a legend."""
    short = name if len(name) <= most else f"{name[: most - 1]}…"
    return short if not short.startswith("_") else f" {short}"
