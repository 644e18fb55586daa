"""A community is validated once, and says everything that is wrong with it at once."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory import Community
from gametheory.domain import Line, Network, Price, Prosumer, Tariff
from gametheory.domain.assets import HVAC, PV, Battery, ElectricVehicle, FlexibleLoad
from gametheory.errors import InputError

from ..strategies import communities


def pair(**changes: Any) -> Community:
    arguments: dict[str, Any] = {
        "prosumers": [Prosumer("anna", ["1", "2"]), Prosumer("ben", ["0.5", 1], pv=[2, "0.25"])],
        "tariff": Tariff.flat("0.3", feed_in="0.1"),
    }
    return Community(**{**arguments, **changes})


def problems(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        pair(**changes)
    return caught.value.problems


# ------------------------------------------------------------------------------------------------------------ numbers


@given(communities())
def test_net_load_is_load_less_pv_and_floats_are_the_nearest(community: Community) -> None:
    for load, pv, net in zip(community.exact_load, community.exact_pv, community.exact_net_load, strict=True):
        assert net == tuple(a - b for a, b in zip(load, pv, strict=True))
    assert community.load.tolist() == [[float(x) for x in row] for row in community.exact_load]
    assert community.pv.tolist() == [[float(x) for x in row] for row in community.exact_pv]
    assert (community.net_load == community.load - community.pv).all()
    assert community.load.shape == (len(community), community.steps)
    assert all(f <= r for f, r in zip(community.exact_feed_in, community.exact_retail_price, strict=True))


@given(communities(), st.data())
def test_the_hash_depends_on_the_data_and_not_on_how_they_were_written(
    community: Community, data: st.DataObject
) -> None:
    again = Community(
        prosumers=[
            Prosumer(m.name, [f"{float(x):.2f}" for x in m.load.exact], list(m.pv.exact)) for m in community.prosumers
        ],
        tariff=Tariff(Price.of(list(community.exact_retail_price)), Price.of(list(community.exact_feed_in))),
        assumptions={"feed_in": "another sentence"},
        source="elsewhere",
    )
    assert again.input_hash == community.input_hash
    assert again == community
    assert hash(again) == hash(community)
    member = data.draw(st.integers(0, len(community) - 1))
    step = data.draw(st.integers(0, community.steps - 1))
    rows = [list(row) for row in community.exact_load]
    rows[member][step] += Fraction(1, 10**12)
    changed = Community(
        prosumers=[Prosumer(m.name, row, m.pv) for m, row in zip(community.prosumers, rows, strict=True)],
        tariff=community.tariff,
    )
    assert changed.input_hash != community.input_hash
    assert changed != community


def test_every_kind_of_datum_is_in_the_hash() -> None:
    base = pair()
    others = [
        pair(currency="EUR"),
        pair(step_hours="0.5"),
        pair(tariff=Tariff.flat("0.31", feed_in="0.1")),
        pair(tariff=Tariff.flat("0.3", feed_in="0.11")),
        pair(prosumers=[Prosumer("anna", ["1", "2"]), Prosumer("benno", ["0.5", 1], pv=[2, "0.25"])]),
        pair(prosumers=[Prosumer("ben", ["0.5", 1], pv=[2, "0.25"]), Prosumer("anna", ["1", "2"])]),
        pair(
            prosumers=[
                Prosumer("anna", ["1", "2"], battery=Battery(1, 1)),
                Prosumer("ben", ["0.5", 1], pv=[2, "0.25"]),
            ]
        ),
        pair(network=Network(["x"], [], {"anna": "x", "ben": "x"})),
    ]
    assert len({base.input_hash, *(other.input_hash for other in others)}) == len(others) + 1


@given(communities(members=(1, 3)))
def test_communities_survive_pickling_and_copying(community: Community) -> None:
    for twin in (pickle.loads(pickle.dumps(community)), copy.deepcopy(community)):
        assert twin == community
        assert twin.exact_net_load == community.exact_net_load


def test_selecting_and_subsetting() -> None:
    community = pair(network=Network(["x", "y"], [Line("x", "y")], {"anna": "x", "ben": "y"}), time=["t0", "t1"])
    late = community.select(slice(1, None))
    assert late.exact_net_load == ((2,), (Fraction(3, 4),))
    assert late.time == ("t1",)
    ben = community.subset("ben")
    assert ben.names == ("ben",)
    assert ben.network is not None
    assert dict(ben.network.bus_of) == {"ben": "y"}
    assert community.subset(["ben", "anna"]).names == ("ben", "anna")
    assert community["ben"].pv.exact == (2, Fraction(1, 4))


def test_selecting_keeps_the_clock_of_time_of_use_prices() -> None:
    day = Community(
        prosumers=[Prosumer("a", load=[1] * 24)], tariff=Tariff.time_of_use("0.2", {(16, 21): "0.5"}, feed_in=0)
    )
    evening = day.select(slice(15, 18))
    assert [float(p) for p in evening.exact_retail_price] == [0.2, 0.5, 0.5]
    assert evening.horizon.start_hour == 15


@pytest.mark.parametrize("wrong", [slice(2, 2), slice(5, 9), slice(0, 2, -1), 1, slice(0, 2, 2)])
def test_selecting_nothing_or_with_gaps_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match=r"slice\(0, 24\)"):
        pair().select(wrong)


def test_a_community_cannot_be_changed() -> None:
    community = pair()
    with pytest.raises(AttributeError, match="immutable"):
        community.currency = "EUR"
    with pytest.raises(AttributeError, match="immutable"):
        del community.currency
    with pytest.raises(ValueError, match="read-only"):
        community.load[0, 0] = 1
    with pytest.raises(TypeError):
        community.assumptions["x"] = "y"  # type: ignore[index]  # that it cannot be set is what is tested


# ----------------------------------------------------------------------------------------------------------- refusals


def test_all_problems_are_reported_at_once() -> None:
    found = problems(
        prosumers=[
            Prosumer("anna", ["1"]),
            Prosumer("anna", ["1", "nan"], pv=[0, -1]),
            Prosumer(" ben", [1, -2]),
        ],
        tariff=Tariff.series(["0.3", "0.1"], feed_in=["0.1", "0.2"]),
        step_hours=0,
    )
    text = "\n".join(found)
    for words in (
        "step_hours is 0",
        "prosumer 'anna': load has 1 steps, the tariff has 2",
        "prosumer 'anna' is named twice",
        "prosumer 'anna': load: 'nan' is not a finite number at step 1",
        "prosumer 'anna': pv is -1 kWh at step 1, below 0",
        "prosumer name ' ben' is not a name",
        "load is -2 kWh at step 1, below 0",
        "feed_in is 0.2 at step 1, above the retail price of 0.1",
    ):
        assert words in text, words
    assert len(found) >= 8


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prosumers": []}, "no members"),
        ({"prosumers": ["anna"]}, "member 0 is 'anna', not a Prosumer"),
        ({"tariff": "0.3"}, "not a Tariff"),
        ({"currency": 3}, "currency is 3, not text"),
        ({"network": {}}, "not a Network"),
        ({"step_hours": "0"}, "step_hours is 0 h, not above 0"),
        ({"step_hours": float("nan")}, "step_hours: nan is not a finite number"),
        ({"start_hour": 24}, "not before 24"),
        ({"start_hour": -1}, "start_hour is -1 h"),
        ({"time": ["one"]}, "has 2 steps, the time axis has 1"),
        ({"tariff": Tariff.series([1, 2, 3])}, "load has 2 steps, the tariff has 3"),
        ({"tariff": Tariff.flat(1, feed_in=[0, 0, 0])}, "the feed-in tariff has 3"),
        ({"tariff": Tariff.flat("0.1", feed_in="0.1000001")}, "above the retail price"),
        ({"network": Network(["x"], [], {"anna": "x"})}, "member 'ben' has no bus"),
        ({"network": Network(["x"], [], {"anna": "x", "ben": "x", "bne": "x"})}, "did you mean 'ben'?"),
    ],
)
def test_bad_communities(changes: dict[str, Any], words: str) -> None:
    assert words in "\n".join(problems(**changes))


def test_prices_that_differ_by_less_than_a_float_shows_are_compared_exactly() -> None:
    third = Fraction(1, 3)
    assert float(third) == float(third + Fraction(1, 10**30))
    assert "above the retail price" in "\n".join(
        problems(tariff=Tariff.flat(third, feed_in=third + Fraction(1, 10**30)))
    )
    assert pair(tariff=Tariff.flat(third + Fraction(1, 10**30), feed_in=third)).exact_feed_in[0] == third


def test_unknown_members_get_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean 'anna'"):
        _ = pair()["Anna"]
    with pytest.raises(InputError) as caught:
        pair().subset(["annna", "zoe", "ben"])
    assert len(caught.value.problems) == 2


# ------------------------------------------------------------------------------------------------------------ tariffs


def test_time_of_use_prices_follow_the_clock_over_midnight() -> None:
    community = Community(
        prosumers=[Prosumer("a", load=[1] * 4)],
        tariff=Tariff.time_of_use("0.2", {(23, 1): "0.1"}, feed_in=0),
        start_hour=22,
    )
    assert [float(p) for p in community.exact_retail_price] == [0.2, 0.1, 0.1, 0.2]


def test_time_stamps_set_the_clock() -> None:
    stamps = ["2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00", "2024-10-27T03:00:00+01:00"]
    community = Community(
        prosumers=[Prosumer("a", load=[1] * 3)],
        tariff=Tariff.time_of_use("0.2", {(2, 3): "0.5"}, feed_in=0),
        time=stamps,
    )
    assert [float(p) for p in community.exact_retail_price] == [0.5, 0.5, 0.2]


def test_negative_prices_are_allowed() -> None:
    community = pair(tariff=Tariff.series(["-0.05", "0.2"], feed_in=["-0.1", "-0.1"]))
    assert community.feed_in.tolist() == [-0.1, -0.1]


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ({(16, 16): 1}, "not within a day"),
        ({(25, 2): 1}, "not within a day"),
        ({(-1, 2): 1}, "not within a day"),
        ({(1, 5): 1, (4, 6): 2}, "overlap between 4 and 5"),
        ({(22, 3): 1, (2, 4): 2}, "overlap between 2 and 3"),
        ({("x", 3): 1}, "'x' is not a number"),
        ({(1, 2): "free"}, "'free' is not a number"),
    ],
)
def test_bad_windows(windows: dict[Any, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Tariff.time_of_use("0.2", windows)


def test_problems_of_both_prices_are_reported() -> None:
    with pytest.raises(InputError) as caught:
        Tariff.flat("x", feed_in="y")
    assert [p.split(":")[0] for p in caught.value.problems] == ["retail price", "feed_in price"]


# ------------------------------------------------------------------------------------------------- assets, prosumers


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: PV(-1), ["pv power is -1"]),
        (lambda: Battery(-1, "x", charge_efficiency=2), ["capacity is -1", "'x' is not a number", "above 1"]),
        (lambda: Battery(5, 1, initial=6), ["initial is 6"]),
        (lambda: Battery(5, 1, discharge_efficiency=0), ["not above 0"]),
        (lambda: ElectricVehicle(1, 1, arrival=5, departure=5), ["not after arrival"]),
        (lambda: ElectricVehicle(-1, 1, arrival=-1, departure=True), ["energy is -1", "arrival", "departure"]),
        (lambda: FlexibleLoad(1, 1, start=3, stop=2), ["not after start"]),
        (lambda: FlexibleLoad(1, -1, start=0.5, stop=2), ["power is -1", "start is 0.5"]),
        (
            lambda: HVAC(1, performance=0, resistance=1, capacity=-1, lowest=20, highest=22),
            ["performance is 0", "capacity is -1"],
        ),
        (lambda: HVAC(1, performance=3, resistance=1, capacity=1, lowest=23, highest=22), ["lowest <= highest"]),
        (lambda: Prosumer("a", load=[1], battery="big"), ["battery is 'big', not a Battery"]),
        (lambda: Prosumer("a", load=5, pv="x"), ["load: 5 is not a series", "pv: 'x' is not a series"]),
        (lambda: Network([], [], {}), ["no bus"]),
        (lambda: Network(["a", "a"], [Line("a", "b")], {"m": "c"}), ["named twice", "'b' is unknown", "'c'"]),
        (lambda: Network(["a", "b"], [], {}), ["not connected"]),
        (lambda: Network(["a"], [], {}, slack="z"), ["slack bus 'z'"]),
        (lambda: Line("a", "a", capacity=-1, reactance=0), ["both ends", "capacity is -1", "reactance is 0"]),
    ],
)
def test_bad_assets_say_all_that_is_wrong(make: Any, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make()
    text = "\n".join(caught.value.problems)
    for word in words:
        assert word in text


def test_reachability_is_exact() -> None:
    car = ElectricVehicle("7.2", "0.1", arrival=0, departure=72)
    assert car.reachable(step_hours=1)
    assert not ElectricVehicle("7.2000001", "0.1", arrival=0, departure=72).reachable(step_hours=1)
    assert FlexibleLoad("0.3", "0.1", start=0, stop=3).reachable(step_hours=1)
    assert not FlexibleLoad("0.3", "0.1", start=0, stop=3).reachable(step_hours="0.99")


def test_problems_of_a_year_are_counted_not_listed() -> None:
    load = np.full(8760, -1.0)
    (problem,) = problems(prosumers=[Prosumer("a", load=load)])
    assert "at step 0 (and at 8759 more), below 0" in problem
