"""An aggregator that leads: against decisions made at random, closed forms, and money that adds up."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

import gametheory as gt
from gametheory.domain import Community, Prosumer, Tariff
from gametheory.efficiency.recheck import recheck
from gametheory.errors import InputError
from gametheory.games.trading import Trader, TradingStep
from gametheory.io.solutions import dumps, loads, read_solution
from gametheory.models.economy import discomfort
from gametheory.models.pooled_community import PooledCommunity
from gametheory.models.strategic_aggregator import StrategicAggregator, market_payoff, sold, withheld


def random_step(dice: random.Random, members: int = 4) -> TradingStep:
    """Return a step with surplus and need, some members without any reaction, and bounds that bind."""
    retail, feed_in = Fraction(dice.randint(3, 6)), Fraction(dice.randint(0, 2))
    traders = []
    for _ in range(members):
        need = Fraction(dice.randint(-6, 6))
        slope = retail if need > 0 else feed_in if need < 0 else (retail + feed_in) / 2
        bound = Fraction(dice.choice([0, 1, 2, 8]))
        traders.append(Trader(need, Fraction(dice.randint(1, 3)), slope, -bound, bound))
    return TradingStep(tuple(traders), retail, feed_in)


def market_price(step: TradingStep, rest: list[Trader], local: Fraction, cap: Fraction) -> Fraction:
    """Return the price at which the rest takes what comes to the market: from its definition, by its kinks."""

    def short(price: Fraction) -> Fraction:
        return (
            sum((t.position - min(max((price - t.slope) / t.curvature, t.lower), t.upper) for t in rest), Fraction(0))
            - local
        )  # type: ignore[type-var]  # every trader here has bounds

    low, high = Fraction(step.sell_price or 0), cap
    if short(high) >= 0:
        return high
    if short(low) <= 0:
        return low
    kinks = sorted(
        {low, high} | {v for t in rest for b in (t.lower, t.upper)
                       if low < (v := t.slope + t.curvature * b) < high}  # type: ignore[operator]
    )  # fmt: skip
    for a, b in pairwise(kinks):
        if short(a) >= 0 >= short(b):
            return a if short(a) == short(b) else a + (b - a) * short(a) / (short(a) - short(b))
    raise AssertionError("the market has a price")


def test_no_decision_at_random_earns_more_and_the_price_is_the_markets() -> None:
    dice = random.Random(3)
    moved = 0
    for _ in range(12):
        step = random_step(dice)
        names = tuple("abcd")
        cap = step.buy_price if dice.random() < 0.6 else (step.buy_price + step.sell_price) / 2  # type: ignore[operator]
        forward = Fraction(dice.choice([0, 0, 1, -1]))
        model = StrategicAggregator(names, step, ("a", "b"), cap, forward)
        found = gt.stackelberg_equilibrium(model)
        assert found.certificate.strength == "exact"
        assert found.certificate.holds()
        mine, rest = step.traders[:2], list(step.traders[2:])

        def payoff(cuts: list[Any], exported: Any, imported: Any, *, step: Any = step, mine: Any = mine,
                   rest: Any = rest, cap: Any = cap, forward: Any = forward) -> tuple[Fraction, Fraction]:  # fmt: skip
            local = sum((p - t.position for p, t in zip(cuts, mine, strict=True)), Fraction(0)) - exported + imported
            price = market_price(step, rest, local, cap)
            paid = market_payoff(price, local, forward, exported, imported, step.sell_price, step.buy_price)
            return price, paid - sum(discomfort(p, t.curvature, t.slope) for p, t in zip(cuts, mine, strict=True))

        best = -found.value
        for _ in range(40):
            cuts = [t.lower + (t.upper - t.lower) * Fraction(dice.randint(0, 12), 12) for t in mine]
            outside = [Fraction(dice.choice([0, 0, dice.randint(0, 24)]), 4) for _ in range(2)]
            decided = found.game.constraints[0]
            exported, imported = (
                min(v, decided.upper[found.game.names.index(n)])
                for v, n in zip(outside, ("exported", "imported"), strict=True)
            )
            assert payoff(cuts, exported, imported)[1] <= best
        decision = dict(zip(found.game.variables[0], found.profile["decision"], strict=True))
        cuts = [decision.get(f"cut of {n}", t.lower) for n, t in zip("ab", mine, strict=True)]
        price, earned = payoff(cuts, decision["exported"], decision["imported"])
        stated = found.follower["market"]["price"]
        if price == stated:
            assert earned == best
        else:  # the rest does not react: any price clears the market, and the tie goes for the leader
            assert earned <= best
        moved += price != step.buy_price
    assert moved, "the price never moved: then this test looks at nothing"


def test_away_from_every_bound_it_is_the_closed_form_with_and_without_forward_sales() -> None:
    """One buyer of R(lam) = a - b lam, one seller of cost c s^2/2 + d s; grid prices far away."""
    dice = random.Random(4)
    for _ in range(6):
        need, curve, slope = dice.randint(6, 9), dice.randint(1, 3), dice.randint(0, 2)
        own_curve, own_slope = dice.randint(1, 3), dice.randint(0, 2)
        step = TradingStep(
            (Trader(Fraction(0), own_curve, own_slope), Trader(need, curve, slope)), Fraction(1000), Fraction(-1000)
        )
        response = Fraction(1, curve)
        level = need + slope * response
        for forward in (Fraction(0), Fraction(1), None):
            price_taker = (level - response * own_slope) / (1 + response * own_curve)
            cover = price_taker if forward is None else forward
            model = StrategicAggregator(("seller", "buyer"), step, ("seller",), None, cover)
            found = gt.stackelberg_equilibrium(model)
            expected = sold(level, response, own_curve, own_slope, cover)
            assert found.leader["cut of seller"] == expected
            assert price_taker - expected == withheld(level, response, own_curve, own_slope, cover)


def _park() -> Community:
    return Community(
        prosumers=[
            Prosumer("roof", load=[1, 2, 1], pv=[6, 3, 0]),
            Prosumer("barn", load=[1, 1, 2], pv=[4, 1, 0]),
            Prosumer("flat", load=[4, 3, 2]),
            Prosumer("shop", load=[3, 1, 1]),
        ],
        tariff=Tariff.flat("0.3", feed_in="0.1"),
    )


def test_money_adds_up_and_every_repair_stays_between_price_takers_and_full_power() -> None:
    power = gt.market_power(_park(), elasticity="0.3", forward=1)
    assert power.certificate.strength == "exact"
    assert power.certificate.bound == 0
    best = gt.social_optimum(PooledCommunity(_park(), elasticity="0.3"))
    for row in power.rows:
        uplift = sum(s.uplift for s in row.steps)
        holders = sum(s.holders for s in row.steps)
        assert row.gain + holders - sum(row.losses.values()) - uplift == -row.welfare_lost
        assert sum(s.competitive_cost for s in row.steps) == best.value
        assert row.welfare_lost >= 0
        if row.repair == "none":
            assert row.gain >= 0, "who leads is not worse off than a price taker"
            assert 0 <= row.lerner < 1
    worst = power.at("0.5")
    assert worst.gain > 0
    assert worst.withheld > 0
    assert worst.losers
    assert power.at("0.5", "price cap").welfare_lost < worst.welfare_lost
    assert power.at("0.5", "forward contracts").welfare_lost <= worst.welfare_lost
    assert power.at("0.75", "share limit").steps == worst.steps
    assert power.harmless_share(worst.welfare_lost + power.at("0.25").welfare_lost + 1) >= Fraction(1, 2)


def test_another_unit_of_money_scales_prices_and_leaves_decisions() -> None:
    one = gt.market_power(_park(), share="0.5", elasticity="0.3")
    park = _park()
    other = Community(prosumers=park.prosumers, tariff=Tariff.flat(30000, feed_in=10000))
    two = gt.market_power(other, share="0.5", elasticity="0.3")
    for first, second in zip(one.rows, two.rows, strict=True):
        assert second.price == 10**5 * first.price
        assert second.welfare_lost == 10**5 * first.welfare_lost
        assert (second.lerner, second.withheld) == (first.lerner, first.withheld)


def test_a_changed_price_or_cut_is_refuted_from_the_file() -> None:
    power = gt.market_power(_park(), share="0.5", elasticity="0.3", price_cap=None, forward=None, share_limit=None)
    (row,) = power.rows
    found = loads(dumps(row.solutions[0]))
    assert gt.certify(found).strength == "exact"
    decision = list(found.profile["decision"])
    first = next(k for k, v in enumerate(decision) if v)
    decision[first] *= Fraction(101, 100)
    moved = {**found.profile, "decision": tuple(decision)}
    assert gt.certify(found.game, moved, witness=found.witness).strength == "refuted"


def test_everything_is_judged_again_from_the_file_and_a_changed_figure_is_found(tmp_path: Any) -> None:
    power = gt.market_power(_park(), share="0.5", elasticity="0.3")
    power.to_json(tmp_path / "power.json")
    again = read_solution(tmp_path / "power.json")
    assert again == power
    assert all(verdict.holds for verdict in recheck(again)), [v for v in recheck(again) if not v.holds]
    (first, *steps), *rows = again.rows[0].steps, *again.rows[1:]
    for bent in (
        replace(again.rows[0], steps=(replace(first, price=first.price + 1), *steps)),
        replace(again.rows[0], cover=Fraction(1, 3)),
        replace(again.rows[0], controlled=again.rows[0].others),
        replace(again.rows[0], others=("nobody", *again.rows[0].others[1:])),
        replace(again.rows[0], caps=None, repair="price cap"),
        replace(again.rows[0], share=Fraction(3, 4)),
    ):
        wrong = [v for v in recheck(replace(again, rows=(bent, *rows))) if not v.holds]
        assert [v.name for v in wrong] == [f"figures of {bent.repair} at {bent.share}"]


def test_the_table_and_the_picture_show_every_row() -> None:
    power = gt.market_power(_park(), share=["0.25", "0.5"], elasticity="0.3")
    frame = power.to_frame()
    assert len(frame) == len(power.rows) == 8
    assert set(frame["strength"]) == {"exact"}
    assert frame.loc[1, "withheld"] == pytest.approx(float(power.at("0.5").withheld))
    drawn = power.plot()
    assert [len(axis.lines) for axis in drawn.axes] == [5, 4, 4, 4]
    assert "price cap" in str(power)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"share": 1}, "must lie in"),
        ({"share": []}, "empty"),
        ({"order": ["nobody"]}, "nobody"),
        ({"order": 3}, "surplus"),
        ({"forward": -1}, "negative"),
        ({"share_limit": 2}, "share_limit"),
        ({"price_cap": [1]}, "one a step"),
    ],
)
def test_bad_input_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        gt.market_power(_park(), **options)


def test_nobody_left_and_no_grid_are_refused() -> None:
    step = random_step(random.Random(0))
    for controlled in ((), tuple("abcd"), ("x",)):
        with pytest.raises(InputError):
            StrategicAggregator(tuple("abcd"), step, controlled)
    with pytest.raises(InputError, match="outside the grid"):
        StrategicAggregator(tuple("abcd"), step, ("a",), Fraction(100))
    with pytest.raises(InputError, match="no grid prices"):
        StrategicAggregator(tuple("abcd"), TradingStep(step.traders), ("a",))
    alone = Community(prosumers=[Prosumer("one", load=[1])], tariff=Tariff.flat("0.3", feed_in="0.1"))
    with pytest.raises(InputError, match="two or more"):
        gt.market_power(alone)
