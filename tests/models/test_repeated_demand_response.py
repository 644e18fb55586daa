"""C.5: closed forms against the stage game itself, thresholds against the incentive they stand for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import InputError
from gametheory.models.repeated_demand_response import RepeatedDemandResponse, stage_cost

positive = st.fractions(min_value=Fraction(1, 50), max_value=50, max_denominator=50)
real = st.fractions(min_value=-50, max_value=50, max_denominator=50)


@st.composite
def models(draw: st.DrawFn, least: int = 2) -> RepeatedDemandResponse:
    slope, base = draw(positive), draw(real)
    discomfort = draw(st.one_of(st.just(Fraction(0)), positive))
    excess = draw(positive)
    if discomfort == 0:
        return RepeatedDemandResponse(draw(st.integers(least, 9)), slope, -excess, discomfort, base)
    return RepeatedDemandResponse(draw(st.integers(least, 9)), slope, base, discomfort, (base + excess) / discomfort)


def cost(model: RepeatedDemandResponse, load: Fraction, others: Fraction) -> Fraction:
    return stage_cost(load, others, model.slope, model.base, model.discomfort, model.desired)


@given(models(), real)
def test_no_other_load_is_better(model: RepeatedDemandResponse, change: Fraction) -> None:
    rest = model.consumers - 1
    nash, cooperative = model.equilibrium_load, model.cooperative_load
    assert cost(model, nash + change, rest * nash) >= model.equilibrium_cost
    assert cost(model, model.deviation_load + change, rest * cooperative) >= model.deviation_cost
    assert cost(model, cooperative + change, rest * (cooperative + change)) >= model.cooperative_cost


@given(models())
def test_the_threshold_is_where_the_infinite_sums_balance(model: RepeatedDemandResponse) -> None:
    d, c, n = model.deviation_cost, model.cooperative_cost, model.equilibrium_cost
    assert model.discount_threshold == (c - d) / (n - d)
    assert d < c < n
    assert Fraction(1, 2) < model.discount_threshold < 1


@given(models(), st.integers(1, 6))
def test_finite_punishment(model: RepeatedDemandResponse, stages: int) -> None:
    enclosure = model.least_discount(stages)
    if stages < model.least_punishment:
        assert enclosure is None
        assert not model.sustains(Fraction(10**9 - 1, 10**9), punishment=stages)
    else:
        assert enclosure is not None
        low, high = enclosure
        assert model.discount_threshold <= high
        if high < 1:
            assert model.sustains(high, punishment=stages)
        if low > 0:
            assert not model.sustains(low, punishment=stages)


def test_long_punishment_reproduces_the_grim_trigger() -> None:
    model = RepeatedDemandResponse(3, 1, -1, 0, 0)
    enclosure = model.least_discount(400)
    assert enclosure is not None
    assert 0 <= enclosure[1] - model.discount_threshold < Fraction(1, 10**9)


def test_linear_cournot() -> None:
    for n in range(2, 8):
        model = RepeatedDemandResponse(n, 2, -3, 0, 0)
        assert model.discount_threshold == Fraction((n + 1) ** 2, (n + 1) ** 2 + 4 * n)


def test_a_single_consumer_has_no_dilemma() -> None:
    model = RepeatedDemandResponse(1, 1, 0, 1, 1)
    assert model.deviation_cost == model.cooperative_cost == model.equilibrium_cost
    assert model.discount_threshold == 0
    assert model.sustains("0.001")
    assert model.sustains("0.001", punishment=1)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ((0, 1, 0, 1, 1), "consumers"),
        ((2, 0, 0, 1, 1), "slope"),
        ((2, 1, 0, -1, -1), "discomfort"),
        ((2, 1, 1, 1, 1), "desired"),
        ((2, float("nan"), 0, 1, 1), "slope"),
    ],
)
def test_bad_input(numbers: tuple[float, ...], word: str) -> None:
    with pytest.raises(InputError, match=word):
        RepeatedDemandResponse(*numbers)  # type: ignore[arg-type]  # conversion is what is tested


@pytest.mark.parametrize("discount", [0, 1, 2, "-0.5"])
def test_bad_discount(discount: object) -> None:
    model = RepeatedDemandResponse(2, 1, -1, 0, 0)  # type: ignore[arg-type]  # integers are taken as rationals
    with pytest.raises(InputError, match="discount"):
        model.sustains(discount)
    with pytest.raises(InputError, match="punishment"):
        model.sustains("0.5", punishment=0)
