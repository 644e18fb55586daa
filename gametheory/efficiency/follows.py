"""Do the amounts of a study follow from its claims? Each is made again from the profiles that were judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gametheory.arithmetic import Number
from gametheory.certificates.stated import implied
from gametheory.concepts import coalitional_game
from gametheory.domain.community import Community
from gametheory.domain.prosumer import Prosumer
from gametheory.domain.tariff import Tariff
from gametheory.efficiency.comparison import Outcome, Sensitivity, Structure, Study
from gametheory.games.aggregative import DemandBiddingGame
from gametheory.games.pooled import PooledGame
from gametheory.games.pricing import PricingGame
from gametheory.games.trading import TradingStep
from gametheory.markets import bill_sharing, mid_market_rate, supply_demand_ratio
from gametheory.models.economy import trading_steps
from gametheory.result import Certificate

__all__ = ["claim_differences"]

_ZERO = Fraction(0)
_RULES: dict[str, Callable[..., Any]] = {
    "mid_market_rate": mid_market_rate,
    "supply_demand_ratio": supply_demand_ratio,
    "bill_sharing": bill_sharing,
}


@dataclass(frozen=True, slots=True)
class _Claims:
    """The claims about one economy: the study's own, or that of another value of an assumption."""

    study: Study
    label: str
    implied: dict[str, dict[str, Any]]

    def __contains__(self, name: str) -> bool:
        return f"{self.label}{name}" in self.study.checks

    def profile(self, name: str) -> Any:
        return self.study.checks[f"{self.label}{name}"].profile

    def game(self, name: str) -> Any:
        return self.study.checks[f"{self.label}{name}"].game

    def __getitem__(self, name: str) -> dict[str, Any]:
        """What follows from the profile of a claim, made once."""
        if name not in self.implied:
            self.implied[name] = implied(self.study.checks[f"{self.label}{name}"])
        return self.implied[name]

    @property
    def alone(self) -> tuple[Fraction, ...]:
        """What each member pays in net on its own."""
        return tuple(self[f"alone/{name}"]["value"] for name in self.study.names)


def claim_differences(study: Study, found: Mapping[str, Certificate]) -> Iterator[str]:
    """Yield a sentence for each game that is not the study's, and each amount that its claim does not make so.

    Parameters
    ----------
    study
        As read from a file.
    found
        The certificates made now, by the names of the claims: who would leave is read from their witnesses.
    """
    community = Community(
        prosumers=[Prosumer(*row) for row in zip(study.names, study.load, study.pv, strict=True)],
        tariff=Tariff.series(study.retail_price, feed_in=study.feed_in),
        step_hours=study.step_hours,
    )
    elasticity = dict(zip(study.names, study.elasticity, strict=True))
    claims = _Claims(study, "", {})
    yield from _games(claims, community, elasticity, study.sensitivity)
    for structure in study.structures:
        if structure.outcomes:
            yield from _structure(claims, structure, community)
        for outcome in structure.outcomes:
            yield from _leaving(claims, outcome, found)
    for varied in study.sensitivities:
        others = _Claims(study, f"{varied.assumption} x {varied.factor}/", {})
        scale = {name: varied.factor if varied.assumption == name else 1 for name in ("elasticity", "sensitivity")}
        own = {name: value * scale["elasticity"] for name, value in elasticity.items()}
        level = None if study.sensitivity is None else study.sensitivity * scale["sensitivity"]
        yield from _games(others, community, own, level)
        yield from _varied(others, varied)


def _games(
    claims: _Claims, community: Community, elasticity: Mapping[str, Fraction], sensitivity: Number
) -> Iterator[str]:
    """Every claim must be about the community of the study, with the preferences that it states."""
    names = claims.study.names
    steps = trading_steps(community, elasticity)
    expected: dict[str, Any] = {
        "optimum": PooledGame(names, steps),
        "coalition/costs": PooledGame(names, steps),
        "coalition/price_supported": PooledGame(names, steps),
        "operator/equilibrium": PricingGame(names, steps) if "operator/equilibrium" in claims else None,
    }
    if "sharing/equilibrium" in claims:
        expected["sharing/equilibrium"] = DemandBiddingGame(names, steps, sensitivity)
    for i, name in enumerate(names):
        own = tuple(TradingStep((s.traders[i],), s.buy_price, s.sell_price) for s in steps)
        expected[f"alone/{name}"] = PooledGame((name,), own)
    for name, game in expected.items():
        if name in claims and claims.game(name) != game:
            yield f"the claim {claims.label}{name!r} is about other numbers than the study's"


