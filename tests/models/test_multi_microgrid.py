"""B.6: no congestion is B.3, limits hold with fitting multipliers, and moved or forged answers are refuted."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import gametheory as gt
from gametheory.certificates import certify
from gametheory.errors import Infeasible, InputError, NotApplicable
from gametheory.games.congested_pricing import CongestedPricingGame
from gametheory.games.log_pricing import LogPricingStep
from gametheory.io.solutions import dumps, loads
from gametheory.models.microgrid_operator import consumption
from gametheory.models.multi_microgrid import MultiMicrogrid, bus_shift, line_flow
from gametheory.solvers.pricing.congested_sweep import CongestedPriceSweep

CONCEPT = "stackelberg_equilibrium"
STEP = LogPricingStep((4, 1), (0, 3), Fraction(2), Fraction(3, 5))  # type: ignore[arg-type]  # exact() reads integers


def _two(capacity: Any) -> MultiMicrogrid:
    return MultiMicrogrid((STEP,), (0, 1), ((0, 1),), (capacity,))  # type: ignore[arg-type]  # exact() reads integers


def _random(seed: int) -> MultiMicrogrid:
    dice = random.Random(seed)
    count = dice.randint(2, 6)
    k = tuple(Fraction(dice.randint(2, 16), 4) for _ in range(count))
    e = tuple(Fraction(dice.choice([0, 0, 1, 2, 4, 6])) for _ in range(count))
    return MultiMicrogrid(
        steps=(LogPricingStep(k, e, Fraction(2), Fraction(1, 2)),),
        buses=tuple(dice.randrange(3) for _ in range(count)),
        ptdf=((Fraction(0), Fraction(1), Fraction(1)), (Fraction(0), Fraction(0), Fraction(1))),
        capacities=(Fraction(dice.randint(1, 6), 2), Fraction(dice.randint(1, 6), 4)),
    )


def _profit(model: MultiMicrogrid, buy: Fraction, sell: Fraction, mu: Any) -> Fraction:
    """Return what the operator earns at prices and multipliers, from the model's formulas alone."""
    (step,) = model.steps
    bought = sold = Fraction(0)
    for k, e, b in zip(step.weights, step.energies, model.buses, strict=True):
        s = bus_shift([row[b] for row in model.ptdf], mu)
        m = consumption(k, e, buy + s, sell + s) - e
        bought, sold = bought + max(m, 0), sold + max(-m, 0)
    rest = bought - sold
    return buy * bought - sell * sold - (step.buy_price if rest > 0 else step.sell_price) * rest


def test_wide_lines_leave_the_game_without_a_network() -> None:
    model = _two(3)
    solution, free = gt.stackelberg_equilibrium(model), gt.stackelberg_equilibrium(model.to_game().free)
    assert solution.leader["multipliers"] == ((0,),)
    for name in ("buy_prices", "sell_prices"):
        assert solution.leader[name] == free.leader[name]
    assert (solution.follower, solution.value) == (free.follower, free.value)
    assert solution.details["bills"] == free.details["bills"]


def test_a_full_line_has_the_multiplier_that_marginal_profit_asks_for() -> None:
    solution = gt.stackelberg_equilibrium(_two(1))
    # E (4/(E + 1) - mu - 1/(4 - E)) has the slope 4/(E + 1)^2 - mu - 4/(4 - E)^2: 0 at E = 1 for mu = 5/9.
    assert float(solution.leader["multipliers"][0][0]) == pytest.approx(5 / 9, rel=1e-4)
    (flow,) = solution.details["flows"][0]
    assert 0 <= 1 - flow < Fraction(1, 10**6)
    assert solution.certificate.strength == "bounded"
    assert solution.certificate.holds(solution.epsilon)
    assert float(solution.details["rents"][0]) == pytest.approx(5 / 9, rel=1e-4)


def test_limits_hold_multipliers_fit_and_no_prices_earn_more() -> None:
    pressed = 0
    for seed in (1, 3, 7, 10, 11):
        model = _random(seed)
        solution = gt.stackelberg_equilibrium(model)
        assert (solution.status, solution.certificate.strength) == ("solved", "bounded"), f"seed {seed}"
        assert solution.certificate.holds(solution.epsilon)
        (mu,), (flows,) = solution.leader["multipliers"], solution.details["flows"]
        (step,) = model.steps
        supply = [Fraction(0)] * 3
        for b, e, row in zip(model.buses, step.energies, solution.profile["consumptions"], strict=True):
            supply[b] += e - row[0]
        assert flows == tuple(line_flow(row, supply) for row in model.ptdf)
        for m, f, limit in zip(mu, flows, model.capacities, strict=True):
            assert abs(f) <= limit
            assert m == 0 or (f if m > 0 else -f) >= limit * Fraction(999, 1000), f"seed {seed}"
            pressed += m != 0
        assert solution.value == _profit(model, solution.leader["buy_prices"][0], solution.leader["sell_prices"][0], mu)
        most = solution.value + solution.certificate.bound
        grid = [step.sell_price + (step.buy_price - step.sell_price) * Fraction(n, 24) for n in range(25)]
        assert all(_profit(model, b, s, mu) <= most for b in grid for s in grid if s <= b), f"seed {seed}"
    assert pressed >= 3, "no line was full: then this test looks at nothing"


