"""Bilevel problems of up to 40 complementarity pairs against big Ms on the same HiGHS, in the same run.

The peer is Pyomo: its complementarities, made into disjunctions and then into binaries (``mpec.simple_disjunction``,
``gdp.bigm``), solved by its HiGHS interface; its M is 1,000, which is said to be safe and is not always. Two times
count of it: all of it, and the solver call alone. The same programme written straight to HiGHS stands beside it. Our
times include the proof in rationals, those of the check stand apart. Runs alternate.
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
from .pao_peer import pao_big_m
from .pyomo_peer import pyomo_big_m

M = 1000.0
SEEDS = range(9)


def _timed(run: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    found = run(*given)
    return found, time.perf_counter() - start


def _solve(game: Any) -> Any:
    try:
        return ComplementarityBranchAndBound().solve(game)
    except Infeasible:
        return None


def _straight(game: Any) -> Any:
    return BigM(game, M).solve()


def _check(game: Any, answer: Any) -> Any:
    return gt.certify(game, answer.profile, witness=answer.witness)


def _is_wrong(ended: bool, value: float | None, best: float | None) -> bool:
    """Whether the peer's end is not the certified value: another one, or none within its minute."""
    if best is None:
        return ended and value is not None
    return not ended or value is None or abs(value - best) > 1e-5 * max(1.0, abs(best))


@pytest.mark.benchmark
def test_branch_and_bound_against_big_ms(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyomo", reason="the peer, pyomo, is not installed")
    lines = []
    for quadratic in (False, True):
        for pairs in (10, 20, 30, 40):
            times: dict[str, list[float]] = {name: [] for name in ("ours", "pyomo", "solver", "straight", "check")}
            wrong = straight_wrong = 0
            for seed in SEEDS:
                game = bilevel_game(seed, pairs, quadratic=quadratic)
                answer, spent = _timed(_solve, game)
                (word, theirs, _, solving), whole = _timed(pyomo_big_m, game, M)
                (status, value), straight = _timed(_straight, game)
                for name, each in (("ours", spent), ("pyomo", whole), ("solver", solving), ("straight", straight)):
                    times[name].append(each)
                best = None if answer is None else float(answer.extra["value"])
                wrong += _is_wrong(word == "optimal", theirs, best)
                straight_wrong += _is_wrong(status == "kOptimal", value, best)
                if answer is None:
                    continue
                certificate, checking = _timed(_check, game, answer)
                assert (certificate.strength, certificate.bound) == ("exact", 0)
                times["check"].append(checking)
            ratios = {
                name: statistics.median(b / a for a, b in zip(times["ours"], times[name], strict=True))
                for name in ("pyomo", "solver", "straight")
            }
            middle = {name: statistics.median(each) for name, each in times.items()}
            lines.append(
                f"{'QP' if quadratic else 'LP'} {pairs:3} pairs  ours {middle['ours']:7.4f} s  Pyomo "
                f"{middle['pyomo']:7.4f} s (x {ratios['pyomo']:5.1f}), its solver call {middle['solver']:7.4f} s "
                f"(x {ratios['solver']:5.1f}), straight {middle['straight']:7.4f} s (x {ratios['straight']:5.1f})  "
                f"check {middle['check']:7.4f} s  wrong or unfinished: Pyomo {wrong}, straight {straight_wrong} of "
                f"{len(SEEDS)}, ours 0"
            )
    with capsys.disabled():
        print("\n" + "\n".join(lines))


@pytest.mark.benchmark
def test_linear_games_against_pao(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        import pao.pyomo  # noqa: F401
    except (ImportError, AttributeError) as reason:  # PAO 1.0 asks for NumPy 1 and for pyutilib
        pytest.skip(f"the peer, pao, does not run here: {reason}")
    lines = []
    for pairs in (10, 20, 30, 40):
        ours, theirs, wrong = [], [], 0
        for seed in SEEDS:
            game = bilevel_game(seed, pairs)
            answer, spent = _timed(_solve, game)
            word, value, whole = pao_big_m(game)
            ours.append(spent)
            if answer is not None:
                certificate = _check(game, answer)
                assert (certificate.strength, certificate.bound) == ("exact", 0)
            theirs.append(whole)
            wrong += _is_wrong(word == "optimal", value, None if answer is None else float(answer.extra["value"]))
        ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
        lines.append(
            f"LP {pairs:3} pairs  ours {statistics.median(ours):7.4f} s  PAO {statistics.median(theirs):7.4f} s "
            f"(x {ratio:5.1f})  wrong or unfinished: PAO {wrong} of {len(SEEDS)}, ours 0"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
