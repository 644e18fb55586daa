"""Numbers as they were written: decimals stay decimals, units are exact, what is no number is named."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory.domain.series import Origin, Series, read_number
from gametheory.errors import InputError

decimals = st.integers(0, 4).flatmap(lambda places: st.decimals(min_value=-1000, max_value=1000, places=places))


@given(st.lists(decimals, min_size=1, max_size=20), st.sampled_from([Fraction(1), Fraction(1, 1000), Fraction(1, 4)]))
def test_decimal_texts_are_read_exactly_and_floats_are_the_nearest(values: list[Decimal], scale: Fraction) -> None:
    series = Series([format(value, "f") for value in values], scale=scale)
    exact = tuple(Fraction(value) * scale for value in values)
    assert series.exact == exact
    assert tuple(series.at(k) for k in range(len(values))) == exact
    assert series.values.tolist() == [float(x) for x in exact]
    assert not series.problems


@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=20))
def test_floats_are_the_dyadic_rationals_they_are(values: list[float]) -> None:
    for given_values in (values, np.array(values), tuple(map(np.float64, values))):
        assert Series(given_values).exact == tuple(map(Fraction, values))


@given(st.lists(decimals, min_size=1, max_size=10))
def test_equal_numbers_are_equal_and_canonical_however_written(values: list[Decimal]) -> None:
    written = [
        Series([format(value, "f") for value in values]),
        Series([f"{value:E}" for value in values]),
        Series(values),
        Series([Fraction(value) for value in values]),
        Series([format(value.scaleb(3), "f") for value in values], scale=Fraction(1, 1000)),
    ]
    for other in written[1:]:
        assert other == written[0]
        assert list(other.canonical()) == list(written[0].canonical())


@given(st.lists(decimals, min_size=1, max_size=12), st.data())
def test_a_selection_is_the_series_of_the_selected(values: list[Decimal], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values) - 1))
    stop = data.draw(st.integers(start + 1, len(values)))
    for series in (Series([format(v, "f") for v in values]), Series(values), Series([float(v) for v in values])):
        part = series.select(slice(start, stop))
        assert part.exact == series.exact[start:stop]
        assert part.values.tolist() == series.values[start:stop].tolist()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "is missing"),
        ("", "is missing"),
        ("  ", "is missing"),
        ("nan", "is not a finite number"),
        ("-inf", "is not a finite number"),
        (math.nan, "is not a finite number"),
        (math.inf, "is not a finite number"),
        (np.float64("nan"), "is not a finite number"),
        (Decimal("NaN"), "is not a finite number"),
        ("1_000", "is not a number"),
        ("1,5", "is not a number"),
        ("12 kWh", "is not a number"),
        ("0x10", "is not a number"),
        ("1-2", "is not a number"),
        ("1.2.3", "is not a number"),
        ("-", "is not a number"),
        (".", "is not a number"),
        ("1.-5", "is not a number"),
        ("__import__('os')", "is not a number"),
        (True, "is not a number"),
        ([1], "is not a number"),
        ("1e999999999", "is not a finite number"),
        ("1e-999999999", "is smaller than 1e-300, which float64 cannot hold"),
        (10**400, "is too large for float64"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(item: object, reason: str) -> None:
    assert read_number(item) == (0, reason)
    series = Series([1, item, 2])
    ((position, _, why),) = series.problems
    assert (position, why) == (1, reason)
    with pytest.raises(InputError, match="step 1"):
        _ = series.exact


@pytest.mark.parametrize("text", ["0", "-0", "+1.5", "1.", ".5", "1e3", "-2.5E-3", " 7 ", "0e-999999999"])
def test_what_is_a_number_is_read(text: str) -> None:
    assert read_number(text) == (Fraction(Decimal(text.strip())) if "999" not in text else 0, "")


@pytest.mark.parametrize("wrong", ["123", b"1", 5, None])
def test_what_is_no_series_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match="not a series"):
        Series(wrong)


def test_an_array_has_one_dimension() -> None:
    with pytest.raises(InputError, match=r"shape \(2, 2\)"):
        Series(np.ones((2, 2)))


def test_integer_and_single_precision_arrays_are_exact() -> None:
    assert Series(np.array([1, 2**60], dtype=np.int64)).exact == (1, 2**60)
    assert Series(np.array([0.1], dtype=np.float32)).exact == (Fraction(float(np.float32(0.1))),)
    assert Series(np.array([0.5, 0.25], dtype=np.float16)).exact == (Fraction(1, 2), Fraction(1, 4))


def test_values_cannot_be_changed_and_do_not_alias_the_input() -> None:
    source = np.array([1.0, 2.0])
    series = Series(source)
    source[0] = 9.0
    assert series.values.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 3.0


def test_a_place_names_file_line_and_column() -> None:
    series = Series(["1", "2"], origin=Origin("homes.csv", "load_a", [2, 3]))
    assert series.place(1) == "step 1 (homes.csv, line 3, column 'load_a')"
    assert series.select(slice(1, 2)).place(0) == "step 0 (homes.csv, line 3, column 'load_a')"
    assert Series([1]).place(0) == "step 0"
