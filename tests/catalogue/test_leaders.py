"""Every leader of the catalogue: the solver finds its stated decision, and the checker accepts it."""

from __future__ import annotations

from fractions import Fraction

import pytest

import gametheory as gt
from gametheory.catalogue import Entry, leaders


@pytest.mark.parametrize("entry", [e for e in leaders.entries() if e.answers], ids=lambda entry: entry.name)
def test_the_stated_answer_is_found_and_certified(entry: Entry) -> None:
    stated = entry.answers["stackelberg_equilibrium"]
    solution = gt.stackelberg_equilibrium(entry.game)
    assert solution.profile == stated
    certificate = gt.certify(entry.game, stated, concept="stackelberg_equilibrium", epsilon=solution.epsilon)
    assert certificate.strength == solution.certificate.strength != "refuted"
    assert solution.value == sum(solution.details.get("profits", (solution.value,)))


def test_the_hump_below_is_refuted_with_the_retail_price() -> None:
    game = gt.catalogue("operator_two_humps").game
    hump = {
        "buy_prices": (Fraction(5, 3),),
        "sell_prices": (Fraction(0),),
        "adjustments": ((Fraction(0),), (Fraction(-4),), (Fraction(0),)),
    }
    certificate = gt.certify(game, hump, concept="stackelberg_equilibrium")
    assert certificate.strength == "refuted"
    assert certificate.witness["profit"] == Fraction(25, 3)
    assert certificate.witness["better_prices"] == {
        "step": 0,
        "buy_price": 10,
        "sell_price": 0,
        "gain": Fraction(5, 3),
    }


def test_the_multiplier_of_a_full_line_is_what_marginal_profit_asks_for() -> None:
    (entry,) = [e for e in leaders.entries() if not e.answers]
    solution = gt.stackelberg_equilibrium(entry.game)
    ((multiplier,),) = solution.leader["multipliers"]
    ((flow,),) = solution.details["flows"]
    assert float(multiplier) == pytest.approx(float(entry.facts["multiplier"]), rel=1e-4)
    assert float(flow) == pytest.approx(float(entry.facts["flow"]), rel=1e-6)
    assert solution.certificate.holds(solution.epsilon)
