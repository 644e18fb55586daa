"""What a price leader of prosumers with log utility states beside its profile, made again from the game alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import exact, rational
from gametheory.result import Certificate, Concept, Solution

__all__ = ["congested_prices", "log_prices"]

_BITS = 200
#: Enclosures wider than this (relative to 1 and to the utility) say too little to be accepted.
_WIDTH = Fraction(1, 10**6)


def log_prices(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return energies and money at the posted prices, and the stated utilities where they enclose the true ones."""
    if solution.concept is not Concept.STACKELBERG:
        return {}
    game, profile = solution.game, solution.profile
    made: dict[str, list[Any]] = {name: [] for name in ("bought", "sold", "grid_energy", "profits", "regimes")}
    bills = [Fraction(0)] * len(game.players)
    for t, step in enumerate(game.steps):
        buy, sell = exact(profile["buy_prices"][t]), exact(profile["sell_prices"][t])
        needs = [exact(row[t]) - energy for row, energy in zip(profile["consumptions"], step.energies, strict=True)]
        for i, need in enumerate(needs):
            bills[i] += need * (buy if need > 0 else sell)
        bought = sum((need for need in needs if need > 0), Fraction(0))
        sold = -sum((need for need in needs if need < 0), Fraction(0))
        rest = bought - sold
        made["bought"].append(bought)
        made["sold"].append(sold)
        made["grid_energy"].append(rest)
        grid = rest * (step.buy_price if rest > 0 else step.sell_price)
        made["profits"].append(buy * bought - sell * sold - grid)
        balanced = "balanced" if bought else "no trade"
        made["regimes"].append(balanced if rest == 0 else "deficit" if rest > 0 else "surplus")
    stated = getattr(solution, "details", {}).get("utilities")
    return {
        **{name: tuple(row) for name, row in made.items()},
        "bills": tuple(bills),
        "value": sum(made["profits"], Fraction(0)),
        "leader": {name: tuple(profile[name]) for name in ("buy_prices", "sell_prices")},
        "follower": {"consumptions": tuple(profile["consumptions"])},
        **({} if stated is None else {"utilities": _utilities(game, profile, bills, stated)}),
    }


def congested_prices(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return the same on a network, where each player pays its own shifted prices and lines collect ``mu f``."""
    if solution.concept is not Concept.STACKELBERG:
        return {}
    game, profile = solution.game, solution.profile
    names = ("bought", "sold", "grid_energy", "profits", "flows", "rents")
    made: dict[str, list[Any]] = {name: [] for name in names}
    bills = [Fraction(0)] * len(game.players)
    for t, step in enumerate(game.steps):
        buy, sell = exact(profile["buy_prices"][t]), exact(profile["sell_prices"][t])
        mu = [exact(m) for m in profile["multipliers"][t]]
        needs = [exact(row[t]) - energy for row, energy in zip(profile["consumptions"], step.energies, strict=True)]
        flows = [
            -sum((a * need for a, need in zip(row, needs, strict=True)), Fraction(0)) for row in game.sensitivities
        ]
        for i, need in enumerate(needs):
            shift = -sum((row[i] * m for row, m in zip(game.sensitivities, mu, strict=True)), Fraction(0))
            bills[i] += need * ((buy if need > 0 else sell) + shift)
        bought = sum((need for need in needs if need > 0), Fraction(0))
        sold = -sum((need for need in needs if need < 0), Fraction(0))
        rest = bought - sold
        made["bought"].append(bought)
        made["sold"].append(sold)
        made["grid_energy"].append(rest)
        grid = rest * (step.buy_price if rest > 0 else step.sell_price)
        made["profits"].append(buy * bought - sell * sold - grid)
        made["flows"].append(tuple(flows))
        made["rents"].append(sum((m * flow for m, flow in zip(mu, flows, strict=True)), Fraction(0)))
    return {
        **{name: tuple(row) for name, row in made.items()},
        "bills": tuple(bills),
        "value": sum(made["profits"], Fraction(0)),
        "leader": {name: tuple(profile[name]) for name in ("buy_prices", "sell_prices", "multipliers")},
        "follower": {"consumptions": tuple(profile["consumptions"])},
    }


def _utilities(game: Any, profile: Any, bills: list[Fraction], stated: Any) -> Any:
    """Return the stated pairs if each encloses ``sum k ln(1 + x) - bill`` closely, else nothing that they equal."""
    if len(stated) != len(bills):
        return "a pair for each player"
    with flint.ctx.workprec(_BITS):
        for i, (pair, bill) in enumerate(zip(stated, bills, strict=True)):
            true = -flint.arb(rational(bill))
            for t, step in enumerate(game.steps):
                consumed = flint.arb(rational(profile["consumptions"][i][t]))
                true += flint.arb(rational(step.weights[i])) * (1 + consumed).log()
            low, high = (exact(end) for end in pair)
            inside = bool(flint.arb(rational(low)) <= true) and bool(true <= flint.arb(rational(high)))
            if not inside or high - low > _WIDTH * (1 + abs(low)):
                return "enclosures of the utilities"
    return stated
