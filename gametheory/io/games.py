"""Finite games in files: Gambit's ``.nfg`` (payoff and outcome form) and the ``.gam`` of GameTracer and QuantEcon.

Numbers are read as the rationals they spell and written so that they read back unchanged; a file is written whole or
not at all. Formats: McKelvey, McLennan and Turocy, "Gambit: software tools for game theory", file formats;
Blum, Shelton and Koller, "GameTracer", file format.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from gametheory.arithmetic import exact
from gametheory.errors import InputError
from gametheory.games.normal_form import NormalFormGame
from gametheory.games.payoff_table import CELL_LIMIT
from gametheory.io.solutions import write_text

__all__ = ["game_from_gam", "game_from_nfg", "game_to_gam", "game_to_nfg", "read_game", "write_game"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]|[^\s,{}"]+')


def read_game(path: str | Path) -> NormalFormGame:
    """Return the game in a ``.nfg`` or ``.gam`` file.

    Raises
    ------
    InputError
        The file cannot be read, is in another format, or does not hold the numbers it announces.
    """
    path = Path(path)
    readers = {".nfg": game_from_nfg, ".gam": game_from_gam}
    if path.suffix.lower() not in readers:
        raise InputError(f"{path}: unknown kind of file {path.suffix!r}; give a .nfg or a .gam file")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); give a text file of a game") from None
    try:
        return readers[path.suffix.lower()](text)
    except InputError as error:
        raise type(error)(*(f"{path}: {problem}" for problem in error.problems)) from None


def write_game(game: NormalFormGame, path: str | Path, *, title: str = "") -> None:
    """Write a game to a ``.nfg`` or ``.gam`` file, by its suffix; ``.gam`` keeps no names."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".nfg", ".gam"):
        raise InputError(f"{path}: unknown kind of file {suffix!r}; write to .nfg or .gam")
    write_text(path, game_to_nfg(game, title=title) if suffix == ".nfg" else game_to_gam(game))


# ------------------------------------------------------------------------------------------------------------- .nfg


def game_from_nfg(text: str) -> NormalFormGame:
    """Return the game that the text of a ``.nfg`` file describes.

    >>> game = game_from_nfg('NFG 1 R "coin" { "a" "b" } { 2 2 }  1 -1  -1 1  -1 1  1 -1')
    >>> game.payoff((1, 0))
    (Fraction(-1, 1), Fraction(1, 1))
    """
    tokens = _Tokens(_TOKEN.findall(text))
    if tokens.word() != "NFG" or tokens.word() != "1" or tokens.word() not in ("R", "D"):
        raise InputError("does not begin with 'NFG 1 R' or 'NFG 1 D'; give a strategic game of Gambit, version 1")
    tokens.name()
    players = tokens.names()
    strategies = _strategies(tokens, len(players))
    shape = tuple(map(len, strategies))
    if tokens.next_is_name():
        tokens.name()  # a comment
    if math.prod(shape) > CELL_LIMIT:
        raise InputError(f"announces {math.prod(shape)} cells; the limit is 2**31")
    if tokens.peek() == "{":
        rows = _outcomes(tokens, math.prod(shape), len(players))
    else:
        numbers = [exact(word, what=f"payoff {k}") for k, word in enumerate(tokens.rest())]
        rows = _chunks(numbers, math.prod(shape), len(players))
    return _build(rows, shape, players, strategies)


def _strategies(tokens: _Tokens, count: int) -> list[list[str]]:
    tokens.expect("{")
    found: list[list[str]] = []
    while tokens.peek() != "}":
        if tokens.peek() == "{":
            found.append(tokens.names())
        else:
            found.append([str(k + 1) for k in range(_whole(tokens.word(), "number of strategies"))])
    tokens.expect("}")
    if len(found) != count:
        raise InputError(f"names {count} players but gives strategies for {len(found)}; give one list a player")
    # Files in use repeat names within a player or leave them empty; here they tell strategies apart.
    return [own if len(set(own)) == len(own) and all(own) else [str(k + 1) for k in range(len(own))] for own in found]


def _outcomes(tokens: _Tokens, cells: int, players: int) -> list[list[Fraction]]:
    tokens.expect("{")
    outcomes = [[Fraction(0)] * players]  # outcome 0 pays nothing
    while tokens.peek() != "}":
        tokens.expect("{")
        if tokens.next_is_name():
            tokens.name()
        numbers = []
        while tokens.peek() != "}":
            numbers.append(exact(tokens.word(), what=f"payoff of outcome {len(outcomes)}"))
        tokens.expect("}")
        if len(numbers) != players:
            raise InputError(f"outcome {len(outcomes)} has {len(numbers)} payoffs for {players} players")
        outcomes.append(numbers)
    tokens.expect("}")
    chosen = [_whole(word, f"outcome of cell {k}") for k, word in enumerate(tokens.rest())]
    if len(chosen) != cells:
        raise InputError(f"gives {len(chosen)} outcomes for {cells} cells; give one a cell")
    for k, number in enumerate(chosen):
        if number >= len(outcomes):
            raise InputError(f"cell {k} names outcome {number}, but there are {len(outcomes) - 1}")
    return [outcomes[number] for number in chosen]


