"""Seeded faults in models and solvers are all caught by a theorem or by a certificate."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from . import (
    faults_auctions,
    faults_bilevel,
    faults_coalitional,
    faults_continuous,
    faults_finite,
    faults_multi_leader,
)
from .injection import Fault, probe

_ECONOMY = "gametheory.models.economy"
_REPEATED = "gametheory.models.repeated_demand_response"
_DIRECT = "gametheory.models.direct_trading"
_MICROGRID = "gametheory.models.microgrid_operator"

#: A buyer and a seller under an operator, in the study's form and with log utility.
_OPERATOR = """
import gametheory as gt
from gametheory.models.operator_pricing import OperatorPricing
solution = gt.stackelberg_equilibrium(OperatorPricing.from_parameters(
    net_load={position}, curvature={curvature}, slope=[6, 4], lower={lower}, upper={upper}, retail_price=10, feed_in=0))
"""
_LOG = """
import gametheory as gt
from gametheory.models.microgrid_operator import MicrogridOperator
solution = gt.stackelberg_equilibrium(
    MicrogridOperator.from_parameters(k=[4, 1], energy=[0, 3], feed_in="1/4", retail_price=2))
"""
_COMMITMENT = """
import gametheory as gt
solution = gt.stackelberg_equilibrium(gt.NormalFormGame([[2, 4], [1, 3]], [[1, 0], [0, 1]]))
"""
_LOG_DRY = """
import gametheory as gt
from gametheory.models.microgrid_operator import MicrogridOperator
solution = gt.stackelberg_equilibrium(
    MicrogridOperator.from_parameters(k=[400, "1/2", 4], energy=[0, 1, 1], feed_in="1/3", retail_price=9))
"""
_POOLED = "gametheory.models.pooled_community"
_POOL = "from types import SimpleNamespace\nimport gametheory as gt\npark = gt.Community.sample()\n"
_SHARING = "gametheory.models.energy_sharing"
_AGGREGATIVE = "gametheory.solvers.aggregative."
#: Three members; between 2 and 1 all trade outside too, between 5 and 1 nobody does.
_SHARED = """
import gametheory as gt
from gametheory.models.energy_sharing import EnergySharing
from gametheory.solvers.aggregative import BestResponse, ClosedForm, ScalarPrice
solution = gt.nash_equilibrium(EnergySharing.from_parameters(
    c=[1, 2, 1], d=[0, 1, 3], demand=[4, -3, 1], sensitivity=1, {numbers}), solver={solver})
