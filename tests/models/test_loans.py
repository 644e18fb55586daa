"""B.7: the best price against a grid of prices, and the case with two local maxima."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gametheory as gt
from gametheory.arithmetic import to_float
from gametheory.errors import InputError
from gametheory.games.loan_pricing import LoanPricingGame
from gametheory.io.solutions import read_solution
from gametheory.models.loans import Loans, loan
from gametheory.solvers.pricing.loan_price_sweep import LoanPriceSweep

positive = st.fractions(Fraction(1, 4), 8, max_denominator=4)


@given(st.lists(positive, min_size=1, max_size=6), positive, st.fractions(0, 8, max_denominator=16))
def test_no_other_price_earns_more(worth: list[Fraction], cost: Fraction, above: Fraction) -> None:
    bank = Loans(tuple(worth), cost)
    best = bank.best_price
    assert float(bank.profit(cost + above)) <= to_float(best.profit) + 1e-9
    assert to_float(best.price) >= float(cost)
    if max(worth) <= cost:
        assert (best.price, best.profit, best.borrowers) == (cost, 0, 0)


def test_two_local_maxima() -> None:
    bank = Loans((5, *["3/10"] * 40), "1/10")  # type: ignore[arg-type]  # exact() reads decimals and integers
    best = bank.best_price
    assert best.borrowers == 41
    assert to_float(best.price) == pytest.approx(0.2037, abs=1e-3)
    assert bank.profit("0.2") > bank.profit("0.3") < bank.profit("0.7")


def test_a_kink_is_one_candidate() -> None:
    bank = Loans((4, 1), 1)  # type: ignore[arg-type]
    assert bank.best_price.borrowers == 1
    assert to_float(bank.best_price.price) == 2
    assert bank.best_price.decided


@pytest.mark.parametrize(
    ("numbers", "word"), [(((), 1), "no borrower"), (((0,), 1), r"worth\[0\]"), (((1,), 0), "cost")]
)
def test_bad_input(numbers: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        Loans(*numbers)


def test_a_price_below_cost_is_refused() -> None:
    with pytest.raises(InputError, match="below the cost"):
        Loans((1,), 1).profit("0.5")  # type: ignore[arg-type]


def _at(bank: Loans, price: Fraction) -> dict[str, Any]:
    return {"price": price, "loans": tuple(loan(a, price) for a in bank.worth)}


@settings(deadline=None)
@given(st.lists(positive, min_size=1, max_size=6), positive, st.fractions(0, 8, max_denominator=16), st.booleans())
def test_the_sweep_is_certified_and_other_prices_are_refuted(
    worth: list[Fraction], cost: Fraction, above: Fraction, higher: bool
) -> None:
    bank = Loans(tuple(worth), cost)
    found, closed = gt.stackelberg_equilibrium(bank), bank.best_price
    assert found.certificate.strength == "exact"
    assert found.value == bank.profit(found.leader["price"])
    assert found.bound - found.value <= found.epsilon < Fraction(1, 2**200)
    assert to_float(found.value) == pytest.approx(to_float(closed.profit), rel=1e-12)
    # The definition on a price of its own choosing: nothing above the bound, and refuted exactly where it earns less.
    for price in (cost + above, found.leader["price"] * Fraction(101 if higher else 99, 100)):
        verdict = gt.certify(found.game, _at(bank, price))
        earned = (price - cost) * sum(loan(a, price) for a in worth)
        assert earned <= found.bound
        assert (verdict.strength == "refuted") or found.bound == earned
        if verdict.strength == "refuted":
            better = verdict.witness["better_decision"]
            assert bank.profit(better["price"]) == better["value"] > earned
            assert verdict.bound >= found.value - earned
            assert better["loans"] == _at(bank, better["price"])["loans"]


def test_a_price_moved_by_one_per_cent_is_refuted_with_the_better_one() -> None:
    game = gt.catalogue("lender_two_humps").game
    bank = Loans(game.worth, game.cost)
    for price in (Fraction(303, 100), Fraction(297, 100), Fraction(5, 3)):
        verdict = gt.certify(game, _at(bank, price))
        assert verdict.strength == "refuted"
        assert verdict.witness["better_decision"] == {**_at(bank, Fraction(3)), "value": 4}
        assert verdict.bound == 4 - bank.profit(price)
    enough = 4 - bank.profit(Fraction(5, 3))
    assert gt.certify(game, _at(bank, Fraction(5, 3)), epsilon=enough).strength == "exact"
    assert gt.certify(game, _at(bank, Fraction(5, 3)), epsilon=enough - Fraction(1, 10**60)).strength == "refuted"


def test_an_irrational_price_is_never_certified_without_regret() -> None:
    bank = Loans((5, 2), 1)  # type: ignore[arg-type]
    found = gt.stackelberg_equilibrium(bank, solver=LoanPriceSweep(bits=64))
    assert 0 < found.bound - found.value <= found.epsilon
    verdict = gt.certify(found.game, found.profile)
    assert verdict.strength == "refuted"
    assert verdict.witness["better_decision"]["value"] > found.value
    # A rational root leaves nothing open.
    exact = gt.stackelberg_equilibrium(Loans((4, 4), 1))  # type: ignore[arg-type]
    assert (exact.leader["price"], exact.value, exact.bound, exact.epsilon) == (2, 2, 2, 0)


def test_a_loan_that_is_no_best_reply_is_refuted() -> None:
    game = LoanPricingGame.from_numbers([4, 4], cost=1)
    around = {"price": 2, "loans": (Fraction(1), Fraction(1) + Fraction(1, 10**30))}
    verdict = gt.certify(game, around)
    assert verdict.strength == "refuted"
    assert verdict.witness["better_reply"]["follower"] == "borrower 1"
    assert verdict.witness["better_reply"]["reply"] == 1
    # The regret is a (l - 1)^2/8 in second order, about 5e-61; the claim is decided to either side of it.
    assert gt.certify(game, around, epsilon=Fraction(1, 10**60)).strength == "bounded"
    assert gt.certify(game, around, epsilon=Fraction(1, 10**61)).strength == "refuted"


def test_below_cost_and_nobody_to_lend_to() -> None:
    game = LoanPricingGame.from_numbers([1, 2], cost=3)
    found = gt.stackelberg_equilibrium(game)
    assert (found.leader["price"], found.value, found.bound, found.details["borrowers"]) == (3, 0, 0, 0)
    loss = gt.certify(game, {"price": 1, "loans": (0, 1)})
    assert (loss.strength, loss.bound, loss.witness["better_decision"]["value"]) == ("refuted", 2, 0)
    for bad in ({"price": 0, "loans": (0, 0)}, {"price": 1, "loans": (0, -1)}, {"price": 1, "loans": (0,)}, (1, 2)):
        with pytest.raises(InputError):
            gt.certify(game, bad)
    with pytest.raises(InputError, match="give one a borrower"):
        LoanPricingGame(("a",), (1, 2), 1)  # type: ignore[arg-type]


def test_a_solved_lender_is_checked_again_from_a_file(tmp_path: Path) -> None:
    found = gt.stackelberg_equilibrium(Loans((5, 2, "1/2"), 1))  # type: ignore[arg-type]
    assert found.provenance["model"] == "Loans"
    found.to_json(tmp_path / "bank.json")
    again = read_solution(tmp_path / "bank.json")
    assert gt.certify(again).strength == "exact"
    assert gt.certify(replace(again, value=again.value + 1, bound=again.bound + 1)).strength == "refuted"
