"""The study's operator: it posts a buy and a sell price each step, the members answer, it settles the rest.

fidelity: derived (the package's own economy, in the structure of Liu, Yu, Wang and Wang, IEEE Transactions on
Industrial Informatics 13(3), 2017, 1088-1098; their own form with log utility is
:mod:`gametheory.models.microgrid_operator`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from gametheory.arithmetic import Number, clip, exact, maximum, minimum
from gametheory.domain.community import Community
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import TradingStep
from gametheory.models.economy import (
    DEFAULT_ELASTICITY,
    discomfort,
    internal_bill,
    operator_profit,
    origin,
    trading_steps,
)

__all__ = ["OperatorPricing", "best_adjustment", "outcome", "regime"]


def best_adjustment(
    position: Number,
    curvature: Number,
    slope: Number,
    lower: Number,
    upper: Number,
    buy_price: Number,
    sell_price: Number,
) -> Number:
    """Return the only best cut (kWh) at the posted prices, for ``c > 0`` and ``p_s <= p_b``.

    ``a(price) = clip((price - d)/c, lower, upper)`` is best at a single price. Buy if ``a(p_b)`` leaves a need, sell if
    ``a(p_s)`` leaves a surplus, else balance oneself: ``max(min(D, a(p_b)), a(p_s))``.
    """
    buying = clip((buy_price - slope) / curvature, lower, upper)
    selling = clip((sell_price - slope) / curvature, lower, upper)
    return maximum(minimum(position, buying), selling)


@dataclass(frozen=True, slots=True, init=False)
class OperatorPricing:
    """An operator between the members of a community and the grid; a leader with many followers.

    The operator posts ``feed_in <= p_s <= p_b <= retail`` each step. Member ``i`` answers with

        min over p in [-load, load] of  c p^2/2 + d p + p_b m^+ - p_s m^-,    m = net_load - p

    and the operator earns ``p_b E_b - p_s E_s`` less its own grid bill. Profit is in money, energy in kWh a step,
    prices in money/kWh; prices may be negative.

    fidelity: derived (the utility functions are the package's own). Theorem: S-P7.

    Parameters
    ----------
    community
        Measured members and the tariff; preferences are calibrated so that measured behaviour is optimal at the
        grid's prices.
    elasticity
        An assumption, one number or one for each member; 0 does not react.

    Raises
    ------
    InputError
        A negative elasticity, or a mean retail price that is not positive.

    Examples
    --------
    >>> model = OperatorPricing.from_parameters(
    ...     net_load=[2, -2], curvature=[1, 1], slope=[6, 4], retail_price=10, feed_in=0
    ... )
    >>> model.to_game().steps[0].buy_price
    Fraction(10, 1)
    """

    fidelity: ClassVar[str] = "derived"
    theorems: ClassVar[tuple[str, ...]] = ("S-P7",)

    players: tuple[str, ...]
    steps: tuple[TradingStep, ...]
    #: Where the numbers came from: parameters of the model and the hash of the community.
    provenance: Mapping[str, Any] = field(compare=False)

    def __init__(self, community: Community, *, elasticity: Number | Mapping[str, Number] = DEFAULT_ELASTICITY) -> None:
        self._store(community.names, trading_steps(community, elasticity), origin(community, elasticity))

    def _store(self, players: Sequence[str], steps: Sequence[TradingStep], provenance: Mapping[str, Any]) -> None:
        object.__setattr__(self, "players", tuple(players))
        object.__setattr__(self, "steps", tuple(steps))
        object.__setattr__(self, "provenance", dict(provenance))

    @classmethod
    def from_parameters(
        cls,
        *,
        net_load: Sequence[Any],
        curvature: Sequence[Number],
        slope: Sequence[Any],
        retail_price: Any,
        feed_in: Any,
        lower: Sequence[Any] | None = None,
        upper: Sequence[Any] | None = None,
        players: Sequence[str] | None = None,
    ) -> OperatorPricing:
        """Build a single step from plain numbers, one a member (bounds left out: none).

        Raises
        ------
        InputError
            Sequences of unequal length, a negative curvature, ``feed_in > retail_price``.
        """
        step = TradingStep.from_numbers(
            net_load, curvature, slope, lower, upper, buy_price=retail_price, sell_price=feed_in
        )
        model = cls.__new__(cls)
        model._store(players or [str(k + 1) for k in range(len(net_load))], (step,), {})
        return model

    def to_game(self) -> PricingGame:
        """Return the game as plain data."""
        return PricingGame(self.players, self.steps)


def outcome(game: PricingGame, profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a profile means in energy and money, by name.

    Per step: ``bought`` and ``sold`` by the members inside, ``grid_energy`` (> 0: the operator imports), ``profits``,
    ``regimes``. Per member, over all steps: ``bills``, ``discomforts``, ``costs``. ``value`` is the total profit.
    """
    found: dict[str, list[Any]] = {name: [] for name in ("bought", "sold", "grid_energy", "profits", "regimes")}
    bills = [Fraction(0)] * len(game.players)
    discomforts = [Fraction(0)] * len(game.players)
    for t, step in enumerate(game.steps):
        buy, sell = exact(profile["buy_prices"][t]), exact(profile["sell_prices"][t])
        imports = []
        for i, trader in enumerate(step.traders):
            adjustment = exact(profile["adjustments"][i][t])
            imports.append(trader.position - adjustment)
            bills[i] += internal_bill(imports[i], buy, sell)
            discomforts[i] += discomfort(adjustment, trader.curvature, trader.slope)
        bought = sum((m for m in imports if m > 0), Fraction(0))
        sold = sum((-m for m in imports if m < 0), Fraction(0))
        found["bought"].append(bought)
        found["sold"].append(sold)
        found["grid_energy"].append(bought - sold)
        found["profits"].append(operator_profit(bought, sold, buy, sell, step.buy_price, step.sell_price))
        found["regimes"].append(regime(bought, sold))
    return {
        **{name: tuple(values) for name, values in found.items()},
        "bills": tuple(bills),
        "discomforts": tuple(discomforts),
        "costs": tuple(b + f for b, f in zip(bills, discomforts, strict=True)),
        "value": sum(found["profits"], Fraction(0)),
    }


def regime(bought: Number, sold: Number) -> str:
    """Return the operator's position towards the grid in a word."""
    if bought == sold:
        return "no trade" if bought == 0 else "balanced"
    return "surplus" if sold > bought else "deficit"
