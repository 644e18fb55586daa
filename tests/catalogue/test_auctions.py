"""The facts that the auction entries state are what the code makes of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.catalogue.auctions import entries
from gametheory.markets import double_auction

BOOKS = [(entry, rule) for entry in entries() if not hasattr(entry.game, "players") for rule in entry.facts]
GAMES = [entry for entry in entries() if "regret_at_capacity" in entry.facts]


@pytest.mark.parametrize(("entry", "rule"), BOOKS, ids=lambda x: getattr(x, "name", x))
def test_a_book_is_cleared_as_by_hand(entry: Any, rule: str) -> None:
    deal = double_auction(entry.game, price_rule=rule)
    assert (deal.volume, deal.buy_prices[0], deal.sell_prices[0]) == entry.facts[rule]
    assert gt.certify(deal).holds()
    assert deal.balance.holds


@pytest.mark.parametrize("entry", GAMES, ids=lambda entry: entry.name)
def test_the_regret_at_full_offers_is_the_known_one(entry: Any) -> None:
    assert gt.regret(entry.game, entry.game.capacities) == entry.facts["regret_at_capacity"]


def test_undercutting_pays_what_the_entries_say() -> None:
    truth, lie = (
        double_auction(gt.catalogue(name).game, price_rule="trade_reduction")
        for name in ("book_undercut", "book_undercut_with_a_lie")
    )
    assert truth.filled[3] == 0
    assert lie.filled[3] == 1
    assert lie.sell_prices[0] - 2 == Fraction(7, 2), "its cost is 2"
