"""Cited games as data with their known answers, by name: for teachers, and for the conformance tests.

One file a subject, each with ``entries() -> tuple[Entry, ...]``; `SUBJECTS` lists them, nothing registers itself.
"""

from __future__ import annotations

import importlib
from functools import cache

from gametheory.catalogue.entry import Entry
from gametheory.errors import InputError

__all__ = ["SUBJECTS", "Entry", "catalogue", "names"]

#: Modules of this folder that hold entries.
SUBJECTS: tuple[str, ...] = (
    "auctions",
    "bilevel",
    "coalitional",
    "continuous",
    "energy",
    "facchinei_kanzow",
    "facchinei_kanzow_large",
    "finite",
    "finite_degenerate",
    "finite_energy",
    "finite_many",
    "finite_textbook",
    "finite_worst",
    "leaders",
    "multi_leader",
    "pooled",
    "prices",
    "smooth",
    "trading",
)


@cache
def _all() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for subject in SUBJECTS:
        for entry in importlib.import_module(f"gametheory.catalogue.{subject}").entries():
            if entry.name in found:
                raise InputError(f"the catalogue has two entries named {entry.name!r}; rename one")
            found[entry.name] = entry
    return found


def names() -> tuple[str, ...]:
    """Return the names of all entries, sorted."""
    return tuple(sorted(_all()))


def catalogue(name: str) -> Entry:
    """Return a cited game with its source and known answers.

    Raises
    ------
    InputError
        No entry has that name; the message lists near ones.
    """
    import difflib

    found = _all()
    if name not in found:
        near = difflib.get_close_matches(name, found, n=3) or sorted(found)
        raise InputError(f"the catalogue has no {name!r}; try {', '.join(near)}")
    return found[name]
