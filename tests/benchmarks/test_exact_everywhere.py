"""How long exact numbers get, how large files are and how long it takes, with more and more members.

The question behind it: can everything stay exact? Printed, not asserted; what is asserted is that every claim is exact.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import gametheory as gt
from gametheory.domain import Community, Prosumer, Tariff
from gametheory.io.solutions import loads

pytestmark = pytest.mark.benchmark

_START, _STEPS = 121, 48


def bits(value: Any) -> int:
    """The longest numerator or denominator in nested tuples and mappings."""
    return max((max(x.numerator.bit_length(), x.denominator.bit_length()) for x in _numbers(value)), default=0)


def _numbers(value: Any) -> Iterator[Fraction]:
    if isinstance(value, Fraction):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _numbers(item)


def measured(find: Callable[[str], Path], count: int) -> Community:
    """Homes of the Fontana set, 48 hours."""
    import pyarrow.parquet as pq

    table = pq.read_table(find("fontana/fontana17_hourly.parquet")).slice(_START, _STEPS).to_pydict()
    prosumers = [
        Prosumer(
            f"home_{k:02d}",
            load=[f"{x:.4f}" for x in table[f"load_{k:02d}"]],
            pv=[f"{x:.4f}" for x in table[f"pv_{k:02d}"]],
        )
        for k in range(1, count + 1)
    ]
    return Community(prosumers=prosumers, tariff=tariff(table))


def simulated(find: Callable[[str], Path]) -> Community:
    """A hundred dwellings of the ResStock set with simulated PV on every third roof, at Fontana's prices."""
    import pyarrow.parquet as pq

    prices = pq.read_table(find("fontana/fontana17_hourly.parquet")).slice(_START, _STEPS).to_pydict()
    table = pq.read_table(find("resstock_tx100/resstock_tx100_hourly.parquet")).slice(4000, _STEPS).to_pydict()
    sun = next(values for name, values in table.items() if "direct" in name)
    loads_ = [name for name in table if name.startswith("load_")]
    prosumers = [
        Prosumer(
            name.removeprefix("load_"),
            load=[f"{x:.4f}" for x in table[name]],
            pv=[f"{(3 + i % 4) * 0.8 * x / 1000:.4f}" for x in sun] if i % 3 == 0 else None,
        )
        for i, name in enumerate(loads_)
    ]
    return Community(prosumers=prosumers, tariff=tariff(prices))


def tariff(table: Mapping[str, Any]) -> Tariff:
    return Tariff.series([str(x) for x in table["grid_buy_usd_per_kwh"]], feed_in="0.08")


@pytest.mark.parametrize("count", [8, 16])
def test_the_whole_study(count: int, shared_data: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    community = measured(shared_data, count)
    start = time.perf_counter()
    study = gt.study(community)
    solved = time.perf_counter() - start
    text = study.to_json()
    start = time.perf_counter()
    again = {name: gt.certify(claim) for name, claim in loads(text).checks.items()}
    checked = time.perf_counter() - start
    longest = max(study.checks, key=lambda name: bits(study.checks[name].profile))
    with capsys.disabled():
        print(
            f"\n{count} members x {_STEPS} steps: {solved:.1f} s, {len(text) / 1e6:.1f} MB, read and "
            f"certified again {checked:.1f} s, {len(again)} claims, longest number {longest} "
            f"{bits(study.checks[longest].profile)} bits"
        )
    assert {c.strength.value for c in again.values()} == {"exact"}


def test_sharing_among_a_hundred(shared_data: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    community = simulated(shared_data)
    start = time.perf_counter()
    equilibrium = gt.nash_equilibrium(gt.models.EnergySharing(community))
    solved = time.perf_counter() - start
    with capsys.disabled():
        print(
            f"\n{len(community)} members x {_STEPS} steps: {equilibrium.wall_time:.2f} s alone, {solved:.2f} s "
            f"with certificate, file {len(equilibrium.to_json()) / 1e6:.1f} MB, {bits(equilibrium.profile)} bits"
        )
    assert equilibrium.certificate.strength.value == "exact"
    assert equilibrium.certificate.bound == 0
