"""``did you mean``: the known name that a mistyped one is nearest to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(word: object, known: Iterable[str], *, listed: int = 8) -> str:
    """Return the end of a sentence: the nearest known name, or some of the known ones.

    >>> did_you_mean("laod", ["load", "pv"])
    "; did you mean 'load'?"
    >>> did_you_mean("x", ["load", "pv"])
    '; known: load, pv'
    """
    names = list(known)
    folded = str(word).casefold()
    near = [name for name in names if name.casefold() == folded]
    near = near or difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    if not names:
        return "; nothing is known here"
    return f"; known: {', '.join(names[:listed])}{', ...' if len(names) > listed else ''}"
