"""A settlement adds up, exactly: energy at each step, money in all, and bills that follow from prices where stated."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, brief, exact, exact_series
from gametheory.domain.outcome import Settlement
from gametheory.errors import InputError
from gametheory.result import Certificate, Strength

__all__ = ["check_settlement"]


def check_settlement(
    game: Settlement, profile: Any = None, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether energy and money balance, and whether bills are price times energy where the settlement says so.

    Parameters
    ----------
    profile
        The bills (mapping by name or sequence), None for those of the settlement, or a mapping with ``"retail_price"``
        and ``"feed_in"`` (one a step) and perhaps ``"bills"``: then the money that leaves must be the grid's bill of
        the community as one meter at these prices.
    epsilon
        What may be left over (kWh a step, or money).
    """
    claimed = exact(epsilon, what="epsilon")
    tariff: Mapping[str, Any] = {}
    if isinstance(profile, Mapping) and "retail_price" in profile:
        tariff, profile = profile, profile.get("bills")
    bills = _bills(game, profile)
    energy = tuple(
        sum((row[t] for row in game.energy), Fraction(0)) - game.grid_energy[t] for t in range(len(game.prices))
    )
    money = sum(bills, Fraction(0)) - game.outside_money
    evidence: dict[str, Any] = {"energy_balance": energy, "money_balance": money, "outside_money": game.outside_money}
    parts = [("energy balances at every step", max((abs(x) for x in energy), default=Fraction(0)))]
    parts.append(("bills add up to the money that leaves", abs(money)))
    if game.priced:
        owed = [_owed(game, row) for row in game.energy]
        gaps = tuple(bill - due for bill, due in zip(bills, owed, strict=True))
        evidence["bill_gaps"] = gaps
        parts.append(("every bill is price times energy", max((abs(gap) for gap in gaps), default=Fraction(0))))
    if tariff:
        gap = game.outside_money - _grid_bill(game, tariff)
        evidence["grid_gap"] = gap
        parts.append(("the money that leaves is the grid's bill", abs(gap)))
    failed = [(sentence, size) for sentence, size in parts if size > claimed]
    within = "" if claimed == 0 else f" (up to {brief(claimed)})"
    return Certificate(
        strength=Strength.REFUTED if failed else Strength.EXACT,
        claim="; ".join(sentence for sentence, _ in failed or parts) + within,
        bound=max(size for _, size in parts),
        witness=evidence,
        epsilon=claimed,
    )


def _bills(game: Settlement, profile: Any) -> tuple[Fraction, ...]:
    if profile is None:
        return game.bills
    if isinstance(profile, Mapping):
        if set(profile) != set(game.members):
            raise InputError(f"the bills name {sorted(profile)}, the members are {list(game.members)}")
        profile = [profile[name] for name in game.members]
    if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != len(game.members):
        raise InputError(f"bills {profile!r}: give one for each of the {len(game.members)} members")
    return exact_series(profile, what="bills")


def _owed(game: Settlement, row: tuple[Fraction, ...]) -> Fraction:
    due = Fraction(0)
    for kwh, buy, sell in zip(row, game.prices, game.sell_prices, strict=True):
        due += kwh * buy if kwh >= 0 else kwh * sell
    return due


def _grid_bill(game: Settlement, tariff: Mapping[str, Any]) -> Fraction:
    retail = exact_series(tariff["retail_price"], what="retail_price")
    feed_in = exact_series(tariff.get("feed_in", ()), what="feed_in")
    for what, series in (("retail_price", retail), ("feed_in", feed_in)):
        if len(series) != len(game.grid_energy):
            raise InputError(f"{what} has {len(series)} steps, the settlement has {len(game.grid_energy)}")
    return sum(
        (m * (buy if m > 0 else sell) for m, buy, sell in zip(game.grid_energy, retail, feed_in, strict=True)),
        Fraction(0),
    )
