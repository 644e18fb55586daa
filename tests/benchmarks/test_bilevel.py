"""Bilevel problems of up to 40 complementarity pairs against big Ms on the same HiGHS, in the same run.

The peer is the reformulation that modelling packages such as Pyomo make (``gdp.bigm``), written straight to HiGHS, so
without their overhead; its M is 1,000, which is said to be safe and is not always. Our times include the proof in
rationals, those of the check stand apart.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest

import gametheory as gt
from gametheory.errors import Infeasible
from gametheory.solvers.bilevel.branch_and_bound import ComplementarityBranchAndBound

from .bilevel_games import BigM, bilevel_game

M = 1000.0


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    found = run()
    return found, time.perf_counter() - start


def _solve(game: Any) -> Any:
    try:
        return ComplementarityBranchAndBound().solve(game)
    except Infeasible:
        return None


@pytest.mark.benchmark
def test_branch_and_bound_against_big_ms(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for quadratic in (False, True):
        for pairs in (10, 20, 30, 40):
            ours, theirs, checks, ratios, nodes, theirs_wrong = [], [], [], [], [], 0
            for seed in range(9):
                game = bilevel_game(seed, pairs, quadratic=quadratic)
                answer, spent = _timed(lambda game=game: _solve(game))
                (status, value), peer = _timed(lambda game=game: BigM(game, M).solve())
                ours.append(spent)
                theirs.append(peer)
                ratios.append(peer / spent)
                if answer is None:
                    theirs_wrong += status == "kOptimal"
                    continue
                nodes.append(answer.iterations)
                certificate, checking = _timed(
                    lambda game=game, answer=answer: gt.certify(game, answer.profile, witness=answer.witness)
                )
                assert certificate.strength == "exact"
                assert certificate.bound == 0
                checks.append(checking)
                best = float(answer.extra["value"])
                # The exact value is certified: a lower one of the peer would be a rounding, a higher one is wrong.
                assert status != "kOptimal" or value >= best - 1e-5 * max(1.0, abs(best))
                theirs_wrong += status != "kOptimal" or value > best + 1e-5 * max(1.0, abs(best))
            lines.append(
                f"{'QP' if quadratic else 'LP'} {pairs:3} pairs  ours {statistics.median(ours):7.4f} s  "
                f"big M {statistics.median(theirs):7.4f} s  ratio {statistics.median(ratios):6.1f}  "
                f"check {statistics.median(checks):7.4f} s  nodes {int(statistics.median(nodes)):5}  "
                f"big M wrong or unfinished {theirs_wrong} of 9"
            )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
