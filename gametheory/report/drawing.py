"""How pictures are drawn: matplotlib into SVG text that is the same at every run and stands inside a page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

from gametheory.errors import MissingExtra

__all__ = ["MEMBERS", "STRUCTURES", "axis_labels", "figure", "style", "svg_text"]

#: A colour for each structure, and a marker so that it is known without the colour.
STRUCTURES = {
    "alone": ("#7d838c", "s"),
    "sharing": ("#1f77b4", "o"),
    "operator": ("#d1622b", "D"),
    "coalition": ("#2e8b57", "^"),
    "optimum": ("#222222", "*"),
}
#: Colours of members, and of splits.
MEMBERS = (
    *("#4477aa", "#ee8866", "#44aa99", "#ccbb44", "#aa4499", "#77aadd", "#bbcc33", "#882255"),
    *("#99ddff", "#cc8899", "#225555", "#dd7788"),
)

#: Typed loosely: matplotlib names every key in a type of its own.
_STYLE: Any = {
    "svg.hashsalt": "gametheory",
    "svg.fonttype": "none",
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.labelcolor": "#333333",
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.8,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "legend.frameon": False,
    "legend.fontsize": 9,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.parse_math": False,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw inside this block: no setting of the user changes the picture, and none of theirs is changed."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise MissingExtra("matplotlib", "plot", "a picture") from None
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        # matplotlib: a name may hold characters its own font lacks; the reader's browser draws them.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font", category=UserWarning)
        yield


def figure(width: float, height: float, *, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Any, Any]:
    """Return a figure (inches) and its axes; nothing of pyplot, so no window and no state."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), layout="constrained")
    return drawn, drawn.subplots(rows, columns, **options)


def svg_text(drawn: Any, *, name: str, title: str, description: str) -> str:
    """Return a figure as an ``<svg>`` element with a title and a description for readers that do not see it.

    Ids carry `name` in front, so that several pictures stand in one page; name spaces and metadata, which hold
    addresses, are left out: HTML needs none.
    """
    stream = io.StringIO()
    drawn.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)
    text = text.replace("xlink:href", "href")
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'\s(?:d|x|y|x1|x2|y1|y2|points)="[^"]*"', _shortened, text)
    head, rest = text.split(">", 1)
    head = re.sub(r'\s(width|height|version)="[^"]*"', "", head)
    labels = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    return f'{head} role="img" aria-labelledby="{name}-title {name}-desc">{labels}{rest}'


def _shortened(attribute: re.Match[str]) -> str:
    """A hundredth of a point is enough for a place in a picture."""
    return re.sub(r"(\.\d\d)\d+", r"\1", attribute[0])


def axis_labels(time: Sequence[str] | None, steps: int, *, most: int = 8) -> tuple[list[int], list[str]]:
    """Return the positions and texts of at most about `most` ticks of the time axis.

    >>> axis_labels(None, 4)
    ([0, 1, 2, 3], ['0', '1', '2', '3'])
    >>> axis_labels(["2024-07-01T13:00:00+02:00"], 1)
    ([0], ['07-01 13:00'])
    """
    every = next((k for k in (1, 2, 3, 6, 12, 24, 48, 96, 168) if steps / k <= most + 1), -(-steps // most))
    places = list(range(0, steps, every))
    return places, [_short(time[k]) if time else str(k) for k in places]


def _short(label: str) -> str:
    match = re.match(r"\d{4}-(\d\d-\d\d)[T ](\d\d:\d\d)", label)
    return f"{match[1]} {match[2]}" if match else label[:12]
