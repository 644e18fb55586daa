"""What solutions of finite, quadratic, linear and coalitional games state beside their profile, made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, to_float
from gametheory.games.mixed_profile import read_profile
from gametheory.result import Allocation, Certificate, Concept, Core, PriceOfAnarchy, Solution

__all__ = ["allocation", "finite", "linear", "quadratic"]

Made = dict[str, Any]


# ------------------------------------------------------------------------------------------------------ coalitions


def allocation(solution: Solution, found: Certificate) -> Made:
    """An allocation is its profile; a core is empty where the profile is a balanced collection."""
    if isinstance(solution, Allocation):
        players = tuple(solution.game.players)
        profile = solution.profile
        if isinstance(profile, Mapping) and "values" in profile and set(players).isdisjoint(profile):
            intervals = profile.get("intervals")  # sampled, or approximate
            return {
                "exact": None,
                "players": players,
                "approximate": tuple(profile["values"]),
                "interval": None if intervals is None else tuple(map(tuple, intervals)),
            }
        shares = tuple(profile[name] for name in players) if isinstance(profile, Mapping) else tuple(profile)
        numbers = tuple(exact(share) for share in shares)
        return {
            "exact": numbers,
            "players": players,
            "approximate": tuple(to_float(share) for share in numbers),
            "interval": None,
        }
    if isinstance(solution, Core):
        empty = isinstance(solution.profile, Mapping) and any(not isinstance(key, str) for key in solution.profile)
        return {
            "empty": empty,
            "point": None if empty else tuple(solution.profile),
            "balanced_weights": dict(solution.profile) if empty else None,
        }
    return {}


def linear(solution: Solution, found: Certificate) -> Made:
    """The optimum of a linear programme: its cost, the activities by name, the multipliers and their shares."""
    if solution.concept is not Concept.OPTIMUM:
        return allocation(solution, found)
    profile, game = solution.profile, solution.game
    return {
        "value": found.witness["value"],
        "point": dict(zip(game.players, profile["activities"], strict=True)),
        "prices": tuple(profile["prices"]),
        "common": tuple(profile["common"]),
        "shares": found.witness["shares"],
    }


# ---------------------------------------------------------------------------------------------------- finite games


def finite(solution: Solution, found: Certificate) -> Made:
    """What follows from the profile of a finite game, by concept."""
    make = _FINITE.get(solution.concept)
    return {} if make is None else make(solution, found)


def _mixed(solution: Solution, found: Certificate) -> Made:
    game = solution.game
    profile, _ = read_profile(game, solution.profile)
    payoffs = game.expected_payoffs(profile)
    made = {"payoffs": payoffs, "point": _by_name(game, profile)}
    return made | ({"value": payoffs[0]} if "value" in getattr(solution, "details", {}) else {})


def _by_name(game: Any, profile: Sequence[Sequence[Any]]) -> Made:
    return {
        name: dict(zip(names, strategy, strict=True))
        for name, names, strategy in zip(game.players, game.strategies, profile, strict=True)
    }


def _correlated(solution: Solution, found: Certificate) -> Made:
    game = solution.game
    weights = [exact(p) for p in solution.profile]
    cells = list(game.profiles())
    support = [(cell, p) for cell, p in zip(cells, weights, strict=True) if p]
    made: Made = {
        "payoffs": tuple(sum((p * table[cell] for cell, p in support), Fraction(0)) for table in game.payoffs),
        "point": {
            " / ".join(names[k] for names, k in zip(game.strategies, cell, strict=True)): p for cell, p in support
        },
    }
    if "objective" in solution.witness:
        goal = solution.witness["objective"]
        made["objective"] = sum((p * exact(w) for p, w in zip(weights, goal, strict=True)), Fraction(0))
    return made


def _every(solution: Solution, found: Certificate) -> Made:
    """A list is complete if that was judged; the components are those that were judged, and their indices add to 1."""
    made: Made = {"complete": bool(solution.witness.get("complete", True))}
    if "components" in solution.witness:
        made["components"] = solution.witness["components"]
    indices = getattr(solution, "indices", ())
    if made["complete"] and indices and None not in indices and sum(indices) != 1:
        made["indices"] = "whole numbers that add up to 1"
    return made


def _eliminated(solution: Solution, found: Certificate) -> Made:
    game = solution.game
    named = tuple(
        {
            "round": r + 1,
            "player": game.players[i],
            "strategy": game.strategies[i][k],
            "dominated by": {game.strategies[i][l]: exact(p) for l, p in enumerate(mixture) if p},
        }
        for r, i, k, mixture in solution.witness.get("steps", ())
    )
    kept = tuple(tuple(game.strategies[i][k] for k in own) for i, own in enumerate(solution.profile))
    return {"eliminated": named, "remaining": kept}


def _best_cell(solution: Solution, found: Certificate) -> Made:
    game, cell = solution.game, tuple(solution.profile)
    names = {name: own[k] for name, own, k in zip(game.players, game.strategies, cell, strict=True)}
    return {"value": sum(game.payoff(cell), Fraction(0)), "point": names}


def _commitment(solution: Solution, found: Certificate) -> Made:
    game, profile = solution.game, solution.profile
    lead = game.players.index(profile["leader"])
    follow, reply = 1 - lead, profile["reply"]
    pair = (profile["commitment"], reply) if lead == 0 else (reply, profile["commitment"])
    mixed, _ = read_profile(game, pair)
    return {
        "leader": {game.players[lead]: dict(zip(game.strategies[lead], mixed[lead], strict=True))},
        "follower": {game.players[follow]: game.strategies[follow][reply]},
        "payoffs": game.expected_payoffs(mixed),
        "value": found.witness["payoff"],
        "attained": bool(profile.get("attained", True)),
        "tie_breaking": profile.get("tie_breaking", "optimistic"),
    }


def _ratio(solution: Solution, found: Certificate) -> Made:
    """Totals are those of the judged parts, the interval is the one that was judged."""
    made: Made = {name: found.witness[name] for name in ("equilibrium_total", "optimum_total")}
    if isinstance(solution, PriceOfAnarchy):
        made["robust"] = found.witness.get("robust")
        if "interval" in solution.witness:
            made["interval"] = tuple(solution.witness["interval"])
    return made


_FINITE: dict[Concept, Callable[[Solution, Certificate], Made]] = {
    Concept.NASH: _mixed,
    Concept.NASH_SET: _every,
    Concept.CORRELATED: _correlated,
    Concept.COARSE_CORRELATED: _correlated,
    Concept.DOMINANCE: _eliminated,
    Concept.OPTIMUM: _best_cell,
    Concept.STACKELBERG: _commitment,
    Concept.PRICE_OF_ANARCHY: _ratio,
    Concept.PRICE_OF_STABILITY: _ratio,
}


# ------------------------------------------------------------------------------------------------- quadratic games


def quadratic(solution: Solution, found: Certificate) -> Made:
    """Payoffs and strategies by name; for an optimum its total; for a list its isolated points."""
    from gametheory.certificates.quadratic import read_profile as read

    game = solution.game
    if solution.concept in (Concept.PRICE_OF_ANARCHY, Concept.PRICE_OF_STABILITY):
        return _ratio(solution, found)
    if solution.concept is Concept.NASH_SET:
        points = tuple(((tuple((x,) for x in read(game, each)),),) for each in solution.profile)
        return {"components": points, "complete": bool(found.witness.get("complete"))}
    profile = read(game, solution.profile)
    point = {
        name: own[0] if len(own) == 1 else dict(zip(strategies.variables, own, strict=True))
        for name, strategies, own in zip(game.players, game.strategies, profile, strict=True)
    }
    if solution.concept is Concept.OPTIMUM:
        return {"value": sum(game.values(profile), Fraction(0)), "point": point}
    return {"payoffs": game.values(profile), "point": point}
