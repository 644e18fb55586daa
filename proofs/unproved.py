"""Propositions without a proof here, and the model each waits for. They are listed, never counted as passed."""

from __future__ import annotations

from .theorem import Open

__all__ = ["OPEN"]

_ENTRIES: tuple[tuple[str, str, str], ...] = ()

OPEN: tuple[Open, ...] = tuple(Open(key, statement, f"a proof about {model}") for key, statement, model in _ENTRIES)
