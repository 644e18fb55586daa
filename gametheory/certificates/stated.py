"""What a solution states beside its profile: prices, energies and money that follow from it by the game's formulas.

A certificate judges the profile. What a solution says besides (a price, a bill) is made again here, from the game and
the profile alone and without the models, so that a figure changed in a file is found.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, rational
from gametheory.result import Certificate, Concept, CoreCheck, Solution, Status, Strength

__all__ = ["disagreements", "implied"]


def implied(solution: Solution, found: Certificate | None = None) -> dict[str, Any]:
    """Return the quantities that follow from the profile, by the name that the solution gives them.

    Parameters
    ----------
    found
        The certificate made now; left out, the solution's own is read.
    """
    verdict = solution.certificate if found is None else found
    if isinstance(solution, CoreCheck):
        return _core_check(solution, verdict)
    form = type(solution.game).__name__
    made = _FORMS.get((form, solution.concept))
    if made is not None:
        return made(solution.game, solution.profile)
    place = _ELSEWHERE.get(form)
    if place is None:
        return {}
    module, function = place.split(":")
    return getattr(importlib.import_module(module), function)(solution, verdict)  # type: ignore[no-any-return]


#: Form -> where what follows from its other claims is made: ``f(solution, certificate made now)``.
_ELSEWHERE = {
    "AffineGame": "gametheory.certificates.affine:stated",
    "AuctionGame": "gametheory.certificates.auction:stated",
    "CoalitionalGame": "gametheory.certificates.stated_games:allocation",
    "CongestedPricingGame": "gametheory.certificates.stated_prices:congested_prices",
    "GeneralisedGame": "gametheory.certificates.generalised:stated",
    "LinearGame": "gametheory.certificates.stated_games:linear",
    "LoanPricingGame": "gametheory.certificates.loan_pricing:stated",
    "LogPricingGame": "gametheory.certificates.stated_prices:log_prices",
    "MultiLeaderGame": "gametheory.certificates.multi_leader:stated",
    "NormalFormGame": "gametheory.certificates.stated_games:finite",
    "AggregativeGame": "gametheory.certificates.smooth:stated",
    "PopulationGame": "gametheory.certificates.smooth:stated",
    "PriceCompetition": "gametheory.certificates.price_competition:stated",
    "SmoothGame": "gametheory.certificates.smooth:stated",
    "SmoothGeneralisedGame": "gametheory.certificates.smooth:stated",
    "PooledGame": "gametheory.certificates.stated_games:allocation",
    "PooledLoads": "gametheory.certificates.stated_games:allocation",
    "QuadraticGame": "gametheory.certificates.stated_games:quadratic",
    "SplittableGame": "gametheory.certificates.stated_splits:stated",
    "StackelbergGame": "gametheory.certificates.bilevel:stated",
}


def disagreements(solution: Solution, found: Certificate | None = None) -> tuple[str, ...]:
    """Return the names of the quantities that the solution states and its profile does not make so."""
    verdict = solution.certificate if found is None else found
    details: Mapping[str, Any] = getattr(solution, "details", {})
    wrong = []
    for name, value in implied(solution, verdict).items():
        stated = details[name] if name in details else getattr(solution, name, None)
        if (stated is not None and stated != () and stated != {} and not _same(stated, value)) or (
            stated is None and value is False
        ):
            wrong.append(name)
    wrong += _leaders(solution, verdict, details)
    unique = getattr(solution, "unique", "unknown")
    if unique != "unknown" and not _decided(solution, unique):
        wrong.append("unique")
    if solution.status in (Status.NO_EQUILIBRIUM_FOUND, Status.NOT_APPLICABLE) and verdict.strength != Strength.REFUTED:
        wrong.append("status")
    if exact(solution.epsilon) != exact(verdict.epsilon):
        wrong.append("epsilon")
    return tuple(wrong)


def _leaders(solution: Solution, verdict: Certificate, details: Mapping[str, Any]) -> list[str]:
    """What a leader states: nothing it could do is worth more than the bound, and who wins ties is one of two words."""
    if solution.concept is not Concept.STACKELBERG:
        return []
    wrong = []
    bound, value = getattr(solution, "bound", None), getattr(solution, "value", None)
    regret = verdict.witness.get("leader_regret")
    if type(solution.game).__name__ == "StackelbergGame" and solution.game.sense == "cost" and regret is not None:
        regret = -regret  # costs are bounded from below
    if bound is not None and value is not None and regret is not None and bound != value + regret:
        wrong.append("bound")
    if details.get("tie_breaking", "optimistic") not in ("optimistic", "pessimistic"):
        wrong.append("tie_breaking")
    profile = solution.profile if isinstance(solution.profile, Mapping) else {}
    if bool(getattr(solution, "attained", True)) != bool(profile.get("attained", True)):
        wrong.append("attained")
    return wrong


def _decided(solution: Solution, unique: str) -> bool:
    """Whether uniqueness is as it is stated, by the checkers' own test; where there is none, nothing may be stated."""
    form = type(solution.game).__name__
    if form == "QuadraticGame":
        from gametheory.certificates.quadratic import uniqueness

        return uniqueness(solution.game)[0] == unique
    if form in ("AggregativeGame", "SmoothGame"):
        from gametheory.certificates.smooth import uniqueness as of_smooth

        return of_smooth(solution.game)[0] == unique
    if form == "PopulationGame":
        from gametheory.certificates.population import uniqueness as of_population

        return of_population(solution.game)[0] == unique
    if form == "SmoothGeneralisedGame":
        from gametheory.certificates.smooth_generalised import uniqueness as of_shared

        return of_shared(solution.game, solution.witness.get("weights"))[0] == unique
    if form == "GeneralisedGame":
        from gametheory.certificates.generalised import uniqueness as of_weighted

        return of_weighted(solution.game, solution.witness.get("weights"))[0] == unique
    if form == "AffineGame":
        from gametheory.certificates.affine import uniqueness as of_arrays

        return (
            solution.concept is Concept.VARIATIONAL
            and of_arrays(solution.game, solution.witness.get("weights"))[0] == unique
        )
    if form == "SplittableGame":
        return unique == "proved"  # slopes > 0 are part of the form: the potential is strictly convex
    if form == "AuctionGame":
        from gametheory.certificates.auction import two_equilibria

        return unique == "disproved" and two_equilibria(solution.game, solution.profile)
    if form == "DemandBiddingGame":
        from gametheory.certificates.unique_bids import one_equilibrium

        return one_equilibrium(solution.game, solution.profile) == (unique == "proved") and unique in _UNIQUE
    return False


