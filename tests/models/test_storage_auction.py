"""A.3: one formula for model and game, exact best replies, and certificates that claim no more than is so."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.certificates.auction import check_nash_equilibrium
from gametheory.errors import InputError
from gametheory.games.auction import AuctionGame, reduced
from gametheory.io.solutions import loads
from gametheory.models.storage_auction import StorageAuction, rationed
from gametheory.result import Status
from gametheory.solvers.auction.damped_best_reply import DampedBestReply

from ..strategies import auction_games

LIST = st.lists(st.integers(0, 8).map(lambda n: Fraction(n, 2)), min_size=1, max_size=5)


@st.composite
def played(draw: st.DrawFn) -> tuple[AuctionGame, tuple[Fraction, ...]]:
    game = draw(auction_games())
    return game, tuple(draw(st.integers(0, 6)) * most / 6 for most in game.capacities)


def _model(game: AuctionGame) -> StorageAuction:
    return StorageAuction(game.reservations, game.capacities, game.bids, game.demands, game.ageing, game.players)


@given(LIST, st.integers(0, 20).map(lambda n: Fraction(n, 2)))
def test_the_sorted_cut_is_the_formula(offers: list[Fraction], demand: Fraction) -> None:
    sold = reduced(offers, demand)
    assert list(sold) == rationed(offers, demand)
    assert sum(sold) == min(demand, sum(offers))


@given(played())
@settings(deadline=None)
def test_the_lowered_game_is_the_auction(case: tuple[AuctionGame, tuple[Fraction, ...]]) -> None:
    game, offers = case
    model = _model(game)
    assert model.to_game() == game
    assert model.payoffs(offers) == game.payoffs(offers)
    deal = model.clearing(offers)
    assert gt.certify(deal).holds()
    price, sold = game.cleared(offers)
    assert (price, sold) == (deal.prices[0], deal.filled[: len(offers)])


@given(played())
@settings(deadline=None, max_examples=60)
def test_no_offer_earns_more_than_the_best_reply(case: tuple[AuctionGame, tuple[Fraction, ...]]) -> None:
    game, offers = case
    certificate = check_nash_equilibrium(game, offers)
    for i, name in enumerate(game.players):
        found = gt.best_response(game, offers, name)
        assert found.gain == certificate.witness["regrets"][i]
        assert found.attained == certificate.witness["attained"][i]
        for k in range(49):
            offer = game.capacities[i] * k / 48
            assert game.payoffs((*offers[:i], offer, *offers[i + 1 :]))[i] <= found.value
        reached = game.payoffs((*offers[:i], found.offer, *offers[i + 1 :]))[i]
        assert 0 <= found.value - reached <= Fraction(1, 10**12)
        assert not found.attained or reached == found.value


@given(played())
@settings(deadline=None, max_examples=60)
def test_a_refuted_profile_comes_with_a_deviation(case: tuple[AuctionGame, tuple[Fraction, ...]]) -> None:
    game, offers = case
    certificate = gt.certify(game, offers)
    if certificate.bound == 0:
        assert certificate.strength == "exact"
        return
    assert certificate.strength == "refuted"
    for claimed in (Fraction(0), certificate.bound / 2, certificate.bound * Fraction(999, 1000)):
        shown = gt.certify(game, offers, epsilon=claimed).witness["deviation"]
        i = game.players.index(shown["player"])
        after = game.payoffs((*offers[:i], shown["offer"], *offers[i + 1 :]))[i]
        assert after - game.payoffs(offers)[i] == shown["gain"] > claimed
    assert gt.certify(game, offers, epsilon=certificate.bound).strength == "exact"


@given(auction_games())
@settings(deadline=None, max_examples=30)
def test_offering_nothing_is_always_an_equilibrium(game: AuctionGame) -> None:
    nothing = (Fraction(0),) * len(game.players)
    assert gt.certify(game, nothing).holds()
    assert gt.nash_equilibrium(game, solver=DampedBestReply(start=nothing)).profile == nothing


@given(auction_games())
@settings(deadline=None, max_examples=30)
def test_the_solver_never_claims_too_much(game: AuctionGame) -> None:
    found = gt.nash_equilibrium(game, solver=DampedBestReply(max_iterations=15))
    if found.status is Status.SOLVED:
        assert found.certificate.strength == "exact"
        assert found.certificate.bound == found.epsilon <= Fraction(1, 10**9)
    else:
        assert found.certificate.strength == "refuted"
        assert found.certificate.witness["deviation"]["gain"] > found.epsilon


@given(played(), st.permutations(range(3)), st.sampled_from([Fraction(1, 3), Fraction(5)]))
@settings(deadline=None, max_examples=40)
def test_names_and_units_do_not_matter(
    case: tuple[AuctionGame, tuple[Fraction, ...]], order: list[int], scale: Fraction
) -> None:
    game, offers = case
    if len(set(game.reservations)) == len(offers):  # ties go by place
        places = [k for k in order if k < len(offers)]
        moved = AuctionGame(
            *(
                [column[k] for k in places]
                for column in (game.players, game.reservations, game.capacities, game.ageing)
            ),
            game.bids,
            game.demands,
        )
        mixed = moved.payoffs([offers[k] for k in places])
        assert [mixed[places.index(k)] for k in range(len(offers))] == list(game.payoffs(offers))
    scaled = AuctionGame(
        game.players,
        game.reservations,
        [scale * x for x in game.capacities],
        [tau / scale for tau in game.ageing],
        game.bids,
        [scale * x for x in game.demands],
    )
    bound = gt.certify(game, offers).bound
    assert gt.certify(scaled, [scale * a for a in offers]).bound == scale * bound


def test_a_supremum_that_is_only_approached_is_said_to_be() -> None:
    """Seller b wants nearly 1 kWh: with all of it, a and b together fill the demand and b is left out."""
    game = AuctionGame(("a", "b", "c"), (0, 1, 2), (3, 5, 5), (0, 0, 0), (10, 10), (3, 1))
    offers = (Fraction(3), Fraction(1, 2), Fraction(5))
    reply = gt.best_response(game, offers, "b")
    assert (reply.value, reply.attained) == (Fraction(5, 2), False)
    assert reply.offer < 1
    certificate = gt.certify(game, offers)
    assert certificate.witness["attained"] == (True, False, True)
    assert certificate.bound == Fraction(5, 4)
    assert gt.certify(game, (3, 1, 5)).bound == Fraction(5, 2), "at 1 kWh b sells nothing"


def test_raising_an_offer_can_shut_its_seller_out() -> None:
    game = AuctionGame(("a", "b"), (0, 1), (9, 5), (0, 0), (10, 10), (3, 3))
    assert game.payoffs((5, 5))[0] > 0
    assert game.payoffs((6, 5))[0] == 0


def test_a_solution_survives_a_file_and_is_certified_there() -> None:
    found = gt.nash_equilibrium(StorageAuction((1, 0), (2, 4), (10, 10), (3, 3), (0, 1)))
    assert found.profile == (2, Fraction(11, 4))
    assert found.unique == "disproved"
    assert found.point == {"store 1": 2, "store 2": Fraction(11, 4)}
    stored = loads(found.to_json())
    assert gt.certify(stored).holds()
    for wrong in ({"price": 5}, {"sold": (2, Fraction(11, 4))}, {"attained": (True, False)}):
        assert gt.certify(replace(stored, details={**stored.details, **wrong})).strength == "refuted"
    assert gt.certify(replace(stored, payoffs=(0, 0))).strength == "refuted"
    assert gt.certify(replace(stored, unique="proved")).strength == "refuted"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reservations": (), "capacities": ()}, "no seller"),
        ({"bids": (), "demands": ()}, "no buyer"),
        ({"capacities": (-1, 1)}, "negative"),
        ({"ageing": (0, -1)}, "negative"),
        ({"bids": (-1, 1)}, "negative"),
        ({"demands": (1,)}, "one for each"),
        ({"sellers": ("a", "a")}, "one name"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], sentence: str) -> None:
    good: dict[str, Any] = {"reservations": (0, 1), "capacities": (1, 1), "bids": (3, 3), "demands": (1, 1)}
    with pytest.raises(InputError, match=sentence):
        StorageAuction(**(good | change))


def test_bad_offers_and_settings_are_refused() -> None:
    game = AuctionGame(("a", "b"), (0, 1), (1, 1), (0, 0), (3,), (1,))
    for offers in ((0,), (0, 2), (0, -1), {"a": 0}, "ab", (0, float("nan"))):
        with pytest.raises(InputError):
            gt.certify(game, offers)
    with pytest.raises(InputError, match="is not in this game"):
        gt.best_response(game, (0, 0), "c")
    for options in ({"damping": 0}, {"damping": "x"}, {"tolerance": -1}, {"max_iterations": 0}):
        with pytest.raises(InputError):
            DampedBestReply(**options)
