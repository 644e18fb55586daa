"""Hypothesis strategies for finite games, and lrsnash's answer where Debian's lrslib is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import strategies as st

from gametheory.games.normal_form import NormalFormGame

__all__ = ["bimatrix", "lrs", "tables"]

needs_lrs = pytest.mark.skipif(shutil.which("lrsnash") is None, reason="lrsnash (Debian: lrslib) is not installed")


def tables(shape: tuple[int, ...], numbers: st.SearchStrategy[int]) -> st.SearchStrategy:
    if not shape:
        return numbers
    return st.lists(tables(shape[1:], numbers), min_size=shape[0], max_size=shape[0])


@st.composite
def bimatrix(draw: st.DrawFn, most: int = 4) -> NormalFormGame:
    """Return a two-player game; small numbers, so that most are degenerate."""
    shape = draw(st.integers(1, most)), draw(st.integers(1, most))
    numbers = st.integers(0, draw(st.sampled_from([1, 2, 3, 50])))
    return NormalFormGame(draw(tables(shape, numbers)), draw(tables(shape, numbers)))


def lrs(game: NormalFormGame) -> set:
    """Return the extreme equilibria that lrsnash lists."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game"
        tables = [t.fractions() for t in game.payoffs]
        text = "\n\n".join("\n".join(" ".join(map(str, row)) for row in table) for table in tables)
        path.write_text(f"{game.shape[0]} {game.shape[1]}\n\n{text}\n")
        run = subprocess.run(["lrsnash", str(path)], capture_output=True, text=True, check=True, timeout=300)
    found, seconds, last = set(), [], ""
    for line in run.stdout.splitlines():
        words = line.split()
        if not words or words[0] not in ("1", "2"):
            continue
        strategy = tuple(Fraction(word) for word in words[1:-1])
        if words[0] == "2":
            seconds = [*seconds, strategy] if last == "2" else [strategy]
        else:
            found |= {(strategy, y) for y in seconds}
        last = words[0]
    return found
