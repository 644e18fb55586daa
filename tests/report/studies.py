"""Studies made by hand, so that reports are tested on every branch without solving anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from gametheory.certificates import certify
from gametheory.domain.community import Community
from gametheory.efficiency.comparison import Blocking, Outcome, Sensitivity, Structure, Study
from gametheory.games.normal_form import NormalFormGame
from gametheory.result import Certificate, Concept, Solution, Status

F = Fraction
ZERO = Fraction(0)
SPLITS = ("shapley_value", "nucleolus", "price_supported", "mid_market_rate", "supply_demand_ratio", "bill_sharing")


def claim(kind: str = "exact") -> Solution:
    """A claim about the prisoners' dilemma: true, or (``"refuted"``) false."""
    game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]], players=("row", "column"))
    profile = (0, 0) if kind == "refuted" else ((F(0), F(1)), (F(0), F(1)))
    certificate = certify(game, profile, concept=Concept.NASH)
    if kind == "bounded":
        certificate = Certificate(strength="bounded", claim="the gap is small", bound=F(1, 10**7))
    return Solution(game=game, concept=Concept.NASH, profile=profile, method="ByHand", certificate=certificate)


def small_study(names: Sequence[str] = ("ann", "bob"), **changes: object) -> Study:
    """Two members, one step, nothing to gain: a structure, a split and a ratio that are not applicable."""
    alone = Outcome(name="alone", bills=(F(1), F(-1)), discomforts=(F(0), F(0)), savings=(F(0), F(0)))
    split = Outcome(
        name="shapley_value",
        bills=(F(1), F(-1)),
        discomforts=(F(0), F(0)),
        savings=(F(0), F(0)),
        singles=tuple(Blocking(coalition=(name,), gain=F(0)) for name in names),
        blocking=tuple(Blocking(coalition=(name,), gain=F(0)) for name in names),
        grand=Blocking(coalition=tuple(names), gain=F(0)),
        checks={"bills": "shapley_value"},
    )
    reason = "the optimum is not positive (0 USD)"
    fields: dict[str, object] = {
        "names": tuple(names),
        "steps": 1,
        "step_hours": F(1),
        "time": None,
        "currency": "USD",
        "source": "two members by hand",
        "input_hash": "0" * 64,
        "assumptions": {"elasticity": "0.1 for everybody"},
        "load": ((F(4),), (F(1),)),
        "pv": ((F(0),), (F(11),)),
        "retail_price": (F(1, 4),),
        "feed_in": (F(1, 10),),
        "elasticity": (F(1, 10), F(1, 10)),
        "sensitivity": F(20),
        "structures": (
            Structure(
                name="alone",
                outcomes=(alone,),
                grid_energy=(F(-6),),
                social_cost=F(0),
                loss=F(0),
                price_of_anarchy_reason=reason,
            ),
            Structure(name="operator", status=Status.NOT_APPLICABLE, reason="step 0: the feed-in price is negative"),
            Structure(
                name="coalition",
                outcomes=(split,),
                skipped={"mid_market_rate": "step 0: feed-in 0 or less"},
                grid_energy=(F(-6),),
                social_cost=F(0),
                loss=F(0),
                price_of_anarchy_reason=reason,
            ),
        ),
        "checks": {"shapley_value": claim()},
        "provenance": {"gametheory": "0"},
    }
    fields.update(changes)
    return Study(**fields)  # type: ignore[arg-type]  # names and types are those above


