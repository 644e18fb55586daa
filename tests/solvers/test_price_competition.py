"""Price competition: no price on a grid beats the supremum, and pure equilibria are where they are known to be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.price_competition import supremum
from gametheory.errors import InputError
from gametheory.games.price_competition import PriceCompetition
from gametheory.io.solutions import loads
from gametheory.solvers.price_competition.pure_prices import PurePrices

QUICK = settings(deadline=None, max_examples=30)


@st.composite
def markets(draw: st.DrawFn) -> PriceCompetition:
    count = draw(st.integers(2, 3))
    capacities = tuple(draw(st.fractions(Fraction(1, 2), 12, max_denominator=2)) for _ in range(count))
    return PriceCompetition(
        tuple("abc"[:count]), capacities, Fraction(10), Fraction(1), draw(st.sampled_from([0, 1, 2]))
    )


@QUICK
@given(markets(), st.data())
def test_the_supremum_is_above_every_price_and_approached(game: PriceCompetition, data: st.DataObject) -> None:
    count = len(game.players)
    prices = tuple(data.draw(st.fractions(0, 10, max_denominator=2)) for _ in range(count))
    who = data.draw(st.integers(0, count - 1))
    best, where, attained = supremum(game, prices, who)

    def profit(price: Fraction) -> Fraction:
        return game.values((*prices[:who], price, *prices[who + 1 :]))[who]  # type: ignore[no-any-return]

    assert all(profit(Fraction(k, 12)) <= best for k in range(121))
    tiny = Fraction(1, 10**9)
    near = [where] if attained else [p for p in (where - tiny, where + tiny) if 0 <= p <= game.highest]
    assert best - max(map(profit, near)) <= (0 if attained else 40 * tiny)


@QUICK
@given(markets())
def test_an_equilibrium_is_found_where_there_is_one(game: PriceCompetition) -> None:
    answer = gt.nash_equilibrium(game)
    if answer.status == "solved":
        assert answer.certificate.strength == "exact"
        assert answer.certificate.bound == 0
        return
    assert answer.certificate.strength == "refuted"
    # No common price and no pair of prices on a grid is one either.
    steps = [game.highest * Fraction(k, 20) for k in range(21)]
    for price in steps:
        assert gt.certify(game, (price,) * len(game.players)).bound > 0
        assert gt.certify(game, (price, *(min(price + 1, game.highest),) * (len(game.players) - 1))).bound > 0


@pytest.mark.parametrize(("capacity", "price"), [(1, 10), (3, 6), (4, 4), (5, None), (11, None), (12, 0), (20, 0)])
def test_the_ranges_of_the_symmetric_duopoly(capacity: int, price: int | None) -> None:
    game = PriceCompetition(("a", "b"), (Fraction(capacity),) * 2, Fraction(12), Fraction(1))
    answer = gt.nash_equilibrium(game)
    assert (answer.status == "solved") == (price is not None)
    if price is not None:
        assert answer.profile == (price, price)
        assert gt.certify(loads(answer.to_json())) == answer.certificate
    else:
        deviation = answer.certificate.witness["deviation"]
        assert deviation["gain"] == answer.certificate.bound > 0
        near = gt.nash_equilibrium(game, solver=PurePrices(near=True))
        assert near.certificate.strength == "exact"
        assert near.certificate.bound == near.epsilon > 0
        assert gt.certify(game, near.profile, epsilon=near.epsilon * Fraction(99, 100)).strength == "refuted"


def test_undercutting_is_approached_and_not_attained() -> None:
    game = PriceCompetition(("a", "b"), (Fraction(12),) * 2, Fraction(12), Fraction(1))
    deviation = gt.certify(game, (4, 4)).witness["deviation"]
    assert (deviation["price"], deviation["gain"], deviation["attained"]) == (4, 16, False)


@pytest.mark.parametrize(
    ("capacities", "demand", "word"),
    [
        ((1,), (12, 1), "two or more"),
        ((1, 0), (12, 1), "must be > 0"),
        ((1, 1), (12, 0), "slope"),
        ((1,) * 3, (1, 1), "3 cap"),
    ],
)
def test_refusals(capacities: tuple[int, ...], demand: tuple[int, int], word: str) -> None:
    with pytest.raises(InputError, match=word):
        PriceCompetition(("a", "b")[: max(1, min(2, len(capacities)))], capacities, *demand)  # type: ignore[arg-type]
    game = PriceCompetition(("a", "b"), (Fraction(1),) * 2, Fraction(12), Fraction(1))
    with pytest.raises(InputError, match="outside"):
        gt.certify(game, (13, 1))