def game_to_nfg(game: NormalFormGame, *, title: str = "") -> str:
    """Return the game as the text of a ``.nfg`` file, in payoff form with every number in full.

    >>> print(game_to_nfg(NormalFormGame.zero_sum([[1, "1/3"]]), title="one row"))
    NFG 1 R "one row" { "player 0" "player 1" }
    <BLANKLINE>
    { { "0" }
    { "0" "1" }
    }
    <BLANKLINE>
    1 -1 1/3 -1/3
    <BLANKLINE>
    """
    lists = "\n".join(f"{{ {' '.join(map(_quoted, own))} }}" for own in game.strategies)
    names = " ".join(map(_quoted, game.players))
    head = f"NFG 1 R {_quoted(title)} {{ {names} }}\n\n{{ {lists}\n}}\n\n"
    tables = [table.fractions().ravel(order="F") for table in game.payoffs]
    return head + " ".join(str(x) for cell in zip(*tables, strict=True) for x in cell) + "\n"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# ------------------------------------------------------------------------------------------------------------- .gam


def game_from_gam(text: str) -> NormalFormGame:
    """Return the game that the text of a ``.gam`` file describes: sizes, then all payoffs of each player in turn.

    >>> game_from_gam("2  2 2  3 5 0 1  3 0 5 1").payoff((1, 0))
    (Fraction(5, 1), Fraction(0, 1))
    """
    words = text.split()
    if not words:
        raise InputError("holds nothing; give the number of players, their strategies, and the payoffs")
    count = _whole(words[0], "number of players")
    if count < 1 or len(words) <= count:
        raise InputError(f"announces {words[0]} players; give that many numbers of strategies after it")
    shape = tuple(_whole(word, "number of strategies") for word in words[1 : count + 1])
    if math.prod(shape) > CELL_LIMIT:
        raise InputError(f"announces {math.prod(shape)} cells; the limit is 2**31")
    numbers = [exact(word, what=f"payoff {k}") for k, word in enumerate(words[count + 1 :])]
    cells = math.prod(shape)
    if len(numbers) != count * cells:
        raise InputError(f"holds {len(numbers)} payoffs; {count} players and shape {shape} need {count * cells}")
    rows = [[numbers[i * cells + k] for i in range(count)] for k in range(cells)]
    return _build(rows, shape, None, None)


def game_to_gam(game: NormalFormGame) -> str:
    """Return the game as the text of a ``.gam`` file; a payoff that no finite decimal spells is refused.

    >>> print(game_to_gam(NormalFormGame.zero_sum([[1, "0.5"]])))
    2
    1 2
    <BLANKLINE>
    1 0.5
    -1 -0.5
    <BLANKLINE>
    """
    lines = [" ".join(map(_decimal, table.fractions().ravel(order="F"))) for table in game.payoffs]
    return f"{len(game.players)}\n{' '.join(map(str, game.shape))}\n\n" + "\n".join(lines) + "\n"


def _decimal(number: Fraction) -> str:
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise InputError(f"payoff {number} is no finite decimal, which .gam needs; write a .nfg file")
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


# ----------------------------------------------------------------------------------------------------------- shared


class _Tokens:
    """The words of a file, one after the other."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._next = 0

    def peek(self) -> str:
        if self._next >= len(self._words):
            raise InputError("ends too early; give players, strategies and payoffs")
        return self._words[self._next]

    def word(self) -> str:
        word = self.peek()
        self._next += 1
        return word

    def expect(self, wanted: str) -> None:
        word = self.word()
        if word != wanted:
            raise InputError(f"has {word} where {wanted} is due")

    def next_is_name(self) -> bool:
        return self._next < len(self._words) and self._words[self._next].startswith('"')

    def name(self) -> str:
        word = self.word()
        if not word.startswith('"'):
            raise InputError(f"has {word} where a quoted name is due")
        return re.sub(r"\\(.)", r"\1", word[1:-1])

    def names(self) -> list[str]:
        self.expect("{")
        found = []
        while self.peek() != "}":
            found.append(self.name())
        self.expect("}")
        return found

    def rest(self) -> Sequence[str]:
        words = self._words[self._next :]
        self._next = len(self._words)
        return words


def _whole(word: str, what: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", word):
        raise InputError(f"{what}: {word!r} is no whole number >= 0")
    return int(word)


def _chunks(numbers: Sequence[Fraction], cells: int, players: int) -> list[list[Fraction]]:
    if len(numbers) != cells * players:
        raise InputError(f"holds {len(numbers)} payoffs; {cells} cells and {players} players need {cells * players}")
    return [list(numbers[k : k + players]) for k in range(0, len(numbers), players)]


def _build(
    rows: Sequence[Sequence[Fraction]],
    shape: tuple[int, ...],
    players: list[str] | None,
    strategies: list[list[str]] | None,
) -> NormalFormGame:
    """Return the game from one row of payoffs a cell, the first player's strategy fastest."""
    count = len(shape)
    cells = np.empty((len(rows), count), dtype=object)
    for k, row in enumerate(rows):
        cells[k] = row
    arrays = [cells[:, i].reshape(shape, order="F") for i in range(count)]
    if players is not None and (len(set(players)) < count or not all(players)):
        players = [f"player {i}" for i in range(count)]
    return NormalFormGame(*arrays, players=players, strategies=strategies)
