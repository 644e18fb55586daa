"""Seeded faults in models and solvers are all caught by a theorem or by a certificate."""

from __future__ import annotations

import pytest

from .injection import Fault, probe

_ECONOMY = "gametheory.models.economy"
_REPEATED = "gametheory.models.repeated_demand_response"
_DIRECT = "gametheory.models.direct_trading"

FAULTS = (
    Fault(
        "swapped price in the grid bill",
        _ECONOMY,
        "maximum(retail_price * position, feed_in * position)",
        "maximum(feed_in * position, feed_in * position)",
        theorem="S-P1",
    ),
    Fault(
        "wrong side in the calibration",
        _ECONOMY,
        "    if position > 0:\n        return retail_price",
        "    if position < 0:\n        return retail_price",
        theorem="S-P1",
    ),
    Fault(
        "lost half in the discomfort",
        _ECONOMY,
        "curvature * adjustment * adjustment / 2 +",
        "curvature * adjustment * adjustment +",
        theorem="S-P2",
    ),
    Fault(
        "off by one in the number of players",
        _REPEATED,
        "(discomfort + slope * (players + 1))",
        "(discomfort + slope * players)",
        theorem="C-P9",
    ),
    Fault(
        "lost factor two in the cooperative load",
        _REPEATED,
        "(discomfort + 2 * slope * players)",
        "(discomfort + slope * players)",
        theorem="C-P10",
    ),
    Fault(
        "the deviator counted among the others",
        _REPEATED,
        "base - slope * (players - 1) * cooperative",
        "base - slope * players * cooperative",
        theorem="C-P10",
    ),
    Fault(
        "wrong coefficient in the threshold",
        _REPEATED,
        "players * players + 6 * players + 1",
        "players * players + 4 * players + 1",
        theorem="C-P9",
    ),
    Fault(
        "punishment discounted one stage late",
        _REPEATED,
        "    value, weight = gain, discount\n",
        "    value, weight = gain, discount * discount\n",
        theorem="C-P11",
    ),
    Fault(
        "sum cut one term short", _DIRECT, "for k in range(1, short + 1)", "for k in range(1, short)", theorem="C-P5"
    ),
    Fault(
        "sign of the imbalance",
        _DIRECT,
        "(1 + kappa * sqrt(pi / 2) * scaled) / 2",
        "(1 - kappa * sqrt(pi / 2) * scaled) / 2",
        theorem="C-P6",
    ),
)


@pytest.mark.slow
def test_every_fault_is_caught(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for fault in FAULTS:
        assert probe(fault, healthy=True) == "", f"{fault.name}: the probe fails on the sound source"
        rows.append((fault.name, fault.catcher, probe(fault)))
    with capsys.disabled():
        print()
        for name, catcher, sentence in rows:
            print(f"{name:45} {catcher:15} {sentence[:100]}")
    assert [name for name, _, sentence in rows if not sentence] == []


def test_a_fault_that_no_longer_applies_is_noticed() -> None:
    fault = Fault("gone", _REPEATED, "this text is nowhere", "", theorem="C-P9")
    with pytest.raises(AssertionError, match="does not apply"):
        probe(fault)
