"""Price leaders at scale: B.3 with 100,000 prosumers against one ``numpy.sort``, B.1 with 1,000 x 100,000."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gametheory.certificates.company_arrays import bound_company_prices
from gametheory.certificates.log_price_arrays import bound_log_prices
from gametheory.solvers.pricing.company_arrays import clear_companies
from gametheory.solvers.pricing.log_price_arrays import best_log_prices

SIZE = 100_000


def _timed(run: Callable[..., Any], *given: Any, **named: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    found = run(*given, **named)
    return found, time.perf_counter() - start


@pytest.mark.benchmark
def test_an_operator_of_100_000_prosumers_against_one_sort(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    rng = np.random.default_rng(1)
    for regime, shift, more in (("surplus", 4.0, 0.0), ("balanced", 0.5, 0.0), ("deficit", -1.0, 0.6)):
        step: dict[str, Any] = {
            "k": rng.uniform(0.2, 2.0, SIZE) + more,
            "energy": np.maximum(rng.normal(shift, 1.0, SIZE), 0.0),
            "feed_in": 0.25,
            "retail_price": 1.0,
        }
        sweeps, sorts, checks = [], [], []
        for _ in range(9):
            numbers = rng.random(SIZE)
            found, spent = _timed(best_log_prices, **step)
            sweeps.append(spent)
            sorts.append(_timed(np.sort, numbers)[1])
            answer = {"buy_price": found.buy_price, "sell_price": found.sell_price, "consumption": found.consumption}
            certificate, spent = _timed(bound_log_prices, **step, **answer)
            checks.append(spent)
            assert certificate.strength == "bounded"
            assert certificate.bound <= 1e-8 * found.profit
        assert found.regime == regime
        ratio = statistics.median(a / b for a, b in zip(sweeps, sorts, strict=True))
        lines.append(
            f"{regime:9} sweep {statistics.median(sweeps):.4f} s  numpy.sort {statistics.median(sorts):.4f} s  "
            f"ratio {ratio:5.1f}  certificate {statistics.median(checks):.4f} s  "
            f"bound / profit {float(certificate.bound / found.profit):.1e}"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))


@pytest.mark.benchmark
def test_1_000_companies_before_100_000_users(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    rng = np.random.default_rng(2)
    for name, least, most in (("closed form", 8.0, 12.0), ("some leave", 0.2, 12.0)):
        market: dict[str, Any] = {
            "capacities": rng.uniform(90.0, 110.0, 1000),
            "budgets": rng.uniform(least, most, SIZE),
            "zeta": rng.uniform(0.02, 0.04, SIZE) * (1 if least > 1 else 20),
        }
        solves, checks = [], []
        for _ in range(5):
            found, spent = _timed(clear_companies, **market)
            solves.append(spent)
            certificate, spent = _timed(bound_company_prices, **market, prices=found.prices)
            checks.append(spent)
            assert certificate.strength == "bounded"
            assert certificate.bound <= 1e-9 * market["budgets"].sum()
        assert found.interior == (least > 1)
        lines.append(
            f"{name:12} prices {statistics.median(solves):.4f} s ({found.iterations} updates)  certificate "
            f"{statistics.median(checks):.4f} s  bound {float(certificate.bound):.1e} of {market['budgets'].sum():.3g}"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