_UNIQUE = ("proved", "disproved")


def _same(stated: Any, value: Any) -> bool:
    """Whether two values agree, whatever kinds of mappings and sequences hold them."""
    if isinstance(value, Mapping):
        return (
            isinstance(stated, Mapping)
            and set(stated) == set(value)
            and all(_same(stated[key], value[key]) for key in value)
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (
            isinstance(stated, Sequence)
            and not isinstance(stated, str)
            and len(stated) == len(value)
            and all(map(_same, stated, value))
        )
    if isinstance(value, bool) or isinstance(stated, bool):
        return stated is value
    return bool(stated == value)


def _core_check(solution: CoreCheck, found: Certificate) -> dict[str, Any]:
    """Gains are those of the judged witness; savings against paying alone are their negatives."""
    seen = found.witness
    made = {name: seen[name] for name in ("singles", "grand", "optimum")}
    made["blocking"] = seen["coalitions"]
    made["subsidies"] = tuple(solution.profile["subsidies"])
    made["stable"] = bool(found.bound <= 0)
    reference = solution.profile.get("reference")
    if reference is None:
        made["baseline"] = "alone"
        made["savings"] = tuple(-gain for _, gain in seen["singles"])
    else:
        made["baseline"] = "reference bills"
        made["savings"] = tuple(exact(x) - exact(b) for x, b in zip(reference, solution.profile["bills"], strict=True))
    return made


def _demand_bidding(game: Any, profile: Any) -> dict[str, Any]:
    """A.1: ``lam = sum(b) / (I a)``, ``q = b - a lam``, ``m = D - p - q``, bill ``G(m) + lam q``."""
    size, steps = len(game.players), range(len(game.steps))
    bids, adjustments = profile["bids"], profile["adjustments"]
    a = rational(game.sensitivity)
    prices = [sum((rational(bids[i][t]) for i in range(size)), rational(0)) / (size * a) for t in steps]
    taken, rest, bills, pains = [], [], [], []
    for i in range(size):
        own_taken, own_rest = [], []
        bill = pain = rational(0)
        for t, step in enumerate(game.steps):
            trader, p = step.traders[i], rational(adjustments[i][t])
            q = rational(bids[i][t]) - a * prices[t]
            m = rational(trader.position) - p - q
            own_taken.append(exact(q))
            own_rest.append(exact(m))
            bill += prices[t] * q
            if not step.islanded:
                bill += _outside(m, rational(step.buy_price), rational(step.sell_price))
            pain += _discomfort(p, rational(trader.curvature), rational(trader.slope))
        taken.append(tuple(own_taken))
        rest.append(tuple(own_rest))
        bills.append(exact(bill))
        pains.append(exact(pain))
    return {
        "kappa": game.kappa,
        "prices": tuple(map(exact, prices)),
        "received": tuple(taken),
        "adjustments": tuple(adjustments),
        "grid_energy": tuple(rest),
        "bills": tuple(bills),
        "discomforts": tuple(pains),
        "payoffs": tuple(b + d for b, d in zip(bills, pains, strict=True)),
        "point": dict(zip(game.players, bids, strict=True)),
    }


def _pooled_optimum(game: Any, profile: Any) -> dict[str, Any]:
    """Cost, discomfort and the split ``sum_t f(p) + lam (D - p)`` that the prices support."""
    adjustments, prices = profile["adjustments"], profile["prices"]
    pains = [Fraction(0)] * len(game.players)
    shares = [Fraction(0)] * len(game.players)
    energy = []
    value = Fraction(0)
    for t, step in enumerate(game.steps):
        position = Fraction(0)
        for i, trader in enumerate(step.traders):
            p = exact(adjustments[i][t])
            pain = _discomfort(p, trader.curvature, trader.slope)
            pains[i] += pain
            shares[i] += pain + exact(prices[t]) * (trader.position - p)
            position += trader.position - p
            value += pain
        value += _outside(position, step.buy_price, step.sell_price)
        energy.append(position)
    return {
        "value": value,
        "prices": tuple(prices),
        "adjustments": tuple(adjustments),
        "grid_energy": tuple(energy),
        "discomforts": tuple(pains),
        "price_supported": tuple(shares),
        "point": dict(zip(game.players, adjustments, strict=True)),
    }


def _operator(game: Any, profile: Any) -> dict[str, Any]:
    """Energies and money at posted prices; the operator settles the rest outside and keeps the difference."""
    size = len(game.players)
    bills, pains = [Fraction(0)] * size, [Fraction(0)] * size
    rows: dict[str, list[Any]] = {name: [] for name in ("bought", "sold", "grid_energy", "profits", "regimes")}
    for t, step in enumerate(game.steps):
        buy, sell = exact(profile["buy_prices"][t]), exact(profile["sell_prices"][t])
        needs = [trader.position - exact(profile["adjustments"][i][t]) for i, trader in enumerate(step.traders)]
        for i, (trader, need) in enumerate(zip(step.traders, needs, strict=True)):
            bills[i] += need * (buy if need > 0 else sell)
            pains[i] += _discomfort(trader.position - need, trader.curvature, trader.slope)
        bought = sum((need for need in needs if need > 0), Fraction(0))
        sold = -sum((need for need in needs if need < 0), Fraction(0))
        rest = bought - sold
        rows["bought"].append(bought)
        rows["sold"].append(sold)
        rows["grid_energy"].append(rest)
        rows["profits"].append(buy * bought - sell * sold - _outside(rest, step.buy_price, step.sell_price))
        rows["regimes"].append(("balanced" if bought else "no trade") if rest == 0 else _REGIMES[rest > 0])
    return {
        **{name: tuple(row) for name, row in rows.items()},
        "bills": tuple(bills),
        "discomforts": tuple(pains),
        "costs": tuple(b + d for b, d in zip(bills, pains, strict=True)),
        "value": sum(rows["profits"], Fraction(0)),
        "leader": {name: tuple(profile[name]) for name in ("buy_prices", "sell_prices")},
        "follower": {"adjustments": profile["adjustments"]},
    }


_REGIMES = {True: "deficit", False: "surplus"}


def _discomfort(p: Any, curvature: Any, slope: Any) -> Any:
    """``c p^2/2 + d p``."""
    return p * (curvature * p / 2 + slope)


def _outside(m: Any, buy: Any, sell: Any) -> Any:
    """What a net import `m` costs outside; ``m < 0`` is sold."""
    return m * (buy if m > 0 else sell)


_FORMS: dict[tuple[str, Concept], Callable[[Any, Any], dict[str, Any]]] = {
    ("DemandBiddingGame", Concept.NASH): _demand_bidding,
    ("PooledGame", Concept.OPTIMUM): _pooled_optimum,
    ("PricingGame", Concept.STACKELBERG): _operator,
}
