"""B.3 A microgrid operator and photovoltaic prosumers with log utility.

Source: N. Liu, X. Yu, C. Wang, J. Wang, "Energy sharing management for microgrids with PV prosumers: a Stackelberg game
approach", IEEE Transactions on Industrial Informatics 13(3), 2017, 1088-1098; fidelity: paper (abstract) + derived. The
utility functions and closed forms are the package's own, in the structure of the paper.

The formulas below run on floats, rationals, `arb` balls and SymPy symbols alike; `utility` has a logarithm, the reply
and the profit are rational.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

import flint

from gametheory.arithmetic import (
    Number,
    clip,
    exact,
    log,
    lower_bound,
    maximum,
    minimum,
    negative_part,
    positive_part,
    rational,
    sqrt,
    upper_bound,
)
from gametheory.domain.community import Community
from gametheory.games.log_pricing import LogPricingGame, LogPricingStep
from gametheory.models.economy import calibrated_slope, internal_bill, operator_profit
from gametheory.models.operator_pricing import regime

__all__ = [
    "MicrogridOperator",
    "balanced_energy",
    "bought_amount",
    "consumption",
    "deficit_sell_price",
    "outcome",
    "sold_amount",
    "surplus_buy_price",
    "utility",
]


def utility(consumed: Number, weight: Number, energy: Number, buy_price: Number, sell_price: Number) -> Number:
    """Return ``k ln(1 + x) + p_s (E - x)^+ - p_b (x - E)^+`` (money) of consuming ``x`` (kWh)."""
    return weight * log(1 + consumed) - internal_bill(consumed - energy, buy_price, sell_price)


def consumption(weight: Number, energy: Number, buy_price: Number, sell_price: Number) -> Number:
    """Return the only best consumption (kWh), for ``0 < p_s <= p_b``.

    ``k/p_b - 1`` if that is above ``E`` (buy), ``max(k/p_s - 1, 0)`` if that is below ``E`` (sell), else ``E``: the two
    stationary points and ``E`` in one formula, for the first is never above the second.
    """
    return maximum(weight / buy_price - 1, minimum(energy, maximum(weight / sell_price - 1, 0)))


def bought_amount(weights: Number, constant: Number, buy_price: Number) -> Number:
    """Return ``E_b = K_b/p_b - C_b`` (kWh): what the buyers take; the sums of ``k`` and of ``1 + E`` over them."""
    return weights / buy_price - constant


def sold_amount(weights: Number, constant: Number, sell_price: Number) -> Number:
    """Return ``E_s = C_s - K_s/p_s`` (kWh), the sums over the sellers.

    A seller that consumes nothing is left out of ``K_s`` and adds ``E``, not ``1 + E``, to ``C_s``.
    """
    return constant - weights / sell_price


def surplus_buy_price(weights: Number, constant: Number, feed_in: Number, retail_price: Number) -> Number:
    """Return ``sqrt(ls K_b/C_b)`` clipped to ``[ls, lb]``: the best buy price for these buyers if energy is left."""
    return clip(sqrt(feed_in * weights / constant), feed_in, retail_price)


def deficit_sell_price(weights: Number, constant: Number, feed_in: Number, retail_price: Number) -> Number:
    """Return ``sqrt(lb K_s/C_s)`` clipped to ``[ls, lb]``: the best sell price for these sellers if energy lacks."""
    return clip(sqrt(retail_price * weights / constant), feed_in, retail_price)


def balanced_energy(
    buyers_weight: Number, buyers_constant: Number, sellers_weight: Number, sellers_constant: Number
) -> Number:
    """Return the best energy (kWh) to pass on where all that is sold is bought, for these buyers and sellers.

    ``E = (C_s sqrt(K_b C_b) - C_b sqrt(K_s C_s)) / (sqrt(K_b C_b) + sqrt(K_s C_s))`` maximises
    ``E K_b/(E + C_b) - E K_s/(C_s - E)``; the prices are then ``p_b = K_b/(E + C_b)`` and ``p_s = K_s/(C_s - E)``.
    """
    buyers, sellers = sqrt(buyers_weight * buyers_constant), sqrt(sellers_weight * sellers_constant)
    return (sellers_constant * buyers - buyers_constant * sellers) / (buyers + sellers)


@dataclass(frozen=True, slots=True)
class MicrogridOperator:
    """An operator that posts internal prices, and prosumers with log utility that answer; a Stackelberg game.

    Source: Liu, Yu, Wang and Wang 2017; fidelity: paper (abstract) + derived (the utility functions and closed forms
    are the package's own, in the structure of the paper). Theorems: B-P4, B-P5, B-P6.

    Parameters
    ----------
    players
        Names of the prosumers.
    steps
        Weights ``k`` (money), own energy ``E`` (kWh) and the grid's prices (money/kWh) of each step.

    Raises
    ------
    InputError
        ``k <= 0``, ``E < 0``, ``feed_in > retail_price``, repeated names.
    NotApplicable
        A step with ``feed_in <= 0``; the message names it.

    See Also
    --------
    gametheory.solvers.pricing.best_log_prices : one step of 100,000 prosumers, in arrays.

    Examples
    --------
    >>> model = MicrogridOperator.from_parameters(k=[4, 1], energy=[0, 3], feed_in="0.25", retail_price=1)
    >>> model.players, model.to_game().steps[0].sell_price
    (('1', '2'), Fraction(1, 4))
    """

    fidelity: ClassVar[str] = "paper (abstract) + derived"
    theorems: ClassVar[tuple[str, ...]] = ("B-P4", "B-P5", "B-P6")

    players: tuple[str, ...]
    steps: tuple[LogPricingStep, ...]
    #: Where the numbers came from: the hash of the community, if there was one.
    provenance: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        game = LogPricingGame(self.players, self.steps)  # refuses what is no such game
        object.__setattr__(self, "players", game.players)
        object.__setattr__(self, "steps", game.steps)

    @classmethod
    def from_parameters(
        cls,
        *,
        k: Sequence[Number],
        energy: Sequence[Number],
        feed_in: Number,
        retail_price: Number,
        players: Sequence[str] | None = None,
    ) -> MicrogridOperator:
        """Build a single step from plain numbers, one ``k`` and one ``E`` a prosumer."""
        game = LogPricingGame.single(k, energy, buy_price=retail_price, sell_price=feed_in, players=players)
        return cls(game.players, game.steps)

    @classmethod
    def from_community(cls, community: Community) -> MicrogridOperator:
        """Calibrate the weights by revealed preference, so that the measured load is optimal at grid prices.

        ``k_it = (1 + load_it)`` times the marginal grid price: retail where the member imports, feed-in where it
        exports, the midpoint at zero. An assumption, as the 1 kWh in ``ln(1 + x)`` is.
        """
        steps = []
        for t in range(community.steps):
            retail, feed_in = community.exact_retail_price[t], community.exact_feed_in[t]
            loads = [row[t] for row in community.exact_load]
            weights = tuple(
                (1 + load) * calibrated_slope(net[t], retail, feed_in)
                for load, net in zip(loads, community.exact_net_load, strict=True)
            )
            steps.append(LogPricingStep(weights, tuple(row[t] for row in community.exact_pv), retail, feed_in))
        return cls(community.names, tuple(steps), {"input_hash": community.input_hash})

    def to_game(self) -> LogPricingGame:
        """Return the game as plain data."""
        return LogPricingGame(self.players, self.steps)


def outcome(game: LogPricingGame, profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a profile means in energy, money and utility, by name.

    Per step: ``bought`` and ``sold`` inside, ``grid_energy`` (> 0: the operator imports), ``profits``, ``regimes``,
    all exact. Per prosumer, over all steps: ``bills`` (exact) and ``utilities``, pairs of rationals that enclose the
    utility. ``value`` is the total profit.
    """
    found: dict[str, list[Any]] = {name: [] for name in ("bought", "sold", "grid_energy", "profits", "regimes")}
    bills = [Fraction(0)] * len(game.players)
    utilities = [flint.arb(0)] * len(game.players)
    for t, step in enumerate(game.steps):
        buy, sell = exact(profile["buy_prices"][t]), exact(profile["sell_prices"][t])
        imports = []
        for i, (weight, energy) in enumerate(zip(step.weights, step.energies, strict=True)):
            consumed = exact(profile["consumptions"][i][t])
            imports.append(consumed - energy)
            bills[i] += internal_bill(imports[i], buy, sell)
            balls = (flint.arb(rational(value)) for value in (consumed, weight, energy, buy, sell))
            utilities[i] += utility(*balls)
        bought = sum((positive_part(m) for m in imports), Fraction(0))
        sold = sum((negative_part(m) for m in imports), Fraction(0))
        found["bought"].append(bought)
        found["sold"].append(sold)
        found["grid_energy"].append(bought - sold)
        found["profits"].append(operator_profit(bought, sold, buy, sell, step.buy_price, step.sell_price))
        found["regimes"].append(regime(bought, sold))
    return {
        **{name: tuple(values) for name, values in found.items()},
        "bills": tuple(bills),
        "utilities": tuple((lower_bound(u), upper_bound(u)) for u in utilities),
        "value": sum(found["profits"], Fraction(0)),
    }
