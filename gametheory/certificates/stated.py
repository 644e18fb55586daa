"""What a solution states beside its profile: prices, energies and money that follow from it by the game's formulas.

A certificate judges the profile. What a solution says besides (a price, a bill) is made again here, from the game and
the profile alone and without the models, so that a figure changed in a file is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import exact, rational
from gametheory.certificates.linear import member_shares
from gametheory.result import Allocation, Concept, CoreCheck, LeaderFollower, Solution

__all__ = ["disagreements", "implied"]


def implied(solution: Solution) -> dict[str, Any]:
    """Return the quantities that follow from the profile, by the name that the solution gives them.

    Empty where the game form has no such quantities.
    """
    if isinstance(solution, Allocation) and solution.exact is not None:
        return {"exact": tuple(solution.profile), "players": tuple(solution.game.players)}
    if isinstance(solution, CoreCheck):
        return _core_check(solution)
    found = _FORMS.get((type(solution.game).__name__, solution.concept))
    return {} if found is None else found(solution.game, solution.profile)


def disagreements(solution: Solution) -> tuple[str, ...]:
    """Return the names of the quantities that the solution states and its profile does not make so."""
    details: Mapping[str, Any] = getattr(solution, "details", {})
    wrong = []
    for name, value in implied(solution).items():
        stated = details[name] if name in details else getattr(solution, name, None)
        if stated is not None and stated != () and stated != {} and not _same(stated, value):
            wrong.append(name)
    greatest = solution.certificate.witness.get("greatest_profit")
    if isinstance(solution, LeaderFollower) and greatest is not None and solution.bound != greatest:
        wrong.append("bound")
    return tuple(wrong)


def _same(stated: Any, value: Any) -> bool:
    if isinstance(value, Mapping):
        return isinstance(stated, Mapping) and dict(stated) == dict(value)
    return bool(stated == value)


def _core_check(solution: CoreCheck) -> dict[str, Any]:
    """Gains are those of the judged witness; savings against paying alone are their negatives."""
    seen = solution.certificate.witness
    made = {name: seen[name] for name in ("singles", "grand", "optimum")}
    made["blocking"] = seen["coalitions"]
    made["subsidies"] = tuple(solution.profile["subsidies"])
    made["stable"] = bool(solution.certificate.bound <= 0)
    if solution.baseline == "alone":
        made["savings"] = tuple(-gain for _, gain in seen["singles"])
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


def _linear_optimum(game: Any, profile: Any) -> dict[str, Any]:
    """Cost of the point, and the share that the multipliers give each player."""
    shares, _ = member_shares(game, profile["prices"], profile["own_prices"])
    value = sum((c * x for c, x in zip(game.costs, profile["common"], strict=True)), Fraction(0))
    for member, own in zip(game.members, profile["activities"], strict=True):
        value += sum((c * x for c, x in zip(member.costs, own, strict=True)), Fraction(0))
    return {
        "value": value,
        "prices": tuple(profile["prices"]),
        "common": tuple(profile["common"]),
        "shares": tuple(map(exact, shares)),
        "point": dict(zip(game.players, profile["activities"], strict=True)),
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


def _finite(game: Any, profile: Any) -> dict[str, Any]:
    from gametheory.games.mixed_profile import read_profile

    mixed, _ = read_profile(game, profile)
    return {"payoffs": game.expected_payoffs(mixed)}


_FORMS: dict[tuple[str, Concept], Callable[[Any, Any], dict[str, Any]]] = {
    ("DemandBiddingGame", Concept.NASH): _demand_bidding,
    ("LinearGame", Concept.OPTIMUM): _linear_optimum,
    ("PooledGame", Concept.OPTIMUM): _pooled_optimum,
    ("PricingGame", Concept.STACKELBERG): _operator,
    ("NormalFormGame", Concept.NASH): _finite,
}
