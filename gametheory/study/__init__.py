"""The main job: one community, the same hours, five structures, every number with the claim it follows from.

A structure a file. :mod:`gametheory.study.economy` is what they share; :mod:`gametheory.efficiency.comparison` is what
comes out.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gametheory._version import __version__
from gametheory.arithmetic import Number, exact
from gametheory.domain.community import Community
from gametheory.domain.suggestions import did_you_mean
from gametheory.efficiency.comparison import Sensitivity, Structure, Study
from gametheory.errors import InputError, NotApplicable
from gametheory.models.economy import DEFAULT_ELASTICITY, aggregate_sensitivity, elasticities
from gametheory.result import Status
from gametheory.study.alone import play_alone
from gametheory.study.coalition import play_coalition, tabulated
from gametheory.study.economy import Amounts, Economy, Progress, total
from gametheory.study.leaving import would_leave
from gametheory.study.operator import play_operator
from gametheory.study.optimum import play_optimum, solve_optimum
from gametheory.study.sharing import play_sharing

__all__ = ["STRUCTURES", "Study", "study"]

#: In the order in which they are shown.
STRUCTURES = ("alone", "sharing", "operator", "coalition", "optimum")

#: Assumption -> the factors it is multiplied by to see how much the totals depend on it.
_FACTORS = {
    "elasticity": (Fraction(1, 2), Fraction(2)),
    "sensitivity": (Fraction(1, 10), Fraction(10)),
}


def study(
    community: Community,
    *,
    structures: Iterable[str] | None = None,
    elasticity: Number | Mapping[str, Number] | None = None,
    sensitivity: Number | None = None,
    sensitivities: bool = True,
    progress: Progress | None = None,
) -> Study:
    """Play the same hours of a community under several sets of rules and compare what everybody pays.

    Parameters
    ----------
    community
        Members, tariff and hours.
    structures
        Names out of ``alone, sharing, operator, coalition, optimum``; all of them, or those the community's file names.
    elasticity
        Of demand, a number or name -> number; default 0.1. An assumption.
    sensitivity
        Of the sharing market (kWh per price unit, a step); default total mean load over mean retail price. An
        assumption.
    sensitivities
        Whether to repeat the totals with elasticity x 1/2 and x 2, and sensitivity x 1/10 and x 10.
    progress
        Called with a sentence and the share that is done.

    Raises
    ------
    InputError
        An unknown structure, a negative elasticity, a sensitivity that is not above 0.

    Notes
    -----
    fidelity: derived (the economy of the study is the package's own, so that the structures can be compared).

    Examples
    --------
    >>> from gametheory.domain import Community
    >>> day = study(Community.sample().select(slice(8, 14)), structures=["alone", "sharing", "optimum"])
    >>> day["optimum"].social_cost <= day["sharing"].social_cost <= day["alone"].social_cost
    True
    """
    start = time.perf_counter()
    wanted = _wanted(structures, community)
    economy, assumed = _economy(community, elasticity, sensitivity)
    tell = progress or (lambda what, share: None)
    parts = len(wanted) + (len(_FACTORS) if sensitivities else 0)
    done: list[Structure] = []

    def report(what: str, finished: int) -> None:
        tell(what, finished / parts)

    report("alone and optimum", 0)
    alone, baseline = play_alone(economy)
    best = solve_optimum(economy)
    report("every coalition", 0)
    game = tabulated(economy)
    for k, name in enumerate(wanted):
        report(name, k)
        done.append(_play(name, economy, alone, baseline, best, game))
    structures_done = would_leave(economy, done, game, baseline, best)
    compared = tuple(_compared(s, total(baseline), best.value) for s in structures_done)
    others = _sensitivities(economy, wanted, report, len(wanted)) if sensitivities else ()
    report("done", parts)
    return Study(
        names=community.names,
        steps=community.steps,
        step_hours=community.step_hours,
        time=community.time,
        currency=community.currency,
        source=community.source,
        input_hash=community.input_hash,
        assumptions={**community.assumptions, **assumed},
        load=community.exact_load,
        pv=community.exact_pv,
        retail_price=community.exact_retail_price,
        feed_in=community.exact_feed_in,
        elasticity=tuple(economy.elasticity.values()),
        sensitivity=economy.sensitivity,
        structures=compared,
        sensitivities=others,
        checks=economy.checks,
        provenance={"gametheory": __version__, "wall_time": time.perf_counter() - start},
    )


def _wanted(structures: Iterable[str] | None, community: Community) -> tuple[str, ...]:
    given = community.study_options.get("structures", STRUCTURES) if structures is None else structures
    names = (given,) if isinstance(given, str) else tuple(given)
    problems = [
        f"structure {name!r} is unknown{did_you_mean(name, STRUCTURES)}" for name in names if name not in STRUCTURES
    ]
    if not names:
        problems.append(f"no structure is named; give some of {', '.join(STRUCTURES)}")
    InputError.raise_all(problems)
    return tuple(name for name in STRUCTURES if name in names)


def _economy(community: Community, elasticity: Any, sensitivity: Any) -> tuple[Economy, dict[str, str]]:
    """Return the economy, and a sentence for each preference that was assumed."""
    options = community.study_options
    given = options.get("elasticity", DEFAULT_ELASTICITY) if elasticity is None else elasticity
    values = elasticities(community, given)
    chosen = options.get("sensitivity") if sensitivity is None else sensitivity
    same = len(set(values)) == 1
    assumed = {
        "elasticity": f"the elasticity of demand {f'{float(values[0]):g}' if same else 'of each member'} is assumed, "
        "not measured; preferences are calibrated so that what was measured is optimal at grid prices",
        "batteries": "batteries stay idle in every structure",
    }
    level: Fraction | None = None
    if chosen is not None:
        level = exact(chosen, what="sensitivity")
        if level <= 0:
            raise InputError(f"sensitivity {chosen} is not above 0; give kWh per price unit, a step")
    else:
        try:
            level = aggregate_sensitivity(community)
        except InputError:
            level = None
    if level is not None:
        assumed["sensitivity"] = (
            f"the price sensitivity of the sharing market, {float(level):.4g} kWh per price unit and step, is assumed"
        )
    return Economy(
        community=community, elasticity=dict(zip(community.names, values, strict=True)), sensitivity=level
    ), assumed


def _play(name: str, economy: Economy, alone: Structure, baseline: Amounts, best: Any, game: Any = None) -> Structure:
    if name == "alone":
        return alone
    try:
        if name == "sharing":
            return play_sharing(economy, baseline)
        if name == "operator":
            return play_operator(economy, baseline)
        if name == "coalition":
            return play_coalition(economy, game, best, baseline)
        return play_optimum(best, baseline)
    except NotApplicable as error:
        return Structure(name=name, status=Status.NOT_APPLICABLE, reason=str(error))


def _compared(structure: Structure, alone: Fraction, optimum: Fraction) -> Structure:
    """Return the structure with what it costs against the optimum."""
    if not structure.outcomes:
        return structure
    cost = structure.outcomes[0].social_cost
    ratio, why = None, ""
    if structure.name == "operator":
        why = "an operator leads here, so the ratio is no price of anarchy; the loss is the operator's efficiency loss"
    elif optimum <= 0:
        why = f"the optimum is {float(optimum):.4g}, which is not positive: a ratio of costs says nothing"
    else:
        ratio = cost / optimum
    return replace(
        structure,
        social_cost=cost,
        loss=cost - optimum,
        share_of_gain=_share(alone, cost, optimum),
        price_of_anarchy=ratio,
        price_of_anarchy_reason=why,
    )


def _share(alone: Fraction, cost: Fraction, optimum: Fraction) -> Fraction | None:
    """Return ``(alone - cost) / (alone - optimum)``, None where nothing can be gained."""
    return None if alone == optimum else (alone - cost) / (alone - optimum)


def _sensitivities(economy: Economy, wanted: tuple[str, ...], report: Any, start: int) -> tuple[Sensitivity, ...]:
    found = []
    for k, (assumption, factors) in enumerate(_FACTORS.items()):
        report(f"other values of {assumption}", start + k)
        for factor in factors:
            label = f"{assumption} x {factor}/"
            if assumption == "elasticity":
                other = replace(
                    economy, label=label, elasticity={name: e * factor for name, e in economy.elasticity.items()}
                )
                play = [name for name in ("sharing", "operator") if name in wanted]
            elif economy.sensitivity is not None and "sharing" in wanted:
                other = replace(economy, label=label, sensitivity=economy.sensitivity * factor)
                play = ["sharing"]
            else:
                continue
            found.append(_totals(other, assumption, factor, play))
    return tuple(found)


def _totals(economy: Economy, assumption: str, factor: Fraction, play: Iterable[str]) -> Sensitivity:
    alone, baseline = play_alone(economy)
    best = solve_optimum(economy)
    costs = {"alone": total(baseline), "optimum": best.value}
    checks = {"alone": f"{economy.label}alone/*", "optimum": f"{economy.label}optimum"}
    for name in play:
        structure = _play(name, economy, alone, baseline, best)
        if structure.outcomes:
            costs[name] = structure.outcomes[0].social_cost
            checks[name] = structure.checks["social_cost"]
    return Sensitivity(
        assumption=assumption,
        factor=factor,
        social_costs=costs,
        shares_of_gain={name: _share(costs["alone"], cost, costs["optimum"]) for name, cost in costs.items()},
        checks=checks,
    )
