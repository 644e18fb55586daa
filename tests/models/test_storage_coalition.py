"""C.3: the programme in four arithmetics, exact optima against HiGHS, and a core point for any number of members."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import gametheory as gt
from gametheory.arithmetic import lower_bound, upper_bound
from gametheory.certificates.stated import disagreements
from gametheory.domain.assets.battery import Battery
from gametheory.errors import Infeasible, InputError
from gametheory.games.linear import LinearGame, LinearMember
from gametheory.models.pooled_community import PooledCommunity
from gametheory.models.storage_coalition import StorageCoalition, dual_share, storage_data

number = st.integers(-4, 4).map(lambda k: Fraction(k, 2))


@st.composite
def coalitions(draw: Any, *, batteries: bool = True) -> StorageCoalition:
    size, steps = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    pairs = [sorted((draw(st.integers(-1, 5)), draw(st.integers(-1, 5)))) for _ in range(steps)]
    owned: list[Battery | None] = []
    for _ in range(size):
        capacity = draw(st.integers(0, 4))
        some = Battery(
            capacity,
            draw(st.integers(0, 2)),
            charge_efficiency=draw(st.sampled_from([1, "0.9", "0.5"])) if batteries else 1,
            discharge_efficiency=draw(st.sampled_from([1, "0.8"])),
            initial=draw(st.integers(0, capacity)),
        )
        owned.append(some if batteries and draw(st.booleans()) else None)
    return StorageCoalition.from_parameters(
        net_load=[[draw(number) for _ in range(steps)] for _ in range(size)],
        batteries=owned,
        import_price=[b for _, b in pairs],
        export_price=[s for s, _ in pairs],
    )


def sub_game(game: LinearGame, mask: int) -> LinearGame:
    chosen = [i for i in range(len(game.players)) if mask >> i & 1]
    return replace(game, players=tuple(game.players[i] for i in chosen), members=tuple(game.members[i] for i in chosen))


def by_highs(game: LinearGame) -> float:
    """Return the optimum of scipy's HiGHS in floats, from a dense programme built here."""
    widths = [len(game.costs), *(len(m.costs) for m in game.members)]
    starts = np.cumsum([0, *widths])
    cost = [*game.costs, *(c for m in game.members for c in m.costs)]
    rows, right = [], []
    for t, pairs in enumerate(game.common):
        row = np.zeros(starts[-1])
        for k, a in pairs:
            row[k] += float(a)
        for start, m in zip(starts[1:], game.members, strict=False):
            for k, a in m.coupling[t]:
                row[start + k] += float(a)
        rows.append(row)
        right.append(float(sum(m.demand[t] for m in game.members)))
    for start, m in zip(starts[1:], game.members, strict=False):
        for pairs, value in m.rows:
            row = np.zeros(starts[-1])
            for k, a in pairs:
                row[start + k] += float(a)
            rows.append(row)
            right.append(float(value))
    bounds = [(0, None)] * len(game.costs) + [
        (None if low is None else float(low), None if high is None else float(high))
        for m in game.members
        for low, high in zip(m.lower, m.upper, strict=True)
    ]
    return float(linprog([float(c) for c in cost], A_eq=np.array(rows), b_eq=right, bounds=bounds, method="highs").fun)


@given(coalitions())
@settings(deadline=None, max_examples=60)
def test_the_optimum_is_proved_and_that_of_another_solver(model: StorageCoalition) -> None:
    best = gt.social_optimum(model)
    assert best.certificate.strength == "exact"
    assert best.certificate.holds()
    assert disagreements(best) == ()
    wrong = {**best.details, "shares": tuple(x + 1 for x in best.details["shares"])}
    assert disagreements(replace(best, details=wrong)) == ("shares",)
    assert float(best.value) == pytest.approx(by_highs(best.game), abs=1e-7)
    assert model.shares(prices=best.details["prices"], own_prices=best.profile["own_prices"]) == best.details["shares"]


@given(coalitions())
@settings(deadline=None, max_examples=40)
def test_no_coalition_costs_less_than_its_shares(model: StorageCoalition) -> None:
    best = gt.social_optimum(model)
    shares = best.details["shares"]
    assert sum(shares) == best.value
    for mask in range(1, 2 ** len(shares)):
        alone = gt.social_optimum(sub_game(best.game, mask)).value
        assert sum(x for i, x in enumerate(shares) if mask >> i & 1) <= alone
    assert gt.certify(best.game, shares, concept="core", witness=best.profile).holds()
    short = [shares[0] - 1, *shares[1:]]
    assert gt.certify(best.game, short, concept="core", witness=best.profile).strength == "refuted"


@given(coalitions(batteries=False))
@settings(deadline=None, max_examples=30)
def test_without_batteries_it_is_the_canonical_game(model: StorageCoalition) -> None:
    value = gt.social_optimum(model).value
    by_step = [
        PooledCommunity.from_positions([-x for x in column], feed_in=sold, retail_price=bought)
        for *column, bought, sold in zip(*model.net_load, model.import_price, model.export_price, strict=True)
    ]
    assert value == -sum(step.value(step.players) for step in by_step)