def sample_study(**changes: object) -> Study:
    """The embedded sample with made-up but consistent costs: every structure, six splits, blocking coalitions."""
    park = Community.sample()
    alone = tuple(
        sum(
            (max(r * m, f * m) for r, f, m in zip(park.exact_retail_price, park.exact_feed_in, row, strict=True)),
            F(0),
        )
        for row in park.exact_net_load
    )
    total = sum(alone, F(0))
    grid = tuple(sum(column, F(0)) for column in zip(*park.exact_net_load, strict=True))
    optimum = total - 6

    def structure(name: str, bills: Sequence[Sequence[F]], labels: Sequence[str], transfer: F = ZERO) -> Structure:
        outcomes = tuple(
            _outcome(label, park.names, alone, paid, transfer) for label, paid in zip(labels, bills, strict=True)
        )
        cost = sum(outcomes[0].net_costs, F(0)) - transfer
        prices: Mapping[str, tuple[F, ...]] = {}
        middle = tuple((r + f) / 2 for r, f in zip(park.exact_retail_price, park.exact_feed_in, strict=True))
        if name == "operator":
            prices = {"buy_price": park.exact_retail_price, "sell_price": middle}
        elif name != "alone":
            prices = {"price": middle}
        return Structure(
            name=name,
            outcomes=outcomes,
            prices=prices,
            grid_energy=grid,
            social_cost=cost,
            loss=cost - optimum,
            share_of_gain=(total - cost) / 6,
            price_of_anarchy=cost / optimum,
            notes=("batteries are idle",) if name == "alone" else (),
            checks={"social_cost": name},
        )

    def less(gain: F) -> tuple[F, ...]:
        return tuple(cost - gain / len(park) for cost in alone)

    structures = (
        structure("alone", [alone], ["alone"]),
        structure("sharing", [less(F(59999, 10000))], ["sharing"]),
        structure("operator", [less(F(3, 100))], ["operator"], F(557, 100)),
        structure("coalition", [less(F(6))] * len(SPLITS), SPLITS),
        structure("optimum", [less(F(6))], ["optimum"]),
    )
    fields: dict[str, object] = {
        "names": park.names,
        "steps": park.steps,
        "step_hours": park.step_hours,
        "time": park.time,
        "currency": park.currency,
        "source": park.source,
        "input_hash": park.input_hash,
        "assumptions": {**park.assumptions, "elasticity": "0.1 for everybody", "batteries": "idle"},
        "load": park.exact_load,
        "pv": park.exact_pv,
        "retail_price": park.exact_retail_price,
        "feed_in": park.exact_feed_in,
        "elasticity": (F(1, 10),) * len(park),
        "sensitivity": F(40),
        "structures": structures,
        "sensitivities": tuple(
            Sensitivity(
                assumption=name,
                factor=factor,
                social_costs={"sharing": total - 5 * factor, "optimum": total - 6 * factor},
                shares_of_gain={"sharing": F(5, 6), "optimum": None if factor > 2 else F(1)},
                checks={"sharing": "sharing"},
            )
            for name, factor in (("elasticity", F(1, 2)), ("elasticity", F(2)), ("sensitivity", F(10)))
        ),
        "checks": {"alone": claim(), "sharing": claim(), "operator": claim("bounded"), "coalition": claim()},
        "provenance": {"gametheory": "0", "wall_time": 1.5},
    }
    fields.update(changes)
    return Study(**fields)  # type: ignore[arg-type]  # names and types are those above


def _outcome(
    name: str, names: Sequence[str], alone: Sequence[Fraction], paid: Sequence[Fraction], transfer: Fraction
) -> Outcome:
    pain = tuple(F(1, 50 + i) for i in range(len(names)))
    gains = [Blocking(coalition=pair, gain=F(1, 7 + k)) for k, pair in enumerate(combinations(names, 2))]
    gains.append(Blocking(coalition=tuple(names[1:]), gain=F(1, 140)))
    return Outcome(
        name=name,
        bills=tuple(cost - p for cost, p in zip(paid, pain, strict=True)),
        discomforts=pain,
        savings=tuple(a - cost for a, cost in zip(alone, paid, strict=True)),
        transfer=transfer,
        singles=tuple(Blocking(coalition=(n,), gain=F(1, 100) if k == 2 else F(-1)) for k, n in enumerate(names)),
        blocking=tuple(sorted(gains, key=lambda b: -b.gain))[:10] if name in ("operator", "mid_market_rate") else (),
        grand=Blocking(coalition=tuple(names), gain=F(6) if name == "alone" else F(0)),
        checks={"bills": "coalition"},
    )
