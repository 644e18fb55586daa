"""D.4: prices rise to contracts that are nearly stable; stable payoffs are in the core of the assignment game."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import InputError
from gametheory.models.contract_network import ContractNetwork

small = st.integers(0, 8)


@st.composite
def networks(draw: st.DrawFn) -> ContractNetwork:
    sellers, buyers = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    costs = tuple(draw(small) for _ in range(sellers))
    return ContractNetwork(costs, tuple(tuple(draw(small) for _ in range(buyers)) for _ in range(sellers)))  # type: ignore[arg-type]


def best(network: ContractNetwork) -> Fraction:
    sellers, buyers = len(network.costs), len(network.values[0])
    size = max(sellers, buyers)
    return max(
        sum((network.surplus((i, j)) for i, j in enumerate(order) if i < sellers and j < buyers), Fraction(0))
        for order in permutations(range(size))
    )


@settings(deadline=None, max_examples=40)
@given(networks())
def test_the_process_ends_nearly_stable_and_nearly_optimal(network: ContractNetwork) -> None:
    step = Fraction(1, 8)
    found = network.adjust(step)
    assert found.status == "solved"
    count = len(network.costs) + len(network.values[0])
    assert found.largest_gain <= 2 * step
    assert sum(found.sellers) + sum(found.buyers) >= best(network) - count * step
    assert sum(network.surplus(pair) for pair in found.prices) <= best(network)


@settings(deadline=None, max_examples=25)
@given(networks())
def test_the_core_is_stable(network: ContractNetwork) -> None:
    game = network.to_game()
    core = gt.core(game)
    assert not core.empty
    assert core.certificate.holds()
    payoffs = list(core.point)
    sellers = len(network.costs)
    for i in range(sellers):
        for j in range(len(network.values[0])):
            assert payoffs[i] + payoffs[sellers + j] >= network.surplus((i, j))


def test_stability_is_judged() -> None:
    market = ContractNetwork((0,), ((1,),))  # type: ignore[arg-type]  # exact() reads integers
    for price in (0, "1/2", 1):
        assert market.judge({(0, 0): price}).largest_gain == 0
    assert market.judge({}).largest_gain == 1
    assert market.judge({(0, 0): 2}).largest_gain == 1
    assert market.adjust("0.1", fee=5).prices == {}
    wanted = ContractNetwork((0,), ((5, 5),))  # type: ignore[arg-type]
    assert wanted.adjust("0.1", iterations=1).status == "not converged"
    assert wanted.adjust("0.1").prices[0, 0] >= Fraction(49, 10)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        (((), ()), "at least one"),
        (((0,), ((),)), "at least one"),
        (((0, 1), ((1,),)), "a row a seller"),
        (((0, 1), ((1,), (1, 2))), "a row a seller"),
    ],
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        ContractNetwork(*numbers)


def test_bad_questions() -> None:
    market = ContractNetwork((0,), ((1, 1),))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="one contract at most"):
        market.judge({(0, 0): 1, (0, 1): 1})
    with pytest.raises(InputError, match="increment"):
        market.adjust(0)
