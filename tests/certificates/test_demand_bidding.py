"""The regret of a bid profile, from the definition: right values, refused profiles, deviations that earn it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import Infeasible, InputError
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.trading import TradingStep
from tests.sharing_games import bidding_games, random_game

PAIR = DemandBiddingGame(("a", "b"), (TradingStep.from_numbers([2, 0], [1, 1], [0, 0]),), 1)
GRID = DemandBiddingGame(
    ("a", "b"), (TradingStep.from_numbers([2, -1], [1, 1], [0, 0], [-1, -1], [1, 1], buy_price=3, sell_price=1),), 1
)
HALF = Fraction(1, 2)
EQUILIBRIUM = {"bids": ((Fraction(3, 2),), (HALF,))}


def _cost(game: DemandBiddingGame, bids: Any, own: Any, player: int) -> Fraction:
    """Return what a player bears, written out once more from the rules."""
    cost = Fraction(0)
    for t, step in enumerate(game.steps):
        price = sum(row[t] for row in bids) / (game.sensitivity * len(bids))
        trader, p = step.traders[player], own[player][t]
        received = bids[player][t] - game.sensitivity * price
        rest = trader.position - p - received
        cost += trader.curvature * p * p / 2 + trader.slope * p + price * received
        if step.buy_price is None:
            assert rest == 0
        else:
            cost += max(step.buy_price * rest, step.sell_price * rest)
    return cost


def test_a_hand_computed_equilibrium_and_its_neighbour() -> None:
    # kappa = 1, lam = 1: f'(p) = lam + kappa q gives p = 3/2 and 1/2, q = 1/2 and -1/2.
    certificate = gt.certify(PAIR, EQUILIBRIUM)
    assert certificate.strength == "exact"
    assert certificate.bound == 0
    assert gt.regret(PAIR, EQUILIBRIUM) == 0
    moved = {"bids": ((Fraction(2),), (HALF,))}
    # Player a: cost (c/2 + kappa) (q - q*)^2 above its best reply to b, with q - q* = 1/4.
    refuted = gt.certify(PAIR, moved)
    assert refuted.strength == "refuted"
    assert refuted.witness["regrets"][0] == Fraction(3, 2) * Fraction(1, 16)
    assert refuted.bound == max(refuted.witness["regrets"])


@settings(max_examples=100, deadline=None)
@given(bidding_games, st.data())
def test_a_refuted_profile_comes_with_a_deviation_that_earns_the_regret(game: DemandBiddingGame, data: Any) -> None:
    solution = gt.nash_equilibrium(game)
    assert solution.certificate.holds(0)
    bids = [list(row) for row in solution.profile["bids"]]
    own = [list(row) for row in solution.profile["adjustments"]]
    player = data.draw(st.integers(0, len(bids) - 1))
    bids[player][0] += data.draw(st.sampled_from([Fraction(1, 10**9), Fraction(-1, 3), Fraction(2)]))
    islanded = [step.islanded for step in game.steps]
    profile: dict[str, Any] = {"bids": bids, "adjustments": own}
    if all(islanded):
        del profile["adjustments"]
    elif islanded[0]:
        return  # the other step needs adjustments, and these no longer follow
    try:
        certificate = gt.certify(game, profile)
    except Infeasible:
        assert islanded[0]  # the bids alone decide the adjustment, and it left the bounds
        return
    # The others' bids are a best reply to the old bid, and each best reply is one point: somebody can gain.
    assert certificate.strength == "refuted"
    deviation = certificate.witness["deviation"]
    k = game.players.index(deviation["player"])
    now = certificate.witness["regrets"][k]
    assert deviation["gain"] == now == certificate.bound > 0
    if all(islanded):
        return
    moved_bids = [deviation["bids"] if i == k else row for i, row in enumerate(bids)]
    moved_own = [deviation["adjustments"] if i == k else row for i, row in enumerate(own)]
    if not any(islanded):
        assert _cost(game, bids, own, k) - _cost(game, moved_bids, moved_own, k) == deviation["gain"]
        for trader, p in zip((step.traders[k] for step in game.steps), deviation["adjustments"], strict=True):
            assert trader.lower is None or p >= trader.lower
            assert trader.upper is None or p <= trader.upper


@settings(max_examples=60, deadline=None)
@given(bidding_games, st.data())
def test_no_reply_on_a_grid_beats_the_bound(game: DemandBiddingGame, data: Any) -> None:
    number = st.fractions(-6, 6, max_denominator=8)
    if any(step.islanded for step in game.steps):
        game = random_game(data.draw(st.integers(0, 10**6)), grid=True)
    bids = [[data.draw(number) for _ in game.steps] for _ in game.players]
    rows = list(zip(*(step.traders for step in game.steps), strict=True))
    own = [[(x.lower if x.lower is not None else Fraction(-9)) for x in row] for row in rows]
    own = [
        [p if x.upper is None else min(p, x.upper) for p, x in zip(ps, row, strict=True)]
        for ps, row in zip(own, rows, strict=True)
    ]
    certificate = gt.certify(game, {"bids": bids, "adjustments": own})
    for k in range(len(bids)):
        best = _cost(game, bids, own, k) - certificate.witness["regrets"][k]
        reply = gt.best_response(game, {"bids": bids, "adjustments": own}, k)
        assert reply.cost == best  # the solver's rule and the checker's pair agree
        for _ in range(10):
            trial = [data.draw(number) for _ in game.steps]
            other = [row if i != k else trial for i, row in enumerate(bids)]
            assert _cost(game, other, own, k) >= best


def test_the_epsilon_claimed_decides() -> None:
    moved = {"bids": ((Fraction(3, 2) + Fraction(1, 1000),), (HALF,))}
    bound = gt.regret(PAIR, moved)
    assert bound > 0
    assert gt.certify(PAIR, moved, epsilon=bound).strength == "exact"
    assert gt.certify(PAIR, moved, epsilon=bound * Fraction(999, 1000)).strength == "refuted"


@pytest.mark.parametrize(
    ("game", "profile", "word"),
    [
        (PAIR, [[1], [1]], "mapping"),
        (PAIR, {"bids": [[1], [1]], "prices": [1]}, "mapping"),
        (PAIR, {"bids": [[1]]}, "2 rows"),
        (PAIR, {"bids": [1, 1]}, "2 rows"),
        (PAIR, {"bids": [[1, 2], [1, 2]]}, "1 numbers"),
        (PAIR, {"bids": [[float("nan")], [1]]}, r"bids\[0\]\[0\]"),
        (PAIR, {"bids": {"a": [1], "c": [1]}}, "players are"),
        (PAIR, {"bids": [[1], [1]], "adjustments": [[1], [1]]}, "follow from the bids"),
        (GRID, {"bids": [[1], [1]]}, "outside prices"),
        (GRID, {"bids": [[1], [1]], "adjustments": [[2], [0]]}, "above its upper"),
        (GRID, {"bids": [[1], [1]], "adjustments": [[0], [-2]]}, "below its lower"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused(game: DemandBiddingGame, profile: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        gt.certify(game, profile)


def test_bids_may_be_given_by_name_and_as_floats() -> None:
    assert gt.regret(PAIR, {"bids": {"b": [0.5], "a": [1.5]}}) == 0
    with pytest.raises(InputError, match="is not in this game"):
        gt.best_response(PAIR, EQUILIBRIUM, "c")