def test_moved_and_forged_answers_are_refuted() -> None:
    model = _two(1)
    solution = gt.stackelberg_equilibrium(model)
    game, profile = solution.game, dict(solution.profile)
    assert certify(loads(dumps(solution))).strength == "bounded"

    def judged(buy: Fraction, sell: Fraction, mu: Fraction) -> Any:
        replies = tuple(
            (consumption(k, e, buy + s, sell + s),)
            for k, e, s in zip(STEP.weights, STEP.energies, game.shifts((mu,)), strict=True)
        )
        moved = {"buy_prices": (buy,), "sell_prices": (sell,), "multipliers": ((mu,),), "consumptions": replies}
        return certify(game, moved, concept=CONCEPT, epsilon=solution.epsilon)

    buy, sell, mu = profile["buy_prices"][0], profile["sell_prices"][0], profile["multipliers"][0][0]
    assert judged(buy, sell, mu).strength == "bounded"
    lower = judged(buy * Fraction(99, 100), sell, mu)
    assert lower.strength == "refuted"
    assert lower.witness["better_prices"]["gain"] > 0
    free = gt.stackelberg_equilibrium(game.free).leader
    over = judged(free["buy_prices"][0], free["sell_prices"][0], Fraction(0))
    assert (over.strength, over.witness["violated"]["line"]) == ("refuted", 0)
    idle = _two(3).to_game()  # a multiplier on a line that is not full
    replies = tuple((row[0],) for row in profile["consumptions"])
    verdict = certify(idle, {**profile, "consumptions": replies}, concept=CONCEPT, epsilon=solution.epsilon)
    assert verdict.strength == "refuted"
    assert verdict.witness["open_multipliers"] > 1
    greedy = ((profile["consumptions"][0][0] * Fraction(101, 100),), profile["consumptions"][1])
    assert certify(game, {**profile, "consumptions": greedy}, concept=CONCEPT).strength == "refuted"


def test_the_price_at_a_bus_is_shifted_by_what_its_supply_does() -> None:
    model = _two(1)
    rows = model.bus_prices({"buy_prices": (2,), "sell_prices": (1,), "multipliers": ((Fraction(1, 2),),)})
    assert rows == (((Fraction(2), Fraction(1)), (Fraction(3, 2), Fraction(1, 2))),)


def test_limits_that_no_positive_price_can_hold_are_infeasible() -> None:
    step = LogPricingStep((4, 1), (0, 3), Fraction(2), Fraction(1, 4))  # type: ignore[arg-type]
    model = MultiMicrogrid((step,), (0, 1), ((0, 1),), (1,))  # type: ignore[arg-type]
    with pytest.raises(Infeasible, match="raise a capacity"):
        gt.stackelberg_equilibrium(model)


@pytest.mark.parametrize(
    ("changes", "error", "word"),
    [
        ({"capacities": (0,)}, InputError, "must be > 0"),
        ({"capacities": (1, 2)}, InputError, "one a line"),
        ({"buses": (0, 2)}, InputError, "there are 0..1"),
        ({"ptdf": ((0, 1), (1,))}, InputError, "buses"),
        ({"buses": (0,)}, InputError, "players"),
        ({"steps": (LogPricingStep((4, 1), (0, 3), 2, 0),)}, NotApplicable, "feed-in"),  # type: ignore[arg-type]
    ],
)
def test_bad_input_is_refused(changes: dict[str, Any], error: type[Exception], word: str) -> None:
    good: dict[str, Any] = {"steps": (STEP,), "buses": (0, 1), "ptdf": ((0, 1),), "capacities": (1,)}
    with pytest.raises(error, match=word):
        MultiMicrogrid(**{**good, **changes})
    with pytest.raises(InputError, match="at least 1"):
        CongestedPriceSweep(most_rounds=0)
    with pytest.raises(InputError, match="one a player"):
        CongestedPricingGame(("a",), (LogPricingStep((1,), (1,), 1, 1),), ((1, 2),), (1,))  # type: ignore[arg-type]