@given(coalitions(), st.integers(0, 50))
@settings(deadline=None, max_examples=40)
def test_a_changed_answer_is_refused(model: StorageCoalition, pick: int) -> None:
    best = gt.social_optimum(model)
    game, profile = best.game, dict(best.profile)
    assert not gt.certify(game, {**profile, "value": best.value + 1}, concept="social_optimum").holds()
    step = pick % len(game.common)
    common = list(profile["common"])
    common[2 * step] += 1
    with pytest.raises(InputError, match="not met"):
        gt.certify(game, {**profile, "common": common}, concept="social_optimum")
    common[2 * step + 1] += 1  # import and export one more each: feasible, and optimal only where it costs nothing
    wasted = {k: v for k, v in profile.items() if k != "value"} | {"common": common}
    verdict = gt.certify(game, wasted, concept="social_optimum")
    assert verdict.bound == game.costs[2 * step] + game.costs[2 * step + 1]
    prices = list(profile["prices"])
    prices[step] = model.import_price[step] + 1
    assert not gt.certify(game, {**profile, "prices": prices}, concept="social_optimum").holds()


def test_one_programme_in_four_arithmetics() -> None:
    numbers = (Fraction(2), Fraction(1), Fraction(1), Fraction(9, 10), Fraction(4, 5), Fraction(1), Fraction(0))
    need, prices, own = [Fraction(1), Fraction(-1)], [Fraction(1), Fraction(3)], [Fraction(-1), Fraction(-2)]
    exact = dual_share(storage_data(2, *numbers), need, prices, own)

    def told(convert: Any) -> Any:
        data = storage_data(2, *map(convert, numbers))
        return dual_share(data, [*map(convert, need)], [*map(convert, prices)], [*map(convert, own)])

    def ball(x: Any) -> Any:
        return flint.arb(flint.fmpq(Fraction(x).numerator, Fraction(x).denominator))

    def symbol(x: Any) -> Any:
        return sympy.Rational(Fraction(x).numerator, Fraction(x).denominator)

    assert told(float) == pytest.approx(float(exact), abs=1e-12)
    assert told(lambda x: np.full(2, float(x))).tolist() == pytest.approx([float(exact)] * 2, abs=1e-12)
    assert lower_bound(told(ball)) <= exact <= upper_bound(told(ball))
    assert told(symbol) == symbol(exact)


def test_the_sample_with_its_batteries() -> None:
    sample = gt.Community.sample()
    best = gt.social_optimum(StorageCoalition(sample))
    idle = gt.social_optimum(PooledCommunity(sample, elasticity=0))
    assert best.value < idle.value
    assert best.certificate.holds()
    assert not StorageCoalition(sample).may_burn


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    gt.social_optimum(gt.catalogue("storage_pair").game)
    assert capfd.readouterr() == ("", "")


def test_an_undecided_allocation_says_so() -> None:
    game = gt.catalogue("storage_pair").game
    best = gt.social_optimum(game)
    moved = [best.details["shares"][0] + Fraction(1, 4), best.details["shares"][1] - Fraction(1, 4)]
    with pytest.raises(InputError, match="do not decide"):
        gt.certify(game, moved, concept="core", witness=best.profile)
    with pytest.raises(InputError, match="witness"):
        gt.certify(game, moved, concept="core")


@pytest.mark.parametrize(
    ("call", "error", "word"),
    [
        (lambda: _pair(import_price=[0, 0], export_price=[1, 0]), InputError, "import >= export"),
        (lambda: _pair(batteries=[None]), InputError, "1 batteries"),
        (lambda: _pair(net_load=[[1], [1, 1]]), InputError, "length"),
        (lambda: _pair(batteries=[Battery(1, 1), None], terminal=2), Infeasible, "terminal"),
        (lambda: LinearMember((1,), (1,), lower=(2,), upper=(1,)), Infeasible, "above upper"),
        (lambda: LinearMember((1,), (1,), coupling=((), ())), InputError, "coupling"),
        (lambda: LinearGame(("a",), (1,), (((0, 1),),), (LinearMember((1, 2)),)), InputError, "2 demands"),
        (
            lambda: gt.social_optimum(LinearGame(("a",), (1,), (((0, 1),),), (LinearMember((-1,)),))),
            Infeasible,
            "feasible",
        ),
    ],
)
def test_bad_input(call: Any, error: type[Exception], word: str) -> None:
    with pytest.raises(error, match=word):
        call()


def _pair(**changes: Any) -> StorageCoalition:
    given: dict[str, Any] = {
        "net_load": [[1, 1], [1, 1]],
        "batteries": [None, None],
        "import_price": [1, 3],
        "export_price": [0, 0],
    }
    return StorageCoalition.from_parameters(**given | changes)
