"""Games with shared constraints: the social optimum, and how far the variational equilibrium is from it.

Generalised equilibria often form a continuum, so the prices of anarchy and stability compare *variational* equilibria
(equal multipliers, or in proportion to ``1/r_i`` with Rosen's weights). Where the weighted marginal costs are strongly
monotone there is one and both are a number; else one end stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number, exact
from gametheory.certificates.generalised import check_variational_equilibrium, uniqueness
from gametheory.certificates.quadratic import read_profile
from gametheory.certificates.quadratic_program import Program
from gametheory.errors import InputError
from gametheory.games.generalised import GeneralisedGame
from gametheory.result import Certificate, Solution, Strength

__all__ = ["check_price_of_anarchy", "check_price_of_stability", "check_social_optimum", "stated"]


def check_social_optimum(
    game: GeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether no joint strategy that all constraints allow has a better total by more than `epsilon`.

    ``witness["multipliers"]`` are those of ``game.joint_strategies()``, in the order of its ``rows()``.
    """
    inner, joint = game.game, game.joint_strategies()
    x = tuple(number for strategy in read_profile(inner, profile) for number in strategy)
    claimed = exact(epsilon, what="epsilon")
    claim = f"the profile has the {'least total cost' if game.sense == 'cost' else 'greatest total payoff'}"
    missed, text = joint.violation(x)
    if missed > 0:
        return Certificate(
            strength=Strength.REFUTED,
            claim=f"{claim}: no, it is not feasible, it misses {text} by {missed}",
            bound=missed,
            witness={"violated": text},
            epsilon=claimed,
        )
    total = inner.total().scaled(1 if game.sense == "cost" else -1)
    everything = range(inner.size)
    slopes = total.gradient([Fraction(0)] * inner.size, everything)
    program = Program(tuple(total.block(everything, everything)), slopes, joint)
    least = program.least(x, (witness or {}).get("multipliers"))
    gain = Fraction(1) if least.direction else program.value(x) - program.value(least.point)
    note = ": no, the total has no bound" if least.direction else ""
    return Certificate(
        strength=Strength.EXACT if gain <= claimed and not least.direction else Strength.REFUTED,
        claim=f"{claim}{note}",
        bound=gain,
        witness={"value": inner.total().value(x), "method": least.method, "better": least.point if gain > 0 else ()},
        epsilon=claimed,
    )


def check_price_of_anarchy(
    game: GeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide whether the interval in the witness holds the ratio of the worst variational equilibrium."""
    return _check(game, profile, witness or {}, exact(epsilon, what="epsilon"), "anarchy")


def check_price_of_stability(
    game: GeneralisedGame, profile: Any, *, epsilon: Number = 0, witness: Mapping[str, Any] | None = None
) -> Certificate:
    """Decide the same of the best variational equilibrium."""
    return _check(game, profile, witness or {}, exact(epsilon, what="epsilon"), "stability")


def _check(
    game: GeneralisedGame, profile: Any, witness: Mapping[str, Any], claimed: Fraction, word: str
) -> Certificate:
    if not isinstance(profile, Mapping) or set(profile) != {"equilibrium", "optimum"}:
        raise InputError("profile: give {'equilibrium': ..., 'optimum': ...}")
    weights = witness.get("weights")
    parts = {
        "equilibrium": check_variational_equilibrium(
            game,
            profile["equilibrium"],
            witness={"multipliers": witness.get("equilibrium_multipliers"), "weights": weights},
        ),
        "optimum": check_social_optimum(
            game, profile["optimum"], witness={"multipliers": witness.get("optimum_multipliers")}
        ),
    }
    totals = {name: sum(game.game.values(read_profile(game.game, profile[name])), Fraction(0)) for name in parts}
    evidence: dict[str, Any] = {f"{name}_total": total for name, total in totals.items()}
    for name, part in parts.items():
        if part.strength is Strength.REFUTED:
            return _refuted(f"the price of {word} compares a variational equilibrium with an optimum: the {name} is "
                            "none", part.bound, {"part": name}, claimed)  # fmt: skip
    above, below = totals.values() if game.sense == "cost" else reversed(totals.values())
    if below <= 0:
        return _refuted(
            f"the price of {word} is a number: no, it would divide by {below}", 1 - below, evidence, claimed
        )
    ratio = above / below
    only, why = uniqueness(game, weights)
    low, high = (ratio, ratio) if only == "proved" else (ratio, None) if word == "anarchy" else (Fraction(1), ratio)
    evidence |= {"interval": (low, high), "unique": why}
    told = witness.get("interval", (low, high))
    true = (told[0] is None or exact(told[0]) <= low) and (
        told[1] is None or (high is not None and exact(told[1]) >= high)
    )
    if not true:
        return _refuted(f"the price of {word} is in the interval told: what is shown is {(low, high)}", Fraction(1),
                        evidence, claimed)  # fmt: skip
    shown = f"exactly {ratio}" if low == high else f"at least {low}" if high is None else f"at most {high}"
    return Certificate(
        strength=Strength.EXACT,
        claim=f"the price of {word} of variational equilibria is {shown}",
        bound=Fraction(0),
        witness=evidence,
        epsilon=claimed,
    )


def _refuted(claim: str, bound: Any, evidence: Mapping[str, Any], epsilon: Fraction) -> Certificate:
    return Certificate(strength=Strength.REFUTED, claim=claim, bound=bound, witness=evidence, epsilon=epsilon)


def stated(solution: Solution, found: Certificate) -> dict[str, Any]:
    """Return what follows from an optimum or from a ratio."""
    game = solution.game
    if "equilibrium_total" in found.witness:
        totals = {name: found.witness[name] for name in ("equilibrium_total", "optimum_total")}
        return {**totals, "interval": solution.witness.get("interval")}
    x = tuple(number for strategy in read_profile(game.game, solution.profile) for number in strategy)
    return {"value": game.game.total().value(x)}
