"""D.5: shares add up and leave nobody worse off, or the rule says that it does not apply."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.errors import Infeasible, InputError, NotApplicable
from gametheory.models.benefit_sharing import BenefitSharing

number = st.fractions(-5, 9, max_denominator=5)


@given(st.lists(number, min_size=1, max_size=5), st.fractions(0, 5, max_denominator=5), st.data())
def test_nobody_loses(alone: list[Fraction], saved: Fraction, data: st.DataObject) -> None:
    community = BenefitSharing(tuple(alone), sum(alone) - saved)
    final = community.equal_saving
    assert sum(final) == community.together
    assert all(f <= c for f, c in zip(final, alone, strict=True))
    bills = [data.draw(number) for _ in alone]
    paid = community.payments(bills)
    assert all(m + y == f for m, y, f in zip(bills, paid, final, strict=True))
    if min(alone) >= 0 and sum(alone) > 0:
        relative = community.equal_relative
        assert sum(relative) == community.together
        assert all(f <= c for f, c in zip(relative, alone, strict=True))
    else:
        with pytest.raises(NotApplicable, match="use equal_saving"):
            _ = community.equal_relative


def test_bad_input() -> None:
    with pytest.raises(Infeasible, match="more than"):
        BenefitSharing((1, 1), 3)  # type: ignore[arg-type]  # exact() reads integers
    with pytest.raises(InputError, match="no member"):
        BenefitSharing((), 0)  # type: ignore[arg-type]
    community: Any = BenefitSharing((1, 1), 1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="one each"):
        community.payments((1,))
    with pytest.raises(InputError, match="share the joint cost"):
        community.payments((1, 1), (1, 1))
