"""B.1 for arrays: the array form is the model, the closed form is used where it holds, moved prices are refuted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gametheory.arithmetic import exact
from gametheory.certificates.company_arrays import bound_company_prices
from gametheory.errors import InputError
from gametheory.models.utility_companies import UtilityCompanies
from gametheory.solvers.pricing.company_arrays import clear_companies

_POSITIVE = st.integers(1, 40).map(lambda n: n / 4)


@st.composite
def _markets(draw: st.DrawFn) -> dict[str, list[float]]:
    companies, users = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    sizes = {"capacities": companies, "budgets": users, "zeta": users}
    return {name: draw(st.lists(_POSITIVE, min_size=n, max_size=n)) for name, n in sizes.items()}


@settings(max_examples=150, deadline=None)
@given(_markets())
def test_the_arrays_are_the_model(market: dict[str, Any]) -> None:
    model = UtilityCompanies(*(tuple(map(exact, market[name])) for name in ("capacities", "budgets", "zeta")))
    found = clear_companies(**market)
    if model.interior:
        assert found.prices == pytest.approx([float(p) for p in model.prices], rel=1e-12)
        assert found.iterations == 0
    # The replies are the model's own water filling, user by user.
    posted = [Fraction(p) for p in found.prices.tolist()]
    rows = np.array([[float(v) for v in row] for row in model.replies(posted)])
    ours = np.array([found.purchases(n, z) for n, z in enumerate(market["zeta"])])
    assert ours == pytest.approx(rows, rel=1e-9, abs=1e-9)
    assert found.demand == pytest.approx(rows.sum(axis=0), rel=1e-9, abs=1e-9)
    assert found.residual <= 1e-12 or len(market["capacities"]) == 1
    certificate = bound_company_prices(**market, prices=found.prices)
    assert certificate.strength == "bounded"
    assert certificate.bound <= 1e-10 * sum(market["budgets"])
    # The regret of exact prices elsewhere, by brute force over other prices, never passes the bound.
    for share in (0.5, 0.97, 1.2):
        moved = found.prices.copy()
        moved[0] *= share
        judged = bound_company_prices(**market, prices=moved)
        base = model.revenues([Fraction(p) for p in moved.tolist()])[0]
        for other in (0.6, 0.9, 1.0, 1.1):
            trial = found.prices.copy()
            trial[0] *= other
            assert model.revenues([Fraction(p) for p in trial.tolist()])[0] - base <= judged.bound


def test_a_large_market_is_cleared_and_a_moved_price_is_refuted() -> None:
    rng = np.random.default_rng(3)
    market: dict[str, Any] = {
        "capacities": rng.uniform(50, 60, 100),
        "budgets": rng.uniform(5, 15, 5000),
        "zeta": rng.uniform(0.1, 0.3, 5000),
    }
    found = clear_companies(**market)
    assert found.interior
    assert bound_company_prices(**market, prices=found.prices).bound <= 1e-9
    for share in (0.99, 1.01):
        moved = found.prices.copy()
        moved[4] *= share
        judged = bound_company_prices(**market, prices=moved, epsilon=1e-9)
        assert judged.strength == "refuted"
        assert judged.witness["better_price"]["gain"] > 0


def test_users_that_leave_a_company_are_seen() -> None:
    market: dict[str, Any] = {"capacities": [0.5, 20.0, 30.0], "budgets": [1.0, 9.0, 4.0], "zeta": [3.0, 0.5, 4.0]}
    found = clear_companies(**market)
    assert not found.interior
    assert found.iterations > 0
    assert found.demand == pytest.approx(market["capacities"], rel=1e-11)
    assert bound_company_prices(**market, prices=found.prices).bound <= 1e-10


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"capacities": [0.0]}, "capacities.0."),
        ({"budgets": [1.0, float("inf")]}, "budgets.1."),
        ({"zeta": [1.0]}, "zeta"),
        ({"zeta": []}, "shape"),
    ],
)
def test_bad_input_is_refused(changes: dict[str, Any], text: str) -> None:
    market: dict[str, Any] = {"capacities": [1.0], "budgets": [1.0, 2.0], "zeta": [1.0, 1.0], **changes}
    with pytest.raises(InputError, match=text):
        clear_companies(**market)
    with pytest.raises(InputError, match=text):
        bound_company_prices(**market, prices=[1.0])
