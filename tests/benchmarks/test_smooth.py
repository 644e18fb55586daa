"""Games of formulas: what solving takes, and what certifying takes beside it (``-m benchmark -s``)."""

from __future__ import annotations

import statistics
import time
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.solvers.smooth.best_response import BestReplies
from gametheory.solvers.smooth.extragradient import Extragradient
from gametheory.solvers.smooth.forward_backward import ForwardBackward
from gametheory.solvers.smooth.own_multipliers import OwnMultipliers
from gametheory.solvers.smooth.proximal_aggregate import ProximalAggregate
from gametheory.solvers.smooth.variational import JointExtragradient

pytestmark = pytest.mark.benchmark

_CASES: tuple[tuple[str, Any], ...] = (
    ("murphy_sherali_soyster_5", Extragradient()),
    ("murphy_sherali_soyster_5", ProximalAggregate()),
    ("murphy_sherali_soyster_10", Extragradient()),
    ("murphy_sherali_soyster_10", ForwardBackward()),
    ("murphy_sherali_soyster_10", BestReplies()),
    ("murphy_sherali_soyster_limited", JointExtragradient()),
    ("facchinei_kanzow_3", OwnMultipliers()),
    ("switching_with_priority", OwnMultipliers()),
)


def test_certifying_beside_solving() -> None:
    print(f"\n{'game':32} {'solver':18} {'steps':>6} {'solve ms':>9} {'certify ms':>11} {'ratio':>6} {'bound':>9}")
    for name, solver in _CASES:
        game = gt.catalogue(name).game
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(5):
            start = time.perf_counter()
            answer = solver.solve(game)
            middle = time.perf_counter()
            found = gt.certify(
                game, answer.profile, concept=solver.concept, epsilon=answer.epsilon, witness=answer.witness
            )
            times[0].append(middle - start)
            times[1].append(time.perf_counter() - middle)
        solve, check = (1000 * statistics.median(t) for t in times)
        assert found.holds(Fraction(1, 10**8))
        print(
            f"{name:32} {type(solver).__name__:18} {answer.iterations:6} {solve:9.1f} {check:11.1f} "
            f"{check / solve:6.2f} {float(found.bound):9.1e}"
        )
