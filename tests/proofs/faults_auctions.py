"""Faults in the auctions and in the storage owners' game."""

from __future__ import annotations

from .injection import Fault

__all__ = ["FAULTS"]

_DOUBLE = "gametheory.markets.double_auction"
#: A book of the catalogue under some rule.
_BOOK = """
from fractions import Fraction
from types import SimpleNamespace
import gametheory as gt
book = gt.catalogue({name!r}).game
solution = SimpleNamespace(certificate=gt.certify(gt.markets.double_auction(book, {rule})))
"""
#: A store that stops where ageing costs too much.
_STORE = "import gametheory as gt\nsolution = gt.nash_equilibrium(gt.catalogue('storage_owner_who_ages').game)\n"
#: Two stores that offer more than is wanted.
_RATIONED = """
from types import SimpleNamespace
import gametheory as gt
market = gt.models.StorageAuction((2, 0, 1), (1, 3, 3), (10, 10), (4, 4))
solution = SimpleNamespace(certificate=gt.certify(market.clearing((1, 3, 3))))
"""

FAULTS = (
    Fault(
        "bid and ask swapped in the price",
        _DOUBLE,
        "k * bid + (1 - k) * ask",
        "k * ask + (1 - k) * bid",
        solution=_BOOK.format(name="book_of_one_pair", rule="price_rule='k', k=Fraction(1, 3)"),
    ),
    Fault(
        "equal prices do not trade",
        _DOUBLE,
        "ranks[buy.chosen[m]] >= ranks[sell.chosen[j]]",
        "ranks[buy.chosen[m]] > ranks[sell.chosen[j]]",
        solution=_BOOK.format(name="book_of_ties", rule="price_rule='trade_reduction'"),
    ),
    Fault(
        "reduced buyers pay the ask",
        _DOUBLE,
        'if rule == "trade_reduction" else (bid, ask)',
        'if rule == "trade_reduction" else (ask, bid)',
        theorem="E-P9",
    ),
    Fault(
        "the cut is not shared",
        "gametheory.games.auction",
        "(most - total) / k",
        "(most - total)",
        solution=_RATIONED,
    ),
    Fault(
        "every set of sellers counted as a single one",
        "gametheory.models.storage_auction",
        "(total(chosen) - demand) / len(chosen)",
        "total(chosen) - demand",
        theorem="A-P10",
    ),
    Fault(
        "ageing counted once in the slope",
        "gametheory.solvers.auction.best_response",
        "/ (2 * game.ageing[i])",
        "/ game.ageing[i]",
        solution=_STORE,
    ),
)
