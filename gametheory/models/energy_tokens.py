"""F.6 Energy tokens under demurrage: a token redeems less energy the longer it is kept.

Source: M. T. Devine, P. Cuffe, "Blockchain electricity trading under demurrage", IEEE Transactions on Smart Grid 10(2),
2019, 2323-2325; fidelity: paper (abstract) + derived. The price without arbitrage is the package's own, in the
structure of the paper.

A token minted in slot ``s`` redeems ``(1 - delta)^(t - s)`` kWh in slot ``t >= s``, worth ``v_t`` each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from gametheory.arithmetic import Number, exact, exact_series, maximum
from gametheory.errors import InputError

__all__ = ["EnergyTokens", "token_price", "token_prices"]


def token_price(value: Number, next_price: Number, demurrage: Number) -> Number:
    """Return ``P_s = max(v_s, (1 - delta) P_{s+1})``: redeem now, or keep the token one slot."""
    return maximum(value, (1 - demurrage) * next_price)


def token_prices(values: Sequence[Number], demurrage: Number) -> list[Number]:
    """Return the price of a token minted in each slot: backwards from the last one, whose price is its value."""
    prices = [values[-1]]
    for value in reversed(values[:-1]):
        prices.append(token_price(value, prices[-1], demurrage))
    return prices[::-1]


@dataclass(frozen=True, slots=True)
class EnergyTokens:
    """Tokens that lose value, held by those who wait for a better slot.

    Source: Devine and Cuffe 2019; fidelity: paper (abstract) + derived (the price without arbitrage is the package's
    own). Theorems: F-P5. A price without arbitrage and not a game: there is no ``to_game``.

    Parameters
    ----------
    values
        Retail value of a kWh in each slot (money), >= 0.
    demurrage
        ``delta`` in [0, 1]: what a token loses each slot.

    Examples
    --------
    >>> tokens = EnergyTokens(values=(1, 2), demurrage="0.1")
    >>> tokens.prices, tokens.redeem(0)
    ((Fraction(9, 5), Fraction(2, 1)), 1)
    """

    theorems: ClassVar[tuple[str, ...]] = ("F-P5",)
    fidelity: ClassVar[str] = "paper (abstract) + derived"

    values: tuple[Fraction, ...]
    demurrage: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", exact_series(self.values, what="values"))
        object.__setattr__(self, "demurrage", exact(self.demurrage, what="demurrage"))
        problems = []
        if not self.values:
            problems.append("no slot: give at least one value")
        problems += [f"values[{t}] is {v}, which is negative" for t, v in enumerate(self.values) if v < 0]
        if not 0 <= self.demurrage <= 1:
            problems.append(f"demurrage {self.demurrage} must lie in [0, 1]")
        InputError.raise_all(problems)

    @property
    def prices(self) -> tuple[Fraction, ...]:
        """Price of a token minted in each slot (money)."""
        return tuple(exact(p) for p in token_prices(self.values, self.demurrage))

    def redeem(self, minted: int) -> int:
        """Return the first slot, from the one it was minted in, in which a token is best redeemed."""
        if not 0 <= minted < len(self.values):
            raise InputError(f"slot {minted} is not one of 0..{len(self.values) - 1}")
        prices = self.prices
        return next(t for t in range(minted, len(prices)) if prices[t] == self.values[t])

    def shifts(self, used: int, minted: int, shifting_cost: Number) -> bool:
        """Return whether a consumer served by tokens moves a kWh of use from slot `used` to slot `minted`.

        It does if and only if ``v_used - P_minted`` exceeds the cost of shifting.
        """
        cost = exact(shifting_cost, what="shifting_cost")
        for slot in (used, minted):
            if not 0 <= slot < len(self.values):
                raise InputError(f"slot {slot} is not one of 0..{len(self.values) - 1}")
        return self.values[used] - self.prices[minted] > cost
