"""Times of finite games of three players with pygambit in the same run, one game each in turn. No time is asserted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gametheory import nash_equilibria
from gametheory.solvers.normal_form.subdivision import SupportSubdivision

from .test_finite import Rows, _row, random_game, table, timed

pytestmark = [pytest.mark.benchmark, pytest.mark.peers]


def test_games_of_three_players(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """All equilibria, complete, each enclosed and shown to be one; then the same with the independent check on top."""
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    rows: Rows = []
    SupportSubdivision().solve(random_game(0, (2, 2, 2)))  # compiles, or loads what was compiled
    for shape, count in (((2, 2, 2), 25), ((3, 3, 3), 25)):
        solved, checked, more, fewer = [], [], 0, 0
        for seed in range(count):
            game = random_game(seed, shape)
            theirs = gambit.StrategicGame.from_arrays(*(t.floats() for t in game.payoffs))
            found, peer = timed(lambda g=theirs: gambit.nash.enumpoly_solve(g).equilibria)
            answer, ours = timed(lambda g=game: SupportSubdivision().solve(g))
            whole, with_check = timed(lambda g=game: nash_equilibria(g))
            assert answer.extra["complete"]
            assert "none is missing" in whole.certificate.claim
            more += len(answer.profile) > len(found)
            fewer += len(answer.profile) < len(found)
            solved.append((ours, peer))
            checked.append((with_check, peer))
        size = "x".join(map(str, shape))
        note = f"complete {count} of {count}; peer lists fewer in {more}, more in {fewer}"
        rows.append(_row(f"all equilibria {size}, enumpoly", solved, note))
        rows.append(_row(f"the same, checked again, {size}", checked, "the checker closes every support by itself"))
    table(capsys, "three players", rows, tmp_path)
