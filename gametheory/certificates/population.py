"""Population games, judged from the definition: no strategy that is used earns less than another of its population."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import flint

from gametheory.arithmetic import Number, exact, lower_bound, rational, upper_bound
from gametheory.certificates.curvature import are_smooth, is_definite
from gametheory.certificates.interval import Interval
from gametheory.certificates.profiles import infeasible, read_profile, violated
from gametheory.certificates.smooth_own import BITS, value_at
from gametheory.games.derivatives import jacobian
from gametheory.games.population import PopulationGame
from gametheory.result import Certificate, Strength

__all__ = ["check_nash_equilibrium", "uniqueness"]


def check_nash_equilibrium(
    game: PopulationGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Bound what an agent on any used strategy would gain by another one, the state being what it is.

    An agent is small: it moves no share. Strength ``exact`` where payoffs are rational, else ``bounded``; ``refuted``
    names the strategy that is used, the better one and the gain.
    """
    state = read_profile(game, profile)
    claimed = exact(epsilon, what="epsilon")
    claim = "no used strategy earns less than another of its population (Nash, Wardrop)"
    missed = violated(game.players, game.strategies, state)
    if missed:
        return infeasible(claim, missed, claimed)
    joint = [number for own in state for number in own]
    costs = [value_at(formula, joint) for formula in game.objectives]
    if game.sense == "payoff":
        costs = [-cost for cost in costs]
    sharp = all(isinstance(cost, Fraction) for cost in costs)
    high, low, deviation = Fraction(0), Fraction(0), {}
    regrets = []
    for name, names, block, own in zip(game.players, game.names, game.blocks, state, strict=True):
        worst = Fraction(0)
        for k, share in enumerate(own):
            if not share:
                continue
            for j in range(len(own)):
                if j == k:
                    continue
                least, most = _difference(costs[block.start + k], costs[block.start + j])
                worst = max(worst, most)
                if least > low:
                    low = least
                    deviation = {"player": name, "from": names[k], "to": names[j], "gain": least}
        regrets.append(worst)
    high = max(regrets)
    evidence: dict[str, Any] = {"regrets": tuple(regrets)}
    if deviation:
        evidence["deviation"] = deviation
    refuted = low > claimed
    return Certificate(
        strength=Strength.REFUTED if refuted else Strength.EXACT if sharp else Strength.BOUNDED,
        claim=claim if claimed == 0 else f"{claim}, up to a gain of the bound",
        bound=high,
        witness=evidence,
        epsilon=claimed,
    )


def _difference(first: Any, second: Any) -> tuple[Fraction, Fraction]:
    """Return rationals around ``first - second``."""
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return first - second, first - second
    with flint.ctx.workprec(BITS):
        a, b = (v if isinstance(v, flint.arb) else flint.arb(rational(v)) for v in (first, second))
        return exact(lower_bound(a - b)), exact(upper_bound(a - b))


def uniqueness(game: PopulationGame) -> tuple[str, str]:
    """Return ``("proved", why)`` where at most one equilibrium state can exist, else ``("unknown", why)``."""
    box = [
        Interval.around(Fraction(0), mass) for mass, block in zip(game.masses, game.blocks, strict=True) for _ in block
    ]
    if not are_smooth(game.objectives, box):
        return "unknown", "a payoff is not shown to be smooth in all states: it may have a kink or a pole"
    if is_definite(jacobian(game.marginal_costs(), range(game.size)), box):
        return "proved", "costs are strictly monotone in the state: interval matrices over all states are definite"
    return "unknown", "costs are not shown to be strictly monotone in the state; several states may be equilibria"
