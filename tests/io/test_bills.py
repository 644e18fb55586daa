"""Bills from a file: one for each member, exact, and refused with line and column."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from gametheory import Community
from gametheory.domain import Prosumer, Tariff
from gametheory.errors import InputError
from gametheory.io.bills import read_bills

PAIR = Community(prosumers=[Prosumer("anna", [1]), Prosumer("ben", [1])], tariff=Tariff.flat("0.3"))


def test_bills_are_read_in_the_order_of_the_community(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("note,bill,member\nx,-0.10,ben\n,2e-1,anna \n", encoding="utf-8")
    assert read_bills(path, PAIR) == (Fraction(1, 5), Fraction(-1, 10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("member,amount\nanna,1\n", ["no column 'bill'"]),
        ("who,what\nanna,1\n", ["no column 'member'", "no column 'bill'"]),
        ("member,bill\nanna,1\n", ["member 'ben' has no bill"]),
        ("member,bill\nana,1\nben,1\n", ["did you mean 'anna'?", "line 2", "'anna' has no bill"]),
        ("member,bill\nanna,1\nben,1\nben,2\n", ["line 4", "'ben' has two bills"]),
        ("member,bill\nanna,nan\nben,one\n", ["line 2, column 'bill': 'nan'", "line 3, column 'bill': 'one'"]),
        ("member,bill\nanna,\nben,1\n", ["is missing"]),
    ],
)
def test_bad_bills(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "bills.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_bills(path, PAIR)
    for word in words:
        assert word in str(caught.value)