def _same(what: str, stated: Any, expected: Any) -> Iterator[str]:
    if stated != expected:
        yield f"{what} is not what its claim makes it"


def _structure(claims: _Claims, structure: Structure, community: Community) -> Iterator[str]:
    name = structure.name
    prices, energy = _MARKETS[name](claims)
    yield from _same(f"{name}: prices", dict(structure.prices), prices)
    yield from _same(f"{name}: grid_energy", structure.grid_energy, energy)
    yield from _totals(claims, structure)
    for outcome in structure.outcomes:
        costs, discomforts, transfer = _outcome(claims, name, outcome, community)
        label = name if outcome.name == name else f"{name}, {outcome.name}"
        yield from _same(f"{label}: net costs", outcome.net_costs, costs)
        yield from _same(f"{label}: discomforts", outcome.discomforts, discomforts)
        yield from _same(f"{label}: transfer", outcome.transfer, transfer)
        savings = tuple(own - cost for own, cost in zip(claims.alone, costs, strict=True))
        yield from _same(f"{label}: savings", outcome.savings, savings)
        yield from _settlement(claims, outcome.name, _settled(claims, outcome.name, community))


def _totals(claims: _Claims, structure: Structure) -> Iterator[str]:
    """What a structure costs, against the optimum and against paying alone."""
    name, cost = structure.name, structure.outcomes[0].social_cost
    optimum, alone = claims["optimum"]["value"], sum(claims.alone, _ZERO)
    for outcome in structure.outcomes:
        yield from _same(f"{name}: the total of {outcome.name}", outcome.social_cost, cost)
    yield from _same(f"{name}: social cost", structure.social_cost, cost)
    yield from _same(f"{name}: loss", structure.loss, cost - optimum)
    share = None if alone == optimum else (alone - cost) / (alone - optimum)
    yield from _same(f"{name}: share of gain", structure.share_of_gain, share)
    ratio = None if name == "operator" or optimum <= 0 else cost / optimum
    yield from _same(f"{name}: price of anarchy", structure.price_of_anarchy, ratio)


def _outcome(claims: _Claims, structure: str, outcome: Outcome, community: Community) -> tuple[Any, Any, Fraction]:
    """Net costs, discomforts and transfer of an outcome, from the claims."""
    names = claims.study.names
    if structure == "alone":
        return claims.alone, tuple(claims[f"alone/{member}"]["discomforts"][0] for member in names), _ZERO
    if structure in ("sharing", "operator"):
        made = claims[f"{structure}/equilibrium"]
        costs = tuple(b + d for b, d in zip(made["bills"], made["discomforts"], strict=True))
        return costs, made["discomforts"], made["value"] if structure == "operator" else _ZERO
    best = claims["optimum"]
    pains = best["discomforts"]
    if f"coalition/{outcome.name}" in claims:
        return tuple(claims.profile(f"coalition/{outcome.name}")), pains, _ZERO
    if outcome.name not in _RULES:
        return best["price_supported"], pains, _ZERO
    settled = _settled(claims, outcome.name, community)
    return tuple(b + d for b, d in zip(settled.bills, pains, strict=True)), pains, _ZERO


def _settled(claims: _Claims, name: str, community: Community) -> Any:
    """The settlement of the optimum's positions by a rule; None where the outcome is made by no rule."""
    if name not in _RULES:
        return None
    positions = _added(community.exact_net_load, claims["optimum"]["adjustments"], sign=-1)
    return _RULES[name](
        positions,
        retail_price=community.exact_retail_price,
        feed_in=community.exact_feed_in,
        members=claims.study.names,
    )


def _settlement(claims: _Claims, name: str, settled: Any = None) -> Iterator[str]:
    """The settlement that was judged must be that of the outcome: made again by its rule, or from the equilibrium."""
    key = f"{name}/settlement"
    if key not in claims:
        return
    game, label = claims.game(key), f"{claims.label}{key}"
    yield from _same(f"{label}: bills", tuple(claims.profile(key)), tuple(game.bills))
    if settled is not None:
        yield from _same(label, game, settled)
        return
    made = claims[f"{name}/equilibrium"]
    if name == "sharing":
        prices = sell = made["prices"]
        energy = _added(made["received"], made["grid_energy"])
    else:
        prices, sell = made["leader"]["buy_prices"], made["leader"]["sell_prices"]
        positions = tuple(tuple(s.traders[i].position for s in claims.game("optimum").steps) for i in _places(claims))
        energy = _added(positions, claims.profile(f"{name}/equilibrium")["adjustments"], sign=-1)
    yield from _same(f"{label}: members", tuple(game.members), claims.study.names)
    yield from _same(f"{label}: bills", tuple(game.bills), made["bills"])
    yield from _same(f"{label}: prices", tuple(game.prices), prices)
    yield from _same(f"{label}: sell_prices", tuple(game.sell_prices), sell)
    yield from _same(f"{label}: energy", tuple(game.energy), energy)


