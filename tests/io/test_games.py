"""Games in files: round trips, both forms of .nfg, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gametheory import NormalFormGame
from gametheory.errors import InputError
from gametheory.io.games import game_from_gam, game_from_nfg, game_to_gam, game_to_nfg, read_game, write_game

from ..solvers.normal_form.games import tables


@st.composite
def any_game(draw: st.DrawFn) -> NormalFormGame:
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    numbers = st.fractions(-9, 9, max_denominator=12).map(str)
    words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=6)
    names = [draw(st.lists(words, min_size=m, max_size=m, unique=True)) for m in (len(shape), *shape)]
    return NormalFormGame(*(draw(tables(shape, numbers)) for _ in shape), players=names[0], strategies=names[1:])


@given(any_game())
def test_nfg_reads_back_unchanged_names_included(game: NormalFormGame) -> None:
    assert game_from_nfg(game_to_nfg(game, title='a "title"')) == game


@given(any_game())
def test_gam_reads_back_unchanged_where_decimals_can_spell_it(game: NormalFormGame) -> None:
    plain = NormalFormGame(*game.payoffs)
    numbers = [x for table in plain.payoffs for x in table.fractions().ravel()]
    if all(10**9 % x.denominator == 0 for x in numbers):
        assert game_from_gam(game_to_gam(plain)) == plain
    else:
        with pytest.raises(InputError, match="no finite decimal"):
            game_to_gam(plain)


def test_the_outcome_form_with_a_comment_an_empty_outcome_and_commas() -> None:
    text = 'NFG 1 D "t" { "a" "b" } { { "u" "d" } { "l" "r" } } "comment"\n{ { "x" 1, 2.5 } { "" -1/3 1e2 } }\n1 2 0 1'
    game = game_from_nfg(text)
    assert game.strategies == (("u", "d"), ("l", "r"))
    assert [str(x) for cell in game.profiles() for x in game.payoff(cell)] == [
        "1",
        "5/2",
        "0",
        "0",
        "-1/3",
        "100",
        "1",
        "5/2",
    ]


def test_files_by_suffix(tmp_path: Path) -> None:
    game = NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]], players=("row", "column"))
    write_game(game, tmp_path / "g.nfg")
    write_game(game, tmp_path / "g.gam")
    assert NormalFormGame.read(tmp_path / "g.nfg") == game
    assert read_game(tmp_path / "g.gam").payoffs == game.payoffs


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ends too early"),
        ("EFG 2 R", "does not begin with"),
        ('NFG 1 R "t" { "a" "b" } { 2 } 1', "strategies for 1"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 } 1 2 3', "holds 3 payoffs"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 } 1 2 3 4 5 6 7 x', "not a finite number"),
        ('NFG 1 R "t" { "a" "b" } { 2 2 } 1 2 3 4 5 6 7 nan', "not a finite number"),
        ('NFG 1 R "t" { "a" } { 2 } { { "" 1 } } 1 2', "names outcome 2"),
        ('NFG 1 R "t" { "a" } { 2 } { { "" 1 2 } } 1 1', "has 2 payoffs for 1 players"),
        ('NFG 1 R "t" { "a" } { 2 } { { "" 1 } } 1', "gives 1 outcomes"),
        ('NFG 1 R "t" { "a" "b" } { 100000 100000 } 1', "limit is 2"),
        ('NFG 1 R "t" { "a" "b" } { 0 2 } { }', "no strategy"),
        ('NFG 1 R "t" { "a" "b" } { -1 2 } 1', "no whole number"),
    ],
)
def test_bad_nfg_is_refused_with_its_reason(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.nfg"
    path.write_text(text)
    with pytest.raises(InputError, match=reason) as caught:
        read_game(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "holds nothing"), ("2 2", "announces 2 players"), ("2 2 2 1 2", "need 8"), ("1 2 1 inf", "not a finite")],
)
def test_bad_gam_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        game_from_gam(text)


def test_unknown_suffixes_and_absent_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"give a \.nfg or a \.gam"):
        read_game(tmp_path / "x.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read_game(tmp_path / "x.nfg")


@pytest.mark.peers
def test_pygambit_and_quantecon_read_what_is_written(tmp_path: Path) -> None:
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed")
    quantecon = pytest.importorskip("quantecon.game_theory", reason="quantecon is not installed")
    game = NormalFormGame(
        [[[1, 2], [3, 4], [5, 6]]] * 2, [[[7, 8], [9, 1], [2, 3]]] * 2, [[[4, 5], [6, 7], [8, "0.5"]]] * 2
    )
    write_game(game, tmp_path / "g.nfg")
    write_game(game, tmp_path / "g.gam")
    theirs = gambit.read_nfg(str(tmp_path / "g.nfg"))
    other = quantecon.game_converters.from_gam(str(tmp_path / "g.gam"))
    arrays = theirs.to_arrays()
    for cell in game.profiles():
        assert [float(array[cell]) for array in arrays] == [float(x) for x in game.payoff(cell)]
        assert list(other[cell]) == [float(x) for x in game.payoff(cell)]
