"""The text of a study: every branch shown, nothing that is not zero reads as zero."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.efficiency.comparison import Study
from gametheory.report.amounts import money, percent, price, ratio
from gametheory.report.tables import (
    certificate_counts,
    certificate_table,
    leaving_table,
    readable,
    structure_table,
)
from gametheory.report.terminal import study_text
from tests.report.studies import SPLITS, claim, sample_study, small_study

amounts = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**9)


@given(amounts)
def test_a_rounded_amount_is_near_and_only_zero_reads_as_zero(value: Fraction) -> None:
    text = money(value)
    assert (text == "0") is (value == 0)
    shown = Fraction(text.replace(",", ""))
    assert abs(shown - value) <= max(Fraction(1, 200), abs(value) / 10)
    assert (shown == 0) is (value == 0)


@given(amounts)
def test_shares_and_ratios_are_exact_only_where_they_say_so(value: Fraction) -> None:
    assert (percent(value) in ("0 %", "100 %")) is (value in (0, 1))
    assert (ratio(1 + value) == "1") is (value == 0)
    assert (price(value) == "0") is (value == 0)


@pytest.mark.parametrize("width", [40, 80, 110, 200])
@pytest.mark.parametrize("study", [small_study(), sample_study()], ids=["small", "sample"])
def test_no_line_is_wider_than_the_terminal(study: Study, width: int) -> None:
    text = study_text(study, width)
    assert max(map(len, text.splitlines())) <= max(width, 60)
    assert "\x1b" not in text
    for name in study.names:
        assert name in text
    assert "exact about these numbers and these assumed preferences" in " ".join(text.lower().split()).replace(
        " │ │ ", " "
    )


def test_colour_only_adds_codes() -> None:
    assert "\x1b[1m" in study_text(small_study(), colour=True)


def test_what_is_not_applicable_says_why() -> None:
    text = " ".join(str(small_study()).split())
    assert "operator: not applicable: step 0: the feed-in price is negative" in text
    assert "mid-market rate: not applicable: step 0: feed-in 0 or less" in text
    assert "alone, coalition: the optimum is not positive (0 USD)" in text
    assert "there is nothing to gain" in text
    assert ("Shapley value", "nobody", "", "", "-") in leaving_table(small_study()).rows


def test_loss_comes_first_and_a_small_loss_is_not_zero() -> None:
    table = structure_table(sample_study())
    assert table.columns[2:4] == ("loss", "share of gain")
    rows = {row[0]: row for row in table.rows}
    assert rows["sharing"][2:5] == ("0.0001", "> 99.9 %", "1.0000012")
    assert rows["optimum"][2:5] == ("0", "100 %", "1")
    assert rows["operator"][5] == "5.57"
    assert any("efficiency loss of the operator" in note for note in table.notes)


def test_single_members_come_first_then_at_most_ten_coalitions_then_all_together() -> None:
    rows = leaving_table(sample_study()).rows
    operator = rows[[row[0] for row in rows].index("operator") :]
    assert operator[0][:3] == ("operator", "a single member", "home_03")
    assert operator[1][1] == "a coalition"
    assert operator[11][0] == "Shapley value"
    gains = [Fraction(row[3]) for row in operator[1:11]]
    assert gains == sorted(gains, reverse=True)
    alone = [row for row in rows if row[1] == "all together"]
    assert alone[0][2:4] == ("all members", "6.00")


def test_certificates_are_counted_and_listed_with_their_claims() -> None:
    study = sample_study(checks={"one": claim(), "two": claim("refuted"), "three": claim("bounded")})
    assert certificate_counts(study) == "3 claims checked: 1 exact, 1 bounded, 1 refuted"
    text = str(study)
    for name, certificate in study.certificates.items():
        assert name in text
        assert certificate.claim.split()[0] in text


def test_many_members_are_left_to_the_files() -> None:
    study = small_study()
    names = tuple(f"member {k}" for k in range(40))
    outcome = replace(
        study["alone"].outcomes[0],
        bills=(Fraction(1),) * 40,
        discomforts=(Fraction(0),) * 40,
        savings=(Fraction(0),) * 40,
    )
    crowd = replace(study, names=names, structures=(replace(study["alone"], outcomes=(outcome,)),))
    text = str(crowd)
    assert "member 29" in text
    assert "member 30" not in text
    assert "10 more members" in text


def test_every_split_has_its_column() -> None:
    text = " ".join(str(sample_study()).split())
    for name in SPLITS:
        assert name.split("_")[0].lower() in text.lower()


def test_coalitions_that_were_not_looked_at_are_not_called_stable() -> None:
    study = small_study()
    split = replace(study["coalition"].outcomes[0], blocking=())
    many = replace(study, structures=(replace(study["coalition"], outcomes=(split,)),))
    (row,) = leaving_table(many).rows
    assert row[1:3] == ("no single member", "coalitions between are not looked at")


def test_claims_of_one_kind_share_a_row_and_long_numbers_are_rounded() -> None:
    study = sample_study(checks={"alone/a": claim(), "alone/b": claim(), "optimum": claim()})
    rows = certificate_table(study).rows
    assert [row[:3] for row in rows] == [("#1-#2", "exact", "alone/*"), ("#3", "exact", "optimum")]
    assert readable("gain 1234567/10000000 of 1/3") == "gain 0.12 of 1/3"