def _places(claims: _Claims) -> range:
    return range(len(claims.study.names))


def _added(first: Any, second: Any, sign: int = 1) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(
        tuple(a + sign * b for a, b in zip(one, other, strict=True)) for one, other in zip(first, second, strict=True)
    )


def _alone_market(claims: _Claims) -> tuple[dict[str, Any], Any]:
    study = claims.study
    energy = tuple(sum(column, _ZERO) for column in zip(*study.net_load, strict=True))
    return {"buy_price": study.retail_price, "sell_price": study.feed_in}, energy


def _sharing_market(claims: _Claims) -> tuple[dict[str, Any], Any]:
    made = claims["sharing/equilibrium"]
    energy = tuple(sum(column, _ZERO) for column in zip(*made["grid_energy"], strict=True))
    return {"price": made["prices"]}, energy


def _operator_market(claims: _Claims) -> tuple[dict[str, Any], Any]:
    made = claims["operator/equilibrium"]
    leader = made["leader"]
    return {"buy_price": leader["buy_prices"], "sell_price": leader["sell_prices"]}, made["grid_energy"]


def _pooled_market(claims: _Claims) -> tuple[dict[str, Any], Any]:
    best = claims["optimum"]
    return {"price": best["prices"]}, best["grid_energy"]


_MARKETS: dict[str, Callable[[_Claims], tuple[dict[str, Any], Any]]] = {
    "alone": _alone_market,
    "sharing": _sharing_market,
    "operator": _operator_market,
    "coalition": _pooled_market,
    "optimum": _pooled_market,
}


def _leaving(claims: _Claims, outcome: Outcome, found: Mapping[str, Certificate]) -> Iterator[str]:
    """Who would leave, against the certificate made now, of a game made from the costs of all coalitions."""
    key = f"leaving/{outcome.name}"
    if key not in claims:
        gains = tuple(cost - own for cost, own in zip(outcome.net_costs, claims.alone, strict=True))
        alone = tuple(((name,), gain) for name, gain in zip(claims.study.names, gains, strict=True))
        yield from _same(f"{outcome.name}: singles", tuple((b.coalition, b.gain) for b in outcome.singles), alone)
        total = sum(outcome.net_costs, _ZERO) - claims["optimum"]["value"]
        yield from _grand(claims, outcome, total)
        return
    table = claims.study.checks["coalition/costs"]
    yield from _same(f"{key}: game", claims.game(key), coalitional_game(table))
    yield from _same(f"{key}: split", tuple(claims.profile(key)), outcome.net_costs)
    seen = found[key].witness if key in found else {}
    for name in ("singles", "coalitions"):
        stated = outcome.singles if name == "singles" else outcome.blocking
        rows = tuple((_names(who), gain) for who, gain in seen.get(name, ()))
        yield from _same(f"{outcome.name}: {name}", tuple((b.coalition, b.gain) for b in stated), rows)
    yield from _grand(claims, outcome, seen.get("grand"))


def _grand(claims: _Claims, outcome: Outcome, gain: Any) -> Iterator[str]:
    stated = None if outcome.grand is None else (outcome.grand.coalition, outcome.grand.gain)
    yield from _same(f"{outcome.name}: all together", stated, (claims.study.names, gain))


def _names(who: Any) -> tuple[str, ...]:
    return (who,) if isinstance(who, str) else tuple(who)


def _varied(claims: _Claims, varied: Sensitivity) -> Iterator[str]:
    """The totals under another value of an assumption."""
    made: dict[str, Fraction] = {"alone": sum(claims.alone, _ZERO), "optimum": claims["optimum"]["value"]}
    for name in ("sharing", "operator"):
        yield from _settlement(claims, name)
    if "sharing/equilibrium" in claims:
        made["sharing"] = sum(claims["sharing/equilibrium"]["payoffs"], _ZERO)
    if "operator/equilibrium" in claims:
        operator = claims["operator/equilibrium"]
        made["operator"] = sum(operator["costs"], _ZERO) - operator["value"]
    gain = made["alone"] - made["optimum"]
    shares = {name: None if gain == 0 else (made["alone"] - cost) / gain for name, cost in made.items()}
    label = f"{varied.assumption} x {varied.factor}"
    yield from _same(f"{label}: social costs", dict(varied.social_costs), made)
    yield from _same(f"{label}: shares of gain", dict(varied.shares_of_gain), shares)
