"""C.1 and the study's coalition: members who pool their positions behind one meter.

Source: W. Tushar, T. K. Saha, C. Yuen et al., "Peer-to-peer energy trading with sustainable user participation: a game
theoretic approach", IEEE Access 6, 2018, 62932-62943 (value function as described in a review); fidelity: paper
(abstract) + derived. The study form adds the package's own preferences; with elasticity 0 it is C.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, clip, exact, exact_series, maximum, minimum
from gametheory.domain.community import Community
from gametheory.errors import InputError
from gametheory.games.pooled import PooledGame
from gametheory.games.trading import Trader, TradingStep
from gametheory.models.economy import DEFAULT_ELASTICITY, discomfort, grid_bill, origin, trading_steps

__all__ = ["PooledCommunity", "adjustment", "band_margin", "grid_value", "pooled_cost", "share"]


def grid_value(position: Number, feed_in: Number, retail_price: Number) -> Number:
    """Return ``v(T) = min(ls E, lb E)``: what the grid pays (money) for a coalition's position ``E`` (> 0 surplus)."""
    return minimum(feed_in * position, retail_price * position)


def band_margin(long: Number, short: Number, matched: Number, half_spread: Number) -> Number:
    """Return what a coalition gets at the mid-market rate beyond ``v(T)`` (money); negative: it blocks.

    ``h max(rho L_T - K_T, K_T - (2 - rho) L_T)`` with the coalition's energy ``L_T`` on the community's long side and
    ``K_T`` on its short side (kWh), ``rho = min(S, D)/max(S, D)`` and ``h = (lb - ls)/2``. Hence a coalition blocks iff
    its short side lies strictly within the band ``(rho L_T, (2 - rho) L_T)``.
    """
    return half_spread * maximum(matched * long - short, short - (2 - matched) * long)


def adjustment(price: Number, response: Number, slope: Number, lower: Number, upper: Number) -> Number:
    """Return ``argmin_p f(p) - price p = clip((price - d) g, lower, upper)``, in kWh.

    ``g = 1/c`` (kWh per price unit) is the response of a member; 0 with bounds 0 is a member that does not react.
    """
    return clip((price - slope) * response, lower, upper)


def share(price: Number, position: Number, cut: Number, curvature: Number, slope: Number) -> Number:
    """Return ``f(p) + price (D - p)`` (money); at :func:`adjustment` it is the dual share ``phi(price)``."""
    return discomfort(cut, curvature, slope) + price * (position - cut)


def pooled_cost(
    positions: Sequence[Number],
    cuts: Sequence[Number],
    curvatures: Sequence[Number],
    slopes: Sequence[Number],
    retail_price: Number,
    feed_in: Number,
) -> Number:
    """Return ``sum_i f_i(p_i) + G(sum_i (D_i - p_i))`` (money) of a coalition in one step; ``C(T)`` is its minimum."""
    pain = sum(discomfort(p, c, d) for p, c, d in zip(cuts, curvatures, slopes, strict=True))
    return pain + grid_bill(sum(z - p for z, p in zip(positions, cuts, strict=True)), retail_price, feed_in)


@dataclass(frozen=True, slots=True, init=False)
class PooledCommunity:
    """A community whose coalitions are billed as one meter and cut their load together; a cost game.

    ``C(T) = min_p sum_t [ sum_{i in T} f_it(p_it) + G_t(sum_{i in T} (D_it - p_it)) ]``. With elasticity 0 nobody
    reacts and ``-C(T) = v(T) = min(ls E_T, lb E_T)`` summed over the steps: game C.1.

    Source: Tushar, Saha, Yuen et al. 2018; fidelity: paper (abstract) + derived (the discomfort and its calibration are
    the package's own, in the structure of the paper). Theorems: C-P1, C-P2, C-P3, C-P4,
    S-P8.

    Parameters
    ----------
    community
        Members, tariff and hours.
    elasticity
        Of all members, or by name (the others take 1/10); 0 is C.1.

    Raises
    ------
    InputError
        An elasticity is negative, an unknown name, or an elasticity where the mean retail price is not positive.

    Examples
    --------
    >>> trio = PooledCommunity.from_positions((2, 2, -2), feed_in="0.1", retail_price="0.3")
    >>> trio.value(("1", "3")), trio.value(("1", "2", "3"))
    (Fraction(0, 1), Fraction(1, 5))
    """

    fidelity: ClassVar[str] = "paper (abstract) + derived"
    theorems: ClassVar[tuple[str, ...]] = ("C-P1", "C-P2", "C-P3", "C-P4", "S-P8")

    players: tuple[str, ...]
    steps: tuple[TradingStep, ...]
    #: Where the numbers came from: parameters of the model and the hash of the community.
    provenance: Mapping[str, Any] = field(compare=False)

    def __init__(self, community: Community, *, elasticity: Number | Mapping[str, Number] = DEFAULT_ELASTICITY) -> None:
        self._store(community.names, trading_steps(community, elasticity), origin(community, elasticity))

    def _store(self, players: Sequence[str], steps: Sequence[TradingStep], provenance: Mapping[str, Any]) -> None:
        for name, value in (("players", tuple(players)), ("steps", tuple(steps)), ("provenance", provenance)):
            object.__setattr__(self, name, value)

    @classmethod
    def from_positions(
        cls, positions: Sequence[Number], *, feed_in: Number, retail_price: Number, players: Sequence[str] = ()
    ) -> PooledCommunity:
        """Return game C.1 of one step from net positions ``e_i`` (kWh, > 0 surplus) and the grid's prices.

        `players` are names; left out they are ``"1"``, ``"2"``, ...
        """
        surplus = exact_series(positions, what="positions")
        names = tuple(players) or tuple(str(k + 1) for k in range(len(surplus)))
        if len(names) != len(surplus):
            raise InputError(f"{len(names)} names for {len(surplus)} positions; give one name each")
        zero = Fraction(0)
        step = TradingStep(
            tuple(Trader(-e, zero, zero, zero, zero) for e in surplus),
            exact(retail_price, what="retail_price"),
            exact(feed_in, what="feed_in"),
        )
        model = object.__new__(cls)
        model._store(names, (step,), {})
        return model

    def to_game(self) -> PooledGame:
        """Return the game as plain data."""
        return PooledGame(self.players, self.steps)

    def value(self, coalition: Sequence[str]) -> Fraction:
        """Return C.1's ``v(T)`` (money) of the named members' measured positions, summed over the steps."""
        chosen = self._places(coalition)
        return sum(
            (
                exact(
                    grid_value(
                        -sum((step.traders[i].position for i in chosen), Fraction(0)), step.sell_price, step.buy_price
                    )
                )
                for step in self.steps
            ),
            Fraction(0),
        )

    def cost(self, coalition: Sequence[str], adjustments: Sequence[Sequence[Number]]) -> Number:
        """Return what the named members pay and suffer together at given adjustments (kWh, a row each over steps)."""
        chosen = self._places(coalition)
        bill: Number = 0
        for t, step in enumerate(self.steps):
            traders = [step.traders[i] for i in chosen]
            bill = bill + pooled_cost(
                [trader.position for trader in traders],
                [row[t] for row in adjustments],
                [trader.curvature for trader in traders],
                [trader.slope for trader in traders],
                step.buy_price,
                step.sell_price,
            )
        return bill

    def _places(self, coalition: Sequence[str]) -> tuple[int, ...]:
        unknown = sorted(set(coalition) - set(self.players))
        if unknown:
            raise InputError(f"{unknown[0]!r} is no member; members: {', '.join(self.players)}")
        return tuple(i for i, name in enumerate(self.players) if name in set(coalition))
