"""Pooled communities small enough to be solved by hand: where pricing rules hold together, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gametheory.catalogue.entry import Entry
from gametheory.games.linear import LinearGame, LinearMember
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import TradingStep

__all__ = ["entries"]

_GRID = "derived: C(T) = max(lb m, ls m) of the net import m, as nobody reacts"


def entries() -> tuple[Entry, ...]:
    """Return the pooled communities of the catalogue."""
    return (
        _storage_pair(),
        _inelastic(
            "mid_market_trio",
            (-2, -2, 2),
            "0 -1/5 -1/5 -2/5 3/5 0 0 -1/5",
            "1/10",
            f"{_GRID}; the counterexample to the claim that the mid-market rate of Tushar et al. (IEEE Access 6, 2018) "
            "is always in the core: it gives bills (-3/10, -3/10, 2/5)",
            "At the mid-market rate a seller and the buyer pay 1/10 together and could pay 0 on their own.",
        ),
        _inelastic(
            "ratio_trio",
            (-2, 2, 2),
            "0 -1/5 3/5 0 3/5 0 6/5 3/5",
            "3/10",
            f"{_GRID}; the supply-demand ratio of Liu et al. (IEEE Trans. Power Systems 32, 2017) gives bills "
            "(-3/10, 9/20, 9/20)",
            "At supply-demand-ratio prices the seller and a buyer pay 3/20 together and could pay 0 on their own.",
        ),
        _inelastic(
            "balanced_pair",
            (-1, 1),
            "0 -1/10 3/10 0",
            "1/5",
            _GRID,
            "Every price between the grid's supports a balanced community; the midpoint is the mid-market rate.",
        ),
        Entry(
            name="reacting_pair",
            game=PooledGame(
                ("importer", "exporter"),
                (TradingStep.from_numbers([1, -1], [1, 1], [1, 0], [-1, -1], [1, 1], buy_price=1, sell_price=0),),
            ),
            source="derived: p = clip(lam - d), and the position 1 - 2 lam is zero at lam = 1/2",
            answers={
                "characteristic_function": _numbers("0 1 0 -1/4"),
                "social_optimum": {
                    "value": Fraction(-1, 4),
                    "prices": _numbers("1/2"),
                    "adjustments": (_numbers("-1/2"), _numbers("1/2")),
                },
            },
            lesson="Pooling pays twice: trade with the grid is matched inside, and both react to the price.",
        ),
    )


def _storage_pair() -> Entry:
    """Return two homes of 1 kWh a step, one with a battery of 1/2 kWh; variables ch0, ch1, dis0, dis1, soc1, soc2."""
    half = Fraction(1, 2)
    need: Any = (1, 1)
    battery: dict[str, Any] = {
        "costs": (0,) * 6,
        "coupling": (((0, -1), (2, 1)), ((1, -1), (3, 1))),
        "rows": ((((0, -1), (2, 1), (4, 1)), 0), (((1, -1), (3, 1), (4, -1), (5, 1)), 0)),
        "lower": (0,) * 6,
        "upper": (1, 1, 1, 1, half, half),
    }
    grid: dict[str, Any] = {"costs": (1, 0, 3, 0), "common": (((0, 1), (1, -1)), ((2, 1), (3, -1)))}  # imports, exports
    zero, one = Fraction(0), Fraction(1)
    return Entry(
        name="storage_pair",
        game=LinearGame(("uses", "stores"), members=(LinearMember(need), LinearMember(need, **battery)), **grid),
        source="derived: energy costs 1, then 3; fill the battery first and empty it later: 5/2 + 9/2",
        answers={
            "social_optimum": {
                "value": Fraction(7),
                "common": (5 * half, zero, 3 * half, zero),
                "activities": ((), (half, zero, zero, half, half, zero)),
                "prices": (one, 3 * one),
                "own_prices": ((), (-one, -3 * one)),
            }
        },
        lesson="Demands at dual prices add up to 8 and miss 7: the battery's own bound belongs to its owner's share.",
    )


def _numbers(text: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(word) for word in text.split())


def _inelastic(name: str, net_load: Sequence[int], costs: str, price: str, source: str, lesson: str) -> Entry:
    size = len(net_load)
    still = [0] * size
    step = TradingStep.from_numbers(net_load, still, still, still, still, buy_price="3/10", sell_price="1/10")
    table = _numbers(costs)
    return Entry(
        name=name,
        game=PooledGame(tuple(str(i + 1) for i in range(size)), (step,)),
        source=source,
        answers={
            "characteristic_function": table,
            "social_optimum": {
                "value": table[-1],
                "prices": _numbers(price),
                "adjustments": ((Fraction(0),),) * size,
            },
        },
        lesson=lesson,
    )
