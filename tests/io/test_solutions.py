"""Solutions to JSON and back to the last digit; nothing in a file is evaluated; files are written all or nothing."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gametheory as gt
from gametheory.errors import GameTheoryError, InputError
from gametheory.io.solutions import FORMS, SCHEMA, decode, dumps, encode, loads, read_solution, write_text
from gametheory.result import Certificate, Solution

from ..strategies import finite_games

plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.fractions(), st.text(), st.floats(allow_nan=False, allow_infinity=True)
)
values = st.recursive(
    plain, lambda inner: st.one_of(st.lists(inner).map(tuple), st.dictionaries(st.text(), inner)), max_leaves=12
)


def same(a: Any, b: Any) -> bool:
    """Equal, of equal kind (an integral Fraction may come back as the integer it is), NaN equal to NaN."""
    if isinstance(a, Fraction) and a.denominator == 1:
        a = int(a)
    if isinstance(a, float) and isinstance(b, float):
        return math.copysign(1, a) == math.copysign(1, b) and (a == b or (math.isnan(a) and math.isnan(b)))
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def through_text(value: Any) -> Any:
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


@given(values)
def test_data_survive_to_the_last_digit(value: Any) -> None:
    assert same(value, through_text(value))


@given(st.dictionaries(st.one_of(st.integers(), st.fractions(), st.tuples(st.text(), st.integers())), plain))
def test_keys_of_any_kind_survive(value: dict[Any, Any]) -> None:
    back = through_text(value)
    assert back == value
    assert [type(k) for k in back] == [
        int if isinstance(k, Fraction) and k.denominator == 1 else type(k) for k in value
    ]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=8))
def test_arrays_survive(numbers: list[float]) -> None:
    finite = np.array([x for x in numbers if math.isfinite(x)])
    for array in (finite, np.arange(6).reshape(2, 3), np.zeros((0, 3)), np.array([True, False])):
        back = through_text(array)
        assert back.dtype == array.dtype
        assert back.shape == array.shape
        assert back.tobytes() == array.tobytes()
    every = np.array(numbers)
    assert np.array_equal(through_text(every), every, equal_nan=True)


def test_special_numbers() -> None:
    class Colour(Enum):
        RED = "red"

    assert math.isnan(through_text(math.nan))
    assert (through_text(math.inf), through_text(-math.inf)) == (math.inf, -math.inf)
    assert through_text(flint.fmpq(2, 6)) == Fraction(1, 3)
    assert through_text(np.int64(3)) == 3
    assert through_text(np.float64(0.1)) == 0.1
    assert through_text(np.bool_(True)) is True
    assert through_text({"a", "b"}) == ("a", "b")
    assert through_text(Colour.RED) == "red"
    assert through_text(10**40 + 1) == 10**40 + 1


def test_numbers_of_thousands_of_digits_survive() -> None:
    # Python neither writes nor reads decimals of more than 4,300 digits.
    for long in (7**9000, -(7**9000), Fraction(7**9000, 2**30001), Fraction(1, 7**9000), Fraction(3**9000, 2)):
        back = through_text(long)
        assert back == long
        assert type(back) is type(long)


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be written to JSON"):
        encode(object())
    with pytest.raises(InputError, match="array of object cannot be written"):
        encode(np.array([Fraction(1, 3)], dtype=object))
    with pytest.raises(InputError, match="cannot be written to JSON"):
        dumps({"f": lambda: 0})


@given(finite_games())
def test_a_solution_comes_back_whole(game: gt.NormalFormGame) -> None:
    certificate = gt.certify(game, [0] * len(game.players), epsilon=100)
    solution = Solution(
        game=game, concept="nash_equilibrium", profile=(0,) * len(game.players), method="test", certificate=certificate,  # type: ignore[arg-type]  # the text is turned into a Concept
        epsilon=Fraction(100), provenance={"weights": {("a", 1): Fraction(1, 3)}},
    )  # fmt: skip
    back = loads(solution.to_json())
    assert back == solution
    assert back.to_json() == solution.to_json()
    assert gt.certify(back) == certificate


def test_every_form_named_is_a_dataclass_of_that_name() -> None:
    import dataclasses
    import importlib

    for name, module in FORMS.items():
        cls = getattr(importlib.import_module(module), name)
        assert dataclasses.is_dataclass(cls)
        assert cls.__name__ == name


# ------------------------------------------------------------------------------------------------------ hostile files


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "no solution in it"),
        ("3", "no solution in it"),
        ('{"schema": 1}', "no solution in it"),
        ('{"solution": 1}', "file format None"),
        ('{"schema": "1", "solution": 1}', "file format '1'"),
        (f'{{"schema": {SCHEMA + 1}, "solution": 1}}', "newer than this version"),
        ('{"schema": 1, "solution": {"$form": "os.system"}}', "holds a 'os.system'"),
        ('{"schema": 1, "solution": {"$form": "Solution"}}', "is incomplete"),
        ('{"schema": 1, "solution": {"$form": "Certificate", "colour": 1}}', "no field 'colour'"),
        ('{"schema": 1, "solution": {"$q": "1/0"}}', "not a finite number"),
        ('{"schema": 1, "solution": {"$q": "__import__(\'os\')"}}', "not a finite number"),
        ('{"schema": 1, "solution": {"$q": [1]}}', "not a finite number"),
        ('{"schema": 1, "solution": {"$float": "0x1"}}', "not a float"),
        ('{"schema": 1, "solution": {"$float": [1]}}', "not a float"),
        ('{"schema": 1, "solution": {"$array": [1, 2], "dtype": "float64", "shape": [3]}}', "not an array"),
        ('{"schema": 1, "solution": {"$array": ["a"], "dtype": "float64", "shape": [1]}}', "not an array"),
        ('{"schema": 1, "solution": {"$array": [1], "dtype": "object", "shape": [1]}}', "not an array"),
        ('{"schema": 1, "solution": {"$array": [1]}}', "not an array"),
        ('{"schema": 1, "solution": {"$pairs": [[1, 2, 3]]}}', "not pairs"),
        ('{"schema": 1, "solution": {"$pairs": [[{}, 1]]}}', "not pairs"),
        ('{"schema": 1, "solution": {"$pairs": 5}}', "not pairs"),
        ('{"schema": 1, "solution": {"$form": ["Solution"]}}', "which this version does not know"),
        (
            '{"schema": 1, "solution": {"$form": "Certificate", "strength": "sure", "claim": "", "bound": 0}}',
            "'sure' is not a valid Strength",
        ),
        ('{"schema": 1, "solution": ' + "[" * 900 + "]" * 900 + "}", "nested too deeply"),
        ('{"schema": 1, "games": 5, "solution": 1}', "its games are 5, not a list"),
        ('{"schema": 1, "games": [], "solution": {"$game": 0}}', "points at game 0"),
        ('{"schema": 1, "games": [], "solution": {"$game": "x"}}', "points at game 'x'"),
        ("[" * 100_000, "not a solution"),
        ('{"schema": 1, "solution": ' + "1" * 5000 + "}", "not a solution"),
    ],
)
def test_bad_files_are_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text, where="some.json")
    assert words in str(caught.value)


@given(values)
def test_any_json_is_read_or_refused_never_worse(value: Any) -> None:
    hostile = json.dumps({"schema": SCHEMA, "solution": value}, default=str)
    for marker in ("$q", "$float", "$array", "$pairs", "$form"):
        for text in (hostile, json.dumps({"schema": SCHEMA, "solution": {marker: value}}, default=str)):
            try:
                loads(text)
            except GameTheoryError:
                continue


def test_the_content_of_a_file_is_never_evaluated(tmp_path: Path) -> None:
    trap = "__import__('pathlib').Path('trap').write_text('sprung')"
    game = gt.NormalFormGame([[1]], [[1]], players=[trap, "b"], strategies=[[trap], ["x"]])
    path = tmp_path / "game.json"
    solution = gt.certify(game, (0, 0))
    write_text(path, dumps(solution))
    data = json.loads(dumps(game))
    table = next(row for row in data["games"] if row["$form"] == "PayoffTable")
    table["denominator"] = trap
    for text in (path.read_text(encoding="utf-8"), dumps(game), json.dumps(data)):
        try:
            loads(text)
        except GameTheoryError:
            continue
    assert not (tmp_path / "trap").exists()
    assert not Path("trap").exists()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_solution(tmp_path / "none.json")


# ------------------------------------------------------------------------------------------------------ all or nothing


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    yield path
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(("error", "raised"), [(OSError, InputError), (KeyboardInterrupt, KeyboardInterrupt)])
def test_a_crash_before_the_end_leaves_the_old_file(
    kept: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], raised: type[BaseException]
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(raised):
        write_text(kept, "new")


def test_text_that_cannot_be_encoded_leaves_the_old_file(kept: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_text(kept, "new \ud800")


def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    program = (
        "import os, pathlib, sys\n"
        "from gametheory.io.solutions import write_text\n"
        "pathlib.Path.replace = lambda self, target: os._exit(9)\n"
        "write_text(sys.argv[1], 'new')\n"
    )
    root = str(Path(gt.__file__).resolve().parents[1])
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=False, cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}
    )
    assert run.returncode == 9
    assert path.read_text(encoding="utf-8") == "old"


def test_writing_replaces_the_file_and_keeps_usual_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_text(path, "one")
    write_text(path, "zwei ü")
    assert path.read_text(encoding="utf-8") == "zwei ü"
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    with pytest.raises(InputError, match="there is no folder"):
        write_text(tmp_path / "none" / "a.json", "x")


def test_a_certificate_holds_or_not_after_the_journey() -> None:
    certificate = Certificate(strength="exact", claim="c", bound=Fraction(1, 3), witness={"x": (1, Fraction(1, 7))})  # type: ignore[arg-type]  # the text is turned into a Strength
    back = loads(dumps(certificate))
    assert back == certificate
    assert back.holds(Fraction(1, 3))
    assert not back.holds(Fraction(33, 100))