"""
_GRID = "lower=-1, upper=1, retail_price=2, feed_in=1"

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
    Fault(
        "operator pays the grid for what it sells",
        _ECONOMY,
        "- grid_bill(bought - sold, retail_price, feed_in)",
        "- grid_bill(sold - bought, retail_price, feed_in)",
        theorem="S-P7",
    ),
    Fault(
        "reply takes the wrong price",
        "gametheory.models.operator_pricing",
        "selling = clip((sell_price - slope)",
        "selling = clip((buy_price - slope)",
        theorem="S-P7",
    ),
    Fault(
        "seller consumes a negative amount",
        _MICROGRID,
        "maximum(weight / sell_price - 1, 0)",
        "weight / sell_price - 1",
        theorem="B-P4",
    ),
    Fault(
        "sign of what is sold",
        _MICROGRID,
        "return constant - weights / sell_price",
        "return weights / sell_price - constant",
        theorem="B-P5",
    ),
    Fault(
        "vertex of the surplus without its half",
        "gametheory.solvers.pricing.price_sweep",
        "(piece.left + low - piece.at_left / slope) / 2",
        "(piece.left + low - piece.at_left / slope)",
        solution=_OPERATOR.format(position="[2, -9]", curvature="[1, 0]", lower="[-4, 0]", upper="[4, 0]"),
    ),
    Fault(
        "balance forgotten",
        "gametheory.solvers.pricing.price_sweep",
        "    yield from _balanced(bought.mirrored(), sold)",
        "    return",
        solution=_OPERATOR.format(position="[2, -2]", curvature="[1, 1]", lower="[-4, -4]", upper="[4, 4]"),
    ),
    Fault(
        "a buyer beyond its bound",
        "gametheory.solvers.pricing.curves",
        "most = None if lower is None else max(rational(0), position - lower)",
        "most = None",
        solution=_OPERATOR.format(position="[2, -9]", curvature="[1, 0]", lower="[1, 0]", upper="[4, 0]"),
    ),
    Fault(
        "sign in the energy passed on",
        "gametheory.solvers.pricing.log_price_sweep",
        "(c_s * buyers - c_b * sellers)",
        "(c_s * buyers + c_b * sellers)",
        solution=_LOG,
    ),
    Fault(
        "seller that consumes nothing still counted as consuming",
        "gametheory.solvers.pricing.log_price_sweep",
        "(k, -k, rational(-1))",
        "(k, -k, rational(0))",
        solution=_LOG_DRY,
    ),
    Fault(
        "a bound pressed from the wrong side",
        "gametheory.models.storage_coalition",
        "low * positive_part(r) - high * negative_part(r)",
        "low * positive_part(r) + high * negative_part(r)",
        theorem="C-P7",
    ),
    Fault(
        "multiplier of a coupling lost",
        "gametheory.models.storage_coalition",
        "for price, pairs in zip(prices, data.coupling, strict=True):\n        for k, a in pairs:\n"
        "            reduced[k] = reduced[k] - price * a",
        "for price, pairs in zip(prices, data.coupling, strict=True):\n        for k, a in pairs:\n"
        "            reduced[k] = reduced[k] + price * a",
        theorem="C-P7",
    ),
    Fault(
        "the larger of the two grid products",
        _POOLED,
        "minimum(feed_in * position, retail_price * position)",
        "maximum(feed_in * position, retail_price * position)",
        theorem="C-P1",
    ),
    Fault(
        "the band one matched share too low",
        _POOLED,
        "short - (2 - matched) * long",
        "short - (1 - matched) * long",
        theorem="C-P3",
    ),
    Fault(
        "lost adjustment in the pooled bill",
        _POOLED,
        "grid_bill(sum(z - p for z, p in zip(positions, cuts, strict=True))",
        "grid_bill(sum(p - z for z, p in zip(positions, cuts, strict=True))",
        theorem="S-P8",
    ),
    Fault(
        "surplus sold at retail",
        "gametheory.markets.mid_market",
        "middle * matched + feed_in * positive_part(surplus - deficit)",
        "middle * matched + retail_price * positive_part(surplus - deficit)",
        theorem="E-P2",
    ),
    Fault(
        "ratio the wrong way round",
        "gametheory.markets.supply_demand_ratio",
        "(retail_price - low) * matched + low * deficit",
        "(retail_price - low) * deficit + low * matched",
        theorem="E-P1",
    ),
    Fault(
        "compensation that nobody pays",
        "gametheory.markets.supply_demand_ratio",
        "base - compensation * (1 - inside)",
        "base - compensation * 0 * inside",
        theorem="E-P6",
    ),
    Fault(
        "settled at the price of the other side",
        "gametheory.markets.settling",
        "buy[t] if kwh > 0 else sell[t]",
        "sell[t] if kwh > 0 else buy[t]",
        solution=_POOL + "deal = gt.markets.mid_market_rate(park)\n"
        "solution = SimpleNamespace(certificate=gt.certify(deal))\n",
    ),
    Fault(
        "dual price beside the zero",
        "gametheory.solvers.pooled.dual_price",
        "return start + (stop - start) * left / (left - right)",
        "return start + (stop - start) * left / (left - right) / 2",
        solution=_POOL + "solution = gt.social_optimum(gt.catalogue('reacting_pair').game)\n",
    ),
    Fault(
        "coalitions priced at the wrong end",
        "gametheory.solvers.pooled.tabulate",
        "open_ & (subset_sums(_scaled([A - B * right for _, A, B in piece])) < 0)",
        "open_ & (subset_sums(_scaled([A - B * left for _, A, B in piece])) < 0)",
        solution=_POOL + "solution = gt.characteristic_function(gt.models.PooledCommunity(park))\n",
    ),
    Fault(
        "subsidy for the wrong demand",
        "gametheory.numerics.covering",
        "worth[leaving] = flint.fmpq(0) if column < 0 else demands[column]",
        "worth[leaving] = flint.fmpq(0) if column < 0 else 2 * demands[column]",
        solution=_POOL + "solution = gt.core_check(park, gt.markets.mid_market_rate(park).bills)\n",
    ),
    Fault(
        "the bidder counted among the others",
        _SHARING,
        "1 / (sensitivity * (players - 1))",
        "1 / (sensitivity * players)",
        theorem="A-P1",
    ),
    Fault(
        "sign of the price in the bid",
        _SHARING,
        "return quantity + sensitivity * price",
        "return quantity - sensitivity * price",
        theorem="A-P1",
    ),
    Fault(
        "half of the price impact in the gain",
        _SHARING,
        "(curvature / 2 + kappa)",
        "(curvature / 2 + kappa / 2)",
        theorem="A-P2",
    ),
    Fault("an efficiency bound too good to be true", _SHARING, "kappa / 8 *", "kappa / 16 *", theorem="A-P4"),
    Fault(
        "half of the efficiency bound that needs no quadratics",
        _SHARING,
        "total([q * q for q in equilibrium_received])) / 2",
        "total([q * q for q in equilibrium_received])) / 4",
        theorem="A-P4",
    ),
    Fault(
        "off by one among the others' bids",
        _SHARING,
        "others = len(curvature) - 2",
        "others = len(curvature) - 1",
        theorem="A-P11",
    ),
    Fault(
        "what is received counted as needed",
        _SHARING,
        "rest = demand - adjustment - quantity",
        "rest = demand - adjustment + quantity",
        theorem="S-P4",
    ),
    Fault(
        "no shading by whoever trades outside",
        _AGGREGATIVE + "curves",
        "steep = -1 / kappa",
        "steep = -2 / kappa",
        solution=_SHARED.format(numbers=_GRID, solver="None"),
    ),
    Fault(
        "self-sufficient whatever the outside price",
        _AGGREGATIVE + "answers",
        "if value >= rational(step.buy_price):",
        "if value > rational(step.buy_price):",
        solution=_SHARED.format(numbers="retail_price=2, feed_in=1", solver="None"),
    ),
    Fault(
        "the piece on the wrong side of a knot",
        _AGGREGATIVE + "scalar_price",
        "k + 1 if after and",
        "k if after and",
        solution=_SHARED.format(numbers="lower=-1, upper=1, retail_price=5, feed_in=1", solver="None"),
    ),
    Fault(
        "weights of the optimum in the equilibrium",
        _AGGREGATIVE + "closed_form",
        "1 / (rational(x.curvature) + kappa)",
        "1 / rational(x.curvature)",
        solution=_SHARED.format(numbers="", solver="ClosedForm()"),
    ),
    Fault(
        "an epsilon below the regret that rounding leaves",
        _AGGREGATIVE + "replies",
        "return max(tree_sum(row) for row in gains)",
        "return min(tree_sum(row) for row in gains)",
        solution=_SHARED.format(numbers=_GRID, solver="BestResponse()"),
    ),
    Fault(
        "one reply is never tried",
        "gametheory.solvers.normal_form.commitment",
        "for j in range(len(columns[0]))]",
        "for j in range(len(columns[0]) - 1)]",
        solution=_COMMITMENT,
    ),
    Fault(
        "preference of the follower turned round",
        "gametheory.solvers.normal_form.commitment",
        "return [b - c for b, c in zip(theirs[k], theirs[j], strict=True)]",
        "return [c - b for b, c in zip(theirs[k], theirs[j], strict=True)]",
        solution=_COMMITMENT,
    ),
)


ALL = (
    *FAULTS,
    *faults_auctions.FAULTS,
    *faults_bilevel.FAULTS,
    *faults_coalitional.FAULTS,
    *faults_continuous.FAULTS,
    *faults_finite.FAULTS,
    *faults_multi_leader.FAULTS,
)


@pytest.mark.slow
def test_every_fault_is_caught(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(ALL) >= 30
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # each probe is a process of its own
        # On the sound source nothing may be caught; faults of one module share that probe.
        sound = {(fault.module, fault.theorem, fault.solution): fault for fault in ALL}
        healthy = dict(zip(sound, pool.map(lambda fault: probe(fault, healthy=True), sound.values()), strict=True))
        caught = list(pool.map(probe, ALL))
    with capsys.disabled():
        print()
        for fault, sentence in zip(ALL, caught, strict=True):
            print(f"{fault.name:55} {fault.catcher:15} {sentence[:100]}")
        print(f"{len(ALL)} faults, {sum(map(bool, caught))} caught")
    assert {key: words for key, words in healthy.items() if words} == {}
    assert [fault.name for fault, sentence in zip(ALL, caught, strict=True) if not sentence] == []


def test_a_fault_that_no_longer_applies_is_noticed() -> None:
    fault = Fault("gone", _REPEATED, "this text is nowhere", "", theorem="C-P9")
    with pytest.raises(AssertionError, match="does not apply"):
        probe(fault)
